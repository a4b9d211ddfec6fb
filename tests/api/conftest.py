"""A registry in this process for each module of tests, on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.support.inprocess import World, small_world
from tests.support.postgres import drop_database, fresh_database


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.pg if name == "postgresql" else ()) for name in ENGINES
    ],
)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Two studios, two unions, a vendor and an agency; a performer `ann` and a film `nova`."""
    home: Path = tmp_path_factory.mktemp("registry")
    if request.param == "sqlite":
        with small_world(f"sqlite:///{home / 'registry.db'}", home) as made:
            yield made
        return
    admin = str(request.getfixturevalue("postgres_url"))
    url = fresh_database(admin)
    with small_world(url, home) as made:
        yield made
    drop_database(admin, url)
