"""Standing: over whom and what a union may speak, and why it may not, by name."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from app.rules.days import day_of, in_days
from app.rules.facts import Engagement, Facts, Membership, Representation, Signatory, VetoScope
from app.rules.refusals import Refusal

_SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "other_union": (
            "This performer is a member of another union,"
            " and no agreement of yours binds what you named."
        ),
        "former_member": "This performer's membership of your union has ended.",
        "membership_unconfirmed": (
            "This performer has not confirmed the membership of your union that is on record."
        ),
        "membership_disputed": (
            "The membership of your union that is on record for this performer is disputed."
        ),
        "agreement_without_membership": (
            "This performer works under an agreement of yours and is not a member:"
            " name the work, studio or agreement."
        ),
        "no_membership": (
            "This performer is not a member of your union,"
            " and no agreement of yours binds what you named."
        ),
        "foreign_work": "No agreement of your union binds this work.",
        "foreign_studio": "This studio is not signatory to any agreement of your union.",
        "foreign_agreement": "Your union is not party to this agreement.",
        "not_deceased": "A posthumous veto is for a performer whose death is on record.",
        "estate_proven": "An estate is proven for this performer, and answers in their place.",
    }
)


def standing_unions(
    facts: Facts,
    *,
    performer: str | None,
    producer: str | None,
    families: frozenset[str],
    as_of: datetime,
) -> frozenset[str]:
    """Unions with standing over a use that ``families`` bind: by membership or agreement.

    A dead performer's membership counts as it was on the day of death. One that is disputed counts
    too: what was issued on it stands until the dispute is settled, though nothing new is.
    """
    on = member_day(facts, performer, as_of)
    held = {m.union_id for m in held_by(facts.memberships, performer, on)}
    return frozenset(held).union(
        *(
            party_unions(facts, family, performer=performer, producer=producer, as_of=as_of)
            for family in families
        )
    )


def party_unions(
    facts: Facts, family: str, *, performer: str | None, producer: str | None, as_of: datetime
) -> frozenset[str]:
    """The unions that an agreement gives standing over a use of this producer and performer.

    Several unions may state the same family. Where a signatory or an engagement that somebody
    besides the studio stands behind says which of them is the other side, it is that one; what a
    studio says by itself adds a union and takes none away.
    """
    stating = {o.id for o in facts.organizations if o.kind == "union" and family in o.agreements}
    said: list[Signatory | Engagement] = [
        *(s for s in facts.signatories if s.organization_id == producer),
        *(e for e in facts.engagements if e.performer_id == performer),
    ]
    naming = [s for s in said if s.union_id is not None and s.agreement == family]
    named = {s.union_id for s in naming if s.union_id is not None}
    sure = any(s.confirmed_by is not None and not s.is_disputed(as_of) for s in naming)
    return frozenset(named if sure else named | stating)


def refusals(
    scope: VetoScope, facts: Facts, *, union_id: str, posthumous: bool, as_of: datetime
) -> tuple[Refusal, ...]:
    """Why the union may not speak for what the scope names; empty if it may."""
    codes = _lacks(scope, facts, union_id, as_of)
    dead = _after_death(scope, facts, as_of) if posthumous else ()
    return tuple(Refusal(code, _SENTENCES[code]) for code in (*codes, *dead))


def families_of(scope: VetoScope, facts: Facts, on: date) -> frozenset[str]:
    """The agreements that bind what the scope names, whose rules a veto may rest on."""
    studios = studios_of(scope, facts)
    return frozenset(
        ({scope.agreement} if scope.agreement is not None else set())
        | {w.agreement for w in facts.works if w.id == scope.work and w.agreement is not None}
        | {
            s.agreement
            for s in facts.signatories
            if s.organization_id in studios and in_days(on, s.starts_on, s.ends_on)
        }
        | {e.agreement for e in _engagements(scope, facts) if e.agreement is not None}
    )


def studios_of(scope: VetoScope, facts: Facts) -> frozenset[str]:
    """The studios that the scope is about: the one named, the owner of the work, or employers."""
    if scope.studio is not None:
        return frozenset({scope.studio})
    owners = {w.owner_id for w in facts.works if w.id == scope.work and w.owner_id is not None}
    if owners:
        return frozenset(owners)
    return frozenset(e.producer_id for e in _engagements(scope, facts))


def confirmed(
    memberships: Iterable[Membership], performer_id: str | None, on: date, as_of: datetime
) -> tuple[Membership, ...]:
    """The memberships in force that day that the performer confirmed and nobody disputes."""
    return tuple(m for m in held_by(memberships, performer_id, on) if not m.is_disputed(as_of))


def held_by(
    memberships: Iterable[Membership], performer_id: str | None, on: date
) -> tuple[Membership, ...]:
    """The performer's memberships in force that day that they confirmed, disputed or not."""
    return tuple(
        m
        for m in memberships
        if m.performer_id == performer_id
        and m.confirmed_by is not None
        and in_days(on, m.starts_on, m.ends_on)
    )


def member_day(facts: Facts, performer: str | None, as_of: datetime) -> date:
    """The day whose memberships count: that of ``as_of``, or of death if that was earlier."""
    died_on = _died_on(facts, performer)
    return day_of(as_of) if died_on is None else min(died_on, day_of(as_of))


def estate_proven(facts: Facts, performer: str | None, on: date, at: datetime) -> bool:
    """Whether somebody is proven to answer for the dead performer; a union then no longer does.

    From the proof on, whatever earlier day the right itself began on.
    """
    return any(
        r.verified_by is not None and (r.verified_at is None or r.verified_at <= at)
        for r in estates(facts.representations, performer, on, at)
    )


def estates(
    found: Iterable[Representation], performer: str | None, on: date, at: datetime
) -> tuple[Representation, ...]:
    """Who says at ``at`` that they answer for the dead performer on the day ``on``."""
    return tuple(
        r
        for r in found
        if r.performer_id == performer
        and r.kind in {"estate", "executor"}
        and in_days(on, r.starts_on, r.ends_on)
        and (r.stated_at is None or r.stated_at <= at)
        and (r.withdrawn_at is None or at < r.withdrawn_at)
    )


def contested(found: Iterable[Representation]) -> bool:
    """Whether these claims to one estate are rivals: they rest on different papers.

    Several executors under one will show the same paper. A claim without any is a claim all the
    same.
    """
    papers = {r.document_hash or r.representative_id for r in found}
    return len(papers) > 1


def _lacks(scope: VetoScope, facts: Facts, union_id: str, as_of: datetime) -> Iterator[str]:
    on = day_of(as_of)
    ours = _families_of_union(facts, union_id, on)
    if scope.agreement is not None and scope.agreement not in ours:
        yield "foreign_agreement"
    if scope.performer is not None:
        yield from _over_person(scope, facts, union_id, ours, as_of)
    elif not scope.all_members:
        yield from _over_works(scope, facts, ours, on)


def _over_person(
    scope: VetoScope, facts: Facts, union_id: str, ours: frozenset[str], as_of: datetime
) -> Iterator[str]:
    on = member_day(facts, scope.performer, as_of)
    held = confirmed(facts.memberships, scope.performer, on, as_of)
    if any(m.union_id == union_id for m in held):
        return
    jobs = [e for e in facts.engagements if e.performer_id == scope.performer]
    under_ours = [e for e in jobs if e.agreement in ours or e.union_id == union_id]
    # An agreement gives standing over the uses that it binds and not over the person, so that
    # without membership the scope has to say which uses those are.
    named = [e for e in under_ours if _names_job(scope, e) or scope.agreement in ours]
    if named:
        return
    if (scope.work or scope.studio) and not [*_over_works(scope, facts, ours, on)]:
        return
    mine = [
        m
        for m in facts.memberships
        if m.performer_id == scope.performer and m.union_id == union_id and m.starts_on <= on
    ]
    yield _missing_membership(mine, on, as_of) or _no_membership(under_ours, held)


def _names_job(scope: VetoScope, job: Engagement) -> bool:
    return job.work_id == scope.work or (
        job.producer_id == scope.studio and scope.work in {None, job.work_id}
    )


def _missing_membership(mine: list[Membership], on: date, as_of: datetime) -> str | None:
    current = [m for m in mine if m.ends_on is None or on <= m.ends_on]
    if any(m.is_disputed(as_of) for m in current):
        return "membership_disputed"
    if current:
        return "membership_unconfirmed"
    return "former_member" if mine else None


def _no_membership(under_ours: list[Engagement], held: tuple[Membership, ...]) -> str:
    if under_ours:
        return "agreement_without_membership"
    return "other_union" if held else "no_membership"


def _over_works(scope: VetoScope, facts: Facts, ours: frozenset[str], on: date) -> Iterator[str]:
    if scope.studio is not None and not ours & _signed(facts, {scope.studio}, on):
        yield "foreign_studio"
    if scope.work is not None and not ours & _bound(scope.work, facts, on):
        yield "foreign_work"


def _after_death(scope: VetoScope, facts: Facts, as_of: datetime) -> Iterator[str]:
    on = day_of(as_of)
    died_on = _died_on(facts, scope.performer)
    if died_on is None or died_on > on:
        yield "not_deceased"
    elif estate_proven(facts, scope.performer, on, as_of):
        yield "estate_proven"


def _engagements(scope: VetoScope, facts: Facts) -> tuple[Engagement, ...]:
    if scope.performer is None:
        return ()
    return tuple(
        e
        for e in facts.engagements
        if e.performer_id == scope.performer and scope.work in {None, e.work_id}
    )


def _families_of_union(facts: Facts, union_id: str, on: date) -> frozenset[str]:
    return frozenset(
        {a for o in facts.organizations if o.id == union_id for a in o.agreements}
        | {
            s.agreement
            for s in facts.signatories
            if s.union_id == union_id and in_days(on, s.starts_on, s.ends_on)
        }
    )


def _signed(facts: Facts, studios: set[str], on: date) -> frozenset[str]:
    return frozenset(
        s.agreement
        for s in facts.signatories
        if s.organization_id in studios and in_days(on, s.starts_on, s.ends_on)
    )


def _bound(work: str, facts: Facts, on: date) -> frozenset[str]:
    named = [w for w in facts.works if w.id == work]
    owners = {w.owner_id for w in named if w.owner_id is not None}
    stated = {w.agreement for w in named if w.agreement is not None}
    engaged = {
        e.agreement for e in facts.engagements if e.work_id == work and e.agreement is not None
    }
    return _signed(facts, owners, on) | stated | engaged


def _died_on(facts: Facts, performer: str | None) -> date | None:
    return next((p.died_on for p in facts.performers if p.id == performer), None)
