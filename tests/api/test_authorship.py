"""Facts have an author: who stated, who confirmed, who disputes, and what rests on them."""

from typing import Any

from tests.api.consents import check, codes, picture, question, signed, somebody
from tests.support.inprocess import FAMILY, World


def hired(world: World, ann: str, film: str) -> dict[str, Any]:
    body = {"performer": world.ids[ann], "work": world.ids[film], "role_class": "principal"}
    return world.make("/v1/engagements", "studio", body)


def facts(world: World, who: str, state: str = "unconfirmed") -> dict[str, dict[str, Any]]:
    found = world.get(f"/v1/facts?state={state}&limit=200", who)
    assert found.status_code == 200, found.text
    return {fact["id"]: fact for fact in found.json()["data"]}


def test_whoever_can_confirm_or_dispute_a_fact_finds_it_and_the_way(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    made = hired(world, ann, film)
    own = facts(world, ann)[made["id"]]
    assert [way["act"] for way in own["can"]] == ["confirm", "dispute"]
    assert facts(world, "officer")[made["id"]]["can"] == own["can"]
    # Who stated it waits, and does neither.
    assert facts(world, "studio")[made["id"]]["can"] == []
    assert made["id"] not in facts(world, "rival")
    confirmed = world.make(own["can"][0]["href"], ann)
    assert confirmed["confirmed_at"] is not None
    assert made["id"] not in facts(world, "studio")
    disputed = world.make(own["can"][1]["href"], "officer")
    assert disputed["disputed_at"] is not None
    waits = facts(world, "officer", "disputed")[made["id"]]
    assert [way["act"] for way in waits["can"]] == ["confirm"]
    assert facts(world, ann, "disputed")[made["id"]]["can"] == []
    settled = world.make(waits["can"][0]["href"], "officer")
    assert (settled["disputed_by"], settled["disputed_at"]) == (None, None)
    assert made["id"] not in facts(world, "officer", "disputed")
    assert made["id"] not in facts(world, "officer")
    # It may be disputed anew, which is no longer settled.
    again = world.make(own["can"][1]["href"], ann)
    assert again["disputed_by"] == world.ids[ann]
    assert made["id"] in facts(world, "officer", "disputed")


def test_a_union_sees_what_is_said_of_its_members_and_its_agreements(world: World) -> None:
    ann = somebody(world)
    path = f"/v1/performers/{world.ids[ann]}/memberships"
    stated = world.make(path, ann, {"union": world.ids["union"]})
    studio = world.studio("fresh")
    signed_by = world.make(
        f"/v1/organizations/{studio}/signatories",
        "fresh",
        {"agreement": FAMILY, "starts_on": "2020-01-01"},
    )
    seen = facts(world, "officer")
    assert [way["href"].rsplit("/", 1)[1] for way in seen[stated["id"]]["can"]] == [
        "confirmation",
        "dispute",
    ]
    assert seen[signed_by["id"]]["can"] != []
    assert facts(world, "staff")[stated["id"]]["can"] == []
    assert facts(world, "fresh")[signed_by["id"]]["can"] == []
    assert stated["id"] not in facts(world, "stranger")
    assert stated["id"] in facts(world, ann)
    assert facts(world, "auditor")[stated["id"]]["can"] == []


def test_works_and_where_they_belong_are_facts_of_their_studio(world: World) -> None:
    film, saga = picture(world), picture(world, kind="franchise")
    body = {"parent": world.ids[saga]}
    edge = world.make(f"/v1/works/{world.ids[film]}/edges", "studio", body)
    seen = facts(world, "office")
    assert {seen[edge["id"]]["kind"], seen[world.ids[film]]["kind"]} == {"edge", "work"}
    assert seen[edge["id"]]["can"][0]["href"] == f"/v1/edges/{edge['id']}/confirmation"


def test_the_list_goes_on_over_all_kinds(world: World) -> None:
    for _ in range(2):
        picture(world)
    whole = [*facts(world, "studio")]
    first = world.get("/v1/facts?limit=2", "studio").json()
    rest = world.get(f"/v1/facts?limit=200&cursor={first['next_cursor']}", "studio").json()
    assert [f["id"] for f in (*first["data"], *rest["data"])] == whole


def test_an_answer_says_what_it_rests_on_and_whose_word_that_is(world: World) -> None:
    ann, film, saga = somebody(world, member=True), picture(world), picture(world, kind="franchise")
    world.make(f"/v1/works/{world.ids[film]}/edges", "studio", {"parent": world.ids[saga]})
    made = hired(world, ann, film)
    signed(world, ann, saga, mode="franchise_blanket", membership="dynamic")
    rests = check(world, question(world, ann, film))["rests_on"]
    assert {"fact": "the engagement", "stated_by": "studio", "confirmed": False} in rests
    assert {"fact": "where the work belongs", "stated_by": "studio", "confirmed": False} in rests
    world.make(f"/v1/engagements/{made['id']}/confirmation", ann)
    rests = check(world, question(world, ann, film))["rests_on"]
    assert {"fact": "the engagement", "stated_by": "studio", "confirmed": True} in rests


def test_a_dispute_waits_from_when_it_was_raised_and_never_lets_anything_through(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world)
    made = hired(world, ann, film)
    signed(world, ann, film)
    before = world.post("/v1/checks", "studio", question(world, ann, film)).json()
    assert before["decision"]["outcome"] == "allow_with_obligations"
    world.make(f"/v1/engagements/{made['id']}/dispute", ann)
    asked = world.post("/v1/checks", "studio", question(world, ann, film)).json()
    now = asked["decision"]
    assert (now["outcome"], codes(now)[0]) == ("needs_action", "A_DISPUTED")
    then = question(world, ann, film) | {"as_of": before["as_of"]}
    assert "A_DISPUTED" not in codes(check(world, then))
    # A settlement frees what comes after it, and no instant before.
    world.make(f"/v1/engagements/{made['id']}/confirmation", ann)
    assert "A_DISPUTED" not in codes(check(world, question(world, ann, film)))
    between = question(world, ann, film) | {"as_of": asked["as_of"]}
    assert check(world, between)["outcome"] == "needs_action"
    assert "A_DISPUTED" not in codes(check(world, then))
    other = picture(world)
    hired_there = hired(world, ann, other)
    unsigned = check(world, question(world, ann, other))
    assert unsigned["outcome"] == "deny"
    world.make(f"/v1/engagements/{hired_there['id']}/dispute", ann)
    assert check(world, question(world, ann, other))["outcome"] == "deny"
