"""Kill the server, and PostgreSQL itself, under writes: nothing acknowledged is lost or doubled."""

import os
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import commands
from tests.conftest import ENGINES
from tests.crash.writers import Act, Sent, Writers, survive
from tests.support import record, world
from tests.support.client import REPLY_HEADER, Client, opened
from tests.support.postgres import PostgresServer, fresh_database, running_postgres
from tests.support.server import Server, running_server

TWIN = "tests.support.twins:protected"
# Replies wait this long after their commit, so that most kills fall between the two.
REPLY_DELAY_MS = 25
_REPLAYED = 150
_ENGINES = [pytest.param(e, marks=[pytest.mark.pg] * (e == "postgresql")) for e in ENGINES]


@dataclass
class Site:
    """A server, whom to speak to it as, and PostgreSQL below it if that is the engine."""

    server: Server
    studio: Client
    postgres: PostgresServer | None = None


@contextmanager
def site(engine: str, home: Path, *, factory: str | None = TWIN) -> Iterator[Site]:
    with served(engine, home, factory) as (server, postgres), opened(server.url) as stranger:
        admin = world.office(stranger, server)
        studio_id = world.organization(admin, "studio", "Oriel Pictures")
        yield Site(server, world.member(admin, studio_id, "studio_admin"), postgres)


@contextmanager
def served(
    engine: str, home: Path, factory: str | None
) -> Iterator[tuple[Server, PostgresServer | None]]:
    if engine == "sqlite":
        with running_server(f"sqlite:///{home / 'registry.db'}", home, factory=factory) as server:
            yield server, None
        return
    with running_postgres(durable=True) as postgres:
        url = fresh_database(postgres.url())
        with running_server(url, home, workers=2, factory=factory) as server:
            yield server, postgres


@pytest.fixture(scope="module", params=_ENGINES)
def here(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One site for the tests of one engine: each of them writes under names of its own."""
    with site(str(request.param), tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture
def rng() -> random.Random:
    """Chance that a failed run can be given again."""
    seed = int(os.environ.get("RACE_SEED", secrets.randbelow(2**32)))
    print(f"RACE_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(seed)


def test_nothing_acknowledged_is_lost_or_doubled(here: Site, rng: random.Random) -> None:
    # The second life is that of the command itself: no twin, no delay, as an operator starts it.
    lives = iter((TWIN, None, TWIN))

    def kill(killed: Site) -> None:
        killed.server.factory = next(lives)
        _restart(killed)

    _kill_and_verify(here, kill, rng, kills=3)


@pytest.mark.soak
def test_fifty_kills(here: Site, rng: random.Random) -> None:
    _kill_and_verify(here, _restart, rng, kills=50)


@pytest.mark.pg
@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=pytest.mark.soak)])
def test_nothing_is_lost_when_postgresql_itself_is_killed(
    kills: int, tmp_path: Path, rng: random.Random
) -> None:
    with site("postgresql", tmp_path) as here:
        _kill_and_verify(here, _kill_below, rng, kills=kills)


def test_without_keys_the_same_kills_double_what_was_written(
    here: Site, rng: random.Random
) -> None:
    # The control: if the harness could not see a doubled act, it would see none above either.
    mark = secrets.token_hex(4)
    writers = Writers(here.studio, acts(mark), keyed=False, reply_delay_ms=600)

    def kill() -> None:
        # The writers were just answered and have sent their next acts: let those be committed.
        time.sleep(0.4)
        _restart(here)

    survive(writers, kill, kills=1, rng=rng)
    assert max(_on_record(here, mark).values()) > 1


def acts(mark: str) -> list[Act]:
    """What the writers do, under names that carry the mark."""

    def a_work(number: int) -> tuple[str, dict[str, Any]]:
        return "/v1/works", {"kind": "film", "title": f"{mark} {number}"}

    def a_performer(number: int) -> tuple[str, dict[str, Any]]:
        return "/v1/performers", {"name": f"{mark} {number}", "contact": f"{number}@example.org"}

    return [a_work, a_performer, a_work, a_performer]


def _kill_and_verify(
    here: Site, kill: Callable[[Site], None], rng: random.Random, *, kills: int
) -> None:
    mark = secrets.token_hex(4)
    writers = Writers(here.studio, acts(mark), reply_delay_ms=REPLY_DELAY_MS)
    began = time.perf_counter()
    counts = survive(writers, lambda: kill(here), kills=kills, rng=rng)
    seconds = time.perf_counter() - began
    print(f"{kills} kills after {counts} acts, {len(writers.sent)} in {seconds:.1f} s")  # noqa: T201
    _verify(here, writers.sent, mark, rng)


def _restart(here: Site) -> None:
    here.server.kill()
    here.server.start()


def _kill_below(here: Site) -> None:
    # The server stays up and has to find its way back by itself.
    assert here.postgres is not None
    here.postgres.kill()
    here.postgres.start()


def _on_record(here: Site, mark: str) -> Counter[str]:
    url = here.server.database_url
    titles = record.values(url, "SELECT title FROM work")
    names = record.values(url, "SELECT value FROM private_fact WHERE field = 'name'")
    return Counter(name for name in titles + names if name.startswith(mark))


def _verify(here: Site, sent: list[Sent], mark: str, rng: random.Random) -> None:
    # Every act was acknowledged in the end, so what is on record is that, once each.
    acknowledged = Counter(str(one.body.get("title", one.body.get("name"))) for one in sent)
    assert _on_record(here, mark) == acknowledged
    assert max(one.attempts for one in sent) > 1, "no act was under way when it was killed"
    for one in rng.sample(sent, min(_REPLAYED, len(sent))):
        again = here.studio.post(one.path, one.body, key=one.key, headers={REPLY_HEADER: "0"})
        assert (again.status, again.raw) == (one.answer.status, one.answer.raw)
        assert again.headers["Idempotent-Replayed"] == "true"
    assert _on_record(here, mark) == acknowledged, "a replay wrote something"
    assert record.problems(here.server.database_url) == []
    assert commands.verify_state(here.server.settings).differences == []
