"""Every list shows a role what it may see and nothing else; every statement is held to sense."""

from typing import Any

import pytest

from tests.support.inprocess import FAMILY, World


@pytest.fixture(scope="module")
def furnished(world: World) -> World:
    """One object of each noun around `ann`, who is a member, hired and represented."""
    if "engagement" in world.ids:
        return world
    ids = world.ids
    signed = {"agreement": FAMILY, "starts_on": "2023-11-09"}
    world.make(f"/v1/organizations/{ids['studio']}/signatories", "office", signed)
    world.claim("ann")
    path = f"/v1/performers/{ids['ann']}"
    stated = world.make(f"{path}/memberships", "ann", {"union": ids["union"]})
    world.make(f"{path}/memberships/{stated['id']}/confirmation", "officer")
    agent = {"representative": ids["agency"], "kind": "agent", "powers": ["bargain"]}
    world.make(f"{path}/representations", "ann", agent)
    hired = {"performer": ids["ann"], "work": ids["nova"]}
    engagement = world.make("/v1/engagements", "studio", hired | {"ref": "house:job-1"})
    ids["engagement"] = engagement["id"]
    session = {"engagement": "ref:house:job-1", "starts_at": "2099-01-01T12:00:00Z"}
    ids["session"] = world.make("/v1/capture-sessions", "studio", session)["id"]
    replica = {"performer": ids["ann"], "custodian": ids["vendor"], "made_before": "ab" * 32}
    ids["replica"] = world.make("/v1/replicas", "studio", replica)["id"]
    plan = hired | {"use": "stunt", "days": "1", "basis": "One day."}
    ids["estimate"] = world.make("/v1/estimates", "studio", plan)["id"]
    said = {"kind": "safety", "text": "Safe.", "organization": ids["vendor"]}
    ids["attestation"] = world.make("/v1/attestations", "studio", said)["id"]
    told = {"kind": "training", "to": ids["union"], "content": "We train."}
    ids["notice"] = world.make("/v1/notices", "studio", told | {"performer": ids["ann"]})["id"]
    return world


SEEN_BY = [
    ("performers", "ann", {"studio", "finance", "ann", "agent", "officer", "auditor", "office"}),
    ("works", "nova", {"studio", "finance", "ann", "agent", "officer", "auditor"}),
    ("engagements", "engagement", {"studio", "finance", "ann", "agent", "officer", "auditor"}),
    ("capture-sessions", "session", {"studio", "ann", "agent", "officer", "auditor"}),
    ("replicas", "replica", {"studio", "ann", "agent", "officer", "vendor", "auditor"}),
    ("estimates", "estimate", {"studio", "ann", "agent", "officer", "auditor"}),
    ("attestations", "attestation", {"studio", "finance", "vendor", "auditor"}),
    ("notices", "notice", {"studio", "ann", "agent", "officer", "auditor"}),
]


@pytest.mark.parametrize(("noun", "name", "seen_by"), SEEN_BY, ids=[row[0] for row in SEEN_BY])
def test_a_list_and_a_read_show_the_same(
    furnished: World, noun: str, name: str, seen_by: set[str]
) -> None:
    object_id = furnished.ids[name]
    for who in seen_by | {"rival", "stranger"}:
        listed = furnished.get(f"/v1/{noun}?limit=200", who)
        read = furnished.get(f"/v1/{noun}/{object_id}", who)
        if listed.status_code == 403:
            assert who not in seen_by
            assert read.status_code == 403
            continue
        shown = object_id in {row["id"] for row in listed.json()["data"]}
        assert shown == (who in seen_by), who
        assert read.status_code == (200 if shown else 404), who


def test_lists_take_filters_and_refuse_what_they_do_not_know(furnished: World) -> None:
    engagement = furnished.ids["engagement"]
    of_ann = furnished.get(f"/v1/engagements?performer={furnished.ids['ann']}", "studio")
    assert [row["id"] for row in of_ann.json()["data"]] == [engagement]
    none = furnished.get("/v1/engagements?work=work_none", "studio").json()["data"]
    assert none == []
    sessions = furnished.get(f"/v1/capture-sessions?engagement={engagement}", "studio")
    assert len(sessions.json()["data"]) == 1
    assert furnished.get("/v1/engagements?colour=red", "studio").status_code == 400
    for path in ("memberships", "representations"):
        listed = furnished.get(f"/v1/performers/{furnished.ids['ann']}/{path}", "ann")
        assert len(listed.json()["data"]) == 1
    listed = furnished.get(f"/v1/organizations/{furnished.ids['studio']}/signatories", "studio")
    assert [row["agreement"] for row in listed.json()["data"]] == [FAMILY]
    furnished.person("finance")
    people = furnished.get(f"/v1/organizations/{furnished.ids['studio']}/users", "studio").json()
    assert "finance" in {row["name"] for row in people["data"]}


NONSENSE: list[tuple[str, str, dict[str, Any], str]] = [
    ("studio", "/v1/performers", {"birth_date": "2999-01-01"}, "/birth_date"),
    ("studio", "/v1/performers", {"birth_date": "2190-01-01"}, "/birth_date"),
    ("studio", "/v1/performers", {"birth_date": "2020-01-01", "adult": True}, "/adult"),
    ("studio", "/v1/performers", {"ref": "nocolon"}, "/ref"),
    ("studio", "/v1/performers", {"member_of": "{studio}"}, "/member_of"),
    ("studio", "/v1/performers", {"member_of": "ref:house:nobody"}, "/member_of"),
    ("studio", "/v1/performers", {"residence": "Illinois"}, "/residence"),
    (
        "office",
        "/v1/organizations/{studio}/signatories",
        {"agreement": FAMILY, "starts_on": "2026-01-02", "ends_on": "2026-01-01"},
        "/ends_on",
    ),
    (
        "officer",
        "/v1/performers/{ann}/memberships",
        {"union": "{guild}"},
        "/union",
    ),
    (
        "ann",
        "/v1/performers/{ann}/memberships",
        {"union": "{guild}", "starts_on": "2026-01-02", "ends_on": "2026-01-01"},
        "/ends_on",
    ),
    (
        "ann",
        "/v1/performers/{ann}/representations",
        {"kind": "agent", "powers": ["view"]},
        "/representative",
    ),
    (
        "ann",
        "/v1/performers/{ann}/representations",
        {
            "kind": "agent",
            "powers": ["view"],
            "representative": "{agency}",
            "starts_on": "2026-01-02",
            "ends_on": "2026-01-01",
        },
        "/ends_on",
    ),
    (
        "studio",
        "/v1/capture-sessions",
        {
            "engagement": "{engagement}",
            "starts_at": "2026-01-02T00:00:00Z",
            "ends_at": "2026-01-02T00:00:00Z",
        },
        "/ends_at",
    ),
    ("studio", "/v1/organizations/{studio}/clients", {"name": "farm", "work": "x"}, "/work"),
    ("office", "/v1/organizations/{union}/clients", {"name": "farm"}, "/name"),
    ("studio", "/v1/replicas", {"performer": "{ann}", "custodian": "{rival}"}, "/custodian"),
]


@pytest.mark.parametrize(("who", "path", "body", "pointer"), NONSENSE)
def test_what_makes_no_sense_is_refused_by_the_name_of_its_field(
    furnished: World, who: str, path: str, body: dict[str, Any], pointer: str
) -> None:
    ids = furnished.ids
    if path == "/v1/performers":
        body = {"name": "Some Body", "contact": "some@example.org"} | body
    sent = {
        name: value.format(**ids) if isinstance(value, str) else value
        for name, value in body.items()
    }
    answer = furnished.post(path.format(**ids), who, sent)
    assert answer.status_code in {404, 422}, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_minor_on_record_does_not_come_of_age_by_a_bare_yes(furnished: World) -> None:
    body = {"name": "Young Two", "contact": "y@example.org", "birth_date": "2015-05-01"}
    path = f"/v1/performers/{furnished.make('/v1/performers', 'studio', body)['id']}"
    answer = furnished.patch(path, "studio", {"adult": True}, '"v1"')
    assert answer.json()["errors"][0]["code"] == "on-record"
    nothing = furnished.patch(path, "studio", {}, '"v1"')
    assert nothing.json()["errors"][0]["code"] == "nothing-to-change"
    office = furnished.patch(path, "office", {"name": "Other"}, '"v1"')
    assert office.json()["errors"][0]["code"] == "not-the-office"


def test_who_states_a_fact_neither_confirms_nor_disputes_it(furnished: World) -> None:
    path = f"/v1/organizations/{furnished.studio('self-stated')}/signatories"
    made = furnished.make(path, "office", {"agreement": FAMILY, "starts_on": "2023-11-09"})
    for act in ("confirmation", "dispute"):
        assert furnished.post(f"{path}/{made['id']}/{act}", "office").status_code == 409
