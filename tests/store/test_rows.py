from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.store import heads, ids, log, rows
from app.store.engine import Recorded, Store, Tx, reading
from app.store.replay import replay
from tests.store.acting import NOON, a_performer, amending, do, nothing_held, recording


def test_a_row_is_amended_by_its_next_version(store: Store) -> None:
    id_ = a_performer(store)
    do(store, amending("performer", id_, identity="vouched", vouched_by="org_2"))
    with reading(store) as session:
        first, second = rows.versions(session, "performer", id_)
        now = rows.current(session, "performer", id_)
    assert (first["version"], first["recorded_idx"], first["superseded_idx"]) == (1, 0, 1)
    assert (second["version"], second["recorded_idx"], second["superseded_idx"]) == (2, 1, None)
    assert (first["identity"], second["identity"]) == ("stated", "vouched")
    assert second["created_by"] == "org_1"
    assert now == second


def _vouching(found: list[str]) -> Callable[[Tx], Recorded]:
    def act(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        made = rows.amend_all(tx, "performer", found, identity="vouched")
        log.append(tx, "performer.changed", "studio", subjects=found)
        return Recorded({"versions": [row["version"] for row in made]})

    return act


def test_several_rows_are_amended_at_once(store: Store) -> None:
    both = [a_performer(store), a_performer(store)]
    do(store, _vouching(both))
    with reading(store) as session:
        for id_ in both:
            first, second = rows.versions(session, "performer", id_)
            assert (first["superseded_idx"], second["recorded_idx"]) == (2, 2)
            assert (second["version"], second["identity"]) == (2, "vouched")
        assert replay(session).differences == []


def test_several_rows_of_which_another_act_amended_one_are_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [a_performer(store), a_performer(store)]
    real, stale = rows.where, list[int]()

    def where(session: Session, table: str, /, **equal: Any) -> list[RowMapping]:
        found = real(session, table, **equal)
        if not stale and "id" in equal:
            stale.append(1)
            return found[:1]
        return found

    monkeypatch.setattr(rows, "where", where)
    do(store, _vouching(both))
    with reading(store) as session:
        found = [rows.current(session, "performer", id_) for id_ in both]
        assert [row and row["identity"] for row in found] == ["vouched", "vouched"]


@pytest.mark.parametrize(("known", "version"), [(-1, None), (0, 1), (1, 2), (2, 2), (None, 2)])
def test_a_row_is_read_as_it_was_known(
    store: Store, known: int | None, version: int | None
) -> None:
    id_ = a_performer(store)
    do(store, amending("performer", id_, identity="vouched"))
    a_performer(store)
    with reading(store) as session:
        row = rows.at(session, "performer", id_, known)
        listed = [r["version"] for r in rows.where(session, "performer", known=known, id=id_)]
    assert (row and row["version"]) == version
    assert listed == ([] if version is None else [version])


def test_rows_are_found_by_what_they_equal(store: Store) -> None:
    for performer, union in (("perf_1", "org_1"), ("perf_1", "org_2"), ("perf_2", "org_1")):
        do(
            store,
            recording(
                "membership", performer_id=performer, union_id=union, starts_on=date(2026, 1, 1)
            ),
        )
    with reading(store) as session:
        assert len(rows.where(session, "membership", performer_id="perf_1")) == 2
        assert len(rows.where(session, "membership", performer_id=["perf_1", "perf_2"])) == 3
        assert len(rows.where(session, "membership", performer_id="perf_1", union_id="org_2")) == 1
        assert len(rows.where(session, "membership", ends_on=None)) == 3
        assert rows.where(session, "membership", performer_id=[]) == []


def test_pages_go_from_new_to_old(store: Store) -> None:
    made = [a_performer(store) for _ in range(5)]
    assert made == sorted(made)
    with reading(store) as session:
        first = [row["id"] for row in rows.page(session, "performer", limit=2)]
        rest = [row["id"] for row in rows.page(session, "performer", before=first[-1])]
    assert first + rest == made[::-1]


def test_one_act_writes_one_version_of_a_row(store: Store) -> None:
    def twice(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        row = rows.insert(tx, "performer", id=ids.mint("perf"), created_by="org_1")
        rows.amend(tx, "performer", row["id"], identity="vouched")
        return Recorded({})

    with pytest.raises(RuntimeError, match="write it once"):
        do(store, twice)


def test_a_missing_row_and_a_missing_column_are_bugs(store: Store) -> None:
    with pytest.raises(LookupError, match="there is no performer"):
        do(store, amending("performer", "perf_0"))
    with pytest.raises(ValueError, match="no column nickname"):
        do(store, recording("performer", created_by="org_1", nickname="Annie"))


def test_a_row_that_another_act_amended_first_is_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = a_performer(store)
    do(store, amending("performer", id_, identity="contact_confirmed"))
    real = rows.current
    stale: list[int] = []

    def current(
        session: Session, table: str, sought: str, /
    ) -> RowMapping | dict[str, object] | None:
        found = real(session, table, sought)
        if not stale:
            stale.append(1)
            return {**(found or {}), "version": 1}
        return found

    monkeypatch.setattr(rows, "current", current)
    do(store, amending("performer", id_, identity="vouched"))
    with reading(store) as session:
        assert [row["identity"] for row in rows.versions(session, "performer", id_)] == [
            "stated",
            "contact_confirmed",
            "vouched",
        ]


def test_a_row_without_versions_is_put_over_the_one_before(store: Store) -> None:
    def naming(name: str) -> Callable[[Tx], Recorded]:
        def fn(tx: Tx) -> Recorded:
            heads.take(tx, nothing_held)
            log.begin(tx)
            rows.put(tx, "private_fact", subject_id="perf_1", field="name", value=name)
            log.append(tx, "performer.changed", "studio", subjects=["perf_1"])
            return Recorded({})

        return fn

    do(store, naming("Ann"))
    do(store, naming("Anna"))
    with reading(store) as session:
        assert [row["value"] for row in rows.where(session, "private_fact")] == ["Anna"]


def test_none_is_null_in_every_column(store: Store) -> None:
    done = do(
        store,
        recording(
            "work",
            kind="film",
            title="Nova",
            owner_id="org_1",
            content_tags=None,
            added_at=NOON,
        ),
    )
    assert done.status == 201
    with reading(store) as session:
        assert len(rows.where(session, "work", content_tags=None)) == 1
