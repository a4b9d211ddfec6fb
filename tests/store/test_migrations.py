"""Migrations survive being killed at any statement, on both engines."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from app.store import walls
from app.store.engine import UnsafeDatabaseError, migration_engine, open_store
from app.store.upgrade import check, config, is_current, upgrade
from tests.store.acting import ORIGIN, a_performer
from tests.support.postgres import drop_database, fresh_database

ROOT = Path(__file__).resolve().parents[2]
# Migrates the database of its first argument, and dies before statement number two.
_MIGRATE = """
import os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from app.store.upgrade import upgrade

left = [int(sys.argv[2])]

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    if left[0] == 0:
        os.kill(os.getpid(), 9)
    left[0] -= 1

upgrade(sys.argv[1])
print(int(sys.argv[2]) - left[0])
"""
# The same from the first statement to the last: each in a process of its own, cheaply made.
_MIGRATE_EACH = """
import os, sys

first, statements = _MIGRATE.split("upgrade(sys.argv[1])")[0], int(sys.argv[2])
for number in range(statements):
    sys.argv[2] = str(number)
    child = os.fork()
    if child == 0:
        exec(first)
        upgrade(sys.argv[1])
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.waitstatus_to_exitcode(status) in {-9, 0}, (number, status)
"""
_UNLIMITED = 10**9


def _migrate(
    url: str, statements: int, script: str = _MIGRATE, seconds: int = 120
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, url, str(statements)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def _schema(url: str) -> dict[str, object]:
    engine = migration_engine(url)
    with engine.connect() as connection:
        seen = inspect(connection)
        found: dict[str, object] = {
            name: (
                sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)),
                sorted(str(index["name"]) for index in seen.get_indexes(name)),
                sorted(str(c["name"]) for c in seen.get_check_constraints(name)),
            )
            for name in seen.get_table_names()
        }
        found["walls"] = sorted(walls.standing(connection))
        found["heads"] = connection.execute(text("SELECT kind, id, rev FROM consent_head")).all()
        found["logs"] = connection.execute(text("SELECT log_id, size FROM log_head")).all()
    engine.dispose()
    return found


def _places() -> list[float]:
    """Where to kill, as shares of all statements: the first, the last and some between."""
    return [0, 0.02, 0.5, 0.97, 1]


@pytest.mark.parametrize("share", _places())
def test_a_migration_that_was_killed_is_whole_or_absent_and_runs_again(
    database_url: str, migrated_url: str, share: float, statements: int
) -> None:
    killed = _migrate(database_url, int((statements - 1) * share))
    assert killed.returncode == -9, killed.stderr
    with pytest.raises(UnsafeDatabaseError):
        open_store(database_url, origin=ORIGIN)
    again = _migrate(database_url, _UNLIMITED)
    assert again.returncode == 0, again.stderr
    assert _schema(database_url) == _schema(migrated_url)
    store = open_store(database_url, origin=ORIGIN)
    assert a_performer(store)
    store.close()


@pytest.fixture
def statements(engine_name: str, counted: dict[str, int], request: pytest.FixtureRequest) -> int:
    """How many statements a whole migration sends on the engine of this turn."""
    if engine_name not in counted:
        done = _migrate(str(request.getfixturevalue("spare_url")), _UNLIMITED)
        assert done.returncode == 0, done.stderr
        counted[engine_name] = int(done.stdout.splitlines()[-1])
    return counted[engine_name]


@pytest.fixture
def spare_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another empty database."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'spare.db'}"
        return
    admin = str(request.getfixturevalue("postgres_url"))
    url = fresh_database(admin)
    yield url
    drop_database(admin, url)


@pytest.fixture(scope="session")
def counted() -> dict[str, int]:
    """Counted once per engine."""
    return {}


@pytest.mark.soak
def test_a_migration_survives_a_kill_at_every_statement(
    database_url: str, migrated_url: str, statements: int
) -> None:
    wanted = _schema(migrated_url)
    # What a kill leaves is the start of the next run: nothing may pile up.
    every = f"import app.store.upgrade\n_MIGRATE = {_MIGRATE!r}\n{_MIGRATE_EACH}"
    done = _migrate(database_url, statements, every, seconds=1_200)
    assert done.returncode == 0, done.stderr
    assert _migrate(database_url, _UNLIMITED).returncode == 0
    assert _schema(database_url) == wanted


def test_a_migration_runs_twice(database_url: str) -> None:
    upgrade(database_url)
    once = _schema(database_url)
    upgrade(database_url)
    assert _schema(database_url) == once


def test_the_migrations_make_the_tables_of_this_release(migrated_url: str) -> None:
    check(migrated_url)


def test_the_comparison_sees_a_difference(migrated_url: str) -> None:
    engine = migration_engine(migrated_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE stray (id INTEGER PRIMARY KEY)"))
    engine.dispose()
    with pytest.raises(Exception, match="stray"):
        check(migrated_url)


def test_there_is_one_last_revision() -> None:
    assert len(ScriptDirectory.from_config(config("sqlite:///unused.db")).get_heads()) == 1


def test_a_database_that_was_not_migrated_is_not_opened(database_url: str) -> None:
    with pytest.raises(UnsafeDatabaseError, match="migrate it first"):
        open_store(database_url, origin=ORIGIN)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert not is_current(connection)
    engine.dispose()
