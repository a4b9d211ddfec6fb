"""Dossiers: all that was on record of a performer and a work, for whoever judges later."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, api_router, policy, respond
from app.api.models import Id, Instant, Out
from app.api.shapes import example
from app.registrar import dossiers, objects
from app.registrar.dossiers import Wanted

router = api_router("dossiers")

_AT = "2026-11-21T12:00:00.000000Z"
_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_WORK = "work_01k9zq3v5rfm8t4cy2x7d6ahwe"
_DOSSIER: dict[str, Any] = {
    "performer": {"id": _PERFORMER, "name": "Rae Lind", "identity": "vouched", "entries": [9]},
    "work": {"id": _WORK, "kind": "film", "title": "Nova One", "entries": [4]},
    "on": _AT,
    "known_at": 61,
    "facts": [],
    "grants": [],
    "blocks": [],
    "uses": [],
    "notices": [],
    "messages": [],
    "asked": [],
    "followed": [],
    "names": {_PERFORMER: "Rae Lind", _WORK: "Nova One"},
    "entries": [
        {
            "idx": 4,
            "id": "019aa5f0-3c00-7000-8000-000000000001",
            "type": "work.recorded",
            "at": _AT,
            "leaf": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
        }
    ],
}


class DossierOut(Out):
    """All that was on record of the pair; `entries` of each thing are indexes of the log."""

    model_config = example(_DOSSIER)

    performer: dict[str, Any]
    work: dict[str, Any]
    on: Instant
    known_at: int
    facts: list[dict[str, Any]]
    grants: list[dict[str, Any]]
    blocks: list[dict[str, Any]]
    uses: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    asked: list[dict[str, Any]]
    followed: list[dict[str, Any]]
    names: dict[str, str]
    entries: list[dict[str, Any]]


KnownAt = Annotated[
    int, Query(ge=0, le=2**53 - 1), Field(description="As was on record at this entry; else now.")
]


@router.get(
    "/v1/dossiers",
    response_model=DossierOut,
    summary="Read all that was on record of a performer and a work",
    **policy("dossiers.read"),
)
def read_dossier(
    request: Request,
    caller: Caller,
    session: Reads,
    *,
    performer: Id,
    work: Id,
    on: Instant | None = None,
    known_at: KnownAt | None = None,
) -> Response:
    """Terms and blocks at the instant `on`; uses, questions, notices and messages until then."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    return respond(dossiers.dossier(looking, Wanted(performer, work, on or at, known_at)))
