"""Figures that are raised: what they come to, from which day on, and that they are computed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.rules.decide.formula import rated
from app.rules.packs import PENDING, Pack, RateRow, rate_on
from app.rules.rates import path
from app.rules.terms import Money
from tests.rules.worlds import packs

TV = packs().of("sag-aftra/tv-theatrical")
FIRST = RateRow("fee/1", "fee", Money(113_495, "USD"), starts_on=date(2025, 11, 1))
RAISE = RateRow(
    "fee/2",
    "fee",
    raised_by=Decimal("3.00"),
    rounded_to=Money(5, "USD"),
    rounded="up",
    starts_on=date(2026, 11, 1),
)
GAME = Pack("game", "1", rates=(FIRST, RAISE))


def test_w11_the_path_of_the_day_minimum_says_what_is_computed() -> None:
    found = [rate for rate in path(TV, date(2026, 11, 22)) if rate.row.category == "day_performer"]
    assert [(r.row.starts_on.year, r.money.minor, r.raised_from is not None) for r in found] == [
        (2026, 128_300, False),
        (2027, 132_100, True),
        (2028, 136_100, True),
        (2029, 140_200, True),
    ]
    assert {(r.row.grade, r.verified) for r in found[1:]} == {("C", False)}
    assert rated("figure", found[2]).sentence == (
        "$1,283.00 raised by 3 %, to the nearest $1.00 = $1,321.00; "
        "$1,321.00 raised by 3 %, to the nearest $1.00 = $1,361.00."
    )


@pytest.mark.parametrize(
    ("rounded", "minor"), [("up", 116_900), ("nearest", 116_900)], ids=["up", "nearest"]
)
def test_a_raise_is_rounded_as_its_row_says(rounded: str, minor: int) -> None:
    pack = replace(GAME, rates=(FIRST, replace(RAISE, rounded=rounded)))
    found = rate_on((pack,), "fee", {"work_date": date(2026, 11, 1)})
    assert found is not None
    assert found.money == Money(minor, "USD")


def test_rounding_up_goes_to_the_next_step() -> None:
    # 4 % on 822.30 are 855.192.
    first = replace(FIRST, amount=Money(82_230, "USD"))
    pack = replace(GAME, rates=(first, replace(RAISE, raised_by=Decimal(4))))
    found = rate_on((pack,), "fee", {"work_date": date(2026, 11, 1)})
    assert found is not None
    assert found.money == Money(85_520, "USD")


def test_a_raise_of_nothing_known_is_not_known() -> None:
    pack = replace(GAME, rates=(RAISE,))
    assert rate_on((pack,), "fee", {"work_date": date(2026, 11, 1)}) is None
    assert list(path((pack,), date(2026, 11, 1))) == []


def test_a_raise_of_a_raise_of_nothing_is_not_known_either() -> None:
    later = replace(RAISE, id="fee/3", starts_on=date(2027, 11, 1))
    pack = replace(GAME, rates=(RAISE, later))
    assert rate_on((pack,), "fee", {"work_date": date(2027, 11, 1)}) is None


def test_a_pack_that_is_pending_has_no_path() -> None:
    assert list(path((replace(GAME, status=PENDING),), date(2026, 11, 1))) == []


@pytest.mark.parametrize(
    ("minutes", "minor"), [(35, 2_500_000), (36, 3_500_000), (65, 3_500_000), (66, None)]
)
def test_a_ceiling_is_that_of_the_shortest_length_that_fits(
    minutes: int, minor: int | None
) -> None:
    days = {"photography_start": date(2026, 10, 5)}
    found = rate_on(TV, "ceiling.episode", days, minutes=minutes)
    assert (found and found.money.minor) == minor
