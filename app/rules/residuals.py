"""Residual units: days in person and days of a replica count alike, and a pool is split by them.

Caps and salary units are left out: nobody here has read how they go. Source: domain rules (f),
worked example W10, from memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.rules.terms import Money


@dataclass(frozen=True, slots=True)
class Worked:
    """Days of one performer in a picture."""

    performer: str
    in_person: Decimal = Decimal(0)
    replica: Decimal = Decimal(0)


def units(days: Decimal, days_in_unit: int) -> Decimal:
    """Time units of so many days."""
    return days / days_in_unit


def split(
    pool: Money, worked: Iterable[Worked], days_in_unit: int, *, replicas: bool = True
) -> Mapping[str, Money]:
    """What each has of a pool, rounded half up; ``replicas``: whether their days count."""
    counted = {
        one.performer: units(one.in_person + (one.replica if replicas else 0), days_in_unit)
        for one in worked
    }
    total = sum(counted.values(), Decimal(0))
    if total == 0:
        return dict.fromkeys(counted, Money(0, pool.currency))
    return {performer: pool.times(share / total) for performer, share in counted.items()}
