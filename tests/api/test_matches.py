"""Blind questions after performers, over HTTP: who is asked, and how little the asker learns."""

from itertools import count

from tests.api.consents import check, offered, picture, question
from tests.support.inprocess import World

_NAMES = count(1)


def a_person(world: World, *, claimed: bool = True) -> tuple[str, str]:
    """Somebody on record at the studio: their name in the world and their own."""
    name = f"m{next(_NAMES)}"
    world.performer(name, member_of=world.ids["union"])
    if claimed:
        world.claim(name)
    return name, f"{name} Person"


def ask(world: World, name: str, who: str = "rival", **more: str) -> dict[str, object]:
    return world.make("/v1/performers/match", who, {"name": name} | more)


def test_known_and_unknown_are_answered_alike_and_name_nobody(world: World) -> None:
    _, known = a_person(world)
    maybe = ask(world, known.upper())
    by_contact = ask(world, "Somebody Else", contact=f"{known.split()[0]}@performer.example")
    none = ask(world, "Nobody At All")
    assert (maybe["match"], by_contact["match"], none["match"]) == ("maybe", "maybe", "none")
    assert maybe.keys() == none.keys()
    assert "perf_" not in str(maybe)
    read = world.get(f"/v1/matches/{none['id']}", "rival").json()
    assert (read["answers"], read["name"]) == ([], "Nobody At All")
    # A question leaves nobody on record, so asking it again does not find the question.
    assert ask(world, "Nobody At All", contact="nobody@example.org")["match"] == "none"
    assert ask(world, "Nobody At All", contact="nobody@example.org")["match"] == "none"


def test_the_asker_learns_what_the_person_chooses_to_say(world: World) -> None:
    name, known = a_person(world)
    made = ask(world, known)
    path = f"/v1/matches/{made['id']}"
    inbox = world.get("/v1/matches", name).json()["data"]
    assert [(one["id"], one["name"], one["answer"]) for one in inbox] == [(made["id"], known, None)]
    unknown = "/v1/performers/" + world.ids[name]
    assert world.get(unknown, "rival").status_code == 404
    said = world.make(f"{path}/answer", name, {"answer": "yes"})
    assert (said["answer"], said["performer"]) == ("yes", world.ids[name])
    answers = world.get(path, "rival").json()["answers"]
    assert [(one["answer"], one["by"], one["performer"]) for one in answers] == [
        ("yes", "performer", world.ids[name])
    ]
    # From here on it is one record for both studios, and the rival can ask them for a yes.
    assert world.get(unknown, "rival").status_code == 200
    film = picture(world)
    body = question(world, name, film)
    assert check(world, body, "rival")["reasons"][0]["code"] == "A_IDENTITY"
    work = world.make("/v1/works", "rival", {"kind": "film", "title": "Other"})["id"]
    asked = check(world, body | {"work": work}, "rival")
    assert asked["reasons"][0]["code"] == "D_NO_CONSENT"
    again = world.post(f"{path}/answer", name, {"answer": "no"})
    assert again.status_code == 409


def test_who_would_rather_not_say_is_not_told_apart_from_nobody(world: World) -> None:
    name, known = a_person(world)
    made, none = ask(world, known), ask(world, f"{known} Other")
    path = f"/v1/matches/{made['id']}"
    world.make(f"{path}/answer", name, {"answer": "rather_not_say"})
    assert world.get(path, "rival").json()["answers"] == []
    assert world.get(f"/v1/matches/{none['id']}", "rival").json()["answers"] == []
    feed = world.get("/v1/events?after=-1&limit=200", "rival").json()["data"]
    assert not any(entry.get("type") == "match.answered" for entry in feed[-3:])


def test_a_no_is_said_without_a_record(world: World) -> None:
    name, known = a_person(world)
    made = ask(world, known)
    world.make(f"/v1/matches/{made['id']}/answer", name, {"answer": "no"})
    (said,) = world.get(f"/v1/matches/{made['id']}", "rival").json()["answers"]
    assert (said["answer"], said["performer"]) == ("no", None)
    assert world.get(f"/v1/performers/{world.ids[name]}", "rival").status_code == 404


def test_a_union_answers_for_a_member_who_has_not_claimed_their_record(world: World) -> None:
    name, known = a_person(world, claimed=False)
    made = ask(world, known)
    path = f"/v1/matches/{made['id']}"
    # A hint of a studio gives no standing to answer.
    assert world.post(f"{path}/answer", "officer", {"answer": "yes"}).status_code == 404
    family = "sag-aftra/tv-theatrical"
    signs = {"agreement": family, "starts_on": "2023-11-09"}
    world.make(f"/v1/organizations/{world.ids['studio']}/signatories", "office", signs)
    hired = {"performer": world.ids[name], "work": world.ids["nova"], "agreement": family}
    world.make("/v1/engagements", "studio", hired)
    assert made["id"] in {one["id"] for one in world.get("/v1/matches", "officer").json()["data"]}
    world.make(f"{path}/answer", "officer", {"answer": "yes"})
    (said,) = world.get(path, "rival").json()["answers"]
    assert (said["by"], said["performer"]) == ("union", world.ids[name])


def test_once_the_record_is_claimed_only_the_person_answers(world: World) -> None:
    name, known = a_person(world)
    made = ask(world, known)
    path = f"/v1/performers/{world.ids[name]}/memberships"
    stated = world.make(path, name, {"union": world.ids["union"]})
    world.make(f"{path}/{stated['id']}/confirmation", "officer")
    said = world.post(f"/v1/matches/{made['id']}/answer", "officer", {"answer": "yes"})
    assert said.status_code == 404


def test_a_question_is_its_askers_alone(world: World) -> None:
    _, known = a_person(world)
    made = ask(world, known)
    assert world.get(f"/v1/matches/{made['id']}", "studio").status_code == 404
    assert world.get("/v1/matches/match_00000000000000000000000000", "rival").status_code == 404
    assert made["id"] in {one["id"] for one in world.get("/v1/matches", "rival").json()["data"]}


def test_nobody_lists_names_at_any_speed(world: World) -> None:
    at = {"Consent_Registry_Now": "2091-03-01T12:00:00Z"}
    body = {"name": "Some Body"}
    for _ in range(60):
        answer = world.post("/v1/performers/match", "clearance", body, **at)
        assert answer.status_code == 201
    stopped = world.post("/v1/performers/match", "studio", body, **at)
    # Counted for the studio, whoever of it asks.
    assert (stopped.status_code, stopped.headers["retry-after"]) == (429, "60")
    assert stopped.json()["type"].endswith("/problems/quota-exceeded")
    assert stopped.json()["detail"] == (
        "There were too many questions after performers. Go on in 60 s. Nothing was recorded."
    )
    later = {"Consent_Registry_Now": "2091-03-01T12:01:00Z"}
    assert world.post("/v1/performers/match", "studio", body, **later).status_code == 201
    assert world.post("/v1/performers/match", "rival", body, **at).status_code == 201


def test_an_offer_follows_a_yes(world: World) -> None:
    name, known = a_person(world)
    made = ask(world, known, "studio")
    world.make(f"/v1/matches/{made['id']}/answer", name, {"answer": "yes"})
    assert offered(world, name, picture(world))["state"] == "offered"
