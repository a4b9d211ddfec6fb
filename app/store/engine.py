"""The one place that begins and ends transactions: acts, previews, reads and opening a database."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.store import heads, idempotency, ids, log, quotas, upgrade, walls
from app.store.tables import ask
from app.store.tx import (
    Actor,
    Again,
    Busy,
    IdempotencyClaim,
    Problem,
    Recorded,
    Refused,
    Rendered,
    Store,
    Tx,
    Unavailable,
    in_progress,
)

__all__ = [
    "Actor",
    "Busy",
    "IdempotencyClaim",
    "Problem",
    "Recorded",
    "Refused",
    "Rendered",
    "Store",
    "Tx",
    "Unavailable",
    "UnsafeDatabaseError",
    "act",
    "count",
    "forget_keys",
    "open_store",
    "part",
    "preview",
    "reading",
    "write_asks",
]

Outcome = Recorded | Refused
T = TypeVar("T")

TRIES: Final = 5
_BACKOFF_SECONDS: Final = 0.02
_SERIALIZATION: Final = frozenset({"40001", "40P01"})
_LOCK_TIMEOUT: Final = "55P03"
_CANCELLED: Final = "57014"
# Classes of SQLSTATE that say: the server cannot, not: the statement is wrong.
_UNABLE: Final = frozenset({"08", "53", "57", "58"})
_READ_ONLY: Final = "25006"


class UnsafeDatabaseError(RuntimeError):
    """The database does not keep what the registry promises; the server does not start."""


def open_store(
    url: str,
    *,
    origin: str,
    pool_size: int = 10,
    clock: Callable[[], datetime] | None = None,
    store_type: type[Store] = Store,
) -> Store:
    """Open a database that was migrated, and prove that it keeps heads.

    Raises:
        UnsafeDatabaseError: a held head does not block, or a setting loses commits.
    """
    if make_url(url).get_backend_name() == "sqlite":
        store = _open_sqlite(url, origin, pool_size, store_type)
    else:
        store = _open_postgresql(url, origin, pool_size, store_type)
    store.clock = clock
    try:
        _prove(store)
    except BaseException:
        store.close()
        raise
    return store


def act(
    store: Store,
    fn: Callable[[Tx], Outcome],
    *,
    actor: Actor,
    render: Callable[[Outcome | Problem], Rendered],
    key: IdempotencyClaim | None = None,
    now: datetime | None = None,
) -> Rendered:
    """Run one act to its commit, and only then give its answer.

    ``fn`` may run several times and has no effect outside its transaction. Under a key, a problem
    with status 409 or 422 is an answer too and comes back rendered, so that the second time gives
    the same bytes as the first; every other problem is raised.

    Raises:
        Problem: nothing was recorded.
        Busy: nothing was recorded, and the same request may be sent again.
    """
    with _flying(store, actor, key):
        return _again_and_again(lambda: _act_once(store, fn, actor, render, key, now))


def preview(
    store: Store, fn: Callable[[Tx], Outcome], *, actor: Actor, now: datetime | None = None
) -> Outcome:
    """Run an act, give its answer and undo it: no key, no entry, no row.

    Raises:
        Problem: as the act would.
        Busy: as the act would.
    """

    def once() -> Outcome:
        with _transaction(store) as session:
            tx = Tx(session, store, actor, now)
            answer = fn(tx)
            _check_logged(tx)
            session.rollback()
        return answer

    return _again_and_again(once)


@contextmanager
def reading(store: Store) -> Iterator[Session]:
    """A session that only reads, and sees one state of the record from first to last.

    Raises:
        Busy: no connection, or the database cannot be read now.
    """
    try:
        with Session(store.reads) as session:
            yield session
    except (DBAPIError, PoolTimeoutError) as error:
        _raise_named(error)


def write_asks(store: Store, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write questions and reads in one transaction: all of them or none.

    Raises:
        Busy: nothing was written, and it can be tried again.
    """
    try:
        with store.writing(), Session(store.asks) as session:
            session.execute(insert(ask), rows)
            _commit(session)
    except (DBAPIError, PoolTimeoutError) as error:
        _raise_named(error)


def count(store: Store, key: str, window: timedelta, now: datetime) -> quotas.Spent:
    """Count something once more and keep that, whatever becomes of what is counted.

    Raises:
        Busy: it was not counted, and it can be tried again.
    """
    try:
        with _transaction(store) as session:
            spent = quotas.add(session, key, window, now)
            _commit(session)
    except (DBAPIError, PoolTimeoutError) as error:
        _raise_named(error)
    return spent


@contextmanager
def part(tx: Tx) -> Iterator[None]:
    """A part of an act that errs alone: a problem undoes it and leaves the rest as it was.

    Begin it with every head held: those taken inside would be let go of.
    """
    before = tx.state()
    savepoint = tx.session.begin_nested()
    try:
        yield
    except Problem:
        savepoint.rollback()
        tx.go_back(before)
        raise
    savepoint.commit()


def forget_keys(store: Store) -> None:
    """Delete idempotency keys whose seven days are over, and counts whose windows are."""
    with _transaction(store) as session:
        now = heads.wall_clock(session, store)
        idempotency.forget(session, now)
        quotas.forget(session, now)
        _commit(session)


def _act_once(
    store: Store,
    fn: Callable[[Tx], Outcome],
    actor: Actor,
    render: Callable[[Outcome | Problem], Rendered],
    key: IdempotencyClaim | None,
    now: datetime | None,
) -> Rendered:
    with _transaction(store) as session:
        tx = Tx(session, store, actor, now)
        if key is not None:
            stored = _claim(tx, key)
            if stored is not None:
                return stored
        answer = _attempt(tx, fn)
        if isinstance(answer, Problem) and (key is None or not idempotency.is_kept(answer.status)):
            raise answer
        if isinstance(answer, Refused):
            answer = replace(answer, id=ids.mint("ask"))
        rendered = render(answer)
        if isinstance(answer, Refused):
            _record_refusal(tx, answer, rendered)
        if key is not None and idempotency.is_kept(rendered.status):
            idempotency.keep(tx, key, rendered)
        _commit(session)
        return rendered


def _attempt(tx: Tx, fn: Callable[[Tx], Outcome]) -> Outcome | Problem:
    """Run the act behind a savepoint; what it wrote is undone unless it is done.

    Undoing to a savepoint also lets go of the heads taken since, but keeps the claim of the key.
    """
    savepoint = tx.session.begin_nested()
    try:
        answer: Outcome | Problem = fn(tx)
    except Problem as problem:
        answer = problem
    if isinstance(answer, Recorded):
        _check_logged(tx)
        savepoint.commit()
        return replace(answer, log_index=tx.log_index)
    # Read while the heads are held, so that what ends the reason for a refusal comes after it; but
    # without what the act wrote itself.
    held = None if tx.log_index is not None else log.tip(tx.session).index
    savepoint.rollback()
    if isinstance(answer, Problem):
        return answer
    return replace(answer, log_index=log.tip(tx.session).index if held is None else held)


def _check_logged(tx: Tx) -> None:
    # INVARIANT: no entry, no act.
    if tx.written:
        tables = ", ".join(sorted({image.table for image in tx.written}))
        raise RuntimeError(f"the act wrote {tables} without an entry in the log")


def _record_refusal(tx: Tx, refused: Refused, rendered: Rendered) -> None:
    tx.session.execute(
        insert(ask).values(
            id=refused.id,
            kind="refusal",
            at=tx.now if tx.is_timed else heads.clock(tx),
            actor_id=tx.actor.id,
            organization_id=tx.actor.organization_id,
            performer_id=refused.performer_id,
            work_id=refused.work_id,
            use=refused.use,
            outcome=refused.outcome,
            log_index=refused.log_index,
            request=dict(refused.request),
            answer=rendered.body,
        )
    )


def _claim(tx: Tx, key: IdempotencyClaim) -> Rendered | None:
    try:
        return idempotency.claim(tx, key)
    except OperationalError as error:
        if _sqlstate(error) == _LOCK_TIMEOUT:
            raise in_progress() from error
        raise


@contextmanager
def _flying(store: Store, actor: Actor, key: IdempotencyClaim | None) -> Iterator[None]:
    if key is None or store.name == "postgresql":
        yield
        return
    with store.flights.flying(idempotency.scope(actor, key), key.key):
        yield


@contextmanager
def _transaction(store: Store) -> Iterator[Session]:
    """One writing transaction; undone unless it was committed."""
    with store.writing(), Session(store.engine) as session:
        yield session


def _commit(session: Session) -> None:
    connection = session.connection()
    try:
        session.commit()
    except BaseException:
        # Its transaction may still be open (SQLITE_BUSY leaves it so), and the pool would hand it
        # to the next act like that.
        connection.invalidate()
        raise


def _again_and_again(once: Callable[[], T]) -> T:
    for attempt in range(TRIES):
        if attempt:
            time.sleep(random.uniform(0, _BACKOFF_SECONDS * 2**attempt))  # noqa: S311 - jitter
        try:
            return once()
        except Again:
            continue
        except (DBAPIError, PoolTimeoutError) as error:
            if _sqlstate(error) in _SERIALIZATION:
                continue
            _raise_named(error)
    raise Busy(f"the act had to start over {TRIES} times")


def _raise_named(error: Exception) -> NoReturn:
    """Say what a database error means to the caller: wait, come back later, or a bug of ours."""
    named = _named(error)
    if named is None:
        raise error
    raise named from error


def _named(error: Exception) -> Busy | None:
    state = _sqlstate(error)
    if isinstance(error, PoolTimeoutError):
        return Busy("every connection is in use")
    if state in {_LOCK_TIMEOUT, _CANCELLED} or state.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy("a lock was not given in time")
    if state == _READ_ONLY or state[:2] in _UNABLE or state.startswith(_SQLITE_UNABLE):
        return Unavailable("the database cannot be used now")
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or (not state and isinstance(error, OperationalError)):
        return Unavailable("the database cannot be reached")
    return None


_SQLITE_UNABLE: Final = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
)


def _sqlstate(error: Exception) -> str:
    """PostgreSQL's SQLSTATE, or the name of SQLite's result code; empty if there is none."""
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    return str(code or "")


def _open_sqlite(url: str, origin: str, pool_size: int, store_type: type[Store]) -> Store:
    _make_room(url)
    writer = sqlite_engine(url, begin="BEGIN IMMEDIATE")
    reader = sqlite_engine(url, begin="BEGIN", pool_size=pool_size, read_only=True)
    return store_type(name="sqlite", engine=writer, reads=reader, asks=writer, origin=origin)


def _make_room(url: str) -> None:
    if sqlite3.sqlite_version_info < _SQLITE_OLDEST:
        raise UnsafeDatabaseError(f"SQLite {sqlite3.sqlite_version} is too old; it takes 3.39")
    database = make_url(url).database
    if not database or database == ":memory:":
        raise UnsafeDatabaseError("SQLite needs a file: what is in memory is not on record")
    Path(database).resolve().parent.mkdir(parents=True, exist_ok=True)


def sqlite_engine(url: str, *, begin: str, pool_size: int = 1, read_only: bool = False) -> Engine:
    """An engine whose transactions begin as we say, not where the driver guesses.

    The driver begins none before a SELECT: two acts would then decide from the same facts.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        connect_args={"check_same_thread": False, "timeout": 5},
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


# The first with IS DISTINCT FROM, which the walls are written in.
_SQLITE_OLDEST: Final = (3, 39)
_SQLITE_PRAGMAS: Final = (
    "journal_mode=WAL",
    # NORMAL can lose acknowledged commits when the power goes.
    "synchronous=FULL",
    "foreign_keys=ON",
    # What is erased does not stay in free pages.
    "secure_delete=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
)


def migration_engine(url: str) -> Engine:
    """An engine for migrations: one connection, every statement inside a transaction of ours."""
    if make_url(url).get_backend_name() == "sqlite":
        _make_room(url)
        return sqlite_engine(url, begin="BEGIN IMMEDIATE")
    return create_engine(
        url,
        poolclass=NullPool,
        # A migration that waits for a lock makes every request wait behind it.
        connect_args=POSTGRESQL_CONNECTION | {"options": "-c lock_timeout=5s"},
    )


def _open_postgresql(url: str, origin: str, pool_size: int, store_type: type[Store]) -> Store:
    engine = _postgresql_engine(url, pool_size)
    reads = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    # A connection of its own: a busy pool never keeps a check waiting for its record.
    asks = _postgresql_engine(url, 1)
    return store_type(name="postgresql", engine=engine, reads=reads, asks=asks, origin=origin)


def _postgresql_engine(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        # INVARIANT: facts are read by statements that begin after the heads are held. At
        # REPEATABLE READ the snapshot would be older than the wait for the heads.
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args=POSTGRESQL_CONNECTION,
    )


POSTGRESQL_CONNECTION: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": (
        "-c lock_timeout=2s -c statement_timeout=10s -c idle_in_transaction_session_timeout=30s"
    ),
}


def _prove(store: Store) -> None:
    try:
        with store.reads.connect() as connection:
            if not upgrade.is_current(connection):
                raise UnsafeDatabaseError("the database has another schema; migrate it first")
            if gone := walls.missing(connection):
                names = ", ".join(sorted(name for name, _ in gone))
                raise UnsafeDatabaseError(f"walls are missing, migrate again: {names}")
        if store.name == "sqlite":
            _prove_sqlite(store)
        else:
            _prove_postgresql(store)
    except (DBAPIError, PoolTimeoutError) as error:
        raise UnsafeDatabaseError(f"the database cannot be opened: {error}") from error


def _prove_sqlite(store: Store) -> None:
    with store.reads.connect() as connection:
        found = {
            pragma: str(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())
            for pragma in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    wanted = {"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"}
    if found != wanted:
        raise UnsafeDatabaseError(f"SQLite runs with {found}, not with {wanted}")


def _prove_postgresql(store: Store) -> None:
    probe = ("registry", ids.mint("ask"))
    with Session(store.engine) as first, Session(store.engine) as second:
        isolation = first.execute(text("SHOW transaction_isolation")).scalar_one()
        commits = first.execute(text("SHOW synchronous_commit")).scalar_one()
        if isolation != "read committed" or commits == "off":
            raise UnsafeDatabaseError(
                f"PostgreSQL runs with transaction_isolation={isolation}, "
                f"synchronous_commit={commits}; it takes `read committed` and not `off`"
            )
        store.hold(first, *probe, exclusive=True)
        second.execute(text("SET LOCAL lock_timeout = '100ms'"))
        try:
            store.hold(second, *probe, exclusive=False)
        except OperationalError as error:
            if _sqlstate(error) == _LOCK_TIMEOUT:
                return
            raise
    raise UnsafeDatabaseError("a held head does not block another connection; is there a pooler?")
