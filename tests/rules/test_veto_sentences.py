"""What a veto says in a check: its union, how far it reaches, why it only flags; and no more."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.rules.decide import Decision
from tests.rules.worlds import ESTIMATE, Patch, a_veto, answer

NAMED: Patch = {"organizations": {"guild": {"name": "The Guild"}}}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def said(decision: Decision, code: str) -> str:
    (reason,) = (r for r in decision.reasons if r.code == code)
    return reason.sentence


@pytest.mark.parametrize(
    ("scope", "timing", "what"),
    [
        pytest.param({"work": "nova-1"}, "prospective", "new uses in Nova", id="the work asked"),
        pytest.param({"work": "nova"}, "full", "uses in Nova", id="a franchise above it"),
        pytest.param(
            {"performer": "performer-a"}, "prospective", "new uses of this performer", id="a person"
        ),
        pytest.param(
            {"performer": "performer-a", "work": "nova-1", "uses": ["stunt"]},
            "prospective",
            "new uses of this performer in Nova for stunts",
            id="a person in a work for a use",
        ),
        pytest.param({"studio": "studio-o"}, "full", "uses by this studio", id="a studio"),
        pytest.param(
            {"studio": "studio-o", "uses": ["stunt", "dub"]},
            "prospective",
            "new uses by this studio for stunts and dubbing",
            id="some uses of a studio",
        ),
        pytest.param(
            {"all_members": True}, "prospective", "new uses of its members", id="all members"
        ),
        pytest.param(
            {"agreement": "sag-aftra/tv-theatrical", "work": "nova-1"},
            "prospective",
            "new uses in Nova under ",
            id="under an agreement",
        ),
    ],
)
def test_a_veto_names_its_union_and_how_far_it_reaches(
    scope: dict[str, Any], timing: str, what: str
) -> None:
    sentence = said(answer(a_veto(scope=scope, timing=timing), NAMED), "D_UNION_VETO")
    assert sentence.startswith(f"Stop. The Guild has vetoed {what}")
    assert "Only the Guild can lift it" in sentence
    for hidden in ("performer-a", "studio-o", "nova-1", "sag-aftra/tv-theatrical", "None"):
        assert hidden not in sentence


def test_a_union_without_a_name_on_record_is_the_union() -> None:
    assert said(answer(a_veto()), "D_UNION_VETO").startswith("Stop. The union has vetoed ")
    acronym: Patch = {"organizations": {"guild": {"name": "SAG-AFTRA"}}}
    sentence = said(answer(a_veto(), acronym), "D_UNION_VETO")
    assert "Only SAG-AFTRA can lift it" in sentence


def test_the_title_of_somebody_elses_work_above_is_not_told() -> None:
    sold: Patch = {"works": {"nova": {"owner_id": "studio-p", "title": "Secret Saga"}}}
    sentence = said(answer(a_veto(), sold), "D_UNION_VETO")
    assert "new uses in a franchise that this one belongs to" in sentence
    assert "Secret" not in sentence


def test_a_work_that_the_question_knows_nothing_of_has_no_title() -> None:
    ended: Patch = {
        "works": {"nova": None},
        "edges": {"nova-1-in-nova": {"valid_to": "2026-11-21T00:00:00Z"}},
    }
    late = datetime(2026, 11, 22, tzinfo=UTC)
    sentence = said(answer(a_veto(), ended, at=late), "D_UNION_VETO")
    assert "new uses in a work that this one belongs to" in sentence


def test_a_narrowed_veto_says_what_it_reaches_now() -> None:
    smaller = {"work": "nova", "uses": ["stunt"]}
    narrowed = a_veto(narrowings=[{"at": "2026-11-20T13:00:00Z", "scope": smaller}])
    later = answer(narrowed, at=NOON.replace(hour=13))
    assert "new uses in Nova for stunts since" in said(later, "D_UNION_VETO")
    assert "for stunts" not in said(answer(narrowed, at=NOON), "D_UNION_VETO")


WIDE = {"scope": {"all_members": True}, "wide": True}
BINDING = WIDE | {"basis": "TT-32"}


@pytest.mark.parametrize(
    ("changes", "at", "why"),
    [
        pytest.param(
            BINDING,
            NOON,
            "It waits for a second officer, so it stops nothing yet.",
            id="no second",
        ),
        pytest.param(
            WIDE,
            NOON,
            "It rests on nothing that binds this studio, so it stops nothing.",
            id="no second, and rules that the studio has not accepted",
        ),
        pytest.param(
            WIDE | {"effect": "flag", "seconded_at": "2026-11-20T12:00:00Z"},
            NOON,
            "It rests on nothing that binds this studio, so it stops nothing.",
            id="a flag from the start, for want of what binds",
        ),
        pytest.param(
            BINDING | {"emergency": True},
            NOON.replace(day=21),
            "No second officer confirmed it within a day, so it stops nothing.",
            id="an emergency without a second",
        ),
        pytest.param(
            WIDE | {"seconded_at": "2026-11-20T12:00:00Z"},
            NOON,
            "It rests on nothing that binds this studio, so it stops nothing.",
            id="rules that the studio has not accepted",
        ),
        pytest.param(
            {"review_by": "2026-11-19"},
            NOON,
            "Its review date is over, so it stops nothing.",
            id="lapsed",
        ),
    ],
)
def test_a_veto_that_only_flags_says_why(changes: dict[str, Any], at: datetime, why: str) -> None:
    decision = answer(ESTIMATE, a_veto(**changes), NAMED, at=at)
    assert decision.outcome == "allow_with_obligations"
    sentence = said(decision, "W_VETO_FLAG")
    assert sentence.startswith("Note: the Guild has flagged new uses ")
    assert sentence.endswith(why)


def test_a_wide_veto_binds_a_studio_that_accepted_the_rules_or_whose_agreement_says_so() -> None:
    wide = WIDE | {"seconded_at": "2026-11-20T12:00:00Z"}
    accepted: Patch = {"organizations": {"studio-o": {"registry_rules_accepted_on": "2026-11-20"}}}
    assert answer(a_veto(**wide), accepted).outcome == "deny"
    late: Patch = {"organizations": {"studio-o": {"registry_rules_accepted_on": "2026-11-21"}}}
    assert answer(ESTIMATE, a_veto(**wide), late).outcome == "allow_with_obligations"
    assert answer(a_veto(**(wide | {"basis": "TT-32"}))).outcome == "deny"
    assert answer(ESTIMATE, a_veto(**(wide | {"basis": "TT-99"}))).outcome != "deny"


def test_while_an_appeal_is_open_the_veto_says_so_and_not_before() -> None:
    appeal = {"id": "a-1", "by": "studio-o", "at": "2026-11-20T13:00:00Z"}
    veto = a_veto(state="appealed", appeals=[appeal])
    assert "an appeal is open" in said(answer(veto, at=NOON.replace(hour=13)), "D_UNION_VETO")
    assert "the studio can appeal until" in said(answer(veto, at=NOON), "D_UNION_VETO")


def test_an_appeal_is_offered_only_while_its_time_runs() -> None:
    def offers(at: datetime) -> list[str]:
        found = answer(a_veto(), at=at).reasons
        return [way.who for r in found if r.code == "D_UNION_VETO" for way in r.unblock]

    (found,) = (r for r in answer(a_veto(), at=NOON).reasons if r.code == "D_UNION_VETO")
    ways = found.wire()["unblock"]
    assert isinstance(ways, list)
    assert [way["by"] for way in ways] == ["", "2026-12-04"]
    assert offers(NOON) == ["union", "studio"]
    assert offers(datetime(2027, 1, 20, 12, tzinfo=UTC)) == ["union"]


def test_each_appeals_once() -> None:
    appeal = {"id": "a", "by": "studio-o", "at": "2026-11-20T13:00:00Z"}
    decided = appeal | {"decided_at": "2026-11-20T14:00:00Z", "outcome": "upheld"}
    for appeals, words, ways in (
        ([], "the studio can appeal until", 2),
        ([appeal], "an appeal is open", 1),
        ([decided], "what the studio could appeal was decided", 1),
        ([decided | {"by": "studio-p"}], "the studio can appeal until", 2),
    ):
        decision = answer(ESTIMATE, a_veto(appeals=appeals), NAMED, at=NOON.replace(hour=15))
        (reason,) = [r for r in decision.reasons if r.code == "D_UNION_VETO"]
        assert words in reason.sentence
        assert len(reason.unblock) == ways
