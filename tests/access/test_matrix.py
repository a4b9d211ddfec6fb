"""Every route, every role, four targets: one's own, another tenant's, a sibling's, and nobody's.

Own cells succeed and show the object, so that a route which nobody can use fails as surely as one
that everybody can. A foreign id is answered like one that does not exist, to the byte.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest
from fastapi.routing import iter_route_contexts

from app.api.policies import POLICIES, Policy
from app.main import contract
from app.registrar.callers import NEWCOMER, ROLES
from app.store import ids
from tests.access.cases import CASES, Call
from tests.access.conftest import serving
from tests.access.world import Side, World, build, furnish
from tests.support.client import Client, new_key

# Who sees every tenant; what they read is on record.
SEES_ALL = frozenset({"auditor", "registry_admin"})
PERFORMERS = frozenset({"performer", "representative"})
PREFIXES = {
    "studio": "org",
    "union": "org",
    "agency": "org",
    "vendor": "org",
    "performer": "perf",
    "membership": "mem",
    "merge": "merge",
    "match": "match",
    "delivery": "dlv",
    "representation": "repr",
    "death": "death",
    "signatory": "sig",
    "user": "usr",
    "client": "client",
    "work": "work",
    "seen_work": "work",
    "edge": "edge",
    "engagement": "eng",
    "session": "sess",
    "replica": "repl",
    "transfer": "trans",
    "custody": "cust",
    "sale": "sale",
    "grant": "grant",
    "veto": "veto",
    "order": "order",
    "day": "day",
    "use": "use",
    "check": "check",
    "estimate": "est",
    "due": "due",
    "payment": "pay",
    "attestation": "att",
    "notice": "notice",
    "message": "msg",
    "sighting": "sight",
    "residual": "resid",
    "base_report": "base",
    "instruction": "inst",
    "flag": "flag",
    "case": "case",
}
# What has no owner, so that there is no other tenant's.
SHARED = frozenset({"pack", "event"})
POLICY_OF = {
    f"{method.upper()} {path}": POLICIES[operation["x-policy"]]
    for path, operations in contract()["paths"].items()
    for method, operation in operations.items()
}
GUARDED = {route: policy for route, policy in POLICY_OF.items() if not policy.public}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with serving(tmp_path_factory.mktemp("matrix")) as served:
        made = build(served)
        furnish(made.a)
        furnish(made.b)
        yield made


def roles_of(policy: Policy) -> list[str]:
    return sorted(policy.roles)


def send(route: str, call: Call, client: Client) -> httpx2.Response:
    method, _, path = route.partition(" ")
    for param, (_, id_) in call.at.items():
        path = path.replace(f"{{{param}}}", id_)
    assert "{" not in path, path
    headers = {"Idempotency-Key": new_key(), "If-Match": call.etag}
    if client.token is not None:
        headers["Authorization"] = f"Bearer {client.token}"
    return client.http.request(method, path + call.query, json=call.body, headers=headers)


def aimed(call: Call, param: str, id_: str) -> Call:
    """The call with another id in its path."""
    kind, _ = call.at[param]
    return Call({**call.at, param: (kind, id_)}, call.body, etag=call.etag, query=call.query)


def naming(call: Call, member: str, id_: str) -> Call:
    """The call with another id in its body; ``member`` may lead into an object."""
    body: dict[str, Any] = json.loads(json.dumps(call.body))
    *into, last = member.split("/")
    inner = body
    for name in into:
        inner = inner[name]
    inner[last] = id_
    return Call(call.at, body, etag=call.etag)


def words(answer: httpx2.Response, *said: str) -> bytes:
    """The reply without what names this one request."""
    text = answer.text
    for one in said:
        text = text.replace(one, "…")
    document = json.loads(text)
    document.pop("trace_id", None)
    return json.dumps(document, sort_keys=True).encode()


def test_every_guarded_route_has_a_case_and_no_case_is_left_over() -> None:
    assert set(CASES) == set(GUARDED)


def test_every_policy_is_some_routes() -> None:
    used = {id(policy) for policy in POLICY_OF.values()}
    unused = [name for name, policy in POLICIES.items() if id(policy) not in used]

    assert unused == []


def test_hidden_routes_are_public_ones(world: World) -> None:
    described = {route.partition(" ")[2] for route in POLICY_OF}
    hidden = {str(context.path) for context in iter_route_contexts(world.served.app.routes)}

    assert hidden - described == {"/openapi.json"}


@pytest.mark.parametrize("route", sorted(GUARDED))
def test_who_may_can_and_nobody_reaches_beyond_their_own(world: World, route: str) -> None:
    policy = GUARDED[route]
    calls = {role: _own(world, route, role) for role in roles_of(policy)}
    some_call = next(iter(calls.values()))
    for role in sorted((ROLES | {NEWCOMER}) - policy.roles):
        if not policy.anonymous:
            _denied(world, route, some_call, role)
    _denied_to_strangers(world, route, some_call, policy)
    for role, call in calls.items():
        _beyond(world, route, call, role)


def _own(world: World, route: str, role: str) -> Call:
    """The role can, and the reply shows what it was about."""
    call = CASES[route](world.a, role)
    answer = send(route, call, call.client or world.caller(role))
    where = f"{role}: {route} {call}"
    assert 200 <= answer.status_code < 300, f"{where}: {answer.text}"
    shown = call.shows or (list(call.at.values())[-1][1] if call.at else "")
    assert shown in answer.text, f"{where} does not show {shown}: {answer.text}"
    return call


def _denied(world: World, route: str, call: Call, role: str) -> None:
    """Another role may not, is told nothing but that, and nothing happens."""
    before = world.log_size()
    answer = send(route, call, world.caller(role))
    assert answer.status_code == 403, f"{role}: {route}: {answer.text}"
    assert answer.json()["type"].endswith("/problems/insufficient-role"), answer.text
    assert world.log_size() == before


def _denied_to_strangers(world: World, route: str, call: Call, policy: Policy) -> None:
    if policy.anonymous:
        return
    answer = send(route, call, world.stranger)
    assert answer.status_code == 401, f"{route}: {answer.text}"


def _beyond(world: World, route: str, call: Call, role: str) -> None:
    client = call.client or world.caller(role)
    before = world.log_size()
    for param, (kind, own) in call.at.items():
        if kind in SHARED:
            continue
        nobody = ids.mint(PREFIXES[kind])
        unknown = send(route, aimed(call, param, nobody), client)
        assert unknown.status_code == 404, f"{role}: {route} {param} unknown: {unknown.text}"
        for other in _others(world, role, kind):
            foreign = send(route, aimed(call, param, other), client)
            where = f"{role}: {route} {param}={other} for {own}"
            assert foreign.status_code == 404, f"{where}: {foreign.text}"
            assert words(foreign, other) == words(unknown, nobody), where
    for member, kind in call.names.items():
        nobody = ids.mint(PREFIXES[kind])
        unknown = send(route, naming(call, member, nobody), client)
        assert unknown.status_code == 404, f"{role}: {route} {member} unknown: {unknown.text}"
        for other in _others(world, role, kind):
            foreign = send(route, naming(call, member, other), client)
            where = f"{role}: {route} {member}={other}"
            assert foreign.status_code == 404, f"{where}: {foreign.text}"
            assert words(foreign, other) == words(unknown, nobody), where
    assert world.log_size() == before, f"{role}: {route} did something to what is not theirs"


def _others(world: World, role: str, kind: str) -> list[str]:
    """Ids of a kind that the role must not reach."""
    if role in SEES_ALL | {NEWCOMER}:
        return []  # all of it is theirs to see, or none
    # Unions are in sight of everybody; no other organization is.
    other = _id(world.b, "studio" if kind in {"union", "agency"} else kind)
    sibling = world.a.siblings.get(kind) if role in PERFORMERS else None
    return [found for found in (other, sibling) if found is not None]


def _id(side: Side, kind: str) -> str | None:
    found: Mapping[str, str] = side.ids
    return found.get(kind)
