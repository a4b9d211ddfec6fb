"""Capture sessions: the planned making of a replica."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, respond
from app.api.models import Id, In, Instant, Out, Words
from app.api.pagination import Page, paged
from app.api.performers import Place
from app.api.shapes import HouseCode, KeptIfAbsent, example, page_example
from app.registrar import captures, objects
from app.registrar.captures import NewSession

router = api_router("capture-sessions")

Kind = Literal["scan", "photogrammetry", "voice", "motion", "set_photography"]
Biometric = Literal["face", "voice", "body", "fingerprint", "palm_print", "iris_scan"]
Purpose = Literal["picture", "set_security", "other"]

_SESSION = {
    "id": "sess_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "engagement_id": "eng_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "kind": "scan",
    "state": "planned",
    "notice_sent_at": "2026-11-18T09:00:00.000000Z",
    "business_reason": "Aerial stunts that nobody can do safely.",
    "starts_at": "2026-11-21T09:00:00.000000Z",
    "ends_at": None,
    "same_day_as_work": False,
    "half_day_for_performer": False,
    "place": "US-CA",
    "biometric_kinds": ["face"],
    "biometric_purpose": "picture",
}


class CaptureSessionIn(In):
    """A plan. This request is the notice to the performer unless `send_notice` is false."""

    model_config = example(
        {
            "engagement": _SESSION["engagement_id"],
            "kind": "scan",
            "starts_at": "2026-11-21T09:00:00Z",
            "business_reason": _SESSION["business_reason"],
        }
    )

    engagement: Id
    kind: Kind = "scan"
    starts_at: Instant
    ends_at: Instant | None = None
    send_notice: bool = Field(
        default=True, description="A notice counts from now; it cannot be dated back."
    )
    business_reason: Words | None = None
    same_day_as_work: bool = False
    half_day_for_performer: bool = False
    place: Place | None = None
    biometric_kinds: list[Biometric] = Field(default=[], max_length=6)
    biometric_purpose: Purpose | None = None
    ref: HouseCode | None = None


class CaptureSessionChangeIn(In):
    """What changes; members that are left out stay."""

    model_config = example({"starts_at": "2026-11-24T09:00:00Z"})

    starts_at: Annotated[Instant | None, KeptIfAbsent] = None
    ends_at: Instant | None = None
    send_notice: bool | None = Field(default=None, description="Sends it now if none was sent.")
    business_reason: Words | None = None
    same_day_as_work: Annotated[bool | None, KeptIfAbsent] = None
    half_day_for_performer: Annotated[bool | None, KeptIfAbsent] = None
    place: Place | None = None
    biometric_kinds: Annotated[list[Biometric] | None, KeptIfAbsent] = Field(
        default=None, max_length=6
    )
    biometric_purpose: Purpose | None = None


class CaptureSessionOut(Out):
    """A capture session."""

    model_config = example(_SESSION)

    id: str
    version: int
    engagement_id: str
    performer_id: str
    work_id: str
    kind: Kind
    state: Literal["planned", "cancelled"]
    notice_sent_at: Instant | None
    business_reason: str | None
    starts_at: Instant
    ends_at: Instant | None
    same_day_as_work: bool
    half_day_for_performer: bool
    place: str | None
    biometric_kinds: list[str]
    biometric_purpose: str | None


class PlannedSessionOut(CaptureSessionOut):
    """A capture session, and what keeps it from being held as it is planned."""

    model_config = example({**_SESSION, "missing": []})

    missing: list[dict[str, Any]]


class CaptureSessionsOut(Out):
    """A page of capture sessions."""

    model_config = page_example(_SESSION)

    data: list[CaptureSessionOut]
    next_cursor: str | None


@router.post(
    "/v1/capture-sessions",
    status_code=201,
    response_model=PlannedSessionOut,
    summary="Plan a capture session",
    **policy("capture_sessions.plan"),
)
def plan_session(request: Request, body: CaptureSessionIn, caller: Caller) -> Response:
    """Gives the performer notice. Whether the replica may be made is decided when it is."""
    new = NewSession(
        engagement=body.engagement,
        kind=body.kind,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        send_notice=body.send_notice,
        business_reason=body.business_reason,
        same_day_as_work=body.same_day_as_work,
        half_day_for_performer=body.half_day_for_performer,
        place=body.place,
        biometric_kinds=tuple(body.biometric_kinds),
        biometric_purpose=body.biometric_purpose,
        ref=body.ref,
    )
    return act(request, caller, lambda tx: captures.plan(tx, caller, new))


@router.get(
    "/v1/capture-sessions",
    response_model=CaptureSessionsOut,
    summary="List capture sessions",
    **policy("capture_sessions.list"),
)
def list_sessions(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    engagement: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Those that the caller may see."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(
        looking, "capture_session", page.before, page.fetch, engagement_id=engagement
    )
    return paged(request, page, [captures.view(row) for row in found])


@router.get(
    "/v1/capture-sessions/{session_id}",
    response_model=CaptureSessionOut,
    summary="Read a capture session",
    **policy("capture_sessions.read"),
)
def read_session(request: Request, session_id: str, caller: Caller, session: Reads) -> Response:
    """As it is planned now."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "capture_session", session_id)
    value = {**captures.view(row), "refs": objects.codes_of(looking, row["id"])}
    return respond(value, headers={"ETag": objects.etag_of(row)})


@router.patch(
    "/v1/capture-sessions/{session_id}",
    response_model=PlannedSessionOut,
    summary="Change a planned session",
    **policy("capture_sessions.change"),
)
def change_session(
    request: Request,
    session_id: str,
    body: CaptureSessionChangeIn,
    caller: Caller,
    read: IfMatch,
) -> Response:
    """The notice that was sent stays where it is in time."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return act(request, caller, lambda tx: captures.change(tx, caller, session_id, changes, read))


@router.post(
    "/v1/capture-sessions/{session_id}/cancellation",
    response_model=CaptureSessionOut,
    summary="Call a session off",
    **policy("capture_sessions.cancel"),
)
def cancel_session(request: Request, session_id: str, caller: Caller) -> Response:
    """Only while it is planned."""
    return act(request, caller, lambda tx: captures.cancel(tx, caller, session_id))
