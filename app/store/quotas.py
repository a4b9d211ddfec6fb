"""How often somebody did something in a window of time: counted in the database, for all workers.

Nothing here is state: a count is forgotten when its window is over, and replay knows none of it.
"""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.tables import quota


def key_of(what: str, who: str) -> str:
    """The key of a count; who it was cannot be read from it."""
    return hashlib.sha256(f"consent-registry/quota/1\0{what}\0{who}".encode()).hexdigest()


def add(session: Session, key: str, ends_at: datetime, now: datetime) -> int:
    """Count once more in the window that ends then; how often it was, this time included."""
    session.execute(delete(quota).where(quota.c.key == key, quota.c.ends_at <= now))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    counted = session.execute(
        dialect.insert(quota)
        .values(key=key, ends_at=ends_at, spent=1)
        .on_conflict_do_update(index_elements=["key", "ends_at"], set_={"spent": quota.c.spent + 1})
        .returning(quota.c.spent)
    )
    return int(counted.scalar_one())


def spent(session: Session, key: str, ends_at: datetime) -> int:
    """How often it was in the window that ends then."""
    asked = select(quota.c.spent).where(quota.c.key == key, quota.c.ends_at == ends_at)
    return int(session.execute(asked).scalar_one_or_none() or 0)


def forget(session: Session, now: datetime) -> None:
    """Delete the counts whose windows are over."""
    session.execute(delete(quota).where(quota.c.ends_at <= now))
