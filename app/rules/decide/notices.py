"""What has to be told before: in the notice by which people are sought, and to the union."""

from collections.abc import Iterator

from app.rules.decide.case import Case, Finding
from app.rules.decide.rows import Rule
from app.rules.decide.steps import synthetic_sent
from app.rules.decide.validity import unions_of
from app.rules.facts import Notice
from app.rules.reasons import plain

_AGREED = "agreed"


def casting(case: Case, rule: Rule) -> Iterator[Finding]:
    """The notice by which performers were sought says that a replica will be made.

    It is out before anybody is captured. Source: Commercials Contracts 2025, XX.C.1.
    """
    until = case.as_of if case.session is None else min(case.as_of, case.session.starts_at)
    if not any(n.kind == "casting" and n.sent_at <= until for n in _about(case)):
        yield case.say("A_CASTING_NOTICE", rule)


def union_training(case: Case, rule: Rule) -> Iterator[Finding]:
    """Training needs the union's yes, which no grant of a performer can supply.

    Source: Commercials Contracts 2025, XX.1.A.4.
    """
    if case.use_class != "TRAINING":
        return
    unions = unions_of(case)
    asked = [
        n
        for n in _about(case)
        if n.kind == "training" and n.to_id in unions and n.sent_at <= case.as_of
    ]
    latest = max(asked, key=lambda n: (n.sent_at, n.id), default=None)
    if latest is None or not latest.is_answered(case.as_of):
        yield case.say("A_UNION_TRAINING", rule, state=_waiting(latest))
    elif latest.state != _AGREED:
        yield case.say("A_UNION_TRAINING", rule, state="The union was asked and has not agreed.")


def _waiting(asked: Notice | None) -> str:
    if asked is None:
        return "Nobody has asked the union."
    return f"The union was asked on {plain(asked.sent_at)} and has not answered."


def synthetic_told(case: Case, rule: Rule) -> Iterator[Finding]:
    """The union is told of a synthetic performer, and a payment goes to the benefit plans.

    Source: Commercials Contracts 2025.
    """
    if synthetic_sent(case) is None:
        words = "The union has not been told of the synthetic performer."
        yield case.say("A_SYNTH_NOTICE", rule, state=words)
    yield case.say("O_PLAN_PAYMENT", rule)


def _about(case: Case) -> tuple[Notice, ...]:
    """Notices of the producer that are about the performer in the work, or about more."""
    works = {None, case.work.id, *case.above}
    return tuple(
        n
        for n in case.facts.notices
        if n.work_id in works
        and n.performer_id in {None, case.check.performer}
        and n.sender_id in {None, case.producer.id}
    )
