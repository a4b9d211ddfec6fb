"""Who may veto what: what a request must say, standing, the life of a veto."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from app.rules.blocks import BLOCK, FLAG
from app.rules.days import day_of
from app.rules.facts import (
    Appeal,
    CourtOrder,
    Facts,
    Narrowing,
    Organization,
    Renewal,
    Veto,
    VetoException,
    VetoScope,
    Work,
)
from app.rules.reasons import plain
from app.rules.refusals import FieldError, Refusal
from app.rules.standing import refusals, studios_of
from app.rules.uses import USES
from app.rules.veto_terms import appeal_until, awaits_second, lapses, review_by_at, scope_at

KINDS: Final = ("policy", "strike", "posthumous", "transfer", "synthetic", "grievance")
EFFECTS: Final = ("block", "flag")
TIMINGS: Final = ("prospective", "full")
STATES: Final = ("proposed", "in_force", "appealed", "lifted", "overruled")

# A policy veto is looked at again within this many days; another kind, which does not lapse,
# reminds then unless it names its own day.
REVIEW_DAYS: Final = 90
# Days before the review on which whoever has to look again is reminded.
REMINDER_DAYS: Final = (14, 7, 1)
# What an appeal can come to. One that is not decided leaves the veto in force.
UPHELD: Final = "upheld"
OVERRULED: Final = "overruled"
NARROWED: Final = "narrowed"

# Act and state before, to who may do it and the state after.
TRANSITIONS: Final[Mapping[tuple[str, str], tuple[frozenset[str], str]]] = MappingProxyType(
    {
        ("confirm", "proposed"): (frozenset({"union"}), "in_force"),
        ("lift", "proposed"): (frozenset({"union"}), "lifted"),
        ("lift", "in_force"): (frozenset({"union"}), "lifted"),
        ("lift", "appealed"): (frozenset({"union"}), "lifted"),
        ("appeal", "in_force"): (frozenset({"studio", "performer"}), "appealed"),
        # Each whom it stops has an appeal of their own.
        ("appeal", "appealed"): (frozenset({"studio", "performer"}), "appealed"),
        # It stays in force while somebody else decides, and after they upheld it.
        ("uphold", "appealed"): (frozenset({"registry_admin"}), "in_force"),
        ("overrule", "appealed"): (frozenset({"registry_admin"}), "overruled"),
        ("narrow_on_appeal", "appealed"): (frozenset({"registry_admin"}), "in_force"),
        ("narrow", "proposed"): (frozenset({"union"}), "proposed"),
        ("narrow", "in_force"): (frozenset({"union"}), "in_force"),
        ("narrow", "appealed"): (frozenset({"union"}), "appealed"),
        ("renew", "in_force"): (frozenset({"union"}), "in_force"),
        ("renew", "appealed"): (frozenset({"union"}), "appealed"),
        ("except", "proposed"): (frozenset({"union"}), "proposed"),
        ("except", "in_force"): (frozenset({"union"}), "in_force"),
        ("except", "appealed"): (frozenset({"union"}), "appealed"),
    }
)

_RULINGS: Final[Mapping[str, str]] = MappingProxyType(
    {UPHELD: "uphold", OVERRULED: "overrule", NARROWED: "narrow_on_appeal"}
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a union officer asks for. ``starts_at`` left out means now."""

    kind: str
    basis: str
    authority: str
    scope: VetoScope
    reason: str
    effect: str = BLOCK
    timing: str = "prospective"
    starts_at: datetime | None = None
    review_by: date | None = None
    # A wide one that is in force at once, and a flag after a day without its second officer.
    emergency: bool = False
    # Who on record decides appeals, if anybody.
    appeal_to: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided on an appeal, by whom, and the document that proves it."""

    outcome: str
    document_hash: str
    recorded_by: str
    # The named third party; ``None``: somebody outside, by an award.
    decided_by: str | None = None
    # Of an overruled veto: from when it stops nothing. ``None``: from now on.
    starts_at: datetime | None = None
    scope: VetoScope | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A veto as it goes on record. ``flagged_because`` says why one that was to stop only flags."""

    request: Request
    state: str  # proposed | in_force
    effect: str
    starts_at: datetime
    review_by: date
    head: tuple[str, str]
    wide: bool = False
    flagged_because: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing goes on record: ``errors`` in what was said, or ``refusals`` of who says it."""

    errors: tuple[FieldError, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def admit(
    request: Request,
    facts: Facts,
    *,
    union_id: str,
    binding_rules: frozenset[str],
    units: Sequence[str],
    as_of: datetime,
) -> Admitted | Rejected:
    """Judge the request of an officer of ``union_id``.

    ``facts`` hold what the scope names: organizations, the work, the performer with memberships,
    engagements and representations, and signatories. ``binding_rules`` are the ids of the rules of
    every pack of `app.rules.standing.families_of`, ``units`` those of the agreement in the scope.
    """
    wide = is_wide(request.scope, facts.works)
    errors = (
        *_errors(request, as_of),
        *unit_errors(request.scope, units),
        *_emergency_errors(request, wide=wide),
    )
    if errors:
        return Rejected(errors=errors)
    refused = refusals(
        request.scope,
        facts,
        union_id=union_id,
        posthumous=request.kind == "posthumous",
        as_of=as_of,
    )
    if refused:
        return Rejected(refusals=refused)
    starts_at = request.starts_at or as_of
    weak = _weak_basis(request, facts, binding_rules, day_of(starts_at), wide=wide)
    return Admitted(
        request=request,
        state="proposed" if wide and not request.emergency else "in_force",
        effect=FLAG if weak else request.effect,
        starts_at=starts_at,
        review_by=request.review_by or day_of(starts_at) + timedelta(days=REVIEW_DAYS),
        head=head_of(request.scope, union_id),
        wide=wide,
        flagged_because=weak,
    )


def unit_errors(scope: VetoScope, units: Sequence[str]) -> Iterator[FieldError]:
    """What is wrong with the unit of a scope; ``units`` are those of the agreement that it names.

    An unknown unit is refused, for a block on it would reach nobody and nobody would see that.
    """
    if scope.unit is None:
        return
    if scope.agreement is None:
        yield FieldError("/scope/agreement", "required", "a unit is a unit of an agreement")
    elif not units:
        said = f"no units of `{scope.agreement}` are on file here"
        yield FieldError("/scope/unit", "unknown", said)
    elif scope.unit not in units:
        said = f"`{scope.unit}` is no unit of this agreement; its units are {', '.join(units)}"
        yield FieldError("/scope/unit", "unknown", said)


def is_wide(scope: VetoScope, works: Iterable[Work]) -> bool:
    """Whether the scope reaches beyond one performer or production, and so takes two officers."""
    if scope.performer is not None:
        return False
    if scope.work is None:
        return True
    return any(w.id == scope.work and w.kind == "franchise" for w in works)


def head_of(scope: VetoScope, union_id: str) -> tuple[str, str]:
    """The consent head that every registration in this scope holds, as ``(kind, id)``.

    For a scope that names neither performer nor work it is the union's own: a registration holds
    the heads of all unions with standing, while a studio is also reached through works that it owns
    and does not produce.
    """
    if scope.performer is not None:
        return ("performer", scope.performer)
    if scope.work is not None:
        return ("work", scope.work)
    return ("organization", union_id)


def head_of_order(order: CourtOrder) -> tuple[str, str]:
    """The consent head of a court order; of one against a studio, the head that all share."""
    if order.performer_id is not None:
        return ("performer", order.performer_id)
    if order.work_id is not None:
        return ("work", order.work_id)
    return ("registry", "registry")


def move(act: str, state: str, role: str) -> str | None:
    """The state after the act, or ``None`` if it cannot be done from there or not by this role."""
    allowed, after = TRANSITIONS.get((act, state), (frozenset(), state))
    return after if role in allowed else None


def seconded(veto: Veto, *, proposed_by: str, by: str, at: datetime) -> Veto | Refusal:
    """The veto with its second officer: in force from then on, never from before."""
    if veto.seconded_at is not None or not (veto.wide or veto.state == "proposed"):
        return Refusal("not_proposed", "This veto is not waiting for a second officer.")
    if veto.state in {"lifted", "overruled"}:
        return Refusal("not_in_force", f"This veto is {veto.state}.")
    if by == proposed_by:
        return Refusal("same_officer", "A second officer must confirm, not the one who proposed.")
    state = "in_force" if veto.state == "proposed" else veto.state
    return replace(veto, state=state, seconded_at=at)


def lifted(veto: Veto, *, at: datetime, state: str = "lifted") -> Veto:
    """The veto ended at ``at``; one that never had its second officer was only ever a flag."""
    effect = FLAG if veto.state == "proposed" else veto.effect
    return replace(veto, state=state, lifted_at=at, effect=effect)


def renewed(veto: Veto, *, review_by: date, at: datetime) -> Veto | FieldError:
    """The veto with another review day; after a lapse it starts anew, sparing what was locked."""
    if not _reviewable(veto.kind, review_by, at):
        return _review_error(veto.kind)
    return replace(veto, renewals=(*veto.renewals, Renewal(at, review_by)))


def narrowed(
    veto: Veto, scope: VetoScope, *, descendants: frozenset[str], at: datetime
) -> Veto | Refusal:
    """The veto with a smaller scope from ``at`` on; ``descendants`` are the works below its own."""
    if not _within(scope, scope_at(veto, at), descendants):
        return Refusal("not_narrower", "This scope reaches something that the veto does not.")
    return replace(veto, narrowings=(*veto.narrowings, Narrowing(at, scope)))


def appealed(veto: Veto, *, id_: str, by: str, at: datetime) -> Veto | Refusal:
    """The veto with one more appeal, of whoever contests it; each has one, within its time."""
    if ("appeal", veto.state) not in TRANSITIONS or awaits_second(veto, at):
        return Refusal("not_appealable", "Only a veto in force can be appealed.")
    until = appeal_until(veto, at)
    if at >= until:
        return Refusal("too_late", f"The time to appeal ended on {plain(until)}.")
    if any(a.by == by for a in veto.appeals):
        return Refusal("appealed_before", "You have appealed this veto; the appeal is on record.")
    return replace(veto, state="appealed", appeals=(*veto.appeals, Appeal(id_, by, at)))


def ruled(
    veto: Veto, ruling: Ruling, *, appeal_to: str | None, descendants: frozenset[str], at: datetime
) -> Veto | Refusal | FieldError:
    """The veto after what was decided on every appeal that is open against it."""
    refused = _unruly(veto, ruling, appeal_to)
    if refused is not None:
        return refused
    wrong = _misruled(veto, ruling)
    if wrong is not None:
        return wrong
    decided = tuple(
        a if a.decided_at is not None else _decided(a, ruling, at) for a in veto.appeals
    )
    _, state = TRANSITIONS[_RULINGS[ruling.outcome], veto.state]
    after = replace(veto, state=state, appeals=decided)
    if ruling.outcome == OVERRULED:
        return replace(after, lifted_at=ruling.starts_at or at)
    if ruling.scope is not None:
        return narrowed(after, ruling.scope, descendants=descendants, at=at)
    return after


def _unruly(veto: Veto, ruling: Ruling, appeal_to: str | None) -> Refusal | None:
    if (_RULINGS[ruling.outcome], veto.state) not in TRANSITIONS:
        return Refusal("not_appealed", "No appeal against this veto is open.")
    if ruling.decided_by not in {None, appeal_to}:
        return Refusal(
            "not_the_third_party",
            "Appeals against this veto are not for them to decide: name the third party that the"
            " veto names, or nobody for an award from outside.",
        )
    return None


def _misruled(veto: Veto, ruling: Ruling) -> FieldError | None:
    if ruling.outcome != OVERRULED and ruling.starts_at is not None:
        return FieldError("/starts_at", "not-overruled", "goes with `overruled` alone")
    if ruling.starts_at is not None and ruling.starts_at < veto.starts_at:
        return FieldError("/starts_at", "out-of-range", "is before the veto started")
    if (ruling.outcome == NARROWED) != (ruling.scope is not None):
        return FieldError("/scope", "narrowed-alone", "goes with `narrowed`, and with it alone")
    return None


def effect_at(veto: Veto, as_of: datetime) -> str:
    """What it does at ``as_of``: ``block``, ``flag``, or ``none`` before its start and after."""
    is_over = veto.lifted_at is not None and as_of >= veto.lifted_at
    if is_over or as_of < veto.starts_at:
        return "none"
    lapsed = lapses(veto.kind, review_by_at(veto, as_of), as_of)
    return FLAG if lapsed or awaits_second(veto, as_of) else veto.effect


def reminder_of(veto: Veto, as_of: datetime) -> int | None:
    """The days of the reminder that is due at ``as_of``: 14, 7 or 1, or 0 once it has lapsed.

    ``None`` where none is. A reminder that was missed is not made up for by a later one.
    """
    review_by = review_by_at(veto, as_of)
    if review_by is None or veto.state in {"lifted", "overruled"}:
        return None
    left = (review_by - day_of(as_of)).days
    if left < 0:
        return 0
    return min((days for days in REMINDER_DAYS if left <= days), default=None)


def _decided(appeal: Appeal, ruling: Ruling, at: datetime) -> Appeal:
    return replace(
        appeal,
        decided_at=at,
        outcome=ruling.outcome,
        decided_by=ruling.decided_by,
        document_hash=ruling.document_hash,
        recorded_by=ruling.recorded_by,
    )


def excepted(veto: Veto, exception: VetoException) -> Veto | FieldError:
    """The veto with one more waiver or interim agreement."""
    if exception.work is None and exception.studio is None:
        return FieldError("/work", "required", "name the work or the studio that is let through")
    if not exception.basis.strip():
        return FieldError("/basis", "required", "say what the exception rests on")
    if exception.ends_at is not None and exception.ends_at <= exception.starts_at:
        return FieldError("/ends_at", "out-of-range", "must be later than `starts_at`")
    return replace(veto, exceptions=(*veto.exceptions, exception))


def _errors(request: Request, as_of: datetime) -> Iterator[FieldError]:
    scope = request.scope
    for name, value in (
        ("basis", request.basis),
        ("authority", request.authority),
        ("reason", request.reason),
    ):
        if not value.strip():
            yield FieldError(f"/{name}", "required", f"a veto states its {name}")
    for name, value, known in (
        ("kind", request.kind, KINDS),
        ("effect", request.effect, EFFECTS),
        ("timing", request.timing, TIMINGS),
    ):
        if value not in known:
            yield FieldError(f"/{name}", "unknown", f"must be one of {', '.join(known)}")
    if request.starts_at is not None and request.starts_at < as_of:
        yield FieldError(
            "/starts_at", "out-of-range", "a veto cannot start before it is on record; leave it out"
        )
    yield from _review_errors(request, as_of)
    yield from _scope_errors(request.kind, scope)


def _emergency_errors(request: Request, *, wide: bool) -> Iterator[FieldError]:
    if not request.emergency:
        return
    if not wide:
        said = "one officer is enough for this scope, so there is nothing to hurry past"
        yield FieldError("/emergency", "not-wide", said)
    if request.starts_at is not None:
        yield FieldError("/starts_at", "not-an-emergency", "an emergency starts now; leave it out")


def _review_errors(request: Request, as_of: datetime) -> Iterator[FieldError]:
    if request.review_by is None:
        if request.kind == "policy":
            yield FieldError("/review_by", "required", "a policy veto names its review day")
    elif not _reviewable(request.kind, request.review_by, request.starts_at or as_of):
        yield _review_error(request.kind)


def _reviewable(kind: str, review_by: date, start: datetime) -> bool:
    first = day_of(start)
    last = first + timedelta(days=REVIEW_DAYS) if kind == "policy" else date.max
    return first < review_by <= last


def _review_error(kind: str) -> FieldError:
    limit = f", and at most {REVIEW_DAYS} days" if kind == "policy" else ""
    return FieldError("/review_by", "out-of-range", f"must be after the day it starts{limit}")


def _scope_errors(kind: str, scope: VetoScope) -> Iterator[FieldError]:
    named = (scope.performer, scope.work, scope.studio, scope.agreement)
    if not scope.all_members and all(name is None for name in named):
        yield FieldError(
            "/scope", "required", "name a performer, work, studio, agreement or all members"
        )
    for i, use in enumerate(scope.uses):
        if use not in USES:
            yield FieldError(f"/scope/uses/{i}", "unknown", f"`{use}` is not a use")
    if kind == "strike" and scope.agreement is None and scope.unit is None:
        yield FieldError("/scope/agreement", "required", "a strike names its agreement")
    if kind == "strike" and scope.unit is None:
        yield FieldError("/scope/unit", "required", "a strike names its unit")
    if kind == "posthumous" and scope.performer is None:
        yield FieldError("/scope/performer", "required", "a posthumous veto names its performer")


def binds(
    basis: str,
    *,
    rules: frozenset[str],
    studios: Iterable[str],
    organizations: Iterable[Organization],
    on: date,
) -> bool:
    """Whether what a veto rests on binds every one of the studios.

    ``rules`` are those of the agreements that bind them. A rule of the registry binds a studio that
    had accepted these by the day ``on``.
    """
    if basis in rules:
        return True
    if not basis.startswith("RG-"):
        return False
    accepted = {o.id for o in organizations if _accepted(o, on)}
    named = frozenset(studios)
    return bool(named) and named <= accepted


def _weak_basis(
    request: Request, facts: Facts, binding_rules: frozenset[str], on: date, *, wide: bool
) -> str | None:
    # Of the narrow ones only a policy is the union's own will; the other kinds rest on an event
    # that the studio can see for itself. So does a strike, however wide.
    own_will = request.kind == "policy" or (wide and request.kind != "strike")
    if not own_will or request.effect == FLAG:
        return None
    studios = studios_of(request.scope, facts)
    if wide and not studios:
        # Which studios it meets is not known yet: each check says whether it binds that one.
        return None
    if binds(
        request.basis,
        rules=binding_rules,
        studios=studios,
        organizations=facts.organizations,
        on=on,
    ):
        return None
    registry = request.basis.startswith("RG-")
    return "registry_rules_not_accepted" if registry else "basis_not_binding"


def _accepted(organization: Organization, on: date) -> bool:
    since = organization.registry_rules_accepted_on
    return since is not None and since <= on


def _within(new: VetoScope, old: VetoScope, descendants: frozenset[str]) -> bool:
    same = (
        (old.performer, new.performer),
        (old.studio, new.studio),
        (old.agreement, new.agreement),
        (old.unit, new.unit),
    )
    return (
        all(before in {None, after} for before, after in same)
        and (old.work in {None, new.work} or new.work in descendants)
        and (not old.uses or (bool(new.uses) and {*new.uses} <= {*old.uses}))
        and (new.all_members or not old.all_members)
    )
