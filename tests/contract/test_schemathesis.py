"""The committed contract against a running server: nothing a client sends gives a 500 or a lie."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.test_openapi import COMMITTED
from tests.support import world
from tests.support.client import Client, opened
from tests.support.server import Server, running_server

_CONFIG = Path(__file__).parent / "schemathesis.toml"
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
)
# Phases and seconds for each caller; `make soak` takes all phases, and its time.
_BUDGETS = {
    "studio": ("examples,coverage,fuzzing", 22),
    "union": ("examples,fuzzing", 8),
    "performer": ("examples,fuzzing", 8),
    "office": ("examples,fuzzing", 8),
}


@dataclass(frozen=True)
class Site:
    """A server with something on record, and one caller of each side."""

    server: Server
    callers: dict[str, Client]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("contract")
    with (
        running_server(f"sqlite:///{home / 'registry.db'}", home) as server,
        opened(server.url) as stranger,
    ):
        admin = world.office(stranger, server)
        union = world.organization(admin, "union", "Guild", agreements=[world.AGREEMENT])
        oriel = world.organization(admin, "studio", "Oriel Pictures")
        studio = world.member(admin, oriel, "studio_admin")
        officer = world.member(admin, union, "union_officer")
        person = world.performer(studio, admin, "Alex Example", member_of=union)
        world.membership(person, officer, union)
        film = world.work(studio, "film", "Nova One", content_tags=[])
        pay = {"kind": "bargained_flat", "amount": {"amount": "1200.00", "currency": "USD"}}
        world.grant(studio, person, [film], uses=["stunt"], description="Stunts.", pay=pay)
        callers = {
            "studio": studio,
            "union": officer,
            "performer": person.client,
            "office": admin,
        }
        yield Site(server, callers)


def _run(site: Site, caller: str, *options: str) -> None:
    seed = int(os.environ.get("RACE_SEED", secrets.randbelow(2**32)))
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("st")), "--config-file", str(_CONFIG)),
            *("run", str(COMMITTED), "--url", site.server.url, "--seed", str(seed)),
            *("--header", f"Authorization: Bearer {site.callers[caller].renewed().token}"),
            *("--checks", ",".join(_CHECKS), "--no-color", "--warnings", "off"),
            *("--generation-database", "none", *options),
        ],
        cwd=site.server.home,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout[-600:])  # noqa: T201 - how many cases there were
    assert done.returncode == 0, f"seed {seed}\n{done.stdout[-8000:]}{done.stderr[-2000:]}"


@pytest.mark.parametrize("caller", _BUDGETS)
def test_random_requests_get_what_the_contract_says(site: Site, caller: str) -> None:
    phases, seconds = _BUDGETS[caller]
    _run(site, caller, "--phases", phases, "--max-time", str(seconds))


@pytest.mark.soak
@pytest.mark.parametrize("caller", _BUDGETS)
def test_every_boundary_of_every_schema(site: Site, caller: str) -> None:
    _run(site, caller, "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "100")
