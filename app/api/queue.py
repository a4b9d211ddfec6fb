"""A union's queue: cases in groups of equal terms, answered as a group."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.api.vetoes import GroundsIn, ScopeIn
from app.registrar import objects, queue
from app.registrar.queue import Answer
from app.rules.facts import VetoScope
from app.rules.vetoes import Request as VetoRequest

router = api_router("queue")

State = Literal[
    "waiting",
    "nobody_looked",
    "no_objection",
    "asked",
    "vetoed",
    "approved",
    "refused",
    "over",
]
About = Literal["grant", "use", "transfer"]
Stage = Literal["proposed", "signed", "registered", "submitted"]
Pay = Literal["above", "below", "unknown"]
Key = Annotated[str | None, Query(max_length=64)]
_UPTO = Field(ge=0, le=2**53 - 1, description="The entry of the log as of which it was read.")

_AT = "2026-11-21T12:00:00.000000Z"
_WORK = "work_01k9zq3v5rfm8t4cy2x7d6ahwe"
_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ZERO = (
    "On 5 December 2026, 12:00 UTC the performer's time to answer ends: their silence is a no. If"
    " the union says nothing until then, they can sign all the same, and the record says that"
    " nobody looked."
)
_SHARED: dict[str, Any] = {
    "about": "grant",
    "stage": "proposed",
    "studio": {"id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf", "name": "Northlight Pictures"},
    "works": [{"id": _WORK, "title": "NOVA"}],
    "scope": {"mode": "single_work", "works": [_WORK], "uses": ["crowd"]},
    "description": {"text": "a market square", "tags": None, "character": None, "scenes": None},
    "pay": "below",
    "why": ["crowds below the floor"],
}
_GROUP = {
    "group": _KEY,
    "state": "waiting",
    "count": 400,
    "first_due_at": "2026-12-05T12:00:00.000000Z",
    "at_zero": _ZERO,
    "latest": "case_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "upto": 812,
    **_SHARED,
}
_CASE = {
    "id": "case_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "about_id": "grant_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "studio_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "entered_at": _AT,
    "due_at": "2026-12-05T12:00:00.000000Z",
    "answered_at": None,
    "answered_by": None,
    "veto_id": None,
    **_SHARED,
    "group": _KEY,
    "state": "waiting",
    "says": "Nobody has looked yet. That is not the same as no objection.",
    "at_zero": _ZERO,
    "words": None,
}


class NamedOut(Out):
    """A record by its id and what it is called."""

    id: str
    name: str


class TitledOut(Out):
    """A work by its id and title."""

    id: str
    title: str


class SharedOut(Out):
    """What equal cases have in common. Pay is told against the minimum, never as an amount."""

    about: About
    stage: Stage
    studio: NamedOut
    works: list[TitledOut]
    scope: dict[str, Any]
    description: dict[str, Any]
    pay: Pay
    why: list[str] = Field(description="The names of the flag rules that it meets.")
    at_zero: str = Field(description="What happens when the clock ends.")


class GroupOut(SharedOut):
    """A group of equal cases."""

    model_config = example(_GROUP)

    group: str
    state: State
    count: int
    first_due_at: Instant | None
    latest: str
    upto: int


class GroupsOut(Out):
    """A page of groups."""

    model_config = page_example(_GROUP)

    data: list[GroupOut]
    next_cursor: str | None


class CaseOut(SharedOut):
    """One thing in a union's queue."""

    model_config = example(_CASE)

    id: str
    version: int
    about_id: str
    performer_id: str | None
    studio_id: str
    group: str
    state: State
    says: str
    entered_at: Instant
    due_at: Instant | None
    answered_at: Instant | None
    answered_by: str | None
    veto_id: str | None
    words: str | None


class CasesOut(Out):
    """A page of cases."""

    model_config = page_example(_CASE)

    data: list[CaseOut]
    next_cursor: str | None


class AnswerIn(In):
    """For every case of the group that was there when it was read."""

    model_config = example({"answer": "asked", "words": "Who else is in the scene?", "upto": 812})

    answer: Literal["no_objection", "asked"]
    words: Words | None = Field(default=None, description="A question needs it.")
    upto: int = _UPTO


class GroupVetoIn(GroundsIn):
    """A veto from the queue. A scope left out is what the group asks for."""

    model_config = example(
        {
            "kind": "grievance",
            "basis": "article 12",
            "authority": "resolution 12 of the board",
            "reason": "Fewer people were hired than the contract asks for.",
            "upto": 812,
        }
    )

    scope: ScopeIn | None = None
    upto: int = _UPTO

    def value(self) -> VetoRequest:
        """What the registrar is asked for."""
        return self.over(VetoScope() if self.scope is None else self.scope.value())


class AnsweredOut(Out):
    """How many cases were answered; of a veto, the veto."""

    model_config = example(
        {"answer": "no_objection", "answered": 400, "answered_at": _AT, "log_index": 813}
    )

    answer: Literal["no_objection", "asked", "vetoed"]
    answered: int
    answered_at: Instant
    veto: dict[str, Any] | None = None
    log_index: int


@router.get("/v1/queue", response_model=GroupsOut, summary="Read the queue", **policy("queue.read"))
def read_queue(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    state: Annotated[State, Query()] = "waiting",
) -> Response:
    """Groups of equal terms: same studio, description, scope and level of pay."""
    found = queue.groups(session, caller, state, now(request), (page.before, page.fetch))
    return paged(request, page, found, by="latest")


@router.post(
    "/v1/queue/{group}/answer",
    response_model=AnsweredOut,
    summary="Answer a group",
    **policy("queue.answer"),
)
def answer_group(request: Request, group: str, body: AnswerIn, caller: Caller) -> Response:
    """It changes the answer to no check. Cases that came later stay open."""
    said = Answer(body.answer, body.upto, body.words)
    return act(request, caller, lambda tx: queue.answer(tx, caller, group, said))


@router.post(
    "/v1/queue/{group}/veto",
    status_code=201,
    response_model=AnsweredOut,
    summary="Veto what a group asks for",
    **policy("queue.veto"),
)
def veto_group(request: Request, group: str, body: GroupVetoIn, caller: Caller) -> Response:
    """Issues the veto and answers the cases with it, in one act."""
    asked = body.value()
    return act(request, caller, lambda tx: queue.veto(tx, caller, group, asked, body.upto))


@router.get("/v1/cases", response_model=CasesOut, summary="List cases", **policy("cases.list"))
def list_cases(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    group: Key = None,
    about: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Each with the union's answer, or that nobody looked; newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(
        looking, "union_case", page.before, page.fetch, group_key=group, about_id=about
    )
    return paged(request, page, queue.views(session, found, now(request)))


@router.get(
    "/v1/cases/{case_id}", response_model=CaseOut, summary="Read a case", **policy("cases.read")
)
def read_case(request: Request, case_id: str, caller: Caller, session: Reads) -> Response:
    """With what it says and what happens when its clock ends."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "union_case", case_id)
    (view,) = queue.views(session, [row], now(request))
    return respond(view, headers={"ETag": objects.etag_of(row)})
