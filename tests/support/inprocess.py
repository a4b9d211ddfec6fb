"""A registry in this process, with organizations and their people built through the acts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.main import create_app
from app.registrar import office
from app.registrar.agreements import install
from app.settings import Settings
from app.store import engine
from app.store.tx import Recorded, Rendered
from app.store.upgrade import upgrade
from tests.support.client import CLOCK_HEADER

FAMILY = "sag-aftra/tv-theatrical"
# Who works where, and as what; each is put on record when first spoken for.
_PEOPLE = {
    "studio": ("studio", "studio_admin"),
    "clearance": ("studio", "studio_clearance"),
    "finance": ("studio", "studio_finance"),
    "rival": ("rival", "studio_admin"),
    "officer": ("union", "union_officer"),
    "staff": ("union", "union_staff"),
    "stranger": ("guild", "union_officer"),
    "vendor": ("vendor", "vendor"),
    "agent": ("agency", "representative"),
    "auditor": ("studio", "auditor"),
}
_ORGANIZATIONS = {
    "studio": "studio",
    "rival": "studio",
    "union": "union",
    "guild": "union",
    "vendor": "vendor",
    "agency": "agency",
}
_DEMO = "urn:consent-registry:demo"


@dataclass
class World:
    """The application while it is up. ``people`` are principals by name; tokens are kept."""

    app: FastAPI
    http: TestClient
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    # What time it is for whatever is sent, where a story is told that takes longer than the test.
    now: str | None = None

    def send(
        self,
        method: str,
        path: str,
        who: str | None,
        body: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> Response:
        """Send one request as somebody; header names are given with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.now is not None:
            sent[CLOCK_HEADER] = self.now
        if who is not None:
            sent["Authorization"] = f"Bearer {self.token(who)}"
        return self.http.request(method, path, json=body, headers=sent)

    def post(
        self, path: str, who: str | None, body: Mapping[str, Any] | None = None, **headers: str
    ) -> Response:
        """Act."""
        return self.send("POST", path, who, body, **headers)

    def get(self, path: str, who: str) -> Response:
        return self.send("GET", path, who)

    def patch(self, path: str, who: str, body: Mapping[str, Any], read: str) -> Response:
        return self.send("PATCH", path, who, body, If_Match=read)

    def make(
        self, path: str, who: str | None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The body of an act that has to succeed."""
        answer = self.post(path, who, body)
        assert answer.status_code in {200, 201}, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def person(self, name: str) -> str:
        """The principal of somebody, put on record when first asked for."""
        if name not in self.people:
            organization, role = _PEOPLE[name]
            path = f"/v1/organizations/{self.ids[organization]}/users"
            made = self.make(path, "office", {"role": role, "name": name})
            self.people[name] = made["id"]
        return self.people[name]

    def organization(self, name: str, kind: str, **more: Any) -> str:
        body = {"kind": kind, "name": f"The {name}"} | more
        self.ids[name] = self.make("/v1/organizations", "office", body)["id"]
        return self.ids[name]

    def studio(self, name: str) -> str:
        """A new studio, with an admin of the same name."""
        made = self.organization(name, "studio")
        body = {"role": "studio_admin"}
        self.people[name] = self.make(f"/v1/organizations/{made}/users", "office", body)["id"]
        return made

    def performer(self, name: str, **more: Any) -> str:
        body = {"name": f"{name} Person", "contact": f"{name}@performer.example", "adult": True}
        made = self.make("/v1/performers", "studio", body | more)
        self.ids[name] = str(made["id"])
        return self.ids[name]

    def claim(self, name: str) -> None:
        """Let a performer claim their record; they can act from then on."""
        path = f"/v1/performers/{self.ids[name]}"
        code = self.make(f"{path}/invitation", "office")["code"]
        self.people[name] = self.make(f"{path}/claim", None, {"code": code})["principal"]

    def work(self, name: str, who: str = "studio", **more: Any) -> str:
        made = self.make("/v1/works", who, {"kind": "film", "title": f"Film {name}"} | more)
        self.ids[name] = made["id"]
        return str(made["id"])

    def token(self, who: str) -> str:
        if who not in self.tokens:
            form = {"grant_type": _DEMO, "principal": self.person(who)}
            answer = self.http.post("/oauth2/token", data=form)
            assert answer.status_code == 200, answer.text
            self.tokens[who] = answer.json()["access_token"]
        return self.tokens[who]


@contextmanager
def small_world(database_url: str, home: Path) -> Iterator[World]:
    """Two studios, two unions, a vendor and an agency; a performer `ann` and a film `nova`."""
    upgrade(database_url)
    with opened(database_url, home) as made:
        made.people["office"] = _found(made.app)
        for name, kind in _ORGANIZATIONS.items():
            more = {"agreements": [FAMILY]} if name == "union" else {}
            made.organization(name, kind, **more)
        made.performer("ann")
        made.work("nova", agreement=FAMILY, photography_start="2026-08-03")
        yield made


@contextmanager
def opened(database_url: str, home: Path, known: World | None = None) -> Iterator[World]:
    """A world on a database of this release; ``known`` is one of which the database is a copy."""
    settings = Settings.model_validate(
        {
            "environment": "test",
            "database_url": database_url,
            "key_dir": str(home / "keys"),
            "log_level": "error",
        }
    )
    app = create_app(settings)
    with TestClient(app) as http:
        made = World(app, http)
        if known is not None:
            made.people |= known.people
            made.ids |= known.ids
        yield made


def _found(app: FastAPI) -> str:
    """Found the registry and let the first administrator in."""
    store = app.state.registry.store
    said: dict[str, Any] = {}

    def keep(answer: object) -> Rendered:
        assert isinstance(answer, Recorded)
        said.update(answer.value)
        return Rendered(200, b"")

    engine.act(store, office.found, actor=office.founder(), render=keep)
    engine.act(
        store, lambda tx: office.enter(tx, said["code"]), actor=office.founder(), render=keep
    )
    # As `init` does: from here on it is on record by which packs the registry decides.
    install(store, None)
    return str(said["principal"])
