"""Whatever a client sends to whatever route, it is told what was wrong with it: never a 500."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from app.api.guard import Guard
from app.api.routes import RegistryRoute
from app.main import contract
from app.registrar.callers import NEWCOMER
from app.store import ids
from tests.access.conftest import Served
from tests.access.world import World, build
from tests.support.client import Client

KINDS = {
    "performer_id": "perf",
    "work_id": "work",
    "organization_id": "org",
    "edge_id": "edge",
    "grant_id": "grant",
    "veto_id": "veto",
    "use_id": "use",
}
UNREADABLE = {
    "NaN": b'{"performer":NaN}',
    "a lone surrogate": b'{"performer":"\\ud800"}',
    "U+0000": b'{"performer":"\\u0000"}',
    "a huge integer": b'{"performer":' + b"9" * 400 + b"}",
    "2^53": b'{"performer":9007199254740992}',
    "a huge exponent": b'{"performer":1e400}',
    "depth 40": b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
    "depth 100,000": b"[" * 100_000 + b"]" * 100_000,
    "a name twice": b'{"performer":"a","performer":"b"}',
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "text": b"{}",
}
# What every field of a body is given at once, and what each is given alone: the latter have the
# right type, so that they get past the models.
STRANGE: tuple[Any, ...] = (
    None,
    True,
    2**53 - 1,
    1.5,
    "",
    "x" * 100_000,
    "\u202etxt",
    "0001-01-01",
    [],
    {},
    [[None]],
    ["x"] * 1001,
    {"amount": "999999999999.999", "currency": "XXX"},
)
PLAUSIBLE: tuple[str, ...] = (
    "work_" + "0" * 26,
    "ref:house:'OR 1=1 --",
    "9999-12-31T23:59:59Z",
)


@pytest.fixture(scope="module")
def world(each_engine: Served) -> World:
    return build(each_engine)


def routes(served: Served) -> list[tuple[str, str, Guard]]:
    """Method, path and guard of every route."""
    found = []
    for context in iter_route_contexts(served.app.routes):
        assert isinstance(context.original_route, RegistryRoute)
        assert context.original_route.guard is not None
        found += [
            (method, str(context.path), context.original_route.guard)
            for method in sorted(context.methods or ())
        ]
    return found


def caller(world: World, guard: Guard) -> Client:
    """Somebody whom the policy lets in, by preference with records of their own; else anybody."""
    roles = guard.policy.roles - {NEWCOMER}
    for role in ("studio_admin", "performer", "union_officer", *sorted(roles)):
        if role in roles:
            return world.caller(role)
    return world.stranger


def own_path(world: World, path: str) -> str:
    """The path with ids of side A where there are some, else with ids that nobody has."""
    for name, prefix in KINDS.items():
        kind = {"perf": "performer", "org": "studio"}.get(prefix, prefix)
        path = path.replace(f"{{{name}}}", world.a.ids.get(kind) or ids.mint(prefix))
    while "{" in path:
        start, end = path.index("{"), path.index("}")
        path = path[:start] + ids.mint("work") + path[end + 1 :]
    return path


def send(
    client: Client,
    method: str,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    content: bytes | Iterator[bytes] | None = None,
) -> httpx2.Response:
    sent = {"Idempotency-Key": "hostile", "If-Match": '"v1"', **(headers or {})}
    if client.token is not None:
        sent["Authorization"] = f"Bearer {client.token}"
    return client.http.request(method, path, headers=sent, content=content)


def test_a_body_that_cannot_be_read_is_4xx_on_every_route(world: World) -> None:
    for method, path, guard in routes(world.served):
        if method == "GET":
            continue
        client = caller(world, guard)
        for name, raw in UNREADABLE.items():
            answer = send(
                client,
                method,
                own_path(world, path),
                content=raw,
                headers={"Content-Type": "application/json" if name != "text" else "text/plain"},
            )
            assert 400 <= answer.status_code < 500, (method, path, name, answer.text)


def test_a_body_that_is_too_large_is_413_on_every_route(world: World) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 1024 * 1024

    large = b'"' + b"x" * (30 * 1024 * 1024) + b'"'
    for method, path, guard in routes(world.served):
        if method == "GET":
            continue
        client = caller(world, guard)
        for content in (large, pieces()):
            answer = send(
                client,
                method,
                own_path(world, path),
                content=content,
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code == 413, (method, path, answer.text)


def test_strange_paths_queries_and_headers_are_never_a_500(world: World) -> None:
    queries = ("?limit=1&limit=2", "?a=%00", "?cursor=AAAA")
    names = ("%00", "..", "x" * 3000, "ref:hand:1", "ref::")
    headers = (
        {"If-Match": "*"},
        {"Idempotency-Key": "\x7f"},
        {"Consent-Registry-Now": "0001-01-01T00:00:00+14:00"},
        {"Consent-Registry-Now": "9999-12-31T23:59:59Z"},
        {"Content-Length": "-1"},
    )
    for method, path, guard in routes(world.served):
        if path in {"/readyz", "/healthz"}:
            continue
        client, own = caller(world, guard), own_path(world, path)
        for query in queries:
            answer = send(client, method, own + query)
            assert answer.status_code < 500, (method, path, query, answer.text)
        for name in names if "{" in path else ():
            answer = send(client, method, own.replace(ids_in(own), name, 1))
            assert answer.status_code < 500, (method, path, name, answer.text)
        for more in headers:
            answer = send(client, method, own, headers=more)
            assert answer.status_code < 500, (method, path, more, answer.text)


def ids_in(path: str) -> str:
    """The first id in a path, or a text that is not there."""
    return next((part for part in path.split("/") if ids.is_id(part)), "\n")


def examples() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and example body of every route that has one."""
    made = contract()
    found = []
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is None:
                continue
            schema = content["schema"]
            name = schema.get("$ref", "").rpartition("/")[2]
            schema = made["components"]["schemas"].get(name, schema)
            fields = dict.fromkeys(schema.get("properties", {}))
            for example in (content.get("example"), *schema.get("examples", [])):
                fields |= example or {}
            found.append((method.upper(), path, fields))
    return found


def test_every_field_takes_strange_values_without_a_500(world: World) -> None:
    guards = {(method, path): guard for method, path, guard in routes(world.served)}
    for method, path, fields in examples():
        known = {name: value for name, value in fields.items() if value is not None}
        client, own = caller(world, guards[method, path]), own_path(world, path)
        bodies = [dict.fromkeys(fields, value) for value in STRANGE]
        bodies += [known | {name: value} for name in fields for value in PLAUSIBLE]
        for body in bodies:
            answer = send(
                client,
                method,
                own,
                content=json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
            )
            assert answer.status_code < 500, (method, path, str(body)[:500], answer.text)


def test_every_reply_to_nonsense_is_a_problem_document(world: World) -> None:
    for method, path, _ in routes(world.served):
        answer = world.stranger.http.request(method, own_path(world, path) + "/nonsense")
        assert answer.status_code in {401, 404, 405}, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
