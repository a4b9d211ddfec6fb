"""What the terms of a consent say of pay, held against the least that a contract allows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.daily import Missing, daily, estimated, own_daily, same_currency
from app.rules.decide.formula import Figure, amount, count, higher, rated, times
from app.rules.decide.rows import Line
from app.rules.facts import Pay
from app.rules.grants import SHARED
from app.rules.packs import Rated
from app.rules.reasons import Source, plain
from app.rules.terms import Money

BY_DAY: Final = frozenset({"per_day", "days_x_rate"})
# One sum for all uses of a consent; of a share, what is paid in any case.
PAID_ONCE: Final = SHARED | {"bargained_flat"}
AGREED: Final = ("agreed", "agreed pay")
# Of the uses of one consent, those that its price is not paid with: it is paid once.
UNPAID_WITH: Final[Mapping[str, frozenset[str]]] = {
    "CREATION": frozenset({"scan", "alter", "exhibit"}),
    "DUB": frozenset({"dub", "scan", "alter", "exhibit"}),
}


def pay_of(case: Case) -> Pay | None:
    """The terms of pay that count."""
    grant = consent_of(case).paying
    return grant.pay if grant is not None else None


def own_price(case: Case) -> Pay | None:
    """The price that was agreed for this use and is not paid with another one of the consent."""
    grant = consent_of(case).paying
    pay = pay_of(case)
    if grant is None or pay is None or pay.amount is None:
        return None
    # A session has a day of its own, which no estimate counts.
    if pay.kind == "per_day" and case.use_class == "CREATION":
        return None
    alone = UNPAID_WITH[case.use_class].issuperset(grant.scope.uses)
    return pay if alone or pay.kind == "per_use" else None


def better(case: Case, least: Line) -> Line:
    """What was agreed for the use, where that is more than the least."""
    pay = pay_of(case)
    if pay is None or pay.amount is None:
        return least
    same_currency(pay.amount, least.amount)
    by_day = pay.kind == "per_day"
    units = least.days if by_day and least.days is not None else units_of(case, pay)
    deal = _for(units, _agreed(pay.amount), pay)
    if deal.money.minor <= least.amount.minor:
        return least
    return replace(
        least,
        figure=higher("pay", deal, least.figure),
        days=units if by_day else None,
        daily=pay.amount if by_day else None,
        pro_rata=None,
        once=once(case, pay),
    )


def once(case: Case, pay: Pay) -> str:
    """The mark of one sum for all uses of a consent, or of days that are counted for several."""
    grant = consent_of(case).paying
    if grant is not None and pay.kind in PAID_ONCE:
        return grant.id
    return days_once(case) if pay.kind in BY_DAY else ""


def days_once(case: Case) -> str:
    """The mark of days that an estimate counts for more than one use."""
    counted = case.estimate
    return counted.id if counted is not None and counted.use_id is None else ""


def deal(case: Case, source: Source, pay: Pay | None, floor: Rated | None) -> Iterator[Finding]:
    """What was agreed, which is not below a floor."""
    if pay is None:
        raise Missing("A_TERMS", {})
    if pay.kind in SHARED and pay.amount is None:
        # Of a share nobody knows what it will come to, so that it keeps no floor.
        for one in floors(case, floor) if floor is not None else ():
            not_below(case, Money(0, one.money.currency), one.money, one)
        return
    unit = _unit_pay(case, pay, floor)
    units = units_of(case, pay)
    owed = _for(units, unit, pay)
    if floor is not None:
        same_currency(owed.money, floor.money)
        least = _for(units, rated("minimum", floor), pay)
        for one in floors(case, floor):
            not_below(case, owed.money, _for(units, rated("minimum", one), pay).money, one)
        if owed.steps != least.steps:
            owed = higher("pay", owed, least)
    yield Line(
        *AGREED,
        owed,
        case.role,
        source,
        days=units if pay.kind in BY_DAY else None,
        daily=unit.money if pay.kind in BY_DAY else None,
        once=once(case, pay),
    )


def floors(case: Case, highest: Rated) -> tuple[Rated, ...]:
    """The floors of every agreement that binds, those first that deny.

    Below the highest one that nobody checked it is asked; below a lower one that was checked, the
    answer is no all the same.
    """
    found = case.rates(highest.row.category)
    return tuple(sorted(found, key=lambda one: (not one.verified, -one.height)))


def not_below(case: Case, deal: Money, least: Money, floor: Rated) -> None:
    """Pay below a floor is none. One that nobody checked asks, unless a row says that it denies."""
    same_currency(deal, least)
    if deal.minor < least.minor:
        denies = floor.verified or "unverified_floor_denies" in case.switched_on
        code = "D_PAY_BELOW_FLOOR" if denies else "A_FLOOR_UNVERIFIED"
        raise Missing(code, {"deal": deal, "floor": least, "rate": floor.row.id})


def units_of(case: Case, pay: Pay) -> Decimal:
    """How often the agreed amount is paid for this use."""
    if pay.kind in BY_DAY:
        return estimated(case)
    if pay.kind == "per_use":
        return Decimal(case.check.quantity.uses or 1)
    return Decimal(1)


def _for(units: Decimal, price: Figure, pay: Pay) -> Figure:
    """A price by the unit, where there are units."""
    unit = {"per_use": "uses", **dict.fromkeys(BY_DAY, "days")}.get(pay.kind)
    return price if unit is None else times("pay", count(unit, units, unit), price)


def _agreed(price: Money) -> Figure:
    return amount("agreed", price, note=f"{plain(price)} was agreed")


def _unit_pay(case: Case, pay: Pay, floor: Rated | None) -> Figure:
    if pay.amount is not None:
        return _agreed(pay.amount)
    if pay.kind == "none":
        note = "It was agreed that nothing is paid"
        return Figure("agreed", Decimal(0), case.currency, note=note)
    # Terms that go by an engagement's rate are none where there is no engagement to go by.
    if pay.kind != "days_x_rate" or case.engagement is None:
        raise Missing("A_TERMS", {})
    if floor is not None:
        return daily(case, "principal").figure
    try:
        return own_daily(case).figure
    except Missing:
        raise Missing("A_TERMS", {}) from None
