"""The figures of an agreement on a day, and the path by which they go on from there."""

from collections.abc import Iterator
from datetime import date

from app.rules.facts import Verification
from app.rules.packs import BASES, PENDING, Pack, Rated, rate_on


def path(
    packs: tuple[Pack, ...], on: date, verifications: tuple[Verification, ...] = ()
) -> Iterator[Rated]:
    """Of each category the figure on a day, whatever day it goes by, and all that follow it.

    ``packs`` are the versions of one family. What a raise comes to is computed and says so.
    """
    kinds = {
        (row.category, row.up_to_minutes): None
        for pack in packs
        if pack.status != PENDING
        for row in pack.rates
    }
    for category, minutes in kinds:
        starts = {
            row.starts_on
            for pack in packs
            for row in pack.rates
            if (row.category, row.up_to_minutes) == (category, minutes) and row.starts_on > on
        }
        for day in (on, *sorted(starts)):
            found = rate_on(packs, category, dict.fromkeys(BASES, day), verifications, minutes)
            if found is not None:
                yield found
