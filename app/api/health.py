"""Whether the server lives, whether it can work, and its figures."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.api.context import registry
from app.api.deps import api_router, policy, respond, showing
from app.api.edge import Metrics
from app.registrar.office import founder
from app.registrar.problems import problem
from app.store import heads
from app.store.engine import preview
from app.store.heads import REGISTRY, Heads
from app.store.log import begin
from app.store.tx import Busy, Recorded, Tx
from app.store.upgrade import is_current

router = api_router("health")

_FIGURES: Final = 'http_requests_total{method="POST",route="/v1/checks",status="200"} 51.0\n'


@router.get(
    "/healthz",
    summary="Is the process alive?",
    **showing(policy("public"), {"status": "ok"}),
)
async def healthz() -> Response:
    """Answer, and ask nothing of the database."""
    return respond({"status": "ok"})


@router.get("/readyz", summary="Can it work?", **showing(policy("public"), {"status": "ready"}))
def readyz(request: Request) -> Response:
    """Hold the registry's head, take the next place in the log, and give both back."""
    store = registry(request).store
    try:
        with store.reads.connect() as connection:
            if not is_current(connection):
                raise problem("dependency-unavailable", "The database has another schema.")
        preview(store, _probe, actor=founder())
    except (Busy, DBAPIError):
        raise problem(
            "dependency-unavailable", "The log cannot be written.", headers={"Retry-After": "5"}
        ) from None
    return respond({"status": "ready"})


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    **showing(policy("metrics.read"), _FIGURES, media="text/plain"),
)
async def metrics(request: Request) -> Response:
    """The figures of this process. A scraper gets its token with a client secret, as any client."""
    held: Metrics = request.app.state.metrics
    return Response(generate_latest(held.registry), media_type=CONTENT_TYPE_LATEST)


def _probe(tx: Tx) -> Recorded:
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    begin(tx)
    tx.session.execute(text("SELECT 1"))
    return Recorded({})
