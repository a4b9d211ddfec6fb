"""Who may veto what: what a request must say, standing, the life of a veto."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from app.rules.blocks import BLOCK, FLAG, lapses
from app.rules.days import day_of, start_of
from app.rules.facts import (
    CourtOrder,
    Facts,
    Organization,
    Veto,
    VetoException,
    VetoScope,
    Work,
)
from app.rules.refusals import FieldError, Refusal
from app.rules.standing import refusals, studios_of
from app.rules.uses import USES

KINDS: Final = ("policy", "strike", "posthumous", "transfer", "synthetic", "grievance")
EFFECTS: Final = ("block", "flag")
TIMINGS: Final = ("prospective", "full")
STATES: Final = ("proposed", "in_force", "appealed", "lifted", "overruled")

# A policy veto is looked at again within this many days; another kind, which does not lapse,
# reminds then unless it names its own day.
REVIEW_DAYS: Final = 90
APPEAL_DAYS: Final = 14

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


@dataclass(frozen=True, slots=True)
class Admitted:
    """A veto as it goes on record. ``flagged_because`` says why one that was to stop only flags."""

    request: Request
    state: str  # proposed | in_force
    effect: str
    starts_at: datetime
    review_by: date
    head: tuple[str, str]
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
    as_of: datetime,
) -> Admitted | Rejected:
    """Judge the request of an officer of ``union_id``.

    ``facts`` hold what the scope names: organizations, the work, the performer with memberships,
    engagements and representations, and signatories. ``binding_rules`` are the ids of the rules of
    every pack of `app.rules.standing.families_of`.
    """
    errors = tuple(_errors(request, as_of))
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
    weak = _weak_basis(request, facts, binding_rules, day_of(starts_at))
    return Admitted(
        request=request,
        state="proposed" if is_wide(request.scope, facts.works) else "in_force",
        effect=FLAG if weak else request.effect,
        starts_at=starts_at,
        review_by=request.review_by or day_of(starts_at) + timedelta(days=REVIEW_DAYS),
        head=head_of(request.scope, union_id),
        flagged_because=weak,
    )


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
    if veto.state != "proposed":
        return Refusal("not_proposed", "This veto is not waiting for a second officer.")
    if by == proposed_by:
        return Refusal("same_officer", "A second officer must confirm, not the one who proposed.")
    return replace(veto, state="in_force", starts_at=max(veto.starts_at, at))


def lifted(veto: Veto, *, at: datetime, state: str = "lifted") -> Veto:
    """The veto ended at ``at``; one that never had its second officer was only ever a flag."""
    effect = FLAG if veto.state == "proposed" else veto.effect
    return replace(veto, state=state, lifted_at=at, effect=effect)


def renewed(veto: Veto, *, review_by: date, at: datetime) -> Veto | FieldError:
    """The veto with another review day; after a lapse it starts anew, sparing what was locked."""
    if not _reviewable(veto.kind, review_by, at):
        return _review_error(veto.kind)
    lapsed = lapses(veto.kind, veto.review_by, at)
    return replace(veto, review_by=review_by, starts_at=at if lapsed else veto.starts_at)


def narrowed(veto: Veto, scope: VetoScope, *, descendants: frozenset[str]) -> Veto | Refusal:
    """The veto with a smaller scope; ``descendants`` are the works below the one that it names."""
    if not _within(scope, veto.scope, descendants):
        return Refusal("not_narrower", "This scope reaches something that the veto does not.")
    return replace(veto, scope=scope)


def excepted(veto: Veto, exception: VetoException) -> Veto | FieldError:
    """The veto with one more waiver or interim agreement."""
    if exception.work is None and exception.studio is None:
        return FieldError("/work", "required", "name the work or the studio that is let through")
    if not exception.basis.strip():
        return FieldError("/basis", "required", "say what the exception rests on")
    if exception.ends_at is not None and exception.ends_at <= exception.starts_at:
        return FieldError("/ends_at", "out-of-range", "must be later than `starts_at`")
    return replace(veto, exceptions=(*veto.exceptions, exception))


def appeal_until(veto: Veto) -> datetime:
    """When the time to appeal is over: the end of the fourteenth day after the start, in UTC."""
    last = day_of(veto.starts_at) + timedelta(days=APPEAL_DAYS)
    return start_of(last + timedelta(days=1))


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
    if scope.unit is not None and scope.agreement is None:
        yield FieldError("/scope/agreement", "required", "a unit is a unit of an agreement")
    if kind == "strike" and scope.agreement is None and scope.unit is None:
        yield FieldError("/scope/agreement", "required", "a strike names its agreement")
    if kind == "strike" and scope.unit is None:
        yield FieldError("/scope/unit", "required", "a strike names its unit")
    if kind == "posthumous" and scope.performer is None:
        yield FieldError("/scope/performer", "required", "a posthumous veto names its performer")


def _weak_basis(
    request: Request, facts: Facts, binding_rules: frozenset[str], on: date
) -> str | None:
    # Only a policy is the union's own will; the other kinds rest on an event that the studio can
    # see for itself.
    if request.kind != "policy" or request.effect == FLAG or request.basis in binding_rules:
        return None
    if not request.basis.startswith("RG-"):
        return "basis_not_binding"
    studios = studios_of(request.scope, facts)
    accepted = {o.id for o in facts.organizations if _accepted(o, on)}
    return None if studios and studios <= accepted else "registry_rules_not_accepted"


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
