"""Keys of acts: the answer to a request that was sent twice is given twice, and done once."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store import heads
from app.store.tables import idempotency_key
from app.store.tx import Actor, IdempotencyClaim, Problem, Rendered, Tx

KEPT: Final = timedelta(days=7)


def scope(actor: Actor, claim: IdempotencyClaim) -> str:
    """A key is the actor's own, and good for one path."""
    return hashlib.sha256(f"{actor.id}\n{claim.path}".encode()).hexdigest()


def claim(tx: Tx, wanted: IdempotencyClaim) -> Rendered | None:
    """Take the key, or give the answer that it has.

    PostgreSQL waits here for another transaction that holds the key (up to lock_timeout, which
    the engine turns into `in_progress`); on SQLite `Flights` does.

    Raises:
        Problem: the key was used for another request (422).
    """
    now = heads.clock(tx)
    taken = scope(tx.actor, wanted)
    dialect = postgresql if tx.store.name == "postgresql" else sqlite
    fresh = {"fingerprint": wanted.fingerprint, "claimed_at": now, "status": None}
    statement = dialect.insert(idempotency_key).values(scope=taken, key=wanted.key, **fresh)
    won = tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=["scope", "key"],
            set_=fresh,
            where=idempotency_key.c.claimed_at < now - KEPT,
        ).returning(idempotency_key.c.key)
    ).one_or_none()
    if won is not None:
        return None
    old = tx.session.execute(
        select(idempotency_key).where(
            idempotency_key.c.scope == taken, idempotency_key.c.key == wanted.key
        )
    ).one()
    if old.fingerprint != wanted.fingerprint:
        raise Problem(
            422, "idempotency-key-reused", "this Idempotency-Key was used for another request"
        )
    if old.status is None:
        # INVARIANT: a key and its answer are committed together.
        raise RuntimeError("a key without an answer was committed")
    headers = {**old.headers, "Idempotent-Replayed": "true"}
    return Rendered(old.status, old.body, headers, replayed=True)


def keep(tx: Tx, wanted: IdempotencyClaim, answer: Rendered) -> None:
    """Store the answer under the key that this act claimed."""
    tx.session.execute(
        update(idempotency_key)
        .where(
            idempotency_key.c.scope == scope(tx.actor, wanted),
            idempotency_key.c.key == wanted.key,
        )
        .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
    )


def is_kept(status: int) -> bool:
    """Whether an answer is the same for ever: done, refused or wrong, but not "try again"."""
    return status < 300 or status in {409, 422}  # noqa: PLR2004 - classes of RFC 9110


def forget(session: Session, now: datetime) -> None:
    """Delete the keys whose time is over."""
    session.execute(delete(idempotency_key).where(idempotency_key.c.claimed_at < now - KEPT))
