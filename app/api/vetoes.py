"""Vetoes of unions, and court orders."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, preview, respond
from app.api.exports import also_file
from app.api.models import (
    Day,
    Hash,
    Id,
    In,
    Instant,
    Label,
    Name,
    Out,
    Rule,
    UseName,
    Words,
)
from app.api.pagination import Page, paged
from app.api.shapes import Family, example, page_example
from app.registrar import court_orders, objects, vetoes
from app.registrar.court_orders import NewOrder
from app.registrar.vetoes import Waiver
from app.rules.facts import VetoScope
from app.rules.vetoes import Request as VetoRequest
from app.rules.vetoes import Ruling

router = api_router("vetoes")

State = Literal["proposed", "in_force", "appealed", "lifted", "overruled"]
Kind = Literal["policy", "strike", "posthumous", "transfer", "synthetic", "grievance"]

_AT = "2026-11-21T12:00:00.000000Z"
_WORK = "work_01k9zq3v5rfm8t4cy2x7d6ahwe"
_SCOPE: dict[str, Any] = {
    "performer": None,
    "work": _WORK,
    "uses": [],
    "studio": None,
    "agreement": None,
    "unit": None,
    "all_members": False,
}
_VETO: dict[str, Any] = {
    "id": "veto_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "number": "V-31",
    "union_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwg",
    "kind": "policy",
    "basis": "RG-03",
    "authority": "resolution 12 of the board",
    "effect": "block",
    "timing": "prospective",
    "starts_at": _AT,
    "review_by": "2027-02-15",
    "state": "in_force",
    "lifted_at": None,
    "reason": "New uses wait until the talks are over.",
    "exceptions": [],
    "scope": _SCOPE,
    "effect_now": "block",
    "wide": True,
    "emergency": False,
    "second_due": None,
    "seconded_at": _AT,
    "narrowings": [],
    "renewals": [],
    "appeals": [],
    "appeal_to": None,
    "appeal_until": "2026-12-06T00:00:00.000000Z",
    "recorded_idx": 61,
}
_APPEALED: dict[str, Any] = {
    "id": "appeal_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "at": _AT,
    "decided_at": None,
    "outcome": None,
    "decided_by": None,
    "document_hash": None,
}
_LINE = {
    "id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": _WORK,
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "use": "stunt",
    "shot": "NV_045_0010",
    "state": "cleared",
}
_GROUP = {
    "work_id": _WORK,
    "title": "NOVA",
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "use": "stunt",
    "state": "cleared",
    "count": 1,
}
_PREVIEW = {
    name: value
    for name, value in _VETO.items()
    if name not in {"id", "version", "number", "recorded_idx", "seconded_at", "effect_now"}
} | {
    "state": "proposed",
    "takes_second": True,
    "flagged_because": None,
    "affected": 1,
    "groups": [_GROUP],
    "uses": [_LINE],
}
_ORDER = {
    "id": "order_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "reference": "2 CIV 1234/26",
    "performer_id": None,
    "work_id": _WORK,
    "studio_id": None,
    "starts_at": _AT,
    "ends_at": None,
    "affected": [_LINE],
    "log_index": 71,
}


class ScopeIn(In):
    """What a veto reaches: everything that is given must match; a work reaches all below it."""

    model_config = example({"work": _WORK})

    performer: Id | None = None
    work: Id | None = None
    uses: list[UseName] = Field(default_factory=list, max_length=13)
    studio: Id | None = None
    agreement: Family | None = None
    unit: Label | None = None
    all_members: bool = False

    def value(self) -> VetoScope:
        """The scope as rules read it, with names as they were given."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return VetoScope(**{**said, "uses": tuple(self.uses)})


class GroundsIn(In):
    """On what a veto rests, by whose authority, and when it is looked at again."""

    kind: Kind
    basis: Rule = ""
    authority: Words | Literal[""] = ""
    reason: Words | Literal[""] = ""
    effect: Literal["block", "flag"] = "block"
    timing: Literal["prospective", "full"] = "prospective"
    starts_at: Instant | None = Field(default=None, description="Now, where it is left out.")
    review_by: Day | None = Field(
        default=None, description="A policy veto names it, at most 90 days ahead."
    )
    emergency: bool = Field(
        default=False,
        description="A wide one that is in force at once; without the second officer it only flags"
        " after 24 hours.",
    )
    appeal_to: Id | None = Field(
        default=None, description="Who on record decides appeals; else an award from outside does."
    )

    def over(self, scope: VetoScope) -> VetoRequest:
        """What the registrar is asked for."""
        return VetoRequest(
            kind=self.kind,
            basis=self.basis,
            authority=self.authority,
            scope=scope,
            reason=self.reason,
            effect=self.effect,
            timing=self.timing,
            starts_at=self.starts_at,
            review_by=self.review_by,
            emergency=self.emergency,
            appeal_to=self.appeal_to,
        )


class VetoIn(GroundsIn):
    """A veto says on what it rests, by whose authority, and when it is looked at again."""

    model_config = example(
        {
            "kind": "policy",
            "basis": "RG-03",
            "authority": "resolution 12 of the board",
            "scope": {"work": _WORK},
            "reason": "New uses wait until the talks are over.",
            "review_by": "2027-02-15",
        }
    )

    scope: ScopeIn

    def value(self) -> VetoRequest:
        """What the registrar is asked for."""
        return self.over(self.scope.value())


class LiftIn(In):
    """Why, in the union's words; it need not be said."""

    model_config = example({"reason": "The talks are over."})

    reason: Words | None = None


class NarrowingIn(In):
    """The smaller scope."""

    model_config = example({"scope": {"work": _WORK, "uses": ["train_model"]}})

    scope: ScopeIn


class RenewalIn(In):
    """The next day on which it is looked at."""

    model_config = example({"review_by": "2027-05-01"})

    review_by: Day


class AppealIn(In):
    """Why the veto should not stand."""

    model_config = example({"argument": "The shots were made before the talks began."})

    argument: Words


class AwardIn(In):
    """What was decided on the appeals, and the hash of the document that says so."""

    model_config = example(
        {"outcome": "overruled", "document_hash": "9" * 64, "starts_at": "2026-12-01T00:00:00Z"}
    )

    outcome: Literal["upheld", "overruled", "narrowed"]
    document_hash: Hash = Field(description="SHA-256 of the decision or award, in hex.")
    decided_by: Id | None = Field(
        default=None,
        description="The third party that the veto names; left out for an award from outside.",
    )
    starts_at: Instant | None = Field(
        default=None, description="Of `overruled`: from when. Now, where it is left out."
    )
    scope: ScopeIn | None = Field(
        default=None, description="Of `narrowed`: what the veto still reaches."
    )

    def value(self) -> Ruling:
        """What the registrar is asked to record."""
        return Ruling(
            outcome=self.outcome,
            document_hash=self.document_hash,
            recorded_by="",
            decided_by=self.decided_by,
            starts_at=self.starts_at,
            scope=None if self.scope is None else self.scope.value(),
        )


class ExceptionIn(In):
    """A waiver or an interim agreement: the veto does not reach this work or studio."""

    model_config = example({"work": _WORK, "basis": "interim agreement of 20 November"})

    work: Id | None = None
    studio: Id | None = None
    basis: Words
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class CourtOrderIn(In):
    """What a court ordered; it stops uses that match all that is named."""

    model_config = example({"reference": "2 CIV 1234/26", "work": _WORK})

    reference: Name
    performer: Id | None = None
    work: Id | None = None
    studio: Id | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class UseLineOut(Out):
    """A use on a list of what a block stops."""

    id: str
    performer_id: str | None
    work_id: str
    producer_id: str
    use: str
    shot: str | None
    state: str


class AppealOut(Out):
    """An appeal against a veto, and what was decided on it."""

    model_config = example(_APPEALED)

    id: str
    at: Instant
    decided_at: Instant | None
    outcome: Literal["upheld", "overruled", "narrowed"] | None
    decided_by: str | None
    document_hash: str | None


class VetoOut(Out):
    """A veto on record."""

    model_config = example(_VETO)

    id: str
    version: int
    number: str
    union_id: str
    kind: Kind
    basis: str
    authority: str
    scope: dict[str, Any]
    effect: Literal["block", "flag"]
    timing: Literal["prospective", "full"]
    starts_at: Instant
    review_by: Day | None
    state: State
    lifted_at: Instant | None
    reason: str
    exceptions: list[dict[str, Any]]
    effect_now: Literal["block", "flag", "none"] = Field(
        description="What it does now: a proposed, lapsed or unconfirmed one only flags."
    )
    wide: bool
    emergency: bool
    second_due: Instant | None = Field(
        description="Of an emergency: until when the second officer has to confirm it."
    )
    seconded_at: Instant | None
    narrowings: list[dict[str, Any]]
    renewals: list[dict[str, Any]]
    appeals: list[AppealOut]
    appeal_to: str | None
    appeal_until: Instant


class IssuedVetoOut(VetoOut):
    """A veto, and how many registered uses that the caller may see it stops."""

    model_config = example(_VETO | {"affected": 3, "log_index": 61})

    affected: int


class AffectedGroupOut(Out):
    """How many uses of one work, studio, kind and state a veto would stop."""

    model_config = example(_GROUP)

    work_id: str
    title: str
    producer_id: str
    use: str
    state: str
    count: int


class PreviewOut(Out):
    """What a veto would come to, and what it would stop once nothing is missing."""

    model_config = example(_PREVIEW)

    union_id: str
    kind: Kind
    scope: dict[str, Any]
    state: State
    effect: Literal["block", "flag"]
    starts_at: Instant
    review_by: Day | None
    appeal_until: Instant
    takes_second: bool
    flagged_because: str | None
    affected: int
    groups: list[AffectedGroupOut]
    uses: list[UseLineOut]


class LiftedVetoOut(VetoOut):
    """A veto that ended, and what each use that it held would be answered now."""

    model_config = example(
        _VETO
        | {
            "state": "lifted",
            "lifted_at": _AT,
            "redecided": [_LINE | {"outcome": "allow_with_obligations"}],
            "log_index": 62,
        }
    )

    redecided: list[dict[str, Any]]


_READ_ORDER = {k: v for k, v in _ORDER.items() if k not in {"affected", "log_index"}}


class VetoesOut(Out):
    """A page of vetoes."""

    model_config = page_example(_VETO)

    data: list[VetoOut]
    next_cursor: str | None


class AffectedLineOut(UseLineOut):
    """A use on the list; once it was let go, what it was answered then, and when."""

    outcome: str | None
    decided_at: Instant | None


class AffectedOut(Out):
    """The uses on the list of a block."""

    model_config = example({"data": [_LINE | {"outcome": "allow", "decided_at": _AT}]})

    data: list[AffectedLineOut]


class ReadCourtOrderOut(Out):
    """A court order on record."""

    model_config = example(_READ_ORDER)

    id: str
    version: int
    reference: str
    performer_id: str | None
    work_id: str | None
    studio_id: str | None
    starts_at: Instant
    ends_at: Instant | None


class CourtOrdersOut(Out):
    """A page of court orders."""

    model_config = page_example(_READ_ORDER)

    data: list[ReadCourtOrderOut]
    next_cursor: str | None


class CourtOrderOut(ReadCourtOrderOut):
    """A court order on record, and the uses that it stops."""

    model_config = example(_ORDER)

    affected: list[UseLineOut]
    log_index: int


@router.post(
    "/v1/vetoes",
    status_code=201,
    response_model=IssuedVetoOut,
    summary="Veto uses",
    **policy("vetoes.issue"),
)
def issue_veto(request: Request, body: VetoIn, caller: Caller) -> Response:
    """In force at once; a wide one only flags until a second officer confirms it."""
    return act(request, caller, lambda tx: vetoes.issue(tx, caller, body.value()))


@router.post(
    "/v1/vetoes/preview",
    response_model=PreviewOut,
    summary="See what a veto would reach",
    **policy("vetoes.preview"),
)
def preview_veto(request: Request, body: VetoIn, caller: Caller) -> Response:
    """Runs the act and undoes it: nothing is recorded, and so there is no id and no number."""
    return preview(request, caller, lambda tx: vetoes.preview(tx, caller, body.value()))


@router.get("/v1/vetoes", response_model=VetoesOut, summary="List vetoes", **policy("vetoes.list"))
def list_vetoes(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    state: Annotated[State | None, Query()] = None,
) -> Response:
    """Those that concern the caller, newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "veto", page.before, page.fetch, state=state)
    return paged(request, page, [vetoes.view(row, now(request)) for row in found])


@router.get(
    "/v1/vetoes/{veto_id}", response_model=VetoOut, summary="Read a veto", **policy("vetoes.read")
)
def read_veto(request: Request, veto_id: str, caller: Caller, session: Reads) -> Response:
    """With its exceptions and until when it can be appealed."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "veto", veto_id)
    return respond(vetoes.view(row, now(request)), headers={"ETag": objects.etag_of(row)})


@router.get(
    "/v1/vetoes/{veto_id}/affected",
    response_model=AffectedOut,
    summary="List the uses that a veto stops",
    **also_file(policy("vetoes.read")),
)
def list_affected(request: Request, veto_id: str, caller: Caller, session: Reads) -> Response:
    """As far as the caller may see them."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "veto", veto_id)
    return respond({"data": vetoes.affected(looking, row["id"])})


@router.post(
    "/v1/vetoes/{veto_id}/confirmation",
    response_model=IssuedVetoOut,
    summary="Confirm a wide veto as the second officer",
    **policy("vetoes.confirm"),
)
def confirm_veto(request: Request, veto_id: str, caller: Caller) -> Response:
    """In force from then on, never from before."""
    return act(request, caller, lambda tx: vetoes.confirm(tx, caller, veto_id))


@router.post(
    "/v1/vetoes/{veto_id}/lift",
    response_model=LiftedVetoOut,
    summary="Lift a veto",
    **policy("vetoes.lift"),
)
def lift_veto(
    request: Request, veto_id: str, caller: Caller, body: LiftIn | None = None
) -> Response:
    """What it held is decided again, and the answer lists each use with its outcome."""
    reason = body.reason if body else None
    return act(request, caller, lambda tx: vetoes.lift(tx, caller, veto_id, reason))


@router.post(
    "/v1/vetoes/{veto_id}/narrowing",
    response_model=LiftedVetoOut,
    summary="Make a veto reach less",
    **policy("vetoes.narrow"),
)
def narrow_veto(request: Request, veto_id: str, body: NarrowingIn, caller: Caller) -> Response:
    """The new scope has to lie within the old one; what falls out of it is decided again."""
    return act(request, caller, lambda tx: vetoes.narrow(tx, caller, veto_id, body.scope.value()))


@router.post(
    "/v1/vetoes/{veto_id}/renewal",
    response_model=IssuedVetoOut,
    summary="Give a veto another review day",
    **policy("vetoes.renew"),
)
def renew_veto(request: Request, veto_id: str, body: RenewalIn, caller: Caller) -> Response:
    """A policy veto that nobody renews falls to a flag; a strike does not."""
    return act(request, caller, lambda tx: vetoes.renew(tx, caller, veto_id, body.review_by))


@router.post(
    "/v1/vetoes/{veto_id}/appeal",
    response_model=IssuedVetoOut,
    summary="Appeal a veto",
    **policy("vetoes.appeal"),
)
def appeal_veto(request: Request, veto_id: str, body: AppealIn, caller: Caller) -> Response:
    """Within 14 days; it stays in force meanwhile."""
    return act(request, caller, lambda tx: vetoes.appeal(tx, caller, veto_id, body.argument))


@router.post(
    "/v1/vetoes/{veto_id}/award",
    response_model=LiftedVetoOut,
    summary="Record what was decided on the appeals against a veto",
    **policy("vetoes.rule"),
)
def rule_on_veto(request: Request, veto_id: str, body: AwardIn, caller: Caller) -> Response:
    """By the registry's office, which is no party; what the veto let go is decided again."""
    return act(request, caller, lambda tx: vetoes.rule(tx, caller, veto_id, body.value()))


@router.post(
    "/v1/vetoes/{veto_id}/exceptions",
    response_model=IssuedVetoOut,
    summary="Let a work or a studio through",
    **policy("vetoes.except"),
)
def except_from_veto(request: Request, veto_id: str, body: ExceptionIn, caller: Caller) -> Response:
    """A waiver, or an interim agreement in a strike."""
    waiver = Waiver(body.basis, body.work, body.studio, body.starts_at, body.ends_at)
    return act(request, caller, lambda tx: vetoes.except_(tx, caller, veto_id, waiver))


@router.post(
    "/v1/court-orders",
    status_code=201,
    response_model=CourtOrderOut,
    summary="Put a court order on record",
    **policy("court_orders.record"),
)
def record_court_order(request: Request, body: CourtOrderIn, caller: Caller) -> Response:
    """It stops finished uses too."""
    new = NewOrder(
        reference=body.reference,
        performer=body.performer,
        work=body.work,
        studio=body.studio,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
    )
    return act(request, caller, lambda tx: court_orders.record(tx, caller, new))


@router.get(
    "/v1/court-orders",
    response_model=CourtOrdersOut,
    summary="List court orders",
    **policy("court_orders.list"),
)
def list_court_orders(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """Those that name the caller or stop their uses."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "court_order", page.before, page.fetch)
    return paged(request, page, [court_orders.view(row) for row in found])


@router.get(
    "/v1/court-orders/{order_id}",
    response_model=ReadCourtOrderOut,
    summary="Read a court order",
    **policy("court_orders.read"),
)
def read_court_order(request: Request, order_id: str, caller: Caller, session: Reads) -> Response:
    """For whom it names and whose uses it stops."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "court_order", order_id)
    return respond(court_orders.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/court-orders/{order_id}/end",
    response_model=CourtOrderOut,
    summary="End a court order",
    **policy("court_orders.end"),
)
def end_court_order(request: Request, order_id: str, caller: Caller) -> Response:
    """What it stopped is decided again."""
    return act(request, caller, lambda tx: court_orders.end(tx, caller, order_id))
