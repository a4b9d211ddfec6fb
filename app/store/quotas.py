"""How often somebody did something in a window of time: counted in the database, for all workers.

A window begins with the first time. Nothing here is state: a count is forgotten when its window is
over, and replay knows none of it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.tables import quota


@dataclass(frozen=True, slots=True)
class Spent:
    """How often it was, and when the count ends."""

    times: int
    ends_at: datetime


def key_of(what: str, who: str) -> str:
    """The key of a count; who it was cannot be read from it."""
    return hashlib.sha256(f"consent-registry/quota/1\0{what}\0{who}".encode()).hexdigest()


def add(session: Session, key: str, window: timedelta, now: datetime) -> Spent:
    """Count once more; how often it was in this window, this time included."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # One that begins later than now is of a clock that was set back.
    over = or_(quota.c.ends_at <= now, quota.c.ends_at > now + window)
    first = dialect.insert(quota).values(key=key, ends_at=now + window, spent=1)
    counted = session.execute(
        first.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "spent": case((over, first.excluded.spent), else_=quota.c.spent + 1),
                "ends_at": case((over, first.excluded.ends_at), else_=quota.c.ends_at),
            },
        ).returning(quota.c.spent, quota.c.ends_at)
    ).one()
    return Spent(counted.spent, counted.ends_at)


def spent(session: Session, key: str, window: timedelta, now: datetime) -> Spent:
    """How often it was in the window that is under way."""
    asked = select(quota.c.spent, quota.c.ends_at).where(
        quota.c.key == key, quota.c.ends_at > now, quota.c.ends_at <= now + window
    )
    found = session.execute(asked).one_or_none()
    return Spent(0, now + window) if found is None else Spent(found.spent, found.ends_at)


def forget(session: Session, now: datetime) -> None:
    """Delete the counts whose windows are over."""
    session.execute(delete(quota).where(quota.c.ends_at <= now))
