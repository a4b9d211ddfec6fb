"""What the application holds and what a request carries: reached from the request, never global."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request

from app.api.models import read_instant
from app.evidence.keys import Keyring
from app.evidence.tokens import Issuer
from app.registrar.invitations import Post
from app.registrar.problems import FieldError, problem
from app.rules.packs import PackSet
from app.settings import Settings
from app.store.asks import Asks
from app.store.heads import process_clock
from app.store.reader import Reader
from app.store.tx import Store

STEP_UP: Final = timedelta(seconds=600)
# Long enough to read the guide to the demo and to try all of it.
DEMO_LIFETIME: Final = timedelta(hours=12)
CLOCK_HEADER: Final = "Consent-Registry-Now"


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open while the application is up."""

    store: Store
    reader: Reader
    asks: Asks


@dataclass(slots=True)
class Registry:
    """One application. What it opens is there while it is up."""

    settings: Settings
    ring: Keyring
    own: Issuer
    issuers: Mapping[str, Issuer]
    cursor_secret: bytes
    post: Post
    opened: Opened | None = None
    past_packs: dict[frozenset[str], PackSet] = field(default_factory=dict)
    routes: list[tuple[re.Pattern[str], frozenset[str]]] = field(default_factory=list)

    @property
    def store(self) -> Store:
        """The open database: for acts and reads in a thread."""
        return self._opened().store

    @property
    def reader(self) -> Reader:
        """What checks read with, on the event loop."""
        return self._opened().reader

    @property
    def asks(self) -> Asks:
        """Where questions and recorded reads are written before they are answered."""
        return self._opened().asks

    @property
    def step_up_window(self) -> timedelta:
        """How long a sign-in stays fresh enough to bind."""
        return DEMO_LIFETIME if self.settings.environment == "demo" else STEP_UP

    def methods_at(self, path: str) -> frozenset[str]:
        """Every method that an address takes."""
        found = [(pattern, methods) for pattern, methods in self.routes if pattern.match(path)]
        # `/v1/vetoes/preview` is an address of its own, though it reads like a veto's.
        own = [methods for pattern, methods in found if not pattern.groups]
        return frozenset().union(*(own or [methods for _, methods in found]))

    def _opened(self) -> Opened:
        if self.opened is None:
            raise RuntimeError("the application has not started")
        return self.opened


def registry(request: Request) -> Registry:
    """The application that serves this request."""
    held = request.app.state.registry
    assert isinstance(held, Registry)  # noqa: S101 - create_app puts it there
    return held


def trace_id(request: Request) -> str:
    """The name of this request in the reply, in the log and in problem documents."""
    return str(request.scope.get("state", {}).get("trace_id", ""))


def clock_override(request: Request) -> datetime | None:
    """The instant that a test sets for one request; in the test environment only.

    Raises:
        Problem: 422, the header is no instant.
    """
    text = request.headers.get(CLOCK_HEADER)
    if text is None or registry(request).settings.environment != "test":
        return None
    try:
        return read_instant(text)
    except ValueError:
        error = FieldError(f"header {CLOCK_HEADER}", "not-an-instant", "RFC 3339 with an offset")
        raise problem("validation-failed", "The clock cannot be set so.", error) from None


def now(request: Request) -> datetime:
    """What time it is for an answer that no transaction decides."""
    return clock_override(request) or process_clock()
