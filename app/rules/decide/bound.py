"""Which agreements bind a check, which of their rows are in force, and on which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.dated import stated_agreements
from app.rules.decide.rows import Rule, compiled
from app.rules.decide.setting import Setting
from app.rules.facts import (
    Authorship,
    CaptureSession,
    Replica,
    Signatory,
    StatedBefore,
    Verification,
    Work,
)
from app.rules.packs import AGREEMENT, PENDING, Rated, rate_on

# Instants have six digits: this is the one before.
_LEAST: Final = timedelta(microseconds=1)


@dataclass(frozen=True, eq=False)
class Bound(Setting):
    """A setting with the agreements that bind it."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which days are counted: of the agreement that binds, else the house's."""
        bound = self.packs.of(*self.families) or self.packs.house
        return ZoneInfo(bound[0].zone if bound else "UTC")

    @cached_property
    def on(self) -> date:
        """The work day that the check is about: as said, else of the session, else today."""
        if self.check.on is not None:
            return self.check.on
        scanned = self._scan
        return self.today if scanned is None else self._day(scanned.starts_at)

    @cached_property
    def today(self) -> date:
        """The day of ``as_of``, which nobody who asks can pick."""
        return self._day(self.as_of)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @property
    def _scan(self) -> CaptureSession | None:
        """The session that is asked about; one that is named beside another use made nothing."""
        return self.session if self.check.use == "scan" else None

    @cached_property
    def died_on(self) -> date | None:
        """The day of death, once it is past."""
        died = self.performer.died_on if self.performer else None
        return died if died is not None and died <= self.today else None

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Agreements that bind: of the engagement, else of the work and the producer."""
        if self.engagement is not None and self.engagement.agreement is not None:
            return (self.engagement.agreement,)
        return tuple(sorted(self._stated_at(self.as_of) | self.signed_by(self.producer.id)))

    def _stated_at(self, at: datetime) -> frozenset[str]:
        return stated_agreements(self.work.id, self.facts.works, self.facts.edges, at)

    @cached_property
    def answering(self) -> tuple[str, ...]:
        """Agreements by which unions and blocks reach the use: those that bind, and more.

        What a studio says by itself takes nothing away: under which agreement it engaged somebody,
        or on which day, frees it of none that it is bound by on that day or today.
        """
        if self._hired_by_both:
            return self.families
        here = {self.work.id, *self.above}
        hired_by = [e.agreement for e in self.engagements if e.work_id in here]
        jobs = {agreement for agreement in hired_by if agreement is not None}
        today = self._agreements(self._bound_on(self.producer.id, self.today))
        signed = self.signed_by(self.producer.id) | today
        return tuple(sorted({*self.families, *signed, *jobs}))

    @property
    def _hired_by_both(self) -> bool:
        """Whether somebody besides the studio stands behind the agreement of the engagement."""
        hired = self.engagement
        return hired is not None and hired.agreement is not None and self._is_backed(hired)

    def _is_backed(self, said: Authorship) -> bool:
        return said.confirmed_by is not None and not said.is_disputed(self.as_of)

    @cached_property
    def restated(self) -> tuple[tuple[frozenset[str], datetime], ...]:
        """Agreements that the work was under by what was stated of it, and until when.

        To state another one, to take it off or to move the work takes it out of no block that had
        reached it, unless somebody besides the studio stands behind the agreement that it is under.
        """
        own = self.work.agreement is not None and self._is_backed(self.work)
        if own or self._hired_by_both:
            return ()
        works, edges = self.facts.works, self.facts.edges
        ever = {w.agreement for w in works} | {b.agreement for w in works for b in _before(w)}
        gone = ever - {None, *self.answering}
        if not gone:
            return ()
        changed = {b.until for w in works for b in _before(w)}
        changed |= {at for e in edges for at in (e.valid_from, e.valid_to) if at is not None}
        found = [
            (self._stated_at(at - _LEAST) & gone, at) for at in sorted(changed) if at <= self.as_of
        ]
        return tuple((families, until) for families, until in found if families)

    def signed_by(self, studio: str) -> frozenset[str]:
        """Agreements that a studio is bound by on the day that decides, made for such a work."""
        return self._agreements(self._signatories_of(studio))

    def _agreements(self, signed: Iterable[Signatory]) -> frozenset[str]:
        return frozenset(
            s.agreement
            for s in signed
            if s.agreement not in self.packs.policies
            and (
                s.agreement not in self.packs.families
                or self.packs.fitting(s.agreement, self.work.kind)
            )
        )

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """What the producer took upon itself by today, besides every agreement that binds."""
        adopted = {s.agreement for s in self._bound_on(self.producer.id, self.today)}
        kind = self.work.kind
        return tuple(
            sorted(f for f in adopted & self.packs.policies if self.packs.fitting(f, kind))
        )

    @property
    def _by_engagement(self) -> bool:
        return self.engagement is not None and self.engagement.agreement is not None

    @cached_property
    def signatories(self) -> tuple[Signatory, ...]:
        """Agreements that the producer is bound by on the day that decides, made for this work."""
        return self._signatories_of(self.producer.id)

    def _signatories_of(self, studio: str) -> tuple[Signatory, ...]:
        return self._bound_on(studio, self._default_basis or self.as_of.date())

    def _bound_on(self, studio: str, day: date) -> tuple[Signatory, ...]:
        return tuple(
            s
            for s in self.facts.signatories
            if s.organization_id == studio
            and s.starts_on <= day
            and (s.ends_on is None or day <= s.ends_on)
        )

    @property
    def currency(self) -> str:
        """The currency of the agreement that binds."""
        bound = [p for p in self.packs.of(*self.families) if p.kind == AGREEMENT]
        return bound[0].currency if bound else "USD"

    def rate(self, category: str) -> Rated | None:
        """The figure of a category for this case; ``None``: none is known for its day.

        Of several agreements that bind, the highest: it is the one that protects most.
        """
        return max(self.rates(category), key=lambda found: found.height, default=None)

    def rates(self, category: str) -> tuple[Rated, ...]:
        """The figures of a category for this case, one of each agreement that knows one."""
        minutes = self.work.running_minutes
        found = (
            rate_on(self.packs.of(family), category, self.days, self.verifications, minutes)
            for family in (*self.families, *self.policies)
        )
        return tuple(rated for rated in found if rated is not None)

    @cached_property
    def ceiling(self) -> Rated | None:
        """Up to which pay for the picture bears contributions; ``None``: no ceiling is known."""
        return self.rate(f"ceiling.{self.work.kind}")

    @cached_property
    def captures(self) -> tuple[CaptureSession, ...]:
        """The sessions whose places count: the one that is named, else those that it is about.

        A scan is about those still to come for the picture; all else about those in which the
        replicas were made that may be used.
        """
        if self.session is not None:
            return (self.session,)
        if self.check.use == "scan":
            return self._to_come
        own = [r for r in self.facts.replicas if r.performer_id == self.check.performer]
        used = [self.replica] if self.replica is not None else own
        made_in = {r.capture_session_id for r in used}
        return tuple(s for s in self.facts.capture_sessions if s.id in made_in)

    @property
    def _to_come(self) -> tuple[CaptureSession, ...]:
        here = {self.work.id, *self.above}
        return tuple(
            s
            for s in self.facts.capture_sessions
            if s.performer_id == self.check.performer
            and s.work_id in here
            and (s.ends_at or s.starts_at) >= self.as_of
            and not is_cancelled(s, self.as_of)
        )

    @cached_property
    def places(self) -> Mapping[str, frozenset[str]]:
        """The places that the question is tied to, as far as they are on record; by the tie.

        Replicas that may be used are the one that is named, else all there are.
        """
        lives = self.performer.residence if self.performer is not None else None
        found = {
            "residence": (lives,),
            "capture": (s.place for s in self.captures),
            "territory": self.check.territories or (),
        }
        return {tie: frozenset(p for p in of if p is not None) for tie, of in found.items()}

    @cached_property
    def laws(self) -> tuple[str, ...]:
        """Laws that bind by nexus, whatever was signed."""
        return self.packs.laws(self.places)

    @cached_property
    def verifications(self) -> tuple[Verification, ...]:
        """Rows that somebody had checked against the contract by then."""
        return tuple(v for v in self.facts.verifications if v.at <= self.as_of)

    @cached_property
    def _groups(self) -> tuple[tuple[Rule, ...], ...]:
        bound = (*self.families, *self.laws, *self.policies)
        return compiled(self.packs, bound, self.check.use, self.gate)

    @cached_property
    def _dated(self) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Rows in force on the day of their basis; and rows whose day nobody knows."""
        known: list[Rule] = []
        unknown: list[Rule] = []
        days: dict[str | None, date | None] = {None: self._default_basis}
        days.update(self.days)
        for group in self._groups:
            for rule in group:
                row = rule.row
                day = self._fixed_on(rule) if row.basis == "fixed_on" else days[row.basis]
                if day is None:
                    unknown.append(rule)
                    break
                if row.starts_on <= day:
                    if row.ends_on is None or day <= row.ends_on:
                        known.append(rule)
                    break
        return tuple(known), tuple(unknown)

    def _fixed_on(self, rule: Rule) -> date:
        """The day on which a new performance is fixed, in the zone of the law that asks.

        Nothing is fixed before somebody asks whether it may be: a day that is past is a claim.
        """
        today = self.as_of.astimezone(ZoneInfo(rule.pack.zone)).date()
        return max(self.check.on or today, today)

    @cached_property
    def dated_rules(self) -> tuple[Rule, ...]:
        """Rows in force on their day, whatever class of use they are about."""
        return tuple(rule for rule in self._dated[0] if rule.row.strictness != PENDING)

    @cached_property
    def days(self) -> Mapping[str, date | None]:
        """The day of every basis."""
        return {
            "always": date.max,
            "work_date": self.on,
            "engaged_on": self._engaged_on,
            "photography_start": self.photography_start,
            "signed_on": self._signed_on,
            "captured_on": self._captured_on,
            "first_exposed_on": self.work.first_exposed_on,
        }

    @cached_property
    def _default_basis(self) -> date | None:
        return self._engaged_on or self.photography_start

    @cached_property
    def _engaged_on(self) -> date | None:
        if self.engagement is None:
            return None
        # The zone follows from the agreement, which follows from the engagement itself.
        stated = self.packs.of(self.engagement.agreement) if self.engagement.agreement else ()
        zone = ZoneInfo(stated[0].zone) if stated else ZoneInfo("UTC")
        return self.engagement.engaged_at.astimezone(zone).date()

    @cached_property
    def _signed_on(self) -> date | None:
        signed = [
            g.signature.at
            for g in self.facts.grants
            if g.performer_id == self.check.performer
            and g.grantee_id in {self.producer.id, *self.sellers}
            and g.signature is not None
            and g.signature.at <= self.as_of
        ]
        return self._day(max(signed)) if signed else None

    @cached_property
    def _captured_on(self) -> date | None:
        if self._scan is not None:
            return self._day(self._scan.starts_at)
        return self._made_on(self.replica) if self.replica is not None else None

    @cached_property
    def captured_days(self) -> tuple[date | None, ...]:
        """When the replicas that may be used were made: the one named, else all there are.

        ``None`` for one of which nobody knows. A scan makes its own, in its session.
        """
        if self.check.use == "scan":
            return (self._day(self._scan.starts_at),) if self._scan is not None else ()
        own = [r for r in self.facts.replicas if r.performer_id == self.check.performer]
        made = [r for r in own if r.state != "planned"]
        return tuple(self._made_on(r) for r in ([self.replica] if self.replica else made))

    def _made_on(self, replica: Replica) -> date | None:
        if replica.captured_on is not None:
            return replica.captured_on
        starts = [
            s.starts_at for s in self.facts.capture_sessions if s.id == replica.capture_session_id
        ]
        return self._day(starts[0]) if starts else None


def is_cancelled(session: CaptureSession, as_of: datetime) -> bool:
    """Whether it was called off by then."""
    return session.cancelled_at is not None and session.cancelled_at <= as_of


def _before(work: Work) -> tuple[StatedBefore, ...]:
    return work.stated_before or ()
