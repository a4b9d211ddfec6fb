"""The clock work: each reminder once, and a lapse that is said and changes nothing by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.registrar import reminders
from tests.api.consents import (
    accepting,
    check,
    codes,
    key,
    picture,
    question,
    signed,
    somebody,
)
from tests.support.inprocess import FAMILY, World, small_world

START = datetime(2031, 1, 1, 12, tzinfo=UTC)
REVIEW = START + timedelta(days=40)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(f"sqlite:///{tmp_path / 'registry.db'}", tmp_path) as made:
        yield made


def issued(world: World, **more: str) -> str:
    film = picture(world, agreement=FAMILY)
    body = {
        "kind": "policy",
        "basis": "RG-03",
        "authority": "the board",
        "scope": {"work": world.ids[film]},
        "reason": "Talks are open.",
        "review_by": REVIEW.date().isoformat(),
    }
    at = {"Consent_Registry_Now": START.isoformat()}
    answer = world.post("/v1/vetoes", "officer", body | more, **key(), **at)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ticked(world: World, at: datetime) -> int:
    return reminders.run(world.app.state.registry.store, now=at)


def said(world: World) -> list[str]:
    found = world.get("/v1/events?limit=200", "officer").json()["data"]
    return [one["type"] for one in found if one.get("type", "").startswith("veto.")]


@pytest.mark.parametrize(
    ("days_before", "reminded"),
    [
        pytest.param(15, 0, id="fifteen days before"),
        pytest.param(14, 1, id="fourteen"),
        pytest.param(8, 1, id="eight: that of fourteen is still to be said"),
        pytest.param(1, 1, id="one"),
        pytest.param(0, 1, id="the last day"),
    ],
)
def test_a_review_is_announced_fourteen_days_before(
    world: World, days_before: int, reminded: int
) -> None:
    accepting(world, "studio")
    issued(world)
    assert ticked(world, REVIEW - timedelta(days=days_before)) == reminded


def test_each_reminder_is_given_once(world: World) -> None:
    accepting(world, "studio")
    issued(world)
    given = [
        ticked(world, REVIEW - timedelta(days=days)) for days in (14, 13, 7, 6, 2, 1, 1, 0, -1, -2)
    ]
    assert given == [1, 0, 1, 0, 0, 1, 0, 0, 1, 0]
    assert said(world) == ["veto.issued", *["veto.review_due"] * 3, "veto.lapsed"]


def test_a_renewal_begins_the_reminders_anew(world: World) -> None:
    accepting(world, "studio")
    made = issued(world)
    assert ticked(world, REVIEW - timedelta(days=1)) == 1
    later = (REVIEW + timedelta(days=60)).date().isoformat()
    path, at = f"/v1/vetoes/{made}/renewal", (REVIEW - timedelta(hours=3)).isoformat()
    answer = world.post(path, "officer", {"review_by": later}, Consent_Registry_Now=at)
    assert answer.status_code == 200, answer.text
    assert ticked(world, REVIEW) == 0
    assert ticked(world, REVIEW + timedelta(days=47)) == 1


def test_a_grievance_is_reminded_of_and_never_lapses(world: World) -> None:
    issued(world, kind="grievance", basis="article 12")
    assert ticked(world, REVIEW + timedelta(days=1)) == 1
    assert ticked(world, REVIEW + timedelta(days=400)) == 0
    assert said(world) == ["veto.issued", "veto.review_due"]


def test_a_veto_lapses_by_its_date_whether_anybody_was_told_or_not(world: World) -> None:
    accepting(world, "studio")
    ann, film = somebody(world, member=True), picture(world, agreement=FAMILY)
    signed(world, ann, film)
    body = {
        "kind": "policy",
        "basis": "RG-03",
        "authority": "the board",
        "scope": {"work": world.ids[film]},
        "reason": "Talks are open.",
        "review_by": REVIEW.date().isoformat(),
    }
    at = {"Consent_Registry_Now": START.isoformat()}
    assert world.post("/v1/vetoes", "officer", body, **key(), **at).status_code == 201
    last = datetime(REVIEW.year, REVIEW.month, REVIEW.day, 23, 59, 59, tzinfo=UTC)
    asked = question(world, ann, film)
    for instant, code in ((last, "D_UNION_VETO"), (last + timedelta(seconds=1), "W_VETO_FLAG")):
        now = {"Consent_Registry_Now": instant.isoformat()}
        answer = world.post("/v1/checks", "studio", asked, **now)
        assert code in codes(answer.json()["decision"])
    assert "D_UNION_VETO" not in codes(check(world, asked))
