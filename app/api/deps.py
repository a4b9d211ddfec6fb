"""What a module of the API is made with.

The pattern of a route::

    router = api_router("vetoes")

    @router.post("/v1/vetoes", status_code=201, response_model=VetoOut, **policy("vetoes.issue"))
    def issue_veto(request: Request, body: VetoIn, caller: Caller) -> Response:
        return act(request, caller, lambda tx: vetoes.issue(tx, caller, body))

Write routes are plain functions; their act runs in a thread and is committed before it is answered.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from sqlalchemy.orm import Session

from app.api import problems
from app.api.context import clock_override, registry
from app.api.exports import PRINTED
from app.api.guard import Guard, idempotency_key, if_match
from app.api.policies import POLICIES, Key, Policy
from app.api.routes import api_router, raw_body
from app.registrar import callers
from app.store import engine
from app.store.tx import IdempotencyClaim, Recorded, Refused, Tx

__all__ = [
    "Caller",
    "IfMatch",
    "Reads",
    "act",
    "api_router",
    "etag",
    "policy",
    "preview",
    "printing",
    "respond",
    "showing",
]


def policy(name: str) -> dict[str, Any]:
    """What a route takes to be under a policy: ``**policy("vetoes.issue")``.

    Raises:
        KeyError: there is no such policy in `app.api.policies`.
    """
    named = POLICIES[name]
    return {
        "dependencies": [Depends(Guard(name, named))],
        "responses": _responses(named),
        "openapi_extra": {
            "x-policy": name,
            "security": [] if named.public else [{"access_token": []}],
            "parameters": _header_parameters(named),
        },
    }


def showing(
    options: Mapping[str, Any], example: object, *, media: str = "application/json"
) -> dict[str, Any]:
    """What a route takes to show its answer in the contract where no model of it does."""
    kind = {"type": "string" if isinstance(example, str) else "object"}
    answer = {
        "description": "The answer.",
        "content": {media: {"schema": kind, "example": example}},
    }
    return {**options, "responses": {**options["responses"], 200: answer}}


def printing(options: Mapping[str, Any]) -> dict[str, Any]:
    """What a route takes to give its answer as a page or, where the extra is installed, a PDF."""
    text = {"type": "string"}
    printed = {
        PRINTED["html"]: {"schema": text, "example": '<!doctype html>\n<html lang="en">…'},
        PRINTED["pdf"]: {"schema": text, "example": "%PDF-1.7 …"},
    }
    answer = {"description": "The answer.", "content": printed}
    return {**options, "responses": {**options["responses"], **_NOT_INSTALLED, 200: answer}}


def _caller(request: Request) -> callers.Caller:
    caller = request.scope["state"].get("caller")
    if not isinstance(caller, callers.Caller):
        # Only a route with a public policy gets here; it must not ask for a caller.
        raise TypeError("a public route has no caller")
    return caller


async def _current_caller(request: Request) -> callers.Caller:
    return _caller(request)


def _read_session(request: Request) -> Iterator[Session]:
    with engine.reading(registry(request).store) as session:
        yield session


async def _versions(request: Request) -> frozenset[int]:
    return if_match(request)


# Who asks: verified, known, and let in by the route's policy.
Caller = Annotated[callers.Caller, Depends(_current_caller)]
# A session that only reads. Closed before the reply is sent; acts get theirs from `act`.
Reads = Annotated[Session, Depends(_read_session, scope="function")]
# The versions that If-Match names, for `app.registrar.problems.must_match`.
IfMatch = Annotated[frozenset[int], Depends(_versions)]


def act(
    request: Request,
    caller: callers.Caller,
    fn: Callable[[Tx], Recorded | Refused],
    *,
    key: Key = "optional",
) -> Response:
    """Run an act to its commit and give its answer; under the caller's Idempotency-Key, if any.

    Whether the key must be sent is the policy's to say; ``key="required"`` says it again.
    """
    return problems.response(
        engine.act(
            registry(request).store,
            fn,
            actor=caller,
            render=lambda answer: problems.rendered(request, answer),
            key=_claim(request, required=key == "required"),
            now=clock_override(request),
        )
    )


def preview(
    request: Request, caller: callers.Caller, fn: Callable[[Tx], Recorded | Refused]
) -> Response:
    """Run an act, undo it, and give the answer that it would have had; 200 if it would be done."""
    answer = engine.preview(registry(request).store, fn, actor=caller, now=clock_override(request))
    if isinstance(answer, Recorded):
        return respond(dict(answer.value))
    return problems.response(problems.rendered(request, answer))


def respond(
    value: Mapping[str, object], *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A reply in JSON."""
    return Response(
        problems.encode(value),
        status_code=status,
        media_type="application/json",
        headers=dict(headers or {}),
    )


def etag(version: int) -> str:
    """The ETag of a version, such as ``"v7"``."""
    return f'"v{version}"'


def _claim(request: Request, *, required: bool) -> IdempotencyClaim | None:
    # Under a policy without keys no answer is kept: it shows a secret, and shows it once.
    if request.scope["state"]["guarded_by"].policy.key == "none":
        return None
    key = idempotency_key(request, required=required)
    if key is None:
        return None
    path = request.scope["path"]
    sent = hashlib.sha256()
    for part in (request.method.encode(), path.encode(), request.scope["query_string"]):
        sent.update(part + b"\n")
    # What the caller binds to belongs to the request as much as its body.
    sent.update(request.headers.get("if-match", "").encode() + b"\n" + raw_body(request))
    return IdempotencyClaim(key=key, path=path, fingerprint=sent.hexdigest())


_PROBLEM_TEXT = {
    400: "The request cannot be read.",
    401: "No valid access token.",
    403: "The role may not, or the sign-in is not fresh.",
    404: "Unknown, or somebody else's.",
    409: "Right, but not now: refused with every reason, or something else is in the way.",
    412: "It changed since it was read.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Read, but wrong: every wrong field is named.",
    428: "If-Match is missing.",
    429: "Too often; Retry-After says when to go on.",
    503: "Busy or not ready; nothing was decided.",
}
_NOT_INSTALLED: Final = {
    501: {
        "description": "This server lacks an optional part.",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def _responses(named: Policy) -> dict[int | str, dict[str, Any]]:
    statuses = set(_PROBLEM_TEXT)
    if named.public:
        statuses -= {401, 403, 409, 412, 428}
    if not named.if_match:
        statuses -= {412, 428}
    if not named.limited:
        statuses -= {429}
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _PROBLEM_TEXT[status], "content": content}
        for status in sorted(statuses)
    }


def _header_parameters(named: Policy) -> list[dict[str, Any]]:
    found = []
    if named.key != "none":
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": named.key == "required",
                "description": "New for a new act; the same to send the same act again (7 days).",
                "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            }
        )
    if named.if_match:
        found.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": True,
                "description": "The ETag that was read.",
                "schema": {"type": "string", "pattern": '^"v[0-9]{1,9}"$'},
                "example": '"v1"',
            }
        )
    return found
