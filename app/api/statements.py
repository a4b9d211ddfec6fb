"""Statements: for one performer and a period, what each use earned and why."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.api import statement_pages
from app.api.context import now, registry
from app.api.deps import Caller, Reads, api_router, policy, printing, respond
from app.api.dues import AsOf, KnownAt
from app.api.models import Day, Instant, Out
from app.api.shapes import example
from app.registrar import objects, statements
from app.registrar.problems import wrong
from app.registrar.statements import Wanted
from app.rules.packs import PackSet
from app.rules.statements import Period

router = api_router("statements")

_USD = {"currency": "USD"}
_PAID: dict[str, Any] = {"amount": "3849.00", **_USD}
_NOTHING: dict[str, Any] = {"amount": "0.00", **_USD}
_LINE: dict[str, Any] = {
    "section": "earned",
    "id": "due_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "day": "2026-09-10",
    "title": "Meridian: First Light",
    "made": "a stunt, SC045_0010",
    "what": "days that the replica saves",
    "units": "3",
    "unit": "days",
    "rate": {"amount": "1283.00", **_USD},
    "percent": None,
    "base": None,
    "ceiling": None,
    "amount": _PAID,
    "net": None,
    "state": "due",
    "says": "Due. No due date and no late fee is known for it, so none is counted.",
    "why": "",
    "reckoning": "3 days × $1,283.00 a day = $3,849.00.",  # noqa: RUF001 - a product
    "rule": "SAG-AFTRA Television/Theatrical Agreement 2023 (rule TT-15)",
    "rule_says": "Use in the same picture pays the estimated days.",
    "unchecked": True,
    "payer": "Northlight Pictures",
    "due_on": None,
    "claimed": None,
    "claimed_by": "",
    "starts_on": None,
    "until": None,
    "market": "",
    "reference": "",
    "use_id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "href": "https://registry.example/v1/uses/use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "confirmed": _NOTHING,
    "left": _PAID,
}
_STATEMENT: dict[str, Any] = {
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer": "Mara Quill",
    "from": "2026-07-01",
    "until": "2026-10-01",
    "as_of": "2026-11-21T12:00:00.000000Z",
    "totals": [
        {
            "currency": "USD",
            "earned": _PAID,
            "confirmed": _NOTHING,
            "said_paid": _NOTHING,
            "due": _PAID,
            "not_due": _NOTHING,
            "argued": _NOTHING,
            "overpaid": _NOTHING,
            "unchecked": _PAID,
            "contributions": {"amount": "808.29", **_USD},
        }
    ],
    "by_state": {"due": 1},
    "unknown": 0,
    "missing_reports": 0,
    "unchecked": 2,
    "data": [_LINE],
}
Section = Literal["earned", "missing_report", "contributions", "payments", "outside"]
Format = Literal["json", "csv", "jsonl", "html", "pdf"]
Whole = Annotated[
    Format,
    Query(
        alias="format",
        description="`html`: a page to be printed; `pdf`: PDF/UA, where the extra is installed.",
    ),
]
Starts = Annotated[Day | None, Query(alias="from", description="The first day.")]
Until = Annotated[Day | None, Query(description="The day after the last one.")]


class StatementLineOut(Out):
    """One line; what is not known has no amount, and `why` says why."""

    model_config = example(_LINE)

    section: Section
    id: str
    day: Day
    title: str
    made: str
    what: str
    amount: dict[str, str] | None
    state: str
    says: str
    why: str
    reckoning: str
    rule: str
    rule_says: str
    unchecked: bool
    href: str | None


class StatementOut(Out):
    """What each use earned, what was said of payments, and what others say was paid."""

    model_config = example(_STATEMENT)

    performer_id: str
    performer: str | None
    as_of: Instant
    totals: list[dict[str, Any]]
    by_state: dict[str, int]
    unknown: int
    missing_reports: int
    unchecked: int
    data: list[StatementLineOut]


@router.get(
    "/v1/statements",
    response_model=StatementOut,
    summary="Read a performer's statement",
    **printing(policy("statements.read")),
)
def read_statement(
    request: Request,
    caller: Caller,
    session: Reads,
    *,
    performer: Annotated[str, Query(max_length=260)],
    starts: Starts = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format_: Whole = "json",
) -> Response:
    """Of what the caller may read: a studio what it pays, a performer all of it."""
    asked = wanted(request, starts, until, as_of, known_at)
    looking = objects.eyes(session, caller, now(request).date())
    return _told(request, looking, performer, asked, format_)


@router.get(
    "/v1/me/statement",
    response_model=StatementOut,
    summary="Read one's own statement",
    **printing(policy("statements.own")),
)
def read_own_statement(
    request: Request,
    caller: Caller,
    session: Reads,
    *,
    starts: Starts = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format_: Whole = "json",
) -> Response:
    """The caller's own."""
    asked = wanted(request, starts, until, as_of, known_at)
    looking = objects.eyes(session, caller, now(request).date())
    return _told(request, looking, caller.performer_id or "", asked, format_)


def wanted(
    request: Request,
    starts: Day | None,
    until: Day | None,
    as_of: Instant | None,
    known: int | None,
) -> Wanted:
    """What is asked for.

    Raises:
        Problem: 422, it ends before it begins.
    """
    if starts is not None and until is not None and until <= starts:
        detail = "It is the day after the last one: give one that is later than `from`."
        raise wrong("?until", "before-its-start", detail)
    return Wanted(Period(starts, until), as_of or now(request), known)


def _told(
    request: Request, looking: objects.Eyes, performer: str, asked: Wanted, format_: Format
) -> Response:
    if format_ == "pdf":
        statement_pages.check_pdf()
    held = registry(request)
    packs = held.store.packs or PackSet()
    sheet = statements.sheet(looking, performer, asked, packs)
    # As with lists, each form is made of what was read and is on record.
    printer = statement_pages.pdf if format_ == "pdf" else statement_pages.html
    request.scope["state"] |= {"format": format_, "continued": False, "printer": printer}
    return respond(sheet.wire(held.settings.base_url))
