"""Telling of organizations and their agreements, of performers, members and representatives."""

from datetime import timedelta
from hashlib import sha256

from app.conformance.server import OFFICE, NotAskableError, UnusableServerError
from app.conformance.told import (
    EARLY,
    TICK,
    Steps,
    Told,
    born_at,
    day,
    given,
    on_record,
    undisputed,
    years_before,
)
from app.rules.facts import Document, instant


def organization(told: Told, name: str, document: Document) -> Steps:
    """An organization and the people who speak for it; accepting the rules of the registry."""

    def register(at: str) -> None:
        body = {"kind": document["kind"], "name": f"{name} {told.mark}"}
        if document.get("agreements"):
            body["agreements"] = document["agreements"]
        made = told.server.act(told.server.office, "/v1/organizations", body, at=at)
        told.ids[name] = made["id"]

    yield EARLY, register
    accepted = document.get("registry_rules_accepted_on")
    if accepted is not None:

        def accept(at: str) -> None:
            changes = {"registry_rules_accepted_on": accepted}
            path = f"/v1/organizations/{told.id(name)}"
            told.server.change(told.who(name, "admin"), path, changes, at=at)

        yield day(accepted), accept


def signatory(told: Told, _: str, document: Document) -> Steps:
    """An agreement that binds an organization."""

    def state(at: str) -> None:
        body = {
            "agreement": document["agreement"],
            "starts_on": document["starts_on"],
            **given(document, "ends_on"),
        }
        if document.get("union_id"):
            body["union"] = told.id(document["union_id"])
        owner = document["organization_id"]
        confirmed = document.get("confirmed_by") is not None
        who = told.server.office if confirmed else told.who(owner, "admin")
        told.server.act(who, f"/v1/organizations/{told.id(owner)}/signatories", body, at=at)

    undisputed(document)
    yield EARLY, state


def performer(told: Told, name: str, document: Document) -> Steps:
    """A person: recorded, claimed, vouched for; and a death."""
    if document.get("identity", "stated") != "stated" and not document.get("claimed_at"):
        raise NotAskableError(f"`{name}` is known and has not claimed their record")
    yield born_at(document), lambda at: _record(told, name, document, at)
    if document.get("claimed_at"):
        yield instant(document["claimed_at"]), lambda at: _claim(told, name, document, at)
    if document.get("died_on"):
        # The day itself, which has begun everywhere by its end in UTC.
        end = day(document["died_on"]) + timedelta(days=1) - TICK
        yield end, lambda at: _die(told, name, document, at)


def _record(told: Told, name: str, document: Document, at: str) -> None:
    body = {
        "name": f"{name} {told.mark}",
        "contact": f"{name}.{told.mark}@example.org",
        **given(document, "residence"),
    }
    if document.get("adult_from"):
        body["birth_date"] = years_before(document["adult_from"]).isoformat()
    told.ids[name] = told.server.act(told.who(told.studio), "/v1/performers", body, at=at)["id"]


def _claim(told: Told, name: str, document: Document, at: str) -> None:
    path = f"/v1/performers/{told.id(name)}"
    code = told.server.act(told.server.office, f"{path}/invitation", at=at)["code"]
    claimed = told.server.act("", f"{path}/claim", {"code": code}, at=at)
    told.people[name, ""] = claimed["principal"]
    if instant(claimed["claimed_at"]) != instant(at):
        raise UnusableServerError(
            "the server's clock cannot be set: start it with CONSENT_REGISTRY_ENVIRONMENT=test"
        )
    if document.get("identity") == "vouched":
        told.server.act(told.server.office, f"{path}/vouch", at=at)


def merge(told: Told, name: str, document: Document) -> Steps:
    """Two records of one person: said by two of the registry's office, and taken back by them."""
    path = "/v1/performers/{}/merge"

    def join(at: str) -> None:
        own = path.format(told.id(document["performer_id"]))
        body = {"other": told.id(document["other_id"])}
        told.ids[name] = told.server.act(told.server.office, own, body, at=at)["id"]
        told.server.act(_second(told, at), f"{own}/{told.ids[name]}/confirmation", at=at)

    def part(at: str) -> None:
        own = f"{path.format(told.id(document['performer_id']))}/{told.ids[name]}"
        told.server.act(told.server.office, f"{own}/end", {"reason": "Two persons."}, at=at)
        told.server.act(_second(told, at), f"{own}/confirmation", at=at)

    if document.get("starts_at") is None:
        raise NotAskableError("a merge that nobody confirmed")
    yield instant(document["starts_at"]), join
    if document.get("ends_at"):
        yield instant(document["ends_at"]), part


def _second(told: Told, at: str) -> str:
    """Another person of the registry's office."""
    users = f"/v1/organizations/{told.id(told.studio)}/users"
    return str(told.server.act(told.server.office, users, {"role": OFFICE}, at=at)["id"])


def _die(told: Told, name: str, document: Document, at: str) -> None:
    """Two persons of the registry's office say it."""
    server, paper = told.server, sha256(name.encode()).hexdigest()
    second = _second(told, at)
    path = f"/v1/performers/{told.id(name)}/deaths"
    said = {"died_on": document["died_on"], "document_hash": paper}
    made = server.act(server.office, path, said, at=at)["id"]
    server.act(second, f"{path}/{made}/confirmation", {"document_hash": paper}, at=at)


def membership(told: Told, name: str, document: Document) -> Steps:
    """A membership: stated by the performer, confirmed or disputed by the union."""
    performer = document["performer_id"]

    def state(at: str) -> None:
        body = {
            "union": told.id(document["union_id"]),
            **given(document, "unit", "starts_on", "ends_on"),
        }
        path = f"/v1/performers/{told.id(performer)}/memberships"
        stated = told.server.act(told.who(performer), path, body, at=at)
        told.ids[name] = stated["id"]
        officer = told.who(document["union_id"])
        for member, act in (("confirmed_by", "confirmation"), ("disputed_by", "dispute")):
            if document.get(member):
                told.server.act(officer, f"{path}/{stated['id']}/{act}", at=at)

    claimed = told.of("performers")[performer].get("claimed_at")
    if claimed is None:
        raise NotAskableError(f"`{performer}` is a member and has not claimed their record")
    yield max(instant(claimed), day(document["starts_on"])), state


def representation(told: Told, name: str, document: Document) -> Steps:
    """A person's proven right to act for a performer."""
    performer = document["performer_id"]

    def state(at: str) -> None:
        body = {
            "kind": document["kind"],
            "powers": document.get("powers", ["view"]),
            "person": {
                "name": f"{name} {told.mark}",
                "contact": f"{name}.{told.mark}@example.org",
            },
            **given(document, "starts_on", "ends_on"),
            # Whoever speaks for a minor or for the dead shows a paper, each their own.
            "document_hash": document.get("document_hash") or sha256(name.encode()).hexdigest(),
        }
        path = f"/v1/performers/{told.id(performer)}/representations"
        stated = told.server.act(told.server.office, path, body, at=at)
        told.ids[name] = stated["id"]
        told.people[name, ""] = stated["representative_id"]

    if document.get("verified_by") is None:
        raise NotAskableError("a representation that was not proven and yet acts")
    stated = instant(document["stated_at"]) if document.get("stated_at") else None
    began = max(day(document["starts_on"]), on_record(told, "performers", performer))
    yield stated or began, state
