"""Drafts: what would be wrong with a request for consent, before anybody is asked to sign it."""

from typing import Any, Literal

from fastapi import Request, Response

from app.api.deps import Caller, api_router, policy, preview
from app.api.grant_shapes import GrantIn
from app.api.models import Out
from app.api.shapes import example
from app.registrar import drafts

router = api_router("grants")

_MEND = {
    "fields": ["description"],
    "words": "Describe what the replica will do, such as: “In scene 45 the replica falls from the"
    " pier into the water.”",
}
_HELD = {
    "pack": "us-ca/labor-927@1",
    "title": "California Labor Code section 927",
    "binds": "yes",
}
_FAULT: dict[str, Any] = {
    "code": "D_CLAUSE_UNENFORCEABLE",
    "outcome": "deny",
    "sentence": "Signed as it is, the clause would bind nobody under California Labor Code section"
    " 927.",
    "title": _HELD["title"],
    "binds": "yes",
    "source": {
        "rule": "CA-01",
        "pack": "us-ca/labor-927",
        "version": "1",
        "verified": True,
        "cites": ["AB 2602", "Labor Code §927"],
    },
    "works": ["work_01k9zq3v5rfm8t4cy2x7d6ahwe"],
    "uses": ["stunt"],
    "mend": [_MEND],
}


class MendOut(Out):
    """One way of putting it right: the members of the request, and in words."""

    model_config = example(_MEND)

    fields: list[str]
    words: str


class HeldOut(Out):
    """A law or agreement that the draft was held against."""

    model_config = example(_HELD)

    pack: str
    title: str
    binds: Literal["yes", "not_known"]


class FaultOut(Out):
    """What one rule has against the draft. `binds` is not known where no place is on record."""

    model_config = example(_FAULT)

    code: str
    outcome: Literal["deny", "needs_action"]
    sentence: str
    title: str
    binds: Literal["yes", "not_known"]
    source: dict[str, Any]
    works: list[str]
    uses: list[str]
    mend: list[MendOut]


class LintOut(Out):
    """What is wrong with a draft, what would mend it, and how others describe such uses."""

    model_config = example(
        {
            "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "held_against": [_HELD],
            "faults": [_FAULT],
            "warnings": [],
            "samples": {"stunt": "In scene 45 the replica falls from the pier into the water."},
            "says": "As it is, this could not be relied on once signed. Each fault says what mends"
            " it. Nothing was recorded.",
        }
    )

    performer_id: str | None
    held_against: list[HeldOut]
    faults: list[FaultOut]
    warnings: list[MendOut]
    samples: dict[str, str]
    says: str


@router.post(
    "/v1/grants/lint",
    response_model=LintOut,
    summary="See what is wrong with a request before it is made",
    **policy("grants.lint"),
)
def lint_draft(request: Request, body: GrantIn, caller: Caller) -> Response:
    """The body of a request for consent. Nobody is asked, and nothing is recorded."""
    new = body.offer()
    return preview(request, caller, lambda tx: drafts.lint(tx, caller, new))
