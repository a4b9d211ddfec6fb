import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import rfc8785
from sqlalchemy import RowMapping, select

from app.rules.entries import PARTS, TYPES
from app.store import heads, ids, log, rows
from app.store.engine import Recorded, Store, Tx, open_store, reading
from app.store.tables import log_entry, log_payload, log_subject, outbox
from tests.store.acting import NOON, ORIGIN, a_performer, do, nothing_held, record_performer


def _entries(store: Store) -> list[RowMapping]:
    with reading(store) as session:
        return list(session.execute(select(log_entry).order_by(log_entry.c.idx)).mappings())


def _payloads(store: Store) -> dict[str, RowMapping]:
    with reading(store) as session:
        return {row["part"]: row for row in session.execute(select(log_payload)).mappings()}


def _everything(tx: Tx) -> Recorded:
    """An act with a row in each part."""
    heads.take(tx, nothing_held)
    log.begin(tx)
    rows.insert(
        tx,
        "engagement",
        id="eng_1",
        performer_id="perf_1",
        work_id="work_1",
        producer_id="org_1",
        role_class="principal",
        engaged_at=tx.now,
        rate_kind="daily",
        rate_minor=128_300,
        rate_currency="USD",
    )
    rows.put(tx, "private_fact", subject_id="perf_1", field="name", value="Ann Önen")
    log.append(tx, "engagement.recorded", "studio", subjects=["perf_1", "org_1", "perf_1"], rev=3)
    return Recorded({})


def test_an_entry_is_canonical_and_names_nobody(store: Store) -> None:
    do(store, _everything, now=NOON)
    (row,) = _entries(store)
    entry = json.loads(row["entry"])
    assert rfc8785.dumps(entry) == row["entry"]
    assert entry.keys() == {"v", "log", "id", "at", "type", "role", "rev", "c"}
    assert entry["v"] == "consent-registry/entry/1"
    assert entry["log"] == ORIGIN
    assert entry["at"] == "2026-11-21T12:00:00.000000Z"
    assert (entry["type"], entry["role"], entry["rev"]) == ("engagement.recorded", "studio", 3)
    assert entry["c"].keys() == {"record", "comp", "who"}
    for named in (b"perf_", b"eng_", b"org_", b"work_", b"Ann"):
        assert named not in row["entry"]
    assert row["leaf_hash"] == hashlib.sha256(b"\x00" + row["entry"]).digest()
    assert len(row["entry"]) < 65_536


def test_each_part_is_committed_to_with_a_salt_of_its_own(store: Store) -> None:
    do(store, _everything)
    committed = json.loads(_entries(store)[0]["entry"])["c"]
    parts = _payloads(store)
    assert len({row["salt"] for row in parts.values()}) == 3
    for part, row in parts.items():
        message = f"consent-registry/commit/1\n{part}\n".encode() + row["body"]
        mac = hmac.new(row["salt"], message, hashlib.sha256).digest()
        assert committed[part] == base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
        assert rfc8785.dumps(json.loads(row["body"])) == row["body"]


def _rows(payload: RowMapping) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(payload["body"])["rows"]
    return found


def test_a_part_holds_what_belongs_to_it_and_nothing_else(store: Store) -> None:
    do(store, _everything, now=NOON)
    parts = _payloads(store)
    (record,) = _rows(parts["record"])
    assert record["table"] == "engagement"
    assert record["row"]["engaged_at"] == "2026-11-21T12:00:00.000000Z"
    assert record["row"]["covered_days"] == "0"
    assert "rate_minor" not in record["row"]
    assert _rows(parts["comp"]) == [
        {
            "table": "engagement",
            "row": {
                "id": "eng_1",
                "version": 1,
                "rate_kind": "daily",
                "rate_minor": 128_300,
                "rate_currency": "USD",
            },
        }
    ]
    assert b"Ann" not in parts["record"]["body"] + parts["comp"]["body"]
    assert json.loads(parts["record"]["body"])["subjects"] == ["org_1", "perf_1"]


def test_readers_and_deliveries_are_noted_with_the_entry(store: Store) -> None:
    do(store, _everything)
    with reading(store) as session:
        readers = {(row.idx, row.subject_id) for row in session.execute(select(log_subject))}
        (sent,) = session.execute(select(outbox)).mappings()
    assert readers == {(0, "perf_1"), (0, "org_1")}
    assert (sent["idx"], sent["type"], sent["delivered_at"]) == (0, "engagement.recorded", None)


def test_entries_have_no_gap_under_eight_threads(store: Store) -> None:
    def turn(number: int) -> int | None:
        def fails(tx: Tx) -> Recorded:
            record_performer(tx)
            raise KeyError("after its entry was written")

        if number % 5 == 0:
            with pytest.raises(KeyError):
                do(store, fails)
            return None
        return int(json.loads(do(store, record_performer).body)["log_index"])

    with ThreadPoolExecutor(8) as pool:
        given = [index for index in pool.map(turn, range(80)) if index is not None]
    entries = _entries(store)
    assert [row["idx"] for row in entries] == list(range(64))
    assert sorted(given) == list(range(64))
    assert [row["at"] for row in entries] == sorted(row["at"] for row in entries)


def test_time_in_the_log_never_falls(store: Store) -> None:
    for hours in (0, -5, 1):
        do(store, record_performer, now=NOON + timedelta(hours=hours))
    assert [row["at"] for row in _entries(store)] == [NOON, NOON, NOON + timedelta(hours=1)]


def test_a_database_is_one_log_for_ever(store: Store, migrated_url: str) -> None:
    a_performer(store)
    other = open_store(migrated_url, origin="somebody.else/log")
    with pytest.raises(RuntimeError, match="is the log"):
        do(other, record_performer)
    other.close()


def test_what_the_log_cannot_carry_is_refused(store: Store) -> None:
    def measured(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        rows.insert(tx, "performer", id=ids.mint("perf"), created_by="org_1", residence=1.5)
        log.append(tx, "performer.recorded", "studio", subjects=[])
        return Recorded({})

    with pytest.raises(Exception, match=r"float|1\.5"):
        do(store, measured)
    assert _entries(store) == []


def test_every_table_of_state_says_in_which_part_it_is() -> None:
    for name, table in rows.STATE.items():
        said = {table.info.get("part", "record")} | {
            column.info["part"] for column in table.c if "part" in column.info
        }
        assert said <= PARTS.keys(), name


def test_types_are_nouns_and_what_happened_to_them() -> None:
    assert all(len(type_.split(".")) == 2 and len(type_) <= 48 for type_ in TYPES)
