"""The registry's clock work: who is reminded that something has to be looked at again, once each.

Time changes no state: what is overdue or has lapsed follows from its dates. A reminder is an entry
for whoever reads the log, and changes no answer.
"""

from datetime import datetime
from typing import Final

from app.registrar import parties, vetoes
from app.registrar.callers import Caller
from app.registrar.office import founder
from app.rules import vetoes as rules
from app.rules.days import day_of
from app.rules.facts import Veto
from app.rules.veto_terms import lapses, review_by_at
from app.store import engine, heads, log, rows, uses
from app.store.heads import Heads
from app.store.tx import Problem, Recorded, Refused, Rendered, Store, Tx

_OPEN: Final = ("proposed", "in_force", "appealed")


def run(store: Store, *, now: datetime | None = None) -> int:
    """Remind of all that is due; the number of reminders. ``now`` is for tests."""
    actor = founder()
    done = engine.act(
        store,
        lambda tx: remind(tx, actor),
        actor=actor,
        render=_rendered,
        now=now,
    )
    return int(done.body)


def remind(tx: Tx, caller: Caller) -> Recorded | Refused:
    """Remind of all that is due: reviews of vetoes, and who came of age; each by its own entry."""
    # No answer reads a reminder, so no head is needed for one.
    heads.take(tx, lambda _: Heads())
    said = _of_age(tx, caller)
    for row in rows.where(tx.session, "veto", state=_OPEN):
        veto = vetoes.value_of(row)
        days, review_by = rules.reminder_of(veto, tx.now), review_by_at(veto, tx.now)
        what = f"review:{review_by}:{days}"
        if days is None or rows.where(tx.session, "reminder", about_id=veto.id, what=what):
            continue
        log.begin(tx)
        rows.insert(tx, "reminder", about_id=veto.id, what=what, at=tx.now)
        log.append(tx, _type(veto, tx.now), caller.role, subjects=_told(tx, row, veto))
        said += 1
    return Recorded({"reminded": said}, status=200)


def _of_age(tx: Tx, caller: Caller) -> int:
    """Tell whoever came of age, and their studios, that what a guardian signed waits for them."""
    waiting: dict[str, set[str]] = {}
    for row in rows.where(tx.session, "grant", state="active", own_yes_at=None):
        if row["signature"] is not None and row["signature"]["by"] == "guardian":
            waiting.setdefault(row["performer_id"], set()).add(row["grantee_id"])
    said = 0
    for id_, studios in sorted(waiting.items()):
        person = parties.performer(tx.session, id_)
        adult, what = person.adult_from, f"of_age:{person.adult_from}"
        if adult is None or adult > day_of(tx.now) or person.died_on is not None:
            continue
        if rows.where(tx.session, "reminder", about_id=id_, what=what):
            continue
        told = {id_} | studios | parties.told(tx, id_) | parties.unions_of(tx, id_)
        log.begin(tx)
        rows.insert(tx, "reminder", about_id=id_, what=what, at=tx.now)
        log.append(tx, "performer.came_of_age", caller.role, subjects=told)
        said += 1
    return said


def _rendered(answer: Recorded | Refused | Problem) -> Rendered:
    if not isinstance(answer, Recorded):
        raise TypeError("nothing stands in the way of a reminder")
    return Rendered(200, str(answer.value["reminded"]).encode())


def _type(veto: Veto, at: datetime) -> str:
    is_over = lapses(veto.kind, review_by_at(veto, at), at)
    return "veto.lapsed" if is_over else "veto.review_due"


def _told(tx: Tx, row: vetoes.Row, veto: Veto) -> set[str]:
    """Who is told; of a lapse everybody too whom it stops no longer."""
    listed = uses.affected_by(tx.session, veto.id) if _type(veto, tx.now) == "veto.lapsed" else ()
    return vetoes.subjects_of(row, listed)
