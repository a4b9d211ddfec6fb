"""What must hold of a database after a crash, read with plain SQL and by nobody's code but this."""

import hashlib
from typing import Any

import sqlalchemy as sa


def problems(database_url: str) -> list[str]:
    """Everything that is wrong with the log, the keys and the file itself; empty if nothing is."""
    engine = sa.create_engine(database_url)
    try:
        with engine.connect() as connection:
            return [
                *_of_the_log(connection),
                *_of_the_keys(connection),
                *_of_the_file(connection),
            ]
    finally:
        engine.dispose()


def values(database_url: str, query: str, **bound: str) -> list[Any]:
    """The first column of a query."""
    engine = sa.create_engine(database_url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(sa.text(query), bound).scalars())
    finally:
        engine.dispose()


def _of_the_log(connection: sa.Connection) -> list[str]:
    found = []
    entries = connection.execute(
        sa.text("SELECT idx, event_id, entry, leaf_hash FROM log_entry WHERE log_id = 'acts'")
    ).all()
    by_idx = {row.idx: row for row in entries}
    size = connection.execute(
        sa.text("SELECT size FROM log_head WHERE log_id = 'acts'")
    ).scalar_one()
    if sorted(by_idx) != list(range(size)):
        found.append(f"the log has {len(by_idx)} entries, its head says {size}, or there is a gap")
    found += [
        f"entry {idx} is not what was hashed"
        for idx, row in by_idx.items()
        if hashlib.sha256(b"\x00" + bytes(row.entry)).digest() != bytes(row.leaf_hash)
    ]
    for name, query in _COMPANIONS.items():
        missing = connection.execute(sa.text(query)).scalars().all()
        if missing:
            found.append(f"{name}: {missing[:5]}")
    return found


def _of_the_keys(connection: sa.Connection) -> list[str]:
    # A key and its answer are committed together: one without would be in flight for ever.
    count = connection.execute(
        sa.text("SELECT count(*) FROM idempotency_key WHERE status IS NULL")
    ).scalar_one()
    return [f"{count} keys have no answer"] if count else []


def _of_the_file(connection: sa.Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    said = connection.execute(sa.text("PRAGMA integrity_check")).scalars().all()
    return [] if said == ["ok"] else [f"integrity_check: {said[:5]}"]


_COMPANIONS = {
    "entries without a line in the outbox": (
        "SELECT e.idx FROM log_entry e LEFT JOIN outbox o ON o.idx = e.idx "
        "WHERE e.log_id = 'acts' AND (o.idx IS NULL OR o.event_id <> e.event_id)"
    ),
    "entries without a payload": (
        "SELECT e.idx FROM log_entry e LEFT JOIN log_payload p ON p.event_id = e.event_id "
        "WHERE e.log_id = 'acts' AND p.event_id IS NULL"
    ),
    "lines in the outbox without an entry": (
        "SELECT o.idx FROM outbox o LEFT JOIN log_entry e "
        "ON e.idx = o.idx AND e.log_id = 'acts' WHERE e.idx IS NULL"
    ),
    "rows recorded at an index that the log does not have": (
        "SELECT w.id FROM work w LEFT JOIN log_entry e "
        "ON e.idx = w.recorded_idx AND e.log_id = 'acts' WHERE e.idx IS NULL"
    ),
}
