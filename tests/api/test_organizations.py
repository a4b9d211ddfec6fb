"""Organizations, their agreements, people and machines, over HTTP."""

import pytest
from sqlalchemy import select

from app.store.engine import reading
from app.store.tables import idempotency_key
from tests.support.inprocess import FAMILY, World

STATED = {"agreement": FAMILY, "starts_on": "2023-11-09"}


def test_the_office_registers_an_organization_and_the_entry_has_an_index(world: World) -> None:
    made = world.post("/v1/organizations", "office", {"kind": "studio", "name": "New Studio"})
    assert made.status_code == 201
    assert made.headers["Location"] == f"/v1/organizations/{made.json()['id']}"
    assert made.headers["ETag"] == '"v1"'
    assert made.json()["log_index"] > 0


def test_only_a_union_is_party_to_agreements(world: World) -> None:
    body = {"kind": "studio", "name": "New Studio", "agreements": [FAMILY]}
    answer = world.post("/v1/organizations", "office", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/agreements"


def test_a_studio_sees_itself_and_the_unions_and_no_other_studio(world: World) -> None:
    seen = {row["id"] for row in world.get("/v1/organizations", "studio").json()["data"]}
    assert {world.ids["studio"], world.ids["union"], world.ids["guild"]} <= seen
    assert not {world.ids["rival"], world.ids["vendor"], world.ids["agency"]} & seen
    foreign = world.get(f"/v1/organizations/{world.ids['rival']}", "studio")
    unknown = world.get("/v1/organizations/org_00000000000000000000000000", "studio")
    assert foreign.status_code == unknown.status_code == 404
    assert _words(foreign.json()) == _words(unknown.json())


def test_rules_are_accepted_once_by_the_own_admin_and_not_for_the_past(world: World) -> None:
    path = f"/v1/organizations/{world.studio('accepting')}"
    accepted = {"registry_rules_accepted_on": "2099-01-01"}
    assert world.patch(path, "rival", accepted, '"v1"').status_code == 404
    late = world.patch(path, "accepting", {"registry_rules_accepted_on": "2000-01-01"}, '"v1"')
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "in-the-past")
    done = world.patch(path, "accepting", accepted, '"v1"')
    assert done.json()["registry_rules_accepted_on"] == "2099-01-01"
    again = world.patch(path, "accepting", accepted, '"v2"')
    assert again.json()["errors"][0]["code"] == "accepted-already"


def test_a_change_needs_the_version_that_was_read(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}"
    body = {"registry_rules_accepted_on": "2099-01-01"}
    assert world.send("PATCH", path, "studio", body).status_code == 428
    stale = world.patch(path, "studio", body, '"v7"')
    assert stale.status_code == 412
    assert stale.headers["ETag"] == '"v1"'


def test_a_stated_agreement_counts_once_the_office_confirms_it(world: World) -> None:
    path = f"/v1/organizations/{world.studio('stating')}/signatories"
    stated = world.make(path, "stating", STATED)
    assert stated["stated_by"] == world.ids["stating"]
    assert stated["confirmed_by"] is None
    assert stated["union_id"] == world.ids["union"]
    confirmed = world.make(f"{path}/{stated['id']}/confirmation", "office")
    assert confirmed["confirmed_by"] == world.people["office"]
    assert world.post(f"{path}/{stated['id']}/confirmation", "office").status_code == 409


def test_a_studio_cannot_leave_an_agreement_by_its_own_word(world: World) -> None:
    path = f"/v1/organizations/{world.studio('leaving')}/signatories"
    sid = world.make(path, "office", STATED)["id"]
    last = {"ends_on": "2026-12-31"}
    assert world.post(f"{path}/{sid}/end", "leaving", last).status_code == 403
    assert world.make(f"{path}/{sid}/end", "office", last)["ends_on"] == "2026-12-31"


def test_a_union_that_is_not_party_cannot_be_named(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/signatories"
    answer = world.post(path, "office", STATED | {"union": world.ids["guild"]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not-party")


def test_a_role_has_to_fit_the_organization(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/users"
    answer = world.post(path, "studio", {"role": "union_officer"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/role")
    # What has no side is the office's to give.
    assert world.post(path, "studio", {"role": "auditor"}).status_code == 422
    assert world.post(path, "office", {"role": "auditor"}).status_code == 201


def test_the_secret_of_a_machine_is_shown_once(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/clients"
    made = world.make(path, "studio", {"name": "farm", "work": world.ids["nova"]})
    assert made["client_secret"].startswith("crs_")
    assert made["work_id"] == world.ids["nova"]
    listed = world.get(path, "studio")
    assert "crs_" not in listed.text
    assert "secret" not in listed.text


def test_what_is_shown_once_is_kept_under_no_key(world: World) -> None:
    world.performer("shown")
    for path, who, body in (
        (f"/v1/organizations/{world.ids['studio']}/clients", "studio", {"name": "once"}),
        (f"/v1/performers/{world.ids['shown']}/invitation", "office", None),
    ):
        answer = world.post(path, who, body, Idempotency_Key="shown-once")
        assert answer.status_code == 201, answer.text
        with reading(world.app.state.registry.store) as session:
            assert session.execute(select(idempotency_key)).all() == []


def test_a_suspended_person_is_nobody_at_once(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/users/{world.person('clearance')}"
    assert world.get("/v1/works", "clearance").status_code == 200
    world.make(f"{path}/suspension", "studio")
    assert world.get("/v1/works", "clearance").status_code == 401


def test_nobody_suspends_themselves(world: World) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/users/{world.person('studio')}"
    assert world.post(f"{path}/suspension", "studio").status_code == 409


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "users", None),
        ("POST", "users", {"role": "studio_admin"}),
        ("POST", "clients", {"name": "farm"}),
        ("POST", "signatories", STATED),
    ],
)
def test_another_studio_is_unknown(
    world: World, method: str, path: str, body: dict[str, str] | None
) -> None:
    address = f"/v1/organizations/{world.ids['studio']}/{path}"
    assert world.send(method, address, "rival", body).status_code == 404


def test_the_union_across_the_table_confirms_or_disputes(world: World) -> None:
    path = f"/v1/organizations/{world.studio('across')}/signatories"
    path = f"{path}/{world.make(path, 'across', STATED)['id']}"
    assert world.post(f"{path}/confirmation", "across").status_code == 403
    assert world.post(f"{path}/dispute", "stranger").status_code == 404
    assert world.make(f"{path}/dispute", "officer")["disputed_by"] == world.ids["union"]
    confirmed = world.make(f"{path}/confirmation", "officer")
    assert (confirmed["confirmed_by"], confirmed["disputed_by"]) == (world.ids["union"], None)


def _words(body: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if name not in {"trace_id", "instance"}}
