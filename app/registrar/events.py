"""What happened: the acts log as a feed, and what a performer sees of the questions about them."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.registrar.objects import Eyes
from app.registrar.problems import not_found
from app.store import events, log, rows, sight

# What the subjects of an entry are, by the beginnings of their ids.
_NOUNS: Final[Mapping[str, str]] = {
    "perf_": "performer",
    "org_": "organization",
    "work_": "work",
}


# Who looks for no side, whoever pays them.
_OFFICES: Final[Mapping[str, str]] = {
    "auditor": "an auditor",
    "registry_admin": "the registry's office",
}


@dataclass(slots=True)
class _Group:
    """Questions of one day about one work and use that were answered alike."""

    checks: int = 0
    refusals: int = 0
    registrations: int = 0
    last_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def count(self, what: str, at: datetime) -> None:
        setattr(self, what, getattr(self, what) + 1)
        self.last_at = max(self.last_at, at)


def subjects_of(looking: Eyes) -> frozenset[str] | None:
    """Whose entries the caller sees; ``None``: everybody's."""
    seeing = looking.sight
    match seeing.kind:
        case "all":
            return None
        case "none":
            return frozenset()
        case "representative":
            return performers_of(looking)
        case _:
            return frozenset({seeing.id}) | seeing.same if seeing.works is None else seeing.works


def performers_of(looking: Eyes) -> frozenset[str]:
    """The performers for whom the caller looks: themselves, or clients."""
    if looking.sight.kind not in {"performer", "representative"}:
        return frozenset()
    return frozenset(sight.performers_of(looking.session, looking.sight))


def feed(
    looking: Eyes, subjects: frozenset[str] | None, *, after: int, limit: int
) -> dict[str, Any]:
    """Entries beyond ``after`` that touch ``subjects`` (``None``: all); runs of others in one line.

    ``next_after`` is where to go on: nothing up to there is left out.
    """
    session = looking.session
    found = events.after(session, after, subjects=subjects, limit=limit)
    tip = log.tip(session).index
    # A full page ends with its last entry; what follows comes with the next one.
    end = found[-1]["idx"] if len(found) == limit else max(tip, after)
    named = _subjects_seen(looking, [row["idx"] for row in found])
    lines = [line(row, named[row["idx"]]) for row in found]
    return {"data": _with_gaps(lines, after + 1, end), "next_after": end}


def one(looking: Eyes, subjects: frozenset[str] | None, index: int) -> dict[str, Any]:
    """One entry, with the exact bytes that were logged.

    Raises:
        Problem: there is none, or it is not for this caller.
    """
    row = events.at(looking.session, index, subjects=subjects)
    if row is None:
        raise not_found()
    found = line(row, _subjects_seen(looking, [index])[index])
    return found | {"entry": base64.b64encode(row["entry"]).decode()}


def line(row: RowMapping, subjects: Sequence[str]) -> dict[str, Any]:
    """An entry as one line of the feed."""
    return {
        "idx": row["idx"],
        "id": row["event_id"],
        "type": row["type"],
        "at": rows.plain(row["at"]),
        "role": json.loads(row["entry"])["role"],
        "leaf": row["leaf_hash"].hex(),
        "subjects": list(subjects),
    }


def _subjects_seen(looking: Eyes, indexes: Sequence[int]) -> dict[int, list[str]]:
    """The subjects of each entry, as far as the caller may see them.

    One act can touch many: whom a strike stops is not for the others whom it stops to read.
    """
    named = events.subjects_of(looking.session, indexes)
    if looking.sight.kind == "all":
        return named
    every = {subject for found in named.values() for subject in found}
    visible = (subjects_of(looking) or frozenset()) | sight.partners(
        looking.session, every, looking.sight
    )
    for prefix, table in _NOUNS.items():
        ids = {subject for subject in every if subject.startswith(prefix)}
        visible |= sight.seen(looking.session, table, ids, looking.sight)
    return {index: [s for s in found if s in visible] for index, found in named.items()}


def activity(
    session: Session, performer_ids: frozenset[str], start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """What was asked and registered in ``[start, end)``, by day, work, use and outcome."""
    groups: dict[tuple[str, str, str, str], _Group] = {}
    for row in events.asked_between(session, performer_ids, start, end):
        if row["kind"] != "read":
            what = "checks" if row["kind"] == "check" else "refusals"
            _group(groups, row["at"], row).count(what, row["at"])
    for row in events.registered_between(session, performer_ids, start, end):
        _group(groups, row["registered_at"], row).count("registrations", row["registered_at"])
    titles = _titles(session, {work for _, work, _, _ in groups if work})
    return [
        {
            "day": day,
            "work": {"id": work, "title": titles.get(work)} if work else None,
            "use": use or None,
            "outcome": outcome,
            "checks": group.checks,
            "refusals": group.refusals,
            "registrations": group.registrations,
            "last_at": rows.plain(group.last_at),
        }
        for (day, work, use, outcome), group in sorted(
            groups.items(), key=lambda item: (item[1].last_at, item[0]), reverse=True
        )
    ]


def asks(
    session: Session, performer_ids: frozenset[str], *, before: str | None, limit: int
) -> list[dict[str, Any]]:
    """Each question, refused act and recorded read about these performers, newest first."""
    found = events.asks(session, events.about(performer_ids), before=before, limit=limit)
    titles = _titles(session, {row["work_id"] for row in found if row["work_id"]})
    names = _names(session, {row["organization_id"] for row in found if row["organization_id"]})
    people = {row["id"]: row for row in _people(session, {row["actor_id"] for row in found})}
    return [
        {
            "id": row["id"],
            "kind": row["kind"],
            "at": rows.plain(row["at"]),
            "performer": row["performer_id"],
            "by": _asker(row, people.get(row["actor_id"]), names),
            "work": _named(row["work_id"], "title", titles),
            "use": row["use"],
            "outcome": row["outcome"],
            "log_index": row["log_index"],
            "asked": row["request"],
        }
        for row in found
    ]


def _with_gaps(lines: Iterable[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    whole: list[dict[str, Any]] = []
    expected = start
    for shown in lines:
        if shown["idx"] > expected:
            whole.append(_gap(expected, shown["idx"] - 1))
        whole.append(shown)
        expected = shown["idx"] + 1
    if expected <= end:
        whole.append(_gap(expected, end))
    return whole


def _gap(first: int, last: int) -> dict[str, Any]:
    return {"from": first, "to": last, "redacted": True}


def _group(
    groups: dict[tuple[str, str, str, str], _Group], at: datetime, row: RowMapping
) -> _Group:
    day = at.astimezone(UTC).date().isoformat()
    key = (day, row["work_id"] or "", row["use"] or "", row["outcome"])
    return groups.setdefault(key, _Group())


def _titles(session: Session, ids: set[str]) -> dict[str, str]:
    return {row["id"]: row["title"] for row in rows.where(session, "work", id=ids)} if ids else {}


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    found = rows.where(session, "organization", id=ids) if ids else []
    return {row["id"]: row["name"] for row in found}


def _people(session: Session, ids: set[str]) -> list[RowMapping]:
    return rows.where(session, "principal", id=ids) if ids else []


def _asker(
    row: RowMapping, person: RowMapping | None, names: Mapping[str, str]
) -> dict[str, Any] | None:
    """Who asked: for an organization, for themselves, or by an office that belongs to no side."""
    role = None if person is None else person["role"]
    if role is not None and role in _OFFICES:
        return {"id": None, "name": _OFFICES[role], "role": role}
    by = _named(row["organization_id"], "name", names)
    if by is None and person is not None:
        by = {"id": person["performer_id"], "name": None}
    return None if by is None else {**by, "role": role}


def _named(id_: str | None, label: str, known: Mapping[str, str]) -> dict[str, Any] | None:
    return None if id_ is None else {"id": id_, label: known.get(id_)}
