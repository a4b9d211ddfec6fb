"""Attestations: what a named person states, on a date, because a rule asks for it."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Day, Hash, Id, In, Instant, Label, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import attestations, objects
from app.registrar.attestations import NewAttestation

router = api_router("attestations")

Kind = Literal[
    "as_scripted",
    "safety",
    "unrecognisable",
    "dub_double",
    "expressive",
    "traditional_ai",
    "counsel_review",
    "security",
    "additional_value",
    "named_prompt",
    "representative_search",
    "training_licence",
    "training_internal",
    "consistent_use",
    "biometric_release",
    "consent_to_keep",
    "producer_approval",
    "same_terms",
    "not_exploited",
    "online_media",
    "self_posted",
    "machine_marked",
    "system_marketed_before",
]

_ATTESTATION = {
    "id": "att_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "kind": "unrecognisable",
    "at": "2026-11-21T12:00:00.000000Z",
    "by": "usr_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "role": "visual effects supervisor",
    "text": "The face is behind a mask in every frame.",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": None,
    "organization_id": None,
    "ends_at": None,
    "done_on": None,
    "evidence": [],
    "withdrawn_at": None,
}


class AttestationIn(In):
    """In the caller's own name. What is left out limits nothing."""

    model_config = example(
        {
            "kind": "unrecognisable",
            "text": _ATTESTATION["text"],
            "role": _ATTESTATION["role"],
            "performer": _ATTESTATION["performer_id"],
        }
    )

    kind: Kind
    text: Words
    role: Label | None = Field(default=None, description="In which capacity you speak.")
    performer: Id | None = None
    work: Id | None = None
    organization: Id | None = Field(default=None, description="A vendor, or your own.")
    ends_at: Instant | None = None
    done_on: Day | None = Field(
        default=None, description="When it was done; `representative_search` says so."
    )
    evidence: list[Hash] = Field(
        default=[], max_length=50, description="SHA-256 of what shows it; never the papers."
    )


class AttestationOut(Out):
    """An attestation."""

    model_config = example(_ATTESTATION)

    id: str
    version: int
    kind: str
    at: Instant
    by: str
    role: str
    text: str
    performer_id: str | None
    work_id: str | None
    organization_id: str | None
    ends_at: Instant | None
    done_on: Day | None
    evidence: list[str]
    withdrawn_at: Instant | None


class AttestationsOut(Out):
    """A page of attestations."""

    model_config = page_example(_ATTESTATION)

    data: list[AttestationOut]
    next_cursor: str | None


@router.post(
    "/v1/attestations",
    status_code=201,
    response_model=AttestationOut,
    summary="Attest something",
    **policy("attestations.make"),
)
def make_attestation(request: Request, body: AttestationIn, caller: Caller) -> Response:
    """Dated now. It is never taken back; it can end."""
    new = NewAttestation(
        kind=body.kind,
        text=body.text,
        role=body.role,
        performer=body.performer,
        work=body.work,
        organization=body.organization,
        ends_at=body.ends_at,
        done_on=body.done_on,
        evidence=tuple(body.evidence),
    )
    return act(request, caller, lambda tx: attestations.make(tx, caller, new))


@router.get(
    "/v1/attestations",
    response_model=AttestationsOut,
    summary="List attestations",
    **policy("attestations.list"),
)
def list_attestations(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """Those of the caller's organization, and those about it."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "attestation", page.before, page.fetch)
    return paged(request, page, [attestations.view(row) for row in found])


@router.get(
    "/v1/attestations/{attestation_id}",
    response_model=AttestationOut,
    summary="Read an attestation",
    **policy("attestations.read"),
)
def read_attestation(
    request: Request, attestation_id: str, caller: Caller, session: Reads
) -> Response:
    """Of the caller's organization, or about it."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "attestation", attestation_id)
    return respond(attestations.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/attestations/{attestation_id}/withdrawal",
    response_model=AttestationOut,
    summary="Take a release back",
    **policy("attestations.withdraw"),
)
def withdraw_attestation(request: Request, attestation_id: str, caller: Caller) -> Response:
    """A release to measure somebody, by whose it is: nothing new rests on it from now on."""
    return act(request, caller, lambda tx: attestations.withdraw(tx, caller, attestation_id))
