"""What a performer saw that is not listed becomes a case that studio and union answer."""

from typing import Any

from tests.api.consents import picture, question, register, signed, somebody
from tests.support.inprocess import World

SEEN = {
    "what": "My face on somebody else, in an advertisement.",
    "place": "before a film",
    "link": "https://video.example/watch/4711",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "seen_on": "2026-11-01",
}


def seen(world: World, who: str, **more: Any) -> dict[str, Any]:
    return world.make("/v1/sightings", who, SEEN | more)


def test_a_sighting_is_a_case_for_the_studio_named_and_the_union(world: World) -> None:
    ann = somebody(world, member=True)
    made = seen(world, ann, studio=world.ids["studio"])
    assert made["state"] == "open"
    assert made["studio_answer_by"] is not None
    path = f"/v1/sightings/{made['id']}"
    for who in ("studio", "officer", ann):
        assert world.get(path, who).json()["what"] == SEEN["what"]
    for who in ("rival", "stranger"):
        assert world.get(path, who).status_code == 404
        listed = world.get("/v1/sightings", who).json()["data"]
        assert made["id"] not in {s["id"] for s in listed}
    said = world.make(f"{path}/answer", "studio", {"answer": "not_listed", "words": "An error."})
    assert (said["state"], said["studio_answer"]) == ("answered", "not_listed")
    taken = world.make(f"{path}/answer", "officer", {"answer": "taken_up", "words": "We asked."})
    assert taken["union_id"] == world.ids["union"]
    shown = world.get(path, ann).json()
    assert (shown["studio_words"], shown["union_words"]) == ("An error.", "We asked.")
    assert world.make(f"{path}/closing", ann)["state"] == "closed"
    assert world.post(f"{path}/closing", ann).status_code == 409
    late = world.post(f"{path}/answer", "studio", {"answer": "not_ours"})
    assert "The performer closed this case." in late.json()["detail"]


def test_it_is_listed_where_the_studio_names_the_use(world: World) -> None:
    ann, bob, film = somebody(world), somebody(world), picture(world)
    for name in (ann, bob):
        signed(world, name, film)
    use = register(world, question(world, ann, film)).json()
    other = register(world, question(world, bob, film)).json()
    made = seen(world, ann, studio=world.ids["studio"])
    path = f"/v1/sightings/{made['id']}/answer"
    for wrong, pointer in (
        ({"answer": "listed"}, "/use"),
        ({"answer": "not_ours", "use": use["id"]}, "/use"),
        ({"answer": "listed", "use": other["id"]}, "/use"),
        ({"answer": "looking"}, "/answer"),
        ({"answer": "not_ours", "studio": world.ids["rival"]}, "/studio"),
    ):
        answer = world.post(path, "studio", wrong)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == pointer
    said = world.make(path, "studio", {"answer": "listed", "use": use["id"]})
    assert said["use_id"] == use["id"]


def test_a_union_finds_out_whose_it_is(world: World) -> None:
    ann = somebody(world, member=True)
    made = seen(world, ann)
    path = f"/v1/sightings/{made['id']}"
    assert (made["studio_id"], made["studio_answer_by"]) == (None, None)
    assert world.get(path, "rival").status_code == 404
    for wrong, pointer in (
        ({"answer": "not_ours"}, "/answer"),
        ({"answer": "looking", "use": "use_x"}, "/use"),
        ({"answer": "looking", "studio": world.ids["vendor"]}, "/studio"),
    ):
        answer = world.post(f"{path}/answer", "officer", wrong)
        assert answer.json()["errors"][0]["pointer"] == pointer
    found = {"answer": "looking", "studio": world.ids["rival"]}
    asked = world.make(f"{path}/answer", "officer", found)
    assert (asked["studio_id"], asked["studio_answer"]) == (world.ids["rival"], None)
    world.make(f"{path}/answer", "rival", {"answer": "not_ours"})
    again = world.make(f"{path}/answer", "officer", found | {"answer": "nothing_found"})
    assert (again["studio_answer"], again["union_answer"]) == ("not_ours", "nothing_found")


def test_an_agent_reports_for_a_client_they_bargain_for(world: World) -> None:
    ann = somebody(world)
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.ids["agency"]}
    world.make(f"/v1/performers/{world.ids[ann]}/representations", ann, body)
    unsaid = world.post("/v1/sightings", "agent", SEEN)
    assert unsaid.json()["errors"][0]["pointer"] == "/performer"
    made = seen(world, "agent", performer=world.ids[ann])
    assert world.get(f"/v1/sightings/{made['id']}", ann).status_code == 200
    assert world.make(f"/v1/sightings/{made['id']}/closing", "agent")["state"] == "closed"
    ahead = world.post("/v1/sightings", ann, SEEN | {"seen_on": "2199-01-01"})
    assert ahead.json()["errors"][0]["pointer"] == "/seen_on"
    listed = world.get(f"/v1/sightings?performer={world.ids[ann]}", ann).json()["data"]
    assert [s["id"] for s in listed] == [made["id"]]


def test_the_words_of_a_sighting_stand_in_no_entry(world: World) -> None:
    ann = somebody(world)
    made = seen(world, ann, what="the canary is on a wall", studio=world.ids["studio"])
    entry = world.get(f"/v1/events/{made['log_index']}", ann).json()
    assert entry["type"] == "sighting.reported"
    assert "canary" not in str(entry)
