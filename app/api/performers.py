"""Performers: recording, inviting, claiming and vouching."""

from typing import Annotated, Literal

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from app.api.context import now, registry
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Name, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import HouseCode, KeptIfAbsent, example, page_example
from app.registrar import objects, performers, quotas
from app.registrar.performers import NewPerformer

router = api_router("performers")

# ISO 3166-1 or -2.
Place = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"), Field(examples=["US-IL"])
]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=100)]

_PERFORMER = {
    "id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "identity": "stated",
    "vouched_by": None,
    "vouched_at": None,
    "adult_from": "2026-11-21",
    "died_on": None,
    "alive_until": None,
    "claimed_at": None,
    "residence": "US-CA",
    "name": "Alex Moreno",
    "contact": "alex@performer.example",
    "contact_stated_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "contact_confirmed": False,
    "agent": None,
    "member_of": None,
    "refs": ["castid:4711"],
}
_NEW = {"name": "Alex Moreno", "contact": "alex@performer.example", "adult": True}


class PerformerIdsIn(In):
    """Public identifiers of the person."""

    hand: Identifier | None = Field(default=None, examples=["10.23/B77C-A6A1-D3E8-1E13-D6C7"])
    isni: Identifier | None = Field(default=None, examples=["0000 0001 2281 955X"])
    imdb: Identifier | None = Field(default=None, examples=["nm0000151"])


class PerformerIn(In):
    """A person as the caller states them; only `name` and `contact` must be given."""

    model_config = example(_NEW)

    name: Name
    contact: Name
    ref: HouseCode | None = None
    agent: Name | None = Field(default=None, description="How to reach the agent.")
    member_of: Id | None = Field(
        default=None, description="A union, as a hint: it gives no standing."
    )
    adult: bool | None = Field(default=None, description="`false` needs `birth_date`.")
    birth_date: Day | None = None
    adult_since: Day | None = Field(
        default=None, description="Of age at least since then; `adult` alone counts from yesterday."
    )
    residence: Place | None = None
    external_ids: PerformerIdsIn = PerformerIdsIn()


class PerformerChangeIn(In):
    """What changes; members that are left out stay."""

    model_config = example({"contact": "alex@new.example"})

    name: Annotated[Name | None, KeptIfAbsent] = None
    contact: Annotated[Name | None, KeptIfAbsent] = None
    agent: Annotated[Name | None, KeptIfAbsent] = None
    adult: Annotated[bool | None, KeptIfAbsent] = None
    birth_date: Annotated[Day | None, KeptIfAbsent] = None
    residence: Place | None = None
    reason: Words | None = Field(default=None, description="What a date of the office rests on.")


class ClaimIn(In):
    """The code of an invitation."""

    model_config = example({"code": "Zk3vQm7tR2xL9sWd"})

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class PerformerOut(Out):
    """A performer, as far as the caller may see them."""

    model_config = example(_PERFORMER)

    id: str
    version: int
    identity: Literal["stated", "contact_confirmed", "vouched"]
    vouched_by: str | None
    vouched_at: Instant | None
    adult_from: Day | None
    died_on: Day | None
    alive_until: Instant | None
    claimed_at: Instant | None
    residence: str | None
    name: str | None = None
    contact: str | None = None
    contact_stated_by: str | None = None
    contact_confirmed: bool | None = Field(
        default=None, description="The performer got a code there, and claimed with it."
    )
    agent: str | None = None
    member_of: str | None = None
    refs: list[str]


class PerformersOut(Out):
    """A page of performers."""

    model_config = page_example(_PERFORMER)

    data: list[PerformerOut]
    next_cursor: str | None


class ClaimOut(Out):
    """The record is the performer's own now."""

    model_config = example(
        {
            "performer": _PERFORMER["id"],
            "principal": "usr_01k9zq3v5rfm8t4cy2x7d6ahwg",
            "identity": "contact_confirmed",
            "claimed_at": "2026-11-21T12:00:00.000000Z",
            "log_index": 18,
        }
    )

    performer: str
    principal: str
    identity: str
    claimed_at: Instant
    log_index: int


@router.post(
    "/v1/performers",
    status_code=201,
    response_model=PerformerOut,
    summary="Put a performer on record",
    **policy("performers.record"),
)
def record_performer(request: Request, body: PerformerIn, caller: Caller) -> Response:
    """Ask for a match first: one person has one record. The record is unclaimed until claimed."""
    new = NewPerformer(
        name=body.name,
        contact=body.contact,
        ref=body.ref,
        agent=body.agent,
        member_of=body.member_of,
        adult=body.adult,
        birth_date=body.birth_date,
        adult_since=body.adult_since,
        residence=body.residence,
        external_ids=body.external_ids.model_dump(exclude_none=True),
    )
    return act(request, caller, lambda tx: performers.record(tx, caller, new))


@router.get(
    "/v1/performers",
    response_model=PerformersOut,
    summary="List performers",
    **policy("performers.list"),
)
def list_performers(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """Those whom the caller may see; with names only where they are the caller's own to list."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "performer", page.before, page.fetch)
    return paged(request, page, performers.lines(looking, found))


@router.get(
    "/v1/performers/{performer_id}",
    response_model=PerformerOut,
    summary="Read a performer",
    **policy("performers.read"),
)
def read_performer(request: Request, performer_id: str, caller: Caller, session: Reads) -> Response:
    """As far as the caller may see them."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "performer", performer_id)
    return respond(performers.view(looking, row), headers={"ETag": objects.etag_of(row)})


@router.patch(
    "/v1/performers/{performer_id}",
    response_model=PerformerOut,
    summary="Change a performer's record",
    **policy("performers.change"),
)
def change_performer(
    request: Request, performer_id: str, body: PerformerChangeIn, caller: Caller, read: IfMatch
) -> Response:
    """The studio that recorded them, until they claim it; then they themselves."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return act(
        request, caller, lambda tx: performers.change(tx, caller, performer_id, changes, read)
    )


@router.post(
    "/v1/performers/{performer_id}/claim",
    response_model=ClaimOut,
    summary="Claim one's own record",
    **policy("performers.claim"),
)
def claim_performer(request: Request, performer_id: str, body: ClaimIn, caller: Caller) -> Response:
    """The code is the credential; the sign-in that is sent with it is bound to the record.

    Only a demo or a test may send none: nobody else could come back to the record.
    """
    # Who sends no sign-in is known by where they call from.
    where = request.client.host if request.client else ""
    who = f"{caller.issuer} {caller.subject}" if caller.subject else where
    with quotas.failures(registry(request).store, quotas.CLAIM, who, now(request)):
        return act(
            request, caller, lambda tx: performers.claim(tx, caller, performer_id, body.code)
        )


@router.post(
    "/v1/performers/{performer_id}/vouch",
    response_model=PerformerOut,
    summary="Vouch for a performer's identity",
    **policy("performers.vouch"),
)
def vouch_performer(request: Request, performer_id: str, caller: Caller) -> Response:
    """By the office, a union that speaks for the person, or their agent of record, once claimed."""
    return act(request, caller, lambda tx: performers.vouch(tx, caller, performer_id))
