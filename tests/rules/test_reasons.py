"""Reasons: the table of codes, and sentences made from it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.rules.packs import Pack, PackSet, Rated, RateRow, RuleRow
from app.rules.reasons import CODES, make, names_in, plain, wire
from app.rules.terms import Money

BANDS = {
    "D": {"deny"},
    "A": {"needs_action"},
    "O": {"obligation", "info"},
    "W": {"warning"},
    "E": {"info"},
}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_says_by_its_letter_what_it_does(code: str) -> None:
    spec = CODES[code]
    assert spec.outcome in ({"info"} if code == "OK_RUNOFF" else BANDS[code[0]])
    assert (spec.when != "") == code.startswith("O_")
    starts = {"deny": "Stop. ", "warning": "Note: "}.get(spec.outcome, "")
    assert spec.template.startswith(starts)


def test_precedence_tells_all_codes_apart_and_keeps_the_order_of_the_steps() -> None:
    ranks = [spec.precedence for spec in CODES.values()]
    assert len(ranks) == len({*ranks})
    order = (
        *("A_IDENTITY", "D_MINOR_SEXUAL", "D_COURT_ORDER", "D_UNION_VETO", "D_EXCLUDED"),
        *("D_SCOPE_WORK", "D_FORM_NOT_SEPARATE", "A_NOTICE_48H", "D_PAY_BELOW_FLOOR"),
        *("O_PAY", "W_CLASS"),
    )
    assert [*order] == sorted(order, key=lambda code: CODES[code].precedence)


def test_a_sentence_with_a_hole_is_never_made() -> None:
    with pytest.raises(KeyError, match="ended"):
        make("D_EXPIRED", ended=None)
    with pytest.raises(KeyError, match="ended"):
        make("D_EXPIRED")


def test_words_are_not_facts_and_facts_can_be_more_than_words() -> None:
    reason = make("D_EXPIRED", ended=date(2026, 1, 2), version="x", by=date(2026, 1, 3))
    assert (
        reason.sentence
        == "Stop. The performer's yes ran until 2 January 2026. A new use needs a new yes."
    )
    assert reason.wire()["facts"] == {"ended": "2026-01-02", "version": "x"}
    assert reason.wire()["unblock"] == [{**reason.unblock[0].wire(), "by": "2026-01-03"}]
    assert names_in("{a} and {a} or {b}") == ("a", "b")


@pytest.mark.parametrize(
    ("value", "spoken", "sent"),
    [
        (Money(128300, "USD"), "$1,283.00", {"amount": "1283.00", "currency": "USD"}),
        (Money(100, "JPY"), "100 JPY", {"amount": "100", "currency": "JPY"}),
        (date(2026, 9, 1), "1 September 2026", "2026-09-01"),
        (
            datetime(2026, 9, 1, 9, tzinfo=UTC),
            "1 September 2026, 09:00 UTC",
            "2026-09-01T09:00:00.000000Z",
        ),
        (Decimal("3.50"), "3.5", "3.5"),
        (Decimal(300), "300", "300"),
        (("a", "b", "c"), "a, b and c", ["a", "b", "c"]),
        (("a",), "a", ["a"]),
        ((), "", []),
        (3, "3", 3),
    ],
)
def test_values_in_sentences_and_on_the_wire(value: object, spoken: str, sent: object) -> None:
    assert (plain(value), wire(value)) == (spoken, sent)


@pytest.mark.parametrize("reader", ["names", "word", "count", "day", "flag"])
def test_a_parameter_of_the_wrong_kind_is_named(reader: str) -> None:
    with pytest.raises(ValueError, match=r"`params.x` of `R`"):
        getattr(RuleRow("R", ("notify",), params={"x": 1.5}), reader)("x")


def test_a_figure_is_an_amount_or_a_percentage() -> None:
    pack = Pack("f", "1", work_kinds=("film",))
    with pytest.raises(ValueError, match="not an amount"):
        _ = Rated(RateRow("r", "x", percent=Decimal(1)), pack, verified=False).money
    with pytest.raises(ValueError, match="not a percentage"):
        _ = Rated(RateRow("r", "x", amount=Money(1, "USD")), pack, verified=False).percent
    assert PackSet((pack,)).fitting("f", "film")
    assert not PackSet((pack,)).fitting("f", "game")
