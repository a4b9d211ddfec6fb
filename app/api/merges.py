"""Merges: two records that two persons say are one person."""

from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy
from app.api.models import Id, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import merges, objects
from app.registrar.merges import NewMerge

router = api_router("performers")

_MERGE = {
    "id": "merge_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 2,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "other_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "state": "merged",
    "reason": "Two studios recorded her, under her name and her stage name.",
    "proposed_as": "union_officer",
    "starts_at": "2026-11-21T12:00:00.000000Z",
    "doubted_as": None,
    "ends_at": None,
}


class MergeIn(In):
    """The other record of the same person."""

    model_config = example({"other": _MERGE["other_id"], "reason": _MERGE["reason"]})

    other: Id
    reason: Words | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")] | None = Field(
        default=None,
        description="From a performer: the code of their invitation to the other record.",
    )


class MergeEndIn(In):
    """Why the two are not one person."""

    model_config = example({"reason": "They are two sisters."})

    reason: Words


class MergeOut(Out):
    """Two records of one person; blocks of either stop the uses of both while it is in force."""

    model_config = example(_MERGE)

    id: str
    version: int
    performer_id: str | None
    other_id: str | None
    state: Literal["proposed", "declined", "merged", "ended"]
    reason: str | None
    proposed_as: str
    starts_at: Instant | None
    doubted_as: str | None
    ends_at: Instant | None


class MergesOut(Out):
    """A page of merges."""

    model_config = page_example(_MERGE)

    data: list[MergeOut]
    next_cursor: str | None


@router.post(
    "/v1/performers/{performer_id}/merge",
    status_code=201,
    response_model=MergeOut,
    summary="Say that two records are one person",
    **policy("merges.propose"),
)
def propose_merge(request: Request, performer_id: str, body: MergeIn, caller: Caller) -> Response:
    """Changes nothing until another person confirms it, who is not of a studio."""
    new = NewMerge(body.other, body.reason, body.code)
    return act(request, caller, lambda tx: merges.propose(tx, caller, performer_id, new))


@router.get(
    "/v1/performers/{performer_id}/merge",
    response_model=MergesOut,
    summary="List what was said of a record and others being one person",
    **policy("merges.list"),
)
def list_merges(
    request: Request, performer_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """An id is shown of a record that the caller may see."""
    looking = objects.eyes(session, caller, now(request).date())
    found = merges.page(looking, performer_id, before=page.before, limit=page.fetch)
    return paged(request, page, found)


@router.post(
    "/v1/performers/{performer_id}/merge/{merge_id}/confirmation",
    response_model=MergeOut,
    summary="Confirm, as another person, that two records are one or that they are not",
    **policy("merges.confirm"),
)
def confirm_merge(request: Request, performer_id: str, merge_id: str, caller: Caller) -> Response:
    """From then on vetoes, pauses, court orders and exclusions of either record stop both."""
    return act(request, caller, lambda tx: merges.confirm(tx, caller, performer_id, merge_id))


@router.post(
    "/v1/performers/{performer_id}/merge/{merge_id}/end",
    response_model=MergeOut,
    summary="Say that two records are not one person",
    **policy("merges.end"),
)
def end_merge(
    request: Request, performer_id: str, merge_id: str, body: MergeEndIn, caller: Caller
) -> Response:
    """Declines what is proposed; what is in force ends once another person confirms it."""
    return act(
        request,
        caller,
        lambda tx: merges.end(tx, caller, performer_id, merge_id, body.reason),
    )
