"""A pool of residuals, split by days of people and of their replicas."""

from decimal import Decimal

from app.rules.residuals import Worked, split, units
from app.rules.terms import Money

POOL = Money(3_600_000, "USD")
A, B = Worked("a", Decimal(10)), Worked("b", Decimal(5), Decimal(3))


def test_w10_days_of_a_replica_are_days_worked() -> None:
    assert [units(Decimal(days), 5) for days in (10, 8)] == [Decimal(2), Decimal("1.6")]
    counted = {"a": Money(2_000_000, "USD"), "b": Money(1_600_000, "USD")}
    assert split(POOL, [A, B], 5) == counted
    without = {"a": Money(2_400_000, "USD"), "b": Money(1_200_000, "USD")}
    assert split(POOL, [A, B], 5, replicas=False) == without


def test_who_worked_no_day_has_no_part_and_nobody_divides_by_nothing() -> None:
    nobody = Worked("c")
    assert split(POOL, [A, nobody], 5) == {"a": POOL, "c": Money(0, "USD")}
    assert split(POOL, [nobody], 5) == {"c": Money(0, "USD")}
