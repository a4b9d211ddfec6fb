"""A dossier: all that was on record of a performer and a work, for whoever has to judge later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.registrar import authorship, objects
from app.rules.days import day_of, in_days
from app.rules.facts import Check, Facts, Grant, Work
from app.rules.grants import revoked_at, terms_at, terms_document
from app.rules.works import COVERED, reach
from app.store import dossiers as store
from app.store import facts, private, rows, works

Document = dict[str, Any]

_AUTHORED: Final = ("stated_by", "confirmed_by", "disputed_by")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pair, the instant that is looked at, and the entry up to which the record is known."""

    performer: str
    work: str
    on: datetime
    known_at: int | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """What is looked at, with ids, and where to look."""

    session: Session
    performer_id: str
    work_id: str
    above: frozenset[str]
    on: datetime
    known: int
    facts: Facts
    cited: set[int]

    def written(self, table: str, id_: str) -> list[int]:
        """The entries behind a row, which the dossier lists in the end."""
        found = store.written_by(self.session, table, id_, self.known)
        self.cited.update(found)
        return found

    def rows(self, table: str, **equal: object) -> list[RowMapping]:
        """Rows as they were on record."""
        return rows.where(self.session, table, known=self.known, **equal)


def dossier(looking: objects.Eyes, wanted: Wanted) -> Document:
    """All that was on record of the pair, each thing with the entries that put it there.

    Raises:
        Problem: 404, no such performer or work for this caller; 422, the log does not go so far.
    """
    case = _opened(looking, wanted)
    found: Document = {
        "performer": _performer(case),
        "work": _work(case),
        "on": rows.plain(wanted.on),
        "known_at": case.known,
        "facts": [*_stated(case), *_said(case)],
        "grants": [_grant(case, grant) for grant in case.facts.grants],
        "blocks": [*_vetoes(case), *_pauses(case), *_orders(case)],
        "uses": [*_uses(case)],
        "notices": [*_notices(case)],
        "messages": [*_messages(case)],
        "asked": [*_asked(case)],
        "followed": _followed(case),
    }
    return _named(case, found) | {"entries": _entries(case)}


def _opened(looking: objects.Eyes, wanted: Wanted) -> _Case:
    session = looking.session
    performer = objects.find(looking, "performer", wanted.performer, "?performer")["id"]
    work = objects.find(looking, "work", wanted.work, "?work")["id"]
    check = Check(performer=performer, work=work, use="exhibit")
    found, index = facts.load(session, check, as_of=wanted.on, known=wanted.known_at)
    above = works.ancestors(session, work)
    return _Case(session, performer, work, above, wanted.on, index, found, set())


def _performer(case: _Case) -> Document:
    id_ = case.performer_id
    name = private.read(case.session, [id_], "name").get(id_, {}).get("name")
    row = next(iter(case.rows("performer", id=id_)), None)
    dates = {} if row is None else objects.document(row, "identity", "adult_from", "died_on")
    return {"id": id_, "name": name, **dates, "entries": case.written("performer", id_)}


def _work(case: _Case) -> Document:
    row = next(iter(case.rows("work", id=case.work_id)), None)
    members = ("kind", "title", "owner_id", "agreement")
    said = {} if row is None else objects.document(_as_it_stood(case, row), *members)
    return {"id": case.work_id, **said, "entries": case.written("work", case.work_id)}


def _stated(case: _Case) -> Iterator[Document]:
    """Facts that rules rest on, each with whose word it is."""
    works_ = {case.work_id, *case.above}
    owners = {row["owner_id"] for row in case.rows("work", id=works_)}
    sold = case.rows("sale", work_id=works_)
    owners |= {row[side] for row in sold for side in ("seller_id", "buyer_id")}
    for table, equal, members in (
        ("work", {"id": works_}, ("kind", "title", "owner_id", "agreement", "photography_start")),
        ("edge", {"child": works_}, ("child", "parent", "relation", "valid_from", "valid_to")),
        (
            "membership",
            {"performer_id": case.performer_id},
            ("union_id", "unit", "starts_on", "ends_on"),
        ),
        (
            "engagement",
            {"performer_id": case.performer_id, "work_id": works_},
            ("work_id", "producer_id", "role_class", "agreement", "engaged_at"),
        ),
        (
            "signatory",
            {"organization_id": owners},
            ("organization_id", "union_id", "agreement", "starts_on", "ends_on"),
        ),
    ):
        for row in case.rows(table, **equal):
            yield {
                "what": table,
                **objects.document(_as_it_stood(case, row), *members, *_AUTHORED),
                **_disputed(case, row),
                "entries": case.written(table, row["id"]),
            }
    for row in sold:
        yield {
            "what": "sale",
            **objects.document(row, "work_id", "seller_id", "buyer_id", "starts_on"),
            **dict.fromkeys(_AUTHORED),
            "stated_by": row["seller_id"],
            "entries": case.written("sale", row["id"]),
        }


def _disputed(case: _Case, row: RowMapping) -> Document:
    """The disputes that were raised by then; one that was settled later was open then."""
    on = str(rows.plain(case.on))
    said = [
        one | {"settled_at": ended if (ended := one["settled_at"]) and ended <= on else None}
        for one in authorship.disputes(row)
        if one["at"] is None or one["at"] <= on
    ]
    is_open = next((one["by"] for one in said if one["settled_at"] is None), None)
    return {"disputed_by": is_open, "disputes": said}


def _as_it_stood(case: _Case, row: RowMapping) -> Mapping[str, Any]:
    """A row with what changes in the world as it was stated then."""
    on = str(rows.plain(case.on))
    spans = [span for span in row.get("stated_before") or () if on < span["until"]]
    return {**row, **min(spans, key=lambda span: str(span["until"]), default={})}


def _said(case: _Case) -> Iterator[Document]:
    """Counts of days and statements, which one side says and nobody confirms."""
    works_ = {case.work_id, *case.above}
    counts = case.rows("estimate", performer_id=case.performer_id, work_id=works_)
    statements = {
        row["id"]: row
        for equal in ({"performer_id": case.performer_id}, {"work_id": works_})
        for row in case.rows("attestation", **equal)
        if row["at"] <= case.on
        and row["performer_id"] in {None, case.performer_id}
        and row["work_id"] in {None, *works_}
    }
    for what, found, members in (
        ("estimate", counts, ("use", "shot", "days", "basis", "state")),
        ("attestation", statements.values(), ("kind", "at", "text")),
    ):
        for row in found:
            by = row["author_id"] if what == "estimate" else row["organization_id"] or row["by"]
            yield {
                "what": what,
                **objects.document(row, *members),
                **dict.fromkeys(_AUTHORED),
                "stated_by": by,
                "entries": case.written(what, row["id"]),
            }


def _grant(case: _Case, latest: Grant) -> Document:
    grant = terms_at(latest, case.on)
    work = next((w for w in case.facts.works if w.id == case.work_id), None)
    state = _standing(grant, case.on)
    return {
        "id": grant.id,
        "terms_version": grant.version,
        "standing": state,
        "reaches_work": work is not None and _reaches(grant, work, case),
        "signature": _signature(grant) if state != "not signed" else None,
        "terms": terms_document(grant),
        "revoked_from": rows.plain(grant.revoked_from),
        "entries": case.written("grant", grant.id),
    }


def _signature(grant: Grant) -> Document | None:
    signed = grant.signature
    if signed is None:
        return None
    members = ("by", "method", "identity", "representation_id")
    return {"at": rows.plain(signed.at), **{name: getattr(signed, name) for name in members}}


def _standing(grant: Grant, on: datetime) -> str:
    """What the terms were worth at an instant, in a word."""
    if grant.state == "void":
        return "void"
    if grant.signature is None or grant.signature.at > on:
        return "not signed"
    if revoked_at(grant, on):
        return "revoked"
    starts_on, ends_on = grant.scope.starts_on or day_of(on), grant.scope.ends_on
    return "in force" if in_days(day_of(on), starts_on, ends_on) else "outside its days"


def _reaches(grant: Grant, work: Work, case: _Case) -> bool:
    return reach(grant, work, case.facts.edges, case.on).state == COVERED


def _vetoes(case: _Case) -> Iterator[Document]:
    for veto in case.facts.vetoes:
        row = case.rows("veto", id=veto.id)[0]
        scope = {
            name.removeprefix("scope_"): row[name]
            for name in row
            if name.startswith("scope_") and row[name]
        }
        members = ("number", "union_id", "kind", "basis", "effect", "timing", "review_by", "reason")
        yield {
            "what": "veto",
            **objects.document(row, *members, "state"),
            "scope": scope,
            **_span(case, veto.starts_at, veto.lifted_at),
            "entries": case.written("veto", veto.id),
        }


def _pauses(case: _Case) -> Iterator[Document]:
    for pause in case.facts.suspensions:
        yield {
            "what": "suspension",
            "id": pause.id,
            "grant_id": pause.grant_id,
            **_span(case, pause.starts_at, pause.ends_at),
            "entries": case.written("suspension", pause.id),
        }


def _orders(case: _Case) -> Iterator[Document]:
    for order in case.facts.court_orders:
        yield {
            "what": "court_order",
            "id": order.id,
            **_span(case, order.starts_at, order.ends_at),
            "entries": case.written("court_order", order.id),
        }


def _span(case: _Case, starts_at: datetime, ends_at: datetime | None) -> Document:
    return {
        "starts_at": rows.plain(starts_at),
        "ends_at": rows.plain(ends_at),
        "on_then": starts_at <= case.on and (ends_at is None or case.on < ends_at),
    }


def _uses(case: _Case) -> Iterator[Document]:
    members = ("producer_id", "use", "gate", "shot", "grant_id", "state", "outcome")
    dates = ("registered_at", "cleared_at", "locked_at", "released_at")
    for row in case.rows("use", performer_id=case.performer_id, work_id=case.work_id):
        if row["registered_at"] <= case.on:
            entries = case.written("use", row["id"])
            yield {**objects.document(row, *members, *dates), "entries": entries}


def _notices(case: _Case) -> Iterator[Document]:
    """Notices about the performer or the work, with who opened them and when."""
    opened: dict[str, list[RowMapping]] = {}
    found = {
        row["id"]: row
        for equal in ({"performer_id": case.performer_id}, {"work_id": {case.work_id, *case.above}})
        for row in case.rows("notice", **equal)
        if row["sent_at"] <= case.on
    }
    for mark in _marks(case, "opened"):
        opened.setdefault(mark["request"]["notice_id"], []).append(mark)
    for id_, row in sorted(found.items()):
        yield {
            **objects.document(row, "kind", "sent_at", "sender_id", "to_id", "state", "content"),
            "opened": [
                {"by": mark["organization_id"] or mark["actor_id"], "at": rows.plain(mark["at"])}
                for mark in opened.get(id_, ())
            ],
            "entries": case.written("notice", id_),
        }


def _messages(case: _Case) -> Iterator[Document]:
    """What was written about the consents and uses of the pair, disputes and spoken offers too."""
    pair = {"performer_id": case.performer_id}
    about = {grant.id for grant in case.facts.grants}
    about |= {row["id"] for row in case.rows("use", **pair, work_id=case.work_id)}
    members = ("about", "about_id", "kind", "from_id", "to_id", "said_at", "written_at", "words")
    found = [row for row in case.rows("message", about_id=about) if row["written_at"] <= case.on]
    for row in sorted(found, key=lambda row: (row["written_at"], row["id"])):
        answered = row["other_side_at"] is not None and row["other_side_at"] <= case.on
        yield {
            **objects.document(row, *members),
            "other_side": row["other_side"] if answered else "none",
            "entries": case.written("message", row["id"]),
        }


def _asked(case: _Case) -> Iterator[Document]:
    found = store.asked_about(
        case.session, case.performer_id, case.work_id, until=case.on, known=case.known
    )
    for row in found:
        answer = msgspec.json.decode(row["answer"]) if row["answer"] else {}
        decision = answer.get("decision", answer)
        is_check = row["kind"] == "check"
        yield {
            "id": row["id"],
            "kind": row["kind"],
            "at": rows.plain(row["at"]),
            "as_of": answer.get("as_of"),
            "by": row["organization_id"] or row["actor_id"],
            "use": row["use"],
            "outcome": row["outcome"],
            "log_index": row["log_index"],
            "engine": answer.get("engine"),
            "reasons": [reason["sentence"] for reason in decision.get("reasons", ())],
            "replay": f"/v1/checks/{row['id']}/replay" if is_check else None,
        }


def _followed(case: _Case) -> list[Document]:
    """How far each side had read the log, and when it last did."""
    last: dict[tuple[str, str], RowMapping] = {}
    for mark in _marks(case, "followed"):
        last[mark["organization_id"] or "", mark["actor_id"]] = mark
    return [
        {
            "by": organization or actor,
            "principal": actor,
            "read_to": mark["request"]["read_to"],
            "at": rows.plain(mark["at"]),
        }
        for (organization, actor), mark in sorted(last.items())
    ]


def _marks(case: _Case, outcome: str) -> list[RowMapping]:
    people = {row["id"] for row in case.rows("principal", performer_id=case.performer_id)}
    sides = {grant.grantee_id for grant in case.facts.grants}
    sides |= {one.union_id for one in case.facts.memberships}
    sides |= {row["owner_id"] for row in case.rows("work", id=case.work_id)}
    marks = store.read_by(case.session, sides, people, until=case.on)
    return [mark for mark in marks if mark["outcome"] == outcome]


def _entries(case: _Case) -> list[Document]:
    return [
        {
            "idx": row["idx"],
            "id": row["event_id"],
            "type": row["type"],
            "at": rows.plain(row["at"]),
            "leaf": row["leaf_hash"].hex(),
        }
        for row in store.entries(case.session, case.cited)
    ]


def _named(case: _Case, found: Document) -> Document:
    """The dossier with what every id in it is called."""
    ids = {*_texts(found)}
    names = {row["id"]: row["name"] for row in rows.where(case.session, "organization", id=ids)}
    names |= {row["id"]: row["title"] for row in rows.where(case.session, "work", id=ids)}
    if found["performer"]["name"]:
        names[case.performer_id] = found["performer"]["name"]
    people = rows.where(case.session, "principal", id=ids)
    names |= {row["id"]: _person(case, row) for row in people}
    return found | {"names": dict(sorted(names.items()))}


def _person(case: _Case, row: RowMapping) -> str:
    """Who acted, as far as a dossier needs to say: nobody is named who is not its subject."""
    if row["performer_id"] == case.performer_id:
        return "the performer"
    return "the registry's office" if row["role"] == "registry_admin" else f"a {row['role']}"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _in_all(value.values())
    elif isinstance(value, Sequence):
        yield from _in_all(value)


def _in_all(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
