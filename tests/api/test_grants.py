"""Grants over HTTP: who may ask, who may answer, and that a yes is to exactly what was read."""

from typing import Any

import pytest

from tests.api.consents import (
    accept,
    check,
    cleared,
    codes,
    key,
    offered,
    picture,
    question,
    signed,
    somebody,
    terms,
)
from tests.support.inprocess import World

DAY = "2026-11-21T12:00:00Z"
NOT_YOURS = (
    "You cannot answer for this performer. Only they, or a person whose right to sign was proven, "
    "can. Nothing was recorded."
)


def at(grant: dict[str, Any], act: str) -> str:
    return f"/v1/grants/{grant['id']}/{act}"


def test_the_shortest_offer_says_which_works_it_shows_and_what_is_signed(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    assert (made["state"], made["version"], made["terms_version"]) == ("offered", 1, 1)
    assert made["shown_works"] == [world.ids[film]]
    assert [w["title"] for w in made["shown"]] == [f"Film {film}"]
    assert len(made["terms_hash"]) == 64
    assert made["scope"]["training"] is False
    assert made["posthumous"] == "life_only"
    assert made["withdrawal"] == {
        "new_uses": "any_time",
        "days": None,
        "not_before": None,
        "pause": True,
    }


def test_an_offer_can_bring_its_performer_and_its_work_along(world: World) -> None:
    ann, film = somebody(world), picture(world)
    body = terms(world, ann, film) | {
        "performer": {"name": "Rae Lind", "contact": "rae@performer.example", "adult": True},
        "work": {"kind": "film", "title": "Nova Three"},
    }
    made = world.post("/v1/grants", "studio", body)
    assert made.status_code == 201, made.text
    assert made.json()["shown"][0]["title"] == "Nova Three"
    found = world.get(f"/v1/performers/{made.json()['performer_id']}", "studio")
    assert found.json()["name"] == "Rae Lind"


def test_a_scope_over_a_franchise_shows_every_work_of_it_and_freezes_the_list(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world)
    nova = picture(world, kind="franchise")
    path = f"/v1/works/{world.ids[film]}/edges"
    world.make(path, "studio", {"parent": world.ids[nova], "relation": "in_franchise"})
    made = signed(world, ann, nova, mode="franchise_blanket")
    assert sorted(made["shown_works"]) == sorted([world.ids[nova], world.ids[film]])
    assert check(world, question(world, ann, film))["outcome"] == "allow_with_obligations"
    later = picture(world)
    path = f"/v1/works/{world.ids[later]}/edges"
    world.make(path, "studio", {"parent": world.ids[nova], "relation": "in_franchise"})
    decision = check(world, question(world, ann, later))
    assert "D_SCOPE_WORK_ADDED_LATER" in codes(decision)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        pytest.param({"uses": []}, "/uses", id="no use"),
        pytest.param({"uses": ["juggle"]}, "/uses/0", id="unknown use"),
        pytest.param({"uses": ["train_model"]}, "/training", id="training not ticked alone"),
        pytest.param({"uses": ["dub"]}, "/dubbing", id="dubbing not ticked alone"),
        pytest.param({"works": []}, "/works", id="no works"),
        pytest.param({"pay": {"kind": "favour"}}, "/pay/kind", id="unknown pay"),
        pytest.param(
            {"pay": {"kind": "per_day", "amount": {"amount": "1.999", "currency": "USD"}}},
            "/pay/amount",
            id="too many decimals",
        ),
        pytest.param(
            {"withdrawal": {"new_uses": "after_days"}}, "/withdrawal/days", id="no days named"
        ),
        pytest.param(
            {"starts_on": "2027-02-01", "ends_on": "2027-01-31"}, "/ends_on", id="ends too early"
        ),
        pytest.param(
            {"exclusions": [{"axis": "tag", "value": "boredom"}]}, "/exclusions/0", id="unknown tag"
        ),
        pytest.param({"answer_by": "2026-11-22T12:00:00Z"}, "/answer_by", id="under 48 hours"),
        pytest.param({"salary": 1}, "/salary", id="unknown member"),
    ],
)
def test_a_wrong_term_is_named(world: World, said: dict[str, Any], pointer: str) -> None:
    ann, film = somebody(world), picture(world)
    body = terms(world, ann, film, **said)
    if "works" in said:
        del body["work"]
    answer = world.post("/v1/grants", "studio", body, Consent_Registry_Now=DAY)
    assert answer.status_code == 422, answer.text
    assert any(e["pointer"].startswith(pointer) for e in answer.json()["errors"]), answer.text


def test_who_is_unknown_and_who_is_somebody_elses_get_the_same_answer(world: World) -> None:
    ann, film = somebody(world), picture(world)
    body = terms(world, ann, film)
    foreign = world.post("/v1/grants", "rival", body).json()
    unknown = world.post(
        "/v1/grants", "rival", body | {"performer": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"}
    ).json()
    assert foreign["status"] == unknown["status"] == 404
    assert (foreign["detail"], foreign["errors"]) == (unknown["detail"], unknown["errors"])


def test_nobody_answers_for_a_performer(world: World) -> None:
    ann, bob, film = somebody(world), somebody(world), picture(world)
    made = offered(world, ann, film)
    for who in ("studio", "officer", "office"):
        answer = accept(world, made, who)
        assert (answer.status_code, answer.json()["detail"]) == (403, NOT_YOURS)
    path = f"/v1/performers/{world.ids[ann]}/representations"
    body = {"kind": "agent", "powers": ["bargain"], "representative": world.ids["agency"]}
    world.make(path, ann, body)
    agent = accept(world, made, "agent")
    assert agent.status_code == 403, agent.text
    assert "agent can bargain" in agent.json()["detail"]
    assert accept(world, made, bob).status_code == 404
    assert world.get(f"/v1/grants/{made['id']}", ann).json()["state"] == "offered"


def test_a_yes_is_to_exactly_what_was_read(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    changed = world.post(
        at(made, "amendments"), "studio", {"ends_on": "2028-06-30"}, If_Match='"v1"'
    ).json()
    assert (changed["terms_version"], changed["state"]) == (2, "offered")
    stale = accept(world, made, ann)
    assert stale.status_code == 409
    problem = stale.json()
    assert problem["type"].endswith("/problems/terms-changed")
    assert problem["detail"].startswith(
        "This request changed while you were reading: version 2 came on "
    )
    assert "you read version 1. Nothing was signed." in problem["detail"]
    # No sentence holds an instant as a machine writes it.
    assert "UTC" in problem["detail"]
    assert "000Z" not in problem["detail"]
    foreign = accept(world, made | {"terms_hash": "0" * 64}, ann).json()["detail"]
    assert foreign.startswith(
        "What you read is none of the versions of this request. Version 2, of "
    )
    assert "changed" not in foreign
    difference = world.get(at(made, "diff"), ann).json()
    assert difference["data"] == [{"term": "scope.ends_on", "before": None, "after": "2028-06-30"}]
    yes = accept(world, changed, ann).json()
    assert (yes["state"], yes["signature"]["identity"]) == ("active", "contact_confirmed")
    assert yes["signature"]["by"] == "performer"


def test_the_same_key_signs_once_and_answers_alike(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    body, header = {"terms_hash": made["terms_hash"]}, key()
    first = world.post(at(made, "acceptance"), ann, body, **header)
    second = world.post(at(made, "acceptance"), ann, body, **header)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert world.post(at(made, "acceptance"), ann, body).status_code == 400
    other = world.post(at(made, "acceptance"), ann, {"terms_hash": "0" * 64}, **header)
    assert other.status_code == 422


def test_silence_is_a_no(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    late = world.post(
        at(made, "acceptance"),
        ann,
        {"terms_hash": made["terms_hash"]},
        Consent_Registry_Now="2027-11-21T12:00:00Z",
        **key(),
    )
    assert late.status_code == 409
    assert "UTC; silence was a no" in late.json()["detail"]


def test_a_no_is_kept_and_seen(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    no = world.post(at(made, "decline"), ann, {"reason": "Not this part."}).json()
    assert (no["state"], no["reason"]) == ("declined", "Not this part.")
    assert "D_DECLINED" in codes(check(world, question(world, ann, film)))
    assert accept(world, made, ann).status_code == 409


def test_an_offer_can_be_taken_back_until_it_is_answered(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    assert world.post(at(made, "withdrawal"), "rival").status_code == 404
    assert world.make(at(made, "withdrawal"), "studio")["state"] == "withdrawn"
    answer = accept(world, made, ann)
    assert answer.status_code == 409
    assert "withdrawn" in answer.json()["detail"]


def test_a_change_to_a_signed_consent_needs_another_signature(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film, ends_on="2027-12-31")
    assert (
        world.post(at(made, "amendments"), "studio", {"ends_on": "2028-06-30"}).status_code == 428
    )
    stale = world.post(at(made, "amendments"), "studio", {"ends_on": "2028-06-30"}, If_Match='"v1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"v2"')
    open_ = world.post(
        at(made, "amendments"), "studio", {"ends_on": "2028-06-30"}, If_Match='"v2"'
    ).json()
    assert (open_["scope"]["ends_on"], open_["state"]) == ("2027-12-31", "active")
    proposed = open_["proposal"]
    assert proposed["by"] == "studio"
    yes = accept(world, {**made, "terms_hash": proposed["terms_hash"]}, ann).json()
    assert (yes["scope"]["ends_on"], yes["terms_version"]) == ("2028-06-30", 2)
    assert yes["proposal"] is None


def test_other_terms_ratify_nothing_that_was_in_force_before(world: World) -> None:
    ann, film = somebody(world), picture(world)

    def resigned(**changes: Any) -> dict[str, Any]:
        tag = world.get(f"/v1/grants/{made['id']}", "studio").headers["ETag"]
        open_ = world.post(at(made, "amendments"), "studio", changes, If_Match=tag).json()
        read = {**made, "terms_hash": open_["proposal"]["terms_hash"]}
        found: dict[str, Any] = accept(world, read, ann).json()
        return found

    made = signed(world, ann, film, starts_on="2030-01-01")
    assert made["ratified_from"] is None
    late = resigned(starts_on="2020-01-01")
    assert (late["terms_version"], late["ratified_from"]) == (2, "2020-01-01T00:00:00.000000Z")
    assert resigned(ends_on="2040-01-01")["ratified_from"] == late["ratified_from"]
    assert resigned(starts_on=None)["ratified_from"] is None
    # The same terms signed once more are a version all the same: they count from then on.
    assert resigned(starts_on=None)["terms_version"] == 5


def test_a_counter_offer_may_change_any_term_and_be_signed_in_advance(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    body = {
        "uses": ["stunt"],
        "pay": {"kind": "per_day", "amount": {"amount": "1500", "currency": "USD"}},
        "presigned": True,
        "note": "Signed if you agree to exactly this.",
    }
    countered = world.post(at(made, "counter-offers"), ann, body, If_Match='"v1"').json()
    assert countered["state"] == "offered"
    proposal = countered["proposal"]
    assert (proposal["by"], proposal["presigned"]) == ("performer", True)
    assert {d["term"] for d in world.get(at(made, "diff"), "studio").json()["data"]} == {
        "pay",
        "scope.uses",
    }
    wrong = world.post(at(made, "amendments"), "studio", {"terms_hash": "0" * 64}, If_Match='"v2"')
    assert wrong.status_code == 409
    closed = world.post(
        at(made, "amendments"), "studio", {"terms_hash": proposal["terms_hash"]}, If_Match='"v2"'
    ).json()
    assert (closed["state"], closed["scope"]["uses"]) == ("active", ["stunt"])
    assert closed["pay"]["amount"] == {"amount": "1500.00", "currency": "USD"}
    assert closed["signature"]["presigned_at"] == proposal["at"]


def test_a_counter_offer_without_a_signature_becomes_the_offer(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    countered = world.post(
        at(made, "counter-offers"), ann, {"uses": ["stunt"]}, If_Match='"v1"'
    ).json()
    asked = countered["proposal"]["terms_hash"]
    taken = world.post(
        at(made, "amendments"), "studio", {"terms_hash": asked}, If_Match='"v2"'
    ).json()
    assert (taken["state"], taken["terms_hash"], taken["signature"]) == ("offered", asked, None)
    assert accept(world, taken, ann).json()["state"] == "active"


def test_an_agent_bargains_and_never_signs_in_advance(world: World) -> None:
    ann, film = somebody(world), picture(world)
    path = f"/v1/performers/{world.ids[ann]}/representations"
    body = {
        "kind": "agent",
        "powers": ["view", "bargain"],
        "representative": world.ids["agency"],
    }
    world.make(path, ann, body)
    made = offered(world, ann, film)
    presigned = world.post(
        at(made, "counter-offers"), "agent", {"uses": ["stunt"], "presigned": True}, If_Match='"v1"'
    )
    assert presigned.status_code == 403
    asked = world.post(at(made, "counter-offers"), "agent", {"uses": ["stunt"]}, If_Match='"v1"')
    assert asked.status_code == 200, asked.text
    # They say no to a request, which binds nobody and can be asked again.
    assert world.post(at(made, "decline"), "agent").status_code == 200


def test_an_umbrella_takes_a_yes_for_each_work(world: World) -> None:
    ann, film, other = somebody(world), picture(world), picture(world)
    nova = picture(world, kind="franchise")
    path = f"/v1/works/{world.ids[film]}/edges"
    world.make(path, "studio", {"parent": world.ids[nova], "relation": "in_franchise"})
    made = signed(world, ann, nova, mode="franchise_umbrella")
    body = {"work": world.ids[film], "terms_hash": made["terms_hash"], "description": "one scene"}
    assert (
        world.post(at(made, "confirmations"), ann, body | {"terms_hash": "0" * 64}).status_code
        == 409
    )
    outside = world.post(at(made, "confirmations"), ann, body | {"work": world.ids[other]})
    assert outside.status_code in {404, 409}
    yes = world.post(at(made, "confirmations"), ann, body)
    assert yes.status_code == 201, yes.text
    assert yes.json()["description"]["text"] == "one scene"


def test_taking_consent_back_says_what_it_reaches_before_and_after(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film)
    finished = cleared(world, ann, film, shot="1")
    world.make(f"/v1/uses/{finished['id']}/lock", "studio")
    begun = cleared(world, ann, film, shot="2")
    before = world.get(at(made, "revocation-preview"), ann)
    assert before.status_code == 200, before.text
    stages = before.json()["affected"]
    assert [u["id"] for u in stages["finished"]] == [finished["id"]]
    assert [u["id"] for u in stages["in_flight"]] == [begun["id"]]
    assert world.get(f"/v1/grants/{made['id']}", ann).json()["state"] == "active"
    done = world.post(at(made, "revocation"), ann, {"reason": "The part changed."}, **key())
    assert done.json()["affected"] == stages
    assert done.json()["state"] == "revoked"
    assert world.get(f"/v1/uses/{begun['id']}", ann).json()["held"] is True
    assert world.post(f"/v1/uses/{begun['id']}/lock", "studio").status_code == 409
    assert world.make(f"/v1/uses/{finished['id']}/release", "studio")["state"] == "released"
    assert "D_REVOKED" in codes(check(world, question(world, ann, film, shot="3")))
    shown = check(world, question(world, ann, film, shot="1", use="exhibit", use_id=finished["id"]))
    assert "D_REVOKED" not in codes(shown)


def test_withdrawal_is_a_term_and_asking_without_the_right_is_on_record(world: World) -> None:
    ann, film = somebody(world), picture(world)
    later = signed(world, ann, film, withdrawal={"new_uses": "after_days", "days": 30})
    done = world.post(at(later, "revocation"), ann, None, **key(), Consent_Registry_Now=DAY)
    assert done.json()["effective_from"] == "2026-12-21T12:00:00.000000Z"
    bound = signed(world, ann, film, withdrawal={"new_uses": "only_if_agreement_says"})
    asked = world.post(at(bound, "revocation"), ann, None, **key())
    assert asked.status_code == 200, asked.text
    assert (asked.json()["effective_from"], asked.json()["state"]) == (None, "active")
    assert asked.json()["warnings"][0]["code"] == "W_WITHDRAWAL_ASKED"
    types = [e["type"] for e in world.get("/v1/me/events", ann).json()["data"] if "type" in e]
    assert types[-1] == "grant.withdrawal_asked"


def test_a_pause_stops_new_uses_and_ends_when_the_performer_says(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film)
    use = cleared(world, ann, film)
    paused = world.post(at(made, "suspension"), ann)
    assert paused.status_code == 201, paused.text
    assert [u["id"] for u in paused.json()["affected"]] == [use["id"]]
    assert "D_SUSPENDED" in codes(check(world, question(world, ann, film)))
    assert world.get(f"/v1/uses/{use['id']}", "studio").json()["held"] is True
    resumed = world.make(at(made, "resumption"), ann)
    assert [u["id"] for u in resumed["redecided"]] == [use["id"]]
    assert world.get(f"/v1/uses/{use['id']}", "studio").json()["held"] is False
    assert world.post(at(made, "resumption"), ann).status_code == 409


def test_a_performer_pauses_all_at_once(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    path = f"/v1/performers/{world.ids[ann]}"
    wrong = world.post(f"{path}/suspensions", ann, {"starts_at": "2020-01-01T00:00:00Z"})
    assert wrong.status_code == 422
    assert world.post(f"{path}/suspensions", "studio").status_code == 403
    made = world.make(f"{path}/suspensions", ann, {"ends_at": "2031-01-01T00:00:00Z"})
    assert made["grant_id"] is None
    assert "D_SUSPENDED" in codes(check(world, question(world, ann, film)))
    world.make(f"{path}/resumption", ann)
    assert "D_SUSPENDED" not in codes(check(world, question(world, ann, film)))


def test_no_pause_where_the_terms_leave_none(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film, withdrawal={"new_uses": "any_time", "pause": False})
    answer = world.post(at(made, "suspension"), ann)
    assert answer.status_code == 409
    assert "no right to pause" in answer.json()["detail"]


def test_a_union_sees_its_members_consents_and_no_amount(world: World) -> None:
    ann, bob, film = somebody(world, member=True), somebody(world), picture(world)
    made, foreign = offered(world, ann, film), offered(world, bob, film)
    seen = world.get(f"/v1/grants/{made['id']}", "officer").json()
    assert seen["pay"] == {"kind": "bargained_flat", "floor": "unknown"}
    assert world.get(f"/v1/grants/{foreign['id']}", "officer").status_code == 404
    assert world.get(f"/v1/grants/{made['id']}", "stranger").status_code == 404
    listed = world.get("/v1/grants", "officer").json()["data"]
    assert made["id"] in {g["id"] for g in listed}
    assert foreign["id"] not in {g["id"] for g in listed}


def test_every_version_stays_and_names_its_entry(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film)
    found = world.get(at(made, "history"), ann).json()["data"]
    assert [(v["version"], v["state"], v["type"]) for v in found] == [
        (1, "offered", "grant.offered"),
        (2, "active", "grant.signed"),
    ]
    entry = world.get(f"/v1/events/{found[1]['log_index']}", ann).json()
    assert entry["type"] == "grant.signed"
    assert {world.ids[ann], world.ids["studio"], world.ids[film]} <= {*entry["subjects"]}


@pytest.mark.parametrize("kind", ["bargained_flat", "per_day", "per_use"])
def test_a_price_without_an_amount_is_no_price(world: World, kind: str) -> None:
    ann, film = somebody(world), picture(world)
    answer = world.post("/v1/grants", "studio", terms(world, ann, film, pay={"kind": kind}))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/pay/amount"
    assert "say how much" in answer.json()["errors"][0]["detail"]


def test_before_anybody_asked_nobody_had(world: World) -> None:
    ann, film = somebody(world), picture(world)
    may = {"Consent_Registry_Now": "2031-05-01T12:00:00Z"}
    made = world.post("/v1/grants", "studio", terms(world, ann, film), **may).json()
    for as_of, says in (
        ("2031-05-01T11:59:59Z", "Nobody has asked them yet."),
        ("2031-05-01T12:00:00Z", "They were asked and have not answered."),
    ):
        found = check(world, question(world, ann, film, as_of=as_of))
        assert says in found["reasons"][0]["sentence"]
    no = world.post(at(made, "decline"), ann, None, Consent_Registry_Now="2031-05-02T12:00:00Z")
    assert no.status_code == 200
    before = check(world, question(world, ann, film, as_of="2031-05-02T11:59:59Z"))
    assert "have not answered" in before["reasons"][0]["sentence"]
    after = check(world, question(world, ann, film, as_of="2031-05-02T12:00:00Z"))
    assert codes(after)[0] == "D_DECLINED"


def test_a_misspelt_agreement_is_refused_with_those_that_are_known(world: World) -> None:
    ann, film = somebody(world), picture(world)
    misspelt = {"agreement": "sag-aftra/tv-theatricals"}
    hired = {"performer": world.ids[ann], "work": world.ids[film], "role_class": "principal"}
    made = world.make("/v1/engagements", "studio", hired)
    film_path, job_path = f"/v1/works/{world.ids[film]}", f"/v1/engagements/{made['id']}"
    tag = world.get(film_path, "studio").headers["etag"]
    answers = (
        world.post("/v1/grants", "studio", terms(world, ann, film, **misspelt)),
        world.post("/v1/works", "studio", {"kind": "film", "title": "X"} | misspelt),
        world.post("/v1/engagements", "studio", hired | misspelt),
        world.patch(film_path, "studio", misspelt, tag),
        world.patch(job_path, "studio", misspelt, '"v1"'),
    )
    for answer in answers:
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == "/agreement"
        assert "`sag-aftra/tv-theatrical`" in answer.json()["detail"]
    # One that a union is party to may be named before its rules are here; the answer says so.
    world.organization("stage guild", "union", agreements=["stage-guild/stage"])
    other = picture(world, agreement="stage-guild/stage")
    assert "A_AGREEMENT_UNKNOWN" in codes(check(world, question(world, ann, other)))


def test_a_franchise_is_no_single_work(world: World) -> None:
    ann, saga = somebody(world), picture(world, kind="franchise")
    alone = world.post("/v1/grants", "studio", terms(world, ann, saga))
    assert [(e["pointer"], e["code"]) for e in alone.json()["errors"]] == [
        ("/mode", "not-a-picture")
    ]
    whole = terms(world, ann, saga, mode="franchise_umbrella")
    assert world.post("/v1/grants", "studio", whole).status_code == 201
