"""Contributions to benefit plans: a share of the pay, up to a ceiling."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case
from app.rules.decide.consent import consent_of
from app.rules.decide.daily import Missing, daily, days_before, own_daily
from app.rules.decide.formula import Figure, amount, less, lower, rated, share
from app.rules.decide.prices import PAID_ONCE
from app.rules.decide.rows import Line, rate_wire
from app.rules.facts import Pay, Use
from app.rules.grants import SHARED, terms_at
from app.rules.packs import Rated
from app.rules.reasons import Source
from app.rules.terms import Money

# Pay that bears none: no text that was read says that it does.
BARE: Final = SHARED | {"secondary"}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What is due to the benefit plans on the pay of one kind of role."""

    category: str  # principal | background
    figure: Figure
    percent: Rated
    base: Figure
    source: Source
    # Only where it cut something.
    ceiling: Rated | None = None

    @property
    def rates(self) -> tuple[Rated, ...]:
        """The percentage, and the ceiling where it cut something."""
        return (self.percent, self.ceiling) if self.ceiling is not None else (self.percent,)

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        cut = {} if self.ceiling is None else {"ceiling": self.ceiling.money.wire()}
        return {
            "kind": "contribution",
            "what": f"contribution to benefit plans, {self.category}",
            "category": self.category,
            "amount": self.figure.money.wire(),
            "percent": str(self.percent.percent),
            "base": self.base.money.wire(),
            **cut,
            "source": self.source.wire(),
            "rates": [rate_wire(rate) for rate in self.rates],
            "formula": self.figure.formula(),
        }


def contribution(
    case: Case, source: Source, percent: Rated, line: Line, gross: Money
) -> Contribution:
    """The share of the pay that is below the ceiling."""
    base, ceiling = _below_ceiling(case, amount("gross", gross))
    figure = share("contribution", rated("percent", percent), base)
    return Contribution(line.category, figure, percent, base, source, ceiling)


def _below_ceiling(case: Case, gross: Figure) -> tuple[Figure, Rated | None]:
    """The part of the pay that bears contributions; the ceiling only where it cuts something."""
    ceiling = case.ceiling
    if ceiling is None or ceiling.money.currency != gross.currency:
        return gross, None
    room = rated("ceiling", ceiling)
    before = earned(case)
    if before is not None and before.minor:
        room = less("room", room, amount("earned_before", before, "earned before"))
    if gross.value <= room.value:
        return gross, None
    return lower("base", gross, room), ceiling


def earned(case: Case) -> Money | None:
    """What counts against a ceiling already: pay for other uses and, where known, in person."""
    try:
        a_day = daily(case, case.role).figure
        own = own_daily(case).figure
    except Missing:
        return None
    in_person = case.engagement.contract_days if case.engagement is not None else None
    minor = (in_person or Decimal(0)) * own.value
    # A sum for all uses of a consent is paid once: with the first use that names it.
    grant = consent_of(case).paying
    paid = {grant.id} if grant is not None else set[str]()
    for use, days in days_before(case):
        pay = _terms(case, use)
        dealt = _dealt(use, pay, days, a_day.currency)
        if pay is not None and pay.kind in PAID_ONCE:
            dealt = Decimal(0) if use.grant_id in paid else dealt
            paid.add(use.grant_id or "")
        minor += max(days * a_day.value, dealt)
    return Money(1, a_day.currency).times(minor)


def _terms(case: Case, use: Use) -> Pay | None:
    """The terms that another use began under."""
    began = use.registered_at or case.as_of
    pays = [terms_at(g, began).pay for g in case.facts.grants if g.id == use.grant_id]
    return pays[0] if pays else None


def _dealt(use: Use, pay: Pay | None, days: Decimal, currency: str) -> Decimal:
    """What was agreed for another use, other than by the day."""
    if pay is None or pay.amount is None or pay.amount.currency != currency:
        return Decimal(0)
    by_kind = {"per_day": days, "per_use": Decimal(use.quantity.uses or 1)}
    return Decimal(pay.amount.minor) * by_kind.get(pay.kind, Decimal(1))
