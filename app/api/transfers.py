"""Transfers of replicas: the union is told, answers in its time, and the producer stays liable."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Hash, Id, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import objects, transfers
from app.registrar.transfers import NewTransfer

router = api_router("transfers")

State = Literal["submitted", "approved", "refused", "overdue", "completed"]

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_BUYER = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_UNION = "org_01k9zq3v5rfm8t4cy2x7d6ahwg"
_TRANSFER: dict[str, Any] = {
    "id": "trans_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "replica_id": "repl_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "from_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "to_id": _BUYER,
    "union_id": _UNION,
    "purpose": "They make the second film.",
    "responsibility": _HASH,
    "assumption": None,
    "submitted_at": "2026-11-21T12:00:00.000000Z",
    "assumed_at": None,
    "answer": None,
    "answered_at": None,
    "refused_at": None,
    "reason": None,
    "completed_at": None,
    "state": "submitted",
    "answer_by": "2026-12-12",
    "days_left": 21,
    "at_zero": "When the time is over and the union has said nothing, that is not a yes: the"
    " producer stays liable for what becomes of the replica.",
    "producer_liable": True,
}


class TransferIn(In):
    """Which replica is to go to whom, for what, and which union is asked to approve them."""

    model_config = example(
        {
            "replica": _TRANSFER["replica_id"],
            "to": _BUYER,
            "union": _UNION,
            "purpose": _TRANSFER["purpose"],
            "responsibility": _HASH,
        }
    )

    replica: Id
    to: Id = Field(description="A studio or a vendor.")
    union: Id
    purpose: Words
    responsibility: Hash | None = Field(
        default=None, description="Hash of what shows that they can answer for the duties."
    )


class AssumptionIn(In):
    """The hash of the writing by which the duties are taken on, arbitration included."""

    model_config = example({"assumption": _HASH})

    assumption: Hash


class TransferAnswerIn(In):
    """A refusal says why."""

    model_config = example({"answer": "approved"})

    answer: Literal["approved", "refused"]
    reason: Words | None = None


class TransferOut(Out):
    """A transfer; a vendor does not see whose replica it is."""

    model_config = example(_TRANSFER)

    id: str
    version: int
    replica_id: str
    performer_id: str | None = None
    from_id: str
    to_id: str
    union_id: str
    purpose: str
    responsibility: str | None
    assumption: str | None
    submitted_at: Instant
    assumed_at: Instant | None
    answer: Literal["approved", "refused"] | None
    answered_at: Instant | None
    refused_at: Instant | None = Field(
        description="When the union refused; it stays where the union approved afterwards."
    )
    reason: str | None = None
    completed_at: Instant | None
    state: State
    answer_by: Day | None
    days_left: int | None
    at_zero: str
    producer_liable: bool


class TransfersOut(Out):
    """A page of transfers."""

    model_config = page_example(_TRANSFER)

    data: list[TransferOut]
    next_cursor: str | None


@router.post(
    "/v1/transfers",
    status_code=201,
    response_model=TransferOut,
    summary="Put a transfer of a replica before the union",
    **policy("transfers.submit"),
)
def submit_transfer(request: Request, body: TransferIn, caller: Caller) -> Response:
    """The union's time to answer begins; the answer says when it ends and what that means."""
    new = NewTransfer(body.replica, body.to, body.union, body.purpose, body.responsibility)
    return act(request, caller, lambda tx: transfers.submit(tx, caller, new))


@router.get(
    "/v1/transfers",
    response_model=TransfersOut,
    summary="List transfers",
    **policy("transfers.list"),
)
def list_transfers(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    replica: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Of the caller, to the caller, put before the caller; a performer's own."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    found = objects.page(looking, "transfer", page.before, page.fetch, replica_id=replica)
    store = registry(request).store
    return paged(request, page, [transfers.view(looking, store, row, at) for row in found])


@router.get(
    "/v1/transfers/{transfer_id}",
    response_model=TransferOut,
    summary="Read a transfer",
    **policy("transfers.read"),
)
def read_transfer(request: Request, transfer_id: str, caller: Caller, session: Reads) -> Response:
    """With the days that the union has left, and who is liable."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    row = objects.find(looking, "transfer", transfer_id)
    value = transfers.view(looking, registry(request).store, row, at)
    return respond(value, headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/transfers/{transfer_id}/assumption",
    response_model=TransferOut,
    summary="Take on the duties for a replica",
    **policy("transfers.assume"),
)
def assume_transfer(
    request: Request, transfer_id: str, body: AssumptionIn, caller: Caller
) -> Response:
    """By who takes it over. Without it, the producer stays liable whatever the union says."""
    return act(
        request, caller, lambda tx: transfers.assume(tx, caller, transfer_id, body.assumption)
    )


@router.post(
    "/v1/transfers/{transfer_id}/answer",
    response_model=TransferOut,
    summary="Approve or refuse who takes a replica over",
    **policy("transfers.answer"),
)
def answer_transfer(
    request: Request, transfer_id: str, body: TransferAnswerIn, caller: Caller
) -> Response:
    """By the union that was told. A late answer counts from when it is given."""
    return act(
        request,
        caller,
        lambda tx: transfers.answer(tx, caller, transfer_id, body.answer, body.reason),
    )


@router.post(
    "/v1/transfers/{transfer_id}/completion",
    response_model=TransferOut,
    summary="Hand a replica over",
    **policy("transfers.complete"),
)
def complete_transfer(request: Request, transfer_id: str, caller: Caller) -> Response:
    """Once approved and taken on in writing; or once the union's time is over, and still liable."""
    return act(request, caller, lambda tx: transfers.complete(tx, caller, transfer_id))
