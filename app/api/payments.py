"""Payments: the payer's word, and the performer's answer to it."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Label, MoneyField, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import objects, payments
from app.registrar.payments import NewLine, NewPayment

router = api_router("dues")

_DUE = "due_01k9zq3v5rfm8t4cy2x7d6ahwe"
_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_PAID = {"amount": "3849.00", "currency": "USD"}
_AT = "2026-11-28T12:00:00.000000Z"
_PAYMENT: dict[str, Any] = {
    "id": "pay_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "payer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "performer_id": _PERFORMER,
    "reference": "PR-2026-4711",
    "paid_on": "2026-11-27",
    "said_at": _AT,
    "lines": [{"due": _DUE, "amount": _PAID, "because": None}],
    "answer": None,
    "answered_at": None,
    "received": [],
}


class PaidIn(In):
    """So much on one line of the ledger."""

    model_config = example({"due": _DUE, "amount": _PAID})

    due: Id
    amount: MoneyField
    because: Words | None = Field(
        default=None, description="Why it is more than is left on the line, where it is."
    )


class PaymentIn(In):
    """What was paid. `payer` is the own organization and can be left out."""

    model_config = example(
        {
            "performer": _PERFORMER,
            "reference": "PR-2026-4711",
            "paid_on": "2026-11-27",
            "lines": [{"due": _DUE, "amount": _PAID}],
        }
    )

    payer: Id | None = None
    performer: Id
    reference: Label
    paid_on: Day
    lines: list[PaidIn] = Field(min_length=1, max_length=200)

    def new(self) -> NewPayment:
        """The payment in values."""
        lines = (NewLine(one.due, one.amount.value(), one.because) for one in self.lines)
        return NewPayment(
            performer=self.performer,
            reference=self.reference,
            paid_on=self.paid_on,
            lines=tuple(lines),
            payer=self.payer,
        )


class CameIn(In):
    """How much came of what was said to be paid on one line."""

    model_config = example({"due": _DUE, "amount": {"amount": "2000.00", "currency": "USD"}})

    due: Id
    amount: MoneyField


class ReceiptIn(In):
    """Whether it came: `yes`, `no`, or `part` with how much of which line."""

    model_config = example(
        {
            "answer": "part",
            "received": [{"due": _DUE, "amount": {"amount": "2000.00", "currency": "USD"}}],
            "words": "The rest has not come.",
        }
    )

    answer: Literal["yes", "no", "part"]
    received: list[CameIn] = Field(default=[], max_length=200)
    words: Words | None = None


class PaymentOut(Out):
    """A payment; a union is shown which lines it names and no amounts."""

    model_config = example(_PAYMENT)

    id: str
    version: int
    payer_id: str
    performer_id: str
    paid_on: Day
    said_at: Instant
    lines: list[dict[str, Any]]
    answer: Literal["yes", "no", "part"] | None
    answered_at: Instant | None


class SaidPaymentOut(PaymentOut):
    """A payment after an act on it."""

    model_config = example(_PAYMENT | {"log_index": 62})

    log_index: int


class PaymentsOut(Out):
    """A page of payments."""

    model_config = page_example(_PAYMENT)

    data: list[PaymentOut]
    next_cursor: str | None


@router.post(
    "/v1/payments",
    status_code=201,
    response_model=SaidPaymentOut,
    summary="Say what was paid",
    **policy("payments.say"),
)
def say_payment(request: Request, body: PaymentIn, caller: Caller) -> Response:
    """It is the payer's word until the performer confirms it."""
    return act(request, caller, lambda tx: payments.say(tx, caller, body.new()))


@router.get(
    "/v1/payments",
    response_model=PaymentsOut,
    summary="List payments",
    **policy("payments.list"),
)
def list_payments(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    *,
    performer: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Those that the caller may see, newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    found = payments.page(looking, page.before, page.fetch, performer_id=performer)
    return paged(request, page, found)


@router.get(
    "/v1/payments/{payment_id}",
    response_model=PaymentOut,
    summary="Read a payment",
    **policy("payments.read"),
)
def read_payment(request: Request, payment_id: str, caller: Caller, session: Reads) -> Response:
    """As it stands now."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "payment", payment_id)
    return respond(payments.view(looking, row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/payments/{payment_id}/receipt",
    response_model=SaidPaymentOut,
    summary="Say whether a payment came",
    **policy("payments.answer"),
)
def answer_payment(request: Request, payment_id: str, body: ReceiptIn, caller: Caller) -> Response:
    """By the performer, or who may act for them; a later answer counts from its own instant."""
    came = {one.due: one.amount.value() for one in body.received}
    return act(
        request,
        caller,
        lambda tx: payments.answer(tx, caller, payment_id, body.answer, came, body.words),
    )
