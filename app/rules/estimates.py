"""The days that a replica saves: how a count comes to stand, and what it counts for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Final

from app.rules.facts import Estimate

PROPOSED: Final = "proposed"
AGREED: Final = "agreed"
DISPUTED: Final = "disputed"
RESOLVED: Final = "resolved"
_SETTLED: Final = frozenset({AGREED, RESOLVED})

# Act and state before, to the state after. A new count is a new estimate, not another state.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("agree", PROPOSED): AGREED,
    ("agree", DISPUTED): AGREED,
    ("dispute", PROPOSED): DISPUTED,
    ("resolve", DISPUTED): RESOLVED,
}


def move(act: str, state: str) -> str | None:
    """The state after the act, or ``None`` if it cannot be done in this state."""
    return TRANSITIONS.get((act, state))


def standing(found: Iterable[Estimate], as_of: datetime) -> Estimate | None:
    """The count that stands at ``as_of``, of all that had been stated of one thing by then.

    The latest one does. A lower one takes nothing back from what both sides or a resolution came
    to, nor does it end a dispute: of a disputed count, what was stated stays owed and what is
    claimed stays claimed until the new count reaches it or the performer's side agrees.
    """
    then = (_at(one, as_of) for one in sorted(found, key=lambda one: one.id))
    return reduce(_after, then, None)


def _at(one: Estimate, as_of: datetime) -> Estimate:
    """An estimate as it stood at ``as_of``, when it had been stated."""
    if one.settled_at is not None and as_of < one.settled_at:
        state = PROPOSED if one.disputed_at is None else DISPUTED
        one = replace(one, state=state, days=one.days_before or one.days)
    if one.state == DISPUTED and one.disputed_at is not None and as_of < one.disputed_at:
        return replace(one, state=PROPOSED)
    return one


def _after(before: Estimate | None, one: Estimate) -> Estimate:
    if before is None or one.state in _SETTLED or before.state == PROPOSED:
        return one
    if before.state in _SETTLED:
        return one if one.days >= before.days else before
    if before.claimed_days is not None and one.days >= before.claimed_days:
        return one
    claimed = one.claimed_days if one.state == DISPUTED else before.claimed_days
    return replace(one, state=DISPUTED, days=max(one.days, before.days), claimed_days=claimed)
