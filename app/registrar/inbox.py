"""One inbox: what waits for a performer, or across all clients for who represents them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import events, objects, parties, terms
from app.registrar.callers import STUDIO
from app.registrar.objects import Eyes, Row
from app.registrar.signing import zone_in
from app.rules import grants as rules
from app.rules.days import day_of, start_of
from app.rules.decide.removals import REMOVAL
from app.rules.facts import Performer, Representation, instant
from app.rules.inbox import Item
from app.rules.packs import PackSet
from app.rules.signing import Signer, Signing, may_bargain, may_sign, runs
from app.rules.standing import contested, estates
from app.store import rows

# A mandate is spoken of when its end is this near.
_MANDATE_DAYS: Final = 30
_PATHS: Final = {
    "grant": "/v1/grants/{id}",
    "estimate": "/v1/estimates/{id}",
    "payment": "/v1/payments/{id}",
    "notice": "/v1/notices/{id}",
    "message": "/v1/messages/{id}",
    "sighting": "/v1/sightings/{id}",
    "match": "/v1/matches/{id}",
    "merge": "/v1/performers/{performer}/merge",
}
# What whoever bargains does about what waits, and what only whoever signs.
_BARGAINER: Final = {
    "estimate": ("answer",),
    "payment": ("answer",),
    "notice": ("answer",),
    "question": ("answer",),
    "said": ("answer",),
    "sighting": ("close",),
}
_SIGNER: Final = {
    "request": ("sign",),
    "change": ("sign",),
    "signature": ("sign", "dispute"),
    "own_yes": ("sign",),
    "sale": ("answer",),
}


@dataclass(frozen=True, slots=True)
class _Client:
    """One performer with what is on record around them now."""

    session: Session
    person: Performer
    proofs: tuple[Representation, ...]
    at: datetime

    @property
    def signs(self) -> str:
        """Who says yes for them now."""
        on = day_of(self.at)
        if self.person.died_on is not None and self.person.died_on <= on:
            return "estate"
        adult = self.person.adult_from
        return "guardian" if adult is not None and on < adult else "performer"

    def where(self, table: str) -> Sequence[Row]:
        """Their rows in force."""
        return rows.where(self.session, table, performer_id=self.person.id)

    def item(self, kind: str, about: str, row: Row, waits_for: str, **more: Any) -> Item:
        """One thing that waits."""
        return Item(kind, self.person.id, about, str(row["id"]), waits_for, **more)


def read(
    looking: Eyes, packs: PackSet, at: datetime, performer: str | None, limit: int
) -> dict[str, Any]:
    """What waits at ``at``, what ends first before the rest; ``more``: some is left out.

    An agent reads the same lines as the performer, with what an agent may do about them.
    """
    ids = events.performers_of(looking)
    if performer is not None:
        ids &= {str(objects.find(looking, "performer", performer, "?performer")["id"])}
    clients = [_client(looking.session, id_, at) for id_ in sorted(ids)]
    # Whether a stranger means this very person is nobody else's to read.
    alone = looking.caller.role == "performer"
    found = [
        (item, client)
        for client in clients
        for item in _items(client)
        if alone or item.kind != "match"
    ]
    found.sort(key=lambda pair: pair[0].urgency)
    return {
        "data": [_line(looking, item, client, packs) for item, client in found[:limit]],
        "more": len(found) > limit,
    }


def _client(session: Session, performer_id: str, at: datetime) -> _Client:
    proofs = rows.where(session, "representation", performer_id=performer_id)
    person = parties.performer(session, performer_id)
    return _Client(session, person, tuple(map(parties.representation, proofs)), at)


def _items(client: _Client) -> Iterator[Item]:
    for source in _SOURCES:
        yield from source(client)


def _grants(client: _Client) -> Iterator[Item]:
    for row in client.where("grant"):
        if row["state"] == "offered":
            yield from _offered(client, row)
        elif row["state"] == "active":
            yield from _active(client, row)


def _offered(client: _Client, row: Row) -> Iterator[Item]:
    until, countered = row["answer_by"], [*_countered(client, row)]
    if countered:
        yield from countered
    elif until is None or client.at < until:
        since = row["offered_at"]
        yield client.item("request", "grant", row, client.signs, since=since, by=until)


def _countered(client: _Client, row: Row) -> Iterator[Item]:
    """The performer's own terms, as long as they stand."""
    asked = row["proposal"]
    if asked is None or asked["by"] != "performer":
        return
    since, until = instant(asked["at"]), instant(asked["answer_by"])
    if client.at < until:
        yield client.item("counter_offer", "grant", row, "studio", since=since, by=until)


def _active(client: _Client, row: Row) -> Iterator[Item]:
    asked, signed = row["proposal"], terms.value_of(row).signature
    assert signed is not None  # noqa: S101 - nothing is in force that nobody signed
    yield from _countered(client, row)
    if asked is not None and asked["by"] == "studio":
        yield client.item("change", "grant", row, client.signs, since=instant(asked["at"]))
    if row["withdrawal_answer"] == rules.WITHDRAWAL_OPEN:
        asked_at, until = row["withdrawal_asked_at"], row["withdrawal_answer_by"]
        yield client.item("withdrawal", "grant", row, "studio", since=asked_at, by=until)
    if signed.method != "in_registry" and not rules.is_confirmed(signed, client.at):
        yield client.item("signature", "grant", row, client.signs, since=signed.at)
    if row["own_yes_at"] is None:
        yield from _own_yes(client, row, signed.by)


def _own_yes(client: _Client, row: Row, signed_by: str) -> Iterator[Item]:
    adult = client.person.adult_from
    if signed_by == "guardian" and client.signs != "estate" and adult is not None:
        grown = client.signs == "performer"
        kind, by = ("own_yes", None) if grown else ("coming_of_age", start_of(adult))
        yield client.item(kind, "grant", row, "performer", since=start_of(adult), by=by)
    if signed_by == "union" and any(proof.verified_by for proof in _estates(client)):
        yield client.item("own_yes", "grant", row, "estate")


def _estates(client: _Client) -> tuple[Representation, ...]:
    return estates(client.proofs, client.person.id, day_of(client.at), client.at)


def _rivals(client: _Client) -> Iterator[Item]:
    found = _estates(client)
    if client.signs == "estate" and contested(found):
        row = {"id": max(proof.id for proof in found)}
        yield client.item("estate", "representation", row, "registry_admin")


def _sales(client: _Client) -> Iterator[Item]:
    """Whether a consent passes on to who bought the work; what is asked is about the consent."""
    for row in client.where("assignment"):
        stands = rows.where(client.session, "sale", sale_id=row["sale_id"], withdrawn_at=None)
        if row["answer"] is None and stands:
            asked = {"id": row["grant_id"]}
            since, sale = row["asked_at"], row["sale_id"]
            yield client.item("sale", "grant", asked, client.signs, since=since, sale=sale)


def _merges(client: _Client) -> Iterator[Item]:
    """What one person said of two records, until another says it of either."""
    own = client.person.id
    said = [
        *rows.where(client.session, "merge", state="proposed", performer_id=own),
        *rows.where(client.session, "merge", state="proposed", other_id=own),
    ]
    for row in said:
        # Neither a studio and a performer nor a performer alone can merge records.
        needs_office = row["proposed_as"] in {"performer", *STUDIO}
        waits_for = "registry_admin" if needs_office else "performer"
        yield client.item("merge", "merge", row, waits_for)


def _estimates(client: _Client) -> Iterator[Item]:
    for row in client.where("estimate"):
        if row["state"] == "proposed":
            yield client.item("estimate", "estimate", row, client.signs)


def _payments(client: _Client) -> Iterator[Item]:
    """What is said to be paid, until they say whether it came."""
    for row in client.where("payment"):
        if row["answer"] is None:
            yield client.item("payment", "payment", row, client.signs, since=row["said_at"])


def _notices(client: _Client) -> Iterator[Item]:
    for row in client.where("notice"):
        # What they asked somebody to take down is not theirs to answer.
        if row["state"] == "open" and row["kind"] != REMOVAL:
            yield client.item("notice", "notice", row, client.signs, since=row["sent_at"])


def _memberships(client: _Client) -> Iterator[Item]:
    for row in client.where("membership"):
        by_union = row["stated_by"] == row["union_id"]
        if by_union and row["confirmed_by"] is None and rows.disputed_by(row) is None:
            yield client.item("membership", "membership", row, "performer")


def _deaths(client: _Client) -> Iterator[Item]:
    for row in client.where("death"):
        until = row["alive_until"]
        stands = row["died_on"] is not None and row["undone_at"] is None
        if stands and (until is None or client.at < until):
            since = row["reported_at"]
            yield client.item("death", "death", row, "performer", since=since, by=until)


def _messages(client: _Client) -> Iterator[Item]:
    """Questions without an answer, and what was said by word of mouth, from either side."""
    own = client.person.id
    written = [
        *rows.where(client.session, "message", to_id=own),
        *rows.where(client.session, "message", from_id=own),
    ]
    answered = {row["answers"] for row in written if row["kind"] != "note"}
    for row in written:
        asks = row["kind"] == "question" and row["id"] not in answered
        unsettled = row["kind"] == "offer_said" and row["other_side"] == "none"
        if asks or unsettled:
            kind = "question" if asks else "said"
            waits_for = client.signs if row["to_id"] == own else _side(client, row["to_id"])
            yield client.item(kind, "message", row, waits_for, since=row["written_at"])


def _sightings(client: _Client) -> Iterator[Item]:
    """What they saw and nobody listed: with the studio named, else with the union."""
    for row in client.where("sighting"):
        if row["closed_at"] is not None:
            continue
        unnamed = row["studio_id"] is None
        waits_for = "union" if unnamed else "studio"
        if row["union_answer" if unnamed else "studio_answer"] is not None:
            waits_for = "performer"
        by = row["studio_answer_by"] if waits_for == "studio" else None
        yield client.item("sighting", "sighting", row, waits_for, since=row["reported_at"], by=by)


def _side(client: _Client, organization_id: str) -> str:
    found = rows.current(client.session, "organization", organization_id)
    return str(found["kind"]) if found is not None else "performer"


def _blind_questions(client: _Client) -> Iterator[Item]:
    """Somebody asks, without seeing anything, whether they mean this person."""
    for row in client.where("match_answer"):
        if row["answer"] is None:
            yield client.item("match", "match", {"id": row["request_id"]}, "performer")


def _mandates(client: _Client) -> Iterator[Item]:
    on, at = day_of(client.at), client.at
    for proof in client.proofs:
        soon = proof.ends_on is not None and proof.ends_on - on <= timedelta(days=_MANDATE_DAYS)
        if soon and proof.ends_on is not None and runs(proof, client.person, on, at):
            row, by = {"id": proof.id}, start_of(proof.ends_on + timedelta(days=1))
            yield client.item("mandate", "representation", row, "performer", by=by)


_SOURCES: Final[tuple[Callable[[_Client], Iterator[Item]], ...]] = (
    _grants,
    _rivals,
    _sales,
    _merges,
    _estimates,
    _payments,
    _notices,
    _memberships,
    _deaths,
    _messages,
    _sightings,
    _blind_questions,
    _mandates,
)


def _line(looking: Eyes, item: Item, client: _Client, packs: PackSet) -> dict[str, Any]:
    path = _PATHS.get(item.about, f"/v1/performers/{item.performer_id}/{item.about}s")
    href = path.format(id=item.id, performer=item.performer_id)
    return {
        "kind": item.kind,
        "performer_id": item.performer_id,
        "about": {"kind": item.about, "id": item.id},
        "waits_for": item.waits_for,
        "since": rows.plain(item.since),
        "by": rows.plain(item.by),
        "at_zero": item.at_zero,
        "you_can": _acts(looking, item, client, _zone(looking.session, packs, item)),
        "href": href,
        "way": _way(item, href),
    }


def _way(item: Item, href: str) -> dict[str, Any] | None:
    """Where the answer goes, of what nobody could tell from the record alone."""
    if item.kind == "sale":
        return {"method": "POST", "href": f"{href}/passing-on", "body": {"sale": item.sale}}
    if item.kind == "merge":
        return {"method": "POST", "href": f"{href}/{item.id}/confirmation", "body": {}}
    if item.kind == "signature":
        return {"method": "POST", "href": f"{href}/signature-dispute", "body": {}}
    return None


def _zone(session: Session, packs: PackSet, item: Item) -> tzinfo:
    """The zone of the days that decide who may sign: of what is signed, else the house's."""
    found = rows.current(session, "grant", item.id) if item.about == "grant" else None
    return UTC if found is None else zone_in(session, packs, found)


def _acts(looking: Eyes, item: Item, client: _Client, zone: tzinfo) -> list[str]:
    """What the caller may do about it: whoever only bargains never signs."""
    signs, bargains = _rights(looking, client, zone)
    if item.waits_for not in {"performer", "guardian", "estate"}:
        return ["read"]
    may = ["read"]
    if item.kind in {"request", "change"} and bargains:
        may += ["counter", "decline"] if item.kind == "request" or signs else ["counter"]
    may += _BARGAINER.get(item.kind, ()) if bargains else ()
    may += _SIGNER.get(item.kind, ()) if signs else ()
    if (
        item.kind in {"death", "membership", "mandate", "match", "merge"}
        and looking.caller.role == "performer"
    ):
        may.append("answer")
    return may


def _rights(looking: Eyes, client: _Client, zone: tzinfo) -> tuple[bool, bool]:
    """Whether the caller signs for the performer now, and whether they bargain."""
    caller, person = looking.caller, client.person
    if caller.role == "performer":
        signer = Signer("performer", performer_id=person.id)
        signs = isinstance(may_sign(person, signer, as_of=client.at, zone=zone), Signing)
        return signs, signs
    own = {caller.id, caller.organization_id}
    signers = [
        Signer("representative", representation=proof, estates=_estates(client))
        for proof in client.proofs
        if proof.representative_id in own
    ]
    return (
        any(isinstance(may_sign(person, s, as_of=client.at, zone=zone), Signing) for s in signers),
        any(may_bargain(person, s, as_of=client.at) for s in signers),
    )
