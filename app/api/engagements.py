"""Engagements: who was hired for what, by whom, under which agreement."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, respond
from app.api.models import Decimals, Id, In, Instant, MoneyField, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import Family, HouseCode, KeptIfAbsent, example, page_example
from app.registrar import engagements, objects
from app.registrar.engagements import NewEngagement, PayRate

router = api_router("engagements")

RoleClass = Literal["principal", "background", "stunt", "voice", "singer", "model"]

_ENGAGEMENT = {
    "id": "eng_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "role_class": "principal",
    "character": "Captain Reyes",
    "agreement": "sag-aftra/tv-theatrical",
    "union_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "engaged_at": "2026-07-10T12:00:00.000000Z",
    "contract_days": "40",
    "covered_days": "0",
    "stated_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "confirmed_by": None,
    "disputed_by": None,
    "confirmed_at": None,
    "disputed_at": None,
    "rate": {"kind": "daily", "amount": {"amount": "1283.00", "currency": "USD"}},
}


class RateIn(In):
    """What it pays; without an amount, scale."""

    kind: Literal["daily", "weekly", "episodic", "flat"]
    amount: MoneyField | None = None


class EngagementIn(In):
    """A performer hired for a work; the agreement left out is the work's."""

    model_config = example(
        {
            "performer": _ENGAGEMENT["performer_id"],
            "work": _ENGAGEMENT["work_id"],
            "role_class": "principal",
            "rate": {"kind": "daily"},
        }
    )

    performer: Id
    work: Id
    role_class: RoleClass = "principal"
    character: Name | None = None
    agreement: Family | None = None
    engaged_at: Instant | None = Field(default=None, description="Left out: now.")
    rate: RateIn | None = None
    contract_days: Decimals | None = None
    covered_days: Decimals = Field(
        default="0", description="Days already paid that a replica's work may fall on."
    )
    ref: HouseCode | None = None


class EngagementChangeIn(In):
    """What changes; members that are left out stay."""

    model_config = example({"covered_days": "2"})

    role_class: Annotated[RoleClass | None, KeptIfAbsent] = None
    character: Name | None = None
    agreement: Family | None = None
    engaged_at: Annotated[Instant | None, KeptIfAbsent] = None
    rate: RateIn | None = None
    contract_days: Decimals | None = None
    covered_days: Annotated[Decimals | None, KeptIfAbsent] = None


class RateOut(Out):
    """What an engagement pays."""

    kind: str
    amount: dict[str, str] | None


class EngagementOut(Out):
    """An engagement, without its pay for those whom that does not concern."""

    model_config = example(_ENGAGEMENT)

    id: str
    version: int
    performer_id: str
    work_id: str
    producer_id: str
    role_class: RoleClass
    character: str | None
    agreement: str | None
    union_id: str | None
    engaged_at: Instant
    contract_days: str | None
    covered_days: str
    stated_by: str | None
    confirmed_by: str | None
    disputed_by: str | None
    confirmed_at: Instant | None
    disputed_at: Instant | None
    rate: RateOut | None = None


class EngagementsOut(Out):
    """A page of engagements."""

    model_config = page_example(_ENGAGEMENT)

    data: list[EngagementOut]
    next_cursor: str | None


@router.post(
    "/v1/engagements",
    status_code=201,
    response_model=EngagementOut,
    summary="State that a performer was hired",
    **policy("engagements.record"),
)
def record_engagement(request: Request, body: EngagementIn, caller: Caller) -> Response:
    """By the producer. The union across the table is that of the producer's own agreement."""
    new = new_engagement(body)
    return act(request, caller, lambda tx: engagements.record(tx, caller, new))


@router.get(
    "/v1/engagements",
    response_model=EngagementsOut,
    summary="List engagements",
    **policy("engagements.list"),
)
def list_engagements(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    performer: Annotated[str | None, Query(max_length=64)] = None,
    work: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Those that the caller may see, of one performer or work where named."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(
        looking, "engagement", page.before, page.fetch, performer_id=performer, work_id=work
    )
    return paged(request, page, [engagements.view(caller, row) for row in found])


@router.get(
    "/v1/engagements/{engagement_id}",
    response_model=EngagementOut,
    summary="Read an engagement",
    **policy("engagements.read"),
)
def read_engagement(
    request: Request, engagement_id: str, caller: Caller, session: Reads
) -> Response:
    """Pay is shown to the sides of it alone."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "engagement", engagement_id)
    value = {**engagements.view(caller, row), "refs": objects.codes_of(looking, row["id"])}
    return respond(value, headers={"ETag": objects.etag_of(row)})


@router.patch(
    "/v1/engagements/{engagement_id}",
    response_model=EngagementOut,
    summary="Correct an engagement",
    **policy("engagements.change"),
)
def change_engagement(
    request: Request, engagement_id: str, body: EngagementChangeIn, caller: Caller, read: IfMatch
) -> Response:
    """What was confirmed before has to be confirmed again."""
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "rate" in changes:
        changes["rate"] = _rate(body.rate)
    return act(
        request, caller, lambda tx: engagements.change(tx, caller, engagement_id, changes, read)
    )


@router.post(
    "/v1/engagements/{engagement_id}/confirmation",
    response_model=EngagementOut,
    summary="Confirm an engagement",
    **policy("engagements.answer"),
)
def confirm_engagement(request: Request, engagement_id: str, caller: Caller) -> Response:
    """By the performer, the union whose agreement it is under, or to settle it, the office."""
    return act(request, caller, lambda tx: engagements.answer(tx, caller, engagement_id, "confirm"))


@router.post(
    "/v1/engagements/{engagement_id}/dispute",
    response_model=EngagementOut,
    summary="Dispute an engagement",
    **policy("engagements.answer"),
)
def dispute_engagement(request: Request, engagement_id: str, caller: Caller) -> Response:
    """By the performer, or the union whose agreement it is under."""
    return act(request, caller, lambda tx: engagements.answer(tx, caller, engagement_id, "dispute"))


def new_engagement(body: EngagementIn) -> NewEngagement:
    """An engagement as the registrar is told."""
    return NewEngagement(
        performer=body.performer,
        work=body.work,
        role_class=body.role_class,
        character=body.character,
        agreement=body.agreement,
        engaged_at=body.engaged_at,
        rate=_rate(body.rate),
        contract_days=None if body.contract_days is None else Decimal(body.contract_days),
        covered_days=Decimal(body.covered_days),
        ref=body.ref,
    )


def _rate(body: RateIn | None) -> PayRate | None:
    if body is None:
        return None
    return PayRate(body.kind, None if body.amount is None else body.amount.value())
