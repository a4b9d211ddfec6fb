"""Standing instructions of a performer: always, ask me, never."""

from typing import Literal

from fastapi import Request, Response

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy
from app.api.models import In, Instant, Out, UseName
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.api.works import ContentTag
from app.registrar import instructions, objects
from app.registrar.instructions import NewInstruction
from app.store import rows

router = api_router("instructions")

Say = Literal["always", "ask_me", "never"]

_INSTRUCTION = {
    "id": "inst_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "say": "never",
    "use": "train_model",
    "tag": None,
    "starts_at": "2026-11-21T12:00:00.000000Z",
    "ends_at": None,
}


class InstructionIn(In):
    """What is said of all requests to come for a use, for content, or for both together."""

    model_config = example({"say": "never", "use": "train_model"})

    say: Say
    use: UseName | None = None
    tag: ContentTag | None = None


class InstructionOut(Out):
    """A standing instruction; it is never a consent."""

    model_config = example(_INSTRUCTION)

    id: str
    version: int
    performer_id: str
    say: Say
    use: str | None
    tag: str | None
    starts_at: Instant
    ends_at: Instant | None


class InstructionsOut(Out):
    """A page of standing instructions."""

    model_config = page_example(_INSTRUCTION)

    data: list[InstructionOut]
    next_cursor: str | None


@router.post(
    "/v1/performers/{performer_id}/instructions",
    status_code=201,
    response_model=InstructionOut,
    summary="Say something once for all requests",
    **policy("instructions.state"),
)
def state_instruction(
    request: Request, performer_id: str, body: InstructionIn, caller: Caller
) -> Response:
    """It replaces what was said of the same use and content; a `never` outlasts later consents."""
    new = NewInstruction(body.say, body.use, body.tag)
    return act(request, caller, lambda tx: instructions.state(tx, caller, performer_id, new))


@router.get(
    "/v1/performers/{performer_id}/instructions",
    response_model=InstructionsOut,
    summary="List standing instructions",
    **policy("instructions.list"),
)
def list_instructions(
    request: Request, performer_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """Those in force and those that ended; a studio is told of one where it asks about its use."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "performer", performer_id)
    found = rows.page(
        session, "instruction", before=page.before, limit=page.fetch, performer_id=row["id"]
    )
    return paged(request, page, [instructions.view(found_) for found_ in found])


@router.post(
    "/v1/instructions/{instruction_id}/end",
    response_model=InstructionOut,
    summary="Take a standing instruction back",
    **policy("instructions.end"),
)
def end_instruction(request: Request, instruction_id: str, caller: Caller) -> Response:
    """From now on; to take back a `never` takes who may sign."""
    return act(request, caller, lambda tx: instructions.end(tx, caller, instruction_id))
