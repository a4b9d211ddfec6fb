"""Who is party to what: who may sign for a performer, and which unions are told."""

from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from app.registrar import engagements
from app.registrar.callers import Caller
from app.registrar.problems import problem
from app.rules import signing as rules
from app.rules.days import day_of, in_days
from app.rules.facts import Performer, Representation, Sale, read
from app.rules.merges import one_person
from app.rules.refusals import Refusal
from app.rules.signing import Signer, Signing
from app.rules.standing import estates
from app.store import merges, rows
from app.store.tx import Refused, Tx

# Refusals that say who may sign are the caller's role (403); the others are the record's (409).
_WHO = frozenset({"not_yours", "not_proven", "agent"})

# What keeps a performer from signing alone and from stopping nothing.
_AGE = frozenset({"minor", "age_unknown"})
# Rivals for an estate sign nothing, and each of them may stop what runs.
_STOPS = _AGE | {"contested"}


def signing(tx: Tx, caller: Caller, performer_id: str, zone: tzinfo = UTC) -> Signing | Refused:
    """The caller's right to sign for the performer; days are those of ``zone``.

    Raises:
        Problem: 403, they are not the performer and nobody proved that they may sign.
    """
    who = signer(tx, caller, performer_id)
    found = rules.may_sign(performer(tx.session, performer_id), who, as_of=tx.now, zone=zone)
    if isinstance(found, Signing):
        return found
    # Who came too early or too late stands in the record; the performer sees the try.
    return refused(found, performer_id=performer_id)


def bargaining_role(tx: Tx, caller: Caller, performer_id: str) -> str:
    """The role in which the caller answers with other terms.

    Raises:
        Problem: 403, they hold no mandate.
    """
    if not bargains(tx, caller, performer_id):
        raise not_yours("You hold no mandate to bargain for this performer. Nothing was recorded.")
    who = signer(tx, caller, performer_id)
    person = performer(tx.session, performer_id)
    if isinstance(rules.may_sign(person, who, as_of=tx.now), Signing):
        return who.role
    return "agent"


def bargains(tx: Tx, caller: Caller, performer_id: str) -> bool:
    """Whether the caller may answer for the performer with other terms."""
    who = signer(tx, caller, performer_id)
    return rules.may_bargain(performer(tx.session, performer_id), who, as_of=tx.now)


def stopping_role(tx: Tx, caller: Caller, performer_id: str) -> str:
    """The role in which the caller says no, pauses or withdraws for the performer.

    Stopping is easier than starting: a minor does it alone, and so does whoever was proven to act
    for the performer. An agent bargains and answers nothing.

    Raises:
        Problem: 403, somebody else's to answer.
    """
    if is_own(tx.session, caller, performer_id):
        return "performer"
    found = rules.may_sign(
        performer(tx.session, performer_id), signer(tx, caller, performer_id), as_of=tx.now
    )
    # An attorney stops for whom they speak, of age or not; who speaks for nobody any more does not.
    if isinstance(found, Refusal) and found.code not in _STOPS:
        raise not_yours(found.sentence)
    return "representative"


def is_own(session: Session, caller: Caller, performer_id: str) -> bool:
    """Whether the record is the caller's own, or another of the same person by a merge."""
    own = caller.performer_id
    if caller.role != "performer" or own is None:
        return False
    return performer_id == own or performer_id in merges.now_with(session, {own})


def declining_role(tx: Tx, caller: Caller, performer_id: str) -> str:
    """The role in which the caller says no to an offer: whoever may stop, and who bargains.

    Raises:
        Problem: 403, somebody else's to answer.
    """
    if caller.role == "representative" and bargains(tx, caller, performer_id):
        return "agent"
    return stopping_role(tx, caller, performer_id)


def was_proven(tx: Tx, caller: Caller, performer_id: str) -> bool:
    """Whether the caller holds a proof for the performer, on whatever days it counts."""
    if caller.role != "representative":
        return False
    return any(row["verified_by"] is not None for row in _proofs(tx, caller, performer_id))


def estates_of(tx: Tx, performer_id: str) -> tuple[Representation, ...]:
    """Who says now that they answer for the dead performer, proven or not."""
    found = rows.where(tx.session, "representation", performer_id=performer_id)
    return estates([representation(row) for row in found], performer_id, day_of(tx.now), tx.now)


def check_mandate(tx: Tx, caller: Caller, performer_id: str) -> None:
    """Performers speak for themselves; who represents them needs more than to see.

    Raises:
        Problem: 403, they hold no mandate to bargain.
    """
    if caller.role == "representative":
        bargaining_role(tx, caller, performer_id)


def check_agent_of_record(tx: Tx, caller: Caller, performer_id: str) -> None:
    """Agents vouch for clients whose mandate somebody else than the client has proven.

    Raises:
        Problem: 403, the mandate is over, is another one, or rests on the client's word alone.
    """
    found = rows.where(
        tx.session,
        "representation",
        performer_id=performer_id,
        representative_id={caller.id, caller.organization_id or caller.id},
        kind="agent",
    )
    on = day_of(tx.now)
    same = merges.now_with(tx.session, {performer_id})
    if not any(
        row["verified_by"] is not None
        and row["verified_by"] not in same
        and in_days(on, row["starts_on"], row["ends_on"])
        for row in found
    ):
        raise not_yours(
            "You cannot vouch for this performer. Only an agent can whose mandate is in force and "
            "was proven by the registry's office or a union. Nothing was recorded."
        )


def signer(tx: Tx, caller: Caller, performer_id: str) -> Signer:
    """Who is about to sign, with the strongest proof that counts today, else what there is."""
    if is_own(tx.session, caller, performer_id):
        return Signer("performer", performer_id=performer_id)
    if caller.role == "performer":
        return Signer("performer", performer_id=caller.performer_id)
    if caller.role != "representative":
        return Signer(caller.role)
    proofs = [representation(row) for row in _proofs(tx, caller, performer_id)]
    person, role = performer(tx.session, performer_id), "representative"
    rivals = estates_of(tx, performer_id)

    def strength(proof: Representation) -> tuple[object, ...]:
        who = Signer(role, representation=proof, estates=rivals)
        signs = isinstance(rules.may_sign(person, who, as_of=tx.now), Signing)
        bargains_ = rules.may_bargain(person, who, as_of=tx.now)
        return signs, bargains_, in_days(day_of(tx.now), proof.starts_on, proof.ends_on)

    strongest = max(proofs, key=strength, default=None)
    return Signer(role, representation=strongest, estates=rivals)


def _proofs(tx: Tx, caller: Caller, performer_id: str) -> list[Any]:
    ids = {caller.id, caller.organization_id or caller.id}
    return rows.where(
        tx.session, "representation", performer_id=performer_id, representative_id=ids
    )


def told(tx: Tx, performer_id: str) -> frozenset[str]:
    """Who is told with the performer, at the same moment: everybody whose mandate runs."""
    person, on = performer(tx.session, performer_id), day_of(tx.now)
    found = rows.where(tx.session, "representation", performer_id=performer_id)
    return frozenset(
        row["representative_id"]
        for row in found
        if rules.runs(representation(row), person, on, tx.now)
    )


def performer(session: Session, performer_id: str) -> Performer:
    """The performer as rules read them: one person, under however many records."""
    same = merges.now_with(session, {performer_id})
    found = [_performer(row) for row in rows.where(session, "performer", id=same)]
    (value,) = one_person(found, same, performer_id)
    return value


def _performer(row: Any) -> Performer:  # noqa: ANN401 - a row
    value = read(Performer, {name: rows.plain(row[name]) for name in row if row[name] is not None})
    assert isinstance(value, Performer)  # noqa: S101 - for the type checker
    return value


def unions_of(tx: Tx, performer_id: str) -> frozenset[str]:
    """The unions that see what happens to the performer: confirmed members, and by engagement."""
    on = day_of(tx.now)
    same = merges.now_with(tx.session, {performer_id})
    members = {
        row["union_id"]
        for row in rows.where(tx.session, "membership", performer_id=same)
        if row["confirmed_by"] is not None
        and rows.disputed_by(row) is None
        and in_days(on, row["starts_on"], row["ends_on"])
    }
    jobs = rows.where(tx.session, "engagement", performer_id=same)
    engaged = {
        engagements.union_of(
            tx.session, row["producer_id"], row["agreement"], day_of(row["engaged_at"])
        )
        for row in jobs
    }
    return frozenset({union_id for union_id in members | engaged if union_id is not None})


def families_of_union(session: Session, union_id: str) -> frozenset[str]:
    """The families of agreements that a union is party to, by its own word or a signatory's."""
    union = rows.current(session, "organization", union_id)
    signed = rows.where(session, "signatory", union_id=union_id)
    return frozenset({*(union["agreements"] if union else ()), *(r["agreement"] for r in signed)})


def refused(refusal: Refusal, **about: Any) -> Refused:
    """A refusal by name, as the answer to an act.

    Raises:
        Problem: 403, where the refusal is about who asks.
    """
    if refusal.code in _WHO:
        raise not_yours(refusal.sentence)
    told = {"refusals": [{"code": refusal.code, "sentence": refusal.sentence}]}
    return Refused(reasons=(), detail=refusal.sentence, extra=told, **about)


def not_yours(sentence: str) -> Exception:
    """403: somebody else's to answer."""
    return problem("insufficient-role", sentence, extra={"rule": "RG-13"})


def sale(row: Any) -> Sale:  # noqa: ANN401 - a row
    """One work of a sale as rules read it."""
    value = read(Sale, {name: rows.plain(row[name]) for name in row})
    assert isinstance(value, Sale)  # noqa: S101 - for the type checker
    return value


def representation(row: Any) -> Representation:  # noqa: ANN401 - a row
    """A representation as rules read it."""
    value = read(Representation, {name: rows.plain(row[name]) for name in row})
    assert isinstance(value, Representation)  # noqa: S101 - for the type checker
    return value
