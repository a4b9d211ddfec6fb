"""A union's queue: groups of equal cases, answered as a group, each with its answer on record.

A union sees whether pay reaches the contract's minimum, and no amount. What it answers changes the
answer to no check, unless it is a veto.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import objects, vetoes
from app.registrar.callers import Caller
from app.registrar.problems import wrong
from app.rules import cases as rules
from app.rules.cases import Standing
from app.rules.facts import VetoScope, read
from app.rules.reasons import plain
from app.rules.refusals import Refusal
from app.rules.vetoes import Request
from app.store import cases, heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

Row = objects.Row
Document = dict[str, Any]

_MEMBERS: Final = (
    "about",
    "about_id",
    "performer_id",
    "studio_id",
    "pay",
    "entered_at",
    "due_at",
    "answered_at",
    "answered_by",
    "veto_id",
)
# A thread of these is between the studio and the union too.
_ASKED_ABOUT: Final = frozenset({"grant", "use"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a union says to a group: ``upto`` is the entry of the log as of which it read it."""

    answer: str
    upto: int
    words: str | None = None


def groups(
    session: Session, caller: Caller, state: str, at: datetime, page: tuple[str | None, int]
) -> list[Document]:
    """Groups of equal cases in one state, with what each asks for and what happens at zero."""
    before, limit = page
    found = cases.groups(
        session, objects.owner(caller), state=state, at=at, before=before, limit=limit
    )
    newest = {
        row["id"]: row for row in rows.where(session, "union_case", id=[g.latest for g in found])
    }
    names = _names(session, newest.values())
    return [_group(group, newest[group.latest], state, names) for group in found]


def views(session: Session, found: Sequence[Row], at: datetime) -> list[Document]:
    """Cases on the wire, each with what it says."""
    names = _names(session, found)
    issued = {row["veto_id"] for row in found if row["veto_id"] is not None}
    numbers = {row["id"]: row["number"] for row in rows.where(session, "veto", id=issued)}
    return [_view(row, names, numbers.get(row["veto_id"]), at) for row in found]


def answer(tx: Tx, caller: Caller, group: str, said: Answer) -> Recorded | Refused:
    """Answer every case of a group that was there when it was read: no objection, or a question."""
    if said.answer == "asked" and said.words is None:
        raise wrong("/words", "required", "Say what the studio is asked.")
    heads.take(tx, lambda _: Heads())
    # Two officers may answer at once: from here on no other act can write, so one of them is first.
    log.begin(tx)
    open_ = _answerable(tx, caller, group, said.upto)
    if isinstance(open_, Refused):
        return open_
    if said.answer == "asked":
        _ask(tx, caller, open_, said.words or "")
    return _answered(tx, caller, open_, said, None)


def veto(tx: Tx, caller: Caller, group: str, request: Request, upto: int) -> Recorded | Refused:
    """Veto what a group asks for; a scope left out is what the group names."""
    read_ = _answerable(tx, caller, group, upto)
    if isinstance(read_, Refused):
        return read_
    if request.scope == VetoScope():
        request = replace(request, scope=_scope_of(read_[0]))
    issued = vetoes.issue(tx, caller, request)
    if isinstance(issued, Refused):
        return issued
    # Read again, now that no other act can write.
    open_ = _answerable(tx, caller, group, upto)
    if isinstance(open_, Refused):
        return open_
    log.begin(tx)
    said = Answer("vetoed", upto, request.reason)
    done = _answered(tx, caller, open_, said, str(issued.value["id"]))
    value = {**done.value, "veto": dict(issued.value)}
    return replace(done, value=value, status=201, location=issued.location)


def _scope_of(row: Row) -> VetoScope:
    """What a group asks for, as the scope of a veto: its uses in its one work."""
    if len(row["works"]) != 1:
        raise wrong("/scope", "required", "The group is about several works: say what you veto.")
    scope = read(VetoScope, {"work": row["works"][0], "uses": row["terms"]["scope"]["uses"]})
    assert isinstance(scope, VetoScope)  # noqa: S101 - for the type checker
    return scope


def _answerable(tx: Tx, caller: Caller, group: str, upto: int) -> list[Any] | Refused:
    """The cases of a group that can still be answered.

    Raises:
        Problem: 404, there is no such group in the queue of the caller's union.
    """
    union_id = objects.owner(caller)
    found = cases.answerable(tx.session, union_id, group, upto)
    if found and found[0]["about"] == "transfer":
        said = "A transfer is approved or refused, each by itself: answer the transfer."
        return vetoes.refused(Refusal("answered_elsewhere", said))
    if found:
        return found
    last = cases.last_answered(tx.session, union_id, group)
    if last is None:
        raise objects.unknown("")
    if last["answered_at"] is None:
        why = "None of these cases is open as of the entry that you read. See what changed."
        return vetoes.refused(Refusal("nothing_to_answer", why))
    at = plain(last["answered_at"])
    why = f"Somebody of your union answered this group on {at}. See what they said."
    done = {name: rows.plain(last[name]) for name in ("answer", "answered_at", "answered_by")}
    refused = vetoes.refused(Refusal("nothing_to_answer", why))
    return replace(refused, extra={**refused.extra, "answered": done})


def _ask(tx: Tx, caller: Caller, open_: Sequence[Row], words: str) -> None:
    """Put the question into the thread of each case, where the studio reads and answers it."""
    for row in open_:
        if row["about"] in _ASKED_ABOUT:
            rows.insert(
                tx,
                "message",
                id=ids.mint("msg"),
                about=row["about"],
                about_id=row["about_id"],
                kind="question",
                from_id=row["union_id"],
                to_id=row["studio_id"],
                by=caller.id,
                said_by=row["union_id"],
                said_at=tx.now,
                written_at=tx.now,
                words=words,
            )


def _answered(
    tx: Tx, caller: Caller, open_: Sequence[Row], said: Answer, veto_id: str | None
) -> Recorded:
    written = rows.amend_all(
        tx,
        "union_case",
        [row["id"] for row in open_],
        answer=said.answer,
        answered_at=tx.now,
        answered_by=caller.id,
        veto_id=veto_id,
        words=said.words,
    )
    subjects = {row[name] for row in written for name in ("union_id", "studio_id", "performer_id")}
    log.append(tx, "case.answered", caller.role, subjects=subjects - {None})
    return Recorded(
        value={"answer": said.answer, "answered": len(written), "answered_at": rows.plain(tx.now)},
        status=200,
    )


def _names(session: Session, found: Any) -> Mapping[str, str]:  # noqa: ANN401 - rows of any kind
    """Titles of works and names of studios, for all of them at once."""
    kept = list(found)
    works = {id_ for row in kept for id_ in row["works"]}
    titles = {row["id"]: row["title"] for row in rows.where(session, "work", id=works)}
    studios = rows.where(session, "organization", id={row["studio_id"] for row in kept})
    return titles | {row["id"]: row["name"] for row in studios}


def _group(group: cases.Group, row: Row, state: str, names: Mapping[str, str]) -> Document:
    return {
        "group": group.key,
        "state": state,
        "count": group.count,
        "first_due_at": rows.plain(group.first_due_at),
        "at_zero": rules.at_zero(row["terms"]["stage"], group.first_due_at),
        "latest": group.latest,
        "upto": group.upto,
        **_shared(row, names),
    }


def _shared(row: Row, names: Mapping[str, str]) -> Document:
    """What equal cases have in common."""
    terms = row["terms"]
    return {
        "about": row["about"],
        "stage": terms["stage"],
        "studio": {"id": row["studio_id"], "name": names.get(row["studio_id"], "")},
        "works": [{"id": id_, "title": names.get(id_, "")} for id_ in row["works"]],
        "scope": terms["scope"],
        "description": terms["description"],
        "pay": row["pay"],
        "why": [flag["name"] for flag in row["flags"]],
    }


def _view(row: Row, names: Mapping[str, str], number: str | None, at: datetime) -> Document:
    standing = Standing(row["due_at"], row["closed_at"], row["answer"], row["answered_at"])
    return {
        **objects.document(row, *_MEMBERS),
        **_shared(row, names),
        "group": row["group_key"],
        "state": rules.state_of(standing, at),
        "says": rules.sentence(standing, number, at),
        "at_zero": rules.at_zero(row["terms"]["stage"], row["due_at"]),
        "words": row["words"],
    }
