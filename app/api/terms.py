"""Terms of a consent on the wire: what may be said, each member by itself."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.api.models import Day, Id, In, Label, MoneyField, Name, Out, UseName, Words
from app.api.shapes import Family, example
from app.api.works import ContentTag
from app.rules.grants import LATER
from app.rules.uses import CONTENT_TAGS, USES
from app.store.rows import plain

Medium = Literal[
    "theatrical",
    "television",
    "streaming",
    "home_video",
    "download",
    "airline",
    "game",
    "online",
    "social",
    "radio",
    "audio",
    "live",
    "print",
    "out_of_home",
]
Territory = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|worldwide)$"),
    Field(examples=["US"], description="ISO 3166, or `worldwide`."),
]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"),
    Field(examples=["en"], description="BCP 47."),
]


def _in_hundredths(share: str) -> str:
    if not 0 < Decimal(share) <= 100:  # noqa: PLR2004 - that is what per cent means
        raise ValueError("must be more than 0 and at most 100")
    return share


Share = Annotated[
    str,
    StringConstraints(pattern=r"^\d{1,3}(\.\d{1,4})?$"),
    AfterValidator(_in_hundredths),
    Field(examples=["2.5"], description="Per cent, up to 100 and four decimals."),
]
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]
# Empty is a fact too: the decision says that a description is missing.
Text = Words | Literal[""]


SCOPE = (
    "mode",
    "membership",
    "works",
    "uses",
    "media",
    "territories",
    "languages",
    "starts_on",
    "ends_on",
    "max_uses",
    "max_seconds",
    "training",
    "realtime",
    "dubbing",
    "marketing",
    "assignable",
)


class DescriptionIn(In):
    """What the replica will do; a member that is left out limits nothing."""

    model_config = example({"text": "aerial stunts, scenes 40-60", "tags": ["stunts", "aerial"]})

    text: Text
    tags: list[ContentTag] | None = Field(default=None, max_length=30)
    character: Label | None = None
    scenes: list[Label] | None = Field(default=None, max_length=1000)
    prior_ip: bool | None = Field(
        default=None, description="Whether it is based on a story or a world that exists already."
    )
    reprised_role: bool | None = Field(
        default=None, description="Whether the performer returns to a part played before."
    )
    sensitive_content: bool | None = Field(
        default=None, description="Whether there is profanity, a slur or the like in it."
    )


class PayIn(In):
    """What is paid: `amount` per unit; days times the rate need none, nor does a share."""

    model_config = example({"kind": "days_x_rate"})

    kind: Literal[
        "days_x_rate", "bargained_flat", "per_day", "per_use", "royalty", "participation", "none"
    ]
    amount: MoneyField | None = None
    alteration: MoneyField | None = Field(
        default=None, description="For altering what was performed; same currency."
    )
    share: Share | None = Field(
        default=None, description="Of a royalty or participation: so many hundredths of the base."
    )
    base: Name | None = Field(
        default=None, description="What it is a share of, in the words that reports of it name."
    )

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        if self.amount and self.alteration and self.amount.currency != self.alteration.currency:
            raise ValueError("`amount` and `alteration` need the same currency")
        return self


class WithdrawalIn(In):
    """When the performer may stop new uses; said before signing."""

    model_config = example({"new_uses": "after_days", "days": 30})

    new_uses: Literal["any_time", "after_days", "not_before", "only_if_agreement_says"] = "any_time"
    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    not_before: Day | None = None
    pause: bool = True


class FormIn(In):
    """How the clause is put to the performer."""

    model_config = example({"separate_sign": "separate_document", "counsel_negotiated": True})

    written: bool = True
    clear_and_conspicuous: bool = True
    separate_sign: Literal["initial", "separate_signature", "separate_document", "none"] = (
        "separate_document"
    )
    counsel_negotiated: bool = False
    replaces_in_person_work: bool | None = None
    court_approval: Label | None = None


class ExclusionIn(In):
    """What no consent of the performer covers: a work, a use, a content tag or a studio."""

    model_config = example({"axis": "tag", "value": "nudity"})

    axis: Literal["work", "use", "tag", "studio"]
    value: Id

    @model_validator(mode="after")
    def _closed_words(self) -> Self:
        known = {"use": USES, "tag": CONTENT_TAGS}.get(self.axis)
        if known is not None and self.value not in known:
            raise ValueError(f"`value` must be one of {', '.join(known)}")
        return self


class TermsIn(In):
    """Terms; what is left out stays as it was, or as the most careful default has it."""

    uses: list[UseName] | None = Field(default=None, min_length=1, max_length=13)
    works: list[Id] | None = Field(default=None, min_length=1, max_length=500)
    mode: (
        Literal["single_work", "enumerated_works", "franchise_umbrella", "franchise_blanket"] | None
    ) = None
    membership: Literal["frozen_at_grant", "announced_list", "dynamic"] | None = None
    media: list[Medium] | None = None
    territories: list[Territory] | None = Field(default=None, max_length=300)
    languages: list[Language] | None = Field(default=None, max_length=300)
    starts_on: Day | None = None
    ends_on: Day | None = Field(default=None, description="The last day, inclusive.")
    max_uses: Positive | None = None
    max_seconds: Positive | None = None
    training: bool | None = Field(default=None, description="Ticked alone.")
    realtime: bool | None = Field(default=None, description="Ticked alone.")
    dubbing: bool | None = Field(default=None, description="Ticked alone.")
    marketing: bool | None = Field(default=None, description="Ticked alone.")
    assignable: bool | None = Field(
        default=None, description="Ticked alone: passes on with the work to whoever buys it."
    )
    exclusions: list[ExclusionIn] | None = Field(default=None, max_length=200)
    description: DescriptionIn | Text | None = None
    pay: PayIn | None = None
    form: FormIn | None = None
    withdrawal: WithdrawalIn | None = None
    posthumous: Literal["unstated", "survives", "life_only"] | None = None
    replica: Id | None = None
    agreement: Family | None = None

    def changes(self) -> dict[str, Any]:
        """The terms that were said, as members of a terms document."""
        said = {name: getattr(self, name) for name in TermsIn.model_fields if self._says(name)}
        scope = {name: plain(said.pop(name)) for name in SCOPE if name in said}
        found: dict[str, Any] = {name: _document(name, value) for name, value in said.items()}
        return found | ({"scope": scope} if scope else {})

    def _says(self, name: str) -> bool:
        if name not in self.model_fields_set:
            return False
        # ``null`` takes a limit away; where there is nothing to take away it says nothing.
        return getattr(self, name) is not None or name in _CLEARABLE


_CLEARABLE = frozenset(
    {"media", "territories", "languages", "starts_on", "ends_on", "max_uses", "max_seconds"}
    | {"replica", "agreement", "pay"}
)


class ShownOut(Out):
    """A work that the signer is shown; the list is part of what is signed."""

    id: str
    kind: str
    title: str


def _document(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON values
    if name == "description" and isinstance(value, str):
        value = DescriptionIn(text=value)
    if isinstance(value, list):
        return [item.model_dump(mode="json") for item in value]
    if not isinstance(value, In):
        return value
    said = value.model_dump(mode="json")
    return {n: member for n, member in said.items() if member is not None or n not in LATER}
