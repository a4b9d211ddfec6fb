"""The log as a feed, and what a performer sees of the questions about them."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.api.context import now
from app.api.deps import Caller, Reads, api_router, policy, respond
from app.api.exports import also_file
from app.api.models import Day, Instant, Out
from app.api.pagination import MAX_LIMIT, Page, paged
from app.api.shapes import example
from app.registrar import events, objects
from app.registrar.problems import wrong
from app.rules.days import start_of

router = api_router("events")

_MAX_INDEX = 2**53 - 1
_DAYS_SHOWN = 30
_AT = "2026-11-21T12:00:00.000000Z"
_ENTRY: dict[str, Any] = {
    "idx": 41,
    "id": "019aa5f0-3c00-7000-8000-000000000001",
    "type": "grant.offered",
    "at": _AT,
    "role": "studio_clearance",
    "leaf": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
    "subjects": ["org_01k9zq3v5rfm8t4cy2x7d6ahwf", "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"],
}
_ACTIVITY = {
    "day": "2026-11-21",
    "work": {"id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe", "title": "Nova One"},
    "use": "stunt",
    "outcome": "allow_with_obligations",
    "checks": 12,
    "refusals": 0,
    "registrations": 1,
    "last_at": _AT,
}
_ASK = {
    "id": "check_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "kind": "check",
    "at": _AT,
    "performer": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "by": {
        "id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
        "name": "Studio O",
        "role": "studio_clearance",
    },
    "work": {"id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe", "title": "Nova One"},
    "use": "stunt",
    "outcome": "deny",
    "log_index": 61,
    "asked": {"use": "stunt"},
}


class FeedOut(Out):
    """Entries in the order of the log; a run that is not for the caller is one line."""

    model_config = example(
        {"data": [{"from": 0, "to": 40, "redacted": True}, _ENTRY], "next_after": 41}
    )

    data: list[dict[str, Any]]
    next_after: int


class EntryOut(Out):
    """One entry, with the exact bytes that were logged, in base64."""

    model_config = example(_ENTRY | {"entry": "eyJ2IjoiY29uc2VudC1yZWdpc3RyeS9lbnRyeS8xIn0="})

    idx: int
    id: str
    type: str
    at: Instant
    role: str
    leaf: str
    subjects: list[str]
    entry: str


class ActivityOut(Out):
    """What was asked and registered about the caller, by day, work, use and outcome."""

    model_config = example({"data": [_ACTIVITY], "from": "2026-10-23", "to": "2026-11-21"})

    data: list[dict[str, Any]]


class AsksOut(Out):
    """A page of questions, refused acts and recorded reads about the caller."""

    model_config = example({"data": [_ASK], "next_cursor": None})

    data: list[dict[str, Any]]
    next_cursor: str | None


After = Annotated[int, Query(ge=-1, le=_MAX_INDEX, description="The last index that you have.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.get("/v1/events", response_model=FeedOut, summary="Follow the log", **policy("events.list"))
def follow_log(
    request: Request, caller: Caller, session: Reads, after: After = -1, limit: Limit = 50
) -> Response:
    """Ask again with `next_after`: nothing up to there is left out."""
    looking = objects.eyes(session, caller, now(request).date())
    return respond(events.feed(looking, events.subjects_of(looking), after=after, limit=limit))


@router.get(
    "/v1/events/{index}",
    response_model=EntryOut,
    summary="Read an entry of the log",
    **policy("events.read"),
)
def read_entry(request: Request, index: int, caller: Caller, session: Reads) -> Response:
    """With the exact bytes that were logged."""
    if not 0 <= index <= _MAX_INDEX:
        raise objects.unknown("")
    looking = objects.eyes(session, caller, now(request).date())
    return respond(events.one(looking, events.subjects_of(looking), index))


@router.get(
    "/v1/me/events",
    response_model=FeedOut,
    summary="Follow what happened to me",
    **policy("me.read"),
)
def follow_own(
    request: Request, caller: Caller, session: Reads, after: After = -1, limit: Limit = 50
) -> Response:
    """The performer's own entries, or those of a representative's clients."""
    looking = objects.eyes(session, caller, now(request).date())
    found = events.feed(looking, events.performers_of(looking), after=after, limit=limit)
    return respond(found)


@router.get(
    "/v1/me/activity",
    response_model=ActivityOut,
    summary="See what was asked and registered about me",
    **also_file(policy("me.read")),
)
def read_activity(
    request: Request,
    caller: Caller,
    session: Reads,
    from_: Annotated[Day | None, Query(alias="from")] = None,
    to: Annotated[Day | None, Query()] = None,
) -> Response:
    """By day, work, use and outcome; both days inclusive, the last 30 where nothing is said."""
    today = now(request).date()
    last = to or today
    first = from_ or last - timedelta(days=_DAYS_SHOWN - 1)
    if first > last:
        raise wrong("?from", "after-to", "`from` is not after `to`.")
    looking = objects.eyes(session, caller, today)
    performers = events.performers_of(looking)
    end = start_of(last) + timedelta(days=1)
    found = events.activity(session, performers, start_of(first), end)
    return respond({"data": found, "from": first.isoformat(), "to": last.isoformat()})


@router.get(
    "/v1/me/asks",
    response_model=AsksOut,
    summary="List the questions about me",
    **policy("me.read"),
)
def list_asks(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """Checks, refused acts and recorded reads, each with who asked; newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    performers = events.performers_of(looking)
    found = events.asks(session, performers, before=page.before, limit=page.fetch)
    return paged(request, page, found)
