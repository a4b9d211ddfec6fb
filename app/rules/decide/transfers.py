"""Whether a replica may be handed over: the union's approval of who takes it over."""

from collections.abc import Iterator

from app.rules.decide.case import Case, Finding
from app.rules.decide.rows import Rule
from app.rules.facts import Replica, Transfer
from app.rules.reasons import plain
from app.rules.standing import standing_unions
from app.rules.transfers import (
    APPROVED,
    REFUSED,
    answered,
    assumed,
    completed,
    days_left,
    last_day,
)


def approved(case: Case, rule: Rule) -> Iterator[Finding]:
    """At the gate `transfer`: the union was told, and answered about who takes the replica over."""
    if case.replica is None:
        what = "which replica is handed over"
        yield case.say("A_FACT_NEEDED", rule, field="replica", what=what)
        return
    found = _open(case, case.replica)
    if found is None:
        if not _in_custody(case, case.replica):
            words = "No transfer of this replica was put before the union."
            yield case.say("A_TRANSFER_APPROVAL", rule, state=words)
    elif found.union_id not in _unions(case):
        words = "The transfer was put before a union that does not speak for this performer here."
        yield case.say("A_TRANSFER_APPROVAL", rule, state=words)
    else:
        yield from _answered(case, rule, found)


def _answered(case: Case, rule: Rule, found: Transfer) -> Iterator[Finding]:
    said = answered(found, case.as_of)
    if said is None:
        yield from _waiting(case, rule, found)
        return
    answer, at = said
    on = at.astimezone(case.zone).date()
    if answer == REFUSED:
        yield case.say("D_TRANSFER_REFUSED", rule, answered=on)
    elif assumed(found, case.as_of):
        yield case.say("OK_TRANSFER_APPROVED", rule, answered=on)
    else:
        words = f"The union approved on {plain(on)}; who takes over has signed nothing yet."
        yield case.say("A_TRANSFER_APPROVAL", rule, state=words, answer=APPROVED)


def _waiting(case: Case, rule: Rule, found: Transfer) -> Iterator[Finding]:
    clock = case.beside(rule, "transfer_clock")
    if clock is None:
        submitted = found.submitted_at.astimezone(case.zone).date()
        words = f"The union was told on {plain(submitted)} and has not answered."
        yield case.say("A_TRANSFER_APPROVAL", rule, state=words)
        return
    days = clock.row.count("days")
    left = days_left(found, days, case.zone, case.as_of)
    last = last_day(found, days, case.zone)
    submitted = found.submitted_at.astimezone(case.zone).date()
    if left < 0:
        yield case.say("A_TRANSFER_OVERDUE", clock, submitted=submitted, last=last)
        return
    words = f"The union was told on {plain(submitted)} and can answer until {plain(last)}."
    yield case.say("A_TRANSFER_APPROVAL", rule, by=last, state=words, last=last)
    if days - left >= clock.row.count("remind_day"):
        said = {0: "today is the last day", 1: "one day is left"}.get(left, f"{left} days are left")
        yield case.say("W_TRANSFER_CLOCK", clock, last=last, left_words=said)


def _open(case: Case, replica: Replica) -> Transfer | None:
    """The transfer by this producer that was submitted last and is not done yet."""
    found = [
        t
        for t in case.facts.transfers
        if t.replica_id == replica.id
        and t.from_id == case.producer.id
        and t.submitted_at <= case.as_of
        and not completed(t, case.as_of)
    ]
    return max(found, key=lambda t: (t.submitted_at, t.id), default=None)


def _in_custody(case: Case, replica: Replica) -> bool:
    """Whether somebody keeps it for the producer: that is a handover, and no transfer."""
    new_owners = {t.to_id for t in case.facts.transfers if t.replica_id == replica.id}
    return any(
        c.replica_id == replica.id
        and c.holder_id not in {case.producer.id, *new_owners}
        and c.starts_at <= case.as_of
        and (c.ended_at is None or case.as_of < c.ended_at)
        and (c.until_on is None or case.today <= c.until_on)
        for c in case.facts.custodies
    )


def _unions(case: Case) -> frozenset[str]:
    return standing_unions(
        case.facts,
        performer=case.check.performer,
        producer=case.producer.id,
        families=frozenset(case.families),
        as_of=case.as_of,
    )
