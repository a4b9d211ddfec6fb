"""Recordings: no scale of a side is on file, so here a pack has one of its own."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.conformance.files import load
from app.rules.decide import decide
from app.rules.facts import Check, Document, facts_from, instant, read
from app.rules.packs import PackSet, RateRow
from app.rules.terms import Money
from app.rules.vectors import answered, documents, merged
from tests.rules.worlds import packs

VECTORS = load(Path(__file__).parents[1] / "vectors" / "rules" / "sound_recordings_2024.json")
SUNG = next(vector for vector in VECTORS if vector["id"] == "SR-02.for")


@cache
def with_a_scale() -> PackSet:
    side = RateRow("side/always", "side", Money(10_000, "USD"), basis="always", verified=True)
    return PackSet(
        tuple(
            replace(pack, rates=(side,)) if pack.family == "sag-aftra/sound-recordings" else pack
            for pack in packs().packs
        )
    )


def owed(patch: Document) -> Any:  # noqa: ANN401 - JSON
    return answered(merged(SUNG, patch), with_a_scale())["amounts"]


def use(name: str, sides: int | None, at: str, **more: object) -> Document:
    """An earlier use of the singer's voice in the recording."""
    return {
        name: {
            "performer_id": "performer-s",
            "work_id": "tide",
            "producer_id": "label-t",
            "use": "synthesize_voice",
            "state": "cleared",
            "grant_id": "s-tide",
            "registered_at": at,
            "quantity": {"sides": sides},
            **more,
        }
    }


@pytest.mark.parametrize(
    ("sides", "pays"), [(1, "300.00"), (2, "300.00"), (3, "300.00"), (4, "400.00")]
)
def test_a_project_pays_three_sides_at_least(sides: int, pays: str) -> None:
    assert owed({"check": {"quantity": {"sides": sides}}})["gross"]["amount"] == pays


@pytest.mark.parametrize(
    ("before", "sides", "pays"),
    [(1, 2, "0.00"), (2, 2, "100.00"), (3, 2, "200.00"), (None, 2, "300.00")],
)
def test_the_least_is_of_the_project_and_not_of_each_use(
    before: int | None, sides: int, pays: str
) -> None:
    world = {"uses": use("before", before, "2026-06-01T12:00:00Z")}
    patch = {"world": world, "check": {"quantity": {"sides": sides}}}
    assert owed(patch)["gross"]["amount"] == pays


@pytest.mark.parametrize(
    "other",
    [
        use("other", 3, "2026-06-01T12:00:00Z", state="withdrawn"),
        use("other", 3, "2026-06-01T12:00:00Z", work_id="ebb"),
        # What came later is paid with itself.
        use("other", 3, "2026-08-18T12:00:00Z"),
    ],
)
def test_other_uses_leave_the_least_as_it_is(other: Document) -> None:
    assert owed({"world": {"uses": other}})["gross"]["amount"] == "300.00"


def test_a_use_that_is_asked_about_again_is_not_before_itself() -> None:
    mine = use("mine", 2, "2026-06-02T12:00:00Z")
    uses = {**use("before", 2, "2026-06-01T12:00:00Z"), **mine}
    patch = {"world": {"uses": uses}, "check": {"use_id": "mine"}}
    assert owed(patch)["gross"]["amount"] == "100.00"


def test_more_is_paid_where_more_was_agreed() -> None:
    pay = {"kind": "bargained_flat", "amount": {"amount": "2500.00", "currency": "USD"}}
    assert owed({"world": {"grants": {"s-tide": {"pay": pay}}}})["gross"]["amount"] == "2500.00"


def test_the_sum_says_how_it_came_about() -> None:
    decision = decide(
        read(Check, SUNG["check"]),
        facts_from(documents(SUNG["world"])),
        with_a_scale(),
        as_of=instant(SUNG["at"]),
    )
    assert decision.amounts is not None
    (line,) = decision.amounts.lines
    assert (line.kind, line.amount) == ("sides", Money(30_000, "USD"))
    assert line.figure.sentence.startswith("the higher of 2 sides and 3 sides = 3 sides; 3 sides")
    assert line.figure.sentence.endswith("$100.00 a side = $300.00.")
