"""A studio's inbox: what of its own record waits for it, until when, and what happens otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.registrar import authorship, grants, objects, transfers
from app.registrar.objects import Eyes, Row
from app.rules import grants as rules
from app.rules.facts import instant
from app.rules.inbox import Item
from app.rules.transfers import APPROVED, OVERDUE, REFUSED
from app.store import inbox as store
from app.store import rows
from app.store.tx import Store

_READ: Final = ("read",)
# How a thread calls what the studio has to say something about, by the kind of the message.
_OF_MESSAGES: Final[Mapping[str, str]] = {
    "question": "question",
    "dispute": "dispute",
    "offer_said": "said",
}
_FACTS_MAX: Final = 200
# Where an answer goes, and what its body names besides the answer.
_Way = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Desk:
    """The studio, with where to look and what time it is."""

    looking: Eyes
    store: Store
    studio: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing that waits, with what the studio can do about it and where."""

    item: Item
    href: str
    can: tuple[str, ...] = _READ
    way: _Way | None = None

    def wire(self) -> dict[str, Any]:
        """The form in JSON, as in a performer's inbox."""
        item = self.item
        path, body = self.way or ("", {})
        way = {"method": "POST", "href": path, "body": dict(body)}
        return {
            "kind": item.kind,
            "performer_id": item.performer_id,
            "about": {"kind": item.about, "id": item.id},
            "waits_for": item.waits_for,
            "since": rows.plain(item.since),
            "by": rows.plain(item.by),
            "at_zero": item.at_zero,
            "you_can": list(self.can),
            "href": self.href,
            "way": way if self.way else None,
        }


def read(looking: Eyes, keeper: Store, at: datetime, limit: int) -> dict[str, Any]:
    """What waits at ``at``, what ends first before the rest; ``more``: some is left out."""
    desk = _Desk(looking, keeper, objects.owner(looking.caller), at)
    found = [line for source in _SOURCES for line in source(desk)]
    found.sort(key=lambda line: line.item.urgency)
    return {"data": [line.wire() for line in found[:limit]], "more": len(found) > limit}


def _grants(desk: _Desk) -> Iterator[_Line]:
    for row in store.grants(desk.looking.session, desk.studio):
        yield from _on_terms(desk, row)
        href, about = f"/v1/grants/{row['id']}", (row["performer_id"], "grant", row["id"])
        if row["withdrawal_answer"] == rules.WITHDRAWAL_OPEN:
            since, until = row["withdrawal_asked_at"], row["withdrawal_answer_by"]
            item = Item("withdrawal", *about, "studio", since=since, by=until)
            yield _Line(item, href, (*_READ, "answer"), (f"{href}/withdrawal-answer", {}))
        if row["signature"] and rules.is_disputed(grants.signature_of(row), desk.at):
            since = grants.signature_of(row).disputed_at
            yield _Line(Item("paper", *about, "studio", since=since), href, (*_READ, "write"))


def _on_terms(desk: _Desk, row: Row) -> Iterator[_Line]:
    """What the performer wants changed, as long as it stands."""
    asked = row["proposal"]
    if asked is None or asked["by"] != "performer":
        return
    since, until = instant(asked["at"]), instant(asked["answer_by"])
    if desk.at < until:
        about = (row["performer_id"], "grant", row["id"])
        item = Item("counter_offer", *about, "studio", since=since, by=until)
        href, body = f"/v1/grants/{row['id']}", {"terms_hash": asked["terms_hash"]}
        yield _Line(item, href, (*_READ, "agree"), (f"{href}/amendments", body))


def _messages(desk: _Desk) -> Iterator[_Line]:
    for row in store.messages(desk.looking.session, desk.studio):
        href, from_ = f"/v1/messages/{row['id']}", row["from_id"]
        person = from_ if from_.startswith("perf_") else None
        kind = _OF_MESSAGES[row["kind"]]
        item = Item(kind, person, "message", row["id"], "studio", since=row["written_at"])
        way: _Way
        if kind == "said":
            way = (f"{href}/other-side", {})
        else:
            thread = {"about": row["about"], "about_id": row["about_id"], "to": from_}
            way = ("/v1/messages", {**thread, "kind": "answer", "answers": row["id"]})
        yield _Line(item, href, (*_READ, "answer"), way)


def _sightings(desk: _Desk) -> Iterator[_Line]:
    for row in store.sightings(desk.looking.session, desk.studio):
        about = (row["performer_id"], "sighting", row["id"], "studio")
        item = Item("sighting", *about, since=row["reported_at"], by=row["studio_answer_by"])
        href = f"/v1/sightings/{row['id']}"
        yield _Line(item, href, (*_READ, "answer"), (f"{href}/answer", {}))


def _facts(desk: _Desk) -> Iterator[_Line]:
    """What the studio said that somebody disputes: a correction is a new statement."""
    for said in authorship.listed(desk.looking, "disputed", None, _FACTS_MAX):
        row = said.row
        if row["stated_by"] == desk.studio:
            since, about = row["disputed_at"], (row.get("performer_id"), said.table, row["id"])
            item = Item("fact", *about, "studio", since=since)
            yield _Line(item, "/v1/facts?state=disputed", (*_READ, "correct"))


def _redecided(desk: _Desk) -> Iterator[_Line]:
    """What a lift, a waiver or a ruling let go, and nobody decided since; the last time counts."""
    found = {row["id"]: row for row in store.redecided(desk.looking.session, desk.studio)}
    for id_, row in found.items():
        item = Item("redecided", row["performer_id"], "use", id_, "studio", since=row["at"])
        href = f"/v1/uses/{id_}"
        yield _Line(item, href, (*_READ, "recheck"), (f"{href}/recheck", {}))


def _transfers(desk: _Desk) -> Iterator[_Line]:
    for row in store.transfers(desk.looking.session, desk.studio):
        shown = transfers.view(desk.looking, desk.store, row, desk.at)
        href, about = f"/v1/transfers/{row['id']}", (row["performer_id"], "transfer", row["id"])
        if row["to_id"] == desk.studio and row["assumed_at"] is None:
            item = Item("transfer", *about, "studio", since=row["submitted_at"])
            yield _Line(item, href, (*_READ, "take on"), (f"{href}/assumption", {}))
        if row["from_id"] == desk.studio and shown["state"] in {APPROVED, REFUSED, OVERDUE}:
            item = Item("transfer", *about, "studio", since=row["answered_at"])
            goes = shown["state"] != REFUSED
            way: _Way | None = (f"{href}/completion", {}) if goes else None
            yield _Line(item, href, (*_READ, "complete") if goes else _READ, way)


def _sales(desk: _Desk) -> Iterator[_Line]:
    for row in store.sales(desk.looking.session, desk.studio):
        item = Item("sale_confirmation", None, "sale", row["id"], "studio", row["recorded_at"])
        act = "confirmation" if row["buyer_id"] == desk.studio else "withdrawal"
        can = "confirm" if row["buyer_id"] == desk.studio else "take back"
        href = f"/v1/sales/{row['id']}"
        yield _Line(item, href, (*_READ, can), (f"{href}/{act}", {}))


_SOURCES: Final[tuple[Callable[[_Desk], Iterator[_Line]], ...]] = (
    _grants,
    _messages,
    _sightings,
    _facts,
    _redecided,
    _transfers,
    _sales,
)
