"""The ledger: what is owed for a use or for making a replica, and what became of it.

"Paid" is the payer's word until the performer confirms it. How a line stands is never stored: it
follows from dated facts at an instant. What is owed but not known has no amount, never 0.00.

Source: domain rules (f): the duty to pay arises at use, which is the lock or the delivery, and for
making a replica at the session. No agreement that was read states a due date or a late fee; both
are parameters of a pack, and without them none is counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.rules.decide.rows import Rule
from app.rules.reasons import plain
from app.rules.terms import Money, minor_digits

# Beside the kinds of lines of pay: a share for the benefit plans, which is not the performer's.
CONTRIBUTION: Final = "contribution"
PERFORMER: Final = "performer"
PLANS: Final = "benefit_plans"
PAYEES: Final = (PERFORMER, PLANS)

NOT_KNOWN_YET: Final = "not_known_yet"
NOT_DUE: Final = "not_due"
DUE: Final = "due"
SAID_PAID: Final = "said_paid"
CONFIRMED: Final = "confirmed"
NOT_RECEIVED: Final = "not_received"
DISPUTED: Final = "disputed"
STATES: Final = (NOT_KNOWN_YET, NOT_DUE, DUE, SAID_PAID, CONFIRMED, NOT_RECEIVED, DISPUTED)

YES: Final = "yes"
NO: Final = "no"
PART: Final = "part"
ANSWERS: Final = (YES, NO, PART)

# Why nothing is owed on a line any more.
WITHDRAWN: Final = "withdrawn"
DECIDED_AGAIN: Final = "decided_again"
OWED_ELSEWHERE: Final = "owed_elsewhere"
ENDINGS: Final = (WITHDRAWN, DECIDED_AGAIN, OWED_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class PayBy:
    """When a pack says that pay is due, and what it says being late costs.

    ``days`` are calendar days after the duty arose, in ``zone``; the last of them is in time.
    """

    days: int
    late_per_day: Money | None = None
    late_days_at_most: int | None = None
    zone: str = "UTC"
    rule: str = ""
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """One line of the ledger, as it stood from ``stands_from`` on.

    ``amount`` is absent while it is not known; ``why_unknown`` says why. ``arises_at``: when the
    duty arose; absent while it has not. ``ended_at``: from then on nothing is owed on the line.
    """

    id: str
    performer_id: str
    work_id: str | None
    payer_id: str
    kind: str
    what: str
    amount: Money | None
    stands_from: datetime
    stated_at: datetime
    use_id: str | None = None
    replica_id: str | None = None
    capture_session_id: str | None = None
    use: str | None = None
    shot: str | None = None
    # Lines with one mark are owed once between them, however many uses name it.
    once: str | None = None
    arises_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None
    why_unknown: str = ""
    # How it was worked out: in words, and the same as data.
    formula: str = ""
    working: Mapping[str, Any] = field(default_factory=dict)
    # The row of the pack that says it, the figures that it follows from, those nobody checked.
    source: Mapping[str, Any] = field(default_factory=dict)
    rates: tuple[Mapping[str, Any], ...] = ()
    unverified: tuple[str, ...] = ()
    # Whether it keeps the contract's minimum: above | below | unknown.
    floor: str = "unknown"
    pay_by: PayBy | None = None
    disputed_at: datetime | None = None
    disputed_by: str | None = None
    # What whoever disputes it says that it should be; absent where they did not say.
    claimed: Money | None = None
    settled_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment says of one line. ``because``: why it is more than was left on it."""

    due_id: str
    amount: Money
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment by the payer's word, with the performer's answer where there is one.

    ``answer``: yes | no | part; of a part, ``received`` says how much of which line came.
    """

    id: str
    payer_id: str
    performer_id: str
    reference: str
    paid_on: date
    said_at: datetime
    lines: tuple[Paid, ...]
    stands_from: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    received: tuple[Paid, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How a line stands at an instant. Amounts are absent where the line's own is not known."""

    state: str
    # What the payer does not dispute; it is due while the rest is argued.
    undisputed: Money | None
    # Said to be paid and not answered yet, confirmed, and said to be paid but not received.
    said: Money | None
    confirmed: Money | None
    missing: Money | None
    # What is still to pay of what is undisputed, and what was confirmed beyond it.
    left: Money | None
    overpaid: Money | None
    due_on: date | None
    days_late: int
    penalty: Money | None


def standing(due: Due, payments: Iterable[Payment], as_of: datetime) -> Standing:
    """How a line stands at ``as_of``, given all payments that name it."""
    said = tuple(p for p in payments if p.said_at <= as_of and _names(p, due))
    currency = _currency(due, said)
    sums = _sums(due, said, currency, as_of)
    owed = _undisputed(due, as_of)
    counted = sums[SAID_PAID] + sums[CONFIRMED]
    left = max(0, (0 if owed is None else owed.minor) - counted)
    on = due_on(due)
    late = _days_late(due, on, said, owed, as_of)
    state = _state(due, sums, counted, as_of)
    return Standing(
        state=state,
        undisputed=owed,
        said=_money(sums[SAID_PAID], currency),
        confirmed=_money(sums[CONFIRMED], currency),
        missing=_money(sums[NOT_RECEIVED], currency),
        left=None if owed is None else Money(left, owed.currency),
        overpaid=None if owed is None else Money(max(0, counted - owed.minor), owed.currency),
        due_on=on,
        days_late=late,
        penalty=_penalty(due, late),
    )


def says(due: Due, stands: Standing, *, kept: bool) -> str:
    """How a line stands, in a sentence or two; it names no amount, because not all may read it.

    ``kept``: it is kept for an estate.
    """
    if due.ended_why is not None and stands.state == NOT_DUE:
        return _ENDED[due.ended_why]
    if due.amount is not None and due.amount.minor == 0:
        return "Nothing is owed for this: the contract or the terms say that it adds no pay."
    came = stands.confirmed is not None and stands.confirmed.minor > 0
    said = [_PART_CAME if stands.state == NOT_RECEIVED and came else _SAYS[stands.state]]
    if stands.state == NOT_DUE and due.arises_at is None:
        said.append("The duty to pay arises when the use is locked, or with the session.")
    elif stands.state in {NOT_DUE, DUE, NOT_RECEIVED, DISPUTED}:
        said.append(_late_words(due, stands))
    if kept and stands.state not in {SAID_PAID, CONFIRMED}:
        said.append(_KEPT)
    return " ".join(said)


_SAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        NOT_KNOWN_YET: "Something is owed and nobody can say yet how much. It is not nothing.",
        NOT_DUE: "Not due yet.",
        DUE: "Due.",
        SAID_PAID: "Whoever pays says that it was paid. The performer has not confirmed it yet.",
        CONFIRMED: "Paid: the performer confirmed it.",
        NOT_RECEIVED: "Whoever pays says that it was paid. The performer has not received it.",
        DISPUTED: "Disputed. What both sides say is owed is due while the rest is argued.",
    }
)
_PART_CAME: Final = (
    "Whoever pays says that it was paid. The performer has received a part and not all of it."
)
_ENDED: Final[Mapping[str, str]] = MappingProxyType(
    {
        WITHDRAWN: "Nothing is owed: the use was given up before it was locked.",
        DECIDED_AGAIN: "Nothing is owed on this line: the use was decided again without it.",
        OWED_ELSEWHERE: "Owed once for several uses, and listed with another one of them.",
    }
)
_KEPT: Final = (
    "The performer has died. It is kept until somebody is proven who answers for them alone."
)


def _late_words(due: Due, stands: Standing) -> str:
    terms = due.pay_by
    if terms is None or stands.due_on is None:
        return "No due date and no late fee is known for it, so none is counted."
    last = f"The last day to pay in time {'was' if stands.days_late else 'is'}"
    said = f"{last} {plain(stands.due_on)}."
    if stands.days_late:
        said = f"{said} It is {stands.days_late} day{'s' if stands.days_late > 1 else ''} late."
    return said if terms.late_per_day is not None else f"{said} No late fee is known for it."


def pay_by_of(found: Iterable[Rule]) -> PayBy | None:
    """What the strongest pack says of when pay is due, of the rows in force that do; if any."""
    rule = next(iter(found), None)
    if rule is None:
        return None
    row, late = rule.row, None
    if "late_per_day" in row.params:
        late = Money(1, rule.pack.currency).times(
            row.decimal("late_per_day").scaleb(minor_digits(rule.pack.currency))
        )
    return PayBy(
        days=row.count("days"),
        late_per_day=late,
        late_days_at_most=row.count("late_days_at_most")
        if "late_days_at_most" in row.params
        else None,
        zone=rule.pack.zone,
        rule=row.id,
        pack=rule.pack.name,
    )


def owes(due: Due, as_of: datetime) -> bool:
    """Whether something is or may be owed on the line: it has not ended, and is not nothing."""
    return not has_ended(due, as_of) and (due.amount is None or due.amount.minor > 0)


def to(due: Due) -> str:
    """Whom a line is paid to: one of `PAYEES`."""
    return PLANS if due.kind == CONTRIBUTION else PERFORMER


def sums(found: Iterable[Standing]) -> list[tuple[str, Money | None, int]]:
    """What lines come to, by state and currency, and how many lines have a part in each sum.

    Of a line that was paid in part, that part is in the sum of what was said or confirmed, and
    what is left of it in the sum of its state. Of what is not known there is no sum.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for stands in found:
        for state, amount in _parts(stands):
            currency = "" if amount is None else amount.currency
            groups.setdefault((state, currency), []).append(0 if amount is None else amount.minor)
    return [
        (state, Money(sum(all_), currency) if currency else None, len(all_))
        for (state, currency), all_ in sorted(groups.items(), key=_by_state)
    ]


def _parts(stands: Standing) -> Iterator[tuple[str, Money | None]]:
    if stands.undisputed is None:
        yield NOT_KNOWN_YET, None
    for state, amount in (
        (stands.state, stands.left),
        (SAID_PAID, stands.said),
        (CONFIRMED, stands.confirmed),
    ):
        if amount is not None and amount.minor:
            yield state, amount


def _by_state(group: tuple[tuple[str, str], list[int]]) -> tuple[int, str]:
    (state, currency), _ = group
    return STATES.index(state), currency


def due_on(due: Due) -> date | None:
    """The last day on which it is paid in time; ``None``: not due yet, or no such day is known."""
    if due.pay_by is None or due.arises_at is None:
        return None
    arose = due.arises_at.astimezone(ZoneInfo(due.pay_by.zone)).date()
    return arose + timedelta(days=due.pay_by.days)


def is_disputed(due: Due, as_of: datetime) -> bool:
    """Whether somebody disputes the line at ``as_of``."""
    return (
        due.disputed_at is not None
        and due.disputed_at <= as_of
        and (due.settled_at is None or due.settled_at > as_of)
    )


def has_ended(due: Due, as_of: datetime) -> bool:
    """Whether nothing is owed on the line any more."""
    return due.ended_at is not None and due.ended_at <= as_of


def _undisputed(due: Due, as_of: datetime) -> Money | None:
    if due.amount is None:
        return None
    if has_ended(due, as_of):
        return Money(0, due.amount.currency)
    if is_disputed(due, as_of) and due.claimed is not None:
        # Both sides say at least this much.
        return min(due.amount, due.claimed)
    return due.amount


def _sums(
    due: Due, payments: Iterable[Payment], currency: str | None, as_of: datetime
) -> dict[str, int]:
    """Minor units of what was said of the line: not answered yet, received, and not received.

    Not received is what the last payment said and did not bring: an earlier one was made good.
    What was paid in another currency than the line's is on the payment and never converted.
    """
    sums = dict.fromkeys((SAID_PAID, CONFIRMED, NOT_RECEIVED), 0)
    for payment in sorted(payments, key=lambda p: (p.said_at, p.id)):
        said, came = _said_and_came(payment, due.id, currency, as_of)
        sums[NOT_RECEIVED] = 0 if came is None else said - came
        sums[SAID_PAID if came is None else CONFIRMED] += said if came is None else came
    return sums


def _said_and_came(
    payment: Payment, due_id: str, currency: str | None, as_of: datetime
) -> tuple[int, int | None]:
    """What a payment says of the line and what of that came, where it is answered by then."""
    said = _named(payment.lines, due_id, currency)
    if payment.answered_at is None or payment.answered_at > as_of:
        return said, None
    received = _named(payment.received, due_id, currency)
    return said, {YES: said, NO: 0}.get(payment.answer or "", received)


def _named(lines: Iterable[Paid], due_id: str, currency: str | None) -> int:
    named = (line.amount for line in lines if line.due_id == due_id)
    return sum(amount.minor for amount in named if amount.currency == currency)


def _state(due: Due, sums: Mapping[str, int], counted: int, as_of: datetime) -> str:
    if has_ended(due, as_of):
        return NOT_DUE
    if due.amount is None:
        return NOT_KNOWN_YET
    if is_disputed(due, as_of) and _is_due(due, as_of):
        return DISPUTED
    # Only money that was paid is paid, and not what whoever pays says that it does not owe.
    if counted >= due.amount.minor > 0:
        return SAID_PAID if sums[SAID_PAID] else CONFIRMED
    if sums[NOT_RECEIVED]:
        return NOT_RECEIVED
    return DUE if _is_due(due, as_of) else NOT_DUE


def _is_due(due: Due, as_of: datetime) -> bool:
    if due.amount is None or due.amount.minor == 0:
        return False
    if due.arises_at is None or due.arises_at > as_of:
        return False
    on = due_on(due)
    return on is None or on <= _day(due, as_of)


def _days_late(
    due: Due, on: date | None, payments: Iterable[Payment], owed: Money | None, as_of: datetime
) -> int:
    """Calendar days after the last day in time, up to the day on which all was paid or to now."""
    if on is None or owed is None or owed.minor == 0:
        return 0
    until, left = _day(due, as_of), owed.minor
    for payment in sorted(payments, key=lambda p: (p.paid_on, p.id)):
        said, came = _said_and_came(payment, due.id, owed.currency, as_of)
        left -= said if came is None else came
        if left <= 0:
            until = payment.paid_on
            break
    return max(0, (until - on).days)


def _penalty(due: Due, late: int) -> Money | None:
    terms = due.pay_by
    if terms is None or terms.late_per_day is None:
        return None
    counted = late if terms.late_days_at_most is None else min(late, terms.late_days_at_most)
    return Money(terms.late_per_day.minor * counted, terms.late_per_day.currency)


def _day(due: Due, at: datetime) -> date:
    zone = "UTC" if due.pay_by is None else due.pay_by.zone
    return at.astimezone(ZoneInfo(zone)).date()


def _names(payment: Payment, due: Due) -> bool:
    return any(line.due_id == due.id for line in payment.lines)


def _currency(due: Due, payments: Iterable[Payment]) -> str | None:
    """Of the line; of one whose amount is not known, that of what was paid on it."""
    if due.amount is not None:
        return due.amount.currency
    return next((line.amount.currency for p in payments for line in p.lines), None)


def _money(minor: int, currency: str | None) -> Money | None:
    return None if currency is None else Money(minor, currency)
