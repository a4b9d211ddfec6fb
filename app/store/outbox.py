"""What is still to be delivered: one row for each entry, written in the entry's transaction.

The row says that there is something to send and never what: that is read when it is sent, with the
rights that the receiver has then.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.orm import Session

from app.store.tables import outbox


def add(session: Session, idx: int, event_id: str, type_: str) -> None:
    """Note a new entry; for `app.store.log` alone."""
    session.execute(insert(outbox).values(idx=idx, event_id=event_id, type=type_))


def pending(session: Session, limit: int = 100) -> list[RowMapping]:
    """The oldest entries that were not delivered, in order."""
    asked = select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.idx)
    return list(session.execute(asked.limit(limit)).mappings())


def settle(session: Session, indexes: Sequence[int], at: datetime) -> None:
    """Mark entries as delivered."""
    session.execute(update(outbox).where(outbox.c.idx.in_(indexes)).values(delivered_at=at))
