"""Reading a request for consent before it is made: what would be wrong with it."""

from typing import Any

from app.registrar import grants, sweep, terms
from app.registrar.callers import Caller
from app.registrar.grants import Offer
from app.registrar.problems import NOTHING_RECORDED
from app.rules import drafts
from app.rules.drafts import Fault, Held, Mend, Verdict
from app.rules.facts import Check, Facts, Grant
from app.store import facts, rows
from app.store.tx import Recorded, Refused, Tx

Document = dict[str, Any]


def lint(tx: Tx, caller: Caller, new: Offer) -> Recorded | Refused:
    """Offer the draft and read what was offered. It is for `preview`, which undoes it.

    So whatever the offer itself would be refused for is said here in the same words.
    """
    asked = grants.offer(tx, caller, new)
    if isinstance(asked, Refused):
        return asked
    [row] = rows.where(tx.session, "grant", id=asked.value["id"])
    draft = terms.value_of(row)
    known = {work: _facts(tx, draft, work) for work in draft.scope.works}
    verdict = drafts.lint(draft, known, sweep.packs_of(tx.store), as_of=tx.now)
    # What the draft brings along is undone with it, so that its id is nobody's.
    person = draft.performer_id if isinstance(new.performer, str) else None
    brought = draft.scope.works[0] if new.new_work is not None else None
    return Recorded(
        {
            "performer_id": person,
            "held_against": [_held(held) for held in verdict.held],
            "faults": [_fault(fault, brought) for fault in verdict.faults],
            "warnings": [_mend(warning) for warning in verdict.warnings],
            "samples": dict(verdict.samples),
            "says": f"{_says(verdict)} {NOTHING_RECORDED}",
        },
        status=200,
    )


def _facts(tx: Tx, draft: Grant, work: str) -> Facts:
    check = Check(
        work=work,
        use=draft.scope.uses[0],
        performer=draft.performer_id,
        producer=draft.grantee_id,
    )
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    return known


def _held(held: Held) -> Document:
    return {"pack": held.pack, "title": held.title, "binds": held.binds}


def _fault(fault: Fault, brought: str | None) -> Document:
    return {
        "code": fault.code,
        "outcome": fault.outcome,
        "sentence": fault.sentence,
        "title": fault.title,
        "binds": fault.binds,
        "source": fault.source.wire(),
        "works": [work for work in fault.works if work != brought],
        "uses": list(fault.uses),
        "mend": [_mend(mend) for mend in fault.mend],
    }


def _mend(mend: Mend) -> Document:
    return {"fields": list(mend.fields), "words": mend.words}


def _says(verdict: Verdict) -> str:
    if verdict.faults:
        return "As it is, this could not be relied on once signed. Each fault says what mends it."
    if verdict.undated:
        return "Which rules these terms are held to cannot be told yet: the first warning says why."
    if not verdict.held:
        return "No law and no agreement on record says how these terms have to be put."
    return "Nothing that these terms can show is wrong with them."
