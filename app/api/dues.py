"""The ledger: what is owed for each use, how it was worked out, and how it stands."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, In, Instant, MoneyField, Out, Words
from app.api.pagination import MAX_LIMIT, Page, paged
from app.api.shapes import example, page_example
from app.registrar import dues, objects
from app.registrar.dues import Wanted

router = api_router("dues")

State = Literal[
    "not_known_yet", "not_due", "due", "said_paid", "confirmed", "not_received", "disputed"
]
Payee = Literal["performer", "benefit_plans"]
Floor = Literal["above", "below", "unknown"]

_AT = "2026-11-21T12:00:00.000000Z"
_OWED = {"amount": "3849.00", "currency": "USD"}
_NONE = {"amount": "0.00", "currency": "USD"}
_RATE: dict[str, Any] = {
    "row": "day_performer.2026-07-01",
    "pack": "sag-aftra/tv-theatrical",
    "version": "2026",
    "category": "day_performer",
    "amount": {"amount": "1283.00", "currency": "USD"},
    "source": "rate sheet of 1 July 2026",
    "grade": "S",
    "verified": False,
}
DUE: dict[str, Any] = {
    "id": "due_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 2,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "payer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "use_id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "replica_id": None,
    "capture_session_id": None,
    "kind": "days",
    "what": "days that the replica saves",
    "use": "stunt",
    "shot": "NV_045_0010",
    "floor": "above",
    "to": "performer",
    "state": "due",
    "says": "Due. No due date and no late fee is known for it, so none is counted.",
    "amount": _OWED,
    "undisputed": _OWED,
    "said_paid": _NONE,
    "confirmed": _NONE,
    "not_received": _NONE,
    "left": _OWED,
    "overpaid": _NONE,
    "late_fee": None,
    "claimed": None,
    "why_unknown": None,
    "stands_from": _AT,
    "stated_at": _AT,
    "arises_at": _AT,
    "ended_at": None,
    "ended_why": None,
    "due_on": None,
    "days_late": 0,
    "kept_for_estate": False,
    "disputed_at": None,
    "disputed_by": None,
    "formula": "The pay was bargained for: $3,849.00.",
    "working": {"steps": []},
    "source": {
        "rule": "TT-15",
        "pack": "sag-aftra/tv-theatrical",
        "version": "2026",
        "verified": False,
        "cites": ["39.J"],
    },
    "rates": [_RATE],
    "unverified": ["day_performer.2026-07-01"],
}
_MOMENT = {
    "version": 1,
    "stands_from": _AT,
    "arises_at": None,
    "ended_at": None,
    "amount": _OWED,
    "formula": DUE["formula"],
    "why_unknown": None,
}


class DueDisputeIn(In):
    """What is not right about a line, and what it should be; who pays has to say that."""

    model_config = example(
        {
            "words": "It was four days, not three.",
            "should_be": {"amount": "5132.00", "currency": "USD"},
        }
    )

    words: Words
    should_be: MoneyField | None = None


class DueSettlementIn(In):
    """How a dispute ended. Who lets go of their own leaves `amount` out."""

    model_config = example(
        {"words": "The award of 3 December.", "amount": {"amount": "5132.00", "currency": "USD"}}
    )

    words: Words
    amount: MoneyField | None = None


class DueOut(Out):
    """A line of the ledger. A union is shown no amounts: whether it is above the floor."""

    model_config = example(DUE)

    id: str
    version: int
    performer_id: str
    work_id: str | None
    payer_id: str
    use_id: str | None
    replica_id: str | None
    capture_session_id: str | None
    kind: str
    what: str
    use: str | None
    shot: str | None
    floor: Floor
    to: Payee
    state: State
    says: str
    stands_from: Instant
    stated_at: Instant
    arises_at: Instant | None
    ended_at: Instant | None
    ended_why: str | None
    due_on: Day | None
    days_late: int
    kept_for_estate: bool
    disputed_at: Instant | None
    disputed_by: str | None
    source: dict[str, Any]
    unverified: list[str]


class WorkedOutDueOut(DueOut):
    """A line with what it said before, and what was said to be paid on it."""

    model_config = example(DUE | {"history": [_MOMENT], "payments": []})

    history: list[dict[str, Any]]
    payments: list[dict[str, Any]]


class ChangedDueOut(DueOut):
    """A line after an act on it."""

    model_config = example(DUE | {"state": "disputed", "log_index": 61})

    log_index: int


class OwnDueOut(DueOut):
    """A line of one's own, with who pays."""

    model_config = example(DUE | {"payer": {"id": DUE["payer_id"], "name": "Studio O"}})

    payer: dict[str, str | None]


class SumOut(Out):
    """What lines come to; without an amount where nobody can say it yet."""

    model_config = example(
        {"state": "due", "to": "performer", "amount": _OWED, "lines": 1},
    )

    state: State
    to: Payee
    amount: dict[str, str] | None
    lines: int


class OwnDuesOut(Out):
    """What is owed to oneself or to clients; `more`: some of the lines are left out."""

    model_config = example(
        {
            "as_of": _AT,
            "sums": [{"state": "due", "to": "performer", "amount": _OWED, "lines": 1}],
            "data": [DUE | {"payer": {"id": DUE["payer_id"], "name": "Studio O"}}],
            "more": False,
        }
    )

    as_of: Instant
    sums: list[SumOut]
    data: list[OwnDueOut]
    more: bool


class DuesOut(Out):
    """A page of the ledger."""

    model_config = page_example(DUE)

    data: list[DueOut]
    next_cursor: str | None


AsOf = Annotated[
    Instant | None, Query(description="How the lines stood at this instant; else now.")
]
KnownAt = Annotated[
    int | None, Query(ge=0, le=2**53 - 1, description="Given what this entry had on record.")
]


@router.get("/v1/dues", response_model=DuesOut, summary="List what is owed", **policy("dues.list"))
def list_dues(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    *,
    performer: Annotated[str | None, Query(max_length=260)] = None,
    work: Annotated[str | None, Query(max_length=260)] = None,
    use: Annotated[str | None, Query(max_length=260)] = None,
    state: Annotated[State | None, Query()] = None,
    starts: Annotated[
        Day | None, Query(alias="from", description="Lines that arose on this day or later.")
    ] = None,
    until: Annotated[
        Day | None, Query(description="Lines that arose on this day or before.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """Those that the caller may see, newest first. A line that has not arisen counts as stated."""
    at = now(request)
    wanted = Wanted(
        as_of=as_of or at,
        known=known_at,
        state=state,
        starts=starts,
        until=until,
        equal={"performer_id": performer, "work_id": work, "use_id": use},
    )
    looking = objects.eyes(session, caller, at.date())
    return paged(request, page, dues.page(looking, wanted, page.before, page.fetch))


@router.get(
    "/v1/dues/{due_id}",
    response_model=WorkedOutDueOut,
    summary="Read how a line was worked out",
    **policy("dues.read"),
)
def read_due(
    request: Request,
    due_id: str,
    caller: Caller,
    session: Reads,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """As a sentence, as data, with the rule and the rows of rates that it follows from."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    shown = dues.one(looking, due_id, Wanted(as_of or at, known_at))
    return respond(shown, headers={"ETag": f'"v{shown["version"]}"'})


@router.post(
    "/v1/dues/{due_id}/dispute",
    status_code=201,
    response_model=ChangedDueOut,
    summary="Dispute a line",
    **policy("dues.dispute"),
)
def dispute_due(request: Request, due_id: str, body: DueDisputeIn, caller: Caller) -> Response:
    """What both sides say is owed stays due while the rest is argued."""
    should_be = None if body.should_be is None else body.should_be.value()
    return act(request, caller, lambda tx: dues.dispute(tx, caller, due_id, body.words, should_be))


@router.post(
    "/v1/dues/{due_id}/settlement",
    response_model=ChangedDueOut,
    summary="Record how a dispute ended",
    **policy("dues.settle"),
)
def settle_due(request: Request, due_id: str, body: DueSettlementIn, caller: Caller) -> Response:
    """By who decides between the sides, by who disputed it, or by the other side's yes."""
    amount = None if body.amount is None else body.amount.value()
    return act(request, caller, lambda tx: dues.settle(tx, caller, due_id, amount, body.words))


@router.get(
    "/v1/me/dues",
    response_model=OwnDuesOut,
    summary="See what is owed to me",
    **policy("me.read"),
)
def read_own_dues(
    request: Request,
    caller: Caller,
    session: Reads,
    *,
    performer: Annotated[
        str | None, Query(max_length=260, description="Of one client; else of all.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
) -> Response:
    """Sums by state first, then every line that is not confirmed, newest first."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    return respond(dues.own(looking, at, performer, limit))
