"""No way round a rule by naming something else, leaving something out, or picking a day."""

from typing import Any

import pytest

from tests.rules.worlds import (
    ESTIMATE,
    Patch,
    a_locked_use,
    a_session,
    a_veto,
    answer,
    case,
    grant,
    merged,
    names,
)

CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


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
NUDE = {"description": {"tags": ["nudity"], "scenes": ["45"]}}
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
