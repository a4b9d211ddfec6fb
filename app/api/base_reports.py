"""Reports of a base: what a royalty or a participation is a share of, period by period."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, MoneyField, Name, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import HouseCode, example, page_example
from app.registrar import base_reports, objects
from app.registrar.base_reports import NewBaseReport, Reported

router = api_router("base reports")

_REPORTED = {
    "starts_on": "2026-07-01",
    "until": "2026-10-01",
    "amount": {"amount": "1250000.00", "currency": "USD"},
    "reporter": "Streamline Video",
    "reported_on": "2026-11-05",
}
_REPORT = {
    "id": "base_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": None,
    "base": "streaming receipts",
    **_REPORTED,
    "stated_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "stated_at": "2026-11-21T12:00:00.000000Z",
    "confirmed_by": None,
    "confirmed_at": None,
    "disputed_by": None,
    "disputed_at": None,
    "dispute_words": None,
}


class ReportedIn(In):
    """What was reported for the period `[starts_on, until)`."""

    model_config = example(_REPORTED)

    starts_on: Day
    until: Day = Field(description="The day after the last one of the period.")
    amount: MoneyField = Field(description="The base itself, not the share of it.")
    reporter: Name = Field(description="Who reported it.")
    reported_on: Day

    def reported(self) -> Reported:
        """What the registrar is told."""
        amount = self.amount.value()
        return Reported(self.starts_on, self.until, amount, self.reporter, self.reported_on)


class BaseReportIn(ReportedIn):
    """A report, and of which base of which work."""

    model_config = example({"work": _REPORT["work_id"], "base": _REPORT["base"], **_REPORTED})

    work: Id
    base: Name = Field(description="The base, as the terms of the consent call it.")
    performer: Id | None = Field(
        default=None, description="Of one performer's share alone; left out: of everybody's."
    )
    ref: HouseCode | None = None


class DisputeIn(In):
    """Why it is not so."""

    model_config = example({"words": "The sale to the airlines is missing."})

    words: Words


class BaseReportOut(Out):
    """A report, and whose word it is; the amount for those who may read amounts."""

    model_config = example(_REPORT)

    id: str
    version: int
    work_id: str
    performer_id: str | None
    base: str
    starts_on: Day
    until: Day
    amount: dict[str, str] | None = None
    reporter: str
    reported_on: Day
    stated_by: str
    stated_at: Instant
    confirmed_by: str | None
    confirmed_at: Instant | None
    disputed_by: str | None
    disputed_at: Instant | None
    dispute_words: str | None


class BaseReportMadeOut(BaseReportOut):
    """A report that was put on record, and what came of it."""

    model_config = example(_REPORT | {"lines": 2, "says": "Shares of this on the ledger: 2."})

    lines: int = Field(description="How many lines of the ledger are a share of it by now.")
    says: str = Field(
        description="What came of it; where no terms name the base, the bases that they name."
    )


class BaseReportsOut(Out):
    """A page of reports."""

    model_config = page_example(_REPORT)

    data: list[BaseReportOut]
    next_cursor: str | None


@router.post(
    "/v1/base-reports",
    status_code=201,
    response_model=BaseReportMadeOut,
    summary="Report a base that shares are taken of",
    **policy("base_reports.record"),
)
def record_base_report(request: Request, body: BaseReportIn, caller: Caller) -> Response:
    """For one period; a period without a report is not known, and never nothing."""
    new = NewBaseReport(body.work, body.base, body.reported(), body.performer, body.ref)
    return act(request, caller, lambda tx: base_reports.record(tx, caller, new))


@router.get(
    "/v1/base-reports",
    response_model=BaseReportsOut,
    summary="List reports of a base",
    **policy("base_reports.list"),
)
def list_base_reports(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    work: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Those that the caller put on record, and those that a share of theirs is taken of."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, base_reports.KIND, page.before, page.fetch, work_id=work)
    return paged(request, page, [base_reports.view(caller, row) for row in found])


@router.get(
    "/v1/base-reports/{report_id}",
    response_model=BaseReportOut,
    summary="Read a report of a base",
    **policy("base_reports.read"),
)
def read_base_report(request: Request, report_id: str, caller: Caller, session: Reads) -> Response:
    """As it stands now."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, base_reports.KIND, report_id)
    return respond(base_reports.view(caller, row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/base-reports/{report_id}/correction",
    response_model=BaseReportOut,
    summary="Correct a report",
    **policy("base_reports.correct"),
)
def correct_base_report(
    request: Request, report_id: str, body: ReportedIn, caller: Caller
) -> Response:
    """A new version, which settles a dispute of the old one and can be disputed again."""
    reported = body.reported()
    return act(request, caller, lambda tx: base_reports.correct(tx, caller, report_id, reported))


@router.post(
    "/v1/base-reports/{report_id}/dispute",
    response_model=BaseReportOut,
    summary="Dispute a report",
    **policy("base_reports.answer"),
)
def dispute_base_report(
    request: Request, report_id: str, body: DisputeIn, caller: Caller
) -> Response:
    """By the performer's side or their union; what was reported stays due meanwhile."""
    words = body.words
    return act(request, caller, lambda tx: base_reports.dispute(tx, caller, report_id, words))


@router.post(
    "/v1/base-reports/{report_id}/confirmation",
    response_model=BaseReportOut,
    summary="Confirm a report",
    **policy("base_reports.answer"),
)
def confirm_base_report(request: Request, report_id: str, caller: Caller) -> Response:
    """By the performer's side or their union; it settles a dispute that they raised."""
    return act(request, caller, lambda tx: base_reports.confirm(tx, caller, report_id))
