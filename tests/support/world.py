"""A small world for tests over HTTP, built through the acts: an office, a studio, people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import commands
from tests.support.client import Client
from tests.support.server import Server

ONE_TIME_CODE = "urn:consent-registry:one-time-code"
AGREEMENT = "sag-aftra/tv-theatrical"


def office(stranger: Client, server: Server) -> Client:
    """Found the registry and be its first administrator."""
    form = {"grant_type": ONE_TIME_CODE, "code": str(commands.init(server.settings)["code"])}
    entered = stranger.form("/oauth2/token", form).expect(200)
    return stranger.as_(str(entered["client_id"]))


def organization(admin: Client, kind: str, name: str, **more: Any) -> str:
    """Register an organization; its id."""
    return admin.post("/v1/organizations", {"kind": kind, "name": name, **more}).id


def member(admin: Client, organization_id: str, role: str) -> Client:
    """Give a new person a role in an organization, and sign them in."""
    added = admin.post(f"/v1/organizations/{organization_id}/users", {"role": role})
    return admin.as_(added.id)


@dataclass(frozen=True)
class Person:
    """A performer who claimed their record."""

    id: str
    client: Client


def performer(studio: Client, admin: Client, name: str, **more: Any) -> Person:
    """Record a performer, invite them past the studio, and let them claim their record."""
    body = {"name": name, "contact": f"{name.replace(' ', '.')}@example.org", "adult": True}
    performer_id = studio.post("/v1/performers", {**body, **more}).id
    invited = admin.post(f"/v1/performers/{performer_id}/invitation").expect()
    code = {"code": invited["code"]}
    claimed = Client(admin.http).post(f"/v1/performers/{performer_id}/claim", code, key=None)
    return Person(performer_id, admin.as_(str(claimed.expect()["principal"])))


def membership(person: Person, officer: Client, union_id: str, **more: Any) -> str:
    """Let the performer state a membership and the union confirm it; its id."""
    path = f"/v1/performers/{person.id}/memberships"
    stated = person.client.post(path, {"union": union_id, **more}).id
    officer.post(f"{path}/{stated}/confirmation").expect()
    return stated


def work(studio: Client, kind: str, title: str, **more: Any) -> str:
    """Record a work; its id."""
    return studio.post("/v1/works", {"kind": kind, "title": title, **more}).id


def grant(studio: Client, person: Person, works: list[str], **terms: Any) -> Mapping[str, Any]:
    """Offer a consent and let the performer sign it; the grant as it stands then."""
    offered = offer(studio, person, works, **terms)
    return accept(person, offered)


def offer(studio: Client, person: Person, works: list[str], **terms: Any) -> Mapping[str, Any]:
    """Offer a consent."""
    body = {"performer": person.id, "works": works, **terms}
    return studio.post("/v1/grants", body).expect()


def accept(person: Person, offered: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sign what was offered."""
    path = f"/v1/grants/{offered['id']}/acceptance"
    return person.client.post(path, {"terms_hash": offered["terms_hash"]}).expect()
