"""Which count of days stands, of several that were stated, at every instant."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.rules.estimates import standing
from app.rules.facts import Estimate

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG_AFTER = FIRST + 1000 * HOUR


def count(number: int, days: str, **said: Any) -> Estimate:
    """The estimate that was stated ``number`` hours after the first."""
    return Estimate(f"est_{number}", Decimal(days), stated_at=FIRST + number * HOUR, **said)


def argued(number: int, days: str, claimed: str | None) -> Estimate:
    claim = None if claimed is None else Decimal(claimed)
    later = FIRST + number * HOUR + HOUR / 2
    return count(number, days, state="disputed", claimed_days=claim, disputed_at=later)


@pytest.mark.parametrize(
    ("stated", "stands", "state", "undisputed"),
    [
        ([count(0, "3"), count(1, "2")], "2", "proposed", "2"),
        ([count(0, "3", state="agreed"), count(1, "2")], "3", "agreed", "3"),
        ([count(0, "3", state="agreed"), argued(1, "2", "4")], "3", "agreed", "3"),
        ([count(0, "3", state="agreed"), count(1, "4")], "4", "proposed", "4"),
        ([count(0, "3", state="resolved"), count(1, "2", state="agreed")], "2", "agreed", "2"),
        ([argued(0, "3", "5")], "3", "disputed", "3"),
        ([argued(0, "3", "1")], "3", "disputed", "1"),
        ([argued(0, "3", None)], "3", "disputed", "3"),
        ([argued(0, "3", "5"), count(1, "2")], "3", "disputed", "3"),
        ([argued(0, "3", "5"), count(1, "4")], "4", "disputed", "4"),
        ([argued(0, "3", "5"), argued(1, "4", "4.5")], "4", "disputed", "4"),
        ([argued(0, "3", "5"), count(1, "5")], "5", "proposed", "5"),
        ([argued(0, "3", None), count(1, "9")], "9", "disputed", "9"),
        ([argued(0, "3", "5"), count(1, "4", state="agreed")], "4", "agreed", "4"),
    ],
)
def test_a_count_takes_back_nothing_that_was_settled_or_is_argued(
    stated: list[Estimate], stands: str, state: str, undisputed: str
) -> None:
    for order in (stated, stated[::-1]):
        found = standing(order, LONG_AFTER)
        assert found is not None
        assert (found.days, found.state) == (Decimal(stands), state)
        assert found.undisputed == Decimal(undisputed)


def test_nothing_stands_where_nothing_was_stated() -> None:
    assert standing([], LONG_AFTER) is None


@pytest.mark.parametrize(
    ("hours", "days", "state"),
    [
        ("0.5", "3", "proposed"),
        ("1", "3", "disputed"),
        ("1.99", "3", "disputed"),
        ("2", "4", "resolved"),
    ],
)
def test_each_instant_meets_the_count_as_it_stood_then(hours: str, days: str, state: str) -> None:
    made = count(
        0,
        "4",
        state="resolved",
        disputed_at=FIRST + HOUR,
        settled_at=FIRST + 2 * HOUR,
        days_before=Decimal(3),
    )
    found = standing([made], FIRST + float(hours) * HOUR)
    assert found is not None
    assert (found.days, found.state) == (Decimal(days), state)
    agreed = count(0, "3", state="agreed", settled_at=FIRST + 2 * HOUR)
    before = standing([agreed], FIRST + HOUR)
    assert before is not None
    assert before.state == "proposed"
