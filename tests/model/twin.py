"""One application per engine, sent the same requests in this process; their answers held equal.

Ids, hashes over ids and secrets differ between the engines. The first engine's stand for what they
name; the others' are learned from answers that are the same in all other respects.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.main import create_app
from app.registrar import office
from app.rules.facts import instant
from app.settings import Settings
from app.store.engine import act, reading
from app.store.replay import Report, replay
from app.store.rows import plain
from app.store.tables import log_entry
from app.store.tx import Recorded, Rendered
from tests.support.client import CLOCK_HEADER, DEMO_GRANT, new_key

JSON = Any
OFFICE = "office"

_NAMES = re.compile(
    r"[a-z]{2,6}_[0-7][0-9a-hjkmnp-tv-z]{25}"  # ids
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # of entries
    r"|(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"  # hashes
)
# What a program made up, shown once: in a body with this member.
_SECRETS = {"client_secret": "client_secret", "code": "claim", "link": "claim"}
# Names of one request.
_VOLATILE = frozenset({"trace_id", "instance"})
_FRESH_SECONDS = 240.0


class EnginesDifferError(AssertionError):
    """Two engines gave different answers to the same requests."""


class NotDoneError(AssertionError):
    """An act that was meant to be done was not. ``conflicts``: with what is on record by now."""

    def __init__(self, answer: "Answer") -> None:
        """Tell of an answer."""
        super().__init__(f"{answer.request} gave {answer.status}: {answer.body}")
        self.slug = answer.slug
        self.conflicts = answer.status == 409


@dataclass
class Side:
    """One engine's application. ``names``: what stands here for a name of the first engine."""

    name: str
    app: FastAPI
    http: TestClient
    names: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    def own(self, value: JSON) -> JSON:
        """A request with the names that this engine knows."""
        if isinstance(value, str):
            if value in self.names:
                return self.names[value]
            return _NAMES.sub(lambda found: self.names.get(found[0], found[0]), value)
        if isinstance(value, Mapping):
            return {key: self.own(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.own(item) for item in value]
        return value

    def token(self, principal: str) -> str:
        """A fresh access token of a person, in this engine's names."""
        token, since = self.tokens.get(principal, ("", -_FRESH_SECONDS))
        if time.monotonic() - since >= _FRESH_SECONDS:
            form = {"grant_type": DEMO_GRANT, "principal": principal}
            answer = self.http.post("/oauth2/token", data=form)
            assert answer.status_code == 200, answer.text
            token, since = answer.json()["access_token"], time.monotonic()
            self.tokens[principal] = (token, since)
        return token


@dataclass(frozen=True)
class Answer:
    """What all engines answered: the body of the first, and the bytes of each."""

    request: str
    status: int
    body: JSON
    etag: str | None
    raw: tuple[bytes, ...]

    @property
    def done(self) -> bool:
        """Whether it was done."""
        return self.status in {200, 201}

    @property
    def slug(self) -> str:
        """The name of the problem, or nothing."""
        return "" if self.done else str(self.body.get("type", "")).rpartition("/")[2]

    def expect(self) -> JSON:
        """The body of an answer that has to be a good one.

        Raises:
            NotDoneError: it is not.
        """
        if not self.done:
            raise NotDoneError(self)
        return self.body


@dataclass
class Twin:
    """Every engine of this run. ``now`` is what the clock of each is set to."""

    sides: tuple[Side, ...]
    now: datetime
    people: dict[str, str] = field(default_factory=dict)

    def send(
        self,
        who: str | None,
        method: str,
        path: str,
        body: JSON = None,
        *,
        match: str | None = None,
        at: datetime | None = None,
    ) -> Answer:
        """Send one request to every engine as somebody; the answers are the same.

        Raises:
            EnginesDifferError: they are not.
        """
        request = f"{who}: {method} {path} {body}"
        headers = {CLOCK_HEADER: str(plain(at or self.now)), "Idempotency-Key": new_key()}
        if match is not None:
            headers["If-Match"] = match
        if method == "GET":
            del headers["Idempotency-Key"]
        replies = [self._one(side, who, (method, path), body, headers) for side in self.sides]
        first = replies[0]
        for side, reply in zip(self.sides[1:], replies[1:], strict=True):
            if first.status != reply.status:
                raise EnginesDifferError(f"{request}: {first.content!r} | {reply.content!r}")
            learn(first.value, reply.value, side.names, request)
        raw = tuple(reply.content for reply in replies)
        return Answer(request, first.status, first.value, first.etag, raw)

    def raw(self, who: str, path: str, body: JSON) -> tuple[bytes, ...]:
        """The bytes that each engine answers to a question; they are not compared."""
        headers = {CLOCK_HEADER: str(plain(self.now))}
        replies = [self._one(side, who, ("POST", path), body, headers) for side in self.sides]
        assert all(reply.status == 200 for reply in replies), replies[0].content
        return tuple(reply.content for reply in replies)

    def get(self, who: str, path: str) -> Answer:
        """Read."""
        return self.send(who, "GET", path)

    def post(self, who: str | None, path: str, body: JSON = None) -> Answer:
        """Act."""
        return self.send(who, "POST", path, body)

    def histories(self) -> tuple[list[tuple[Any, ...]], ...]:
        """Of each engine, number, type and instant of every entry of the log."""
        columns = (log_entry.c.idx, log_entry.c.type, log_entry.c.at)
        found = []
        for side in self.sides:
            with reading(side.app.state.registry.store) as session:
                rows = session.execute(select(*columns).order_by(log_entry.c.idx))
                found.append([tuple(row) for row in rows])
        return tuple(found)

    def verified(self) -> Iterator[Report]:
        """What `verify state` finds on each engine."""
        for side in self.sides:
            with reading(side.app.state.registry.store) as session:
                yield replay(session)

    def _one(
        self,
        side: Side,
        who: str | None,
        target: tuple[str, str],
        body: JSON,
        headers: Mapping[str, str],
    ) -> "Reply":
        sent = dict(headers)
        if who is not None:
            sent["Authorization"] = f"Bearer {side.token(side.own(self.people[who]))}"
        method, path = target
        content = b""
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = json.dumps(side.own(body)).encode()
        assert side.http.portal is not None
        return side.http.portal.call(call, side.app, (method, side.own(path)), sent, content)


@dataclass
class Reply:
    """What one application answered."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    content: bytes = b""

    @property
    def value(self) -> JSON:
        """The JSON of the body."""
        return json.loads(self.content) if self.content else None

    @property
    def etag(self) -> str | None:
        """What a change of what was read has to name."""
        found = self.headers.get(b"etag")
        return None if found is None else found.decode()


async def call(
    app: FastAPI, target: tuple[str, str], headers: Mapping[str, str], content: bytes
) -> Reply:
    """One request, straight to the application: a test client takes as long as the answer does."""
    method, path = target
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("test", 1),
        "server": ("test", 80),
        "state": {},
    }
    reply = Reply()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            reply.status, reply.headers = message["status"], dict(message["headers"])
        else:
            reply.content += message.get("body", b"")

    await app(scope, receive, send)
    return reply


def learn(first: JSON, other: JSON, names: dict[str, str], where: str) -> None:
    """Pair the names in two answers that are the same otherwise.

    Raises:
        EnginesDifferError: they are not the same, or a name stands for two things.
    """
    if type(first) is not type(other):
        raise EnginesDifferError(f"{where}: {first!r} | {other!r}")
    if isinstance(first, list):
        first, other = dict(enumerate(first)), dict(enumerate(other))
    if isinstance(first, dict):
        for key, one, two in _members(first, other, where):
            if _SECRETS.get(key) in first:
                names[one] = two
            else:
                learn(one, two, names, f"{where} /{key}")
    elif isinstance(first, str):
        _pair(first, other, names, where)
    elif first != other:
        raise EnginesDifferError(f"{where}: {first!r} | {other!r}")


def _members(
    first: dict[Any, JSON], other: dict[Any, JSON], where: str
) -> Iterator[tuple[Any, JSON, JSON]]:
    if first.keys() != other.keys():
        raise EnginesDifferError(f"{where}: {first} | {other}")
    for key in sorted(first.keys() - _VOLATILE):
        yield key, first[key], other[key]


def _pair(first: str, other: str, names: dict[str, str], where: str) -> None:
    mine, theirs = _NAMES.findall(first), _NAMES.findall(other)
    if len(mine) != len(theirs) or _NAMES.sub("*", first) != _NAMES.sub("*", other):
        raise EnginesDifferError(f"{where}: {first!r} | {other!r}")
    for one, two in zip(mine, theirs, strict=True):
        if names.setdefault(one, two) != two:
            raise EnginesDifferError(f"{where}: {one} is {names[one]} and {two}")


@contextmanager
def twin(home: Path, urls: Mapping[str, str], start: str) -> Iterator[Twin]:
    """Applications on migrated and empty databases, founded, with their first administrator."""
    with ExitStack() as up:
        sides = []
        for engine, url in urls.items():
            app = create_app(_settings(home / engine, url))
            sides.append(Side(engine, app, up.enter_context(TestClient(app))))
        made = Twin(tuple(sides), instant(start))
        firsts = [_found(side, made.now) for side in sides]
        made.people[OFFICE] = firsts[0]
        for side, first in zip(sides[1:], firsts[1:], strict=True):
            side.names[firsts[0]] = first
        yield made


def _settings(home: Path, url: str) -> Settings:
    home.mkdir(parents=True, exist_ok=True)
    return Settings.model_validate(
        {
            "environment": "test",
            "database_url": url,
            "key_dir": str(home / "keys"),
            "log_level": "error",
        }
    )


def _found(side: Side, now: datetime) -> str:
    store = side.app.state.registry.store
    said: dict[str, Any] = {}

    def keep(answer: object) -> Rendered:
        assert isinstance(answer, Recorded)
        said.update(answer.value)
        return Rendered(200, b"")

    founder = office.founder()
    act(store, office.found, actor=founder, render=keep, now=now)
    code = str(said["code"])
    act(store, lambda tx: office.enter(tx, code), actor=founder, render=keep, now=now)
    return str(said["principal"])


def entry_types(history: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """How often each type of entry occurs."""
    counted: dict[str, int] = {}
    for _, type_, _ in history:
        counted[type_] = counted.get(type_, 0) + 1
    return counted
