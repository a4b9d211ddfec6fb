"""The smallest acts: what the store's tests record with."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, func, select

from app.store import heads, ids, log, rows
from app.store.engine import (
    IdempotencyClaim,
    Problem,
    Recorded,
    Refused,
    Rendered,
    Store,
    Tx,
    act,
    reading,
)
from app.store.tables import metadata

ORIGIN = "registry.example/test"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Outcome = Recorded | Refused


@dataclass(frozen=True)
class Someone:
    """An actor."""

    id: str = "usr_00000000000000000000000001"
    role: str = "studio"
    organization_id: str | None = "org_00000000000000000000000001"


SOMEONE = Someone()


def render(answer: Outcome | Problem) -> Rendered:
    """An answer in bytes, as the edge would make it."""
    if isinstance(answer, Recorded):
        body = {**answer.value, "log_index": answer.log_index}
        return Rendered(
            answer.status, json.dumps(body).encode(), {"Location": answer.location or ""}
        )
    if isinstance(answer, Refused):
        return Rendered(409, json.dumps({"refused": answer.slug, "id": answer.id}).encode())
    return Rendered(answer.status, json.dumps({"problem": answer.slug}).encode())


def do(
    store: Store,
    fn: Callable[[Tx], Outcome],
    *,
    key: str | None = None,
    actor: Someone = SOMEONE,
    fingerprint: str = "f",
    now: datetime | None = None,
) -> Rendered:
    """Run one act."""
    claim = None if key is None else IdempotencyClaim(key, "/v1/performers", fingerprint)
    return act(store, fn, actor=actor, key=claim, render=render, now=now)


def body(rendered: Rendered) -> dict[str, Any]:
    """The JSON of an answer."""
    value: dict[str, Any] = json.loads(rendered.body)
    return value


def nothing_held(_: Tx) -> heads.Heads:
    """The heads of an act that holds none."""
    return heads.Heads()


def recording(table: str, **values: object) -> Callable[[Tx], Recorded]:
    """An act that records one row with its entry; ``id`` is made unless it is given."""
    kind = {"performer": "performer.recorded", "work": "work.recorded"}.get(table, "work.changed")
    prefix = {"performer": "perf", "work": "work"}.get(table, "att")

    def recorded(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        id_ = str(values.get("id") or ids.mint(prefix))
        log.begin(tx)
        if table in {"performer", "work", "organization"}:
            heads.create(tx, table, id_)
        rows.insert(tx, table, **{**values, "id": id_})
        log.append(tx, kind, tx.actor.role, subjects=[id_])
        return Recorded({"id": id_}, location=f"/v1/{table}s/{id_}")

    return recorded


def amending(table: str, id_: str, **changes: object) -> Callable[[Tx], Recorded]:
    """An act that amends one row."""

    def amended(tx: Tx) -> Recorded:
        heads.take(tx, nothing_held)
        log.begin(tx)
        rows.amend(tx, table, id_, **changes)
        log.append(tx, "performer.changed", tx.actor.role, subjects=[id_])
        return Recorded({"id": id_}, status=200)

    return amended


record_performer = recording("performer", created_by="org_1")


def a_performer(store: Store) -> str:
    """The id of a new performer."""
    return str(body(do(store, record_performer))["id"])


def count(store: Store, *names: str) -> tuple[int, ...]:
    """How many rows each table has."""
    with reading(store) as session:
        return tuple(
            session.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in names
        )


def table(name: str) -> Table:
    """A table by name."""
    return metadata.tables[name]
