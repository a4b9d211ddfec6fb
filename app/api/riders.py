"""Riders: signed on paper or elsewhere, stated by the studio, answered by the performer."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.deps import Caller, act, api_router, policy
from app.api.grant_shapes import (
    ACTIVE_GRANT,
    SIGNED_ON_PAPER,
    ActiveGrantOut,
    GrantOut,
    ReasonIn,
)
from app.api.models import Day, Hash, Id, In, Name
from app.api.shapes import example
from app.registrar import riders
from app.registrar.riders import SignedElsewhere

router = api_router("riders")

PAPER = {
    "signed_on": "2026-11-20",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "original": "Production office, folder 12",
}


class SignedElsewhereIn(In):
    """Who signed, when, the hash of the scan, and where the original is. The file stays there."""

    model_config = example(PAPER)

    signed_on: Day = Field(description="Counts from the end of the day, in UTC.")
    sha256: Hash = Field(description="Of the scanned rider; the scan itself is never sent.")
    original: Name = Field(description="Where the original is kept.")
    by: Literal["performer", "guardian", "estate", "executor"] = "performer"
    representation: Id | None = Field(
        default=None, description="The proof of whoever signed in the performer's place."
    )
    method: Literal["paper", "imported"] = Field(
        default="paper", description="`imported`: signed in another system."
    )

    def said(self) -> SignedElsewhere:
        """What the registrar is told."""
        return SignedElsewhere(
            **{name: getattr(self, name) for name in SignedElsewhereIn.model_fields}
        )


class RiderIn(SignedElsewhereIn):
    """The terms that were printed and signed, by their hash, and how they were signed."""

    model_config = example(PAPER | {"terms_hash": ACTIVE_GRANT["terms_hash"]})

    terms_hash: Hash


class RiderOut(ActiveGrantOut):
    """A consent in force by the studio's word, until the performer answers."""

    model_config = example(ACTIVE_GRANT | {"signature": SIGNED_ON_PAPER, "log_index": 42})


class DisputedOut(GrantOut):
    """A consent whose signature is disputed, and the uses that rest on it."""

    model_config = example(
        ACTIVE_GRANT
        | {
            "version": 3,
            "signature": SIGNED_ON_PAPER | {"disputed_at": "2026-11-24T09:00:00.000000Z"},
            "affected": {"future": [], "in_flight": [], "finished": []},
            "log_index": 43,
        }
    )


@router.post(
    "/v1/grants/{grant_id}/rider",
    response_model=RiderOut,
    summary="State that the performer signed on paper",
    **policy("grants.record_elsewhere"),
)
def record_rider(request: Request, grant_id: str, body: RiderIn, caller: Caller) -> Response:
    """A statement of the studio, shown as one: only the performer can sign, and confirm it."""
    said, terms_hash = body.said(), body.terms_hash
    return act(request, caller, lambda tx: riders.record(tx, caller, grant_id, terms_hash, said))


@router.post(
    "/v1/grants/{grant_id}/signature-dispute",
    response_model=DisputedOut,
    summary="Say that a signature is not yours",
    **policy("grants.dispute_signature"),
)
def dispute_signature(
    request: Request, grant_id: str, caller: Caller, body: ReasonIn | None = None
) -> Response:
    """Every use that rests on it is held from now on; what is finished may go on being shown."""
    words = body.reason if body else None
    return act(request, caller, lambda tx: riders.dispute(tx, caller, grant_id, words))
