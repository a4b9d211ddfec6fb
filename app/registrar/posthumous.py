"""The act of a union that says yes for the dead, for whom nobody else was found to speak."""

from typing import Any

from app.registrar import grants, objects, parties, sweep, terms
from app.registrar.callers import Caller
from app.rules import grants as rules
from app.rules.decide.case import Case, open_case
from app.rules.decide.exemptions import attestation
from app.rules.decide.posthumous import union_refusal
from app.rules.facts import Check
from app.rules.refusals import Refusal
from app.store import facts, rows
from app.store.tx import Recorded, Refused, Tx


def consent(tx: Tx, caller: Caller, grant_id: str, terms_hash: str) -> Recorded | Refused:
    """Sign exactly the terms that were read, in place of the dead.

    The signature says for which union, and on which search it rests; it carries nothing new once an
    estate is proven.
    """
    row = grants.taken(tx, caller, grant_id)
    state = rules.move("accept_for_the_dead", row["state"], "union")
    if isinstance(state, Refusal):
        return parties.refused(state, **grants.about(row))
    late = grants.too_late(tx, row)
    if late is not None:
        return parties.refused(late, **grants.about(row))
    cases = _cases(tx, row)
    refusal = union_refusal(cases, objects.owner(caller))
    if refusal is not None:
        return parties.refused(refusal, **grants.about(row))
    if terms_hash != row["terms_hash"]:
        return grants.changed(tx, row, terms_hash)
    return grants.put_in_force(
        tx, caller, row, terms.document_of(row), _signature(tx, caller, cases[0])
    )


def _cases(tx: Tx, row: objects.Row) -> list[Case]:
    """What a use of each work would rest on; which use it is changes nothing of who may sign."""
    found = []
    for work in row["scope"]["works"]:
        check = Check(
            performer=row["performer_id"],
            work=work,
            use=row["scope"]["uses"][0],
            producer=row["grantee_id"],
            replica=row["replica_id"],
        )
        known, _ = facts.load(tx.session, check, as_of=tx.now)
        case = open_case(check, known, sweep.packs_of(tx.store), tx.now)
        assert case is not None  # noqa: S101 - the offer named what is on record
        found.append(case)
    return found


def _signature(tx: Tx, caller: Caller, case: Case) -> dict[str, Any]:
    searched = attestation(case, "representative_search")
    assert searched is not None  # noqa: S101 - without one it was refused
    return {
        "at": rows.plain(tx.now),
        "by": "union",
        "principal": caller.id,
        "representation_id": None,
        "organization_id": objects.owner(caller),
        "search": searched.id,
        "method": "in_registry",
        "identity": "vouched",
    }
