"""Invitations: sent to a person, opened by them, and never seen by a studio."""

from typing import Any, Final, Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.context import now, registry
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Id, In, Instant, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import callers, invitations, objects, quotas
from app.registrar.invitations import NewInvitation

router = api_router("performers")

Way = Literal["mail", "text", "hand"]

_PERFORMER = "perf_01k9zq3v5rfm8t4cy2x7d6ahwe"
_ID = "inv_01k9zq3v5rfm8t4cy2x7d6ahwe"
_UNTIL = "2026-12-05T12:00:00.000000Z"
_DELIVERY: dict[str, Any] = {
    "id": "dlv_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 3,
    "kind": "link",
    "way": "mail",
    "state": "sent",
    "tries": 1,
    "tried_at": "2026-11-21T12:00:04.000000Z",
    "done_at": "2026-11-21T12:00:05.000000Z",
    "failure": None,
}
_INVITATION: dict[str, Any] = {
    "id": _ID,
    "version": 2,
    "performer_id": _PERFORMER,
    "made_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "way": "mail",
    "grant_id": None,
    "expires_at": _UNTIL,
    "openings": 1,
    "opened_at": "2026-11-21T14:30:00.000000Z",
    "used_at": None,
    "deliveries": [_DELIVERY],
}
_LOOK: dict[str, Any] = {"performer": _PERFORMER, "code_sent_by": "mail", "expires_at": _UNTIL}
# As from the office that wants nothing but to invite.
_BY_HAND: Final = NewInvitation()


class InvitationIn(In):
    """How a person is told; without a body, by hand."""

    model_config = example({"way": "mail", "grant": "grant_01k9zq3v5rfm8t4cy2x7d6ahwe"})

    way: Way = Field(
        default="hand",
        description="`mail` is sent by this registry; `text` and `hand` are words to copy: no "
        "text messages are sent from here.",
    )
    grant: Id | None = Field(
        default=None, description="The link lives until its answer date; else for 14 days."
    )


class InvitationOut(Out):
    """An invitation; link and code are shown only to the office or union that invites by hand."""

    model_config = example(
        {
            "id": _ID,
            "performer": _PERFORMER,
            "way": "hand",
            "expires_at": _UNTIL,
            "link": f"https://registry.example/v1/invitations/{_ID}.Zk3v…",
            "code": "Zk3v…",
            "code_expires_at": "2026-11-21T13:00:00.000000Z",
            "claim": f"/v1/performers/{_PERFORMER}/claim",
            "log_index": 17,
        }
    )

    id: str
    performer: str
    way: Way
    expires_at: Instant
    link: str | None = None
    code: str | None = None
    code_expires_at: Instant | None = None
    claim: str | None = None
    log_index: int


class DeliveryOut(Out):
    """What became of one message; `sent` means that a mail server took it."""

    id: str
    version: int
    kind: Literal["link", "code"]
    way: Way
    state: Literal["waiting", "sent", "failed", "handed"]
    tries: int
    tried_at: Instant | None
    done_at: Instant | None
    failure: str | None


class InvitationRowOut(Out):
    """An invitation on record."""

    model_config = example(_INVITATION)

    id: str
    version: int
    performer_id: str
    made_by: str
    way: Way
    grant_id: str | None
    expires_at: Instant
    openings: int
    opened_at: Instant | None
    used_at: Instant | None
    deliveries: list[DeliveryOut]


class InvitationsOut(Out):
    """A page of invitations."""

    model_config = page_example(_INVITATION)

    data: list[InvitationRowOut]
    next_cursor: str | None


class LinkOut(Out):
    """What a link leads to."""

    model_config = example(_LOOK)

    performer: str
    code_sent_by: Way
    expires_at: Instant


class OpenedOut(LinkOut):
    """A fresh code is on its way to where the link was sent; it is not in this answer."""

    model_config = example(
        _LOOK
        | {
            "claim": f"/v1/performers/{_PERFORMER}/claim",
            "code_expires_at": "2026-11-21T15:30:00.000000Z",
            "log_index": 18,
        }
    )

    claim: str
    code_expires_at: Instant
    log_index: int


@router.post(
    "/v1/performers/{performer_id}/invitation",
    status_code=201,
    response_model=InvitationOut,
    summary="Invite a performer to claim their record",
    **policy("performers.invite"),
)
def invite_performer(
    request: Request, performer_id: str, caller: Caller, body: InvitationIn | None = None
) -> Response:
    """By the office or a union; or by a studio, which is told neither link nor code."""
    held = registry(request)
    new = NewInvitation(body.way, body.grant) if body else _BY_HAND
    quotas.spend(held.store, quotas.INVITE, performer_id, now(request))
    return act(
        request,
        caller,
        lambda tx: invitations.invite(tx, caller, performer_id, new, held.post),
    )


@router.get(
    "/v1/performers/{performer_id}/invitation",
    response_model=InvitationsOut,
    summary="List the invitations of a performer, with what became of each message",
    **policy("invitations.list"),
)
def list_invitations(
    request: Request, performer_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """Sent, given up, opened, used: on record, without a word of what they said."""
    looking = objects.eyes(session, caller, now(request).date())
    found = invitations.page(looking, performer_id, before=page.before, limit=page.fetch)
    return paged(request, page, found)


@router.get(
    "/v1/invitations/{link}",
    response_model=LinkOut,
    summary="See what a link leads to",
    **policy("invitations.open"),
)
def look_at_invitation(request: Request, link: str, session: Reads) -> Response:
    """Changes nothing: whoever looks at links before a person does opens none of them."""
    invitation_id = registry(request).post.invitation_of(link)
    return respond(invitations.look(session, invitation_id, now(request)))


@router.post(
    "/v1/invitations/{link}",
    response_model=OpenedOut,
    summary="Open an invitation: a fresh code goes to where the link was sent",
    **policy("invitations.open"),
)
def open_invitation(request: Request, link: str) -> Response:
    """The code before is good no longer. By hand: the office or union that invited has the code."""
    held = registry(request)
    invitation_id = held.post.invitation_of(link)
    quotas.spend(held.store, quotas.OPEN, invitation_id, now(request))
    return act(
        request,
        callers.Caller("", callers.NEWCOMER),
        lambda tx: invitations.open_(tx, invitation_id, held.post),
    )
