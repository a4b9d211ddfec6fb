"""Laws bind by place, from their own day on, whatever was signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.conformance.files import load
from app.rules.packs import AGREEMENT, LAW, Pack, PackSet, RuleRow
from app.rules.reasons import Source
from app.rules.vectors import answered
from tests.rules.worlds import ESTIMATE, NOON, Patch, answer, packs

VECTORS = Path(__file__).parents[1] / "vectors" / "rules"
CALIFORNIA = "us-ca/labor-927"
HERE: Patch = {"performers": {"performer-a": {"residence": "US-CA"}}}
CLAUSE: Patch = {
    "grants": {"a-nova-1": {"description": {"text": ""}, "form": {"replaces_in_person_work": True}}}
}


def without_collective() -> PackSet:
    """The packs with a law of California that no agreement of a union satisfies."""
    return PackSet(
        tuple(
            replace(pack, rules=tuple(_strict(row) for row in pack.rules))
            if pack.family == CALIFORNIA
            else pack
            for pack in packs().packs
        )
    )


def _strict(row: RuleRow) -> RuleRow:
    return replace(row, params={**row.params, "collective": False})


@pytest.mark.parametrize(
    ("law", "place", "binds"),
    [
        ("US-CA", "US-CA", True),
        ("US-CA", "US-NY", False),
        ("US", "US-NY", True),
        ("US-CA", "US", False),
        ("U", "US", False),
        ("DE", "worldwide", True),
    ],
)
def test_a_law_of_a_country_reaches_its_states_and_not_the_other_way(
    law: str, place: str, binds: bool
) -> None:
    tied = replace(Pack("x", "1", kind=LAW), nexus=(law,), nexus_by=("capture",))
    found = PackSet((tied, replace(tied, family="y", kind=AGREEMENT)))
    assert found.laws({"capture": [place]}) == (("x",) if binds else ())
    assert found.laws({"residence": [place], "territory": [place]}) == ()


def test_what_is_shown_in_a_country_is_shown_in_its_states() -> None:
    law = Pack("x", "1", kind=LAW, nexus=("US-NY",), nexus_by=("territory",))
    found = PackSet((law,))
    assert found.laws({"territory": ["US"]}) == ("x",)
    assert found.laws({"territory": ["US-CA", "FR"]}) == ()


def test_an_agreement_that_speaks_of_replicas_helps_only_where_the_law_says_so() -> None:
    assert "D_CLAUSE_UNENFORCEABLE" not in answer(ESTIMATE, HERE, CLAUSE).codes
    told = answer(ESTIMATE, HERE, CLAUSE, using=without_collective())
    assert "D_CLAUSE_UNENFORCEABLE" in told.codes


def test_an_agreement_that_says_nothing_of_replicas_helps_nobody() -> None:
    silent = PackSet(tuple(replace(pack, addresses_replicas=False) for pack in packs().packs))
    assert "D_CLAUSE_UNENFORCEABLE" in answer(ESTIMATE, HERE, CLAUSE, using=silent).codes


def test_a_reason_of_a_law_is_cited_in_both_ways() -> None:
    told = answer(ESTIMATE, HERE, CLAUSE, using=without_collective())
    [reason] = [r for r in told.reasons if r.code == "D_CLAUSE_UNENFORCEABLE"]
    assert reason.source.cites == ("AB 2602", "Labor Code §927")
    assert reason.wire()["source"] == {
        "rule": "CA-01",
        "pack": CALIFORNIA,
        "version": "1",
        "verified": True,
        "cites": ["AB 2602", "Labor Code §927"],
    }
    assert Source().wire()["cites"] == []


def a_bill() -> PackSet:
    """The packs with California's law as if it were none yet."""
    return PackSet(
        tuple(
            replace(pack, rules=tuple(replace(row, strictness="pending") for row in pack.rules))
            if pack.family == CALIFORNIA
            else pack
            for pack in without_collective().packs
        )
    )


def test_a_bill_says_what_it_would_do_and_stops_nothing() -> None:
    without = answer(ESTIMATE, HERE, CLAUSE, using=a_bill())
    said = [r for r in without.reasons if r.code == "W_PENDING_LAW"]
    [told] = [r for r in said if r.source.rule == "CA-01"]
    assert told.sentence.startswith("Note: California Labor Code section 927 is not law")
    assert "the clause binds nobody" in told.sentence
    assert "D_CLAUSE_UNENFORCEABLE" not in without.codes


def test_without_the_bill_every_answer_of_the_vectors_is_the_same() -> None:
    without = PackSet(tuple(pack for pack in packs().packs if pack.family != "us/no-fakes"))
    vectors = load(VECTORS / "laws_bill.json")
    for vector in vectors:
        assert answered(vector, without)["outcome"] == vector["expect"]["outcome"], vector["id"]
    assert vectors


def test_a_law_that_binds_is_named_among_the_packs_of_the_answer() -> None:
    assert CALIFORNIA in {used.family for used in answer(ESTIMATE, HERE).packs}
    assert CALIFORNIA not in {used.family for used in answer(ESTIMATE).packs}


def test_a_day_to_come_is_taken_at_its_word() -> None:
    # Asked in 2024 about a shooting day of 2025, when the law will be in force.
    early = datetime(2024, 12, 1, 12, tzinfo=UTC)
    world: Patch = {"grants": {"a-nova-1": {"signature": {"at": "2024-06-01T12:00:00Z"}}}}
    using = without_collective()
    codes = [
        answer(HERE, CLAUSE, world, at=early, using=using, on=day).codes
        for day in ("2024-12-31", "2025-01-01")
    ]
    named = ["D_CLAUSE_UNENFORCEABLE" in found for found in codes]
    assert named == [False, True]
    assert early < NOON - timedelta(days=300)
