"""Notices: what a union or a performer is told first, and how they answered."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Id, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import notices, objects
from app.registrar.notices import NewNotice

router = api_router("notices")

Kind = Literal["synthetic", "training", "transfer", "casting", "replica", "removal"]

_UNION = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_NOTICE = {
    "id": "notice_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "kind": "synthetic",
    "sent_at": "2026-11-21T12:00:00.000000Z",
    "sender_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "to_id": _UNION,
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": None,
    "replica_id": None,
    "content": "A synthetic performer in the lead of the second act.",
    "state": "open",
    "answered_at": None,
}


class NoticeIn(In):
    """To a union (`to`), or to the performer; `removal`: of a performer, to a studio (`to`)."""

    model_config = example(
        {
            "kind": "synthetic",
            "to": _UNION,
            "work": _NOTICE["work_id"],
            "content": _NOTICE["content"],
        }
    )

    kind: Kind
    content: Words
    to: Id | None = Field(
        default=None,
        description="A union, or the studio asked for removal; left out: the performer, or nobody"
        " by name for a `casting`.",
    )
    work: Id | None = None
    performer: Id | None = None
    replica: Id | None = None


class NoticeAnswerIn(In):
    """How the bargaining that it opened ended."""

    model_config = example({"answer": "agreed"})

    answer: Literal["agreed", "closed"]


class NoticeOut(Out):
    """A notice."""

    model_config = example(_NOTICE)

    id: str
    version: int
    kind: Kind
    sent_at: Instant
    sender_id: str
    to_id: str | None
    work_id: str | None
    performer_id: str | None
    replica_id: str | None
    content: str
    state: Literal["open", "agreed", "closed"]
    answered_at: Instant | None


class NoticesOut(Out):
    """A page of notices."""

    model_config = page_example(_NOTICE)

    data: list[NoticeOut]
    next_cursor: str | None


@router.post(
    "/v1/notices",
    status_code=201,
    response_model=NoticeOut,
    summary="Send a notice",
    **policy("notices.send"),
)
def send_notice(request: Request, body: NoticeIn, caller: Caller) -> Response:
    """It counts from now; it cannot be dated back."""
    new = NewNotice(body.kind, body.content, body.to, body.work, body.performer, body.replica)
    return act(request, caller, lambda tx: notices.send(tx, caller, new))


@router.get(
    "/v1/notices",
    response_model=NoticesOut,
    summary="List notices",
    **policy("notices.list"),
)
def list_notices(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """Sent by the caller's organization, or to the caller."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "notice", page.before, page.fetch)
    return paged(request, page, [notices.view(row) for row in found])


@router.get(
    "/v1/notices/{notice_id}",
    response_model=NoticeOut,
    summary="Read a notice",
    **policy("notices.read"),
)
def read_notice(request: Request, notice_id: str, caller: Caller, session: Reads) -> Response:
    """For its sender and whom it was sent to."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "notice", notice_id)
    return respond(notices.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/notices/{notice_id}/answer",
    response_model=NoticeOut,
    summary="Answer a notice",
    **policy("notices.answer"),
)
def answer_notice(
    request: Request, notice_id: str, body: NoticeAnswerIn, caller: Caller
) -> Response:
    """By whom it was sent to."""
    return act(request, caller, lambda tx: notices.answer(tx, caller, notice_id, body.answer))
