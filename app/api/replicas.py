"""Replicas: what was made of whom, in what state, in whose custody; hashes, never files."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Hash, Id, In, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import HouseCode, example, page_example
from app.registrar import deletions, objects, replicas, sweep
from app.registrar.custodies import Terms
from app.registrar.replicas import NewReplica, NewState

router = api_router("replicas")

Kind = Literal["employment", "independent", "background"]
State = Literal["planned", "captured", "active", "quarantined", "destruction_due", "destroyed"]

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_VENDOR = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_REPLICA = {
    "id": "repl_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "kind": "employment",
    "origin_work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "capture_session_id": "sess_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "custodian_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "state": "captured",
    "captured_on": "2026-11-21",
    "asset_hashes": [_HASH],
    "destruction_certificate": None,
    "made_before": None,
    "purpose_met_on": None,
}


class ReplicaIn(In):
    """From a capture session, which says of whom; else of a performer, for a work.

    Either is decided like a `scan`. What was there before names its proof instead.
    """

    model_config = example({"capture_session": _REPLICA["capture_session_id"]})

    capture_session: Id | None = None
    performer: Id | None = None
    origin_work: Id | None = None
    kind: Kind | None = Field(default=None, description="Left out: by how it came about.")
    custodian: Id | None = Field(default=None, description="Who keeps the files; left out: you.")
    captured_on: Day | None = None
    made_before: Hash | None = Field(
        default=None,
        description="Of one that was there before: the SHA-256 of what proves how, and with"
        " whose yes.",
    )
    asset_hashes: list[Hash] = Field(default=[], max_length=1000)
    purpose: Words | None = Field(default=None, description="For what they keep the files.")
    until_on: Day | None = Field(default=None, description="The last day on which they do.")
    ref: HouseCode | None = None


class AssetsIn(In):
    """SHA-256 hashes of files, in hex. The files themselves never come here."""

    model_config = example({"sha256": [_HASH]})

    sha256: list[Hash] = Field(min_length=1, max_length=1000)


class StateIn(In):
    """The state that follows; destruction needs the hash of a certificate."""

    model_config = example({"state": "quarantined"})

    state: State
    certificate: Hash | None = None
    purpose_met_on: Day | None = Field(
        default=None,
        description="With `destruction_due`: when what it was made for was done; left out, today.",
    )


class CustodianIn(In):
    """A vendor, or your own studio; for what, and the last day."""

    model_config = example(
        {
            "custodian": _VENDOR,
            "purpose": "the falls of the second act",
            "until_on": "2027-03-31",
        }
    )

    custodian: Id
    purpose: Words | None = None
    until_on: Day | None = None


class DeleteByOut(Out):
    """Until when a law lets what was measured be kept; ``due`` is the last day, where known."""

    law: str
    due: Day | None
    overdue: bool
    sentence: str


class ReplicaOut(Out):
    """A replica; a vendor sees neither of whom nor for what it is."""

    model_config = example(_REPLICA)

    id: str
    version: int
    performer_id: str | None = None
    producer_id: str | None = None
    kind: Kind
    origin_work_id: str | None = None
    capture_session_id: str | None = None
    custodian_id: str | None
    state: State
    captured_on: Day | None
    asset_hashes: list[str]
    destruction_certificate: str | None
    made_before: str | None = Field(
        default=None, description="The hash of what proves how it was made, where nobody decided."
    )
    purpose_met_on: Day | None = None
    delete_by: list[DeleteByOut] | None = Field(
        default=None, description="Until when laws let what was measured be kept; as it is now."
    )
    decision: dict[str, Any] | None = Field(
        default=None, description="Of the capture, where this act made the replica."
    )


class ReplicasOut(Out):
    """A page of replicas."""

    model_config = page_example(_REPLICA)

    data: list[ReplicaOut]
    next_cursor: str | None


@router.post(
    "/v1/replicas",
    status_code=201,
    response_model=ReplicaOut,
    summary="Put a replica on record",
    **policy("replicas.record"),
)
def record_replica(request: Request, body: ReplicaIn, caller: Caller) -> Response:
    """With a capture session it is decided as a `scan`; refused with 409 and every reason."""
    new = NewReplica(
        kind=body.kind,
        capture_session=body.capture_session,
        performer=body.performer,
        origin_work=body.origin_work,
        custodian=body.custodian,
        captured_on=body.captured_on,
        asset_hashes=tuple(body.asset_hashes),
        made_before=body.made_before,
        ref=body.ref,
        terms=Terms(body.purpose, body.until_on),
    )
    return act(request, caller, lambda tx: replicas.record(tx, caller, new))


@router.get(
    "/v1/replicas",
    response_model=ReplicasOut,
    summary="List replicas",
    **policy("replicas.list"),
)
def list_replicas(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    performer: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Those that the caller may see; a vendor, what it has in custody."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "replica", page.before, page.fetch, performer_id=performer)
    packs = sweep.packs_of(registry(request).store)
    seen = [
        {
            **replicas.view(caller, row),
            "delete_by": deletions.of_replica(session, packs, row, now(request)),
        }
        for row in found
    ]
    return paged(request, page, seen)


@router.get(
    "/v1/replicas/{replica_id}",
    response_model=ReplicaOut,
    summary="Read a replica",
    **policy("replicas.read"),
)
def read_replica(request: Request, replica_id: str, caller: Caller, session: Reads) -> Response:
    """As it stands now."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "replica", replica_id)
    packs = sweep.packs_of(registry(request).store)
    value = {
        **replicas.view(caller, row),
        "delete_by": deletions.of_replica(session, packs, row, now(request)),
        "refs": objects.codes_of(looking, row["id"]),
    }
    return respond(value, headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/replicas/{replica_id}/assets",
    response_model=ReplicaOut,
    summary="Add hashes of files",
    **policy("replicas.change"),
)
def add_assets(request: Request, replica_id: str, body: AssetsIn, caller: Caller) -> Response:
    """None is ever taken away."""
    hashes = tuple(body.sha256)
    return act(request, caller, lambda tx: replicas.add_assets(tx, caller, replica_id, hashes))


@router.post(
    "/v1/replicas/{replica_id}/state",
    response_model=ReplicaOut,
    summary="Move a replica along its life",
    **policy("replicas.change"),
)
def change_state(request: Request, replica_id: str, body: StateIn, caller: Caller) -> Response:
    """To `captured` is to make it, and is decided like that."""
    new = NewState(body.state, body.certificate, body.purpose_met_on)
    return act(request, caller, lambda tx: replicas.change_state(tx, caller, replica_id, new))


@router.post(
    "/v1/replicas/{replica_id}/custodian",
    response_model=ReplicaOut,
    summary="Say who keeps the files",
    **policy("replicas.change"),
)
def change_custodian(
    request: Request, replica_id: str, body: CustodianIn, caller: Caller
) -> Response:
    """Who kept them before holds a copy until they confirm that it is gone."""
    terms = Terms(body.purpose, body.until_on)
    return act(
        request,
        caller,
        lambda tx: replicas.change_custodian(tx, caller, replica_id, body.custodian, terms),
    )
