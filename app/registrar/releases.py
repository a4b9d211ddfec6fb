"""The act that says afterwards: a use was let go while the registry did not answer.

It gives nothing and changes no state. Who released it, why, what they knew and what would have been
answered stay on record, and the performer and their unions see it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.registrar import objects, sweep, uses
from app.registrar.callers import Caller
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.decide import Decision, decide
from app.rules.facts import Check
from app.store import facts, ids, log, rows
from app.store.tx import Recorded, Refused, Tx

_OPEN: Final = frozenset({"cleared", "locked", "released"})
_FINISHED: Final = frozenset({"locked", "released"})


@dataclass(frozen=True, slots=True)
class NewRelease:
    """``by`` let it go at ``released_at``; ``known``: the last entry that they had an answer of."""

    by: str
    because: str
    released_at: datetime
    known: int | None = None


def record(tx: Tx, caller: Caller, use_id: str, new: NewRelease) -> Recorded | Refused:
    """Put on record that a named person released a use without an answer.

    What they knew then must not have been a no: that is refused, and the refusal is on record.
    """
    row = uses.taken(tx, caller, use_id)
    if row["state"] not in _OPEN:
        raise problem(
            "invalid-transition",
            f"A use that is {row['state']} was never cleared, so it could not be let go. "
            f"{NOTHING_RECORDED}",
        )
    if not row["registered_at"] <= new.released_at <= tx.now:
        raise wrong("/released_at", "not-then", "It was released after it was registered, by now.")
    check = _check(row)
    tip = log.index_at(tx.session, new.released_at)
    known = tip if new.known is None else new.known
    if known > tip:
        raise wrong("/known", "not-yet", f"Nobody could know more than entry {tip} by then.")
    answer = _answer(tx, check, new.released_at, known)
    if not answer.allowed:
        return uses.refused(check, answer)
    then = answer if known == tip else _answer(tx, check, new.released_at, tip)
    log.begin(tx)
    made = rows.insert(
        tx,
        "unanswered_release",
        id=ids.mint("late"),
        use_id=row["id"],
        released_at=new.released_at,
        known_idx=known,
        outcome=then.outcome,
        recorded_at=tx.now,
        by=new.by,
        because=new.because,
    )
    log.append(tx, "use.released_unanswered", caller.role, subjects=uses.subjects_of(tx, row))
    return Recorded(value={**objects.document(made, *uses.RELEASE), "use": row["id"]})


def _check(row: objects.Row) -> Check:
    check = sweep.check_of(row)
    # What is finished is shown; what is not is made.
    if row["state"] in _FINISHED:
        return replace(check, use="exhibit", gate="delivery")
    return check


def _answer(tx: Tx, check: Check, at: datetime, known: int) -> Decision:
    loaded, _ = facts.load(tx.session, check, as_of=at, known=known)
    return decide(check, loaded, sweep.packs_of(tx.store), as_of=at)
