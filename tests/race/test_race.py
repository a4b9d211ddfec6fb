"""Every shape of block against every way to clear a use, over HTTP, with and without heads.

The server without heads comes first: if the race does not catch it, the race proves nothing, and
the test fails. Then the server with heads has to survive as many rounds of the same.
"""

import os
import random
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.race import stage
from tests.race.history import History, Violation
from tests.race.rounds import play
from tests.race.shapes import SHAPES, WAYS, Shape
from tests.support import record, world
from tests.support.client import WORKER_HEADER, opened
from tests.support.postgres import fresh_database
from tests.support.server import Server, running_server

ROUNDS = 2
WINDOW_MS = {"sqlite": 60, "postgresql": 150}
LANES = {"sqlite": 2, "postgresql": 3}
WORKERS = {"sqlite": 1, "postgresql": 2}
_ENGINES = [pytest.param(e, marks=[pytest.mark.pg] * (e == "postgresql")) for e in ENGINES]


@dataclass(frozen=True)
class Seen:
    """What the rounds on one server showed, by shape."""

    engine: str
    seed: int
    rounds: dict[str, list[History]]
    problems: list[str]

    def violations(self, shape: str, *ways: str) -> list[Violation]:
        """What must not be, in all rounds of a shape; of these ways, or of all."""
        found = [v for history in self.rounds[shape] for v in history.violations()]
        return [v for v in found if not ways or v.way in ways]


def race(engine: str, twin: str, url: str, home: Path, *, rounds: int) -> Seen:
    """Play that many rounds of every shape on a server of its own."""
    seed = int(os.environ.get("RACE_SEED", secrets.randbelow(2**32)))
    print(f"RACE_SEED={seed} {engine} {twin}")  # noqa: T201 - pytest shows it when a test fails
    lanes = LANES[engine]
    variables = {"CONSENT_REGISTRY_PACK_DIR": str(stage.packs(home / "packs", lanes))}
    with (
        running_server(
            url,
            home / "server",
            workers=WORKERS[engine],
            factory=f"tests.support.twins:{twin}",
            environment=variables,
        ) as server,
        opened(server.url) as stranger,
    ):
        admin = world.office(stranger, server)
        built = [stage.lane(admin, number) for number in range(lanes)]
        todo = [shape for _ in range(rounds) for shape in SHAPES]
        random.Random(seed).shuffle(todo)
        with ThreadPoolExecutor(lanes) as pool:
            shares = [
                pool.submit(_share, built[n], todo[n::lanes], WINDOW_MS[engine], seed + n, server)
                for n in range(lanes)
            ]
        played = [one for share in shares for one in share.result()]
        by_shape = {s.name: [h for shape, h in played if shape is s] for s in SHAPES}
        return Seen(engine, seed, by_shape, record.problems(url))


def _share(
    lane: stage.Lane, shapes: Sequence[Shape], window_ms: int, seed: int, server: Server
) -> list[tuple[Shape, History]]:
    rng = random.Random(seed)
    return [
        (shape, play(lane, shape, window_ms=window_ms, rng=rng, url=server.database_url))
        for shape in shapes
    ]


def _database(request: pytest.FixtureRequest, home: Path, engine: str) -> str:
    if engine == "sqlite":
        return f"sqlite:///{home / 'registry.db'}"
    return fresh_database(str(request.getfixturevalue("postgres_url")))


@pytest.fixture(scope="module", params=_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def without_heads(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    home = tmp_path_factory.mktemp("vulnerable")
    return race(engine, "vulnerable", _database(request, home, engine), home, rounds=ROUNDS)


@pytest.fixture(scope="module")
def with_heads(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Seen:
    home = tmp_path_factory.mktemp("protected")
    return race(engine, "protected", _database(request, home, engine), home, rounds=ROUNDS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", [shape.name for shape in SHAPES])
def test_a_store_without_heads_is_caught(without_heads: Seen, shape: str, way: str) -> None:
    found = without_heads.violations(shape, way)
    assert any(v.rule == "P2" for v in found), f"{ROUNDS} rounds show nothing: the race is blind"


@pytest.mark.parametrize("shape", [shape.name for shape in SHAPES])
def test_no_use_escapes_a_block(with_heads: Seen, shape: str) -> None:
    assert len(with_heads.rounds[shape]) == ROUNDS
    assert with_heads.violations(shape) == []
    for history in with_heads.rounds[shape]:
        # Nobody won by standing still: uses were cleared before the block, and none after.
        assert any(attempt.passed for attempt in history.attempts)


def test_the_log_is_whole_after_the_race(with_heads: Seen) -> None:
    assert with_heads.problems == []


def test_every_worker_took_part(with_heads: Seen) -> None:
    workers = {
        attempt.answer.headers[WORKER_HEADER]
        for histories in with_heads.rounds.values()
        for history in histories
        for attempt in history.attempts
    }
    assert len(workers) == WORKERS[with_heads.engine]
