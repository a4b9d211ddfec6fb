"""Until when what was measured may be kept, where no published vector tells it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.rules.decide.measuring import deletions
from app.rules.facts import Check
from tests.rules.worlds import ESTIMATE, Patch, answer, check, facts, packs

MEASURED: Patch = {
    "capture_sessions": {
        "s": {
            "engagement_id": "a-on-nova-1",
            "performer_id": "performer-a",
            "work_id": "nova-1",
            "kind": "scan",
            "notice_sent_at": "2026-08-01T09:00:00Z",
            "business_reason": "Falls.",
            "starts_at": "2026-08-10T16:00:00Z",
            "place": "US-IL",
        }
    },
    "replicas": {
        "r": {
            "performer_id": "performer-a",
            "origin_work_id": "nova-1",
            "capture_session_id": "s",
            "captured_on": "2026-08-10",
        }
    },
}
ELSEWHERE: Patch = {
    "organizations": {"other-studio": {"kind": "studio"}},
    "engagements": {"a-on-nova-1": {"producer_id": "other-studio"}},
}
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCAN: dict[str, Any] = {"use": "scan", "capture_session": "s", "shot": None}


def due(*patches: Patch, at: datetime = AT, **changes: object) -> list[str]:
    asked = check(replica="r", **changes)
    found = deletions(asked, facts(ESTIMATE, MEASURED, *patches), packs(), as_of=at)
    return [str(reason.facts["due"]) for reason in found]


def held(**more: object) -> Patch:
    copy = {"replica_id": "r", "performer_id": "performer-a", "holder_id": "studio-o"}
    return {"custodies": {"c": {**copy, "starts_at": "2026-08-10T17:00:00Z", **more}}}


def test_a_clock_runs_until_the_instant_in_which_the_last_copy_is_gone() -> None:
    gone = held(ended_at="2026-11-21T12:00:00Z")
    assert due(held()) == ["2029-08-10"]
    assert due(gone, at=datetime(2026, 11, 21, 11, 59, 59, tzinfo=UTC)) == ["2029-08-10"]
    assert due(gone) == []


def signed(**more: object) -> Patch:
    return {"grants": {"a-nova-1": {"signature": {"at": "2026-10-02T12:00:00Z", **more}}}}


@pytest.mark.parametrize(
    ("later", "last"),
    [
        (signed(), "2029-10-02"),
        (signed(method="paper"), "2029-08-10"),
        (signed(method="paper", confirmed_at="2026-10-05T12:00:00Z"), "2029-10-05"),
        (signed(by="studio"), "2029-08-10"),
        ({"grants": {"a-nova-1": {"own_yes_at": "2026-10-07T12:00:00Z"}}}, "2029-10-07"),
        ({"grants": {"a-nova-1": {"own_yes_at": "2026-12-07T12:00:00Z"}}}, "2029-08-10"),
        ({"grants": {"a-nova-1": {"signature": None}}}, "2029-08-10"),
        (
            {
                "confirmations": {
                    "c": {
                        "grant_id": "a-nova-1",
                        "work_id": "nova-1",
                        "signed_at": "2026-10-09T12:00:00Z",
                    },
                    "of-another": {
                        "grant_id": "nobody-knows",
                        "work_id": "nova-1",
                        "signed_at": "2026-11-09T12:00:00Z",
                    },
                }
            },
            "2029-10-09",
        ),
        (
            {
                "capture_sessions": {
                    "later": {**MEASURED["capture_sessions"]["s"], "starts_at": "2026-10-11T16:00Z"}
                }
            },
            "2029-10-11",
        ),
        (
            {
                "capture_sessions": {
                    "off": {
                        **MEASURED["capture_sessions"]["s"],
                        "starts_at": "2026-10-11T16:00Z",
                        "cancelled_at": "2026-10-10T16:00Z",
                    }
                }
            },
            "2029-08-10",
        ),
    ],
)
def test_three_years_run_from_what_the_performer_last_did_here(later: Patch, last: str) -> None:
    assert due(held(), later) == [last]


def test_a_session_that_nobody_held_leaves_nothing_to_destroy() -> None:
    long_past = datetime(2031, 1, 1, 12, tzinfo=UTC)
    nothing = {"replicas": {"r": None}}
    told = answer(ESTIMATE, MEASURED, nothing, at=long_past, **SCAN)
    assert not {"O_DELETE_BY", "O_DELETE_OVERDUE"} & {*told.codes}


def test_a_producer_hears_of_what_others_measured_only_if_it_names_the_replica() -> None:
    assert due(held(), ELSEWHERE) == ["2029-08-10"]
    told = answer(ESTIMATE, MEASURED, held(), ELSEWHERE)
    assert not {"O_DELETE_BY", "O_DELETE_OVERDUE"} & {*told.codes}


def test_a_release_is_given_to_one_studio() -> None:
    release = {
        "kind": "biometric_release",
        "at": "2026-08-02T12:00:00Z",
        "performer_id": "performer-a",
        "ends_at": "2027-03-01T12:00:00Z",
    }
    mine: Patch = {"attestations": {"release": {**release, "organization_id": "studio-o"}}}
    theirs: Patch = {"attestations": {"release": {**release, "organization_id": "other-studio"}}}
    assert due(held(), mine) == ["2027-03-01"]
    assert due(held(), theirs) == ["2029-08-10"]
    assert "A_BIOMETRIC_RELEASE" not in answer(MEASURED, mine, **SCAN).codes
    assert "A_BIOMETRIC_RELEASE" in answer(MEASURED, theirs, **SCAN).codes


def test_of_what_nobody_knows_no_day_is_said() -> None:
    unknown = Check(work="nobody-knows", use="exhibit", performer="performer-a", replica="r")
    assert deletions(unknown, facts(MEASURED), packs(), as_of=AT) == ()
