"""Many rows at once: riders of one description, and imports of what is kept elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, Self

from fastapi import Request, Response
from pydantic import Field, model_validator

from app.api import problems
from app.api.deps import Caller, act, api_router, policy
from app.api.engagements import EngagementIn, RateIn, RoleClass, new_engagement
from app.api.grant_shapes import ACTIVE_GRANT, new_performer, new_work
from app.api.guard import check_role
from app.api.models import Decimals, Id, In, Instant, Name, Out, UseName
from app.api.performers import PerformerIn
from app.api.policies import POLICIES
from app.api.residual_statements import ResidualStatementIn, new_residual_statement
from app.api.riders import PAPER, SignedElsewhereIn
from app.api.shapes import Family, HouseCode, example
from app.api.terms import DescriptionIn, PayIn, TermsIn, Text
from app.api.works import WorkIn
from app.registrar import imports
from app.registrar.imports import New, Row
from app.registrar.riders import NewRider

router = api_router("imports")

# So many that the act holds up nobody else for long.
ROWS_MAX: Final = 50

Kind = Literal["performers", "works", "engagements", "grants", "residual-statements"]

_ROLL = {
    "performer": ACTIVE_GRANT["performer_id"],
    "engagement": {"role_class": "background"},
    **PAPER,
}
_TERMS = {
    "work": ACTIVE_GRANT["shown_works"][0],
    "uses": ["crowd"],
    "description": "filling the stands, scenes 12-14",
    "pay": {"kind": "days_x_rate"},
}
_DONE = {
    "recorded": 1,
    "left_out": 1,
    "rows": [
        {"row": 0, "status": 201, **ACTIVE_GRANT},
        {
            "row": 1,
            "status": 422,
            "detail": "This row is wrong. Nothing was recorded of it.",
            "errors": [
                {"pointer": "/sha256", "code": "missing", "detail": "this field is required"}
            ],
        },
    ],
    "log_index": 61,
}


class HiredIn(In):
    """How somebody is engaged; performer and work are those of the row."""

    model_config = example({"role_class": "background", "rate": {"kind": "daily"}})

    role_class: RoleClass = "background"
    character: Name | None = None
    agreement: Family | None = None
    engaged_at: Instant | None = Field(default=None, description="Left out: now.")
    rate: RateIn | None = None
    contract_days: Decimals | None = None
    covered_days: Decimals = "0"
    ref: HouseCode | None = None

    def hired(self, work: str) -> EngagementIn:
        """The whole of it. Whose it is, is known where the row is."""
        said = {name: getattr(self, name) for name in HiredIn.model_fields}
        return EngagementIn.model_construct(performer="", work=work, **said)


class RollRowIn(SignedElsewhereIn):
    """One person: who, how engaged, and how they signed."""

    model_config = example(_ROLL)

    performer: Id | PerformerIn
    engagement: HiredIn | None = None
    ref: HouseCode | None = None


class RollIn(TermsIn):
    """One description for all, and a row for each person."""

    model_config = example(_TERMS | {"rows": [_ROLL]})

    work: Id
    works: None = Field(default=None, description="The rider is for one `work`.")
    uses: list[UseName] = Field(min_length=1, max_length=13)
    description: DescriptionIn | Text
    pay: PayIn
    rows: list[Any] = Field(
        min_length=1,
        max_length=ROWS_MAX,
        description="Each is a `RollRowIn`; one that is wrong costs no other.",
    )


class GrantRowIn(TermsIn):
    """A consent that was signed elsewhere, with its own terms."""

    performer: Id
    work: Id | None = Field(default=None, description="One work; or name `works`.")
    uses: list[UseName] = Field(min_length=1, max_length=13)
    description: DescriptionIn | Text
    pay: PayIn
    signed: SignedElsewhereIn
    ref: HouseCode | None = None

    @model_validator(mode="after")
    def _names_works(self) -> Self:
        if (self.work is None) == (self.works is None):
            raise ValueError("name either `work` or `works`")
        return self

    def rider(self) -> NewRider:
        """What the registrar is asked for."""
        terms = self.changes()
        scope = dict(terms.get("scope", {}))
        named = list(scope.pop("works", []))
        return NewRider(
            performer=self.performer,
            works=tuple(named if self.work is None else [self.work]),
            terms=terms | {"scope": scope},
            said=self.signed.said(),
            ref=self.ref,
            works_at="/works/{n}" if self.work is None else "/work",
        )


class ImportIn(In):
    """Rows of one kind, each as the route that records one of them takes it."""

    model_config = example(
        {
            "kind": "performers",
            "rows": [
                {
                    "name": "Alex Moreno",
                    "contact": "alex@performer.example",
                    "ref": "castid:4711",
                    "adult_since": "2012-05-01",
                }
            ],
        }
    )

    kind: Kind
    rows: list[Any] = Field(
        min_length=1,
        max_length=ROWS_MAX,
        description="`PerformerIn`, `WorkIn`, `EngagementIn`, `GrantRowIn` or "
        "`ResidualStatementIn`.",
    )


class ImportOut(Out):
    """Each row by its number: what was recorded, or why it was not."""

    model_config = example(_DONE)

    recorded: int
    left_out: int
    rows: list[dict[str, Any]]


@router.post(
    "/v1/riders",
    response_model=ImportOut,
    summary="State many riders of one description",
    **policy("riders.record"),
)
def record_roll(request: Request, body: RollIn, caller: Caller) -> Response:
    """Background riders: one description, a row for each person; a wrong row costs no other."""
    terms = body.changes()
    rows = _rows(
        body.rows, lambda item: _roll_rider(RollRowIn.model_validate(item), body.work, terms)
    )
    return act(request, caller, lambda tx: imports.record(tx, caller, rows))


@router.post(
    "/v1/imports",
    response_model=ImportOut,
    summary="Put many rows on record at once",
    **policy("imports.record"),
)
def import_rows(request: Request, body: ImportIn, caller: Caller) -> Response:
    """One act; a wrong row costs no other, and one whose `ref` is on record is left as it is."""
    # Whoever may put one row on record may put many there.
    check_role(POLICIES[_POLICY[body.kind]], caller)
    rows = _rows(body.rows, READERS[body.kind])
    return act(request, caller, lambda tx: imports.record(tx, caller, rows))


def _roll_rider(row: RollRowIn, work: str, terms: Mapping[str, Any]) -> NewRider:
    who, hired = row.performer, row.engagement
    return NewRider(
        performer=who if isinstance(who, str) else new_performer(who),
        works=(work,),
        terms=terms,
        said=row.said(),
        ref=row.ref,
        engagement=None if hired is None else new_engagement(hired.hired(work)),
        works_at="/work",
    )


# By kind of row: what is sent, and what the registrar is asked for.
MODELS: Final[Mapping[str, type[In]]] = {
    "performers": PerformerIn,
    "works": WorkIn,
    "engagements": EngagementIn,
    "grants": GrantRowIn,
    "residual-statements": ResidualStatementIn,
}
READERS: Final[Mapping[str, Callable[[object], New]]] = {
    "performers": lambda item: new_performer(PerformerIn.model_validate(item)),
    "works": lambda item: new_work(WorkIn.model_validate(item)),
    "engagements": lambda item: new_engagement(EngagementIn.model_validate(item)),
    "grants": lambda item: GrantRowIn.model_validate(item).rider(),
    "residual-statements": lambda item: new_residual_statement(
        ResidualStatementIn.model_validate(item)
    ),
}


_POLICY: Final[Mapping[str, str]] = {
    "performers": "performers.record",
    "works": "works.record",
    "engagements": "engagements.record",
    "grants": "grants.record_elsewhere",
    "residual-statements": "residual_statements.record",
}


def _rows(items: Sequence[object], read: Callable[[object], New]) -> list[Row]:
    return [Row(number, problems.read_item(item, read)) for number, item in enumerate(items)]
