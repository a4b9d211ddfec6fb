"""What a day of an engagement pays, and the contract's minimum; what of it is not known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.rules.codes import DENY
from app.rules.decide.case import Case, Finding
from app.rules.decide.formula import Figure, amount, count, divided, higher, rated
from app.rules.decide.rows import NotKnown, Rule
from app.rules.facts import EVER, Engagement, Use
from app.rules.packs import Rated
from app.rules.reasons import Reason, Source, make, plain
from app.rules.terms import Money
from app.rules.uses import counts

MINIMUM: Final = {"principal": "day_performer", "background": "background"}
_DAYS_IN_WEEK: Final = 5
# The figure that "scale" means, by how the engagement pays and who it is.
_SCALE: Final[Mapping[str, Mapping[str, str]]] = {
    "daily": MINIMUM,
    # Nobody knows of a week's scale for background performers.
    "weekly": {"principal": "weekly_performer"},
}
_PER: Final = {"daily": "a day", "weekly": "a week", "episodic": "an episode", "flat": ""}


class Missing(Exception):  # noqa: N818 - control flow among the modules of pay, never an error
    """Something that an amount needs is not known; carries what to say."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def said(case: Case, rule: Rule, missing: Missing, what: tuple[str, str]) -> Iterator[Finding]:
    """What has to be known first, and that so long nobody knows what is owed.

    ``what``: the kind of the line that would be owed, and what it is for.
    """
    yield from _told(case.say(missing.code, rule, **missing.params), case.source(rule), what)


def unsaid(source: Source, missing: Missing, what: tuple[str, str]) -> Iterator[Finding]:
    """The same where no row of a pack asks, but the terms of the consent do."""
    yield from _told(make(missing.code, source, **missing.params), source, what)


def _told(reason: Reason, source: Source, what: tuple[str, str]) -> Iterator[Finding]:
    yield reason
    # What must not be made at that price is not owed either.
    if reason.outcome != DENY:
        yield NotKnown(*what, why=reason.sentence, source=source)


@dataclass(frozen=True, slots=True)
class Daily:
    """A day's pay with how it came about, and the engagement's own where that is not the scale."""

    figure: Figure
    pro_rata: Money | None = None


def daily(case: Case, category: str) -> Daily:
    """The higher of the engagement's own pay a day and the contract's minimum."""
    least = rated("minimum", minimum(case, category), "a day")
    own = own_daily(case)
    same_currency(own.figure.money, least.money)
    if own.figure.rate == least.rate:
        return Daily(least)
    return Daily(higher("daily", own.figure, least, "a day"), own.pro_rata)


def own_daily(case: Case) -> Daily:
    """What the engagement pays for a day."""
    job = case.engagement
    if job is None or job.rate is None:
        missing = {"field": "engagement.rate", "what": "what the engagement pays"}
        way = "engagement" if job is None else "engagement.rate"
        raise Missing("A_FACT_NEEDED", {**missing, "way": way})
    kind = job.rate.kind
    if job.rate.amount is None:
        found = _highest(case, _SCALE.get(kind, {}).get(case.role, ""))
        whole = rated("scale", found, _PER[kind])
    else:
        whole = amount("rate", job.rate.amount, _PER[kind])
    if kind == "daily":
        return Daily(whole, None if whole.rate is not None else whole.money)
    per_day = divided("pro_rata", whole, count("days", _parts(job), "days"), "a day")
    return Daily(per_day, per_day.money)


def _parts(job: Engagement) -> Decimal:
    """How many days one payment of the engagement is for."""
    if job.rate is not None and job.rate.kind == "weekly":
        return Decimal(_DAYS_IN_WEEK)
    if not job.contract_days:
        what = "how many days the engagement is for"
        raise Missing("A_FACT_NEEDED", {"field": "engagement.contract_days", "what": what})
    return job.contract_days


def minimum(case: Case, category: str) -> Rated:
    """The contract's least for a day."""
    return _highest(case, MINIMUM[category])


def scale(case: Case, rule: Rule) -> Rated:
    """The figure that a row names by its category."""
    return _highest(case, rule.row.word("category"))


def _highest(case: Case, category: str) -> Rated:
    """The figure of the agreement that protects most; of two currencies nobody can tell which."""
    currencies = sorted({found.money.currency for found in case.rates(category)})
    if len(currencies) > 1:
        raise Missing("A_CURRENCY", {"deal": currencies[0], "floor": currencies[1]})
    found = case.rate(category)
    if found is None:
        raise unknown_rate(case)
    return found


def unknown_rate(case: Case) -> Missing:
    """No figure of the contract is known for the day."""
    what = f"what the contract's minimum was on {plain(case.on)}"
    return Missing("A_FACT_NEEDED", {"field": "minimum", "what": what})


def same_currency(deal: Money, floor: Money) -> None:
    """Amounts of two currencies are never compared."""
    if deal.currency != floor.currency:
        raise Missing("A_CURRENCY", {"deal": deal.currency, "floor": floor.currency})


def estimated(case: Case, category: str = "") -> Decimal:
    """The shooting days that the replica saves."""
    if case.estimate is not None:
        return case.estimate.undisputed
    raise Missing("A_DAYS_ESTIMATE", {"floor_words": floor_words(case, category)})


def floor_words(case: Case, category: str) -> str:
    """The least that a day costs, where that is known."""
    rate = case.rate(MINIMUM.get(category, ""))
    if rate is None:
        return ""
    checked = "" if rate.verified else " (not checked against the contract)"
    return f" Floor {plain(rate.money)} a day{checked}."


def credit(case: Case) -> Decimal:
    """Days already paid under the engagement and not yet used up by earlier uses."""
    if case.engagement is None:
        return Decimal(0)
    taken = sum((days for _, days in days_before(case)), Decimal(0))
    return max(Decimal(0), case.engagement.covered_days - taken)


def days_before(case: Case) -> Iterator[tuple[Use, Decimal]]:
    """The earlier uses in the picture with the days that each adds: those of one estimate once."""
    counted = {case.estimate.id if case.estimate is not None else None}
    for use in _uses_before(case):
        is_new = use.estimate_id is None or use.estimate_id not in counted
        counted.add(use.estimate_id)
        yield use, (use.days or Decimal(0)) if is_new else Decimal(0)


def _uses_before(case: Case) -> tuple[Use, ...]:
    """The performer's uses in the picture that came before, by when they were registered.

    Of two uses only the later one reckons with the other: nothing is credited, or counted against
    a ceiling, twice, however often they are decided again.
    """
    found = sorted(
        (
            u
            for u in case.facts.uses
            if u.performer_id == case.check.performer
            and u.work_id == case.work.id
            and (counts(u, case.as_of) or u.id == case.check.use_id)
        ),
        key=lambda u: (u.registered_at or EVER, u.id),
    )
    own = [n for n, use in enumerate(found) if use.id == case.check.use_id]
    return tuple(found[: own[0] if own else None])
