"""What is shown of an amount is what was reckoned: the steps, worked again, come to the figure."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.conformance.files import load
from app.rules.decide import Amounts, decide
from app.rules.decide.formula import Figure, amount, begun, count, divided, higher, times
from app.rules.decide.rows import LINE_KINDS
from app.rules.facts import Check, Document, facts_from, instant, read
from app.rules.terms import Money, money_from
from app.rules.vectors import documents
from tests.rules.worlds import packs

VECTORS = load(Path(__file__).parents[1] / "vectors")
PRICED = [
    vector
    for vector in VECTORS
    if vector.get("side", "for") == "for" and (vector["expect"].get("amounts") or {}).get("gross")
]


# Each operation as somebody works it who has only what is shown.
OPERATIONS: dict[str, Callable[..., Decimal]] = {
    "times": lambda many, price: many * price,
    "divided_by": lambda whole, parts: whole / parts,
    "begun": lambda many, per: Decimal(-(-int(many) // int(per))),
    "percent_of": lambda percent, base: percent * base / 100,
    "minus": lambda whole, taken: max(Decimal(0), whole - taken),
    "higher_of": max,
    "lower_of": min,
    "raised_nearest": lambda before, percent, _: before * (100 + percent) / 100,
    "raised_up": lambda before, percent, _: before * (100 + percent) / 100,
}


def value(figure: Document) -> Decimal:
    """A figure of a step; of an amount, in minor units."""
    said = figure["value"]
    return Decimal(money_from(said).minor if isinstance(said, dict) else said)


def amounts_of(vector: Document) -> Amounts:
    facts = facts_from(documents(vector["world"]))
    decision = decide(read(Check, vector["check"]), facts, packs(), as_of=instant(vector["at"]))
    assert decision.amounts is not None
    return decision.amounts


@pytest.mark.parametrize("vector", PRICED, ids=lambda vector: str(vector["id"]))
def test_every_amount_of_a_vector_follows_from_the_steps_that_are_shown(vector: Document) -> None:
    told: dict[str, Any] = amounts_of(vector).wire()
    lines = [*told["lines"], *told["contribution_lines"]]
    for line in lines:
        steps, owed = line["formula"]["steps"], Decimal(money_from(line["amount"]).minor)
        for step in steps:
            # What is cut to a minor unit for showing is half of one off, times the days at most; a
            # raise is rounded as its row says.
            slack = 50 if step["op"].startswith("raised") else 5
            again = OPERATIONS[step["op"]](*map(value, step["of"]))
            assert abs(again - value(step["gives"])) <= slack, step["text"]
        assert not steps or value(steps[-1]["gives"]) == owed
        assert line["formula"]["text"].endswith(".")
        assert "None" not in line["formula"]["text"]
    assert {line["kind"] for line in told["lines"]} <= {*LINE_KINDS}
    total = sum(money_from(line["amount"]).minor for line in lines)
    assert total == money_from(told["total"]).minor


def test_a_formula_is_one_sentence_and_says_what_was_cut() -> None:
    fee = Figure("rate", Decimal(3_000_000), "USD", "an episode")
    a_day = divided("pro_rata", fee, count("days", Decimal(7), "days"), "a day")
    least = Figure("minimum", Decimal(128_300), "USD", "a day")
    pay = times("pay", count("days", Decimal(1), "days"), higher("daily", a_day, least, "a day"))
    assert pay.sentence == (
        "$30,000.00 an episode ÷ 7 days ≈ $4,285.71 a day; the higher of $4,285.71 a day and the"
        " minimum of $1,283.00 a day ≈ $4,285.71 a day;"
        " 1 day \N{MULTIPLICATION SIGN} $4,285.71 a day ≈ $4,285.71."
    )
    assert pay.money.minor == 428_571


def test_a_part_that_is_begun_counts_whole() -> None:
    per = count("lines_of_a_session", Decimal(300), "")
    for lines, sessions in ((300, 1), (301, 2), (0, 0)):
        assert begun("sessions", count("lines", Decimal(lines), "lines"), per).value == sessions


def test_a_figure_that_nothing_leads_to_says_what_it_is() -> None:
    assert Figure("pay", Decimal(0), "USD", note="Nothing is added").sentence == "Nothing is added."
    assert Figure("pay", Decimal(500), "USD").sentence == "$5.00."


def test_half_a_cent_goes_up_also_where_a_day_has_no_end_in_decimals() -> None:
    fee, days = amount("rate", Money(10001, "USD")), count("days", Decimal(6), "days")
    a_day = divided("pro_rata", fee, days, "a day")
    assert times("pay", count("days", Decimal(3), "days"), a_day).money == Money(5001, "USD")
