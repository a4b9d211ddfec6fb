"""Riders that were signed outside of the registry: the studio says so, the performer answers.

A studio never signs for a performer (RG-13). What it records here is a statement of its own, shown
as such to whoever reads it, until the performer confirms it or says that it is not theirs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.registrar import objects, parties, revocations, sweep, terms
from app.registrar.callers import Caller
from app.registrar.grants import about, changed, done, put_in_force, signature_of, taken
from app.registrar.problems import FieldError, wrong
from app.rules import grants as rules
from app.rules.refusals import Refusal
from app.store import log, private, rows
from app.store.tx import Recorded, Refused, Tx

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignedElsewhere:
    """How a studio says that something was signed.

    ``sha256`` is the hash of the scan or the record, which stays with the studio; ``original``
    says where the original is kept. ``representation`` names the proof of whoever signed in the
    performer's place.
    """

    signed_on: date
    sha256: str
    original: str
    by: str = "performer"
    representation: str | None = None
    method: str = "paper"


def record(
    tx: Tx, caller: Caller, grant_id: str, terms_hash: str, said: SignedElsewhere
) -> Recorded | Refused:
    """State as the studio that the performer signed exactly these terms elsewhere."""
    row = taken(tx, caller, grant_id)
    state = rules.move("record_elsewhere", row["state"], "studio")
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    if terms_hash != row["terms_hash"]:
        return changed(tx, row, terms_hash)
    signed = signature(tx, caller, row["performer_id"], said)
    if row["answer_by"] is not None and signed["at"] >= rows.plain(row["answer_by"]):
        over = Refusal(
            "too_late",
            f"The time to answer ended at {rows.plain(row['answer_by'])}; silence was a no.",
        )
        return parties.refused(over, **about(row))
    document = terms.document_of(row)
    log.begin(tx)
    private.put(tx, row["id"], original=said.original)
    return put_in_force(tx, caller, row, document, signed, type_="grant.signed_elsewhere")


def signature(tx: Tx, caller: Caller, performer_id: str, said: SignedElsewhere) -> Document:
    """The signature that a studio states; it knows the signer by the studio's word only.

    Raises:
        Problem: 422, signed after today, or on a proof that is another's or none.
    """
    at = rules.signed_elsewhere_at(said.signed_on, tx.now)
    if isinstance(at, FieldError):
        raise wrong(at.pointer, at.code, at.detail)
    return {
        "at": rows.plain(at),
        "by": said.by,
        "principal": caller.id,
        "representation_id": _proof(tx, performer_id, said),
        "method": said.method,
        "identity": "stated",
        "signed_on": said.signed_on.isoformat(),
        "sha256": said.sha256,
        "stated_by": objects.owner(caller),
        "stated_at": rows.plain(tx.now),
    }


def dispute(tx: Tx, caller: Caller, grant_id: str, words: str | None) -> Recorded | Refused:
    """Say for the performer that a signature is not theirs: what rests on it is held from now on.

    The answer says which uses that reaches; what is finished may go on being shown.
    """
    row = taken(tx, caller, grant_id)
    role = parties.stopping_role(tx, caller, row["performer_id"])
    state = rules.move("dispute_signature", row["state"], role)
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    refusal = rules.answer_refusal(signature_of(row), mine=False)
    if refusal is not None:
        return parties.refused(refusal, **about(row))
    touched = revocations.uses_under(tx, row["id"])
    said = {**row["signature"], "disputed_at": rows.plain(tx.now)}
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], signature=said, reason=words)
    sweep.enlist_under(tx, row["id"], revocations.unfinished(touched))
    return done(tx, caller, row, "grant.signature_disputed", affected=revocations.by_stage(touched))


def _proof(tx: Tx, performer_id: str, said: SignedElsewhere) -> str | None:
    if said.representation is None:
        return None
    if said.by == "performer":
        raise wrong("/representation", "not-needed", "Who signs for themselves needs no proof.")
    found = rows.current(tx.session, "representation", said.representation)
    if found is None or found["performer_id"] != performer_id:
        raise objects.unknown("/representation")
    return said.representation
