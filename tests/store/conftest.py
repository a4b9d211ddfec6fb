"""A migrated store per test: migrated once per engine and copied, because that is much faster."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.engine import Store, open_store
from app.store.upgrade import upgrade
from tests.store.acting import ORIGIN
from tests.support.postgres import drop_database, fresh_database


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    """The address of a migrated and otherwise empty database per engine, made when first used."""
    return {}


@pytest.fixture
def migrated_url(
    engine_name: str,
    templates: dict[str, str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A database that was migrated and holds nothing."""
    if engine_name == "sqlite":
        if engine_name not in templates:
            path = tmp_path_factory.mktemp("template") / "registry.db"
            upgrade(f"sqlite:///{path}")
            templates[engine_name] = str(path)
        shutil.copy(templates[engine_name], tmp_path / "migrated.db")
        yield f"sqlite:///{tmp_path / 'migrated.db'}"
        return
    admin = str(request.getfixturevalue("postgres_url"))
    if engine_name not in templates:
        template = fresh_database(admin)
        upgrade(template)
        templates[engine_name] = template
    url = fresh_database(admin, templates[engine_name])
    yield url
    drop_database(admin, url)


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    """An open store on the engine of this turn."""
    opened = open_store(migrated_url, origin=ORIGIN)
    yield opened
    opened.close()
