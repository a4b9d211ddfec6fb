"""Facts have an author: what one side stated, another may confirm or dispute."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.registrar import objects
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem
from app.store import rows, sight
from app.store.tx import Tx

_OFFICE: Final = "registry_admin"
_AUTHORS: Final = ("stated_by", "confirmed_by", "confirmed_at", "disputed_by", "disputed_at")
# What a fact of each kind says, as far as a list needs it.
_ABOUT: Final[Mapping[str, tuple[str, ...]]] = {
    "membership": ("performer_id", "union_id", "unit", "starts_on", "ends_on"),
    "signatory": ("organization_id", "union_id", "agreement", "starts_on", "ends_on"),
    "work": ("title", "owner_id", "agreement", "photography_start", "content_tags"),
    "edge": ("parent", "child", "relation", "valid_from", "valid_to"),
    "engagement": ("performer_id", "work_id", "producer_id", "role_class", "agreement"),
}
KINDS: Final = tuple(_ABOUT)


def confirmation(tx: Tx, row: Row, caller: Caller) -> dict[str, object]:
    """The columns of a confirmed fact. A dispute is settled by who raised it, or by the office.

    Raises:
        Problem: 409, the caller stated it, it is confirmed, or somebody else disputes it.
    """
    by = objects.owner(caller)
    if row["stated_by"] == by:
        raise problem("conflict", f"Who stated it does not confirm it. {NOTHING_RECORDED}")
    disputing = rows.disputed_by(row)
    if row["confirmed_by"] is not None and disputing is None:
        raise problem("invalid-transition", f"It is confirmed already. {NOTHING_RECORDED}")
    if disputing not in {None, by} and caller.role != _OFFICE:
        raise problem("conflict", f"Somebody else disputes it. {NOTHING_RECORDED}")
    return confirmed(tx, row, by)


def confirmed(tx: Tx, row: Row, by: str) -> dict[str, object]:
    """The columns of a confirmation, which settles a dispute from now on and not for the past."""
    settled = {} if rows.disputed_by(row) is None else {"settled_at": tx.now}
    return {"confirmed_by": by, "confirmed_at": tx.now, **settled}


def dispute(tx: Tx, row: Row, caller: Caller) -> dict[str, object]:
    """The columns of a disputed fact: answers that rest on it wait until it is settled.

    Raises:
        Problem: 409, the caller stated it, or it is disputed already.
    """
    by = objects.owner(caller)
    if row["stated_by"] == by:
        raise problem("conflict", f"Correct what you stated yourself. {NOTHING_RECORDED}")
    if rows.disputed_by(row) is not None:
        raise problem("invalid-transition", f"It is disputed already. {NOTHING_RECORDED}")
    return disputed(tx, row, by)


def disputed(tx: Tx, row: Row, by: str) -> dict[str, object]:
    """The columns of a dispute; one that was settled before keeps its time."""
    columns: dict[str, object] = {"disputed_by": by, "disputed_at": tx.now, "settled_at": None}
    if row["settled_at"] is None:
        return columns
    return columns | {"disputes_before": [*(row["disputes_before"] or ()), _dispute(row)]}


def disputes(row: Row) -> list[dict[str, Any]]:
    """Every dispute that there was of a fact, first to last, settled or not."""
    last = [] if row["disputed_by"] is None else [_dispute(row)]
    return [*(row["disputes_before"] or ()), *last]


def _dispute(row: Row) -> dict[str, Any]:
    times = {"at": row["disputed_at"], "settled_at": row["settled_at"]}
    return {"by": row["disputed_by"], **{name: rows.plain(at) for name, at in times.items()}}


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact that somebody stated: in which table it stands, what it says, about whom."""

    table: str
    row: Row

    def wire(self) -> dict[str, Any]:
        """The form in JSON."""
        members = (*_ABOUT[self.table], *_AUTHORS)
        return {"kind": self.table, **objects.document(self.row, *members)}


def listed(looking: Eyes, state: str, before: str | None, limit: int) -> list[Stated]:
    """Facts in the caller's sight that nobody confirmed, or that are disputed; newest first.

    ``before`` is the id of the last one that was seen, of whichever kind.
    """
    age = None if before is None else before.rpartition("_")[2]
    found = [
        Stated(table, row)
        for table in KINDS
        for row in sight.stated(looking.session, table, looking.sight, state, age, limit)
    ]
    found.sort(key=lambda one: str(one.row["id"]).rpartition("_")[2], reverse=True)
    return found[:limit]


def may(caller: Caller, row: Row, act: str) -> bool:
    """Whether the caller could confirm or dispute it; whose role allows it is said elsewhere."""
    by = objects.owner(caller)
    if row["stated_by"] == by:
        return False
    if act == "dispute":
        return rows.disputed_by(row) is None
    if rows.disputed_by(row) is None:
        return row["confirmed_by"] is None
    return row["disputed_by"] == by or caller.role == _OFFICE
