"""The inbox: what waits for whom, until when, and what happens when nobody answers."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.api.context import now, registry
from app.api.deps import Caller, Reads, api_router, policy, respond
from app.api.models import Instant, Out
from app.api.pagination import MAX_LIMIT
from app.api.shapes import example
from app.registrar import inbox, objects, studio_inbox, sweep

router = api_router("events")

_ITEM: dict[str, Any] = {
    "kind": "request",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "about": {"kind": "grant", "id": "grant_01k9zq3v5rfm8t4cy2x7d6ahwe"},
    "waits_for": "performer",
    "since": "2026-11-21T12:00:00.000000Z",
    "by": "2026-12-05T12:00:00.000000Z",
    "at_zero": "Silence is a no: the request ends, and no consent comes of it.",
    "you_can": ["read", "counter", "decline"],
    "href": "/v1/grants/grant_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "way": None,
}


class WayOut(Out):
    """Where to answer, and what the body names besides the answer."""

    model_config = example(
        {
            "method": "POST",
            "href": "/v1/grants/grant_01k9zq3v5rfm8t4cy2x7d6ahwe/passing-on",
            "body": {"sale": "sale_01k9zq3v5rfm8t4cy2x7d6ahwe"},
        }
    )

    method: str
    href: str
    body: dict[str, str]


class ItemOut(Out):
    """One thing that waits; `you_can` is what the caller may do about it."""

    model_config = example(_ITEM)

    kind: str
    performer_id: str | None
    about: dict[str, str]
    waits_for: Literal["performer", "guardian", "estate", "studio", "union", "registry_admin"]
    since: Instant | None
    by: Instant | None
    at_zero: str
    you_can: list[str]
    href: str
    way: WayOut | None


class InboxOut(Out):
    """What ends first comes first; `more`: some of it is left out."""

    model_config = example({"data": [_ITEM], "more": False})

    data: list[ItemOut]
    more: bool


@router.get(
    "/v1/inbox",
    response_model=InboxOut,
    summary="See what waits for your studio",
    **policy("inbox.read"),
)
def read_studio_inbox(
    request: Request,
    caller: Caller,
    session: Reads,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """What performers and unions ask, what they dispute, what was let go, what others confirm."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    return respond(studio_inbox.read(looking, registry(request).store, at, limit))


@router.get(
    "/v1/me/inbox",
    response_model=InboxOut,
    summary="See what waits",
    **policy("me.read"),
)
def read_inbox(
    request: Request,
    caller: Caller,
    session: Reads,
    performer: Annotated[str | None, Query(max_length=256)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """One inbox across all clients; an agent reads what the performer reads, at the same moment."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    packs = sweep.packs_of(registry(request).store)
    return respond(inbox.read(looking, packs, at, performer, limit))
