"""Acts on custody: who holds a copy of a replica, for what and until when, and how that ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.registrar import deletions, objects
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.days import day_of
from app.rules.packs import PackSet
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

DESTROYED: Final = "destroyed"
RETURNED: Final = "returned"
MEMBERS: Final = (
    "replica_id",
    "performer_id",
    "producer_id",
    "holder_id",
    "purpose",
    "starts_at",
    "until_on",
    "received_at",
    "ended_at",
    "ended_how",
    "certificate",
)
# A vendor keeps files and learns nothing of whose they are.
_FOR_VENDORS: Final = tuple(name for name in MEMBERS if name != "performer_id")
_PAGE: Final = 200
_OF_A_REPLICA: Final = (
    "performer_id",
    "producer_id",
    "kind",
    "origin_work_id",
    "state",
    "captured_on",
    "destruction_certificate",
    "purpose_met_on",
)
_OF_A_HOLDER: Final = (
    "holder_id",
    "purpose",
    "starts_at",
    "until_on",
    "received_at",
    "ended_at",
    "ended_how",
    "certificate",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """For what somebody holds a copy, and the last day on which they do."""

    purpose: str | None = None
    until_on: date | None = None


def begin(tx: Tx, replica: Row, holder_id: str, terms: Terms) -> Row:
    """Put on record that somebody holds a copy from now on; part of the act that hands it over.

    Raises:
        Problem: 422, the last day is over.
    """
    _check_last_day(tx, terms)
    return rows.insert(
        tx,
        "custody",
        id=ids.mint("cust"),
        replica_id=replica["id"],
        performer_id=replica["performer_id"],
        producer_id=replica["producer_id"],
        holder_id=holder_id,
        purpose=terms.purpose,
        starts_at=tx.now,
        until_on=terms.until_on,
        # Nobody has to confirm what they hold already.
        received_at=tx.now if holder_id == replica["producer_id"] else None,
    )


def extend(tx: Tx, row: Row, terms: Terms) -> Row:
    """Change for what, or until when, a holder keeps the copy that they have."""
    _check_last_day(tx, terms)
    said = {
        name: value
        for name, value in (("purpose", terms.purpose), ("until_on", terms.until_on))
        if value is not None
    }
    return rows.amend(tx, "custody", row["id"], **said)


def _check_last_day(tx: Tx, terms: Terms) -> None:
    if terms.until_on is not None and terms.until_on < day_of(tx.now):
        raise wrong("/until_on", "out-of-range", "The last day cannot be over already.")


def standing(tx: Tx, replica_id: str) -> list[Row]:
    """Whoever holds a copy now."""
    return [*rows.where(tx.session, "custody", replica_id=replica_id, ended_at=None)]


def receive(tx: Tx, caller: Caller, custody_id: str) -> Recorded | Refused:
    """Confirm as its holder that the copy came."""
    row = _held(tx, caller, custody_id)
    if row["received_at"] is not None:
        raise problem("invalid-transition", f"You confirmed this already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "custody", row["id"], received_at=tx.now)
    return _done(tx, caller, row, "custody.received")


def end(
    tx: Tx, caller: Caller, custody_id: str, how: str, certificate: str | None
) -> Recorded | Refused:
    """Confirm as its holder that the copy was given back or destroyed; the latter with a proof."""
    if how == DESTROYED and certificate is None:
        raise wrong("/certificate", "required", "Give the hash of the destruction certificate.")
    row = _held(tx, caller, custody_id)
    if how == RETURNED and row["holder_id"] == row["producer_id"]:
        raise wrong("/how", "not-possible", "The producer has nobody to give its own copy back to.")
    log.begin(tx)
    row = rows.amend(
        tx, "custody", row["id"], ended_at=tx.now, ended_how=how, certificate=certificate
    )
    return _done(tx, caller, row, "custody.ended")


def view(caller: Caller, row: Row, at: datetime) -> dict[str, Any]:
    """A custody as this caller may see it. ``overdue``: its time is over, and it did not end."""
    members = _FOR_VENDORS if caller.role == "vendor" else MEMBERS
    return objects.document(row, *members) | {"overdue": _is_overdue(row, at)}


def of_performers(looking: objects.Eyes, packs: PackSet, at: datetime) -> list[dict[str, Any]]:
    """Every replica of those whom the caller is or speaks for, with whoever holds or held it.

    And until when laws let what was measured be kept.
    """
    found: list[Row] = []
    before = None
    while part := objects.page(looking, "replica", before, _PAGE):
        found += part
        before = part[-1]["id"]
    replica_ids = {row["id"] for row in found}
    held = rows.where(looking.session, "custody", replica_id=replica_ids)
    moved = rows.where(looking.session, "transfer", replica_id=replica_ids)
    parties = {row["holder_id"] for row in held} | {row["to_id"] for row in moved}
    named = rows.where(looking.session, "organization", id=parties)
    names = {row["id"]: row["name"] for row in named}
    return [
        {
            **objects.document(row, *_OF_A_REPLICA),
            "holders": [_holder(one, names, at) for one in held if one["replica_id"] == row["id"]],
            "transfers": [_move(one, names) for one in moved if one["replica_id"] == row["id"]],
            "delete_by": deletions.of_replica(looking.session, packs, row, at),
        }
        for row in found
    ]


def _holder(row: Row, names: Mapping[str, str], at: datetime) -> dict[str, Any]:
    said = objects.document(row, *_OF_A_HOLDER)
    return said | {"holder": names[row["holder_id"]], "overdue": _is_overdue(row, at)}


def _move(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    members = ("to_id", "purpose", "submitted_at", "answer", "answered_at", "completed_at")
    return objects.document(row, *members) | {"to": names[row["to_id"]]}


def _is_overdue(row: Row, at: datetime) -> bool:
    until = row["until_on"]
    return until is not None and row["ended_at"] is None and until < day_of(at)


def _held(tx: Tx, caller: Caller, custody_id: str) -> Row:
    """A custody of the caller's own that has not ended, under the head of its performer."""
    seen = _own(tx, caller, custody_id)
    head = ("performer", seen["performer_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    row = _own(tx, caller, custody_id)
    if row["ended_at"] is not None:
        raise problem(
            "invalid-transition", f"This copy was {row['ended_how']} already. {NOTHING_RECORDED}"
        )
    return row


def _own(tx: Tx, caller: Caller, custody_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "custody", custody_id)
    if row["holder_id"] != objects.owner(caller):
        raise objects.unknown("")
    return row


def _done(tx: Tx, caller: Caller, row: Row, type_: str) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    log.append(
        tx,
        type_,
        caller.role,
        subjects={row["performer_id"], row["producer_id"], row["holder_id"]},
    )
    return Recorded(
        value=view(caller, row, tx.now),
        status=200,
        location=f"/v1/custodies/{row['id']}",
        etag=objects.etag_of(row),
    )
