"""Every route says who may call it, and what it says is what the guard does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, Route

from app.api.deps import Caller, api_router, policy, respond
from app.api.guard import Guard
from app.api.policies import POLICIES
from app.api.routes import RegistryRoute
from app.main import ROUTERS, RouteWithoutPolicyError, check_policies, contract, create_app
from app.registrar.callers import NEWCOMER, ROLES
from tests.access.conftest import Served, serving, settings


def guards(app: FastAPI) -> dict[str, Guard]:
    """The guard of each route, by method and path."""
    found = {}
    for context in iter_route_contexts(app.routes):
        assert isinstance(context.original_route, RegistryRoute), context.path
        guard = context.original_route.guard
        assert guard is not None, context.path
        for method in context.methods or ():
            found[f"{method} {context.path}"] = guard
    return found


def test_every_route_names_one_policy_of_the_table(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))

    for route, guard in guards(app).items():
        assert POLICIES[guard.name] is guard.policy, route


def test_the_contract_and_the_routes_are_the_same_set(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))
    described = {
        f"{method.upper()} {path}": operation["x-policy"]
        for path, operations in contract()["paths"].items()
        for method, operation in operations.items()
    }
    routed = {route: guard.name for route, guard in guards(app).items()}
    routed.pop("GET /openapi.json")

    assert described == routed


def test_no_route_answers_a_get_and_changes_something(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))

    for route, guard in guards(app).items():
        if route.startswith("GET "):
            assert guard.policy.key == "none", route
            assert not guard.policy.if_match, route


def test_roles_and_words_of_the_table_are_known() -> None:
    for name, entry in POLICIES.items():
        assert entry.roles <= ROLES | {NEWCOMER}, name
        assert entry.public == (not entry.roles), name
        assert entry.public or entry.own, name
        # What binds a person needs a person.
        assert not entry.step_up or not entry.roles & {"pipeline", NEWCOMER}, name


def _a_fake_without_policy() -> APIRouter:
    router = api_router("fake")

    @router.get("/v1/fake")
    async def fake() -> Response:
        return respond({})

    return router


def _a_fake_of_another_class() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/fake", **policy("works.read"))
    async def fake() -> Response:
        return respond({})

    return router


def _a_fake_mount() -> APIRouter:
    router = APIRouter()
    router.routes.append(Mount("/v1/fake", app=FastAPI(openapi_url=None)))
    return router


def _a_fake_plain_route() -> APIRouter:
    async def fake(_: Request) -> Response:
        return respond({})

    router = APIRouter()
    router.routes.append(Route("/v1/fake", fake, include_in_schema=False))
    return router


def _two_policies() -> APIRouter:
    router = api_router("fake")
    both = policy("works.read")
    both["dependencies"] += policy("public")["dependencies"]

    @router.get("/v1/fake", **both)
    async def fake() -> Response:
        return respond({})

    return router


@pytest.mark.parametrize(
    "fake",
    [
        _a_fake_without_policy,
        _a_fake_of_another_class,
        _a_fake_mount,
        _a_fake_plain_route,
        _two_policies,
    ],
)
def test_a_route_without_one_policy_stops_the_start(tmp_path: Path, fake: object) -> None:
    assert callable(fake)
    with pytest.raises(RouteWithoutPolicyError, match="/v1/fake"):
        create_app(settings(tmp_path), (*ROUTERS, fake()))


def test_a_route_without_policy_fails_the_test_above_too(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path))
    app.include_router(_a_fake_without_policy())

    with pytest.raises(AssertionError, match="/v1/fake"):
        guards(app)
    with pytest.raises(RouteWithoutPolicyError, match="/v1/fake"):
        check_policies(app)


def test_a_policy_that_does_not_exist_stops_the_import() -> None:
    with pytest.raises(KeyError):
        policy("works.raed")


def _a_router() -> APIRouter:
    router = api_router("fake")

    @router.get("/v1/fake/read", **policy("works.read"))
    async def read(caller: Caller) -> Response:
        return respond({"id": caller.id, "role": caller.role})

    @router.post("/v1/fake/veto", **policy("vetoes.issue"))
    def veto(caller: Caller) -> Response:
        return respond({"id": caller.id})

    @router.post("/v1/fake/change", **policy("works.change"))
    def change(caller: Caller) -> Response:
        return respond({"id": caller.id})

    @router.post("/v1/fake/claim", **policy("performers.claim"))
    def claim(caller: Caller) -> Response:
        return respond({"subject": caller.subject, "role": caller.role})

    return router


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("policies"), _a_router()) as one:
        yield one


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_passes_exactly_where_the_table_says(served: Served, role: str) -> None:
    headers = served.bearer(served.principal(role))
    read = served.http.get("/v1/fake/read", headers=headers)

    if role in POLICIES["works.read"].roles:
        assert (read.status_code, read.json()["role"]) == (200, role)
    else:
        assert read.status_code == 403
        assert read.json()["type"].endswith("/problems/insufficient-role")


def test_without_a_token_or_with_a_bad_one_nothing_is_said_but_401(served: Served) -> None:
    for sent in (None, b"Basic eDp5", b"Bearer", b"Bearer \xe9", b"Bearer a.b.c", b"\xff"):
        headers = [] if sent is None else [(b"Authorization", sent)]
        answer = served.http.get("/v1/fake/read", headers=headers)
        assert answer.status_code == 401, sent
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_suspension_holds_from_the_next_request(served: Served) -> None:
    officer = served.principal("union_officer")
    headers = served.bearer(officer)
    assert served.http.get("/v1/fake/read", headers=headers).status_code == 200

    served.suspend(officer)

    assert served.http.get("/v1/fake/read", headers=headers).status_code == 401


def test_acts_that_bind_need_a_fresh_sign_in_and_a_key(served: Served) -> None:
    officer = served.principal("union_officer")
    fresh = served.bearer(officer)
    old = served.bearer(officer, auth_age="601")

    late = served.http.post("/v1/fake/veto", headers=old | {"Idempotency-Key": "k"})
    assert late.status_code == 403
    assert late.json()["type"].endswith("/problems/step-up-required")
    assert "insufficient_user_authentication" in late.headers["www-authenticate"]

    for key in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 256}):
        answer = served.http.post("/v1/fake/veto", headers=fresh | key)
        assert answer.status_code == 400
        assert answer.json()["type"].endswith("/problems/idempotency-key-required")
    good = served.http.post("/v1/fake/veto", headers=fresh | {"Idempotency-Key": "x" * 255})
    assert good.status_code == 200


def test_a_program_never_vetoes_whatever_role_it_was_given(served: Served) -> None:
    machine = served.principal("union_officer", kind="client")

    answer = served.http.post(
        "/v1/fake/veto", headers=served.bearer(machine) | {"Idempotency-Key": "k"}
    )

    assert answer.status_code == 403
    assert "never a program" in answer.json()["detail"]


def test_what_binds_to_content_needs_if_match(served: Served) -> None:
    headers = served.bearer(served.principal("studio_clearance"))

    without = served.http.post("/v1/fake/change", headers=headers)
    with_it = served.http.post("/v1/fake/change", headers=headers | {"If-Match": '"v1"'})

    assert (without.status_code, with_it.status_code) == (428, 200)
    assert without.json()["type"].endswith("/problems/precondition-required")


def test_a_newcomer_may_answer_an_invitation_and_nothing_else(served: Served) -> None:
    form = {"grant_type": "urn:consent-registry:demo", "subject": "jo"}
    token = served.http.post("/oauth2/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    claim = served.http.post("/v1/fake/claim", headers=headers)
    read = served.http.get("/v1/fake/read", headers=headers)
    nameless = served.http.post("/v1/fake/claim")

    assert claim.json() == {"subject": "jo", "role": "newcomer"}
    assert nameless.json() == {"subject": "", "role": "newcomer"}
    assert read.status_code == 403
