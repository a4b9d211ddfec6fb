"""Reads of unions' queues: groups of equal cases, and who has something to say about a thing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select
from sqlalchemy.orm import Session

from app.store.rows import in_force, undisputed
from app.store.tables import flag_rule, signatory, union_case

ANSWERS: Final = ("no_objection", "asked", "vetoed", "approved", "refused")


@dataclass(frozen=True, slots=True)
class Group:
    """Equal cases: how many, the newest of them, when the first clock ends, as of which entry."""

    key: str
    count: int
    latest: str
    first_due_at: datetime | None
    upto: int


def groups(
    session: Session, union_id: str, *, state: str, at: datetime, before: str | None, limit: int
) -> list[Group]:
    """The groups of a union's cases in one state, the one with the newest case first."""
    latest = func.max(union_case.c.id)
    asked = (
        select(
            union_case.c.group_key,
            func.count(),
            latest,
            func.min(union_case.c.due_at),
            func.max(union_case.c.recorded_idx),
        )
        .where(in_force(union_case, None), union_case.c.union_id == union_id, _IN[state](at))
        .group_by(union_case.c.group_key)
        .order_by(latest.desc())
        .limit(limit)
    )
    if before is not None:
        asked = asked.having(latest < before)
    return [Group(*row) for row in session.execute(asked)]


def answerable(session: Session, union_id: str, key: str, upto: int) -> list[RowMapping]:
    """The cases of a group as of an entry that the union can still answer."""
    asked = select(union_case).where(
        in_force(union_case, None),
        union_case.c.union_id == union_id,
        union_case.c.group_key == key,
        union_case.c.recorded_idx <= upto,
        union_case.c.closed_at.is_(None),
        or_(union_case.c.answer.is_(None), union_case.c.answer == "asked"),
    )
    return list(session.execute(asked.order_by(union_case.c.id)).mappings())


def last_answered(session: Session, union_id: str, key: str) -> RowMapping | None:
    """The case of a group that was answered last, else its newest; ``None``: no such group."""
    asked = select(union_case).where(
        in_force(union_case, None),
        union_case.c.union_id == union_id,
        union_case.c.group_key == key,
    )
    order = (union_case.c.answered_at.desc().nulls_last(), union_case.c.id.desc())
    return session.execute(asked.order_by(*order).limit(1)).mappings().one_or_none()


def rules_at(session: Session, at: datetime) -> list[RowMapping]:
    """The flag rules of every union that look for something at an instant."""
    asked = select(flag_rule).where(
        in_force(flag_rule, None),
        flag_rule.c.starts_at <= at,
        or_(flag_rule.c.ended_at.is_(None), flag_rule.c.ended_at > at),
    )
    return list(session.execute(asked.order_by(flag_rule.c.id)).mappings())


def unions_across(session: Session, studio_id: str, on: date) -> frozenset[str]:
    """The unions that have an agreement with a studio on a day, by more than its own word."""
    asked = select(signatory.c.union_id).where(
        in_force(signatory, None),
        signatory.c.organization_id == studio_id,
        signatory.c.union_id.is_not(None),
        signatory.c.confirmed_by.is_not(None),
        undisputed(signatory),
        signatory.c.starts_on <= on,
        or_(signatory.c.ends_on.is_(None), signatory.c.ends_on >= on),
    )
    return frozenset(session.execute(asked).scalars())


def _answered(answer: str) -> Any:
    return lambda _: union_case.c.answer == answer


def _waiting(at: datetime) -> ColumnElement[bool]:
    return and_(
        union_case.c.answer.is_(None),
        union_case.c.closed_at.is_(None),
        or_(union_case.c.due_at.is_(None), union_case.c.due_at > at),
    )


def _overlooked(at: datetime) -> ColumnElement[bool]:
    return and_(
        union_case.c.answer.is_(None),
        union_case.c.due_at <= at,
        or_(union_case.c.closed_at.is_(None), union_case.c.closed_at >= union_case.c.due_at),
    )


def _over(_: datetime) -> ColumnElement[bool]:
    return and_(
        union_case.c.answer.is_(None),
        union_case.c.closed_at.is_not(None),
        or_(union_case.c.due_at.is_(None), union_case.c.closed_at < union_case.c.due_at),
    )


# The states of `app.rules.cases` as conditions; the words there and these say the same.
_IN: Final = {
    "waiting": _waiting,
    "nobody_looked": _overlooked,
    "over": _over,
    **{name: _answered(name) for name in ANSWERS},
}
