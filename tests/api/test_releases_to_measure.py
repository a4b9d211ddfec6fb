"""Before somebody is measured, the release that they signed is on record, by its hash."""

from typing import Any

import pytest

from tests.api.consents import check, codes, picture, signed, somebody
from tests.support.inprocess import World

PAPER = "5f" * 32


def attest(world: World, body: dict[str, Any]) -> Any:  # noqa: ANN401 - a response
    said = {"kind": "biometric_release", "text": "As in the paper that they signed."}
    return world.post("/v1/attestations", "clearance", said | body)


@pytest.mark.parametrize("kind", ["biometric_release", "consent_to_keep"])
@pytest.mark.parametrize("missing", ["performer", "evidence"])
def test_what_somebody_signed_is_theirs_and_is_shown(world: World, missing: str, kind: str) -> None:
    whole = {"kind": kind, "performer": world.ids["ann"], "evidence": [PAPER]}
    answer = attest(world, {name: said for name, said in whole.items() if name != missing})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{missing}"


def test_a_scan_in_illinois_waits_for_the_release(world: World) -> None:
    performer, work = somebody(world), picture(world)
    body = {"performer": world.ids[performer], "work": world.ids[work], "role_class": "principal"}
    engaged = world.make("/v1/engagements", "studio", body)
    signed(world, performer, work, uses=["scan"])
    planned = {
        "engagement": engaged["id"],
        "kind": "scan",
        "starts_at": "2035-03-05T16:00:00Z",
        "place": "US-IL",
    }
    session = world.make("/v1/capture-sessions", "studio", planned)
    asked = {
        "performer": world.ids[performer],
        "work": world.ids[work],
        "use": "scan",
        "capture_session": session["id"],
    }
    before = check(world, asked)
    assert "A_BIOMETRIC_RELEASE" in codes(before)
    [reason] = [r for r in before["reasons"] if r["code"] == "A_BIOMETRIC_RELEASE"]
    assert reason["sentence"] == (
        "Not yet. Before a face, a voice or a hand is measured, the Illinois Biometric Information"
        " Privacy Act asks for a written release with purpose and term. None is on record for this"
        " performer."
    )
    made = attest(world, {"performer": world.ids[performer], "evidence": [PAPER]})
    assert made.status_code == 201, made.text
    assert "A_BIOMETRIC_RELEASE" not in codes(check(world, asked))


def test_a_release_is_taken_back_by_whose_it_is_and_nothing_new_rests_on_it(world: World) -> None:
    performer, work = somebody(world), picture(world)
    world.make(
        "/v1/engagements",
        "studio",
        {"performer": world.ids[performer], "work": world.ids[work], "role_class": "principal"},
    )
    signed(world, performer, work, uses=["stunt"])
    change = {"residence": "ES"}
    row = world.get(f"/v1/performers/{world.ids[performer]}", performer)
    moved = world.send(
        "PATCH",
        f"/v1/performers/{world.ids[performer]}",
        performer,
        change,
        If_Match=row.headers["ETag"],
    )
    assert moved.status_code == 200, moved.text
    asked = {"performer": world.ids[performer], "work": world.ids[work], "use": "stunt"}
    release = attest(world, {"performer": world.ids[performer], "evidence": [PAPER]}).json()
    assert "D_DATA_WITHDRAWN" not in codes(check(world, asked))
    path = f"/v1/attestations/{release['id']}/withdrawal"
    # It is not the studio's to take back, and they see it where it stands.
    assert world.post(path, "studio").status_code == 403
    assert world.get("/v1/attestations", performer).json()["data"][0]["id"] == release["id"]
    taken = world.post(path, performer)
    assert taken.status_code == 200, taken.text
    assert taken.json()["withdrawn_at"] is not None
    assert world.post(path, performer).json()["detail"] == (
        "You took it back already. Nothing was recorded."
    )
    [reason] = [r for r in check(world, asked)["reasons"] if r["code"] == "D_DATA_WITHDRAWN"]
    assert reason["sentence"].startswith("Stop. On ")
    assert reason["sentence"].endswith(
        "the performer took back their yes to being measured. Under GDPR, article 9 nothing more is"
        " done with what was measured; what is finished may go on being shown."
    )


def test_only_a_release_is_taken_back(world: World) -> None:
    name = somebody(world)
    said = {"kind": "unrecognisable", "text": "A mask.", "performer": world.ids[name]}
    made = world.make("/v1/attestations", "clearance", said)
    answer = world.post(f"/v1/attestations/{made['id']}/withdrawal", name)
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("Only a release to measure somebody is taken back.")
