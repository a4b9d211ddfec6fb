"""Representations: who else sees, bargains or signs for a performer."""

from typing import Any, Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy
from app.api.models import Day, Hash, Id, In, Instant, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import LastDayIn, example, page_example
from app.registrar import objects, representations
from app.registrar.representations import NewRepresentation, Person
from app.store import rows

router = api_router("performers")

Kind = Literal["agent", "attorney", "guardian", "estate", "executor"]
Power = Literal["view", "bargain", "sign"]

_AGENCY = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_REPRESENTATION = {
    "id": "repr_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "representative_id": _AGENCY,
    "kind": "agent",
    "powers": ["view", "bargain"],
    "starts_on": "2026-11-21",
    "ends_on": "2027-11-21",
    "verified_by": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "verified_at": "2026-11-21T12:00:00.000000Z",
    "document_hash": None,
    "withdrawn_at": None,
    "settlement_hash": None,
}
_ESTATE = _REPRESENTATION | {
    "kind": "executor",
    "powers": ["view", "sign"],
    "ends_on": None,
    "document_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


class PersonIn(In):
    """Somebody who is not on record yet, and how they sign in where that is known."""

    name: Name
    contact: Name
    issuer: Name | None = None
    subject: Name | None = None


class RepresentationIn(In):
    """Give `representative` (an agency or a person on record) or `person`, not both."""

    model_config = example(
        {"representative": _AGENCY, "kind": "agent", "powers": ["view", "bargain"]}
    )

    kind: Kind
    powers: list[Power] = Field(min_length=1, max_length=3)
    representative: Id | None = None
    person: PersonIn | None = None
    starts_on: Day | None = Field(default=None, description="Left out: today.")
    ends_on: Day | None = Field(default=None, description="Left out: an agent's year.")
    document_hash: Hash | None = Field(
        default=None,
        description="SHA-256 of the paper that proves it; a guardian, an estate and an executor"
        " show one.",
    )


class RepresentationOut(Out):
    """A right to act for a performer; it counts once verified."""

    model_config = example(_REPRESENTATION)

    id: str
    version: int
    performer_id: str
    representative_id: str
    kind: Kind
    powers: list[Power]
    starts_on: Day
    ends_on: Day | None
    verified_by: str | None
    verified_at: Instant | None
    document_hash: str | None
    withdrawn_at: Instant | None
    settlement_hash: str | None
    waiting: list[dict[str, Any]] = Field(
        default=[], description="Of a claim to an estate: unfinished uses that wait for its yes."
    )


class SettlementIn(In):
    """Which claim a court let stand, and the hash of its paper."""

    model_config = example(
        {"representation": _REPRESENTATION["id"], "document_hash": _ESTATE["document_hash"]}
    )

    representation: Id
    document_hash: Hash


class SettledOut(RepresentationOut):
    """The claim that stands, and those that ended."""

    model_config = example(_ESTATE | {"ended": [], "log_index": 64})

    ended: list[RepresentationOut]


class RepresentationsOut(Out):
    """A page of representations."""

    model_config = page_example(_REPRESENTATION)

    data: list[RepresentationOut]
    next_cursor: str | None


@router.post(
    "/v1/performers/{performer_id}/representations",
    status_code=201,
    response_model=RepresentationOut,
    summary="State who represents a performer",
    **policy("representations.state"),
)
def state_representation(
    request: Request, performer_id: str, body: RepresentationIn, caller: Caller
) -> Response:
    """Performers name agents and attorneys; guardians, estates and executors are proven."""
    named = body.person
    person = None
    if named is not None:
        person = Person(named.name, named.contact, named.issuer, named.subject)
    new = NewRepresentation(
        kind=body.kind,
        powers=tuple(body.powers),
        representative=body.representative,
        person=person,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        document_hash=body.document_hash,
    )
    return act(request, caller, lambda tx: representations.state(tx, caller, performer_id, new))


@router.get(
    "/v1/performers/{performer_id}/representations",
    response_model=RepresentationsOut,
    summary="List who represents a performer",
    **policy("representations.list"),
)
def list_representations(
    request: Request, performer_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """For the performer, who acts for them, and who proves it."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.stood_for(looking, performer_id)
    found = rows.page(
        session, "representation", before=page.before, limit=page.fetch, performer_id=row["id"]
    )
    return paged(request, page, [representations.view(found_) for found_ in found])


@router.post(
    "/v1/performers/{performer_id}/representations/{representation_id}/verification",
    response_model=RepresentationOut,
    summary="Verify a representation",
    **policy("representations.verify"),
)
def verify_representation(
    request: Request, performer_id: str, representation_id: str, caller: Caller
) -> Response:
    """By the registry's office, or an officer of a union that knows the performer."""
    return act(
        request,
        caller,
        lambda tx: representations.verify(tx, caller, performer_id, representation_id),
    )


@router.post(
    "/v1/performers/{performer_id}/representations/{representation_id}/end",
    response_model=RepresentationOut,
    summary="End a representation",
    **policy("representations.end"),
)
def end_representation(
    request: Request, performer_id: str, representation_id: str, body: LastDayIn, caller: Caller
) -> Response:
    """The day given is the last, inclusive."""
    return act(
        request,
        caller,
        lambda tx: representations.end(tx, caller, performer_id, representation_id, body.ends_on),
    )


@router.post(
    "/v1/performers/{performer_id}/representations/{representation_id}/withdrawal",
    response_model=RepresentationOut,
    summary="Give up a claim to an estate",
    **policy("representations.withdraw"),
)
def withdraw_representation(
    request: Request, performer_id: str, representation_id: str, caller: Caller
) -> Response:
    """By whoever claims it; what was signed under it stays signed."""
    return act(
        request,
        caller,
        lambda tx: representations.withdraw(tx, caller, performer_id, representation_id),
    )


@router.post(
    "/v1/performers/{performer_id}/estates/settlement",
    response_model=SettledOut,
    summary="Settle rival claims to an estate",
    **policy("estates.settle"),
)
def settle_estate(
    request: Request, performer_id: str, body: SettlementIn, caller: Caller
) -> Response:
    """As a court decided: the claim that is named stays, all others end."""
    return act(
        request,
        caller,
        lambda tx: representations.settle(
            tx, caller, performer_id, body.representation, body.document_hash
        ),
    )
