"""A union's queue: what a flag rule looks for, which cases are equal, and what one says."""

from datetime import datetime
from typing import Any

import pytest

from app.rules.cases import (
    STATES,
    Conditions,
    Seen,
    Standing,
    asks_nothing,
    at_zero,
    flagged,
    group_key,
    is_wide,
    meets,
    pay_level,
    sentence,
    state_of,
)
from app.rules.decide.case import open_case
from app.rules.facts import Facts, Pay, Rate, Scope
from app.rules.packs import Pack, PackSet, RateRow
from app.rules.terms import Money
from tests.support.made import (
    DAY,
    NOON,
    TICK,
    TVT,
    a_check,
    a_performer,
    a_studio,
    a_work,
    an_engagement,
)

SEEN = Seen(
    about="grant",
    stage="proposed",
    uses=("crowd", "stunt"),
    tags=("stunts",),
    classes=("EBDR_SAME",),
    pay="below",
    identity="stated",
    contact_by_studio=True,
    facts_unconfirmed=True,
    wide_scope=True,
    facets_missing=True,
)


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        pytest.param({"about": ("grant", "use")}, True, id="one of the kinds"),
        pytest.param({"about": ("use",)}, False, id="another kind"),
        pytest.param({"stages": ("proposed",)}, True, id="the stage"),
        pytest.param({"stages": ("signed",)}, False, id="another stage"),
        pytest.param({"uses": ("stunt", "dub")}, True, id="one of the uses"),
        pytest.param({"uses": ("dub",)}, False, id="another use"),
        pytest.param({"tags": ("stunts",)}, True, id="the tag"),
        pytest.param({"tags": ("nudity",)}, False, id="another tag"),
        pytest.param({"classes": ("EBDR_SAME",)}, True, id="the class"),
        pytest.param({"classes": ("ICDR",)}, False, id="another class"),
        pytest.param({"pay": ("below", "unknown")}, True, id="the level of pay"),
        pytest.param({"pay": ("above",)}, False, id="another level"),
        pytest.param({"identity": ("stated",)}, True, id="the identity"),
        pytest.param({"identity": ("vouched",)}, False, id="another identity"),
        pytest.param({"contact_by_studio": True, "wide_scope": True}, True, id="two that hold"),
        pytest.param({"facts_unconfirmed": True, "facets_missing": True}, True, id="two more"),
        pytest.param({"uses": ("stunt",), "pay": ("above",)}, False, id="one that does not"),
    ],
)
def test_all_that_a_rule_looks_for_has_to_be_there(conditions: dict[str, Any], met: bool) -> None:
    assert meets(Conditions(**conditions), SEEN) is met


@pytest.mark.parametrize(
    "condition", ["contact_by_studio", "facts_unconfirmed", "wide_scope", "facets_missing"]
)
def test_what_is_looked_for_and_is_not_so_does_not_enter(condition: str) -> None:
    plain = Seen(about="grant", stage="proposed")
    wanted: dict[str, Any] = {condition: True}
    assert not meets(Conditions(**wanted), plain)
    assert meets(Conditions(), plain)


def test_what_nobody_said_may_be_anything() -> None:
    silent = Seen(about="grant", stage="proposed", tags=None)
    assert meets(Conditions(tags=("nudity",)), silent)
    assert not meets(Conditions(tags=("nudity",)), Seen(about="grant", stage="proposed", tags=()))


def test_a_rule_names_something() -> None:
    assert asks_nothing(Conditions())
    assert not asks_nothing(Conditions(wide_scope=True))


def test_the_rules_that_a_thing_meets_are_named() -> None:
    rules = [("a", Conditions(pay=("below",))), ("b", Conditions(pay=("above",)))]
    assert flagged(rules, SEEN) == ("a",)


@pytest.mark.parametrize(
    ("scope", "wide"),
    [
        pytest.param(Scope(), False, id="one work"),
        pytest.param(Scope(mode="enumerated_works"), False, id="named works"),
        pytest.param(Scope(mode="franchise_umbrella"), True, id="a franchise"),
        pytest.param(Scope(membership="dynamic"), True, id="works to come"),
    ],
)
def test_a_scope_is_wide_that_reaches_beyond_the_works_it_names(scope: Scope, wide: bool) -> None:
    assert is_wide(scope) is wide


TERMS = {"scope": {"uses": ["crowd"]}, "description": {"text": "a square"}}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("studio-p", "grant", TERMS, "above", ("r",)), id="another studio"),
        pytest.param(("studio-o", "use", TERMS, "above", ("r",)), id="another kind"),
        pytest.param(("studio-o", "grant", TERMS | {"x": 1}, "above", ("r",)), id="other terms"),
        pytest.param(("studio-o", "grant", TERMS, "below", ("r",)), id="another level of pay"),
        pytest.param(("studio-o", "grant", TERMS, "above", ("r", "s")), id="another reason"),
    ],
)
def test_cases_are_equal_in_studio_terms_pay_and_reason(other: tuple[Any, ...]) -> None:
    key = group_key("studio-o", "grant", TERMS, "above", ("r",))
    assert key == group_key("studio-o", "grant", dict(reversed(TERMS.items())), "above", ("r",))
    assert key != group_key(*other)


LATER = NOON + 14 * DAY


@pytest.mark.parametrize(
    ("standing", "at", "state"),
    [
        pytest.param(Standing(), NOON, "waiting", id="nobody yet, and no clock"),
        pytest.param(Standing(due_at=LATER), LATER - TICK, "waiting", id="before its clock ends"),
        pytest.param(Standing(due_at=LATER), LATER, "nobody_looked", id="as its clock ends"),
        pytest.param(
            Standing(due_at=LATER, closed_at=NOON), NOON, "over", id="it ended before anybody"
        ),
        pytest.param(
            Standing(due_at=LATER, closed_at=NOON), NOON - TICK, "waiting", id="not ended then"
        ),
        pytest.param(
            Standing(due_at=LATER, closed_at=LATER), LATER, "nobody_looked", id="too late anyway"
        ),
        pytest.param(Standing(closed_at=NOON), NOON, "over", id="ended, and no clock"),
        pytest.param(
            Standing(due_at=LATER, answer="no_objection", answered_at=LATER + DAY),
            LATER + DAY,
            "no_objection",
            id="a late answer is one",
        ),
        pytest.param(
            Standing(due_at=LATER, answer="no_objection", answered_at=LATER + DAY),
            LATER,
            "nobody_looked",
            id="and was none before",
        ),
    ],
)
def test_time_alone_writes_no_state_of_a_case(standing: Standing, at: datetime, state: str) -> None:
    assert state_of(standing, at) == state


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        pytest.param(
            Standing(answer="no_objection", answered_at=NOON),
            "The union looked on 20 November 2026, 12:00 UTC and has no objection.",
            id="no objection",
        ),
        pytest.param(
            Standing(answer="asked", answered_at=NOON),
            "The union asked the studio on 20 November 2026, 12:00 UTC; it has not said yes or no.",
            id="asked",
        ),
        pytest.param(
            Standing(answer="vetoed", answered_at=NOON),
            "The union looked on 20 November 2026, 12:00 UTC and vetoed it (V-31).",
            id="vetoed",
        ),
        pytest.param(
            Standing(answer="approved", answered_at=NOON),
            "The union approved it on 20 November 2026, 12:00 UTC.",
            id="approved",
        ),
        pytest.param(
            Standing(answer="refused", answered_at=NOON),
            "The union refused it on 20 November 2026, 12:00 UTC.",
            id="refused",
        ),
        pytest.param(
            Standing(due_at=NOON),
            "Nobody looked before 20 November 2026, 12:00 UTC. That is not the same as no"
            " objection.",
            id="nobody looked",
        ),
        pytest.param(
            Standing(closed_at=NOON),
            "It ended before anybody looked. That is not the same as no objection.",
            id="over",
        ),
        pytest.param(
            Standing(),
            "Nobody has looked yet. That is not the same as no objection.",
            id="waiting",
        ),
    ],
)
def test_a_case_says_what_became_of_it(standing: Standing, said: str) -> None:
    assert sentence(standing, "V-31", LATER) == said
    assert state_of(standing, LATER) in STATES


@pytest.mark.parametrize(
    ("stage", "due_at", "words"),
    [
        pytest.param("proposed", NOON, "their silence is a no", id="a request"),
        pytest.param("proposed", None, "No clock runs. It is on record", id="without a clock"),
        pytest.param("signed", None, "No clock runs. It is signed and in force", id="signed"),
        pytest.param("registered", None, "No clock runs. The use is on record", id="a use"),
        pytest.param("submitted", NOON, "Nothing is approved by silence", id="a transfer"),
        pytest.param(
            "submitted", None, "No clock runs. Nothing is approved", id="no time to answer"
        ),
    ],
)
def test_a_clock_says_what_happens_at_zero(stage: str, due_at: datetime | None, words: str) -> None:
    said = at_zero(stage, due_at)
    assert words in said
    assert "None" not in said


def _packs(minor: int | None) -> PackSet:
    rate = RateRow("day_performer/x", "day_performer", amount=Money(minor or 0, "USD"))
    rates = (rate,) if minor is not None else ()
    return PackSet((Pack(TVT, "1", rates=rates),))


def dollars(minor: int, currency: str = "USD") -> Money:
    return Money(minor, currency)


@pytest.mark.parametrize(
    ("pay", "least", "engaged", "level"),
    [
        pytest.param(Pay("per_day", dollars(999)), 1000, True, "below", id="below"),
        pytest.param(Pay("per_day", dollars(1000)), 1000, True, "above", id="at the floor"),
        pytest.param(Pay("bargained_flat", dollars(1001)), 1000, True, "above", id="above"),
        pytest.param(Pay("per_day", dollars(999)), None, True, "unknown", id="no floor is known"),
        pytest.param(None, 1000, True, "unknown", id="no pay was said"),
        pytest.param(Pay("none"), 1000, True, "below", id="nothing is paid"),
        pytest.param(Pay("per_use", dollars(1, "GBP")), 1000, True, "unknown", id="another money"),
        pytest.param(Pay("days_x_rate"), 1000, True, "above", id="at the rate of the engagement"),
        pytest.param(Pay("days_x_rate"), 1000, False, "unknown", id="at a rate that is not there"),
        pytest.param(Pay("per_use"), 1000, True, "unknown", id="no amount"),
    ],
)
def test_pay_is_told_against_the_floor_and_never_as_an_amount(
    pay: Pay | None, least: int | None, engaged: bool, level: str
) -> None:
    hired = (an_engagement(rate=Rate(amount=dollars(5000))),) if engaged else ()
    facts = Facts(
        organizations=(a_studio(),),
        performers=(a_performer(),),
        works=(a_work(agreement=TVT),),
        engagements=hired,
    )
    case = open_case(a_check(), facts, _packs(least), NOON)
    assert case is not None
    assert pay_level(case, pay) == level
