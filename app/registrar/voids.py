"""The act by which a consent is put on record as void: it never was one, for any day."""

from dataclasses import dataclass

from app.registrar import grants, parties, sweep
from app.registrar.callers import Caller
from app.rules import grants as rules
from app.rules.refusals import Refusal
from app.store import log, rows
from app.store.tx import Recorded, Refused, Tx


@dataclass(frozen=True, slots=True)
class Finding:
    """Who found it void: ``court`` | ``arbitration``; and the hash of the paper that says so."""

    basis: str
    document_hash: str
    reason: str | None = None


def void(tx: Tx, caller: Caller, grant_id: str, finding: Finding) -> Recorded | Refused:
    """Put on record that a consent was found void.

    It reaches back: a question about any day, asked from now on, is answered as if there had been
    none, and finished uses do not run on. What was known before is told as it was known.
    """
    row = grants.taken(tx, caller, grant_id)
    state = rules.move("void", row["state"], caller.role)
    if isinstance(state, Refusal):
        return parties.refused(state, **grants.about(row))
    found = rows.where(tx.session, "use", grant_id=row["id"])
    rested = [use for use in found if use["state"] != "withdrawn"]
    log.begin(tx)
    why = {
        "basis": finding.basis,
        "document_hash": finding.document_hash,
        "at": rows.plain(tx.now),
        "by": caller.id,
    }
    row = rows.amend(
        tx, "grant", row["id"], state=state, proposal=None, voided=why, reason=finding.reason
    )
    sweep.enlist_under(tx, row["id"], rested)
    return grants.done(
        tx, caller, row, "grant.voided", affected=[sweep.line(use) for use in rested]
    )
