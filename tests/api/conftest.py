"""A registry in this process for each module of tests, on each engine.

Built once per engine and copied, because that is much faster.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ENGINES
from tests.support.inprocess import World, opened, small_world
from tests.support.postgres import drop_database, fresh_database


class Template(NamedTuple):
    """A small world that nobody is in any more: where its files are, and its database."""

    home: Path
    url: str
    known: World


@pytest.fixture(scope="session")
def templates() -> dict[str, Template]:
    """The small world of each engine, built when first used."""
    return {}


def _built(url: str, home: Path) -> Template:
    with small_world(url, home) as known:
        pass
    return Template(home, url, known)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.pg if name == "postgresql" else ()) for name in ENGINES
    ],
)
def world(
    templates: dict[str, Template],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Two studios, two unions, a vendor and an agency; a performer `ann` and a film `nova`."""
    home: Path = tmp_path_factory.mktemp("registry") / "home"
    if request.param == "sqlite":
        if "sqlite" not in templates:
            first = tmp_path_factory.mktemp("template")
            templates["sqlite"] = _built(f"sqlite:///{first / 'registry.db'}", first)
        shutil.copytree(templates["sqlite"].home, home)
        with opened(f"sqlite:///{home / 'registry.db'}", home, templates["sqlite"].known) as made:
            yield made
        return
    admin = str(request.getfixturevalue("postgres_url"))
    if "postgresql" not in templates:
        first = tmp_path_factory.mktemp("template")
        templates["postgresql"] = _built(fresh_database(admin), first)
    shutil.copytree(templates["postgresql"].home, home)
    url = fresh_database(admin, templates["postgresql"].url)
    with opened(url, home, templates["postgresql"].known) as made:
        yield made
    drop_database(admin, url)
