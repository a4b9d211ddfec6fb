import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.store import heads
from app.store.engine import Busy, Recorded, Store, Tx, UnsafeDatabaseError, open_store, reading
from app.store.heads import Heads
from app.store.tables import consent_head
from tests.store.acting import NOON, ORIGIN, body, do, record_performer

ANN, BEA = ("performer", "perf_a"), ("performer", "perf_b")


def _holding(*exclusive: heads.Head, shared: tuple[heads.Head, ...] = ()) -> Heads:
    return Heads(frozenset(exclusive), frozenset(shared))


def _overlap(store: Store, first: Heads, second: Heads) -> bool:
    """Whether two acts that hold these are inside at the same time."""
    inside: list[int] = []
    most = 0
    both = threading.Lock()

    def hold(held: Heads) -> None:
        def fn(tx: Tx) -> Recorded:
            nonlocal most
            heads.take(tx, lambda _: held)
            with both:
                inside.append(1)
                most = max(most, len(inside))
            time.sleep(0.25)
            with both:
                inside.pop()
            return Recorded({})

        do(store, fn)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hold, (first, second)))
    return most > 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(_holding(ANN), _holding(ANN), id="exclusive and exclusive"),
        pytest.param(_holding(ANN), _holding(shared=(ANN,)), id="exclusive and shared"),
        pytest.param(_holding(ANN, shared=(ANN,)), _holding(shared=(ANN,)), id="named twice"),
    ],
)
def test_an_exclusive_head_keeps_others_out(store: Store, first: Heads, second: Heads) -> None:
    assert not _overlap(store, first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(_holding(shared=(ANN,)), _holding(shared=(ANN,)), id="shared and shared"),
        pytest.param(_holding(ANN), _holding(BEA), id="two heads"),
    ],
)
def test_other_acts_run_side_by_side_where_the_engine_can(
    store: Store, first: Heads, second: Heads
) -> None:
    # SQLite has one writer: safe for the same reason that it is slow.
    assert _overlap(store, first, second) is (store.name == "postgresql")


def test_heads_taken_in_any_order_never_deadlock(store: Store) -> None:
    some = [("performer", f"perf_{number}") for number in range(6)]

    def turn(number: int) -> None:
        def fn(tx: Tx) -> Recorded:
            mine = some[number % 6 :] + some[: number % 6]
            heads.take(tx, lambda _: _holding(*mine[:3], shared=tuple(mine[3:])))
            return Recorded({})

        do(store, fn)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(turn, range(48)))


def test_a_set_that_grew_meanwhile_starts_the_act_over(store: Store) -> None:
    asked: list[Heads] = []

    def needed(_: Tx) -> Heads:
        # The first answer misses the head that is there from the second on.
        found = _holding(ANN) if not asked else _holding(ANN, BEA)
        asked.append(found)
        return found

    def fn(tx: Tx) -> Recorded:
        heads.take(tx, needed)
        return record_performer(tx)

    assert body(do(store, fn))["log_index"] == 0
    assert len(asked) == 4


def test_a_set_that_shrank_does_not(store: Store) -> None:
    asked: list[Heads] = []

    def needed(_: Tx) -> Heads:
        found = _holding(shared=(ANN,)) if asked else _holding(ANN, BEA)
        asked.append(found)
        return found

    def fn(tx: Tx) -> Recorded:
        heads.take(tx, needed)
        return Recorded({})

    do(store, fn)
    assert len(asked) == 2


def test_a_head_that_became_exclusive_counts_as_grown(store: Store) -> None:
    assert not _holding(shared=(ANN,)).covers(_holding(ANN))
    assert _holding(ANN).covers(_holding(shared=(ANN,)))
    asked: list[int] = []

    def fn(tx: Tx) -> Recorded:
        def needed(_: Tx) -> Heads:
            asked.append(1)
            return _holding(ANN) if len(asked) % 2 == 0 else _holding(shared=(ANN,))

        heads.take(tx, needed)
        return Recorded({})

    with pytest.raises(Busy):
        do(store, fn)
    assert len(asked) == 10


def test_now_is_read_after_the_heads_are_held(store: Store) -> None:
    seen: dict[str, datetime] = {}
    held = threading.Event()

    def first(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(ANN))
        held.set()
        time.sleep(0.3)
        seen["released"] = heads.wall_clock(tx.session, tx.store)
        return Recorded({})

    def second(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(ANN))
        seen["now"] = tx.now
        return Recorded({})

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(do, store, first)
        held.wait(5)
        two = pool.submit(do, store, second)
        one.result()
        two.result()
    assert seen["now"] >= seen["released"]


def test_the_clock_is_the_callers_where_one_is_given(store: Store) -> None:
    seen: list[datetime] = []

    def fn(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(ANN))
        seen.append(tx.now)
        return Recorded({})

    do(store, fn, now=NOON)
    store.clock = lambda: NOON + timedelta(days=1)
    do(store, fn)
    store.clock = None
    do(store, fn)
    assert seen[:2] == [NOON, NOON + timedelta(days=1)]
    assert abs(seen[2].timestamp() - time.time()) < 60  # noqa: TID251 - the engine's clock runs


def _revisions(store: Store) -> dict[tuple[str, str], int]:
    with reading(store) as session:
        return {(row.kind, row.id): row.rev for row in session.execute(select(consent_head))}


def test_a_new_database_has_the_head_of_the_registry(store: Store) -> None:
    assert _revisions(store) == {heads.REGISTRY: 0}


def test_a_head_is_bumped_and_a_missing_one_is_a_bug(store: Store) -> None:
    def bump(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(heads.REGISTRY))
        heads.bump(tx, *heads.REGISTRY)
        return Recorded({})

    def missing(tx: Tx) -> Recorded:
        heads.bump(tx, *ANN)
        return Recorded({})

    do(store, bump)
    assert _revisions(store) == {heads.REGISTRY: 1}
    with pytest.raises(LookupError):
        do(store, missing)


def test_the_head_of_a_work_day_is_made_on_first_use(store: Store) -> None:
    day = ("work_day", heads.work_day_id("work_1", "2026-11-21"))

    def fn(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(day))
        heads.bump(tx, *day)
        return Recorded({})

    do(store, fn)
    do(store, fn)
    assert _revisions(store)[day] == 2


def test_an_unknown_kind_of_head_is_a_bug(store: Store) -> None:
    def fn(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(("grant", "grant_1")))
        return Recorded({})

    with pytest.raises(ValueError, match="unknown kind of head"):
        do(store, fn)


def test_a_head_that_is_not_given_in_time_is_busy(store: Store) -> None:
    store.patience = 0.2
    held, go_on = threading.Event(), threading.Event()

    def first(tx: Tx) -> Recorded:
        heads.take(tx, lambda _: _holding(ANN))
        held.set()
        go_on.wait(10)
        return Recorded({})

    def second(tx: Tx) -> Recorded:
        if tx.store.name == "postgresql":
            tx.session.execute(text("SET LOCAL lock_timeout = '200ms'"))
        heads.take(tx, lambda _: _holding(ANN))
        return Recorded({})

    with ThreadPoolExecutor(1) as pool:
        one = pool.submit(do, store, first)
        held.wait(5)
        with pytest.raises(Busy):
            do(store, second)
        go_on.set()
        one.result()


class _HoldsNothing(Store):
    """A twin of the store whose heads block nobody."""

    def hold(self, session: Session, kind: str, id_: str, *, exclusive: bool) -> None:
        """Hold nothing."""


def test_a_store_whose_heads_block_nobody_is_not_opened(
    migrated_url: str, engine_name: str
) -> None:
    if engine_name == "postgresql":
        with pytest.raises(UnsafeDatabaseError, match="does not block"):
            open_store(migrated_url, origin=ORIGIN, store_type=_HoldsNothing)
    else:
        # SQLite has no heads to lose: its one writer holds them all.
        open_store(migrated_url, origin=ORIGIN, store_type=_HoldsNothing).close()
