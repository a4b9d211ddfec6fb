"""The runner itself: a runner that lets something pass would make every vector say yes."""

from typing import Any

import pytest

from app.agreements import load_packs
from app.rules.facts import Grant
from app.rules.terms import Money
from app.rules.vectors import (
    Difference,
    answered,
    compared,
    documents,
    in_vector_terms,
    merged,
    missing_packs,
    run_vector,
    stray_members,
)

PACKS = load_packs()
Json = dict[str, Any]
TVT = "sag-aftra/tv-theatrical"


def a_vector(**members: object) -> Json:
    world = {
        "organizations": {
            "studio-o": {"kind": "studio"},
            "guild": {"kind": "union", "agreements": [TVT]},
        },
        "signatories": {
            "o-tv": {
                "organization_id": "studio-o",
                "union_id": "guild",
                "agreement": TVT,
                "starts_on": "2023-11-09",
            }
        },
        "performers": {"ada": {"adult_from": "2010-01-01"}},
        "works": {"nova-1": {"kind": "film", "owner_id": "studio-o", "agreement": TVT}},
        "grants": {
            "g-1": {
                "version": 1,
                "performer_id": "ada",
                "grantee_id": "studio-o",
                "state": "offered",
            }
        },
    }
    return {
        "id": "v",
        "title": "v",
        "packs": {TVT: ["2026"]},
        "world": world,
        "at": "2026-11-21T12:00:00Z",
        "expect": {},
        **members,
    }


# The examples of RFC 7396, appendix A, whose patch is an object.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_is_merged_as_the_standard_says(target: Json, patch: Json, result: Json) -> None:
    assert merged(target, patch) == result


def test_what_a_merge_was_made_from_stays_as_it_was() -> None:
    target = {"a": {"b": "c"}}
    merged(target, {"a": {"b": "d"}})
    assert target == {"a": {"b": "c"}}


def test_the_id_of_a_document_is_the_name_that_it_stands_under() -> None:
    assert list(documents({"performers": {"ada": {}}})) == [("performers", {"id": "ada"})]


def test_a_work_day_has_no_id_and_gets_none() -> None:
    ((_, day),) = documents({"work_days": {"one": {"work_id": "w", "day": "2026-11-21"}}})
    assert day == {"work_id": "w", "day": "2026-11-21"}


def test_what_may_be_null_and_is_not_said_is_null() -> None:
    ((_, pause),) = documents({"suspensions": {"p": {"performer_id": "ada"}}})
    assert pause["grant_id"] is None


@pytest.mark.parametrize(
    ("world", "says"),
    [
        pytest.param({"actors": {}}, "unknown kind of fact `actors`", id="kind"),
        pytest.param({"works": {"w": {"titel": "W"}}}, "no member `titel`", id="member"),
        pytest.param(
            {"grants": {"g": {"scope": {"use": []}}}}, "no member `scope.use`", id="inner member"
        ),
        pytest.param(
            {"grants": {"g": {"exclusions": [{"axes": "tag"}]}}},
            "no member `exclusions.axes`",
            id="member in a list",
        ),
    ],
)
def test_a_misspelt_world_is_refused(world: Json, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        list(documents(world))


def test_every_stray_member_is_named() -> None:
    stray = {"descripton": {}, "scope": {"use": [], "modes": ""}}
    assert list(stray_members(Grant, stray)) == ["descripton", "scope.use", "scope.modes"]


def test_null_and_money_hold_no_documents() -> None:
    terms = {"signature": None, "pay": {"amount": Money(1, "USD").wire()}}
    assert list(stray_members(Grant, terms)) == []


def test_a_misspelt_question_is_refused() -> None:
    check = {"performer": "ada", "work": "nova-1", "use": "stunt", "shots": "sc1"}
    with pytest.raises(ValueError, match="`shots`"):
        answered(a_vector(check=check), PACKS)


@pytest.mark.parametrize(
    ("expect", "got", "pointers"),
    [
        pytest.param({}, {"outcome": "deny"}, [], id="nothing is asserted"),
        pytest.param({"outcome": "deny"}, {"outcome": "deny"}, [], id="the same"),
        pytest.param(
            {"outcome": "allow"}, {"outcome": "deny"}, ["/expect/outcome"], id="another outcome"
        ),
        pytest.param({"class": "X"}, {}, ["/expect/class"], id="absent"),
        pytest.param({"amounts": None}, {"amounts": None}, [], id="no amounts"),
        pytest.param(
            {"amounts": None}, {"amounts": {"gross": 1}}, ["/expect/amounts"], id="some amounts"
        ),
        pytest.param(
            {"amounts": {"gross": 1}}, {"amounts": {"gross": 1, "total": 2}}, [], id="one amount"
        ),
        pytest.param(
            {"amounts": {"gross": 1}}, {"amounts": None}, ["/expect/amounts"], id="amount missing"
        ),
        pytest.param({"do_now": ["b", "a"]}, {"do_now": ["a", "b"]}, [], id="in any order"),
        pytest.param({"do_now": ["a"]}, {}, ["/expect/do_now"], id="a duty is missing"),
        pytest.param(
            {"owed_later": []}, {"owed_later": ["a"]}, ["/expect/owed_later"], id="a duty too many"
        ),
        pytest.param({"reasons": []}, {"reasons": []}, [], id="no reasons"),
        pytest.param(
            {"reasons": [{"code": "A"}]}, {"reasons": []}, ["/expect/reasons/0"], id="reason absent"
        ),
        pytest.param(
            {"reasons": []}, {"reasons": [{"code": "A"}]}, ["/expect/reasons"], id="one too many"
        ),
        pytest.param(
            {"reasons": [{"code": "A", "rule": "R"}]},
            {"reasons": [{"code": "A", "rule": "S"}]},
            ["/expect/reasons/0"],
            id="of another rule",
        ),
        pytest.param(
            {"reasons": [{"code": "A", "facts": {"n": 1}}]},
            {"reasons": [{"code": "A", "facts": {"n": 1, "m": 2}}]},
            [],
            id="some facts",
        ),
        pytest.param(
            {"reasons": [{"code": "A"}]},
            {"reasons": [{"code": "A"}, {"code": "A"}]},
            ["/expect/reasons"],
            id="the same twice",
        ),
    ],
)
def test_what_is_asserted_and_comes_otherwise_differs(
    expect: Json, got: Json, pointers: list[str]
) -> None:
    assert [one.pointer for one in compared("v", expect, got)] == pointers


def test_a_difference_shows_the_reason_that_came_nearest() -> None:
    got = {"reasons": [{"code": "A", "rule": "S", "facts": {}}]}
    expect = {"reasons": [{"code": "A", "rule": "R"}]}
    (difference,) = compared("v", expect, got)
    wanted = {"code": "A", "rule": "R"}
    assert difference == Difference("v", "/expect/reasons/0", wanted, {"code": "A", "rule": "S"})


def test_an_answer_about_nobody_has_neither_class_nor_amounts() -> None:
    decision = {"outcome": "needs_action", "class": "", "amounts": {}, "reasons": []}
    decision["not_known"] = []
    got = in_vector_terms(decision)
    assert (got["class"], got["amounts"]) == (None, None)


def test_packs_that_a_vector_names_and_that_are_not_there_are_named() -> None:
    vector = a_vector(packs={TVT: ["2026", "2041"], "nobody/stage": ["1"]})
    assert missing_packs(vector, PACKS) == [f"{TVT}@2041", "nobody/stage@1"]


VETO = {
    "kind": "policy",
    "basis": "RG-03",
    "authority": "National board",
    "scope": {"work": "nova-1"},
    "reason": "Two requests were not answered.",
    "review_by": "2027-02-18",
}


@pytest.mark.parametrize(
    ("union", "body", "expect"),
    [
        pytest.param("guild", VETO, {"status": 201}, id="a veto in order"),
        pytest.param(
            "guild",
            VETO | {"review_by": None},
            {"status": 422, "rule": "RG-04", "fields": ["review_by"]},
            id="no review date",
        ),
        pytest.param("studio-o", VETO, {"status": 409}, id="a union without standing"),
    ],
)
def test_a_veto_is_put_to_the_rules(union: str, body: Json, expect: Json) -> None:
    act = {
        "name": "vetoes.issue",
        "by": {"role": "union_officer", "organization": union},
        "body": body,
    }
    assert run_vector(a_vector(act=act, expect=expect), PACKS) == []


@pytest.mark.parametrize(
    ("by", "expect"),
    [
        pytest.param({"role": "performer", "performer": "ada"}, {"status": 201}, id="performer"),
        pytest.param(
            {"role": "studio_clearance", "organization": "studio-o"},
            {"status": 403, "rule": "RG-13"},
            id="studio",
        ),
    ],
)
def test_an_acceptance_is_put_to_the_rules(by: Json, expect: Json) -> None:
    act = {"name": "grants.accept", "by": by, "grant": "g-1"}
    assert run_vector(a_vector(act=act, expect=expect), PACKS) == []
