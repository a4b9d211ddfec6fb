"""What making a replica pays: the day of the session, half of it, or nothing more."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.daily import Daily, Missing, daily, minimum, said
from app.rules.decide.formula import Figure, count, rated, times
from app.rules.decide.prices import better, own_price
from app.rules.decide.rows import Line, Rule

_MAKING: Final = ("creation", "making the replica")
_WITHIN: Final = ("creation", "session within a paid day")
_CALL: Final = ("creation", "call for a scan")


def same_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A session within a paid work day is work time and adds no day."""
    if case.session is not None and case.session.same_day_as_work:
        note = "The session is within a paid work day, which adds nothing"
        nothing = Figure("pay", Decimal(0), case.currency, note=note)
        yield from _priced(case, rule, Line(*_WITHIN, nothing, case.role, case.source(rule)))


def creation_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A session on a day of its own pays a day."""
    yield from _creation(case, rule, Decimal(1), unless="pay_half_day")


def creation_half_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A short session set for the performer's convenience pays half a day."""
    if case.session is not None and case.session.half_day_for_performer:
        yield from _creation(case, rule, Decimal("0.5"), unless="")


def _creation(case: Case, rule: Rule, days: Decimal, unless: str) -> Iterator[Finding]:
    session = case.session
    if session is None or (session.same_day_as_work and case.beside(rule, "pay_same_day")):
        return
    if case.beside(rule, unless) and session.half_day_for_performer:
        return
    try:
        line = by_days(case, rule, _MAKING, count("days", days, "days"), daily(case, "principal"))
    except Missing as missing:
        yield from said(case, rule, missing, _MAKING)
        return
    yield from _priced(case, rule, line)


def background_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A call for a scan alone pays a full background day."""
    if case.session is None or case.session.same_day_as_work:
        return
    try:
        rate = minimum(case, "background")
    except Missing as missing:
        yield from said(case, rule, missing, _CALL)
        return
    a_day = Daily(rated("minimum", rate, "a day"))
    line = by_days(case, rule, _CALL, count("days", Decimal(1), "days"), a_day, "background")
    yield from _priced(case, rule, line)


def _priced(case: Case, rule: Rule, least: Line) -> Iterator[Finding]:
    """A line for making a replica, at the price agreed for that where it is the higher one."""
    try:
        yield least if own_price(case) is None else better(case, least)
    except Missing as missing:
        yield from said(case, rule, missing, (least.kind, least.what))


def by_days(
    case: Case, rule: Rule, what: tuple[str, str], days: Figure, price: Daily, category: str = ""
) -> Line:
    """So many days at a day's pay."""
    return Line(
        *what,
        times("pay", days, price.figure),
        category or rule.row.word("minimum", case.role),
        case.source(rule),
        days.value,
        price.figure.money,
        price.pro_rata,
    )
