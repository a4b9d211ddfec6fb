"""Performers, their claims, memberships and representatives, over HTTP."""

from itertools import count

import pytest

from tests.api.consents import picture, signed
from tests.support.inprocess import FAMILY, World

_NUMBER = count()


def a_performer(world: World, **more: object) -> str:
    """The path of a new performer, whose name nobody else has."""
    name = f"p{next(_NUMBER)}"
    world.performer(name, **more)
    return name


def hired_under_the_agreement(world: World, name: str) -> None:
    """Hire a performer under the union's agreement, which the studio signed."""
    path = f"/v1/organizations/{world.ids['studio']}/signatories"
    if not world.get(path, "office").json()["data"]:
        world.make(path, "office", {"agreement": FAMILY, "starts_on": "2023-11-09"})
    hired = {"performer": world.ids[name], "work": world.ids["nova"], "agreement": FAMILY}
    world.make("/v1/engagements", "studio", hired)


def a_member(world: World) -> tuple[str, str]:
    """A performer who claimed their record, and the path of their stated membership."""
    name = a_performer(world, member_of=world.ids["union"])
    world.claim(name)
    path = f"/v1/performers/{world.ids[name]}/memberships"
    made = world.make(path, name, {"union": world.ids["union"], "starts_on": "2024-01-15"})
    return name, f"{path}/{made['id']}"


def test_five_fields_put_a_performer_on_record_unclaimed(world: World) -> None:
    body = {
        "name": "Alex Moreno",
        "contact": "alex@performer.example",
        "ref": "castid:4711",
        "member_of": world.ids["union"],
        "adult": True,
    }
    made = world.post("/v1/performers", "studio", body, Consent_Registry_Now="2026-11-21T12:00:00Z")
    assert made.status_code == 201, made.text
    value = made.json()
    assert value["identity"] == "stated"
    assert value["claimed_at"] is None
    assert value["adult_from"] == "2026-11-20"
    assert value["refs"] == ["castid:4711"]
    # The hint is no membership.
    found = world.get(f"/v1/performers/{value['id']}/memberships", "officer").json()
    assert found["data"] == []
    again = world.post("/v1/performers", "studio", body)
    assert (again.status_code, again.json()["id"]) == (409, value["id"])


def test_a_minor_needs_a_birth_date_and_comes_of_age_by_it(world: World) -> None:
    body = {"name": "Young One", "contact": "guardian@example.org", "adult": False}
    answer = world.post("/v1/performers", "studio", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/birth_date")
    made = world.make("/v1/performers", "studio", body | {"birth_date": "2012-02-29"})
    assert made["adult_from"] == "2030-03-01"
    assert "2012" not in world.get(f"/v1/performers/{made['id']}", "studio").text


@pytest.mark.parametrize(
    ("system", "wrong", "right"),
    [
        ("isni", "0000 0001 2281 9551", "0000 0001 2281 955X"),
        ("imdb", "title", "nm0000151"),
        ("hand", "10.23/short", "10.23/B77C-A6A1-D3E8-1E13-D6C7"),
    ],
)
def test_identifiers_are_checked(world: World, system: str, wrong: str, right: str) -> None:
    body = {"name": "Known Person", "contact": "known@example.org"}
    refused = world.post("/v1/performers", "studio", body | {"external_ids": {system: wrong}})
    assert refused.json()["errors"][0]["pointer"] == f"/external_ids/{system}"
    made = world.post("/v1/performers", "studio", body | {"external_ids": {system: right}})
    assert made.status_code == 201
    # It is one person's, whoever asks; a stranger does not learn whose.
    taken = world.post("/v1/performers", "rival", body | {"external_ids": {system: right}})
    assert taken.status_code == 409
    assert "id" not in taken.json()


def test_another_studio_does_not_learn_that_a_performer_exists(world: World) -> None:
    name = a_performer(world)
    foreign = world.get(f"/v1/performers/{world.ids[name]}", "rival")
    unknown = world.get("/v1/performers/perf_00000000000000000000000000", "rival")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json()["detail"] == unknown.json()["detail"]
    listed = world.get("/v1/performers?limit=200", "rival").json()["data"]
    assert world.ids[name] not in {row["id"] for row in listed}


def test_who_sees_the_contact_and_who_only_the_name(world: World) -> None:
    name = a_performer(world, member_of=world.ids["union"])
    path = f"/v1/performers/{world.ids[name]}"
    assert world.get(path, "studio").json()["contact"] == f"{name}@performer.example"
    officer = world.get(path, "officer").json()
    assert officer["name"]
    assert officer["contact_stated_by"] == world.ids["studio"]
    assert "contact" not in officer
    assert world.get(path, "stranger").status_code == 404
    auditor = world.get(path, "auditor").json()
    assert not auditor.keys() & {"name", "contact", "agent", "member_of"}


def test_lists_name_nobody_to_a_union(world: World) -> None:
    a_performer(world, member_of=world.ids["union"])
    rows = world.get("/v1/performers", "officer").json()["data"]
    assert rows
    assert not any("name" in row for row in rows)
    assert any("name" in row for row in world.get("/v1/performers", "studio").json()["data"])


def test_a_claim_passes_by_the_studio_and_works_once(world: World) -> None:
    name = a_performer(world)
    path = f"/v1/performers/{world.ids[name]}"
    assert world.post(f"{path}/invitation", "studio").status_code == 422
    code = {"code": world.make(f"{path}/invitation", "office")["code"]}
    other = f"/v1/performers/{world.ids['ann']}"
    assert world.post(f"{other}/claim", None, code).status_code == 404
    assert world.post(f"{path}/claim", None, {"code": "not-the-code"}).status_code == 404
    claimed = world.make(f"{path}/claim", None, code)
    assert claimed["identity"] == "contact_confirmed"
    assert world.post(f"{path}/claim", None, code).status_code == 404


def test_who_lost_their_sign_in_is_invited_again_by_the_office_alone(world: World) -> None:
    name, member = a_member(world)
    path = f"/v1/performers/{world.ids[name]}"
    world.make(f"{member}/confirmation", "officer")
    early = world.make(f"{path}/invitation", "office")["code"]
    assert world.post(f"{path}/invitation", "officer").status_code == 409
    assert world.get(path, name).status_code == 200
    again = world.make(f"{path}/claim", None, {"code": early})
    assert (again["identity"], again["principal"] == world.people[name]) == (
        "contact_confirmed",
        False,
    )
    assert world.get(path, name).status_code == 401
    world.people[name] = again["principal"]
    del world.tokens[name]
    assert world.get(path, name).json()["id"] == world.ids[name]


def test_who_has_an_account_claims_no_record_with_it(world: World) -> None:
    name = a_performer(world)
    path = f"/v1/performers/{world.ids[name]}"
    code = {"code": world.make(f"{path}/invitation", "office")["code"]}
    assert world.post(f"{path}/claim", "rival", code).status_code == 409
    assert world.post(f"{path}/claim", None, code).status_code == 200


def test_after_the_claim_the_record_is_the_performers(world: World) -> None:
    name = a_performer(world)
    path = f"/v1/performers/{world.ids[name]}"
    changed = world.patch(path, "studio", {"contact": "new@example.org"}, '"v1"')
    assert changed.status_code == 200
    world.claim(name)
    assert world.patch(path, "studio", {"contact": "x@example.org"}, '"v3"').status_code == 409
    own = world.patch(path, name, {"contact": "mine@example.org"}, '"v3"')
    assert own.json()["contact"] == "mine@example.org"
    assert own.json()["contact_stated_by"] == world.ids[name]


def test_nobody_but_the_office_moves_the_day_of_coming_of_age(world: World) -> None:
    name = a_performer(world, adult=False, birth_date="2015-05-01")
    path = f"/v1/performers/{world.ids[name]}"
    older = {"birth_date": "2000-05-01"}
    assert world.patch(path, "studio", older, '"v1"').status_code == 422
    world.claim(name)
    refused = world.patch(path, name, older, '"v2"')
    assert refused.json()["errors"][0] | {"detail": ""} == {
        "pointer": "/birth_date",
        "code": "on-record",
        "detail": "",
    }
    bare = world.patch(path, "office", older, '"v2"')
    assert bare.json()["errors"][0]["pointer"] == "/reason"
    proven = older | {"reason": "Birth certificate 9."}
    done = world.patch(path, "office", proven, '"v2"')
    assert done.json()["adult_from"] == "2018-05-01"
    assert world.get("/v1/attestations", "auditor").json()["data"][0]["kind"] == "birth"


def test_who_represents_a_performer_changes_the_agent_alone(world: World) -> None:
    name = a_performer(world, adult=None)
    world.claim(name)
    path = f"/v1/performers/{world.ids[name]}"
    seeing = {"kind": "agent", "powers": ["view"], "representative": world.ids["agency"]}
    stated = world.make(f"{path}/representations", name, seeing)
    for change in ({"agent": "A. Gent"}, {"birth_date": "1990-05-01"}, {"contact": "x@y.example"}):
        assert world.patch(path, "agent", change, '"v2"').status_code == 403
    world.make(f"{path}/representations/{stated['id']}/end", name, {"ends_on": stated["starts_on"]})
    world.make(f"{path}/representations", name, seeing | {"powers": ["bargain"]})
    for change in ({"birth_date": "1990-05-01"}, {"contact": "x@y.example"}):
        assert world.patch(path, "agent", change, '"v2"').status_code == 403
    assert world.patch(path, "agent", {"agent": "A. Gent"}, '"v2"').status_code == 200


def test_null_is_not_a_name(world: World) -> None:
    answer = world.patch(f"/v1/performers/{world.ids['ann']}", "studio", {"name": None}, '"v1"')
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/name")


def test_a_union_vouches_for_whom_it_knows_and_only_once_claimed(world: World) -> None:
    name = a_performer(world, member_of=world.ids["union"])
    path = f"/v1/performers/{world.ids[name]}/vouch"
    # The studio's hint, and what the union says itself, let it look and do nothing.
    memberships = f"/v1/performers/{world.ids[name]}/memberships"
    stated = world.make(memberships, "officer", {"union": world.ids["union"]})
    assert world.post(path, "officer").status_code == 403
    world.claim(name)
    world.make(f"{memberships}/{stated['id']}/confirmation", name)
    assert world.post(path, "stranger").status_code == 404
    assert world.make(path, "officer")["identity"] == "vouched"


def test_a_hint_gives_a_union_nothing_but_a_look(world: World) -> None:
    name = a_performer(world, member_of=world.ids["union"])
    path = f"/v1/performers/{world.ids[name]}"
    hired = {"performer": world.ids[name], "work": world.work(f"film of {name}")}
    engagement = f"/v1/engagements/{world.make('/v1/engagements', 'studio', hired)['id']}"
    replica = world.make(
        "/v1/replicas", "studio", {"performer": world.ids[name], "made_before": "ab" * 32}
    )["id"]
    world.make(f"{path}/memberships", "officer", {"union": world.ids["union"]})
    assert world.get(path, "officer").json()["id"] == world.ids[name]
    assert world.post(f"{path}/invitation", "officer").status_code == 403
    guardian = {"kind": "guardian", "powers": ["sign"], "representative": world.ids["agency"]}
    guardian["document_hash"] = "ab" * 32
    assert world.post(f"{path}/representations", "officer", guardian).status_code == 403
    assert world.get(f"{path}/representations", "officer").status_code == 403
    stated = world.make(f"{path}/representations", "office", guardian)
    verify = f"{path}/representations/{stated['id']}/verification"
    assert world.post(verify, "officer").status_code == 403
    assert world.get(engagement, "officer").status_code == 404
    assert world.post(f"{engagement}/dispute", "officer").status_code == 404
    assert world.get(f"/v1/replicas/{replica}", "officer").status_code == 404


def test_a_membership_that_is_to_come_gives_no_sight_yet(world: World) -> None:
    name = a_performer(world)
    world.claim(name)
    replica = world.make(
        "/v1/replicas", "studio", {"performer": world.ids[name], "made_before": "ab" * 32}
    )["id"]
    path = f"/v1/performers/{world.ids[name]}/memberships"
    member = {"union": world.ids["union"], "starts_on": "2090-01-01"}
    stated = world.make(path, name, member)
    world.make(f"{path}/{stated['id']}/confirmation", "officer")
    for day, status in (("2089-12-31", 404), ("2090-01-01", 200)):
        at = f"{day}T12:00:00Z"
        path = f"/v1/replicas/{replica}"
        seen = world.send("GET", path, "officer", Consent_Registry_Now=at)
        assert seen.status_code == status


def test_a_membership_needs_both_sides(world: World) -> None:
    name, path = a_member(world)
    assert world.post(f"{path}/confirmation", name).status_code == 409
    assert world.post(f"{path}/confirmation", "stranger").status_code == 404
    assert world.post(f"{path}/confirmation", "studio").status_code == 403
    done = world.make(f"{path}/confirmation", "officer")
    assert (done["stated_by"], done["confirmed_by"]) == (world.ids[name], world.ids["union"])


def test_a_union_cannot_claim_a_member_whom_it_does_not_know(world: World) -> None:
    name = a_performer(world)
    path = f"/v1/performers/{world.ids[name]}/memberships"
    body = {"union": world.ids["union"]}
    assert world.post(path, "officer", body).status_code == 404
    assert world.post(path, "studio", body).status_code == 403
    hinted = a_performer(world, member_of=world.ids["union"])
    stated = world.make(f"/v1/performers/{world.ids[hinted]}/memberships", "officer", body)
    assert (stated["stated_by"], stated["confirmed_by"]) == (world.ids["union"], None)
    world.claim(hinted)
    path = f"/v1/performers/{world.ids[hinted]}/memberships/{stated['id']}"
    assert world.make(f"{path}/confirmation", hinted)["confirmed_by"] == world.ids[hinted]


def test_a_disputed_membership_is_confirmed_by_nobody_else(world: World) -> None:
    name, path = a_member(world)
    world.make(f"{path}/confirmation", "officer")
    assert world.make(f"{path}/dispute", name)["disputed_by"] == world.ids[name]
    assert world.post(f"{path}/confirmation", "officer").status_code == 409
    assert world.post(f"{path}/dispute", name).status_code == 409


def test_a_membership_is_stated_once_and_ended_by_either_side(world: World) -> None:
    name, path = a_member(world)
    again = world.post(path.rpartition("/")[0], name, {"union": world.ids["union"]})
    assert again.status_code == 409
    early = world.post(f"{path}/end", name, {"ends_on": "2024-01-14"})
    assert early.status_code == 422
    assert world.make(f"{path}/end", name, {"ends_on": "2024-01-15"})["ends_on"] == "2024-01-15"


def test_a_member_leaves_from_today_on_and_out_of_no_veto_that_was_there(world: World) -> None:
    name, path = a_member(world)
    world.make(f"{path}/confirmation", "officer")
    noon = {"Consent_Registry_Now": "2027-03-02T12:00:00Z"}
    early = world.post(f"{path}/end", name, {"ends_on": "2027-03-01"}, **noon)
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "in-the-past")
    assert world.post(f"{path}/end", name, {"ends_on": "2027-03-02"}, **noon).status_code == 200
    # The union knows since when somebody is none of its members.
    assert (
        world.post(f"{path}/end", "officer", {"ends_on": "2027-03-01"}, **noon).status_code == 200
    )


def test_a_performer_names_an_agent_who_never_signs(world: World) -> None:
    name = a_performer(world)
    world.claim(name)
    path = f"/v1/performers/{world.ids[name]}/representations"
    agent = {"representative": world.ids["agency"], "kind": "agent"}
    refused = world.post(path, name, agent | {"powers": ["view", "sign"]})
    assert refused.json()["errors"][0]["code"] == "agents-never-sign"
    assert world.get(f"/v1/performers/{world.ids[name]}", "agent").status_code == 404
    made = world.make(path, name, agent | {"powers": ["bargain"], "starts_on": "2026-01-01"})
    assert made["powers"] == ["view", "bargain"]
    assert made["ends_on"] == "2027-01-01"
    assert made["verified_by"] == world.ids[name]
    ended = world.make(f"{path}/{made['id']}/end", name, {"ends_on": "2026-01-02"})
    assert ended["ends_on"] == "2026-01-02"
    assert world.get(f"/v1/performers/{world.ids[name]}", "agent").status_code == 404


def test_a_guardian_is_proven_and_sees_the_child_from_then_on(world: World) -> None:
    name = a_performer(world, adult=False, birth_date="2015-05-01")
    hired_under_the_agreement(world, name)
    path = f"/v1/performers/{world.ids[name]}/representations"
    guardian = {
        "kind": "guardian",
        "powers": ["sign"],
        "person": {"name": "Grown Up", "contact": "up@example.org"},
        "document_hash": "ab" * 32,
    }
    stated = world.make(path, "officer", guardian)
    assert stated["verified_by"] is None
    world.people["guardian"] = stated["representative_id"]
    child = f"/v1/performers/{world.ids[name]}"
    assert world.get(child, "guardian").status_code == 404
    done = world.make(f"{path}/{stated['id']}/verification", "office")
    assert done["verified_by"] == world.people["office"]
    assert world.get(child, "guardian").json()["id"] == world.ids[name]
    ended = world.post(f"{path}/{stated['id']}/end", "guardian", {"ends_on": "2099-01-01"})
    assert ended.status_code == 409
    assert world.get(f"/v1/performers/{world.ids['ann']}", "guardian").status_code == 404


def test_a_performer_cannot_state_their_own_guardian(world: World) -> None:
    name = a_performer(world)
    world.claim(name)
    answer = world.post(
        f"/v1/performers/{world.ids[name]}/representations",
        name,
        {"kind": "executor", "powers": ["sign"], "representative": world.ids["agency"]},
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/kind")


def test_a_signature_says_on_whose_word_the_signer_is_known(world: World) -> None:
    ann, membership = a_member(world)
    world.make(f"{membership}/confirmation", "officer")
    first = signed(world, ann, picture(world))["signature"]
    assert (first["identity"], first["vouched_by"]) == ("contact_confirmed", None)
    path = f"/v1/performers/{world.ids[ann]}"
    vouched = world.make(f"{path}/vouch", "officer")
    assert (vouched["identity"], vouched["vouched_by"]) == ("vouched", world.ids["union"])
    second = signed(world, ann, picture(world))["signature"]
    assert (second["identity"], second["vouched_by"]) == ("vouched", world.ids["union"])
    assert second["vouched_at"] == vouched["vouched_at"]


def test_an_agent_of_record_vouches_where_somebody_else_proved_the_mandate(world: World) -> None:
    ann = a_performer(world)
    world.claim(ann)
    path = f"/v1/performers/{world.ids[ann]}"
    agency = {"representative": world.ids["agency"], "powers": ["bargain"]}
    # On the client's own word an agent is one, and vouches for nobody.
    world.make(f"{path}/representations", ann, {"kind": "agent", **agency})
    refused = world.post(f"{path}/vouch", "agent")
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("You cannot vouch for this performer.")
    world.make(f"{path}/representations", "office", {"kind": "agent", **agency})
    vouched = world.make(f"{path}/vouch", "agent")
    assert (vouched["identity"], vouched["vouched_by"]) == ("vouched", world.ids["agency"])
    bea = a_performer(world)
    assert world.post(f"/v1/performers/{world.ids[bea]}/vouch", "agent").status_code == 404
