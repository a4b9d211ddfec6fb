"""What enters the unions' queues: cases follow the grants and uses that flag rules look for.

A case is written in the act that it is about, so that what a union did not look at is on record as
surely as what it answered. It holds nothing up and changes the answer to no check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from app.registrar import objects, parties, sweep, terms
from app.rules import cases as rules
from app.rules.cases import Conditions, Seen
from app.rules.days import day_of
from app.rules.decide.case import Case, open_case
from app.rules.facts import Authorship, Check, Grant, read
from app.store import cases, facts, ids, private, rows
from app.store.tx import Tx

Row = objects.Row
Document = dict[str, Any]

_STAGES: Final = {
    "offered": "proposed",
    "signed": "signed",
    "union_review": "signed",
    "active": "signed",
}
_LIVE: Final = frozenset({"planned", "cleared", "locked"})


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a case is about: whose act, what it asks for, and what flag rules read of it."""

    about: str
    id: str
    performer_id: str | None
    studio_id: str
    works: tuple[str, ...]
    terms: Document
    due_at: datetime | None
    seen: Seen


def follow_grant(tx: Tx, row: Row) -> None:
    """Let the queues follow a grant that an act has just written."""
    stage = _STAGES.get(row["state"])
    looking = _rules_for(tx, row["performer_id"], row["grantee_id"])
    if stage is None or row["revoked_from"] is not None:
        _close(tx, row["id"])
    elif looking:
        _enter(tx, _of_grant(tx, row, stage), looking)


def follow_use(tx: Tx, row: Row, case: Case | None = None) -> None:
    """Let the queues follow a use; ``case`` is what a registration was decided on."""
    if row["state"] not in _LIVE:
        _close(tx, row["id"])
    elif case is not None:
        looking = _rules_for(tx, row["performer_id"], row["producer_id"])
        if looking:
            _enter(tx, _of_use(tx, row, case), looking)


def follow_transfer(tx: Tx, row: Row, due_at: datetime | None) -> None:
    """Let the queue of the union that has to answer follow a transfer of a replica.

    It is there whether a flag rule looks for it or not, and its answer is that to the transfer.
    """
    known = next(iter(_open(tx, row["id"])), None)
    if known is not None:
        answer = {"answer": row["answer"], "answered_at": row["answered_at"]}
        said = {**answer, "due_at": due_at, "closed_at": row["completed_at"]}
        if {name: known[name] for name in said} != said:
            rows.amend(tx, "union_case", known["id"], **said)
        return
    replica = rows.current(tx.session, "replica", row["replica_id"])
    assert replica is not None  # noqa: S101 - a transfer is of one on record
    work = replica["origin_work_id"]
    subject = _Subject(
        about="transfer",
        id=row["id"],
        performer_id=row["performer_id"],
        studio_id=row["from_id"],
        works=() if work is None else (work,),
        terms={
            "stage": "submitted",
            "scope": {"works": [] if work is None else [work], "uses": [], "to": row["to_id"]},
            "description": {"text": row["purpose"]},
            "exclusions": [],
            "terms_hash": "",
        },
        due_at=due_at,
        seen=Seen(about="transfer", stage="submitted"),
    )
    looking = _rules_for(tx, row["performer_id"], row["from_id"]).get(row["union_id"], [])
    met = rules.flagged([(id_, conditions) for id_, conditions, _ in looking], subject.seen)
    named = [{"rule": id_, "name": name} for id_, _, name in looking if id_ in met]
    flags = named or [{"rule": "", "name": "a transfer that waits for your answer"}]
    _write(tx, row["union_id"], subject, flags, None)


def _rules_for(
    tx: Tx, performer_id: str | None, studio_id: str
) -> dict[str, list[tuple[str, Conditions, str]]]:
    """The flag rules of each union that has something to say here: of its members, or studios."""
    found = cases.rules_at(tx.session, tx.now)
    if not found:
        return {}
    unions = cases.unions_across(tx.session, studio_id, day_of(tx.now))
    if performer_id is not None:
        unions |= parties.unions_of(tx, performer_id)
    looking: dict[str, list[tuple[str, Conditions, str]]] = {}
    for row in found:
        if row["union_id"] in unions:
            rule = (row["id"], conditions_of(row), row["name"])
            looking.setdefault(row["union_id"], []).append(rule)
    return looking


def conditions_of(row: Row) -> Conditions:
    """What a flag rule on record looks for."""
    value = read(Conditions, row["conditions"])
    assert isinstance(value, Conditions)  # noqa: S101 - for the type checker
    return value


def _enter(
    tx: Tx,
    subject: _Subject,
    looking: Mapping[str, list[tuple[str, Conditions, str]]],
) -> None:
    there = {row["union_id"]: row for row in _open(tx, subject.id)}
    for union_id, wanted in looking.items():
        met = rules.flagged([(id_, conditions) for id_, conditions, _ in wanted], subject.seen)
        known = there.get(union_id)
        if met:
            flags = [{"rule": id_, "name": name} for id_, _, name in wanted if id_ in met]
            _write(tx, union_id, subject, flags, known)
        elif known is not None:
            rows.amend(tx, "union_case", known["id"], closed_at=tx.now)


def _write(
    tx: Tx, union_id: str, subject: _Subject, flags: list[Document], known: Row | None
) -> None:
    pay = subject.seen.pay
    key = rules.group_key(
        subject.studio_id,
        subject.about,
        subject.terms | {"terms_hash": ""},
        pay,
        [flag["rule"] for flag in flags],
    )
    said = {
        "works": list(subject.works),
        "group_key": key,
        "terms": subject.terms,
        "pay": pay,
        "flags": flags,
        "due_at": subject.due_at,
    }
    if known is None:
        rows.insert(
            tx,
            "union_case",
            id=ids.mint("case"),
            union_id=union_id,
            about=subject.about,
            about_id=subject.id,
            performer_id=subject.performer_id,
            studio_id=subject.studio_id,
            entered_at=tx.now,
            **said,
        )
        return
    if known["terms"]["terms_hash"] != subject.terms["terms_hash"]:
        # An answer is to the terms that were there. Others have not been looked at.
        said |= {"entered_at": tx.now, "answer": None, "answered_at": None, "answered_by": None}
        said |= {"veto_id": None, "words": None}
    rows.amend(tx, "union_case", known["id"], **said)


def _open(tx: Tx, about_id: str) -> list[Any]:
    return rows.where(tx.session, "union_case", about_id=about_id, closed_at=None)


def _close(tx: Tx, about_id: str) -> None:
    for row in _open(tx, about_id):
        rows.amend(tx, "union_case", row["id"], closed_at=tx.now)


def _of_grant(tx: Tx, row: Row, stage: str) -> _Subject:
    open_ = row["proposal"]
    by_studio = open_ is not None and open_["by"] == "studio"
    grant = terms.value_in(open_["terms"]) if by_studio else terms.value_of(row)
    grant = replace(grant, id=row["id"], performer_id=row["performer_id"], state="active")
    hash_ = open_["terms_hash"] if by_studio else row["terms_hash"]
    works = grant.scope.works
    use = grant.scope.uses[0] if grant.scope.uses else "exhibit"
    case = _case(tx, Check(works[0], use, row["performer_id"], producer=row["grantee_id"]), grant)
    description = grant.description
    facets = (description.tags, description.character, description.scenes)
    signed = row["signature"]
    seen = Seen(
        about="grant",
        stage="proposed" if by_studio else stage,
        uses=grant.scope.uses,
        tags=description.tags,
        classes=_classes(tx, case, grant),
        pay="unknown" if case is None else rules.pay_level(case, grant.pay),
        identity=signed["identity"] if signed else _identity(tx, row["performer_id"]),
        contact_by_studio=_typed_by(tx, row["performer_id"], row["grantee_id"]),
        facts_unconfirmed=case is not None and _unconfirmed(case),
        wide_scope=rules.is_wide(grant.scope),
        facets_missing=None in facets,
    )
    said = terms.document_of(row) if not by_studio else open_["terms"]
    return _Subject(
        about="grant",
        id=row["id"],
        performer_id=row["performer_id"],
        studio_id=row["grantee_id"],
        works=works,
        terms={
            "stage": seen.stage,
            "scope": said["scope"],
            "description": said["description"],
            "exclusions": said["exclusions"],
            "terms_hash": hash_,
        },
        due_at=row["answer_by"] if seen.stage == "proposed" else None,
        seen=seen,
    )


def _of_use(tx: Tx, row: Row, case: Case) -> _Subject:
    check = case.check
    grant = next((g for g in case.facts.grants if g.id == row["grant_id"]), None)
    said = check.description
    performer = row["performer_id"]
    signature = grant.signature if grant is not None else None
    identity = signature.identity if signature is not None else "stated"
    seen = Seen(
        about="use",
        stage="registered",
        uses=(check.use,),
        tags=case.tags,
        classes=(case.use_class,),
        pay=rules.pay_level(case, grant.pay if grant is not None else None),
        identity=identity,
        contact_by_studio=performer is not None and _typed_by(tx, performer, row["producer_id"]),
        facts_unconfirmed=_unconfirmed(case),
        wide_scope=grant is not None and rules.is_wide(grant.scope),
        facets_missing=None in (said.tags, said.character, said.scenes),
    )
    return _Subject(
        about="use",
        id=row["id"],
        performer_id=performer,
        studio_id=row["producer_id"],
        works=(row["work_id"],),
        terms={
            "stage": "registered",
            "scope": {"works": [row["work_id"]], "uses": [check.use]},
            "description": row["asked"].get("description", {}),
            "exclusions": [],
            "terms_hash": "",
        },
        due_at=None,
        seen=seen,
    )


def _case(tx: Tx, check: Check, grant: Grant) -> Case | None:
    """The case that a use under the terms would make, were they signed."""
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    others = tuple(g for g in known.grants if g.id != grant.id)
    supposed = replace(known, grants=(*others, grant))
    return open_case(check, supposed, sweep.packs_of(tx.store), tx.now)


def _classes(tx: Tx, case: Case | None, grant: Grant) -> tuple[str, ...]:
    if case is None:
        return ()
    packs, known = sweep.packs_of(tx.store), case.facts
    asked = [replace(case.check, use=use) for use in grant.scope.uses if use != "synthetic"]
    found = [open_case(check, known, packs, tx.now) for check in asked]
    return tuple(dict.fromkeys(one.use_class for one in found if one is not None))


def _identity(tx: Tx, performer_id: str) -> str:
    person = rows.current(tx.session, "performer", performer_id)
    return "stated" if person is None else str(person["identity"])


def _typed_by(tx: Tx, performer_id: str, studio_id: str) -> bool:
    """Whether the one who asks also typed where the person is reached."""
    told = private.read(tx.session, [performer_id], "contact_by")
    return told.get(performer_id, {}).get("contact_by") == studio_id


def _unconfirmed(case: Case) -> bool:
    """Whether the answer would rest on somebody's word that nobody else has confirmed."""
    said: list[Authorship] = [case.work, *case.signatories]
    if case.engagement is not None:
        said.append(case.engagement)
    return any(one.stated_by is not None and one.confirmed_by is None for one in said)
