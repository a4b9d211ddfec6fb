"""The outermost layer: names each request, sets the headers of every reply, logs it, counts it.

Whatever the application failed to answer becomes a problem document here, and says nothing of why.
"""

import re
import secrets
import sys
import time
import traceback
from typing import Any, Final, TextIO

import structlog
from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.registrar.problems import problem

_ID: Final = re.compile(r"[A-Za-z0-9._~:/+=-]{1,128}")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class Metrics:
    """The figures of one application. A class, because its collectors belong together."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests",
            "Requests answered",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "http_request_seconds",
            "Time to the last byte of the reply",
            ["route", "method"],
            registry=self.registry,
        )


def logger(level: str, file: TextIO | None = None) -> Any:  # noqa: ANN401 - structlog's own type
    """One JSON line for each event; escaped, so that no value can start a line of its own."""
    return structlog.wrap_logger(
        structlog.PrintLogger(file or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
    )


class Edge:
    """The ASGI layer around the application."""

    def __init__(self, app: ASGIApp, *, inner: FastAPI, metrics: Metrics, log: Any) -> None:  # noqa: ANN401 - structlog's own type
        self.app = app
        self.inner = inner
        self.metrics = metrics
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["trace_id"] = _trace_id(scope)
        began = time.perf_counter()
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = state["trace_id"]
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, dressed)
        except ClientDisconnect:
            status = 499
        except Exception as error:  # noqa: BLE001 - the last line: nothing leaves without an answer
            self._log_fault(state, error)
            if status == 0:
                await _fault(Request({**scope, "app": self.inner}), receive, dressed)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's template and never the path: ids are nobody's business in a log.
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if route != "unknown" else "any"
        state = scope["state"]
        self.metrics.requests.labels(route, method, str(status)).inc()
        self.metrics.seconds.labels(route, method).observe(seconds)
        self.log.info(
            "request",
            trace_id=state["trace_id"],
            route=route,
            method=method,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            caller=getattr(state.get("caller"), "id", None),
            role=getattr(state.get("caller"), "role", None),
            **({"token_refused": state["token_refused"]} if "token_refused" in state else {}),
        )

    def _log_fault(self, state: dict[str, Any], error: Exception) -> None:
        # Where it broke and never with which values: those may be somebody's name.
        places = [
            f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
        ]
        self.log.error(
            "fault", trace_id=state["trace_id"], kind=type(error).__qualname__, places=places[-12:]
        )


async def _fault(request: Request, receive: Receive, send: Send) -> None:
    raised = problem("internal", "A fault of the registry; its trace_id leads to it in the log.")
    await problems.reply(request, raised)(request.scope, receive, send)


def _trace_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            sent = value.decode("latin-1")
            if _ID.fullmatch(sent):
                return str(sent)
    return secrets.token_hex(16)
