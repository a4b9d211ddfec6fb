"""Riders that were signed outside of the registry: the studio says so, the performer answers.

A studio never signs for a performer (RG-13). What it records here is a statement of its own, shown
as such to whoever reads it, until the performer confirms it or says that it is not theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.registrar import engagements, objects, parties, performers, revocations, sweep, terms
from app.registrar.callers import Caller
from app.registrar.engagements import NewEngagement
from app.registrar.grants import (
    about,
    asked_for,
    changed,
    done,
    put_in_force,
    ratified_from,
    signature_of,
    taken,
    works_of,
)
from app.registrar.performers import NewPerformer
from app.registrar.problems import within, wrong
from app.rules import grants as rules
from app.rules.reasons import plain
from app.rules.refusals import FieldError, Refusal
from app.store import ids, log, private, rows
from app.store.heads import Heads
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
            f"The time to answer ended on {plain(row['answer_by'])}; silence was a no.",
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


@dataclass(frozen=True, slots=True)
class NewRider:
    """A consent that was signed elsewhere, before anybody asked for it here.

    ``performer`` and ``engagement`` may come along; ``terms`` are as in an offer, with the works
    named apart. An engagement's own performer and work are those of the rider.
    """

    performer: str | NewPerformer
    works: tuple[str, ...]
    terms: Mapping[str, Any]
    said: SignedElsewhere
    ref: str | None = None
    engagement: NewEngagement | None = None
    works_at: str = "/works/{n}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rider that can be put on record: checked, before any head is held."""

    new: NewRider
    named: objects.Named
    performer_id: str
    performer: performers.Prepared | None
    engagement: engagements.Prepared | None

    def heads(self, tx: Tx) -> Heads:
        """What to hold while it is written. Who comes along has no head yet."""
        shared = Heads() if self.engagement is None else self.engagement.heads(tx)
        own = frozenset({("performer", self.performer_id)})
        return Heads(frozenset() if self.performer is not None else own, shared.shared)


def prepare(tx: Tx, caller: Caller, new: NewRider) -> Prepared:
    """Check a rider; takes no head and writes nothing.

    Raises:
        Problem: a member is wrong, or its code names another record.
    """
    looking = objects.eyes_of(tx, caller)
    named = objects.names(looking, "grant", new.ref, {})
    along = None
    if not isinstance(new.performer, str):
        with within("/performer"):
            along = performers.prepare(tx, caller, new.performer)
        performer_id = along.id
    else:
        found = objects.find(looking, "performer", new.performer, "/performer")
        performer_id = str(found["id"])
    hired = None
    if new.engagement is not None:
        with within("/engagement"):
            hired = engagements.prepare(tx, caller, new.engagement, performer_id)
    return Prepared(new, named, performer_id, along, hired)


def write(tx: Tx, caller: Caller, ready: Prepared) -> Recorded:
    """Put a rider on record, with who and what comes along, once every head is held.

    Raises:
        Problem: 422, the terms are unfit or the signature is.
    """
    looking, new, performer_id = objects.eyes_of(tx, caller), ready.new, ready.performer_id
    works = works_of(looking, new.works, new.works_at)
    document = asked_for(tx, looking, performer_id, works, new.terms)
    signed = signature(tx, caller, performer_id, new.said)
    if ready.performer is not None:
        performers.write(tx, caller, ready.performer)
    hired = None if ready.engagement is None else engagements.write(tx, caller, ready.engagement)
    log.begin(tx)
    row = rows.insert(
        tx,
        "grant",
        id=ids.mint("grant"),
        performer_id=performer_id,
        grantee_id=objects.owner(caller),
        state=rules.settled(review=False)[-1],
        **terms.columns(document),
        terms_version=1,
        signature=signed,
        ratified_from=ratified_from(document, signed),
    )
    private.put(tx, row["id"], original=new.said.original)
    refs = objects.keep_names(tx, caller, ready.named, row["id"])
    engaged = {} if hired is None else {"engagement_id": hired.value["id"]}
    return done(tx, caller, row, "grant.signed_elsewhere", status=201, refs=refs, **engaged)


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
