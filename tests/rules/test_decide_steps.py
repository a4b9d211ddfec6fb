"""Bars that nothing cures, steps that come first, and claims that no consent is needed."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rules.worlds import (
    BACKGROUND,
    ESTIMATE,
    INDEPENDENT,
    LATE_PICTURE,
    NO_GRANT,
    NOON,
    SCAN,
    Patch,
    a_session,
    answer,
    case,
    names,
)

CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


# Bars.
MINOR: Patch = {"performers": {"performer-a": {"adult_from": "2030-01-01"}}}
add("a minor, nude", [MINOR], {"description": {"tags": ["nudity"]}}, "deny", "D_MINOR_SEXUAL")
add(
    "a minor, and nobody said what is shown",
    [MINOR],
    {"description": {"tags": None}},
    "needs_action",
    "A_CONTENT_NOT_STATED A_GUARDIAN",
)
add(
    "nobody said whether of age",
    [{"performers": {"performer-a": {"adult_from": None}}}],
    {"description": {"tags": ["nudity"]}},
    "deny",
    "A_FACT_NEEDED D_DESC_EXCEEDED",
)
add(
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
add(
    "iris for the picture",
    [a_session(biometric_kinds=["iris_scan"], biometric_purpose="picture", same_day_as_work=True)],
    SCAN,
    "allow",
    "O_NOTIFY",
    "D_BIOMETRIC_PURPOSE",
)
add(
    "iris for something else",
    [a_session(biometric_kinds=["iris_scan"], biometric_purpose="other")],
    SCAN,
    "deny",
    "D_BIOMETRIC_PURPOSE",
)
add(
    "iris, and nobody said what for",
    [a_session(biometric_kinds=["iris_scan"])],
    SCAN,
    "needs_action",
    "A_FACT_NEEDED",
)
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


add("too few people", [BACKGROUND, CROWD, a_day(20)], {"use": "crowd"}, "deny", "D_BG_COUNT")
add(
    "enough people",
    [BACKGROUND, CROWD, a_day(25)],
    {"use": "crowd"},
    "allow",
    "O_NOTIFY",
    "D_BG_COUNT",
)
add(
    "nobody counted the people",
    [BACKGROUND, CROWD],
    {"use": "crowd"},
    "needs_action",
    "A_FACT_NEEDED",
)
for state in ("quarantined", "destruction_due", "destroyed"):
    add(
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
add("told in time", [a_session(same_day_as_work=True)], SCAN, "allow", "O_NOTIFY")
add(
    "told exactly in time",
    [a_session(same_day_as_work=True, notice_sent_at="2026-11-21T09:00:00Z")],
    SCAN,
    "allow",
    "O_NOTIFY",
)
add(
    "told a minute late",
    [a_session(same_day_as_work=True, notice_sent_at="2026-11-21T09:01:00Z")],
    SCAN,
    "needs_action",
    "A_NOTICE_48H",
)
add("never told", [a_session(notice_sent_at=None)], SCAN, "needs_action", "A_NOTICE_48H")
add(
    "no session named",
    [a_session()],
    {"use": "scan", "shot": None},
    "needs_action",
    "A_FACT_NEEDED",
)
add("no reason", [a_session(business_reason=" ")], SCAN, "needs_action", "A_BUSINESS_REASON")
add(
    "no notice and no reason, whatever gate is named",
    [a_session(notice_sent_at=None, business_reason=None, same_day_as_work=True)],
    {**SCAN, "gate": "render"},
    "needs_action",
    "A_NOTICE_48H A_BUSINESS_REASON",
)
add(
    "a notice that is still to be sent",
    [a_session(notice_sent_at="2026-11-21T12:30:00Z", starts_at="2026-11-24T09:00:00Z")],
    SCAN,
    "needs_action",
    "A_NOTICE_48H",
)
add(
    "insecure",
    [ESTIMATE, {"attestations": {"studio-o-security": None}}],
    {},
    "allow_with_obligations",
    "O_SECURITY_ATTEST",
)
add(
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
            "x": {
                "kind": kind,
                "at": "2026-11-01T00:00:00Z",
                "role": "vfx_supervisor",
                "work_id": "nova-1",
            }
        }
    }
    unnamed: Patch = {"attestations": {"x": {**attested["attestations"]["x"], "work_id": None}}}
    asked: Patch = {"exemptions": [{"code": kind}]}
    add(
        f"{kind} attested",
        [ESTIMATE, NO_GRANT, attested],
        asked,
        "allow_with_obligations",
        code,
        "D_NO_CONSENT",
    )
    add(
        f"{kind} attested of nobody and nothing",
        [ESTIMATE, NO_GRANT, unnamed],
        asked,
        "deny",
        "A_ATTEST D_NO_CONSENT",
        code,
    )
    add(f"{kind} not attested", [ESTIMATE, NO_GRANT], asked, "deny", "A_ATTEST D_NO_CONSENT", code)
EXPRESSIVE = {"replica": "r", "exemptions": [{"code": "expressive"}]}
OF_A: Patch = {"at": "2026-11-01T00:00:00Z", "performer_id": "performer-a"}
SAID: Patch = {"attestations": {"x": {"kind": "expressive", **OF_A}}}
COUNSEL: Patch = {"attestations": {"c": {"kind": "counsel_review", **OF_A}}}
add(
    "parody without counsel",
    [INDEPENDENT, NO_GRANT, SAID],
    EXPRESSIVE,
    "deny",
    "A_COUNSEL_REVIEW D_NO_CONSENT",
)
add(
    "parody with counsel still owes pay",
    [INDEPENDENT, NO_GRANT, SAID, COUNSEL],
    EXPRESSIVE,
    "needs_action",
    "E_EXPRESSIVE A_TERMS",
    "D_NO_CONSENT",
)
add(
    "parody in the performer's own picture",
    [ESTIMATE, NO_GRANT, SAID, COUNSEL],
    {"exemptions": [{"code": "expressive"}]},
    "deny",
    "W_CLASS D_NO_CONSENT",
)
add(
    "customary work",
    [NO_GRANT],
    {"use": "alter", "exemptions": [{"code": "routine_post", "category": "noise"}]},
    "allow",
    "E_ROUTINE_POST",
)
add(
    "customary work of no known kind",
    [NO_GRANT],
    {"use": "alter", "exemptions": [{"code": "routine_post"}]},
    "deny",
    "A_FACT_NEEDED D_NO_CONSENT",
)
add("an alteration", [], {"use": "alter"}, "deny", "D_SCOPE_USE")
# Dubbing.
add("dubbing before the date", [NO_GRANT], {"use": "dub"}, "allow", "E_DUB_BEFORE")
add(
    "dubbing, only the picture is late",
    [NO_GRANT, LATE_PICTURE],
    {"use": "dub"},
    "allow",
    "W_DUB_BASIS E_DUB_BEFORE",
)

add(
    "a session without a rate",
    [a_session(), {"engagements": {"a-on-nova-1": {"rate": None}}}],
    SCAN,
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "a background session within a paid day",
    [a_session(same_day_as_work=True), BACKGROUND],
    SCAN,
    "allow",
    "O_NOTIFY",
)
add(
    "a background session before any figure",
    [a_session(), BACKGROUND],
    {**SCAN, "on": "2023-11-08"},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "a session of no known engagement",
    [a_session(engagement_id="x", same_day_as_work=True)],
    SCAN,
    "allow",
    "O_NOTIFY",
)


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)


def test_a_decision_names_every_fact_that_it_was_read_from_and_whose_word_that_is() -> None:
    said = {"stated_by": "studio-o"}
    veto = {
        "union_id": "guild",
        "kind": "grievance",
        "basis": "article 12",
        "authority": "board",
        "scope": {"work": "nova"},
        "effect": "block",
        "timing": "full",
        "starts_at": "2026-11-01T00:00:00Z",
    }
    stated: Patch = {
        "edges": {"nova-1-in-nova": said},
        "works": {"nova-1": said},
        "engagements": {"a-on-nova-1": said},
        "memberships": {"performer-a-guild": {"stated_by": "performer-a"}},
    }
    rests = {(r.fact, r.stated_by) for r in answer(ESTIMATE, stated).rests_on}
    assert {("the engagement", "studio"), ("what is stated of the work", "studio")} <= rests
    assert "where the work belongs" not in {fact for fact, _ in rests}
    stopped = answer(ESTIMATE, stated, {"vetoes": {"v": veto}})
    rests = {(r.fact, r.stated_by) for r in stopped.rests_on}
    assert ("where the work belongs", "studio") in rests
    assert ("the membership of the union", "performer") in rests
    # What they rest on is disputed, and the no stays a no.
    disputed: Patch = {"edges": {"nova-1-in-nova": {"disputed_by": "guild"}}}
    doubted = answer(ESTIMATE, stated, {"vetoes": {"v": veto}}, disputed)
    assert (doubted.outcome, "A_DISPUTED" in doubted.codes) == ("deny", True)


def test_a_dispute_counts_from_when_it_was_raised() -> None:
    raised: Patch = {
        "engagements": {
            "a-on-nova-1": {"disputed_by": "performer-a", "disputed_at": "2026-11-21T12:00:00Z"}
        }
    }
    assert "A_DISPUTED" in answer(ESTIMATE, raised).codes
    before = answer(ESTIMATE, raised, at=NOON - timedelta(microseconds=1))
    assert "A_DISPUTED" not in before.codes


@pytest.mark.parametrize(
    ("since_noon", "counts"),
    [
        (timedelta(microseconds=-1), False),
        (timedelta(0), True),
        (timedelta(hours=1, microseconds=-1), True),
        (timedelta(hours=1), False),
    ],
)
def test_a_dispute_counts_until_it_was_settled(since_noon: timedelta, counts: bool) -> None:
    settled: Patch = {
        "engagements": {
            "a-on-nova-1": {
                "disputed_by": "performer-a",
                "disputed_at": "2026-11-21T12:00:00Z",
                "settled_at": "2026-11-21T13:00:00Z",
            }
        }
    }
    found = answer(ESTIMATE, settled, at=NOON + since_noon)
    assert ("A_DISPUTED" in found.codes) is counts
