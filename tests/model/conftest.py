"""Databases for tests that hold several engines side by side."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from app.store.upgrade import upgrade
from tests.conftest import ENGINES
from tests.model.cast import START
from tests.model.twin import Twin, twin
from tests.support.postgres import drop_database, fresh_database

Twins = Callable[[], AbstractContextManager[Twin]]


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The address of a migrated and empty database per engine of this run."""
    found = {}
    for engine in ENGINES:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'registry.db'}"
        else:
            url = fresh_database(str(request.getfixturevalue("postgres_url")))
        upgrade(url)
        found[engine] = url
    return found


@pytest.fixture
def twins(migrated: dict[str, str], tmp_path: Path) -> Iterator[Twins]:
    """Makes a fresh registry on every engine of this run, as often as it is called."""
    with ExitStack() as undo:

        @contextmanager
        def made() -> Iterator[Twin]:
            home = tmp_path / f"{len(list(tmp_path.iterdir()))}"
            urls = {engine: _copy(engine, url, home, undo) for engine, url in migrated.items()}
            with twin(home, urls, START) as both:
                yield both

        yield made


def _copy(engine: str, template: str, home: Path, undo: ExitStack) -> str:
    home.mkdir(exist_ok=True)
    if engine == "sqlite":
        shutil.copy(template.removeprefix("sqlite:///"), home / "registry.db")
        return f"sqlite:///{home / 'registry.db'}"
    admin = f"{template.rsplit('/', 1)[0]}/postgres"
    url = fresh_database(admin, template)
    undo.callback(drop_database, admin, url)
    return url
