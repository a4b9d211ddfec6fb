"""What a registration of a use depends on, and which uses an act could reach."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, Select, or_, select
from sqlalchemy.orm import Session

from app.store.heads import REGISTRY, Head
from app.store.rows import in_force
from app.store.tables import (
    edge,
    organization,
    use,
    work,
)


def heads_around(session: Session, work_id: str, producer_id: str | None) -> frozenset[Head]:
    """The heads that a registration holds shared: whatever a block or an edge of it hangs on.

    They are the work and all that it ever was below (a block outlives the edge by which it came),
    the producer and the owners of these works, every union, and the registry.
    """
    works = set(session.execute(_upwards(work_id)).scalars()) | {work_id}
    studios = _studios(session, works, producer_id)
    organizations = studios | _unions(session)
    return frozenset(
        {REGISTRY}
        | {("work", id_) for id_ in works}
        | {("organization", id_) for id_ in organizations}
    )


def below(session: Session, work_id: str) -> frozenset[str]:
    """The work and everything that ever was below it."""
    return frozenset(session.execute(_downwards(work_id)).scalars()) | {work_id}


def within(
    session: Session,
    *,
    performer_id: str | None = None,
    works: Iterable[str] | None = None,
    studio_id: str | None = None,
) -> list[RowMapping]:
    """Uses that are not withdrawn, of the performer, in the works and of the studio: all given.

    A studio's uses are those that it produces and those in works that it owns.
    """
    asked = select(use).where(in_force(use, None), use.c.state != "withdrawn")
    if performer_id is not None:
        asked = asked.where(use.c.performer_id == performer_id)
    if works is not None:
        asked = asked.where(use.c.work_id.in_(set(works)))
    if studio_id is not None:
        owned = select(work.c.id).where(in_force(work, None), work.c.owner_id == studio_id)
        asked = asked.where(or_(use.c.producer_id == studio_id, use.c.work_id.in_(owned)))
    return list(session.execute(asked.order_by(use.c.id)).mappings())


def _studios(session: Session, works: Iterable[str], producer_id: str | None) -> set[str]:
    owners = select(work.c.owner_id).where(in_force(work, None), work.c.id.in_(set(works)))
    return set(session.execute(owners).scalars()) | ({producer_id} if producer_id else set())


def _unions(session: Session) -> set[str]:
    # Which of them have standing depends on packs and days. There are few, and to hold one too
    # many costs nothing.
    asked = select(organization.c.id).where(
        in_force(organization, None), organization.c.kind == "union"
    )
    return set(session.execute(asked).scalars())


def _upwards(work_id: str) -> Select[Any]:
    above = (
        select(edge.c.parent.label("id"))
        .where(edge.c.child == work_id, in_force(edge, None))
        .cte("above", recursive=True)
    )
    above = above.union(
        select(edge.c.parent).join(above, edge.c.child == above.c.id).where(in_force(edge, None))
    )
    return select(above.c.id)


def _downwards(work_id: str) -> Select[Any]:
    under = (
        select(edge.c.child.label("id"))
        .where(edge.c.parent == work_id, in_force(edge, None))
        .cte("under", recursive=True)
    )
    under = under.union(
        select(edge.c.child).join(under, edge.c.parent == under.c.id).where(in_force(edge, None))
    )
    return select(under.c.id)
