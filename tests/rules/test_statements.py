"""A statement says what each use earned and why, what nobody knows, and how it all stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.rules import ledger
from app.rules import statements as rules
from app.rules.facts import BaseReport
from app.rules.ledger import Due, Paid, Payment
from app.rules.statements import Outside, PackWords, Period, Record, Share, statement
from app.rules.terms import Money

LOCKED = datetime(2026, 9, 10, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
USD = {"amount": "3849.00", "currency": "USD"}
SOURCE = {"rule": "TT-15", "pack": "guild/tv", "version": "2026", "cites": ["39.C"]}
TIMES: dict[str, Any] = {
    "op": "times",
    "of": [
        {"name": "days", "value": "3", "unit": "days"},
        {"name": "minimum", "value": {"amount": "1283.00", "currency": "USD"}, "unit": "a day"},
    ],
    "gives": {"name": "pay", "value": USD, "unit": ""},
}


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def a_due(**more: Any) -> Due:
    said = Due(
        id="due_1",
        performer_id="perf_1",
        work_id="work_1",
        payer_id="org_1",
        kind="days",
        what="days that the replica saves",
        amount=usd(384900),
        stands_from=LOCKED,
        stated_at=LOCKED - timedelta(days=9),
        use_id="use_1",
        use="stunt",
        shot="SC045",
        arises_at=LOCKED,
        formula="3 days at $1,283.00 a day = $3,849.00.",
        working={"steps": [TIMES]},
        source=SOURCE,
        unverified=("day_performer",),
    )
    return replace(said, **more)


def a_payment(amount: int = 384900, **more: Any) -> Payment:
    said = Payment(
        id="pay_1",
        payer_id="org_1",
        performer_id="perf_1",
        reference="WIRE-7",
        paid_on=date(2026, 10, 1),
        said_at=LOCKED + timedelta(days=21),
        lines=(Paid("due_1", usd(amount)),),
        stands_from=LOCKED + timedelta(days=21),
    )
    return replace(said, **more)


def a_record(*dues: Due, **more: Any) -> Record:
    return Record(
        dues=dues,
        titles={"work_1": "First Light"},
        names={"org_1": "Northlight"},
        packs={("guild/tv", "2026"): PackWords("The TV agreement", {"TT-15": "Days are paid."})},
        **more,
    )


def told(record: Record, **period: Any) -> rules.Statement:
    return statement(record, Period(**period), NOW)


def test_a_line_says_when_what_how_much_and_by_which_rule() -> None:
    (line,) = told(a_record(a_due())).lines
    assert (line.section, line.day, line.title) == (rules.EARNED, date(2026, 9, 10), "First Light")
    assert line.made == "a stunt, SC045"
    assert (line.units, line.unit, line.rate) == (Decimal(3), "days", usd(128300))
    assert line.amount == usd(384900)
    assert line.rule == "The TV agreement (39.C, rule TT-15)"
    assert line.rule_says == "Days are paid."
    assert (line.state, line.unchecked, line.payer) == (ledger.DUE, True, "Northlight")


def test_of_two_reckonings_the_one_that_led_to_the_amount_is_told() -> None:
    deal = {"name": "deal", "value": {"amount": "900.00", "currency": "USD"}, "unit": ""}
    least = {**TIMES, "of": [{**TIMES["of"][0], "value": "1"}, TIMES["of"][1]], "gives": deal}
    higher = {"op": "higher_of", "of": [deal, TIMES["gives"]], "gives": TIMES["gives"]}
    (line,) = told(a_record(a_due(working={"steps": [least, TIMES, higher]}))).lines
    assert (line.units, line.rate) == (Decimal(3), usd(128300))


def test_what_was_agreed_has_no_rule_and_a_pack_that_is_gone_is_named_as_it_was() -> None:
    agreed = a_due(source={"rule": ""}, use=None, shot=None, working={})
    (line,) = told(a_record(agreed)).lines
    assert (line.rule, line.made, line.units) == ("As agreed in the consent", "", None)
    (gone,) = told(replace(a_record(a_due()), packs={})).lines
    assert (gone.rule, gone.rule_says) == ("guild/tv (39.C, rule TT-15)", "")


@pytest.mark.parametrize(
    ("change", "bucket", "state"),
    [
        pytest.param({}, "due", ledger.DUE, id="due"),
        pytest.param({"arises_at": None}, "not_due", ledger.NOT_DUE, id="not locked yet"),
        pytest.param(
            {"disputed_at": LOCKED, "claimed": usd(300000)}, "argued", ledger.DISPUTED, id="argued"
        ),
    ],
)
def test_a_total_says_how_what_was_earned_stands(
    change: dict[str, Any], bucket: str, state: str
) -> None:
    made = told(a_record(a_due(**change)))
    (total,) = made.totals
    assert total.earned == usd(384900)
    assert made.by_state == {state: 1}
    parts = {n: getattr(total, n).minor for n in ("confirmed", "said_paid", "due", "not_due")}
    assert sum(parts.values()) + total.argued.minor == 384900
    assert getattr(total, bucket).minor > 0
    assert total.unchecked == usd(384900)


@pytest.mark.parametrize(("by", "side"), [("org_1", "payer"), ("perf_1", "performer")])
def test_a_disputed_line_says_who_says_what_it_should_be(by: str, side: str) -> None:
    argued = a_due(disputed_at=LOCKED, disputed_by=by, claimed=usd(300000))
    (line,) = told(a_record(argued)).lines
    assert (line.claimed, line.claimed_by) == (usd(300000), side)
    (settled,) = told(a_record(replace(argued, settled_at=NOW))).lines
    assert (settled.claimed, settled.claimed_by) == (None, "")


@pytest.mark.parametrize(
    ("answer", "bucket", "state"),
    [
        (None, "said_paid", ledger.SAID_PAID),
        ("yes", "confirmed", ledger.CONFIRMED),
        ("no", "due", ledger.NOT_RECEIVED),
    ],
)
def test_paid_is_the_payers_word_until_it_is_confirmed(
    answer: str | None, bucket: str, state: str
) -> None:
    paid = a_payment(answer=answer, answered_at=None if answer is None else NOW)
    made = told(a_record(a_due(), payments=(paid,)))
    assert getattr(made.totals[0], bucket) == usd(384900)
    line, payment = made.lines
    assert (line.state, payment.state, payment.section) == (state, state, rules.PAYMENTS)
    assert (payment.amount, payment.reference) == (usd(384900), "WIRE-7")


def test_a_payment_beyond_what_was_owed_is_not_earned() -> None:
    made = told(a_record(a_due(), payments=(a_payment(400000),)))
    assert (made.totals[0].earned, made.totals[0].overpaid) == (usd(384900), usd(15100))


def test_a_payment_in_two_currencies_is_two_lines() -> None:
    lines = (Paid("due_1", usd(100)), Paid("due_2", Money(200, "EUR")), Paid("due_3", usd(1)))
    made = told(a_record(payments=(a_payment(lines=lines),)))
    assert [(n.amount, n.what) for n in made.lines] == [
        (Money(200, "EUR"), "payment for 1 line"),
        (usd(101), "payment for 2 lines"),
    ]


def test_a_payment_says_how_much_of_it_is_not_for_the_performer() -> None:
    share = a_due(id="due_2", kind="contribution", amount=usd(80829))
    lines = (Paid("due_1", usd(384900)), Paid("due_2", usd(80829)))
    made = told(a_record(a_due(), share, payments=(a_payment(lines=lines),)))
    (payment,) = (line for line in made.lines if line.section == rules.PAYMENTS)
    assert payment.amount == usd(465729)
    assert payment.says.endswith("confirmed yet. $808.29 of it is for benefit plans.")


def test_currencies_are_never_added() -> None:
    euros = a_due(id="due_2", amount=Money(5000, "EUR"), unverified=())
    made = told(a_record(a_due(), euros))
    assert [(t.currency, t.earned.minor) for t in made.totals] == [("EUR", 5000), ("USD", 384900)]
    assert made.unchecked == 1


def test_contributions_stand_apart_from_pay() -> None:
    percent = {
        "op": "percent_of",
        "of": [{"name": "percent", "value": "21", "unit": ""}, {"name": "base", "value": USD}],
        "gives": {"name": "contribution", "value": {"amount": "808.29", "currency": "USD"}},
    }
    room = {"name": "ceiling", "value": {"amount": "3849.00", "currency": "USD"}}
    cut = {"op": "lower_of", "of": [{"name": "gross", "value": USD}, room], "gives": room}
    share = a_due(
        id="due_2", kind="contribution", amount=usd(80829), working={"steps": [cut, percent]}
    )
    made = told(a_record(a_due(), share))
    line = made.lines[-1]
    assert (line.section, line.percent) == (rules.CONTRIBUTIONS, Decimal(21))
    assert (line.base, line.ceiling) == (usd(384900), usd(384900))
    assert (made.totals[0].earned, made.totals[0].contributions) == (usd(384900), usd(80829))
    assert made.by_state == {ledger.DUE: 1}


def test_what_is_not_known_is_listed_and_counted_and_never_nothing() -> None:
    unknown = a_due(amount=None, why_unknown="Nobody counted the days.", working={}, unverified=())
    made = told(a_record(unknown))
    (line,) = made.lines
    assert (line.amount, line.state, line.why) == (
        None,
        ledger.NOT_KNOWN_YET,
        "Nobody counted the days.",
    )
    assert (made.unknown, made.totals) == (1, ())


@pytest.mark.parametrize(
    ("why", "payments", "shown"),
    [
        pytest.param(ledger.WITHDRAWN, (), True, id="given up"),
        pytest.param(ledger.DECIDED_AGAIN, (), False, id="replaced"),
        pytest.param(ledger.DECIDED_AGAIN, (a_payment(),), True, id="replaced and paid"),
    ],
)
def test_a_line_that_ended_is_told_where_it_says_something(
    why: str, payments: tuple[Payment, ...], shown: bool
) -> None:
    ended = a_due(arises_at=None, ended_at=LOCKED, ended_why=why)
    made = told(a_record(ended, payments=payments))
    lines = [line for line in made.lines if line.section == rules.EARNED]
    assert [line.amount for line in lines] == ([usd(0)] if shown else [])


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        ({"starts": date(2026, 9, 11)}, False),
        ({"starts": date(2026, 9, 10)}, True),
        ({"until": date(2026, 9, 10)}, False),
        ({"until": date(2026, 9, 11)}, True),
        ({"starts": date(2026, 9, 10), "until": date(2026, 9, 11)}, True),
    ],
)
def test_a_line_belongs_to_the_day_on_which_its_duty_arose(
    period: dict[str, date], shown: bool
) -> None:
    assert bool(told(a_record(a_due()), **period).lines) == shown


def test_before_that_it_belongs_to_the_day_on_which_it_was_stated() -> None:
    (line,) = told(a_record(a_due(arises_at=None))).lines
    assert line.day == date(2026, 9, 1)


def test_what_others_say_was_paid_is_in_no_total() -> None:
    outside = Outside(
        id="resid_1",
        title="Low Water",
        market="airlines",
        starts_on=date(2026, 1, 1),
        until=date(2026, 4, 1),
        gross=usd(3820),
        net=None,
        issuer="Residuals Ltd",
        reference="RES-1",
        issued_on=date(2026, 4, 30),
        stated_by="org_1",
    )
    made = told(a_record(outside=(outside, replace(outside, id="resid_2"))))
    assert [line.amount for line in made.lines] == [usd(3820), usd(3820)]
    assert made.totals == ()
    assert made.lines[0].says == (
        "Residuals Ltd said so on 30 April 2026; it was not worked out here."
    )


SHARE = Share(
    id="grant_1",
    performer_id="perf_1",
    payer_id="org_1",
    base="Streaming receipts",
    work_id="work_1",
    works=frozenset({"work_1", "series_1"}),
    since=date(2026, 2, 10),
)


def a_report(starts: tuple[int, int], until: tuple[int, int], **more: Any) -> BaseReport:
    said = BaseReport(
        id="base_1",
        work_id="series_1",
        base="streaming receipts",
        starts_on=date(2026, *starts),
        until=date(2026, *until),
        amount=usd(12500000),
        stated_by="org_1",
        stated_at=NOW,
    )
    return replace(said, **more)


def missing(*reports: BaseReport, share: Share = SHARE) -> list[str]:
    made = told(a_record(shares=(share,), reports=reports))
    assert made.missing == len(made.lines)
    assert all(line.amount is None for line in made.lines)
    return [line.says for line in made.lines]


def test_a_missing_report_is_a_line() -> None:
    assert missing() == [
        "No report for 10 February 2026 to 31 March 2026.",
        "No report for April to June 2026.",
        "No report for July to September 2026.",
    ]
    assert missing(share=replace(SHARE, since=None)) == []


@pytest.mark.parametrize(
    ("reports", "left"),
    [
        pytest.param([a_report((1, 1), (10, 1))], [], id="all of it"),
        pytest.param(
            [a_report((2, 1), (7, 1))], ["No report for July to September 2026."], id="the start"
        ),
        pytest.param(
            [a_report((1, 1), (7, 1)), a_report((8, 1), (9, 1), id="base_2")],
            ["No report for July 2026.", "No report for September 2026."],
            id="the middle of a quarter",
        ),
        pytest.param(
            [a_report((1, 1), (9, 30))], ["No report for 30 September 2026."], id="all but a day"
        ),
        pytest.param(
            [a_report((1, 1), (7, 1)), a_report((11, 1), (12, 1), id="base_2")],
            ["No report for July to September 2026."],
            id="a later one",
        ),
    ],
)
def test_days_that_are_reported_are_not_missing(reports: list[BaseReport], left: list[str]) -> None:
    assert missing(*reports) == left


@pytest.mark.parametrize(
    "other",
    [
        {"base": "sales of records"},
        {"work_id": "work_2"},
        {"stated_by": "org_2"},
        {"performer_id": "perf_2"},
    ],
)
def test_a_report_of_something_else_leaves_a_period_missing(other: dict[str, Any]) -> None:
    assert len(missing(a_report((1, 1), (10, 1), **other))) == 3
    assert missing(a_report((1, 1), (10, 1), performer_id="perf_1")) == []


@pytest.mark.parametrize(
    ("starts", "until", "words"),
    [
        (date(2026, 7, 1), date(2026, 8, 1), "July 2026"),
        (date(2026, 12, 1), date(2027, 2, 1), "December 2026 to January 2027"),
        (date(2026, 7, 1), date(2026, 7, 2), "1 July 2026"),
        (date(2026, 7, 2), date(2026, 8, 1), "2 July 2026 to 31 July 2026"),
    ],
)
def test_a_period_is_said_as_people_say_it(starts: date, until: date, words: str) -> None:
    assert rules.months(starts, until) == words


def test_a_quarter_that_ends_today_is_over_and_one_that_ends_tomorrow_is_not() -> None:
    share = replace(SHARE, since=date(2026, 10, 1))
    record = a_record(shares=(share,))
    last = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert statement(record, Period(), last).lines == ()
    (line,) = statement(record, Period(), last + timedelta(minutes=1)).lines
    assert (line.day, line.says) == (date(2026, 12, 31), "No report for October to December 2026.")
