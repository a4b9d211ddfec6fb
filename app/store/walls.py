"""Walls: triggers that refuse what the store never does, whoever holds the connection.

They are second walls. The owner of the database can take them down; `replay` and the log's outside
witnesses then find what was changed. They are made anew after every upgrade, because SQLite drops
them when a migration rebuilds a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, Table, text

from app.store.rows import VERSIONED
from app.store.tables import metadata

Event = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]

# Written once and never touched again.
_APPEND_ONLY: Final = (
    "log_entry",
    "log_subject",
    "ask",
    "affected_use",
    "redecision",
    "reference",
    "reminder",
)
# Erasure takes personal data out of payloads and nothing else: what was decided stays provable,
# and the commitment in the entry shows that a part was there.
_ERASABLE_PART: Final = "who"


@dataclass(frozen=True, slots=True)
class Wall:
    """A trigger before ``event`` on ``table`` that refuses when ``condition`` holds.

    The condition is SQL over NEW and OLD that both engines read; TRUNCATE exists on PostgreSQL
    only and is always refused.
    """

    table: str
    event: Event
    condition: str
    says: str

    @property
    def name(self) -> str:
        """The trigger's name, and on PostgreSQL that of its function."""
        return f"wall_{self.table}_{self.event.lower()}"


def walls(dialect: str) -> tuple[Wall, ...]:
    """Every wall of this release on one engine."""
    found = [*_versioned(), *_append_only(), *_log(), *_others()]
    if dialect == "postgresql":
        guarded = dict.fromkeys(wall.table for wall in found)
        found += [Wall(table, "TRUNCATE", "TRUE", "is never emptied") for table in guarded]
    return tuple(found)


def build(connection: Connection) -> None:
    """Make every wall anew, and take down those that this release does not have."""
    for name, table in standing(connection):
        connection.exec_driver_sql(
            f'DROP TRIGGER "{name}"'
            if connection.dialect.name == "sqlite"
            else f'DROP TRIGGER "{name}" ON "{table}"'
        )
    create = _create_sqlite if connection.dialect.name == "sqlite" else _create_postgresql
    for wall in walls(connection.dialect.name):
        for statement in create(wall):
            connection.exec_driver_sql(statement)


def standing(connection: Connection) -> set[tuple[str, str]]:
    """The walls in the database: names of triggers with their tables.

    On PostgreSQL only those that fire always count: a session can switch the others off.
    """
    asked = _LIST_SQLITE if connection.dialect.name == "sqlite" else _LIST_POSTGRESQL
    return {(row.trigger_name, row.table_name) for row in connection.execute(asked)}


def missing(connection: Connection) -> set[tuple[str, str]]:
    """The walls that should stand and do not."""
    wanted = {(wall.name, wall.table) for wall in walls(connection.dialect.name)}
    return wanted - standing(connection)


def _versioned() -> Iterator[Wall]:
    for name, table in VERSIONED.items():
        yield Wall(
            name,
            "INSERT",
            # The first two also refuse REPLACE, which deletes without asking a DELETE trigger.
            f'EXISTS (SELECT 1 FROM "{name}" WHERE id = NEW.id AND superseded_idx IS NULL)'  # noqa: S608 - our own names
            f' OR NEW.version <> 1 + (SELECT count(*) FROM "{name}" WHERE id = NEW.id)'
            " OR NEW.superseded_idx IS NOT NULL"
            " OR NEW.recorded_idx <> (SELECT size FROM log_head WHERE log_id = 'acts')",
            "takes the next version of a row in the act that is being logged",
        )
        yield Wall(
            name,
            "UPDATE",
            f"{_changed(table, but='superseded_idx')}"
            " OR OLD.superseded_idx IS NOT NULL OR NEW.superseded_idx IS NULL",
            "keeps every version as it was written",
        )
        yield Wall(name, "DELETE", "TRUE", "keeps every version")


def _append_only() -> Iterator[Wall]:
    for name in _APPEND_ONLY:
        yield Wall(name, "UPDATE", "TRUE", "is append-only")
        yield Wall(name, "DELETE", "TRUE", "is append-only")
        if name != "log_entry":
            yield _no_second(name)


def _log() -> Iterator[Wall]:
    yield Wall(
        "log_entry",
        "INSERT",
        "NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM log_entry WHERE log_id = NEW.log_id)"
        " OR length(NEW.leaf_hash) <> 32"
        " OR EXISTS (SELECT 1 FROM log_entry"
        " WHERE log_id = NEW.log_id AND idx = NEW.idx - 1 AND at > NEW.at)",
        "takes the next entry and no other",
    )
    yield _no_second("log_payload")
    yield Wall("log_payload", "UPDATE", "TRUE", "is what the entry committed to")
    yield Wall(
        "log_payload",
        "DELETE",
        f"OLD.part <> '{_ERASABLE_PART}'",
        f"gives up the part `{_ERASABLE_PART}` alone",
    )
    yield _no_second("log_head")
    yield Wall(
        "log_head",
        "UPDATE",
        "NEW.log_id <> OLD.log_id OR NEW.size < OLD.size OR NEW.at < OLD.at"
        " OR (OLD.size > 0 AND NEW.origin <> OLD.origin)",
        "only grows",
    )
    yield Wall("log_head", "DELETE", "TRUE", "only grows")


def _others() -> Iterator[Wall]:
    # These two are written with ON CONFLICT, which a wall before INSERT would forbid as well; the
    # walls before DELETE refuse REPLACE on every connection of ours (`recursive_triggers`).
    pack = metadata.tables["pack"]
    yield Wall(
        "pack", "UPDATE", _changed(pack, but="retired_idx"), "keeps every pack as it was loaded"
    )
    yield Wall("pack", "DELETE", "TRUE", "keeps every pack")
    yield Wall("consent_head", "UPDATE", "NEW.rev < OLD.rev", "only moves on")
    yield Wall("consent_head", "DELETE", "TRUE", "is there as long as its entity")


def _no_second(name: str) -> Wall:
    """Refuse REPLACE. What INSERT ... ON CONFLICT does is refused by the wall before UPDATE."""
    table = metadata.tables[name]
    same = " AND ".join(f'"{key.name}" = NEW."{key.name}"' for key in table.primary_key)
    there = f'EXISTS (SELECT 1 FROM "{name}" WHERE {same})'  # noqa: S608 - our own names
    return Wall(name, "INSERT", there, "has it already")


def _changed(table: Table, *, but: str) -> str:
    return (
        "("
        + " OR ".join(
            f'NEW."{column.name}" IS DISTINCT FROM OLD."{column.name}"'
            for column in table.c
            if column.name != but
        )
        + ")"
    )


def _create_sqlite(wall: Wall) -> Iterator[str]:
    yield (
        f'CREATE TRIGGER "{wall.name}" BEFORE {wall.event} ON "{wall.table}"'
        f" WHEN {wall.condition} BEGIN SELECT RAISE(ABORT, '{_message(wall)}'); END"
    )


def _create_postgresql(wall: Wall) -> Iterator[str]:
    each = "STATEMENT" if wall.event == "TRUNCATE" else "ROW"
    row = "NULL" if wall.event == "TRUNCATE" else "OLD" if wall.event == "DELETE" else "NEW"
    yield (
        f'CREATE OR REPLACE FUNCTION "{wall.name}"() RETURNS trigger LANGUAGE plpgsql AS $wall$'
        f" BEGIN IF {wall.condition} THEN"
        f" RAISE EXCEPTION '{_message(wall)}' USING ERRCODE = 'restrict_violation';"
        f" END IF; RETURN {row}; END $wall$"
    )
    yield (
        f'CREATE TRIGGER "{wall.name}" BEFORE {wall.event} ON "{wall.table}"'
        f' FOR EACH {each} EXECUTE FUNCTION "{wall.name}"()'
    )
    yield f'ALTER TABLE "{wall.table}" ENABLE ALWAYS TRIGGER "{wall.name}"'


def _message(wall: Wall) -> str:
    return f"wall: {wall.table} {wall.says}"


_LIST_SQLITE: Final = text(
    "SELECT name AS trigger_name, tbl_name AS table_name FROM sqlite_master"
    " WHERE type = 'trigger' AND name LIKE 'wall~_%' ESCAPE '~'"
)
_LIST_POSTGRESQL: Final = text(
    "SELECT t.tgname AS trigger_name, c.relname AS table_name"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND pg_table_is_visible(c.oid)"
    " AND t.tgname LIKE 'wall~_%' ESCAPE '~'"
)
