"""One inbox: what waits, for whom, until when, what happens at zero, and what the caller may do."""

from typing import Any

import pytest

from app.rules.inbox import AT_ZERO
from tests.api.consents import accept, key, offered, picture, signed, somebody
from tests.support.inprocess import FAMILY, World

PAPER = "ab" * 32
READ_ANSWER = ["read", "answer"]


def waiting(
    world: World, who: str, name: str, query: str = "", **more: str
) -> list[dict[str, Any]]:
    path = f"/v1/me/inbox?performer={world.ids[name]}{query}"
    answer = world.send("GET", path, who, None, **more)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["data"]
    assert all(item["at_zero"] == AT_ZERO[item["kind"]] for item in items)
    return items


def represented(world: World, name: str, **more: Any) -> None:
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.ids["agency"]}
    world.make(f"/v1/performers/{world.ids[name]}/representations", name, body | more)


def kinds(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(item["kind"], item["waits_for"]) for item in items]


def test_performer_and_agent_read_one_line_and_may_do_different_things(world: World) -> None:
    name = somebody(world)
    represented(world, name)
    made = offered(world, name, picture(world))
    (own,), (agents,) = waiting(world, name, name), waiting(world, "agent", name)
    assert own | {"you_can": []} == agents | {"you_can": []}
    assert own["about"] == {"kind": "grant", "id": made["id"]}
    assert (own["kind"], own["waits_for"], own["by"]) == ("request", "performer", made["answer_by"])
    assert own["you_can"] == ["read", "counter", "decline", "sign"]
    assert agents["you_can"] == ["read", "counter", "decline"]


def test_a_counter_offer_waits_for_the_studio_until_it_ends(world: World) -> None:
    name = somebody(world)
    made = offered(world, name, picture(world), answer_by="2036-12-24T00:00:00Z")
    path = f"/v1/grants/{made['id']}/counter-offers"
    asked = world.post(path, name, {"ends_on": "2035-01-01"}, If_Match='"v1"').json()["proposal"]
    (item,) = waiting(world, name, name)
    assert (item["kind"], item["waits_for"]) == ("counter_offer", "studio")
    assert item["by"] == asked["answer_by"]
    over = {"Consent_Registry_Now": asked["answer_by"]}
    assert kinds(waiting(world, name, name, **over)) == [("request", "performer")]


def test_what_somebody_saw_waits_for_whoever_has_to_say_something(world: World) -> None:
    name = somebody(world, member=True)
    seen = {"what": "My face.", "seen_on": "2026-11-01"}
    named = world.make("/v1/sightings", name, seen | {"studio": world.ids["studio"]})
    unnamed = world.make("/v1/sightings", name, seen)
    assert kinds(waiting(world, name, name)) == [("sighting", "studio"), ("sighting", "union")]
    world.make(f"/v1/sightings/{named['id']}/answer", "studio", {"answer": "not_ours"})
    world.make(f"/v1/sightings/{unnamed['id']}/answer", "officer", {"answer": "nothing_found"})
    items = waiting(world, name, name)
    assert kinds(items) == [("sighting", "performer")] * 2
    assert items[0]["you_can"] == ["read", "close"]
    for one in (named, unnamed):
        world.make(f"/v1/sightings/{one['id']}/closing", name)
    assert waiting(world, name, name) == []


def test_an_agent_who_may_only_look_may_only_read(world: World) -> None:
    name = somebody(world)
    represented(world, name, powers=["view"])
    offered(world, name, picture(world))
    assert [item["you_can"] for item in waiting(world, "agent", name)] == [["read"]]


def test_what_ends_first_comes_first_and_is_gone_when_it_ended(world: World) -> None:
    name = somebody(world)
    late = offered(world, name, picture(world), answer_by="2036-12-24T00:00:00Z")
    soon = offered(world, name, picture(world))
    assert [i["about"]["id"] for i in waiting(world, name, name)] == [soon["id"], late["id"]]
    over = {"Consent_Registry_Now": soon["answer_by"]}
    assert [i["about"]["id"] for i in waiting(world, name, name, **over)] == [late["id"]]
    first = world.get("/v1/me/inbox?limit=1", name).json()
    assert (len(first["data"]), first["more"]) == (1, True)


def test_a_counter_offer_waits_for_the_studio_and_a_change_for_the_performer(world: World) -> None:
    name = somebody(world)
    represented(world, name)
    made = offered(world, name, picture(world))
    path = f"/v1/grants/{made['id']}"
    tag = world.get(path, name).headers["etag"]
    countered = world.send(
        "POST", f"{path}/counter-offers", "agent", {"ends_on": "2030-06-30"}, If_Match=tag
    )
    assert countered.status_code == 200, countered.text
    (item,) = waiting(world, "agent", name)
    assert (item["kind"], item["waits_for"], item["you_can"]) == (
        "counter_offer",
        "studio",
        ["read"],
    )
    running = signed(world, name, picture(world))
    path = f"/v1/grants/{running['id']}"
    tag = world.get(path, name).headers["etag"]
    change = {"ends_on": "2035-06-30"}
    assert world.send("POST", f"{path}/amendments", "studio", change, If_Match=tag).is_success
    found = {i["kind"]: i["you_can"] for i in waiting(world, "agent", name)}
    assert found["change"] == ["read", "counter"]
    found = {i["kind"]: i["you_can"] for i in waiting(world, name, name)}
    assert found["change"] == ["read", "counter", "decline", "sign"]
    tag = world.get(path, name).headers["etag"]
    answer = {"ends_on": "2031-06-30"}
    assert world.send("POST", f"{path}/counter-offers", "agent", answer, If_Match=tag).is_success
    assert kinds(waiting(world, name, name)) == [
        ("counter_offer", "studio"),
        ("counter_offer", "studio"),
    ]


def test_what_others_stated_waits_for_an_answer(world: World) -> None:
    name = somebody(world)
    work = picture(world)
    plan = {"performer": world.ids[name], "work": world.ids[work], "use": "stunt"}
    world.make("/v1/estimates", "studio", plan | {"days": "3", "basis": "Three days."})
    told = {"kind": "training", "content": "We train.", "performer": world.ids[name]}
    world.make("/v1/notices", "studio", told)
    grant = signed(world, name, work, withdrawal={"new_uses": "only_if_agreement_says"})
    world.send(
        "POST",
        f"/v1/grants/{grant['id']}/revocation",
        name,
        {},
        Idempotency_Key=f"inbox-{grant['id']}",
    )
    assert sorted(kinds(waiting(world, name, name))) == [
        ("estimate", "performer"),
        ("notice", "performer"),
        ("withdrawal", "studio"),
    ]


def test_a_membership_that_the_union_stated_waits_for_the_performer(world: World) -> None:
    name = somebody(world, member_of=world.ids["union"])
    body = {"performer": world.ids[name], "work": world.ids["nova"]}
    world.make("/v1/engagements", "studio", body | {"rate": {"kind": "daily"}})
    path = f"/v1/performers/{world.ids[name]}/memberships"
    stated = world.post(path, "officer", {"union": world.ids["union"]})
    if stated.status_code != 201:
        pytest.fail(stated.text)
    (item,) = waiting(world, name, name)
    assert (item["kind"], item["you_can"]) == ("membership", ["read", "answer"])


def test_a_mandate_that_ends_soon_is_spoken_of(world: World) -> None:
    name = somebody(world)
    represented(world, name, starts_on="2026-01-01", ends_on="2027-01-10")
    early, late = "2026-12-10T12:00:00Z", "2026-12-11T12:00:00Z"
    assert waiting(world, name, name, Consent_Registry_Now=early) == []
    (item,) = waiting(world, name, name, Consent_Registry_Now=late)
    assert (item["kind"], item["by"]) == ("mandate", "2027-01-11T00:00:00.000000Z")
    (agents,) = waiting(world, "agent", name, Consent_Registry_Now=late)
    assert agents["you_can"] == ["read"]


def test_somebody_elses_inbox_is_not_shown(world: World) -> None:
    name, other = somebody(world), somebody(world)
    path = f"/v1/me/inbox?performer={world.ids[other]}"
    assert world.get(path, name).status_code == 404
    assert world.get("/v1/me/inbox", "studio").status_code == 403


def test_a_minors_requests_wait_for_the_guardian(world: World) -> None:
    name = somebody(world, adult=False, birth_date="2015-05-01")
    offered(world, name, picture(world))
    (item,) = waiting(world, name, name)
    assert (item["waits_for"], item["you_can"]) == ("guardian", ["read"])


def test_who_came_of_age_is_told_once(world: World) -> None:
    name = somebody(world, adult=False, birth_date="2009-05-01")
    guardian = {
        "kind": "guardian",
        "powers": ["sign"],
        "person": {"name": "Pat Parent", "contact": "pat@example.org"},
        "document_hash": PAPER,
    }
    made = world.make(f"/v1/performers/{world.ids[name]}/representations", "office", guardian)
    world.people["parent"] = made["representative_id"]
    assert accept(world, offered(world, name, picture(world)), "parent").status_code == 200
    day = {"Consent_Registry_Now": "2027-05-01T12:00:00Z"}
    (item,) = waiting(world, name, name)
    assert (item["kind"], item["by"]) == ("coming_of_age", "2027-05-01T00:00:00.000000Z")
    assert kinds(waiting(world, name, name, **day)) == [("own_yes", "performer")]
    for _ in range(2):
        assert world.post("/v1/reminders", "office", None, **day).status_code == 200
    feed = world.get("/v1/me/events?limit=200", name).json()["data"]
    assert [line.get("type") for line in feed].count("performer.came_of_age") == 1
    studios = world.get("/v1/events?limit=200", "studio").json()
    assert studios["data"] is not None


def test_a_signature_on_paper_waits_for_the_performer(world: World) -> None:
    name, film = somebody(world), picture(world)
    made = offered(world, name, film)
    paper = {"terms_hash": made["terms_hash"], "sha256": PAPER, "original": "Folder 12"}
    paper |= {"signed_on": "2026-11-20"}
    path = f"/v1/grants/{made['id']}/rider"
    assert world.post(path, "studio", paper).status_code == 200
    (item,) = waiting(world, name, name)
    assert kinds([item]) == [("signature", "performer")]
    assert item["you_can"] == ["read", "sign", "dispute"]
    assert item["way"]["href"] == f"/v1/grants/{made['id']}/signature-dispute"
    assert accept(world, made, name).status_code == 200
    assert waiting(world, name, name) == []


def test_what_was_said_of_ones_death_waits_for_a_word(world: World) -> None:
    name = somebody(world)
    path = f"/v1/performers/{world.ids[name]}/deaths"
    world.make(path, "office", {"died_on": "2026-11-02", "document_hash": PAPER})
    (item,) = waiting(world, name, name)
    assert (item["kind"], item["by"], item["you_can"]) == ("death", None, ["read", "answer"])
    world.make(f"/v1/performers/{world.ids[name]}/alive", name)
    assert waiting(world, name, name) == []


def test_a_question_waits_for_its_answer_and_an_offer_for_the_other_sides_word(
    world: World,
) -> None:
    name = somebody(world)
    represented(world, name)
    grant = offered(world, name, picture(world))
    about = {"about": "grant", "about_id": grant["id"]}
    asked = {"kind": "question", "words": "Is scene 12 cut?"}
    question = world.make("/v1/messages", "studio", about | asked)
    said = {"kind": "offer_said", "words": "Two days at most.", "said_at": "2026-11-20T12:00:00Z"}
    offer = world.make("/v1/messages", name, about | said | {"said_by": world.ids["studio"]})
    waits = {i["kind"]: (i["waits_for"], i["you_can"]) for i in waiting(world, "agent", name)}
    assert waits["question"] == ("performer", ["read", "answer"])
    assert waits["said"] == ("studio", ["read"])
    for item in waiting(world, "agent", name):
        assert world.get(item["href"], "agent").status_code == 200, item
    answer = {"kind": "answer", "words": "It is.", "answers": question["id"]}
    world.make("/v1/messages", "agent", about | answer)
    path = f"/v1/messages/{offer['id']}/other-side"
    world.make(path, "studio", {"other_side": "yes_that_was_said"})
    assert kinds(waiting(world, name, name)) == [("request", "performer")]


def test_a_blind_question_waits_for_the_performer_alone(world: World) -> None:
    name = somebody(world)
    represented(world, name)
    asked = {"name": f"{name} Person", "contact": f"{name}@performer.example"}
    assert world.make("/v1/performers/match", "rival", asked)["match"] == "maybe"
    (item,) = waiting(world, name, name)
    assert (item["kind"], item["you_can"]) == ("match", ["read", "answer"])
    assert world.get(item["href"], name).status_code == 200
    assert waiting(world, "agent", name) == []


def test_nobody_is_told_to_sign_before_their_day_has_begun_where_it_counts(world: World) -> None:
    """A right that was proven yesterday as of today begins with the day of the agreement's zone."""
    name = somebody(world, birth_date="2015-03-04", adult=False)
    path = f"/v1/performers/{world.ids[name]}/representations"
    before = {"Consent_Registry_Now": "2027-03-01T12:00:00Z"}
    guardian = {"representative": world.ids["agency"], "kind": "guardian", "powers": ["sign"]}
    body = guardian | {"starts_on": "2027-03-02", "document_hash": PAPER}
    stated = world.post(path, "office", body, **before)
    assert stated.status_code == 201, stated.text
    film = picture(world, agreement=FAMILY)
    offered(world, name, film, answer_by="2036-12-24T00:00:00Z")
    for when, signs in (("2027-03-02T04:00:00Z", False), ("2027-03-02T09:00:00Z", True)):
        items = waiting(world, "agent", name, Consent_Registry_Now=when)
        assert ["sign" in item["you_can"] for item in items if item["kind"] == "request"] == [signs]


def test_a_sale_asks_the_performer_and_tells_the_agent(world: World) -> None:
    name, film = somebody(world), picture(world)
    represented(world, name)
    made = signed(world, name, film)
    sold = {"owner": world.ids["rival"], "whole": True}
    sale = world.make(f"/v1/works/{world.ids[film]}/owner", "studio", sold)
    (own,), (agents,) = waiting(world, name, name), waiting(world, "agent", name)
    assert (own["kind"], own["waits_for"], own["you_can"]) == ("sale", "performer", READ_ANSWER)
    assert agents["you_can"] == ["read"]
    way = {"method": "POST", "href": f"/v1/grants/{made['id']}/passing-on"}
    assert own["way"] == agents["way"] == way | {"body": {"sale": sale["id"]}}
    said = world.post(way["href"], name, own["way"]["body"] | {"answer": "no"}, **key())
    assert said.status_code == 200, said.text
    assert waiting(world, name, name) == []


def test_a_proposed_merge_waits_for_who_can_confirm_it(world: World) -> None:
    first, second = somebody(world), somebody(world)
    path = f"/v1/performers/{world.ids[second]}/merge"
    world.make(path, "office", {"other": world.ids[first], "reason": "The same person."})
    (other,), (item,) = waiting(world, first, first), waiting(world, second, second)
    assert kinds([other, item]) == [("merge", "performer")] * 2
    assert item["you_can"] == other["you_can"] == READ_ANSWER
    assert world.post(item["way"]["href"], second).status_code == 200
    assert waiting(world, first, first) == []


def test_a_merge_that_a_studio_proposed_waits_for_the_office(world: World) -> None:
    first, second = somebody(world), somebody(world)
    path = f"/v1/performers/{world.ids[second]}/merge"
    world.make(path, "studio", {"other": world.ids[first], "reason": "The same person."})
    (item,) = waiting(world, first, first)
    assert (item["waits_for"], item["you_can"]) == ("registry_admin", ["read"])
