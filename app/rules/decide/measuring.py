"""Measuring people: the release before, taking it back, and the day by which all of it is gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.days import years_after
from app.rules.decide.bound import is_cancelled
from app.rules.decide.case import Case, Finding, open_case
from app.rules.decide.exemptions import attestation
from app.rules.decide.rows import Rule
from app.rules.facts import Attestation, CaptureSession, Check, Facts, Grant, Replica
from app.rules.packs import PackSet, reaches
from app.rules.reasons import Reason, plain

_RELEASE: Final = "biometric_release"
_BY_THE_PERFORMER: Final = frozenset({"performer", "guardian"})
# States of a replica of which nobody holds a file.
_NO_FILES: Final = frozenset({"planned", "destroyed"})


def which_session(case: Case, rule: Rule) -> Iterator[Finding]:
    """Which laws ask for a release depends on where somebody is measured, so that is known."""
    if not case.captures:
        what = "which capture session it is"
        yield case.say("A_FACT_NEEDED", rule, field="capture_session", what=what)


def biometric_release(case: Case, rule: Rule) -> Iterator[Finding]:
    """A written release, signed before face, voice or hand are measured, and still in its term."""
    missing = [s for s in _under(case, rule) if release_of(case, s) is None]
    for session in missing[:1]:
        yield case.say("A_BIOMETRIC_RELEASE", rule, law=rule.pack.title, by=session.starts_at)


def release_of(case: Case, session: CaptureSession) -> Attestation | None:
    """The release under which a session is held: of those in force then, the one signed last."""
    by = min(case.as_of, session.starts_at)
    found = [
        said
        for said in _releases(case, by)
        if (said.ends_at is None or session.starts_at < said.ends_at)
        and not _is_withdrawn(said, by)
    ]
    return max(found, key=_order, default=None)


def _releases(case: Case, by: datetime) -> tuple[Attestation, ...]:
    """What the performer had released to this producer, or to whoever sold it the work."""
    whose = {None, case.producer.id, *case.sellers}
    return tuple(
        said
        for said in case.facts.attestations
        if said.kind == _RELEASE
        and said.performer_id == case.check.performer
        and said.organization_id in whose
        and said.at <= by
    )


def _order(said: Attestation) -> tuple[datetime, str]:
    return said.at, said.id


def _is_withdrawn(said: Attestation, at: datetime) -> bool:
    return said.withdrawn_at is not None and said.withdrawn_at <= at


def online_media(case: Case, rule: Rule) -> Iterator[Finding]:
    """What is found online of somebody is no release, unless they put it there. Source: TX-01."""
    taken = attestation(case, "online_media", named=True)
    if taken is None or attestation(case, "self_posted", named=True) is not None:
        return
    if not any(release_of(case, session) for session in case.captures):
        yield case.say("D_ONLINE_MEDIA", rule, law=rule.pack.title)


def explicit_consent(case: Case, rule: Rule) -> Iterator[Finding]:
    """Whoever is to be measured has agreed to it explicitly. Source: GD-01."""
    to_be = _under(case, rule) if case.check.use == "scan" else ()
    for session in [s for s in to_be if release_of(case, s) is None][:1]:
        yield case.say("A_DATA_CONSENT", rule, law=rule.pack.title, by=session.starts_at)


def data_withdrawn(case: Case, rule: Rule) -> Iterator[Finding]:
    """What rests on a release that was taken back goes no further; what is finished is shown.

    One that was signed afterwards takes its place. Source: GD-01.
    """
    if case.performer is None or case.runs_off:
        return
    last = max(_releases(case, case.as_of), key=_order, default=None)
    if last is not None and last.withdrawn_at is not None and _is_withdrawn(last, case.as_of):
        since = last.withdrawn_at.astimezone(ZoneInfo(rule.pack.zone)).date()
        yield case.say("D_DATA_WITHDRAWN", rule, law=rule.pack.title, withdrawn=since)


def _under(case: Case, rule: Rule) -> Iterator[CaptureSession]:
    """The sessions that count here, in which somebody is measured as the law means it."""
    lives = case.places["residence"] if "residence" in rule.pack.nexus_by else frozenset()
    for session in case.captures:
        places = lives if session.place is None else {*lives, session.place}
        here = reaches(rule.pack.nexus, places)
        measures = session.kind in rule.row.names("kinds") or bool(session.biometric_kinds)
        if here and measures:
            yield session


@dataclass(frozen=True, slots=True)
class _Clock:
    """Until when a law lets what was measured in one session be kept; ``due`` is the last day.

    It follows from ``over``, when what it was taken for is over, or else from ``last``, when the
    person last had to do with whoever took it; where neither is known nor is ``due``.
    """

    law: str
    years: int
    due: date | None = None
    over: date | None = None
    last: date | None = None
    today: date = date.min

    @property
    def is_overdue(self) -> bool:
        """Whether the last day is past."""
        return self.due is not None and self.due < self.today

    @property
    def words(self) -> str:
        """Until when, as it stands in a sentence."""
        span = "a year" if self.years == 1 else f"{self.years} years"
        if self.due is None:
            return f"within {span} after what it was taken for is over; nobody has said when it is"
        by = f"by {plain(self.due)}"
        if self.over is None:
            met = "and earlier once what it was taken for is over"
            return f"{by}: {span} after they last had to do with whoever took it, {met}"
        later = f"{span} after what it was taken for is over"
        return f"{by}: {later if self.years else 'what it was taken for is over then'}"


def delete_by(case: Case, rule: Rule) -> Iterator[Reason]:
    """What was measured is destroyed when its time is over; of several days the first is said.

    Source: BIPA and CUBI, as BI-02 has them.
    """
    for clock in sorted(_clocks(case, rule), key=lambda c: c.due or date.max)[:1]:
        if clock.is_overdue:
            yield case.say("O_DELETE_OVERDUE", rule, law=clock.law, due=clock.due, by=clock.due)
        else:
            yield case.say(
                "O_DELETE_BY",
                rule,
                law=clock.law,
                due=clock.due,
                over=clock.over,
                last=clock.last,
                until_words=clock.words,
                by=clock.due,
            )


def deletions(check: Check, facts: Facts, packs: PackSet, *, as_of: datetime) -> tuple[Reason, ...]:
    """What `delete_by` says of the replica that a check names, whatever else is to be said."""
    case = open_case(check, facts, packs, as_of)
    if case is None:
        return ()
    return tuple(
        reason for rule in case.rules_doing("delete_by") for reason in delete_by(case, rule)
    )


def _clocks(case: Case, rule: Rule) -> Iterator[_Clock]:
    """The clock of every session of which there are, or are to be, files.

    Of what others measured a producer hears only if it names the replica.
    """
    for session in _under(case, rule):
        if case.replica is None and _measurer(case, session) != case.producer.id:
            continue
        made = [r for r in case.facts.replicas if r.capture_session_id == session.id]
        kept = [r for r in made if _is_kept(case, r)]
        if kept or (case.check.use == "scan" and not made):
            clock = _clock(case, rule, session, kept)
            # Of a session that was never held there is nothing to destroy.
            if kept or not clock.is_overdue:
                yield clock


def _is_kept(case: Case, replica: Replica) -> bool:
    """Whether somebody holds a copy at ``as_of``."""
    named = case.replica is None or case.replica.id == replica.id
    copies = [
        c for c in case.facts.custodies if c.replica_id == replica.id and c.starts_at <= case.as_of
    ]
    if not copies:
        return named and replica.state not in _NO_FILES
    return named and any(c.ended_at is None or case.as_of < c.ended_at for c in copies)


def _clock(case: Case, rule: Rule, session: CaptureSession, kept: list[Replica]) -> _Clock:
    zone = ZoneInfo(rule.pack.zone)
    today = case.as_of.astimezone(zone).date()
    release = release_of(case, session)
    ends = [d for r in kept if (d := r.purpose_met_on) is not None and d <= today]
    if release is not None and release.ends_at is not None:
        ends.append(release.ends_at.astimezone(zone).date())
    span = rule.row.count("years_after_purpose")
    found = [_Clock(rule.pack.title, span, years_after(d, span), over=d, today=today) for d in ends]
    if "years_after_contact" in rule.row.params:
        years = rule.row.count("years_after_contact")
        last = max(_contacts(case, session)).astimezone(zone).date()
        found.append(
            _Clock(rule.pack.title, years, years_after(last, years), last=last, today=today)
        )
    return min(found, key=lambda c: c.due or date.max, default=_Clock(rule.pack.title, span))


def _contacts(case: Case, session: CaptureSession) -> Iterator[datetime]:
    """When the person had to do with whoever measured them: sessions, and what they signed here."""
    theirs = _measurer(case, session)
    yield session.starts_at
    for other in case.facts.capture_sessions:
        same = _measurer(case, other) == theirs
        if same and other.starts_at <= case.as_of and not is_cancelled(other, case.as_of):
            yield other.starts_at
    grants = [g for g in case.facts.grants if g.grantee_id == theirs]
    signed = {g.id for g in grants}
    yield from (at for g in grants for at in _signed(g) if at <= case.as_of)
    for said in case.facts.confirmations:
        if said.grant_id in signed and said.signed_at <= case.as_of:
            yield said.signed_at


def _measurer(case: Case, session: CaptureSession) -> str | None:
    """The producer for whom somebody is measured."""
    found = (e.producer_id for e in case.facts.engagements if e.id == session.engagement_id)
    return next(found, None)


def _signed(grant: Grant) -> Iterator[datetime]:
    """When the performer themselves put their name to something here."""
    said = grant.signature
    if said is not None and said.by in _BY_THE_PERFORMER:
        here = said.at if said.method == "in_registry" else said.confirmed_at
        yield from (at for at in (here,) if at is not None)
    yield from (at for at in (grant.own_yes_at,) if at is not None)
