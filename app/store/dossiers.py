"""What a dossier reads besides facts: the entries behind rows, what was asked, what was read."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.orm import Session

from app.store import rows
from app.store.log import ACTS
from app.store.tables import ask, log_entry


def written_by(session: Session, table: str, id_: str, known: int) -> list[int]:
    """The entries that wrote a row and changed it, up to entry ``known``."""
    versions = rows.versions(session, table, id_)
    return [row["recorded_idx"] for row in versions if row["recorded_idx"] <= known]


def entries(session: Session, indexes: Collection[int]) -> list[RowMapping]:
    """These entries, in the order of the log."""
    asked = (
        select(
            log_entry.c.idx,
            log_entry.c.event_id,
            log_entry.c.type,
            log_entry.c.at,
            log_entry.c.leaf_hash,
        )
        .where(log_entry.c.log_id == ACTS, log_entry.c.idx.in_(indexes))
        .order_by(log_entry.c.idx)
    )
    return list(session.execute(asked).mappings())


def asked_about(
    session: Session, performer_id: str, work_id: str, *, until: datetime, known: int
) -> list[RowMapping]:
    """Questions and refused acts about the pair, until an instant, oldest first."""
    asked = select(ask).where(
        ask.c.performer_id == performer_id,
        ask.c.work_id == work_id,
        ask.c.kind.in_(("check", "refusal")),
        ask.c.at <= until,
        ask.c.log_index <= known,
    )
    # The letters of an id sort by time; the prefixes before them do not.
    return sorted(
        session.execute(asked).mappings(),
        key=lambda row: (row["at"], row["id"].rpartition("_")[2]),
    )


def read_by(
    session: Session, organizations: Iterable[str], people: Iterable[str], *, until: datetime
) -> list[RowMapping]:
    """How far these followed the log and which notices they opened, until an instant."""
    whose = or_(ask.c.organization_id.in_(set(organizations)), ask.c.actor_id.in_(set(people)))
    asked = (
        select(ask.c.outcome, ask.c.at, ask.c.actor_id, ask.c.organization_id, ask.c.request)
        .where(
            ask.c.kind == "read",
            ask.c.outcome.in_(("followed", "opened")),
            ask.c.at <= until,
            whose,
        )
        .order_by(ask.c.at, ask.c.id)
    )
    return list(session.execute(asked).mappings())
