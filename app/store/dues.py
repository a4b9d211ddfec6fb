"""The ledger as values: lines and payments as they stood at an instant, by what was on record."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, func, select
from sqlalchemy.orm import Session

from app.rules.ledger import Due, Paid, PayBy, Payment
from app.rules.terms import Money
from app.store.tables import due, payment

# Columns of a line that its value has under the same name.
_SAME = (
    *("id", "version", "performer_id", "work_id", "payer_id", "kind", "what", "use_id"),
    *(
        "replica_id",
        "capture_session_id",
        "use",
        "shot",
        "once",
        "floor",
        "stands_from",
        "stated_at",
    ),
    *("arises_at", "ended_at", "ended_why", "disputed_at", "disputed_by", "settled_at", "source"),
)


def standing(
    session: Session, as_of: datetime, known: int | None = None, **equal: str | Collection[str]
) -> list[Due]:
    """The lines as they stood at ``as_of``, by id, given what entry ``known`` had on record.

    ``equal``: columns with the value, or one of the values, that they must have.
    """
    return [due_of(row) for row in _standing(session, due, as_of, known, equal)]


def payments(
    session: Session, performers: Collection[str], as_of: datetime, known: int | None = None
) -> list[Payment]:
    """What was said by ``as_of`` to be paid to the performers, by id, as `standing` reads it."""
    found = _standing(session, payment, as_of, known, {"performer_id": performers})
    return [payment_of(row) for row in found]


def due_of(row: RowMapping | Mapping[str, Any]) -> Due:
    """A line as rules read it."""
    pay_by = row["pay_by"]
    return Due(
        **{name: row[name] for name in _SAME},
        amount=_money(row["amount_minor"], row["currency"]),
        claimed=_money(row["claimed_minor"], row["currency"]),
        why_unknown=row["why_unknown"] or "",
        formula=row["formula"] or "",
        working=row["working"] or {},
        rates=tuple(row["rates"] or ()),
        unverified=tuple(row["unverified"]),
        pay_by=None if pay_by is None else _pay_by(pay_by),
    )


def payment_of(row: RowMapping | Mapping[str, Any]) -> Payment:
    """A payment as rules read it."""
    return Payment(
        id=row["id"],
        version=row["version"],
        payer_id=row["payer_id"],
        performer_id=row["performer_id"],
        reference=row["reference"],
        paid_on=row["paid_on"],
        said_at=row["said_at"],
        stands_from=row["stands_from"],
        lines=_paid(row["lines"], row["because"]),
        answer=row["answer"],
        answered_at=row["answered_at"],
        received=_paid(row["received"] or (), {}),
    )


def pay_by_document(terms: PayBy | None) -> dict[str, Any] | None:
    """The form in which a line keeps when it is due."""
    if terms is None:
        return None
    late = terms.late_per_day
    return {
        "days": terms.days,
        "late_minor": None if late is None else late.minor,
        "currency": None if late is None else late.currency,
        "late_days_at_most": terms.late_days_at_most,
        "zone": terms.zone,
        "rule": terms.rule,
        "pack": terms.pack,
    }


def paid_document(lines: Iterable[Paid]) -> list[dict[str, Any]]:
    """The form in which a payment keeps its lines, without what was said of them."""
    return [
        {"due": line.due_id, "minor": line.amount.minor, "currency": line.amount.currency}
        for line in lines
    ]


def _standing(
    session: Session,
    source: Table,
    as_of: datetime,
    known: int | None,
    equal: Mapping[str, str | Collection[str]],
) -> list[RowMapping]:
    """Of each row the last version that stood by ``as_of``, of those on record at ``known``.

    Versions of a row begin to stand in the order in which they were written.
    """
    conditions = [source.c.stands_from <= as_of]
    if known is not None:
        conditions.append(source.c.recorded_idx <= known)
    for name, value in equal.items():
        column = source.c[name]
        conditions.append(column == value if isinstance(value, str) else column.in_(value))
    last = (
        select(source.c.id, func.max(source.c.version).label("version"))
        .where(*conditions)
        .group_by(source.c.id)
        .subquery()
    )
    asked = select(source).join(
        last, (source.c.id == last.c.id) & (source.c.version == last.c.version)
    )
    return list(session.execute(asked.order_by(source.c.id)).mappings())


def _money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def _pay_by(row: Mapping[str, Any]) -> PayBy:
    return PayBy(
        days=row["days"],
        late_per_day=_money(row["late_minor"], row["currency"]),
        late_days_at_most=row["late_days_at_most"],
        zone=row["zone"],
        rule=row["rule"],
        pack=row["pack"],
    )


def _paid(rows: Iterable[Mapping[str, Any]], because: Mapping[str, str]) -> tuple[Paid, ...]:
    return tuple(
        Paid(row["due"], Money(row["minor"], row["currency"]), because.get(row["due"]))
        for row in rows
    )
