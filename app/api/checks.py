"""Checks: may this use go ahead, and what is owed? Asked and answered, never remembered."""

import asyncio
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Request, Response
from pydantic import Field, ValidationError

from app.api import problems
from app.api.context import clock_override, now, registry
from app.api.deps import Caller, Reads, api_router, policy, respond
from app.api.models import Id, In, Instant, Out
from app.api.pagination import Page, paged
from app.api.questions import QuestionIn
from app.api.shapes import DECISION, example
from app.registrar import answers, checks, objects, replays, sweep
from app.registrar.checks import Answer, Desk
from app.registrar.questions import Question
from app.store.tx import Problem

router = api_router("checks")

_AT = "2026-11-21T12:00:00.000000Z"
_CHECK = {
    "performer": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "use": "stunt",
}
_ANSWER: dict[str, Any] = {
    "check_id": "check_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "asked_at": _AT,
    "as_of": _AT,
    "known_at": None,
    "log_index": 61,
    "engine": "0.1.0+3f2a9c41b7de",
    "decision": DECISION,
}
_REPLAY: dict[str, Any] = {
    "check_id": _ANSWER["check_id"],
    "asked_at": _AT,
    "as_of": _AT,
    "log_index": 61,
    "verdict": "agrees",
    "sentence": "Agrees: asked again of what was on record at entry 61, under the packs of that "
    "time, the answer is the same to the byte.",
    "differences": [],
    "engine": {"then": "0.1.0+3f2a9c41b7de", "now": "0.1.0+3f2a9c41b7de"},
    "packs_in_use": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    "decision": DECISION,
}
_MAX_BATCH: Final = 1000
# So many checks are answered before other requests get their turn.
_TURN: Final = 64
_TIMES: Final = frozenset({"as_of", "known_at", "at_least"})
Index = Annotated[int, Field(ge=0, le=2**53 - 1)]


class CheckIn(QuestionIn):
    """A question; `performer`, `work` and `use` are enough."""

    model_config = example(_CHECK)

    use_id: Id | None = Field(default=None, description="A registered use that is asked about.")
    supported_obligations: list[Annotated[str, Field(max_length=64)]] | None = Field(
        default=None, max_length=64
    )
    as_of: Instant | None = Field(default=None, description="The instant asked about; else now.")
    known_at: Index | Instant | None = Field(
        default=None,
        description="An index of the log, or an instant before that of its last entry: "
        "as was on record then.",
    )
    at_least: Index | None = Field(
        default=None, description="Never answer from before this entry of the log."
    )

    def question(self) -> Question:
        """What the registrar is asked."""
        return Question(
            self.members(leaving_out=_TIMES),
            as_of=self.as_of,
            known_at=self.known_at,
            at_least=self.at_least,
        )


class BatchIn(In):
    """Up to 1,000 questions; one that is wrong costs only its own answer."""

    model_config = example({"items": [_CHECK], "all_or_nothing": True})

    items: list[Any] = Field(min_length=1, max_length=_MAX_BATCH)
    all_or_nothing: bool = Field(default=False, description="Adds the worst outcome of all.")


class CheckOut(Out):
    """The answer, right as of entry `log_index`."""

    model_config = example(_ANSWER)

    check_id: str
    asked_at: Instant
    as_of: Instant
    known_at: int | None
    log_index: int
    engine: str = Field(description="The exact code that decided.")
    decision: dict[str, Any]


class ReplayOut(Out):
    """Whether an answer comes out the same today, from what was on record then."""

    model_config = example(_REPLAY)

    check_id: str
    asked_at: Instant
    as_of: Instant
    log_index: int
    verdict: Literal["agrees", "differs"]
    sentence: str
    differences: list[dict[str, Any]]
    engine: dict[str, str]
    packs_in_use: list[str]
    decision: dict[str, Any] | None = Field(
        description="As decided today; null where this engine cannot read the packs of then."
    )


class BatchOut(Out):
    """The answers in the order of the questions; `{"error": problem}` where one was wrong."""

    model_config = example({"items": [_ANSWER], "worst": "allow_with_obligations"})

    items: list[dict[str, Any]]


class ChecksOut(Out):
    """A page of answers."""

    model_config = example({"data": [_ANSWER], "next_cursor": None})

    data: list[CheckOut]
    next_cursor: str | None


@router.post(
    "/v1/checks",
    response_model=CheckOut,
    summary="Ask whether a use may go ahead",
    **policy("checks.ask"),
)
async def ask(request: Request, body: CheckIn, caller: Caller) -> Response:
    """200 for every answer, also for a no; the question is on record before it is answered."""
    answer = await checks.ask(_desk(request), caller, body.question())
    return Response(answer.body, media_type="application/json")


@router.post(
    "/v1/checks/batch",
    response_model=BatchOut,
    summary="Ask many questions at once",
    **policy("checks.batch"),
)
async def ask_many(request: Request, body: BatchIn, caller: Caller) -> Response:
    """Each item is answered as if it had been asked alone."""
    desk = _desk(request)
    answers_: list[Answer | Problem] = []
    for start in range(0, len(body.items), _TURN):
        turn = body.items[start : start + _TURN]
        answers_ += await asyncio.gather(*(_one(desk, caller, item) for item in turn))
        await asyncio.sleep(0)
    value: dict[str, Any] = {"items": [_item(request, answer) for answer in answers_]}
    if body.all_or_nothing:
        outcomes = [a.outcome if isinstance(a, Answer) else "error" for a in answers_]
        value["worst"] = checks.worst(outcomes)
    return Response(problems.encode(value), media_type="application/json")


@router.get("/v1/checks", response_model=ChecksOut, summary="List checks", **policy("checks.list"))
def list_checks(request: Request, caller: Caller, session: Reads, page: Page) -> Response:
    """The caller's own questions, or those about a performer; newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    found = answers.page(looking, before=page.before, limit=page.fetch)
    return paged(request, page, found, by="check_id")


@router.get(
    "/v1/checks/{check_id}",
    response_model=CheckOut,
    summary="Read an answer again",
    **policy("checks.read"),
)
def read_check(request: Request, check_id: str, caller: Caller, session: Reads) -> Response:
    """The bytes that were given then."""
    looking = objects.eyes(session, caller, now(request).date())
    return Response(answers.body_of(looking, check_id), media_type="application/json")


@router.get(
    "/v1/checks/{check_id}/replay",
    response_model=ReplayOut,
    summary="Decide a question again",
    **policy("checks.replay"),
)
def replay_check(request: Request, check_id: str, caller: Caller, session: Reads) -> Response:
    """From what was on record then, under the packs of then: the same answer, or why not."""
    looking = objects.eyes(session, caller, now(request).date())
    return respond(replays.replay(looking, check_id))


def _desk(request: Request) -> Desk:
    held = registry(request)
    return Desk(
        held.reader,
        held.asks,
        sweep.packs_of(held.store),
        clock_override(request),
        held.past_packs,
    )


async def _one(desk: Desk, caller: Caller, item: object) -> Answer | Problem:
    try:
        question = CheckIn.model_validate(item).question()
        return await checks.ask(desk, caller, question)
    except ValidationError as error:
        return problems.wrong_item(error, item, "This item is wrong. Nothing was recorded of it.")
    except Problem as raised:
        return raised


def _item(request: Request, answer: Answer | Problem) -> object:
    if isinstance(answer, Answer):
        return msgspec.Raw(answer.body)
    return {"error": problems.document(request, answer)}
