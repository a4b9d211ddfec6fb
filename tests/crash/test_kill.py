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

from tests.crash import record
from tests.crash.writers import Act, Sent, Writers, survive
from tests.support import world
from tests.support.client import REPLY_HEADER, Client
from tests.support.postgres import PostgresServer, fresh_database, running_postgres
from tests.support.server import Server, running_server

TWIN = "tests.support.twins:protected"
# Replies wait this long after their commit, so that most kills fall between the two.
REPLY_DELAY_MS = 25
_REPLAYED = 150


@dataclass
class Site:
    """A server, whom to speak to it as, and PostgreSQL below it if that is the engine."""

    server: Server
    studio: Client
    postgres: PostgresServer | None = None


@contextmanager
def site(engine: str, home: Path, *, factory: str | None = TWIN) -> Iterator[Site]:
    with served(engine, home, factory) as (server, postgres):
        admin = world.office(server)
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


@pytest.fixture
def rng(record_property: Callable[[str, object], None]) -> random.Random:
    """Chance that a failed run can be given again: RACE_SEED."""
    seed = int(os.environ.get("RACE_SEED", secrets.randbelow(2**32)))
    record_property("seed", seed)
    print(f"RACE_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(seed)


def _a_work(number: int) -> tuple[str, dict[str, Any]]:
    return "/v1/works", {"kind": "film", "title": f"Film {number}"}


def _a_performer(number: int) -> tuple[str, dict[str, Any]]:
    return "/v1/performers", {"name": f"Person {number}", "contact": f"{number}@example.org"}


ACTS: list[Act] = [_a_work, _a_performer, _a_work, _a_performer]


@pytest.mark.parametrize(("target", "kills"), [("server", 3), ("command", 1)])
def test_nothing_acknowledged_is_lost_or_doubled(
    engine_name: str, target: str, kills: int, tmp_path: Path, rng: random.Random
) -> None:
    _kill_and_verify(engine_name, target, tmp_path, rng, kills=kills)


@pytest.mark.pg
def test_nothing_is_lost_when_postgresql_itself_is_killed(
    tmp_path: Path, rng: random.Random
) -> None:
    _kill_and_verify("postgresql", "postmaster", tmp_path, rng, kills=1)


@pytest.mark.soak
def test_fifty_kills(engine_name: str, tmp_path: Path, rng: random.Random) -> None:
    _kill_and_verify(engine_name, "server", tmp_path, rng, kills=50)


@pytest.mark.soak
@pytest.mark.pg
def test_fifty_kills_of_postgresql(tmp_path: Path, rng: random.Random) -> None:
    _kill_and_verify("postgresql", "postmaster", tmp_path, rng, kills=50)


def test_without_keys_the_same_kills_double_what_was_written(
    engine_name: str, tmp_path: Path, rng: random.Random
) -> None:
    # The control: if the harness could not see a doubled act, it would see none above either.
    with site(engine_name, tmp_path) as here:
        writers = Writers(here.studio, ACTS, keyed=False, reply_delay_ms=REPLY_DELAY_MS)
        survive(writers, lambda: _restart(here.server), kills=2, rng=rng)
        titles = Counter(record.values(here.server.database_url, _TITLES))
        assert max(titles.values()) > 1


def _kill_and_verify(
    engine: str, target: str, home: Path, rng: random.Random, *, kills: int
) -> None:
    with site(engine, home, factory=None if target == "command" else TWIN) as here:
        writers = Writers(here.studio, ACTS, reply_delay_ms=REPLY_DELAY_MS)
        began = time.perf_counter()
        counts = survive(writers, _killer(here, target), kills=kills, rng=rng)
        seconds = time.perf_counter() - began
        print(  # noqa: T201 - pytest shows it when the test fails
            f"{kills} kills of the {target} on {engine} after {counts} acts, "
            f"{len(writers.sent)} acknowledged in {seconds:.1f} s"
        )
        _verify(here, writers.sent, rng)


def _killer(here: Site, target: str) -> Callable[[], None]:
    postgres = here.postgres
    if target != "postmaster":
        return lambda: _restart(here.server)
    assert postgres is not None

    def kill_below() -> None:
        # The server stays up and has to find its way back by itself.
        postgres.kill()
        postgres.start()

    return kill_below


def _restart(server: Server) -> None:
    server.kill()
    server.start()


_TITLES = "SELECT title FROM work"
_NAMES = "SELECT value FROM private_fact WHERE field = 'name'"


def _verify(here: Site, sent: list[Sent], rng: random.Random) -> None:
    url = here.server.database_url
    for name, query in (("title", _TITLES), ("name", _NAMES)):
        acknowledged = [one.body[name] for one in sent if name in one.body]
        assert len(acknowledged) > len(ACTS)
        # Every act was acknowledged in the end, so what is on record is that, once each.
        assert Counter(record.values(url, query)) == Counter(acknowledged)
    assert record.problems(url) == []
    assert max(one.attempts for one in sent) > 1, "no act was under way when the server was killed"
    for one in rng.sample(sent, min(_REPLAYED, len(sent))):
        again = here.studio.post(one.path, one.body, key=one.key, headers={REPLY_HEADER: "0"})
        assert (again.status, again.raw) == (one.answer.status, one.answer.raw)
        assert again.headers["Idempotent-Replayed"] == "true"
    # Replays wrote nothing.
    assert Counter(record.values(url, "SELECT count(*) FROM work")) == Counter(
        {sum("title" in one.body for one in sent): 1}
    )
    here.server.run("verify", "state")
