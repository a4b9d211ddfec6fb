"""A server that vectors are put to: its tokens, its clock, and one act after another."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

DEMO_GRANT: Final = "urn:consent-registry:demo"
CODE_GRANT: Final = "urn:consent-registry:one-time-code"
CLOCK: Final = "Consent-Registry-Now"
# The demo grant knows the office by its role.
OFFICE: Final = "registry_admin"

Json = dict[str, Any]


class NotAskableError(Exception):
    """The world holds a fact that no act of the public API states."""


class UnexpectedError(Exception):
    """An act that the world is made of was refused; the message carries the whole answer."""


class UnusableServerError(ValueError):
    """Vectors cannot be run against this server; the message says what to do."""


@dataclass
class Server:
    """One server, spoken to as whoever an act takes. The world is told in its own time."""

    http: httpx2.Client
    office: str = OFFICE
    _tokens: dict[str, str] = field(default_factory=dict)

    def act(self, who: str, path: str, body: Mapping[str, Any] | None = None, *, at: str) -> Json:
        """Do one act as the principal ``who`` at the instant ``at``; its answer.

        Raises:
            UnexpectedError: it was not done.
        """
        answer = self.post(who, path, body, at=at)
        if answer.is_success:
            return dict(answer.json())
        raise UnexpectedError(f"POST {path} {dict(body or {})}: {answer.status_code} {answer.text}")

    def post(
        self, who: str, path: str, body: Mapping[str, Any] | None = None, *, at: str
    ) -> httpx2.Response:
        """Send an act and give whatever comes back."""
        headers = self._headers(who, at) | {"Idempotency-Key": secrets.token_urlsafe(16)}
        return self.http.post(path, json=dict(body or {}), headers=headers)

    def change(
        self, who: str, path: str, changes: Mapping[str, Any], *, at: str, by: str = ""
    ) -> Json:
        """Change what is on record, having read it; ``by`` an act on it, where it has one.

        Raises:
            UnexpectedError: it was not done.
        """
        headers = self._headers(who, at)
        read = self.http.get(path, headers=headers)
        headers |= {"If-Match": read.headers.get("ETag", "")}
        method, to = ("POST", f"{path}/{by}") if by else ("PATCH", path)
        done = self.http.request(method, to, json=dict(changes), headers=headers)
        if done.is_success:
            return dict(done.json())
        raise UnexpectedError(f"{method} {to} {dict(changes)}: {done.status_code} {done.text}")

    def forget(self) -> None:
        """Sign in anew from now on: the tokens of one vector are not kept for the next."""
        self._tokens.clear()

    def _headers(self, who: str, at: str) -> dict[str, str]:
        if not who:
            return {CLOCK: at}
        if who not in self._tokens:
            self._tokens[who] = self._token(who)
        return {CLOCK: at, "Authorization": f"Bearer {self._tokens[who]}"}

    def _token(self, who: str) -> str:
        form = {"grant_type": DEMO_GRANT, "principal": who}
        answer = self.http.post("/oauth2/token", data=form)
        if answer.is_success:
            return str(answer.json()["access_token"])
        raise UnusableServerError(
            f"no token for `{who}` ({answer.status_code} {answer.text}): the server must run with "
            "CONSENT_REGISTRY_ENVIRONMENT=test and must have its first administrator; give the "
            "code that `consent-registry init` printed with --code"
        )


@contextmanager
def connected(url: str, code: str | None = None) -> Iterator[Server]:
    """A server by its address; ``code`` makes its first administrator, where it has none yet.

    Raises:
        UnusableServerError: the code is not good.
    """
    with httpx2.Client(base_url=url, timeout=30, trust_env=False) as http:
        if code is not None:
            entered = http.post("/oauth2/token", data={"grant_type": CODE_GRANT, "code": code})
            if not entered.is_success:
                raise UnusableServerError(f"the code is not good: {entered.text}")
        yield Server(http)
