"""Verify the record: rebuild every table of state from the log, and hash the log again.

A payload holds the whole after-image of every row that its act wrote, so nothing else is needed.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import RowMapping, Table, select, text
from sqlalchemy.orm import Session

from app.rules.entries import TYPES
from app.store import heads
from app.store.log import ACTS, b64url, commitment, leaf_hash
from app.store.rows import STATE, VERSIONED, plain
from app.store.tables import consent_head, log_entry, log_head, log_payload, log_subject

_ERASED: Final = "who"
_WITH_HEADS: Final = ("organization", "performer", "work")

Key = tuple[Any, ...]
Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the log says. ``where`` is an entry or a row, by key."""

    where: str
    what: str


@dataclass(slots=True)
class Report:
    """What a replay found. ``skipped`` are erased parts: neither right nor wrong."""

    entries: int = 0
    rows: int = 0
    skipped: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note a difference."""
        self.differences.append(Difference(where, what))


@dataclass(slots=True)
class _Rebuilt:
    """State as the log tells it, and what it cannot tell because it was erased."""

    rows: dict[str, dict[Key, Image]] = field(default_factory=lambda: {name: {} for name in STATE})
    subjects: set[tuple[int, str]] = field(default_factory=set)
    # Entries whose personal part is gone: their rows may lack columns, or be absent as a whole.
    erased: set[int] = field(default_factory=set)


def replay(session: Session) -> Report:
    """Compare log and tables, both as this session sees them; no differences means: they agree."""
    if session.get_bind().dialect.name == "postgresql":
        # The limit is for requests; a whole log takes as long as it takes.
        session.execute(text("SET LOCAL statement_timeout = 0"))
    report, rebuilt = Report(), _Rebuilt()
    _read_log(session, report, rebuilt)
    for name in STATE:
        _compare(session, name, rebuilt, report)
    _compare_subjects(session, rebuilt, report)
    _compare_heads(session, report)
    return report


def _read_log(session: Session, report: Report, rebuilt: _Rebuilt) -> None:
    head = session.execute(select(log_head).where(log_head.c.log_id == ACTS)).one()
    payloads = _payloads(session)
    at = None
    entries = session.execute(
        select(log_entry).where(log_entry.c.log_id == ACTS).order_by(log_entry.c.idx)
    ).mappings()
    for entry in entries:
        where = f"entry {entry['idx']}"
        if entry["idx"] != report.entries:
            report.add(where, f"follows entry {report.entries - 1}: the numbers have a gap")
        if at is not None and entry["at"] < at:
            report.add(where, "is earlier than the entry before it")
        report.entries, at = entry["idx"] + 1, entry["at"]
        _check_entry(entry, head.origin, report)
        _apply(entry, payloads.pop(entry["event_id"], {}), rebuilt, report)
    if head.size != report.entries:
        report.add("log", f"the head counts {head.size} entries, there are {report.entries}")
    if payloads:
        report.add("log", f"{len(payloads)} payloads belong to no entry")


def _payloads(session: Session) -> dict[str, dict[str, RowMapping]]:
    found: dict[str, dict[str, RowMapping]] = {}
    for row in session.execute(select(log_payload)).mappings():
        found.setdefault(row["event_id"], {})[row["part"]] = row
    return found


def _check_entry(entry: RowMapping, origin: str, report: Report) -> None:
    where = f"entry {entry['idx']}"
    if not hmac.compare_digest(leaf_hash(entry["entry"]), entry["leaf_hash"]):
        report.add(where, "does not have its leaf hash")
    said = json.loads(entry["entry"])
    columns = {
        "id": entry["event_id"],
        "type": entry["type"],
        "at": plain(entry["at"]),
        "log": origin,
    }
    for name, value in columns.items():
        if said.get(name) != value:
            report.add(where, f"says `{name}` {said.get(name)!r}, its row says {value!r}")
    if entry["type"] not in TYPES:
        report.add(where, f"has the unknown type `{entry['type']}`")


def _apply(
    entry: RowMapping, parts: Mapping[str, RowMapping], rebuilt: _Rebuilt, report: Report
) -> None:
    where = f"entry {entry['idx']}"
    committed = json.loads(entry["entry"])["c"]
    for part in parts.keys() - committed.keys():
        report.add(where, f"has a part `{part}` that it does not commit to")
    for part, commits in sorted(committed.items()):
        stored = parts.get(part)
        if stored is None:
            if part == _ERASED:
                report.skipped += 1
                rebuilt.erased.add(entry["idx"])
            else:
                report.add(where, f"lacks its part `{part}`")
            continue
        if b64url(commitment(stored["salt"], part, stored["body"])) != commits:
            report.add(where, f"does not commit to its part `{part}`")
        _gather(entry["idx"], json.loads(stored["body"]), rebuilt)


def _gather(idx: int, document: Mapping[str, Any], rebuilt: _Rebuilt) -> None:
    for image in document["rows"]:
        table = STATE[image["table"]]
        key = tuple(image["row"][column.name] for column in table.primary_key)
        rows = rebuilt.rows[table.name]
        if table.name in VERSIONED or rows.get(key, {}).get("_idx") == idx:
            rows.setdefault(key, {}).update(image["row"])
        else:
            # A row without versions is written whole again.
            rows[key] = {"_idx": idx, **image["row"]}
    rebuilt.subjects |= {(idx, subject) for subject in document.get("subjects", ())}


def _compare(session: Session, name: str, rebuilt: _Rebuilt, report: Report) -> None:
    table = STATE[name]
    told = rebuilt.rows[name]
    if name in VERSIONED:
        _end_versions(told)
    for row in session.execute(select(table)).mappings():
        report.rows += 1
        key = tuple(plain(row[column.name]) for column in table.primary_key)
        image = told.pop(key, None)
        if image is not None:
            _compare_row(table, row, image, rebuilt, report)
        elif not _may_be_erased(name, rebuilt):
            report.add(_where(name, key), "is in no entry")
    for key in told:
        # A fact that was erased from the table is erased from its payload by the same act.
        report.add(_where(name, key), "is in the log and not in the table")


def _compare_row(
    table: Table, row: RowMapping, image: Image, rebuilt: _Rebuilt, report: Report
) -> None:
    key = tuple(plain(row[column.name]) for column in table.primary_key)
    for column in table.c:
        value, said = plain(row[column.name]), image.get(column.name)
        if value != said and not _is_erased(column.info, image, rebuilt):
            report.add(
                _where(table.name, key), f"`{column.name}` is {value!r}, the log says {said!r}"
            )


def _where(name: str, key: Key) -> str:
    return f"{name} {' '.join(map(str, key))}"


def _end_versions(told: dict[Key, Image]) -> None:
    for (id_, version), image in told.items():
        following = told.get((id_, version + 1))
        image["superseded_idx"] = following and following["recorded_idx"]


def _may_be_erased(name: str, rebuilt: _Rebuilt) -> bool:
    return name == "private_fact" and bool(rebuilt.erased)


def _is_erased(info: Mapping[str, Any], image: Image, rebuilt: _Rebuilt) -> bool:
    return info.get("part") == _ERASED and image.get("recorded_idx") in rebuilt.erased


def _compare_subjects(session: Session, rebuilt: _Rebuilt, report: Report) -> None:
    kept = {(row.idx, row.subject_id) for row in session.execute(select(log_subject))}
    for idx, subject in sorted(kept ^ rebuilt.subjects):
        which = "a reader" if (idx, subject) in kept else "no reader"
        report.add(f"entry {idx}", f"has {which} `{subject}`, unlike its payload")


def _compare_heads(session: Session, report: Report) -> None:
    """Every entity has its head: an act that finds none could not be done at all."""
    kept = {(row.kind, row.id) for row in session.execute(select(consent_head))}
    needed = {heads.REGISTRY}
    for kind in _WITH_HEADS:
        table = VERSIONED[kind]
        ids = session.execute(select(table.c.id).where(table.c.version == 1)).scalars()
        needed |= {(kind, id_) for id_ in ids}
    for kind, id_ in sorted(needed - kept):
        report.add(_where(kind, (id_,)), "has no consent head")
    # Heads of work days are made as they are held.
    for kind, id_ in sorted(k for k in kept - needed if k[0] != "work_day"):
        report.add(_where(kind, (id_,)), "has a consent head and is not on record")
