"""What unions elsewhere ask for, and what single companies agreed with one."""

from collections.abc import Iterator
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.rows import Rule
from app.rules.decide.validity import unions_of
from app.rules.facts import Grant

_ONE: Final = "single_work"


def union_told(case: Case, rule: Rule) -> Iterator[Finding]:
    """A union with standing is told that somebody's replica is made or used. Source: EQ-01."""
    if case.performer is None or case.runs_off or not consent_of(case).needed:
        return
    unions, works = unions_of(case), {None, case.work.id, *case.above}
    told = any(
        n.kind == "replica"
        and n.sent_at <= case.as_of
        and n.to_id in unions
        and n.sender_id == case.producer.id
        and n.work_id in works
        and n.performer_id in {None, case.check.performer}
        for n in case.facts.notices
    )
    if not told:
        yield case.say("A_UNION_TOLD", rule, agreement=rule.pack.title)


def refusal_kept(case: Case, rule: Rule) -> Iterator[Finding]:
    """A no must not cost the role: somebody said no, and is not engaged on the work.

    That one follows from the other nobody here can know, so it is a warning. Source: EQ-01.
    """
    said_no = [
        g.declined_at
        for g in case.facts.grants
        if g.performer_id == case.check.performer
        and g.state == "declined"
        and g.declined_at is not None
        and g.declined_at <= case.as_of
        and g.grantee_id == case.producer.id
        and {case.work.id, *case.above} & {*g.scope.works, *g.shown_works}
    ]
    if said_no and case.engagement is None and consent_of(case).grant is None:
        yield case.say("W_RETALIATION", rule, declined=max(said_no), agreement=rule.pack.title)


def per_use(case: Case, rule: Rule) -> Iterator[Finding]:
    """The performer approves each advertisement: a yes to this one alone, or a confirmation of it.

    Source: PL-01.
    """
    consent = consent_of(case)
    if not consent.needed or case.runs_off:
        return
    if consent.grant is None or not _approved(case, consent.grant):
        yield case.say("A_PER_USE", rule, work=case.work.title or "this one")


def _approved(case: Case, grant: Grant) -> bool:
    return grant.scope.mode == _ONE or any(
        c.grant_id == grant.id and c.work_id == case.work.id and c.signed_at <= case.as_of
        for c in case.facts.confirmations
    )
