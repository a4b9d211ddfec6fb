from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.store import heads, ids, log, rows
from app.store.engine import (
    Busy,
    Problem,
    Recorded,
    Refused,
    Rendered,
    Store,
    Tx,
    Unavailable,
    act,
    preview,
    reading,
)
from app.store.tx import Again
from tests.store.acting import (
    SOMEONE,
    a_performer,
    body,
    count,
    do,
    nothing_held,
    record_performer,
    render,
    table,
)

RECORD = ("performer", "log_entry", "log_payload", "log_subject", "outbox", "consent_head")


def test_an_act_writes_its_row_its_entry_and_what_belongs_to_it(store: Store) -> None:
    before = count(store, *RECORD)
    done = body(do(store, record_performer))
    assert done["log_index"] == 0
    assert count(store, *RECORD) == tuple(number + 1 for number in before)


def test_a_problem_leaves_nothing(store: Store) -> None:
    def refused_late(tx: Tx) -> Recorded:
        record_performer(tx)
        raise Problem(404, "not-found", "no such work")

    before = count(store, *RECORD, "ask")
    with pytest.raises(Problem, match="404 not-found"):
        do(store, refused_late)
    assert count(store, *RECORD, "ask") == before


def test_a_refusal_is_on_record_and_what_the_act_wrote_is_not(store: Store) -> None:
    def refused(tx: Tx) -> Refused:
        record_performer(tx)
        return Refused((), performer_id="perf_1", use="dub", request={"use": "dub"})

    before = count(store, *RECORD)
    answer = do(store, refused)
    assert answer.status == 409
    assert count(store, *RECORD) == before
    with reading(store) as session:
        row = session.execute(table("ask").select()).mappings().one()
    assert row["id"] == body(answer)["id"]
    assert row["kind"] == "refusal"
    assert row["performer_id"] == "perf_1"
    assert row["request"] == {"use": "dub"}
    assert row["answer"] == answer.body
    assert row["log_index"] == -1


def test_rows_without_an_entry_are_a_bug_and_not_on_record(store: Store) -> None:
    def unlogged(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        rows.insert(tx, "performer", id=ids.mint("perf"), created_by="org_1")
        return Recorded({})

    with pytest.raises(RuntimeError, match="without an entry"):
        do(store, unlogged)
    with pytest.raises(RuntimeError, match="without an entry"):
        preview(store, unlogged, actor=SOMEONE)
    assert count(store, "performer") == (0,)


def test_a_refusal_is_right_as_of_an_entry_that_was_read_under_its_heads(store: Store) -> None:
    """On SQLite the one writer holds every head; the reading of the tip is what is seen here."""
    seen = []

    def refused(tx: Tx) -> Refused:
        heads.take(tx, nothing_held)
        return Refused(())

    with pytest.MonkeyPatch.context() as patch:
        tip = log.tip

        def noted(session: Session) -> log.Tip:
            seen.append(session.in_nested_transaction())
            return tip(session)

        patch.setattr(log, "tip", noted)
        do(store, record_performer)
        do(store, refused)
    assert seen == [True]
    with reading(store) as session:
        assert session.execute(table("ask").select()).mappings().one()["log_index"] == 0


def test_an_entry_of_an_unknown_type_is_refused(store: Store) -> None:
    def misnamed(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        log.append(tx, "performer.invented", "studio", subjects=[])
        return Recorded({})

    with pytest.raises(ValueError, match="unknown type of entry"):
        do(store, misnamed)
    assert count(store, "log_entry") == (0,)


def test_the_order_of_an_act_is_kept_by_what_is_there_when(store: Store) -> None:
    def too_early(tx: Tx) -> Recorded:
        log.begin(tx)
        return Recorded({})

    def no_begin(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.append(tx, "performer.recorded", "studio", subjects=[])
        return Recorded({})

    with pytest.raises(RuntimeError, match=r"before heads\.take"):
        do(store, too_early)
    with pytest.raises(RuntimeError, match=r"need log\.begin"):
        do(store, no_begin)


@contextmanager
def _commits(store: Store, seen: list[str]) -> Iterator[None]:
    def note(_: object) -> None:
        seen.append("commit")

    event.listen(store.engine, "commit", note)
    try:
        yield
    finally:
        event.remove(store.engine, "commit", note)


def test_the_commit_comes_before_the_answer(store: Store) -> None:
    seen: list[str] = []

    def noted(answer: Recorded | Refused | Problem) -> Rendered:
        seen.append("render")
        return render(answer)

    with _commits(store, seen):
        act(store, record_performer, actor=SOMEONE, render=noted)
        seen.append("answer")
    assert seen == ["render", "commit", "answer"]


def test_a_commit_that_fails_gives_no_answer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(store.engine.dialect, "do_commit", fail)
        with pytest.raises(OSError, match="the disk is gone"):
            do(store, record_performer)
    assert count(store, "performer", "log_entry") == (0, 0)
    assert body(do(store, record_performer))["log_index"] == 0


def test_a_preview_answers_and_leaves_nothing(store: Store) -> None:
    answer = preview(store, record_performer, actor=SOMEONE)
    assert isinstance(answer, Recorded)
    assert answer.value["id"].startswith("perf_")
    assert count(store, "performer", "log_entry", "ask") == (0, 0, 0)
    assert body(do(store, record_performer))["log_index"] == 0


@pytest.mark.parametrize("failures", [1, 4])
def test_an_act_that_must_start_over_does(store: Store, failures: int) -> None:
    left = [failures]

    def grows(tx: Tx) -> Recorded:
        done = record_performer(tx)
        if left[0]:
            left[0] -= 1
            raise Again
        return done

    assert body(do(store, grows))["log_index"] == 0
    assert count(store, "performer") == (1,)


def test_an_act_that_must_start_over_too_often_is_busy(store: Store) -> None:
    tries = []

    def grows(_: Tx) -> Recorded:
        tries.append(1)
        raise Again

    with pytest.raises(Busy):
        do(store, grows)
    assert len(tries) == 5


def _disk_full(tx: Tx) -> Recorded:
    record_performer(tx)
    if tx.store.name == "sqlite":
        pages = tx.session.execute(text("PRAGMA page_count")).scalar_one()
        tx.session.execute(text(f"PRAGMA max_page_count={pages}"))
        tx.session.execute(text("CREATE TABLE filler AS SELECT zeroblob(1000000) AS filling"))
    else:
        tx.session.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"))
    return Recorded({})


def test_a_full_disk_is_unavailable_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(Unavailable) as busy:
        do(store, _disk_full, key="k")
    assert busy.value.retry_after > 0
    assert count(store, "performer", "idempotency_key") == (0, 0)
    if store.name == "sqlite":
        with store.engine.connect() as connection:
            connection.execute(text("PRAGMA max_page_count=1073741823"))
    assert do(store, record_performer, key="k").status == 201


def test_a_bug_is_raised_as_it_is(store: Store) -> None:
    def broken(_: Tx) -> Recorded:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        do(store, broken)
    assert a_performer(store)


def test_a_read_session_cannot_write(store: Store) -> None:
    with reading(store) as session, pytest.raises(Exception, match=r"read.?only"):
        session.execute(table("ask").delete())


def test_a_read_session_sees_one_state(store: Store) -> None:
    with reading(store) as session:
        assert log.tip(session).index == -1
        a_performer(store)
        assert log.tip(session).index == -1
    with reading(store) as session:
        assert log.tip(session).index == 0
