"""Standing instructions in decisions: what stands against a yes, and what only is told."""

from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from app.rules.facts import Instruction
from app.rules.instructions import in_force, matches, words
from tests.rules.worlds import ESTIMATE, NOON, Patch, answer, case, names

BEFORE, AFTER = "2026-07-14T12:00:00Z", "2026-07-16T12:00:00Z"
UNASKED: Patch = {"grants": {"a-nova-1": None}}


def said(say: str, at: str = BEFORE, **about: Any) -> Patch:
    document = {"performer_id": "performer-a", "say": say, "starts_at": at, **about}
    return {"instructions": {"said": document}}


def cases() -> list[ParameterSet]:
    despite, despite_before = _despite(AFTER), _despite(BEFORE)
    yes, no = "allow_with_obligations", "deny"
    never = said("never", use="stunt")
    return [
        case("never-before-the-yes", [ESTIMATE, never], {}, no, "D_STANDING_NO"),
        case(
            "never-after-the-yes",
            [ESTIMATE, said("never", AFTER, use="stunt")],
            {},
            yes,
            "",
            "D_STANDING_NO",
        ),
        case("set-aside", [ESTIMATE, never, despite], {}, yes, "", "D_STANDING_NO"),
        case(
            "set-aside-before-it-was-said",
            [ESTIMATE, said("never", "2026-07-15T12:00:00Z", use="stunt"), despite_before],
            {},
            no,
            "D_STANDING_NO",
        ),
        case("of-somebody-else", [ESTIMATE, _other(never)], {}, yes, "", "D_STANDING_NO"),
        case(
            "no-consent-needed",
            [said("never", use="alter")],
            {"use": "alter", "exemptions": [{"code": "routine_post", "category": "noise"}]},
            "allow",
            "",
            "D_STANDING_NO",
        ),
        case("never-and-nobody-asked", [UNASKED, never], {}, no, "D_STANDING_NO D_NO_CONSENT"),
        case(
            "never-to-content-and-nobody-asked",
            [UNASKED, said("never", tag="nudity")],
            {"description": None},
            no,
            "D_NO_CONSENT",
            "A_CONTENT_NOT_STATED D_STANDING_NO",
        ),
        case(
            "always-is-no-consent",
            [UNASKED, said("always", use="stunt", tag="aerial")],
            {},
            no,
            "D_NO_CONSENT W_STANDING_YES",
        ),
        case("ask-me", [UNASKED, said("ask_me", use="stunt")], {}, no, "W_STANDING_ASK"),
        case(
            "ask-me-about-something-else",
            [UNASKED, said("ask_me", use="dub")],
            {},
            no,
            "D_NO_CONSENT",
            "W_STANDING_ASK",
        ),
        case(
            "always-and-signed",
            [ESTIMATE, said("always", use="stunt")],
            {},
            yes,
            "",
            "W_STANDING_YES",
        ),
    ]


def _other(patch: Patch) -> Patch:
    document = {**patch["instructions"]["said"], "performer_id": "performer-b"}
    return {"instructions": {"said": document}}


def _despite(at: str) -> Patch:
    return {"grants": {"a-nova-1": {"signature": {"despite_instructions_at": at}}}}


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), cases())
def test_what_was_said_in_advance(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)


def test_content_that_nobody_stated_waits_where_a_yes_would_else_count() -> None:
    unstated: Patch = {"works": {"nova-1": {"content_tags": None}}}
    found = answer(ESTIMATE, said("never", tag="nudity"), unstated, description=None)
    asked = [
        r for r in found.reasons if r.code == "A_CONTENT_NOT_STATED" and "nudity" in r.sentence
    ]
    assert asked


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"use": "stunt"}, "stunts"),
        ({"tag": "simulated_sex"}, "simulated sex"),
        ({"use": "de_age", "tag": "nudity"}, "changing their age with nudity"),
        ({}, "any use"),
    ],
)
def test_what_an_instruction_is_about_reads_in_a_sentence(about: dict[str, Any], told: str) -> None:
    assert words(Instruction("i", "ada", "never", NOON, **about)) == told


def test_an_instruction_is_in_force_from_when_it_was_said_until_it_is_taken_back() -> None:
    never = Instruction("i", "ada", "never", NOON, use="stunt")
    assert in_force([never], "ada", NOON) == (never,)
    assert in_force([never], "bea", NOON) == ()
    ended = Instruction("i", "ada", "never", NOON, ends_at=NOON, use="stunt")
    assert in_force([ended], "ada", NOON) == ()
    assert matches(never, "stunt", None) is True
    assert matches(never, "dub", None) is False
