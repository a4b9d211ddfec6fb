"""Twins of the server for tests that have to see what happens without a safeguard, or in its gaps.

They live in the test tree and patch this process alone; the application has no switch for them.
Served with ``uvicorn --factory tests.support.twins:NAME``.
"""

import functools
import os
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session

import app.main
from app.store import heads
from app.store.engine import open_store, sqlite_engine
from app.store.tx import Store, Tx
from tests.support.client import GATE_HEADER, OPEN, REPLY_HEADER, WORKER_HEADER

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

_LONGEST_SECONDS = 10.0

# Where the request at hand waits, between its decision and its first write.
_gate: ContextVar[Path | None] = ContextVar("gate", default=None)


def protected() -> Asgi:
    """The server as it is, with gaps that the request's headers widen."""
    event.listen(Engine, "before_cursor_execute", _wait_at_gate)
    return _wrapped(app.main.from_environment())


def vulnerable() -> Asgi:
    """The same with a store that holds no head, so that acts decide from facts that are old."""
    event.listen(Engine, "before_cursor_execute", _wait_at_gate)
    vars(app.main).update(open_store=functools.partial(open_store, store_type=HeadlessStore))
    return _wrapped(app.main.from_environment())


def looking_once() -> Asgi:
    """The same with heads that are worked out once, and not again when all of them are held."""
    event.listen(Engine, "before_cursor_execute", _wait_at_gate)
    take = heads.take

    def take_once(tx: Tx, needed: Callable[[Tx], heads.Heads]) -> None:
        found = needed(tx)
        take(tx, lambda _: found)

    vars(heads).update(take=take_once)
    return _wrapped(app.main.from_environment())


@dataclass
class HeadlessStore(Store):
    """A store without consent heads.

    On PostgreSQL no lock is taken. On SQLite the lock of the one writer is not, and a transaction
    begins at its first write, as the driver has it: what was read before may be old.
    """

    def __post_init__(self) -> None:
        """On SQLite, bring a writer's engine that begins late."""
        if self.name == "sqlite":
            url = self.engine.url.render_as_string(hide_password=False)
            self.engine.dispose()
            self.engine = sqlite_engine(url, begin="SELECT 1", pool_size=20)
            event.listen(self.engine, "before_cursor_execute", _begin_late, retval=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Let everybody write."""
        yield

    def hold(self, session: Session, kind: str, id_: str, *, exclusive: bool) -> None:
        """Hold nothing, except for the proof at the start, which would refuse this store."""
        if kind == "registry" and id_ != "registry":
            super().hold(session, kind, id_, exclusive=exclusive)


def _begin_late(
    _connection: Connection,
    cursor: DBAPICursor,
    statement: str,
    parameters: object,
    _context: object,
    _many: object,
) -> tuple[str, object]:
    # A savepoint outside a transaction would begin one, and with it one state of the facts.
    if statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
        return "SELECT 1", ()
    raw = getattr(cursor, "connection", None)
    if _takes_log(statement) and isinstance(raw, sqlite3.Connection) and not raw.in_transaction:
        cursor.execute("BEGIN IMMEDIATE")
    return statement, parameters


def _wait_at_gate(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    _parameters: object,
    _context: object,
    _many: object,
) -> None:
    # Everything was decided and nothing is written yet.
    gate = _gate.get()
    if gate is None or not _takes_log(statement):
        return
    _gate.set(None)
    (gate / f"{os.getpid()}-{threading.get_ident()}").touch()
    began = time.perf_counter()
    while not (gate / OPEN).exists() and time.perf_counter() - began < _LONGEST_SECONDS:
        time.sleep(0.002)


def _takes_log(statement: str) -> bool:
    """Whether this is `log.begin`: the end of the log is locked, to write the entry."""
    return statement.startswith("SELECT log_head.log_id")


def _wrapped(inner: FastAPI) -> Asgi:
    async def served(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        gate = headers.get(GATE_HEADER.lower().encode())
        _gate.set(Path(gate.decode()) if gate else None)
        delay = float(headers.get(REPLY_HEADER.lower().encode(), b"0")) / 1000

        async def later(message: Message) -> None:
            if message["type"] == "http.response.start":
                # What is committed is on record; the caller does not know it yet.
                await anyio.sleep(delay)
                worker = (WORKER_HEADER.lower().encode(), str(os.getpid()).encode())
                message["headers"] = [*message["headers"], worker]
            await send(message)

        await inner(scope, receive, later)

    return served
