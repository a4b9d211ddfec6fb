"""Messages: one thread for questions, oral offers, notes and disputes."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Id, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import messages, objects
from app.registrar.messages import NewMessage

router = api_router("messages")

About = Literal["grant", "use", "veto", "estimate", "payment", "agreement"]
Kind = Literal["question", "answer", "offer_said", "note", "dispute"]
OtherSide = Literal["none", "yes_that_was_said", "not_what_i_said"]

_GRANT = "grant_01k9zq3v5rfm8t4cy2x7d6ahwe"
_STUDIO = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_MESSAGE = {
    "id": "msg_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "about": "grant",
    "about_id": _GRANT,
    "kind": "offer_said",
    "from_id": _PERFORMER,
    "to_id": _STUDIO,
    "said_by": _STUDIO,
    "said_at": "2026-11-20T16:30:00.000000Z",
    "written_at": "2026-11-21T12:00:00.000000Z",
    "words": "On the phone you offered two more days at the same rate.",
    "other_side": "none",
    "other_side_at": None,
    "answers": None,
}


class MessageIn(In):
    """What is said to the other side; it is never a consent."""

    model_config = example(
        {
            "about": "grant",
            "about_id": _GRANT,
            "kind": "offer_said",
            "words": _MESSAGE["words"],
            "said_by": _STUDIO,
            "said_at": "2026-11-20T16:30:00Z",
        }
    )

    about: About
    about_id: Id = Field(
        description="Its id; for a payment the use that is paid for; for an agreement its family."
    )
    kind: Kind
    words: Words
    to: Id | None = Field(default=None, description="The other side, where there are several.")
    said_by: Id | None = Field(
        default=None, description="Who said it; for an offer it may be the other side."
    )
    said_at: Instant | None = Field(default=None, description="When it was said; now if left out.")
    answers: Id | None = Field(default=None, description="The message that an answer answers.")


class OtherSideIn(In):
    """Whether it was said."""

    model_config = example({"other_side": "yes_that_was_said"})

    other_side: Literal["yes_that_was_said", "not_what_i_said"]


class MessageOut(Out):
    """A message, and what the other side says of it."""

    model_config = example(_MESSAGE)

    id: str
    version: int
    about: About
    about_id: str
    kind: Kind
    from_id: str
    to_id: str
    said_by: str
    said_at: Instant
    written_at: Instant
    words: str
    other_side: OtherSide
    other_side_at: Instant | None
    answers: str | None


class MessagesOut(Out):
    """A page of messages, oldest first."""

    model_config = page_example(_MESSAGE)

    data: list[MessageOut]
    next_cursor: str | None


@router.post(
    "/v1/messages",
    status_code=201,
    response_model=MessageOut,
    summary="Say something to the other side",
    **policy("messages.write"),
)
def write_message(request: Request, body: MessageIn, caller: Caller) -> Response:
    """About a consent, a use or its pay, an estimate, a veto or an agreement; no answer changes."""
    new = NewMessage(**{name: getattr(body, name) for name in MessageIn.model_fields})
    return act(request, caller, lambda tx: messages.write(tx, caller, new))


@router.get(
    "/v1/messages",
    response_model=MessagesOut,
    summary="Read a thread",
    **policy("messages.list"),
)
def list_messages(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    *,
    about: Annotated[About | None, Query()] = None,
    about_id: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Those that the caller is a side of, in the order in which they were written."""
    looking = objects.eyes(session, caller, now(request).date())
    return paged(request, page, messages.page(looking, about, about_id, page.before, page.fetch))


@router.get(
    "/v1/messages/{message_id}",
    response_model=MessageOut,
    summary="Read a message",
    **policy("messages.read"),
)
def read_message(request: Request, message_id: str, caller: Caller, session: Reads) -> Response:
    """By either side."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "message", message_id)
    return respond(messages.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/messages/{message_id}/other-side",
    response_model=MessageOut,
    summary="Say whether it was said",
    **policy("messages.respond"),
)
def answer_message(
    request: Request, message_id: str, body: OtherSideIn, caller: Caller
) -> Response:
    """By whom it was written to: what was offered by word of mouth was said so, or was not."""
    said = body.other_side
    return act(request, caller, lambda tx: messages.respond(tx, caller, message_id, said))
