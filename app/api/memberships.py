"""Memberships: stated by one side, confirmed by the other."""

from fastapi import Request, Response

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy
from app.api.models import Day, Id, In, Instant, Label, Out
from app.api.pagination import Page, paged
from app.api.shapes import LastDayIn, example, page_example
from app.registrar import memberships, objects
from app.registrar.memberships import NewMembership
from app.store import rows

router = api_router("performers")

_UNION = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_MEMBERSHIP = {
    "id": "mem_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "union_id": _UNION,
    "unit": None,
    "starts_on": "2024-01-15",
    "ends_on": None,
    "stated_by": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "confirmed_by": None,
    "disputed_by": None,
    "confirmed_at": None,
    "disputed_at": None,
}


class MembershipIn(In):
    """A membership; `starts_on` left out means today."""

    model_config = example({"union": _UNION, "starts_on": "2024-01-15"})

    union: Id
    unit: Label | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None


class MembershipOut(Out):
    """A membership; it counts once both sides said it and nobody disputes it."""

    model_config = example(_MEMBERSHIP)

    id: str
    version: int
    performer_id: str
    union_id: str
    unit: str | None
    starts_on: Day
    ends_on: Day | None
    stated_by: str | None
    confirmed_by: str | None
    disputed_by: str | None
    confirmed_at: Instant | None
    disputed_at: Instant | None


class MembershipsOut(Out):
    """A page of memberships."""

    model_config = page_example(_MEMBERSHIP)

    data: list[MembershipOut]
    next_cursor: str | None


@router.post(
    "/v1/performers/{performer_id}/memberships",
    status_code=201,
    response_model=MembershipOut,
    summary="State a membership",
    **policy("memberships.state"),
)
def state_membership(
    request: Request, performer_id: str, body: MembershipIn, caller: Caller
) -> Response:
    """By the performer, or by an officer of that union; never by a studio."""
    new = NewMembership(body.union, body.unit, body.starts_on, body.ends_on)
    return act(request, caller, lambda tx: memberships.state(tx, caller, performer_id, new))


@router.get(
    "/v1/performers/{performer_id}/memberships",
    response_model=MembershipsOut,
    summary="List a performer's memberships",
    **policy("memberships.list"),
)
def list_memberships(
    request: Request, performer_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """A union sees its own; the performer and who acts for them see all."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "performer", performer_id)
    of = {"union_id": caller.organization_id} if caller.is_union else {}
    found = rows.page(
        session,
        "membership",
        before=page.before,
        limit=page.fetch,
        performer_id=row["id"],
        **of,
    )
    return paged(request, page, [memberships.view(found_) for found_ in found])


@router.post(
    "/v1/performers/{performer_id}/memberships/{membership_id}/confirmation",
    response_model=MembershipOut,
    summary="Confirm a membership",
    **policy("memberships.confirm"),
)
def confirm_membership(
    request: Request, performer_id: str, membership_id: str, caller: Caller
) -> Response:
    """By the side that did not state it."""
    return act(
        request,
        caller,
        lambda tx: memberships.confirm(tx, caller, performer_id, membership_id),
    )


@router.post(
    "/v1/performers/{performer_id}/memberships/{membership_id}/dispute",
    response_model=MembershipOut,
    summary="Dispute a membership",
    **policy("memberships.dispute"),
)
def dispute_membership(
    request: Request, performer_id: str, membership_id: str, caller: Caller
) -> Response:
    """By either side; answers that rest on it wait."""
    return act(
        request,
        caller,
        lambda tx: memberships.dispute(tx, caller, performer_id, membership_id),
    )


@router.post(
    "/v1/performers/{performer_id}/memberships/{membership_id}/end",
    response_model=MembershipOut,
    summary="End a membership",
    **policy("memberships.end"),
)
def end_membership(
    request: Request, performer_id: str, membership_id: str, body: LastDayIn, caller: Caller
) -> Response:
    """By either side; the day given is the last, inclusive."""
    return act(
        request,
        caller,
        lambda tx: memberships.end(tx, caller, performer_id, membership_id, body.ends_on),
    )
