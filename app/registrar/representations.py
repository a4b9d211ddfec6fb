"""Acts on representation: who else may see, bargain or sign for a performer, and who proved it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.registrar import objects, organizations, parties, principals, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.reasons import plain
from app.store import heads, ids, log, private, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

POWERS: Final = ("view", "bargain", "sign")
# What a performer gives by their own word; the others are proven to the office or to a union.
_GIVEN: Final = frozenset({"agent", "attorney"})
# An agent's mandate that nobody renews.
_MANDATE: Final = timedelta(days=365)

MEMBERS: Final = (
    "performer_id",
    "representative_id",
    "kind",
    "powers",
    "starts_on",
    "ends_on",
    "verified_by",
    "verified_at",
    "document_hash",
    "withdrawn_at",
    "settlement_hash",
)
# Claims of this kind end what a union may do for the dead, and rival each other.
ESTATES: Final = ("estate", "executor")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is not on record yet, such as a guardian."""

    name: str
    contact: str
    issuer: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class NewRepresentation:
    """``representative``: an agency or a person on record; else ``person``. Days are inclusive."""

    kind: str
    powers: tuple[str, ...]
    representative: str | None = None
    person: Person | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    # Of the paper that proves the right, where one is needed.
    document_hash: str | None = None


def state(tx: Tx, caller: Caller, performer_id: str, new: NewRepresentation) -> Recorded | Refused:
    """State who represents a performer; counts once verified.

    A performer's word suffices for an agent or attorney; whoever speaks for a minor or for the dead
    shows a paper, and the office's word says that it was seen. A second claim to an estate, on
    another paper, makes both contested.
    """
    _check(caller, new)
    performer = objects.stood_for(objects.eyes_of(tx, caller), performer_id)
    id_ = performer["id"]
    heads.take(tx, lambda _: _heads(id_))
    objects.stood_for(objects.eyes_of(tx, caller), id_)
    starts_on = new.starts_on or tx.now.date()
    ends_on = new.ends_on or (starts_on + _MANDATE if new.kind == "agent" else None)
    if ends_on is not None and ends_on < starts_on:
        raise wrong("/ends_on", "before-start", "`ends_on` is the last day, not before the first.")
    representative_id = _existing(objects.eyes_of(tx, caller), new)
    log.begin(tx)
    if representative_id is None:
        representative_id = _introduce(tx, new.person)
    row = rows.insert(
        tx,
        "representation",
        id=ids.mint("repr"),
        performer_id=id_,
        representative_id=representative_id,
        kind=new.kind,
        powers=sorted({"view", *new.powers}, key=POWERS.index),
        starts_on=starts_on,
        ends_on=ends_on,
        **_verified(caller, new.kind, tx.now),
        stated_at=tx.now,
        document_hash=new.document_hash,
    )
    return _done(tx, caller, row, "representation.stated", status=201)


def verify(tx: Tx, caller: Caller, performer_id: str, representation_id: str) -> Recorded | Refused:
    """Say that a representative's right was proven."""
    row = _of(tx, caller, performer_id, representation_id)
    heads.take(tx, lambda _: _heads(row["performer_id"]))
    row = _of(tx, caller, performer_id, representation_id)
    if row["verified_by"] is not None:
        raise problem("invalid-transition", f"It is verified already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(
        tx,
        "representation",
        representation_id,
        verified_by=objects.owner(caller),
        verified_at=tx.now,
    )
    return _done(tx, caller, row, "representation.verified", status=200)


def end(
    tx: Tx, caller: Caller, performer_id: str, representation_id: str, ends_on: date
) -> Recorded | Refused:
    """Say which day is the last on which a representative acts for a performer."""
    row = _of(tx, caller, performer_id, representation_id)
    heads.take(tx, lambda _: _heads(row["performer_id"]))
    row = _of(tx, caller, performer_id, representation_id)
    if row["kind"] not in _GIVEN and caller.role != organizations.OFFICE:
        raise problem(
            "conflict",
            f"A {row['kind']} was proven to the registry's office, which alone ends it. "
            f"{NOTHING_RECORDED}",
        )
    if ends_on < row["starts_on"]:
        raise wrong("/ends_on", "before-start", f"It began on {plain(row['starts_on'])}.")
    log.begin(tx)
    row = rows.amend(tx, "representation", representation_id, ends_on=ends_on)
    return _done(tx, caller, row, "representation.ended", status=200)


def withdraw(
    tx: Tx, caller: Caller, performer_id: str, representation_id: str
) -> Recorded | Refused:
    """Give up a claim to an estate, from now on; what was signed under it stays signed."""
    row = _of(tx, caller, performer_id, representation_id)
    heads.take(tx, lambda _: _heads(row["performer_id"]))
    row = _of(tx, caller, performer_id, representation_id)
    if row["kind"] not in ESTATES:
        raise problem(
            "conflict", f"This mandate ends on a day; give its last one. {NOTHING_RECORDED}"
        )
    if row["withdrawn_at"] is not None:
        raise problem("invalid-transition", f"It was given up already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "representation", representation_id, withdrawn_at=tx.now)
    return _done(tx, caller, row, "representation.withdrawn", status=200)


def settle(
    tx: Tx, caller: Caller, performer_id: str, representation_id: str, document_hash: str
) -> Recorded | Refused:
    """Settle rival claims to an estate as a court did: the one named stays, all others end."""
    row = _of(tx, caller, performer_id, representation_id, "/representation")
    id_ = row["performer_id"]
    heads.take(tx, lambda _: _heads(id_))
    row = _of(tx, caller, performer_id, representation_id, "/representation")
    found = rows.where(tx.session, "representation", performer_id=id_, kind=ESTATES)
    claims = [one for one in found if one["withdrawn_at"] is None]
    if row["id"] not in {one["id"] for one in claims}:
        raise wrong("/representation", "not-a-claim", "This is no open claim to the estate.")
    # Others who show the same paper are of the same side.
    papers = {row["document_hash"] or row["representative_id"]}
    losing = [
        one for one in claims if (one["document_hash"] or one["representative_id"]) not in papers
    ]
    if not losing:
        raise problem("invalid-transition", f"Nobody contests this claim. {NOTHING_RECORDED}")
    log.begin(tx)
    ended = [
        rows.amend(
            tx,
            "representation",
            one["id"],
            withdrawn_at=tx.now,
            settlement_hash=document_hash,
        )
        for one in losing
    ]
    # Whom a court names has proven it; the paper that it was claimed with stays on record.
    proven = {} if row["verified_by"] else {"verified_by": caller.id, "verified_at": tx.now}
    row = rows.amend(tx, "representation", row["id"], settlement_hash=document_hash, **proven)
    done = _done(tx, caller, row, "estate.settled", status=200)
    return replace(done, value={**done.value, "ended": [view(one) for one in ended]})


def view(row: Row) -> dict[str, Any]:
    """A representation as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _check(caller: Caller, new: NewRepresentation) -> None:
    if (new.representative is None) == (new.person is None):
        raise wrong("/representative", "one-of", "Give either `representative` or `person`.")
    if new.kind == "agent" and "sign" in new.powers:
        raise wrong("/powers", "agents-never-sign", "An agent sees and bargains, and never signs.")
    if new.kind not in _GIVEN and caller.role in {"performer", "representative"}:
        raise wrong(
            "/kind", "needs-proof", f"A {new.kind} is stated by the registry's office or a union."
        )
    if new.kind not in _GIVEN and new.document_hash is None:
        raise wrong(
            "/document_hash",
            "required",
            f"Give the SHA-256 of the paper that proves the {new.kind}'s right.",
        )


def _verified(caller: Caller, kind: str, at: datetime) -> dict[str, Any]:
    if caller.role == organizations.OFFICE:
        return {"verified_by": caller.id, "verified_at": at}
    if caller.role == "performer" and kind in _GIVEN:
        return {"verified_by": caller.performer_id, "verified_at": at}
    return {}


def _existing(looking: Eyes, new: NewRepresentation) -> str | None:
    if new.representative is None:
        return None
    principal = rows.current(looking.session, "principal", new.representative)
    if principal is not None and principal["role"] == "representative":
        return new.representative
    agency = objects.organization(looking, new.representative, "/representative", "agency")
    return str(agency["id"])


def _introduce(tx: Tx, person: Person | None) -> str:
    if person is None:
        raise RuntimeError("a representation names a representative or a person")
    principals.check_sign_in(tx, person.issuer, person.subject)
    principal = rows.insert(
        tx,
        "principal",
        id=ids.mint("usr"),
        kind="representative",
        role="representative",
        issuer=person.issuer,
        subject=person.subject,
    )
    private.put(tx, principal["id"], name=person.name, contact=person.contact)
    return str(principal["id"])


def _of(
    tx: Tx, caller: Caller, performer_id: str, representation_id: str, pointer: str = ""
) -> Row:
    performer = objects.stood_for(objects.eyes_of(tx, caller), performer_id)
    row = rows.current(tx.session, "representation", representation_id)
    if row is None or row["performer_id"] != performer["id"]:
        raise objects.unknown(pointer)
    if caller.role == "representative" and row["representative_id"] not in {
        caller.id,
        caller.organization_id,
    }:
        raise objects.unknown("")
    return row


def _heads(performer_id: str) -> Heads:
    return Heads(exclusive=frozenset({("performer", performer_id)}))


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    id_ = row["performer_id"]
    heads.bump(tx, "performer", id_)
    # Where nobody answers for the dead any more, a union's posthumous veto stops their uses again.
    sweep.sweep(tx, performers={id_})
    told, value = {id_}, view(row)
    if row["representative_id"].startswith("org_"):
        told.add(row["representative_id"])
    if row["kind"] in ESTATES:
        waiting = _awaiting_estate(tx, id_)
        sweep.enlist_under(tx, row["id"], waiting)
        value["waiting"] = [sweep.line(use) for use in waiting]
        told |= {use["producer_id"] for use in waiting} | parties.unions_of(tx, id_)
    log.append(tx, type_, caller.role, subjects=told)
    return Recorded(value=value, status=status, etag=objects.etag_of(row))


def _awaiting_estate(tx: Tx, performer_id: str) -> list[Row]:
    """Unfinished uses that rest on a union's yes, once an estate is proven and has not said its."""
    proven = any(proof.verified_by for proof in parties.estates_of(tx, performer_id))
    signed = rows.where(
        tx.session, "grant", performer_id=performer_id, state="active", own_yes_at=None
    )
    by_union = {row["id"] for row in signed if (row["signature"] or {}).get("by") == "union"}
    return [
        use
        for use in sweep.of_performer(tx, performer_id)
        if proven and use["grant_id"] in by_union and use["state"] in {"planned", "cleared"}
    ]
