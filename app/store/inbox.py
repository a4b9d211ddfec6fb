"""What of a studio's record waits for the studio."""

from sqlalchemy import RowMapping, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.store.rows import in_force
from app.store.tables import grant, message, redecision, sale, sighting, transfer, use


def grants(session: Session, studio: str) -> list[RowMapping]:
    """Consents with terms that somebody asked for, with an open wish to stop, or in doubt."""
    asked = select(grant).where(
        in_force(grant, None),
        grant.c.grantee_id == studio,
        grant.c.state.in_(("offered", "active")),
        or_(
            grant.c.proposal.is_not(None),
            grant.c.withdrawal_answer == "open",
            grant.c.signature["disputed_at"].as_string().is_not(None),
        ),
    )
    return list(session.execute(asked.order_by(grant.c.id)).mappings())


def messages(session: Session, studio: str) -> list[RowMapping]:
    """Questions and disputes that nobody answered, and oral offers that nobody confirmed."""
    answer = message.alias("answer")
    answered = exists().where(
        answer.c.superseded_idx.is_(None),
        answer.c.answers == message.c.id,
        answer.c.kind != "note",
    )
    unsettled = and_(message.c.kind == "offer_said", message.c.other_side == "none")
    asked = select(message).where(
        in_force(message, None),
        message.c.to_id == studio,
        or_(and_(message.c.kind.in_(("question", "dispute")), ~answered), unsettled),
    )
    return list(session.execute(asked.order_by(message.c.id)).mappings())


def sightings(session: Session, studio: str) -> list[RowMapping]:
    """What somebody saw, that names the studio and has no answer of its."""
    asked = select(sighting).where(
        in_force(sighting, None),
        sighting.c.studio_id == studio,
        sighting.c.studio_answer.is_(None),
        sighting.c.closed_at.is_(None),
    )
    return list(session.execute(asked.order_by(sighting.c.id)).mappings())


def redecided(session: Session, studio: str) -> list[RowMapping]:
    """Open uses that a block let go since anybody decided them: what each was answered then."""
    asked = (
        select(use.c.id, use.c.performer_id, redecision.c.outcome, redecision.c.at)
        .join(redecision, redecision.c.use_id == use.c.id)
        .where(
            in_force(use, None),
            use.c.producer_id == studio,
            use.c.state.in_(("planned", "cleared")),
            redecision.c.recorded_idx > use.c.recorded_idx,
        )
        .order_by(use.c.id, redecision.c.recorded_idx)
    )
    return list(session.execute(asked).mappings())


def transfers(session: Session, studio: str) -> list[RowMapping]:
    """Handovers to or from the studio that are not done."""
    asked = select(transfer).where(
        in_force(transfer, None),
        transfer.c.completed_at.is_(None),
        or_(transfer.c.from_id == studio, transfer.c.to_id == studio),
    )
    return list(session.execute(asked.order_by(transfer.c.id)).mappings())


def sales(session: Session, studio: str) -> list[RowMapping]:
    """Sales to or from the studio that the buyer has not confirmed, one row for each."""
    asked = select(sale).where(
        in_force(sale, None),
        sale.c.id == sale.c.sale_id,
        sale.c.awaits_buyer.is_(True),
        sale.c.confirmed_at.is_(None),
        sale.c.withdrawn_at.is_(None),
        or_(sale.c.seller_id == studio, sale.c.buyer_id == studio),
    )
    return list(session.execute(asked.order_by(sale.c.id)).mappings())
