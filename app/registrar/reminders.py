"""The registry's clock work: who is reminded that something has to be looked at again, once each.

Time changes no state: what is overdue or has lapsed follows from its dates. A reminder is an entry
for whoever reads the log, and changes no answer.
"""

from datetime import datetime
from functools import partial
from typing import Final

from app.registrar import vetoes
from app.registrar.office import founder
from app.rules import vetoes as rules
from app.rules.veto_terms import lapses, review_by_at
from app.store import engine, heads, log, rows, uses
from app.store.heads import Heads
from app.store.tx import Problem, Recorded, Refused, Rendered, Store, Tx

_OPEN: Final = ("proposed", "in_force", "appealed")


def run(store: Store, *, now: datetime | None = None) -> int:
    """Remind of all that is due; the number of reminders. ``now`` is for tests and the demo."""
    with engine.reading(store) as session:
        at = now or heads.wall_clock(session, store)
        found = [
            row["id"]
            for row in rows.where(session, "veto", state=_OPEN)
            if rules.reminder_of(vetoes.value_of(row), at) is not None
        ]
    done = [
        engine.act(store, partial(_about, veto_id), actor=founder(), render=_told, now=now)
        for veto_id in found
    ]
    return sum(len(one.body) for one in done)


def _about(veto_id: str, tx: Tx) -> Recorded:
    return remind(tx, veto_id)


def _told(answer: Recorded | Refused | Problem) -> Rendered:
    said = isinstance(answer, Recorded) and answer.value["reminded"]
    return Rendered(200, b"1" if said else b"")


def remind(tx: Tx, veto_id: str) -> Recorded:
    """Remind of one veto's review, if that is due and was not done."""
    # No answer reads a reminder, so no head is needed for one.
    heads.take(tx, lambda _: Heads())
    row = rows.current(tx.session, "veto", veto_id)
    assert row is not None  # noqa: S101 - versions are never taken back
    veto = vetoes.value_of(row)
    days, review_by = rules.reminder_of(veto, tx.now), review_by_at(veto, tx.now)
    what = f"review:{review_by}:{days}"
    if days is None or rows.where(tx.session, "reminder", about_id=veto_id, what=what):
        return Recorded({"reminded": 0}, status=200)
    log.begin(tx)
    rows.insert(tx, "reminder", about_id=veto_id, what=what, at=tx.now)
    type_ = "veto.lapsed" if lapses(veto.kind, review_by, tx.now) else "veto.review_due"
    listed = uses.affected_by(tx.session, veto_id) if type_ == "veto.lapsed" else ()
    log.append(tx, type_, founder().role, subjects=vetoes.subjects_of(row, listed))
    return Recorded({"reminded": 1}, status=200)
