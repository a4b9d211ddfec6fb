"""The works graph as the heads of acts need it: every work above or below one, by edges on record.

Edges that have ended, or not begun, count too: a head too many costs waiting, one too few safety.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store import rows
from app.store.tables import edge

# How far works can nest. A chain that is longer is refused when its edge is recorded.
DEPTH_MAX: Final = 16


def ancestors(session: Session, *work_ids: str) -> frozenset[str]:
    """Every work above these, themselves not included unless one is above another."""
    return _reach(session, work_ids, up=True)


def descendants(session: Session, *work_ids: str) -> frozenset[str]:
    """These works and every work below them."""
    return _reach(session, work_ids, up=False) | frozenset(work_ids)


def ancestors_now(session: Session, work_id: str, *, without: str | None = None) -> frozenset[str]:
    """Every work above this one by edges that have not ended, one edge left out where wanted."""
    reached: set[str] = set()
    here = {work_id}
    while here:
        found = {
            row["parent"]
            for row in rows.where(session, "edge", child=here, valid_to=None)
            if row["id"] != without
        }
        here = found - reached
        reached |= found
    return frozenset(reached)


def reached_only_by(session: Session, edge_id: str, child: str) -> frozenset[str]:
    """The works that would no longer be above ``child`` if this edge ended."""
    return ancestors_now(session, child) - ancestors_now(session, child, without=edge_id)


def path(session: Session, child: str, parent: str) -> tuple[str, ...]:
    """A way up from ``child`` to ``parent``, both included; empty if there is none.

    Edges that have ended count: a question about the past must not run in a circle either.
    """
    ways: dict[str, tuple[str, ...]] = {child: (child,)}
    waiting = [child]
    while waiting:
        here = waiting.pop(0)
        if here == parent:
            return ways[here]
        for row in rows.where(session, "edge", child=here):
            if row["parent"] not in ways:
                ways[row["parent"]] = (*ways[here], row["parent"])
                waiting.append(row["parent"])
    return ()


def height(session: Session, work_id: str) -> int:
    """How many levels of works lie above this one, by whatever edges there ever were."""
    return _levels(session, work_id, up=True)


def depth(session: Session, work_id: str) -> int:
    """How many levels of works lie below this one, by whatever edges there ever were."""
    return _levels(session, work_id, up=False)


def _reach(session: Session, work_ids: tuple[str, ...], *, up: bool) -> frozenset[str]:
    start, end = (edge.c.child, edge.c.parent) if up else (edge.c.parent, edge.c.child)
    in_force = edge.c.superseded_idx.is_(None)
    reached = (
        select(end.label("id")).where(start.in_(work_ids), in_force).cte("reached", recursive=True)
    )
    reached = reached.union(select(end).join(reached, start == reached.c.id).where(in_force))
    return frozenset(session.execute(select(reached.c.id)).scalars())


def _levels(session: Session, work_id: str, *, up: bool) -> int:
    start, end = ("child", "parent") if up else ("parent", "child")
    level, here = 0, {work_id}
    while level <= DEPTH_MAX:
        found = select(edge).where(edge.c[start].in_(here), edge.c.superseded_idx.is_(None))
        below = session.execute(found).mappings()
        here = {row[end] for row in below}
        if not here:
            break
        level += 1
    return level
