"""Acts on engagements: who was hired for what, by whom, under which agreement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import authorship, families, objects, sweep
from app.registrar.callers import STUDIO, Caller
from app.registrar.objects import Row
from app.registrar.problems import must_match, wrong
from app.rules.days import day_of, in_days
from app.rules.terms import Money
from app.store import heads, ids, log, rows, uses
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "performer_id",
    "work_id",
    "producer_id",
    "role_class",
    "character",
    "agreement",
    "union_id",
    "engaged_at",
    "contract_days",
    "covered_days",
    "stated_by",
    "confirmed_by",
    "disputed_by",
    "confirmed_at",
    "disputed_at",
)
# A union learns whether pay is above the floor, not what it is; a machine learns nothing of pay.
SEES_PAY: Final = STUDIO | {"performer", "representative", "auditor"}


@dataclass(frozen=True, slots=True)
class PayRate:
    """What an engagement pays; without an amount, scale."""

    kind: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class NewEngagement:
    """A performer hired for a work by the caller's studio; ``engaged_at`` left out means now."""

    performer: str
    work: str
    role_class: str
    character: str | None = None
    agreement: str | None = None
    engaged_at: datetime | None = None
    rate: PayRate | None = None
    contract_days: Decimal | None = None
    covered_days: Decimal = Decimal(0)
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An engagement that can be put on record: checked, before any head is held."""

    new: NewEngagement
    named: objects.Named
    performer_id: str
    work: Row
    producer_id: str

    def heads(self, tx: Tx) -> Heads:
        """What to hold while it is written."""
        return _heads(tx, self.performer_id, self.work["id"], self.producer_id)


def record(tx: Tx, caller: Caller, new: NewEngagement) -> Recorded | Refused:
    """State that a performer was hired; the performer or the union may confirm or dispute it."""
    ready = prepare(tx, caller, new)
    heads.take(tx, ready.heads)
    return write(tx, caller, ready)


def prepare(
    tx: Tx, caller: Caller, new: NewEngagement, performer_id: str | None = None
) -> Prepared:
    """Check a new engagement; takes no head and writes nothing.

    ``performer_id``: of a record that comes along with it and cannot be found yet.

    Raises:
        Problem: what it names is unknown, or its code names another record.
    """
    looking = objects.eyes_of(tx, caller)
    families.check_known(tx, new.agreement, "/agreement")
    named = objects.names(looking, "engagement", new.ref, {})
    if performer_id is None:
        performer_id = str(objects.find(looking, "performer", new.performer, "/performer")["id"])
    work = objects.find(looking, "work", new.work, "/work")
    return Prepared(new, named, performer_id, work, objects.owner(caller))


def write(tx: Tx, caller: Caller, ready: Prepared) -> Recorded:
    """Put an engagement on record once every head of the act is held."""
    new, producer_id = ready.new, ready.producer_id
    engaged_at = new.engaged_at or tx.now
    agreement = new.agreement or ready.work["agreement"]
    log.begin(tx)
    row = rows.insert(
        tx,
        "engagement",
        id=ids.mint("eng"),
        performer_id=ready.performer_id,
        work_id=ready.work["id"],
        producer_id=producer_id,
        role_class=new.role_class,
        character=new.character,
        agreement=agreement,
        union_id=union_of(tx.session, producer_id, agreement, day_of(engaged_at)),
        engaged_at=engaged_at,
        contract_days=None if new.contract_days is None else str(new.contract_days),
        covered_days=str(new.covered_days),
        **_rate_columns(new.rate),
        stated_by=producer_id,
    )
    refs = objects.keep_names(tx, caller, ready.named, row["id"])
    done = _done(tx, caller, row, "engagement.recorded", status=201)
    return Recorded({**done.value, "refs": refs}, location=done.location, etag=done.etag)


def change(
    tx: Tx, caller: Caller, engagement_id: str, changes: Mapping[str, Any], read: frozenset[int]
) -> Recorded | Refused:
    """Correct what was stated; what the other side confirmed is open again.

    ``changes`` has the names of the columns, and ``rate`` a `PayRate`.
    """
    if not changes:
        raise wrong("", "nothing-to-change", "Name at least one member to change.")
    families.check_known(tx, changes.get("agreement"), "/agreement")
    row = _take(tx, caller, engagement_id)
    must_match(read, row["version"])
    columns: dict[str, object] = {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in changes.items()
        if name != "rate"
    }
    if "rate" in changes:
        columns |= _rate_columns(changes["rate"])
    agreement = columns.get("agreement", row["agreement"])
    engaged_at = columns.get("engaged_at", row["engaged_at"])
    assert isinstance(engaged_at, datetime)  # noqa: S101 - the column is never empty
    log.begin(tx)
    row = rows.amend(
        tx,
        "engagement",
        row["id"],
        **columns,
        union_id=union_of(tx.session, row["producer_id"], agreement, day_of(engaged_at)),
        stated_by=objects.owner(caller),
        confirmed_by=None,
        confirmed_at=None,
    )
    return _done(tx, caller, row, "engagement.changed", status=200)


def answer(tx: Tx, caller: Caller, engagement_id: str, act: str) -> Recorded | Refused:
    """Confirm or dispute what the studio states. ``act``: `confirm` | `dispute`."""
    row = _take(tx, caller, engagement_id)
    said = authorship.confirmation if act == "confirm" else authorship.dispute
    changes = said(tx, row, caller)
    log.begin(tx)
    row = rows.amend(tx, "engagement", row["id"], **changes)
    return _done(tx, caller, row, "engagement.changed", status=200)


def union_of(session: Session, producer_id: str, agreement: object, day: date) -> str | None:
    """The union across the table: that of the producer's agreement of this family on this day."""
    if not isinstance(agreement, str):
        return None
    signed = rows.where(session, "signatory", organization_id=producer_id, agreement=agreement)
    in_force = [
        row["union_id"]
        for row in signed
        if row["confirmed_by"] is not None
        and rows.disputed_by(row) is None
        and in_days(day, row["starts_on"], row["ends_on"])
    ]
    return in_force[0] if in_force else None


def view(caller: Caller, row: Row) -> dict[str, Any]:
    """An engagement as this caller may see it."""
    shown = objects.document(row, *MEMBERS)
    if caller.role in SEES_PAY:
        amount = row["rate_minor"]
        shown["rate"] = None
        if row["rate_kind"] is not None:
            money = None if amount is None else Money(amount, row["rate_currency"]).wire()
            shown["rate"] = {"kind": row["rate_kind"], "amount": money}
    return shown


def _take(tx: Tx, caller: Caller, engagement_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "engagement", engagement_id)
    heads.take(
        tx, lambda held: _heads(held, row["performer_id"], row["work_id"], row["producer_id"])
    )
    return objects.find(objects.eyes_of(tx, caller), "engagement", row["id"])


def _heads(tx: Tx, performer_id: str, work_id: str, producer_id: str) -> Heads:
    # An engagement gives a union standing, and with it its wide vetoes a hold on this person's
    # uses: those are issued under the heads that are held shared here.
    return Heads(
        exclusive=frozenset({("performer", performer_id)}),
        shared=uses.heads_around(tx.session, work_id, producer_id),
    )


def _rate_columns(rate: PayRate | None) -> dict[str, object]:
    amount = None if rate is None else rate.amount
    return {
        "rate_kind": None if rate is None else rate.kind,
        "rate_minor": None if amount is None else amount.minor,
        "rate_currency": None if amount is None else amount.currency,
    }


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    sweep.sweep(tx, performers={row["performer_id"]})
    subjects = {row["performer_id"], row["work_id"], row["producer_id"]}
    log.append(
        tx,
        type_,
        caller.role,
        subjects=subjects | ({row["union_id"]} if row["union_id"] else set()),
    )
    return Recorded(
        value=view(caller, row),
        status=status,
        location=f"/v1/engagements/{row['id']}",
        etag=objects.etag_of(row),
    )
