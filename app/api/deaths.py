"""Deaths: said by two persons, contradicted by the person, and what was decided since."""

from typing import Any

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy
from app.api.models import Day, Hash, In, Instant, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import deaths, objects
from app.registrar.deaths import NewDeath

router = api_router("performers")

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_DEATH: dict[str, Any] = {
    "id": "death_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 2,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "died_on": "2026-11-02",
    "document_hash": _SHA,
    "reported_at": "2026-11-21T12:00:00.000000Z",
    "confirmed_at": "2026-11-23T09:30:00.000000Z",
    "alive_until": "2026-12-07T09:30:00.000000Z",
    "undone_at": None,
}
_USE = {
    "id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": _DEATH["performer_id"],
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "use": "stunt",
    "shot": "sc045_010",
    "state": "cleared",
}


class DeathIn(In):
    """What a paper says, and the hash of the paper; the paper itself is never sent."""

    model_config = example({"died_on": "2026-11-02", "document_hash": _SHA})

    died_on: Day | None = Field(
        description="`null`: the death that is on record is wrong, the person lives."
    )
    document_hash: Hash


class SecondWordIn(In):
    """The hash of the paper that the second person saw."""

    model_config = example({"document_hash": _SHA})

    document_hash: Hash


class DeathOut(Out):
    """A death as two persons say it; until `alive_until` the person can contradict."""

    model_config = example(_DEATH)

    id: str
    version: int
    performer_id: str
    died_on: Day | None
    document_hash: str
    reported_at: Instant
    confirmed_at: Instant | None
    alive_until: Instant | None
    undone_at: Instant | None


class RecordedDeathOut(DeathOut):
    """The death counts; `gap` is what was decided since, by studio, to be asked again."""

    model_config = example(
        _DEATH
        | {
            "gap": [
                {
                    "organization_id": _USE["producer_id"],
                    "uses": [_USE | {"outcome": "deny"}],
                    "grants": [],
                    "asked": [{"work_id": _USE["work_id"], "use": "stunt"}],
                }
            ],
            "log_index": 61,
        }
    )

    gap: list[dict[str, Any]]


class DeathsOut(Out):
    """A page of what was said of a death; `uses` are those of the gap that the caller may see."""

    model_config = page_example(_DEATH | {"uses": [_USE]})

    data: list[DeathOut]
    next_cursor: str | None


class AliveOut(Out):
    """What was undone, and what the uses in between are told now."""

    model_config = example(
        {
            "performer_id": _DEATH["performer_id"],
            "undone": [_DEATH["id"]],
            "redecided": [_USE | {"outcome": "allow_with_obligations"}],
            "log_index": 62,
        }
    )

    performer_id: str
    undone: list[str]
    redecided: list[dict[str, Any]]
    log_index: int


@router.post(
    "/v1/performers/{performer_id}/deaths",
    status_code=201,
    response_model=DeathOut,
    summary="Say that a performer died",
    **policy("deaths.report"),
)
def report_death(request: Request, performer_id: str, body: DeathIn, caller: Caller) -> Response:
    """The first of two words; nothing follows from it but that the person is told."""
    new = NewDeath(body.died_on, body.document_hash)
    return act(request, caller, lambda tx: deaths.report(tx, caller, performer_id, new))


@router.get(
    "/v1/performers/{performer_id}/deaths",
    response_model=DeathsOut,
    summary="List what was said of a performer's death",
    **policy("deaths.list"),
)
def list_deaths(
    request: Request, performer_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """With the uses of the gap that are the caller's to ask about again."""
    looking = objects.eyes(session, caller, now(request).date())
    found = deaths.page(looking, performer_id, page.before, page.fetch)
    return paged(request, page, found)


@router.post(
    "/v1/performers/{performer_id}/deaths/{death_id}/confirmation",
    response_model=RecordedDeathOut,
    summary="Say it as the second person",
    **policy("deaths.confirm"),
)
def confirm_death(
    request: Request, performer_id: str, death_id: str, body: SecondWordIn, caller: Caller
) -> Response:
    """Another person, of another organization unless both are of the registry's office."""
    return act(
        request,
        caller,
        lambda tx: deaths.confirm(tx, caller, performer_id, death_id, body.document_hash),
    )


@router.post(
    "/v1/performers/{performer_id}/alive",
    response_model=AliveOut,
    summary="Say that one lives",
    **policy("deaths.contradict"),
)
def say_alive(request: Request, performer_id: str, caller: Caller) -> Response:
    """Undoes what was said of one's death, as long as the time to contradict runs."""
    return act(request, caller, lambda tx: deaths.contradict(tx, caller, performer_id))
