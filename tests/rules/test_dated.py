"""What changes in the world counts from when it was stated, and takes nobody out of a block."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.rules.dated import performer_at, stated_agreements, work_at
from app.rules.facts import LivedBefore, StatedBefore
from tests.rules.worlds import ESTIMATE, NOON, Patch, a_locked_use, a_veto, answer
from tests.support.made import NOON as THEN
from tests.support.made import TICK, TVT, a_performer, a_work, an_edge

STUDIO_ALONE: Patch = {"engagements": {"a-on-nova-1": None}, "signatories": {"studio-o-tv": None}}
STRIKE: Patch = a_veto(
    kind="strike",
    basis="TT-32",
    scope={"agreement": TVT, "unit": "performers"},
    review_by=None,
    starts_at="2026-11-20T12:00:00Z",
)


def work(**changes: Any) -> Patch:
    return {"works": {"nova-1": changes}}


@pytest.mark.parametrize(
    ("at", "lived"),
    [(THEN - TICK, None), (THEN, "US-IL"), (THEN + TICK, "US-IL"), (THEN + 2 * TICK, "US-CA")],
)
def test_who_moved_lived_elsewhere_until_that_instant(at: datetime, lived: str | None) -> None:
    moved = a_performer(
        residence="US-CA",
        lived_before=(LivedBefore(THEN + 2 * TICK, "US-IL"), LivedBefore(THEN)),
    )
    assert performer_at(moved, at).residence == lived


def test_a_work_is_under_what_was_stated_then() -> None:
    restated = a_work(
        agreement="x", content_tags=("stunts",), stated_before=(StatedBefore(THEN, TVT, None),)
    )
    assert work_at(restated, THEN) == restated
    before = work_at(restated, THEN - TICK)
    assert (before.agreement, before.content_tags) == (TVT, None)
    above = a_work("nova", agreement="y")
    edges = (an_edge("nova", "nova-1"),)
    assert stated_agreements("nova-1", (restated, above), edges, THEN) == {"x"}
    unstated = a_work(stated_before=restated.stated_before)
    assert stated_agreements("nova-1", (unstated, above), edges, THEN) == {"y"}
    assert stated_agreements("nova-1", (unstated, above), edges, THEN - TICK) == {TVT}


def test_what_a_work_shows_is_not_known_before_it_was_said() -> None:
    told: Patch = work(
        content_tags=["stunts"], stated_before=[{"until": NOON.isoformat(), "agreement": TVT}]
    )
    excluded: Patch = {"grants": {"a-nova-1": {"exclusions": [{"axis": "tag", "value": "gore"}]}}}
    asked: dict[str, Any] = {"description": {"tags": None, "scenes": ["45"]}}
    assert "A_CONTENT_NOT_STATED" not in answer(ESTIMATE, told, excluded, **asked).codes
    before = answer(ESTIMATE, told, excluded, at=NOON - TICK, **asked)
    assert "A_CONTENT_NOT_STATED" in before.codes


def taken_off(at: str) -> Patch:
    return work(agreement=None, stated_before=[{"until": at, "agreement": TVT}])


@pytest.mark.parametrize(
    ("worlds", "struck"),
    [
        ([work(agreement=TVT)], True),
        ([taken_off("2026-11-20T12:00:00.000001Z")], True),
        ([taken_off("2026-11-20T12:00:00Z")], False),
        ([taken_off("2026-11-20T13:00:00Z"), work(agreement="other/agreement")], True),
        (
            [
                taken_off("2026-11-20T13:00:00Z"),
                work(agreement="other/agreement", stated_by="studio-o", confirmed_by="guild"),
            ],
            False,
        ),
        (
            [
                taken_off("2026-11-20T13:00:00Z"),
                work(agreement="other/agreement", confirmed_by="guild", disputed_by="guild"),
            ],
            True,
        ),
    ],
    ids=[
        "under it",
        "taken off in the strike",
        "taken off before it",
        "another one stated in the strike",
        "and the union says so too",
        "and the union doubts it",
    ],
)
def test_no_work_leaves_a_strike_by_its_studios_word(worlds: list[Patch], struck: bool) -> None:
    alone: Patch = {"works": {"nova": {"agreement": None}}}
    found = answer(ESTIMATE, STUDIO_ALONE, alone, STRIKE, *worlds)
    assert ("D_STRIKE" in found.codes) is struck
    assert struck or found.outcome != "allow"


def test_no_work_leaves_a_strike_by_being_moved() -> None:
    stated: Patch = {"works": {"nova": {"agreement": TVT}, "nova-1": {"agreement": None}}}
    ended: Patch = {"edges": {"nova-1-in-nova": {"valid_to": "2026-11-20T13:00:00Z"}}}
    assert "D_STRIKE" in answer(STUDIO_ALONE, stated, STRIKE).codes
    assert "D_STRIKE" in answer(STUDIO_ALONE, stated, ended, STRIKE).codes
    early: Patch = {"edges": {"nova-1-in-nova": {"valid_to": "2026-11-20T12:00:00Z"}}}
    assert "D_STRIKE" not in answer(STUDIO_ALONE, stated, early, STRIKE).codes


@pytest.mark.parametrize(
    ("recorded_at", "ended_at", "stopped"),
    [
        ("2026-11-18T12:00:00Z", "2026-11-19T12:00:00Z", True),
        ("2026-11-18T12:00:00Z", "2026-11-18T12:00:00Z", False),
        (None, "2026-11-19T12:00:00Z", False),
    ],
    ids=["once announced", "before it was announced", "before it began"],
)
def test_nothing_is_taken_out_from_under_an_announced_veto(
    recorded_at: str | None, ended_at: str, stopped: bool
) -> None:
    veto = a_veto(scope={"work": "nova"}, recorded_at=recorded_at, starts_at="2026-11-20T12:00:00Z")
    ended: Patch = {"edges": {"nova-1-in-nova": {"valid_to": ended_at}}}
    assert ("D_UNION_VETO" in answer(ESTIMATE, veto, ended).codes) is stopped


def test_every_dispute_is_remembered() -> None:
    twice: Patch = {
        "engagements": {
            "a-on-nova-1": {
                "disputed_by": "performer-a",
                "disputed_at": "2026-11-21T14:00:00Z",
                "disputes_before": [
                    {
                        "by": "performer-a",
                        "at": "2026-11-21T12:00:00Z",
                        "settled_at": "2026-11-21T13:00:00Z",
                    }
                ],
            }
        }
    }
    hour = timedelta(hours=1)
    found = [
        "A_DISPUTED" in answer(ESTIMATE, twice, at=at).codes
        for at in (NOON - TICK, NOON, NOON + hour - TICK, NOON + hour, NOON + 2 * hour)
    ]
    assert found == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("use", "counts"),
    [
        ({"registered_at": NOON.isoformat()}, True),
        ({"registered_at": (NOON + TICK).isoformat()}, False),
        ({"state": "withdrawn", "withdrawn_at": NOON.isoformat()}, False),
        ({"state": "withdrawn", "withdrawn_at": (NOON + TICK).isoformat()}, True),
        ({"state": "withdrawn"}, False),
    ],
    ids=["registered", "registered later", "given up", "given up later", "given up, no day known"],
)
def test_a_cap_counts_what_was_on_record_then(use: Patch, counts: bool) -> None:
    one: Patch = {"grants": {"a-nova-1": {"scope": {"max_uses": 1}}}}
    said = answer(ESTIMATE, one, a_locked_use(), {"uses": {"u": use}}, shot="new")
    assert ("D_CAP_REACHED" in said.codes) is counts
