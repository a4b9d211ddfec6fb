"""An application in this process, with a database and keys of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from app.api.problems import encode
from app.main import ROUTERS, create_app
from app.registrar import office
from app.settings import Settings
from app.store import engine, heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Rendered, Tx
from app.store.upgrade import upgrade
from tests.conftest import ENGINES
from tests.support.postgres import drop_database, fresh_database

DEMO = "urn:consent-registry:demo"


@dataclass
class Served:
    """The application while it is up, and a client of it."""

    app: FastAPI
    http: TestClient
    headers: dict[str, str] = field(default_factory=dict)

    def token(self, principal: str, **more: str) -> str:
        form = {"grant_type": DEMO, "principal": principal, **more}
        answer = self.http.post("/oauth2/token", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def bearer(self, principal: str, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(principal, **more)}"}

    def principal(self, role: str, **columns: object) -> str:
        """Put a principal on record, by an act that no route offers."""

        def add(tx: Tx) -> Recorded:
            heads.take(tx, lambda _: Heads())
            log.begin(tx)
            values = {"kind": "user", "id": ids.mint("usr")} | columns
            row = rows.insert(tx, "principal", role=role, **values)
            log.append(tx, "principal.added", "registry_admin", subjects=())
            return Recorded({"id": row["id"]})

        self.act(add)
        return str(self.last["id"])

    def suspend(self, principal: str) -> None:
        def stop(tx: Tx) -> Recorded:
            heads.take(tx, lambda _: Heads())
            log.begin(tx)
            rows.amend(tx, "principal", principal, suspended_at=tx.now)
            log.append(tx, "principal.suspended", "registry_admin", subjects=())
            return Recorded({"id": principal})

        self.act(stop)

    def act(self, fn: object) -> None:
        def render(answer: object) -> Rendered:
            assert isinstance(answer, Recorded)
            self.last = dict(answer.value)
            return Rendered(200, encode(self.last))

        assert callable(fn)
        engine.act(self.app.state.registry.store, fn, actor=office.founder(), render=render)


def settings(home: Path, **more: str) -> Settings:
    values = {
        "environment": "test",
        "database_url": f"sqlite:///{home / 'registry.db'}",
        "key_dir": str(home / "keys"),
        "log_level": "error",
    }
    return Settings.model_validate(values | more)


@contextmanager
def serving(home: Path, *extra: APIRouter, **more: str) -> Iterator[Served]:
    """Migrate a database, by default an SQLite file in ``home``, and serve it."""
    told = settings(home, **more)
    upgrade(told.database_url)
    app = create_app(told, (*ROUTERS, *extra))
    with TestClient(app) as http:
        yield Served(app, http)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.pg if name == "postgresql" else ()) for name in ENGINES
    ],
)
def each_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The application on each engine of this run."""
    home = tmp_path_factory.mktemp("engine")
    if request.param == "sqlite":
        with serving(home) as one:
            yield one
        return
    admin = str(request.getfixturevalue("postgres_url"))
    url = fresh_database(admin)
    with serving(home, database_url=url) as one:
        yield one
    drop_database(admin, url)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as one:
        yield one
