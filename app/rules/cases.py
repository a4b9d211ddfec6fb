"""A union's queue: what enters it, which cases are equal, and what one says. Pure.

Nothing here changes the answer to a check. A union that says nothing has not said that it has no
objection; a union that objects issues a veto.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from app.rules.decide.case import Case
from app.rules.facts import Pay, Scope
from app.rules.reasons import plain
from app.rules.terms import Money

# Of a case: nobody answered yet, nobody did in time, what the union answered, or it ended first.
STATES: Final = (
    "waiting",
    "nobody_looked",
    "no_objection",
    "asked",
    "vetoed",
    "approved",
    "refused",
    "over",
)

# Roles to the figure of a pack that is the least a day pays.
_MINIMUM: Final = MappingProxyType({"principal": "day_performer", "background": "background"})


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a flag rule looks for: all that is given must hold. Empty or false asks nothing."""

    about: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    pay: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    contact_by_studio: bool = False
    facts_unconfirmed: bool = False
    wide_scope: bool = False
    facets_missing: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What flag rules read of one thing. ``tags`` of ``None``: nobody said what is shown."""

    about: str
    stage: str
    uses: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    classes: tuple[str, ...] = ()
    pay: str = "unknown"
    identity: str = "stated"
    contact_by_studio: bool = False
    facts_unconfirmed: bool = False
    wide_scope: bool = False
    facets_missing: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a case, as dated facts: its clock, what it was about ended, the answer."""

    due_at: datetime | None = None
    closed_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None


def meets(wanted: Conditions, seen: Seen) -> bool:
    """Whether everything that a rule looks for is there. What nobody said may be anything."""
    any_of = (
        (wanted.about, (seen.about,)),
        (wanted.stages, (seen.stage,)),
        (wanted.uses, seen.uses),
        (wanted.tags, wanted.tags if seen.tags is None else seen.tags),
        (wanted.classes, seen.classes),
        (wanted.pay, (seen.pay,)),
        (wanted.identity, (seen.identity,)),
    )
    must = (
        (wanted.contact_by_studio, seen.contact_by_studio),
        (wanted.facts_unconfirmed, seen.facts_unconfirmed),
        (wanted.wide_scope, seen.wide_scope),
        (wanted.facets_missing, seen.facets_missing),
    )
    return all(not names or {*names} & {*found} for names, found in any_of) and all(
        there or not asked for asked, there in must
    )


def asks_nothing(wanted: Conditions) -> bool:
    """Whether a rule names no condition at all."""
    return wanted == Conditions()


def is_wide(scope: Scope) -> bool:
    """Whether a scope reaches beyond the works that it names."""
    return scope.mode.startswith("franchise") or scope.membership != "frozen_at_grant"


def pay_level(case: Case, pay: Pay | None) -> str:
    """Whether what is offered reaches the contract's minimum: ``above``, ``below``, ``unknown``.

    A union sees this and no amount. What goes by the engagement's rate is never paid below the
    minimum, for the higher of the two counts.
    """
    rate = case.rate(_MINIMUM[case.role])
    if pay is None or rate is None:
        return "unknown"
    if pay.kind == "none":
        return "below"
    if pay.amount is None:
        return "above" if pay.kind == "days_x_rate" and case.engagement is not None else "unknown"
    return _compared(pay.amount, rate.money)


def _compared(offered: Money, least: Money) -> str:
    if offered.currency != least.currency:
        return "unknown"
    return "above" if offered.minor >= least.minor else "below"


def group_key(
    studio_id: str, about: str, terms: Mapping[str, Any], pay: str, rules: Iterable[str]
) -> str:
    """Equal for cases that ask for the same, on the same terms, and are there for one reason."""
    same = [studio_id, about, dict(terms), pay, sorted(rules)]
    raw = json.dumps(same, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"consent-registry/case-group/1\0" + raw.encode()).hexdigest()


def state_of(standing: Standing, at: datetime) -> str:
    """What a case is at an instant; no state of it is ever written by time alone."""
    answered, due, closed = standing.answered_at, standing.due_at, standing.closed_at
    if standing.answer is not None and answered is not None and answered <= at:
        return standing.answer
    if closed is not None and closed <= at and (due is None or closed < due):
        return "over"
    return "nobody_looked" if due is not None and due <= at else "waiting"


def sentence(standing: Standing, number: str | None, at: datetime) -> str:
    """What a case says. That nobody looked never reads like an answer."""
    state = state_of(standing, at)
    answered = plain(standing.answered_at)
    match state:
        case "no_objection":
            return f"The union looked on {answered} and has no objection."
        case "asked":
            return f"The union asked the studio on {answered}; it has not said yes or no."
        case "vetoed":
            return f"The union looked on {answered} and vetoed it ({number})."
        case "approved" | "refused":
            return f"The union {state} it on {answered}."
        case "nobody_looked":
            due = plain(standing.due_at)
            return f"Nobody looked before {due}. That is not the same as no objection."
        case "over":
            return "It ended before anybody looked. That is not the same as no objection."
        case _:
            return "Nobody has looked yet. That is not the same as no objection."


def at_zero(stage: str, due_at: datetime | None) -> str:
    """What happens when the clock of a case ends, in words."""
    if stage == "proposed" and due_at is not None:
        return (
            f"On {plain(due_at)} the performer's time to answer ends: their silence is a no."
            " If the union says nothing until then, they can sign all the same, and the record says"
            " that nobody looked."
        )
    if stage == "submitted":
        first = (
            f"On {plain(due_at)} the union's time to answer ends." if due_at else "No clock runs."
        )
        return (
            f"{first} Nothing is approved by silence: the producer stays liable for what becomes of"
            " the replica, and the record says that nobody looked."
        )
    held = {
        "signed": "It is signed and in force",
        "registered": "The use is on record",
    }.get(stage, "It is on record")
    return f"No clock runs. {held}, and it stays so unless the union vetoes it."


def flagged(rules: Sequence[tuple[str, Conditions]], seen: Seen) -> tuple[str, ...]:
    """The ids of the rules that a thing meets."""
    return tuple(id_ for id_, wanted in rules if meets(wanted, seen))
