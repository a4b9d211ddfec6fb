"""Decisions as a whole: classes, dates that decide, agreements that end, rules that fail."""

import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from app.rules.decide import decide
from app.rules.decide.case import open_case
from app.rules.decide.table import STEPS
from app.rules.decide.validity import GRANT_STEPS
from app.rules.packs import Pack, PackSet, RuleRow
from tests.rules.worlds import (
    BACKGROUND,
    ESTIMATE,
    LATE_CONTRACT,
    LATE_PICTURE,
    NO_AGREEMENT,
    NO_GRANT,
    NOON,
    SCAN,
    Patch,
    a_locked_use,
    a_session,
    a_veto,
    answer,
    check,
    facts,
    only_grant,
    packs,
    sources,
)

SPRING_2027 = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_dubbing_needs_consent_when_contract_and_picture_are_late() -> None:
    late = datetime(2027, 8, 1, tzinfo=UTC)
    both = answer(NO_GRANT, LATE_PICTURE, LATE_CONTRACT, at=late, use="dub")
    assert both.outcome == "deny"
    assert sources(both)["D_DUB_NO_CONSENT"] == "TT-29"
    contract = answer(NO_GRANT, LATE_CONTRACT, at=late, use="dub")
    assert contract.outcome == "allow"
    assert "W_DUB_BASIS" in contract.codes
    unknown: Patch = {"works": {"nova-1": {"photography_start": None}}}
    assert "A_FACT_NEEDED" in answer(NO_GRANT, unknown, LATE_CONTRACT, at=late, use="dub").codes


def test_a_title_in_the_franchise_later_is_named_with_its_dates() -> None:
    added: Patch = {
        "works": {
            "nova-2": {
                "kind": "film",
                "title": "Nova II",
                "owner_id": "studio-o",
                "added_at": "2027-02-01T09:00:00Z",
                "photography_start": "2027-02-15",
            }
        },
        "edges": {
            "e": {
                "parent": "nova",
                "child": "nova-2",
                "relation": "in_franchise",
                "valid_from": "2027-02-01T09:00:00Z",
            }
        },
    }
    wide = only_grant(
        scope={"mode": "franchise_umbrella", "works": ["nova"], "uses": ["stunt"]},
        shown_works=["nova", "nova-1"],
        signature={"at": "2026-09-01T12:00:00Z"},
    )
    decision = answer(added, wide, at=SPRING_2027, work="nova-2")
    said = next(r.sentence for r in decision.reasons if r.code == "D_SCOPE_WORK_ADDED_LATER")
    assert said == (
        "Stop. They said yes for the works known on 1 September 2026. This film was added on"
        " 1 February 2027 and needs a yes of its own."
    )


def test_an_umbrella_needs_a_signed_confirmation_per_picture() -> None:
    wide = only_grant(
        scope={
            "mode": "franchise_umbrella",
            "membership": "dynamic",
            "works": ["nova"],
            "uses": ["stunt"],
        }
    )
    assert "A_CONFIRM_WORK" in answer(wide, ESTIMATE).codes
    assert "A_CONFIRM_WORK" in answer(wide, ESTIMATE, work="nova-s-5").codes
    series: Patch = {
        "confirmations": {
            "c": {
                "grant_id": "g",
                "work_id": "nova-s",
                "signed_at": "2026-10-01T00:00:00Z",
                "description": {"text": "Stunts.", "tags": ["combat"]},
            }
        }
    }
    confirmed = answer(wide, ESTIMATE, series, work="nova-s-5")
    assert "A_CONFIRM_WORK" not in confirmed.codes
    here: Patch = {
        "confirmations": {
            "c": {
                "grant_id": "g",
                "work_id": "nova-1",
                "signed_at": "2026-10-01T00:00:00Z",
                "description": {"text": "Stunts.", "tags": ["combat"]},
            }
        }
    }
    narrowed = answer(wide, ESTIMATE, here)
    assert "D_DESC_EXCEEDED" in narrowed.codes, "the description of the confirmation counts"
    assert "A_CONFIRM_WORK" not in answer(NO_AGREEMENT, wide).codes, "no contract by the picture"


def test_a_replica_built_on_the_set_is_an_employment_replica_from_2026() -> None:
    built: Patch = {
        **a_session(kind="set_photography"),
        "replicas": {
            "r": {"performer_id": "performer-a", "kind": "independent", "capture_session_id": "s"}
        },
    }
    decision = answer(built, ESTIMATE, replica="r")
    assert decision.use_class == "EBDR_SAME"
    assert sources(decision)["W_CLASS"] == "TT-07"
    scanned = answer(built, {"capture_sessions": {"s": {"kind": "scan"}}}, replica="r")
    assert scanned.use_class == "ICDR"


@pytest.mark.parametrize(
    ("worlds", "asked", "use_class"),
    [
        pytest.param([], {}, "EBDR_SAME", id="engaged on it"),
        pytest.param([], {"work": "other"}, "EBDR_OTHER", id="engaged elsewhere"),
        pytest.param([], {"performer": "performer-e"}, "ICDR", id="engaged nowhere"),
        pytest.param([BACKGROUND], {"use": "crowd"}, "BADR_BG", id="background in a crowd"),
        pytest.param(
            [BACKGROUND],
            {"use": "crowd", "quantity": {"lines": 2}},
            "BADR_PRINCIPAL",
            id="background that speaks",
        ),
        pytest.param([BACKGROUND], {"work": "other"}, "BADR_OTHER", id="background elsewhere"),
        pytest.param(
            [{"replicas": {"r": {"performer_id": "performer-a", "origin_work_id": "nova-1"}}}],
            {"replica": "r"},
            "EBDR_SAME",
            id="made for it",
        ),
        pytest.param(
            [{"replicas": {"r": {"performer_id": "performer-a", "origin_work_id": "other"}}}],
            {"replica": "r"},
            "EBDR_OTHER",
            id="made for another",
        ),
        pytest.param(
            [{"replicas": {"r": {"performer_id": "performer-a"}}}],
            {"replica": "r"},
            "EBDR_SAME",
            id="made for the engagement",
        ),
        pytest.param(
            [{"replicas": {"r": {"performer_id": "performer-e"}}}],
            {"performer": "performer-e", "replica": "r"},
            "EBDR_OTHER",
            id="made for nobody knows what",
        ),
        pytest.param(
            [{"replicas": {"r": {"performer_id": "performer-a", "kind": "background"}}}],
            {"replica": "r"},
            "BADR_PRINCIPAL",
            id="background replica in a stunt",
        ),
    ],
)
def test_the_class_is_derived(worlds: list[Patch], asked: Patch, use_class: str) -> None:
    assert answer(*worlds, **asked).use_class == use_class


def test_of_several_estimates_the_one_for_the_shot_counts() -> None:
    more: Patch = {
        "estimates": {"shot": {"days": "1", "performer_id": "performer-a", "shot": "sc045_010"}}
    }
    assert answer(ESTIMATE, more).days == 1
    own: Patch = {"estimates": {"use": {"days": "5", "use_id": "u"}}, **a_locked_use()}
    assert answer(ESTIMATE, more, own, use_id="u").days == 5


def test_an_agreement_that_ended_goes_on_with_a_warning() -> None:
    last, after = datetime(2030, 7, 1, 6, tzinfo=UTC), datetime(2030, 7, 1, 8, tzinfo=UTC)
    assert "W_AGREEMENT_EXPIRED" not in answer(ESTIMATE, at=last).codes
    assert "W_AGREEMENT_EXPIRED" in answer(ESTIMATE, at=after).codes


def an_agreement(*rules: RuleRow, **changes: Any) -> PackSet:
    pack = Pack("sag-aftra/tv-theatrical", "x", title="Test agreement", rules=rules, **changes)
    return PackSet((pack, *packs().house))


def test_an_agreement_may_say_that_nothing_goes_on_after_its_end() -> None:
    over = an_agreement(ends_on=datetime(2026, 1, 1, tzinfo=UTC).date(), after_expiry="stop")
    assert answer(ESTIMATE, using=over).outcome == "deny"
    # What is finished goes on being shown, whatever ends.
    shown = answer(a_locked_use(), using=over, use="exhibit", shot=None).codes
    assert {"OK_RUNOFF", "W_AGREEMENT_EXPIRED"} <= {*shown}
    assert "D_AGREEMENT_EXPIRED" not in shown


def test_a_weak_identity_asks_where_an_agreement_sets_a_floor() -> None:
    row = RuleRow("X-1", ("identity_floor",), basis="always", params={"floor": "vouched"})
    weak: Patch = {"grants": {"a-nova-1": {"signature": {"identity": "contact_confirmed"}}}}
    assert "A_IDENTITY_WEAK" in answer(weak, using=an_agreement(row)).codes
    assert "A_IDENTITY_WEAK" not in answer(using=an_agreement(row)).codes


@pytest.mark.parametrize("basis", ["signed_on", "captured_on", "first_exposed_on", "engaged_on"])
def test_a_day_that_decides_and_is_not_known_is_asked_for(basis: str) -> None:
    row = RuleRow("X-1", ("notify",), basis=basis)
    unbound = {**NO_AGREEMENT, "works": {"nova-1": {"agreement": "sag-aftra/tv-theatrical"}}}
    decision = answer(unbound, NO_GRANT, using=an_agreement(row))
    assert {r.facts["field"] for r in decision.reasons if r.code == "A_FACT_NEEDED"} == {basis}


def test_a_day_that_decides_and_is_known_is_used() -> None:
    rows = [RuleRow(f"X-{b}", ("notify",), basis=b) for b in ("signed_on", "captured_on")]
    scan: dict[str, Any] = SCAN
    decision = answer(a_session(), using=an_agreement(*rows), **scan)
    assert sources(decision)["O_NOTIFY"] == "X-signed_on"


def test_a_rule_that_fails_denies_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> object:
        raise RuntimeError

    module = sys.modules[decide.__module__]
    monkeypatch.setattr(module, "STEPS", {**STEPS, "notify": fails})
    decision = answer()
    assert decision.outcome == "deny"
    assert {"D_RULE_ERROR", "A_DAYS_ESTIMATE"} <= {*decision.codes}
    assert (decision.amounts, decision.owed_later) == (None, ())
    monkeypatch.setattr(module, "open_case", fails)
    assert answer(ESTIMATE).codes == ("D_RULE_ERROR",)


def test_without_any_pack_nobody_unknown_gets_a_yes() -> None:
    decision = decide(check(work="x"), facts(), PackSet(), as_of=NOON)
    assert (decision.outcome, decision.codes) == ("needs_action", ("A_IDENTITY",))


def test_a_reason_says_whose_word_it_rests_on() -> None:
    said: Patch = {
        "engagements": {"a-on-nova-1": {"stated_by": "studio-o", "confirmed_by": "performer-a"}}
    }
    decision = answer(said, NO_GRANT)
    rests = next(r.rests_on for r in decision.reasons if r.code == "D_NO_CONSENT")
    assert [(r.fact, r.stated_by, r.confirmed) for r in rests] == [("engagement", "studio", True)]
    own: Patch = {"engagements": {"a-on-nova-1": {"stated_by": "performer-a"}}}
    rests = next(r.rests_on for r in answer(own, NO_GRANT).reasons if r.code == "D_NO_CONSENT")
    assert rests[0].stated_by == "performer"


def test_the_decision_on_the_wire_names_its_packs_and_what_is_owed() -> None:
    said = answer(ESTIMATE, {"attestations": {"studio-o-security": None}}).wire()
    assert said["do_now"] == ["O_SECURITY_ATTEST"]
    assert said["owed_later"] == ["O_PAY", "O_RESIDUAL_UNITS", "O_NOTIFY"]
    listed = said["packs"]
    assert isinstance(listed, list)
    names = [(p["family"], p["version"], len(p["hash"])) for p in listed]
    assert names == [
        ("house", "1", 64),
        ("sag-aftra/tv-theatrical", "2023", 64),
        ("sag-aftra/tv-theatrical", "2026", 64),
    ]


def test_only_a_yes_is_allowed() -> None:
    assert answer(ESTIMATE).allowed
    assert not answer(NO_GRANT).allowed


def test_without_house_rules_a_lock_spares_nothing() -> None:
    decision = answer(a_locked_use(), a_veto(), using=PackSet(), use="exhibit")
    assert "OK_RUNOFF" not in decision.codes


def test_an_umbrella_over_a_series_is_confirmed_with_the_series() -> None:
    scope = {"mode": "franchise_umbrella", "works": ["nova-s"], "uses": ["stunt"]}
    wide = only_grant(scope=scope, shown_works=["nova-s"])
    assert "A_CONFIRM_WORK" in answer(wide, work="nova-s-5").codes
    signed = {"grant_id": "g", "work_id": "nova-s", "signed_at": "2026-10-01T00:00:00Z"}
    confirmed: Patch = {"confirmations": {"c": signed}}
    assert "A_CONFIRM_WORK" not in answer(wide, confirmed, work="nova-s-5").codes


def test_an_unsigned_grant_has_no_signer_to_doubt() -> None:
    world = facts({"grants": {"a-nova-1": {"signature": None}}})
    case = open_case(check(), world, packs(), NOON)
    assert case is not None
    rule = case.rules_doing("signer")[0]
    assert [*GRANT_STEPS["signer"](case, rule, world.grants[0])] == []


def test_a_veto_says_what_it_reaches_and_until_when_it_can_be_appealed() -> None:
    (said,) = (r for r in answer(a_veto()).reasons if r.code == "D_UNION_VETO")
    assert said.sentence == (
        "Stop. The union has vetoed new uses in Nova since 20 November 2026, 12:00 UTC (V-31):"
        " “No audit”. What was locked before is not stopped. Only the union can lift it; the"
        " studio can appeal until 4 December 2026."
    )
    later = answer(a_veto(), at=datetime(2026, 12, 5, tzinfo=UTC))
    (said,) = (r for r in later.reasons if r.code == "D_UNION_VETO")
    assert said.sentence.endswith("the time to appeal is over.")
