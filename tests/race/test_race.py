"""Every shape of block against every way to clear a use, over HTTP, with and without heads.

The server without heads comes first: if the race does not catch it, the race proves nothing, and
the test fails. Then the server with heads has to survive as many rounds of the same.
"""

import os
import random
import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app import commands
from tests.conftest import ENGINES
from tests.race import stage
from tests.race.caps import spend
from tests.race.history import History, Violation
from tests.race.rounds import Play, play
from tests.race.scenes import SCENES, Scene, edge_then_veto
from tests.race.shapes import SHAPES, WAYS, Shape
from tests.support import record, world
from tests.support.client import WORKER_HEADER, Client, opened
from tests.support.postgres import fresh_database
from tests.support.server import Server, running_server

ROUNDS = 2
# Without heads the race ends as soon as every way was caught; a busy machine may need more rounds.
PATIENT = 6
WORKERS = {"sqlite": 1, "postgresql": 2}
# Rounds leave their uses behind, and every sweep of a lane looks at them: few rounds to a lane.
LANES = 6
_AT_ONCE = 3
SOAK_TIMES = 8
CREATED = 201
# What races with what.
CASES: Mapping[str, Sequence[str]] = {
    **{shape.name: tuple(WAYS) for shape in SHAPES},
    **{scene.name: scene.ways for scene in SCENES},
}
_ENGINES = [pytest.param(e, marks=[pytest.mark.pg] * (e == "postgresql")) for e in ENGINES]


@dataclass(frozen=True)
class Site:
    """A server with two workers (one on SQLite), with heads or without, and its office."""

    engine: str
    twin: str
    server: Server
    admin: Client

    @property
    def patience(self) -> float:
        """How long to wait for what heads may keep from happening."""
        return 5.0 if self.twin == "vulnerable" else 0.3


@contextmanager
def _site(
    request: pytest.FixtureRequest, home: Path, engine: str, twin: str, workers: int | None = None
) -> Iterator[Site]:
    sqlite = engine == "sqlite"
    url = (
        f"sqlite:///{home / 'registry.db'}"
        if sqlite
        else fresh_database(str(request.getfixturevalue("postgres_url")))
    )
    packs = stage.packs(home / "packs", LANES + 1)
    with (
        running_server(
            url,
            home / "server",
            workers=workers or WORKERS[engine],
            factory=f"tests.support.twins:{twin}",
            environment={"CONSENT_REGISTRY_PACK_DIR": str(packs)},
        ) as server,
        opened(server.url) as stranger,
    ):
        yield Site(engine, twin, server, world.office(stranger, server))


@pytest.fixture(scope="module", params=_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def vulnerable(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with _site(request, tmp_path_factory.mktemp("race"), engine, "vulnerable") as site:
        yield site


@pytest.fixture(scope="module")
def protected(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with _site(request, tmp_path_factory.mktemp("race"), engine, "protected") as site:
        yield site


@dataclass(frozen=True)
class Seen:
    """What the rounds on one server showed, by case."""

    rounds: dict[str, list[History]]

    def violations(self, case: str, *ways: str) -> list[Violation]:
        """What must not be, in all rounds of a case; of these ways, or of all."""
        found = [v for history in self.rounds[case] for v in history.violations()]
        return [v for v in found if not ways or v.way in ways]


def _race(site: Site, rounds: int) -> Seen:
    """Every case on one server, ``rounds`` times or until every way was caught."""
    seed = int(os.environ.get("RACE_SEED", secrets.randbelow(2**32)))
    print(f"RACE_SEED={seed} {site.engine} {site.twin}")  # noqa: T201 - shown on a failure
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        shares = [
            pool.submit(_share, site, number, random.Random(seed + number), rounds)
            for number in range(LANES)
        ]
        played = [one for share in shares for one in share.result()]
    return Seen({name: [h for played_, h in played if played_ == name] for name in CASES})


def _share(site: Site, number: int, rng: random.Random, rounds: int) -> list[tuple[str, History]]:
    cases: list[Shape | Scene] = []
    cases += SHAPES
    cases += SCENES
    mine = cases[number::LANES]
    # A studio that is to sign in a scene has signed nothing yet: that takes a lane of its own.
    signed = all(isinstance(case, Shape) or case.signatory for case in mine)
    lane = stage.lane(site.admin, number, signatory=signed)
    return [(case.name, one) for case in mine for one in _rounds(site, lane, case, rng, rounds)]


def _rounds(
    site: Site, lane: stage.Lane, case: Shape | Scene, rng: random.Random, rounds: int
) -> Iterator[History]:
    url = site.server.database_url
    for turn in range(rounds):
        how = Play(rng, site.patience, first=turn == 0)
        if isinstance(case, Shape):
            history = play(lane, case, how, url)
        else:
            history = case.play(lane, how, url)
        yield history
        if {v.way for v in history.violations()} >= {*CASES[case.name]}:
            return


@pytest.fixture(scope="module")
def without_heads(vulnerable: Site) -> Seen:
    return _race(vulnerable, PATIENT)


@pytest.fixture(scope="module")
def with_heads(protected: Site) -> Seen:
    return _race(protected, ROUNDS)


@pytest.mark.parametrize(
    ("case", "way"), [(case, way) for case, ways in CASES.items() for way in ways]
)
def test_a_store_without_heads_is_caught(without_heads: Seen, case: str, way: str) -> None:
    found = without_heads.violations(case, way)
    assert any(v.rule == "P2" for v in found), f"{PATIENT} rounds show nothing: the race is blind"


@pytest.mark.parametrize("case", CASES)
def test_no_use_escapes(with_heads: Seen, case: str) -> None:
    assert len(with_heads.rounds[case]) == ROUNDS
    assert with_heads.violations(case) == []
    # Nobody won by standing still: uses were cleared before the block, and none after.
    assert any(a.passed for history in with_heads.rounds[case] for a in history.attempts)


def test_every_worker_took_part(with_heads: Seen, protected: Site) -> None:
    workers = {
        attempt.answer.headers[WORKER_HEADER]
        for histories in with_heads.rounds.values()
        for history in histories
        for attempt in history.attempts
    }
    assert len(workers) == WORKERS[protected.engine]


@pytest.mark.usefixtures("with_heads")
def test_the_record_is_whole_after_the_race(protected: Site) -> None:
    assert record.problems(protected.server.database_url) == []
    assert commands.verify_state(protected.server.settings).differences == []


def test_a_cap_is_overrun_without_heads(vulnerable: Site) -> None:
    lane = stage.lane(vulnerable.admin, LANES)
    answers = spend(lane, count=6, patience=vulnerable.patience)
    assert len([a for a in answers if a.status == CREATED]) > 1


def test_fifty_registrations_under_a_cap_of_one_clear_exactly_one(protected: Site) -> None:
    lane = stage.lane(protected.admin, LANES)
    answers = spend(lane, count=50, patience=protected.patience)
    assert [a.body["state"] for a in answers if a.status == CREATED] == ["cleared"]
    refused = [a.expect(409) for a in answers if a.status != CREATED]
    assert {r["reasons"][0]["code"] for r in refused} == {"D_CAP_REACHED"}


@pytest.mark.pg
def test_heads_that_grow_while_they_are_waited_for_are_taken_anew(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    found = {}
    for twin in ("looking_once", "protected"):
        (tmp_path / twin).mkdir()
        with _site(request, tmp_path / twin, "postgresql", twin, workers=1) as site:
            lane = stage.lane(site.admin, 0)
            how = Play(random.Random(0), 0.5)
            histories = [edge_then_veto(lane, how, site.server.database_url) for _ in range(ROUNDS)]
        found[twin] = [v.rule for history in histories for v in history.violations()]
    assert found["looking_once"], "the race is blind"
    assert found["protected"] == []


@pytest.mark.soak
def test_the_race_for_long(protected: Site) -> None:
    for _ in range(SOAK_TIMES):
        seen = _race(replace(protected, admin=protected.admin.renewed()), ROUNDS * 3)
        assert [v for case in CASES for v in seen.violations(case)] == []
