"""What is read, said and paid in the finer cases: disputes, prompts, better terms, exact days."""

from typing import Any

import pytest

from tests.rules.worlds import (
    BACKGROUND,
    ESTIMATE,
    NO_AGREEMENT,
    Patch,
    a_veto,
    amounts,
    answer,
    grant,
    other,
    pay,
    usd,
)


@pytest.mark.parametrize(
    ("disputed", "asked"),
    [
        pytest.param(
            {"engagements": {"a-on-nova-1": {}}}, {"work": "other"}, id="engagement elsewhere"
        ),
        pytest.param(
            {"works": {"nova": {"photography_start": "2026-08-01"}}},
            {},
            id="the work above that says when photography starts",
        ),
    ],
)
def test_a_dispute_over_what_was_read_waits(disputed: Patch, asked: dict[str, Any]) -> None:
    kind, named = next(iter(disputed.items()))
    id_, said = next(iter(named.items()))
    world: Patch = {
        "works": {"nova-1": {"photography_start": None}},
        "grants": {"g": grant(scope={"works": ["other"], "uses": ["stunt"]})},
    }
    assert "A_DISPUTED" not in answer(ESTIMATE, world, disputed, **asked).codes
    objected: Patch = {kind: {id_: {**said, "disputed_by": "guild"}}}
    assert "A_DISPUTED" in answer(ESTIMATE, world, objected, **asked).codes


PROMPTED: Patch = {
    "attestations": {
        "sav": {
            "kind": "additional_value",
            "at": "2026-11-01T00:00:00Z",
            "work_id": "nova-1",
        },
        "p": {
            "kind": "named_prompt",
            "at": "2026-11-01T00:00:00Z",
            "performer_id": "performer-a",
            "work_id": "nova-1",
        },
    },
    "notices": {
        "n": {
            "kind": "synthetic",
            "sent_at": "2026-10-01T00:00:00Z",
            "work_id": "nova-1",
            "state": "agreed",
        }
    },
}
SYNTH: dict[str, Any] = {"use": "synthetic", "performer": None, "shot": None}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, set()),
        ({"scope": {"uses": ["stunt"]}}, {"D_NAMED_PROMPT"}),
        ({"scope": {"uses": ["synthetic"], "ends_on": "2026-08-01"}}, {"D_NAMED_PROMPT"}),
        ({"form": {"separate_sign": "none"}}, {"D_NAMED_PROMPT"}),
        ({"exclusions": [{"axis": "use", "value": "synthetic"}]}, {"D_NAMED_PROMPT"}),
        ({"pay": None}, {"A_TERMS"}),
    ],
)
def test_a_prompt_that_named_somebody_needs_a_sound_yes_and_terms(
    said: Patch, codes: set[str]
) -> None:
    yes = {"scope": {"uses": ["synthetic"]}, **said}
    found = {*answer(PROMPTED, {"grants": {"a-nova-1": yes}}, **SYNTH).codes}
    assert found & {"D_NAMED_PROMPT", "A_TERMS"} == codes


def test_a_pause_stops_a_prompt_too_and_nobody_known_said_yes() -> None:
    yes: Patch = {"grants": {"a-nova-1": {"scope": {"uses": ["synthetic"]}}}}
    pause: Patch = {
        "suspensions": {"s": {"performer_id": "performer-a", "starts_at": "2026-11-20T00:00:00Z"}}
    }
    assert "D_NAMED_PROMPT" in answer(PROMPTED, yes, pause, **SYNTH).codes
    nobody: Patch = {"attestations": {"p": {"performer_id": None}}}
    assert "D_NAMED_PROMPT" in answer(PROMPTED, yes, nobody, **SYNTH).codes


@pytest.mark.parametrize(
    ("kind", "amount", "gross"),
    [
        ("per_day", "5000.00", "15000.00"),
        ("per_day", "50.00", "3849.00"),
        ("bargained_flat", "9000.00", "9000.00"),
        ("bargained_flat", "100.00", "3849.00"),
    ],
)
def test_terms_better_than_the_days_count(kind: str, amount: str, gross: str) -> None:
    paid: Patch = {"grants": {"a-nova-1": {"pay": pay(kind, amount)}}}
    assert amounts(answer(ESTIMATE, paid))[0] == gross


def test_better_terms_in_another_currency_are_not_compared() -> None:
    paid: Patch = {"grants": {"a-nova-1": {"pay": pay("per_day", "5000.00", "EUR")}}}
    assert "A_CURRENCY" in answer(ESTIMATE, paid).codes


def test_a_day_is_not_rounded_before_it_is_multiplied() -> None:
    world: Patch = {
        "replicas": {"r": {"performer_id": "performer-a", "origin_work_id": "other"}},
        "engagements": {
            "a-on-nova-1": {
                "rate": {"kind": "episodic", "amount": usd("10000.00")},
                "contract_days": "3",
            }
        },
    }
    assert amounts(answer(ESTIMATE, world, replica="r"))[0] == "10000.00"


def test_nobody_knows_a_week_of_background() -> None:
    weekly: Patch = {"engagements": {"a-on-nova-1": {"rate": {"kind": "weekly", "amount": None}}}}
    decision = answer(BACKGROUND, weekly, ESTIMATE)
    assert "A_FACT_NEEDED" in decision.codes


def test_a_rate_of_no_engagement_is_no_term() -> None:
    assert "A_TERMS" in answer(ESTIMATE, other("days_x_rate"), work="other").codes
    elsewhere = answer(NO_AGREEMENT, {"grants": {"a-nova-1": {"pay": pay("days_x_rate")}}})
    assert "A_TERMS" in elsewhere.codes
    assert "A_DAYS_ESTIMATE" not in elsewhere.codes


@pytest.mark.parametrize("state", ["signed", "union_review"])
def test_who_signed_is_not_told_that_they_said_nothing(state: str) -> None:
    decision = answer({"grants": {"a-nova-1": {"state": state}}}, ESTIMATE)
    assert decision.codes[0] == "D_NOT_IN_FORCE"
    assert "has not said yes" not in decision.reasons[0].sentence


def test_a_strike_without_basis_stops_nothing() -> None:
    strike = a_veto(kind="strike", basis=" ", scope={"agreement": "sag-aftra/tv-theatrical"})
    decision = answer(ESTIMATE, strike)
    assert decision.allowed
    assert "W_VETO_FLAG" in decision.codes
    assert "D_STRIKE" not in decision.codes


def test_a_picture_beyond_the_term_is_warned_of_today() -> None:
    beyond: Patch = {"works": {"nova-1": {"photography_start": "2030-07-01"}}}
    assert "W_AGREEMENT_EXPIRED" in answer(beyond, **SYNTH).codes
    within: Patch = {"works": {"nova-1": {"photography_start": "2030-06-30"}}}
    assert "W_AGREEMENT_EXPIRED" not in answer(within, **SYNTH).codes


def test_a_veto_is_told_as_it_is() -> None:
    full = answer(a_veto(timing="full", state="appealed"), ESTIMATE).reasons[0].sentence
    assert "vetoed uses in" in full
    assert "an appeal is open" in full


def test_a_vendor_that_is_ruled_out_is_called_one() -> None:
    kept: Patch = {
        "replicas": {
            "r": {"performer_id": "performer-a", "custodian_id": "v", "origin_work_id": "nova-1"}
        },
        "grants": {"a-nova-1": {"exclusions": [{"axis": "studio", "value": "v"}]}},
    }
    assert "the vendor" in answer(kept, ESTIMATE, replica="r").reasons[0].sentence


USED = {"performer_id": "performer-a", "work_id": "nova-1", "producer_id": "studio-o"}


@pytest.mark.parametrize(
    ("kind", "quantity", "contributions"),
    [("bargained_flat", {}, "0.00"), ("per_use", {"uses": 2}, "0.00"), ("none", {}, "808.29")],
)
def test_earlier_deals_count_towards_the_ceiling(
    kind: str, quantity: Patch, contributions: str
) -> None:
    amount = None if kind == "none" else "240000.00"
    earlier: Patch = {
        "grants": {"deal": grant(state="revoked", pay=pay(kind, amount))},
        "uses": {
            "u": {**USED, "use": "stunt", "state": "cleared", "grant_id": "deal", "shot": "x"}
        },
    }
    earlier["uses"]["u"]["quantity"] = quantity
    assert amounts(answer(ESTIMATE, earlier))[1] == contributions
