"""Blind questions after performers: asked by a studio, answered by the person or their union."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import In, Instant, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import matches, objects, quotas

router = api_router("performers")

_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_MATCH = {
    "id": "match_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "asked_at": "2026-11-21T12:00:00.000000Z",
    "asked_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "name": "Alex Moreno",
    "match": "maybe",
    "answers": [
        {
            "answer": "yes",
            "by": "performer",
            "at": "2026-11-21T14:30:00.000000Z",
            "performer": _PERFORMER,
        }
    ],
}


class MatchIn(In):
    """Whom the caller is about to record."""

    model_config = example({"name": "Alex Moreno", "contact": "alex@performer.example"})

    name: Name
    contact: Name | None = None


class MatchAnswerIn(In):
    """What one chooses to say."""

    model_config = example({"answer": "yes"})

    answer: Literal["yes", "no", "rather_not_say"] = Field(
        description="`yes` shares the record's id with the studio; `rather_not_say` tells nothing."
    )


class MatchSaidOut(Out):
    """An answer, as far as it is the asker's to know."""

    answer: Literal["yes", "no"]
    by: Literal["performer", "union"]
    at: Instant
    performer: str | None


class MatchOut(Out):
    """A question; `match` and `answers` are for the asker, `performer` and `answer` for the asked.

    `none` is no proof that nobody is on record: somebody may be there under another name.
    """

    model_config = example(_MATCH)

    id: str
    asked_at: Instant
    asked_by: str
    name: str | None
    match: Literal["maybe", "none"] | None = None
    answers: list[MatchSaidOut] | None = None
    performer: str | None = None
    answer: Literal["yes", "no", "rather_not_say"] | None = None


class MatchesOut(Out):
    """A page of questions."""

    model_config = page_example(_MATCH)

    data: list[MatchOut]
    next_cursor: str | None


@router.post(
    "/v1/performers/match",
    status_code=201,
    response_model=MatchOut,
    summary="Ask whether a performer may be on record",
    **policy("performers.match"),
)
def ask_match(request: Request, body: MatchIn, caller: Caller) -> Response:
    """Answers maybe or none, and never who; whoever it may be can say so, or say nothing."""
    who, at = objects.owner(caller), now(request)
    for limit in (quotas.MATCH_PACE, quotas.MATCH_DAY):
        quotas.spend(registry(request).store, limit, who, at)
    return act(request, caller, lambda tx: matches.ask(tx, caller, body.name, body.contact))


@router.get(
    "/v1/matches", response_model=MatchesOut, summary="List questions", **policy("matches.list")
)
def list_matches(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """A studio its own; a performer, or the union of who has not claimed their record, theirs."""
    looking = objects.eyes(session, caller, now(request).date())
    return paged(request, page, matches.page(looking, before=page.before, limit=page.fetch))


@router.get(
    "/v1/matches/{match_id}",
    response_model=MatchOut,
    summary="Read a question",
    **policy("matches.read"),
)
def read_match(request: Request, match_id: str, caller: Caller, session: Reads) -> Response:
    """What was asked, and what was said to it."""
    looking = objects.eyes(session, caller, now(request).date())
    return respond(matches.one(looking, match_id))


@router.post(
    "/v1/matches/{match_id}/answer",
    response_model=MatchOut,
    summary="Answer whether one is whom a studio asks after",
    **policy("matches.answer"),
)
def answer_match(request: Request, match_id: str, body: MatchAnswerIn, caller: Caller) -> Response:
    """Once; who says nothing, or would rather not say, is not told apart from nobody."""
    return act(request, caller, lambda tx: matches.answer(tx, caller, match_id, body.answer))
