"""The case: a check with what follows from the facts, worked out once and read by every step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.blocks import Block, blocks_at
from app.rules.facts import (
    Authorship,
    CaptureSession,
    Check,
    Engagement,
    Estimate,
    Facts,
    Organization,
    Performer,
    Replica,
    Signatory,
    Use,
    Verification,
    Work,
)
from app.rules.packs import AGREEMENT, KINDS, Pack, PackSet, Rated, RuleRow, rate_on, verified_by
from app.rules.reasons import Reason, Rest, Source, make
from app.rules.standing import standing_unions
from app.rules.terms import Money
from app.rules.uses import default_gate, locked_use
from app.rules.works import ancestors

NEW_PERFORMANCE: Final = frozenset({"face_replace", "de_age", "stunt", "crowd", "synthesize_voice"})
_CLASS_BY_USE: Final[Mapping[str, str]] = {
    "scan": "CREATION",
    "exhibit": "EXHIBITION",
    "alter": "ALTERATION",
    "dub": "DUB",
    "realtime": "RTG",
    "synthetic": "SYNTH",
    "train_model": "TRAINING",
    "promo": "MARKETING",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One amount that is owed."""

    what: str
    amount: Money
    category: str  # principal | background: which contributions it bears
    source: Source
    days: Decimal | None = None
    daily: Money | None = None
    # The engagement's own pay for a day, before the minimum is held against it.
    pro_rata: Money | None = None
    rates: tuple[Rated, ...] = ()


Finding = Reason | Line


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A row of a pack, bound to where it stands among all rows that are loaded."""

    row: RuleRow
    pack: Pack
    rank: int

    def fits(self, case: "Case") -> bool:
        """Whether the row is about this use, gate, class and role."""
        row = self.row
        return (
            (row.uses is None or case.check.use in row.uses)
            and (row.gates is None or case.gate in row.gates)
            and (row.classes is None or case.use_class in row.classes)
            and (row.roles is None or case.role in row.roles)
        )


Step = Callable[["Case", Rule], Iterator[Finding]]


@lru_cache(maxsize=1024)
def compiled(
    packs: PackSet, families: tuple[str, ...], use: str, gate: str
) -> tuple[tuple[Rule, ...], ...]:
    """The rows that could apply, by family and id: versions of one row together, latest first."""
    bound = [*packs.of(*families), *packs.house]
    ranked = [
        Rule(row, pack, 1000 * KINDS.index(pack.kind) + n)
        for n, (pack, row) in enumerate((p, r) for p in bound for r in p.rules)
    ]
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in ranked:
        groups.setdefault((rule.pack.family, rule.row.id), []).append(rule)
    return tuple(
        tuple(sorted(group, key=lambda r: r.row.starts_on, reverse=True))
        for group in groups.values()
        if any(_could_apply(r.row, use, gate) for r in group)
    )


def _could_apply(row: RuleRow, use: str, gate: str) -> bool:
    return (row.uses is None or use in row.uses) and (row.gates is None or gate in row.gates)


# INVARIANT: everything cached here is a function of the constructor's arguments alone.
@dataclass(frozen=True, eq=False)
class Case:
    """A check whose ids are known, with the facts and packs that it is decided from."""

    check: Check
    facts: Facts
    packs: PackSet
    as_of: datetime
    work: Work
    producer: Organization
    performer: Performer | None = None
    replica: Replica | None = None
    session: CaptureSession | None = None
    # What other modules work out once for a case, under the name of who did.
    kept: dict[str, object] = field(default_factory=dict)

    # Where and when.

    @cached_property
    def gate(self) -> str:
        """The gate that was named, else the one that the use implies. It softens nothing."""
        return self.check.gate or default_gate(self.check.use)

    @cached_property
    def above(self) -> Mapping[str, int]:
        """Works above the work at ``as_of``, with the steps to each."""
        return ancestors(self.work.id, self.facts.edges, self.as_of)

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
        making = self.session is not None and self.check.use == "scan"
        at = self.session.starts_at if self.session is not None and making else self.as_of
        return at.astimezone(self.zone).date()

    # Who.

    @cached_property
    def engagement(self) -> Engagement | None:
        """The performer's engagement on this picture."""
        if self.session is not None:
            named = [e for e in self._engagements if e.id == self.session.engagement_id]
            if named:
                return named[0]
        steps = {self.work.id: 0, **self.above}
        here = [e for e in self._engagements if e.work_id in steps]
        return min(
            here, key=lambda e: (steps[e.work_id], -e.engaged_at.timestamp(), e.id), default=None
        )

    @cached_property
    def _engagements(self) -> tuple[Engagement, ...]:
        return tuple(
            e
            for e in self.facts.engagements
            if e.performer_id == self.check.performer and e.engaged_at <= self.as_of
        )

    @cached_property
    def role(self) -> str:
        """``background`` or ``principal``, of the replica or else of the engagement."""
        if self.replica is not None and self.check.use != "scan":
            return "background" if self.replica.kind == "background" else "principal"
        found = [self.engagement] if self.engagement else list(self._engagements)
        is_background = bool(found) and all(e.role_class == "background" for e in found)
        return "background" if is_background else "principal"

    @cached_property
    def died_on(self) -> date | None:
        """The day of death, once it is past."""
        died = self.performer.died_on if self.performer else None
        return (
            died if died is not None and died <= self.as_of.astimezone(self.zone).date() else None
        )

    # Which rules.

    @cached_property
    def signatories(self) -> tuple[Signatory, ...]:
        """Agreements that the producer is bound by on the day that decides, made for this work."""
        day = self._default_basis or self.as_of.date()
        return tuple(
            s
            for s in self.facts.signatories
            if s.organization_id == self.producer.id
            and s.starts_on <= day
            and (s.ends_on is None or day <= s.ends_on)
        )

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Agreements that bind: of the engagement, else of the work and the producer."""
        if self.engagement is not None and self.engagement.agreement is not None:
            return (self.engagement.agreement,)
        stated = {self.work.agreement} if self.work.agreement is not None else set()
        by_name = {w.id: w for w in self.facts.works}
        if not stated:
            nearest = sorted((n, w) for w, n in self.above.items() if w in by_name)
            stated = {a for _, w in nearest if (a := by_name[w].agreement) is not None}
        signed = {
            s.agreement
            for s in self.signatories
            if s.agreement not in self.packs.families
            or self.packs.fitting(s.agreement, self.work.kind)
        }
        return tuple(sorted(stated | signed))

    @cached_property
    def _groups(self) -> tuple[tuple[Rule, ...], ...]:
        return compiled(self.packs, self.families, self.check.use, self.gate)

    @cached_property
    def _dated(self) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Rows in force on the day of their basis; and rows whose day nobody knows."""
        known: list[Rule] = []
        unknown: list[Rule] = []
        for group in self._groups:
            rule, asks = self._of_versions(group)
            if rule is not None:
                (unknown if asks else known).append(rule)
        return tuple(known), tuple(unknown)

    def _of_versions(self, group: tuple[Rule, ...]) -> tuple[Rule | None, bool]:
        for rule in group:
            day = self.basis_day(rule.row.basis)
            if day is None:
                return rule, True
            if rule.row.starts_on <= day:
                ended = rule.row.ends_on is not None and rule.row.ends_on < day
                return (None if ended else rule), False
        return None, False

    @property
    def dated_rules(self) -> tuple[Rule, ...]:
        """Rows in force on their day, whatever class of use they are about."""
        return self._dated[0]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every row that applies, strongest pack first."""
        return tuple(rule for rule in self._dated[0] if rule.fits(self))

    @cached_property
    def undated(self) -> tuple[Rule, ...]:
        """Rows that would apply if the day that decides were known."""
        return tuple(rule for rule in self._dated[1] if rule.fits(self))

    @cached_property
    def switched_on(self) -> frozenset[str]:
        """Names of the functions that some row in force asks for."""
        return frozenset(name for rule in self.rules for name in rule.row.does)

    def rules_doing(self, name: str) -> tuple[Rule, ...]:
        """Rows in force that ask for a function."""
        return tuple(rule for rule in self.rules if name in rule.row.does)

    def basis_day(self, basis: str | None) -> date | None:
        """The day that decides for rows of a basis; ``None``: nobody has said."""
        if basis is None:
            return self._default_basis
        return self.days.get(basis)

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
    def photography_start(self) -> date | None:
        """When photography of the picture began: of the work, else of the nearest work above it."""
        if self.work.photography_start is not None:
            return self.work.photography_start
        found = [
            (self.above[w.id], w.photography_start)
            for w in self.facts.works
            if w.id in self.above and w.photography_start is not None
        ]
        return min(found)[1] if found else None

    @cached_property
    def _signed_on(self) -> date | None:
        signed = [
            g.signature.at
            for g in self.facts.grants
            if g.performer_id == self.check.performer
            and g.grantee_id == self.producer.id
            and g.signature is not None
            and g.signature.at <= self.as_of
        ]
        return max(signed).astimezone(self.zone).date() if signed else None

    @cached_property
    def _captured_on(self) -> date | None:
        if self.session is not None:
            return self.session.starts_at.astimezone(self.zone).date()
        return self.replica.captured_on if self.replica is not None else None

    # What kind of use.

    @cached_property
    def claims_routine(self) -> bool:
        """Whether it is claimed, for a use that can be it, to be customary post-production."""
        return self.check.use == "alter" and any(
            e.code == "routine_post" for e in self.check.exemptions
        )

    @cached_property
    def reclassified(self) -> Rule | None:
        """The row that makes a replica built from set photography an employment replica."""
        if self.replica is None or self.replica.kind != "independent":
            return None
        sessions = {s.id: s for s in self.facts.capture_sessions}
        session = sessions.get(self.replica.capture_session_id or "")
        if session is None or session.kind != "set_photography":
            return None
        rows = [r for r in self._dated[0] if "set_photography" in r.row.does]
        return rows[0] if rows else None

    @cached_property
    def use_class(self) -> str:
        """What the use is under the contracts. Derived, never claimed."""
        by_use = _CLASS_BY_USE.get(self.check.use)
        if by_use == "ALTERATION" and self.claims_routine:
            return "ROUTINE_POST"
        if by_use is not None:
            return by_use
        picture = self._picture
        if picture == "ICDR" or self.role == "principal":
            return picture
        if picture == "EBDR_OTHER":
            return "BADR_OTHER"
        return "BADR_PRINCIPAL" if self._plays_a_part else "BADR_BG"

    @cached_property
    def _picture(self) -> str:
        if self.replica is None:
            if self.engagement is not None:
                return "EBDR_SAME"
            return "EBDR_OTHER" if self._engagements else "ICDR"
        if self.replica.kind == "independent" and self.reclassified is None:
            return "ICDR"
        origin = self._origin
        if origin is None:
            return "EBDR_SAME" if self.engagement is not None else "EBDR_OTHER"
        same = origin == self.work.id or origin in self.above
        return "EBDR_SAME" if same else "EBDR_OTHER"

    @cached_property
    def _origin(self) -> str | None:
        if self.replica is None or self.replica.origin_work_id is not None:
            return self.replica.origin_work_id if self.replica else None
        sessions = {s.id: s.work_id for s in self.facts.capture_sessions}
        return sessions.get(self.replica.capture_session_id or "")

    @cached_property
    def _plays_a_part(self) -> bool:
        """Whether a background replica is used for more than filling the picture."""
        said = self.check
        return (
            said.use != "crowd"
            or said.description.character is not None
            or bool(said.quantity.lines)
        )

    @cached_property
    def tags(self) -> tuple[str, ...] | None:
        """What is shown: as the use says, else as was stated of the work; ``None``: not said."""
        said = self.check.description.tags
        return said if said is not None else self.work.content_tags

    @cached_property
    def minor(self) -> bool | None:
        """Whether the replica is of a person who is or was a minor; ``None``: not known."""
        if self.performer is None:
            return False
        adult = self.performer.adult_from
        if adult is None:
            return None
        captured = self._captured_on
        return self.on < adult or (captured is not None and captured < adult)

    # What stands around it.

    @cached_property
    def locked(self) -> Use | None:
        """The finished use that the check asks about, where rules make a difference of it."""
        if "runoff" not in self.switched_on:
            return None
        return locked_use(self.facts.uses, self.check, as_of=self.as_of)

    @cached_property
    def runs_off(self) -> bool:
        """Whether this shows what was finished under a consent that was not void."""
        if self.check.use != "exhibit" or self.locked is None:
            return False
        under = [g.state for g in self.facts.grants if g.id == self.locked.grant_id]
        return "void" not in under

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Vetoes, pauses and court orders that match, strongest first."""
        families = frozenset(self.families)
        unions = standing_unions(
            self.facts,
            performer=self.check.performer,
            producer=self.producer.id,
            families=families,
            as_of=self.as_of,
        )
        return blocks_at(
            self.facts,
            replace(self.check, producer=self.producer.id),
            ancestors=frozenset(self.above),
            families=families,
            unions=unions,
            as_of=self.as_of,
        )

    # Money.

    @cached_property
    def estimate(self) -> Estimate | None:
        """The count of shooting days that fits the use best; the latest of those."""
        said = self.check
        by_use = [
            e for e in self.facts.estimates if e.use_id is not None and e.use_id == said.use_id
        ]
        if by_use:
            return max(by_use, key=lambda e: e.id)
        fitting = [
            (_exactness(e, said), e.id, e)
            for e in self.facts.estimates
            if e.use_id is None
            and e.performer_id in {None, said.performer}
            and e.work_id in {None, said.work}
            and e.use in {None, said.use}
            and e.shot in {None, said.shot}
        ]
        return max(fitting, key=lambda found: found[:2])[2] if fitting else None

    @property
    def currency(self) -> str:
        """The currency of the agreement that binds."""
        bound = [p for p in self.packs.of(*self.families) if p.kind == AGREEMENT]
        return bound[0].currency if bound else "USD"

    def rate(self, category: str) -> Rated | None:
        """The figure of a category for this case; ``None``: none is known for its day."""
        bound = self.packs.of(*self.families)
        return rate_on(bound, category, self.days, self.verifications)

    @cached_property
    def verifications(self) -> tuple[Verification, ...]:
        """Rows that somebody had checked against the contract by then."""
        return tuple(v for v in self.facts.verifications if v.at <= self.as_of)

    # How it is said.

    def source(self, rule: Rule) -> Source:
        """Where a reason comes from, and whether somebody checked it against the text."""
        row, pack = rule.row, rule.pack
        read = row.verified and row.basis is not None
        return Source(
            rule=row.id,
            pack=pack.family,
            version=pack.version,
            verified=read or verified_by(pack, row.id, self.verifications),
            rank=rule.rank,
        )

    def say(self, code: str, rule: Rule, **params: object) -> Reason:
        """A reason of a row, with the facts that decided that the row applies."""
        by = params.pop("by", None)
        assert by is None or isinstance(by, date)  # noqa: S101 - narrows a keyword for the type checker
        return make(code, self.source(rule), rests_on=self.rests(rule), by=by, **params)

    def rests(self, rule: Rule) -> tuple[Rest, ...]:
        """Whose word it is that a row applies."""
        if rule.row.basis == "always":
            return ()
        found = []
        if rule.row.basis in {None, "engaged_on"} and self.engagement is not None:
            found.append(self._rest("engagement", self.engagement))
        elif rule.row.basis in {None, "photography_start"}:
            found.append(self._rest("start of photography", self.work))
        found += [
            self._rest("agreement of the producer", s)
            for s in self.signatories
            if s.agreement == rule.pack.family and not self._by_engagement
        ]
        return tuple(found)

    @property
    def _by_engagement(self) -> bool:
        return self.engagement is not None and self.engagement.agreement is not None

    def _rest(self, fact: str, said: Authorship) -> Rest:
        kinds = {o.id: o.kind for o in self.facts.organizations}
        word = kinds.get(said.stated_by or "", "")
        if said.stated_by is not None and said.stated_by == self.check.performer:
            word = "performer"
        return Rest(fact, word or "not said", said.confirmed_by is not None)


def _exactness(estimate: Estimate, check: Check) -> int:
    return sum(
        said is not None and said == asked
        for said, asked in (
            (estimate.performer_id, check.performer),
            (estimate.work_id, check.work),
            (estimate.use, check.use),
            (estimate.shot, check.shot),
        )
    )


def open_case(check: Check, facts: Facts, packs: PackSet, as_of: datetime) -> Case | None:
    """The case, or ``None`` if somebody or something that it names is not known."""
    work = next((w for w in facts.works if w.id == check.work), None)
    if work is None:
        return None
    producer_id = check.producer or work.owner_id
    producer = next((o for o in facts.organizations if o.id == producer_id), None)
    performer = next((p for p in facts.performers if p.id == check.performer), None)
    replica = next((r for r in facts.replicas if r.id == check.replica), None)
    session = next((s for s in facts.capture_sessions if s.id == check.capture_session), None)
    if producer is None or not _all_known(check, performer, replica, session):
        return None
    return Case(check, facts, packs, as_of, work, producer, performer, replica, session)


def _all_known(
    check: Check,
    performer: Performer | None,
    replica: Replica | None,
    session: CaptureSession | None,
) -> bool:
    if check.performer is None:
        # Nobody is named where nobody is shown; everywhere else somebody must be.
        return check.use == "synthetic" and check.replica is None
    if performer is None:
        return False
    named = ((check.replica, replica), (check.capture_session, session))
    return all(
        id_ is None or (found is not None and found.performer_id == check.performer)
        for id_, found in named
    )
