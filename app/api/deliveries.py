"""Messages to be passed on by hand: where there is no mail server, or nobody reads mail."""

from typing import Any

from fastapi import Request, Response

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.exports import also_file
from app.api.invitations import Way
from app.api.models import Out
from app.api.shapes import example
from app.registrar import deliveries, objects

router = api_router("performers")

_DELIVERY: dict[str, Any] = {
    "id": "dlv_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "kind": "link",
    "way": "text",
    "state": "waiting",
    "tries": 0,
    "failure": None,
}
_MESSAGE = _DELIVERY | {
    "performer": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "to": "+1 555 0100",
    "subject": "Your own record",
    "text": "Somebody put you on record in the consent registry at …",
}


class HandedOut(Out):
    """A message that was passed on."""

    model_config = example(_DELIVERY | {"version": 2, "state": "handed"})

    id: str
    version: int
    kind: str
    way: Way
    state: str
    tries: int
    failure: str | None


class MessageOut(HandedOut):
    """A message with the words to copy, and to whom."""

    model_config = example(_MESSAGE)

    performer: str
    to: str | None
    subject: str
    text: str


class MessagesToPassOnOut(Out):
    """What waits to be passed on."""

    model_config = example({"data": [_MESSAGE]})

    data: list[MessageOut]


@router.get(
    "/v1/deliveries",
    response_model=MessagesToPassOnOut,
    summary="List the messages that wait to be passed on, with the words to copy",
    **also_file(policy("deliveries.list")),
)
def list_deliveries(request: Request, caller: Caller, session: Reads) -> Response:
    """The office sees all that no mail server took; a union what it invited by hand itself."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    return respond({"data": deliveries.waiting(looking, registry(request).post, at)})


@router.post(
    "/v1/deliveries/{delivery_id}/handed",
    response_model=HandedOut,
    summary="Say that a message was passed on by hand",
    **policy("deliveries.hand"),
)
def hand_over(request: Request, delivery_id: str, caller: Caller) -> Response:
    """It waits no longer."""
    return act(request, caller, lambda tx: deliveries.hand(tx, caller, delivery_id))
