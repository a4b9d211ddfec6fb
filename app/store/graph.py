"""Parts of the works graph as rules read them: a work with the edges above it, or below it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.rules.facts import Edge, Work, read
from app.rules.works import ALWAYS_COVERED
from app.store import rows, works


def work_and_edges(session: Session, work_id: str) -> tuple[Work | None, list[Edge]]:
    """A work and every edge above it, whenever valid."""
    row = rows.current(session, "work", work_id)
    above = works.ancestors(session, work_id) | {work_id}
    return (None if row is None else _work(row)), _edges(session, child=above)


def edges_below(session: Session, work_ids: Collection[str]) -> list[Edge]:
    """Every edge below these works, whenever valid."""
    return _edges(session, parent=works.descendants(session, *work_ids))


def reached(start: Collection[str], edges: Iterable[Edge], *, whole: bool) -> frozenset[str]:
    """The works from ``start`` down: all, or only other forms of the same picture."""
    used = [e for e in edges if whole or e.relation in ALWAYS_COVERED]
    found = set(start)
    while more := {e.child for e in used if e.parent in found} - found:
        found |= more
    return frozenset(found)


def with_titles(session: Session, view: Mapping[str, Any]) -> dict[str, Any]:
    """A grant on the wire with the kind and title of every work that the signer was shown."""
    found = rows.where(session, "work", id=set(view["shown_works"]))
    return {
        **view,
        "shown": [{"id": r["id"], "kind": r["kind"], "title": r["title"]} for r in found],
    }


def _edges(session: Session, **where: Any) -> list[Edge]:
    return [_edge(row) for row in rows.where(session, "edge", **where)]


def _edge(row: RowMapping) -> Edge:
    value = read(Edge, {name: rows.plain(row[name]) for name in row})
    assert isinstance(value, Edge)  # noqa: S101 - for the type checker
    return value


def _work(row: RowMapping) -> Work:
    value = read(Work, {name: rows.plain(row[name]) for name in row})
    assert isinstance(value, Work)  # noqa: S101 - for the type checker
    return value
