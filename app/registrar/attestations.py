"""Acts on attestations: a named person states, on a date, something that a rule asks for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.registrar import objects, parties
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.store import heads, ids, log, rows
from app.store.heads import REGISTRY, Head, Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "kind",
    "at",
    "by",
    "role",
    "text",
    "performer_id",
    "work_id",
    "organization_id",
    "ends_at",
    "done_on",
    "evidence",
    "withdrawn_at",
)
_SEARCH: Final = "representative_search"
_SECURITY: Final = "security"
_RELEASE: Final = "biometric_release"
# What the performer signed on paper: kind, and what it is called.
_SIGNED: Final = {_RELEASE: "release", "consent_to_keep": "agreement"}


@dataclass(frozen=True, slots=True)
class NewAttestation:
    """What is left out limits nothing. ``role``: in which capacity the person speaks."""

    kind: str
    text: str
    role: str | None = None
    performer: str | None = None
    work: str | None = None
    organization: str | None = None
    ends_at: datetime | None = None
    done_on: date | None = None
    evidence: tuple[str, ...] = ()


def make(tx: Tx, caller: Caller, new: NewAttestation) -> Recorded | Refused:
    """Attest in one's own name; it counts from now on and is never taken back, only outlived."""
    performer_id, work_id, organization_id = _about(objects.eyes_of(tx, caller), new)
    if new.kind == _RELEASE:
        # Whoever signs a release gives it to one studio and not to all.
        organization_id = organization_id or caller.organization_id
    head = _head(performer_id, work_id)
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    if new.ends_at is not None and new.ends_at <= tx.now:
        raise wrong("/ends_at", "in-the-past", "Give an instant that is still to come.")
    if new.kind == _SEARCH:
        _check_search(new, tx.now.date())
    elif new.kind in _SIGNED:
        _check_signed(new, _SIGNED[new.kind])
    log.begin(tx)
    row = rows.insert(
        tx,
        "attestation",
        id=ids.mint("att"),
        kind=new.kind,
        at=tx.now,
        by=caller.id,
        role=new.role or caller.role,
        text=new.text,
        performer_id=performer_id,
        work_id=work_id,
        organization_id=organization_id,
        ends_at=new.ends_at,
        done_on=new.done_on,
        evidence=list(new.evidence),
    )
    heads.bump(tx, *head)
    about = {performer_id, work_id, organization_id, caller.organization_id} - {None}
    log.append(tx, "attestation.made", caller.role, subjects={str(id_) for id_ in about})
    return Recorded(
        value=view(row), location=f"/v1/attestations/{row['id']}", etag=objects.etag_of(row)
    )


def withdraw(tx: Tx, caller: Caller, attestation_id: str) -> Recorded | Refused:
    """Take a release to measure back, as whose it is: nothing new rests on it from now on.

    What was measured stays on record as such, and until when it may be kept is another question.
    """
    row = _released(tx, caller, attestation_id)
    head = ("performer", row["performer_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    row = _released(tx, caller, attestation_id)
    parties.stopping_role(tx, caller, row["performer_id"])
    if row["withdrawn_at"] is not None:
        raise problem("invalid-transition", f"You took it back already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "attestation", row["id"], withdrawn_at=tx.now)
    heads.bump(tx, *head)
    log.append(tx, "attestation.withdrawn", caller.role, subjects={row["performer_id"]})
    return Recorded(value=view(row), status=200, etag=objects.etag_of(row))


def _released(tx: Tx, caller: Caller, attestation_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "attestation", attestation_id)
    if row["kind"] != _RELEASE:
        said = "Only a release to measure somebody is taken back."
        raise problem("invalid-transition", f"{said} {NOTHING_RECORDED}")
    return row


def view(row: Row) -> dict[str, Any]:
    """An attestation as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _check_search(new: NewAttestation, today: date) -> None:
    """A union may speak for the dead on a search only, so it says of whom, when, and shows it."""
    if new.performer is None:
        raise wrong("/performer", "required", "Say whose representatives were searched for.")
    if new.done_on is None or new.done_on > today:
        raise wrong("/done_on", "required", "Give the day of the search; it is not in the future.")
    if not new.evidence:
        raise wrong("/evidence", "required", "Give the SHA-256 of what shows the search.")


def _check_signed(new: NewAttestation, what: str) -> None:
    """It is somebody's, and signed: the registry keeps the hash of the paper."""
    if new.performer is None:
        raise wrong("/performer", "required", f"Say whose {what} it is.")
    if not new.evidence:
        raise wrong("/evidence", "required", f"Give the SHA-256 of the signed {what}.")


def _about(looking: Eyes, new: NewAttestation) -> tuple[str | None, str | None, str | None]:
    caller = looking.caller
    if caller.role == "vendor":
        # A vendor answers for how it keeps replicas, and for nothing else.
        if new.kind != _SECURITY:
            raise wrong("/kind", "not-a-vendor's", "A vendor attests `security` only.")
        if new.organization not in {None, caller.organization_id}:
            raise objects.unknown("/organization")
        return None, None, caller.organization_id
    if caller.is_union and new.kind != _SEARCH:
        raise wrong("/kind", "not-a-unions", "A union attests `representative_search` only.")
    performer = new.performer and objects.find(looking, "performer", new.performer, "/performer")
    work = new.work and objects.find(looking, "work", new.work, "/work")
    organization_id = None
    if new.organization is not None:
        organization_id = new.organization
        if organization_id != caller.organization_id:
            named = objects.organization(looking, organization_id, "/organization", "vendor")
            organization_id = str(named["id"])
    return (performer or {}).get("id"), (work or {}).get("id"), organization_id


def _head(performer_id: str | None, work_id: str | None) -> Head:
    if performer_id is not None:
        return ("performer", performer_id)
    # No registration holds a vendor's head; every one holds the registry's.
    return REGISTRY if work_id is None else ("work", work_id)
