"""Imports: files read, checked, put on record chunk by chunk, and every bad row named.

Over HTTP and not on the database itself: who imports is a caller like any other, whose rows pass
the same guard, the same rules and the same log as if they were typed; and the clerk who has the
spreadsheet need not have the server.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from app.api.imports import MODELS, READERS
from app.api.problems import read_item
from app.exchange.connection import Connection
from app.exchange.files import Line, UnreadableError, Wrong, read
from app.rules.decoding import UndecodableError, decode
from app.store.tx import Problem

# In the order in which one names another.
KINDS: Final = ("performers", "works", "engagements", "grants", "residual-statements")
# Small enough that other acts need not wait for a chunk.
CHUNK: Final = 20

# Columns that name another record, and its kind. A house code alone is meant as a reference.
_NAMES: Final[Mapping[str, str]] = {
    "performer": "performers",
    "work": "works",
    "part_of": "works",
    "works": "works",
}
_REFERENCE: Final = "ref:"
_CONFLICT: Final = 409
_DONE: Final = 201

Tick = Callable[[], None]


@dataclass
class Outcome:
    """What became of the rows of one kind."""

    kind: str
    rows: int = 0
    recorded: int = 0
    known: int = 0
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of one kind that can be sent, and what is wrong with the others."""

    kind: str
    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes under which its rows will be found."""
        return frozenset(str(line.row["ref"]) for line in self.lines)


def planned(files: Iterable[Path]) -> list[Plan]:
    """Read files and check every row by itself; the kind of a file is the beginning of its name.

    Raises:
        UnreadableError: a file cannot be read, or its name says no kind.
    """
    found: dict[str, list[Line | Wrong]] = {}
    for file in files:
        kind = _kind(file)
        found.setdefault(kind, []).extend(read(file, MODELS[kind]))
    return [_plan(kind, found[kind]) for kind in KINDS if kind in found]


def begun(plans: Iterable[Plan]) -> list[Outcome]:
    """The outcomes of an import before anything was sent."""
    return [
        Outcome(
            plan.kind,
            len(plan.lines) + len({(one.file, one.line) for one in plan.wrong}),
            wrong=list(plan.wrong),
        )
        for plan in plans
    ]


def rehearse(
    plans: Sequence[Plan], outcomes: Sequence[Outcome], registry: Connection, tick: Tick
) -> None:
    """Work out what an import would do; nothing is sent but questions what is on record already.

    Raises:
        RefusedError: the caller may not look.
    """
    codes = {plan.kind: plan.codes for plan in plans}
    known = _Known(registry)
    for plan, outcome in zip(plans, outcomes, strict=True):
        for line in plan.lines:
            wrong = [
                line.wrong(member, "nothing on record and no row of these files has this code")
                for member, kind, code in _named(line.row)
                if code not in codes.get(kind, ()) and not known.has(kind, code)
            ]
            if known.has(plan.kind, line.row["ref"]):
                outcome.known += 1
            elif wrong:
                outcome.wrong += wrong
            else:
                outcome.recorded += 1
            tick()


def put_on_record(
    plans: Sequence[Plan], outcomes: Sequence[Outcome], registry: Connection, tick: Tick
) -> None:
    """Put the rows on record, chunk by chunk, each chunk in one act; ``outcomes`` say how far.

    Raises:
        RefusedError: a chunk as a whole was not taken; those before it are on record.
    """
    for plan, outcome in zip(plans, outcomes, strict=True):
        for chunk in _chunks(plan.lines):
            body = {"kind": plan.kind, "rows": [line.row for line in chunk]}
            answers = registry.act("/v1/imports", body)["rows"]
            for line, answer in zip(chunk, answers, strict=True):
                _count(outcome, line, answer)
                tick()


@dataclass
class _Known:
    """What is on record, each code asked for once."""

    registry: Connection
    _asked: dict[tuple[str, str], bool] = field(default_factory=dict)

    def has(self, kind: str, code: str) -> bool:
        """Whether the caller sees a record under this code."""
        if (kind, code) not in self._asked:
            path = f"/v1/{kind}/{_REFERENCE}{quote(code, safe=':')}"
            self._asked[kind, code] = self.registry.knows(path)
        return self._asked[kind, code]


def _kind(file: Path) -> str:
    for kind in KINDS:
        if file.name.startswith(kind):
            return kind
    raise UnreadableError(
        f"{file.name} says no kind: its name begins with one of {', '.join(KINDS)}"
    )


def _plan(kind: str, found: Iterable[Line | Wrong]) -> Plan:
    lines: list[Line] = []
    wrong: list[Wrong] = []
    seen: dict[str, Line] = {}
    for one in found:
        if isinstance(one, Wrong):
            wrong.append(one)
            continue
        line = Line(one.file, one.number, _referring(one.row))
        said = _wrong(kind, line, seen)
        wrong += said
        if not said:
            lines.append(line)
            seen[str(line.row["ref"])] = line
    return Plan(kind, tuple(lines), tuple(wrong))


def _wrong(kind: str, line: Line, seen: Mapping[str, Line]) -> list[Wrong]:
    ref = line.row.get("ref")
    if not isinstance(ref, str):
        said = "a code of your own, such as `castid:4711`, so that the row is imported once"
        return [line.wrong("ref", said)]
    if ref in seen:
        other = seen[ref]
        return [line.wrong("ref", f"`{ref}` stands in {other.file}:{other.number} already")]
    try:
        # What the registry cannot decode would cost the whole chunk.
        decode(json.dumps(line.row).encode())
    except UndecodableError as error:
        return [line.wrong(error.pointer, error.detail)]
    read_ = read_item(line.row, READERS[kind])
    if isinstance(read_, Problem):
        return [line.wrong(str(e["pointer"]), str(e["detail"])) for e in read_.errors]
    return []


def _referring(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with every house code that names another record written as a reference."""
    found = dict(row)
    for member in _NAMES.keys() & found.keys():
        value = found[member]
        found[member] = [*map(_reference, value)] if isinstance(value, list) else _reference(value)
    return found


def _reference(value: object) -> object:
    is_code = isinstance(value, str) and ":" in value and not value.startswith(_REFERENCE)
    return f"{_REFERENCE}{value}" if is_code else value


def _named(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The codes by which a row names other records: member, kind, code."""
    for member, kind in _NAMES.items():
        value = row.get(member)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one.startswith(_REFERENCE):
                yield member, kind, one.removeprefix(_REFERENCE)


def _chunks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in order, a few at a time; what a row hangs on is in a chunk before it."""
    waiting = list(lines)
    while waiting:
        codes = {line.row["ref"] for line in waiting}
        ready = [line for line in waiting if not _inner(line) & codes]
        # Two works that each claim to be part of the other are for the registry to refuse.
        ready = ready or waiting
        for start in range(0, len(ready), CHUNK):
            yield ready[start : start + CHUNK]
        sent = {id(line) for line in ready}
        waiting = [line for line in waiting if id(line) not in sent]


def _inner(line: Line) -> set[str]:
    part_of = line.row.get("part_of")
    return {part_of.removeprefix(_REFERENCE)} if isinstance(part_of, str) else set()


def _count(outcome: Outcome, line: Line, answer: Mapping[str, Any]) -> None:
    if answer["status"] == _DONE:
        outcome.recorded += 1
    elif answer["status"] == _CONFLICT and "id" in answer:
        outcome.known += 1
    else:
        errors = answer["errors"] or [{"pointer": "", "detail": answer["detail"]}]
        outcome.wrong += [line.wrong(str(e["pointer"]), str(e["detail"])) for e in errors]
