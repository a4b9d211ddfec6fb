"""Consent heads: what an act must hold before it reads facts. The one reader of the clock.

An act that could change the answer to a registration and the registration itself always hold one
head in common, one of them exclusively; so one of the two sees what the other wrote.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store import merges
from app.store.tables import Instant, consent_head
from app.store.tx import Again, Store, Tx

Head = tuple[str, str]

KINDS: Final = frozenset({"performer", "work", "organization", "work_day", "registry"})
REGISTRY: Final[Head] = ("registry", "registry")


class Grown(Again):
    """The set of heads grew while its members were waited for."""


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of an act, each ``(kind, id)``. One that is in both sets is held exclusively."""

    exclusive: frozenset[Head] = frozenset()
    shared: frozenset[Head] = frozenset()

    def covers(self, other: "Heads") -> bool:
        """Whether holding these means holding the others, at least as strongly."""
        return other.exclusive <= self.exclusive and other.shared <= self.shared | self.exclusive


def work_day_id(work_id: str, day: str) -> str:
    """The id of the head that counts one day's background on one work; ``day`` is an ISO date."""
    return f"{work_id}:{day}"


def take(tx: Tx, needed: Callable[[Tx], Heads]) -> None:
    """Hold every head that ``needed`` names; then, and only then, set ``tx.now``.

    The set is computed again once all are held: an edge that was added meanwhile can bring new
    ancestors, whose heads nobody would have held.

    Raises:
        Grown: the set grew; the engine starts the act over.
    """
    held = _joined(tx, needed(tx))
    for kind, id_ in sorted(held.exclusive | held.shared):
        if kind not in KINDS:
            raise ValueError(f"unknown kind of head `{kind}`; known: {', '.join(sorted(KINDS))}")
        tx.store.hold(tx.session, kind, id_, exclusive=(kind, id_) in held.exclusive)
        if kind == "work_day":
            _make(tx, kind, id_)
    if not held.covers(_joined(tx, needed(tx))):
        raise Grown
    tx.set_now(clock(tx))


def _joined(tx: Tx, heads: Heads) -> Heads:
    """With the heads of every record of the same person: whoever holds one holds them all."""
    return Heads(
        exclusive=heads.exclusive | _of_the_same(tx, heads.exclusive),
        shared=heads.shared | _of_the_same(tx, heads.shared),
    )


def _of_the_same(tx: Tx, held: frozenset[Head]) -> frozenset[Head]:
    performers = {id_ for kind, id_ in held if kind == "performer"}
    same = merges.ever_with(tx.session, performers)
    return frozenset({("performer", id_) for id_ in same - performers})


def create(tx: Tx, kind: str, id_: str) -> None:
    """Make the head of a new entity, in the act that records the entity."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of head `{kind}`; known: {', '.join(sorted(KINDS))}")
    tx.session.execute(insert(consent_head).values(kind=kind, id=id_, rev=0))


def bump(tx: Tx, kind: str, id_: str) -> None:
    """Raise the revision of a head that the act holds exclusively."""
    done = tx.session.execute(
        update(consent_head)
        .where(consent_head.c.kind == kind, consent_head.c.id == id_)
        .values(rev=consent_head.c.rev + 1)
        .returning(consent_head.c.rev)
    )
    if done.one_or_none() is None:
        raise LookupError(f"there is no head `{kind}` `{id_}`")


def clock(tx: Tx) -> datetime:
    """What time it is for this act: set by the caller in tests, else as `wall_clock`."""
    return tx.clock or wall_clock(tx.session, tx.store)


def wall_clock(session: Session, store: Store) -> datetime:
    """The database's clock on PostgreSQL, which all workers share; the process's on SQLite.

    ``clock_timestamp`` and not ``now``: the latter is when the transaction began, which may be
    long before it got its heads.
    """
    if store.clock is not None:
        return store.clock().astimezone(UTC)
    if store.name == "postgresql":
        now = session.execute(_CLOCK).scalar_one()
        return now.astimezone(UTC)
    return datetime.now(UTC)


def process_clock(store: Store | None = None) -> datetime:
    """The clock of this process, for what no transaction decides, such as a token's expiry."""
    if store is not None and store.clock is not None:
        return store.clock().astimezone(UTC)
    return datetime.now(UTC)


_CLOCK = select(func.clock_timestamp(type_=Instant()))


def _make(tx: Tx, kind: str, id_: str) -> None:
    dialect = postgresql if tx.store.name == "postgresql" else sqlite
    tx.session.execute(
        dialect.insert(consent_head).values(kind=kind, id=id_, rev=0).on_conflict_do_nothing()
    )
