"""Custody: who holds a copy, for what, until when; and what the performer sees of it."""

from itertools import count
from typing import Any

from tests.support.inprocess import World

_NUMBER = count()
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NOW = "2026-11-23T12:00:00Z"


def kept(world: World, **more: Any) -> tuple[str, str, str]:
    """A replica that the vendor keeps; the performer, the replica and the custody."""
    name = f"scanned{next(_NUMBER)}"
    world.performer(name)
    world.claim(name)
    body = {"performer": world.ids[name], "custodian": world.ids["vendor"]}
    body |= {"purpose": "the falls", "until_on": "2026-12-31", "made_before": "ab" * 32} | more
    answer = world.post("/v1/replicas", "studio", body, Consent_Registry_Now=NOW)
    assert answer.status_code == 201, answer.text
    id_ = answer.json()["id"]
    (custody,) = world.get(f"/v1/custodies?replica={id_}", "vendor").json()["data"]
    return name, id_, custody["id"]


def holders(world: World, name: str, when: str = NOW) -> list[dict[str, Any]]:
    answer = world.send("GET", "/v1/me/replicas", name, Consent_Registry_Now=when)
    (mine,) = answer.json()["data"]
    found: list[dict[str, Any]] = mine["holders"]
    return found


def end(world: World, custody: str, who: str = "vendor", **body: str) -> dict[str, Any]:
    answer = world.post(f"/v1/custodies/{custody}/end", who, body, Consent_Registry_Now=NOW)
    found: dict[str, Any] = answer.json() | {"status": answer.status_code}
    return found


def test_a_performer_sees_where_their_scans_are_and_the_proof_when_they_are_gone(
    world: World,
) -> None:
    name, _, custody = kept(world)
    (one,) = holders(world, name)
    assert (one["holder"], one["purpose"], one["until_on"]) == (
        "The vendor",
        "the falls",
        "2026-12-31",
    )
    assert (one["received_at"], one["overdue"]) == (None, False)
    path = f"/v1/custodies/{custody}"
    came = world.post(f"{path}/receipt", "vendor", Consent_Registry_Now=NOW)
    assert came.json()["received_at"] == "2026-11-23T12:00:00.000000Z"
    assert "performer_id" not in came.json()
    assert world.post(f"{path}/receipt", "vendor").json()["detail"] == (
        "You confirmed this already. Nothing was recorded."
    )
    # Its last day is the thirty-first; nobody forgets it for them.
    assert holders(world, name, "2026-12-31T23:59:59Z")[0]["overdue"] is False
    assert holders(world, name, "2027-01-01T00:00:00Z")[0]["overdue"] is True
    bare = end(world, custody, how="destroyed")
    assert (bare["status"], bare["errors"][0]["pointer"]) == (422, "/certificate")
    assert end(world, custody, how="destroyed", certificate=HASH)["status"] == 200
    (gone,) = holders(world, name, "2027-01-01T00:00:00Z")
    assert (gone["ended_how"], gone["certificate"], gone["overdue"]) == ("destroyed", HASH, False)
    assert end(world, custody, how="returned")["detail"] == (
        "This copy was destroyed already. Nothing was recorded."
    )
    assert world.get(path, "studio").json()["ended_how"] == "destroyed"


def test_only_who_holds_a_copy_confirms_it(world: World) -> None:
    name, _, custody = kept(world)
    assert end(world, custody, "studio", how="returned")["status"] == 404
    assert world.get(f"/v1/custodies/{custody}", "rival").status_code == 404
    assert world.get(f"/v1/custodies/{custody}", name).json()["performer_id"] == world.ids[name]


def test_who_kept_it_before_holds_a_copy_until_they_confirm_that_it_is_gone(world: World) -> None:
    name, id_, custody = kept(world)
    path = f"/v1/replicas/{id_}/custodian"
    back = {"custodian": world.ids["studio"]}
    assert world.post(path, "studio", back, Consent_Registry_Now=NOW).status_code == 200
    assert [h["ended_at"] for h in holders(world, name)] == [None, None]
    # They keep seeing what they hold.
    assert world.get(f"/v1/replicas/{id_}", "vendor").status_code == 200
    for state in ("quarantined", "destruction_due"):
        world.make(f"/v1/replicas/{id_}/state", "studio", {"state": state})
    gone = {"state": "destroyed", "certificate": HASH}
    early = world.post(f"/v1/replicas/{id_}/state", "studio", gone)
    assert early.status_code == 409
    assert early.json()["custodies"] == [custody]
    assert early.json()["detail"].startswith("Somebody else still holds a copy")
    assert end(world, custody, how="returned")["status"] == 200
    assert world.post(f"/v1/replicas/{id_}/state", "studio", gone).status_code == 200
    assert [h["ended_how"] for h in holders(world, name)] == ["returned", "destroyed"]


def test_the_time_and_the_purpose_of_a_keeper_can_change(world: World) -> None:
    name, id_, _ = kept(world)
    path, vendor = f"/v1/replicas/{id_}/custodian", world.ids["vendor"]
    same = world.post(path, "studio", {"custodian": vendor}, Consent_Registry_Now=NOW)
    assert same.json()["detail"] == "They keep it already. Nothing was recorded."
    over = {"custodian": vendor, "until_on": "2026-11-22"}
    late = world.post(path, "studio", over, Consent_Registry_Now=NOW)
    assert late.json()["errors"][0]["pointer"] == "/until_on"
    longer = {"custodian": vendor, "until_on": "2027-03-31"}
    assert world.post(path, "studio", longer, Consent_Registry_Now=NOW).status_code == 200
    (one,) = holders(world, name)
    assert (one["purpose"], one["until_on"]) == ("the falls", "2027-03-31")


def test_a_producer_gives_its_own_copy_back_to_nobody(world: World) -> None:
    name = f"scanned{next(_NUMBER)}"
    world.performer(name)
    world.claim(name)
    id_ = world.make(
        "/v1/replicas", "studio", {"performer": world.ids[name], "made_before": "ab" * 32}
    )["id"]
    (custody,) = world.get(f"/v1/custodies?replica={id_}", "studio").json()["data"]
    assert custody["received_at"] is not None
    answer = end(world, custody["id"], "studio", how="returned")
    assert (answer["status"], answer["errors"][0]["pointer"]) == (422, "/how")
    assert end(world, custody["id"], "studio", how="destroyed", certificate=HASH)["status"] == 200
    assert holders(world, name)[0]["certificate"] == HASH
