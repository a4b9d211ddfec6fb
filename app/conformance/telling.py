"""A world as the acts that put it on record, each at its instant, in the order of those."""

from collections.abc import Callable, Mapping
from typing import Final

from app.conformance import blocks, consents, parties, pictures, statements
from app.conformance.told import Steps, Told
from app.rules.facts import Document

# In the order in which things stand on each other.
_TELLERS: Final[Mapping[str, Callable[[Told, str, Document], Steps]]] = {
    "organizations": parties.organization,
    "signatories": parties.signatory,
    "performers": parties.performer,
    "merges": parties.merge,
    "works": pictures.work,
    "edges": pictures.edge,
    "memberships": parties.membership,
    "representations": parties.representation,
    "engagements": pictures.engagement,
    "attestations": statements.attestation,
    "notices": statements.notice,
    "base_reports": statements.base_report,
    "work_days": statements.work_day,
    "capture_sessions": pictures.session,
    "estimates": statements.estimate,
    "grants": consents.grant,
    "sales": pictures.sale,
    "assignments": consents.assignment,
    "confirmations": consents.confirmation,
    "replicas": pictures.replica,
    "custodies": pictures.custody,
    "transfers": pictures.transfer,
    "suspensions": consents.suspension,
    "instructions": consents.instruction,
    "court_orders": blocks.court_order,
    "vetoes": blocks.veto,
    "uses": pictures.use,
    "verifications": statements.verification,
}


def tell(told: Told) -> None:
    """Put the world on record.

    Raises:
        NotAskableError: it holds a fact that no act states.
        UnexpectedError: an act was refused.
    """
    steps = [
        (at, rank, do)
        for rank, (kind, told_by) in enumerate(_TELLERS.items())
        for name, document in told.of(kind).items()
        for at, do in told_by(told, name, document)
    ]
    # INVARIANT: the sort is stable, so that what happened at one instant keeps the order of kinds.
    for at, _, do in sorted(steps, key=lambda step: step[:2]):
        do(at.isoformat())
