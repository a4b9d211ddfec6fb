"""The way of a check: facts in one statement, on the event loop, past SQLAlchemy's execution.

On PostgreSQL it has an asynchronous pool; on SQLite it asks in place, on a read-only connection: to
hand a query of well under a millisecond to a thread would take longer than the query.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import Select, and_, bindparam, func, literal_column, select

from app.rules.facts import Check
from app.store import facts, heads, rows
from app.store.engine import POSTGRESQL_CONNECTION
from app.store.tables import Instant, log_entry, log_head
from app.store.tx import Busy, Problem, Store, Unavailable

_WAIT_SECONDS: Final = 2.0


class Reader:
    """Connections that only read; open them in the event loop that uses them."""

    def __init__(self, store: Store, *, pool_size: int = 10) -> None:
        self._store = store
        self._pool_size = pool_size
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] | None = None
        self._file: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Connect.

        Raises:
            Unavailable: the database cannot be reached.
        """
        url = self._store.engine.url
        if self._store.name == "sqlite":
            # The URI form says `mode=ro`: this connection could not write if it tried.
            self._file = sqlite3.connect(
                f"file:{quote(url.database or '')}?mode=ro", uri=True, isolation_level=None
            )
            return
        self._pool = AsyncConnectionPool(
            url.set(drivername="postgresql").render_as_string(hide_password=False),
            kwargs={**POSTGRESQL_CONNECTION, **_ASYNC},
            min_size=1,
            max_size=self._pool_size,
            timeout=_WAIT_SECONDS,
            open=False,
        )
        try:
            await self._pool.open(wait=True)
        except PoolTimeout as error:
            raise Unavailable("the database cannot be reached") from error

    async def close(self) -> None:
        """Let go of every connection."""
        if self._pool is not None:
            await self._pool.close()
        if self._file is not None:
            self._file.close()

    async def load(
        self, check: Check, *, as_of: datetime | None = None, known: int | None = None
    ) -> facts.Loaded:
        """As `facts.load`, with the clock at which the facts were read: the default ``as_of``.

        Raises:
            Problem: no entry ``known`` was written yet (422).
            Busy: it cannot be read now; that is never a yes.
        """
        name = self._store.name
        now = heads.process_clock(self._store)
        given = facts.parameters(name, check, as_of or now, known)

        async def ask(whom: str) -> facts.Loaded:
            sql = facts.statement(name, is_past=known is not None, whom=whom)
            return facts.read(await self._run(sql, given), known)

        whom = facts.whom_of(check)
        loaded = await ask(whom)
        if facts.is_merged(whom, loaded):
            loaded = await ask(facts.MERGED)
        if loaded.now is None or self._store.clock is not None:
            return replace(loaded, now=now)
        return loaded

    async def index_at(self, instant: datetime) -> int:
        """The last entry whose instant is not later; -1 if there is none.

        Raises:
            Problem: the log has not come to the instant, so that later the answer could be another
                (422): an act under way may still be written with it.
        """
        given = instant if self._store.name == "postgresql" else rows.plain(instant)
        found = await self._run(_text(self._store.name, _INDEX_AT), {"instant": given})
        index, size, is_past = found[0]
        if not is_past:
            raise Problem(
                422,
                "beyond-the-log",
                f"The log, which ends at entry {size - 1}, has not come to this instant. "
                "Name an earlier one, or an entry by its index.",
            )
        return -1 if index is None else int(index)

    async def fetch(self, statement: Select[Any], **given: object) -> list[tuple[Any, ...]]:
        """Run a statement that was built once, at import, with `bindparam` for every value.

        Values come as the driver gives them: ask for text and integers.
        """
        return await self._run(_text(self._store.name, statement), given)

    async def _run(self, sql: str, given: Mapping[str, object]) -> list[tuple[Any, ...]]:
        if self._file is not None:
            return _in_place(self._file, sql, given)
        if self._pool is None:
            raise RuntimeError("the reader was not opened")
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(sql, dict(given), prepare=True)
                return await cursor.fetchall()
        except PoolTimeout as error:
            raise Busy("every connection is in use") from error
        except psycopg.OperationalError as error:
            raise Unavailable("the database cannot be read now") from error


def _in_place(
    file: sqlite3.Connection, sql: str, given: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    try:
        return file.execute(sql, dict(given)).fetchall()
    except sqlite3.OperationalError as error:
        raise Unavailable("the database cannot be read now") from error


@cache
def _text(dialect: str, statement: Select[Any]) -> str:
    return facts.text_of(dialect, statement)


_INSTANT: Final = bindparam("instant", type_=Instant())
_INDEX_AT: Final = select(
    select(func.max(log_entry.c.idx))
    .where(log_entry.c.log_id == literal_column("'acts'"), log_entry.c.at <= _INSTANT)
    .scalar_subquery(),
    log_head.c.size,
    # INVARIANT: the instants of the log never fall, so before that of its last entry all is said.
    and_(log_head.c.size > literal_column("0"), log_head.c.at > _INSTANT),
).where(log_head.c.log_id == literal_column("'acts'"))
_ASYNC: Final[dict[str, Any]] = {
    "autocommit": True,
    # Planned once for all values: the plan is by keys, and planning is most of the time.
    "options": (
        f"{POSTGRESQL_CONNECTION['options']} -c default_transaction_read_only=on"
        " -c plan_cache_mode=force_generic_plan -c jit=off"
    ),
}
