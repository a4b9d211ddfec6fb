"""Sightings: what a performer saw of themselves that is not listed."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field, StringConstraints

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Hash, Id, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import objects, sightings
from app.registrar.sightings import Finding, NewSighting

router = api_router("sightings")

Link = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=r"^https?://[!-~]+$"),
    Field(examples=["https://video.example/watch/4711"], description="A link, as it was seen."),
]
State = Literal["open", "answered", "closed"]

_STUDIO = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_SIGHTING = {
    "id": "sight_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "what": "My face on somebody else, in an advertisement for shoes.",
    "place": "before a film, at the cinema",
    "link": "https://video.example/watch/4711",
    "sha256": None,
    "seen_on": "2026-11-20",
    "reported_at": "2026-11-21T12:00:00.000000Z",
    "studio_id": _STUDIO,
    "studio_answer_by": "2026-12-05T12:00:00.000000Z",
    "studio_answer": None,
    "studio_answered_at": None,
    "studio_words": None,
    "use_id": None,
    "union_id": None,
    "union_answer": None,
    "union_answered_at": None,
    "union_words": None,
    "closed_at": None,
    "state": "open",
}


class SightingIn(In):
    """What was seen. Who names no studio asks the union to find out whose it is."""

    model_config = example(
        {name: _SIGHTING[name] for name in ("what", "place", "link", "seen_on")}
        | {"studio": _STUDIO}
    )

    what: Words
    seen_on: Day
    place: Words | None = Field(default=None, description="Where it was seen.")
    link: Link | None = None
    sha256: Hash | None = Field(default=None, description="Of a file that was kept.")
    studio: Id | None = None
    performer: Id | None = Field(default=None, description="For whom; an agent names the client.")


class FindingIn(In):
    """What a studio or a union found."""

    model_config = example({"answer": "not_listed", "words": "It was made by our agency."})

    answer: Literal["listed", "not_listed", "not_ours", "looking", "taken_up", "nothing_found"] = (
        Field(
            description="A studio: listed, not_listed, not_ours. "
            "A union: looking, taken_up, nothing_found."
        )
    )
    words: Words | None = None
    use: Id | None = Field(default=None, description="Under which use it is listed.")
    studio: Id | None = Field(default=None, description="By a union: the studio to ask.")


class SightingOut(Out):
    """A sighting, and what was said of it."""

    model_config = example(_SIGHTING)

    id: str
    version: int
    performer_id: str
    what: str
    seen_on: Day
    reported_at: Instant
    studio_id: str | None
    studio_answer_by: Instant | None
    studio_answer: str | None
    use_id: str | None
    union_answer: str | None
    closed_at: Instant | None
    state: State


class SightingsOut(Out):
    """A page of sightings."""

    model_config = page_example(_SIGHTING)

    data: list[SightingOut]
    next_cursor: str | None


@router.post(
    "/v1/sightings",
    status_code=201,
    response_model=SightingOut,
    summary="Report something that is not listed",
    **policy("sightings.report"),
)
def report_sighting(request: Request, body: SightingIn, caller: Caller) -> Response:
    """A case for the studio named, which has 14 days to answer, and for the union."""
    new = NewSighting(**{name: getattr(body, name) for name in SightingIn.model_fields})
    return act(request, caller, lambda tx: sightings.report(tx, caller, new))


@router.get(
    "/v1/sightings",
    response_model=SightingsOut,
    summary="List sightings",
    **policy("sightings.list"),
)
def list_sightings(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    performer: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """One's own; a studio those that name it; a union those of whom it speaks for."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "sighting", page.before, page.fetch, performer_id=performer)
    return paged(request, page, [sightings.view(row) for row in found])


@router.get(
    "/v1/sightings/{sighting_id}",
    response_model=SightingOut,
    summary="Read a sighting",
    **policy("sightings.read"),
)
def read_sighting(request: Request, sighting_id: str, caller: Caller, session: Reads) -> Response:
    """With what studio and union said."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "sighting", sighting_id)
    return respond(sightings.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/sightings/{sighting_id}/answer",
    response_model=SightingOut,
    summary="Say what was found",
    **policy("sightings.answer"),
)
def answer_sighting(
    request: Request, sighting_id: str, body: FindingIn, caller: Caller
) -> Response:
    """By the studio that is asked, or by the union."""
    found = Finding(body.answer, body.words, body.use, body.studio)
    return act(request, caller, lambda tx: sightings.answer(tx, caller, sighting_id, found))


@router.post(
    "/v1/sightings/{sighting_id}/closing",
    response_model=SightingOut,
    summary="Close the case",
    **policy("sightings.close"),
)
def close_sighting(request: Request, sighting_id: str, caller: Caller) -> Response:
    """By whoever reported it."""
    return act(request, caller, lambda tx: sightings.close(tx, caller, sighting_id))
