"""A small client of the API for tests: tokens, keys, and what was sent and answered when."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

_BUSY_SECONDS = 20.0
DEMO_GRANT = "urn:consent-registry:demo"
CLOCK_HEADER = "Consent-Registry-Now"
# What the twins of the server listen to: see `tests.support.twins`.
GATE_HEADER = "Test-Gate"  # a directory: wait there until it has a file of the name OPEN
OPEN = "open"
REPLY_HEADER = "Test-Reply-Delay-Ms"
WORKER_HEADER = "Test-Worker"


class UnexpectedAnswerError(AssertionError):
    """The server answered something else than the test needs to go on."""


@dataclass(frozen=True)
class Answer:
    """One reply. ``started`` and ``ended`` are readings of this process's monotonic clock."""

    status: int
    raw: bytes
    headers: Mapping[str, str]
    started: float
    ended: float
    request: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object of the body."""
        value = json.loads(self.raw) if self.raw else {}
        if not isinstance(value, dict):
            raise UnexpectedAnswerError(f"{self.request}: no JSON object: {self.raw[:200]!r}")
        return value

    def expect(self, *statuses: int) -> dict[str, Any]:
        """The body, if the status is one of these; without any, any 2xx.

        Raises:
            UnexpectedAnswerError: it is not; the message carries the whole answer.
        """
        wanted = statuses or range(200, 300)
        if self.status not in wanted:
            raise UnexpectedAnswerError(
                f"{self.request} gave {self.status}: {self.raw[:2000].decode(errors='replace')}"
            )
        return self.body

    @property
    def id(self) -> str:
        """The id of what was recorded."""
        return str(self.expect()["id"])


@dataclass(frozen=True)
class Client:
    """Requests to one server as one caller. Safe to share between threads."""

    http: httpx2.Client = field(repr=False)
    token: str | None = None
    principal: str | None = None

    def get(self, path: str, **query: str) -> Answer:
        """Read."""
        return self.send("GET", path, params=query)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: str | None = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Act. ``key`` is the Idempotency-Key: ``""`` makes a new one, ``None`` sends none."""
        sent = dict(headers or {})
        if key is not None:
            sent["Idempotency-Key"] = key or new_key()
        return self._patiently("POST", path, body, sent)

    def patch(
        self, path: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Change what was read; ``headers`` carry If-Match."""
        return self._patiently("PATCH", path, body, headers)

    def _patiently(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        """Send an act again, under its key, as long as the server says that it is busy."""
        began = time.perf_counter()
        while True:
            answer = self.send(method, path, body=body, headers=headers)
            waited = time.perf_counter() - began
            if answer.status != httpx2.codes.SERVICE_UNAVAILABLE or waited > _BUSY_SECONDS:
                return answer
            time.sleep(0.05)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and time it.

        Raises:
            httpx2.TransportError: there is no answer, so nobody knows whether it was done.
        """
        sent = dict(headers or {})
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        started = time.perf_counter()
        reply = self.http.request(method, path, content=content, params=params, headers=sent)
        return Answer(
            status=reply.status_code,
            raw=reply.content,
            headers=reply.headers,
            started=started,
            ended=time.perf_counter(),
            request=f"{method} {path} {content.decode() if content else ''}",
        )

    def form(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Post a form, as OAuth has it."""
        started = time.perf_counter()
        reply = self.http.post(path, data=dict(fields))
        return Answer(
            status=reply.status_code,
            raw=reply.content,
            headers=reply.headers,
            started=started,
            ended=time.perf_counter(),
            request=f"POST {path} {dict(fields)}",
        )

    def as_(self, principal: str) -> "Client":
        """A client of the same server, over the same connections, that speaks for somebody else.

        Demo and test environments give out anybody's token for the asking.
        """
        answer = self.form("/oauth2/token", {"grant_type": DEMO_GRANT, "principal": principal})
        return Client(self.http, str(answer.expect(200)["access_token"]), principal)

    def renewed(self) -> "Client":
        """The same caller with a new token: one lasts for ten minutes."""
        assert self.principal is not None
        return self.as_(self.principal)


@contextmanager
def opened(url: str, *, timeout: float = 30.0) -> Iterator[Client]:
    """A client of one server without a token; its connections close at the end."""
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    with httpx2.Client(base_url=url, timeout=timeout, trust_env=False, limits=limits) as http:
        yield Client(http)


def new_key() -> str:
    """An Idempotency-Key that nobody used."""
    return secrets.token_urlsafe(16)
