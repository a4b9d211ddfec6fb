"""Flag rules: what a union wants to see in its queue."""

from typing import Any, Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import In, Instant, Label, Name, Out, UseName
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import flag_rules, objects
from app.rules.cases import Conditions

router = api_router("flag_rules")

Pay = Literal["above", "below", "unknown"]

_CONDITIONS: dict[str, Any] = {"about": ["grant"], "uses": ["train_model"], "pay": ["below"]}
_RULE: dict[str, Any] = {
    "id": "flag_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "union_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwg",
    "name": "training below the floor",
    "starts_at": "2026-11-21T12:00:00.000000Z",
    "ended_at": None,
    "conditions": _CONDITIONS,
}


class ConditionsIn(In):
    """What is looked for. All that is given must hold; of a list, one of it."""

    model_config = example(_CONDITIONS)

    about: list[Literal["grant", "use", "transfer"]] = Field(default_factory=list, max_length=3)
    stages: list[Literal["proposed", "signed", "registered", "submitted"]] = Field(
        default_factory=list, max_length=4
    )
    uses: list[UseName] = Field(default_factory=list, max_length=13)
    tags: list[Label] = Field(
        default_factory=list, max_length=40, description="Where nobody said any, it may be these."
    )
    classes: list[Label] = Field(default_factory=list, max_length=20)
    pay: list[Pay] = Field(
        default_factory=list, max_length=3, description="Against the contract's minimum."
    )
    identity: list[Literal["stated", "contact_confirmed", "vouched"]] = Field(
        default_factory=list, max_length=3
    )
    contact_by_studio: bool = Field(
        default=False, description="Whoever asks also typed where the person is reached."
    )
    facts_unconfirmed: bool = Field(
        default=False, description="It rests on somebody's word that nobody else confirmed."
    )
    wide_scope: bool = Field(default=False, description="It reaches beyond the works it names.")
    facets_missing: bool = Field(
        default=False, description="Tags, character or scenes are not described."
    )

    def value(self) -> Conditions:
        """The conditions as rules read them."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
        return Conditions(**(said | lists))


class FlagRuleIn(In):
    """A name that the union's officers know it by, and what it looks for."""

    model_config = example({"name": _RULE["name"], "conditions": _CONDITIONS})

    name: Name
    conditions: ConditionsIn


class FlagRuleOut(Out):
    """A flag rule on record."""

    model_config = example(_RULE)

    id: str
    version: int
    union_id: str
    name: str
    starts_at: Instant
    ended_at: Instant | None
    conditions: dict[str, Any]


class FlagRulesOut(Out):
    """A page of flag rules."""

    model_config = page_example(_RULE)

    data: list[FlagRuleOut]
    next_cursor: str | None


@router.post(
    "/v1/flag-rules",
    status_code=201,
    response_model=FlagRuleOut,
    summary="Say what enters the queue",
    **policy("flag_rules.state"),
)
def state_flag_rule(request: Request, body: FlagRuleIn, caller: Caller) -> Response:
    """From now on; what was asked before is not looked through."""
    wanted = body.conditions.value()
    return act(request, caller, lambda tx: flag_rules.state(tx, caller, body.name, wanted))


@router.get(
    "/v1/flag-rules",
    response_model=FlagRulesOut,
    summary="List flag rules",
    **policy("flag_rules.list"),
)
def list_flag_rules(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """Those of the own union, newest first; ended ones too."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "flag_rule", page.before, page.fetch)
    return paged(request, page, [flag_rules.view(row) for row in found])


@router.get(
    "/v1/flag-rules/{rule_id}",
    response_model=FlagRuleOut,
    summary="Read a flag rule",
    **policy("flag_rules.read"),
)
def read_flag_rule(request: Request, rule_id: str, caller: Caller, session: Reads) -> Response:
    """With the conditions that it names."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "flag_rule", rule_id)
    return respond(flag_rules.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/flag-rules/{rule_id}/end",
    response_model=FlagRuleOut,
    summary="Look for it no longer",
    **policy("flag_rules.end"),
)
def end_flag_rule(request: Request, rule_id: str, caller: Caller) -> Response:
    """What it put into the queue stays there."""
    return act(request, caller, lambda tx: flag_rules.end(tx, caller, rule_id))
