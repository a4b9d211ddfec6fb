"""A decision for those who are shown no money: the same answer, without the amounts."""

from dataclasses import replace
from typing import Any, Final

from app.rules.decide import Decision
from app.rules.reasons import Reason, plain
from app.rules.terms import Money

_AN_AMOUNT: Final = "an amount"


def without_money(decision: Decision) -> dict[str, Any]:
    """The wire form of a decision with every amount left out, in sentences too."""
    bare = replace(
        decision, amounts=None, reasons=tuple(_without_money(reason) for reason in decision.reasons)
    )
    return bare.wire()


def _without_money(reason: Reason) -> Reason:
    amounts = [value for value in reason.facts.values() if isinstance(value, Money)]
    sentence = reason.sentence
    # The longest first, for one amount can be the beginning of another.
    for words in sorted(map(plain, amounts), key=len, reverse=True):
        sentence = sentence.replace(words, _AN_AMOUNT)
    facts = {name: value for name, value in reason.facts.items() if not isinstance(value, Money)}
    return replace(reason, sentence=sentence, facts=facts)
