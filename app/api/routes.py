"""How every route of the API reads its request: one class of route, one reading of the body.

Order: query, guard, body, endpoint, record of a read. Nobody's body is read before the caller is
known to be let in.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from email.message import Message
from http import HTTPStatus
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response, params
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from app.api import exports, reads
from app.api.guard import Guard
from app.registrar.callers import Caller
from app.registrar.problems import FieldError, not_found, problem
from app.rules.decoding import UndecodableError, decode

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

# Larger bodies are decoded in a thread, so that they hold up nobody else.
_LARGE: Final = 64 * 1024
_BODY_SECONDS: Final = 30
_MAX_PARAMETERS: Final = 64


class ReadRequest(Request):
    """A request whose body was read and decoded already."""

    def __init__(self, request: Request, raw: bytes, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = value

    async def body(self) -> bytes:
        """The bytes as they came."""
        return self._raw

    async def json(self) -> Any:  # noqa: ANN401 - as the framework has it
        """What `app.rules.decoding` made of them."""
        return self._value


class RegistryRoute(APIRoute):
    """The one class of route. A class, because that is where the framework lets a route read."""

    @property
    def guard(self) -> Guard | None:
        """What the route's policy put on it; without one the start stops."""
        guards = [d.dependency for d in self.dependencies if isinstance(d.dependency, Guard)]
        return guards[0] if len(guards) == 1 else None

    def get_route_handler(self) -> Handler:
        """Read the request by our rules, then hand it to the framework."""
        inner = super().get_route_handler()
        single, several = _query_names(self)
        guard = self.guard
        takes_body = self.body_field is not None
        needs_body = self.body_field is not None and self.body_field.field_info.is_required()

        async def handle(request: Request) -> Response:
            if guard is None:
                raise RuntimeError(f"{self.path} has no policy")
            _check_path(request)
            _check_query(request, single, several)
            await guard(request)
            if request.method == "GET":
                return exports.rendered(request, await _noted(request, await inner(request)))
            raw = await _read(request, guard.policy.max_body)
            request.scope["state"]["raw_body"] = raw
            if guard.policy.body == "form":
                return await inner(ReadRequest(request, raw, None))
            value = await _decoded(request, raw, takes=takes_body, needs=needs_body)
            return await inner(ReadRequest(request, raw, value))

        return handle


def api_router(tag: str) -> APIRouter:
    """The router that every module of the API makes its routes on."""
    return APIRouter(route_class=RegistryRoute, tags=[tag])


def raw_body(request: Request) -> bytes:
    """The body as it came; empty for a request that has none."""
    raw = request.scope["state"].get("raw_body", b"")
    assert isinstance(raw, bytes)  # noqa: S101 - set above
    return raw


async def _noted(request: Request, reply: Response) -> Response:
    caller = request.scope["state"].get("caller")
    is_read = reply.status_code == HTTPStatus.OK and reply.media_type == "application/json"
    if isinstance(caller, Caller) and is_read and reads.is_kept(request, caller, reply):
        await reads.record(request, caller, reply)
    return reply


def _check_path(request: Request) -> None:
    # U+FFFD is what is left of bytes that were not UTF-8. No id holds either.
    if any(mark in request.scope["path"] for mark in ("\x00", "\ufffd")):
        raise not_found()


def _check_query(request: Request, single: Collection[str], several: Collection[str]) -> None:
    raw = request.scope.get("query_string", b"")
    if not raw:
        return
    try:
        text = raw.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except ValueError:
        raise problem("malformed-request", "The query string cannot be read.") from None
    names = [name for name, _ in pairs]
    errors = [
        *(
            FieldError(f"?{name[:64]}", "unknown-parameter", f"known: {_listed(single, several)}")
            for name in dict.fromkeys(names)
            if name not in single and name not in several
        ),
        *(
            FieldError(f"?{name}", "repeated-parameter", "give it once")
            for name in single
            if names.count(name) > 1
        ),
        *(
            FieldError(f"?{name[:64]}", "unstorable-text", "U+0000 is not allowed")
            for name, value in pairs
            if "\x00" in value
        ),
    ]
    if errors:
        raise problem("malformed-request", "The query string is not one for this list.", *errors)


def _listed(single: Collection[str], several: Collection[str]) -> str:
    return ", ".join(sorted([*single, *several])) or "none"


def _query_names(route: APIRoute) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the query parameters that are given once, and of those given several times."""
    single: set[str] = set()
    several: set[str] = set()
    for parameter in get_flat_params(route.dependant):
        if isinstance(parameter.field_info, params.Query):
            into = several if _is_list(parameter.field_info.annotation) else single
            into.add(parameter.alias)
    return frozenset(single), frozenset(several)


def _is_list(annotation: object) -> bool:
    if get_origin(annotation) in {Union, UnionType}:
        return any(_is_list(member) for member in get_args(annotation))
    return get_origin(annotation) in {list, set, tuple}


async def _read(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared[:20]) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                chunks.append(chunk)
    except TimeoutError:
        raise problem(
            "timeout",
            f"The body took longer than {_BODY_SECONDS} s.",
            headers={"Connection": "close"},
        ) from None
    return b"".join(chunks)


def _too_large(limit: int) -> Exception:
    # The rest of the body is not read, so the connection cannot serve another request.
    return problem(
        "payload-too-large",
        f"A body here has at most {limit} bytes.",
        headers={"Connection": "close"},
    )


async def _decoded(request: Request, raw: bytes, *, takes: bool, needs: bool) -> object:
    if not raw:
        if needs:
            raise problem("malformed-json", "This needs a JSON body, and there is none.")
        return None
    _check_content_type(request)
    try:
        value = await run_in_threadpool(decode, raw) if len(raw) > _LARGE else decode(raw)
    except UndecodableError as error:
        field = FieldError(error.pointer, error.code, error.detail)
        raise problem(
            "malformed-json", f"The body cannot be read: {error.detail}.", field
        ) from None
    if not takes and value != {}:
        raise problem("validation-failed", "This takes no body. Nothing was recorded.")
    return value


def _check_content_type(request: Request) -> None:
    sent = request.headers.getlist("content-type")
    parsed = Message()
    parsed["content-type"] = sent[0] if len(sent) == 1 else ""
    charset = parsed.get_content_charset("utf-8")
    if parsed.get_content_type() != "application/json" or charset.lower() not in {"utf-8", "utf8"}:
        raise problem("unsupported-media-type", "Send `Content-Type: application/json` in UTF-8.")
