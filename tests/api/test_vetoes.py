"""Vetoes over HTTP: basis, standing, the second officer, and what each one reaches."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.rules.facts import Check, Facts
from app.store import facts
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
from tests.support.inprocess import FAMILY, World


def second(world: World) -> str:
    """Another officer of the union."""
    if "officer2" not in world.people:
        path = f"/v1/organizations/{world.ids['union']}/users"
        made = world.make(path, "office", {"role": "union_officer"})
        world.people["officer2"] = made["id"]
    return "officer2"


def test_a_veto_stops_from_now_on_and_lists_what_it_stops(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    locked, open_ = cleared(world, ann, film, shot="12"), cleared(world, ann, film, shot="13")
    world.make(f"/v1/uses/{locked['id']}/lock", "studio")
    made = veto(world, {"performer": world.ids[ann]})
    assert made.status_code == 201, made.text
    issued = made.json()
    assert (issued["state"], issued["effect"], issued["affected"]) == ("in_force", "block", 1)
    assert issued["number"].startswith("V-")
    listed = world.get(f"/v1/vetoes/{issued['id']}/affected", "studio").json()["data"]
    assert [u["id"] for u in listed] == [open_["id"]]
    refused = register(world, question(world, ann, film, shot="14"))
    assert refused.status_code == 409
    assert "D_UNION_VETO" in [r["code"] for r in refused.json()["reasons"]]
    assert world.get(f"/v1/uses/{open_['id']}", ann).json()["held"] is True
    assert world.get(f"/v1/uses/{locked['id']}", ann).json()["held"] is False
    assert world.post(f"/v1/uses/{open_['id']}/lock", "studio").status_code == 409


def test_a_lift_decides_what_was_held_again_and_lists_it(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    made = veto(world, {"performer": world.ids[ann]}).json()
    lifted = world.post(f"/v1/vetoes/{made['id']}/lift", "officer", {"reason": "Settled."})
    assert lifted.status_code == 200, lifted.text
    found = lifted.json()["redecided"]
    assert [(u["id"], u["outcome"]) for u in found] == [(use["id"], use["outcome"])]
    assert world.get(f"/v1/uses/{use['id']}", "studio").json()["held"] is False
    again = world.post(f"/v1/vetoes/{made['id']}/lift", "officer")
    assert again.status_code == 409
    assert again.json()["refusals"][0]["code"] == "not_in_force"


def test_without_basis_or_review_day_nothing_is_recorded_and_each_is_named(world: World) -> None:
    film = picture(world, agreement=FAMILY)
    body = {"kind": "policy", "scope": {"work": world.ids[film]}}
    before = world.get("/v1/vetoes", "officer").json()["data"]
    answer = world.post("/v1/vetoes", "officer", body, **key())
    assert answer.status_code == 422
    assert {e["pointer"] for e in answer.json()["errors"]} == {
        "/basis",
        "/authority",
        "/reason",
        "/review_by",
    }
    assert world.get("/v1/vetoes", "officer").json()["data"] == before


@pytest.mark.parametrize(
    ("kind", "scope", "pointer"),
    [
        pytest.param("grievance", {}, "/scope", id="names nothing"),
        pytest.param("strike", {"agreement": FAMILY}, "/scope/unit", id="strike without unit"),
        pytest.param("strike", {"all_members": True}, "/scope/agreement", id="strike of nobody"),
        pytest.param("posthumous", {"all_members": True}, "/scope/performer", id="nobody died"),
        pytest.param(
            "grievance",
            {"uses": ["juggle"], "all_members": True},
            "/scope/uses/0",
            id="no such use",
        ),
    ],
)
def test_a_scope_that_says_too_little_is_named(
    world: World, kind: str, scope: dict[str, Any], pointer: str
) -> None:
    answer = veto(world, scope, kind=kind)
    assert answer.status_code == 422, answer.text
    assert pointer in {e["pointer"] for e in answer.json()["errors"]}


def test_each_want_of_standing_is_refused_by_name(world: World) -> None:
    ann, cyd = somebody(world, member=True), somebody(world)
    bob = somebody(world, member_of=world.ids["union"])
    path = f"/v1/performers/{world.ids[bob]}/memberships"
    world.make(path, "officer", {"union": world.ids["union"]})
    film = picture(world)
    for scope, who, code in (
        ({"performer": world.ids[ann]}, "stranger", "other_union"),
        ({"performer": world.ids[bob]}, "officer", "membership_unconfirmed"),
        ({"performer": world.ids[cyd]}, "officer", "no_membership"),
        ({"work": world.ids[film]}, "officer", "foreign_work"),
        ({"studio": world.ids["rival"]}, "officer", "foreign_studio"),
        ({"agreement": "sag-aftra/commercials"}, "officer", "foreign_agreement"),
    ):
        answer = veto(world, scope, who)
        assert answer.status_code == 409, answer.text
        assert answer.json()["refusals"][0]["code"] == code
        assert "reasons" in answer.json()
    for who in ("studio", "office", ann):
        assert veto(world, {"performer": world.ids[ann]}, who).status_code == 403


def test_a_preview_says_what_it_would_reach_and_records_nothing(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    body = {
        "kind": "grievance",
        "basis": "article 12",
        "authority": "the board",
        "scope": {"performer": world.ids[ann]},
        "reason": "A grievance is open.",
    }
    before = world.get("/v1/events", "auditor").json()["next_after"]
    seen = world.post("/v1/vetoes/preview", "officer", body)
    assert (seen.status_code, seen.json()["affected"]) == (200, 1)
    assert not {"id", "number", "version", "log_index"} & seen.json().keys()
    assert [(use["id"], use["state"]) for use in seen.json()["uses"]] == [(use["id"], "cleared")]
    (group,) = seen.json()["groups"]
    assert group == {
        "work_id": world.ids[film],
        "title": f"Film {film}",
        "producer_id": world.ids["studio"],
        "use": "stunt",
        "state": "cleared",
        "count": 1,
    }
    assert world.get("/v1/events", "auditor").json()["next_after"] == before
    assert "D_UNION_VETO" not in codes(check(world, question(world, ann, film)))


def test_a_wide_veto_only_flags_until_a_second_officer_confirms(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    accepting(world, "studio")
    made = veto(world, {"all_members": True}, basis="RG-03").json()
    assert (made["state"], made["affected"]) == ("proposed", 0)
    flagged = check(world, question(world, ann, film))
    assert "W_VETO_FLAG" in codes(flagged)
    assert "D_UNION_VETO" not in codes(flagged)
    path = f"/v1/vetoes/{made['id']}/confirmation"
    alone = world.post(path, "officer")
    assert (alone.status_code, alone.json()["refusals"][0]["code"]) == (409, "same_officer")
    assert world.post(path, "stranger").status_code == 404
    done = world.post(path, second(world))
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "in_force"
    listed = world.get(f"/v1/vetoes/{made['id']}/affected", "officer").json()["data"]
    assert use["id"] in {u["id"] for u in listed}
    assert "D_UNION_VETO" in codes(check(world, question(world, ann, film)))
    world.make(f"/v1/vetoes/{made['id']}/lift", "officer")


def test_a_strike_lets_through_what_the_union_excepts(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world, agreement=FAMILY)
    world.make(
        "/v1/engagements",
        "studio",
        {"performer": world.ids[ann], "work": world.ids[film], "rate": {"kind": "daily"}},
    )
    signed(world, ann, film)
    scope = {"agreement": FAMILY, "unit": "performers"}
    made = veto(world, scope, kind="strike", basis="TT-32").json()
    world.make(f"/v1/vetoes/{made['id']}/confirmation", second(world))
    assert "D_STRIKE" in codes(check(world, question(world, ann, film)))
    body = {"work": world.ids[film], "basis": "interim agreement of 20 November"}
    path = f"/v1/vetoes/{made['id']}/exceptions"
    early = world.post(path, "officer", body | {"starts_at": "2026-11-20T00:00:00Z"})
    assert early.json()["errors"][0]["pointer"] == "/starts_at"
    excepted = world.post(f"/v1/vetoes/{made['id']}/exceptions", "officer", body)
    assert excepted.status_code == 200, excepted.text
    assert excepted.json()["exceptions"][0]["work"] == world.ids[film]
    assert "D_STRIKE" not in codes(check(world, question(world, ann, film)))
    nothing = world.post(f"/v1/vetoes/{made['id']}/exceptions", "officer", {"basis": "none"})
    assert nothing.status_code == 422
    world.make(f"/v1/vetoes/{made['id']}/lift", "officer")


def test_a_policy_veto_blocks_only_where_its_basis_binds(world: World) -> None:
    studio = world.studio("lumen")
    film = f"of-{studio}"
    world.work(film, "lumen", agreement=FAMILY)
    policy = {"kind": "policy", "basis": "RG-03", "review_by": "2027-01-31"}
    when = {"Consent_Registry_Now": "2026-11-22T12:00:00Z"}
    body = {
        "authority": "the board",
        "scope": {"work": world.ids[film]},
        "reason": "Talks.",
        **policy,
    }
    flag = world.post("/v1/vetoes", "officer", body, **key(), **when)
    assert flag.status_code == 201, flag.text
    assert flag.json()["effect"] == "flag"
    assert flag.json()["flagged_because"] == "registry_rules_not_accepted"
    late = world.post("/v1/vetoes", "officer", body | {"review_by": "2027-06-30"}, **key(), **when)
    assert late.json()["errors"][0]["pointer"] == "/review_by"
    accepted = world.patch(
        f"/v1/organizations/{studio}",
        "lumen",
        {"registry_rules_accepted_on": "2026-11-22"},
        '"v1"',
    )
    assert accepted.status_code == 200, accepted.text
    block = world.post("/v1/vetoes", "officer", body, **key(), **when).json()
    assert (block["effect"], block["state"]) == ("block", "in_force")


def test_a_veto_is_narrowed_renewed_and_appealed(world: World) -> None:
    ann = somebody(world, member=True)
    made = veto(world, {"performer": world.ids[ann]}).json()
    path = f"/v1/vetoes/{made['id']}"
    smaller = {"performer": world.ids[ann], "uses": ["train_model"]}
    narrowed = world.make(f"{path}/narrowing", "officer", {"scope": smaller})
    assert narrowed["scope"]["uses"] == ["train_model"]
    wider = world.post(f"{path}/narrowing", "officer", {"scope": {"performer": world.ids[ann]}})
    assert (wider.status_code, wider.json()["refusals"][0]["code"]) == (409, "not_narrower")
    renewed = world.make(f"{path}/renewal", "officer", {"review_by": "2031-01-01"})
    assert renewed["review_by"] == "2031-01-01"
    past = world.post(f"{path}/renewal", "officer", {"review_by": "2020-01-01"})
    assert past.status_code == 422
    assert world.post(f"{path}/appeal", "rival", {"argument": "No."}).status_code == 404
    appealed = world.make(f"{path}/appeal", "studio", {"argument": "Made before the talks."})
    assert appealed["state"] == "appealed"
    assert world.make(f"{path}/appeal", ann, {"argument": "Nor mine."})["state"] == "appealed"
    film = picture(world)
    signed(world, ann, film, uses=["train_model"], training=True)
    decision = check(world, question(world, ann, film, use="train_model"))
    assert "D_UNION_VETO" in codes(decision)
    late = world.post(
        f"{path}/appeal",
        "studio",
        {"argument": "Again."},
        Consent_Registry_Now="2031-01-01T00:00:00Z",
    )
    assert late.status_code == 409


def test_a_later_work_and_a_later_edge_come_under_a_veto_on_what_is_above(world: World) -> None:
    ann = somebody(world, member=True)
    series = picture(world, kind="series", agreement=FAMILY)
    made = veto(world, {"work": world.ids[series]}).json()
    film = picture(world, agreement=FAMILY)
    signed(world, ann, film)
    use = register(world, question(world, ann, film)).json()
    edge = {"parent": world.ids[series], "relation": "spinoff_of"}
    world.make(f"/v1/works/{world.ids[film]}/edges", "studio", edge)
    listed = world.get(f"/v1/vetoes/{made['id']}/affected", "officer").json()["data"]
    assert [u["id"] for u in listed] == [use["id"]]
    assert "D_UNION_VETO" in codes(check(world, question(world, ann, film)))


def test_a_registration_under_a_veto_to_come_puts_itself_on_its_list(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    made = veto(
        world,
        {"performer": world.ids[ann]},
        starts_at="2031-01-01T00:00:00Z",
    )
    assert made.status_code == 201, made.text
    use = cleared(world, ann, film)
    listed = world.get(f"/v1/vetoes/{made.json()['id']}/affected", "officer").json()["data"]
    assert [u["id"] for u in listed] == [use["id"]]


def test_a_court_order_stops_finished_work_too_and_ends(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    assert world.post("/v1/court-orders", "studio", {"reference": "X"}).status_code == 403
    nothing = world.post("/v1/court-orders", "office", {"reference": "X"})
    assert nothing.json()["errors"][0]["pointer"] == "/performer"
    body = {"reference": "2 CIV 1234/26", "work": world.ids[film]}
    order = world.make("/v1/court-orders", "office", body)
    assert [u["id"] for u in order["affected"]] == [use["id"]]
    decision = check(world, question(world, ann, film))
    assert codes(decision)[0] == "D_COURT_ORDER"
    assert world.post(f"/v1/uses/{use['id']}/release", "studio").status_code == 409
    ended = world.make(f"/v1/court-orders/{order['id']}/end", "office")
    assert [u["id"] for u in ended["redecided"]] == [use["id"]]
    assert world.post(f"/v1/court-orders/{order['id']}/end", "office").status_code == 409
    assert "D_COURT_ORDER" not in codes(check(world, question(world, ann, film)))


def test_a_veto_is_seen_by_whom_it_concerns(world: World) -> None:
    ann, bob = somebody(world, member=True), somebody(world)
    made = veto(world, {"performer": world.ids[ann]}).json()
    for who, status in (
        (ann, 200),
        (bob, 404),
        ("studio", 200),
        ("rival", 404),
        ("officer", 200),
        ("stranger", 404),
        ("auditor", 200),
    ):
        assert world.get(f"/v1/vetoes/{made['id']}", who).status_code == status, who
    assert terms(world, ann, "nova")["performer"] == world.ids[ann]


def test_a_basis_is_as_short_as_it_is_kept_and_is_named_where_it_is_not(world: World) -> None:
    ann = somebody(world, member=True)
    wrong = veto(world, {"performer": world.ids[ann]}, basis="x" * 129)
    assert wrong.status_code == 422, wrong.text
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/basis"]
    assert veto(world, {"performer": world.ids[ann]}, basis="x" * 128).status_code == 201


def test_one_veto_over_many_shows_and_counts_to_each_only_their_own(world: World) -> None:
    world.make("/v1/performers", "rival", {"name": "Zed", "contact": "z@x.example", "adult": True})
    zed = world.get("/v1/performers", "rival").json()["data"][0]["id"]
    world.ids["zed"] = zed
    world.claim("zed")
    stated = world.make(f"/v1/performers/{zed}/memberships", "zed", {"union": world.ids["union"]})
    world.make(f"/v1/performers/{zed}/memberships/{stated['id']}/confirmation", "officer")
    ann, film, theirs = somebody(world, member=True), picture(world), picture(world, who="rival")
    own = {"studio": (ann, film), "rival": ("zed", theirs)}
    for who, (person, work) in own.items():
        offer = world.make("/v1/grants", who, terms(world, person, work))
        path = f"/v1/grants/{offer['id']}/acceptance"
        said = world.post(path, person, {"terms_hash": offer["terms_hash"]}, **key())
        assert said.status_code == 200, said.text
        assert register(world, question(world, person, work), who).json()["state"] == "cleared"
    accepting(world, *own)
    made = veto(world, {"all_members": True}, basis="RG-03").json()
    path = f"/v1/vetoes/{made['id']}"
    done = world.make(f"{path}/confirmation", second(world))
    every = {*world.get(f"/v1/events/{done['log_index']}", "auditor").json()["subjects"]}
    ids = {who: {world.ids[name] for name in (who, *named)} for who, named in own.items()}
    assert ids["studio"] | ids["rival"] <= every
    for who, other in (("studio", "rival"), ("rival", "studio")):
        seen = {*world.get(f"/v1/events/{done['log_index']}", who).json()["subjects"]}
        assert ids[who] <= seen
        assert not ids[other] & seen
        feed = world.get(f"/v1/events?after={done['log_index'] - 1}&limit=1", who).json()
        assert {*feed["data"][0]["subjects"]} == seen
    assert world.make(f"{path}/appeal", "rival", {"argument": "Ours."})["affected"] == 1
    lifted = world.make(f"{path}/lift", "officer")
    assert lifted["affected"] == 0
    assert len(lifted["redecided"]) >= len(own)


def test_facts_are_loaded_once_for_all_uses_of_a_performer_in_a_work(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    signed(world, ann, film)
    for shot in ("1", "2", "3"):
        cleared(world, ann, film, shot=shot)
    loads = []
    with pytest.MonkeyPatch.context() as patch:
        load = facts.load

        def counted(session: Session, asked: Check, *, as_of: datetime) -> tuple[Facts, int]:
            loads.append(asked)
            return load(session, asked, as_of=as_of)

        patch.setattr(facts, "load", counted)
        world.get(f"/v1/uses?work={world.ids[film]}", "studio")
        assert len(loads) == 1
        loads.clear()
        made = veto(world, {"performer": world.ids[ann]}).json()
    assert made["affected"] == 3
    # One for standing, one for the three uses.
    assert len(loads) == 2
