"""The union's clock over a transfer, and who stays liable for what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.rules import transfers
from app.rules.decide import Decision
from app.rules.facts import Transfer
from tests.rules.worlds import answer

ZONE = ZoneInfo("America/Los_Angeles")
# Evening of the first of October in Los Angeles.
TOLD = datetime(2026, 10, 2, 4, tzinfo=UTC)
LATER = TOLD + timedelta(days=3)
TRANSFER = Transfer(
    id="move",
    replica_id="scan-a",
    performer_id="performer-a",
    from_id="studio-o",
    to_id="studio-p",
    union_id="guild",
    submitted_at=TOLD,
)
REPLICA = {
    "replicas": {"scan-a": {"performer_id": "performer-a", "origin_work_id": "nova-1"}},
    "organizations": {"studio-p": {"kind": "studio"}, "league": {"kind": "union"}},
}


def sentences(decision: Decision) -> list[str]:
    return [reason.sentence for reason in decision.reasons]


@pytest.mark.parametrize(
    ("at", "left"),
    [
        pytest.param(datetime(2026, 10, 22, 6, 59, 59, tzinfo=UTC), 1, id="the twentieth day"),
        pytest.param(datetime(2026, 10, 22, 7, tzinfo=UTC), 0, id="the last day"),
        pytest.param(datetime(2026, 10, 23, 6, 59, 59, tzinfo=UTC), 0, id="its last second"),
        pytest.param(datetime(2026, 10, 23, 7, tzinfo=UTC), -1, id="the day after"),
    ],
)
def test_the_days_are_those_of_the_place_where_the_agreement_counts(
    at: datetime, left: int
) -> None:
    assert transfers.last_day(TRANSFER, 21, ZONE) == date(2026, 10, 22)
    assert transfers.days_left(TRANSFER, 21, ZONE, at) == left


@pytest.mark.parametrize(
    ("changes", "left", "state", "liable"),
    [
        pytest.param({}, 5, "submitted", True, id="it has time"),
        pytest.param({}, 0, "submitted", True, id="its last day"),
        pytest.param({}, -1, "overdue", True, id="its time is over"),
        pytest.param({}, None, "submitted", True, id="nothing counts its days"),
        pytest.param({"answer": "refused", "answered_at": LATER}, 5, "refused", True, id="refused"),
        pytest.param({"answer": "approved", "answered_at": LATER}, 5, "approved", True, id="bare"),
        pytest.param(
            {"answer": "approved", "answered_at": LATER, "assumed_at": TOLD},
            5,
            "approved",
            False,
            id="approved, with the duties taken on",
        ),
        pytest.param(
            {"answer": "approved", "answered_at": LATER + timedelta(1), "assumed_at": TOLD},
            -1,
            "overdue",
            True,
            id="approved later",
        ),
        pytest.param(
            {"answer": "approved", "answered_at": LATER + timedelta(1), "refused_at": LATER},
            -1,
            "refused",
            True,
            id="refused, and approved later",
        ),
        pytest.param(
            {"answer": "approved", "answered_at": LATER, "refused_at": TOLD, "assumed_at": TOLD},
            5,
            "approved",
            False,
            id="refused before, and approved",
        ),
        pytest.param({"completed_at": LATER}, -1, "completed", True, id="gone without a yes"),
        pytest.param({"completed_at": LATER + timedelta(1)}, -1, "overdue", True, id="gone later"),
    ],
)
def test_how_a_transfer_stands_and_who_is_liable(
    changes: dict[str, Any], left: int | None, state: str, liable: bool
) -> None:
    moved = replace(TRANSFER, **changes)
    assert transfers.state_at(moved, left, LATER) == state
    assert transfers.liable(moved, LATER) is liable


def _document(**changes: object) -> dict[str, dict[str, object]]:
    said = {
        "replica_id": "scan-a",
        "performer_id": "performer-a",
        "from_id": "studio-o",
        "to_id": "studio-p",
        "union_id": "guild",
        "submitted_at": "2026-11-20T12:00:00Z",
    }
    return {"move": {**said, **changes}}


@pytest.mark.parametrize(
    ("transfer", "words"),
    [
        pytest.param(
            _document(union_id="league"),
            "The transfer was put before a union that does not speak for this performer here.",
            id="another union",
        ),
        pytest.param(
            _document(from_id="studio-p"),
            "No transfer of this replica was put before the union.",
            id="by another studio",
        ),
        pytest.param(
            _document(replica_id="scan-b"),
            "No transfer of this replica was put before the union.",
            id="of another replica",
        ),
        pytest.param(
            _document(completed_at="2026-11-20T13:00:00Z"),
            "No transfer of this replica was put before the union.",
            id="done already",
        ),
        pytest.param(
            _document(submitted_at="2026-11-22T12:00:00Z"),
            "No transfer of this replica was put before the union.",
            id="not put yet",
        ),
        pytest.param(
            _document(),
            "The union was told on 20 November 2026 and can answer until 11 December 2026.",
            id="waiting",
        ),
    ],
)
def test_what_the_gate_says_of_a_transfer(
    transfer: dict[str, dict[str, object]], words: str
) -> None:
    found = answer(REPLICA, {"transfers": transfer}, gate="transfer", replica="scan-a")
    assert any(said.startswith(f"Not yet. {words}") for said in sentences(found))


def test_the_gate_asks_which_replica_it_is() -> None:
    found = answer(REPLICA, gate="transfer")
    asked = "Nobody has said which replica is handed over, and the answer depends on it."
    assert f"Not yet. {asked}" in sentences(found)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ("2026-12-11T12:00:00Z", "today is the last day"),
        ("2026-12-10T12:00:00Z", "one day is left"),
        ("2026-12-09T12:00:00Z", "2 days are left"),
    ],
)
def test_the_reminder_counts_down(left: str, words: str) -> None:
    at = datetime.fromisoformat(left)
    world = {"transfers": _document()}
    found = answer(REPLICA, world, at=at, gate="transfer", replica="scan-a")
    assert (
        f"Note: {words} for the union to answer about the transfer: its last day is"
        " 11 December 2026."
    ) in sentences(found)
