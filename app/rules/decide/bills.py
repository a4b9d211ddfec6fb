"""What a bill would make of a use, over and above what its rules say of a yes. It only warns."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.days import anniversary
from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.rows import Rule
from app.rules.terms import Money

# What was made is on record in one of these states.
_MADE: Final = frozenset({"cleared", "locked", "released"})


def renewals(case: Case, rule: Rule) -> Iterator[Finding]:
    """How long the right in the likeness of the dead would last, and what would have to be filed.

    So many years, then spans that are each filed for, up to a last anniversary; each span ends with
    its anniversary, in the zone of the bill. What was filed is not on record. Source: NF-04.
    """
    died, row = case.died_on, rule.row
    if died is None:
        return
    today = case.as_of.astimezone(ZoneInfo(rule.pack.zone)).date()
    first, span, last = row.count("first_years"), row.count("span_years"), row.count("last_years")
    ends = ((n, anniversary(died, years)) for n, years in enumerate(range(first, last + 1, span)))
    current = next(((n, end) for n, end in ends if today <= end), None)
    if current is not None:
        filed, end = current
        yield case.say(
            "W_PM_RENEWAL",
            rule,
            bill=rule.pack.title,
            died=died,
            renewals=filed,
            span=span,
            ends=end,
            last=anniversary(died, last),
        )


def embodied(case: Case, rule: Rule) -> Iterator[Finding]:
    """What was finished under a yes would go on being shown after it ended. Source: NF-05."""
    if case.runs_off and all(use.grant_id is not None for use in case.finished):
        yield case.say("W_NF_RUNOFF", rule, bill=rule.pack.title)


def fingerprint(case: Case, rule: Rule) -> Iterator[Finding]:
    """What is delivered would be worth a fingerprint, by which copies are found. Source: NF-06."""
    yield case.say("O_FINGERPRINT", rule)


def exposure(case: Case, rule: Rule) -> Iterator[Finding]:
    """What a bill would let be claimed for every work that shows a replica without a yes.

    This use counts, and every work in which the producer has one on record that rests on no yes: a
    contract went without, and the bill would not. Source: the bill, damages for each work.
    """
    if case.performer is None or case.runs_off or consent_of(case).needed:
        return
    if consent_of(case).grant is not None:
        return
    works = {
        use.work_id
        for use in case.facts.uses
        if (use.performer_id, use.producer_id) == (case.performer.id, case.producer.id)
        and use.grant_id is None
        and use.state in _MADE
    } | {case.work.id}
    each = Money(int(rule.row.decimal("per_work") * 100), rule.pack.currency)
    yield case.say(
        "W_NF_EXPOSURE",
        rule,
        bill=rule.pack.title,
        each=each,
        works=len(works),
        amount=Money(each.minor * len(works), each.currency),
    )
