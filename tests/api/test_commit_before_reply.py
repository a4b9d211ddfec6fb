"""The order of events of a write route, as the server sees it: commit, and only then the reply."""

import asyncio
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Request, Response
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.api.context import Registry
from app.api.deps import act, api_router, policy
from app.main import ROUTERS, create_app
from app.registrar import office
from app.settings import Settings
from app.store.upgrade import upgrade

Message = MutableMapping[str, Any]

# An act of the registrar on a route of its own: the way from the route to the reply is the real
# one, and no token stands between the test and the order of events.
_router = api_router("probe")


@_router.post("/probe", status_code=201, **policy("public"))
def _found(request: Request) -> Response:
    return act(request, office.founder(), office.found)


@pytest.fixture
def app(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setenv("CONSENT_REGISTRY_ENVIRONMENT", "test")
    monkeypatch.setenv("CONSENT_REGISTRY_DATABASE_URL", database_url)
    monkeypatch.setenv("CONSENT_REGISTRY_KEY_DIR", str(tmp_path / "keys"))
    upgrade(database_url)
    return create_app(Settings(), (*ROUTERS, _router))


def _post(app: FastAPI, *, during: Callable[[str], None]) -> list[str]:
    """Send one POST; give back what happened, in order; ``during`` is told of it as it happens."""
    happened: list[str] = []

    def note(what: str) -> None:
        happened.append(what)
        during(what)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        status = f" {message['status']}" if "status" in message else ""
        note(f"{message['type']}{status}")

    async def serve() -> None:
        async with app.router.lifespan_context(app):
            held = app.state.registry
            assert isinstance(held, Registry)
            with _noting_commits(held.store.engine, note):
                await app(_scope(), receive, send)

    asyncio.run(serve())
    return happened


@contextmanager
def _noting_commits(engine: sa.Engine, note: Callable[[str], None]) -> Iterator[None]:
    def committing(_connection: sa.Connection) -> None:
        note("commit")

    event.listen(engine, "commit", committing)
    try:
        yield
    finally:
        event.remove(engine, "commit", committing)


def _scope() -> Message:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/probe",
        "raw_path": b"/probe",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-length", b"0")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def test_an_act_is_committed_before_the_first_byte_of_its_reply(
    app: FastAPI, database_url: str
) -> None:
    other = sa.create_engine(database_url)
    seen: list[int] = []

    def look(what: str) -> None:
        if what.startswith("http.response.start"):
            with other.connect() as connection:
                count = connection.execute(sa.text("SELECT count(*) FROM log_entry"))
                seen.append(int(count.scalar_one()))

    happened = _post(app, during=look)
    other.dispose()

    assert happened == ["commit", "http.response.start 201", "http.response.body"]
    assert seen == [1], "another connection does not see what the reply says was done"


def test_what_could_not_be_committed_is_not_answered_as_done(
    app: FastAPI, database_url: str
) -> None:
    def fail(what: str) -> None:
        if what == "commit":
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    happened = _post(app, during=fail)

    assert happened[0] == "commit"
    assert happened[-2:] == ["http.response.start 503", "http.response.body"]
    other = sa.create_engine(database_url)
    with other.connect() as connection:
        count = connection.execute(sa.text("SELECT count(*) FROM log_entry")).scalar_one()
    other.dispose()
    assert count == 0
