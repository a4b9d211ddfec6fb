"""Reads of the acts log for the people in it, and of what was asked about a performer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, func, literal, select, true
from sqlalchemy.orm import Session

from app.store.log import ACTS
from app.store.tables import ask, log_entry, log_subject, use

_COLUMNS: Final = (
    log_entry.c.idx,
    log_entry.c.event_id,
    log_entry.c.type,
    log_entry.c.at,
    log_entry.c.entry,
    log_entry.c.leaf_hash,
)


def after(
    session: Session, index: int, *, subjects: frozenset[str] | None, limit: int
) -> list[RowMapping]:
    """The first entries beyond ``index`` that touch one of ``subjects``; ``None`` means all."""
    asked = (
        select(*_COLUMNS)
        .where(log_entry.c.log_id == ACTS, log_entry.c.idx > index, _touches(subjects))
        .order_by(log_entry.c.idx)
        .limit(limit)
    )
    return list(session.execute(asked).mappings())


def at(session: Session, index: int, *, subjects: frozenset[str] | None) -> RowMapping | None:
    """One entry, if it touches one of ``subjects``."""
    asked = select(*_COLUMNS).where(
        log_entry.c.log_id == ACTS, log_entry.c.idx == index, _touches(subjects)
    )
    return session.execute(asked).mappings().one_or_none()


def subjects_of(session: Session, indexes: Sequence[int]) -> dict[int, list[str]]:
    """The subjects of each entry, sorted."""
    asked = select(log_subject).where(log_subject.c.idx.in_(indexes))
    found: dict[int, list[str]] = {index: [] for index in indexes}
    for row in session.execute(asked.order_by(log_subject.c.subject_id)).mappings():
        found[row["idx"]].append(row["subject_id"])
    return found


def written(session: Session, indexes: Sequence[int]) -> dict[int, RowMapping]:
    """The instant and the type of each entry."""
    asked = select(log_entry.c.idx, log_entry.c.at, log_entry.c.type).where(
        log_entry.c.log_id == ACTS, log_entry.c.idx.in_(indexes)
    )
    return {row["idx"]: row for row in session.execute(asked).mappings()}


def asks(
    session: Session, condition: ColumnElement[bool], *, before: str | None, limit: int
) -> list[RowMapping]:
    """Questions, refused acts and reads, newest first."""
    asked = select(ask).where(condition)
    if before is not None:
        asked = asked.where(_age(ask.c.id) < _age(literal(before)))
    return list(session.execute(asked.order_by(_age(ask.c.id).desc()).limit(limit)).mappings())


def about(performer_ids: frozenset[str]) -> ColumnElement[bool]:
    """Asks about any of these performers."""
    return ask.c.performer_id.in_(performer_ids)


def by_organization(organization_id: str) -> ColumnElement[bool]:
    """Asks by anybody of an organization."""
    return ask.c.organization_id == organization_id


def by_actor(actor_id: str) -> ColumnElement[bool]:
    """Asks by one principal."""
    return ask.c.actor_id == actor_id


def by_anybody() -> ColumnElement[bool]:
    """All asks."""
    return true()


def only_checks() -> ColumnElement[bool]:
    """Checks, without refused acts and reads."""
    return ask.c.kind == "check"


def one_ask(session: Session, id_: str, condition: ColumnElement[bool]) -> RowMapping | None:
    """One ask, if it meets the condition."""
    return session.execute(select(ask).where(ask.c.id == id_, condition)).mappings().one_or_none()


def asked_between(
    session: Session, performer_ids: frozenset[str], start: datetime, end: datetime
) -> list[RowMapping]:
    """When, what and how each question about these performers was answered, in ``[start, end)``."""
    asked = select(
        ask.c.at, ask.c.kind, ask.c.organization_id, ask.c.work_id, ask.c.use, ask.c.outcome
    ).where(ask.c.performer_id.in_(performer_ids), ask.c.at >= start, ask.c.at < end)
    return list(session.execute(asked).mappings())


def registered_between(
    session: Session, performer_ids: frozenset[str], start: datetime, end: datetime
) -> list[RowMapping]:
    """Uses of these performers registered in ``[start, end)``, as first recorded."""
    asked = select(use.c.registered_at, use.c.work_id, use.c.use, use.c.outcome).where(
        use.c.performer_id.in_(performer_ids),
        use.c.version == 1,
        use.c.registered_at >= start,
        use.c.registered_at < end,
    )
    return list(session.execute(asked).mappings())


def _age(id_: ColumnElement[str]) -> ColumnElement[str]:
    # The letters of a UUIDv7 sort by time; the prefixes before them do not.
    return func.substr(id_, func.length(id_) - 25)


def _touches(subjects: frozenset[str] | None) -> ColumnElement[Any]:
    if subjects is None:
        return log_entry.c.idx >= 0
    return log_entry.c.idx.in_(
        select(log_subject.c.idx).where(log_subject.c.subject_id.in_(subjects))
    )
