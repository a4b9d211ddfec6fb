"""Agreements and laws as data: which packs the registry decides by, and which rows were checked."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field, StringConstraints

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.exports import also_file
from app.api.models import Day, In, Instant, Name, Out
from app.api.shapes import example, page_example
from app.registrar import agreements
from app.rules.packs import PackSet

router = api_router("agreements")

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_LINE = {
    "id": _HASH,
    "name": "sag-aftra/tv-theatrical@2026",
    "family": "sag-aftra/tv-theatrical",
    "pack_version": "2026",
    "kind": "agreement",
    "status": "in_force",
    "title": "TV/Theatrical 2026",
    "starts_on": "2026-07-01",
    "ends_on": "2029-06-30",
    "after_expiry": "continue",
    "dates_by": ["TT-39"],
    "rows": 40,
    "verified_rows": 0,
}
_VERIFIED = {
    "id": "ver_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "pack": "sag-aftra/tv-theatrical@2026",
    "row": "day-performer",
    "by": "Robin Vale, counsel",
    "source": "2026 memorandum, page 3, read on 21 November 2026",
    "at": "2026-11-21T12:00:00.000000Z",
}

_FIGURE: dict[str, Any] = {
    "category": "day_performer",
    "row": "day_performer/2027-07-01",
    "pack": "sag-aftra/tv-theatrical@2026",
    "amount": {"amount": "1321.00", "currency": "USD"},
    "percent": None,
    "up_to_minutes": None,
    "basis": "work_date",
    "starts_on": "2027-07-01",
    "ends_on": None,
    "computed": True,
    "formula": {
        "text": "$1,283.00 raised by 3 %, to the nearest $1.00 = $1,321.00.",
        "steps": [],
    },
    "source": "scheduled raise of 3 % a year, rounded to the dollar",
    "grade": "C",
    "verified": False,
}


class VerificationIn(In):
    """A named person held a row against the primary text, and it agrees."""

    model_config = example({name: _VERIFIED[name] for name in ("pack", "row", "by", "source")})

    pack: Annotated[
        str,
        StringConstraints(pattern=r"^[a-z0-9-]{1,60}(/[a-z0-9-]{1,60})?@[a-z0-9.-]{1,30}$"),
        Field(description="Family and version."),
    ]
    row: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
    by: Name
    source: Name


class VerificationOut(Out):
    """A check of a row."""

    model_config = example(_VERIFIED)

    id: str
    version: int
    pack: str
    row: str
    by: str
    source: str
    at: Instant


class AgreementOut(Out):
    """One version of an agreement, of a law, or of the house's own rules."""

    model_config = example(_LINE)

    id: str
    name: str
    family: str
    pack_version: str
    kind: Literal["agreement", "law", "policy", "house"]
    status: Literal["in_force", "pending", "retired"]
    title: str
    starts_on: Day
    ends_on: Day | None
    after_expiry: Literal["continue", "stop"]
    dates_by: list[str]
    rows: int
    verified_rows: int


class AgreementsOut(Out):
    """All packs that are loaded."""

    model_config = page_example(_LINE)

    data: list[AgreementOut]
    next_cursor: str | None


class AgreementWithRowsOut(AgreementOut):
    """A pack with its rules and figures, and whose word each is."""

    model_config = example({**_LINE, "rules": [], "rates": [], "verifications": [_VERIFIED]})

    rules: list[dict[str, object]]
    rates: list[dict[str, object]]
    verifications: list[VerificationOut]


class RateOut(Out):
    """One figure from its first day on; `formula` says how a computed one came about."""

    model_config = example(_FIGURE)

    category: str
    row: str
    pack: str
    amount: dict[str, str] | None
    percent: str | None
    up_to_minutes: int | None
    basis: str
    starts_on: Day
    ends_on: Day | None
    computed: bool
    formula: dict[str, Any] | None
    source: str
    grade: str
    verified: bool


class RatesOut(Out):
    """The figures of a family on a day, each followed by those that come after it."""

    model_config = example(
        {"family": "sag-aftra/tv-theatrical", "on": "2027-08-01", "data": [_FIGURE]}
    )

    family: str
    on: Day
    data: list[RateOut]


@router.get(
    "/v1/agreements",
    response_model=AgreementsOut,
    summary="List the packs that are loaded",
    **also_file(policy("agreements.list")),
)
def list_agreements(request: Request, session: Reads) -> Response:
    """With the content hash of each, under which decisions name it."""
    found = agreements.listed(session, _packs(request))
    return respond({"data": found, "next_cursor": None})


@router.get(
    "/v1/agreements/{pack_hash}",
    response_model=AgreementWithRowsOut,
    summary="Read a pack",
    **policy("agreements.read"),
)
def read_agreement(request: Request, pack_hash: str, session: Reads) -> Response:
    """Every rule and figure, its source, and whether somebody checked it."""
    return respond(agreements.read_one(session, _packs(request), pack_hash))


@router.get(
    "/v1/agreements/{pack_hash}/rates",
    response_model=RatesOut,
    summary="Read the figures of an agreement on a day, and the raises after it",
    **policy("agreements.rates"),
)
def read_rates(
    request: Request,
    pack_hash: str,
    session: Reads,
    on: Annotated[Day | None, Query(description="The day; else today.")] = None,
) -> Response:
    """Of all versions of the agreement. What a raise comes to is computed, and says so."""
    day = on or now(request).date()
    return respond(agreements.rates(session, _packs(request), pack_hash, day))


@router.post(
    "/v1/agreements/verifications",
    status_code=201,
    response_model=VerificationOut,
    summary="Say that a row was checked",
    **policy("agreements.verify"),
)
def verify_row(request: Request, body: VerificationIn, caller: Caller) -> Response:
    """Against the primary text, by a named person. A floor that was checked denies."""
    new = agreements.NewVerification(body.pack, body.row, body.by, body.source)
    return act(request, caller, lambda tx: agreements.verify(tx, caller, new))


def _packs(request: Request) -> PackSet:
    return registry(request).store.packs or PackSet()
