"""The published vectors through the public API of a real server: each world is told act by act.

Every vector has people and works of its own, so neither their number nor their order changes an
answer. In process all of them run every time. What an act, a table or a route could lose on the
way it loses by kind of fact, not by figure: here those run that tell what the ones before did not,
another reason of a row, another member of a fact or of the question. `make soak` tells all.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app import commands
from app.conformance.files import load
from app.conformance.over_http import asking
from app.conformance.run import Asker, run
from app.rules.facts import Document
from tests.support.postgres import drop_database, fresh_database
from tests.support.server import Server, running_server

VECTORS = Path(__file__).parents[1] / "vectors"
SCENARIOS = load(VECTORS / "scenarios")
RULES = load(VECTORS / "rules")
MONEY = load(VECTORS / "money")

# Members that hold one of few words: each word is told once.
WORDS = frozenset({"use", "kind", "state", "method", "role_class", "mode", "effect", "timing"})

# Facts that no act of the public API states, by vector; tests/vectors/README.md says why.
_UNFOUNDED = "a veto without basis, authority or review date"
_SIGNED_BY_THE_STUDIO = "a consent signed by the studio"
LEFT_OUT = {
    "RG-04.for": _UNFOUNDED,
    "RG-04.basis": _UNFOUNDED,
    "RG-04.nobody_engaged": _UNFOUNDED,
    "RG-04.undated": _UNFOUNDED,
    "RG-04.no_consent": _UNFOUNDED,
    "RG-04.nobody_engaged_undated": _UNFOUNDED,
    "NY-04.pay": "a consent that says nothing of pay",
    "RG-13.for": _SIGNED_BY_THE_STUDIO,
    "RG-13.nobody_engaged": _SIGNED_BY_THE_STUDIO,
    "RG-13.undated": _SIGNED_BY_THE_STUDIO,
    "RG-13.always": _SIGNED_BY_THE_STUDIO,
    "RG-13.unproven": "a representation that was not proven and yet acts",
    "RG-16.for": "a signature of somebody who has not claimed their record",
    "RG-16.undated": "a signature of somebody who has not claimed their record",
    "RG-16.other_use": "a signature of somebody who has not claimed their record",
}


def told_by(vector: Document) -> Iterator[tuple[object, ...]]:
    """What a vector tells that another one may not."""
    for reason in (vector.get("expect") or {}).get("reasons", ()):
        yield reason.get("rule"), reason["code"]
    yield from members((), {"world": vector.get("world"), "check": vector.get("check")})


def members(at: tuple[str, ...], told: object) -> Iterator[tuple[object, ...]]:
    """Every member of a document and, where it is one of few words, which."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            # Of the world, the third name is an id, which says nothing.
            yield from members((*at, "" if len(at) == len(("world", "kind")) else name), value)
    elif isinstance(told, list):
        for value in told:
            yield from members(at, value)
    else:
        yield (*at, told if at[-1] in WORDS else type(told))


def telling(vectors: list[Document]) -> Iterator[Any]:
    """The vectors, those that tell nothing new left to the soak."""
    told: set[tuple[object, ...]] = set()
    for vector in vectors:
        new = set(told_by(vector)) - told
        told |= new
        marks = () if new else pytest.mark.soak
        yield pytest.param(vector, id=str(vector["id"]), marks=marks)


def founded(server: Server) -> str:
    """The code of a new registry's first administrator."""
    return str(commands.init(server.settings)["code"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("vectors")
    with running_server(f"sqlite:///{home / 'registry.db'}", home) as server:
        yield server


@pytest.fixture(scope="module")
def on_sqlite(served: Server) -> Iterator[Asker]:
    with asking(served.url, founded(served)) as ask:
        yield ask


@pytest.fixture(scope="module")
def on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    url = fresh_database(postgres_url)
    with (
        running_server(url, tmp_path_factory.mktemp("vectors")) as server,
        asking(server.url, founded(server)) as ask,
    ):
        yield ask
    drop_database(postgres_url, url)


@pytest.mark.parametrize("vector", [*telling([*SCENARIOS, *RULES, *MONEY])])
def test_what_a_vector_says_comes_through_the_api_on_sqlite(
    vector: Document, on_sqlite: Asker
) -> None:
    (ran,) = run([vector], on_sqlite)
    assert ran.differences == ()
    assert ran.left_out == LEFT_OUT.get(ran.id, "")


@pytest.mark.parametrize("vector", SCENARIOS, ids=lambda vector: str(vector["id"]))
def test_what_a_scenario_says_comes_through_the_api_on_postgresql(
    vector: Document, on_postgresql: Asker
) -> None:
    (ran,) = run([vector], on_postgresql)
    assert (ran.differences, ran.left_out) == ((), "")


def test_a_world_that_was_told_is_in_the_log_as_it_is_in_the_tables(
    served: Server, on_sqlite: Asker
) -> None:
    told = [vector for vector in SCENARIOS if vector["id"] in {"S24", "S33.locked", "S37.after"}]
    assert [ran.result for ran in run(told, on_sqlite)] == ["agrees"] * 3
    report = commands.verify_state(served.settings)
    assert (report.differences, report.skipped) == ([], 0)
    assert report.entries > len(told)


def test_a_vector_told_twice_on_one_server_agrees_twice(on_sqlite: Asker) -> None:
    verified = [vector for vector in SCENARIOS if vector["id"].startswith("S41")]
    first, second = run(verified, on_sqlite), run(verified, on_sqlite)
    assert [ran.result for ran in (*first, *second)] == ["agrees"] * 6
