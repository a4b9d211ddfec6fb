"""Threads: what two sides say to each other about something on record.

A message is the word of whoever wrote it. What was offered by word of mouth can be put on record by
either side, and the other says whether it was said. None of it is ever a consent.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.registrar import objects, parties
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.store import heads, ids, log, rows, sight
from app.store.heads import Heads
from app.store.tx import Problem, Recorded, Refused, Tx

MEMBERS: Final = (
    "about",
    "about_id",
    "kind",
    "from_id",
    "to_id",
    "said_by",
    "said_at",
    "written_at",
    "words",
    "other_side",
    "other_side_at",
    "answers",
)
_TABLES: Final = {"grant": "grant", "use": "use", "estimate": "estimate"}
# What a message about pay names, by the beginnings of ids: a line, a payment, or the use paid for.
_OF_PAY: Final = {"due": "due", "pay": "payment"}
# Who is the studio in what is spoken about; elsewhere it is the producer.
_STUDIOS: Final = {
    "grant": "grantee_id",
    "estimate": "author_id",
    "due": "payer_id",
    "payment": "payer_id",
}
_SAID: Final = "offer_said"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """``to`` left out: the other side. ``said_by`` and ``said_at``: of what was said outside."""

    about: str
    about_id: str
    kind: str
    words: str
    to: str | None = None
    said_by: str | None = None
    said_at: datetime | None = None
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class _Thread:
    """What is spoken about, for whom the caller speaks, and with whom they can."""

    id: str
    own: str
    others: frozenset[str]
    # Who is meant where nobody is named.
    usual: str | None = None


def write(tx: Tx, caller: Caller, new: NewMessage) -> Recorded | Refused:
    """Say something to the other side; it changes no answer and nobody's rights."""
    # No answer reads a message, so no head is needed for one.
    heads.take(tx, lambda _: Heads())
    looking = objects.eyes_of(tx, caller)
    thread = _thread(tx, looking, new)
    to = _addressee(looking, thread, new.to)
    said_by = _speaker(looking, thread, to, new)
    answered = None if new.answers is None else _answered(looking, thread, new.answers)
    if (new.kind == "answer") != (answered is not None):
        raise wrong("/answers", "required", "An answer names the message that it answers.")
    if new.said_at is not None and new.said_at > tx.now:
        raise wrong("/said_at", "in-the-future", "It was said before now; leave it out for now.")
    log.begin(tx)
    row = rows.insert(
        tx,
        "message",
        id=ids.mint("msg"),
        about=new.about,
        about_id=thread.id,
        kind=new.kind,
        from_id=thread.own,
        to_id=to,
        by=caller.id,
        said_by=said_by,
        said_at=new.said_at or tx.now,
        written_at=tx.now,
        words=new.words,
        answers=answered,
    )
    log.append(tx, "message.written", caller.role, subjects={thread.own, to})
    return Recorded(
        value=view(row), location=f"/v1/messages/{row['id']}", etag=objects.etag_of(row)
    )


def put(
    tx: Tx,
    caller: Caller,
    about: tuple[str, str, str],
    sides: tuple[str, str],
    words: str,
) -> Row:
    """Write what is said along with another act; ``about``: what, its id, and the kind of word."""
    what, id_, kind = about
    own, to = sides
    return rows.insert(
        tx,
        "message",
        id=ids.mint("msg"),
        about=what,
        about_id=id_,
        kind=kind,
        from_id=own,
        to_id=to,
        by=caller.id,
        said_by=own,
        said_at=tx.now,
        written_at=tx.now,
        words=words,
    )


def respond(tx: Tx, caller: Caller, message_id: str, said: str) -> Recorded | Refused:
    """Say as the other side whether something was said; ``said``: the new ``other_side``."""
    heads.take(tx, lambda _: Heads())
    row = _told(tx, caller, message_id)
    if row["kind"] != _SAID:
        raise problem(
            "conflict",
            f"Only what was offered by word of mouth is confirmed or denied. {NOTHING_RECORDED}",
        )
    if row["other_side"] == said:
        raise problem("invalid-transition", f"You said so already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "message", row["id"], other_side=said, other_side_at=tx.now)
    log.append(tx, "message.answered", caller.role, subjects={row["from_id"], row["to_id"]})
    return Recorded(value=view(row), status=200, etag=objects.etag_of(row))


def page(
    looking: Eyes, about: str | None, about_id: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """The messages that the caller is a side of, in the order in which they were written."""
    if about is not None and about_id is not None and about not in {"veto", "agreement"}:
        about_id = objects.resolve(looking, _table(about, about_id), about_id, "?about_id")
    found = sight.page(
        looking.session,
        "message",
        looking.sight,
        before=after,
        limit=limit,
        oldest_first=True,
        about=about,
        about_id=about_id,
    )
    return [view(row) for row in found]


def view(row: Row) -> dict[str, Any]:
    """A message as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _thread(tx: Tx, looking: Eyes, new: NewMessage) -> _Thread:
    if new.about == "agreement":
        return _about_agreement(tx, looking, new.about_id)
    if new.about == "veto":
        return _about_veto(tx, looking, new.about_id)
    table = _table(new.about, new.about_id)
    row = objects.find(looking, table, new.about_id, "/about_id")
    studio = row[_STUDIOS.get(table, "producer_id")]
    return _between(tx, looking, row["id"], row["performer_id"], studio)


def _table(about: str, about_id: str) -> str:
    if about == "payment":
        return _OF_PAY.get(about_id.partition("_")[0], "use")
    return _TABLES[about]


def _between(
    tx: Tx, looking: Eyes, about_id: str, performer_id: str | None, studio: str
) -> _Thread:
    """Between a performer and a studio, each with the unions that speak on its side."""
    theirs = parties.unions_of(tx, performer_id) if performer_id else frozenset()
    across = _unions_across(tx, studio)
    person = frozenset({performer_id}) if performer_id else frozenset()
    own = _own_side(tx, looking.caller, person)
    if own in person:
        return _Thread(about_id, own, frozenset(theirs | {studio}), studio)
    if own == studio:
        return _Thread(about_id, own, person | across, performer_id)
    if own in theirs | across:
        others = {studio} | (person if own in theirs else frozenset())
        return _Thread(about_id, own, frozenset(others))
    raise _no_party()


def _about_veto(tx: Tx, looking: Eyes, given: str) -> _Thread:
    """Between the union and whoever the veto stops, who sees it and asks."""
    row = objects.find(looking, "veto", given, "/about_id")
    union, named = row["union_id"], row["scope_performer"]
    stopped = {
        use["performer_id"]
        for listed in rows.where(tx.session, "affected_use", block_id=row["id"])
        if (use := rows.current(tx.session, "use", listed["use_id"])) is not None
    }
    own = _own_side(tx, looking.caller, frozenset({named, *stopped} - {None}))
    if own != union:
        return _Thread(row["id"], own, frozenset({union}), union)
    asked = rows.where(tx.session, "message", about="veto", about_id=row["id"], to_id=union)
    others = {message["from_id"] for message in asked} | {named, row["scope_studio"]}
    return _Thread(row["id"], own, frozenset(others - {None}))


def _about_agreement(tx: Tx, looking: Eyes, family: str) -> _Thread:
    """Between a union that is party to it, those whom it binds, and those engaged under it."""
    unions = {
        row["id"]
        for row in rows.where(tx.session, "organization", kind="union")
        if family in row["agreements"]
    }
    signed = rows.where(tx.session, "signatory", agreement=family)
    studios = {row["organization_id"] for row in signed}
    unions |= {row["union_id"] for row in signed} - {None}
    jobs = rows.where(tx.session, "engagement", agreement=family)
    studios |= {row["producer_id"] for row in jobs}
    engaged = frozenset(str(row["performer_id"]) for row in jobs)
    own = _own_side(tx, looking.caller, engaged)
    if own in unions:
        members = {row["performer_id"] for row in jobs if row["union_id"] == own}
        return _Thread(family, own, frozenset(studios | members))
    if own in studios:
        hired = {row["performer_id"] for row in jobs if row["producer_id"] == own}
        return _Thread(family, own, frozenset(unions | hired))
    mine = {row["producer_id"] for row in jobs if row["performer_id"] == own}
    if mine:
        return _Thread(family, own, frozenset(unions | mine))
    raise objects.unknown("/about_id")


def _unions_across(tx: Tx, studio: str) -> frozenset[str]:
    """The unions with whom a studio has an agreement."""
    signed = rows.where(tx.session, "signatory", organization_id=studio)
    return frozenset(str(row["union_id"]) for row in signed if row["union_id"] is not None)


def _own_side(tx: Tx, caller: Caller, performers: frozenset[str]) -> str:
    """For whom the caller speaks: their organization, themselves, or a client.

    Raises:
        Problem: 403, they may see the client's record and hold no mandate to bargain.
    """
    if caller.role == "representative":
        clients = [id_ for id_ in sorted(performers) if parties.bargains(tx, caller, id_)]
        if not clients:
            raise parties.not_yours(
                f"You hold no mandate to speak for this performer. {NOTHING_RECORDED}"
            )
        return clients[0]
    return objects.owner(caller)


def _addressee(looking: Eyes, thread: _Thread, given: str | None) -> str:
    if given is None and thread.usual is not None:
        return thread.usual
    if given is None:
        raise wrong("/to", "required", "Say to whom: there is more than one other side.")
    to = _side(looking, given, "/to")
    if to not in thread.others:
        raise wrong("/to", "no-party", "You share no thread about this with them.")
    return to


def _side(looking: Eyes, given: str, pointer: str) -> str:
    """The id of an organization or a performer; a house code may name either."""
    with suppress(Problem):
        return objects.resolve(looking, "organization", given, pointer)
    return objects.resolve(looking, "performer", given, pointer)


def _speaker(looking: Eyes, thread: _Thread, to: str, new: NewMessage) -> str:
    if new.said_by is None:
        return thread.own
    said_by = _side(looking, new.said_by, "/said_by")
    if said_by not in {thread.own, to}:
        raise wrong("/said_by", "no-party", "It was said by one of the two sides.")
    if said_by != thread.own and new.kind != _SAID:
        raise wrong("/said_by", "not-yours", "Only an offer can be what the other side said.")
    return said_by


def _answered(looking: Eyes, thread: _Thread, given: str) -> str:
    row = objects.seen(looking, "message", given)
    if row is None or row["about_id"] != thread.id or row["to_id"] != thread.own:
        raise objects.unknown("/answers")
    return str(row["id"])


def _told(tx: Tx, caller: Caller, message_id: str) -> Row:
    """The message, for whoever it was written to."""
    row = objects.find(objects.eyes_of(tx, caller), "message", message_id)
    person = frozenset({row["to_id"]}) if row["to_id"].startswith("perf_") else frozenset()
    if _own_side(tx, caller, person) != row["to_id"]:
        raise problem(
            "insufficient-role",
            f"Whoever it was written to says whether it was said. {NOTHING_RECORDED}",
        )
    return row


def _no_party() -> Exception:
    return problem(
        "insufficient-role", f"You see this and are not a party to it. {NOTHING_RECORDED}"
    )
