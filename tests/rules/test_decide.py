"""Decisions, told as the people of the field would: what is asked, and what the answer names."""

import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from app.rules.decide import Decision, decide
from app.rules.decide.table import STEPS
from app.rules.packs import Pack, PackSet, RuleRow
from tests.rules.worlds import (
    ESTIMATE,
    NOON,
    Patch,
    answer,
    check,
    facts,
    grant,
    only_grant,
    packs,
    sources,
)

SPRING_2027 = datetime(2027, 3, 1, 12, tzinfo=UTC)


def amounts(decision: Decision) -> tuple[str, str, str]:
    """Gross, contributions and total, as decimals."""
    found = decision.amounts
    assert found is not None
    return tuple(  # type: ignore[return-value]
        m.wire()["amount"] for m in (found.gross, found.contributions, found.total)
    )


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def pay(kind: str, amount: str | None = None, currency: str = "USD") -> dict[str, Any]:
    money = None if amount is None else {"amount": amount, "currency": currency}
    return {"kind": kind, "amount": money}


def a_session(**changes: object) -> Patch:
    session = {
        "engagement_id": "a-on-nova-1",
        "performer_id": "performer-a",
        "work_id": "nova-1",
        "business_reason": "falls",
        "notice_sent_at": "2026-11-16T09:00:00Z",
        "starts_at": "2026-11-23T09:00:00Z",
        **changes,
    }
    return {
        "capture_sessions": {"s": session},
        "grants": {"a-nova-1": {"scope": {"uses": ["scan"]}}},
    }


def a_veto(**changes: object) -> Patch:
    veto = {
        "union_id": "guild",
        "kind": "policy",
        "basis": "RG-03",
        "authority": "board",
        "scope": {"work": "nova"},
        "effect": "block",
        "timing": "prospective",
        "starts_at": "2026-11-20T12:00:00Z",
        "review_by": "2027-02-18",
        "number": "V-31",
        "reason": "No audit.",
        **changes,
    }
    return {"vetoes": {"v": veto}}


def a_locked_use(at: str = "2026-11-20T11:00:00Z") -> Patch:
    return {
        "uses": {
            "u": {
                "performer_id": "performer-a",
                "work_id": "nova-1",
                "producer_id": "studio-o",
                "use": "stunt",
                "state": "locked",
                "shot": "sc045_010",
                "grant_id": "a-nova-1",
                "locked_at": at,
            }
        }
    }


NO_AGREEMENT: Patch = {
    "signatories": {"studio-o-tv": None},
    "engagements": {"a-on-nova-1": None},
    "works": {"nova-1": {"agreement": None}, "nova": {"agreement": None}},
}
DEAD: Patch = {"performers": {"performer-a": {"died_on": "2026-10-30"}}}
NO_GRANT: Patch = {"grants": {"a-nova-1": None}}
SCAN = {"use": "scan", "capture_session": "s", "shot": None}


# Each case: patches, what is asked, the outcome, codes that are named, codes that are not.
CASES: list[Any] = []


def case(
    id_: str, worlds: list[Patch], asked: Patch, outcome: str, named: str, absent: str = ""
) -> None:
    CASES.append(pytest.param(worlds, asked, outcome, named.split(), absent.split(), id=id_))


case("unknown work", [], {"work": "x"}, "needs_action", "A_IDENTITY", "O_NOTIFY")
case("unknown performer", [], {"performer": "x"}, "needs_action", "A_IDENTITY", "O_NOTIFY")
case("unknown producer", [], {"producer": "x"}, "needs_action", "A_IDENTITY")
case("unknown replica", [], {"replica": "x"}, "needs_action", "A_IDENTITY")
case("nobody named", [], {"performer": None}, "needs_action", "A_IDENTITY")
case(
    "a replica of somebody else",
    [{"replicas": {"r": {"performer_id": "performer-b"}}}],
    {"replica": "r"},
    "needs_action",
    "A_IDENTITY",
)
case(
    "the owner is the producer where none is named",
    [ESTIMATE],
    {"producer": None},
    "allow_with_obligations",
    "O_PAY",
)
case("nobody asked", [NO_GRANT], {}, "deny", "D_NO_CONSENT A_DAYS_ESTIMATE", "A_TERMS")
for state in ("offered", "signed", "union_review"):
    case(f"grant {state}", [{"grants": {"a-nova-1": {"state": state}}}], {}, "deny", "D_NO_CONSENT")
case(
    "grant without signature",
    [{"grants": {"a-nova-1": {"signature": None}}}],
    {},
    "deny",
    "D_NO_CONSENT",
)
case(
    "declined",
    [{"grants": {"a-nova-1": {"state": "declined", "declined_at": "2026-08-01T00:00:00Z"}}}],
    {},
    "deny",
    "D_DECLINED",
    "D_NO_CONSENT",
)
case("void", [{"grants": {"a-nova-1": {"state": "void"}}}], {}, "deny", "D_VOID")
case("revoked", [{"grants": {"a-nova-1": {"state": "revoked"}}}], {}, "deny", "D_REVOKED")
case(
    "signed later than asked",
    [{"grants": {"a-nova-1": {"signature": {"at": "2027-01-01T00:00:00Z"}}}}],
    {},
    "deny",
    "D_NOT_YET",
)
case(
    "superseded grants say nothing",
    [{"grants": {"a-nova-1": {"state": "superseded"}}}],
    {},
    "deny",
    "D_NO_CONSENT",
)
case(
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
    case(f"out of scope: {name}", [{"grants": {"a-nova-1": {"scope": scope}}}], asked, "deny", code)
for name, scope in (
    ("medium", {"media": ["theatrical"]}),
    ("territory", {"territories": ["US"]}),
    ("language", {"languages": ["en"]}),
    ("seconds", {"max_seconds": 5}),
):
    case(
        f"a limit of {name} and nothing said",
        [{"grants": {"a-nova-1": {"scope": scope}}}],
        {},
        "needs_action",
        "A_FACT_NEEDED",
    )
case(
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
case(
    "scenes and character not said",
    [{"grants": {"a-nova-1": {"description": {"character": "Ada"}}}}],
    {"description": {"scenes": None}},
    "needs_action",
    "A_FACT_NEEDED",
)
case(
    "another character",
    [{"grants": {"a-nova-1": {"description": {"character": "Ada"}}}}],
    {"description": {"character": "Bea"}},
    "deny",
    "D_DESC_EXCEEDED",
)
case("another scene", [], {"description": {"scenes": ["45", "61"]}}, "deny", "D_DESC_EXCEEDED")
case(
    "content not stated",
    [ESTIMATE],
    {"description": {"tags": None}},
    "needs_action",
    "A_CONTENT_NOT_STATED",
)
case(
    "content stated of the work",
    [ESTIMATE, {"works": {"nova-1": {"content_tags": ["aerial"]}}}],
    {"description": {"tags": None}},
    "allow_with_obligations",
    "O_PAY",
    "A_CONTENT_NOT_STATED",
)
case(
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
    case(
        f"excluded by {axis} {value}",
        [{"grants": {"a-nova-1": {"exclusions": [{"axis": axis, "value": value}]}}}],
        {},
        "deny",
        "D_EXCLUDED",
        "D_NO_CONSENT",
    )
case(
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
case(
    "an exclusion that hits nothing",
    [ESTIMATE, {"grants": {"a-nova-1": {"exclusions": [{"axis": "work", "value": "other"}]}}}],
    {},
    "allow_with_obligations",
    "O_PAY",
)
case(
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
# Form, signature and identity.
for form, outcome in (
    ({"separate_sign": "initial"}, "allow_with_obligations"),
    ({"separate_sign": "none"}, "deny"),
    ({"clear_and_conspicuous": False}, "deny"),
    ({"written": False}, "deny"),
):
    named = "D_FORM_NOT_SEPARATE" if outcome == "deny" else "O_PAY"
    case(f"form {form}", [ESTIMATE, {"grants": {"a-nova-1": {"form": form}}}], {}, outcome, named)
for signature, outcome, code in (
    ({"by": "studio"}, "deny", "D_SIGNER"),
    ({"by": "somebody"}, "deny", "D_SIGNER"),
    ({"by": "guardian"}, "deny", "D_SIGNER"),
    ({"by": "estate"}, "deny", "D_SIGNER"),
    ({"by": "union"}, "allow_with_obligations", "O_PAY"),
    ({"method": "paper"}, "allow_with_obligations", "W_PAPER_NOT_CONFIRMED"),
    ({"disputed_at": "2026-10-01T00:00:00Z"}, "needs_action", "A_SIGNATURE_DISPUTED"),
):
    case(
        f"signature {signature}",
        [ESTIMATE, {"grants": {"a-nova-1": {"signature": signature}}}],
        {},
        outcome,
        code,
    )
case(
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
case(
    "a guardian whose right is proven",
    [ESTIMATE, GUARDIAN, {"performers": {"performer-a": {"adult_from": "2030-01-01"}}}],
    {},
    "allow_with_obligations",
    "O_PAY",
)
case(
    "come of age since",
    [ESTIMATE, GUARDIAN, {"performers": {"performer-a": {"adult_from": "2026-09-01"}}}],
    {},
    "needs_action",
    "A_OWN_CONSENT",
)
case(
    "a minor who signed alone",
    [ESTIMATE, {"performers": {"performer-a": {"adult_from": "2030-01-01"}}}],
    {},
    "needs_action",
    "A_GUARDIAN",
)
case(
    "asked to stop without the right to yet",
    [ESTIMATE, {"grants": {"a-nova-1": {"withdrawal_asked_at": "2026-11-01T00:00:00Z"}}}],
    {},
    "allow_with_obligations",
    "W_WITHDRAWAL_ASKED",
)
# Death.
case("silent on death, no agreement", [NO_AGREEMENT, DEAD], {}, "deny", "D_DECEASED_NO_AUTH")
case(
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
case("dead and nobody asked", [DEAD, NO_GRANT], {}, "deny", "D_DECEASED_NO_AUTH", "D_NO_CONSENT")
SEARCHED: Patch = {
    "attestations": {"q": {"kind": "representative_search", "at": "2026-11-10T00:00:00Z"}}
}
case(
    "dead and nobody found",
    [DEAD, NO_GRANT, SEARCHED],
    {},
    "needs_action",
    "A_UNION_POSTHUMOUS",
    "D_DECEASED_NO_AUTH",
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
case(
    "dead, nobody found, and an estate proven",
    [DEAD, NO_GRANT, SEARCHED, ESTATE],
    {},
    "deny",
    "D_DECEASED_NO_AUTH",
    "A_UNION_POSTHUMOUS",
)
case(
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
case(
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
# Blocks.
case("a veto", [a_veto()], {}, "deny", "D_UNION_VETO", "W_VETO_ENDS_SOON")
case(
    "a veto of everything",
    [a_veto(scope={"studio": "studio-o"}, timing="full")],
    {},
    "deny",
    "D_UNION_VETO",
)
case(
    "a veto over the person",
    [a_veto(scope={"performer": "performer-a"}, number="")],
    {},
    "deny",
    "D_UNION_VETO",
)
case("a veto over members", [a_veto(scope={"all_members": True})], {}, "deny", "D_UNION_VETO")
case(
    "a veto soon to be reviewed",
    [a_veto(review_by="2026-12-01")],
    {},
    "deny",
    "D_UNION_VETO W_VETO_ENDS_SOON",
)
case(
    "a veto that lapsed",
    [ESTIMATE, a_veto(review_by="2026-11-20")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
    "D_UNION_VETO",
)
case(
    "a veto that waits for its second officer",
    [ESTIMATE, a_veto(state="proposed")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
    "D_UNION_VETO",
)
case("a flag", [ESTIMATE, a_veto(effect="flag")], {}, "allow_with_obligations", "W_VETO_FLAG")
case(
    "a veto that names no authority",
    [ESTIMATE, a_veto(authority="")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
)
case(
    "a policy veto without review",
    [ESTIMATE, a_veto(review_by=None)],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
)
case(
    "locked before the veto",
    [ESTIMATE, a_veto(), a_locked_use()],
    {},
    "allow_with_obligations",
    "W_VETO_PROSPECTIVE",
    "D_UNION_VETO",
)
case(
    "locked before a full veto",
    [a_veto(timing="full"), a_locked_use()],
    {},
    "deny",
    "D_UNION_VETO",
    "W_VETO_PROSPECTIVE",
)
STRIKE = {"kind": "strike", "scope": {"agreement": "sag-aftra/tv-theatrical"}, "basis": "TT-32"}
case("a strike", [a_veto(**STRIKE)], {}, "deny", "D_STRIKE", "D_UNION_VETO")
case(
    "a strike after its review date",
    [a_veto(**STRIKE, review_by="2026-11-20")],
    {},
    "deny",
    "D_STRIKE",
)
case(
    "a strike that only flags",
    [ESTIMATE, a_veto(**STRIKE, effect="flag")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
)
case(
    "a strike, and no consent needed",
    [
        ESTIMATE,
        a_veto(**STRIKE),
        {"attestations": {"x": {"kind": "unrecognisable", "at": "2026-11-01T00:00:00Z"}}},
    ],
    {"exemptions": [{"code": "unrecognisable"}]},
    "allow_with_obligations",
    "E_UNRECOGNISABLE",
    "D_STRIKE",
)
case(
    "a court order",
    [
        {
            "court_orders": {
                "c": {"reference": "26-1", "starts_at": "2026-11-01T00:00:00Z", "work_id": "nova-1"}
            }
        }
    ],
    {},
    "deny",
    "D_COURT_ORDER",
)
PAUSE = {"performer_id": "performer-a", "starts_at": "2026-11-01T00:00:00Z"}
case("paused", [{"suspensions": {"p": {**PAUSE, "grant_id": None}}}], {}, "deny", "D_SUSPENDED")
case(
    "this grant paused",
    [{"suspensions": {"p": {**PAUSE, "grant_id": "a-nova-1"}}}],
    {},
    "deny",
    "D_SUSPENDED",
)
case(
    "this grant paused, another covers",
    [ESTIMATE, {"suspensions": {"p": {**PAUSE, "grant_id": "a-nova-1"}}, "grants": {"g": grant()}}],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SUSPENDED",
)
case(
    "another grant paused",
    [ESTIMATE, {"suspensions": {"p": {**PAUSE, "grant_id": "g"}}}],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SUSPENDED",
)
# Finished work.
EXHIBIT = {"use": "exhibit"}
case(
    "shown after the yes was taken back",
    [a_locked_use(), {"grants": {"a-nova-1": {"state": "revoked"}}}],
    EXHIBIT,
    "allow",
    "OK_RUNOFF",
    "D_REVOKED",
)
case(
    "shown although the grant was void",
    [a_locked_use(), {"grants": {"a-nova-1": {"state": "void"}}}],
    EXHIBIT,
    "deny",
    "D_VOID",
    "OK_RUNOFF",
)
case(
    "shown under a prospective veto",
    [a_locked_use(), a_veto()],
    EXHIBIT,
    "allow",
    "OK_RUNOFF W_VETO_PROSPECTIVE",
)
case(
    "shown under a full veto",
    [a_locked_use(), a_veto(timing="full")],
    EXHIBIT,
    "deny",
    "D_UNION_VETO OK_RUNOFF",
)
case("shown and never locked", [], EXHIBIT, "deny", "D_SCOPE_USE", "OK_RUNOFF")
case(
    "shown though the replica is destroyed",
    [a_locked_use(), {"replicas": {"r": {"performer_id": "performer-a", "state": "destroyed"}}}],
    {**EXHIBIT, "replica": "r"},
    "allow",
    "OK_RUNOFF",
    "D_REPLICA_STATE",
)
# Bars.
MINOR: Patch = {"performers": {"performer-a": {"adult_from": "2030-01-01"}}}
case("a minor, nude", [MINOR], {"description": {"tags": ["nudity"]}}, "deny", "D_MINOR_SEXUAL")
case(
    "a minor, and nobody said what is shown",
    [MINOR],
    {"description": {"tags": None}},
    "needs_action",
    "A_CONTENT_NOT_STATED A_GUARDIAN",
)
case(
    "nobody said whether of age",
    [{"performers": {"performer-a": {"adult_from": None}}}],
    {"description": {"tags": ["nudity"]}},
    "deny",
    "A_FACT_NEEDED D_DESC_EXCEEDED",
)
case(
    "of age now, captured as a minor",
    [
        {
            "replicas": {
                "r": {
                    "performer_id": "performer-a",
                    "captured_on": "2009-01-01",
                    "origin_work_id": "nova-1",
                }
            }
        }
    ],
    {"replica": "r", "description": {"tags": ["simulated_sex"]}},
    "deny",
    "D_MINOR_SEXUAL",
)
case(
    "iris for the picture",
    [a_session(biometric_kinds=["iris_scan"], biometric_purpose="picture", same_day_as_work=True)],
    SCAN,
    "allow",
    "O_NOTIFY",
    "D_BIOMETRIC_PURPOSE",
)
case(
    "iris for something else",
    [a_session(biometric_kinds=["iris_scan"], biometric_purpose="other")],
    SCAN,
    "deny",
    "D_BIOMETRIC_PURPOSE",
)
case(
    "iris, and nobody said what for",
    [a_session(biometric_kinds=["iris_scan"])],
    SCAN,
    "needs_action",
    "A_FACT_NEEDED",
)
BACKGROUND: Patch = {"engagements": {"a-on-nova-1": {"role_class": "background"}}}
CROWD: Patch = {"grants": {"a-nova-1": {"scope": {"uses": ["crowd"]}}}}


def a_day(human: int) -> Patch:
    return {
        "work_days": {
            "d": {
                "work_id": "nova-1",
                "day": "2026-11-21",
                "required_background": 25,
                "human_background": human,
            }
        }
    }


case("too few people", [BACKGROUND, CROWD, a_day(20)], {"use": "crowd"}, "deny", "D_BG_COUNT")
case(
    "enough people",
    [BACKGROUND, CROWD, a_day(25)],
    {"use": "crowd"},
    "allow",
    "O_NOTIFY",
    "D_BG_COUNT",
)
case(
    "nobody counted the people",
    [BACKGROUND, CROWD],
    {"use": "crowd"},
    "needs_action",
    "A_FACT_NEEDED",
)
for state in ("quarantined", "destruction_due", "destroyed"):
    case(
        f"replica {state}",
        [
            {
                "replicas": {
                    "r": {"performer_id": "performer-a", "state": state, "origin_work_id": "nova-1"}
                }
            }
        ],
        {"replica": "r"},
        "deny",
        "D_REPLICA_STATE",
    )
# Making a replica.
case("told in time", [a_session(same_day_as_work=True)], SCAN, "allow", "O_NOTIFY")
case(
    "told exactly in time",
    [a_session(same_day_as_work=True, notice_sent_at="2026-11-21T09:00:00Z")],
    SCAN,
    "allow",
    "O_NOTIFY",
)
case(
    "told a minute late",
    [a_session(same_day_as_work=True, notice_sent_at="2026-11-21T09:01:00Z")],
    SCAN,
    "needs_action",
    "A_NOTICE_48H",
)
case("never told", [a_session(notice_sent_at=None)], SCAN, "needs_action", "A_NOTICE_48H")
case(
    "no session named",
    [a_session()],
    {"use": "scan", "shot": None},
    "needs_action",
    "A_FACT_NEEDED",
)
case("no reason", [a_session(business_reason=" ")], SCAN, "needs_action", "A_BUSINESS_REASON")
case(
    "not at the gate of the scan",
    [a_session(notice_sent_at=None, business_reason=None, same_day_as_work=True)],
    {**SCAN, "gate": "ingest"},
    "allow",
    "O_NOTIFY",
    "A_NOTICE_48H A_BUSINESS_REASON",
)
case(
    "insecure",
    [ESTIMATE, {"attestations": {"studio-o-security": None}}],
    {},
    "allow_with_obligations",
    "O_SECURITY_ATTEST",
)
case(
    "attested, and over",
    [ESTIMATE, {"attestations": {"studio-o-security": {"ends_at": "2026-11-01T00:00:00Z"}}}],
    {},
    "allow_with_obligations",
    "O_SECURITY_ATTEST",
)
# Claims.
for kind, code in (
    ("as_scripted", "E_AS_SCRIPTED"),
    ("safety", "E_SAFETY"),
    ("dub_double", "E_DUB_DOUBLE"),
):
    attested: Patch = {
        "attestations": {
            "x": {"kind": kind, "at": "2026-11-01T00:00:00Z", "role": "vfx_supervisor"}
        }
    }
    asked: Patch = {"exemptions": [{"code": kind}]}
    case(
        f"{kind} attested",
        [ESTIMATE, NO_GRANT, attested],
        asked,
        "allow_with_obligations",
        code,
        "D_NO_CONSENT",
    )
    case(f"{kind} not attested", [ESTIMATE, NO_GRANT], asked, "deny", "A_ATTEST D_NO_CONSENT", code)
INDEPENDENT: Patch = {"replicas": {"r": {"performer_id": "performer-a", "kind": "independent"}}}
EXPRESSIVE = {"replica": "r", "exemptions": [{"code": "expressive"}]}
SAID: Patch = {"attestations": {"x": {"kind": "expressive", "at": "2026-11-01T00:00:00Z"}}}
COUNSEL: Patch = {"attestations": {"c": {"kind": "counsel_review", "at": "2026-11-01T00:00:00Z"}}}
case(
    "parody without counsel",
    [INDEPENDENT, NO_GRANT, SAID],
    EXPRESSIVE,
    "deny",
    "A_COUNSEL_REVIEW D_NO_CONSENT",
)
case(
    "parody with counsel still owes pay",
    [INDEPENDENT, NO_GRANT, SAID, COUNSEL],
    EXPRESSIVE,
    "needs_action",
    "E_EXPRESSIVE A_TERMS",
    "D_NO_CONSENT",
)
case(
    "parody in the performer's own picture",
    [ESTIMATE, NO_GRANT, SAID, COUNSEL],
    {"exemptions": [{"code": "expressive"}]},
    "deny",
    "W_CLASS D_NO_CONSENT",
)
case(
    "customary work",
    [NO_GRANT],
    {"use": "alter", "exemptions": [{"code": "routine_post", "category": "noise"}]},
    "allow",
    "E_ROUTINE_POST",
)
case(
    "customary work of no known kind",
    [NO_GRANT],
    {"use": "alter", "exemptions": [{"code": "routine_post"}]},
    "deny",
    "A_FACT_NEEDED D_NO_CONSENT",
)
case("an alteration", [], {"use": "alter"}, "deny", "D_SCOPE_USE")
# Dubbing.
case("dubbing before the date", [NO_GRANT], {"use": "dub"}, "allow", "E_DUB_BEFORE")
LATE_PICTURE: Patch = {"works": {"nova-1": {"photography_start": "2027-07-01"}}}
LATE_CONTRACT: Patch = {"engagements": {"a-on-nova-1": {"engaged_at": "2027-07-01T19:00:00Z"}}}
case(
    "dubbing, only the picture is late",
    [NO_GRANT, LATE_PICTURE],
    {"use": "dub"},
    "allow",
    "W_DUB_BASIS E_DUB_BEFORE",
)
# Other pictures, independent replicas.
OTHER = {"works": ["other"], "uses": ["stunt", "face_replace"]}


def other(kind: str, amount: str | None = None, currency: str = "USD", **more: object) -> Patch:
    return only_grant(scope=OTHER, shown_works=["other"], pay=pay(kind, amount, currency), **more)


IN_OTHER = {"work": "other"}
case(
    "another picture, initialled only",
    [other("bargained_flat", "5000.00", form={"separate_sign": "initial"})],
    IN_OTHER,
    "deny",
    "D_FORM_NOT_SEPARATE",
)
case(
    "another picture, no pay agreed",
    [only_grant(scope=OTHER, pay=None)],
    IN_OTHER,
    "needs_action",
    "A_TERMS",
)
case(
    "another picture, flat without amount",
    [other("bargained_flat")],
    IN_OTHER,
    "needs_action",
    "A_TERMS",
)
case(
    "another picture, unpaid",
    [other("none")],
    IN_OTHER,
    "needs_action",
    "A_FLOOR_UNVERIFIED",
    "O_PAY",
)
case(
    "another picture, by the day and no estimate",
    [other("per_day", "2000.00")],
    IN_OTHER,
    "needs_action",
    "A_DAYS_ESTIMATE",
)
case(
    "another picture, other currency",
    [other("bargained_flat", "5000.00", "EUR")],
    IN_OTHER,
    "needs_action",
    "A_CURRENCY",
)
case(
    "another picture, days at no known rate",
    [ESTIMATE, other("days_x_rate")],
    IN_OTHER,
    "needs_action",
    "A_FACT_NEEDED",
)
# Facts and who says them.
for kind, id_, disputed in (
    ("engagements", "a-on-nova-1", "guild"),
    ("works", "nova-1", "guild"),
):
    case(
        f"disputed {kind}",
        [ESTIMATE, {kind: {id_: {"disputed_by": disputed}}}],
        {},
        "needs_action",
        "A_DISPUTED",
    )
case(
    "a disputed agreement of the producer",
    [
        INDEPENDENT,
        {"signatories": {"studio-o-tv": {"disputed_by": "studio-o"}}},
        other("bargained_flat", "5000.00"),
    ],
    {**IN_OTHER, "replica": "r"},
    "needs_action",
    "A_DISPUTED",
)
case(
    "no start of photography",
    [
        INDEPENDENT,
        {"works": {"other": {"photography_start": None}}},
        other("bargained_flat", "5000.00"),
    ],
    {**IN_OTHER, "replica": "r"},
    "needs_action",
    "A_FACT_NEEDED",
)
case(
    "an agreement that is not on file",
    [ESTIMATE, {"engagements": {"a-on-nova-1": {"agreement": "x/y"}}}],
    {},
    "needs_action",
    "A_AGREEMENT_UNKNOWN W_AGREEMENT",
)
case(
    "a producer that never signed",
    [ESTIMATE, {"signatories": {"studio-o-tv": None}}],
    {},
    "allow_with_obligations",
    "W_AGREEMENT",
)
case(
    "no rate of the engagement",
    [ESTIMATE, {"engagements": {"a-on-nova-1": {"rate": None}}}],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)
case(
    "an episodic rate without days",
    [
        ESTIMATE,
        {
            "engagements": {
                "a-on-nova-1": {
                    "rate": {
                        "kind": "episodic",
                        "amount": {"amount": "30000.00", "currency": "USD"},
                    }
                }
            }
        },
    ],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)
case(
    "an episodic rate at scale",
    [ESTIMATE, {"engagements": {"a-on-nova-1": {"rate": {"kind": "episodic"}}}}],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)
case(
    "a disputed count of days",
    [ESTIMATE, {"estimates": {"estimate": {"state": "disputed"}}}],
    {},
    "needs_action",
    "A_ESTIMATE_DISPUTED",
)
# Training.
TRAIN: Patch = {"grants": {"a-nova-1": {"scope": {"training": True}, "pay": {"kind": "none"}}}}
case(
    "training, and nobody said what for",
    [TRAIN],
    {"use": "train_model"},
    "needs_action",
    "A_FACT_NEEDED",
)
case(
    "training in the house",
    [TRAIN, {"attestations": {"t": {"kind": "training_internal", "at": "2026-11-01T00:00:00Z"}}}],
    {"use": "train_model"},
    "allow",
    "O_NOTIFY",
    "O_TRAINING_NOTICE",
)
LICENCE: Patch = {"attestations": {"t": {"kind": "training_licence", "at": "2026-11-01T00:00:00Z"}}}
case(
    "training for somebody else",
    [TRAIN, LICENCE],
    {"use": "train_model"},
    "allow_with_obligations",
    "O_TRAINING_NOTICE",
)
case(
    "training for somebody else, union told",
    [TRAIN, LICENCE, {"notices": {"n": {"kind": "training", "sent_at": "2026-11-01T00:00:00Z"}}}],
    {"use": "train_model"},
    "allow",
    "O_NOTIFY",
    "O_TRAINING_NOTICE",
)
# Synthetics.
SYNTH: Patch = {"performer": None, "use": "synthetic", "shot": None}
VALUE: Patch = {"attestations": {"v": {"kind": "additional_value", "at": "2026-11-01T00:00:00Z"}}}


def told(state: str, at: str = "2026-11-02T18:00:00Z") -> Patch:
    return {
        "notices": {"n": {"kind": "synthetic", "sent_at": at, "state": state, "work_id": "nova-1"}}
    }


case("synthetic without a word", [], SYNTH, "deny", "D_SAV_MISSING A_SYNTH_NOTICE", "O_NOTIFY")
case("synthetic, bargaining open", [VALUE, told("open")], SYNTH, "needs_action", "A_SYNTH_NOTICE")
case("synthetic, agreed", [VALUE, told("agreed")], SYNTH, "allow", "", "A_SYNTH_NOTICE")
case(
    "synthetic, twenty business days over",
    [VALUE, told("open", "2026-10-01T18:00:00Z")],
    SYNTH,
    "allow",
    "W_SYNTH_ARBITRATION",
)
PROMPT: Patch = {
    "attestations": {
        "p": {
            "kind": "named_prompt",
            "at": "2026-11-01T00:00:00Z",
            "performer_id": "performer-a",
            "work_id": "nova-1",
        }
    }
}
case(
    "synthetic by somebody's name", [VALUE, told("agreed"), PROMPT], SYNTH, "deny", "D_NAMED_PROMPT"
)
case(
    "synthetic by the name of somebody who agreed",
    [VALUE, told("agreed"), PROMPT, {"grants": {"a-nova-1": {"scope": {"uses": ["synthetic"]}}}}],
    SYNTH,
    "allow",
    "",
    "D_NAMED_PROMPT",
)


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    decision = answer(*worlds, **asked)
    assert "D_RULE_ERROR" not in decision.codes
    assert (decision.outcome, set(named) - set(decision.codes)) == (outcome, set()), decision.codes
    assert not set(absent) & set(decision.codes), decision.codes


@pytest.mark.parametrize(
    ("worlds", "asked", "expected"),
    [
        pytest.param([ESTIMATE], {}, ("3849.00", "808.29", "4657.29"), id="W1 three days at scale"),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "2"}},
                    "engagements": {"a-on-nova-1": {"rate": {"kind": "weekly"}}},
                },
            ],
            {},
            ("2566.00", "538.86", "3104.86"),
            id="W2 a fifth of the weekly minimum is less than a day's",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "4"}},
                    "engagements": {
                        "a-on-nova-1": {"rate": {"kind": "weekly", "amount": usd("25000.00")}}
                    },
                },
            ],
            {},
            ("20000.00", "4200.00", "24200.00"),
            id="W3 overscale by the week",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "2"}},
                    "engagements": {
                        "a-on-nova-1": {
                            "contract_days": "8",
                            "rate": {"kind": "episodic", "amount": usd("30000.00")},
                        }
                    },
                },
            ],
            {},
            ("7500.00", "1575.00", "9075.00"),
            id="W4 by contract days, where no ceiling is known",
        ),
        pytest.param(
            [ESTIMATE, BACKGROUND, {"estimates": {"estimate": {"days": "2"}}}],
            {},
            ("2566.00", "538.86", "3104.86"),
            id="W6 background in a part is paid as principal",
        ),
        pytest.param(
            [other("bargained_flat", "10000.00")],
            IN_OTHER,
            ("10000.00", "2100.00", "12100.00"),
            id="W7 another picture",
        ),
        pytest.param(
            [other("per_use", "2000.00")],
            {**IN_OTHER, "quantity": {"uses": 3}},
            ("6000.00", "1260.00", "7260.00"),
            id="by the use",
        ),
        pytest.param([a_session()], SCAN, ("1283.00", "269.43", "1552.43"), id="a day of its own"),
        pytest.param(
            [a_session(half_day_for_performer=True)],
            SCAN,
            ("641.50", "134.72", "776.22"),
            id="half a day for the performer's sake",
        ),
        pytest.param(
            [a_session(), BACKGROUND],
            SCAN,
            ("231.00", "47.36", "278.36"),
            id="S43 a call for a scan alone",
        ),
        pytest.param(
            [a_session(same_day_as_work=True)],
            SCAN,
            ("0.00", "0.00", "0.00"),
            id="within a paid day",
        ),
        pytest.param(
            [
                ESTIMATE,
                {"engagements": {"a-on-nova-1": {"covered_days": "2"}}, **a_locked_use()},
                {"uses": {"u": {"days": "1", "shot": "x"}}},
            ],
            {},
            ("2566.00", "538.86", "3104.86"),
            id="covered days are taken off once",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "1"}},
                    "engagements": {
                        "a-on-nova-1": {"rate": {"kind": "daily", "amount": usd("300000.00")}}
                    },
                },
            ],
            {},
            ("300000.00", "48720.00", "348720.00"),
            id="contributions stop at the ceiling",
        ),
        pytest.param(
            [
                ESTIMATE,
                {
                    "estimates": {"estimate": {"days": "1"}},
                    "engagements": {
                        "a-on-nova-1": {
                            "contract_days": "3",
                            "rate": {"kind": "daily", "amount": usd("100000.00")},
                        }
                    },
                },
            ],
            {},
            ("100000.00", "0.00", "100000.00"),
            id="a ceiling used up in person",
        ),
        pytest.param(
            [ESTIMATE, NO_AGREEMENT, only_grant(pay=pay("per_day", "700.00"))],
            {},
            ("2100.00", "0.00", "2100.00"),
            id="no agreement: what was agreed",
        ),
        pytest.param(
            [
                NO_AGREEMENT,
                {
                    "grants": {
                        "a-nova-1": {
                            "scope": {"uses": ["alter"]},
                            "pay": {"alteration": usd("50.00")},
                        }
                    }
                },
            ],
            {"use": "alter"},
            ("50.00", "0.00", "50.00"),
            id="pay for altering is a term",
        ),
        pytest.param(
            [
                ESTIMATE,
                NO_AGREEMENT,
                {
                    "engagements": {
                        "e": {
                            "performer_id": "performer-a",
                            "work_id": "nova-1",
                            "producer_id": "studio-o",
                            "engaged_at": "2026-07-10T00:00:00Z",
                            "rate": {"kind": "weekly", "amount": usd("1000.00")},
                        }
                    }
                },
            ],
            {},
            ("600.00", "0.00", "600.00"),
            id="no agreement: days at the engagement's own pay",
        ),
    ],
)
def test_what_it_costs(worlds: list[Patch], asked: Patch, expected: tuple[str, str, str]) -> None:
    assert amounts(answer(*worlds, **asked)) == expected


def test_without_terms_there_is_no_amount_and_never_a_zero() -> None:
    decision = answer(NO_AGREEMENT, only_grant(pay=pay("days_x_rate")), ESTIMATE)
    assert decision.amounts is None
    assert "A_TERMS" in decision.codes
    assert decision.wire()["amounts"] == {}


def test_an_unread_contribution_is_asked_for_and_not_taken_for_nothing() -> None:
    long_ago = {"works": {"nova-1": {"photography_start": "2022-06-30"}}}
    decision = answer(ESTIMATE, long_ago)
    assert decision.outcome == "needs_action"
    assert decision.amounts is None
    unknown = answer(ESTIMATE, {"works": {"nova-1": {"photography_start": None}}})
    field = next(r.facts["field"] for r in unknown.reasons if r.code == "A_FACT_NEEDED")
    assert field == "photography_start"


def test_the_day_of_photography_is_that_of_the_series_where_the_episode_has_none() -> None:
    patch: Patch = {
        "works": {"nova-s-5": {"photography_start": None}},
        "engagements": {"a-on-nova-1": {"work_id": "nova-s"}},
    }
    decision = answer(
        patch, ESTIMATE, only_grant(scope={"works": ["nova-s"], "uses": ["stunt"]}), work="nova-s-5"
    )
    assert decision.outcome == "allow_with_obligations"


@pytest.mark.parametrize(
    ("verified", "outcome", "code"),
    [(False, "needs_action", "A_FLOOR_UNVERIFIED"), (True, "deny", "D_PAY_BELOW_FLOOR")],
)
def test_a_floor_denies_once_somebody_checked_it(verified: bool, outcome: str, code: str) -> None:
    row = {
        "pack": "sag-aftra/tv-theatrical@2026",
        "row": "day_performer/2026-07-01",
        "by": "x",
        "source": "y",
        "at": "2026-11-01T00:00:00Z",
    }
    checked: Patch = {"verifications": {"x": row}} if verified else {}
    decision = answer(other("bargained_flat", "1000.00"), checked, work="other")
    assert (decision.outcome, code in decision.codes) == (outcome, True)
    assert decision.amounts is None


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
    own: Patch = {"estimates": {"use": {"days": "5", "use_id": "u"}}}
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
    decision = answer(a_session(), using=an_agreement(*rows), **SCAN)
    assert sources(decision)["O_NOTIFY"] == "X-signed_on"


def test_a_rule_that_fails_denies_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> object:
        raise RuntimeError

    module = sys.modules[decide.__module__]
    monkeypatch.setattr(module, "STEPS", {**STEPS, "notify": fails})
    decision = answer(ESTIMATE)
    assert decision.outcome == "deny"
    assert {"D_RULE_ERROR", "O_PAY"} <= {*decision.codes}
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
