"""What goes over the wire about a grant: bodies, replies, and their examples."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from app.api.models import Hash, Id, In, Instant, Out, UseName, Words
from app.api.performers import PerformerIn
from app.api.shapes import example, page_example
from app.api.terms import DescriptionIn, PayIn, ShownOut, TermsIn, Text
from app.api.works import WorkIn
from app.registrar.grants import Offer
from app.registrar.performers import NewPerformer
from app.registrar.revocations import Pause
from app.registrar.works import NewWork

State = Literal[
    "draft",
    "offered",
    "signed",
    "union_review",
    "active",
    "declined",
    "withdrawn",
    "revoked",
    "superseded",
    "void",
]

_ID = "grant_01k9zq3v5rfm8t4cy2x7d6ahwe"
_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_WORK = "work_01k9zq3v5rfm8t4cy2x7d6ahwe"
_HASH = "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea"
_AT = "2026-11-21T12:00:00.000000Z"
_SIGNATURE = {
    "at": _AT,
    "by": "performer",
    "principal": "usr_01k9zq3v5rfm8t4cy2x7d6ahwg",
    "representation_id": None,
    "method": "in_registry",
    "identity": "contact_confirmed",
    "vouched_by": None,
    "vouched_at": None,
}
_GRANT: dict[str, Any] = {
    "id": _ID,
    "version": 1,
    "terms_version": 1,
    "terms_hash": _HASH,
    "state": "offered",
    "performer_id": _PERFORMER,
    "grantee_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "agreement": None,
    "replica_id": None,
    "scope": {
        "mode": "single_work",
        "membership": "frozen_at_grant",
        "works": [_WORK],
        "uses": ["face_replace", "stunt"],
        "media": None,
        "territories": None,
        "languages": None,
        "starts_on": None,
        "ends_on": "2027-12-31",
        "max_uses": None,
        "max_seconds": None,
        "training": False,
        "realtime": False,
        "dubbing": False,
        "marketing": False,
        "assignable": False,
    },
    "shown_works": [_WORK],
    "shown": [{"id": _WORK, "kind": "film", "title": "Nova One"}],
    "exclusions": [],
    "description": {
        "text": "aerial stunts, scenes 40-60",
        "tags": None,
        "character": None,
        "scenes": None,
    },
    "pay": {"kind": "days_x_rate", "amount": None, "alteration": None},
    "form": {
        "written": True,
        "clear_and_conspicuous": True,
        "separate_sign": "separate_document",
        "counsel_negotiated": False,
        "replaces_in_person_work": None,
        "court_approval": None,
    },
    "withdrawal": {"new_uses": "any_time", "days": None, "not_before": None, "pause": True},
    "posthumous": "life_only",
    "signature": None,
    "proposal": None,
    "answer_by": "2026-12-05T12:00:00.000000Z",
    "offered_at": _AT,
    "ratified_from": None,
    "revoked_from": None,
    "own_yes_at": None,
    "voided": None,
    "declined_at": None,
    "reason": None,
}
_ACTIVE = _GRANT | {"version": 2, "state": "active", "signature": _SIGNATURE}
ACTIVE_GRANT = _ACTIVE
SIGNED_ON_PAPER: dict[str, Any] = _SIGNATURE | {
    "at": "2026-11-20T23:59:59.999999Z",
    "method": "paper",
    "identity": "stated",
    "signed_on": "2026-11-20",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "stated_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "stated_at": _AT,
}
_USE = {
    "id": "use_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": _PERFORMER,
    "work_id": _WORK,
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "use": "stunt",
    "shot": "NV_045_0010",
    "state": "cleared",
}


class GrantIn(TermsIn):
    """A request for consent, offered at once. What is not said is no."""

    model_config = example(
        {
            "performer": _PERFORMER,
            "work": _WORK,
            "uses": ["face_replace", "stunt"],
            "description": "aerial stunts, scenes 40-60",
            "pay": {"kind": "days_x_rate"},
            "ends_on": "2027-12-31",
        }
    )

    performer: Id | PerformerIn
    work: Id | WorkIn | None = Field(default=None, description="One work; or name `works`.")
    uses: list[UseName] = Field(min_length=1, max_length=13)
    description: DescriptionIn | Text
    pay: PayIn
    answer_by: Instant | None = Field(
        default=None, description="At least 48 hours ahead; 14 days where it is left out."
    )

    @model_validator(mode="after")
    def _names_works(self) -> Self:
        if (self.work is None) == (self.works is None):
            raise ValueError("name either `work` or `works`")
        return self

    def offer(self) -> Offer:
        """What the registrar is asked for."""
        terms = self.changes()
        scope = dict(terms.get("scope", {}))
        named = list(scope.pop("works", []))
        along = None
        if isinstance(self.work, WorkIn):
            along = new_work(self.work)
        elif self.work is not None:
            named = [self.work]
        performer = self.performer
        return Offer(
            performer=performer if isinstance(performer, str) else new_performer(performer),
            works=tuple(named),
            terms=terms | {"scope": scope},
            new_work=along,
            answer_by=self.answer_by,
            works_at="/works/{n}" if self.work is None else "/work",
        )


class AmendmentIn(TermsIn):
    """Terms that change; or the `terms_hash` of a counter-offer, to take it as it stands."""

    model_config = example({"ends_on": "2028-06-30"})

    terms_hash: Hash | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.terms_hash is not None and self.changes():
            raise ValueError("give either `terms_hash` or the terms that change")
        return self


class CounterOfferIn(TermsIn):
    """Terms that the performer asks for instead."""

    model_config = example(
        {"pay": {"kind": "per_day", "amount": {"amount": "1500.00", "currency": "USD"}}}
    )

    presigned: bool = Field(default=False, description="Signed if they agree to exactly this.")
    note: Words | None = None
    answer_by: Instant | None = Field(
        default=None, description="Until when it stands; 14 days where it is left out."
    )


class AcceptanceIn(In):
    """The hash of the terms that were read."""

    model_config = example({"terms_hash": _HASH})

    terms_hash: Hash
    despite_instructions: bool = Field(
        default=False,
        description="It counts whatever I said `never` to before; by the performer alone.",
    )


class ConfirmationIn(In):
    """A yes to one work under an umbrella consent."""

    model_config = example(
        {"work": _WORK, "terms_hash": _HASH, "description": "one scene on the bridge"}
    )

    work: Id
    terms_hash: Hash
    description: DescriptionIn | Words | None = Field(
        default=None, description="What the replica does in this work; else as the consent says."
    )


class ReasonIn(In):
    """Why, in the caller's words; it need not be said."""

    model_config = example({"reason": "The part has changed."})

    reason: Words | None = None


class WithdrawalAnswerIn(In):
    """The studio's answer to a wish to stop that the terms give no right to."""

    model_config = example({"answer": "refused", "words": "The picture is half finished."})

    answer: Literal["accepted", "refused"]
    words: Words | None = Field(default=None, description="Needed for a refusal.")


class PauseIn(In):
    """A pause of new uses, from now and without end where not said."""

    model_config = example({"ends_at": "2027-01-10T00:00:00Z"})

    starts_at: Instant | None = None
    ends_at: Instant | None = None

    def value(self) -> Pause:
        """What the registrar is asked for."""
        return Pause(self.starts_at, self.ends_at)


class GrantOut(Out):
    """A consent on record. `pay` is hidden from unions but for where it stands."""

    model_config = example(_GRANT)

    id: str
    version: int
    terms_version: int
    terms_hash: str
    state: State
    performer_id: str
    grantee_id: str
    scope: dict[str, Any]
    shown_works: list[str]
    shown: list[ShownOut]
    exclusions: list[dict[str, Any]]
    description: dict[str, Any]
    pay: dict[str, Any] | None
    form: dict[str, Any]
    withdrawal: dict[str, Any]
    posthumous: str
    signature: dict[str, Any] | None
    proposal: dict[str, Any] | None
    answer_by: Instant | None
    offered_at: Instant | None
    revoked_from: Instant | None
    own_yes_at: Instant | None
    voided: dict[str, Any] | None


class ActiveGrantOut(GrantOut):
    """A consent that was signed."""

    model_config = example(_ACTIVE | {"log_index": 42})


class GrantsOut(Out):
    """A page of consents."""

    model_config = page_example(_GRANT)

    data: list[GrantOut]
    next_cursor: str | None


class ConfirmationOut(Out):
    """The signed yes to one work."""

    model_config = example(
        {
            "id": "conf_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "version": 1,
            "grant_id": _ID,
            "work_id": _WORK,
            "signed_at": _AT,
            "description": _GRANT["description"],
            "signature": _SIGNATURE,
            "log_index": 43,
        }
    )

    id: str
    version: int
    grant_id: str
    work_id: str
    signed_at: Instant
    description: dict[str, Any]
    signature: dict[str, Any]
    log_index: int


class RevocationOut(GrantOut):
    """From when new uses stop and what that reaches; null: asked for without the right."""

    model_config = example(
        _ACTIVE
        | {
            "version": 3,
            "state": "revoked",
            "revoked_from": _AT,
            "effective_from": _AT,
            "says": "New uses stop now. What was finished before may go on being shown.",
            "affected": {"future": [], "in_flight": [_USE], "finished": []},
            "log_index": 44,
        }
    )

    effective_from: Instant | None


class VoidIn(In):
    """Who found a consent void, and the hash of the paper that says so."""

    model_config = example({"basis": "court", "document_hash": _HASH})

    basis: Literal["court", "arbitration"]
    document_hash: Hash
    reason: Words | None = None


class VoidOut(GrantOut):
    """The consent never was one; `affected` are the uses that rested on it, finished ones too."""

    model_config = example(
        ACTIVE_GRANT
        | {
            "version": 3,
            "state": "void",
            "voided": {
                "basis": "court",
                "document_hash": _HASH,
                "at": _AT,
                "by": "usr_01k9zq3v5rfm8t4cy2x7d6ahwg",
            },
            "affected": [_USE],
            "log_index": 44,
        }
    )

    affected: list[dict[str, Any]]
    log_index: int


class SuspensionOut(Out):
    """A pause, and the registered uses that it stops."""

    model_config = example(
        {
            "id": "susp_01k9zq3v5rfm8t4cy2x7d6ahwe",
            "version": 1,
            "performer_id": _PERFORMER,
            "grant_id": _ID,
            "starts_at": _AT,
            "ends_at": None,
            "affected": [_USE],
            "log_index": 45,
        }
    )

    id: str
    version: int
    performer_id: str
    grant_id: str | None
    starts_at: Instant
    ends_at: Instant | None
    affected: list[dict[str, Any]]
    log_index: int


class ResumptionOut(Out):
    """The pauses that ended, and what each use that they held would be answered now."""

    model_config = example(
        {
            "performer_id": _PERFORMER,
            "grant_id": _ID,
            "ended": [],
            "redecided": [_USE | {"outcome": "allow_with_obligations"}],
            "log_index": 46,
        }
    )

    performer_id: str
    grant_id: str | None
    ended: list[dict[str, Any]]
    redecided: list[dict[str, Any]]
    log_index: int


class HistoryOut(Out):
    """Every version of a consent, first to last."""

    model_config = example(
        {
            "data": [
                {
                    "version": 1,
                    "terms_version": 1,
                    "terms_hash": _HASH,
                    "state": "offered",
                    "signature": None,
                    "log_index": 41,
                    "at": _AT,
                    "type": "grant.offered",
                }
            ]
        }
    )

    data: list[dict[str, Any]]


class DifferenceOut(Out):
    """Every term that is not the same in two versions of the terms."""

    model_config = example(
        {
            "from": 1,
            "to": 2,
            "terms_hash": _HASH,
            "data": [{"term": "scope.ends_on", "before": "2027-12-31", "after": "2028-06-30"}],
        }
    )

    data: list[dict[str, Any]]


def new_performer(body: PerformerIn) -> NewPerformer:
    """A performer as the registrar is told."""
    said = {name: getattr(body, name) for name in PerformerIn.model_fields}
    return NewPerformer(**{**said, "external_ids": body.external_ids.model_dump(exclude_none=True)})


def new_work(body: WorkIn) -> NewWork:
    """A work as the registrar is told."""
    said = {name: getattr(body, name) for name in WorkIn.model_fields}
    tags = None if body.content_tags is None else tuple(body.content_tags)
    external = body.external_ids.model_dump(exclude_none=True)
    return NewWork(**{**said, "content_tags": tags, "external_ids": external})
