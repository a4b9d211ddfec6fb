"""How a line of the ledger stands: in words that a person would use, from dated facts alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.rules import ledger
from app.rules.decide.rows import Rule
from app.rules.ledger import Due, Paid, PayBy, Payment, Standing, standing
from app.rules.packs import Pack, RuleRow
from app.rules.terms import Money

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=40)
OWED = Money(384900, "USD")
LINE = Due(
    id="due_1",
    performer_id="ada",
    work_id="film",
    payer_id="studio",
    kind="days",
    what="days that the replica saves",
    amount=OWED,
    stands_from=NOON,
    stated_at=NOON,
    arises_at=NOON,
)
TERMS = PayBy(days=30, zone="America/Los_Angeles")


def usd(amount: str) -> Money:
    return Money(int(amount.replace(".", "")), "USD")


def payment(amount: Money, *, day: int = 3, **more: Any) -> Payment:
    at = datetime(2026, 11, day, 12, tzinfo=UTC)
    return Payment(
        id=f"pay_{day}",
        payer_id="studio",
        performer_id="ada",
        reference="PR-1",
        paid_on=at.date(),
        said_at=at,
        lines=(Paid("due_1", amount),),
        stands_from=at,
        **more,
    )


def answered(amount: Money, answer: str, came: Money | None = None, day: int = 3) -> Payment:
    received = () if came is None else (Paid("due_1", came),)
    at = datetime(2026, 11, day, 18, tzinfo=UTC)
    return payment(amount, day=day, answer=answer, answered_at=at, received=received)


def at(line: Due, *payments: Payment, as_of: datetime = LATER) -> Standing:
    return standing(line, payments, as_of)


def test_pay_is_not_due_before_its_duty_arises_and_due_from_that_instant() -> None:
    early = NOON - timedelta(seconds=1)
    assert at(LINE, as_of=early).state == ledger.NOT_DUE
    assert at(LINE, as_of=NOON).state == ledger.DUE
    assert at(replace(LINE, arises_at=None)).state == ledger.NOT_DUE


def test_what_is_not_known_has_no_amount_and_no_sum() -> None:
    unknown = at(replace(LINE, amount=None, why_unknown="Nobody has entered the days."))
    assert unknown.state == ledger.NOT_KNOWN_YET
    amounts = (unknown.undisputed, unknown.said, unknown.left, unknown.overpaid, unknown.penalty)
    assert amounts == (None,) * 5
    assert ledger.sums([unknown]) == [(ledger.NOT_KNOWN_YET, None, 1)]


def test_an_advance_on_an_unknown_line_is_shown_and_settles_nothing() -> None:
    stands = at(replace(LINE, amount=None), payment(usd("100.00")))
    assert (stands.state, stands.said) == (ledger.NOT_KNOWN_YET, usd("100.00"))


def test_paid_is_the_payers_word_until_it_is_confirmed() -> None:
    said = payment(OWED)
    assert at(LINE, said, as_of=said.said_at - timedelta(seconds=1)).state == ledger.DUE
    assert at(LINE, said).state == ledger.SAID_PAID
    came = answered(OWED, ledger.YES)
    assert at(LINE, came, as_of=came.said_at).state == ledger.SAID_PAID
    assert at(LINE, came).state == ledger.CONFIRMED
    assert at(LINE, came).left == usd("0.00")


def test_a_part_is_said_and_the_rest_stays_due() -> None:
    stands = at(LINE, payment(usd("849.00")))
    assert (stands.state, stands.said, stands.left) == (ledger.DUE, usd("849.00"), usd("3000.00"))


def test_what_did_not_come_is_not_received_until_it_is_paid_again() -> None:
    never = answered(OWED, ledger.NO)
    stands = at(LINE, never)
    assert (stands.state, stands.missing, stands.left) == (ledger.NOT_RECEIVED, OWED, OWED)
    again = payment(OWED, day=5)
    assert at(LINE, never, again).state == ledger.SAID_PAID
    assert at(LINE, never, answered(OWED, ledger.YES, day=5)).state == ledger.CONFIRMED


def test_of_a_part_that_came_the_rest_is_not_received() -> None:
    stands = at(LINE, answered(OWED, ledger.PART, usd("2000.00")))
    assert stands.state == ledger.NOT_RECEIVED
    assert (stands.confirmed, stands.missing) == (usd("2000.00"), usd("1849.00"))
    assert ledger.sums([stands]) == [
        (ledger.CONFIRMED, usd("2000.00"), 1),
        (ledger.NOT_RECEIVED, usd("1849.00"), 1),
    ]
    said = ledger.says(LINE, stands, kept=False)
    assert said.startswith("Whoever pays says that it was paid. The performer has received a part")
    never = ledger.says(LINE, at(LINE, answered(OWED, ledger.NO)), kept=False)
    assert never.startswith("Whoever pays says that it was paid. The performer has not received it")


def test_a_payment_on_another_line_says_nothing_of_this_one() -> None:
    other = replace(payment(OWED), lines=(Paid("due_2", OWED),))
    assert at(LINE, other).state == ledger.DUE


def test_a_dispute_leaves_due_what_both_sides_say() -> None:
    argued = replace(LINE, disputed_at=NOON, disputed_by="ada", claimed=usd("5132.00"))
    stands = at(argued)
    assert (stands.state, stands.undisputed) == (ledger.DISPUTED, OWED)
    by_payer = replace(argued, disputed_by="studio", claimed=usd("2566.00"))
    assert at(by_payer).undisputed == usd("2566.00")
    assert at(replace(argued, claimed=None)).undisputed == OWED
    over = replace(argued, settled_at=NOON + timedelta(days=1))
    assert at(over).state == ledger.DUE
    assert at(over, as_of=NOON + timedelta(hours=23)).state == ledger.DISPUTED
    assert at(argued, as_of=NOON - timedelta(seconds=1)).state == ledger.NOT_DUE


def test_nothing_is_owed_on_a_line_that_ended() -> None:
    ended = replace(LINE, ended_at=NOON, ended_why=ledger.WITHDRAWN)
    stands = at(ended, payment(usd("10.00")))
    assert (stands.state, stands.left) == (ledger.NOT_DUE, usd("0.00"))
    assert stands.overpaid == usd("10.00")
    assert not ledger.owes(ended, LATER)
    assert ledger.owes(ended, NOON - timedelta(seconds=1))


def test_a_line_of_nothing_is_never_due() -> None:
    nothing = replace(LINE, amount=usd("0.00"))
    assert at(nothing).state == ledger.NOT_DUE
    assert not ledger.owes(nothing, LATER)
    assert ledger.owes(replace(LINE, amount=None), LATER)


@pytest.mark.parametrize(
    ("day", "state", "late"),
    [
        # 30 calendar days after 2 November in Los Angeles: 2 December is the last in time.
        (datetime(2026, 12, 2, 7, 59, tzinfo=UTC), ledger.NOT_DUE, 0),
        (datetime(2026, 12, 2, 8, 0, tzinfo=UTC), ledger.DUE, 0),
        (datetime(2026, 12, 3, 7, 59, tzinfo=UTC), ledger.DUE, 0),
        (datetime(2026, 12, 3, 8, 0, tzinfo=UTC), ledger.DUE, 1),
        (datetime(2026, 12, 12, 8, 0, tzinfo=UTC), ledger.DUE, 10),
    ],
)
def test_days_late_are_calendar_days_after_the_last_day_in_time(
    day: datetime, state: str, late: int
) -> None:
    stands = at(replace(LINE, pay_by=TERMS), as_of=day)
    assert stands.due_on == date(2026, 12, 2)
    assert (stands.state, stands.days_late) == (state, late)


def test_days_late_are_counted_up_to_the_payment() -> None:
    line = replace(LINE, pay_by=replace(TERMS, days=0))
    assert at(line, payment(OWED, day=2)).days_late == 0
    assert at(line, payment(OWED, day=5)).days_late == 3
    assert at(replace(line, arises_at=None)).days_late == 0
    assert at(replace(line, ended_at=NOON)).days_late == 0
    assert at(replace(line, amount=None)).days_late == 0
    assert at(replace(line, amount=usd("0.00"))).days_late == 0


def test_a_bonus_that_comes_later_does_not_make_the_pay_late() -> None:
    line = replace(LINE, pay_by=replace(TERMS, days=0))
    late = [at(line, payment(OWED, day=2), payment(usd("9.00"), day=day)) for day in (2, 9)]
    assert [stands.days_late for stands in late] == [0, 0]
    halves = (payment(usd("3000.00"), day=2), answered(usd("849.00"), ledger.YES, day=5))
    assert at(line, *halves).days_late == 3


def test_what_the_payer_says_it_does_not_owe_is_not_paid() -> None:
    argued = replace(LINE, disputed_at=NOON, disputed_by="studio", claimed=usd("0.00"))
    line = replace(argued, pay_by=TERMS)
    assert at(line, as_of=NOON).state == ledger.NOT_DUE
    assert at(line).state == ledger.DISPUTED


def test_what_was_paid_in_another_currency_is_not_taken_off() -> None:
    stands = at(LINE, payment(Money(384900, "EUR")))
    assert (stands.state, stands.left, stands.said) == (ledger.DUE, OWED, usd("0.00"))


def test_a_late_fee_is_what_the_pack_says_and_none_where_it_says_none() -> None:
    late = datetime(2026, 12, 12, 8, 0, tzinfo=UTC)
    assert at(replace(LINE, pay_by=TERMS), as_of=late).penalty is None
    a_day = replace(TERMS, late_per_day=usd("10.00"))
    assert at(replace(LINE, pay_by=a_day), as_of=late).penalty == usd("100.00")
    capped = replace(a_day, late_days_at_most=4)
    assert at(replace(LINE, pay_by=capped), as_of=late).penalty == usd("40.00")
    assert at(LINE, as_of=late).penalty is None


def rule(**params: object) -> Rule:
    row = RuleRow("XX-01", ("pay_by",), params=params)
    return Rule(row, Pack("house/pay", "1", currency="JPY", zone="Asia/Tokyo"), rank=0)


def test_when_pay_is_due_is_read_from_the_strongest_row() -> None:
    assert ledger.pay_by_of([]) is None
    plain = ledger.pay_by_of([rule(days=10), rule(days=20)])
    assert plain == PayBy(10, zone="Asia/Tokyo", rule="XX-01", pack="house/pay@1")
    fee = ledger.pay_by_of([rule(days=10, late_per_day="500", late_days_at_most=7)])
    assert fee is not None
    assert (fee.late_per_day, fee.late_days_at_most) == (Money(500, "JPY"), 7)


def said(line: Due, *payments: Payment, as_of: datetime = LATER, kept: bool = False) -> str:
    return ledger.says(line, at(line, *payments, as_of=as_of), kept=kept)


def test_a_line_says_how_it_stands_and_never_an_amount() -> None:
    none_known = "No due date and no late fee is known for it, so none is counted."
    assert said(LINE) == f"Due. {none_known}"
    assert said(replace(LINE, arises_at=None)) == (
        "Not due yet. The duty to pay arises when the use is locked, or with the session."
    )
    assert said(LINE, answered(OWED, ledger.YES)) == "Paid: the performer confirmed it."
    assert said(replace(LINE, amount=usd("0.00"))).startswith("Nothing is owed for this")
    kept = said(LINE, kept=True)
    assert kept.endswith("It is kept until somebody is proven who answers for them alone.")
    assert said(LINE, payment(OWED), kept=True) == said(LINE, payment(OWED))
    assert said(replace(LINE, amount=None)).endswith("It is not nothing.")


@pytest.mark.parametrize("why", ledger.ENDINGS)
def test_a_line_that_ended_says_why(why: str) -> None:
    assert "owed" in said(replace(LINE, ended_at=NOON, ended_why=why)).lower()


def test_a_late_line_says_since_when() -> None:
    line = replace(LINE, pay_by=TERMS)
    assert said(line, as_of=NOON) == (
        "Not due yet. The last day to pay in time is 2 December 2026. No late fee is known for it."
    )
    day = datetime(2026, 12, 3, 8, tzinfo=UTC)
    fee = replace(line, pay_by=replace(TERMS, late_per_day=usd("1.00")))
    assert said(fee, as_of=day) == (
        "Due. The last day to pay in time was 2 December 2026. It is 1 day late."
    )
    assert said(fee, as_of=day + timedelta(days=1)).endswith("It is 2 days late.")


def test_sums_are_by_state_and_currency_in_the_order_of_the_states() -> None:
    euro = replace(LINE, id="due_9", amount=Money(100, "EUR"))
    lines = [at(LINE), at(LINE, payment(OWED)), at(euro), at(LINE)]
    assert ledger.sums(lines) == [
        (ledger.DUE, Money(100, "EUR"), 1),
        (ledger.DUE, Money(769800, "USD"), 2),
        (ledger.SAID_PAID, OWED, 1),
    ]


def test_contributions_go_to_the_plans_and_all_else_to_the_performer() -> None:
    assert ledger.to(LINE) == ledger.PERFORMER
    assert ledger.to(replace(LINE, kind=ledger.CONTRIBUTION)) == ledger.PLANS
