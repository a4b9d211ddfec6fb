"""A studio's inbox: what performers and unions wait for, and what was let go or answered."""

from typing import Any

from app.rules.inbox import AT_ZERO
from tests.api.consents import (
    cleared,
    key,
    offered,
    picture,
    signed,
    somebody,
    veto,
)
from tests.api.test_riders import disputed, on_paper
from tests.api.test_sightings import SEEN
from tests.api.test_transfers import replica, submitted
from tests.api.test_withdrawals import BOUND
from tests.support.inprocess import World

SHAPE = {
    *("kind", "performer_id", "about", "waits_for", "since", "by"),
    *("at_zero", "you_can", "href", "way"),
}


def waiting(world: World, who: str = "clearance", **more: str) -> dict[str, dict[str, Any]]:
    """What waits for the studio, by what it is about."""
    answer = world.send("GET", "/v1/inbox?limit=200", who, None, **more)
    assert answer.status_code == 200, answer.text
    items = answer.json()["data"]
    assert all(item["at_zero"] == AT_ZERO[item["kind"]] and {*item} == SHAPE for item in items)
    return {item["about"]["id"]: item for item in items}


def test_what_a_performer_wants_changed_or_stopped_waits_for_the_studio(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    path = f"/v1/grants/{made['id']}"
    assert made["id"] not in waiting(world)
    asked = world.post(f"{path}/counter-offers", ann, {"ends_on": "2035-01-01"}, If_Match='"v1"')
    item = waiting(world)[made["id"]]
    assert (item["kind"], item["performer_id"]) == ("counter_offer", world.ids[ann])
    assert item["way"]["body"] == {"terms_hash": asked.json()["proposal"]["terms_hash"]}
    read = {"If_Match": world.get(item["href"], "studio").headers["etag"]}
    agreed = world.post(item["way"]["href"], "studio", item["way"]["body"], **read)
    assert agreed.status_code == 200, agreed.text
    assert made["id"] not in waiting(world)
    wish = signed(world, ann, film, withdrawal=BOUND)
    world.post(f"/v1/grants/{wish['id']}/revocation", ann, {}, **key())
    item = waiting(world)[wish["id"]]
    assert (item["kind"], item["you_can"]) == ("withdrawal", ["read", "answer"])
    assert item["by"] is not None
    answered = world.post(item["way"]["href"], "clearance", {"answer": "accepted"})
    assert answered.status_code == 200, answered.text
    assert wish["id"] not in waiting(world)


def test_what_is_disputed_waits_until_it_is_settled(world: World) -> None:
    ann, film, made = on_paper(world)
    assert disputed(world, made, ann).status_code == 200
    assert waiting(world)[made["id"]]["kind"] == "paper"
    hired = {"performer": world.ids[ann], "work": world.ids[film], "rate": {"kind": "daily"}}
    job = world.make("/v1/engagements", "studio", hired)
    world.make(f"/v1/engagements/{job['id']}/dispute", ann)
    item = waiting(world)[job["id"]]
    assert (item["kind"], item["about"]["kind"]) == ("fact", "engagement")
    world.make(f"/v1/engagements/{job['id']}/confirmation", ann)
    assert job["id"] not in waiting(world)


def test_threads_wait_for_an_answer_and_cases_for_a_word(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    about = {"about": "grant", "about_id": made["id"], "words": "You said two days."}
    asked = world.make("/v1/messages", ann, about | {"kind": "question"})
    said = world.make(
        "/v1/messages",
        ann,
        about
        | {
            "kind": "offer_said",
            "said_by": world.ids["studio"],
            "said_at": "2026-11-20T12:00:00Z",
        },
    )
    seen = world.make("/v1/sightings", ann, SEEN | {"studio": world.ids["studio"]})
    found = waiting(world)
    assert [found[one["id"]]["kind"] for one in (asked, said, seen)] == [
        "question",
        "said",
        "sighting",
    ]
    assert found[seen["id"]]["by"] is not None
    answer = found[asked["id"]]["way"]["body"] | {"words": "Two days, yes."}
    assert world.post("/v1/messages", "clearance", answer).status_code == 201
    other = {"other_side": "yes_that_was_said"}
    assert world.post(found[said["id"]]["way"]["href"], "clearance", other).status_code == 200
    said_so = {"answer": "not_ours", "words": "Ask the distributor."}
    assert world.post(found[seen["id"]]["way"]["href"], "clearance", said_so).status_code == 200
    assert not {asked["id"], said["id"], seen["id"]} & {*waiting(world)}


def test_what_a_block_let_go_waits_for_a_recheck(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    stop = veto(world, {"performer": world.ids[ann]}).json()
    assert use["id"] not in waiting(world)
    world.make(f"/v1/vetoes/{stop['id']}/lift", "officer")
    item = waiting(world)[use["id"]]
    assert (item["kind"], item["you_can"]) == ("redecided", ["read", "recheck"])
    assert world.post(item["way"]["href"], "clearance").status_code == 200
    assert use["id"] not in waiting(world)


def test_a_transfer_that_was_answered_and_one_to_take_on_wait(world: World) -> None:
    _, id_ = replica(world)
    made = submitted(world, id_)
    assert made["id"] not in waiting(world)
    item = waiting(world, "rival")[made["id"]]
    assert item["way"]["href"].endswith("/assumption")
    world.make(f"/v1/transfers/{made['id']}/answer", "officer", {"answer": "approved"})
    item = waiting(world)[made["id"]]
    assert (item["kind"], item["you_can"]) == ("transfer", ["read", "complete"])


def test_a_sale_waits_for_its_buyer(world: World) -> None:
    film = picture(world)
    path = f"/v1/works/{world.ids[film]}/owner"
    sale = world.make(path, "studio", {"owner": world.ids["rival"]})
    mine, theirs = waiting(world)[sale["id"]], waiting(world, "rival")[sale["id"]]
    assert (mine["you_can"], theirs["you_can"]) == (["read", "take back"], ["read", "confirm"])
    assert (mine["performer_id"], mine["waits_for"]) == (None, "studio")
    world.make(theirs["way"]["href"], "rival")
    assert sale["id"] not in {*waiting(world), *waiting(world, "rival")}


def test_what_ends_first_comes_first_and_performers_have_their_own(world: World) -> None:
    ann, film = somebody(world), picture(world)
    about = {"about": "grant", "about_id": offered(world, ann, film)["id"], "kind": "question"}
    for words in ("Which scenes?", "Which days?"):
        world.make("/v1/messages", ann, about | {"words": words})
    world.make("/v1/sightings", ann, SEEN | {"studio": world.ids["studio"]})
    found = world.get("/v1/inbox?limit=1", "clearance").json()
    assert (len(found["data"]), found["more"]) == (1, True)
    ends = [item["by"] for item in waiting(world).values()]
    assert ends == sorted(ends, key=lambda by: (by is None, by or ""))
    for who in (ann, "officer", "office", "auditor"):
        assert world.get("/v1/inbox", who).status_code == 403
