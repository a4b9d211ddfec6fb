"""Which grants cover a use, and what misses where none does."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rules.worlds import ESTIMATE, NO_GRANT, NOON, Patch, answer, case, grant, names

CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


add("unknown work", [], {"work": "x"}, "needs_action", "A_IDENTITY", "O_NOTIFY")
add("unknown performer", [], {"performer": "x"}, "needs_action", "A_IDENTITY", "O_NOTIFY")
add("unknown producer", [], {"producer": "x"}, "needs_action", "A_IDENTITY")
add("unknown replica", [], {"replica": "x"}, "needs_action", "A_IDENTITY")
add("nobody named", [], {"performer": None}, "needs_action", "A_IDENTITY")
add(
    "a replica of somebody else",
    [{"replicas": {"r": {"performer_id": "performer-b"}}}],
    {"replica": "r"},
    "needs_action",
    "A_IDENTITY",
)
add(
    "the owner is the producer where none is named",
    [ESTIMATE],
    {"producer": None},
    "allow_with_obligations",
    "O_PAY",
)
add("nobody asked", [NO_GRANT], {}, "deny", "D_NO_CONSENT A_DAYS_ESTIMATE", "A_TERMS")
for state, code in (
    ("offered", "D_NO_CONSENT"),
    ("signed", "D_NOT_IN_FORCE"),
    ("union_review", "D_NOT_IN_FORCE"),
):
    add(f"grant {state}", [{"grants": {"a-nova-1": {"state": state}}}], {}, "deny", code)
add(
    "grant without signature",
    [{"grants": {"a-nova-1": {"signature": None}}}],
    {},
    "deny",
    "D_NO_CONSENT",
)
add(
    "declined",
    [{"grants": {"a-nova-1": {"state": "declined", "declined_at": "2026-08-01T00:00:00Z"}}}],
    {},
    "deny",
    "D_DECLINED",
    "D_NO_CONSENT",
)
add("void", [{"grants": {"a-nova-1": {"state": "void"}}}], {}, "deny", "D_VOID")
add("revoked", [{"grants": {"a-nova-1": {"state": "revoked"}}}], {}, "deny", "D_REVOKED")
add(
    "signed later than asked",
    [{"grants": {"a-nova-1": {"signature": {"at": "2027-01-01T00:00:00Z"}}}}],
    {},
    "deny",
    "D_NOT_YET",
)
add(
    "superseded grants say nothing",
    [{"grants": {"a-nova-1": {"state": "superseded"}}}],
    {},
    "deny",
    "D_NO_CONSENT",
)
add(
    "somebody else's grant says nothing",
    [{"grants": {"a-nova-1": {"grantee_id": "guild"}}}],
    {},
    "deny",
    "D_NO_CONSENT",
)
for name, scope, asked, code in (
    ("over", {"ends_on": "2026-11-20"}, {}, "D_EXPIRED"),
    ("not begun", {"starts_on": "2026-11-22"}, {}, "D_NOT_YET"),
    ("use", {"uses": ["crowd"]}, {}, "D_SCOPE_USE"),
    ("no use", {"uses": []}, {}, "D_SCOPE_USE"),
    ("work", {"works": ["other"]}, {}, "D_SCOPE_WORK"),
    ("medium", {"media": ["theatrical"]}, {"media": ["game"]}, "D_SCOPE_MEDIUM"),
    ("territory", {"territories": ["US"]}, {"territories": ["US", "FR"]}, "D_SCOPE_TERRITORY"),
    ("language", {"languages": ["en"]}, {"languages": ["fr"]}, "D_SCOPE_LANGUAGE"),
    ("cap of uses", {"max_uses": 0}, {}, "D_CAP_REACHED"),
    ("cap of seconds", {"max_seconds": 5}, {"quantity": {"seconds": 6}}, "D_CAP_REACHED"),
    ("real time", {}, {"use": "realtime"}, "D_RTG"),
    ("training", {}, {"use": "train_model"}, "D_TRAINING"),
    ("advertising", {}, {"use": "promo"}, "D_SCOPE_USE"),
):
    add(f"out of scope: {name}", [{"grants": {"a-nova-1": {"scope": scope}}}], asked, "deny", code)
for name, scope in (
    ("medium", {"media": ["theatrical"]}),
    ("territory", {"territories": ["US"]}),
    ("language", {"languages": ["en"]}),
    ("seconds", {"max_seconds": 5}),
):
    add(
        f"a limit of {name} and nothing said",
        [{"grants": {"a-nova-1": {"scope": scope}}}],
        {},
        "needs_action",
        "A_FACT_NEEDED",
    )
add(
    "within every limit",
    [
        ESTIMATE,
        {
            "grants": {
                "a-nova-1": {
                    "scope": {
                        "media": ["game"],
                        "max_uses": 1,
                        "max_seconds": 9,
                        "ends_on": "2026-11-21",
                    }
                }
            }
        },
    ],
    {"media": ["game"], "quantity": {"seconds": 9}},
    "allow_with_obligations",
    "O_PAY",
)
add(
    "scenes and character not said",
    [{"grants": {"a-nova-1": {"description": {"character": "Ada"}}}}],
    {"description": {"scenes": None}},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "another character",
    [{"grants": {"a-nova-1": {"description": {"character": "Ada"}}}}],
    {"description": {"character": "Bea"}},
    "deny",
    "D_DESC_EXCEEDED",
)
add("another scene", [], {"description": {"scenes": ["45", "61"]}}, "deny", "D_DESC_EXCEEDED")
add(
    "content not stated",
    [ESTIMATE],
    {"description": {"tags": None}},
    "needs_action",
    "A_CONTENT_NOT_STATED",
)
add(
    "content stated of the work",
    [ESTIMATE, {"works": {"nova-1": {"content_tags": ["aerial"]}}}],
    {"description": {"tags": None}},
    "allow_with_obligations",
    "O_PAY",
    "A_CONTENT_NOT_STATED",
)
add(
    "another replica",
    [
        {
            "replicas": {
                "r": {"performer_id": "performer-a"},
                "q": {"performer_id": "performer-a"},
            },
            "grants": {"a-nova-1": {"replica_id": "q"}},
        }
    ],
    {"replica": "r"},
    "deny",
    "D_SCOPE_REPLICA",
)
for axis, value in (
    ("work", "nova"),
    ("work", "nova-1"),
    ("use", "stunt"),
    ("tag", "aerial"),
    ("studio", "studio-o"),
):
    add(
        f"excluded by {axis} {value}",
        [{"grants": {"a-nova-1": {"exclusions": [{"axis": axis, "value": value}]}}}],
        {},
        "deny",
        "D_EXCLUDED",
        "D_NO_CONSENT",
    )
add(
    "an exclusion by content that is not stated",
    [
        {
            "grants": {
                "a-nova-1": {
                    "description": {"tags": None},
                    "exclusions": [{"axis": "tag", "value": "nudity"}],
                }
            }
        }
    ],
    {"description": {"tags": None}},
    "needs_action",
    "A_CONTENT_NOT_STATED",
)
add(
    "an exclusion that hits nothing",
    [ESTIMATE, {"grants": {"a-nova-1": {"exclusions": [{"axis": "work", "value": "other"}]}}}],
    {},
    "allow_with_obligations",
    "O_PAY",
)
add(
    "an exclusion outlives the yes it came with",
    [
        {
            "grants": {
                "a-nova-1": {
                    "state": "revoked",
                    "exclusions": [{"axis": "tag", "value": "aerial"}],
                },
                "g": grant(),
            }
        }
    ],
    {},
    "deny",
    "D_EXCLUDED",
)

OFFERED: Patch = {
    "grants": {
        "a-nova-1": {
            "state": "offered",
            "signature": None,
            "offered_at": "2026-11-21T12:00:00Z",
        }
    }
}
DECLINED: Patch = {
    "grants": {
        "a-nova-1": {
            "state": "declined",
            "signature": None,
            "offered_at": "2026-11-20T12:00:00Z",
            "declined_at": "2026-11-21T12:00:00.000001Z",
        }
    }
}


@pytest.mark.parametrize(
    ("world", "moved", "says"),
    [
        (OFFERED, 0, "They were asked and have not answered."),
        (OFFERED, -1, "Nobody has asked them yet."),
        (DECLINED, 0, "They were asked and have not answered."),
        (DECLINED, 1, "was asked and said no"),
        ({"grants": {"a-nova-1": {"signature": None}}}, 0, "was never signed"),
    ],
)
def test_what_is_told_is_what_was_so_at_that_instant(world: Patch, moved: int, says: str) -> None:
    found = answer(world, at=NOON + timedelta(microseconds=moved))
    assert says in found.reasons[0].sentence


def test_a_yes_of_tomorrow_is_none_today() -> None:
    signed: Patch = {"grants": {"a-nova-1": {"signature": {"at": "2026-11-21T12:00:00.000001Z"}}}}
    assert "D_NOT_YET" in answer(signed).codes


add(
    "revoked a moment ago",
    [{"grants": {"a-nova-1": {"revoked_from": "2026-11-21T12:00:00Z"}}}],
    {},
    "deny",
    "D_REVOKED",
)


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)


def test_two_works_of_one_name_are_told_apart() -> None:
    scope = {"works": ["nova"], "mode": "single_work"}
    first = answer({"grants": {"a-nova-1": {"scope": scope}}}).reasons[0]
    assert "They said yes to Nova, not to this film of the same name." in first.sentence
