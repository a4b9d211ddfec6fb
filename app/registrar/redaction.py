"""A decision for those who are shown no money: the same answer, without the amounts."""

from dataclasses import replace
from typing import Any

from app.rules.codes import CODES
from app.rules.decide import Decision
from app.rules.reasons import Reason
from app.rules.terms import Money


def without_money(decision: Decision) -> dict[str, Any]:
    """The wire form of a decision with every amount left out, in sentences too."""
    bare = replace(
        decision,
        amounts=None,
        not_known=(),
        reasons=tuple(_without_money(reason) for reason in decision.reasons),
    )
    return bare.wire()


def _without_money(reason: Reason) -> Reason:
    facts = {name: value for name, value in reason.facts.items() if not isinstance(value, Money)}
    sentence = CODES[reason.code].moneyless or reason.sentence
    return replace(reason, sentence=sentence, facts=facts)
