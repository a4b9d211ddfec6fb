"""Acts on court orders, which the registry's office puts on record: an order stops everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.registrar import objects, sweep
from app.registrar.callers import Caller
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.facts import CourtOrder, read
from app.rules.vetoes import head_of_order
from app.store import heads, ids, log, rows, uses, works
from app.store.heads import Head, Heads
from app.store.tx import Recorded, Refused, Tx

_MEMBERS: Final = ("reference", "performer_id", "work_id", "studio_id", "starts_at", "ends_at")

# Which head an order takes does not depend on when it starts.
_ANY: Final = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a court ordered; it stops uses that match all that is named, from ``starts_at`` on."""

    reference: str
    performer: str | None = None
    work: str | None = None
    studio: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def record(tx: Tx, caller: Caller, new: NewOrder) -> Recorded | Refused:
    """Put a court order on record and list every use that it stops."""
    if new.performer is None and new.work is None and new.studio is None:
        raise wrong("/performer", "required", "Name the performer, the work or the studio.")
    looking = objects.eyes_of(tx, caller)
    named = {
        f"{name}_id": None
        if given is None
        else objects.find(looking, kind, given, f"/{name}")["id"]
        for name, kind, given in (
            ("performer", "performer", new.performer),
            ("work", "work", new.work),
            ("studio", "organization", new.studio),
        )
    }
    order_id = ids.mint("order")
    head = _head({"id": order_id, "reference": "", "starts_at": _ANY, **named})
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    starts_at = new.starts_at or tx.now
    if new.ends_at is not None and new.ends_at <= starts_at:
        raise wrong("/ends_at", "before-start", "An order ends after it starts.")
    log.begin(tx)
    row = rows.insert(
        tx,
        "court_order",
        id=order_id,
        reference=new.reference,
        **named,
        starts_at=starts_at,
        ends_at=new.ends_at,
        recorded_at=tx.now,
    )
    return _done(tx, caller, row, head, "court_order.recorded", status=201)


def end(tx: Tx, caller: Caller, order_id: str) -> Recorded | Refused:
    """End a court order now; what it stopped is decided again, and the answer lists it."""
    seen = rows.current(tx.session, "court_order", order_id)
    if seen is None:
        raise objects.unknown("")
    head = _head({name: rows.plain(seen[name]) for name in seen})
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    row = rows.current(tx.session, "court_order", order_id)
    if row is None or (row["ends_at"] is not None and row["ends_at"] <= tx.now):
        raise problem("invalid-transition", f"This order has ended already. {NOTHING_RECORDED}")
    stopped = uses.affected_by(tx.session, order_id)
    log.begin(tx)
    ended = rows.amend(tx, "court_order", order_id, ends_at=max(tx.now, row["starts_at"]))
    done = _done(tx, caller, ended, head, "court_order.ended", status=200)
    return Recorded(
        value={**done.value, "redecided": sweep.redecided(tx, stopped)},
        status=200,
        etag=done.etag,
    )


def view(row: objects.Row) -> dict[str, object]:
    """A court order on the wire."""
    return objects.document(row, *_MEMBERS)


def _head(document: dict[str, object]) -> Head:
    order = read(CourtOrder, document)
    assert isinstance(order, CourtOrder)  # noqa: S101 - for the type checker
    return head_of_order(order)


def _done(
    tx: Tx, caller: Caller, row: objects.Row, head: Head, type_: str, *, status: int
) -> Recorded:
    heads.bump(tx, *head)
    _sweep(tx, row)
    stopped = uses.affected_by(tx.session, row["id"])
    log.append(tx, type_, caller.role, subjects=_subjects(row, stopped))
    return Recorded(
        value=view(row) | {"affected": [sweep.line(use) for use in stopped]},
        status=status,
        location=f"/v1/court-orders/{row['id']}",
        etag=objects.etag_of(row),
    )


def _sweep(tx: Tx, row: objects.Row) -> None:
    if row["performer_id"] is not None:
        sweep.sweep(tx, performers={row["performer_id"]})
    elif row["work_id"] is not None:
        sweep.sweep(tx, works=works.descendants(tx.session, row["work_id"]))
    else:
        sweep.sweep(tx, studios={row["studio_id"]})


def _subjects(row: objects.Row, stopped: Sequence[objects.Row]) -> set[str]:
    named = {row["performer_id"], row["work_id"], row["studio_id"]}
    for use in stopped:
        named |= {use["performer_id"], use["producer_id"]}
    return {subject for subject in named if subject is not None}
