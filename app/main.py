"""The composition root: one application from its settings, and nothing global."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from app.api import (
    agreements,
    attestations,
    authorship,
    base_reports,
    captures,
    checks,
    custodies,
    deaths,
    deliveries,
    discovery,
    dossiers,
    drafts,
    dues,
    engagements,
    estimates,
    events,
    flag_rules,
    grants,
    health,
    imports,
    inbox,
    instructions,
    invitations,
    matches,
    memberships,
    merges,
    messages,
    notices,
    oauth,
    organizations,
    payments,
    payrolls,
    performers,
    principals,
    printouts,
    problems,
    queue,
    releases,
    reminders,
    replicas,
    representations,
    residual_statements,
    riders,
    sales,
    sightings,
    statements,
    transfers,
    uses,
    vetoes,
    work_days,
    works,
)
from app.api.context import DEMO_LIFETIME, Opened, Registry
from app.api.contract import describe
from app.api.edge import Edge, Metrics, logger
from app.api.routes import RegistryRoute
from app.evidence.keys import TOKENS, keyring, secret
from app.evidence.tokens import own_issuer, read_issuers
from app.registrar.agreements import install
from app.registrar.deliveries import Deliverer, by_smtp
from app.registrar.invitations import INVITATIONS, Post
from app.settings import Settings
from app.store.asks import Asks
from app.store.engine import open_store
from app.store.reader import Reader

TOKEN_LIFETIME: Final = timedelta(minutes=10)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    # First, for routes are tried in order and this one is asked most.
    checks.router,
    health.router,
    discovery.router,
    oauth.router,
    organizations.router,
    principals.router,
    # Before performers, one of whom `match` would name.
    matches.router,
    performers.router,
    invitations.router,
    deliveries.router,
    memberships.router,
    merges.router,
    representations.router,
    deaths.router,
    works.router,
    engagements.router,
    captures.router,
    replicas.router,
    transfers.router,
    sales.router,
    custodies.router,
    dues.router,
    payments.router,
    estimates.router,
    attestations.router,
    notices.router,
    work_days.router,
    authorship.router,
    grants.router,
    drafts.router,
    riders.router,
    printouts.router,
    imports.router,
    vetoes.router,
    queue.router,
    flag_rules.router,
    reminders.router,
    uses.router,
    releases.router,
    instructions.router,
    messages.router,
    sightings.router,
    residual_statements.router,
    base_reports.router,
    statements.router,
    payrolls.router,
    events.router,
    inbox.router,
    dossiers.router,
    agreements.router,
)


class RouteWithoutPolicyError(RuntimeError):
    """A route says nothing of who may call it; the application does not start."""


def from_environment() -> FastAPI:
    """The application that the environment describes; what the server is started with."""
    return create_app(Settings())


def contract() -> dict[str, Any]:
    """The published contract: the same whatever the settings are."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _add_routes(app, ROUTERS)
    return describe(app)


def create_app(settings: Settings, routers: Iterable[APIRouter] = ROUTERS) -> FastAPI:
    """Put one application together. Its database is opened when it starts.

    Raises:
        RouteWithoutPolicyError: a route names no policy.
        KeyDirectoryError: the keys cannot be trusted.
        IssuersFileError: the issuers cannot be used.
    """
    held = _registry(settings)
    log = logger(settings.log_level)
    app = FastAPI(
        lifespan=_lifespan,
        # A redirect would be built from the Host header that the client sent.
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.registry = held
    app.state.metrics = metrics = Metrics()
    app.state.log = log
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    problems.install(app)
    _add_routes(app, routers)
    held.routes.extend(
        (compile_path(context.path)[0], frozenset(context.methods or ()))
        for context in iter_route_contexts(app.routes)
        if context.path is not None
    )
    app.add_middleware(Edge, inner=app, metrics=metrics, log=log)
    return app


def check_policies(app: FastAPI) -> None:
    """Refuse an application with a route that nobody said who may call.

    Raises:
        RouteWithoutPolicyError: names every such route.
    """
    open_ = [
        f"{sorted(context.methods or ())} {context.path}"
        for context in iter_route_contexts(app.routes)
        if not isinstance(context.original_route, RegistryRoute)
        or context.original_route.guard is None
    ]
    if open_:
        raise RouteWithoutPolicyError(f"no policy on {', '.join(open_)}")


def _add_routes(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    for router in routers:
        app.include_router(router)
    check_policies(app)


def _registry(settings: Settings) -> Registry:
    is_demo = settings.environment == "demo"
    accepted = {oauth.CODE_ACR}
    if settings.environment in {"demo", "test"}:
        accepted.add(oauth.DEMO_ACR)
    ring = keyring(settings.key_dir, TOKENS)
    own = own_issuer(
        ring,
        settings.base_url,
        acr=frozenset(accepted),
        lifetime=DEMO_LIFETIME if is_demo else TOKEN_LIFETIME,
    )
    others = read_issuers(settings.issuers_file) if settings.issuers_file else {}
    return Registry(
        settings=settings,
        ring=ring,
        own=own,
        # INVARIANT: nobody else signs in our name.
        issuers={**others, own.name: own},
        cursor_secret=secret(settings.key_dir, "cursors"),
        post=Post(secret(settings.key_dir, INVITATIONS), settings.base_url),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    held: Registry = app.state.registry
    settings = held.settings
    send = by_smtp(settings.smtp_url) if settings.smtp_url else None
    store = open_store(
        settings.database_url, origin=settings.log_origin, pool_size=settings.pool_size
    )
    deliverer = Deliverer(store, held.post, send) if send else None
    reader, asks = Reader(store, pool_size=settings.pool_size), Asks(store)
    try:
        install(store, settings.pack_dir)
        await reader.open()
        asks.start()
        if deliverer is not None:
            deliverer.start()
        held.opened = Opened(store, reader, asks)
        yield
    finally:
        held.opened = None
        if deliverer is not None and deliverer.is_alive():
            deliverer.stop()
        asks.stop()
        await reader.close()
        store.close()
