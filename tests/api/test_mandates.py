"""What a representative, an officer and a minor may do alone, and what they may not."""

from typing import Any

from tests.api.consents import codes, key, offered, picture, question, signed, somebody, veto
from tests.support.inprocess import FAMILY, World

NOON = "2026-12-01T12:00:00Z"
LATER = "2044-12-01T12:00:00Z"


def represented(world: World, name: str, kind: str, *powers: str, **more: Any) -> None:
    """Let the office prove that the agency's person represents a performer."""
    body = {"kind": kind, "powers": list(powers), "representative": world.ids["agency"]}
    if kind in {"guardian", "estate", "executor"}:
        body["document_hash"] = "ab" * 32
    path = f"/v1/performers/{world.ids[name]}/representations"
    world.make(path, "office", body | more)


def test_an_agent_who_may_only_look_answers_nothing(world: World) -> None:
    name = somebody(world)
    represented(world, name, "agent", "view")
    plan = {"performer": world.ids[name], "work": world.ids["nova"], "use": "stunt"}
    days = {"days": "3", "basis": "Three days of stunts."}
    estimate = f"/v1/estimates/{world.make('/v1/estimates', 'studio', plan | days)['id']}"
    told = {"kind": "training", "content": "We train.", "performer": world.ids[name]}
    notice = f"/v1/notices/{world.make('/v1/notices', 'studio', told)['id']}"
    asks: list[tuple[str, dict[str, str] | None]] = [
        (f"{estimate}/agreement", None),
        (f"{estimate}/dispute", None),
        (f"{notice}/answer", {"answer": "agreed"}),
    ]
    for path, body in asks:
        assert world.post(path, "agent", body).status_code == 403, path
    represented(world, name, "agent", "bargain")
    for path, body in (asks[1], asks[2]):
        assert world.post(path, "agent", body).status_code == 200, path


def test_an_agent_who_may_only_look_appeals_nothing(world: World) -> None:
    name = somebody(world, member=True)
    represented(world, name, "agent", "view")
    made = veto(world, {"performer": world.ids[name]})
    assert made.status_code == 201, made.text
    path = f"/v1/vetoes/{made.json()['id']}/appeal"
    assert world.post(path, "agent", {"argument": "No."}).status_code == 403
    represented(world, name, "agent", "bargain")
    assert world.post(path, "agent", {"argument": "No."}).status_code == 200


def test_a_minor_does_not_end_the_pause_that_a_guardian_set(world: World) -> None:
    name = somebody(world, adult=False, birth_date="2015-05-01")
    represented(world, name, "guardian", "sign", starts_on="2026-01-01")
    path = f"/v1/performers/{world.ids[name]}"
    world.make(f"{path}/suspensions", "agent", {})
    refused = world.post(f"{path}/resumption", name)
    assert refused.json()["refusals"][0]["code"] == "minor"
    assert world.post(f"{path}/resumption", "agent").status_code == 200


def test_a_guardian_stops_nothing_once_the_performer_is_of_age(world: World) -> None:
    name = somebody(world, adult=False, birth_date="2010-05-01")
    represented(world, name, "guardian", "sign", starts_on="2026-01-01")
    grant = offered(world, name, picture(world))
    path = f"/v1/grants/{grant['id']}/decline"
    of_age = {"Consent_Registry_Now": LATER}
    assert world.post(path, "agent", {}, **of_age).status_code == 403
    assert world.post(path, "agent", {}, Consent_Registry_Now=NOON).status_code == 200


def test_an_executor_stops_nothing_for_the_living(world: World) -> None:
    name = somebody(world)
    represented(world, name, "executor", "sign")
    grant = signed(world, name, picture(world))
    assert world.post(f"/v1/grants/{grant['id']}/suspension", "agent", {}).status_code == 403


def test_a_proof_that_ended_does_not_hide_one_that_is_open(world: World) -> None:
    name = somebody(world, adult=False, birth_date="2015-05-01")
    represented(world, name, "guardian", "sign", starts_on="2020-01-01")
    represented(world, name, "attorney", "sign", starts_on="2024-01-01", ends_on="2024-02-01")
    grant = offered(world, name, picture(world))
    assert world.post(f"/v1/grants/{grant['id']}/decline", "agent", {}).status_code == 200


def test_an_officer_adds_no_second_officer(world: World) -> None:
    path = f"/v1/organizations/{world.ids['union']}/users"
    refused = world.post(path, "officer", {"role": "union_officer"})
    assert refused.json()["errors"][0]["code"] == "office-only"
    assert world.post(path, "officer", {"role": "union_staff"}).status_code == 201
    assert world.post(path, "office", {"role": "union_officer"}).status_code == 201


def test_a_union_sees_an_engagement_as_its_agreement_stands_now(world: World) -> None:
    studio = world.studio("late")
    body = {"name": "Late Person", "contact": "late@performer.example", "adult": True}
    performer = world.make("/v1/performers", "late", body)["id"]
    hired = {"performer": performer, "work": world.work("late", "late"), "agreement": FAMILY}
    path = f"/v1/engagements/{world.make('/v1/engagements', 'late', hired)['id']}"
    assert world.get(path, "officer").status_code == 404
    signatories = f"/v1/organizations/{studio}/signatories"
    stated = world.make(signatories, "late", {"agreement": FAMILY, "starts_on": "2023-11-09"})
    assert world.get(path, "officer").status_code == 404
    world.make(f"{signatories}/{stated['id']}/confirmation", "officer")
    assert world.get(path, "officer").status_code == 200
    assert world.get(f"/v1/performers/{performer}", "officer").status_code == 200
    world.make(f"{signatories}/{stated['id']}/end", "office", {"ends_on": "2024-01-01"})
    assert world.get(path, "officer").status_code == 404


def test_a_guardian_signs_from_the_instant_of_the_proof(world: World) -> None:
    # It is still the day before where the contract counts its days.
    at = "2026-12-05T04:57:00Z"
    name, film = (
        somebody(world, adult=False, birth_date="2015-05-01"),
        picture(world, agreement=FAMILY),
    )
    body = {"kind": "guardian", "powers": ["sign"], "representative": world.ids["agency"]}
    path = f"/v1/performers/{world.ids[name]}/representations"
    proof = body | {"document_hash": "ab" * 32}
    made = world.post(path, "office", proof, Consent_Registry_Now=at)
    assert (made.status_code, made.json()["starts_on"]) == (201, "2026-12-05")
    offer = offered(world, name, film)
    terms_hash = {"terms_hash": offer["terms_hash"]}
    path = f"/v1/grants/{offer['id']}/acceptance"
    yes = world.post(path, "agent", terms_hash, Consent_Registry_Now=at, **key())
    assert yes.status_code == 200, yes.text
    body = question(world, name, film)
    asked = world.post("/v1/checks", "studio", body, Consent_Registry_Now=at)
    assert "D_SIGNER" not in codes(asked.json()["decision"])
