"""Statements: for one performer and one period, what each use earned and why.

Made from the ledger, from payments and from reports; nothing is stored. Amounts in two currencies
are never added, contributions to benefit plans are no pay, and what somebody else says was paid
stands apart. What is not known is a line of its own and never nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from app.rules import ledger
from app.rules.days import day_of
from app.rules.facts import BaseReport
from app.rules.ledger import Due, Payment, Standing
from app.rules.reasons import plain
from app.rules.terms import Money, money_from

EARNED: Final = "earned"
CONTRIBUTIONS: Final = "contributions"
MISSING: Final = "missing_report"
PAYMENTS: Final = "payments"
OUTSIDE: Final = "outside"
SECTIONS: Final = (EARNED, MISSING, CONTRIBUTIONS, PAYMENTS, OUTSIDE)

# The words of decision 20, as a reader of a statement has them.
STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ledger.NOT_KNOWN_YET: "not known yet",
        ledger.NOT_DUE: "not due yet",
        ledger.DUE: "due",
        ledger.SAID_PAID: "studio says paid",
        ledger.CONFIRMED: "paid, and confirmed",
        ledger.NOT_RECEIVED: "said to be paid, not received",
        ledger.DISPUTED: "disputed",
    }
)
# What was made, as the heading of a line has it.
MADE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan": "making the replica",
        "face_replace": "your face on somebody else",
        "de_age": "you at another age",
        "stunt": "a stunt",
        "crowd": "you in a crowd",
        "synthesize_voice": "your voice, made by machine",
        "dub": "dubbing with your voice",
        "alter": "your performance, altered",
        "realtime": "real-time generation",
        "train_model": "training a model",
        "promo": "advertising",
        "exhibit": "showing finished work",
    }
)
# How many months a report is expected for. The registry's own measure: no contract that was read
# and no term of a consent says one.
REPORT_MONTHS: Final = 3
_AGREED: Final = "As agreed in the consent"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a statement, ``[starts, until)``; an end that is left out is open."""

    starts: date | None = None
    until: date | None = None

    def has(self, day: date) -> bool:
        """Whether the day belongs to it."""
        return (self.starts is None or self.starts <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True)
class Outside:
    """One line of a residual statement of somebody else; its period is half-open."""

    id: str
    title: str
    market: str
    starts_on: date
    until: date
    gross: Money
    net: Money | None
    issuer: str
    reference: str
    issued_on: date
    stated_by: str


@dataclass(frozen=True, slots=True)
class Share:
    """What a performer has a share of: a base of some works, since a day, by the payer's word.

    ``since``: the first day on which it can have earned something; ``None``: nobody said it.
    """

    id: str
    performer_id: str
    payer_id: str
    base: str
    work_id: str
    works: frozenset[str]
    since: date | None


@dataclass(frozen=True, slots=True)
class PackWords:
    """What a pack calls itself, and what its rows say, by their ids."""

    title: str
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """All that a statement is made from, as it stood at one instant."""

    dues: tuple[Due, ...] = ()
    payments: tuple[Payment, ...] = ()
    outside: tuple[Outside, ...] = ()
    shares: tuple[Share, ...] = ()
    reports: tuple[BaseReport, ...] = ()
    # Titles of works, names of organizations, and packs by family and version.
    titles: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[tuple[str, str], PackWords] = field(default_factory=dict)
    # Performers for whom what is owed is kept until somebody answers for them.
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement. ``amount`` is absent where it is not known, and ``why`` says why."""

    section: str
    id: str
    day: date
    title: str
    made: str
    what: str
    amount: Money | None
    says: str
    state: str = ""
    why: str = ""
    # How it was worked out, and the parts that it was worked out from.
    reckoning: str = ""
    units: Decimal | None = None
    unit: str = ""
    rate: Money | None = None
    percent: Decimal | None = None
    base: Money | None = None
    ceiling: Money | None = None
    rule: str = ""
    rule_says: str = ""
    # A figure in it was not checked against the contract.
    unchecked: bool = False
    payer: str = ""
    due_on: date | None = None
    # What whoever disputes it says that it should be, and which side that is.
    claimed: Money | None = None
    claimed_by: str = ""
    use_id: str | None = None
    work_id: str | None = None
    market: str = ""
    net: Money | None = None
    starts_on: date | None = None
    until: date | None = None
    reference: str = ""
    due: Due | None = None
    stands: Standing | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """What the lines of one currency come to; contributions and what others paid are not in it."""

    currency: str
    # Every line of pay that is known, and how it stands. Parts that are argued about are not due.
    earned: Money
    confirmed: Money
    said_paid: Money
    due: Money
    not_due: Money
    argued: Money
    overpaid: Money
    # Of what was earned, lines with a figure that nobody checked against its contract.
    unchecked: Money
    contributions: Money


TOTALS: Final = (
    *("currency", "earned", "confirmed", "said_paid", "due", "not_due", "argued", "overpaid"),
    *("unchecked", "contributions"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one reader is shown.

    ``unknown``: how many lines of pay have no amount that anybody knows; ``missing``: how many
    reports nobody made; ``unchecked``: how many lines have a figure that nobody checked.
    """

    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    by_state: Mapping[str, int]
    unknown: int
    missing: int
    unchecked: int


def statement(record: Record, period: Period, as_of: datetime) -> Statement:
    """The statement of a period as it stands at ``as_of``."""
    found = [
        *_owed(record, as_of),
        *_missing(record, as_of),
        *_paid(record),
        *_outside(record),
    ]
    lines = [line for line in found if period.has(line.day)]
    lines.sort(key=lambda line: (SECTIONS.index(line.section), line.day, line.title, line.id))
    pay = [line for line in lines if line.section == EARNED]
    states = [line.state for line in pay]
    return Statement(
        tuple(lines),
        tuple(_totals(lines)),
        {state: states.count(state) for state in ledger.STATES if state in states},
        states.count(ledger.NOT_KNOWN_YET),
        sum(line.section == MISSING for line in lines),
        sum(line.unchecked for line in lines),
    )


def day_of_due(due: Due) -> date:
    """The day that a line belongs to: on which its duty arose, and before that was stated."""
    return day_of(due.arises_at or due.stated_at)


def _owed(record: Record, as_of: datetime) -> Iterator[Line]:
    for due in record.dues:
        stands = ledger.standing(due, record.payments, as_of)
        if _is_told(due, stands, as_of):
            yield _line(record, due, stands, as_of)


def _is_told(due: Due, stands: Standing, as_of: datetime) -> bool:
    """Whether a line says something to its reader: one that another took the place of does not."""
    if not ledger.has_ended(due, as_of) or due.ended_why == ledger.WITHDRAWN:
        return True
    return any(money is not None and money.minor for money in (stands.said, stands.confirmed))


def _line(record: Record, due: Due, stands: Standing, as_of: datetime) -> Line:
    ended = ledger.has_ended(due, as_of)
    rule, rule_says = rule_words(due.source, record.packs)
    disputed = stands.state == ledger.DISPUTED
    found = Line(
        section=CONTRIBUTIONS if due.kind == ledger.CONTRIBUTION else EARNED,
        id=due.id,
        day=day_of_due(due),
        title=record.titles.get(due.work_id or "", ""),
        made=made_words(due.use, due.shot),
        what=due.what,
        # A line that has ended is known: nothing is owed on it.
        amount=stands.undisputed if ended else due.amount,
        says=ledger.says(due, stands, kept=due.performer_id in record.kept),
        state=stands.state,
        why=due.why_unknown,
        reckoning=due.formula,
        rule=rule,
        rule_says=rule_says,
        unchecked=bool(due.unverified),
        payer=record.names.get(due.payer_id, ""),
        due_on=stands.due_on,
        claimed=due.claimed if disputed else None,
        claimed_by=_side(due) if disputed else "",
        use_id=due.use_id,
        work_id=due.work_id,
        due=due,
        stands=stands,
    )
    return replace(found, **parts_of(due.working, due.amount))


def _side(due: Due) -> str:
    return "payer" if due.disputed_by == due.payer_id else "performer"


def made_words(use: str | None, shot: str | None) -> str:
    """What was made, as people say it."""
    words = MADE_WORDS.get(use or "", "")
    return f"{words}, {shot}" if shot else words


def rule_words(
    source: Mapping[str, Any], packs: Mapping[tuple[str, str], PackWords]
) -> tuple[str, str]:
    """The rule and the contract behind a line, and what the rule says.

    Without a rule, it is what was agreed.
    """
    rule = source.get("rule", "")
    if not rule:
        return _AGREED, ""
    pack = packs.get((source["pack"], source["version"]))
    title = source["pack"] if pack is None else pack.title
    cites = ", ".join((*source.get("cites", ()), f"rule {rule}"))
    return f"{title} ({cites})", "" if pack is None else pack.says.get(rule, "")


def parts_of(working: Mapping[str, Any], amount: Money | None) -> dict[str, Any]:
    """Of how a line was worked out, what a payroll asks for one by one: what led to the amount."""
    found: dict[str, Any] = {}
    gives = None if amount is None else amount.wire()
    for step in working.get("steps", ()):
        first, *rest = step["of"]
        if step["op"] == "lower_of":
            found["ceiling"] = money_from(rest[0]["value"])
        if step["gives"]["value"] != gives:
            continue
        if step["op"] == "times":
            many = {"units": Decimal(first["value"]), "unit": first["unit"]}
            found |= {**many, "rate": money_from(rest[0]["value"])}
        elif step["op"] == "percent_of":
            found |= {"percent": Decimal(first["value"]), "base": money_from(rest[0]["value"])}
    return found


def _missing(record: Record, as_of: datetime) -> Iterator[Line]:
    for share in record.shares:
        if share.since is None:
            continue
        covered = [(r.starts_on, r.until) for r in record.reports if _is_about(r, share)]
        for starts, until in _gaps(covered, share.since, day_of(as_of)):
            words = months(starts, until)
            yield Line(
                section=MISSING,
                id=f"{share.id}/{starts.isoformat()}",
                day=until - _DAY,
                title=record.titles.get(share.work_id, ""),
                made="",
                what=f"share of {share.base}",
                amount=None,
                says=f"No report for {words}.",
                state=ledger.NOT_KNOWN_YET,
                why=f"Nobody has reported what {share.base} came to.",
                payer=record.names.get(share.payer_id, ""),
                work_id=share.work_id,
                starts_on=starts,
                until=until,
            )


def _is_about(report: BaseReport, share: Share) -> bool:
    return (
        report.base.casefold() == share.base.casefold()
        and report.work_id in share.works
        and report.stated_by == share.payer_id
        and report.performer_id in {None, share.performer_id}
    )


def _gaps(
    covered: Iterable[tuple[date, date]], since: date, today: date
) -> Iterator[tuple[date, date]]:
    """The parts of the quarters that are over, from ``since`` on, of which nothing is reported."""
    spans = sorted(covered)
    starts, until = _quarter(since)
    while until <= today:
        yield from _without(max(starts, since), until, spans)
        starts, until = _quarter(until)


def _without(
    starts: date, until: date, spans: Iterable[tuple[date, date]]
) -> Iterator[tuple[date, date]]:
    """What is left of ``[starts, until)`` without the spans, which are in order."""
    at = starts
    for first, after in spans:
        if at < min(first, until):
            yield at, min(first, until)
        at = max(at, after)
        if at >= until:
            return
    yield at, until


def _quarter(day: date) -> tuple[date, date]:
    """The quarter that a day lies in."""
    first = day.month - (day.month - 1) % REPORT_MONTHS
    after = first + REPORT_MONTHS
    starts = date(day.year, first, 1)
    return starts, date(day.year + after // 13, (after - 1) % 12 + 1, 1)


def months(starts: date, until: date) -> str:
    """A period as people say it: whole months by their names, else its first and last day."""
    last = until - _DAY
    if starts.day != 1 or until.day != 1:
        return plain(starts) if starts == last else f"{plain(starts)} to {plain(last)}"
    if (starts.year, starts.month) == (last.year, last.month):
        return f"{starts:%B %Y}"
    year = "" if starts.year == last.year else f" {starts.year}"
    return f"{starts:%B}{year} to {last:%B %Y}"


def _paid(record: Record) -> Iterator[Line]:
    plans = {due.id for due in record.dues if due.kind == ledger.CONTRIBUTION}
    for payment in record.payments:
        for currency in sorted({line.amount.currency for line in payment.lines}):
            named = [line for line in payment.lines if line.amount.currency == currency]
            beside = sum(line.amount.minor for line in named if line.due_id in plans)
            more = f" {plain(Money(beside, currency))} of it is for benefit plans."
            yield Line(
                section=PAYMENTS,
                id=payment.id,
                day=payment.paid_on,
                title="",
                made="",
                what=f"payment for {len(named)} {'line' if len(named) == 1 else 'lines'}",
                amount=Money(sum(line.amount.minor for line in named), currency),
                says=f"{_ANSWERS[payment.answer]}{more if beside else ''}",
                state=_PAYMENT_STATES[payment.answer],
                payer=record.names.get(payment.payer_id, ""),
                reference=payment.reference,
            )


_ANSWERS: Final[Mapping[str | None, str]] = MappingProxyType(
    {
        None: "Whoever pays says so; it is not confirmed yet.",
        ledger.YES: "Confirmed: it came.",
        ledger.NO: "Not received.",
        ledger.PART: "Only a part of it came.",
    }
)
_PAYMENT_STATES: Final[Mapping[str | None, str]] = MappingProxyType(
    {
        None: ledger.SAID_PAID,
        ledger.YES: ledger.CONFIRMED,
        ledger.NO: ledger.NOT_RECEIVED,
        ledger.PART: ledger.NOT_RECEIVED,
    }
)


def _outside(record: Record) -> Iterator[Line]:
    for one in record.outside:
        yield Line(
            section=OUTSIDE,
            id=one.id,
            day=one.issued_on,
            title=one.title,
            made="",
            what=f"residuals, {one.market}",
            amount=one.gross,
            says=f"{one.issuer} said so on {plain(one.issued_on)}; it was not worked out here.",
            payer=one.issuer,
            market=one.market,
            net=one.net,
            starts_on=one.starts_on,
            until=one.until,
            reference=one.reference,
        )


def _totals(lines: Iterable[Line]) -> Iterator[Total]:
    known = [
        (line, line.amount, line.stands)
        for line in lines
        if line.amount is not None and line.stands is not None
    ]
    for currency in sorted({amount.currency for _, amount, _ in known}):
        yield _total([one for one in known if one[1].currency == currency], currency)


def _total(known: Iterable[tuple[Line, Money, Standing]], currency: str) -> Total:
    pay = [one for one in known if one[0].section == EARNED]
    shares = [amount for line, amount, _ in known if line.section == CONTRIBUTIONS]
    left = [(stands.state, stands.left) for _, _, stands in pay]

    def of(amounts: Iterable[Money | None]) -> Money:
        return Money(sum(amount.minor for amount in amounts if amount is not None), currency)

    earned = of(amount for _, amount, _ in pay)
    undisputed = of(stands.undisputed for _, _, stands in pay)
    return Total(
        currency=currency,
        earned=earned,
        confirmed=of(stands.confirmed for _, _, stands in pay),
        said_paid=of(stands.said for _, _, stands in pay),
        due=of(amount for state, amount in left if state != ledger.NOT_DUE),
        not_due=of(amount for state, amount in left if state == ledger.NOT_DUE),
        argued=Money(earned.minor - undisputed.minor, currency),
        overpaid=of(stands.overpaid for _, _, stands in pay),
        unchecked=of(amount for line, amount, _ in pay if line.unchecked),
        contributions=of(shares),
    )
