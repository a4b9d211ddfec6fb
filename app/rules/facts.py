"""What a decision is taken from: frozen values, and the reader that makes them from documents.

A *document* is a ``dict`` of JSON values whose member names are the field names below. The store
makes documents from rows and the published vectors carry them as JSON, so both worlds are read by
the same code. Instants are RFC 3339 with an offset, days are ISO dates, decimals and money amounts
are strings.
"""

import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from app.rules.terms import Money, money_from

Document = Mapping[str, Any]
EVER: Final = datetime.min.replace(tzinfo=UTC)
_NOTHING: Final = Money(0, "USD")


@dataclass(frozen=True, slots=True)
class Dispute:
    """Somebody said that a fact is not so; it stood in ``[at, settled_at)``."""

    by: str
    settled_at: datetime
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who says that a fact is so. An answer that rests on a disputed one is ``needs_action``."""

    stated_by: str | None = None
    confirmed_by: str | None = None
    disputed_by: str | None = None
    confirmed_at: datetime | None = None
    disputed_at: datetime | None = None
    settled_at: datetime | None = None
    # Of each dispute the last counts above; those that were settled before it stand here.
    disputes_before: tuple[Dispute, ...] | None = None

    def is_disputed(self, as_of: datetime) -> bool:
        """Whether somebody disputes it at ``as_of``: from ``disputed_at`` until ``settled_at``.

        The first instant counts and the last does not; a dispute of no known day always began.
        """
        last = self.disputed_by is not None
        return (last and _within(self.disputed_at, self.settled_at, as_of)) or any(
            _within(d.at, d.settled_at, as_of) for d in self.disputes_before or ()
        )


def _within(since: datetime | None, until: datetime | None, as_of: datetime) -> bool:
    return (since is None or since <= as_of) and (until is None or as_of < until)


@dataclass(frozen=True, slots=True)
class Organization(Authorship):
    """A studio, union, agency or vendor."""

    id: str = ""
    kind: str = "studio"
    name: str = ""
    # Families of agreements that a union is party to, such as ``sag-aftra/tv-theatrical``.
    agreements: tuple[str, ...] = ()
    registry_rules_accepted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Signatory(Authorship):
    """A studio is bound by an agreement family, a union being the other side; days inclusive."""

    id: str = ""
    organization_id: str = ""
    union_id: str | None = None
    agreement: str = ""
    starts_on: date = date.min
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class LivedBefore:
    """Where a performer lived until an instant, as it was on record then."""

    until: datetime
    residence: str | None = None


@dataclass(frozen=True, slots=True)
class Performer:
    """A person on record. No name and no birth date: only the two dates that rules read."""

    id: str
    identity: str = "stated"  # stated | contact_confirmed | vouched
    adult_from: date | None = None
    died_on: date | None = None
    # Until then the person can still say that they live.
    alive_until: datetime | None = None
    claimed_at: datetime | None = None
    # Places that give a law its nexus, ISO 3166-1/-2 such as ``US-IL``.
    residence: str | None = None
    lived_before: tuple[LivedBefore, ...] | None = None


@dataclass(frozen=True, slots=True)
class Membership(Authorship):
    """A performer's membership in a union; gives standing only once the performer confirmed it."""

    id: str = ""
    performer_id: str = ""
    union_id: str = ""
    unit: str | None = None
    starts_on: date = date.min
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Representation:
    """A person's right to act for a performer; counts only once verified."""

    id: str
    performer_id: str
    representative_id: str
    kind: str  # agent | attorney | guardian | estate | executor
    powers: tuple[str, ...] = ("view",)  # view | bargain | sign
    starts_on: date = date.min
    ends_on: date | None = None
    verified_by: str | None = None
    # ``None`` where nobody wrote down when: then it counts for as long as it runs.
    verified_at: datetime | None = None
    stated_at: datetime | None = None
    document_hash: str | None = None
    # A claim that was given up or that a court settled; what was signed before stays signed.
    withdrawn_at: datetime | None = None

    def begun_by(self, at: datetime) -> bool:
        """Whether it was proven by ``at`` on its first day or later, in UTC.

        What was proven on the day it begins on begins then, wherever that day is still to come.
        """
        seen = self.verified_at
        return seen is not None and seen <= at and self.starts_on <= seen.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class StatedBefore:
    """What was stated of a work until an instant, of what changes in the world."""

    until: datetime
    agreement: str | None = None
    content_tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Work(Authorship):
    """A node of the works graph."""

    id: str = ""
    kind: str = "film"
    title: str = ""
    owner_id: str | None = None
    agreement: str | None = None
    photography_start: date | None = None
    first_exposed_on: date | None = None
    # What the producer stated of the whole work; a use inherits it. ``None`` means: not stated.
    content_tags: tuple[str, ...] | None = None
    # Of an episode: ceilings on contributions go by it.
    running_minutes: int | None = None
    stated_before: tuple[StatedBefore, ...] | None = None
    # Of a commercial: for whom and what it advertises, and the last day, inclusive, of its maximum
    # period of use.
    advertiser: str | None = None
    product_line: str | None = None
    mpu_ends_on: date | None = None
    # The union's waiver under which its sound is put together by machine.
    dynamic_audio_waiver: str | None = None
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """A work was sold: from the beginning of ``starts_on`` in UTC the buyer owns it."""

    id: str
    sale_id: str
    work_id: str
    seller_id: str
    buyer_id: str
    starts_on: date
    # A sale can come on record after its day; what came over the work before it did, stays.
    recorded_at: datetime | None = None
    # It takes the buyer's word too. One of the first release never waited for it.
    awaits_buyer: bool | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Whether a consent that was given to a seller passes on to the buyer."""

    id: str
    grant_id: str
    sale_id: str
    buyer_id: str
    answer: str | None = None  # yes | no
    answered_at: datetime | None = None
    # When they said no; a yes that came later does not undo that they had.
    declined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edge(Authorship):
    """``child`` belongs to ``parent`` in ``[valid_from, valid_to)``."""

    id: str = ""
    parent: str = ""
    child: str = ""
    # part_of | in_franchise | season_of | episode_of | edit_of | promo_of | spinoff_of
    relation: str = "part_of"
    announced_at: datetime | None = None
    valid_from: datetime = EVER
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """What an engagement pays; ``None`` as the amount means scale."""

    kind: str = "daily"  # daily | weekly | episodic | flat
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Engagement(Authorship):
    """A performer hired for a work by a producer under an agreement family."""

    id: str = ""
    performer_id: str = ""
    work_id: str = ""
    producer_id: str = ""
    role_class: str = "principal"  # principal | background | stunt | voice | singer | model
    character: str | None = None
    agreement: str | None = None
    union_id: str | None = None
    engaged_at: datetime = EVER
    rate: Rate | None = None
    contract_days: Decimal | None = None
    covered_days: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class CaptureSession:
    """A planned or held making of a replica. Interval ``[starts_at, ends_at)``."""

    id: str
    engagement_id: str
    performer_id: str
    work_id: str
    kind: str = "scan"  # scan | photogrammetry | voice | motion | set_photography
    notice_sent_at: datetime | None = None
    business_reason: str | None = None
    starts_at: datetime = EVER
    ends_at: datetime | None = None
    same_day_as_work: bool = False
    half_day_for_performer: bool = False
    place: str | None = None
    biometric_kinds: tuple[str, ...] = ()
    biometric_purpose: str | None = None  # picture | set_security | other
    # Called off: from then on nobody is to be measured in it.
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replica:
    """A recognisable digital copy of a performer; the registry holds hashes of its files alone."""

    id: str
    performer_id: str
    kind: str = "employment"  # employment | independent | background
    origin_work_id: str | None = None
    capture_session_id: str | None = None
    custodian_id: str | None = None
    # planned | captured | active | quarantined | destruction_due | destroyed
    state: str = "active"
    captured_on: date | None = None
    # What it was made for was done, by the word of whoever made it.
    purpose_met_on: date | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A replica is to go from its producer to somebody else, whom the union may approve."""

    id: str
    replica_id: str
    performer_id: str
    from_id: str
    to_id: str
    union_id: str
    submitted_at: datetime
    # When who takes it over took its duties on in writing.
    assumed_at: datetime | None = None
    answer: str | None = None  # approved | refused
    answered_at: datetime | None = None
    # When the union refused; an approval that came later does not undo that it had.
    refused_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Custody:
    """Somebody holds a copy of a replica from ``starts_at`` until it ended."""

    id: str
    replica_id: str
    performer_id: str
    holder_id: str
    starts_at: datetime
    until_on: date | None = None  # the last day, inclusive
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a grant covers. Empty ``uses`` cover nothing; ``None`` elsewhere limits nothing."""

    mode: str = (
        "single_work"  # single_work | enumerated_works | franchise_umbrella | franchise_blanket
    )
    membership: str = "frozen_at_grant"  # frozen_at_grant | announced_list | dynamic
    works: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    media: tuple[str, ...] | None = None
    territories: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    starts_on: date | None = None
    ends_on: date | None = None  # the last day, inclusive
    max_uses: int | None = None
    max_seconds: int | None = None
    training: bool = False
    realtime: bool = False
    dubbing: bool = False
    marketing: bool = False
    # Passes on with the work to whoever buys it.
    assignable: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What no grant of the performer can cover. ``axis``: work | use | tag | studio."""

    axis: str
    value: str


@dataclass(frozen=True, slots=True)
class Description:
    """The reasonably specific description of intended use; a facet of ``None`` limits nothing."""

    text: str = ""
    tags: tuple[str, ...] | None = None
    character: str | None = None
    scenes: tuple[str, ...] | None = None
    # Whether it says so of the story and the part; ``None``: it does not speak of it.
    prior_ip: bool | None = None
    reprised_role: bool | None = None
    sensitive_content: bool | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """How the clause was put to the performer."""

    written: bool = True
    clear_and_conspicuous: bool = True
    # initial | separate_signature | separate_document | none
    separate_sign: str = "separate_document"
    counsel_negotiated: bool = False
    replaces_in_person_work: bool | None = None
    court_approval: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, how, and how well the registry knows them."""

    at: datetime
    by: str = "performer"  # performer | guardian | estate | executor | union | studio
    representation_id: str | None = None
    organization_id: str | None = None  # the union that signed for the dead
    method: str = "in_registry"  # in_registry | paper | imported
    identity: str = "stated"
    # The performer's side said here that it is theirs, and how well it was known then.
    confirmed_at: datetime | None = None
    confirmed_identity: str | None = None
    # They said that it is not. What was said last holds, each from its own instant.
    disputed_at: datetime | None = None
    # From when it counts, by the performer's own word, whatever they said ``never`` to before.
    despite_instructions_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pay:
    """Compensation terms. ``amount`` per unit; ``days_x_rate`` without one: the engagement's."""

    # days_x_rate | bargained_flat | per_day | per_use | royalty | participation | none
    kind: str = "days_x_rate"
    amount: Money | None = None
    alteration: Money | None = None
    # Of a royalty or participation: so many hundredths of what is reported of this base. An
    # ``amount`` is then paid in any case.
    share: Decimal | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a performer may stop new uses. Said before signing."""

    # any_time | after_days | not_before | only_if_agreement_says
    new_uses: str = "any_time"
    days: int | None = None
    not_before: date | None = None
    pause: bool = True


@dataclass(frozen=True, slots=True)
class Grant:
    """A record of consent in its latest version, and the versions that were in force before."""

    id: str
    version: int
    performer_id: str
    grantee_id: str
    # draft | offered | signed | union_review | active | declined | withdrawn | revoked | superseded
    # | void
    state: str
    scope: Scope = Scope()
    # INVARIANT: the works that the signer saw; part of the terms hash, never changed afterwards.
    shown_works: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    description: Description = Description()
    pay: Pay | None = None
    form: Form = Form()
    withdrawal: Withdrawal = Withdrawal()
    replica_id: str | None = None
    agreement: str | None = None
    posthumous: str = "unstated"  # unstated | survives | life_only
    signature: Signature | None = None
    # New uses stop at this instant; uses made before it run on.
    revoked_from: datetime | None = None
    declined_at: datetime | None = None
    ratified_from: datetime | None = None
    terms_hash: str = ""
    # The performer asked to stop new uses without yet having the right to; it stops nothing.
    withdrawal_asked_at: datetime | None = None
    withdrawal_answered_at: datetime | None = None
    # When the performer was asked; before, nobody had.
    offered_at: datetime | None = None
    # The person's own yes, or the estate's, to what a guardian or a union had signed for them.
    own_yes_at: datetime | None = None
    # The versions that later terms took the place of, first to last, each as it last stood. One was
    # in force from its signature until that of the next: `app.rules.grants.terms_at`.
    earlier: tuple["Grant", ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The signed yes to one work under an umbrella grant."""

    id: str
    grant_id: str
    work_id: str
    signed_at: datetime
    description: Description = Description()


@dataclass(frozen=True, slots=True)
class Merge:
    """Two records are one person in ``[starts_at, ends_at)``; without a start nobody confirmed it.

    Whoever finds it wrong ends it; what was answered meanwhile stays answered.
    """

    id: str
    performer_id: str
    other_id: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A performer's pause of new uses in ``[starts_at, ends_at)``, of one grant or of all."""

    id: str
    performer_id: str
    grant_id: str | None
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a performer says of all requests to come, in ``[starts_at, ends_at)``; never a consent.

    A use or a tag of ``None`` limits nothing; at least one is said.
    """

    id: str
    performer_id: str
    say: str  # always | ask_me | never
    starts_at: datetime
    ends_at: datetime | None = None
    use: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class CourtOrder:
    """An order of a court that stops uses in ``[starts_at, ends_at)``."""

    id: str
    reference: str
    starts_at: datetime
    ends_at: datetime | None = None
    performer_id: str | None = None
    work_id: str | None = None
    studio_id: str | None = None
    # It can start earlier, or be announced and start later.
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VetoScope:
    """What a veto reaches; members that are given must all match. ``work``: every descendant."""

    performer: str | None = None
    work: str | None = None
    uses: tuple[str, ...] = ()
    studio: str | None = None
    agreement: str | None = None
    unit: str | None = None
    all_members: bool = False


@dataclass(frozen=True, slots=True)
class VetoException:
    """A waiver: a strike does not reach this work or studio in ``[starts_at, ends_at)``."""

    work: str | None
    studio: str | None
    basis: str
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A veto reaches no more than ``scope`` from ``at`` on."""

    at: datetime
    scope: VetoScope


@dataclass(frozen=True, slots=True)
class Renewal:
    """A veto was looked at again at ``at``, and is to be once more by ``review_by``."""

    at: datetime
    review_by: date


@dataclass(frozen=True, slots=True)
class Appeal:
    """What a studio or performer contests; open in ``[at, decided_at)``."""

    id: str
    by: str
    at: datetime
    decided_at: datetime | None = None
    outcome: str | None = None  # upheld | overruled | narrowed
    # The party on record that decided; ``None``: somebody outside, by an award.
    decided_by: str | None = None
    document_hash: str | None = None
    recorded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """One version of a union's typed block or flag."""

    id: str
    union_id: str
    # policy | strike | posthumous | transfer | synthetic | grievance
    kind: str
    basis: str
    authority: str
    scope: VetoScope
    effect: str  # block | flag
    timing: str  # prospective | full
    starts_at: datetime
    state: str = "in_force"  # proposed | in_force | appealed | lifted | overruled
    review_by: date | None = None
    lifted_at: datetime | None = None
    reason: str = ""
    number: str = ""
    exceptions: tuple[VetoException, ...] = ()
    # It takes two officers. ``scope`` and ``review_by`` are those that it was issued with; what it
    # said at an instant is `app.rules.veto_terms`.
    wide: bool = False
    emergency: bool = False
    seconded_at: datetime | None = None
    narrowings: tuple[Narrowing, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    # Before its start where it was announced.
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much a use makes. ``performers`` counts background replicas on one work day."""

    seconds: int | None = None
    lines: int | None = None
    uses: int | None = None
    performers: int | None = None
    sides: int | None = None  # of a recording


@dataclass(frozen=True, slots=True)
class Exemption:
    """A claim that consent is not needed; waives consent only."""

    # as_scripted | safety | unrecognisable | routine_post | dub_double | expressive
    # | traditional_ai
    code: str
    category: str | None = None
    attestation: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A registered replica use."""

    id: str
    performer_id: str | None
    work_id: str
    producer_id: str
    use: str
    state: str  # planned | cleared | locked | released | withdrawn
    shot: str | None = None
    replica_id: str | None = None
    grant_id: str | None = None
    registered_at: datetime | None = None
    cleared_at: datetime | None = None
    locked_at: datetime | None = None
    withdrawn_at: datetime | None = None
    on: date | None = None
    quantity: Quantity = Quantity()
    days: Decimal | None = None
    # What counted them; uses that one estimate counts share its days.
    estimate_id: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A producer's good-faith count of the shooting days that a replica saves."""

    id: str
    days: Decimal
    basis: str = ""
    use_id: str | None = None
    performer_id: str | None = None
    work_id: str | None = None
    use: str | None = None
    shot: str | None = None
    state: str = "proposed"  # proposed | agreed | disputed | resolved
    author_id: str | None = None
    stated_at: datetime | None = None
    # What the performer's side says it was, where it disputes the count.
    claimed_days: Decimal | None = None
    disputed_at: datetime | None = None
    # When it was agreed to, or the dispute was resolved; what the count was until then.
    settled_at: datetime | None = None
    days_before: Decimal | None = None

    @property
    def undisputed(self) -> Decimal:
        """The days that nobody disputes: they are paid while the rest is argued."""
        claimed = self.claimed_days
        argued = self.state == "disputed" and claimed is not None
        return min(self.days, claimed) if argued and claimed is not None else self.days


@dataclass(frozen=True, slots=True)
class Attestation:
    """A named person's dated statement. What is ``None`` limits nothing."""

    id: str
    # as_scripted | safety | unrecognisable | dub_double | expressive | traditional_ai
    # | counsel_review
    # | security | additional_value | named_prompt | consistent_use
    # | biometric_release | producer_approval | same_terms | consent_to_keep | not_exploited
    # | online_media | self_posted
    # | machine_marked | system_marketed_before
    kind: str
    at: datetime
    by: str = ""
    role: str = ""
    text: str = ""
    performer_id: str | None = None
    work_id: str | None = None
    organization_id: str | None = None
    ends_at: datetime | None = None
    # Hashes of what proves it, where the kind asks for that.
    evidence: tuple[str, ...] = ()
    # The performer took back what they had agreed to.
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that was sent; ``state`` is that of the bargaining: open | agreed | closed."""

    id: str
    kind: str  # synthetic | training | transfer | casting | replica | removal
    sent_at: datetime
    sender_id: str | None = None
    to_id: str | None = None
    work_id: str | None = None
    performer_id: str | None = None
    replica_id: str | None = None
    state: str = "open"
    answered_at: datetime | None = None

    def is_answered(self, as_of: datetime) -> bool:
        """Whether it was answered by then; an answer of no known day always stood."""
        return self.state != "open" and (self.answered_at is None or self.answered_at <= as_of)


@dataclass(frozen=True, slots=True)
class BaseReport(Authorship):
    """What a base of shares came to in ``[starts_on, until)``, as a studio put it on record."""

    id: str = ""
    work_id: str = ""
    # Of one performer's share alone; ``None``: of everybody's.
    performer_id: str | None = None
    base: str = ""
    starts_on: date = date.min
    until: date = date.max
    amount: Money = _NOTHING
    stated_at: datetime = EVER


@dataclass(frozen=True, slots=True)
class WorkDay:
    """Background counts of one day of work on one production."""

    work_id: str
    day: date
    required_background: int
    human_background: int


@dataclass(frozen=True, slots=True)
class Verification:
    """A named person checked one row of a pack against the primary text."""

    pack: str
    row: str
    by: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that one decision reads, as of one instant and one record index.

    ``works`` and ``edges`` hold the work of the check and all its ancestors, for a commercial
    besides them the commercials that the performer was in; ``grants``, ``uses``,
    ``engagements`` and the like only those of the performer; blocks whatever could match.
    """

    organizations: tuple[Organization, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    performers: tuple[Performer, ...] = ()
    merges: tuple[Merge, ...] = ()
    memberships: tuple[Membership, ...] = ()
    representations: tuple[Representation, ...] = ()
    works: tuple[Work, ...] = ()
    edges: tuple[Edge, ...] = ()
    sales: tuple[Sale, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    capture_sessions: tuple[CaptureSession, ...] = ()
    replicas: tuple[Replica, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    custodies: tuple[Custody, ...] = ()
    grants: tuple[Grant, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    instructions: tuple[Instruction, ...] = ()
    court_orders: tuple[CourtOrder, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    uses: tuple[Use, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    notices: tuple[Notice, ...] = ()
    base_reports: tuple[BaseReport, ...] = ()
    work_days: tuple[WorkDay, ...] = ()
    verifications: tuple[Verification, ...] = ()


@dataclass(frozen=True, slots=True)
class UseDescription:
    """What a check or use says about its content. ``None`` means: not said."""

    tags: tuple[str, ...] | None = None
    character: str | None = None
    scenes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A question: may this use go ahead? Ids are resolved before a check is made."""

    work: str
    use: str
    performer: str | None = None
    gate: str | None = None
    producer: str | None = None
    replica: str | None = None
    shot: str | None = None
    description: UseDescription = UseDescription()
    media: tuple[str, ...] | None = None
    territories: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    quantity: Quantity = Quantity()
    exemptions: tuple[Exemption, ...] = ()
    supported_obligations: tuple[str, ...] = ()
    on: date | None = None
    capture_session: str | None = None
    use_id: str | None = None


KINDS: Mapping[str, type] = {
    "organizations": Organization,
    "signatories": Signatory,
    "performers": Performer,
    "merges": Merge,
    "memberships": Membership,
    "representations": Representation,
    "works": Work,
    "edges": Edge,
    "sales": Sale,
    "engagements": Engagement,
    "capture_sessions": CaptureSession,
    "replicas": Replica,
    "transfers": Transfer,
    "custodies": Custody,
    "grants": Grant,
    "assignments": Assignment,
    "confirmations": Confirmation,
    "suspensions": Suspension,
    "instructions": Instruction,
    "court_orders": CourtOrder,
    "vetoes": Veto,
    "uses": Use,
    "estimates": Estimate,
    "attestations": Attestation,
    "notices": Notice,
    "base_reports": BaseReport,
    "work_days": WorkDay,
    "verifications": Verification,
}


def facts_from(documents: Iterable[tuple[str, Document]]) -> Facts:
    """Read ``(kind, document)`` pairs, in any order; ``kind`` is a member name of `Facts`.

    Raises:
        ValueError: an unknown kind, or a document that does not fit its kind.
    """
    gathered: dict[str, list[Any]] = {}
    for kind, document in documents:
        if kind not in KINDS:
            msg = f"unknown kind of fact `{kind}`; known: {', '.join(KINDS)}"
            raise ValueError(msg)
        gathered.setdefault(kind, []).append(read(KINDS[kind], document))
    return Facts(**{kind: tuple(values) for kind, values in gathered.items()})


def read(cls: type, document: Document) -> Any:  # noqa: ANN401 - a value of whatever class is named
    """Make a value of ``cls`` from a document; members that ``cls`` does not have are ignored.

    Raises:
        ValueError: a member is missing or cannot be read; the message names it.
    """
    values = {}
    for name, convert, required in _readers(cls):
        if name not in document:
            if required:
                msg = f"`{name}` is missing in {cls.__name__}"
                raise ValueError(msg)
            continue
        raw = document[name]
        try:
            values[name] = convert(raw)
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            msg = f"`{name}` of {cls.__name__} cannot be read: {error}"
            raise ValueError(msg) from error
    return cls(**values)


@cache
def _readers(cls: type) -> tuple[tuple[str, Callable[[Any], Any], bool], ...]:
    hints = get_type_hints(cls)
    return tuple(
        (
            f.name,
            _reader(hints[f.name]),
            f.default is MISSING and f.default_factory is MISSING,
        )
        for f in fields(cls)
    )


def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type, as it was annotated
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        inner = _reader(next(a for a in get_args(hint) if a is not type(None)))
        return lambda raw: None if raw is None else inner(raw)
    if origin is tuple:
        item = _reader(get_args(hint)[0])
        return lambda raw: tuple(map(item, raw))
    if hint is datetime:
        return instant
    if hint is date:
        return date.fromisoformat
    if hint is Decimal:
        return lambda raw: Decimal(str(raw))
    if hint is Money:
        return money_from
    if hint in {str, int, bool}:
        return lambda raw: _plain(hint, raw)
    return lambda raw: read(hint, raw)


def _plain(hint: type, raw: Any) -> Any:  # noqa: ANN401 - a JSON value
    # SQLite gives 0 and 1 for booleans.
    if hint is bool and raw in {0, 1}:
        return bool(raw)
    if type(raw) is not hint:
        msg = f"expected {hint.__name__}, got `{raw!r}`"
        raise ValueError(msg)
    return raw


def instant(raw: str) -> datetime:
    """Read an RFC 3339 instant as aware UTC.

    Raises:
        ValueError: no offset, or not an instant.
    """
    at = datetime.fromisoformat(raw)
    if at.tzinfo is None:
        msg = "an instant needs an offset, such as `2026-11-21T12:00:00Z`"
        raise ValueError(msg)
    return at.astimezone(UTC)
