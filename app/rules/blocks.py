"""What can stop a use from outside its consent: vetoes, performers' pauses, court orders.

All three become a `Block`. What time does to them is derived here at ``as_of`` and written nowhere:
a block that has not started, one that was lifted, a policy veto whose review date has passed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from app.rules.days import day_of
from app.rules.facts import (
    Check,
    CourtOrder,
    Edge,
    Facts,
    Membership,
    Suspension,
    Veto,
    VetoException,
    VetoScope,
)
from app.rules.standing import estate_proven, held_by, member_day, party_unions
from app.rules.veto_terms import (
    LAPSING_KINDS,
    awaits_second,
    is_appealed,
    lapses,
    review_by_at,
    scope_at,
    since,
)
from app.rules.works import ancestors as works_above

BLOCK: Final = "block"
FLAG: Final = "flag"
PROSPECTIVE: Final = "prospective"
FULL: Final = "full"
COURT_ORDER: Final = "court_order"
SUSPENSION: Final = "suspension"

_ENDED_STATES: Final = frozenset({"lifted", "overruled"})


@dataclass(frozen=True, slots=True)
class Block:
    """A veto, suspension or court order that matches a check, in ``[starts_at, ends_at)``."""

    id: str
    # policy | strike | posthumous | transfer | synthetic | grievance | suspension | court_order
    kind: str
    effect: str  # block | flag, as it stands at the instant asked about
    timing: str  # prospective | full
    starts_at: datetime
    # When it was there first: announced, or in force before it lapsed and was renewed.
    came_at: datetime | None = None
    ends_at: datetime | None = None
    review_by: date | None = None
    # Why a block that was issued to stop only flags: review day over, second officer missing, or
    # wide and resting on nothing that binds the studio.
    lapsed: bool = False
    awaits_second: bool = False
    unbound: bool = False
    wide: bool = False
    appealed: bool = False
    union_id: str | None = None
    # Of a suspension: the one grant that it pauses; ``None`` pauses them all.
    grant_id: str | None = None
    number: str = ""
    basis: str = ""
    authority: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Former:
    """Whose the work was, and under what, ``until`` it was sold or something else was said of it.

    ``families`` bound it then, and ``unions`` had standing. A sale that came on record after its
    day ends nothing before it did: whoever says on which day a work was sold would else say which
    blocks stay over it.
    """

    studio: str
    until: datetime
    families: frozenset[str]
    unions: frozenset[str]

    def owned_under(self, block: Block) -> bool:
        """Whether a block was there while they owned the work."""
        return (block.came_at or block.starts_at) < self.until


@dataclass(frozen=True, slots=True)
class _Asked:
    """A check with what was worked out about it."""

    facts: Facts
    check: Check
    works: frozenset[str]  # the work and its ancestors
    studios: frozenset[str]  # the producer and the owner of the work
    families: frozenset[str]
    unions: frozenset[str]
    as_of: datetime
    formers: tuple[Former, ...] = ()

    def under(self, block: Block) -> "_Asked":
        """The same for one block: what it reached it keeps, whoever owns it now."""
        before = [former for former in self.formers if former.owned_under(block)]
        if not before:
            return self
        return replace(
            self,
            studios=self.studios | {former.studio for former in before},
            families=self.families.union(*(former.families for former in before)),
            unions=self.unions.union(*(former.unions for former in before)),
        )


def blocks_at(  # noqa: PLR0913 - what was worked out about a check, each by its name
    facts: Facts,
    check: Check,
    *,
    ancestors: frozenset[str],
    families: frozenset[str],
    unions: frozenset[str],
    as_of: datetime,
    formers: tuple[Former, ...] = (),
) -> tuple[Block, ...]:
    """Every block that matches the check and is in force at ``as_of``, strongest first.

    ``ancestors`` are those of the work at ``as_of`` (the work itself may be left out), ``families``
    the agreements that bind the use, ``unions`` those with standing over it, ``formers`` those who
    owned the work before. A suspension of one grant is among them and carries its ``grant_id``: it
    leaves other grants alone. Whether a locked
    use is reached is `stops`; whether a strike does, depends on whether consent is needed.
    """
    asked = replace(_asked(facts, check, ancestors, families, unions, as_of), formers=formers)
    return _ordered(b for b in _matching(asked) if b.starts_at <= as_of)


def blocks_ahead(  # noqa: PLR0913 - as `blocks_at`
    facts: Facts,
    check: Check,
    *,
    ancestors: frozenset[str],
    families: frozenset[str],
    unions: frozenset[str],
    as_of: datetime,
    formers: tuple[Former, ...] = (),
) -> tuple[Block, ...]:
    """Blocks on record that match the check and start after ``as_of``; arguments as in `blocks_at`.

    A registration adds its use to their lists of affected uses, since no later act will.
    """
    asked = replace(_asked(facts, check, ancestors, families, unions, as_of), formers=formers)
    return _ordered(b for b in _matching(asked) if b.starts_at > as_of)


def weighed(blocks: Iterable[Block], binds: Callable[[Block], bool]) -> tuple[Block, ...]:
    """The blocks, strongest first, of which a wide one only flags where its basis does not bind."""
    return _ordered(
        replace(b, effect=FLAG, unbound=True)
        if b.wide and b.effect == BLOCK and b.kind != "strike" and not binds(b)
        else b
        for b in blocks
    )


def stops(block: Block, locked_at: datetime | None) -> bool:
    """Whether the block stops a use that was locked at ``locked_at`` (``None``: not locked).

    A prospective block spares what was locked before it started; what was locked at that very
    instant is stopped.
    """
    if block.effect != BLOCK:
        return False
    return block.timing == FULL or locked_at is None or locked_at >= block.starts_at


def review_days_left(block: Block, as_of: datetime) -> int | None:
    """Days until the block lapses for want of a review, 0 on the last; ``None``: never, or has."""
    if block.review_by is None or block.lapsed or block.kind not in LAPSING_KINDS:
        return None
    return (block.review_by - day_of(as_of)).days


def under(node: str, work: str, edges: Sequence[Edge], *, since: datetime, until: datetime) -> bool:
    """Whether ``work`` came to be at or below ``node`` in ``[since, until]``.

    Once below means for good: ending or moving an edge takes no work out of a block that had
    reached it, and what is later put below such a work is reached too. Only the issuer can let go,
    by lift, narrowing or exception.
    """
    reached = {node: since}
    grew = True
    while grew:
        grew = False
        for edge in edges:
            if edge.parent not in reached:
                continue
            at = max(reached[edge.parent], edge.valid_from)
            lived = at <= until and (edge.valid_to is None or at < edge.valid_to)
            if lived and (edge.child not in reached or at < reached[edge.child]):
                reached[edge.child] = at
                grew = True
    return work in reached


def _asked(
    facts: Facts,
    check: Check,
    ancestors: frozenset[str],
    families: frozenset[str],
    unions: frozenset[str],
    as_of: datetime,
) -> _Asked:
    studios = {w.owner_id for w in facts.works if w.id == check.work} | {check.producer}
    return _Asked(
        facts=facts,
        check=check,
        works=ancestors | {check.work},
        studios=frozenset(s for s in studios if s is not None),
        families=families,
        unions=unions,
        as_of=as_of,
    )


def _matching(asked: _Asked) -> Iterable[Block]:
    for order in asked.facts.court_orders:
        found = _of_order(order)
        if _open_at(order.ends_at, asked.as_of) and _order_matches(order, asked.under(found)):
            yield found
    for pause in asked.facts.suspensions:
        if _open_at(pause.ends_at, asked.as_of) and pause.performer_id == asked.check.performer:
            yield _of_suspension(pause)
    for veto in asked.facts.vetoes:
        found = _of_veto(veto, asked.as_of)
        then = asked.under(found)
        if _stands(veto, then) and _scope_matches(veto, then) and not _excepted(veto, asked):
            yield found


def _ordered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(
        sorted(blocks, key=lambda b: (b.effect != BLOCK, b.kind != COURT_ORDER, b.starts_at, b.id))
    )


def _open_at(ends_at: datetime | None, as_of: datetime) -> bool:
    return ends_at is None or as_of < ends_at


def _of_order(order: CourtOrder) -> Block:
    return Block(
        id=order.id,
        kind=COURT_ORDER,
        effect=BLOCK,
        timing=FULL,
        starts_at=order.starts_at,
        came_at=_came_at(order),
        ends_at=order.ends_at,
        basis=order.reference,
    )


def _came_at(block: Veto | CourtOrder) -> datetime:
    return min(block.starts_at, block.recorded_at or block.starts_at)


def _of_suspension(pause: Suspension) -> Block:
    return Block(
        id=pause.id,
        kind=SUSPENSION,
        effect=BLOCK,
        timing=PROSPECTIVE,
        starts_at=pause.starts_at,
        ends_at=pause.ends_at,
        grant_id=pause.grant_id,
    )


def _of_veto(veto: Veto, as_of: datetime) -> Block:
    review_by = review_by_at(veto, as_of)
    lapsed = lapses(veto.kind, review_by, as_of)
    alone = awaits_second(veto, as_of)
    return Block(
        id=veto.id,
        kind=veto.kind,
        effect=FLAG if lapsed or alone else veto.effect,
        timing=veto.timing,
        starts_at=since(veto, as_of),
        came_at=_came_at(veto),
        ends_at=veto.lifted_at if veto.state in _ENDED_STATES else None,
        review_by=review_by,
        lapsed=lapsed,
        awaits_second=alone,
        wide=veto.wide,
        appealed=is_appealed(veto, as_of),
        union_id=veto.union_id,
        number=veto.number,
        basis=veto.basis,
        authority=veto.authority,
        reason=veto.reason,
    )


def _stands(veto: Veto, asked: _Asked) -> bool:
    if veto.union_id not in asked.unions:
        return False
    if veto.state in _ENDED_STATES:
        # The state is today's; a question about an earlier instant still meets the veto.
        return veto.lifted_at is not None and asked.as_of < veto.lifted_at
    # A union answers for the dead only while nobody else is proven to.
    on = day_of(asked.as_of)
    estate = estate_proven(asked.facts, asked.check.performer, on, asked.as_of)
    return not (veto.kind == "posthumous" and estate)


def _order_matches(order: CourtOrder, asked: _Asked) -> bool:
    return (
        order.performer_id in {None, asked.check.performer}
        and (order.studio_id is None or order.studio_id in asked.studios)
        and _reaches_work(order.work_id, order, asked)
    )


def _scope_matches(veto: Veto, asked: _Asked) -> bool:
    scope, check = scope_at(veto, asked.as_of), asked.check
    return (
        scope.performer in {None, check.performer}
        and (not scope.uses or check.use in scope.uses)
        and (scope.studio is None or scope.studio in asked.studios)
        and _agreement_matches(scope.agreement, veto.union_id, asked)
        and _members_match(scope, veto.union_id, asked)
        and _reaches_work(scope.work, veto, asked)
    )


def _agreement_matches(family: str | None, union_id: str, asked: _Asked) -> bool:
    """Whether the agreement binds the use, and the union may speak for this person under it.

    Where several unions are on record as party to one agreement and nobody said which of them is
    the studio's other side, each speaks for its own members, and all of them for who is in none.
    """
    if family is None:
        return True
    if family not in asked.families:
        return False
    parties = party_unions(
        asked.facts,
        family,
        performer=asked.check.performer,
        producer=asked.check.producer,
        as_of=asked.as_of,
    )
    held = {m.union_id for m in _held(asked)}
    return union_id in held or (union_id in (parties or asked.unions) and not held & parties)


def _members_match(scope: VetoScope, union_id: str, asked: _Asked) -> bool:
    if not scope.all_members and scope.unit is None:
        return True
    held = tuple(m for m in _held(asked) if m.union_id == union_id)
    if scope.all_members and not held:
        return False
    if scope.unit is None:
        return True
    # Known to be in another unit is the only way out: who works under the agreement and is in no
    # unit on record is in the struck one, for what is not known never allows.
    return not held or any(m.unit in {None, scope.unit} for m in held)


def _held(asked: _Asked) -> tuple[Membership, ...]:
    on = member_day(asked.facts, asked.check.performer, asked.as_of)
    return held_by(asked.facts.memberships, asked.check.performer, on)


def _reaches_work(node: str | None, block: Veto | CourtOrder, asked: _Asked) -> bool:
    if node is None or node in asked.works:
        return True
    # What is announced is known: nothing is taken out from under it before its first day.
    return under(
        node,
        asked.check.work,
        asked.facts.edges,
        since=_came_at(block),
        until=max(block.starts_at, asked.as_of),
    )


def _excepted(veto: Veto, asked: _Asked) -> bool:
    return any(
        e.starts_at <= asked.as_of and _open_at(e.ends_at, asked.as_of) and _lets_through(e, asked)
        for e in veto.exceptions
    )


def _lets_through(exception: VetoException, asked: _Asked) -> bool:
    # A waiver for a studio is for what that studio makes itself, so ownership of the work does not
    # count here. One that names nothing waives nothing.
    if exception.work is None and exception.studio is None:
        return False
    return exception.studio in {None, asked.check.producer} and _is_waived(exception, asked)


def _is_waived(exception: VetoException, asked: _Asked) -> bool:
    # The studio draws the tree, so what it puts below a waived work later is not waived with it.
    if exception.work is None or exception.work == asked.check.work:
        return True
    since = works_above(asked.check.work, asked.facts.edges, exception.starts_at)
    return exception.work in asked.works and exception.work in since
