"""Releases without an answer: put on record once the registry is there again."""

from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field

from app.api.deps import Caller, act, api_router, policy
from app.api.models import In, Instant, Name, Out, Words
from app.api.shapes import example
from app.registrar import releases
from app.registrar.releases import NewRelease

router = api_router("uses")

_RELEASE: dict[str, Any] = {
    "by": "Robin Vale, post supervisor",
    "because": "The satellite slot was at 18:00, and the line to the registry was cut.",
    "released_at": "2026-11-21T17:40:00.000000Z",
}


class ReleaseIn(In):
    """Who let it go, why, when, and what they had last heard from the registry."""

    model_config = example(_RELEASE | {"known": 212})

    by: Name
    because: Words
    released_at: Instant
    known: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = Field(
        default=None,
        description="The `log_index` of the last answer or file at hand; left out: all that was "
        "on record by then.",
    )


class ReleaseOut(Out):
    """A release without an answer, and what the registry would have answered."""

    model_config = example(
        _RELEASE
        | {
            "id": "late_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "version": 1,
            "use": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "known_idx": 212,
            "outcome": "allow_with_obligations",
            "recorded_at": "2026-11-22T09:00:00.000000Z",
            "log_index": 230,
        }
    )

    id: str
    version: int
    use: str
    by: str
    because: str
    released_at: Instant
    known_idx: int
    outcome: str
    recorded_at: Instant
    log_index: int


@router.post(
    "/v1/uses/{use_id}/release-without-answer",
    status_code=201,
    response_model=ReleaseOut,
    summary="Put on record that a use was released while the registry did not answer",
    **policy("uses.release_unanswered"),
)
def record_release(request: Request, use_id: str, body: ReleaseIn, caller: Caller) -> Response:
    """Changes no state and allows nothing; the performer and their unions see it.

    409 where what was known then was a no.
    """
    new = NewRelease(body.by, body.because, body.released_at, body.known)
    return act(request, caller, lambda tx: releases.record(tx, caller, use_id, new))
