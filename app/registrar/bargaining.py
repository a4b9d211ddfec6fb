"""Acts by which the sides of a grant ask each other for other terms, and take them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.registrar import objects, parties, terms
from app.registrar.callers import Caller
from app.registrar.grants import (
    about,
    changed,
    done,
    named,
    open_from,
    put_in_force,
    signature,
    taken,
    too_late,
)
from app.registrar.problems import must_match, wrong
from app.registrar.signing import zone_of
from app.rules import grants as rules
from app.rules.facts import instant
from app.rules.grants import Proposal
from app.rules.reasons import plain
from app.rules.refusals import FieldError, Refusal
from app.rules.signing import Signer, Signing, may_sign
from app.store import log, rows
from app.store.tx import Recorded, Refused, Tx

Row = objects.Row
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Other terms: what changes, or the hash of the other side's terms that are taken as they are.

    ``read``: the versions that the caller named as read.
    """

    read: frozenset[int]
    changes: Mapping[str, Any] = field(default_factory=dict)
    terms_hash: str | None = None
    presigned: bool = False
    note: str | None = None
    answer_by: datetime | None = None


def amend(tx: Tx, caller: Caller, grant_id: str, answer: Answer) -> Recorded | Refused:
    """Propose other terms as the studio, or take the performer's counter-offer as it stands."""
    row = taken(tx, caller, grant_id)
    must_match(answer.read, row["version"])
    if answer.terms_hash is not None:
        return _close(tx, caller, row, answer.terms_hash)
    state = rules.move("amend", row["state"], "studio")
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    document = _reworked(tx, caller, row, answer)
    if row["state"] == "active":
        return _propose(tx, caller, row, _proposal(tx, "studio", document, answer))
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], **_offer_again(tx, row, document))
    return done(tx, caller, row, "grant.amended")


def counter(tx: Tx, caller: Caller, grant_id: str, answer: Answer) -> Recorded | Refused:
    """Ask for other terms as the performer's side; signed in advance if they say so."""
    row = taken(tx, caller, grant_id)
    must_match(answer.read, row["version"])
    role = parties.bargaining_role(tx, caller, row["performer_id"])
    state = rules.move("counter", row["state"], role)
    # Silence was a no: after it there is no offer that could be countered.
    refusal = state if isinstance(state, Refusal) else too_late(tx, row)
    if refusal is not None:
        return parties.refused(refusal, **about(row))
    until = rules.answer_by(tx.now, answer.answer_by)
    if isinstance(until, FieldError):
        raise wrong(until.pointer, until.code, until.detail)
    signed = None
    if answer.presigned:
        who = parties.signing(tx, caller, row["performer_id"], zone_of(tx, row))
        if isinstance(who, Refused):
            return who
        signed = signature(tx, caller, row, who)
    document = _reworked(tx, caller, row, answer)
    asked = _proposal(tx, "performer", document, answer)
    return _propose(tx, caller, row, asked | {"signature": signed, "answer_by": rows.plain(until)})


def take_back(tx: Tx, caller: Caller, grant_id: str) -> Recorded | Refused:
    """Take a counter-offer back, signed in advance or not, while the studio has not taken it."""
    row = taken(tx, caller, grant_id)
    role = parties.bargaining_role(tx, caller, row["performer_id"])
    state = rules.move("counter", row["state"], role)
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    if open_from(row, "performer") is None:
        nothing = Refusal("nothing_open", "No counter-offer of yours is open.")
        return parties.refused(nothing, **about(row))
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], proposal=None)
    return done(tx, caller, row, "grant.counter_withdrawn")


def _proposal(tx: Tx, by: str, document: Document, answer: Answer) -> Document:
    """Terms that wait for the other side."""
    return {
        "by": by,
        "terms": document,
        "terms_hash": rules.terms_hash(document),
        "presigned": answer.presigned,
        "note": answer.note,
        "at": rows.plain(tx.now),
    }


def _reworked(tx: Tx, caller: Caller, row: Row, answer: Answer) -> Document:
    """The terms that change: on from what the other side proposed last, if it did."""
    if not answer.changes:
        raise wrong("", "nothing-to-change", "Name at least one term, or a `terms_hash` to take.")
    base = row["proposal"]["terms"] if row["proposal"] else terms.document_of(row)
    looking = objects.eyes_of(tx, caller)
    changes = dict(answer.changes)
    if "works" in changes.get("scope", {}):
        found = [
            str(objects.find(looking, "work", w, f"/works/{n}")["id"])
            for n, w in enumerate(changes["scope"]["works"])
        ]
        changes["scope"] = {**changes["scope"], "works": found}
    return named(tx, looking, terms.asked(base, changes))


def _offer_again(tx: Tx, row: Row, document: Document) -> Document:
    return {
        **terms.columns(document),
        "terms_version": row["terms_version"] + 1,
        "proposal": None,
        "offered_at": tx.now,
        "answer_by": rules.answer_by(tx.now),
    }


def _propose(tx: Tx, caller: Caller, row: Row, asked: Document) -> Recorded:
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], proposal=asked)
    type_ = "grant.amended" if asked["by"] == "studio" else "grant.countered"
    return done(tx, caller, row, type_)


def _stale(tx: Tx, row: Row, found: Document) -> Refusal | None:
    """Why a counter-offer cannot be taken any more: it waited too long, or its signer is gone."""
    until = instant(found["answer_by"])
    if tx.now >= until:
        return Refusal("too_late", f"The counter-offer waited until {plain(until)} and is over.")
    if not found["presigned"]:
        return None
    person = parties.performer(tx.session, row["performer_id"])
    signing = may_sign(
        person, _signer(tx, row, found["signature"]), as_of=tx.now, zone=zone_of(tx, row)
    )
    if isinstance(signing, Signing):
        return None
    return Refusal(
        "signer_gone",
        f"Whoever signed this in advance could not sign it today: {signing.sentence} Ask again.",
    )


def _signer(tx: Tx, row: Row, signed: Document) -> Signer:
    proof = signed["representation_id"]
    if proof is None:
        return Signer("performer", performer_id=row["performer_id"])
    found = rows.current(tx.session, "representation", proof)
    rivals = parties.estates_of(tx, row["performer_id"])
    return Signer("representative", representation=parties.representation(found), estates=rivals)


def _close(tx: Tx, caller: Caller, row: Row, terms_hash: str) -> Recorded | Refused:
    """Take the performer's counter-offer: binding if signed in advance, else as the offer."""
    state = rules.move("close", row["state"], "studio")
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    found = row["proposal"]
    known = (
        None
        if found is None
        else Proposal(found["by"], found["terms_hash"], presigned=found["presigned"])
    )
    binding = rules.closing(known, terms_hash, by="studio")
    if isinstance(binding, Refusal) and binding.code == "changed":
        return changed(tx, row, terms_hash)
    stands = binding if isinstance(binding, Refusal) else _stale(tx, row, found)
    if stands is not None:
        return parties.refused(stands, **about(row))
    if binding:
        # In force from now: before, nobody had agreed to it.
        signed = found["signature"] | {"at": rows.plain(tx.now), "presigned_at": found["at"]}
        return put_in_force(tx, caller, row, found["terms"], signed)
    if row["state"] == "active":
        taken_over = found | {"by": "studio", "at": rows.plain(tx.now)}
        return _propose(tx, caller, row, taken_over)
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], **_offer_again(tx, row, found["terms"]))
    return done(tx, caller, row, "grant.amended")
