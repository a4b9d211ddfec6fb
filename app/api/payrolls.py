"""Payrolls: what a production owes, line by line, for whoever runs its payroll."""

from typing import Any

from fastapi import Request, Response

from app.api.context import now, registry
from app.api.deps import Caller, Reads, api_router, policy, respond
from app.api.dues import AsOf, KnownAt
from app.api.exports import also_file
from app.api.models import Day, Out
from app.api.shapes import example
from app.api.statements import Starts, Until, wanted
from app.registrar import objects, payrolls
from app.rules.packs import PackSet

router = api_router("payrolls")

_PAY = {"amount": "3849.00", "currency": "USD"}
_ROW: dict[str, Any] = {
    "id": "due_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_ref": "castid:4711",
    "engagement_id": "eng_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "engagement_ref": "house:job-1",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "title": "Meridian: First Light",
    "work_date": "2026-09-10",
    "earnings_code": "days",
    "what": "days that the replica saves",
    "units": "3",
    "unit": "days",
    "rate": {"amount": "1283.00", "currency": "USD"},
    "gross": _PAY,
    "percent": None,
    "base": None,
    "ceiling": None,
    "contribution": None,
    "state": "due",
    "due_on": None,
    "why": "",
    "left": _PAY,
    "use_id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "capture_session_id": None,
    "replica_id": None,
    "payments": [],
    "rule": "SAG-AFTRA Television/Theatrical Agreement 2023 (rule TT-15)",
    "unchecked": True,
}


class PayrollRowOut(Out):
    """One line. Of pay it has `gross`; of a contribution `percent`, `base` and `contribution`."""

    model_config = example(_ROW)

    id: str
    performer_id: str
    performer_ref: str | None
    engagement_id: str | None
    work_id: str | None
    work_date: Day
    earnings_code: str
    units: str | None
    unit: str
    rate: dict[str, str] | None
    gross: dict[str, str] | None
    percent: str | None
    contribution: dict[str, str] | None
    ceiling: dict[str, str] | None
    state: str
    left: dict[str, str] | None
    use_id: str | None
    payments: list[str]
    unchecked: bool


class PayrollOut(Out):
    """Every line of a production, by day."""

    model_config = example({"data": [_ROW]})

    data: list[PayrollRowOut]


@router.get(
    "/v1/works/{work_id}/payroll",
    response_model=PayrollOut,
    summary="Export what a production owes",
    **also_file(policy("payrolls.read")),
)
def read_payroll(
    request: Request,
    work_id: str,
    caller: Caller,
    session: Reads,
    *,
    starts: Starts = None,
    until: Until = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Response:
    """Of what the caller's studio owes, for the work and all that is part of it."""
    asked = wanted(request, starts, until, as_of, known_at)
    looking = objects.eyes(session, caller, now(request).date())
    packs = registry(request).store.packs or PackSet()
    return respond({"data": payrolls.payroll(looking, work_id, asked, packs)})
