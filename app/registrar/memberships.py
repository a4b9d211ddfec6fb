"""Acts on memberships: a performer and a union each say it, and neither alone makes it count."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.registrar import authorship, objects, parties, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.reasons import plain
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "performer_id",
    "union_id",
    "unit",
    "starts_on",
    "ends_on",
    "stated_by",
    "confirmed_by",
    "disputed_by",
    "confirmed_at",
    "disputed_at",
)


@dataclass(frozen=True, slots=True)
class NewMembership:
    """A performer is a member of a union on the days named, both inclusive."""

    union: str
    unit: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def state(tx: Tx, caller: Caller, performer_id: str, new: NewMembership) -> Recorded | Refused:
    """State a membership. It counts once the side that did not state it confirms it."""
    looking = objects.eyes_of(tx, caller)
    # A union sees whom a studio's hint or an engagement names. Stating a membership of anybody
    # else would give it sight of them; such a person states it, and the union confirms.
    performer = objects.find(looking, "performer", performer_id)
    union_id = str(objects.organization(looking, new.union, "/union", "union")["id"])
    if caller.is_union and union_id != caller.organization_id:
        raise wrong("/union", "not-yours", "An officer states memberships of their own union.")
    _check_unit(tx, union_id, new.unit)
    heads.take(tx, lambda _: _heads(performer["id"], union_id))
    starts_on = new.starts_on or tx.now.date()
    if new.ends_on is not None and new.ends_on < starts_on:
        raise wrong("/ends_on", "before-start", "`ends_on` is the last day, not before the first.")
    _not_twice(tx, performer["id"], union_id, new.unit)
    log.begin(tx)
    row = rows.insert(
        tx,
        "membership",
        id=ids.mint("mem"),
        performer_id=performer["id"],
        union_id=union_id,
        unit=new.unit,
        starts_on=starts_on,
        ends_on=new.ends_on,
        stated_by=objects.owner(caller),
    )
    return _done(tx, caller, row, "membership.stated", status=201)


def confirm(tx: Tx, caller: Caller, performer_id: str, membership_id: str) -> Recorded | Refused:
    """Confirm a membership that the other side stated."""
    _take(tx, caller, performer_id, membership_id)
    row = _of(tx, caller, performer_id, membership_id)
    if row["stated_by"] == objects.owner(caller):
        raise problem("conflict", f"The other side has to confirm it. {NOTHING_RECORDED}")
    if row["confirmed_by"] is not None and rows.disputed_by(row) is None:
        raise problem("invalid-transition", f"It is confirmed already. {NOTHING_RECORDED}")
    if rows.disputed_by(row) not in {None, objects.owner(caller)}:
        raise problem("conflict", f"The other side disputes it. {NOTHING_RECORDED}")
    log.begin(tx)
    changes = authorship.confirmed(tx, row, objects.owner(caller))
    row = rows.amend(tx, "membership", membership_id, **changes)
    return _done(tx, caller, row, "membership.confirmed", status=200)


def dispute(tx: Tx, caller: Caller, performer_id: str, membership_id: str) -> Recorded | Refused:
    """Say that a membership is not so; answers that rest on it wait until it is settled."""
    _take(tx, caller, performer_id, membership_id)
    row = _of(tx, caller, performer_id, membership_id)
    if rows.disputed_by(row) is not None:
        raise problem("invalid-transition", f"It is disputed already. {NOTHING_RECORDED}")
    log.begin(tx)
    changes = authorship.disputed(tx, row, objects.owner(caller))
    row = rows.amend(tx, "membership", membership_id, **changes)
    return _done(tx, caller, row, "membership.disputed", status=200)


def end(
    tx: Tx, caller: Caller, performer_id: str, membership_id: str, ends_on: date
) -> Recorded | Refused:
    """Say which day is the last of a membership.

    What a veto stood on is not undone by the word of whom it is about: a member leaves from today
    on, and only the union says that one had left before.
    """
    _take(tx, caller, performer_id, membership_id)
    row = _of(tx, caller, performer_id, membership_id)
    if ends_on < row["starts_on"]:
        raise wrong("/ends_on", "before-start", f"It began on {plain(row['starts_on'])}.")
    if not caller.is_union and row["confirmed_by"] is not None and ends_on < tx.now.date():
        said = f"It counted until now: give today, {plain(tx.now.date())}, or a later day."
        raise wrong("/ends_on", "in-the-past", said)
    log.begin(tx)
    row = rows.amend(tx, "membership", membership_id, ends_on=ends_on)
    return _done(tx, caller, row, "membership.ended", status=200)


def view(row: Row) -> dict[str, Any]:
    """A membership as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _of(tx: Tx, caller: Caller, performer_id: str, membership_id: str) -> Row:
    id_ = objects.id_of(tx.session, caller, "performer", performer_id)
    row = rows.current(tx.session, "membership", membership_id)
    if row is None or row["performer_id"] != id_:
        raise objects.unknown("")
    if objects.owner(caller) not in {row["performer_id"], row["union_id"]}:
        raise objects.unknown("")
    return row


def _take(tx: Tx, caller: Caller, performer_id: str, membership_id: str) -> None:
    row = _of(tx, caller, performer_id, membership_id)
    heads.take(tx, lambda _: _heads(row["performer_id"], row["union_id"]))


def _heads(performer_id: str, union_id: str) -> Heads:
    # A block of all members holds its union's head exclusively: it and this act see each other.
    return Heads(
        exclusive=frozenset({("performer", performer_id)}),
        shared=frozenset({("organization", union_id)}),
    )


def _check_unit(tx: Tx, union_id: str, unit: str | None) -> None:
    """A unit is one of an agreement of the union: who is in none that is known escapes a strike."""
    if unit is None:
        return
    known = sweep.packs_of(tx.store).units(*parties.families_of_union(tx.session, union_id))
    if unit not in known:
        listed = f"the units are {', '.join(known)}" if known else "no units are on file"
        said = f"`{unit}` is no unit of an agreement of this union; {listed}."
        raise wrong("/unit", "unknown", said)


def _not_twice(tx: Tx, performer_id: str, union_id: str, unit: str | None) -> None:
    for row in rows.where(
        tx.session, "membership", performer_id=performer_id, union_id=union_id, unit=unit
    ):
        if row["ends_on"] is None or row["ends_on"] >= tx.now.date():
            raise problem(
                "duplicate",
                f"This membership is on record already. {NOTHING_RECORDED}",
                extra={"id": row["id"]},
            )


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    sweep.sweep(tx, performers={row["performer_id"]})
    log.append(tx, type_, caller.role, subjects={row["performer_id"], row["union_id"]})
    return Recorded(
        value=view(row),
        status=status,
        etag=objects.etag_of(row),
    )
