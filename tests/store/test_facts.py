import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, event, select

from app.rules.facts import Check, Facts, Pay, Rate, VetoScope
from app.rules.terms import Money
from app.store import facts
from app.store.engine import Problem, Store, Unavailable, reading
from app.store.reader import Reader
from app.store.tables import reference
from tests.store.acting import NOON, amending, do, record_performer
from tests.store.world import CHECK, MERGE, READ, START, UNREAD, Row, record


def _ids(loaded: Facts) -> set[str]:
    found: set[str] = set()
    for name in Facts.__dataclass_fields__:
        for fact in getattr(loaded, name):
            found.add(getattr(fact, "id", None) or f"{name}:{getattr(fact, 'day', '')}")
    return found


def _load(store: Store, check: Check = CHECK, known: int | None = None) -> tuple[Facts, int]:
    with reading(store) as session:
        return facts.load(session, check, as_of=NOON, known=known)


@pytest.fixture
def world(store: Store) -> Store:
    """A store with everything on record."""
    record(store, *READ, *UNREAD)
    return store


def test_a_check_reads_what_could_matter_and_nothing_else(world: Store) -> None:
    loaded, index = _load(world)
    expected = {values["id"] for name, values in READ if name not in {"work_day", "verification"}}
    assert _ids(loaded) == expected | {"work_days:2026-11-21", "verifications:"}
    assert index == 0


def test_every_kind_of_fact_is_read(world: Store) -> None:
    # Who is on record once has no merges to read.
    record(world, MERGE)
    loaded, _ = _load(world)
    assert [name for name in Facts.__dataclass_fields__ if not getattr(loaded, name)] == []


def test_of_a_commercial_those_are_read_that_the_performer_was_in(store: Store) -> None:
    record(
        store,
        *(_spot(name) for name in ("asked", "first", "second", "foreign")),
        ("work", {**_spot("film")[1], "kind": "film"}),
        _job("eng_1", "perf_ann", "first"),
        _job("eng_2", "perf_ann", "film"),
        _job("eng_3", "perf_bea", "foreign"),
        (
            "replica",
            {
                "id": "repl_1",
                "performer_id": "perf_ann",
                "producer_id": "org_studio",
                "kind": "employment",
                "origin_work_id": "second",
                "state": "active",
            },
        ),
    )
    loaded, _ = _load(store, replace(CHECK, work="asked"))
    assert [work.id for work in loaded.works] == ["asked", "first", "second"]
    assert loaded.works[1].advertiser == "Harbour Coffee"
    loaded, _ = _load(store, replace(CHECK, work="film"))
    assert [work.id for work in loaded.works] == ["film"]


def _spot(id_: str) -> Row:
    said = {"kind": "commercial", "advertiser": "Harbour Coffee", "owner_id": "org_studio"}
    return "work", {"id": id_, "title": id_, "added_at": START, **said}


def _job(id_: str, performer: str, work: str) -> Row:
    about = {"performer_id": performer, "work_id": work, "producer_id": "org_studio"}
    return "engagement", {"id": id_, "role_class": "voice", "engaged_at": START, **about}


@pytest.mark.parametrize("known", [None, 1])
def test_of_a_merged_record_every_row_of_the_person_is_read(
    world: Store, known: int | None
) -> None:
    alone, _ = _load(world, known=0)
    assert alone.merges == ()
    record(world, MERGE)
    loaded, index = _load(world, known=known)
    assert (index, [merge.id for merge in loaded.merges]) == (1, ["merge_1"])
    assert {performer.id for performer in loaded.performers} == {"perf_ann", "perf_bea"}
    assert _ids(alone) < _ids(loaded)


def test_rows_become_what_the_rules_know(world: Store) -> None:
    loaded, _ = _load(world)
    (engagement,), (grant,), (day,) = loaded.engagements, loaded.grants, loaded.work_days
    assert engagement.rate == Rate("daily", Money(128_300, "USD"))
    assert (engagement.contract_days, engagement.covered_days) == (Decimal("12.5"), Decimal(0))
    share = Decimal("2.5")
    wanted = Pay("per_day", Money(128_300, "USD"), share=share, base="streaming receipts")
    assert grant.pay == wanted
    assert (grant.version, grant.shown_works) == (3, ("work_film",))
    assert grant.scope.mode == "franchise_blanket"
    assert grant.signature is not None
    assert grant.signature.at == datetime(2026, 2, 1, tzinfo=UTC)
    far = next(veto for veto in loaded.vetoes if veto.id == "veto_far")
    assert far.scope == VetoScope(work="work_world", uses=("dub",))
    assert far.starts_at == NOON
    assert (day.day, day.required_background) == (date(2026, 11, 21), 25)
    assert loaded.performers[0].adult_from == date(2026, 1, 1)
    assert {estimate.days for estimate in loaded.estimates} == {Decimal("2.5"), Decimal(1)}


def test_facts_come_in_one_statement(world: Store) -> None:
    sent: list[str] = []

    def note(*args: Any) -> None:
        sent.append(args[2])

    event.listen(world.reads, "before_cursor_execute", note)
    with reading(world) as session:
        facts.load(session, CHECK, as_of=NOON)
    event.remove(world.reads, "before_cursor_execute", note)
    assert len([sql for sql in sent if not sql.startswith("BEGIN")]) == 1


def test_the_order_of_facts_is_not_the_engines(world: Store) -> None:
    loaded, _ = _load(world)
    for name in Facts.__dataclass_fields__:
        found = [getattr(fact, "id", "") for fact in getattr(loaded, name)]
        assert found == sorted(found)


def test_an_earlier_index_hides_what_came_later(store: Store) -> None:
    first = record(store, *READ)
    do(store, amending("veto", "veto_ann", state="lifted", lifted_at=NOON))
    last = record(store, *UNREAD)

    def state(known: int | None) -> list[str]:
        return [veto.state for veto in _load(store, known=known)[0].vetoes if veto.id == "veto_ann"]

    assert _load(store, known=-1) == (Facts(), -1)
    assert state(first) == ["in_force"]
    assert state(first + 1) == ["lifted"]
    assert state(None) == ["lifted"]
    assert _load(store)[1] == last
    assert _load(store, known=first)[1] == first
    assert _load(store)[0] == _load(store, known=last)[0]


def test_an_index_beyond_the_log_is_wrong(store: Store) -> None:
    record(store, *READ)
    with pytest.raises(Problem) as problem:
        _load(store, known=1)
    assert problem.value.status == 422


def test_a_synthetic_performer_is_nobody(world: Store) -> None:
    loaded, _ = _load(world, replace(CHECK, performer=None))
    assert {use.id for use in loaded.uses} == {"use_nobody"}
    assert not loaded.performers
    assert not loaded.grants
    assert {veto.id for veto in loaded.vetoes} == {"veto_far", "veto_owner", "veto_wide"}


def test_a_use_is_read_by_its_id(world: Store) -> None:
    loaded, _ = _load(world, replace(CHECK, use_id="use_bea"))
    assert {use.id for use in loaded.uses} == {"use_ann", "use_bea"}


def test_the_work_day_is_that_of_the_check(world: Store) -> None:
    loaded, _ = _load(world, replace(CHECK, on=date(2026, 11, 25)))
    assert [day.day for day in loaded.work_days] == [date(2026, 11, 25)]


def test_unknown_ids_read_next_to_nothing(world: Store) -> None:
    loaded, _ = _load(world, replace(CHECK, performer="perf_?", work="work_?", producer=None))
    assert not loaded.performers
    assert not loaded.works
    assert not loaded.signatories


def test_ancestors_end_at_depth_sixteen_and_cycles_end_at_all(store: Store) -> None:
    chain = [
        (
            "edge",
            {
                "id": f"edge_{n:02}",
                "child": f"work_{n:02}",
                "parent": f"work_{(n + 1) % 20:02}",
                "relation": "part_of",
                "valid_from": NOON,
            },
        )
        for n in range(20)
    ]
    record(store, *chain)
    loaded, _ = _load(store, replace(CHECK, work="work_00"))
    assert len(loaded.edges) == facts.DEPTH + 1


def test_the_reader_reads_what_a_session_reads(world: Store) -> None:
    do(world, amending("veto", "veto_ann", state="lifted", lifted_at=NOON))
    now = _load(world), _load(world, known=0)

    async def ask() -> tuple[facts.Loaded, facts.Loaded]:
        reader = Reader(world)
        await reader.open()
        try:
            return (
                await reader.load(CHECK, as_of=NOON),
                await reader.load(CHECK, as_of=NOON, known=0),
            )
        finally:
            await reader.close()

    latest, first = asyncio.run(ask())
    assert ((latest.facts, latest.index), (first.facts, first.index)) == now
    assert (latest.tip, first.tip) == (latest.index, latest.index)
    assert latest.now is not None


@pytest.mark.parametrize(
    ("after", "index"),
    [
        pytest.param(timedelta(microseconds=-1), -1, id="before the first"),
        pytest.param(timedelta(0), 1, id="at two of them"),
        pytest.param(timedelta(minutes=59), 1, id="between"),
        pytest.param(timedelta(hours=1), None, id="at the last, with which another may come"),
        pytest.param(timedelta(days=9), None, id="after the last"),
    ],
)
def test_an_instant_names_the_last_entry_that_is_not_later(
    store: Store, after: timedelta, index: int | None
) -> None:
    for hours in (0, 0, 1):
        do(store, record_performer, now=NOON + timedelta(hours=hours))

    async def ask() -> int | None:
        reader = Reader(store)
        await reader.open()
        try:
            return await reader.index_at(NOON + after)
        except Problem:
            return None
        finally:
            await reader.close()

    assert asyncio.run(ask()) == index


_CODE = select(reference.c.target_id).where(reference.c.value == bindparam("value"))


def test_the_reader_runs_other_statements_and_no_writes(world: Store) -> None:
    async def ask() -> list[tuple[Any, ...]]:
        reader = Reader(world)
        await reader.open()
        try:
            found = await reader.fetch(_CODE, value="x")
            with pytest.raises((Unavailable, psycopg.errors.ReadOnlySqlTransaction)):
                await reader._run("DELETE FROM ask", {})
        finally:
            await reader.close()
        return found

    assert asyncio.run(ask()) == []


def test_a_report_is_read_as_it_was_stated_each_time_and_as_it_stood_then(world: Store) -> None:
    before = _load(world)[1]
    do(world, amending("base_report", "base_all", disputed_by="perf_ann", disputed_at=NOON))
    later = NOON + timedelta(days=1)
    correction = {"amount_minor": 130_000_000, "stated_at": later, "settled_at": later}
    do(world, amending("base_report", "base_all", **correction))

    def stated(known: int | None) -> list[tuple[datetime, int, str | None]]:
        found = [r for r in _load(world, known=known)[0].base_reports if r.id == "base_all"]
        return sorted((r.stated_at, r.amount.minor, r.disputed_by) for r in found)

    assert stated(before) == [(NOON, 125_000_000, None)]
    assert stated(before + 1) == [(NOON, 125_000_000, "perf_ann")]
    assert stated(None) == [
        (NOON, 125_000_000, "perf_ann"),
        (later, 130_000_000, "perf_ann"),
    ]
