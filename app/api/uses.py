"""Registered uses of replicas."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.questions import QuantityIn, QuestionIn
from app.api.shapes import DECISION, example, page_example
from app.registrar import objects, uses

router = api_router("uses")

State = Literal["planned", "cleared", "locked", "released", "withdrawn"]

_AT = "2026-11-21T12:00:00.000000Z"
_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_WORK = "work_01k9zq3v5rfm8t4cy2x7d6ahwe"

_USE: dict[str, Any] = {
    "id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": _PERFORMER,
    "work_id": _WORK,
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "use": "stunt",
    "gate": "render",
    "shot": "NV_045_0010",
    "replica_id": None,
    "grant_id": "grant_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "state": "cleared",
    "outcome": "allow_with_obligations",
    "on": None,
    "quantity": {"seconds": 12, "lines": None, "uses": None, "performers": None, "sides": None},
    "amounts": {"gross": {"amount": "3849.00", "currency": "USD"}},
    "registered_at": _AT,
    "cleared_at": _AT,
    "locked_at": None,
    "released_at": None,
}


class UseIn(QuestionIn):
    """A use to put on record."""

    model_config = example(
        {
            "performer": _PERFORMER,
            "work": _WORK,
            "use": "stunt",
            "shot": "NV_045_0010",
            "quantity": {"seconds": 12},
        }
    )


# Nothing stops it, and it was never let go without an answer.
_FREE: dict[str, Any] = {
    "held": False,
    "held_by": [],
    "disputed_at": None,
    "released_without_answer": [],
}


class DisputeIn(In):
    """What is not as agreed, in the performer's words."""

    model_config = example({"words": "This shot shows me doing what I did not agree to."})

    words: Words


class ReportIn(In):
    """How much was used."""

    model_config = example({"quantity": {"seconds": 11}, "period_ends_on": "2026-11-30"})

    quantity: QuantityIn
    period_ends_on: Day | None = Field(
        default=None, description="The last day that is reported on; it stands in the statement."
    )


class UseOut(Out):
    """A use on record."""

    model_config = example(_USE)

    id: str
    version: int
    performer_id: str | None
    work_id: str
    producer_id: str
    use: str
    gate: str
    shot: str | None
    grant_id: str | None
    state: State
    outcome: str
    registered_at: Instant
    cleared_at: Instant | None
    locked_at: Instant | None
    released_at: Instant | None


class DecidedUseOut(UseOut):
    """A use with the decision that it was put on record with."""

    model_config = example(_USE | {"decision": DECISION, "log_index": 51})

    decision: dict[str, Any]
    log_index: int


class LookedAtUseOut(UseOut):
    """A use, and whether a block stops it now."""

    model_config = example(_USE | _FREE)

    held: bool
    held_by: list[dict[str, Any]]
    disputed_at: Instant | None
    released_without_answer: list[dict[str, Any]]


class UsesOut(Out):
    """A page of uses."""

    model_config = page_example(_USE | _FREE)

    data: list[LookedAtUseOut]
    next_cursor: str | None


class SaidOut(Out):
    """What was said of a use."""

    model_config = example(
        {
            "use": _USE["id"],
            "said_at": _AT,
            "words": "This is not what I agreed to.",
            "log_index": 9,
        }
    )

    use: str
    said_at: Instant
    words: str
    log_index: int


@router.post(
    "/v1/uses",
    status_code=201,
    response_model=DecidedUseOut,
    summary="Register a use",
    **policy("uses.register"),
)
def register_use(request: Request, body: UseIn, caller: Caller) -> Response:
    """`cleared` if it may go ahead, `planned` if something is missing, 409 with every reason."""
    return act(request, caller, lambda tx: uses.register(tx, caller, body.question()))


@router.get("/v1/uses", response_model=UsesOut, summary="List uses", **policy("uses.list"))
def list_uses(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    *,
    state: Annotated[State | None, Query()] = None,
    work: Annotated[str | None, Query(max_length=260)] = None,
    performer: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Those that the caller may see, newest first."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    found = objects.page(
        looking,
        "use",
        page.before,
        page.fetch,
        state=state,
        work_id=work,
        performer_id=performer,
    )
    store = registry(request).store
    return paged(request, page, uses.views(looking, store, found, at))


@router.get(
    "/v1/uses/{use_id}", response_model=LookedAtUseOut, summary="Read a use", **policy("uses.read")
)
def read_use(request: Request, use_id: str, caller: Caller, session: Reads) -> Response:
    """`held`: it was cleared and a block stops it now."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    row = objects.find(looking, "use", use_id)
    (shown,) = uses.views(looking, registry(request).store, [row], at)
    return respond(shown, headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/uses/{use_id}/recheck",
    response_model=DecidedUseOut,
    summary="Decide a use again",
    **policy("uses.recheck"),
)
def recheck_use(request: Request, use_id: str, caller: Caller) -> Response:
    """With what is on record now; for planned and for held uses."""
    return act(request, caller, lambda tx: uses.recheck(tx, caller, use_id))


@router.post(
    "/v1/uses/{use_id}/lock",
    response_model=DecidedUseOut,
    summary="Lock a use into the picture",
    **policy("uses.lock"),
)
def lock_use(request: Request, use_id: str, caller: Caller) -> Response:
    """Decided again first; a prospective veto spares what was locked before it."""
    return act(request, caller, lambda tx: uses.lock(tx, caller, use_id))


@router.post(
    "/v1/uses/{use_id}/release",
    response_model=DecidedUseOut,
    summary="Release a locked use",
    **policy("uses.release"),
)
def release_use(request: Request, use_id: str, caller: Caller) -> Response:
    """Decided again first."""
    return act(request, caller, lambda tx: uses.release(tx, caller, use_id))


@router.post(
    "/v1/uses/{use_id}/withdrawal",
    response_model=UseOut,
    summary="Give a use up",
    **policy("uses.withdraw"),
)
def withdraw_use(request: Request, use_id: str, caller: Caller) -> Response:
    """It counts towards no cap any more."""
    return act(request, caller, lambda tx: uses.withdraw(tx, caller, use_id))


@router.post(
    "/v1/uses/{use_id}/dispute",
    status_code=201,
    response_model=SaidOut,
    summary="Dispute a use",
    **policy("uses.dispute"),
)
def dispute_use(request: Request, use_id: str, body: DisputeIn, caller: Caller) -> Response:
    """Put on record and seen by the studio and the union; it stops nothing by itself."""
    return act(request, caller, lambda tx: uses.dispute(tx, caller, use_id, body.words))


@router.post(
    "/v1/uses/{use_id}/report",
    status_code=201,
    response_model=SaidOut,
    summary="Report how much was used",
    **policy("uses.report"),
)
def report_use(request: Request, use_id: str, body: ReportIn, caller: Caller) -> Response:
    """The performer and the union see it."""
    said = {name: n for name, n in body.quantity.model_dump().items() if n is not None}
    until = body.period_ends_on
    return act(request, caller, lambda tx: uses.report(tx, caller, use_id, said, until))
