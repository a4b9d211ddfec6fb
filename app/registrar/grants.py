"""Acts on grants: a studio asks, the performer answers, and either side may ask for other terms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.registrar import (
    cases,
    families,
    instructions,
    objects,
    parties,
    performers,
    terms,
    works,
)
from app.registrar.callers import Caller
from app.registrar.performers import NewPerformer
from app.registrar.problems import within, wrong
from app.registrar.signing import awaits_own_yes, zone_of
from app.registrar.works import NewWork
from app.rules import grants as rules
from app.rules.days import start_of
from app.rules.facts import Description, Signature, instant, read
from app.rules.reasons import plain
from app.rules.refusals import FieldError, Refusal
from app.rules.signing import Signing
from app.rules.works import COVERED, reach, valid_at
from app.store import graph, heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

Row = objects.Row
Document = dict[str, Any]

_OWN_WORD: Final = Refusal(
    "own_word", "Only the performer sets aside what they said never to. Nothing was signed."
)
_SAID_SO: Final = Refusal(
    "said_so", "You said before that this counts whatever you said never to; it has since then."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a studio asks for. A performer or work that is not on record yet comes along.

    ``terms`` are members of a terms document, as far as they are not the defaults; ``works`` are
    the scope's works, of which ``new_work`` is the first where it is given.
    """

    performer: str | NewPerformer
    works: tuple[str, ...]
    terms: Mapping[str, Any]
    new_work: NewWork | None = None
    answer_by: datetime | None = None
    # Where the body names the work with the number ``n``.
    works_at: str = "/works/{n}"


@dataclass(frozen=True, slots=True)
class _Along:
    """What an offer is about: records that are there, or that it brings along."""

    performer_id: str
    performer: performers.Prepared | None
    work: works.Prepared | None

    def heads(self, tx: Tx) -> Heads:
        """The heads of all that the offer writes. What it brings along has none yet."""
        known = frozenset({("performer", self.performer_id)})
        return Heads(
            exclusive=known if self.performer is None else frozenset(),
            shared=frozenset() if self.work is None else self.work.heads(tx),
        )


def offer(tx: Tx, caller: Caller, new: Offer) -> Recorded | Refused:
    """Ask a performer for their consent, at once.

    INVARIANT: every head is held before the end of the log is: an act that waited for a head while
    it held the log would stop all others, and one of them may hold that head.
    """
    along = _along(tx, caller, new)
    heads.take(tx, along.heads)
    looking = objects.eyes_of(tx, caller)
    first = () if along.work is None else (along.work.id,)
    named_works = works_of(looking, new.works, new.works_at)
    document = asked_for(tx, looking, along.performer_id, (*first, *named_works), new.terms)
    until = rules.answer_by(tx.now, new.answer_by)
    if isinstance(until, FieldError):
        raise wrong(until.pointer, until.code, until.detail)
    _bring(tx, caller, along)
    log.begin(tx)
    row = rows.insert(
        tx,
        "grant",
        id=ids.mint("grant"),
        performer_id=along.performer_id,
        grantee_id=objects.owner(caller),
        state="offered",
        **terms.columns(document),
        terms_version=1,
        answer_by=until,
        offered_at=tx.now,
    )
    asked = instructions.told(tx, row)
    return done(tx, caller, row, "grant.offered", status=201, instructions=asked)


def accept(
    tx: Tx, caller: Caller, grant_id: str, terms_hash: str, *, despite: bool = False
) -> Recorded | Refused:
    """Sign exactly the terms that were read: the offer, or an amendment by the studio.

    ``despite``: it counts whatever the performer said ``never`` to before. For a consent that is
    in force that can be said later too, once: it goes on counting from the first time.
    """
    row = taken(tx, caller, grant_id)
    who = parties.signing(tx, caller, row["performer_id"], zone_of(tx, row))
    if isinstance(who, Refused):
        return who
    if despite and who != Signing("performer"):
        return parties.refused(_OWN_WORD, **about(row))
    open_ = open_from(row, "studio") if row["state"] == "active" else None
    if open_ is None and row["state"] == "active":
        again = _once_more(tx, caller, row, who, terms_hash, despite=despite)
        if again is not None:
            return again
    state = rules.move("accept_amendment" if open_ else "accept", row["state"], caller.role)
    refusal = state if isinstance(state, Refusal) else too_late(tx, row)
    if refusal is not None:
        return parties.refused(refusal, **about(row))
    if terms_hash != (open_["terms_hash"] if open_ else row["terms_hash"]):
        return changed(tx, row, terms_hash)
    signed = signature(tx, caller, row, who)
    if despite:
        signed |= {"despite_instructions_at": signed["at"]}
    document = open_["terms"] if open_ else terms.document_of(row)
    return put_in_force(tx, caller, row, document, signed)


def _once_more(
    tx: Tx, caller: Caller, row: Row, who: Signing, terms_hash: str, *, despite: bool
) -> Recorded | Refused | None:
    """What saying yes to a consent in force can still mean; ``None``: nothing."""
    if awaits_own_yes(row, who):
        return _own_yes(tx, caller, row, terms_hash)
    if terms_hash != row["terms_hash"]:
        return None
    if despite and not row["signature"].get("despite_instructions_at"):
        return _set_aside(tx, caller, row)
    if despite:
        return parties.refused(_SAID_SO, **about(row))
    return _confirm_signature(tx, caller, row, who)


def too_late(tx: Tx, row: Row) -> Refusal | None:
    """Whether the time to answer an offer is over."""
    if row["state"] != "offered" or row["answer_by"] is None or tx.now < row["answer_by"]:
        return None
    ended = plain(row["answer_by"])
    return Refusal("too_late", f"The time to answer ended on {ended}; silence was a no.")


def _own_yes(tx: Tx, caller: Caller, row: Row, terms_hash: str) -> Recorded | Refused:
    """The person's own yes to the terms as they stand; who signed them first stays on record."""
    if terms_hash != row["terms_hash"]:
        return changed(tx, row, terms_hash)
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], own_yes_at=tx.now)
    return done(tx, caller, row, "grant.own_yes")


def decline(tx: Tx, caller: Caller, grant_id: str, reason: str | None) -> Recorded | Refused:
    """Say no to the offer, or to an amendment; what was agreed before stays."""
    row = taken(tx, caller, grant_id)
    is_amendment = row["state"] == "active" and open_from(row, "studio") is not None
    answering = parties.stopping_role if is_amendment else parties.declining_role
    role = answering(tx, caller, row["performer_id"])
    state = rules.move("decline_amendment" if is_amendment else "decline", row["state"], role)
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    log.begin(tx)
    changes: Document = {"proposal": None, "reason": reason}
    if not is_amendment:
        changes |= {"state": state, "declined_at": tx.now}
    row = rows.amend(tx, "grant", row["id"], **changes)
    return done(tx, caller, row, "grant.declined")


def withdraw(tx: Tx, caller: Caller, grant_id: str) -> Recorded | Refused:
    """Take back an offer, or an amendment, that nobody has answered."""
    row = taken(tx, caller, grant_id)
    is_amendment = row["state"] == "active" and open_from(row, "studio") is not None
    if is_amendment:
        log.begin(tx)
        row = rows.amend(tx, "grant", row["id"], proposal=None)
        return done(tx, caller, row, "grant.withdrawn")
    state = rules.move("withdraw", row["state"], "studio")
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], state=state, proposal=None)
    return done(tx, caller, row, "grant.withdrawn")


def confirm_work(
    tx: Tx, caller: Caller, grant_id: str, work: str, said: tuple[str, Document | None]
) -> Recorded | Refused:
    """Say yes to one work under an umbrella consent; ``said``: hash of the terms, description."""
    row = taken(tx, caller, grant_id)
    who = parties.signing(tx, caller, row["performer_id"], zone_of(tx, row))
    if isinstance(who, Refused):
        return who
    state = rules.move("confirm_work", row["state"], who_role(caller))
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    terms_hash, description = said
    if terms_hash != row["terms_hash"]:
        return changed(tx, row, terms_hash)
    work_id = objects.resolve(objects.eyes_of(tx, caller), "work", work, "/work")
    told = description or row["description"]
    refusal = _confirmable(tx, row, work_id, told)
    if refusal is not None:
        return parties.refused(refusal, **about(row))
    log.begin(tx)
    confirmation = rows.insert(
        tx,
        "confirmation",
        id=ids.mint("conf"),
        grant_id=row["id"],
        performer_id=row["performer_id"],
        work_id=work_id,
        signed_at=tx.now,
        description=told,
        signature=signature(tx, caller, row, who),
    )
    heads.bump(tx, "performer", row["performer_id"])
    log.append(tx, "grant.work_confirmed", caller.role, subjects={*subjects(tx, row), work_id})
    members = ("grant_id", "work_id", "signed_at", "description", "signature")
    return Recorded(
        value=objects.document(confirmation, *members), location=f"/v1/grants/{row['id']}"
    )


def taken(tx: Tx, caller: Caller, grant_id: str) -> Row:
    """The grant, under its performer's head, as it stands now.

    Raises:
        Problem: 404, unknown or foreign.
    """
    seen = _found(tx, caller, grant_id)
    head = ("performer", seen["performer_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    return _found(tx, caller, grant_id)


def _found(tx: Tx, caller: Caller, grant_id: str) -> Row:
    looking = objects.eyes_of(tx, caller)
    # Whose right was proven and has not begun, or is over, is told just that and shown nothing.
    row = rows.current(tx.session, "grant", objects.resolve(looking, "grant", grant_id, ""))
    if row is not None and parties.was_proven(tx, caller, row["performer_id"]):
        return row
    return objects.find(looking, "grant", grant_id)


def about(row: Row) -> Document:
    """What a refusal is about, for the performer who sees it."""
    return {"performer_id": row["performer_id"], "request": {"grant": row["id"]}}


def done(
    tx: Tx, caller: Caller, row: Row, type_: str, *, status: int = 200, **more: Any
) -> Recorded:
    """Record the act and answer with the grant as it now stands."""
    heads.bump(tx, "performer", row["performer_id"])
    cases.follow_grant(tx, row)
    log.append(tx, type_, caller.role, subjects=subjects(tx, row), rev=row["version"])
    return Recorded(
        value={**graph.with_titles(tx.session, terms.view(row, caller)), **more},
        status=status,
        location=f"/v1/grants/{row['id']}",
        etag=objects.etag_of(row),
    )


def subjects(tx: Tx, row: Row) -> frozenset[str]:
    """Who may see what happens to the grant."""
    return frozenset(
        {row["performer_id"], row["grantee_id"], *row["scope"]["works"]}
        | parties.unions_of(tx, row["performer_id"])
        | parties.told(tx, row["performer_id"])
    )


def signature(tx: Tx, caller: Caller, row: Row, who: Signing) -> Document:
    """A signature given in the registry, with how well it knows the signer."""
    return {
        "at": rows.plain(tx.now),
        "by": who.by,
        "principal": caller.id,
        "representation_id": who.representation_id,
        "method": "in_registry",
        **_known_by(tx, caller, row["performer_id"], who),
    }


def _known_by(tx: Tx, caller: Caller, performer_id: str, who: Signing) -> Document:
    """How well the registry knows the signer, on whose word and since when."""
    if who.representation_id is not None:
        # Who signs in the performer's place was proven with documents.
        proof = rows.current(tx.session, "representation", who.representation_id)
        assert proof is not None  # noqa: S101 - they sign by it
        by, at = proof["verified_by"], proof["verified_at"]
        return {"identity": "vouched", "vouched_by": by, "vouched_at": rows.plain(at)}
    # Of several records of one person, the one that the account is of says it.
    person = rows.current(tx.session, "performer", caller.performer_id or performer_id)
    assert person is not None  # noqa: S101 - the record was found before
    return {
        "identity": person["identity"],
        "vouched_by": person["vouched_by"],
        "vouched_at": rows.plain(person["vouched_at"]),
    }


def signature_of(row: Row) -> Signature:
    """The signature on record as rules read it."""
    value = read(Signature, row["signature"])
    assert isinstance(value, Signature)  # noqa: S101 - for the type checker
    return value


def who_role(caller: Caller) -> str:
    """The caller's role as the life cycle of grants knows it."""
    return "studio" if caller.is_studio else caller.role


def open_from(row: Row, side: str) -> Document | None:
    """The terms that a side proposed and the other has not answered."""
    found = row["proposal"]
    return found if found is not None and found["by"] == side else None


def _set_aside(tx: Tx, caller: Caller, row: Row) -> Recorded:
    """Say of a consent in force that it counts whatever was said ``never`` to before."""
    log.begin(tx)
    said = {**row["signature"], "despite_instructions_at": rows.plain(tx.now)}
    row = rows.amend(tx, "grant", row["id"], signature=said)
    return done(tx, caller, row, "grant.instructions_set_aside")


def _confirm_signature(tx: Tx, caller: Caller, row: Row, who: Signing) -> Recorded | Refused:
    """Say that what the studio stated was signed elsewhere is theirs."""
    state = rules.move("confirm_signature", row["state"], caller.role)
    if isinstance(state, Refusal):
        return parties.refused(state, **about(row))
    refusal = rules.answer_refusal(signature_of(row), mine=True)
    if refusal is not None:
        return parties.refused(refusal, **about(row))
    here = signature(tx, caller, row, who)
    said = {"confirmed_at": here["at"], "confirmed_identity": here["identity"]}
    # Whatever their age was when it was signed: whoever signs for themselves now says yes now.
    own = tx.now if who == Signing("performer") else None
    changes = {"signature": {**row["signature"], **said}, "own_yes_at": row["own_yes_at"] or own}
    log.begin(tx)
    row = rows.amend(tx, "grant", row["id"], **changes)
    return done(tx, caller, row, "grant.signature_confirmed")


def _along(tx: Tx, caller: Caller, new: Offer) -> _Along:
    work = None
    if new.new_work is not None:
        with within("/work"):
            work = works.prepare(tx, caller, new.new_work)
    if not isinstance(new.performer, str):
        with within("/performer"):
            performer = performers.prepare(tx, caller, new.performer)
        return _Along(performer.id, performer, work)
    known = objects.find(objects.eyes_of(tx, caller), "performer", new.performer, "/performer")
    return _Along(str(known["id"]), None, work)


def works_of(
    looking: objects.Eyes, given: Iterable[str], at: str = "/works/{n}"
) -> tuple[str, ...]:
    """The ids of the works that a request names, at ``at`` in its body."""
    return tuple(
        str(objects.find(looking, "work", work, at.format(n=n))["id"])
        for n, work in enumerate(given)
    )


def _bring(tx: Tx, caller: Caller, along: _Along) -> None:
    """Put on record what comes along with an offer, each by its own entry."""
    if along.performer is not None:
        with within("/performer"):
            performers.write(tx, caller, along.performer)
    if along.work is not None:
        with within("/work"):
            works.write(tx, caller, along.work)


def asked_for(
    tx: Tx,
    looking: objects.Eyes,
    performer_id: str,
    work_ids: tuple[str, ...],
    said: Mapping[str, Any],
) -> Document:
    """The terms of a new request, with everything in them resolved."""
    base = terms.defaults(performer_id, objects.owner(looking.caller))
    mode = "single_work" if len(work_ids) < 2 else "enumerated_works"  # noqa: PLR2004 - one or several
    base["scope"] |= {"mode": mode, "works": list(dict.fromkeys(work_ids))}
    return named(tx, looking, terms.asked(base, said))


def named(tx: Tx, looking: objects.Eyes, document: Document) -> Document:
    """The terms with every name in them resolved, and the works that the signer will be shown."""
    families.check_known(tx, document["agreement"], "/agreement")
    if document["replica"] is not None:
        replica = objects.find(looking, "replica", document["replica"], "/replica")
        if replica["performer_id"] != document["performer"]:
            raise wrong("/replica", "not-theirs", "This replica is of somebody else.")
        document["replica"] = replica["id"]
    for n, exclusion in enumerate(document["exclusions"]):
        kind = {"work": "work", "studio": "organization"}.get(exclusion["axis"])
        if kind is not None:
            at = f"/exclusions/{n}/value"
            exclusion["value"] = objects.resolve(looking, kind, exclusion["value"], at)
            if rows.current(tx.session, kind, exclusion["value"]) is None:
                raise objects.unknown(at)
    _check_mode(tx, document["scope"])
    document["shown_works"] = sorted(_shown(tx, document["scope"]))
    return document


def _check_mode(tx: Tx, scope: Document) -> None:
    """A franchise is no picture: a yes for it alone would be one for nothing that is ever made."""
    if scope["mode"] == "single_work" and rows.where(
        tx.session, "work", id=scope["works"], kind="franchise"
    ):
        raise wrong(
            "/mode",
            "not-a-picture",
            "A franchise is no single work: name its films, or say `franchise_umbrella` or"
            " `franchise_blanket`.",
        )


def _shown(tx: Tx, scope: Document) -> frozenset[str]:
    """The works that the scope takes in now, which is what the signer sees."""
    edges = graph.edges_below(tx.session, scope["works"])
    whole = scope["mode"] in {"franchise_umbrella", "franchise_blanket"}
    return graph.reached(scope["works"], [e for e in edges if valid_at(e, tx.now)], whole=whole)


def put_in_force(
    tx: Tx,
    caller: Caller,
    row: Row,
    document: Document,
    signed: Document,
    *,
    type_: str = "grant.signed",
) -> Recorded:
    """Put the signed terms in force."""
    is_new = rules.terms_hash(document) != row["terms_hash"]
    log.begin(tx)
    row = rows.amend(
        tx,
        "grant",
        row["id"],
        **terms.columns(document),
        state=rules.settled(review=False)[-1],
        # INVARIANT: whoever signs while terms are in force takes their place, and the number that
        # rises is how the store finds those that were in force before.
        terms_version=row["terms_version"] + (1 if is_new or row["state"] == "active" else 0),
        signature=signed,
        proposal=None,
        ratified_from=ratified_from(document, signed, row),
    )
    return done(tx, caller, row, type_)


def ratified_from(document: Document, signed: Document, row: Row | None = None) -> datetime | None:
    """Since when a yes ratifies what was done before it was given, if its terms reach back.

    It shows as "ratified after the fact" and never counts as if the yes had been there. Where other
    terms (``row``) were in force from the same day, nothing is ratified that was not before.
    """
    starts_on = terms.value_in(document).scope.starts_on
    in_force = row is not None and row["state"] == "active"
    if row is not None and in_force and starts_on == terms.value_of(row).scope.starts_on:
        found: datetime | None = row["ratified_from"]
        return found
    if starts_on is None or start_of(starts_on) >= instant(signed["at"]):
        return None
    return start_of(starts_on)


def changed(tx: Tx, row: Row, read: str) -> Refused:
    """What was read is not what stands."""
    open_ = row["proposal"]
    at = plain(instant(open_["at"]) if open_ else row["offered_at"])
    version = row["terms_version"] + (1 if open_ else 0)
    seen = {
        v["terms_hash"]: v["terms_version"] for v in rows.versions(tx.session, "grant", row["id"])
    }
    if read in seen:
        said = (
            f"This request changed while you were reading: version {version} came on {at}, you"
            f" read version {seen[read]}. Nothing was signed. See what changed."
        )
    else:
        said = (
            f"What you read is none of the versions of this request. Version {version}, of {at},"
            " is the latest. Nothing was signed. Read that one."
        )
    return Refused(
        reasons=(),
        slug="terms-changed",
        detail=said,
        extra={"terms_hash": open_["terms_hash"] if open_ else row["terms_hash"]},
        **about(row),
    )


def _confirmable(tx: Tx, row: Row, work_id: str, description: Document) -> Refusal | None:
    grant = terms.value_of(row)
    work, edges = graph.work_and_edges(tx.session, work_id)
    covered = work is not None and reach(grant, work, edges, tx.now).state == COVERED
    text = Description(text=description["text"]).text
    return rules.confirmation_refusal(grant, covered=covered, description=text)
