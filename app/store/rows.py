"""Every write of state, with its after-image for the log, and the plain reads by id.

Tables are named by their names: only the store knows the objects.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    RowMapping,
    Select,
    Table,
    and_,
    or_,
    select,
    update,
)
from sqlalchemy import insert as insert_into
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.tables import metadata
from app.store.tx import Again, Tx, Written

VERSIONED: Final = {
    name: table for name, table in metadata.tables.items() if table.info.get("versioned")
}
# State without versions. What is not named here or above is no state: keys, heads, logs, asks.
UNVERSIONED: Final = {
    name: metadata.tables[name]
    for name in (
        "private_fact",
        "reference",
        "affected_use",
        "redecision",
        "pack",
        "code",
        "reminder",
    )
}
STATE: Final = VERSIONED | UNVERSIONED


class Overtaken(Again):
    """Another act amended the same row first; the act has to read it again."""


def insert(tx: Tx, table: str, /, **values: object) -> dict[str, Any]:
    """Write a new row (of a versioned table: version 1) and return all of it."""
    into = STATE[table]
    row = _whole(tx, into, values | ({"version": 1} if table in VERSIONED else {}))
    _write(tx, into, row)
    return row


def amend(tx: Tx, table: str, id_: str, /, **changes: object) -> dict[str, Any]:
    """Write the next version of a row and return all of it; the one in force ends here.

    One act writes one version of a row.

    Raises:
        LookupError: there is no such row.
        Overtaken: another act was faster.
    """
    into = VERSIONED[table]
    old = current(tx.session, table, id_)
    if old is None:
        raise LookupError(f"there is no {table} `{id_}`")
    if old["recorded_idx"] == tx.idx:
        raise RuntimeError(f"this act wrote {table} `{id_}` already; write it once, whole")
    ended = tx.session.execute(
        update(into)
        .where(_is(into, id_), into.c.superseded_idx.is_(None), into.c.version == old["version"])
        .values(superseded_idx=tx.idx)
        .returning(into.c.version)
    )
    if ended.one_or_none() is None:
        raise Overtaken
    row = _whole(tx, into, {**old, **changes, "version": old["version"] + 1})
    _write(tx, into, row)
    return row


def amend_all(
    tx: Tx, table: str, ids: Collection[str], /, **changes: object
) -> list[dict[str, Any]]:
    """Write the next version of several rows with the same changes, in three statements.

    Raises:
        Overtaken: another act amended one of them first, or there is none.
    """
    into = VERSIONED[table]
    found = where(tx.session, table, id=set(ids))
    ended = tx.session.execute(
        update(into)
        .where(into.c.id.in_(set(ids)), into.c.superseded_idx.is_(None))
        .values(superseded_idx=tx.idx)
        .returning(into.c.id, into.c.version)
    )
    if {(row["id"], row["version"]) for row in found} != {(row.id, row.version) for row in ended}:
        raise Overtaken
    written = [_whole(tx, into, {**old, **changes, "version": old["version"] + 1}) for old in found]
    if written:
        tx.session.execute(insert_into(into), written)
    tx.written.extend(Written(into.name, row) for row in written)
    return written


def put(tx: Tx, table: str, /, **values: object) -> dict[str, Any]:
    """Write a row of an unversioned table, over the one with the same key if there is one."""
    into = UNVERSIONED[table]
    row = _whole(tx, into, values)
    dialect = postgresql if tx.store.name == "postgresql" else sqlite
    keys = [column.name for column in into.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    tx.session.execute(
        dialect.insert(into).values(row).on_conflict_do_update(index_elements=keys, set_=rest)
    )
    tx.written.append(Written(table, row))
    return row


def current(session: Session, table: str, id_: str, /) -> RowMapping | None:
    """The version in force now."""
    return at(session, table, id_, None)


def at(session: Session, table: str, id_: str, known: int | None, /) -> RowMapping | None:
    """The version that was in force once entry ``known`` was written; ``None`` means now."""
    source = VERSIONED[table]
    found = session.execute(select(source).where(_is(source, id_), in_force(source, known)))
    return found.mappings().one_or_none()


def versions(session: Session, table: str, id_: str, /) -> list[RowMapping]:
    """Every version of a row, first to last."""
    source = VERSIONED[table]
    found = session.execute(select(source).where(_is(source, id_)).order_by(source.c.version))
    return list(found.mappings())


def where(
    session: Session, table: str, /, *, known: int | None = None, **equal: object
) -> list[RowMapping]:
    """The rows in force whose columns equal what is given (a list or set: any of it), by key."""
    source = STATE[table]
    asked = _matching(source, known, equal).order_by(*source.primary_key)
    return list(session.execute(asked).mappings())


def page(
    session: Session, table: str, /, *, before: str | None = None, limit: int = 50, **equal: object
) -> list[RowMapping]:
    """The newest ``limit`` rows in force with an id below ``before``, newest first."""
    source = VERSIONED[table]
    asked = _matching(source, None, equal)
    if before is not None:
        asked = asked.where(source.c.id < before)
    found = session.execute(asked.order_by(source.c.id.desc()).limit(limit))
    return list(found.mappings())


def in_force(source: Table, known: int | BindParameter[int] | None) -> ColumnElement[bool]:
    """The condition that a version was in force once entry ``known`` was written."""
    if known is None:
        return source.c.superseded_idx.is_(None)
    return and_(
        source.c.recorded_idx <= known,
        or_(source.c.superseded_idx.is_(None), source.c.superseded_idx > known),
    )


def undisputed(source: Table) -> ColumnElement[bool]:
    """The condition that nobody disputes a stated fact now: nobody did, or it was settled."""
    return or_(source.c.disputed_by.is_(None), source.c.settled_at.is_not(None))


def disputed_by(row: RowMapping | Mapping[str, Any]) -> str | None:
    """Who disputes a stated fact now; ``None``: nobody does, or it was settled."""
    return None if row["settled_at"] is not None else row["disputed_by"]


def plain(value: object) -> object:
    """A column's value in JSON: instants in UTC with six digits, days and decimals as strings.

    Raises:
        TypeError: a value that the log cannot carry; above all a float.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            raise TypeError(f"the log cannot carry a {type(value).__name__}")


def _is(source: Table, id_: str) -> ColumnElement[bool]:
    return source.c.id == id_


def _matching(
    source: Table, known: int | None, equal: Mapping[str, Any]
) -> Select[tuple[Any, ...]]:
    asked = select(source)
    if source.name in VERSIONED:
        asked = asked.where(in_force(source, known))
    for name, value in equal.items():
        column = source.c[name]
        several = isinstance(value, (list, set, frozenset, tuple))
        asked = asked.where(
            column.in_(value) if several else column.is_(None) if value is None else column == value
        )
    return asked


def _whole(tx: Tx, into: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = values.keys() - into.c.keys()
    if unknown:
        raise ValueError(f"{into.name} has no column {', '.join(sorted(unknown))}")
    row = {column.name: values.get(column.name, _default(column)) for column in into.c}
    if into.name in VERSIONED:
        row |= {"recorded_idx": tx.idx, "superseded_idx": None}
    elif "recorded_idx" in row and row["recorded_idx"] is None:
        row["recorded_idx"] = tx.idx
    return row


def _default(column: Column[Any]) -> object:
    default = column.default
    if default is None:
        return None
    # A callable default of SQLAlchemy takes the execution context, which ours never read.
    return default.arg(None) if default.is_callable else default.arg  # type: ignore[attr-defined]


def _write(tx: Tx, into: Table, row: dict[str, Any]) -> None:
    tx.session.execute(insert_into(into).values(row))
    tx.written.append(Written(into.name, row))
