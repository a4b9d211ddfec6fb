"""A registry in this process with two studios, a union and their people, built through the acts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.main import create_app
from app.registrar import office
from app.settings import Settings
from app.store import engine
from app.store.tx import Recorded, Rendered
from app.store.upgrade import upgrade

FAMILY = "sag-aftra/tv-theatrical"
_DEMO = "urn:consent-registry:demo"


@dataclass
class World:
    """The application while it is up. ``people`` are principals by name; tokens are kept."""

    app: FastAPI
    http: TestClient
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

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
        if who is not None:
            sent["Authorization"] = f"Bearer {self._token(who)}"
        return self.http.request(method, path, json=body, headers=sent)

    def post(
        self, path: str, who: str | None, body: Mapping[str, Any] | None = None, **headers: str
    ) -> Response:
        return self.send("POST", path, who, body, **headers)

    def get(self, path: str, who: str) -> Response:
        return self.send("GET", path, who)

    def patch(self, path: str, who: str, body: Mapping[str, Any], read: str) -> Response:
        return self.send("PATCH", path, who, body, If_Match=read)

    def make(self, path: str, who: str | None, body: Mapping[str, Any] | None = None) -> Any:
        """The body of an act that has to succeed."""
        answer = self.post(path, who, body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def user(self, name: str, organization: str, role: str) -> str:
        made = self.make(
            f"/v1/organizations/{self.ids[organization]}/users",
            "office",
            {"role": role, "name": name},
        )
        self.people[name] = made["id"]
        return str(made["id"])

    def performer(self, name: str, **more: Any) -> str:
        body = {"name": f"{name} Person", "contact": f"{name}@performer.example", "adult": True}
        made = self.make("/v1/performers", "studio", body | more)
        self.ids[name] = made["id"]
        return str(made["id"])

    def claim(self, name: str) -> None:
        """Let a performer claim their record; they can act from then on."""
        path = f"/v1/performers/{self.ids[name]}"
        code = self.make(f"{path}/invitation", "office")["code"]
        self.people[name] = self.make(f"{path}/claim", None, {"code": code})["principal"]

    def work(self, name: str, who: str = "studio", **more: Any) -> str:
        made = self.make("/v1/works", who, {"kind": "film", "title": f"Film {name}"} | more)
        self.ids[name] = made["id"]
        return str(made["id"])

    def _token(self, who: str) -> str:
        if who not in self.tokens:
            form = {"grant_type": _DEMO, "principal": self.people[who]}
            answer = self.http.post("/oauth2/token", data=form)
            assert answer.status_code == 200, answer.text
            self.tokens[who] = answer.json()["access_token"]
        return self.tokens[who]


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Two studios, two unions, a vendor and an agency; a performer `ann` and a film `nova`."""
    settings = Settings.model_validate(
        {
            "environment": "test",
            "database_url": database_url,
            "key_dir": str(tmp_path / "keys"),
            "log_level": "error",
        }
    )
    upgrade(database_url)
    app = create_app(settings)
    with TestClient(app) as http:
        made = World(app, http)
        made.people["office"] = _found(app)
        for name, kind in {
            "studio": "studio",
            "rival": "studio",
            "union": "union",
            "guild": "union",
            "vendor": "vendor",
            "agency": "agency",
        }.items():
            body = {"kind": kind, "name": f"The {name}"}
            if name == "union":
                body["agreements"] = [FAMILY]
            made.ids[name] = made.make("/v1/organizations", "office", body)["id"]
        made.user("studio", "studio", "studio_admin")
        made.user("finance", "studio", "studio_finance")
        made.user("rival", "rival", "studio_admin")
        made.user("officer", "union", "union_officer")
        made.user("stranger", "guild", "union_officer")
        made.user("vendor", "vendor", "vendor")
        made.user("agent", "agency", "representative")
        made.user("auditor", "studio", "auditor")
        made.performer("ann")
        made.work("nova", agreement=FAMILY, photography_start="2026-08-03")
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
    return str(said["principal"])
