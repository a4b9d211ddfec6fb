"""Sales of works: who owns a work from which day, and whether consents pass on to the buyer."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import objects, sales
from app.registrar.sales import NewSale

router = api_router("sales")

Assumption = Literal["residuals", "reports", "custody", "agreement"]

_AT = "2026-11-21T12:00:00.000000Z"
_SELLER = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_BUYER = "org_01k9zq3v5rfm8t4cy2x7d6ahwg"
_WORK = "work_01k9zq3v5rfm8t4cy2x7d6ahwe"
_SALE_ID = "sale_01k9zq3v5rfm8t4cy2x7d6ahwe"
_GRANT = "grant_01k9zq3v5rfm8t4cy2x7d6ahwe"
_LINE: dict[str, Any] = {
    "id": _SALE_ID,
    "version": 1,
    "sale_id": _SALE_ID,
    "work_id": _WORK,
    "seller_id": _SELLER,
    "buyer_id": _BUYER,
    "starts_on": "2027-03-01",
    "assumes": ["residuals"],
    "confirmed_at": None,
    "withdrawn_at": None,
}
_SALE: dict[str, Any] = {
    "id": _SALE_ID,
    "seller_id": _SELLER,
    "buyer_id": _BUYER,
    "starts_on": "2027-03-01",
    "starts_at": "2027-03-01T00:00:00.000000Z",
    "state": "agreed",
    "confirmed_at": _AT,
    "withdrawn_at": None,
    "assumes": ["residuals"],
    "works": [{"id": _WORK, "kind": "film", "title": "Nova One"}],
    "debts": "What is owed for uses made before the day stays owed by the seller, whatever the"
    " buyer takes on.",
    "consents": [
        {
            "id": "asgn_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "version": 1,
            "grant_id": _GRANT,
            "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "asked_at": _AT,
            "answered_at": None,
            "declined_at": None,
            "answer": "asked",
        }
    ],
    "stops": [],
}


class OwnerIn(In):
    """To whom, from which day (in UTC; left out: today), and what they take on."""

    model_config = example(
        {"owner": _BUYER, "starts_on": "2027-03-01", "assumes": ["residuals"], "whole": True}
    )

    owner: Id = Field(description="The studio that buys it.")
    starts_on: Day | None = None
    assumes: list[Assumption] = Field(
        default=[], max_length=4, description="What they take on; debts are never among it."
    )
    whole: bool = Field(default=True, description="With all that hangs below it and is yours.")


class PassingOnIn(In):
    """Whether what was said yes to with the seller holds with the buyer too."""

    model_config = example({"sale": _SALE_ID, "answer": "yes"})

    sale: Id
    answer: Literal["yes", "no"]


class SoldOut(Out):
    """One work of a sale."""

    model_config = example(_LINE)

    id: str
    version: int
    sale_id: str
    work_id: str
    seller_id: str
    buyer_id: str
    starts_on: Day
    assumes: list[Assumption]
    confirmed_at: Instant | None
    withdrawn_at: Instant | None


class SalesOut(Out):
    """A page of works that were sold."""

    model_config = page_example(_LINE)

    data: list[SoldOut]
    next_cursor: str | None


class SaleOut(Out):
    """A sale: its works, who owes what, which consents pass on, and which uses it stops."""

    model_config = example(_SALE)

    id: str
    seller_id: str
    buyer_id: str
    starts_on: Day
    starts_at: Instant | None = Field(
        description="From when the buyer owns it; nothing changes hands before both said so."
    )
    state: Literal["waits_for_buyer", "agreed", "withdrawn"]
    confirmed_at: Instant | None
    withdrawn_at: Instant | None
    assumes: list[Assumption]
    works: list[dict[str, Any]]
    debts: str
    consents: list[dict[str, Any]]
    stops: list[dict[str, Any]]


class PassedOnOut(Out):
    """The performer's answer, signed."""

    model_config = example(
        {
            "id": "asgn_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "version": 2,
            "grant_id": _GRANT,
            "sale_id": _SALE_ID,
            "buyer_id": _BUYER,
            "asked_at": _AT,
            "answer": "yes",
            "answered_at": _AT,
            "declined_at": None,
            "signature": {"at": _AT, "by": "performer", "method": "in_registry"},
            "log_index": 91,
        }
    )

    id: str
    version: int
    grant_id: str
    sale_id: str
    buyer_id: str
    asked_at: Instant
    answer: Literal["yes", "no"]
    answered_at: Instant
    declined_at: Instant | None = Field(
        description="When they said no; it stays where they said yes afterwards."
    )
    signature: dict[str, Any]


@router.post(
    "/v1/works/{work_id}/owner",
    status_code=201,
    response_model=SaleOut,
    summary="Sell a work",
    **policy("works.transfer"),
)
def sell_work(request: Request, work_id: str, body: OwnerIn, caller: Caller) -> Response:
    """The buyer owns it from the day, once it has confirmed the sale, and no consent goes along.

    Those pass on only if their performers say so.
    """
    new = NewSale(body.owner, body.starts_on, tuple(sorted({*body.assumes})), body.whole)
    return act(request, caller, lambda tx: sales.record(tx, caller, work_id, new))


@router.get("/v1/sales", response_model=SalesOut, summary="List sales", **policy("sales.list"))
def list_sales(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    work: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """One line for each work that was sold, of those that the caller sees."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "sale", page.before, page.fetch, work_id=work)
    return paged(request, page, [sales.line(row) for row in found])


@router.get(
    "/v1/sales/{sale_id}",
    response_model=SaleOut,
    summary="Read a sale",
    **policy("sales.read"),
)
def read_sale(request: Request, sale_id: str, caller: Caller, session: Reads) -> Response:
    """Seller and buyer see where each consent stands; a performer sees their own."""
    looking = objects.eyes(session, caller, now(request).date())
    sold = sales.found(looking, sale_id)
    return respond(sales.view(looking, sold) | {"stops": sales.stopped(looking, sale_id)})


@router.post(
    "/v1/sales/{sale_id}/confirmation",
    response_model=SaleOut,
    summary="Confirm a sale as the buyer",
    **policy("sales.confirm"),
)
def confirm_sale(request: Request, sale_id: str, caller: Caller) -> Response:
    """The work is the buyer's from the day that the seller named, or from now on if that is past.

    What came over the seller before stays over the work.
    """
    return act(request, caller, lambda tx: sales.confirm(tx, caller, sale_id))


@router.post(
    "/v1/sales/{sale_id}/withdrawal",
    response_model=SaleOut,
    summary="Take back a sale that the buyer has not confirmed",
    **policy("sales.withdraw"),
)
def withdraw_sale(request: Request, sale_id: str, caller: Caller) -> Response:
    """It never was a sale; what is agreed on is taken back by another sale only."""
    return act(request, caller, lambda tx: sales.withdraw(tx, caller, sale_id))


@router.post(
    "/v1/grants/{grant_id}/passing-on",
    response_model=PassedOnOut,
    summary="Say whether a consent passes on to a buyer",
    **policy("grants.pass_on"),
)
def pass_on(request: Request, grant_id: str, body: PassingOnIn, caller: Caller) -> Response:
    """By the performer, or who may sign for them. A no can become a yes; a yes is taken back."""
    return act(
        request, caller, lambda tx: sales.answer(tx, caller, grant_id, body.sale, body.answer)
    )
