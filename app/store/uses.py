"""What a registration of a use depends on, and which uses an act could reach."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, or_, select, union
from sqlalchemy.orm import Session

from app.store import merges, rows
from app.store.heads import REGISTRY, Head
from app.store.rows import in_force
from app.store.tables import (
    affected_use,
    engagement,
    membership,
    organization,
    sale,
    signatory,
    use,
    work,
)
from app.store.works import ancestors, descendants


def heads_around(session: Session, work_id: str, producer_id: str | None) -> frozenset[Head]:
    """The heads that a registration holds shared: whatever a block or an edge of it hangs on.

    They are the work and all that it ever was below (a block outlives the edge by which it came),
    the producer and the owners of these works, every union, and the registry.
    """
    around = ancestors(session, work_id) | {work_id}
    studios = _owners(session, around) | ({producer_id} if producer_id else set())
    return frozenset(
        {REGISTRY}
        | {("work", id_) for id_ in around}
        | {("organization", id_) for id_ in studios | _unions(session)}
    )


def reachable(
    session: Session,
    *,
    performers: Collection[str] = (),
    works: Collection[str] = (),
    studios: Collection[str] = (),
) -> list[RowMapping]:
    """Uses that are not withdrawn, of any of the performers, in any of the works, of any studio.

    A performer's are those of every record of theirs. A studio's are those that it produces and
    those in works that it owns, and in what it sold or bought with all that came below it.
    """
    people = merges.ever_with(session, performers)
    sold = select(sale.c.work_id).where(
        in_force(sale, None), or_(sale.c.seller_id.in_(studios), sale.c.buyer_id.in_(studios))
    )
    owned = select(work.c.id).where(in_force(work, None), work.c.owner_id.in_(studios))
    passed = descendants(session, *session.execute(sold).scalars()) if studios else frozenset()
    return _uses(
        session,
        or_(
            use.c.performer_id.in_(people),
            use.c.work_id.in_(works),
            use.c.producer_id.in_(studios),
            use.c.work_id.in_(owned),
            use.c.work_id.in_(passed),
        ),
    )


def of_members(session: Session, union_id: str) -> list[RowMapping]:
    """Uses that are not withdrawn, of anybody who is on record as a member of the union."""
    members = select(membership.c.performer_id).where(
        in_force(membership, None), membership.c.union_id == union_id
    )
    people = merges.ever_of_any(session, members)
    return _uses(session, or_(use.c.performer_id.in_(members), use.c.performer_id.in_(people)))


def under_agreement(session: Session, family: str) -> list[RowMapping]:
    """Uses that are not withdrawn, which a family of agreements could bind, or once could.

    Those of whoever is bound and of whoever was engaged under it; those in works of which it was
    ever stated, in what a bound studio sold, and in all that ever came below either.
    """
    bound = select(signatory.c.organization_id).where(
        in_force(signatory, None), signatory.c.agreement == family
    )
    sold = select(sale.c.work_id).where(in_force(sale, None), sale.c.seller_id.in_(bound))
    named = select(work.c.id).where(work.c.agreement == family)
    under = descendants(session, *session.execute(union(named, sold)).scalars())
    engaged = select(engagement.c.performer_id).where(
        in_force(engagement, None), engagement.c.agreement == family
    )
    return _uses(
        session,
        or_(
            use.c.producer_id.in_(bound),
            use.c.performer_id.in_(engaged),
            use.c.performer_id.in_(merges.ever_of_any(session, engaged)),
            use.c.work_id.in_(under),
        ),
    )


def affected_by(session: Session, block_id: str) -> list[RowMapping]:
    """The uses on the list of a block, as they stand now."""
    listed = select(affected_use.c.use_id).where(affected_use.c.block_id == block_id)
    asked = select(use).where(in_force(use, None), use.c.id.in_(listed)).order_by(use.c.id)
    return list(session.execute(asked).mappings())


def redecided(session: Session, block_id: str) -> dict[str, dict[str, Any]]:
    """By use, what it was answered when the block let it go, and when; the last time counts."""
    found = rows.where(session, "redecision", block_id=block_id)
    return {
        row["use_id"]: {"outcome": row["outcome"], "decided_at": rows.plain(row["at"])}
        for row in sorted(found, key=lambda row: row["recorded_idx"])
    }


def listed(session: Session, block_ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """What stands on the lists of these blocks, as block and use."""
    asked = select(affected_use.c.block_id, affected_use.c.use_id).where(
        affected_use.c.block_id.in_(block_ids)
    )
    return frozenset((row.block_id, row.use_id) for row in session.execute(asked))


def _uses(session: Session, condition: ColumnElement[Any]) -> list[RowMapping]:
    asked = select(use).where(in_force(use, None), use.c.state != "withdrawn", condition)
    return list(session.execute(asked.order_by(use.c.id)).mappings())


def _owners(session: Session, around: Collection[str]) -> set[str]:
    sold = and_(in_force(sale, None), sale.c.work_id.in_(around))
    owners = union(
        select(work.c.owner_id).where(in_force(work, None), work.c.id.in_(around)),
        select(sale.c.seller_id).where(sold),
        select(sale.c.buyer_id).where(sold),
    )
    return set(session.execute(owners).scalars())


def _unions(session: Session) -> set[str]:
    # Which of them have standing depends on packs and days. There are few, and to hold one too
    # many costs nothing.
    asked = select(organization.c.id).where(
        in_force(organization, None), organization.c.kind == "union"
    )
    return set(session.execute(asked).scalars())
