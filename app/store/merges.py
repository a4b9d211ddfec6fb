"""Which records are one person: for heads, sweeps and sight.

Heads and sweeps go by every merge that ever was in force, since a question about the past still
meets it; to hold or to look at one record too many costs nothing.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from app.store.rows import in_force
from app.store.tables import merge

_EVER: Final[ColumnElement[bool]] = merge.c.starts_at.is_not(None)
_NOW: Final[ColumnElement[bool]] = merge.c.state == "merged"


def ever_with(session: Session, ids: Collection[str]) -> frozenset[str]:
    """These performers, and everybody with whom they were ever merged."""
    return _grown(session, ids, _EVER)


def now_with(session: Session, ids: Collection[str]) -> frozenset[str]:
    """These performers, and everybody who is the same person by the merges in force now."""
    return _grown(session, ids, _NOW)


def ever_of_any(session: Session, performers: Select[tuple[str]]) -> frozenset[str]:
    """Everybody with whom any of the selected performers was ever merged, and these."""
    return _grown(session, _named(session, performers, _EVER), _EVER)


def now_of_any(session: Session, performers: Select[tuple[str]]) -> frozenset[str]:
    """Everybody who is now the same person as any of the selected performers, and these."""
    return _grown(session, _named(session, performers, _NOW), _NOW)


def _named(
    session: Session, performers: Select[tuple[str]], condition: ColumnElement[bool]
) -> set[str]:
    """Those of the selected performers who are in a merge; few of very many."""
    return {
        id_
        for column in (merge.c.performer_id, merge.c.other_id)
        for id_ in session.execute(
            select(column).where(in_force(merge, None), condition, column.in_(performers))
        ).scalars()
    }


def _grown(
    session: Session, ids: Collection[str], condition: ColumnElement[bool]
) -> frozenset[str]:
    found, new = set(ids), set(ids)
    while new:
        asked = select(merge.c.performer_id, merge.c.other_id).where(
            in_force(merge, None),
            condition,
            or_(merge.c.performer_id.in_(new), merge.c.other_id.in_(new)),
        )
        new = {id_ for pair in session.execute(asked) for id_ in pair} - found
        found |= new
    return frozenset(found)
