"""A death takes two persons, and the person can say that they live as long as the time runs."""

from datetime import timedelta
from typing import Any

import pytest

from app.rules.deaths import (
    ALIVE_DAYS,
    OFFICE,
    Report,
    Witness,
    alive_refusal,
    alive_until,
    confirmation_refusal,
)
from tests.support.made import NOON, TICK, TODAY


def a_report(**changes: Any) -> Report:
    values: dict[str, Any] = {
        "died_on": TODAY,
        "reported_by": "usr-1",
        "reported_for": "guild",
    }
    return Report(**values | changes)


@pytest.mark.parametrize(
    ("report", "second", "code"),
    [
        pytest.param({}, Witness("usr-2", OFFICE), None, id="the office after a union"),
        pytest.param(
            {"reported_for": "agency"},
            Witness("usr-2", "union_officer", "guild"),
            None,
            id="a union",
        ),
        pytest.param({}, Witness("usr-1", "union_officer", "guild"), "same_person", id="again"),
        pytest.param(
            {}, Witness("usr-2", "union_officer", "guild"), "same_house", id="of the same union"
        ),
        pytest.param(
            {"reported_for": "bureau"},
            Witness("usr-2", OFFICE, "bureau"),
            None,
            id="two of the office",
        ),
        pytest.param(
            {"reported_for": None}, Witness("usr-2", OFFICE), None, id="two of the office alone"
        ),
        pytest.param(
            {"confirmed_at": NOON}, Witness("usr-2", OFFICE), "confirmed", id="said twice already"
        ),
        pytest.param(
            {"undone_at": NOON}, Witness("usr-2", OFFICE), "undone", id="of somebody who lives"
        ),
    ],
)
def test_the_second_word_is_another_persons(
    report: dict[str, Any], second: Witness, code: str | None
) -> None:
    found = confirmation_refusal(a_report(**report), second)
    assert (found.code if found else None) == code


def test_only_a_death_can_be_contradicted() -> None:
    assert alive_until(TODAY, NOON) == NOON + timedelta(days=ALIVE_DAYS)
    assert alive_until(None, NOON) is None


@pytest.mark.parametrize(
    ("report", "code"),
    [
        pytest.param(None, "nothing_said", id="nobody said anything"),
        pytest.param(a_report(), None, id="one person said it"),
        pytest.param(a_report(alive_until=NOON + TICK), None, id="the last moment"),
        pytest.param(a_report(alive_until=NOON), "too_late", id="when it is over"),
    ],
)
def test_the_person_says_that_they_live(report: Report | None, code: str | None) -> None:
    found = alive_refusal(report, NOON)
    assert (found.code if found else None) == code
