"""Acts that bring uses under a veto and name none: nothing races here, the sweep is the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.race import stage
from tests.race.rounds import affected
from tests.race.stage import FAMILY, Lane
from tests.support import world
from tests.support.client import opened
from tests.support.server import running_server


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Lane, str]]:
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    packs = {"CONSENT_REGISTRY_PACK_DIR": str(stage.packs(tmp_path / "packs", 2))}
    with (
        running_server(url, tmp_path / "server", environment=packs) as server,
        opened(server.url) as stranger,
    ):
        yield stage.lane(world.office(stranger, server), 0), url


def test_a_union_that_joins_an_agreement_reaches_what_it_binds(site: tuple[Lane, str]) -> None:
    here, url = site
    person = world.performer(here.studio, here.admin, "Member of none")
    other = f"{FAMILY}-1"
    engaged = here.studio.post(
        "/v1/engagements",
        {
            "performer": person.id,
            "work": here.film,
            "role_class": "principal",
            "agreement": other,
        },
    ).id
    # A studio's word alone would take nothing from under the agreement that it signed.
    here.admin.post(f"/v1/engagements/{engaged}/confirmation").expect()
    stage.consent(here, person, [here.film])
    veto = here.officer.post(
        "/v1/vetoes",
        {
            "kind": "grievance",
            "basis": "RG-03",
            "authority": "National board",
            "scope": {"studio": here.studio_id},
            "reason": "Two requests were not answered.",
        },
    ).id
    here.second.post(f"/v1/vetoes/{veto}/confirmation").expect()
    # Bound by an agreement that this union is not party to, so its veto does not stop it.
    use = stage.register(here.studio, person.id, here.film, "before").expect(201)
    assert use["state"] == "cleared"
    assert affected(url, veto) == frozenset()

    here.admin.patch(
        f"/v1/organizations/{here.union_id}",
        {"agreements": [here.family, other]},
        headers={"If-Match": '"v1"'},
    ).expect()

    assert affected(url, veto) == {use["id"]}
    assert stage.register(here.studio, person.id, here.film, "after").status == 409
