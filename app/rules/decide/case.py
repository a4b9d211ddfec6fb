"""The case: a check with what follows from the facts, worked out once and read by every step."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from app.rules.blocks import BLOCK, Block, Former, blocks_at, under, weighed
from app.rules.dated import as_it_stood
from app.rules.days import day_of
from app.rules.decide.bound import Bound
from app.rules.decide.rows import Line, NotKnown, Rule
from app.rules.estimates import standing
from app.rules.facts import (
    Authorship,
    CaptureSession,
    Check,
    Estimate,
    Facts,
    Membership,
    Performer,
    Replica,
    Sale,
    Use,
)
from app.rules.grants import terms_at
from app.rules.merges import as_one
from app.rules.packs import PENDING, PackSet, verified_by
from app.rules.reasons import Reason, Rest, Source, make
from app.rules.sales import begun, over, owned, passed, since
from app.rules.standing import held_by, member_day, standing_unions
from app.rules.uses import agrees, locked_uses
from app.rules.vetoes import binds

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


@dataclass(frozen=True, eq=False)
class Case(Bound):
    """A bound setting with the class of the use and what stands around it."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every row that applies, strongest pack first."""
        return self._fitting(self.dated_rules)

    @cached_property
    def pending(self) -> tuple[Rule, ...]:
        """Rows that would apply if they were law; that they are there changes no other's answer."""
        return tuple(r for r in self._fitting(self._dated[0]) if r.row.strictness == PENDING)

    @cached_property
    def undated(self) -> tuple[Rule, ...]:
        """Rows that would apply if the day that decides were known."""
        unknown = self._fitting(self._dated[1])
        return tuple(rule for rule in unknown if rule.row.strictness != PENDING)

    def _fitting(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        about = {
            "use": self.check.use,
            "gate": self.gate,
            "use_class": self.use_class,
            "role": self.role,
        }
        return tuple(rule for rule in rules if rule.fits(**about))

    @cached_property
    def switched_on(self) -> frozenset[str]:
        """Names of the functions that some row in force asks for."""
        return frozenset(name for rule in self.rules for name in rule.row.does)

    def rules_doing(self, name: str) -> tuple[Rule, ...]:
        """Rows in force that ask for a function."""
        return tuple(rule for rule in self.rules if name in rule.row.does)

    def beside(self, rule: Rule, name: str) -> Rule | None:
        """The row in force of the same agreement that asks for a function as well."""
        of_it = (r for r in self.rules_doing(name) if r.pack.family == rule.pack.family)
        return next(of_it, None)

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
        rows = [r for r in self.dated_rules if "set_photography" in r.row.does]
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
            return "EBDR_OTHER" if self.engagements else "ICDR"
        if self.replica.kind == "independent" and self.reclassified is None:
            return "ICDR"
        origin = self.origin
        if origin is None:
            return "EBDR_SAME" if self.engagement is not None else "EBDR_OTHER"
        same = origin == self.work.id or origin in self.above
        return "EBDR_SAME" if same else "EBDR_OTHER"

    @cached_property
    def origin(self) -> str | None:
        """The work that the replica was made for, as far as that is on record."""
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
    def minor(self) -> bool | None:
        """Whether the replica is of a person who is or was a minor; ``None``: not known."""
        if self.performer is None:
            return False
        adult = self.performer.adult_from
        if adult is None:
            return None
        # Today counts besides the work day, which the producer picks.
        days = (self.today, self.on, *self.captured_days)
        if any(day is not None and day < adult for day in days):
            return True
        return None if None in days else False

    @cached_property
    def finished(self) -> tuple[Use, ...]:
        """The finished uses that are asked about, last first, where rules heed them."""
        if "runoff" not in self.switched_on:
            return ()
        check = replace(self.check, producer=self.producer.id)
        return locked_uses(self.facts.uses, check, as_of=self.as_of)

    @property
    def locked(self) -> Use | None:
        """Of the finished uses that are asked about the last, which a block spares last."""
        return self.finished[0] if self.finished else None

    @cached_property
    def runs_off(self) -> bool:
        """Whether this shows what was finished, all of it under consents that were not void."""
        if self.check.use != "exhibit" or not self.finished:
            return False
        void = {g.id for g in self.facts.grants if g.state == "void"}
        return not any(use.grant_id in void for use in self.finished)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Vetoes, pauses and court orders that match, strongest first."""
        families = frozenset(self.answering)
        unions = standing_unions(
            self.facts,
            performer=self.check.performer,
            producer=self.producer.id,
            families=families,
            as_of=self.as_of,
        )
        found = blocks_at(
            self.facts,
            replace(self.check, producer=self.producer.id),
            ancestors=frozenset(self.above),
            families=families,
            unions=unions,
            as_of=self.as_of,
            formers=self.formers,
        )
        return weighed(found, self.bound_by)

    def bound_by(self, block: Block) -> bool:
        """Whether what a wide veto rests on binds the studio that is asked about.

        Or whoever owned the work when the veto came over it: to sell a work frees it of nothing.
        """
        before = [(f.studio, f.families) for f in self.formers if f.owned_under(block)]
        return any(
            binds(
                block.basis,
                rules=frozenset(r.id for pack in self.packs.of(*families) for r in pack.rules),
                studios=(studio,),
                organizations=self.facts.organizations,
                on=day_of(block.starts_at),
            )
            for studio, families in ((self.producer.id, frozenset(self.answering)), *before)
        )

    @cached_property
    def formers(self) -> tuple[Former, ...]:
        """Who owned the work before, or what was stated of it, until when, and what bound it then.

        Of a work that came below a sold one by its buyer's hand, who owned that one: a new film
        of a franchise is under what its older films are under.
        """
        sold = begun(self.facts.sales, self.as_of)
        hands = passed(sold, self._hands, self._was_below)
        return tuple(
            self._former(studio, families, until)
            for studio, families, until in (
                *((sale.seller_id, self.signed_by(sale.seller_id), over(sale)) for sale in hands),
                *((self.producer.id, families, until) for families, until in self.restated),
            )
        )

    @property
    def _hands(self) -> frozenset[str]:
        return frozenset({self.producer.id, self.work.owner_id or self.producer.id})

    def _was_below(self, sale: Sale) -> bool:
        """Whether the work is what was sold, or ever came to be below it since."""
        edges, began = self.facts.edges, since(sale)
        return under(sale.work_id, self.work.id, edges, since=began, until=self.as_of)

    def _former(self, studio: str, families: frozenset[str], until: datetime) -> Former:
        unions = standing_unions(
            self.facts,
            performer=self.check.performer,
            producer=studio,
            families=families,
            as_of=self.as_of,
        )
        return Former(studio, until, families, unions)

    @cached_property
    def standing_memberships(self) -> tuple[Membership, ...]:
        """Memberships that a block here may rest on, disputed or not."""
        on = member_day(self.facts, self.check.performer, self.as_of)
        unions = {b.union_id for b in self.blocks if b.effect == BLOCK}
        held = held_by(self.facts.memberships, self.check.performer, on)
        return tuple(m for m in held if m.union_id in unions)

    @cached_property
    def estimate(self) -> Estimate | None:
        """The count of shooting days that fits the use best, as it stands at ``as_of``."""
        said = self.check
        known = [
            e for e in self.facts.estimates if e.stated_at is None or e.stated_at <= self.as_of
        ]
        of_it = [e for e in known if e.use_id is not None and e.use_id == said.use_id]
        if not of_it:
            fitting = [
                e
                for e in known
                if e.use_id is None
                and e.performer_id in {None, said.performer}
                and e.work_id in {None, said.work}
                and e.use in {None, said.use}
                and e.shot in {None, said.shot}
            ]
            best = max((_exactness(e, said) for e in fitting), default=0)
            of_it = [e for e in fitting if _exactness(e, said) == best]
        return standing(of_it, self.as_of)

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
            cites=row.cites,
        )

    def say(
        self, code: str, rule: Rule, *, by: date | None = None, way: str = "", **params: object
    ) -> Reason:
        """A reason of a row, with the facts that decided that the row applies."""
        return make(code, self.source(rule), rests_on=self.rests(rule), by=by, way=way, **params)

    def rests(self, rule: Rule) -> tuple[Rest, ...]:
        """Whose word it is that a row applies."""
        if rule.row.basis == "always":
            return ()
        found = []
        if rule.row.basis in {None, "engaged_on"} and self.engagement is not None:
            found.append(self.rest("engagement", self.engagement))
        elif rule.row.basis in {None, "photography_start"}:
            found.append(self.rest("start of photography", self.work))
        found += [
            self.rest("agreement of the producer", s)
            for s in self.signatories
            if s.agreement == rule.pack.family and not self._by_engagement
        ]
        return tuple(found)

    def rest(self, fact: str, said: Authorship) -> Rest:
        """Whose word a fact is."""
        kinds = {o.id: o.kind for o in self.facts.organizations}
        word = kinds.get(said.stated_by or "", "")
        if said.stated_by is not None and said.stated_by == self.check.performer:
            word = "performer"
        return Rest(fact, word or "not said", said.confirmed_by is not None)


Finding = Reason | Line | NotKnown
Step = Callable[[Case, Rule], Iterator[Finding]]


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
    facts = as_one(as_it_stood(facts, as_of), check.performer, as_of)
    facts = owned(facts, as_of)
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
    if check.use_id is not None and not _is_about(replace(check, producer=producer.id), facts):
        return None
    # INVARIANT: every step reads of each consent the terms that were in force at ``as_of``.
    facts = replace(facts, grants=tuple(terms_at(g, as_of) for g in facts.grants))
    facts = _without_policies(facts, packs)
    work = next(w for w in facts.works if w.id == work.id)
    return Case(check, facts, packs, as_of, work, producer, performer, replica, session)


def _without_policies(facts: Facts, packs: PackSet) -> Facts:
    """The facts without a policy that somebody named as an agreement: it is none."""
    own = packs.policies
    named = {*(j.agreement for j in facts.engagements), *(w.agreement for w in facts.works)}
    if own.isdisjoint(named - {None}):
        return facts
    jobs = tuple(replace(j, agreement=None) if j.agreement in own else j for j in facts.engagements)
    works = tuple(replace(w, agreement=None) if w.agreement in own else w for w in facts.works)
    return replace(facts, engagements=jobs, works=works)


def _is_about(check: Check, facts: Facts) -> bool:
    """Whether the registered use that the check names is the one that it describes."""
    return any(use.id == check.use_id and agrees(use, check) for use in facts.uses)


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
