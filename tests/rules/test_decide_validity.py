"""How a yes has to be given, by whom, and what death and coming of age make of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rules.worlds import (
    DEAD,
    ESTIMATE,
    NO_AGREEMENT,
    NO_GRANT,
    Patch,
    answer,
    case,
    names,
)

NOON_SHARP = "2026-11-21T12:00:00Z"
CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


# Form, signature and identity.
for form, outcome in (
    ({"separate_sign": "initial"}, "allow_with_obligations"),
    ({"separate_sign": "none"}, "deny"),
    ({"clear_and_conspicuous": False}, "deny"),
    ({"written": False}, "deny"),
):
    named = "D_FORM_NOT_SEPARATE" if outcome == "deny" else "O_PAY"
    add(f"form {form}", [ESTIMATE, {"grants": {"a-nova-1": {"form": form}}}], {}, outcome, named)
for signature, outcome, code in (
    ({"by": "studio"}, "deny", "D_SIGNER"),
    ({"by": "somebody"}, "deny", "D_SIGNER"),
    ({"by": "guardian"}, "deny", "D_SIGNER"),
    ({"by": "estate"}, "deny", "D_SIGNER"),
    ({"by": "union"}, "deny", "D_SIGNER"),
    ({"method": "paper"}, "allow_with_obligations", "W_PAPER_NOT_CONFIRMED"),
    ({"disputed_at": "2026-10-01T00:00:00Z"}, "needs_action", "A_SIGNATURE_DISPUTED"),
):
    add(
        f"signature {signature}",
        [ESTIMATE, {"grants": {"a-nova-1": {"signature": signature}}}],
        {},
        outcome,
        code,
    )
add(
    "paper that the performer confirmed",
    [
        ESTIMATE,
        {
            "grants": {
                "a-nova-1": {
                    "signature": {"method": "paper", "confirmed_at": "2026-08-01T00:00:00Z"}
                }
            }
        },
    ],
    {},
    "allow_with_obligations",
    "O_PAY",
    "W_PAPER_NOT_CONFIRMED",
)
GUARDIAN: Patch = {
    "representations": {
        "p": {
            "performer_id": "performer-a",
            "representative_id": "x",
            "kind": "guardian",
            "powers": ["sign"],
            "verified_by": "r",
        }
    },
    "grants": {"a-nova-1": {"signature": {"by": "guardian"}}},
}
add(
    "a guardian whose right is proven",
    [ESTIMATE, GUARDIAN, {"performers": {"performer-a": {"adult_from": "2030-01-01"}}}],
    {},
    "allow_with_obligations",
    "O_PAY",
)
add(
    "come of age since",
    [ESTIMATE, GUARDIAN, {"performers": {"performer-a": {"adult_from": "2026-09-01"}}}],
    {},
    "needs_action",
    "A_OWN_CONSENT",
)
add(
    "come of age since, and said yes again themselves",
    [
        ESTIMATE,
        GUARDIAN,
        {"performers": {"performer-a": {"adult_from": "2026-09-01"}}},
        {"grants": {"a-nova-1": {"own_yes_at": "2026-09-02T12:00:00Z"}}},
    ],
    {},
    "allow_with_obligations",
    "O_PAY",
    "A_OWN_CONSENT",
)
add(
    "a minor who signed alone",
    [ESTIMATE, {"performers": {"performer-a": {"adult_from": "2030-01-01"}}}],
    {},
    "needs_action",
    "A_GUARDIAN",
)
add(
    "asked to stop without the right to yet",
    [ESTIMATE, {"grants": {"a-nova-1": {"withdrawal_asked_at": "2026-11-01T00:00:00Z"}}}],
    {},
    "allow_with_obligations",
    "W_WITHDRAWAL_ASKED",
)
# Death.
add("silent on death, no agreement", [NO_AGREEMENT, DEAD], {}, "deny", "D_DECEASED_NO_AUTH")
add(
    "said that it survives",
    [
        NO_AGREEMENT,
        DEAD,
        {"grants": {"a-nova-1": {"posthumous": "survives", "pay": {"kind": "none"}}}},
    ],
    {},
    "allow",
    "O_NOTIFY",
)
add("dead and nobody asked", [DEAD, NO_GRANT], {}, "deny", "D_DECEASED_NO_AUTH", "D_NO_CONSENT")
SEARCHED: Patch = {
    "attestations": {"q": {"kind": "representative_search", "at": "2026-11-10T00:00:00Z"}}
}
add(
    "dead and nobody found",
    [DEAD, NO_GRANT, SEARCHED],
    {},
    "needs_action",
    "A_UNION_POSTHUMOUS",
    "D_DECEASED_NO_AUTH",
)
add(
    "dead, nobody found, and asked in life for this",
    [DEAD, SEARCHED, {"grants": {"a-nova-1": {"state": "offered", "signature": None}}}],
    {},
    "needs_action",
    "A_UNION_POSTHUMOUS",
    "D_NO_CONSENT",
)
FOR_LIFE: Patch = {"grants": {"a-nova-1": {"posthumous": "life_only"}}}
ELSEWHERE: Patch = {"grants": {"a-nova-1": {"scope": {"works": ["other"]}}}}
add(
    "dead, nobody found, and a yes in life to another work",
    [DEAD, SEARCHED, FOR_LIFE, ELSEWHERE],
    {},
    "needs_action",
    "A_UNION_POSTHUMOUS",
    "D_SCOPE_WORK",
)
TAKEN_BACK: Patch = {
    "grants": {"a-nova-1": {"state": "revoked", "revoked_from": "2026-09-01T00:00:00Z"}}
}
add(
    "dead, nobody found, and taken back in life",
    [DEAD, SEARCHED, FOR_LIFE, TAKEN_BACK],
    {},
    "deny",
    "D_REVOKED",
    "A_UNION_POSTHUMOUS",
)
REFUSED: Patch = {
    "grants": {
        "a-nova-1": {
            "state": "declined",
            "signature": None,
            "declined_at": "2026-09-01T00:00:00Z",
        }
    }
}
add(
    "dead, nobody found, and refused in life",
    [DEAD, SEARCHED, REFUSED],
    {},
    "deny",
    "D_DECLINED",
    "A_UNION_POSTHUMOUS",
)
ESTATE: Patch = {
    "representations": {
        "p": {
            "performer_id": "performer-a",
            "representative_id": "x",
            "kind": "executor",
            "powers": ["sign"],
            "verified_by": "r",
        }
    }
}
add(
    "dead, nobody found, and an estate proven",
    [DEAD, NO_GRANT, SEARCHED, ESTATE],
    {},
    "deny",
    "D_DECEASED_NO_AUTH",
    "A_UNION_POSTHUMOUS",
)
add(
    "the estate signed",
    [
        DEAD,
        ESTATE,
        ESTIMATE,
        {"grants": {"a-nova-1": {"signature": {"by": "estate", "at": "2026-11-10T00:00:00Z"}}}},
    ],
    {},
    "allow_with_obligations",
    "O_PAY",
)
add(
    "the union signed although an estate is proven",
    [
        DEAD,
        ESTATE,
        {"grants": {"a-nova-1": {"signature": {"by": "union", "at": "2026-11-10T00:00:00Z"}}}},
    ],
    {},
    "deny",
    "D_SIGNER",
)

LATE = "2026-11-10T12:00:00Z"
BY_UNION: Patch = {"grants": {"a-nova-1": {"signature": {"by": "union", "at": LATE}}}}
BY_ESTATE: Patch = {"grants": {"a-nova-1": {"signature": {"by": "estate", "at": LATE}}}}
add(
    "the union signed for the dead, after a search",
    [DEAD, SEARCHED, ESTIMATE, BY_UNION],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SIGNER",
)
add("the union signed for the dead without a search", [DEAD, BY_UNION], {}, "deny", "D_SIGNER")
add(
    "the union signed for the dead before the search",
    [DEAD, BY_UNION, {"attestations": {"q": {**SEARCHED["attestations"]["q"], "at": NOON_SHARP}}}],
    {},
    "deny",
    "D_SIGNER",
)
NO_STANDING: Patch = {
    "organizations": {"guild": {"agreements": []}},
    "memberships": {"performer-a-guild": None},
    "signatories": {"studio-o-tv": {"union_id": None}},
    "engagements": {"a-on-nova-1": {"union_id": None}},
}
add(
    "no union with standing",
    [DEAD, SEARCHED, BY_UNION, NO_STANDING],
    {},
    "deny",
    "D_SIGNER",
)
add("the union signed for the living", [SEARCHED, BY_UNION], {}, "deny", "D_SIGNER")
add("a proven estate of the living", [ESTATE, BY_ESTATE], {}, "deny", "D_SIGNER")
add(
    "an estate that signed before the death",
    [{"performers": {"performer-a": {"died_on": "2026-11-12"}}}, ESTATE, BY_ESTATE],
    {},
    "deny",
    "D_SIGNER",
)
add(
    "signed by the performer after death",
    [DEAD, {"grants": {"a-nova-1": {"signature": {"at": LATE}}}}],
    {},
    "deny",
    "D_SIGNER",
)
add(
    "signed by the performer on the day of death",
    [
        ESTIMATE,
        {"performers": {"performer-a": {"died_on": "2026-11-10"}}},
        {"grants": {"a-nova-1": {"signature": {"at": LATE}, "posthumous": "survives"}}},
    ],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SIGNER",
)
LATER_PROVEN: Patch = {
    "representations": {
        "p": {
            "performer_id": "performer-a",
            "representative_id": "x",
            "kind": "executor",
            "powers": ["sign"],
            "verified_by": "r",
            "verified_at": "2026-11-15T12:00:00Z",
            "stated_at": "2026-11-15T12:00:00Z",
        }
    }
}
OWN_YES: Patch = {"grants": {"a-nova-1": {"own_yes_at": "2026-11-16T12:00:00Z"}}}
add(
    "the union signed, and an estate was proven since",
    [DEAD, SEARCHED, ESTIMATE, BY_UNION, LATER_PROVEN],
    {},
    "needs_action",
    "A_ESTATE_CONSENT",
    "D_SIGNER",
)
add(
    "the union signed, and an estate was proven at the same instant",
    [
        DEAD,
        SEARCHED,
        ESTIMATE,
        BY_UNION,
        LATER_PROVEN,
        {"grants": {"a-nova-1": {"signature": {"at": "2026-11-15T12:00:00Z"}}}},
    ],
    {},
    "needs_action",
    "A_ESTATE_CONSENT",
    "D_SIGNER",
)
add(
    "the union signed, an estate was proven since, and asked of a day before that",
    [DEAD, SEARCHED, ESTIMATE, BY_UNION, LATER_PROVEN],
    {"at": datetime(2026, 11, 15, 11, 59, 59, tzinfo=UTC)},
    "allow_with_obligations",
    "O_PAY",
    "A_ESTATE_CONSENT",
)
add(
    "the estate said yes to what the union had signed",
    [DEAD, SEARCHED, ESTIMATE, BY_UNION, LATER_PROVEN, OWN_YES],
    {},
    "allow_with_obligations",
    "O_PAY",
    "A_ESTATE_CONSENT",
)
add(
    "another union signed than the one with standing",
    [
        DEAD,
        SEARCHED,
        BY_UNION,
        {"grants": {"a-nova-1": {"signature": {"organization_id": "lodge"}}}},
    ],
    {},
    "deny",
    "D_SIGNER",
)
add(
    "a later search takes nothing from what was signed on an earlier one",
    [
        DEAD,
        SEARCHED,
        ESTIMATE,
        BY_UNION,
        {"attestations": {"r": {"kind": "representative_search", "at": "2026-11-18T00:00:00Z"}}},
    ],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SIGNER",
)
RIVAL: Patch = {
    "representations": {
        "q": {
            "performer_id": "performer-a",
            "representative_id": "y",
            "kind": "estate",
            "document_hash": "other",
            "stated_at": "2026-11-18T12:00:00Z",
        }
    }
}
add(
    "rivals for the estate, and what one of them had signed before",
    [DEAD, ESTATE, RIVAL, ESTIMATE, BY_ESTATE],
    {},
    "allow_with_obligations",
    "W_ESTATE_CONTESTED",
    "D_SIGNER",
)
add(
    "what is owed while rivals contest the estate",
    [DEAD, ESTATE, RIVAL, ESTIMATE, BY_ESTATE],
    {},
    "allow_with_obligations",
    "O_KEEP_FOR_ESTATE",
)
add(
    "what is owed to a proven estate",
    [DEAD, ESTATE, ESTIMATE, BY_ESTATE],
    {},
    "allow_with_obligations",
    "O_PAY",
    "O_KEEP_FOR_ESTATE",
)
add(
    "signed by an estate after it was given up",
    [
        DEAD,
        {"representations": {"p": {**ESTATE["representations"]["p"], "withdrawn_at": LATE}}},
        BY_ESTATE,
    ],
    {},
    "deny",
    "D_SIGNER",
)
UNKNOWN_AGE: Patch = {"performers": {"performer-a": {"adult_from": None}}}
add("nobody knows whether of age", [ESTIMATE, UNKNOWN_AGE], {}, "needs_action", "A_FACT_NEEDED")
add(
    "a guardian for somebody of unknown age",
    [ESTIMATE, GUARDIAN, UNKNOWN_AGE],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)

add(
    "no description",
    [{"grants": {"a-nova-1": {"description": {"text": " "}}}}],
    {},
    "deny",
    "D_DESC_MISSING",
)


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)


def test_the_dead_are_told_of_whoever_may_speak_for_them() -> None:
    for worlds, who in (([DEAD, BY_UNION], "estate"), ([BY_UNION], "performer")):
        (reason,) = [r for r in answer(*worlds).reasons if r.code == "D_SIGNER"]
        assert [way.who for way in reason.unblock] == [who]
