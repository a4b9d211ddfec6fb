import pytest
from sqlalchemy import text

from app.store import heads, log, outbox, rows, walls
from app.store.engine import Recorded, Refused, Store, Tx, reading
from app.store.replay import Report, replay
from tests.store.acting import (
    a_performer,
    amending,
    body,
    do,
    nothing_held,
    record_performer,
)
from tests.store.world import READ, UNREAD, record


@pytest.fixture
def lived(store: Store) -> Store:
    """A store in which every kind of write has happened."""

    def private(name: str) -> None:
        def fn(tx: Tx) -> Recorded:
            heads.take(tx, nothing_held)
            log.begin(tx)
            rows.put(tx, "private_fact", subject_id="perf_ann", field="name", value=name)
            rows.insert(
                tx, "principal", id=f"usr_{name}", kind="user", role="admin", subject=f"s-{name}"
            )
            log.append(tx, "principal.added", "studio", subjects=["perf_ann"])
            return Recorded({})

        do(store, fn)

    record(store, *READ, *UNREAD)
    private("Ann")
    private("Anna")
    do(store, amending("performer", "perf_ann", identity="vouched"))
    do(store, amending("veto", "veto_ann", state="lifted"))
    do(store, lambda _: Refused(()))
    return store


def _replayed(store: Store) -> Report:
    with reading(store) as session:
        return replay(session)


def _edit(store: Store, statement: str, *tables: str) -> None:
    """Do what only the owner of the database can: take the walls down first."""
    with store.engine.connect() as connection, connection.begin():
        for wall in walls.walls(store.name):
            if wall.table in tables:
                on = "" if store.name == "sqlite" else f' ON "{wall.table}"'
                connection.execute(text(f'DROP TRIGGER "{wall.name}"{on}'))
        connection.execute(text(statement))


def test_the_log_replayed_is_the_tables(lived: Store) -> None:
    report = _replayed(lived)
    assert report.differences == []
    assert (report.entries, report.skipped) == (5, 0)
    assert report.rows == len(READ) + len(UNREAD) + 2 + 1 + 2


@pytest.mark.parametrize(
    ("tables", "statement", "told"),
    [
        pytest.param(
            ("performer",),
            "UPDATE performer SET identity = 'vouched' WHERE id = 'perf_bea'",
            "performer perf_bea 1: `identity` is 'vouched', the log says 'stated'",
            id="an edited row",
        ),
        pytest.param(
            ("grant",),
            "UPDATE \"grant\" SET pay_minor = 1 WHERE id = 'grant_1'",
            "grant grant_1 1: `pay_minor` is 1, the log says 128300",
            id="an edited amount",
        ),
        pytest.param(
            ("veto",),
            "DELETE FROM veto WHERE id = 'veto_far'",
            "veto veto_far 1: is in the log and not in the table",
            id="a deleted row",
        ),
        pytest.param(
            ("performer",),
            "UPDATE performer SET id = 'perf_new' WHERE id = 'perf_bea'",
            "performer perf_new 1: is in no entry",
            id="a new row",
        ),
        pytest.param(
            ("performer",),
            "UPDATE performer SET superseded_idx = 2 WHERE version = 1 AND id = 'perf_ann'",
            "performer perf_ann 1: `superseded_idx` is 2, the log says 3",
            id="another end",
        ),
        pytest.param(
            (),
            "UPDATE private_fact SET value = 'Eve'",
            "private_fact perf_ann name: `value` is 'Eve', the log says 'Anna'",
            id="another name",
        ),
        pytest.param(
            ("log_subject",),
            "DELETE FROM log_subject WHERE idx = 3",
            "entry 3: has no reader `perf_ann`, unlike its payload",
            id="a hidden entry",
        ),
        pytest.param(
            ("log_payload",),
            "UPDATE log_payload SET salt = body WHERE part = 'comp'",
            "entry 0: does not commit to its part `comp`",
            id="another payload",
        ),
        pytest.param(
            ("log_payload",),
            "DELETE FROM log_payload WHERE part = 'comp'",
            "entry 0: lacks its part `comp`",
            id="a missing payload",
        ),
        pytest.param(
            ("log_entry",),
            "UPDATE log_entry SET type = 'use.locked' WHERE idx = 4",
            "entry 4: says `type` 'performer.changed', its row says 'use.locked'",
            id="another type",
        ),
        pytest.param(
            ("log_entry",),
            "DELETE FROM log_entry WHERE idx = 1",
            "entry 2: follows entry 0: the numbers have a gap",
            id="a gap",
        ),
        pytest.param(
            ("log_entry",),
            "DELETE FROM log_entry WHERE idx = 4",
            "log: the head counts 5 entries, there are 4",
            id="a cut tail",
        ),
    ],
)
def test_what_was_changed_behind_the_log_is_found(
    lived: Store, tables: tuple[str, ...], statement: str, told: str
) -> None:
    _edit(lived, statement, *tables)
    found = [f"{found.where}: {found.what}" for found in _replayed(lived).differences]
    assert told in found


def test_a_changed_entry_loses_its_hash(lived: Store) -> None:
    _edit(lived, "UPDATE log_entry SET leaf_hash = leaf_hash WHERE idx = 1", "log_entry")
    assert _replayed(lived).differences == []
    changed = (
        "UPDATE log_entry SET entry = (SELECT entry FROM log_entry WHERE idx = 2) WHERE idx = 1"
    )
    _edit(lived, changed)
    told = [found.what for found in _replayed(lived).differences if found.where == "entry 1"]
    assert "does not have its leaf hash" in told


def test_an_erased_part_is_skipped_and_never_passed(lived: Store) -> None:
    _edit(lived, "DELETE FROM log_payload WHERE part = 'who'")
    _edit(lived, "DELETE FROM private_fact")
    report = _replayed(lived)
    assert report.differences == []
    assert report.skipped == 3


def test_a_name_that_is_gone_from_the_table_alone_is_missed(lived: Store) -> None:
    _edit(lived, "DELETE FROM private_fact")
    assert [found.where for found in _replayed(lived).differences] == ["private_fact perf_ann name"]


def test_what_is_to_be_delivered_is_every_entry_in_order(store: Store) -> None:
    made = [int(body(do(store, record_performer))["log_index"]) for _ in range(3)]
    with reading(store) as session:
        assert [row["idx"] for row in outbox.pending(session)] == made
        assert [row["idx"] for row in outbox.pending(session, limit=2)] == made[:2]
    assert a_performer(store)


def test_an_entity_without_a_consent_head_shows(lived: Store) -> None:
    _edit(lived, "DELETE FROM consent_head WHERE id = 'perf_bea'", "consent_head")
    told = [f"{d.where}: {d.what}" for d in _replayed(lived).differences]
    assert told == ["performer perf_bea: has no consent head"]
