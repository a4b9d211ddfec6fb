"""No way round a rule by naming something else, leaving something out, or picking a day."""

from typing import Any

import pytest

from app.rules.vectors import merged
from tests.rules.worlds import (
    ESTIMATE,
    NO_AGREEMENT,
    Patch,
    a_locked_use,
    a_session,
    a_veto,
    answer,
    case,
    grant,
    names,
)

CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


# What a studio says by itself frees no use of the agreements that it signed.
STRIKE: Patch = a_veto(
    kind="strike",
    basis="TT-32",
    scope={"agreement": "sag-aftra/tv-theatrical", "unit": "performers"},
    review_by=None,
)
HIRED: Patch = {
    "performer_id": "performer-a",
    "work_id": "nova-1",
    "producer_id": "studio-o",
    "role_class": "principal",
    "agreement": "sag-aftra/interactive",
    "engaged_at": "2026-11-20T17:00:00Z",
    "rate": {"kind": "daily"},
    "stated_by": "studio-o",
}
HIRED_AGAIN: Patch = {"engagements": {"again": HIRED}}
BY_BOTH: Patch = {"engagements": {"again": {"confirmed_by": "performer-a"}}}
IN_DOUBT: Patch = {"engagements": {"again": {"disputed_by": "guild"}}}
NOT_HIRED: Patch = {
    "engagements": {"a-on-nova-1": None},
    "works": {"nova-1": {"agreement": None}, "nova": {"agreement": None}},
}
EARLY: Patch = {"works": {"nova-1": {"photography_start": "2020-01-01"}}}
LONG_AGO: Patch = {"engagements": {"again": {"engaged_at": "2020-01-01T00:00:00Z"}}}
TWICE = [STRIKE, HIRED_AGAIN]
add("a struck agreement", [STRIKE], {}, "deny", "D_STRIKE")
add("hired under another one", TWICE, {}, "deny", "D_STRIKE")
add("so both say", [*TWICE, BY_BOTH], {}, "deny", "D_DESC_MISSING", "D_STRIKE")
add("so both said, and one doubts", [*TWICE, BY_BOTH, IN_DOUBT], {}, "deny", "D_STRIKE")
add("begun before it was signed", [STRIKE, NOT_HIRED, EARLY], {}, "deny", "D_STRIKE")
add("hired before it", [*TWICE, NOT_HIRED, LONG_AGO], {}, "deny", "D_STRIKE")

# A registered use is named for what it is, and spares nothing else.
LOCKED = [ESTIMATE, a_veto(), a_locked_use()]
OF_P: Patch = {
    "organizations": {"studio-p": {"kind": "studio"}},
    "signatories": {
        "p": {
            "organization_id": "studio-p",
            "union_id": "guild",
            "agreement": "sag-aftra/tv-theatrical",
            "starts_on": "2023-11-09",
        }
    },
    "grants": {"p": grant(grantee_id="studio-p")},
}
add("the use itself", LOCKED, {"use_id": "u"}, "allow_with_obligations", "W_VETO_PROSPECTIVE")
for name, asked in (
    ("another type", {"use": "face_replace"}),
    ("another shot", {"shot": "sc099"}),
    ("another work", {"work": "other"}),
    ("another studio", {"producer": "studio-p"}),
    ("another person", {"performer": "performer-b"}),
):
    add(f"a use of {name}", [*LOCKED, OF_P], {"use_id": "u", **asked}, "needs_action", "A_IDENTITY")
add("a use that is not there", LOCKED, {"use_id": "x"}, "needs_action", "A_IDENTITY")
add("the shot of another studio", [*LOCKED, OF_P], {"producer": "studio-p"}, "deny", "D_UNION_VETO")
UNNAMED: Patch = {"uses": {"u": {"shot": None}}}
add("no shot is no shot's", [*LOCKED, UNNAMED], {"shot": None}, "deny", "D_UNION_VETO")
COPIES: Patch = {"replicas": {r: {"performer_id": "performer-a"} for r in ("r1", "r2")}}
COPIES_OF: Patch = {"uses": {"u": {"replica_id": "r1"}}}
add("a new replica", [*LOCKED, COPIES, COPIES_OF], {"replica": "r2"}, "deny", "D_UNION_VETO")
add(
    "the use with a new replica",
    [*LOCKED, COPIES, COPIES_OF],
    {"replica": "r2", "use_id": "u"},
    "needs_action",
    "A_IDENTITY",
)
ONE: Patch = {"grants": {"a-nova-1": {"scope": {"max_uses": 1}}}}
add("the cap", [ESTIMATE, ONE, a_locked_use()], {"shot": "new"}, "deny", "D_CAP_REACHED")
add(
    "the cap, past an older use",
    [ESTIMATE, ONE, a_locked_use()],
    {"shot": "new", "use_id": "u"},
    "needs_action",
    "A_IDENTITY",
)

# What is shown is all that was finished.
BOTH: Patch = {
    "grants": {"v": grant(state="void")},
    "uses": {
        "u1": merged(
            a_locked_use("2026-11-10T10:00:00Z")["uses"]["u"], {"shot": "s1", "grant_id": "v"}
        ),
        "u2": merged(a_locked_use("2026-11-11T10:00:00Z")["uses"]["u"], {"shot": "s2"}),
    },
}
SHOWN = {"use": "exhibit", "shot": None}
add("one of all was void", [BOTH], SHOWN, "deny", "O_NOTIFY", "OK_RUNOFF")
add("the void shot", [BOTH], {**SHOWN, "shot": "s1"}, "deny", "O_NOTIFY", "OK_RUNOFF")
add("the other shot", [BOTH], {**SHOWN, "shot": "s2"}, "allow", "OK_RUNOFF")

# Who was a child when a replica was made.
NUDE: dict[str, Any] = {"description": {"tags": ["nudity"], "scenes": ["45"]}}
GROWN: Patch = {
    "performers": {"performer-a": {"adult_from": "2026-01-01"}},
    "replicas": {"r": {"performer_id": "performer-a", "origin_work_id": "nova-1"}},
    "grants": {"a-nova-1": {"description": {"tags": None}}},
}


def made(day: str | None, **more: object) -> list[Patch]:
    return [ESTIMATE, GROWN, {"replicas": {"r": {"captured_on": day, **more}}}]


def session_of(day: str) -> Patch:
    return {
        "capture_sessions": {
            "s": {
                "engagement_id": "a-on-nova-1",
                "performer_id": "performer-a",
                "work_id": "nova-1",
                "starts_at": f"{day}T09:00:00Z",
            }
        }
    }


CHILD = made("2025-03-01")
BARRED = ("deny", "D_MINOR_SEXUAL")
add("a child's replica, named", CHILD, {**NUDE, "replica": "r"}, *BARRED)
add("a child's replica, not named", CHILD, NUDE, *BARRED)
add(
    "a child's replica, beside a later session",
    [*CHILD, session_of("2026-10-01")],
    {**NUDE, "replica": "r", "capture_session": "s"},
    *BARRED,
)
add(
    "a session of a child",
    [*made(None, capture_session_id="s"), session_of("2025-03-01")],
    {**NUDE, "replica": "r"},
    *BARRED,
)
UNKNOWN = ("needs_action", "A_FACT_NEEDED", "D_MINOR_SEXUAL")
add("nobody knows when, named", made(None), {**NUDE, "replica": "r"}, *UNKNOWN)
add("nobody knows when, not named", made(None), NUDE, *UNKNOWN)
FREE = ("allow_with_obligations", "O_PAY", "D_MINOR_SEXUAL A_FACT_NEEDED")
add("a replica that was not made yet", made(None, state="planned"), NUDE, *FREE)
add("a replica of a grown-up", made("2026-01-01"), {**NUDE, "replica": "r"}, *FREE)
add(
    "the other replica is named",
    [*CHILD, {"replicas": {"r2": {"performer_id": "performer-a", "captured_on": "2026-02-01"}}}],
    {**NUDE, "replica": "r2"},
    *FREE,
)
STILL: Patch = {"performers": {"performer-a": {"adult_from": "2030-05-01"}}}
add("a child today, whatever day is said", [ESTIMATE, STILL], {**NUDE, "on": "2030-06-01"}, *BARRED)
add(
    "a child on the day of the session",
    [a_session(), {"performers": {"performer-a": {"adult_from": "2026-11-24"}}}],
    {"use": "scan", "capture_session": "s", "shot": None, **NUDE},
    *BARRED,
)


# What a limit depends on is said, and a list of nothing says nothing.
R1: Patch = {"grants": {"a-nova-1": {"replica_id": "r1"}}}
add("a yes for one replica", [ESTIMATE, COPIES, R1], {}, "needs_action", "A_FACT_NEEDED")
add("a yes for one replica, named", [ESTIMATE, COPIES, R1], {"replica": "r1"}, *FREE)
add(
    "a yes for another replica",
    [ESTIMATE, COPIES, R1],
    {"replica": "r2"},
    "deny",
    "D_SCOPE_REPLICA",
)
LIMITS: Patch = {
    "grants": {
        "a-nova-1": {"scope": {"media": ["theatrical"], "territories": ["US"], "languages": ["en"]}}
    }
}
WITHIN: dict[str, Any] = {"media": ["theatrical"], "territories": ["US"], "languages": ["en"]}
add("within the limits", [ESTIMATE, LIMITS], WITHIN, "allow_with_obligations", "O_PAY")
for name in WITHIN:
    add(f"no {name}", [ESTIMATE, LIMITS], {**WITHIN, name: []}, "needs_action", "A_FACT_NEEDED")
add(
    "no scenes",
    [ESTIMATE],
    {"description": {"tags": ["stunts"], "scenes": []}},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "no tags, which is an answer",
    [ESTIMATE],
    {"description": {"tags": [], "scenes": ["45"]}},
    "allow_with_obligations",
    "O_PAY",
)

# The day of the question counts besides the work day.
ENDED: Patch = {"grants": {"a-nova-1": {"scope": {"ends_on": "2026-11-20"}}}}
add("over, for a day before", [ESTIMATE, ENDED], {"on": "2026-11-20"}, "deny", "D_EXPIRED")
AHEAD: Patch = {"grants": {"a-nova-1": {"scope": {"starts_on": "2026-11-22"}}}}
add("not yet, for a day after", [ESTIMATE, AHEAD], {"on": "2026-11-22"}, "deny", "D_NOT_YET")
LASTS: Patch = {"grants": {"a-nova-1": {"scope": {"ends_on": "2026-11-21"}}}}
add("still, for a day after", [ESTIMATE, LASTS], {"on": "2026-11-22"}, "deny", "D_EXPIRED")
add("on its last day", [ESTIMATE, LASTS], {"on": "2026-11-21"}, "allow_with_obligations", "O_PAY")
CLEARED: Patch = {"uses": {"u": {"state": "cleared"}}}
AGAIN = {"on": "2026-11-20", "use_id": "u"}
add(
    "cleared for its last day, and asked again",
    [ESTIMATE, ENDED, a_locked_use(), CLEARED],
    AGAIN,
    "allow_with_obligations",
    "O_PAY",
)
PLANNED: Patch = {"uses": {"u": {"state": "planned"}}}
add(
    "planned for its last day, and asked again",
    [ESTIMATE, ENDED, a_locked_use(), PLANNED],
    AGAIN,
    "deny",
    "D_EXPIRED",
)

# A tick comes besides naming the use.
for use, tick, code in (
    ("train_model", "training", "D_TRAINING"),
    ("realtime", "realtime", "D_RTG"),
    ("dub", "dubbing", "D_DUB_NO_CONSENT"),
    ("promo", "marketing", "D_SCOPE_USE"),
):
    named: dict[str, Any] = {"use": use, "languages": ["de"]}
    for title, scope in (("named", {"uses": [use]}), ("ticked", {tick: True})):
        add(
            f"{use}, only {title}",
            [NO_AGREEMENT, {"grants": {"a-nova-1": {"scope": scope}}}],
            named,
            "deny",
            code,
        )
    both: Patch = {"grants": {"a-nova-1": {"scope": {"uses": [use], tick: True}}}}
    assert code not in answer(NO_AGREEMENT, both, **named).codes, use

# A waiver reaches what was below the work that it names when it began.
STRUCK = a_veto(
    kind="strike",
    basis="TT-32",
    scope={"agreement": "sag-aftra/tv-theatrical"},
    exceptions=[
        {"work": "nova-s", "studio": None, "basis": "interim", "starts_at": "2026-11-20T12:00:00Z"}
    ],
)


def below(since: str) -> Patch:
    edge = {"parent": "nova-s", "child": "nova-1", "relation": "part_of", "valid_from": since}
    return {"edges": {"x": edge}}


add("struck", [ESTIMATE, STRUCK], {}, "deny", "D_STRIKE")
add(
    "put below a waived work",
    [STRUCK, below("2026-11-20T12:00:00.000001Z")],
    {},
    "deny",
    "D_STRIKE",
)
add(
    "below it when the waiver began",
    [ESTIMATE, STRUCK, below("2026-11-20T12:00:00Z")],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_STRIKE",
)

# Disputing a membership takes no block away that rests on it.
ALONE: Patch = {**NO_AGREEMENT, "organizations": {"guild": {"agreements": []}}}
DISPUTED: Patch = {"memberships": {"performer-a-guild": {"disputed_by": "studio-o"}}}
OF_PERSON = a_veto(scope={"performer": "performer-a"})
add("a veto by membership", [ALONE, OF_PERSON], {}, "deny", "D_UNION_VETO", "A_DISPUTED")
add("a disputed one", [ALONE, OF_PERSON, DISPUTED], {}, "deny", "D_UNION_VETO A_DISPUTED")
add(
    "a disputed one, of all members",
    [ALONE, a_veto(scope={"all_members": True}), DISPUTED],
    {},
    "deny",
    "D_UNION_VETO A_DISPUTED",
)
add(
    "a flag by a disputed one",
    [ESTIMATE, ALONE, a_veto(scope={"performer": "performer-a"}, effect="flag"), DISPUTED],
    {},
    "needs_action",
    "W_VETO_FLAG A_TERMS",
    "A_DISPUTED",
)


def test_a_fact_that_is_asked_for_says_which() -> None:
    decision = answer(*made(None), **NUDE)
    assert [r.facts["field"] for r in decision.reasons if r.code == "A_FACT_NEEDED"] == [
        "captured_on"
    ]


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)
