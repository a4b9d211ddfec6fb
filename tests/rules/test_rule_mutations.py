"""No rule and no figure is for show: without it, or a day or a cent off, some vector differs.

A row is changed, and only the vectors that name it in ``row`` are run again: those, and not some
other by luck, must notice.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from app.agreements import load_packs
from app.conformance.files import load
from app.rules.facts import Document
from app.rules.packs import BASES, Pack, PackSet, RateRow, RuleRow
from app.rules.terms import Money
from app.rules.vectors import answered, run_vector

PACKS = load_packs()
DAY = timedelta(days=1)
Row = TypeVar("Row", RuleRow, RateRow)

# What limits a rule to some questions.
LIMITS = ("uses", "classes", "gates", "roles")
# A day that a rule without a basis of its own goes by: that of the engagement on the picture, else
# that of photography.
UNSAID = ("engaged_on", "photography_start")
ON_THE_PICTURE = {"CREATION", "EBDR_SAME", "BADR_BG", "BADR_PRINCIPAL"}
NOT_ON_IT = {"EBDR_OTHER", "ICDR", "BADR_OTHER", "SYNTH"}


class Change(NamedTuple):
    """A row without which, or with one thing in it changed, some vector must differ."""

    pack: str
    row: str
    what: str  # removed | starts_on | ends_on | amount | percent | basis | a list
    by: int = 0  # days, cents, hundredths of a percent
    left_out: str = ""  # of the list
    to: str | None = None  # the basis


# What no question can tell, each with its reason. One that a question could tell after all fails.
_CEILING = "a day earlier no percentage is on file that the ceiling could cut"
_WEEK = "a fifth of a week is less than the minimum of a day, and is shown to the cent"
_SIGNED = "it speaks of a yes, and every yes was signed on some day"
_SCAN = "it pays for nothing but making a replica, on the very day of the capture"
UNSEEN = {
    Change("sag-aftra/tv-theatrical@2023", "ceiling.film/2022-07-01", "starts_on", -1): _CEILING,
    **{
        Change("sag-aftra/tv-theatrical@2023", "ceiling.film/2022-07-01", "basis", to=basis): (
            _CEILING
        )
        for basis in ("engaged_on", "work_date", "signed_on", "always")
    },
    **{
        Change(f"sag-aftra/tv-theatrical@{pack}", f"weekly_performer/{day}", "amount", cent): _WEEK
        for pack, day in (("2023", "2024-07-01"), ("2023", "2025-07-01"), ("2026", "2026-07-01"))
        for cent in (-1, 1)
    },
    **{
        Change(
            f"sag-aftra/tv-theatrical@{pack}", f"background/{year}-07-01", "basis", to="captured_on"
        ): _SCAN
        for pack, years in (("2023", (2024, 2025)), ("2026", (2026, 2027, 2028, 2029)))
        for year in years
    },
    Change("sag-aftra/tv-theatrical@2026", "TT-35", "starts_on", -1): (
        "a day earlier no transfer waits for anybody, so that no clock runs"
    ),
    **dict.fromkeys(
        (
            Change("sag-aftra/commercials@2025", "contribution.principal/2025-04-01", *change)
            for change in (("starts_on", -1), ("basis", 0, "", "always"))
        ),
        "a day earlier no fee is on file that it could be taken of",
    ),
    Change("sag-aftra/interactive@2025", "IM-10", "starts_on", -1): (
        "a day earlier no report is owed, so that none is due"
    ),
    **{
        Change("us/no-fakes@bill-2026", row, "basis", to="signed_on"): _SIGNED
        for row in ("NF-01", "NF-02", "NF-05", "NF-07")
    },
    **{
        Change(
            "sag-aftra/commercials@2025", "session.off_camera/2027-04-01", "rounded_to", cent
        ): "up to the next 4 or 6 cents it comes to the same fee"
        for cent in (-1, 1)
    },
    Change("sag-aftra/tv-theatrical@2026", "TT-07", "basis", to="engaged_on"): (
        "a capture session is held under an engagement"
    ),
}


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
            for basis in other_bases(row):
                yield Change(pack.name, row.id, "basis", to=basis)
            for figure in figures(row):
                yield Change(pack.name, row.id, figure, -1)
                yield Change(pack.name, row.id, figure, 1)


def figures(row: RuleRow | RateRow) -> Iterator[str]:
    """What a rate says in numbers."""
    names = ("amount", "percent", "raised_by", "rounded_to", "up_to_minutes")
    yield from (name for name in names if getattr(row, name, None) is not None)


def listed(row: RuleRow | RateRow) -> Iterator[tuple[str, str]]:
    """Every item of every list of a rule: among its parameters, or of what it applies to."""
    if isinstance(row, RuleRow):
        lists = {**row.params, **{name: getattr(row, name) for name in LIMITS}}
        yield from ((p, i) for p, v in lists.items() if isinstance(v, tuple) for i in v)


def other_bases(row: RuleRow | RateRow) -> Iterator[str | None]:
    """The days that a row could go by instead, as far as that could come to something else."""
    if isinstance(row, RateRow):
        yield from (basis for basis in BASES if basis != row.basis)
        return
    classes = set(row.classes or ())
    same = {row.basis}
    if classes and classes <= ON_THE_PICTURE:
        same.add("engaged_on")
    if classes and classes <= NOT_ON_IT:
        same |= {"photography_start", None}
    if row.starts_on == date.min:
        same |= {"work_date", "fixed_on"}  # both are always known, and after the first day
    yield from (
        basis for basis in (UNSAID if row.basis is None else (*BASES, None)) if basis not in same
    )


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
        is_limit = change.what in LIMITS
        listed_now = getattr(row, change.what) if is_limit else row.names(change.what)
        left: dict[str, Any] = {
            change.what: tuple(item for item in listed_now if item != change.left_out)
        }
        return (replace(row, **left) if is_limit else replace(row, params={**row.params, **left}),)
    return (replace(row, **{change.what: _moved(getattr(row, change.what), change)}),)


def _moved(value: date | Money | Decimal | int | str | None, change: Change) -> Any:  # noqa: ANN401 - as it was
    match value:
        case date():
            return value + change.by * DAY
        case Money():
            return Money(value.minor + change.by, value.currency)
        case Decimal() if change.what == "raised_by":
            # What is rounded to the dollar shows no less than that.
            return value + change.by
        case int():
            return value + change.by
        case Decimal():
            return value + change.by * Decimal("0.01")
        case _:
            return change.to


def name(change: Change) -> str:
    moved = f"{change.what}{change.by:+d}" if change.by else change.what
    moved += f"-{change.left_out}" if change.left_out else ""
    moved += f"={change.to}" if change.what == "basis" else ""
    return f"{change.pack}#{change.row}-{moved}"


@pytest.mark.parametrize("change", [*changes()], ids=name)
def test_a_row_that_is_changed_is_noticed_by_a_vector_that_names_it(change: Change) -> None:
    packs = changed(change)
    named = vectors()[f"{change.pack}#{change.row}"]
    noticed = [vector["id"] for vector in named if run_vector(vector, packs)]
    assert bool(noticed) is (change not in UNSEEN)


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
