"""Until when what was measured may be kept: seen by the studio and by whoever was measured."""

from typing import Any

import pytest

from tests.api.consents import check, picture, signed, somebody
from tests.support.inprocess import World

PAPER = "5f" * 32
MEASURED = "2026-11-24T16:00:00Z"
AFTER = "2026-11-25T12:00:00Z"


@pytest.fixture(name="scanned", scope="module")
def _scanned(world: World) -> dict[str, str]:
    """Somebody who was scanned in Chicago under a release that ends with the year."""
    name, film = somebody(world), picture(world)
    body = {"performer": world.ids[name], "work": world.ids[film], "role_class": "principal"}
    engaged = world.make("/v1/engagements", "studio", body)
    signed(world, name, film, uses=["scan", "stunt"])
    release = {"kind": "biometric_release", "text": "Face, for the falls.", "evidence": [PAPER]}
    release |= {"performer": world.ids[name], "ends_at": "2027-01-01T06:00:00Z"}
    world.make("/v1/attestations", "clearance", release)
    planned = {"engagement": engaged["id"], "kind": "scan", "place": "US-IL", "starts_at": MEASURED}
    session = world.make("/v1/capture-sessions", "studio", planned)
    made = world.post(
        "/v1/replicas", "studio", {"capture_session": session["id"]}, Consent_Registry_Now=AFTER
    )
    assert made.status_code == 201, made.text
    return {"name": name, "film": film, "replica": made.json()["id"]}


def seen(world: World, scanned: dict[str, str], who: str, when: str) -> list[dict[str, Any]]:
    path = "/v1/me/replicas" if who == scanned["name"] else "/v1/replicas"
    answer = world.send("GET", path, who, Consent_Registry_Now=when)
    (one,) = [one for one in answer.json()["data"] if one["id"] == scanned["replica"]]
    lines: list[dict[str, Any]] = one["delete_by"]
    return lines


def test_the_performer_and_the_studio_see_the_day_and_that_it_is_past(
    world: World, scanned: dict[str, str]
) -> None:
    for who in (scanned["name"], "studio"):
        (line,) = seen(world, scanned, who, AFTER)
        assert (line["due"], line["overdue"]) == ("2027-01-01", False)
        assert line["sentence"] == (
            "Under the Illinois Biometric Information Privacy Act, what was measured of the"
            " performer is destroyed by 1 January 2027: what it was taken for is over then."
        )
        assert not seen(world, scanned, who, "2027-01-02T05:59:59Z")[0]["overdue"]
        (late,) = seen(world, scanned, who, "2027-01-02T06:00:00Z")
        assert late["overdue"]
        assert late["sentence"] == (
            "Under the Illinois Biometric Information Privacy Act, what was measured of the"
            " performer had to be destroyed by 1 January 2027. Nothing on record says that it was."
        )


def test_a_check_says_what_has_to_be_destroyed_and_stops_once_it_was(
    world: World, scanned: dict[str, str]
) -> None:
    asked = {
        "performer": world.ids[scanned["name"]],
        "work": world.ids[scanned["film"]],
        "use": "stunt",
        "replica": scanned["replica"],
    }
    before = check(world, {**asked, "as_of": "2027-01-01T12:00:00Z"})
    assert "O_DELETE_BY" in before["owed_later"]
    late = check(world, {**asked, "as_of": "2027-01-03T12:00:00Z"})
    assert "O_DELETE_OVERDUE" in late["do_now"]
    path = f"/v1/replicas/{scanned['replica']}/state"
    future = {"state": "destruction_due", "purpose_met_on": "2036-01-01"}
    refused = world.post(path, "studio", future, Consent_Registry_Now="2027-01-04T12:00:00Z")
    assert refused.json()["errors"][0]["pointer"] == "/purpose_met_on"
    strange = {"state": "active", "purpose_met_on": "2026-12-01"}
    refused = world.post(path, "studio", strange, Consent_Registry_Now="2027-01-04T12:00:00Z")
    assert refused.json()["errors"][0]["pointer"] == "/purpose_met_on"
    for state in ("destruction_due", "destroyed"):
        body = {"state": state} | ({"certificate": PAPER} if state == "destroyed" else {})
        moved = world.post(path, "studio", body, Consent_Registry_Now="2027-01-04T12:00:00Z")
        assert moved.status_code == 200, moved.text
    gone = check(world, {**asked, "as_of": "2027-01-05T12:00:00Z"})
    assert not {"O_DELETE_BY", "O_DELETE_OVERDUE"} & {r["code"] for r in gone["reasons"]}
    assert seen(world, scanned, scanned["name"], "2027-01-05T12:00:00Z") == []
    # On the days before it was gone, it was not.
    assert seen(world, scanned, scanned["name"], "2027-01-03T12:00:00Z")[0]["overdue"]
    again = check(world, {**asked, "as_of": "2027-01-03T12:00:00Z"})
    assert "O_DELETE_OVERDUE" in again["do_now"]
