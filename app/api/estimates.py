"""Estimates: how many shooting days a replica saves."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field, StringConstraints

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Id, In, Instant, Out, Shot, UseName, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import estimates, objects
from app.registrar.estimates import Claim, NewEstimate

router = api_router("estimates")

# Up to 999.99, and more than none: what saves no day needs no estimate.
Days = Annotated[
    str,
    StringConstraints(pattern=r"^([1-9]\d{0,2}(\.\d{1,2})?|0\.(0[1-9]|[1-9]\d?))$"),
    Field(examples=["3", "2.5"], description="Shooting days, more than 0 and below 1,000."),
]

_ESTIMATE = {
    "id": "est_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "use_id": None,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "use": "face_replace",
    "shot": None,
    "days": "3",
    "basis": "Three shooting days of aerial stunts, scenes 40 to 60.",
    "state": "proposed",
    "author_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "stated_at": "2026-11-21T12:00:00.000000Z",
    "claimed_days": None,
    "claim": None,
    "disputed_at": None,
    "settled_at": None,
    "days_before": None,
}


class EstimateIn(In):
    """Of a registered use (`use_id`), or of a plan (`performer`, `work`, `use`, `shot`)."""

    model_config = example(
        {
            "performer": _ESTIMATE["performer_id"],
            "work": _ESTIMATE["work_id"],
            "use": "face_replace",
            "days": "3",
            "basis": _ESTIMATE["basis"],
        }
    )

    days: Days
    basis: Words
    use_id: Id | None = None
    performer: Id | None = None
    work: Id | None = None
    use: UseName | None = None
    shot: Shot | None = None


class ClaimIn(In):
    """What the count should be instead, and why; both can be left open."""

    model_config = example({"days": "5", "words": "Two days of rehearsal were saved as well."})

    days: Days | None = None
    words: Words | None = None


class ResolutionIn(In):
    """The days that the sides, or who decided between them, came to."""

    model_config = example({"days": "2.5", "basis": "Settled between the parties on 3 December."})

    days: Days
    basis: Words


class EstimateOut(Out):
    """An estimate."""

    model_config = example(_ESTIMATE)

    id: str
    version: int
    use_id: str | None
    performer_id: str | None
    work_id: str | None
    use: str | None
    shot: str | None
    days: str
    basis: str
    state: Literal["proposed", "agreed", "disputed", "resolved"]
    author_id: str
    stated_at: Instant | None
    claimed_days: str | None
    claim: str | None
    disputed_at: Instant | None
    settled_at: Instant | None
    days_before: str | None


class EstimatesOut(Out):
    """A page of estimates."""

    model_config = page_example(_ESTIMATE)

    data: list[EstimateOut]
    next_cursor: str | None


@router.post(
    "/v1/estimates",
    status_code=201,
    response_model=EstimateOut,
    summary="State how many days a replica saves",
    **policy("estimates.state"),
)
def state_estimate(request: Request, body: EstimateIn, caller: Caller) -> Response:
    """In good faith; pay is counted in these days."""
    new = NewEstimate(
        days=Decimal(body.days),
        basis=body.basis,
        use_id=body.use_id,
        performer=body.performer,
        work=body.work,
        use=body.use,
        shot=body.shot,
    )
    return act(request, caller, lambda tx: estimates.state(tx, caller, new))


@router.get(
    "/v1/estimates",
    response_model=EstimatesOut,
    summary="List estimates",
    **policy("estimates.list"),
)
def list_estimates(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    use_id: Annotated[
        str | None, Query(max_length=64, description="Of one registered use.")
    ] = None,
) -> Response:
    """Those that the caller may see."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "estimate", page.before, page.fetch, use_id=use_id)
    return paged(request, page, [estimates.view(row) for row in found])


@router.get(
    "/v1/estimates/{estimate_id}",
    response_model=EstimateOut,
    summary="Read an estimate",
    **policy("estimates.read"),
)
def read_estimate(request: Request, estimate_id: str, caller: Caller, session: Reads) -> Response:
    """As it stands now."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "estimate", estimate_id)
    return respond(estimates.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/estimates/{estimate_id}/agreement",
    response_model=EstimateOut,
    summary="Agree to an estimate",
    **policy("estimates.answer"),
)
def agree(request: Request, estimate_id: str, caller: Caller) -> Response:
    """By the performer's side."""
    return act(request, caller, lambda tx: estimates.agree(tx, caller, estimate_id))


@router.post(
    "/v1/estimates/{estimate_id}/dispute",
    response_model=EstimateOut,
    summary="Dispute an estimate",
    **policy("estimates.answer"),
)
def dispute(
    request: Request, estimate_id: str, caller: Caller, body: ClaimIn | None = None
) -> Response:
    """By the performer's side; the days that nobody disputes stay due while the rest is argued."""
    said = body or ClaimIn()
    claim = Claim(None if said.days is None else Decimal(said.days), said.words)
    return act(request, caller, lambda tx: estimates.dispute(tx, caller, estimate_id, claim))


@router.post(
    "/v1/estimates/{estimate_id}/resolution",
    response_model=EstimateOut,
    summary="Record how a dispute ended",
    **policy("estimates.resolve"),
)
def resolve(request: Request, estimate_id: str, body: ResolutionIn, caller: Caller) -> Response:
    """By the performer's union or the registry's office."""
    days = Decimal(body.days)
    return act(
        request,
        caller,
        lambda tx: estimates.resolve(tx, caller, estimate_id, days, body.basis),
    )
