"""Wide vetoes in a hurry, appeals, what a third party decides, and what is let go."""

from typing import Any

import pytest
from httpx2 import Response

from tests.api.consents import (
    accepting,
    check,
    cleared,
    codes,
    key,
    picture,
    question,
    register,
    signed,
    somebody,
    terms,
    veto,
)
from tests.api.test_vetoes import second
from tests.support.inprocess import FAMILY, World

HASH = "5e" * 32
START = "2031-01-01T12:00:00Z"


def at(instant: str) -> dict[str, str]:
    return {"Consent_Registry_Now": instant}


def ruled(world: World, made: dict[str, Any], outcome: str, **more: Any) -> Response:
    body = {"outcome": outcome, "document_hash": HASH} | more
    return world.post(f"/v1/vetoes/{made['id']}/award", "office", body)


def contested(world: World, scope: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A veto that the studio appealed."""
    made = veto(world, scope, **more)
    assert made.status_code == 201, made.text
    path = f"/v1/vetoes/{made.json()['id']}/appeal"
    return world.make(path, "studio", {"argument": "It was agreed before."})


def test_an_emergency_stops_at_once_and_only_flags_after_a_day_alone(world: World) -> None:
    accepting(world, "studio")
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    body = {
        "kind": "policy",
        "basis": "RG-03",
        "authority": "the board",
        "scope": {"all_members": True, "uses": ["stunt"]},
        "reason": "Somebody was hurt.",
        "review_by": "2031-02-01",
        "emergency": True,
    }
    made = world.post("/v1/vetoes", "officer", body, **key(), **at(START)).json()
    assert (made["state"], made["effect_now"]) == ("in_force", "block")
    assert made["second_due"] == "2031-01-02T12:00:00.000000Z"
    listed = world.get(f"/v1/vetoes/{made['id']}/affected", "officer").json()["data"]
    assert use["id"] in {u["id"] for u in listed}
    asked = question(world, ann, film)
    for instant, code in (
        ("2031-01-01T12:00:00Z", "D_UNION_VETO"),
        ("2031-01-02T11:59:59.999999Z", "D_UNION_VETO"),
        ("2031-01-02T12:00:00Z", "W_VETO_FLAG"),
    ):
        decision = world.post("/v1/checks", "studio", asked, **at(instant)).json()["decision"]
        assert code in codes(decision), instant
    path = f"/v1/vetoes/{made['id']}"
    seen = world.send("GET", path, "officer", None, **at("2031-01-02T12:00:00Z")).json()
    assert (seen["state"], seen["effect_now"]) == ("in_force", "flag")
    appeal = {"argument": "Nobody was."}
    nothing = world.post(f"{path}/appeal", "studio", appeal, **at("2031-01-02T12:00:00Z"))
    assert nothing.json()["refusals"][0]["code"] == "not_appealable"
    late = world.post(f"{path}/confirmation", second(world), None, **at("2031-01-03T12:00:00Z"))
    assert late.status_code == 200, late.text
    assert late.json()["effect_now"] == "block"
    for instant, code in (
        ("2031-01-03T11:00:00Z", "W_VETO_FLAG"),
        ("2031-01-03T12:00:00Z", "D_UNION_VETO"),
    ):
        past = asked | {"as_of": instant}
        answer = world.post("/v1/checks", "studio", past, **at("2031-01-04T00:00:00Z"))
        assert code in codes(answer.json()["decision"]), instant
    world.make(f"{path}/lift", "officer")


def test_one_officer_is_enough_for_a_film_so_nothing_is_hurried(world: World) -> None:
    film = picture(world, agreement=FAMILY)
    answer = veto(
        world, {"work": world.ids[film]}, emergency=True, starts_at="2031-05-01T00:00:00Z"
    )
    assert answer.status_code == 422, answer.text
    assert {e["pointer"] for e in answer.json()["errors"]} == {"/emergency", "/starts_at"}


def test_a_wide_veto_reaches_a_studio_once_it_accepts_the_rules(world: World) -> None:
    world.studio("lumen")
    film = picture(world, who="lumen")
    body = {"name": "Ann", "contact": "a@x.example", "adult": True}
    world.ids["lu"] = world.make("/v1/performers", "lumen", body)["id"]
    world.claim("lu")
    path = f"/v1/performers/{world.ids['lu']}/memberships"
    stated = world.make(path, "lu", {"union": world.ids["union"]})
    world.make(f"{path}/{stated['id']}/confirmation", "officer")
    offer = world.make("/v1/grants", "lumen", terms(world, "lu", film))
    signing = {"terms_hash": offer["terms_hash"]}
    world.post(f"/v1/grants/{offer['id']}/acceptance", "lu", signing, **key())
    use = register(world, question(world, "lu", film), "lumen").json()
    made = veto(world, {"all_members": True}, basis="RG-03").json()
    world.make(f"/v1/vetoes/{made['id']}/confirmation", second(world))
    flagged = check(world, question(world, "lu", film), "lumen")
    assert "W_VETO_FLAG" in codes(flagged)
    listed = f"/v1/vetoes/{made['id']}/affected"
    assert use["id"] not in {u["id"] for u in world.get(listed, "lumen").json().get("data", [])}
    accepting(world, "lumen")
    assert "D_UNION_VETO" in codes(check(world, question(world, "lu", film), "lumen"))
    assert use["id"] in {u["id"] for u in world.get(listed, "lumen").json()["data"]}
    world.make(f"/v1/vetoes/{made['id']}/lift", "officer")


def test_who_decides_appeals_is_on_record_and_no_party(world: World) -> None:
    ann = somebody(world, member=True)
    scope = {"performer": world.ids[ann]}
    for named, status, code in (
        (world.ids["union"], 422, "a-party"),
        (world.person("staff"), 422, "a-party"),
        (world.people[ann], 422, "a-party"),
        ("org_01k9zq3v5rfm8t4cy2x7d6ahwe", 404, "unknown"),
    ):
        answer = veto(world, scope, appeal_to=named)
        assert answer.status_code == status, answer.text
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
            ("/appeal_to", code)
        ]
    about = {"studio": world.ids["studio"]}
    own = veto(world, about, appeal_to=world.ids["studio"])
    assert [(e["pointer"], e["code"]) for e in own.json()["errors"]] == [("/appeal_to", "a-party")]
    for named in (world.ids["guild"], world.person("agent")):
        assert veto(world, scope, appeal_to=named).json()["appeal_to"] == named


def test_an_appeal_that_is_upheld_is_decided_and_stays_on_record(world: World) -> None:
    ann = somebody(world, member=True)
    made = contested(world, {"performer": world.ids[ann]}, appeal_to=world.ids["guild"])
    assert world.make(f"/v1/vetoes/{made['id']}/appeal", ann, {"argument": "Nor mine."})
    wrong = ruled(world, made, "upheld", decided_by=world.ids["vendor"])
    assert wrong.json()["refusals"][0]["code"] == "not_the_third_party"
    done = ruled(world, made, "upheld", decided_by=world.ids["guild"])
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["redecided"]) == ("in_force", [])
    appeals = world.get(f"/v1/vetoes/{made['id']}", ann).json()["appeals"]
    assert [(a["outcome"], a["decided_by"], a["document_hash"]) for a in appeals] == [
        ("upheld", world.ids["guild"], HASH)
    ] * 2
    assert "by" not in appeals[0]
    again = ruled(world, made, "upheld")
    assert again.json()["refusals"][0]["code"] == "not_appealed"
    twice = world.post(f"/v1/vetoes/{made['id']}/appeal", "studio", {"argument": "Again."})
    assert twice.json()["refusals"][0]["code"] == "appealed_before"


def test_an_overruled_veto_lets_go_of_what_it_held_and_says_from_when(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    made = contested(world, {"performer": world.ids[ann]})
    asked = question(world, ann, film)
    assert "D_UNION_VETO" in codes(check(world, asked))
    done = ruled(world, made, "overruled")
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "overruled"
    assert [(u["id"], u["outcome"]) for u in done.json()["redecided"]] == [
        (use["id"], use["outcome"])
    ]
    assert world.get(f"/v1/uses/{use['id']}", "studio").json()["held"] is False
    assert "D_UNION_VETO" not in codes(check(world, asked))
    then = asked | {"as_of": made["starts_at"]}
    assert "D_UNION_VETO" in codes(check(world, then))
    known = then | {"known_at": made["log_index"]}
    assert "D_UNION_VETO" in codes(check(world, known))
    over = world.post(f"/v1/vetoes/{made['id']}/lift", "officer")
    assert over.json()["refusals"][0]["code"] == "not_in_force"


def test_an_award_can_say_that_a_veto_never_stopped_anything(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    made = contested(world, {"performer": world.ids[ann]})
    early = ruled(world, made, "overruled", starts_at="2020-01-01T00:00:00Z")
    assert early.status_code == 422
    assert early.json()["errors"][0]["pointer"] == "/starts_at"
    assert ruled(world, made, "overruled", starts_at=made["starts_at"]).status_code == 200
    then = question(world, ann, film) | {"as_of": made["starts_at"]}
    assert "D_UNION_VETO" not in codes(check(world, then))
    known = then | {"known_at": made["log_index"]}
    assert "D_UNION_VETO" in codes(check(world, known))


def test_an_award_from_a_later_day_lets_go_of_nothing_before(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    made = contested(world, {"performer": world.ids[ann]})
    done = ruled(world, made, "overruled", starts_at="2031-06-01T00:00:00Z").json()
    assert (done["effect_now"], done["redecided"]) == ("block", [])
    assert register(world, question(world, ann, film)).status_code == 409
    later = world.post(
        "/v1/checks", "studio", question(world, ann, film), **at("2031-06-01T00:00:00Z")
    )
    assert "D_UNION_VETO" not in codes(later.json()["decision"])


def test_narrowing_names_what_it_lets_go_and_the_past_keeps_what_it_was(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    fall = cleared(world, ann, film)
    face = cleared(world, ann, film, use="face_replace")
    made = veto(world, {"performer": world.ids[ann]}).json()
    smaller = {"performer": world.ids[ann], "uses": ["face_replace"]}
    path = f"/v1/vetoes/{made['id']}"
    narrowed = world.make(f"{path}/narrowing", "officer", {"scope": smaller})
    assert [u["id"] for u in narrowed["redecided"]] == [fall["id"]]
    assert [n["scope"]["uses"] for n in narrowed["narrowings"]] == [["face_replace"]]
    assert world.get(f"/v1/uses/{fall['id']}", "studio").json()["held"] is False
    assert world.get(f"/v1/uses/{face['id']}", "studio").json()["held"] is True
    then = question(world, ann, film) | {"as_of": made["starts_at"]}
    assert "D_UNION_VETO" in codes(check(world, then))
    assert "D_UNION_VETO" not in codes(check(world, question(world, ann, film)))


def test_an_award_narrows_and_never_widens(world: World) -> None:
    ann = somebody(world, member=True)
    made = contested(world, {"performer": world.ids[ann]})
    for body, pointer in (
        ({"outcome": "narrowed"}, "/scope"),
        ({"outcome": "upheld", "scope": {"performer": world.ids[ann]}}, "/scope"),
        ({"outcome": "upheld", "starts_at": START}, "/starts_at"),
        ({"outcome": "upheld", "document_hash": "no"}, "/document_hash"),
    ):
        answer = ruled(world, made, **body)
        assert answer.status_code == 422, answer.text
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    smaller = {"performer": world.ids[ann], "uses": ["dub"]}
    done = ruled(world, made, "narrowed", scope=smaller)
    assert done.json()["scope"]["uses"] == ["dub"]


@pytest.mark.parametrize("who", ["studio", "officer", "auditor"])
def test_no_party_records_an_award(world: World, who: str) -> None:
    ann = somebody(world, member=True)
    made = contested(world, {"performer": world.ids[ann]})
    body = {"outcome": "overruled", "document_hash": HASH}
    assert world.post(f"/v1/vetoes/{made['id']}/award", who, body).status_code == 403


def test_what_is_over_is_not_narrowed_renewed_or_confirmed(world: World) -> None:
    ann = somebody(world, member=True)
    made = veto(world, {"performer": world.ids[ann]}).json()
    path = f"/v1/vetoes/{made['id']}"
    world.make(f"{path}/lift", "officer")
    scope = {"scope": {"performer": world.ids[ann], "uses": ["dub"]}}
    for act, body in (
        ("narrowing", scope),
        ("renewal", {"review_by": "2031-01-01"}),
        ("exceptions", {"studio": world.ids["studio"], "basis": "interim"}),
    ):
        answer = world.post(f"{path}/{act}", "officer", body)
        assert answer.json()["refusals"][0]["code"] == "not_in_force", act
    confirmed = world.post(f"{path}/confirmation", second(world))
    assert confirmed.json()["refusals"][0]["code"] == "not_proposed"
