"""The table of reason codes. Public API: append, never rename, renumber or reuse.

Precedence says which reason stands first: absolute bars, court order, blocks, exclusion, scope,
validity, missing step, pay, duties, warnings. It never changes what the answer is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

DENY: Final = "deny"
NEEDS_ACTION: Final = "needs_action"
OBLIGATION: Final = "obligation"
WARNING: Final = "warning"
INFO: Final = "info"


@dataclass(frozen=True, slots=True)
class Way:
    """Who can do what so that the answer changes. ``href`` is a path of the API."""

    who: str
    act: str
    method: str = ""
    href: str = ""
    fields: tuple[str, ...] = ()
    # Whether the day of the reason is the end of the time for this way.
    timed: bool = True

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {
            "who": self.who,
            "act": self.act,
            "method": self.method,
            "href": self.href,
            "fields": list(self.fields),
        }


@dataclass(frozen=True, slots=True)
class CodeSpec:
    """What a code means, says, and who can do something about it."""

    code: str
    outcome: str
    precedence: int
    template: str
    unblock: tuple[Way, ...] = ()
    # Facts that tell two reasons with this code apart.
    key: tuple[str, ...] = ()
    # do_now: the caller, before or while making the use. owed_later: the office, afterwards.
    when: str = ""
    # Parameters that are wording only and no facts.
    words: tuple[str, ...] = ()
    # The sentence for those who are shown no money, where the template speaks of it.
    moneyless: str = ""
    # Other ways, for those of its cases that `unblock` does not lead out of.
    ways_for: Mapping[str, tuple[Way, ...]] = field(default_factory=dict)

    @property
    def ways(self) -> tuple[Way, ...]:
        """Every way that a reason with this code may name."""
        others = [way for ways in self.ways_for.values() for way in ways]
        return tuple(dict.fromkeys((*self.unblock, *others)))


_ESTATE = Way("estate", "prove the right to sign, and sign", "POST", "/v1/grants/{id}/acceptance")
_PROPOSE = Way(
    "studio",
    "propose a grant to the performer",
    "POST",
    "/v1/grants",
    ("performer", "work", "uses", "description", "pay"),
)
_PASS_ON = Way(
    "performer",
    "say whether it passes on to the buyer",
    "POST",
    "/v1/grants/{id}/passing-on",
    ("sale", "answer"),
)
_CONFIRM = Way("performer", "confirm this work", "POST", "/v1/grants/{id}/confirmations", ("work",))
_AMEND = Way("studio", "propose an amendment", "POST", "/v1/grants/{id}/amendments")


def _say(member: str) -> tuple[Way, ...]:
    return (Way("studio", "ask again and say it", "POST", "/v1/checks", (member,)),)


def _state(what: str, member: str) -> tuple[Way, ...]:
    return (Way("studio", "state it", "PATCH", f"/v1/{what}/{{id}}", (member,)),)


# How to say what is missing, by the field that a reason names: with the question, or on the record
# that it is read from.
_SAYING: Final[Mapping[str, tuple[Way, ...]]] = MappingProxyType(
    {
        **{
            missing: _say(missing.partition(".")[0])
            for missing in (
                "capture_session",
                "description.character",
                "description.scenes",
                "exemptions.category",
                "languages",
                "media",
                "quantity.lines",
                "quantity.seconds",
                "quantity.sides",
                "replica",
                "territories",
            )
        },
        "adult_from": _state("performers", "birth_date"),
        "biometric_purpose": _state("capture-sessions", "biometric_purpose"),
        "captured_on": (
            Way(
                "studio",
                "put the replica on record with the day on which it was made",
                "POST",
                "/v1/replicas",
                ("performer", "captured_on"),
            ),
        ),
        "engaged_on": _state("engagements", "engaged_at"),
        "engagement": (
            Way(
                "studio",
                "put the engagement on record",
                "POST",
                "/v1/engagements",
                ("performer", "work", "rate"),
            ),
        ),
        "engagement.contract_days": _state("engagements", "contract_days"),
        "engagement.rate": _state("engagements", "rate"),
        "advertiser": _state("works", "advertiser"),
        "first_exposed_on": _state("works", "first_exposed_on"),
        "mpu_ends_on": _state("works", "mpu_ends_on"),
        "product_line": _state("works", "product_line"),
        "photography_start": _state("works", "photography_start"),
        "training_purpose": (
            Way(
                "studio",
                "attest whether it is",
                "POST",
                "/v1/attestations",
                ("kind", "text", "performer", "work"),
            ),
        ),
        "work_day": (
            Way(
                "studio",
                "enter the count of the day",
                "POST",
                "/v1/work-days",
                ("work", "day", "required_background", "human_background"),
            ),
        ),
        **dict.fromkeys(
            ("minimum", "contribution rate"),
            (Way("registry_admin", "load the agreement with the figure"),),
        ),
    }
)
_TAGS = Way("studio", "state the content tags", "PATCH", "/v1/works/{id}", ("content_tags",))
_ATTEST = Way(
    "studio", "attest it", "POST", "/v1/attestations", ("kind", "text", "performer", "work")
)
_ESTIMATE = Way("studio", "enter the shooting days", "POST", "/v1/estimates", ("days", "basis"))
_ADMIN = Way("registry_admin", "look at the rule that failed")
_UNION = Way(
    "union", "lift, narrow or make an exception", "POST", "/v1/vetoes/{id}/lift", timed=False
)
_APPEAL = Way("studio", "appeal", "POST", "/v1/vetoes/{id}/appeal", ("argument",))
_VERIFY = Way(
    "registry_admin",
    "check the figure against the contract",
    "POST",
    "/v1/agreements/verifications",
    ("pack", "row", "by", "source"),
)
_DESTROY = Way(
    "studio",
    "destroy the files and put the proof on record",
    "POST",
    "/v1/replicas/{id}/state",
    ("state", "certificate"),
)
_END_COPY = Way(
    "who holds a copy",
    "confirm that it is destroyed",
    "POST",
    "/v1/custodies/{id}/end",
    ("how", "certificate"),
)
_AGREE = Way("performer", "agree to it", "POST", "/v1/estimates/{id}/agreement")

_TABLE: Final = (
    CodeSpec(
        "A_IDENTITY",
        NEEDS_ACTION,
        100,
        "We find no such performer, work, replica or producer for you: a wrong id, or somebody"
        " else's record; we do not say which. Somebody unknown never gets a yes.",
        (Way("studio", "check the ids, or put them on record", "POST", "/v1/performers/match"),),
    ),
    CodeSpec(
        "D_RULE_ERROR",
        DENY,
        150,
        "Stop. One of the rules could not be worked out, so the answer is no until somebody has"
        " looked at it.",
        (_ADMIN,),
        key=("rule",),
    ),
    # Absolute bars.
    CodeSpec(
        "D_MINOR_SEXUAL",
        DENY,
        200,
        "Stop. A replica of a person who is or was a minor is never shown naked or in simulated"
        " sexual activity, whatever age it shows. Nobody can allow this.",
    ),
    CodeSpec(
        "D_BIOMETRIC_PURPOSE",
        DENY,
        210,
        "Stop. Fingerprints, palm prints and iris scans may be taken for the picture or for the"
        " security of the set only. This session takes {kinds} for something else.",
        (Way("studio", "leave them out of the session", "PATCH", "/v1/capture-sessions/{id}"),),
    ),
    CodeSpec(
        "D_BG_COUNT",
        DENY,
        220,
        "Stop. Background performers that the contract asks for on {day}: {required}; there in"
        " person: {human}. Replicas do not make up the number.",
        (Way("studio", "engage more people for the day"),),
    ),
    CodeSpec(
        "D_REPLICA_STATE",
        DENY,
        230,
        "Stop. This replica is {state} and cannot be used.",
        (Way("studio", "use another replica", "POST", "/v1/replicas"),),
    ),
    CodeSpec(
        "D_AGREEMENT_EXPIRED",
        DENY,
        240,
        "Stop. The last day of {title} is {ended}, this is about later, and it says that nothing"
        " goes on after its end.",
        (Way("union", "agree on what follows it"), Way("studio", "agree on what follows it")),
        key=("title",),
    ),
    # Court orders and blocks.
    CodeSpec(
        "D_COURT_ORDER",
        DENY,
        300,
        "Stop. A court has ordered it ({reference}), since {since}. Only the court can change"
        " that.",
        (Way("court", "lift the order"),),
        key=("reference",),
    ),
    CodeSpec(
        "D_STRIKE",
        DENY,
        400,
        "Stop. {union} has been on strike since {since} ({number}). While it lasts, no replica"
        " stands in for somebody who could stay away from work.",
        (_UNION, Way("union", "agree to an exception", "POST", "/v1/vetoes/{id}/exceptions")),
        key=("number",),
        words=("union",),
    ),
    CodeSpec(
        "D_UNION_VETO",
        DENY,
        410,
        "Stop. {union} has vetoed {what} since {since} ({number}): “{words}”. {spared} Only"
        " {issuer} can lift it; {appeal}.",
        (_UNION, _APPEAL),
        key=("number", "since"),
        words=("spared", "appeal", "union", "issuer"),
        # An appeal is open, or the time for one is over.
        ways_for=MappingProxyType({"settled": (_UNION,)}),
    ),
    CodeSpec(
        "D_SUSPENDED",
        DENY,
        420,
        "Stop. The performer has paused new uses since {since}. Only they can end the pause.",
        (Way("performer", "end the pause", "POST", "/v1/grants/{id}/resumption"),),
        key=("since",),
        ways_for=MappingProxyType(
            {
                "performer": (
                    Way("performer", "end the pause", "POST", "/v1/performers/{id}/resumption"),
                )
            }
        ),
    ),
    # Exclusions.
    CodeSpec(
        "D_EXCLUDED",
        DENY,
        500,
        "Stop. The performer has ruled this out: {what}. What is ruled out is out, whatever else"
        " they said yes to.",
        (_AMEND,),
        key=("axis", "value"),
        words=("what",),
    ),
    CodeSpec(
        "D_STANDING_NO",
        DENY,
        510,
        "Stop. The performer said on {said} that they never agree to {what}.{later} Only they can"
        " say otherwise.",
        (
            Way(
                "performer",
                "sign again and say that this counts",
                "POST",
                "/v1/grants/{id}/acceptance",
                ("terms_hash", "despite_instructions"),
            ),
            Way("performer", "take it back", "POST", "/v1/instructions/{id}/end"),
        ),
        key=("what", "said"),
        words=("later",),
    ),
    # Scope.
    CodeSpec(
        "D_NO_CONSENT",
        DENY,
        600,
        "Stop. The performer has not said yes to this use. {asked} Until they sign, the answer is"
        " no.",
        (_PROPOSE,),
        key=("law",),
        words=("asked",),
    ),
    CodeSpec(
        "D_NOT_IN_FORCE",
        DENY,
        602,
        "Stop. The performer's yes is not in force. {asked} Until it is, the answer is no.",
        (Way("union", "finish its review, if it is with the union"), _AMEND),
        words=("asked",),
    ),
    CodeSpec(
        "D_DECLINED",
        DENY,
        601,
        "Stop. The performer was asked and said no on {declined}. The refusal is kept on record.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_REVOKED",
        DENY,
        605,
        "Stop. The performer took their yes back; it ended for new uses on {ended}. What was"
        " finished before may go on being shown.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_VOID",
        DENY,
        606,
        "Stop. The consent that this rested on was found void. Nothing rests on it any more.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_SOLD",
        DENY,
        607,
        "Stop. This studio sold {work}; from {sold} on its new uses there no longer rest on what"
        " the performer said yes to before. What was finished may go on being shown, and what the"
        " studio owes for uses made before it goes on owing.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_NOT_PASSED_ON",
        DENY,
        608,
        "Stop. {work} was sold to this studio from {sold} on. The performer was asked whether what"
        " they said yes to with the seller passes on to it, and said no on {answered}.",
        (_PROPOSE, _PASS_ON),
    ),
    CodeSpec(
        "A_PASSING_ON",
        NEEDS_ACTION,
        609,
        "Not yet. {work} was sold to this studio from {sold} on. What the performer said yes to"
        " with the seller passes on only if they say so, and they have not.",
        (_PASS_ON, _PROPOSE),
    ),
    CodeSpec(
        "D_EXPIRED",
        DENY,
        610,
        "Stop. The performer's yes ran until {ended}. A new use needs a new yes.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_NOT_YET",
        DENY,
        611,
        "Stop. The performer's yes begins on {starts}. Until then the answer is no.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_SCOPE_WORK",
        DENY,
        620,
        "Stop. They said yes to {covered}, not to {work}. This one needs a yes of its own.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_SCOPE_WORK_ADDED_LATER",
        DENY,
        621,
        "Stop. They said yes for the works known on {signed}. This {kind} was added on {added} and"
        " needs a yes of its own.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_COMM_FUTURE",
        DENY,
        622,
        "Stop. A yes given ahead for commercials to come reaches those of the same advertiser and"
        " product line whose production begins within the maximum period of use of the first. This"
        " one is beyond that: {beyond_words}. It needs a yes of its own.",
        (_CONFIRM, _PROPOSE),
        words=("beyond_words",),
    ),
    CodeSpec(
        "D_BLANKET",
        DENY,
        623,
        "Stop. They said yes to whatever is recorded. Under this agreement each project needs a yes"
        " of its own, and {work} has none.",
        (_CONFIRM, _PROPOSE),
    ),
    CodeSpec(
        "D_SCOPE_USE",
        DENY,
        630,
        "Stop. They said yes to {allowed}, not to {asked}.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_TRAINING",
        DENY,
        631,
        "Stop. Training a model on this performer is a no unless they said yes to it by itself, and"
        " they have not.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_RTG",
        DENY,
        632,
        "Stop. Letting the replica speak or act by itself at run time needs a yes of its own, and"
        " there is none.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_DUB_NO_CONSENT",
        DENY,
        633,
        "Stop. Dubbing with the replica needs the performer's yes, and they have not given it.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_SCOPE_MEDIUM",
        DENY,
        640,
        "Stop. They said yes for {allowed}, not for {asked}.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_SCOPE_TERRITORY",
        DENY,
        641,
        "Stop. They said yes for these territories: {allowed}. The use goes to {asked} as well.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_SCOPE_LANGUAGE",
        DENY,
        642,
        "Stop. They said yes for these languages: {allowed}. The use is also in {asked}.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_SCOPE_REPLICA",
        DENY,
        643,
        "Stop. They said yes to the use of another replica of theirs, not of this one.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_USE_TYPE",
        DENY,
        644,
        "Stop. The replica was made for work on camera. To let it speak off camera is a new use and"
        " needs a new yes, with a description of its own.",
        (_PROPOSE,),
    ),
    CodeSpec(
        "D_DESC_EXCEEDED",
        DENY,
        650,
        "Stop. The use goes beyond what was described to the performer: {beyond}. Their yes does"
        " not cover it.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_CAP_REACHED",
        DENY,
        660,
        "Stop. The performer's yes is limited by the number of {unit}: {limit}. Taken so far:"
        " {used}; asked for now: {wanted}.",
        (_AMEND,),
        key=("unit",),
    ),
    CodeSpec(
        "D_NAMED_PROMPT",
        DENY,
        670,
        "Stop. The prompt named a performer{recognised}. That performer has not said yes.",
        (_PROPOSE,),
        words=("recognised",),
    ),
    # Validity.
    CodeSpec(
        "D_FORM_NOT_SEPARATE",
        DENY,
        700,
        "Stop. The yes to the replica has to stand out and be {wanted}. Here it is {found}.",
        (_AMEND,),
        words=("wanted", "found"),
    ),
    CodeSpec(
        "D_REMOVAL_OVERDUE",
        DENY,
        715,
        "Stop. On {sent} the performer asked for this to be taken down, and it rests on no yes."
        " Under {law} it had to be gone by {last}.",
        (_PROPOSE,),
        key=("law",),
    ),
    CodeSpec(
        "D_ONLINE_MEDIA",
        DENY,
        713,
        "Stop. Under {law}, that pictures or recordings of the performer are found online is no"
        " consent to measuring them, unless they put them there themselves.",
        (
            Way(
                "studio",
                "have them sign a release, and put it on record",
                "POST",
                "/v1/attestations",
                ("kind", "text", "performer", "ends_at", "evidence"),
            ),
        ),
        key=("law",),
    ),
    CodeSpec(
        "D_COURT_APPROVAL",
        DENY,
        712,
        "Stop. A yes for a minor needs the approval of a court, and none is on record.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_TERMS_UNSTATED",
        DENY,
        711,
        "Stop. Under {law}, the yes to a replica of a model states its scope, what it is for, what"
        " it pays and how long it lasts. This one does not state {missing}.",
        (_AMEND,),
        key=("law",),
    ),
    CodeSpec(
        "D_DESC_MISSING",
        DENY,
        705,
        "Stop. The performer signed {signed}. A yes needs a reasonably specific one.",
        (_AMEND,),
        key=("field",),
        words=("signed",),
    ),
    CodeSpec(
        "D_UNLIMITED_BUYOUT",
        DENY,
        706,
        "Stop. One sum is to buy uses of the replica without any limit: no last day, no cap, and"
        " whatever works come later. The agreement allows no such buy-out.",
        (_AMEND,),
    ),
    CodeSpec(
        "D_CLAUSE_UNENFORCEABLE",
        DENY,
        707,
        "Stop. Under {law} the clause binds nobody: it lets the replica do what the performer would"
        " do in person, it has no reasonably specific description of the uses, and nobody stood by"
        " the performer, neither counsel who bargained over terms that stand out and are signed nor"
        " a union whose agreement speaks of replicas. Any one of the three is enough.",
        (
            Way(
                "studio",
                "propose terms that describe the uses, or that counsel bargained over",
                "POST",
                "/v1/grants/{id}/amendments",
                ("description", "form"),
            ),
        ),
        key=("law",),
    ),
    CodeSpec(
        "A_CLAUSE_UNCLEAR",
        NEEDS_ACTION,
        708,
        "Not yet. Whether the clause binds under {law} depends on whether the replica does what the"
        " performer would otherwise do in person, and the terms do not say.",
        (
            Way(
                "studio",
                "propose terms that say it, or that describe the uses",
                "POST",
                "/v1/grants/{id}/amendments",
                ("description", "form"),
            ),
        ),
        key=("law",),
    ),
    CodeSpec(
        "A_BIOMETRIC_RELEASE",
        NEEDS_ACTION,
        709,
        "Not yet. Before a face, a voice or a hand is measured, {law} asks for a written release"
        " with purpose and term. None is on record for this performer.",
        (
            Way(
                "studio",
                "put the signed release on record",
                "POST",
                "/v1/attestations",
                ("kind", "text", "performer", "evidence", "ends_at"),
            ),
        ),
        key=("law",),
    ),
    CodeSpec(
        "A_DATA_CONSENT",
        NEEDS_ACTION,
        717,
        "Not yet. Before a face, a voice or a hand is measured, {law} asks for the explicit yes of"
        " whoever is measured, for a purpose that is said. None is on record for this performer.",
        (
            Way(
                "studio",
                "put the signed release on record",
                "POST",
                "/v1/attestations",
                ("kind", "text", "performer", "evidence", "ends_at"),
            ),
        ),
        key=("law",),
    ),
    CodeSpec(
        "D_DATA_WITHDRAWN",
        DENY,
        703,
        "Stop. On {withdrawn} the performer took back their yes to being measured. Under {law}"
        " nothing more is done with what was measured; what is finished may go on being shown.",
        (
            Way(
                "studio",
                "put a release on record that they signed afterwards",
                "POST",
                "/v1/attestations",
                ("kind", "text", "performer", "evidence", "ends_at"),
            ),
        ),
        key=("law",),
    ),
    CodeSpec(
        "D_NOT_REVOCABLE",
        DENY,
        718,
        "Stop. Under {law} a yes can be taken back at any time, and the terms of this one do not"
        " let it.",
        (_AMEND,),
        key=("law",),
    ),
    CodeSpec(
        "D_SIGNER",
        DENY,
        710,
        "Stop. The consent was signed by {signer}, who has no proven right to sign for this"
        " performer. Only they, or a person whose right was proven, can.",
        (Way("performer", "sign it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),),
        # The dead are spoken for.
        ways_for=MappingProxyType({"estate": (_ESTATE,)}),
    ),
    CodeSpec(
        "D_DECEASED_NO_AUTH",
        DENY,
        720,
        "Stop. The performer died on {died}, and nobody who may speak for them has said yes to"
        " this use.{law_words}",
        (_ESTATE,),
        key=("law",),
        words=("law_words",),
    ),
    CodeSpec(
        "A_UNION_POSTHUMOUS",
        NEEDS_ACTION,
        725,
        "Not yet. The performer died on {died} and nobody was found who may speak for them. The"
        " union can say yes in their place.",
        (
            Way(
                "union",
                "sign for the performer",
                "POST",
                "/v1/grants/{id}/posthumous-consent",
                ("terms_hash",),
            ),
        ),
    ),
    CodeSpec(
        "A_UNION_TRAINING",
        NEEDS_ACTION,
        726,
        "Not yet. Training on work in commercials needs the union's yes besides the performer's."
        " {state}",
        (
            Way(
                "studio", "ask the union", "POST", "/v1/notices", ("kind", "to", "work", "content")
            ),
            Way("union", "answer", "POST", "/v1/notices/{id}/answer", ("answer",)),
        ),
        words=("state",),
    ),
    CodeSpec(
        "A_GUARDIAN",
        NEEDS_ACTION,
        730,
        "Not yet. By what is on record the performer was not of age when they signed. A guardian"
        " whose right was proven has to sign too.",
        (Way("guardian", "sign it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),),
    ),
    CodeSpec(
        "A_OWN_CONSENT",
        NEEDS_ACTION,
        731,
        "Not yet. A guardian said yes while the performer was a minor. They came of age on {adult},"
        " and new uses need their own yes.",
        (Way("performer", "sign it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),),
    ),
    CodeSpec(
        "A_ESTATE_CONSENT",
        NEEDS_ACTION,
        732,
        "Not yet. The performer died on {died}. The union said yes while nobody was found who may"
        " speak for them; since then an estate was proven, and new uses need its yes.",
        (Way("estate", "say yes to it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),),
    ),
    CodeSpec(
        "A_SIGNATURE_DISPUTED",
        NEEDS_ACTION,
        740,
        "Not yet. The performer says that the signature of {signed} is not theirs. Nothing new"
        " rests on it until that is settled.",
        (
            Way("performer", "confirm it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),
            _PROPOSE,
        ),
    ),
    CodeSpec(
        "A_IDENTITY_WEAK",
        NEEDS_ACTION,
        745,
        "Not yet. This use asks that the person who signs is {floor}; this signer is {known} only.",
        # What was signed elsewhere is known as well as whoever confirms it; what was signed here is
        # known as it was then, so that a later vouching needs a later yes.
        (
            Way("union", "vouch for the performer", "POST", "/v1/performers/{id}/vouch"),
            Way("performer", "confirm it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),
            _PROPOSE,
        ),
        words=("floor", "known"),
    ),
    # Missing steps.
    CodeSpec(
        "A_FACT_NEEDED",
        NEEDS_ACTION,
        800,
        "Not yet. Nobody has said {what}, and the answer depends on it.",
        (Way("studio", "ask again and say it", "POST", "/v1/checks"),),
        key=("field",),
        words=("what",),
        ways_for=_SAYING,
    ),
    CodeSpec(
        "A_CONTENT_NOT_STATED",
        NEEDS_ACTION,
        802,
        "Not yet. The answer depends on what is shown, and neither the use nor the work says"
        " whether it has {tags}.",
        (*_say("description"), _TAGS),
        key=("tags",),
    ),
    CodeSpec(
        "A_DISPUTED",
        NEEDS_ACTION,
        804,
        "Not yet. The answer rests on {what}, and that is disputed.",
        (Way("studio", "settle it with whoever disputes it"),),
        key=("fact",),
        words=("what",),
    ),
    CodeSpec(
        "A_AGREEMENT_UNKNOWN",
        NEEDS_ACTION,
        806,
        "Not yet. The agreement {agreement} binds this use, and this registry does not hold its"
        " rules.",
        (Way("registry_admin", "load the agreement"),),
        key=("agreement",),
    ),
    CodeSpec(
        "A_CONFIRM_WORK",
        NEEDS_ACTION,
        810,
        "Not yet. The performer's yes is for {covered}; under this contract each picture needs its"
        " own signed confirmation, and {work} has none.",
        (_CONFIRM,),
    ),
    CodeSpec(
        "A_NOTICE_48H",
        NEEDS_ACTION,
        820,
        "Not yet. The performer has to be told {hours} hours before a session, or when hired if"
        " that is later. {state}",
        (
            Way(
                "studio",
                "send the notice or move the session",
                "PATCH",
                "/v1/capture-sessions/{id}",
                ("send_notice", "starts_at"),
            ),
        ),
        words=("state",),
    ),
    CodeSpec(
        "A_CASTING_NOTICE",
        NEEDS_ACTION,
        823,
        "Not yet. The notice by which performers are sought has to say that a replica will be made,"
        " before anybody is captured. None on record says it.",
        (
            Way(
                "studio",
                "put the casting notice on record",
                "POST",
                "/v1/notices",
                ("kind", "content", "work"),
            ),
        ),
    ),
    CodeSpec(
        "A_BUSINESS_REASON",
        NEEDS_ACTION,
        825,
        "Not yet. Nobody has entered why the scan is needed. The studio has to be able to state a"
        " reason before it asks for one.",
        (
            Way(
                "studio",
                "enter the reason",
                "PATCH",
                "/v1/capture-sessions/{id}",
                ("business_reason",),
            ),
        ),
    ),
    CodeSpec(
        "A_ATTEST",
        NEEDS_ACTION,
        830,
        "Not yet. The studio claims that no consent is needed because {claim}. Somebody has to"
        " attest that by name first.",
        (_ATTEST,),
        key=("exemption",),
        words=("claim",),
    ),
    CodeSpec(
        "A_COUNSEL_REVIEW",
        NEEDS_ACTION,
        831,
        "Not yet. The studio claims that no consent is needed because {claim}. Counsel has to say"
        " in writing that this is so.",
        (_ATTEST,),
        key=("exemption",),
        words=("claim",),
    ),
    CodeSpec(
        "D_SAV_MISSING",
        DENY,
        840,
        "Stop. A synthetic performer is allowed only where the producer has concluded, with"
        " reasons, that it adds significantly over a human and over that human's replica. No such"
        " statement is on record.",
        (_ATTEST,),
    ),
    CodeSpec(
        "A_SYNTH_NOTICE",
        NEEDS_ACTION,
        845,
        "Not yet. {state}",
        (Way("studio", "give notice and bargain", "POST", "/v1/notices", ("kind", "work")),),
        words=("state",),
    ),
    CodeSpec(
        "A_UNION_TOLD",
        NEEDS_ACTION,
        838,
        "Not yet. {agreement} asks that the union is told of a replica of one of those whom it"
        " speaks for, and no such notice is on record.",
        (
            Way(
                "studio", "tell the union", "POST", "/v1/notices", ("kind", "to", "work", "content")
            ),
        ),
        key=("agreement",),
    ),
    CodeSpec(
        "A_PER_USE",
        NEEDS_ACTION,
        839,
        "Not yet. The performer approves each advertisement by itself, and {work} has no approval"
        " of theirs.",
        (
            Way(
                "performer",
                "approve this one",
                "POST",
                "/v1/grants/{id}/confirmations",
                ("work", "terms_hash"),
            ),
        ),
    ),
    CodeSpec(
        "A_TRANSFER_APPROVAL",
        NEEDS_ACTION,
        846,
        "Not yet. {state} Until the union approves who takes the replica over, and they have taken"
        " its duties on in writing, the producer stays liable for what they do with it.",
        (
            Way(
                "studio",
                "put the transfer before the union",
                "POST",
                "/v1/transfers",
                ("replica", "to", "union", "purpose"),
            ),
            Way("union", "answer", "POST", "/v1/transfers/{id}/answer", ("answer",)),
            Way(
                "who takes it over",
                "take its duties on",
                "POST",
                "/v1/transfers/{id}/assumption",
                ("assumption",),
            ),
        ),
        words=("state",),
    ),
    CodeSpec(
        "A_TRANSFER_OVERDUE",
        NEEDS_ACTION,
        847,
        "Not yet. The union was told of the transfer on {submitted} and had until {last} to answer;"
        " it has not. That nobody looked is not a yes. The producer can hand the replica over and"
        " stay liable for what becomes of it, or wait for the union.",
        (
            Way("union", "answer", "POST", "/v1/transfers/{id}/answer", ("answer",)),
            Way(
                "studio",
                "hand it over and stay liable",
                "POST",
                "/v1/transfers/{id}/completion",
            ),
        ),
    ),
    CodeSpec(
        "D_TRANSFER_REFUSED",
        DENY,
        848,
        "Stop. On {answered} the union refused to approve who would take the replica over. It can"
        " approve them after all, or somebody else can be put before it.",
        (
            Way(
                "studio",
                "put another transfer before the union",
                "POST",
                "/v1/transfers",
                ("replica", "to", "union", "purpose"),
            ),
            Way("union", "approve after all", "POST", "/v1/transfers/{id}/answer", ("answer",)),
        ),
    ),
    CodeSpec(
        "A_PRODUCER_POLICY",
        NEEDS_ACTION,
        850,
        "Not yet. By {policy}, which the studio took upon itself, moving a mouth to words that are"
        " not in the script takes its written approval. Nobody has put that on record, nor that"
        " the words are as scripted.",
        (_ATTEST,),
        key=("policy",),
    ),
    CodeSpec(
        "A_REPLICA_ORIGIN",
        NEEDS_ACTION,
        851,
        "Not yet. Nothing on record says that the replica was made under {agreement}. Somebody has"
        " to attest that whoever it is of has the same terms, so that it goes round none of them.",
        (_ATTEST,),
        key=("agreement",),
    ),
    # Pay.
    CodeSpec(
        "D_PAY_BELOW_FLOOR",
        DENY,
        900,
        "Stop. The pay agreed is {deal}; the contract's minimum is {floor}.",
        (_AMEND,),
        moneyless="Stop. The pay agreed is below the contract's minimum.",
    ),
    CodeSpec(
        "A_FLOOR_UNVERIFIED",
        NEEDS_ACTION,
        905,
        "Not yet. The pay agreed is {deal}, below the minimum of {floor} that this registry has on"
        " file. That figure was not checked against the contract.",
        (_AMEND, _VERIFY),
        moneyless="Not yet. The pay agreed is below the minimum that this registry has on file."
        " That figure was not checked against the contract.",
    ),
    CodeSpec(
        "A_TERMS",
        NEEDS_ACTION,
        910,
        "Not yet. No pay was agreed for this use.",
        (_AMEND,),
    ),
    CodeSpec(
        "A_ROYALTY_SHARE",
        NEEDS_ACTION,
        912,
        "Not yet. A royalty artist is paid by a share of the royalties, and the consent states"
        " none.",
        (_AMEND,),
    ),
    CodeSpec(
        "A_DAYS_ESTIMATE",
        NEEDS_ACTION,
        915,
        "Not yet. Nobody has entered how many shooting days the replica saves. The studio can enter"
        " it now.{floor_words}",
        (_ESTIMATE,),
        words=("floor_words",),
        moneyless="Not yet. Nobody has entered how many shooting days the replica saves. The studio"
        " can enter it now.",
    ),
    CodeSpec(
        "A_ESTIMATE_DISPUTED",
        NEEDS_ACTION,
        917,
        "Not yet. The studio counts {days} shooting days, and the performer {claimed_words}. Pay"
        " for {undisputed} is due while the rest is argued.",
        (_ESTIMATE, _AGREE),
        words=("claimed_words",),
    ),
    CodeSpec(
        "A_CURRENCY",
        NEEDS_ACTION,
        920,
        "Not yet. The pay is in {deal} and the contract's figures are in {floor}. Amounts are never"
        " converted here, so the two cannot be compared.",
        (_AMEND,),
        moneyless="Not yet. The pay and the contract's figures are in different currencies. Amounts"
        " are never converted here, so the two cannot be compared.",
    ),
    # Duties.
    CodeSpec(
        "O_PAY",
        OBLIGATION,
        1000,
        "The producer owes {gross}{contribution_words}.{unverified_words}",
        (Way("studio", "pay"),),
        when="owed_later",
        words=("contribution_words", "unverified_words"),
        moneyless="The producer owes pay for this use.",
    ),
    CodeSpec(
        "O_USE_FEES",
        OBLIGATION,
        1003,
        "Besides that, the producer owes the use and holding fees of the commercial. No table of"
        " them is on file here, so no amount is named.",
        (Way("studio", "pay"),),
        when="owed_later",
        moneyless="Besides that, the producer owes the use and holding fees of the commercial.",
    ),
    CodeSpec(
        "O_SHARE",
        OBLIGATION,
        1001,
        "The producer owes {share_words}, by what is reported of it. What nobody has reported is"
        " not known yet.",
        (
            Way(
                "studio",
                "put a report on record",
                "POST",
                "/v1/base-reports",
                ("work", "base", "starts_on", "until", "amount", "reporter", "reported_on"),
            ),
        ),
        when="owed_later",
        words=("share_words",),
        moneyless="The producer owes a share of what the work earns, by what is reported of it.",
    ),
    CodeSpec(
        "O_KEEP_FOR_ESTATE",
        OBLIGATION,
        1002,
        "The performer died on {died}. What is owed to them is kept for their estate until one side"
        " alone is proven to answer for it.",
        (
            Way(
                "registry_admin",
                "put the proof of the estate on record",
                "POST",
                "/v1/performers/{id}/representations",
                ("kind", "powers", "document_hash"),
            ),
        ),
        when="owed_later",
    ),
    CodeSpec(
        "O_RESIDUAL_UNITS",
        OBLIGATION,
        1005,
        "Residuals count {days_words} as if the performer had worked in person.",
        (Way("studio", "report the units", "POST", "/v1/uses/{id}/report"),),
        when="owed_later",
        words=("days_words",),
    ),
    CodeSpec(
        "O_SECURITY_ATTEST",
        OBLIGATION,
        1010,
        "Whoever holds the replica has to attest that it is kept safe and that only those with a"
        " business need can reach it. No such statement is on record for them.",
        (_ATTEST,),
        when="do_now",
    ),
    CodeSpec(
        "O_DISCLOSE_EU50",
        OBLIGATION,
        1008,
        "Where it is shown in the European Union, people are told that it was made or changed by a"
        " machine, whatever the performer agreed to. {form_words}",
        (Way("studio", "put the notice where it is seen"),),
        when="do_now",
        words=("form_words",),
    ),
    CodeSpec(
        "O_REMOVE_BY",
        OBLIGATION,
        1004,
        "On {sent} the performer asked for this to be taken down, and it rests on no yes. Under"
        " {law} it has to be gone by {last}.",
        (Way("studio", "take it down"), _PROPOSE),
        key=("law",),
        when="do_now",
    ),
    CodeSpec(
        "O_FINGERPRINT",
        OBLIGATION,
        1016,
        "Keep a fingerprint of what is delivered, and say who takes notices about it, so that a"
        " copy made without a yes can be found and taken down.",
        (Way("studio", "keep the fingerprint with the files"),),
        when="owed_later",
    ),
    CodeSpec(
        "O_DISCLOSE_NY",
        OBLIGATION,
        1007,
        "Where this advertisement is shown in New York, it says clearly that the person in it is"
        " invented and was made by a machine.",
        (Way("studio", "put the notice where it is seen"),),
        when="do_now",
    ),
    CodeSpec(
        "O_DISCLOSE_LABEL",
        OBLIGATION,
        1006,
        "Under {law}, what is shown there carries {marks_words}, whatever the performer agreed"
        " to.{more_words}",
        (Way("studio", "put the label where it is seen"),),
        key=("law",),
        when="do_now",
        words=("marks_words", "more_words"),
    ),
    CodeSpec(
        "O_DELETE_BY",
        OBLIGATION,
        1011,
        "Under {law}, what was measured of the performer is destroyed {until_words}.",
        (_DESTROY, _END_COPY),
        key=("law",),
        when="owed_later",
        words=("until_words",),
    ),
    CodeSpec(
        "O_DELETE_OVERDUE",
        OBLIGATION,
        1009,
        "Under {law}, what was measured of the performer had to be destroyed by {due}. Nothing on"
        " record says that it was.",
        (_DESTROY, _END_COPY),
        key=("law",),
        when="do_now",
    ),
    CodeSpec(
        "O_DESTROY_CERT",
        OBLIGATION,
        1013,
        "When the commercial is done with, the replica is destroyed and a written certificate says"
        " so, unless the performer has agreed to its being kept. No such agreement is on record.",
        (
            _END_COPY,
            Way(
                "studio",
                "put the performer's agreement on record",
                "POST",
                "/v1/attestations",
                ("kind", "text", "performer", "evidence"),
            ),
        ),
        when="owed_later",
    ),
    CodeSpec(
        "O_USAGE_REPORT",
        OBLIGATION,
        1012,
        "The performer and the union are owed a report of what the replica did{when}.",
        (Way("studio", "report the use", "POST", "/v1/uses/{id}/report"),),
        when="owed_later",
        words=("when",),
    ),
    CodeSpec(
        "O_PLAN_PAYMENT",
        OBLIGATION,
        1014,
        "What was agreed or awarded for the synthetic performer goes to the benefit plans. How much"
        " that is was settled elsewhere and is not known here.",
        when="owed_later",
    ),
    CodeSpec(
        "O_KEEP_EVIDENCE",
        OBLIGATION,
        1017,
        "What shows the consent, its description and the uses is kept when the replica is deleted:"
        " it can come before an arbitrator.",
        when="do_now",
    ),
    CodeSpec(
        "O_TRAINING_NOTICE",
        OBLIGATION,
        1015,
        "The union has to be told in writing that footage or sound is licensed to train a"
        " commercial generative system for the public.",
        (Way("studio", "send the notice", "POST", "/v1/notices", ("kind", "work")),),
        when="owed_later",
    ),
    CodeSpec(
        "O_MEETING",
        INFO,
        1080,
        "The union and the producer meet {times} a year about generative systems; bias, and"
        " performances that nobody authorised, are among what they speak of.",
        when="owed_later",
        words=("times",),
    ),
    CodeSpec(
        "O_NOTIFY",
        INFO,
        1090,
        "The performer sees this question and this answer.",
        when="owed_later",
    ),
    # Why it may go ahead.
    CodeSpec(
        "OK_RUNOFF",
        INFO,
        1100,
        "What was finished on {locked} may go on being shown. This says nothing about making"
        " anything new.",
    ),
    CodeSpec(
        "E_AS_SCRIPTED",
        INFO,
        1101,
        "The contract asks for no new yes: what is shown stays substantially as scripted, performed"
        " and recorded, as {by_whom} attests.",
    ),
    CodeSpec(
        "E_SAFETY",
        INFO,
        1102,
        "The contract asks for no new yes: it shows what is not safe for a human to do, as"
        " {by_whom} attests.",
    ),
    CodeSpec(
        "E_UNRECOGNISABLE",
        INFO,
        1103,
        "The contract asks for no new yes: nobody can recognise the performer, as {by_whom}"
        " attests.",
    ),
    CodeSpec(
        "E_ROUTINE_POST",
        INFO,
        1104,
        "No consent is needed: {category} is customary work of post-production.",
        key=("category",),
    ),
    CodeSpec(
        "E_DUB_DOUBLE",
        INFO,
        1105,
        "The contract asks for no new yes: it already allows dubbing or a double here, as"
        " {by_whom} attests.",
    ),
    CodeSpec(
        "E_DUB_BEFORE",
        INFO,
        1106,
        "As read here, where both dates have to be reached, the contract does not yet ask for"
        " consent to dub this picture with a replica, so that taking one back does not stop it.",
    ),
    CodeSpec(
        "E_COVERED_DAYS",
        INFO,
        1109,
        "{days_words} already paid under the engagement, so that is not paid again.",
        words=("days_words",),
    ),
    CodeSpec(
        "E_EXPRESSIVE",
        INFO,
        1107,
        "The contract asks for no yes: the work comments, criticises, parodies or tells history, as"
        " {by_whom} attests and counsel has confirmed.",
    ),
    CodeSpec(
        "E_TRADITIONAL_AI",
        INFO,
        1108,
        "The contract leaves conventional processing alone, as {by_whom} attests.",
    ),
    CodeSpec(
        "OK_PASSED_ON",
        INFO,
        1111,
        "{work} was sold to this studio from {sold} on, and the performer let what they said yes to"
        " with the seller pass on to it.",
    ),
    CodeSpec(
        "OK_TRANSFER_APPROVED",
        INFO,
        1110,
        "On {answered} the union approved who takes the replica over, and they took its duties on"
        " in writing. From the handover they answer for it, and not the producer.",
    ),
    # Warnings.
    CodeSpec(
        "W_VETO_FLAG",
        WARNING,
        1200,
        "Note: {union} has flagged {what} since {since} ({number}): “{words}”.{why}",
        key=("number", "since"),
        words=("why", "union"),
    ),
    CodeSpec(
        "W_VETO_PROSPECTIVE",
        WARNING,
        1201,
        "Note: {union} has vetoed new uses since {since} ({number}). This one was locked before,"
        " on {locked}, and is not stopped.",
        key=("number", "since"),
        words=("union",),
    ),
    CodeSpec(
        "W_VETO_ENDS_SOON",
        WARNING,
        1202,
        "Note: the union's veto ({number}) is due for review by {review_by}. If nobody renews it,"
        " it becomes a flag.",
        key=("number",),
    ),
    CodeSpec(
        "W_PAPER_NOT_CONFIRMED",
        WARNING,
        1210,
        "Note: the studio says that the consent was signed {how} on {signed}. The performer has not"
        " confirmed it here.",
        (
            Way("performer", "confirm it", "POST", "/v1/grants/{id}/acceptance", ("terms_hash",)),
            Way(
                "performer",
                "say that it is not theirs",
                "POST",
                "/v1/grants/{id}/signature-dispute",
            ),
        ),
        words=("how",),
    ),
    CodeSpec(
        "W_WITHDRAWAL_ASKED",
        WARNING,
        1211,
        "Note: on {asked} the performer asked to stop new uses. What they signed does not let them"
        " yet; the studio has to answer them.",
        (
            Way(
                "studio",
                "answer the performer",
                "POST",
                "/v1/grants/{id}/withdrawal-answer",
                ("answer", "words"),
            ),
        ),
    ),
    CodeSpec(
        "W_ESTATE_CONTESTED",
        WARNING,
        1216,
        "Note: the performer died on {died}, and more than one side says that it answers for them."
        " Until that is settled none of them can sign. What was signed before stands.",
        (
            Way(
                "registry_admin",
                "settle it as the court has",
                "POST",
                "/v1/performers/{id}/estates/settlement",
                ("representation", "document_hash"),
            ),
        ),
    ),
    CodeSpec(
        "W_STANDING_ASK",
        WARNING,
        1212,
        "Note: the performer wants to be asked about {what} each time. Ask them before it is"
        " planned.",
        (_PROPOSE,),
        key=("what",),
    ),
    CodeSpec(
        "W_STANDING_YES",
        WARNING,
        1213,
        "Note: the performer has said that they agree to requests for {what}. That is not a yes to"
        " this one: send the request.",
        (_PROPOSE,),
        key=("what",),
    ),
    CodeSpec(
        "W_AGREEMENT",
        WARNING,
        1220,
        "Note: the engagement is under {title}, and the producer is not on record as bound by it.",
        (Way("registry_admin", "record it", "POST", "/v1/organizations/{id}/signatories"),),
        key=("agreement",),
    ),
    CodeSpec(
        "W_REPLICA_ORIGIN",
        WARNING,
        1222,
        "Note: the replica was not made under {agreement}. It was attested that the same terms hold"
        " for it.",
        key=("agreement",),
    ),
    CodeSpec(
        "W_AGREEMENT_EXPIRED",
        WARNING,
        1221,
        "Note: the last day of {title} is {ended}, this is about later, and nothing that follows"
        " it is on file. Its terms are taken to go on.",
        (Way("registry_admin", "load what follows it"),),
        key=("title",),
    ),
    CodeSpec(
        "W_AGREEMENT_ENDS_SOON",
        WARNING,
        1223,
        "Note: the last day of {title} is {ends}. Nothing that follows it is on file.",
        (Way("registry_admin", "load what follows it"),),
        key=("title",),
    ),
    CodeSpec(
        "W_PENDING_LAW",
        WARNING,
        1224,
        "Note: {bill} is not law and stops nothing today. If it were, the answer would be:"
        " “{would}”",
        key=("bill", "would"),
    ),
    CodeSpec(
        "W_PM_RENEWAL",
        WARNING,
        1227,
        "Note: under {bill} the right in the likeness of somebody who died on {died} would run"
        " until {ends}. Renewals of {span} years that were filed by then: {renewals}. It would end"
        " on {last} at the latest. It is not law and stops nothing today.",
        key=("bill",),
    ),
    CodeSpec(
        "W_NF_RUNOFF",
        WARNING,
        1228,
        "Note: {bill}, too, would let what was finished under a yes go on being shown as that yes"
        " allows. It is not law.",
        key=("bill",),
    ),
    CodeSpec(
        "W_NF_EXPOSURE",
        WARNING,
        1229,
        "Note: this rests on no yes. Under {bill} {each} could be claimed for every such work."
        " On record, this one included: {works}, which makes {amount}. It is not law and stops"
        " nothing today.",
        key=("bill",),
        moneyless="Note: this rests on no yes, and a bill would let damages be claimed for every"
        " such work. It is not law and stops nothing today.",
    ),
    CodeSpec(
        "W_ORDER_CLOCK",
        WARNING,
        1226,
        "Note: what a court ordered ({reference}) {how} obeyed by {last}, also where something is"
        " out already. {law} gives no longer than that.",
        key=("reference", "law"),
        words=("how",),
    ),
    CodeSpec(
        "W_NF_CAP",
        WARNING,
        1225,
        "Note: under {bill} a yes would hold for {years} years at most; this one would end on"
        " {ends}. It is not law and stops nothing today.{spared_words}",
        (_AMEND,),
        key=("bill",),
        words=("spared_words",),
    ),
    CodeSpec(
        "W_RETALIATION",
        WARNING,
        1251,
        "Note: on {declined} the performer said no to a replica, and they are not engaged on this"
        " work. Under {agreement} a no must not cost them the role.",
        key=("agreement",),
    ),
    CodeSpec(
        "W_BEST_PRACTICE",
        WARNING,
        1252,
        "Note: {advice} is not to sign such terms: this yes {points_words}. It stops nothing.",
        (_AMEND,),
        key=("advice",),
        words=("points_words",),
    ),
    CodeSpec(
        "W_NO_MARK",
        WARNING,
        1250,
        "Note: nothing on record says that what the system made is marked so that machines can"
        " tell. {law} asks that of whoever provides the system.",
        (_ATTEST,),
        key=("law",),
    ),
    CodeSpec(
        "W_DUB_BASIS",
        WARNING,
        1230,
        "Note: whether dubbing with a replica needs consent here depends on which date the contract"
        " means. One of the two says yes: {which}.",
        words=("which",),
    ),
    CodeSpec(
        "W_CLASS",
        WARNING,
        1240,
        "Note: {what}",
        key=("claimed",),
        words=("what",),
    ),
    CodeSpec(
        "W_TRANSFER_CLOCK",
        WARNING,
        1242,
        "Note: {left_words} for the union to answer about the transfer: its last day is {last}.",
        words=("left_words",),
    ),
    CodeSpec(
        "W_SYNTH_ARBITRATION",
        WARNING,
        1241,
        "Note: bargaining over the synthetic performer has run out without a deal since {since}."
        " What is to be paid goes to arbitration.",
    ),
)

CODES: Final[Mapping[str, CodeSpec]] = MappingProxyType({spec.code: spec for spec in _TABLE})
