"""What a caller may see of each noun, as conditions of SQL: one place for lists and reads alike.

A row outside of a caller's sight is answered like a row that does not exist.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    RowMapping,
    Select,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.store import merges, rows
from app.store.rows import VERSIONED, in_force, undisputed
from app.store.tables import (
    affected_use,
    assignment,
    attestation,
    base_report,
    capture_session,
    court_order,
    custody,
    due,
    edge,
    engagement,
    estimate,
    flag_rule,
    grant,
    match_answer,
    match_request,
    membership,
    message,
    notice,
    organization,
    payment,
    performer,
    principal,
    private_fact,
    replica,
    representation,
    residual_statement,
    sale,
    sighting,
    signatory,
    transfer,
    union_case,
    use,
    veto,
    work,
    work_day,
)

Ids = Select[tuple[str]]
# Pay that is a share of what somebody reports.
_SHARES: Final = ("royalty", "participation")


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes.

    ``kind``: all | studio | union | performer | representative | vendor | none. ``id`` is the
    organization, performer or representative; ``on`` is the day for what ends on a day. ``works``
    limits a pipeline client to the works it was made for.
    """

    kind: str
    on: date
    id: str = ""
    agency_id: str | None = None
    works: frozenset[str] | None = None
    # Performers who are the same person as one whom the caller may see.
    same: frozenset[str] = field(default_factory=frozenset)
    # Works that a performer's own documents name; they are in JSON, which SQL does not look into.
    named_works: frozenset[str] = field(default_factory=frozenset)


def one(session: Session, table: str, id_: str, sight: Sight, /) -> RowMapping | None:
    """The row in force, if the caller may see it."""
    source = VERSIONED[table]
    asked = _columns(source, sight).where(
        source.c.id == id_, in_force(source, None), _CONDITIONS[table](sight)
    )
    return session.execute(asked).mappings().one_or_none()


def page(
    session: Session,
    table: str,
    sight: Sight,
    /,
    *,
    before: str | None = None,
    limit: int = 50,
    oldest_first: bool = False,
    **equal: Any,
) -> list[RowMapping]:
    """The newest ``limit`` rows that the caller may see with an id below ``before``.

    ``oldest_first`` turns both around: the oldest with an id above it.
    """
    source = VERSIONED[table]
    asked = _columns(source, sight).where(in_force(source, None), _CONDITIONS[table](sight))
    for name, value in equal.items():
        if value is not None:
            asked = asked.where(source.c[name] == value)
    if before is not None:
        asked = asked.where(source.c.id > before if oldest_first else source.c.id < before)
    order = source.c.id.asc() if oldest_first else source.c.id.desc()
    found = session.execute(asked.order_by(order).limit(limit))
    return list(found.mappings())


def stated(
    session: Session, table: str, sight: Sight, state: str, age: str | None, limit: int, /
) -> list[RowMapping]:
    """The newest facts in sight that wait for somebody: `unconfirmed` or `disputed`.

    ``age``: only those whose id has earlier letters after its prefix than these.
    """
    source = VERSIONED[table]
    waits = not_(undisputed(source))
    if state == "unconfirmed":
        waits = and_(source.c.confirmed_by.is_(None), undisputed(source))
    asked = select(source).where(
        _now(source), source.c.stated_by.is_not(None), waits, _CONDITIONS[table](sight)
    )
    letters = func.substr(source.c.id, func.length(source.c.id) - 25)
    if age is not None:
        asked = asked.where(letters < age)
    return list(session.execute(asked.order_by(source.c.id.desc()).limit(limit)).mappings())


def seen(session: Session, table: str, ids: Collection[str], sight: Sight, /) -> frozenset[str]:
    """Those of the ids whose rows in force the caller may see."""
    if not ids:
        return frozenset()
    source = VERSIONED[table]
    asked = select(source.c.id).where(
        source.c.id.in_(ids), in_force(source, None), _CONDITIONS[table](sight)
    )
    return frozenset(session.execute(asked).scalars())


def partners(session: Session, ids: Collection[str], sight: Sight, /) -> frozenset[str]:
    """Those of the organizations that are party to a grant, use or engagement in sight."""
    found: set[str] = set()
    for table, party in (
        (grant, grant.c.grantee_id),
        (use, use.c.producer_id),
        (engagement, engagement.c.producer_id),
    ):
        asked = select(party).where(party.in_(ids), _now(table), _CONDITIONS[table.name](sight))
        found.update(session.execute(asked.distinct()).scalars())
    return frozenset(found)


def works_named(session: Session, performer_ids: set[str]) -> frozenset[str]:
    """The works that the performers' grants, uses and replicas name."""
    named: set[str] = set()
    for row in rows.where(session, "grant", performer_id=performer_ids):
        named.update(row["shown_works"], row["scope"].get("works", ()))
    for table, column in (("use", "work_id"), ("replica", "origin_work_id")):
        named.update(
            row[column]
            for row in rows.where(session, table, performer_id=performer_ids)
            if row[column] is not None
        )
    return frozenset(named)


def performers_of(session: Session, sight: Sight) -> set[str]:
    """The ids of every performer in sight; for sights that hold a handful."""
    return set(session.execute(_performer_ids(sight)).scalars())


def with_merged(session: Session, seeing: Sight) -> Sight:
    """The same eyes, for which every record of one person is one."""
    return replace(seeing, same=merges.now_of_any(session, _performer_ids(seeing)))


def stands_for(session: Session, sight: Sight, performer_id: str) -> bool:
    """Whether the caller has more than a hint to go by; a union may only see whom one names."""
    found = _performer_ids(sight).subquery()
    asked = select(exists().where(found.c[0] == performer_id))
    return bool(session.execute(asked).scalar_one())


class _UtcDay(FunctionElement[date]):
    """The day of an instant, in UTC."""

    type = Date()
    inherit_cache = True


@compiles(_UtcDay, "sqlite")
def _day_of_text(element: _UtcDay, compiler: SQLCompiler, **more: Any) -> str:
    return f"substr({compiler.process(element.clauses, **more)}, 1, 10)"


@compiles(_UtcDay, "postgresql")
def _day_of_timestamp(element: _UtcDay, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} AT TIME ZONE 'UTC' AS date)"


def _columns(source: Any, sight: Sight) -> Select[Any]:
    """All columns; of a work, the owner on the day and not who recorded it."""
    if source is not work:
        return select(source)
    latest = (
        select(sale.c.buyer_id)
        .where(_now(sale), sale.c.work_id == work.c.id, sale.c.starts_on <= sight.on, _agreed(sale))
        .order_by(sale.c.starts_on.desc(), sale.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    owner = func.coalesce(latest, work.c.owner_id).label("owner_id")
    return select(*(c for c in work.c if c is not work.c.owner_id), owner)


def _now(table: Any) -> ColumnElement[bool]:
    return in_force(table, None)


def _performer_ids(sight: Sight) -> Select[Any]:
    match sight.kind:
        case "studio":
            found = union(
                select(performer.c.id).where(_now(performer), performer.c.created_by == sight.id),
                select(engagement.c.performer_id).where(
                    _now(engagement), engagement.c.producer_id == sight.id
                ),
                select(grant.c.performer_id).where(_now(grant), grant.c.grantee_id == sight.id),
                # Whom the buyer of a work may ask whether their yes passes on to it.
                select(assignment.c.performer_id).where(
                    _now(assignment), assignment.c.buyer_id == sight.id
                ),
                _told(sight),
            )
        case "union":
            found = union(
                _members(sight),
                select(engagement.c.performer_id).where(_now(engagement), _under_ours(sight)),
                _merged(sight),
            )
        case "representative":
            return _clients(sight)
        case "performer":
            ids = {sight.id} | sight.same
            return select(performer.c.id).where(_now(performer), performer.c.id.in_(ids))
        case "all":
            return select(performer.c.id).where(_now(performer))
        case _:
            return select(performer.c.id).where(false())
    return select(found.subquery().c[0])


def _clients(sight: Sight) -> Select[Any]:
    """Those for whom the mandate runs.

    An agent's and an attorney's ends with the performer's life, a guardian's also on the day of
    coming of age; an estate's begins with the death.
    """
    lives = or_(performer.c.died_on.is_(None), performer.c.died_on > sight.on)
    minor = or_(performer.c.adult_from.is_(None), performer.c.adult_from > sight.on)
    kind = representation.c.kind
    return (
        select(representation.c.performer_id)
        .join(performer, and_(performer.c.id == representation.c.performer_id, _now(performer)))
        .where(
            _now(representation),
            representation.c.representative_id.in_({sight.id, sight.agency_id or sight.id}),
            representation.c.verified_by.is_not(None),
            representation.c.withdrawn_at.is_(None),
            representation.c.starts_on <= sight.on,
            _not_ended(representation, sight),
            or_(
                and_(kind.in_(("agent", "attorney")), lives),
                and_(kind == "guardian", lives, minor),
                and_(kind.in_(("estate", "executor")), not_(lives)),
            ),
        )
    )


def _members(sight: Sight) -> Select[Any]:
    return select(membership.c.performer_id).where(
        _now(membership),
        membership.c.union_id == sight.id,
        membership.c.confirmed_by.is_not(None),
        undisputed(membership),
        membership.c.starts_on <= sight.on,
        or_(_not_ended(membership, sight), _held_at_death()),
    )


def _held_at_death() -> ColumnElement[bool]:
    """A dead performer's membership counts as it was on the day of death."""
    return exists().where(
        _now(performer),
        performer.c.id == membership.c.performer_id,
        performer.c.died_on <= membership.c.ends_on,
    )


def _told(sight: Sight) -> Select[Any]:
    """Who said to the studio that they are whom it asked after."""
    asked = select(match_request.c.id).where(
        _now(match_request), match_request.c.asked_by == sight.id
    )
    return select(match_answer.c.performer_id).where(
        _now(match_answer), match_answer.c.answer == "yes", match_answer.c.request_id.in_(asked)
    )


def _merged(sight: Sight) -> Select[Any]:
    return select(performer.c.id).where(_now(performer), performer.c.id.in_(sight.same))


def _named_to(sight: Sight) -> Select[Any]:
    """Whom a hint or a statement names to the union: it confirms or disputes, and no more."""
    found = union(
        select(private_fact.c.subject_id).where(
            private_fact.c.field == "member_of", private_fact.c.value == sight.id
        ),
        select(membership.c.performer_id).where(
            _now(membership),
            membership.c.union_id == sight.id,
            # What a union says of itself is no reason for it to see anybody.
            or_(membership.c.stated_by != sight.id, membership.c.confirmed_by.is_not(None)),
            undisputed(membership),
            _not_ended(membership, sight),
        ),
    )
    return select(found.subquery().c[0])


def _under_ours(sight: Sight) -> ColumnElement[bool]:
    """The engagement is under an agreement that its producer had with the union on that day.

    Derived, because a signatory may be recorded, disputed or ended after the engagement was.
    """
    day = _UtcDay(engagement.c.engaged_at)
    return exists().where(
        _now(signatory),
        signatory.c.union_id == sight.id,
        signatory.c.organization_id == engagement.c.producer_id,
        signatory.c.agreement == engagement.c.agreement,
        signatory.c.confirmed_by.is_not(None),
        undisputed(signatory),
        signatory.c.starts_on <= day,
        or_(signatory.c.ends_on.is_(None), signatory.c.ends_on >= day),
    )


def _not_ended(table: Any, sight: Sight) -> ColumnElement[bool]:
    return or_(table.c.ends_on.is_(None), table.c.ends_on >= sight.on)


def _organizations(sight: Sight) -> ColumnElement[bool]:
    if sight.kind == "all":
        return true()
    # Unions are in sight of all who sign in: a performer names theirs by its id.
    return or_(
        organization.c.kind == "union",
        organization.c.id.in_({sight.id, sight.agency_id or sight.id}),
    )


def _performers(sight: Sight) -> ColumnElement[bool]:
    if sight.kind == "all":
        return true()
    seen = performer.c.id.in_(_performer_ids(sight))
    return seen if sight.kind != "union" else or_(seen, performer.c.id.in_(_named_to(sight)))


def _works(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            seen = or_(
                work.c.owner_id == sight.id,
                # Seller and buyer both, before the day and after it.
                work.c.id.in_(_sold(sight)),
                work.c.id.in_(
                    select(engagement.c.work_id).where(
                        _now(engagement), engagement.c.producer_id == sight.id
                    )
                ),
            )
            return seen if sight.works is None else and_(seen, work.c.id.in_(sight.works))
        case "union":
            return or_(
                work.c.owner_id.in_(_signatories(sight)),
                work.c.id.in_(
                    select(sale.c.work_id).where(
                        _now(sale), _agreed(sale), sale.c.buyer_id.in_(_signatories(sight))
                    )
                ),
                work.c.id.in_(
                    select(engagement.c.work_id).where(_now(engagement), _under_ours(sight))
                ),
            )
        case "performer" | "representative":
            return or_(
                work.c.id.in_(sight.named_works),
                work.c.id.in_(
                    select(engagement.c.work_id).where(
                        _now(engagement), engagement.c.performer_id.in_(_performer_ids(sight))
                    )
                ),
            )
        case _:
            return false()


def _engagements(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            own = engagement.c.producer_id == sight.id
            return own if sight.works is None else and_(own, engagement.c.work_id.in_(sight.works))
        case "union":
            return or_(_under_ours(sight), engagement.c.performer_id.in_(_members(sight)))
        case _:
            return engagement.c.performer_id.in_(_performer_ids(sight))


def _capture_sessions(sight: Sight) -> ColumnElement[bool]:
    if sight.kind == "all":
        return true()
    return capture_session.c.engagement_id.in_(
        select(engagement.c.id).where(_now(engagement), _engagements(sight))
    )


def _replicas(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio" | "vendor":
            held = select(custody.c.replica_id).where(
                _now(custody), custody.c.holder_id == sight.id, custody.c.ended_at.is_(None)
            )
            keeps = or_(replica.c.custodian_id == sight.id, replica.c.id.in_(held))
            made = replica.c.producer_id == sight.id
            return keeps if sight.kind == "vendor" else or_(made, keeps)
        case _:
            return replica.c.performer_id.in_(_performer_ids(sight))


def _agreed(source: Any) -> ColumnElement[bool]:
    """The buyer said so too, or the sale is of the time when nobody asked them."""
    return or_(source.c.awaits_buyer.is_not(true()), source.c.confirmed_at.is_not(None))


def _sold(sight: Sight) -> Select[Any]:
    """Works that the studio sold or bought, whenever; a sale that was taken back shows nothing."""
    return select(sale.c.work_id).where(
        _now(sale),
        sale.c.withdrawn_at.is_(None),
        or_(sale.c.seller_id == sight.id, sale.c.buyer_id == sight.id),
    )


def _owned(sight: Sight) -> Select[Any]:
    """Works that the studio owns, owned or is to own."""
    return select(work.c.id).where(
        _now(work), or_(work.c.owner_id == sight.id, work.c.id.in_(_sold(sight)))
    )


def _sales(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            return or_(sale.c.seller_id == sight.id, sale.c.buyer_id == sight.id)
        case _:
            return sale.c.work_id.in_(select(work.c.id).where(_now(work), _works(sight)))


def _transfers(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio" | "vendor":
            return or_(transfer.c.from_id == sight.id, transfer.c.to_id == sight.id)
        case "union":
            return transfer.c.union_id == sight.id
        case _:
            return transfer.c.performer_id.in_(_performer_ids(sight))


def _custodies(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio" | "vendor":
            return or_(custody.c.producer_id == sight.id, custody.c.holder_id == sight.id)
        case _:
            return custody.c.performer_id.in_(_performer_ids(sight))


def _estimates(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            return estimate.c.author_id == sight.id
        case _:
            return estimate.c.performer_id.in_(_performer_ids(sight))


def _attestations(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio" | "vendor":
            return or_(
                attestation.c.organization_id == sight.id,
                attestation.c.by.in_(
                    select(principal.c.id).where(
                        _now(principal), principal.c.organization_id == sight.id
                    )
                ),
            )
        case _:
            return attestation.c.performer_id.in_(_performer_ids(sight))


def _notices(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio" | "union" | "vendor":
            return or_(notice.c.sender_id == sight.id, notice.c.to_id == sight.id)
        case _:
            return notice.c.performer_id.in_(_performer_ids(sight))


def _uses(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            own = use.c.producer_id == sight.id
            return own if sight.works is None else and_(own, use.c.work_id.in_(sight.works))
        case "union":
            return or_(_stood_for(use, sight), use.c.producer_id.in_(_signatories(sight)))
        case _:
            return use.c.performer_id.in_(_performer_ids(sight))


def _grants(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            return grant.c.grantee_id == sight.id
        case "union":
            return or_(_stood_for(grant, sight), grant.c.grantee_id.in_(_signatories(sight)))
        case _:
            return grant.c.performer_id.in_(_performer_ids(sight))


def _vetoes(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "union":
            return veto.c.union_id == sight.id
        case "studio":
            bound = select(signatory.c.agreement).where(
                _now(signatory), signatory.c.organization_id == sight.id
            )
            owned = _owned(sight)
            return or_(
                veto.c.scope_studio == sight.id,
                veto.c.scope_work.in_(owned),
                veto.c.scope_performer.in_(_performer_ids(sight)),
                veto.c.scope_agreement.in_(bound),
                veto.c.id.in_(_affecting(use.c.producer_id == sight.id)),
            )
        case "performer" | "representative":
            theirs = _performer_ids(sight)
            unions = select(membership.c.union_id).where(
                _now(membership), membership.c.performer_id.in_(theirs)
            )
            return or_(
                veto.c.scope_performer.in_(theirs),
                and_(veto.c.scope_performer.is_(None), veto.c.union_id.in_(unions)),
                veto.c.id.in_(_affecting(use.c.performer_id.in_(theirs))),
            )
        case _:
            return false()


def _court_orders(sight: Sight) -> ColumnElement[bool]:
    """Whom an order names, and whose uses it stops."""
    match sight.kind:
        case "all":
            return true()
        case "studio":
            owned = _owned(sight)
            return or_(
                court_order.c.studio_id == sight.id,
                court_order.c.work_id.in_(owned),
                court_order.c.performer_id.in_(_performer_ids(sight)),
                court_order.c.id.in_(_affecting(use.c.producer_id == sight.id)),
            )
        case "performer" | "representative":
            theirs = _performer_ids(sight)
            return or_(
                court_order.c.performer_id.in_(theirs),
                court_order.c.id.in_(_affecting(use.c.performer_id.in_(theirs))),
            )
        case _:
            return false()


def _work_days(sight: Sight) -> ColumnElement[bool]:
    return work_day.c.work_id.in_(select(work.c.id).where(_now(work), _works(sight)))


def _memberships(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "union":
            # What a union says of itself is no reason for it to see anybody else's word of it.
            return membership.c.union_id == sight.id
        case "performer" | "representative":
            return membership.c.performer_id.in_(_performer_ids(sight))
        case _:
            return false()


def _signatory_rows(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "union":
            return signatory.c.union_id == sight.id
        case "studio":
            return signatory.c.organization_id == sight.id
        case _:
            return false()


def _edges(sight: Sight) -> ColumnElement[bool]:
    return edge.c.child.in_(select(work.c.id).where(_now(work), _works(sight)))


def _messages(sight: Sight) -> ColumnElement[bool]:
    """Both sides, and nobody besides them."""
    match sight.kind:
        case "all":
            return true()
        case "studio" | "union":
            return or_(message.c.from_id == sight.id, message.c.to_id == sight.id)
        case "performer" | "representative":
            theirs = _performer_ids(sight)
            return or_(message.c.from_id.in_(theirs), message.c.to_id.in_(theirs))
        case _:
            return false()


def _sightings(sight: Sight) -> ColumnElement[bool]:
    match sight.kind:
        case "all":
            return true()
        case "studio":
            return sighting.c.studio_id == sight.id
        case _:
            return sighting.c.performer_id.in_(_performer_ids(sight))


def _residual_statements(sight: Sight) -> ColumnElement[bool]:
    """Whose they are, and who put them on record: what others pay is no studio's business."""
    match sight.kind:
        case "all":
            return true()
        case "studio":
            return residual_statement.c.stated_by == sight.id
        case _:
            return residual_statement.c.performer_id.in_(_performer_ids(sight))


def _base_reports(sight: Sight) -> ColumnElement[bool]:
    """Who put them on record, whose share is taken of them, and the union of either."""
    of_all = base_report.c.performer_id.is_(None)
    match sight.kind:
        case "all":
            return true()
        case "studio":
            return base_report.c.stated_by == sight.id
        case "union":
            works = select(work.c.id).where(_now(work), _works(sight))
            return or_(
                _stood_for(base_report, sight), and_(of_all, base_report.c.work_id.in_(works))
            )
        case _:
            theirs = _performer_ids(sight)
            # What a film earns is for those to read who have a share of it.
            shared = (
                select(use.c.work_id)
                .join(grant, and_(grant.c.id == use.c.grant_id, _now(grant)))
                .where(
                    _now(use),
                    use.c.performer_id.in_(theirs),
                    use.c.producer_id == base_report.c.stated_by,
                    grant.c.pay_kind.in_(_SHARES),
                )
            )
            return or_(
                base_report.c.performer_id.in_(theirs),
                and_(of_all, base_report.c.work_id.in_(shared)),
            )


def _owed(table: Any, sight: Sight) -> ColumnElement[bool]:
    """What is owed or paid: both sides, and the union of the performer."""
    if sight.kind == "all":
        return true()
    if sight.kind == "studio":
        own: ColumnElement[bool] = table.c.payer_id == sight.id
        return own
    return _stood_for(table, sight)


def _affecting(condition: ColumnElement[bool]) -> Select[Any]:
    """The blocks on whose lists such a use stands."""
    return (
        select(affected_use.c.block_id)
        .join(use, use.c.id == affected_use.c.use_id)
        .where(_now(use), condition)
    )


def _stood_for(table: Any, sight: Sight) -> ColumnElement[bool]:
    """The performer is a member of the union, or engaged under it."""
    found: ColumnElement[bool] = table.c.performer_id.in_(_performer_ids(sight))
    return found


def _signatories(sight: Sight) -> Select[Any]:
    """Who is bound by an agreement of the union today, by more than their own word."""
    return select(signatory.c.organization_id).where(
        _now(signatory),
        signatory.c.union_id == sight.id,
        signatory.c.confirmed_by.is_not(None),
        undisputed(signatory),
        signatory.c.starts_on <= sight.on,
        _not_ended(signatory, sight),
    )


def _own_unions(table: Any, sight: Sight) -> ColumnElement[bool]:
    """A union's own records, which nobody else reads."""
    if sight.kind == "all":
        return true()
    found: ColumnElement[bool] = table.c.union_id == sight.id
    return found if sight.kind == "union" else false()


_CONDITIONS: Final[Mapping[str, Callable[[Sight], ColumnElement[bool]]]] = {
    "organization": _organizations,
    "performer": _performers,
    "work": _works,
    "engagement": _engagements,
    "capture_session": _capture_sessions,
    "replica": _replicas,
    "transfer": _transfers,
    "sale": _sales,
    "custody": _custodies,
    "estimate": _estimates,
    "attestation": _attestations,
    "notice": _notices,
    "use": _uses,
    "grant": _grants,
    "veto": _vetoes,
    "court_order": _court_orders,
    "flag_rule": lambda sight: _own_unions(flag_rule, sight),
    "union_case": lambda sight: _own_unions(union_case, sight),
    "work_day": _work_days,
    "membership": _memberships,
    "signatory": _signatory_rows,
    "edge": _edges,
    "message": _messages,
    "sighting": _sightings,
    "due": lambda sight: _owed(due, sight),
    "payment": lambda sight: _owed(payment, sight),
    "residual_statement": _residual_statements,
    "base_report": _base_reports,
}
