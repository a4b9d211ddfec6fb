"""Residual statements from outside: lines that others issued, as they said them."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Label, MoneyField, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import HouseCode, example, page_example
from app.registrar import objects, residual_statements
from app.registrar.residual_statements import NewResidualStatement, Said

router = api_router("residual statements")

_SAID = {
    "title": "Meridian: First Light",
    "market": "free television, Germany",
    "starts_on": "2026-07-01",
    "until": "2026-10-01",
    "gross": {"amount": "412.50", "currency": "USD"},
    "net": {"amount": "301.12", "currency": "USD"},
    "issuer": "Northlight Residuals",
    "reference": "RES-2026-10-0417",
    "issued_on": "2026-10-30",
}
_STATEMENT = {
    "id": "resid_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    **_SAID,
    "stated_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "stated_at": "2026-11-21T12:00:00.000000Z",
    "withdrawn_at": None,
}


class SaidIn(In):
    """One line: one title, one market, one period `[starts_on, until)`."""

    model_config = example(_SAID)

    title: Name = Field(description="As the statement writes it.")
    market: Label = Field(description="One market; another one is another line.")
    starts_on: Day
    until: Day = Field(description="The day after the last one of the period.")
    gross: MoneyField
    net: MoneyField | None = Field(default=None, description="Left out: nobody said it.")
    issuer: Name = Field(description="Who said so.")
    reference: Name = Field(description="The number of the statement or of the cheque.")
    issued_on: Day = Field(description="On which day they said so.")

    def said(self) -> Said:
        """What the registrar is told."""
        return Said(
            title=self.title,
            market=self.market,
            starts_on=self.starts_on,
            until=self.until,
            gross=self.gross.value(),
            net=None if self.net is None else self.net.value(),
            issuer=self.issuer,
            reference=self.reference,
            issued_on=self.issued_on,
        )


class ResidualStatementIn(SaidIn):
    """A line, and whose it is."""

    model_config = example(
        {"performer": _STATEMENT["performer_id"], "work": _STATEMENT["work_id"], **_SAID}
    )

    performer: Id | None = Field(default=None, description="A performer may leave it out.")
    work: Id | None = Field(default=None, description="The work, where it is on record here.")
    ref: HouseCode | None = None


class ResidualStatementOut(Out):
    """A line, and who put it on record."""

    model_config = example(_STATEMENT)

    id: str
    version: int
    performer_id: str
    work_id: str | None
    title: str
    market: str
    starts_on: Day
    until: Day
    gross: dict[str, str]
    net: dict[str, str] | None
    issuer: str
    reference: str
    issued_on: Day
    stated_by: str
    stated_at: Instant
    withdrawn_at: Instant | None


class ResidualStatementsOut(Out):
    """A page of lines."""

    model_config = page_example(_STATEMENT)

    data: list[ResidualStatementOut]
    next_cursor: str | None


def new_residual_statement(body: ResidualStatementIn) -> NewResidualStatement:
    """What the registrar is asked for."""
    return NewResidualStatement(body.said(), body.performer, body.work, body.ref)


@router.post(
    "/v1/residual-statements",
    status_code=201,
    response_model=ResidualStatementOut,
    summary="Put a line of an outside residual statement on record",
    **policy("residual_statements.record"),
)
def record_residual_statement(
    request: Request, body: ResidualStatementIn, caller: Caller
) -> Response:
    """It is shown beside what is computed here, and never added to it."""
    new = new_residual_statement(body)
    return act(request, caller, lambda tx: residual_statements.record(tx, caller, new))


@router.get(
    "/v1/residual-statements",
    response_model=ResidualStatementsOut,
    summary="List lines of outside residual statements",
    **policy("residual_statements.list"),
)
def list_residual_statements(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    performer: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Those that the caller put on record or that are of performers whom they speak for."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(
        looking, residual_statements.KIND, page.before, page.fetch, performer_id=performer
    )
    return paged(request, page, [residual_statements.view(row) for row in found])


@router.get(
    "/v1/residual-statements/{statement_id}",
    response_model=ResidualStatementOut,
    summary="Read a line of an outside residual statement",
    **policy("residual_statements.read"),
)
def read_residual_statement(
    request: Request, statement_id: str, caller: Caller, session: Reads
) -> Response:
    """As it stands now; a reference `ref:SYSTEM:ID` finds it too."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, residual_statements.KIND, statement_id)
    shown = {
        **residual_statements.view(row),
        "refs": objects.codes_of(looking, row["id"]),
    }
    return respond(shown, headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/residual-statements/{statement_id}/correction",
    response_model=ResidualStatementOut,
    summary="Correct a line",
    **policy("residual_statements.correct"),
)
def correct_residual_statement(
    request: Request, statement_id: str, body: SaidIn, caller: Caller
) -> Response:
    """A new version; what was read before stays what it was."""
    said = body.said()
    return act(
        request, caller, lambda tx: residual_statements.correct(tx, caller, statement_id, said)
    )


@router.post(
    "/v1/residual-statements/{statement_id}/withdrawal",
    response_model=ResidualStatementOut,
    summary="Take a line back",
    **policy("residual_statements.withdraw"),
)
def withdraw_residual_statement(request: Request, statement_id: str, caller: Caller) -> Response:
    """By who put it on record: it was somebody else's, or it never was."""
    return act(request, caller, lambda tx: residual_statements.withdraw(tx, caller, statement_id))
