"""Money: what the use costs under the rows in force. No figure is written here.

All arithmetic is exact and rounds once per line, half up, to a minor unit.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.daily import (
    Missing,
    credit,
    daily,
    estimated,
    floor_words,
    minimum,
    own_daily,
    said,
    same_currency,
    scale,
    unsaid,
)
from app.rules.decide.exemptions import claims
from app.rules.decide.formula import Figure, amount, begun, count, higher, less, rated, times
from app.rules.decide.making import by_days
from app.rules.decide.prices import (
    AGREED,
    UNPAID_WITH,
    better,
    days_once,
    deal,
    floors,
    not_below,
    own_price,
    pay_of,
    units_of,
)
from app.rules.decide.rows import Line, NotKnown, Rule
from app.rules.decide.shares import shares
from app.rules.facts import Estimate, Pay
from app.rules.packs import Rated
from app.rules.reasons import NO_SOURCE, Source, plain
from app.rules.residuals import units
from app.rules.terms import Money

# Steps that say what is paid; where none is in force, the terms of the grant alone count.
PAY_STEPS: Final = frozenset(
    {
        "pay_nothing",
        "pay_days",
        "pay_bargained",
        "pay_creation",
        "pay_half_day",
        "pay_same_day",
        "pay_background",
        "pay_multiple",
        "pay_sessions",
        "pay_production_days",
        "pay_spot",
        "pay_by_waiver",
        "pay_sides",
    }
)
_AGREED_CLASSES: Final = frozenset(
    {
        "EBDR_SAME",
        "EBDR_OTHER",
        "ICDR",
        "BADR_PRINCIPAL",
        "BADR_BG",
        "BADR_OTHER",
        "RTG",
        "MARKETING",
        "TRAINING",
    }
)
_SAVED: Final = ("days", "days that the replica saves")
_REALTIME: Final = ("realtime", "agreed pay")
_LINES: Final = ("lines", "lines spoken")
_AGAIN: Final = ("secondary", "using the performance again in another project")
_VOICE: Final = "synthesize_voice"
_ALTERING: Final = ("alteration", "altering the performance")


def pay_days(case: Case, rule: Rule) -> Iterator[Finding]:
    """The shooting days that the replica saves, at the engagement's rate or the minimum."""
    category = rule.row.word("minimum", "principal")
    try:
        a_day = daily(case, category)
        line = by_days(case, rule, _SAVED, _counted(case, rule, estimated(case, category)), a_day)
        yield better(case, replace(line, once=days_once(case)))
    except Missing as missing:
        yield from said(case, rule, missing, _SAVED)


def _counted(case: Case, rule: Rule, days: Decimal) -> Figure:
    """The days of an estimate, without those that were paid before."""
    counted = count("days", days, "days")
    paid = credit(case) if case.beside(rule, "covered_days") else Decimal(0)
    return less("days", counted, count("covered_days", paid, "days"), "days") if paid else counted


def covered_days(case: Case, rule: Rule) -> Iterator[Finding]:
    """Days already paid under the engagement are not paid twice; `pay_days` takes them off."""
    if case.estimate is not None and (paid := min(credit(case), case.estimate.undisputed)):
        words = f"{plain(paid)} of the days {'is' if paid == 1 else 'are'}"
        yield case.say("E_COVERED_DAYS", rule, days_words=words, days=paid)


def nothing_more(case: Case, rule: Rule) -> Iterator[Finding]:
    """The use adds no pay, unless some was agreed for it."""
    pay = pay_of(case)
    source = case.source(rule)
    if pay is None or pay.amount is None:
        note = "Use within the picture and the description adds nothing"
        nothing = Figure("pay", Decimal(0), case.currency, note=note)
        yield Line("same_picture", "use within the picture", nothing, case.role, source)
        return
    try:
        yield from deal(case, source, pay, None)
    except Missing as missing:
        yield from said(case, rule, missing, AGREED)


def estimate_owed(case: Case, rule: Rule) -> Iterator[Finding]:
    """The count of days is the producer's to make, in good faith, and can be disputed."""
    if case.estimate is None and "pay_days" in case.switched_on:
        category = "principal" if case.use_class == "BADR_PRINCIPAL" else case.role
        yield case.say("A_DAYS_ESTIMATE", rule, floor_words=floor_words(case, category))
    elif case.estimate is not None and case.estimate.state == "disputed":
        yield from _argued(case, rule, case.estimate)


def _argued(case: Case, rule: Rule, estimate: Estimate) -> Iterator[Finding]:
    """What each side says; the days that nobody disputes are paid while the rest is argued."""
    claimed, due = estimate.claimed_days, estimate.undisputed
    theirs = "says that it is another one" if claimed is None else f"says {plain(claimed)}"
    yield case.say(
        "A_ESTIMATE_DISPUTED",
        rule,
        days=estimate.days,
        claimed=claimed,
        undisputed=due,
        claimed_words=theirs,
    )


def bargained(case: Case, rule: Rule) -> Iterator[Finding]:
    """Pay is what was bargained for, and never below the row's floor if it has one."""
    if consent_of(case).paying is None and consent_of(case).needed:
        return
    try:
        floor = minimum(case, "principal") if rule.row.flag("floor") else None
        yield from deal(case, case.source(rule), pay_of(case), floor)
    except Missing as missing:
        yield from said(case, rule, missing, AGREED)


def multiple(case: Case, rule: Rule) -> Iterator[Finding]:
    """Pay is bargained for, and at least a multiple of a scale; without a figure it is just that.

    Source of the kind: Interactive Media Agreement, real-time generation.
    """
    grant = consent_of(case).paying
    if grant is None:
        return
    try:
        floor = scale(case, rule)
        many = count("multiple", rule.row.decimal("multiple"), "")
        yield _bargained_over(case, rule, grant.pay, many, floor)
    except Missing as missing:
        yield from said(case, rule, missing, _REALTIME)


def _bargained_over(case: Case, rule: Rule, pay: Pay | None, many: Figure, floor: Rated) -> Line:
    if pay is None:
        raise Missing("A_TERMS", {})
    owed = least = times("least", many, rated("scale", floor))
    if pay.amount is not None or pay.kind != "days_x_rate":
        agreed_unit = pay.amount or Money(0, least.currency)
        owed = amount("agreed", agreed_unit)
        if pay.kind == "per_use":
            owed = times("pay", count("uses", units_of(case, pay), "uses"), owed)
        same_currency(owed.money, least.money)
        for one in floors(case, floor):
            not_below(case, owed.money, times("least", many, rated("scale", one)).money, one)
        owed = higher("pay", owed, least)
    return Line(*_REALTIME, owed, case.role, case.source(rule))


def sessions(case: Case, rule: Rule) -> Iterator[Finding]:
    """Every so many lines that a replica speaks pay one session, or more if more was agreed."""
    if case.check.use != _VOICE or _outside(case, rule):
        return
    try:
        spoken = _spoken(case)
        fee = rated("scale", scale(case, rule))
        # A session begun is paid whole.
        per = count("lines_of_a_session", Decimal(rule.row.count("lines")), "")
        due = times("pay", begun("sessions", spoken, per, "sessions"), fee)
        yield better(case, Line(*_LINES, due, case.role, case.source(rule)))
    except Missing as missing:
        yield from said(case, rule, missing, _LINES)


def production_days(case: Case, rule: Rule) -> Iterator[Finding]:
    """A replica that is seen pays the days of production that it stands for.

    They are paid as the engagement on the project pays a day, or more if more was agreed: the least
    that a day costs is not on file. Where nobody was engaged on it, what was agreed is paid.
    Source: Interactive Media Agreement, metering.
    """
    if case.check.use == _VOICE or _outside(case, rule):
        return
    try:
        if case.engagement is not None:
            days = count("days", estimated(case), "days")
            yield better(case, by_days(case, rule, _SAVED, days, own_daily(case)))
        elif consent_of(case).paying is not None:
            yield from deal(case, case.source(rule), pay_of(case), None)
    except Missing as missing:
        yield from said(case, rule, missing, _SAVED)


def _outside(case: Case, rule: Rule) -> bool:
    """Whether it is conventional processing, which the agreement leaves alone altogether."""
    return any(
        claim.code == "E_TRADITIONAL_AI" and claim.rule.pack is rule.pack and not claim.lacks
        for claim in claims(case)
    )


def secondary(case: Case, rule: Rule) -> Iterator[Finding]:
    """A performance that was seen and is used again in another project is paid for once more.

    How much stands in a table that is not on file. Source: Interactive Media Agreement.
    """
    consent = consent_of(case)
    if case.check.use == _VOICE or _outside(case, rule):
        return
    if consent.paying is not None or not consent.needed:
        why = "The agreement has a table of payments for that, which is not on file here."
        yield NotKnown(*_AGAIN, why=why, source=case.source(rule))


def _spoken(case: Case) -> Figure:
    lines = case.check.quantity.lines
    if lines is None:
        what = "how many lines the replica speaks"
        raise Missing("A_FACT_NEEDED", {"field": "quantity.lines", "what": what})
    return count("lines", Decimal(lines), "lines")


def agreed(case: Case) -> Iterator[Finding]:
    """What the terms of the consent add to the rows in force: all pay where no agreement has any.

    A share of what is reported is owed besides whatever a contract asks.
    """
    house = case.packs.house
    source = Source(pack=house[0].family, version=house[0].version) if house else NO_SOURCE
    grant = consent_of(case).paying
    if grant is not None and not PAY_STEPS & case.switched_on:
        yield from _agreed(case, grant.pay, source)
    yield from shares(case, source)


def _agreed(case: Case, pay: Pay | None, source: Source) -> Iterator[Finding]:
    if case.use_class == "ALTERATION":
        yield _alteration(case, pay, source)
        return
    unpriced = case.use_class in UNPAID_WITH and own_price(case) is None
    known = case.use_class in _AGREED_CLASSES | UNPAID_WITH.keys()
    if unpriced or not known or (pay is not None and pay.kind == "none"):
        return
    try:
        yield from deal(case, source, pay, None)
    except Missing as missing:
        yield from unsaid(source, missing, AGREED)


def _alteration(case: Case, pay: Pay | None, source: Source) -> Finding:
    """Pay for altering what was performed is a term of its own."""
    if pay is None or pay.alteration is None:
        why = "The terms say nothing of pay for altering what was performed."
        return NotKnown(*_ALTERING, why=why, source=source)
    note = f"{plain(pay.alteration)} was agreed for altering what was performed"
    owed = amount("agreed", pay.alteration, note=note)
    return Line(*_ALTERING, owed, case.role, source)


def residuals(case: Case, rule: Rule) -> Iterator[Finding]:
    """Days of a replica count for residuals like days worked."""
    bargained_for = case.use_class in {"EBDR_OTHER", "ICDR", "BADR_OTHER"}
    if bargained_for and consent_of(case).needed and consent_of(case).grant is None:
        return
    if case.estimate is not None:
        days = case.estimate.undisputed
        words = f"{plain(days)} shooting day{'' if days == 1 else 's'}"
        in_units = units(days, rule.row.count("days_in_unit"))
        yield case.say("O_RESIDUAL_UNITS", rule, days_words=words, days=days, units=in_units)
    else:
        yield case.say("O_RESIDUAL_UNITS", rule, days_words="this use")
