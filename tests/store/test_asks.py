import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from app.store import asks as asks_module
from app.store import engine, ids
from app.store.asks import Asks, Overloaded
from app.store.engine import Store, Unavailable
from tests.store.acting import NOON, count


def _row(**given: object) -> dict[str, object]:
    made: dict[str, object] = {
        "id": ids.mint("check"),
        "kind": "check",
        "at": NOON,
        "actor_id": "client_1",
        "organization_id": "org_1",
        "performer_id": "perf_1",
        "work_id": "work_1",
        "use": "dub",
        "outcome": "deny",
        "log_index": 7,
        "request": {"performer": "perf_1"},
        "answer": b"{}",
    }
    return made | given


def _with(store: Store, fn: Callable[[Asks], Coroutine[Any, Any, Any]], **settings: int) -> Any:  # noqa: ANN401 - what ``fn`` gives
    committer = Asks(store, **settings)
    committer.start()
    try:
        return asyncio.run(fn(committer))
    finally:
        committer.stop()


def test_a_question_is_on_record_before_its_answer(store: Store) -> None:
    seen: list[str] = []

    def note(_: object) -> None:
        seen.append("commit")

    async def ask(asks: Asks) -> None:
        await asks.record(_row())
        seen.append("answer")

    event.listen(store.asks, "commit", note)
    _with(store, ask)
    event.remove(store.asks, "commit", note)
    assert seen == ["commit", "answer"]
    assert count(store, "ask") == (1,)


def test_many_questions_are_committed_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []

    def counted(store: Store, rows: Sequence[Mapping[str, Any]]) -> None:
        groups.append(len(rows))
        engine.write_asks(store, rows)

    monkeypatch.setattr(asks_module, "write_asks", counted)

    async def ask(asks: Asks) -> None:
        await asyncio.gather(*(asks.record(_row()) for _ in range(300)))

    _with(store, ask)
    assert count(store, "ask") == (300,)
    assert sum(groups) == 300
    assert len(groups) < 30


@pytest.mark.parametrize("place", [0, 4, 9])
def test_one_bad_question_costs_only_its_own_caller(store: Store, place: int) -> None:
    rows = [_row() for _ in range(10)]
    rows[place]["request"] = None

    async def ask(asks: Asks) -> list[Any]:
        return list(
            await asyncio.gather(*(asks.record(row) for row in rows), return_exceptions=True)
        )

    results = _with(store, ask)
    assert [number for number, result in enumerate(results) if result is not None] == [place]
    assert count(store, "ask") == (9,)


def test_a_zero_character_costs_nobody_else(store: Store) -> None:
    rows = [_row(), _row(request={"shot": "\x00"}), _row()]

    async def ask(asks: Asks) -> list[Any]:
        return list(
            await asyncio.gather(*(asks.record(row) for row in rows), return_exceptions=True)
        )

    results = _with(store, ask)
    # PostgreSQL cannot hold it, SQLite can; the edge refuses it before either is asked.
    assert (results[1] is None) is (store.name == "sqlite")
    assert results[0] is results[2] is None


def test_a_full_queue_says_so(store: Store) -> None:
    async def ask(asks: Asks) -> list[Any]:
        return list(
            await asyncio.gather(*(asks.record(_row()) for _ in range(50)), return_exceptions=True)
        )

    results = _with(store, ask, queue_size=5)
    refused = [result for result in results if result is not None]
    assert refused
    assert all(isinstance(result, Overloaded) for result in refused)
    assert count(store, "ask") == (50 - len(refused),)


def test_a_database_that_cannot_be_written_gives_no_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(_store: Store, _rows: Sequence[Mapping[str, Any]]) -> None:
        raise Unavailable("the disk is full")

    async def ask(asks: Asks) -> list[Any]:
        return list(
            await asyncio.gather(*(asks.record(_row()) for _ in range(3)), return_exceptions=True)
        )

    monkeypatch.setattr(asks_module, "write_asks", unable)
    assert all(isinstance(result, Unavailable) for result in _with(store, ask))


def test_a_caller_that_went_away_harms_nobody(store: Store) -> None:
    async def ask(asks: Asks) -> None:
        leaving = asyncio.create_task(asks.record(_row()))
        await asyncio.sleep(0)
        leaving.cancel()
        await asks.record(_row())

    _with(store, ask)
    assert count(store, "ask") == (2,)


def test_what_waits_is_written_before_the_end(store: Store) -> None:
    async def ask(asks: Asks) -> None:
        waiting = [asyncio.create_task(asks.record(_row())) for _ in range(20)]
        await asyncio.sleep(0)
        await asyncio.to_thread(asks.stop)
        await asyncio.gather(*waiting)

    _with(store, ask)
    assert count(store, "ask") == (20,)
