"""A question on the wire: may this replica be used so?"""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from app.api.models import Count, Day, GateName, Id, In, Label, Shot, UseName
from app.api.shapes import example
from app.api.terms import Language, Medium, Territory
from app.api.works import ContentTag
from app.registrar.questions import Question
from app.store.rows import plain


class UseDescriptionIn(In):
    """What the use shows; a member that is left out was not said."""

    model_config = example({"tags": ["stunts"], "scenes": ["45"]})

    tags: list[ContentTag] | None = Field(default=None, max_length=30)
    character: Label | None = None
    scenes: list[Label] | None = Field(default=None, max_length=1000)


class QuantityIn(In):
    """How much the use makes; `performers` counts background replicas of one work day."""

    model_config = example({"seconds": 12})

    seconds: Count | None = None
    lines: Count | None = None
    uses: Count | None = None
    performers: Count | None = None
    sides: Count | None = None


class ExemptionIn(In):
    """A claim that consent is not needed. It waives consent, and never a veto, pay or a duty."""

    model_config = example({"code": "routine_post", "category": "noise"})

    code: Literal[
        "as_scripted",
        "safety",
        "unrecognisable",
        "routine_post",
        "dub_double",
        "expressive",
        "traditional_ai",
    ]
    category: Label | None = None
    attestation: Id | None = None


class QuestionIn(In):
    """What is asked, of whom, for which work."""

    performer: Id | None = Field(default=None, description="Left out for `synthetic` alone.")
    work: Id
    use: UseName
    gate: GateName | None = Field(default=None, description="Else the one that the use implies.")
    producer: Id | None = Field(default=None, description="Else the caller's organization.")
    replica: Id | None = None
    shot: Shot | None = None
    description: UseDescriptionIn | None = None
    media: list[Medium] | None = Field(default=None, max_length=20)
    territories: list[Territory] | None = Field(default=None, max_length=300)
    languages: list[Language] | None = Field(default=None, max_length=300)
    quantity: QuantityIn | None = None
    exemptions: list[ExemptionIn] | None = Field(default=None, max_length=10)
    on: Day | None = Field(default=None, description="The work day; else the day of `as_of`.")
    capture_session: Id | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.performer is None and self.use != "synthetic":
            raise ValueError("`performer` is required; only `synthetic` shows nobody")
        return self

    def members(self, *, leaving_out: frozenset[str] = frozenset()) -> dict[str, Any]:
        """What was said, in JSON values, by the names of `app.rules.facts.Check`."""
        said = self.model_dump(exclude_none=True, exclude=set(leaving_out))
        found = plain(said)
        assert isinstance(found, dict)  # noqa: S101 - a model is an object
        return found

    def question(self) -> Question:
        """What the registrar is asked."""
        return Question(self.members())
