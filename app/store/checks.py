"""What a check reads besides its facts: codes of the caller's own, and who may ask about whom."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)

from app.store.references import SHARED, SHARED_OWNER
from app.store.rows import in_force
from app.store.tables import (
    assignment,
    engagement,
    grant,
    match_answer,
    match_request,
    performer,
    reference,
    replica,
    sale,
    work,
)

_OWNER: Final = bindparam("owner", type_=String())
_ASKED: Final = bindparam("asked", type_=String())
_KNOWN: Final = bindparam("known", type_=BigInteger())


def _seen() -> Any:
    one: ColumnElement[int] = literal_column("1")
    return union_all(
        select(literal_column("'performer'"), one).where(
            in_force(performer, _KNOWN), performer.c.id == _ASKED, performer.c.created_by == _OWNER
        ),
        select(literal_column("'performer'"), one).where(
            in_force(engagement, _KNOWN),
            engagement.c.performer_id == _ASKED,
            engagement.c.producer_id == _OWNER,
        ),
        select(literal_column("'performer'"), one).where(
            in_force(grant, _KNOWN), grant.c.performer_id == _ASKED, grant.c.grantee_id == _OWNER
        ),
        select(literal_column("'performer'"), one).where(
            in_force(match_answer, _KNOWN),
            match_answer.c.performer_id == _ASKED,
            match_answer.c.answer == literal_column("'yes'"),
            match_answer.c.request_id.in_(
                select(match_request.c.id).where(
                    in_force(match_request, _KNOWN), match_request.c.asked_by == _OWNER
                )
            ),
        ),
        select(literal_column("'performer'"), one).where(
            in_force(assignment, _KNOWN),
            assignment.c.performer_id == _ASKED,
            assignment.c.buyer_id == _OWNER,
        ),
        select(literal_column("'work'"), one).where(
            in_force(work, _KNOWN),
            work.c.id == bindparam("place", type_=String()),
            or_(
                work.c.owner_id == _OWNER,
                work.c.id.in_(
                    select(sale.c.work_id).where(
                        in_force(sale, _KNOWN),
                        sale.c.withdrawn_at.is_(None),
                        or_(sale.c.seller_id == _OWNER, sale.c.buyer_id == _OWNER),
                    )
                ),
                work.c.id.in_(
                    select(engagement.c.work_id).where(
                        in_force(engagement, _KNOWN), engagement.c.producer_id == _OWNER
                    )
                ),
            ),
        ),
        select(literal_column("'replica'"), one).where(
            in_force(replica, _KNOWN),
            replica.c.id == bindparam("copy", type_=String()),
            or_(replica.c.producer_id == _OWNER, replica.c.custodian_id == _OWNER),
        ),
    )


# Which of performer, work and replica an organization may ask about; given: owner, asked, place,
# copy, and known: the log index of the facts. What came on record later opens no earlier answer.
SEEN: Final = _seen()

# What a code means, and since which entry; given: owner, kind, system, value.
MEANT: Final = select(reference.c.target_id, reference.c.recorded_idx).where(
    reference.c.owner_id == bindparam("owner"),
    reference.c.kind == bindparam("kind"),
    reference.c.system == bindparam("system"),
    reference.c.value == bindparam("value"),
)


def owner_of(system: str, owner_id: str) -> str:
    """Whose codes a system holds: everybody's, or the caller's own."""
    return SHARED_OWNER if system in SHARED else owner_id
