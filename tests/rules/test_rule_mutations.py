"""No rule and no figure is for show: without it, or a day off, a vector that names it differs.

A row is changed, and only the vectors that name it in ``row`` are run again: those, and not some
other by luck, must notice.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from app.agreements import load_packs
from app.conformance.files import load
from app.rules.facts import Document
from app.rules.packs import Pack, PackSet, RateRow, RuleRow
from app.rules.vectors import answered, run_vector

PACKS = load_packs()
DAY = timedelta(days=1)
Row = TypeVar("Row", RuleRow, RateRow)

# What no question can tell, each with its reason. One that a question could tell after all fails.
UNSEEN = {
    ("sag-aftra/tv-theatrical@2023", "ceiling.film/2022-07-01", "starts_on", -1): (
        "a day earlier no percentage is on file that the ceiling could cut"
    ),
}


class Change(NamedTuple):
    """A row without which, or with one of its dates moved, some vector must differ."""

    pack: str
    row: str
    what: str  # removed | starts_on | ends_on | a list among its parameters
    days: int = 0
    left_out: str = ""  # of the list


@cache
def vectors() -> dict[str, list[Document]]:
    """The vectors of ``rules/`` by the row that they name."""
    named: dict[str, list[Document]] = {}
    for vector in load(Path(__file__).parents[1] / "vectors" / "rules"):
        named.setdefault(vector["row"], []).append(vector)
    return named


def rows(pack: Pack) -> tuple[RuleRow | RateRow, ...]:
    return (*pack.rules, *pack.rates)


def changes() -> Iterator[Change]:
    for pack in PACKS.packs:
        for row in rows(pack):
            yield Change(pack.name, row.id, "removed")
            for what in ("starts_on", "ends_on"):
                day: date | None = getattr(row, what, None)
                if day is not None and day != date.min:
                    yield Change(pack.name, row.id, what, -1)
                    yield Change(pack.name, row.id, what, 1)
            for list_, item in listed(row):
                yield Change(pack.name, row.id, list_, left_out=item)


def listed(row: RuleRow | RateRow) -> Iterator[tuple[str, str]]:
    """Every item of every list among the parameters of a rule."""
    if isinstance(row, RuleRow):
        yield from ((p, i) for p, v in row.params.items() if isinstance(v, tuple) for i in v)


def changed(change: Change) -> PackSet:
    return PackSet(tuple(_changed(p, change) if p.name == change.pack else p for p in PACKS.packs))


def _changed(pack: Pack, change: Change) -> Pack:
    return replace(
        pack,
        rules=tuple(new for row in pack.rules for new in _kept(row, change)),
        rates=tuple(new for row in pack.rates for new in _kept(row, change)),
    )


def _kept(row: Row, change: Change) -> tuple[Row, ...]:
    if row.id != change.row:
        return (row,)
    if change.what == "removed":
        return ()
    if change.left_out and isinstance(row, RuleRow):
        listed_now = row.names(change.what)
        left = tuple(item for item in listed_now if item != change.left_out)
        return (replace(row, params={**row.params, change.what: left}),)
    moved = getattr(row, change.what) + change.days * DAY
    return (replace(row, **{change.what: moved}),)


def name(change: Change) -> str:
    moved = f"{change.what}{change.days:+d}" if change.days else change.what
    moved += f"-{change.left_out}" if change.left_out else ""
    return f"{change.pack}#{change.row}-{moved}"


@pytest.mark.parametrize("change", [*changes()], ids=name)
def test_a_row_that_is_changed_is_noticed_by_a_vector_that_names_it(change: Change) -> None:
    packs = changed(change)
    named = vectors()[f"{change.pack}#{change.row}"]
    noticed = [vector["id"] for vector in named if run_vector(vector, packs)]
    assert bool(noticed) is (change[:4] not in UNSEEN)


def test_every_row_has_a_vector_for_it_and_one_at_its_boundary() -> None:
    for pack in PACKS.packs:
        for row in rows(pack):
            sides = {vector["side"] for vector in vectors()[f"{pack.name}#{row.id}"]}
            wanted = {"for", "boundary"} | ({"against"} if isinstance(row, RuleRow) else set())
            assert wanted <= sides, f"{pack.name}#{row.id}"


def test_every_vector_of_a_row_names_one_that_is_switched_on() -> None:
    on = {f"{pack.name}#{row.id}" for pack in PACKS.packs for row in rows(pack)}
    assert vectors().keys() <= on | {pack.name for pack in PACKS.packs}


@pytest.mark.parametrize("days", [-1, 1])
def test_the_last_day_of_an_agreement_is_noticed_by_a_vector(days: int) -> None:
    # The end of a version that another one follows says nothing by itself.
    last = {p.family: p for p in sorted(PACKS.packs, key=lambda p: p.starts_on)}
    for pack in last.values():
        if pack.ends_on is None:
            continue
        moved = replace(pack, ends_on=pack.ends_on + days * DAY)
        packs = PackSet(tuple(moved if p is pack else p for p in PACKS.packs))
        assert any(run_vector(vector, packs) for vector in vectors()[pack.name]), pack.name


def test_a_vector_for_a_rule_shows_the_rule_at_work() -> None:
    for named, found in vectors().items():
        rule = named.partition("#")[2]
        without = changed(Change(named.partition("#")[0], rule, "removed"))
        shown = [v for v in found if v["side"] == "for"]
        if rule:
            assert any(answered(v, without) != answered(v, PACKS) for v in shown), named
