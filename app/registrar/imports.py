"""Many rows in one act: each row errs alone and is named, and no good one is lost for a bad one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.registrar import engagements, performers, residual_statements, riders, works
from app.registrar.callers import Caller
from app.registrar.engagements import NewEngagement
from app.registrar.performers import NewPerformer
from app.registrar.residual_statements import NewResidualStatement
from app.registrar.riders import NewRider
from app.registrar.works import NewWork
from app.store import engine, heads
from app.store.heads import Heads
from app.store.tx import Problem, Recorded, Refused, Tx

New = NewPerformer | NewWork | NewEngagement | NewRider | NewResidualStatement
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its number, counted from 0: what it asks for, or why it cannot be read."""

    number: int
    new: New | Problem


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row that was checked: what it holds, and how it is written."""

    number: int
    heads: Callable[[Tx], Heads]
    write: Callable[[Tx, Caller], Recorded]


def record(tx: Tx, caller: Caller, rows: Sequence[Row]) -> Recorded | Refused:
    """Put rows on record one after another, in one act.

    A row that is wrong, or on record already, is left out and named; its own part of the act is
    undone.
    """
    ready: list[_Ready] = []
    said: dict[int, Document] = {}
    for row in rows:
        try:
            ready.append(_prepared(tx, caller, row))
        except Problem as problem:
            said[row.number] = _left_out(problem)
    heads.take(tx, lambda held: _together(one.heads(held) for one in ready))
    for one in ready:
        try:
            with engine.part(tx):
                done = one.write(tx, caller)
            said[one.number] = {"status": 201, **done.value}
        except Problem as problem:
            said[one.number] = _left_out(problem)
    lines = [{"row": number, **said[number]} for number in sorted(said)]
    recorded = sum("errors" not in line for line in lines)
    return Recorded(
        {"recorded": recorded, "left_out": len(lines) - recorded, "rows": lines}, status=200
    )


def _prepared(tx: Tx, caller: Caller, row: Row) -> _Ready:
    if isinstance(row.new, Problem):
        raise row.new
    return _PREPARE[type(row.new)](tx, caller, row.number, row.new)


def _performer(tx: Tx, caller: Caller, number: int, new: NewPerformer) -> _Ready:
    ready = performers.prepare(tx, caller, new)
    return _Ready(number, lambda _: Heads(), lambda tx, who: performers.write(tx, who, ready))


def _work(tx: Tx, caller: Caller, number: int, new: NewWork) -> _Ready:
    ready = works.prepare(tx, caller, new)
    return _Ready(
        number,
        lambda tx: Heads(shared=ready.heads(tx)),
        lambda tx, who: works.write(tx, who, ready),
    )


def _engagement(tx: Tx, caller: Caller, number: int, new: NewEngagement) -> _Ready:
    ready = engagements.prepare(tx, caller, new)
    return _Ready(number, ready.heads, lambda tx, who: engagements.write(tx, who, ready))


def _rider(tx: Tx, caller: Caller, number: int, new: NewRider) -> _Ready:
    ready = riders.prepare(tx, caller, new)
    return _Ready(number, ready.heads, lambda tx, who: riders.write(tx, who, ready))


def _residual_statement(tx: Tx, caller: Caller, number: int, new: NewResidualStatement) -> _Ready:
    ready = residual_statements.prepare(tx, caller, new)
    return _Ready(
        number, lambda _: Heads(), lambda tx, who: residual_statements.write(tx, who, ready)
    )


_PREPARE: Final[Mapping[type, Callable[[Tx, Caller, int, Any], _Ready]]] = {
    NewPerformer: _performer,
    NewWork: _work,
    NewEngagement: _engagement,
    NewRider: _rider,
    NewResidualStatement: _residual_statement,
}


def _together(needed: Iterable[Heads]) -> Heads:
    found = list(needed)
    return Heads(
        exclusive=frozenset().union(*(one.exclusive for one in found)),
        shared=frozenset().union(*(one.shared for one in found)),
    )


def _left_out(problem: Problem) -> Document:
    return {
        "status": problem.status,
        "detail": problem.detail,
        "errors": [dict(error) for error in problem.errors],
        **problem.extra,
    }
