"""Custody: who holds a copy of a replica, for what, until when; and where a performer's are."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.exports import also_file
from app.api.models import Day, Hash, In, Instant, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import custodies, objects, sweep

router = api_router("custodies")

How = Literal["returned", "destroyed"]

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_HOLDER: dict[str, Any] = {
    "holder_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "purpose": "the falls of the second act",
    "starts_at": "2026-11-21T12:00:00.000000Z",
    "until_on": "2027-03-31",
    "received_at": "2026-11-22T09:00:00.000000Z",
    "ended_at": None,
    "ended_how": None,
    "certificate": None,
    "overdue": False,
}
_CUSTODY: dict[str, Any] = {
    "id": "cust_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "replica_id": "repl_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    **_HOLDER,
}
_WHERE: dict[str, Any] = {
    "id": _CUSTODY["replica_id"],
    "version": 1,
    "performer_id": _CUSTODY["performer_id"],
    "producer_id": _CUSTODY["producer_id"],
    "kind": "employment",
    "origin_work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "state": "active",
    "captured_on": "2026-11-20",
    "destruction_certificate": None,
    "holders": [{"id": _CUSTODY["id"], "version": 1, **_HOLDER, "holder": "Render House"}],
    "transfers": [],
    "purpose_met_on": None,
    "delete_by": [
        {
            "law": "the Illinois Biometric Information Privacy Act",
            "due": "2029-11-20",
            "overdue": False,
            "sentence": "Under the Illinois Biometric Information Privacy Act, what was measured of"
            " the performer is destroyed by 20 November 2029: 3 years after they last had to do"
            " with whoever took it, and earlier once what it was taken for is over.",
        }
    ],
}


class EndingIn(In):
    """How the copy went; destruction needs the hash of a certificate."""

    model_config = example({"how": "destroyed", "certificate": _HASH})

    how: How
    certificate: Hash | None = Field(default=None, description="Of the destruction certificate.")


class CustodyOut(Out):
    """A copy that somebody holds; a vendor does not see whose it is."""

    model_config = example(_CUSTODY)

    id: str
    version: int
    replica_id: str
    performer_id: str | None = None
    producer_id: str
    holder_id: str
    purpose: str | None
    starts_at: Instant
    until_on: Day | None
    received_at: Instant | None
    ended_at: Instant | None
    ended_how: How | None
    certificate: str | None
    overdue: bool


class CustodiesOut(Out):
    """A page of copies that somebody holds or held."""

    model_config = page_example(_CUSTODY)

    data: list[CustodyOut]
    next_cursor: str | None


class WhereOut(Out):
    """Every replica of the performer, with whoever holds or held a copy."""

    model_config = example({"data": [_WHERE]})

    data: list[dict[str, Any]]


@router.get(
    "/v1/custodies",
    response_model=CustodiesOut,
    summary="List who holds copies of replicas",
    **policy("custodies.list"),
)
def list_custodies(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    replica: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Held by the caller or for the caller; a performer's own."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    found = objects.page(looking, "custody", page.before, page.fetch, replica_id=replica)
    return paged(request, page, [custodies.view(caller, row, at) for row in found])


@router.get(
    "/v1/custodies/{custody_id}",
    response_model=CustodyOut,
    summary="Read who holds a copy",
    **policy("custodies.read"),
)
def read_custody(request: Request, custody_id: str, caller: Caller, session: Reads) -> Response:
    """For whom, for what, until when, and how it ended."""
    at = now(request)
    row = objects.find(objects.eyes(session, caller, at.date()), "custody", custody_id)
    return respond(custodies.view(caller, row, at), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/custodies/{custody_id}/receipt",
    response_model=CustodyOut,
    summary="Confirm that a copy came",
    **policy("custodies.receive"),
)
def receive_custody(request: Request, custody_id: str, caller: Caller) -> Response:
    """By who holds it."""
    return act(request, caller, lambda tx: custodies.receive(tx, caller, custody_id))


@router.post(
    "/v1/custodies/{custody_id}/end",
    response_model=CustodyOut,
    summary="Confirm that a copy was given back or destroyed",
    **policy("custodies.end"),
)
def end_custody(request: Request, custody_id: str, body: EndingIn, caller: Caller) -> Response:
    """By who held it; the performer sees the hash of the certificate."""
    how, proof = body.how, body.certificate
    return act(request, caller, lambda tx: custodies.end(tx, caller, custody_id, how, proof))


@router.get(
    "/v1/me/replicas",
    response_model=WhereOut,
    summary="See where my scans are",
    **also_file(policy("me.read")),
)
def list_own_replicas(request: Request, caller: Caller, session: Reads) -> Response:
    """Who holds a copy, for what, until when; and for what is gone, the proof."""
    at = now(request)
    looking = objects.eyes(session, caller, at.date())
    packs = sweep.packs_of(registry(request).store)
    return respond({"data": custodies.of_performers(looking, packs, at)})
