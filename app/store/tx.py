"""What an act is given and gives back: plain values, shared by store, registrar and edge."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from app.rules.packs import PackSet
    from app.rules.reasons import Reason

EngineName = Literal["sqlite", "postgresql"]
WAIT_SECONDS: Final = 2.0


class Problem(Exception):  # noqa: N818 - the word of RFC 9457, and what the edge renders
    """The request cannot be acted on as it stands: unknown, not allowed, out of date or wrong.

    A refusal by the rules is no problem but an answer: `Refused`. ``errors`` and ``extra`` go to
    the problem document as they are.
    """

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        errors: tuple[Mapping[str, Any], ...] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {slug}: {detail}")
        self.status = status
        self.slug = slug
        self.detail = detail
        self.errors = errors
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


class Busy(Exception):  # noqa: N818 - reads as what it is: 503 and Retry-After
    """The act could not be done now; the same request may be sent again.

    Where the connection was lost during the commit nobody can tell whether it was done: that is
    what the Idempotency-Key is for.
    """

    retry_after = 1


class Unavailable(Busy):
    """The database cannot be written or reached: disk full, input/output error, no connection."""

    retry_after = 5


class Again(Exception):  # noqa: N818 - never leaves the engine
    """What the act saw before has changed; it has to run again from the start."""


class Actor(Protocol):
    """Who acts."""

    @property
    def id(self) -> str:
        """The principal's id."""

    @property
    def role(self) -> str:
        """The role in which they act; stands in the log entry."""

    @property
    def organization_id(self) -> str | None:
        """The organization for which they act."""


@dataclass(frozen=True, slots=True)
class IdempotencyClaim:
    """A caller's key, good once per actor and path. ``fingerprint`` is a hash of what was sent."""

    key: str
    path: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """The act was done. ``value`` is the body in JSON values; `act` fills in ``log_index``."""

    value: Mapping[str, Any]
    status: int = 201
    location: str | None = None
    etag: str | None = None
    log_index: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The rules say no, and that is on record. `act` fills in ``id`` (of the `ask` row).

    ``request`` is what was asked, in JSON values; performers see it.
    """

    reasons: "tuple[Reason, ...]"
    slug: str = "refused"
    detail: str = ""
    outcome: str = "deny"
    performer_id: str | None = None
    work_id: str | None = None
    use: str | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    log_index: int | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The answer in bytes. ``headers`` are what a replay gives again: ETag, Location, type."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False


def in_progress() -> Problem:
    """The first request with this key has not been answered yet."""
    return Problem(
        409,
        "idempotency-in-progress",
        "the first request with this Idempotency-Key is still being worked on",
        headers={"Retry-After": "1"},
    )


@dataclass
class Flights:
    """The keys at work in this process.

    SQLite's one writer would make the second request wait for *any* act; this makes it wait for
    its own twin, and says so when that takes too long.
    """

    _keys: set[tuple[str, str]] = field(default_factory=set)
    _landed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def flying(self, taken: str, key: str) -> Iterator[None]:
        """Be the only one at work on this key.

        Raises:
            Problem: another one was, for too long.
        """
        with self._landed:
            if not self._landed.wait_for(lambda: (taken, key) not in self._keys, WAIT_SECONDS):
                raise in_progress()
            self._keys.add((taken, key))
        try:
            yield
        finally:
            with self._landed:
                self._keys.discard((taken, key))
                self._landed.notify_all()


@dataclass
class Store:
    """One open database. A class, because the race test's vulnerable twin is a subclass of it."""

    name: EngineName
    engine: Engine
    reads: Engine
    # Where asks are written; on SQLite the one writer.
    asks: Engine
    origin: str
    # Given in the test environment only; else heads read the engine's own clock.
    clock: Callable[[], datetime] | None = None
    packs: "PackSet | None" = None
    # How long an act waits for the one writer of SQLite; PostgreSQL has lock_timeout.
    patience: float = 5.0
    flights: Flights = field(default_factory=Flights, repr=False)
    _writer: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer of this process on SQLite; nothing to do on PostgreSQL.

        Raises:
            Busy: others held it for too long.
        """
        if self.name == "postgresql":
            yield
            return
        if not self._writer.acquire(timeout=self.patience):
            raise Busy("another act holds the writer")
        try:
            yield
        finally:
            self._writer.release()

    def hold(self, session: Session, kind: str, id_: str, *, exclusive: bool) -> None:
        """Hold one consent head to the end of the transaction, waiting for it.

        SQLite has one writer, which holds every head. Two heads with the same hash on PostgreSQL
        cost waiting, never safety.
        """
        if self.name == "postgresql":
            session.execute(_LOCK if exclusive else _LOCK_SHARED, {"head": f"{kind}:{id_}"})

    def close(self) -> None:
        """Let go of every connection."""
        for engine in (self.reads, self.asks, self.engine):
            engine.dispose()


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:head, 7))")
_LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:head, 7))")


@dataclass(frozen=True, slots=True)
class Written:
    """The whole after-image of one row that the act wrote."""

    table: str
    row: Mapping[str, Any]


class Tx:
    """One act under way. Registrar functions read and write through it and never commit."""

    def __init__(
        self, session: Session, store: Store, actor: Actor, clock: datetime | None = None
    ) -> None:
        self.session = session
        self.store = store
        self.actor = actor
        # What the caller set the clock to; only `app.store.heads` looks at it.
        self.clock = clock
        self.written: list[Written] = []
        # The index of the last entry that the act appended.
        self.log_index: int | None = None
        self._now: datetime | None = None
        self._begun: tuple[int, datetime] | None = None

    @property
    def now(self) -> datetime:
        """The instant of the decision: read once, after every head is held."""
        if self._now is None:
            raise RuntimeError("there is no `now` before heads.take")
        return self._now

    @property
    def is_timed(self) -> bool:
        """Whether the heads are held and `now` is known."""
        return self._now is not None

    @property
    def idx(self) -> int:
        """The index of the entry that the act writes."""
        return self._entry()[0]

    @property
    def at(self) -> datetime:
        """The instant of the entry: never before that of the entry ahead of it."""
        return self._entry()[1]

    def state(self) -> tuple[int | None, tuple[int, datetime] | None, list[Written]]:
        """For `app.store.engine` alone: how far the act is."""
        return self.log_index, self._begun, list(self.written)

    def go_back(self, state: tuple[int | None, tuple[int, datetime] | None, list[Written]]) -> None:
        """For `app.store.engine` alone: a part of the act was undone."""
        self.log_index, self._begun, self.written = state

    def set_now(self, now: datetime) -> None:
        """For `app.store.heads` alone."""
        self._now = now

    def open_entry(self, idx: int, at: datetime) -> None:
        """For `app.store.log` alone."""
        self._begun = (idx, at)

    def close_entry(self) -> None:
        """For `app.store.log` alone: the entry is written, and with it every row so far."""
        self.log_index = self.idx
        self._begun = None
        self.written = []

    def _entry(self) -> tuple[int, datetime]:
        if self._begun is None:
            raise RuntimeError("rows and entries need log.begin")
        return self._begun
