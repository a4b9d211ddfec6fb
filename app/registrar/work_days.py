"""Acts on work days: how many background performers a day needed and how many people it had."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.registrar import objects
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = ("work_id", "day", "required_background", "human_background")


@dataclass(frozen=True, slots=True)
class Count:
    """The background of one day on one work: how many it required, how many people there were."""

    work: str
    day: date
    required_background: int
    human_background: int


def count(tx: Tx, caller: Caller, counted: Count) -> Recorded | Refused:
    """Count the background of a day; a later count of the same day takes the place of this one."""
    work_id = objects.find(objects.eyes_of(tx, caller), "work", counted.work, "/work")["id"]
    head = heads.work_day_id(work_id, counted.day.isoformat())
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("work_day", head)})))
    before = rows.where(tx.session, "work_day", work_id=work_id, day=counted.day)
    counts = {
        "required_background": counted.required_background,
        "human_background": counted.human_background,
    }
    log.begin(tx)
    if before:
        row = rows.amend(tx, "work_day", before[0]["id"], **counts)
    else:
        row = rows.insert(
            tx, "work_day", id=ids.mint("day"), work_id=work_id, day=counted.day, **counts
        )
    heads.bump(tx, "work_day", head)
    log.append(tx, "work_day.counted", caller.role, subjects={work_id, objects.owner(caller)})
    return Recorded(
        value=view(row), location=f"/v1/work-days/{row['id']}", etag=objects.etag_of(row)
    )


def view(row: Row) -> dict[str, Any]:
    """A day's count as it stands on the wire."""
    return objects.document(row, *MEMBERS)
