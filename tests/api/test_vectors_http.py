"""The published vectors through the public API of a real server: each world is told act by act.

A few askers work side by side, as programs do, each with tokens of its own; every vector has people
and works of its own, so neither their number nor the order changes an answer.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import commands
from app.conformance.files import load
from app.conformance.over_http import asking
from app.conformance.run import Ran, run
from app.rules.facts import Document
from tests.support.postgres import drop_database, fresh_database
from tests.support.server import Server, running_server

VECTORS = Path(__file__).parents[1] / "vectors"
SCENARIOS = load(VECTORS / "scenarios")
RULES = load(VECTORS / "rules")
ASKERS = 3

# Facts that no act of the public API states, by vector; tests/vectors/README.md says why.
LEFT_OUT = {
    "RG-04.for": "a veto without basis, authority or review date",
    "RG-04.basis": "a veto without basis, authority or review date",
    "RG-05.void": "a consent that is void",
    "RG-13.for": "a consent signed by the studio",
    "RG-13.unproven": "a representation that was not proven and yet acts",
}


def answers(server: Server, vectors: list[Document]) -> dict[str, Ran]:
    """What came of every vector, by id."""
    code = str(commands.init(server.settings)["code"])
    with asking(server.url, code):
        pass
    parts = [vectors[n::ASKERS] for n in range(ASKERS)]
    with ThreadPoolExecutor(ASKERS) as pool:
        found = pool.map(lambda part: _asked(server.url, part), parts)
        return {ran.id: ran for part in found for ran in part}


def _asked(url: str, vectors: list[Document]) -> list[Ran]:
    with asking(url) as ask:
        return list(run(vectors, ask))


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ran]]:
    home = tmp_path_factory.mktemp("vectors")
    with running_server(f"sqlite:///{home / 'registry.db'}", home) as server:
        yield answers(server, [*SCENARIOS, *RULES])


@pytest.fixture(scope="module")
def on_postgresql(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Ran]]:
    url = fresh_database(postgres_url)
    with running_server(url, tmp_path_factory.mktemp("vectors")) as server:
        yield answers(server, SCENARIOS)
    drop_database(postgres_url, url)


@pytest.mark.parametrize("vector", [*SCENARIOS, *RULES], ids=lambda vector: str(vector["id"]))
def test_what_a_vector_says_comes_through_the_api_on_sqlite(
    vector: Document, on_sqlite: dict[str, Ran]
) -> None:
    ran = on_sqlite[str(vector["id"])]
    assert ran.differences == ()
    assert ran.left_out == LEFT_OUT.get(ran.id, "")


@pytest.mark.parametrize("vector", SCENARIOS, ids=lambda vector: str(vector["id"]))
def test_what_a_scenario_says_comes_through_the_api_on_postgresql(
    vector: Document, on_postgresql: dict[str, Ran]
) -> None:
    ran = on_postgresql[str(vector["id"])]
    assert (ran.differences, ran.left_out) == ((), "")
