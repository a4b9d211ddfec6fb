"""Money: what the use costs under the rows in force. No figure is written here.

All arithmetic is exact and rounds once per line, half up, to a minor unit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.rows import Line, Rule
from app.rules.facts import Engagement, Pay, Use
from app.rules.grants import terms_at
from app.rules.packs import Rated
from app.rules.reasons import NO_SOURCE, Source, make, plain
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
    }
)
_MINIMUM: Final = {"principal": "day_performer", "background": "background"}
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
_SAVED: Final = "days that the replica saves"
_DAYS_IN_WEEK: Final = 5
# The figure that "scale" means, by how the engagement pays and who it is.
_SCALE: Final[Mapping[str, Mapping[str, str]]] = {
    "daily": _MINIMUM,
    # Nobody knows of a week's scale for background performers.
    "weekly": {"principal": "weekly_performer"},
}


class _Missing(Exception):  # noqa: N818 - control flow within this module, never an error
    """Something that an amount needs is not known; carries what to say."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def same_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A session within a paid work day is work time and adds no day."""
    if case.session is not None and case.session.same_day_as_work:
        nothing = Money(0, case.currency)
        line = Line("session within a paid day", nothing, case.role, case.source(rule))
        yield from _priced_or_said(case, rule, line)


def creation_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A session on a day of its own pays a day."""
    yield from _creation(case, rule, Decimal(1), unless="pay_half_day")


def creation_half_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A short session set for the performer's convenience pays half a day."""
    if case.session is not None and case.session.half_day_for_performer:
        yield from _creation(case, rule, Decimal("0.5"), unless="")


def _creation(case: Case, rule: Rule, days: Decimal, unless: str) -> Iterator[Finding]:
    session = case.session
    if session is None or (session.same_day_as_work and "pay_same_day" in case.switched_on):
        return
    if unless in case.switched_on and session.half_day_for_performer:
        return
    try:
        line = _by_days(case, rule, "making the replica", days, _daily(case, "principal"))
        yield _priced(case, line)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def background_day(case: Case, rule: Rule) -> Iterator[Finding]:
    """A call for a scan alone pays a full background day."""
    if case.session is None or case.session.same_day_as_work:
        return
    try:
        rate = _minimum(case, "background")
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)
        return
    daily = _Daily(Decimal(rate.money.minor), rate.money.currency, (rate,))
    line = _by_days(case, rule, "call for a scan", Decimal(1), daily, "background")
    yield from _priced_or_said(case, rule, line)


def pay_days(case: Case, rule: Rule) -> Iterator[Finding]:
    """The shooting days that the replica saves, at the engagement's rate or the minimum."""
    category = rule.row.word("minimum", "principal")
    try:
        daily = _daily(case, category)
        days = _estimated(case, category)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)
        return
    credit = _credit(case) if "covered_days" in case.switched_on else Decimal(0)
    counted = max(Decimal(0), days - credit)
    try:
        yield _better(case, _by_days(case, rule, _SAVED, counted, daily))
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def _better(case: Case, least: Line) -> Line:
    """What was agreed for the use, where that is more than the days come to."""
    grant = consent_of(case).paying
    pay = grant.pay if grant is not None else None
    if pay is None or pay.amount is None:
        return least
    _same_currency(pay.amount, least.amount)
    by_day = pay.kind == "per_day"
    units = least.days if by_day and least.days is not None else _units(case, pay)
    deal = pay.amount.times(units)
    if deal.minor <= least.amount.minor:
        return least
    daily = pay.amount if by_day else None
    return replace(least, amount=deal, days=units if by_day else None, daily=daily, pro_rata=None)


# Of the uses of one consent, those that its price is not paid with: it is paid once.
_UNPAID_WITH: Final[Mapping[str, frozenset[str]]] = {
    "CREATION": frozenset({"scan", "alter", "exhibit"}),
    "DUB": frozenset({"dub", "scan", "alter", "exhibit"}),
}


def _own_price(case: Case) -> Pay | None:
    """The price that was agreed for this use and is not paid with another one of the consent."""
    grant = consent_of(case).paying
    pay = grant.pay if grant is not None else None
    if grant is None or pay is None or pay.amount is None:
        return None
    # A session has a day of its own, which no estimate counts.
    if pay.kind == "per_day" and case.use_class == "CREATION":
        return None
    alone = _UNPAID_WITH[case.use_class].issuperset(grant.scope.uses)
    return pay if alone or pay.kind == "per_use" else None


def _priced_or_said(case: Case, rule: Rule, least: Line) -> Iterator[Finding]:
    try:
        yield _priced(case, least)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def _priced(case: Case, least: Line) -> Line:
    """A line for making a replica, at the price agreed for that where it is the higher one."""
    pay = _own_price(case)
    return least if pay is None else _better(case, least)


def covered_days(case: Case, rule: Rule) -> Iterator[Finding]:
    """Days already paid under the engagement are not paid twice; `pay_days` takes them off."""
    if case.estimate is not None and (credit := min(_credit(case), case.estimate.days)):
        words = f"{plain(credit)} of the days {'is' if credit == 1 else 'are'}"
        yield case.say("E_COVERED_DAYS", rule, days_words=words, days=credit)


def nothing_more(case: Case, rule: Rule) -> Iterator[Finding]:
    """The use adds no pay, unless some was agreed for it."""
    grant = consent_of(case).paying
    pay = grant.pay if grant is not None else None
    source = case.source(rule)
    if pay is None or pay.amount is None:
        yield Line("use within the picture", Money(0, case.currency), case.role, source)
        return
    try:
        yield from _deal(case, source, pay, None)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def estimate_owed(case: Case, rule: Rule) -> Iterator[Finding]:
    """The count of days is the producer's to make, in good faith, and can be disputed."""
    if case.estimate is None and "pay_days" in case.switched_on:
        category = "principal" if case.use_class == "BADR_PRINCIPAL" else case.role
        yield case.say("A_DAYS_ESTIMATE", rule, floor_words=_floor_words(case, category))
    elif case.estimate is not None and case.estimate.state == "disputed":
        yield case.say("A_ESTIMATE_DISPUTED", rule, days=case.estimate.days)


def bargained(case: Case, rule: Rule) -> Iterator[Finding]:
    """Pay is what was bargained for, and never below the row's floor if it has one."""
    grant = consent_of(case).paying
    if grant is None and consent_of(case).needed:
        return
    pay = grant.pay if grant is not None else None
    try:
        floor = _minimum(case, "principal") if rule.row.flag("floor") else None
        yield from _deal(case, case.source(rule), pay, floor)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def multiple(case: Case, rule: Rule) -> Iterator[Finding]:
    """Pay is bargained for, and at least a multiple of a scale; without a figure it is just that.

    Source of the kind: Interactive Media Agreement, real-time generation.
    """
    grant = consent_of(case).paying
    if grant is None:
        return
    try:
        scale = _scale(case, rule)
        least = scale.money.times(rule.row.decimal("multiple"))
        yield _bargained_over(case, rule, grant.pay, least, scale)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def _bargained_over(case: Case, rule: Rule, pay: Pay | None, least: Money, scale: Rated) -> Line:
    if pay is None:
        raise _Missing("A_TERMS", {})
    deal = least if pay.kind == "days_x_rate" else Money(0, least.currency)
    if pay.amount is not None:
        deal = pay.amount.times(_units(case, pay))
    _same_currency(deal, least)
    _not_below(deal, least, scale)
    return Line("agreed pay", deal, case.role, case.source(rule), rates=(scale,))


def sessions(case: Case, rule: Rule) -> Iterator[Finding]:
    """Every so many lines that a replica speaks pay one session, or more if more was agreed."""
    lines = case.check.quantity.lines
    if lines is None:
        what = "how many lines the replica speaks"
        yield case.say("A_FACT_NEEDED", rule, field="quantity.lines", what=what)
        return
    try:
        scale = _scale(case, rule)
        # A session begun is paid whole.
        count = -(-lines // rule.row.count("lines"))
        due = scale.money.times(Decimal(count))
        line = Line("lines spoken", due, case.role, case.source(rule), rates=(scale,))
        yield _better(case, line)
    except _Missing as missing:
        yield case.say(missing.code, rule, **missing.params)


def _scale(case: Case, rule: Rule) -> Rated:
    rate = case.rate(rule.row.word("category"))
    if rate is None:
        raise _unknown_rate(case)
    return rate


def agreed(case: Case) -> Iterator[Finding]:
    """Where no agreement speaks of pay, what the grant says is owed."""
    grant = consent_of(case).paying
    if PAY_STEPS & case.switched_on or grant is None:
        return
    pay = grant.pay
    house = case.packs.house
    source = Source(pack=house[0].family, version=house[0].version) if house else NO_SOURCE
    if case.use_class == "ALTERATION":
        if pay is not None and pay.alteration is not None:
            yield Line("altering the performance", pay.alteration, case.role, source)
        return
    unpriced = case.use_class in _UNPAID_WITH and _own_price(case) is None
    known = case.use_class in _AGREED_CLASSES | _UNPAID_WITH.keys()
    if unpriced or not known or (pay is not None and pay.kind == "none"):
        return
    try:
        yield from _deal(case, source, pay, None)
    except _Missing as missing:
        yield make(missing.code, source, **missing.params)


def _deal(case: Case, source: Source, pay: Pay | None, floor: Rated | None) -> Iterator[Finding]:
    if pay is None:
        raise _Missing("A_TERMS", {})
    unit = _unit_pay(case, pay, floor)
    units = _units(case, pay)
    deal = Money(1, unit.currency).times(units * unit.minor)
    if floor is not None:
        _same_currency(deal, floor.money)
        least = floor.money.times(units)
        _not_below(deal, least, floor)
    days = units if pay.kind in {"per_day", "days_x_rate"} else None
    rates = (floor,) if floor is not None else ()
    daily = unit.shown if days else None
    yield Line("agreed pay", deal, case.role, source, days, daily, rates=rates)


def _not_below(deal: Money, least: Money, floor: Rated) -> None:
    if deal.minor < least.minor:
        code = "D_PAY_BELOW_FLOOR" if floor.verified else "A_FLOOR_UNVERIFIED"
        raise _Missing(code, {"deal": deal, "floor": least, "rate": floor.row.id})


def _units(case: Case, pay: Pay) -> Decimal:
    if pay.kind in {"per_day", "days_x_rate"}:
        return _estimated(case)
    if pay.kind == "per_use":
        return Decimal(case.check.quantity.uses or 1)
    return Decimal(1)


def _unit_pay(case: Case, pay: Pay, floor: Rated | None) -> "_Daily":
    if pay.amount is not None:
        return _Daily(Decimal(pay.amount.minor), pay.amount.currency)
    if pay.kind == "none":
        return _Daily(Decimal(0), case.currency)
    # Terms that go by an engagement's rate are none where there is no engagement to go by.
    if pay.kind != "days_x_rate" or case.engagement is None:
        raise _Missing("A_TERMS", {})
    if floor is not None:
        return _daily(case, "principal")
    try:
        return _own(case)
    except _Missing:
        raise _Missing("A_TERMS", {}) from None


@dataclass(frozen=True, slots=True)
class _Daily:
    """A day's pay in exact minor units, and the figures that it follows from."""

    minor: Decimal
    currency: str
    rates: tuple[Rated, ...] = ()
    # The engagement's own pay a day, where that is not the minimum itself.
    pro_rata: Money | None = None

    @property
    def shown(self) -> Money:
        return Money(1, self.currency).times(self.minor)


def _by_days(
    case: Case, rule: Rule, what: str, days: Decimal, daily: _Daily, category: str = ""
) -> Line:
    amount = Money(1, daily.currency).times(days * daily.minor)
    return Line(
        what,
        amount,
        category or rule.row.word("minimum", case.role),
        case.source(rule),
        days,
        daily.shown,
        daily.pro_rata,
        daily.rates,
    )


def _estimated(case: Case, category: str = "") -> Decimal:
    if case.estimate is not None:
        return case.estimate.days
    raise _Missing("A_DAYS_ESTIMATE", {"floor_words": _floor_words(case, category)})


def _floor_words(case: Case, category: str) -> str:
    """The least that a day costs, where that is known."""
    rate = case.rate(_MINIMUM.get(category, ""))
    if rate is None:
        return ""
    checked = "" if rate.verified else " (not checked against the contract)"
    return f" Floor {plain(rate.money)} a day{checked}."


def _credit(case: Case) -> Decimal:
    """Days already paid under the engagement and not yet used up by earlier uses."""
    if case.engagement is None:
        return Decimal(0)
    taken = sum((u.days or Decimal(0) for u in _others(case)), Decimal(0))
    return max(Decimal(0), case.engagement.covered_days - taken)


def _others(case: Case) -> tuple[Use, ...]:
    return tuple(
        u
        for u in case.facts.uses
        if u.performer_id == case.check.performer
        and u.work_id == case.work.id
        and u.state != "withdrawn"
        and u.id != case.check.use_id
    )


def _daily(case: Case, category: str) -> _Daily:
    """The higher of the engagement's own pay a day and the contract's minimum."""
    least = _minimum(case, category)
    own = _own(case)
    _same_currency(own.shown, least.money)
    floor = Decimal(least.money.minor)
    rates = tuple(dict.fromkeys((least, *own.rates)))
    return _Daily(max(own.minor, floor), own.currency, rates, own.pro_rata)


def _own(case: Case) -> _Daily:
    """What the engagement pays for a day."""
    job = case.engagement
    if job is None or job.rate is None:
        missing = {"field": "engagement.rate", "what": "what the engagement pays"}
        way = "engagement" if job is None else "engagement.rate"
        raise _Missing("A_FACT_NEEDED", {**missing, "way": way})
    kind, amount = job.rate.kind, job.rate.amount
    rates: tuple[Rated, ...] = ()
    if amount is None:
        scale = case.rate(_SCALE.get(kind, {}).get(case.role, ""))
        if scale is None:
            raise _unknown_rate(case)
        amount, rates = scale.money, (scale,)
    parts = _parts(job)
    minor = Decimal(amount.minor) / parts
    is_minimum = bool(rates) and kind == "daily"
    shown = None if is_minimum else Money(1, amount.currency).times(minor)
    return _Daily(minor, amount.currency, rates, shown)


def _parts(job: Engagement) -> Decimal:
    """How many days one payment of the engagement is for."""
    kind = job.rate.kind if job.rate is not None else "daily"
    if kind == "daily":
        return Decimal(1)
    if kind == "weekly":
        return Decimal(_DAYS_IN_WEEK)
    if not job.contract_days:
        what = "how many days the engagement is for"
        raise _Missing("A_FACT_NEEDED", {"field": "engagement.contract_days", "what": what})
    return job.contract_days


def _minimum(case: Case, category: str) -> Rated:
    rate = case.rate(_MINIMUM[category])
    if rate is None:
        raise _unknown_rate(case)
    return rate


def _unknown_rate(case: Case) -> _Missing:
    what = f"what the contract's minimum was on {plain(case.on)}"
    return _Missing("A_FACT_NEEDED", {"field": "minimum", "what": what})


def _same_currency(deal: Money, floor: Money) -> None:
    if deal.currency != floor.currency:
        raise _Missing("A_CURRENCY", {"deal": deal.currency, "floor": floor.currency})


def earned(case: Case) -> Money | None:
    """What counts against a ceiling already: pay for other uses and, where known, in person."""
    try:
        daily = _daily(case, case.role)
    except _Missing:
        return None
    in_person = case.engagement.contract_days if case.engagement is not None else None
    minor = (in_person or Decimal(0)) * _own(case).minor
    for use in _others(case):
        minor += max((use.days or Decimal(0)) * daily.minor, _dealt(case, use, daily.currency))
    return Money(1, daily.currency).times(minor)


def _dealt(case: Case, use: Use, currency: str) -> Decimal:
    """What was agreed for another use, other than by the day: in the terms that it began under."""
    began = use.registered_at or case.as_of
    pays = [terms_at(g, began).pay for g in case.facts.grants if g.id == use.grant_id]
    pay = pays[0] if pays else None
    if pay is None or pay.amount is None or pay.amount.currency != currency:
        return Decimal(0)
    units = {"per_day": use.days or 0, "per_use": use.quantity.uses or 1}.get(pay.kind, 1)
    return Decimal(pay.amount.minor) * units


def residuals(case: Case, rule: Rule) -> Iterator[Finding]:
    """Days of a replica count for residuals like days worked."""
    bargained_for = case.use_class in {"EBDR_OTHER", "ICDR", "BADR_OTHER"}
    if bargained_for and consent_of(case).needed and consent_of(case).grant is None:
        return
    if case.estimate is not None:
        days = case.estimate.days
        words = f"{plain(days)} shooting day{'' if days == 1 else 's'}"
        yield case.say("O_RESIDUAL_UNITS", rule, days_words=words, days=days)
    else:
        yield case.say("O_RESIDUAL_UNITS", rule, days_words="this use")
