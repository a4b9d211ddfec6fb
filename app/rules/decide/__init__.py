"""The decision: may this use go ahead, and what is owed? Pure, and on one screen.

Which rules apply follows from the packs that bind and from the dates of the case; each row names
the functions of `app.rules.decide.table` that it switches on. Every one of them runs and reports.
"""

from collections.abc import Iterator
from datetime import datetime

from app.rules.codes import DENY, INFO, OBLIGATION, WARNING
from app.rules.decide.case import Case, Finding, open_case
from app.rules.decide.combine import (
    OUTCOMES,
    Amounts,
    Decision,
    PackUsed,
    ordered,
    outcome_of,
    settle,
    unknowns,
)
from app.rules.decide.consent import choices, consent_of
from app.rules.decide.expiry import expired
from app.rules.decide.money import agreed
from app.rules.decide.rows import Rule
from app.rules.decide.steps import resting
from app.rules.decide.table import STEPS
from app.rules.facts import Check, Facts
from app.rules.packs import PENDING, PackSet
from app.rules.reasons import NO_SOURCE, Reason, Rest, Source, make

__all__ = ["Amounts", "Decision", "decide"]


def decide(check: Check, facts: Facts, packs: PackSet, *, as_of: datetime) -> Decision:
    """Answer a check from the facts as they were at ``as_of``.

    The same arguments give the same answer, byte for byte. What is not known never allows, and a
    rule that fails denies.
    """
    try:
        case = open_case(check, facts, packs, as_of)
        return _unknown(packs) if case is None else _decided(case)
    except Exception:  # noqa: BLE001 - whatever a rule runs into, the answer is no
        reason = make("D_RULE_ERROR", rule="decision")
        return Decision(outcome="deny", use_class=None, reasons=(reason,))


def _decided(case: Case) -> Decision:
    # Several grants may cover a use. It rests on one that lets it go ahead, if any does: so a grant
    # that ends can only ever take a yes away.
    return min((_resting(choice) for choice in choices(case)), key=_rank)


def _rank(decision: Decision) -> int:
    # Whether something is owed never decides it: the cheaper grant is not the better one.
    return 0 if decision.allowed else OUTCOMES.index(decision.outcome)


def _resting(case: Case) -> Decision:
    findings = [*_found(case), *expired(case), *agreed(case)]
    amounts, owed = settle(case, findings)
    not_known = unknowns(findings, amounts.lines if amounts is not None else ())
    reasons = ordered([*(f for f in findings if isinstance(f, Reason)), *owed])
    if outcome_of(reasons) == DENY:
        # What must not be made is not paid for.
        amounts, not_known = None, ()
        reasons = tuple(r for r in reasons if not _falls_due(r))
    grant = consent_of(case).grant
    return Decision(
        outcome=outcome_of(reasons),
        use_class=case.use_class,
        reasons=reasons,
        amounts=amounts,
        not_known=not_known,
        packs=_packs(case),
        rests_on=_rests(case),
        grant_id=grant.id if grant is not None else None,
        days=case.estimate.undisputed if case.estimate is not None else None,
        estimate_id=case.estimate.id if case.estimate is not None else None,
        gate=case.gate,
    )


def _rests(case: Case) -> tuple[Rest, ...]:
    said = (case.rest(words, fact) for words, fact in resting(case) if fact.stated_by is not None)
    return tuple(dict.fromkeys(said))


def _falls_due(reason: Reason) -> bool:
    return reason.outcome == OBLIGATION and reason.spec.when == "owed_later"


def _found(case: Case) -> Iterator[Finding]:
    for rule in (*case.rules, *case.pending):
        for name in rule.row.does:
            if name in STEPS:
                yield from _run(case, rule, name)


def _run(case: Case, rule: Rule, name: str) -> tuple[Finding, ...]:
    try:
        found = tuple(STEPS[name](case, rule))
        return _only_warned(case, rule, found) if rule.row.strictness == PENDING else found
    except Exception:  # noqa: BLE001 - one rule that fails hides none of the others
        return (make("D_RULE_ERROR", case.source(rule), rule=rule.row.id),)


def _only_warned(case: Case, rule: Rule, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What a row that is no law yet has to say: nothing of it stops, asks, or is owed."""
    said = [one for one in found if isinstance(one, Reason)]
    return tuple(
        one
        if one.outcome in {WARNING, INFO}
        else case.say("W_PENDING_LAW", rule, bill=rule.pack.title, would=one.sentence)
        for one in said
    )


def _unknown(packs: PackSet) -> Decision:
    # Nothing of the question comes back, so that a guess at an id learns nothing.
    rows = [(p, r) for p in packs.house for r in p.rules if "known_facts" in r.does]
    source = NO_SOURCE
    for pack, row in rows[:1]:
        source = Source(row.id, pack.family, pack.version, row.verified)
    reason = make("A_IDENTITY", source)
    return Decision(outcome="needs_action", use_class=None, reasons=(reason,))


def _packs(case: Case) -> tuple[PackUsed, ...]:
    used = {rule.pack for rule in (*case.dated_rules, *case.pending)}
    return tuple(
        sorted(
            (PackUsed(p.family, p.version, p.hash) for p in used),
            key=lambda p: (p.family, p.version),
        )
    )
