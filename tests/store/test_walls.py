"""Each wall is attacked, and the same attack goes through where the wall was taken down."""
# ruff: noqa: S608 - the statements are attacks on our own tables, by name

from datetime import date

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError

from app.store import heads, log, rows, walls
from app.store.engine import Recorded, Refused, Store, Tx, UnsafeDatabaseError, open_store
from app.store.rows import VERSIONED
from app.store.upgrade import upgrade
from app.store.walls import Wall
from tests.store.acting import NOON, ORIGIN, do, nothing_held, table

# One value for every type of column, so that every table can be given a row.
_VALUES: dict[str, object] = {
    "BigInteger": 1,
    "Boolean": False,
    "Date": date(2026, 11, 21),
    "Instant": NOON,
    "Integer": 1,
    "JSON": ["a"],
    "LargeBinary": b"x" * 32,
    "String": "a",
    "Text": "a",
}
_CHOSEN: dict[str, dict[str, object]] = {
    "organization": {"kind": "studio"},
    "performer": {"identity": "stated"},
    "residual_statement": {"until": date(2026, 11, 22)},
    "base_report": {"until": date(2026, 11, 22)},
    "edge": {"parent": "work_1", "child": "work_2"},
    "veto": {"effect": "block", "timing": "full"},
    "use": {"state": "planned"},
    "merge": {"other_id": "b", "state": "merged"},
    "invitation": {"way": "mail"},
    "delivery": {"state": "waiting"},
    "assignment": {"answer": "yes"},
    "transfer": {"answer": "approved"},
    "custody": {"ended_how": "returned"},
    "message": {"about": "grant", "kind": "note", "other_side": "none"},
    "instruction": {"say": "never"},
    "union_case": {"pay": "above", "answer": "asked"},
}


def _row(name: str, **given: object) -> dict[str, object]:
    made = {column.name: _VALUES[type(column.type).__name__] for column in table(name).c}
    return made | _CHOSEN.get(name, {}) | given


@pytest.fixture
def full(store: Store) -> Store:
    """A store with a row in every table that has a wall."""

    def fill(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        for name in VERSIONED:
            rows.insert(tx, name, **_row(name, id="a"))
        for name in ("affected_use", "redecision", "reference", "reminder"):
            rows.insert(tx, name, **_row(name))
        rows.put(tx, "pack", **_row("pack", retired_idx=None))
        rows.put(tx, "private_fact", subject_id="perf_1", field="name", value="Ann")
        log.append(tx, "performer.recorded", "studio", subjects=["perf_1"])
        return Recorded({})

    do(store, fill)
    do(store, lambda _: Refused(()))
    return store


def _attack(connection: Connection, wall: Wall) -> None:
    """Do what the wall refuses, as plainly as SQL can."""
    name = f'"{wall.table}"'
    match wall.event:
        case "DELETE":
            where = " WHERE part = 'record'" if wall.table == "log_payload" else ""
            connection.execute(text(f"DELETE FROM {name}{where}"))
        case "TRUNCATE":
            connection.execute(text(f"TRUNCATE {name} CASCADE"))
        case "UPDATE":
            connection.execute(text(f"UPDATE {name} SET {_CHANGES.get(wall.table, _KEY)}"))
        case "INSERT":
            _attack_insert(connection, wall)


# What an attacker would change; by default a version is moved to another id.
_KEY = "id = id || 'x'"
_CHANGES = {
    "log_entry": "type = 'use.locked'",
    "log_payload": "body = salt",
    "log_head": "size = -1",
    "log_subject": "subject_id = 'perf_2'",
    "affected_use": "use_id = 'use_2'",
    "reference": "target_id = 'perf_2'",
    "reminder": "what = 'b'",
    "redecision": "use_id = 'use_2'",
    "pack": "text = 'b'",
    "consent_head": "rev = -1",
    "ask": "outcome = 'allow'",
}


def _attack_insert(connection: Connection, wall: Wall) -> None:
    statement = insert(table(wall.table))
    if wall.table in VERSIONED:
        # A version from nowhere: of a new id, at an index that is not being written.
        values = _row(wall.table, id="b", version=1, superseded_idx=None, recorded_idx=77)
        connection.execute(statement.values(values))
    elif wall.table == "log_entry":
        values = _row("log_entry", log_id="acts", idx=999, event_id="b", at=NOON)
        connection.execute(statement.values(values))
    elif connection.dialect.name == "sqlite":
        # REPLACE deletes the old row without asking a DELETE trigger.
        keys = ", ".join(f'"{key.name}"' for key in table(wall.table).primary_key)
        every = ", ".join(f'"{column.name}"' for column in table(wall.table).c)
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.execute(
            text(
                f'INSERT OR REPLACE INTO "{wall.table}" ({every})'
                f' SELECT {every} FROM "{wall.table}" ORDER BY {keys} LIMIT 1'
            )
        )
    else:
        every = ", ".join(f'"{column.name}"' for column in table(wall.table).c)
        connection.execute(
            text(
                f'INSERT INTO "{wall.table}" ({every})'
                f' SELECT {every} FROM "{wall.table}" LIMIT 1 ON CONFLICT DO NOTHING'
            )
        )


def _drop(connection: Connection, wall: Wall) -> None:
    on = "" if connection.dialect.name == "sqlite" else f' ON "{wall.table}"'
    connection.execute(text(f'DROP TRIGGER "{wall.name}"{on}'))


def _refusal(connection: Connection, wall: Wall) -> str:
    """What the attack is told; nothing is left of it."""
    savepoint = connection.begin_nested()
    try:
        _attack(connection, wall)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        savepoint.rollback()
    return ""


def test_every_wall_refuses_what_it_is_for(full: Store) -> None:
    with full.engine.connect() as connection, connection.begin() as transaction:
        told = {wall: _refusal(connection, wall) for wall in walls.walls(full.name)}
        transaction.rollback()
    assert [w.name for w, said in told.items() if f"wall: {w.table} " not in said] == []


def test_nothing_but_the_walls_refuses_it(full: Store) -> None:
    """Else the test above would show what other constraints do."""
    with full.engine.connect() as connection, connection.begin() as transaction:
        for wall in walls.walls(full.name):
            _drop(connection, wall)
        told = {wall.name: _refusal(connection, wall) for wall in walls.walls(full.name)}
        transaction.rollback()
    # The entries refer to the head of their log.
    assert "foreign key" in told.pop("wall_log_head_delete").lower()
    assert {name: said for name, said in told.items() if said} == {}


def test_a_session_cannot_switch_the_walls_off(full: Store) -> None:
    with full.engine.connect() as connection, connection.begin() as transaction:
        if full.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        with pytest.raises(DBAPIError, match="wall: ask "):
            connection.execute(text("DELETE FROM ask"))
        transaction.rollback()


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param("UPDATE performer SET superseded_idx = 5, identity = 'vouched'", id="more"),
        pytest.param("UPDATE performer SET residence = 'US-IL'", id="null to a value"),
        pytest.param('UPDATE "grant" SET scope = NULL', id="a document"),
        pytest.param("UPDATE log_head SET origin = 'x' WHERE log_id = 'acts'", id="origin"),
        pytest.param("UPDATE log_payload SET salt = body WHERE part = 'who'", id="salt"),
    ],
)
def test_a_wall_leaves_no_gap(full: Store, attack: str) -> None:
    with full.engine.connect() as connection, connection.begin() as transaction:
        with pytest.raises(DBAPIError, match="wall: "):
            connection.execute(text(attack))
        transaction.rollback()


def test_what_is_never_done_twice_is_ended_once(full: Store) -> None:
    def end(tx: Tx) -> Recorded:
        tx.session.execute(text("UPDATE performer SET superseded_idx = 5"))
        tx.session.execute(text("UPDATE performer SET superseded_idx = 6"))
        return Recorded({})

    with pytest.raises(DBAPIError, match="wall: performer "):
        do(full, end)


def test_the_personal_part_can_be_erased(full: Store) -> None:
    with full.engine.connect() as connection, connection.begin() as transaction:
        gone = connection.execute(text("DELETE FROM log_payload WHERE part = 'who'"))
        assert gone.rowcount == 1
        transaction.rollback()


def test_every_wall_stands_after_an_upgrade(store: Store) -> None:
    with store.engine.connect() as connection:
        assert walls.missing(connection) == set()
        wanted = {(wall.name, wall.table) for wall in walls.walls(store.name)}
        assert walls.standing(connection) == wanted
    assert {wall.table for wall in walls.walls(store.name)} >= set(VERSIONED) | {"log_entry", "ask"}


def test_a_missing_wall_stops_the_start_and_an_upgrade_mends_it(
    store: Store, migrated_url: str
) -> None:
    taken = walls.walls(store.name)[0]
    with store.engine.connect() as connection, connection.begin():
        _drop(connection, taken)
    with pytest.raises(UnsafeDatabaseError, match=taken.name):
        open_store(migrated_url, origin=ORIGIN)
    upgrade(migrated_url)
    open_store(migrated_url, origin=ORIGIN).close()


def test_a_wall_that_a_session_can_switch_off_counts_as_missing(
    store: Store, migrated_url: str
) -> None:
    weaken = "ALTER TABLE ask ENABLE TRIGGER wall_ask_delete"
    if store.name == "sqlite":
        # SQLite has no such switch; what comes nearest is a trigger by another name.
        weaken = "DROP TRIGGER wall_ask_delete"
    with store.engine.connect() as connection, connection.begin():
        connection.execute(text(weaken))
    with pytest.raises(UnsafeDatabaseError, match="wall_ask_delete"):
        open_store(migrated_url, origin=ORIGIN)
