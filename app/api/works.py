"""Works and the edges between them."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field, StringConstraints

from app.api.context import now
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Label, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import Family, HouseCode, KeptIfAbsent, example, page_example
from app.registrar import objects, works
from app.registrar.works import NewEdge, NewWork

router = api_router("works")

Kind = Literal[
    "franchise",
    "series",
    "season",
    "episode",
    "film",
    "game",
    "commercial",
    "recording",
    "edit",
]
Relation = Literal[
    "part_of",
    "in_franchise",
    "season_of",
    "episode_of",
    "edit_of",
    "promo_of",
    "spinoff_of",
]
ContentTag = Literal[
    "stunts",
    "aerial",
    "combat",
    "driving",
    "water",
    "crowd",
    "dialogue",
    "singing",
    "dancing",
    "nudity",
    "intimacy",
    "simulated_sex",
    "violence",
    "gore",
    "death",
    "profanity",
    "slurs",
    "drugs",
    "alcohol",
    "tobacco",
    "political",
    "religion",
    "brand",
    "changed_traits",
]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Minutes = Annotated[
    int | None,
    Field(ge=1, le=1440, description="How long it runs: ceilings on contributions go by it."),
]
Advertiser = Annotated[Name | None, Field(description="Of a commercial: for whom it advertises.")]
ProductLine = Annotated[Name | None, Field(description="Of a commercial: what it advertises.")]
MpuEnd = Annotated[
    Day | None,
    Field(description="Of a commercial: the last day of its maximum period of use, inclusive."),
]
Waiver = Annotated[
    Label | None,
    Field(
        description="Of a commercial whose sound is put together by machine: the number of the"
        " union's waiver for that."
    ),
]

_STUDIO = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_FRANCHISE = "work_01k9zq3v5rfm8t4cy2x7d6ahwd"
_WORK = {
    "id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "kind": "film",
    "title": "Nova One",
    "owner_id": _STUDIO,
    "agreement": "sag-aftra/tv-theatrical",
    "photography_start": "2026-08-03",
    "first_exposed_on": None,
    "content_tags": None,
    "running_minutes": None,
    "advertiser": None,
    "product_line": None,
    "mpu_ends_on": None,
    "dynamic_audio_waiver": None,
    "added_at": "2026-07-01T12:00:00.000000Z",
    "stated_by": _STUDIO,
    "confirmed_by": None,
    "disputed_by": None,
    "confirmed_at": None,
    "disputed_at": None,
    "refs": ["house:NOVA-1"],
}
_EDGE = {
    "id": "edge_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "parent": _FRANCHISE,
    "child": _WORK["id"],
    "relation": "in_franchise",
    "announced_at": None,
    "valid_from": "2026-07-01T12:00:00.000000Z",
    "valid_to": None,
    "stated_by": _STUDIO,
    "confirmed_by": None,
    "disputed_by": None,
    "confirmed_at": None,
    "disputed_at": None,
}
_ABOVE = {"id": _FRANCHISE, "kind": "franchise", "title": "Nova"}


class WorkIdsIn(In):
    """Public identifiers of the work; check digits are checked."""

    eidr: Identifier | None = Field(default=None, examples=["10.5240/7791-8534-2C23-9030-8610-5"])
    isan: Identifier | None = Field(default=None, examples=["0000-0000-D07A-0090-Q"])
    imdb: Identifier | None = Field(default=None, examples=["tt0111161"])


class WorkIn(In):
    """A work; `kind` and `title` must be given."""

    model_config = example(
        {"kind": "film", "title": "Nova One", "part_of": _FRANCHISE, "ref": "house:NOVA-1"}
    )

    kind: Kind
    title: Name
    part_of: Id | None = Field(default=None, description="The work above it; yours.")
    ref: HouseCode | None = None
    agreement: Family | None = None
    photography_start: Day | None = None
    first_exposed_on: Day | None = None
    content_tags: list[ContentTag] | None = Field(
        default=None, max_length=30, description="What it shows; a use inherits it."
    )
    running_minutes: Minutes = None
    advertiser: Advertiser = None
    product_line: ProductLine = None
    mpu_ends_on: MpuEnd = None
    dynamic_audio_waiver: Waiver = None
    external_ids: WorkIdsIn = WorkIdsIn()


class WorkChangeIn(In):
    """What changes; members that are left out stay, and `null` says that it is not known."""

    model_config = example({"photography_start": "2026-08-10"})

    title: Annotated[Name | None, KeptIfAbsent] = None
    agreement: Family | None = None
    photography_start: Day | None = None
    first_exposed_on: Day | None = None
    content_tags: list[ContentTag] | None = Field(default=None, max_length=30)
    running_minutes: Minutes = None
    advertiser: Advertiser = None
    product_line: ProductLine = None
    mpu_ends_on: MpuEnd = None
    dynamic_audio_waiver: Waiver = None


class EdgeIn(In):
    """What it hangs under from now on."""

    model_config = example({"parent": _FRANCHISE, "relation": "in_franchise"})

    parent: Id
    relation: Relation = "part_of"
    announced_at: Instant | None = Field(
        default=None, description="When the public learned of it, where that was said."
    )


class WorkOut(Out):
    """A work on record."""

    model_config = example(_WORK)

    id: str
    version: int
    kind: Kind
    title: str
    owner_id: str
    agreement: str | None
    photography_start: Day | None
    first_exposed_on: Day | None
    content_tags: list[str] | None
    running_minutes: int | None
    advertiser: str | None
    product_line: str | None
    mpu_ends_on: Day | None
    dynamic_audio_waiver: str | None
    added_at: Instant
    stated_by: str | None
    confirmed_by: str | None
    disputed_by: str | None
    confirmed_at: Instant | None
    disputed_at: Instant | None


class WorkAboveOut(Out):
    """A work above another."""

    id: str
    kind: Kind
    title: str


class EdgeOut(Out):
    """An edge of the works graph, valid in `[valid_from, valid_to)`."""

    model_config = example(_EDGE)

    id: str
    version: int
    parent: str
    child: str
    relation: Relation
    announced_at: Instant | None
    valid_from: Instant
    valid_to: Instant | None
    stated_by: str | None
    confirmed_by: str | None
    disputed_by: str | None
    confirmed_at: Instant | None
    disputed_at: Instant | None


class BlockKeptOut(Out):
    """A veto that goes on reaching the work."""

    veto: str
    number: str


class EndedEdgeOut(EdgeOut):
    """An edge that ended, and the vetoes that came by it and stay."""

    model_config = example(
        {**_EDGE, "version": 2, "valid_to": "2026-11-21T12:00:00.000000Z", "blocks_kept": []}
    )

    blocks_kept: list[BlockKeptOut]


class WorkWithAncestorsOut(WorkOut):
    """A work, what it hangs on, and everything above it now."""

    model_config = example({**_WORK, "ancestors": [_ABOVE], "edges": [_EDGE]})

    ancestors: list[WorkAboveOut]
    edges: list[EdgeOut]


class WorksOut(Out):
    """A page of works."""

    model_config = page_example(_WORK)

    data: list[WorkOut]
    next_cursor: str | None


@router.post(
    "/v1/works",
    status_code=201,
    response_model=WorkOut,
    summary="Put a work on record",
    **policy("works.record"),
)
def record_work(request: Request, body: WorkIn, caller: Caller) -> Response:
    """Owned by the caller's studio. A work that is added later never widens a grant silently."""
    new = NewWork(
        kind=body.kind,
        title=body.title,
        part_of=body.part_of,
        ref=body.ref,
        agreement=body.agreement,
        photography_start=body.photography_start,
        first_exposed_on=body.first_exposed_on,
        content_tags=None if body.content_tags is None else tuple(body.content_tags),
        running_minutes=body.running_minutes,
        advertiser=body.advertiser,
        product_line=body.product_line,
        mpu_ends_on=body.mpu_ends_on,
        dynamic_audio_waiver=body.dynamic_audio_waiver,
        external_ids=body.external_ids.model_dump(exclude_none=True),
    )
    return act(request, caller, lambda tx: works.record(tx, caller, new))


@router.get("/v1/works", response_model=WorksOut, summary="List works", **policy("works.list"))
def list_works(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    kind: Annotated[Kind | None, Query()] = None,
) -> Response:
    """Those that the caller may see."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "work", page.before, page.fetch, kind=kind)
    return paged(request, page, [works.view(row) for row in found])


@router.get(
    "/v1/works/{work_id}",
    response_model=WorkWithAncestorsOut,
    summary="Read a work with what is above it",
    **policy("works.read"),
)
def read_work(request: Request, work_id: str, caller: Caller, session: Reads) -> Response:
    """With every work above it and the edges by which it hangs there."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "work", work_id)
    value = {
        **works.view(row),
        "ancestors": works.above(looking, row["id"]),
        "edges": works.edges_up(looking, row["id"]),
        "refs": objects.codes_of(looking, row["id"]),
    }
    return respond(value, headers={"ETag": objects.etag_of(row)})


@router.patch(
    "/v1/works/{work_id}",
    response_model=WorkOut,
    summary="Change what is stated of a work",
    **policy("works.change"),
)
def change_work(
    request: Request, work_id: str, body: WorkChangeIn, caller: Caller, read: IfMatch
) -> Response:
    """Rules read these facts; a confirmation of what stood there before falls away."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return act(request, caller, lambda tx: works.change(tx, caller, work_id, changes, read))


@router.post(
    "/v1/works/{work_id}/confirmation",
    response_model=WorkOut,
    summary="Confirm what is stated of a work",
    **policy("works.answer"),
)
def confirm_work(request: Request, work_id: str, caller: Caller) -> Response:
    """By a union that sees the work, or to settle it, the office."""
    return act(request, caller, lambda tx: works.answer(tx, caller, work_id, "confirm"))


@router.post(
    "/v1/works/{work_id}/dispute",
    response_model=WorkOut,
    summary="Dispute what is stated of a work",
    **policy("works.answer"),
)
def dispute_work(request: Request, work_id: str, caller: Caller) -> Response:
    """By a union that sees the work; answers that rest on it wait."""
    return act(request, caller, lambda tx: works.answer(tx, caller, work_id, "dispute"))


@router.post(
    "/v1/works/{work_id}/edges",
    status_code=201,
    response_model=EdgeOut,
    summary="Hang a work under another",
    **policy("edges.add"),
)
def add_edge(request: Request, work_id: str, body: EdgeIn, caller: Caller) -> Response:
    """Both yours. Blocks on what is above reach it from now on. A circle is 409 with the path."""
    new = NewEdge(body.parent, body.relation, body.announced_at)
    return act(request, caller, lambda tx: works.add_edge(tx, caller, work_id, new))


@router.post(
    "/v1/edges/{edge_id}/confirmation",
    response_model=EdgeOut,
    summary="Confirm where a work belongs",
    **policy("edges.answer"),
)
def confirm_edge(request: Request, edge_id: str, caller: Caller) -> Response:
    """By a union that sees the work, or to settle it, the office."""
    return act(request, caller, lambda tx: works.answer_edge(tx, caller, edge_id, "confirm"))


@router.post(
    "/v1/edges/{edge_id}/dispute",
    response_model=EdgeOut,
    summary="Dispute where a work belongs",
    **policy("edges.answer"),
)
def dispute_edge(request: Request, edge_id: str, caller: Caller) -> Response:
    """By a union that sees the work; answers that rest on it wait."""
    return act(request, caller, lambda tx: works.answer_edge(tx, caller, edge_id, "dispute"))


@router.post(
    "/v1/edges/{edge_id}/end",
    response_model=EndedEdgeOut,
    summary="Take a work from under another",
    **policy("edges.end"),
)
def end_edge(request: Request, edge_id: str, caller: Caller) -> Response:
    """From now on. Blocks that came by the edge stay until who issued them lets go."""
    return act(request, caller, lambda tx: works.end_edge(tx, caller, edge_id))
