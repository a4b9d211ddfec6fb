"""The engines that the tests run on, each with a fresh and empty database per test.

TEST_ENGINES (default ``sqlite,postgresql``) says which. Nothing is skipped for want of a server:
without one the run fails and says what to run.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.postgres import (
    PostgresMissingError,
    drop_database,
    find_binaries,
    fresh_database,
    running_postgres,
)

KNOWN_ENGINES = ("sqlite", "postgresql")


def _wanted_engines() -> tuple[str, ...]:
    named = os.environ.get("TEST_ENGINES", ",".join(KNOWN_ENGINES)).split(",")
    wanted = tuple(name.strip() for name in named if name.strip())
    if not wanted or set(wanted) - set(KNOWN_ENGINES):
        raise pytest.UsageError(f"TEST_ENGINES takes {', '.join(KNOWN_ENGINES)}; got `{wanted}`")
    return wanted


ENGINES = _wanted_engines()

# In CI the same examples each time, so that a red run is about the change; elsewhere new ones.
# A deadline per example would only measure how busy the machine is.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("dev", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_configure() -> None:
    """Fail before the first test, and with one line, where PostgreSQL is wanted and absent."""
    if "postgresql" in ENGINES:
        try:
            find_binaries()
        except PostgresMissingError as absent:
            raise pytest.UsageError(str(absent)) from absent


def pytest_report_header() -> str:
    """Say on which engines this run is, so that a half run never looks like a whole one."""
    return f"engines: {', '.join(ENGINES)}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL, and deselect it (counted, not skipped) when it is not wanted."""
    for item in items:
        if "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pg)
    if "postgresql" not in ENGINES:
        left_out = [item for item in items if item.get_closest_marker("pg")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("pg")]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The administrator's address of a PostgreSQL server, started when first asked for."""
    with running_postgres() as server:
        yield server.url()


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.pg if name == "postgresql" else ()) for name in ENGINES
    ]
)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine of this run in turn."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The SQLAlchemy address of a fresh and empty database on the engine of this turn."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'registry.db'}"
        return
    admin = str(request.getfixturevalue("postgres_url"))
    url = fresh_database(admin)
    yield url
    drop_database(admin, url)
