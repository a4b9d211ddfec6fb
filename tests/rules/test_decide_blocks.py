"""What stops a use from outside its consent, and what goes on being shown."""

from typing import Any

import pytest

from tests.rules.worlds import (
    ESTIMATE,
    Patch,
    a_locked_use,
    a_veto,
    answer,
    case,
    grant,
    names,
)

UNRECOGNISABLE: Patch = {"kind": "unrecognisable", "at": "2026-11-01T00:00:00Z"}
CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


# Blocks.
add("a veto", [a_veto()], {}, "deny", "D_UNION_VETO", "W_VETO_ENDS_SOON")
add(
    "a veto of everything",
    [a_veto(scope={"studio": "studio-o"}, timing="full")],
    {},
    "deny",
    "D_UNION_VETO",
)
add(
    "a veto over the person",
    [a_veto(scope={"performer": "performer-a"}, number="")],
    {},
    "deny",
    "D_UNION_VETO",
)
add("a veto over members", [a_veto(scope={"all_members": True})], {}, "deny", "D_UNION_VETO")
add(
    "a veto soon to be reviewed",
    [a_veto(review_by="2026-12-01")],
    {},
    "deny",
    "D_UNION_VETO W_VETO_ENDS_SOON",
)
add(
    "a veto that lapsed",
    [ESTIMATE, a_veto(review_by="2026-11-20")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
    "D_UNION_VETO",
)
add(
    "a veto that waits for its second officer",
    [ESTIMATE, a_veto(state="proposed")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
    "D_UNION_VETO",
)
add("a flag", [ESTIMATE, a_veto(effect="flag")], {}, "allow_with_obligations", "W_VETO_FLAG")
add(
    "a veto that names no authority",
    [ESTIMATE, a_veto(authority="")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
)
add(
    "a policy veto without review",
    [ESTIMATE, a_veto(review_by=None)],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
)
add(
    "locked before the veto",
    [ESTIMATE, a_veto(), a_locked_use()],
    {},
    "allow_with_obligations",
    "W_VETO_PROSPECTIVE",
    "D_UNION_VETO",
)
add(
    "locked before a full veto",
    [a_veto(timing="full"), a_locked_use()],
    {},
    "deny",
    "D_UNION_VETO",
    "W_VETO_PROSPECTIVE",
)
STRIKE = {"kind": "strike", "scope": {"agreement": "sag-aftra/tv-theatrical"}, "basis": "TT-32"}
add("a strike", [a_veto(**STRIKE)], {}, "deny", "D_STRIKE", "D_UNION_VETO")
add(
    "a strike after its review date",
    [a_veto(**STRIKE, review_by="2026-11-20")],
    {},
    "deny",
    "D_STRIKE",
)
add(
    "a strike that only flags",
    [ESTIMATE, a_veto(**STRIKE, effect="flag")],
    {},
    "allow_with_obligations",
    "W_VETO_FLAG",
)
add(
    "a strike, and no consent needed",
    [
        ESTIMATE,
        a_veto(**STRIKE),
        {"attestations": {"x": {**UNRECOGNISABLE, "work_id": "nova-1"}}},
    ],
    {"exemptions": [{"code": "unrecognisable"}]},
    "allow_with_obligations",
    "E_UNRECOGNISABLE",
    "D_STRIKE",
)
add(
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
add("paused", [{"suspensions": {"p": {**PAUSE, "grant_id": None}}}], {}, "deny", "D_SUSPENDED")
add(
    "this grant paused",
    [{"suspensions": {"p": {**PAUSE, "grant_id": "a-nova-1"}}}],
    {},
    "deny",
    "D_SUSPENDED",
)
add(
    "this grant paused, another covers",
    [ESTIMATE, {"suspensions": {"p": {**PAUSE, "grant_id": "a-nova-1"}}, "grants": {"g": grant()}}],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SUSPENDED",
)
add(
    "another grant paused",
    [ESTIMATE, {"suspensions": {"p": {**PAUSE, "grant_id": "g"}}}],
    {},
    "allow_with_obligations",
    "O_PAY",
    "D_SUSPENDED",
)
# Finished work.
EXHIBIT = {"use": "exhibit"}
add(
    "shown after the yes was taken back",
    [a_locked_use(), {"grants": {"a-nova-1": {"state": "revoked"}}}],
    EXHIBIT,
    "allow",
    "OK_RUNOFF",
    "D_REVOKED",
)
add(
    "shown although the grant was void",
    [a_locked_use(), {"grants": {"a-nova-1": {"state": "void"}}}],
    EXHIBIT,
    "deny",
    "D_VOID",
    "OK_RUNOFF",
)
add(
    "shown under a prospective veto",
    [a_locked_use(), a_veto()],
    EXHIBIT,
    "allow",
    "OK_RUNOFF W_VETO_PROSPECTIVE",
)
add(
    "shown under a full veto",
    [a_locked_use(), a_veto(timing="full")],
    EXHIBIT,
    "deny",
    "D_UNION_VETO OK_RUNOFF",
)
add("shown and never locked", [], EXHIBIT, "deny", "D_SCOPE_USE", "OK_RUNOFF")
add(
    "shown though the replica is destroyed",
    [a_locked_use(), {"replicas": {"r": {"performer_id": "performer-a", "state": "destroyed"}}}],
    {**EXHIBIT, "replica": "r"},
    "allow",
    "OK_RUNOFF",
    "D_REPLICA_STATE",
)


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)


@pytest.mark.parametrize(
    ("paused", "ends_it"),
    [(None, "/v1/performers/{id}/resumption"), ("a-nova-1", "/v1/grants/{id}/resumption")],
)
def test_a_pause_is_ended_where_it_was_begun(paused: str | None, ends_it: str) -> None:
    said = answer({"suspensions": {"p": {**PAUSE, "grant_id": paused}}}).reasons[0]
    assert said.code == "D_SUSPENDED"
    assert [way.href for way in said.unblock] == [ends_it]
