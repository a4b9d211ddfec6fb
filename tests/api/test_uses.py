"""Registering uses over HTTP: decided under heads, recorded with reasons, never past a cap."""

from concurrent.futures import ThreadPoolExecutor

from app.store import uses
from app.store.engine import reading
from tests.api.consents import (
    check,
    cleared,
    codes,
    key,
    picture,
    question,
    register,
    signed,
    somebody,
)
from tests.support.inprocess import FAMILY, World


def test_a_use_under_a_signed_yes_is_cleared_and_rests_on_it(world: World) -> None:
    ann, film = somebody(world), picture(world)
    grant = signed(world, ann, film)
    use = cleared(world, ann, film, shot="NV_045_0010", quantity={"seconds": 12})
    assert use["grant_id"] == grant["id"]
    assert use["decision"] == check(world, question(world, ann, film, quantity={"seconds": 12}))
    read = world.get(f"/v1/uses/{use['id']}", "studio").json()
    assert (read["held"], read["held_by"]) == (False, [])
    assert read["registered_at"] == read["cleared_at"]


def test_a_refused_use_leaves_no_use_and_is_seen_by_the_performer(world: World) -> None:
    ann, film = somebody(world), picture(world)
    body, header = question(world, ann, film), key()
    refused = world.post("/v1/uses", "studio", body, **header)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["outcome"] == "deny"
    assert problem["reasons"][0]["code"] == "D_NO_CONSENT"
    assert problem["detail"].endswith("Nothing was recorded except that you asked.")
    assert world.post("/v1/uses", "studio", body, **header).content == refused.content
    uses = world.get(f"/v1/uses?work={world.ids[film]}", "studio").json()["data"]
    assert uses == []
    asks = world.get("/v1/me/asks", ann).json()["data"]
    assert [(a["kind"], a["use"], a["outcome"]) for a in asks] == [("refusal", "stunt", "deny")]
    assert asks[0]["id"] == problem["id"]


def test_what_is_missing_makes_a_plan_and_a_recheck_clears_it(world: World) -> None:
    ann, film = somebody(world), picture(world, agreement=FAMILY)
    rate = {"kind": "daily", "amount": {"amount": "2000.00", "currency": "USD"}}
    hired = {"performer": world.ids[ann], "work": world.ids[film], "rate": rate}
    world.make("/v1/engagements", "studio", hired)
    signed(world, ann, film, pay={"kind": "days_x_rate"})
    planned = register(world, question(world, ann, film)).json()
    assert (planned["state"], planned["outcome"]) == ("planned", "needs_action")
    assert "A_DAYS_ESTIMATE" in codes(planned["decision"])
    early = world.post(f"/v1/uses/{planned['id']}/lock", "studio")
    assert early.status_code == 409
    assert "A_DAYS_ESTIMATE" in [reason["code"] for reason in early.json()["reasons"]]
    assert "how many shooting days" in early.json()["detail"]
    still = world.make(f"/v1/uses/{planned['id']}/recheck", "studio")
    assert still["state"] == "planned"


def test_a_use_walks_from_cleared_to_released_and_no_other_way(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    path = f"/v1/uses/{use['id']}"
    early = world.post(f"{path}/release", "studio")
    assert early.status_code == 409
    assert early.json()["type"].endswith("/problems/invalid-transition")
    assert "cleared is locked first, then released" in early.json()["detail"]
    assert world.post(f"{path}/lock", "rival").status_code == 404
    locked = world.make(f"{path}/lock", "studio")
    assert (locked["state"], locked["locked_at"] is not None) == ("locked", True)
    released = world.make(f"{path}/release", "studio")
    assert released["state"] == "released"
    # What is owed for having made it stays, though to show it costs nothing more.
    flat = {"amount": "10000.00", "currency": "USD"}
    assert released["amounts"]["gross"] == flat
    assert world.get(path, ann).json()["amounts"]["gross"] == flat
    assert world.post(f"{path}/withdrawal", "studio").status_code == 409


def test_a_cap_of_one_clears_exactly_one_of_many_at_once(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film, max_uses=1)
    world.person("studio")
    body = question(world, ann, film)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: register(world, body), range(12)))
    assert sorted(r.status_code for r in found) == [201] + [409] * 11
    first = next(r.json() for r in found if r.status_code == 201)
    world.make(f"/v1/uses/{first['id']}/withdrawal", "studio")
    assert register(world, body).status_code == 201


def test_unknown_and_foreign_ids_are_answered_alike(world: World) -> None:
    ann, film = somebody(world), picture(world)
    foreign = register(world, question(world, ann, film), "rival")
    unknown = register(
        world,
        question(world, ann, film) | {"performer": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"},
        "rival",
    )
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["errors"] == unknown.json()["errors"]
    use = "use_01k9zq3v5rfm8t4cy2x7d6ahwe"
    assert world.get(f"/v1/uses/{use}", "studio").status_code == 404


def test_a_key_is_required_and_a_wrong_body_names_its_fields(world: World) -> None:
    ann, film = somebody(world), picture(world)
    body = question(world, ann, film)
    assert world.post("/v1/uses", "studio", body).status_code == 400
    wrong = register(world, body | {"use": "juggle", "quantity": {"seconds": -1}})
    assert wrong.status_code == 422
    assert {e["pointer"] for e in wrong.json()["errors"]} == {"/use", "/quantity/seconds"}


def test_a_performer_disputes_and_a_studio_reports(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    said = world.post(f"/v1/uses/{use['id']}/dispute", ann, {"words": "This is not me."})
    assert said.status_code == 201, said.text
    about = f"/v1/messages?about=use&about_id={use['id']}"
    for who in ("studio", ann):
        (line,) = world.get(about, who).json()["data"]
        assert (line["kind"], line["words"]) == ("dispute", "This is not me.")
    assert codes(check(world, question(world, ann, film)))[0] == "O_PAY"
    report = world.post(f"/v1/uses/{use['id']}/report", "finance", {"quantity": {"seconds": 11}})
    assert report.json()["words"] == "11 seconds"
    body = {"quantity": {"seconds": 4}, "period_ends_on": "2026-11-30"}
    report = world.post(f"/v1/uses/{use['id']}/report", "finance", body)
    assert report.json()["words"] == "4 seconds, in the period that ended on 30 November 2026"
    empty = world.post(f"/v1/uses/{use['id']}/report", "finance", {"quantity": {}})
    assert empty.status_code == 422
    types = [e.get("type") for e in world.get("/v1/me/events", ann).json()["data"]]
    assert "use.disputed" in types


def test_a_use_registered_before_a_withdrawal_takes_effect_is_on_its_list(world: World) -> None:
    ann, film = somebody(world), picture(world)
    withdrawal = {"new_uses": "after_days", "days": 30}
    grant = signed(world, ann, film, withdrawal=withdrawal)
    revoked = world.post(f"/v1/grants/{grant['id']}/revocation", ann, None, **key())
    assert revoked.json()["effective_from"] > revoked.json()["offered_at"]
    use = cleared(world, ann, film)
    with reading(world.app.state.registry.store) as session:
        assert (grant["id"], use["id"]) in uses.listed(session, {grant["id"]})


def test_a_planned_use_that_nothing_keeps_any_more_is_rechecked_and_then_locked(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world, content_tags=None)
    signed(world, ann, film, exclusions=[{"axis": "tag", "value": "nudity"}])
    planned = register(world, question(world, ann, film)).json()
    assert planned["state"] == "planned"
    path = f"/v1/works/{world.ids[film]}"
    read = world.get(path, "studio").headers["etag"]
    world.patch(path, "studio", {"content_tags": ["stunts"]}, read)
    early = world.post(f"/v1/uses/{planned['id']}/lock", "studio")
    assert early.status_code == 409
    assert "nothing is missing any more: recheck it" in early.json()["detail"]
    world.make(f"/v1/uses/{planned['id']}/recheck", "studio")
    assert world.make(f"/v1/uses/{planned['id']}/lock", "studio")["state"] == "locked"


def test_a_check_that_names_ones_own_use_as_another_type_is_told_so(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    asked = question(world, ann, film, use="alter", use_id=use["id"])
    answer = world.post("/v1/checks", "studio", asked)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/use_id"
    assert "This registered use is `stunt`" in answer.json()["errors"][0]["detail"]
    assert check(world, asked | {"use": "stunt"})["outcome"].startswith("allow")
