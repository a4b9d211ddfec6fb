"""Packs as values: what a parameter has to be, the units of a family, what two packs differ in."""

from dataclasses import replace
from datetime import date

import pytest

from app.rules.packs import Pack, PackDifference, PackSet, RateRow, RuleRow, pack_differences

ROW = RuleRow("R-1", ("consent",), params={"multiple": "one and a half"})
RATE = RateRow("day/2026", "day", starts_on=date(2026, 7, 1))
OLD = Pack("guild/radio", "1", units=("performers",), rules=(ROW,), rates=(RATE,))


def test_a_figure_that_is_none_is_told_by_its_row_and_name() -> None:
    with pytest.raises(ValueError, match=r"`params\.multiple` of `R-1` must be a figure"):
        ROW.decimal("multiple")


def test_units_that_several_versions_know_are_named_once() -> None:
    later = replace(OLD, version="2", units=("performers", "dancers"), starts_on=date(2026, 1, 1))
    assert PackSet((OLD, later)).units("guild/radio") == ("performers", "dancers")
    assert PackSet((OLD,)).units("guild/stage") == ()


def test_packs_differ_in_themselves_in_rows_and_in_rows_that_only_one_has() -> None:
    later = replace(RATE, id="day/2027")
    new = replace(OLD, version="2", rules=(replace(ROW, says="More."),), rates=(later,))
    assert pack_differences(OLD, new) == (
        PackDifference("", "version", "1", "2"),
        PackDifference("R-1", "says", "", "More."),
        PackDifference("day/2027", "", None, later),
        PackDifference("day/2026", "", RATE, None),
    )
