"""Delivery day without the network: what the registry can do before, and after, and what it keeps.

The gate that falls back to its file by itself comes later; here is what it is served, and what is
put on record once the line is there again.
"""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response

from app.store import replay
from app.store.engine import reading
from tests.api.consents import key, picture, question, signed, somebody
from tests.support.inprocess import World

Body = dict[str, Any]

_WHO: Body = {"by": "Robin Vale, post supervisor", "because": "The satellite slot was at 18:00."}
_NEXT_DAY = "2091-06-02T09:00"
_ASKED = " Nothing was recorded except that you asked."


def send(
    world: World, hour: str, method: str, path: str, who: str, body: Body | None = None
) -> Response:
    """One request with the clock at an hour of delivery day, or with a day of its own."""
    when = hour if "T" in hour else f"2091-06-01T{hour}"
    headers = {"Consent_Registry_Now": f"{when}:00Z"} | (key() if method == "POST" else {})
    return world.send(method, path, who, body, **headers)


def made(world: World, hour: str, path: str, who: str, body: Body | None = None) -> Body:
    answer = send(world, hour, "POST", path, who, body)
    assert answer.status_code in {200, 201}, answer.text
    value: Body = answer.json()
    return value


@dataclass
class Day:
    """Who and what the day is about; ``file_index``: the last entry that the gate's file shows."""

    world: World
    ann: str
    film: str
    uses: dict[str, str]
    file_index: int


def test_a_picture_is_delivered_on_a_day_without_the_network(world: World) -> None:
    day = the_cut_is_locked_in_the_morning(world)
    the_gate_is_served_nothing_older_than_it_has_seen(day)
    the_union_vetoes_while_the_line_is_cut(day)
    what_was_let_go_is_put_on_record_the_next_morning(day)
    the_performer_and_the_union_see_it(day)
    what_cannot_have_been_is_not_put_on_record(day)
    the_locked_cut_is_released_as_always(day)


def the_cut_is_locked_in_the_morning(world: World) -> Day:
    ann, bea, film = somebody(world, member=True), somebody(world), picture(world)
    signed(world, ann, film)
    client = world.make(f"/v1/organizations/{world.ids['studio']}/clients", "studio", {"name": "g"})
    world.people["gate"] = client["id"]

    def batch(hour: str, **shots: str) -> Body:
        items = [question(world, who, film, shot=name) for name, who in shots.items()]
        body = {"items": items, "all_or_nothing": True}
        return made(world, hour, "/v1/checks/batch", "gate", body)

    # 09:00. Every shot of the cut in one question; one performer was never asked.
    asked = batch("09:00", s1=ann, s2=ann, s3=bea)
    assert asked["worst"] == "deny"
    refused = asked["items"][2]["decision"]["reasons"][0]["sentence"]
    assert refused == (
        "Stop. The performer has not said yes to this use. Nobody has asked them yet. Send a"
        " request. Until they sign, the answer is no."
    )
    # Without that shot the cut is clear; two shots are locked, one is still a draft.
    uses = {}
    for name in ("s1", "s2", "draft"):
        registered = question(world, ann, film, shot=name)
        uses[name] = made(world, "09:30", "/v1/uses", "studio", registered)
    for name in ("s1", "s2"):
        locked = made(world, "10:00", f"/v1/uses/{uses[name]['id']}/lock", "studio")
        assert locked["state"] == "locked"
    cut = batch("10:05", s1=ann, s2=ann)
    assert cut["worst"] == "allow_with_obligations"
    file_index = max(item["log_index"] for item in cut["items"])
    return Day(
        world, ann, film, {name: f"/v1/uses/{u['id']}" for name, u in uses.items()}, file_index
    )


def the_gate_is_served_nothing_older_than_it_has_seen(day: Day) -> None:
    world, ann, film, file_index = day.world, day.ann, day.film, day.file_index
    newest = question(world, ann, film, at_least=file_index)
    assert made(world, "10:10", "/v1/checks", "gate", newest)["log_index"] >= file_index
    ahead = question(world, ann, film, at_least=file_index + 1000)
    early = send(world, "10:10", "POST", "/v1/checks", "gate", ahead)
    assert (early.status_code, early.headers["retry-after"]) == (409, "1")
    assert early.json()["detail"].endswith("Nothing was decided.")


def the_union_vetoes_while_the_line_is_cut(day: Day) -> None:
    # From noon on nobody at the studio can hear of it.
    issued = {
        "kind": "grievance",
        "basis": "article 12",
        "authority": "resolution 3 of the board",
        "scope": {"performer": day.world.ids[day.ann]},
        "reason": "A grievance is open.",
    }
    made(day.world, "15:00", "/v1/vetoes", "officer", issued)
    # 17:40 and 17:45: Robin Vale lets the locked cut go, and with it the draft shot.


def what_was_let_go_is_put_on_record_the_next_morning(day: Day) -> None:
    world, file_index, first, draft = day.world, day.file_index, day.uses["s1"], day.uses["draft"]
    late = f"{first}/release-without-answer"
    body = _WHO | {"released_at": "2091-06-01T17:40:00Z", "known": file_index}
    for who in ("finance", "officer", day.ann):
        assert send(world, _NEXT_DAY, "POST", late, who, body).status_code == 403
    done = made(world, _NEXT_DAY, late, "studio", body)
    # A prospective veto spares what was locked before it; so the answer would have been a yes.
    assert (done["outcome"], done["known_idx"]) == ("allow", file_index)

    # The draft shot is another matter: had they asked, it would have been a no.
    late = f"{draft}/release-without-answer"
    body = _WHO | {"released_at": "2091-06-01T17:45:00Z"}
    knew = send(world, _NEXT_DAY, "POST", late, "studio", body)
    assert knew.status_code == 409
    assert knew.json()["reasons"][0]["code"] == "D_UNION_VETO"
    assert knew.json()["detail"].startswith("Stop. ")
    assert knew.json()["detail"].endswith(_ASKED)
    # From what the file said they could not know; it is on record with what was true.
    unheard = made(world, _NEXT_DAY, late, "studio", body | {"known": file_index})
    assert unheard["outcome"] == "deny"


def the_performer_and_the_union_see_it(day: Day) -> None:
    world, ann, draft = day.world, day.ann, day.uses["draft"]
    # In the studio's own words; and it changed no state.
    for who in (ann, "officer", "studio"):
        seen = send(world, _NEXT_DAY, "GET", draft, who).json()
        (told,) = seen["released_without_answer"]
        assert (told["by"], told["because"]) == (_WHO["by"], _WHO["because"])
        assert (told["outcome"], seen["state"], seen["held"]) == ("deny", "cleared", True)
    for path, who in (("/v1/me/events?after=-1", ann), ("/v1/events?after=-1", "officer")):
        feed = send(world, _NEXT_DAY, "GET", f"{path}&limit=200", who).json()["data"]
        types = [entry.get("type") for entry in feed]
        assert types.count("use.released_unanswered") == 2
    asks = send(world, _NEXT_DAY, "GET", "/v1/me/asks", ann).json()["data"]
    assert ("refusal", "deny") in {(one["kind"], one["outcome"]) for one in asks}


def what_cannot_have_been_is_not_put_on_record(day: Day) -> None:
    world, file_index, draft = day.world, day.file_index, day.uses["draft"]
    late = f"{draft}/release-without-answer"
    body = _WHO | {"released_at": "2091-06-01T17:45:00Z"}
    for wrong, pointer in (
        ({"released_at": "2091-05-01T00:00:00Z"}, "/released_at"),
        ({"released_at": "2091-06-03T00:00:00Z"}, "/released_at"),
        ({"known": file_index + 1000}, "/known"),
    ):
        answer = send(world, _NEXT_DAY, "POST", late, "studio", body | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    made(world, _NEXT_DAY, f"{draft}/withdrawal", "studio")
    gone = send(world, _NEXT_DAY, "POST", late, "studio", body)
    assert gone.json()["detail"] == (
        "A use that is withdrawn was never cleared, so it could not be let go. "
        "Nothing was recorded."
    )


def the_locked_cut_is_released_as_always(day: Day) -> None:
    world, ann, film, first = day.world, day.ann, day.film, day.uses["s1"]
    released = made(world, _NEXT_DAY, f"{first}/release", "studio")
    assert released["state"] == "released"
    after = question(world, ann, film, at_least=released["log_index"])
    assert made(world, _NEXT_DAY, "/v1/checks", "gate", after)["log_index"] >= released["log_index"]
    with reading(world.app.state.registry.store) as session:
        assert replay.replay(session).differences == []
