"""What a statement is made from besides the ledger, as it stood at an instant."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import RowMapping, func, select
from sqlalchemy.orm import Session

from app.rules.facts import BaseReport
from app.rules.statements import Outside
from app.rules.terms import Money
from app.store.rows import VERSIONED


def outside(
    session: Session,
    as_of: datetime,
    known: int | None,
    performers: Collection[str],
    stated_by: str | None = None,
) -> list[Outside]:
    """Lines of statements from outside that were said by ``as_of`` and not taken back, by id."""
    equal: dict[str, Collection[str]] = {"performer_id": performers}
    if stated_by is not None:
        equal["stated_by"] = {stated_by}
    found = _said(session, "residual_statement", as_of, known, equal)
    return [
        _outside(row) for row in found if row["withdrawn_at"] is None or row["withdrawn_at"] > as_of
    ]


def reports(
    session: Session, as_of: datetime, known: int | None, works: Collection[str]
) -> list[BaseReport]:
    """Reports of the bases of these works that were said by ``as_of``, by id."""
    found = _said(session, "base_report", as_of, known, {"work_id": works})
    return [_report(row) for row in found]


def _said(
    session: Session,
    table: str,
    as_of: datetime,
    known: int | None,
    equal: dict[str, Collection[str]],
) -> list[RowMapping]:
    """Of each row the last version that was said by ``as_of``, of those on record at ``known``."""
    source = VERSIONED[table]
    conditions = [source.c.stated_at <= as_of]
    conditions += [source.c[name].in_(values) for name, values in equal.items()]
    if known is not None:
        conditions.append(source.c.recorded_idx <= known)
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


def _outside(row: RowMapping) -> Outside:
    net = row["net_minor"]
    return Outside(
        id=row["id"],
        title=row["title"],
        market=row["market"],
        starts_on=row["starts_on"],
        until=row["until"],
        gross=Money(row["gross_minor"], row["currency"]),
        net=None if net is None else Money(net, row["currency"]),
        issuer=row["issuer"],
        reference=row["reference"],
        issued_on=row["issued_on"],
        stated_by=row["stated_by"],
    )


def _report(row: RowMapping) -> BaseReport:
    return BaseReport(
        id=row["id"],
        work_id=row["work_id"],
        performer_id=row["performer_id"],
        base=row["base"],
        starts_on=row["starts_on"],
        until=row["until"],
        amount=Money(row["amount_minor"], row["currency"]),
        stated_by=row["stated_by"],
        stated_at=row["stated_at"],
    )
