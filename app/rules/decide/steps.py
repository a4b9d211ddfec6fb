"""Steps that have to be taken first, or that are owed along the way, other than pay."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.rules.blocks import BLOCK, stops
from app.rules.decide.case import Case, Finding, Step
from app.rules.decide.consent import consent_of, estates_of, waits_for_union
from app.rules.decide.exemptions import attestation
from app.rules.decide.rows import Rule
from app.rules.decide.validity import GRANT_STEPS, Doubt, GrantStep, unions_of, weakness
from app.rules.facts import Authorship, Edge, Grant, Notice, Replica, Signatory, Work
from app.rules.reasons import plain
from app.rules.standing import contested
from app.rules.works import paths

_SATURDAY = 5


def on_grant(name: str) -> Step:
    """The step that holds the grant which the use rests on against one rule of validity."""
    check: GrantStep = GRANT_STEPS[name]

    def step(case: Case, rule: Rule) -> Iterator[Finding]:
        consent = consent_of(case)
        if consent.needed and consent.grant is not None:
            yield from check(case, rule, consent.grant)

    return step


def known_facts(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the answer rests on is known and undisputed; else it is no yes."""
    yield from _undated(case)
    for family in case.families:
        if family not in case.packs.families:
            yield case.say("A_AGREEMENT_UNKNOWN", rule, agreement=family)
    for words, fact in resting(case):
        if fact.is_disputed(case.as_of):
            yield case.say("A_DISPUTED", rule, fact=words, what=words)


def resting(case: Case) -> tuple[tuple[str, Authorship], ...]:
    """The facts that the answer was read from, whoever stated them, each with its name."""
    found = case.kept.get("resting")
    if not isinstance(found, tuple):
        found = tuple(_resting(case))
        case.kept["resting"] = found
    return found


def _resting(case: Case) -> Iterator[tuple[str, Authorship]]:
    jobs = (case.engagement,) if case.engagement is not None else case.engagements
    yield from (("the engagement", job) for job in jobs)
    yield from (("what is stated of the work", work) for work in (case.work, *_speaking(case)))
    yield from (("the producer's agreement", s) for s in _signed(case))
    yield from (("where the work belongs", edge) for edge in _leading(case))
    yield from (("the membership of the union", m) for m in case.standing_memberships)


def _signed(case: Case) -> tuple[Signatory, ...]:
    if not _by_engagement(case):
        return case.signatories
    return tuple(s for s in case.signatories if s.agreement in case.families)


def _by_engagement(case: Case) -> bool:
    return case.engagement is not None and case.engagement.agreement is not None


def _speaking(case: Case) -> tuple[Work, ...]:
    """Works above that say what the work itself leaves out."""
    above = sorted((w for w in case.facts.works if w.id in case.above), key=lambda w: w.id)
    unsaid = case.work.photography_start is None
    start = [w for w in above if unsaid and w.photography_start == case.photography_start]
    spoken = case.work.agreement is None and not _by_engagement(case)
    bound = [w for w in above if spoken and w.agreement in case.families]
    return (*start, *bound)


def _leading(case: Case) -> tuple[Edge, ...]:
    """Edges up to what the yes names, to the picture of the engagement, and to who speaks."""
    covering = consent_of(case).covering
    found = dict.fromkeys(covering[0].reach.edges if covering else ())
    named = {w.id for w in _speaking(case)} | _stopped_from(case)
    if case.engagement is not None:
        named.add(case.engagement.work_id)
    for node in sorted(named):
        for way in paths(case.work.id, node, case.facts.edges, case.as_of):
            found.update(dict.fromkeys(way))
    return tuple(found)


def _stopped_from(case: Case) -> frozenset[str]:
    """Works above from which a block or an exclusion reaches this one."""
    blocks = {block.id for block in case.blocks if block.effect == BLOCK}
    vetoed = {veto.scope.work for veto in case.facts.vetoes if veto.id in blocks}
    ordered = {order.work_id for order in case.facts.court_orders if order.id in blocks}
    ruled_out = {e.value for e, hits in consent_of(case).excluded if hits and e.axis == "work"}
    return frozenset(case.above) & (vetoed | ordered | ruled_out)


def _undated(case: Case) -> Iterator[Finding]:
    """Rules whose deciding day nobody has stated might be in force, so the answer waits."""
    for rule in case.undated[:1]:
        field = rule.row.basis or "photography_start"
        what = {
            "engaged_on": "when the performer was engaged",
            "captured_on": "when the replica was made",
            "signed_on": "when the consent was signed",
            "first_exposed_on": "when the work is first shown",
        }.get(field, "when photography of the picture starts")
        yield case.say("A_FACT_NEEDED", rule, field=field, what=what)


def notice(case: Case, rule: Rule) -> Iterator[Finding]:
    """Notice before a session by elapsed hours; where hired later than that, when hired."""
    if case.use_class != "CREATION":
        return
    hours = rule.row.count("hours")
    session = case.session
    if session is None:
        what = "which capture session it is"
        yield case.say("A_FACT_NEEDED", rule, field="capture_session", what=what)
        return
    span = timedelta(hours=hours)
    sent = session.notice_sent_at
    if sent is None or sent > case.as_of:
        yield case.say("A_NOTICE_48H", rule, hours=hours, state="No notice was sent.")
        return
    hired = case.engagement.engaged_at if case.engagement else None
    at_hiring = hired is not None and hired > session.starts_at - span and sent <= hired
    if sent + span > session.starts_at and not at_hiring:
        earliest: datetime = sent + span
        words = f"The session can begin on {plain(earliest)} at the earliest."
        yield case.say(
            "A_NOTICE_48H", rule, hours=hours, state=words, earliest=earliest, by=earliest
        )


def business_reason(case: Case, rule: Rule) -> Iterator[Finding]:
    """The producer can state why it asks for a scan."""
    if case.session is not None and not (case.session.business_reason or "").strip():
        yield case.say("A_BUSINESS_REASON", rule)


def union_posthumous(case: Case, rule: Rule) -> Iterator[Finding]:
    """Nobody found who speaks for the dead: the union may."""
    if consent_of(case).needed and waits_for_union(case):
        yield case.say("A_UNION_POSTHUMOUS", rule, died=case.died_on)


def rival_estates(case: Case, rule: Rule) -> Iterator[Finding]:
    """Where more than one side says that it answers for the dead, none of them signs."""
    if case.died_on is not None and contested(estates_of(case)):
        yield case.say("W_ESTATE_CONTESTED", rule, died=case.died_on)


def synthetic_notice(case: Case, rule: Rule) -> Iterator[Finding]:
    """Notice to the union and bargaining before a synthetic performer in a human role."""
    sent = synthetic_sent(case)
    if sent is None:
        words = "The union has not been told of the synthetic performer."
        yield case.say("A_SYNTH_NOTICE", rule, state=words)
    elif not sent.is_answered(case.as_of):
        yield from _bargaining(case, rule, sent)


def _bargaining(case: Case, rule: Rule, sent: Notice) -> Iterator[Finding]:
    told = sent.sent_at.astimezone(case.zone).date()
    dates: dict[str, Any] = {
        fact: business_days_after(told, rule.row.count(param))
        for fact, param in (
            ("bargaining_by", "bargaining_business_days"),
            ("arbitration_from", "arbitration_business_days"),
            ("latest", "latest_business_days"),
        )
        if param in rule.row.params
    }
    today = case.as_of.astimezone(case.zone).date()
    latest = dates.get("latest")
    if latest is not None and today > latest:
        yield case.say("W_SYNTH_ARBITRATION", rule, since=latest)
    else:
        words = "The union was told, and bargaining over the synthetic performer is still open."
        yield case.say("A_SYNTH_NOTICE", rule, state=words, **dates)


def synthetic_sent(case: Case) -> Notice | None:
    """The last notice of a synthetic performer in the work."""
    works = {None, case.work.id, *case.above}
    found = [
        n
        for n in case.facts.notices
        if n.kind == "synthetic"
        and n.sent_at <= case.as_of
        and n.work_id in works
        and n.sender_id in {None, case.producer.id}
    ]
    return max(found, key=lambda n: (n.sent_at, n.id), default=None)


def business_days_after(day: date, count: int) -> date:
    """The day that many business days later: Monday to Friday, holidays are not on record."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            count -= 1
    return day


def additional_value(case: Case, rule: Rule) -> Iterator[Finding]:
    """The producer concluded, with reasons, that a synthetic adds significantly over a human."""
    if attestation(case, "additional_value", named=True) is None:
        yield case.say("D_SAV_MISSING", rule)


def named_prompt(case: Case, rule: Rule) -> Iterator[Finding]:
    """A prompt that named a performer whose face can be recognised needs that performer's yes."""
    works = {None, case.work.id, *case.above}
    for said in case.facts.attestations:
        if said.kind != "named_prompt" or said.work_id not in works or said.at > case.as_of:
            continue
        grant = _sound(case, said.performer_id)
        if grant is None:
            yield case.say("D_NAMED_PROMPT", rule, recognised=_recognised(rule))
        elif grant.pay is None:
            # The clause asks for bargaining besides the yes, and terms of pay are what it leads to.
            yield case.say("A_TERMS", rule)


def _recognised(rule: Rule) -> str:
    """What has to be recognised besides, where the name alone is not enough."""
    if rule.row.flag("by_name_alone"):
        return ""
    return " and a principal feature of their face can be recognised"


def _sound(case: Case, performer_id: str | None) -> Grant | None:
    """The yes of the performer that a prompt named, if nothing is wrong with it."""
    named = next((p for p in case.facts.performers if p.id == performer_id), None)
    if named is None:
        return None
    check = replace(case.check, performer=named.id)
    theirs = replace(case, check=check, performer=named, kept={})
    covering = [
        found
        for found in consent_of(theirs).covering
        if not found.asks
        and weakness(theirs, found.grant) is Doubt.NONE
        and not any(stops(b, None) for b in theirs.blocks if b.grant_id in {None, found.grant.id})
    ]
    return covering[0].grant if covering else None


def security(case: Case, rule: Rule) -> Iterator[Finding]:
    """Whoever holds the replica attests once that it is kept safe."""
    if case.performer is None:
        return
    custodian = case.replica.custodian_id if case.replica else None
    holder = custodian or case.producer.id
    attested = any(
        a.kind == "security"
        and a.organization_id == holder
        and a.at <= case.as_of
        and (a.ends_at is None or case.as_of < a.ends_at)
        for a in case.facts.attestations
    )
    if not attested:
        yield case.say("O_SECURITY_ATTEST", rule)


def usage_report(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the replica did is reported, so many days after the work is first shown."""
    if consent_of(case).needed and consent_of(case).grant is None:
        return
    clock = case.beside(rule, "report_clock")
    if clock is None:
        yield case.say("O_USAGE_REPORT", rule, when="; nothing on file says by when")
        return
    days, shown = clock.row.count("days"), case.work.first_exposed_on
    due = shown + timedelta(days=days) if shown is not None else None
    when = f", {days} days after the work is first shown"
    yield case.say("O_USAGE_REPORT", rule, when=when, days=days, due=due, by=due)


def training_notice(case: Case, rule: Rule) -> Iterator[Finding]:
    """The union is told when footage is licensed, for pay, to train somebody's public system.

    Whether that is so, somebody states: ``training_licence`` or ``training_internal``.
    """
    if attestation(case, "training_licence") is None:
        stated = attestation(case, "training_internal", named=True) is not None
        if not stated and consent_of(case).grant is not None:
            what = "whether it is licensed for pay to train somebody else's public system"
            yield case.say("A_FACT_NEEDED", rule, field="training_purpose", what=what)
        return
    works, unions = {None, case.work.id, *case.above}, unions_of(case)
    told = any(
        n.kind == "training"
        and n.work_id in works
        and n.sent_at <= case.as_of
        and n.sender_id in {None, case.producer.id}
        # What was told to somebody else, the union does not know.
        and (n.to_id is None or n.to_id in unions)
        for n in case.facts.notices
    )
    if not told:
        yield case.say("O_TRAINING_NOTICE", rule)


def plan_payment(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the bargaining over a synthetic performer comes to goes to the benefit plans.

    How much is settled between the union and the producer and is not known here. Source: agreement
    of 2026, General Provisions §64.1.
    """
    sent = synthetic_sent(case)
    if sent is not None and sent.is_answered(case.as_of):
        yield case.say("O_PLAN_PAYMENT", rule)


def meeting(case: Case, rule: Rule) -> Iterator[Finding]:
    """Union and producer meet about generative systems, bias and unauthorised use among it."""
    times = {1: "once", 2: "twice"}.get(count := rule.row.count("a_year"), f"{count} times")
    yield case.say("O_MEETING", rule, times=times)


def keep_evidence(case: Case, rule: Rule) -> Iterator[Finding]:
    """Consents can come before an arbitrator: what shows them outlasts the replica itself."""
    yield case.say("O_KEEP_EVIDENCE", rule)


def producer_approval(case: Case, rule: Rule) -> Iterator[Finding]:
    """Some customary work is more than that where what is said is not in the script.

    Moving a mouth to unscripted words is a significant alteration, which a studio's own policy lets
    pass with its written approval only. Source: a streaming service's published guidance.
    """
    claimed = {e.category for e in case.check.exemptions if e.code == "routine_post"}
    asked = claimed.intersection(rule.row.names("categories"))
    if not asked or attestation(case, "as_scripted", named=True) is not None:
        return
    if attestation(case, "producer_approval", named=True) is None:
        yield case.say("A_PRODUCER_POLICY", rule, policy=rule.pack.title)


def replica_origin(case: Case, rule: Rule) -> Iterator[Finding]:
    """A replica that was made outside the agreement does not stand in for one made under it.

    Source: Interactive Media Agreement. What goes round its terms was not read, so it is asked.
    """
    if case.replica is None or rule.pack.family in _made_under(case, case.replica):
        return
    if attestation(case, "same_terms", named=True) is None:
        yield case.say("A_REPLICA_ORIGIN", rule, agreement=rule.pack.title)
    else:
        yield case.say("W_REPLICA_ORIGIN", rule, agreement=rule.pack.title)


def _made_under(case: Case, replica: Replica) -> frozenset[str | None]:
    """The agreements of the engagements under which the replica was made."""
    sessions = [s for s in case.facts.capture_sessions if s.id == replica.capture_session_id]
    jobs = {s.engagement_id for s in sessions}
    return frozenset(
        job.agreement
        for job in case.engagements
        if job.id in jobs or (not jobs and job.work_id == replica.origin_work_id)
    )


def notify(case: Case, rule: Rule) -> Iterator[Finding]:
    """The performer sees every question about them."""
    if case.performer is not None:
        yield case.say("O_NOTIFY", rule)
