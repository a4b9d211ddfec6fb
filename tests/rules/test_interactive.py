"""Pay in games where the published vectors cannot tell it: what no registry would take in."""

from pathlib import Path

from app.conformance.files import load
from app.rules.facts import Document
from app.rules.vectors import answered, merged
from tests.rules.worlds import packs

VECTORS = load(Path(__file__).parents[1] / "vectors" / "rules" / "ima_2025.json")


def at_run_time(patch: Document) -> Document:
    """The answer to a use at run time in a patched world."""
    vector = next(vector for vector in VECTORS if vector["id"] == "IM-02.for")
    return answered(merged(vector, {"world": patch}), packs())


def test_terms_that_say_nothing_of_pay_are_none() -> None:
    told = at_run_time({"grants": {"v-deep": {"pay": None}}})
    assert "A_TERMS" in {reason["code"] for reason in told["reasons"]}
    assert told["amounts"] is None


def test_nothing_is_paid_for_what_nobody_agreed_to() -> None:
    told = at_run_time({"grants": {"v-deep": None}})
    assert {reason["code"] for reason in told["reasons"]} == {"D_NO_CONSENT", "O_NOTIFY"}
    assert told["amounts"] is None


def test_pay_by_the_use_counts_the_uses() -> None:
    pay = {"kind": "per_use", "amount": {"amount": "3000.00", "currency": "USD"}}
    vector = next(vector for vector in VECTORS if vector["id"] == "IM-02.for")
    asked = {"check": {"quantity": {"uses": 3}}, "world": {"grants": {"v-deep": {"pay": pay}}}}
    told = answered(merged(vector, asked), packs())
    assert told["amounts"]["gross"]["amount"] == "9000.00"
