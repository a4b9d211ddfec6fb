"""Telling of vetoes and court orders."""

from collections.abc import Callable

from app.conformance.server import NotAskableError, UnexpectedError
from app.conformance.told import HOUR, TICK, Json, Steps, Told, given
from app.rules.facts import Document, instant


def court_order(told: Told, name: str, document: Document) -> Steps:
    """An order of a court, entered by the office."""

    def record(at: str) -> None:
        body = given(document, "reference", "starts_at", "ends_at")
        for member in ("performer", "work", "studio"):
            if document.get(f"{member}_id"):
                body[member] = told.id(document[f"{member}_id"])
        made = told.server.act(told.server.office, "/v1/court-orders", body, at=at)
        told.ids[name] = made["id"]

    recorded_at = document.get("recorded_at")
    yield instant(recorded_at) if recorded_at else instant(document["starts_at"]) - TICK, record


def veto_body(told: Told, document: Document) -> Json:
    """A veto as an officer asks for it."""
    scope = _scope(told, document.get("scope", {}))
    if not scope.keys() & {"performer", "work", "studio"}:
        # A strike calls out whole units. Here it is held to the studio of its own world, or it
        # would reach into the worlds of all other vectors.
        scope["studio"] = told.id(told.studio)
    return {
        "scope": scope,
        **given(document, "kind", "basis", "authority", "reason", "effect", "timing"),
        # An emergency starts as it is issued.
        **given(document, "emergency" if document.get("emergency") else "starts_at", "review_by"),
    }


def _scope(told: Told, scope: Document) -> Json:
    named = {"performer", "work", "studio"}
    return {member: told.id(value) if member in named else value for member, value in scope.items()}


def veto(told: Told, name: str, document: Document) -> Steps:
    """A veto: issued, seconded where it is wide, with exceptions, narrowed, lifted."""
    union, state = document["union_id"], document.get("state", "in_force")
    _issuable(document, state)
    starts_at = instant(document["starts_at"])
    issued_at = starts_at if document.get("emergency") else starts_at - HOUR
    if document.get("recorded_at"):
        issued_at = instant(document["recorded_at"])
    yield issued_at, lambda at: _issue(told, name, document, at)
    if document.get("seconded_at"):
        yield instant(document["seconded_at"]), lambda at: _second(told, name, union, at)
    for exception in document.get("exceptions", []):
        yield instant(exception["starts_at"]), _letting_through(told, name, union, exception)
    for narrowing in document.get("narrowings", []):
        yield instant(narrowing["at"]), _narrowing(told, name, union, narrowing)
    if state == "lifted":
        yield instant(document["lifted_at"]), lambda at: _lift(told, name, union, at)


def _issuable(document: Document, state: str) -> None:
    unsaid = [name for name in ("basis", "authority") if not document[name].strip()]
    if unsaid or (document["kind"] == "policy" and not document.get("review_by")):
        raise NotAskableError("a veto without basis, authority or review date")
    if any(document.get(name) for name in ("renewals", "appeals")):
        raise NotAskableError("a veto that was renewed or appealed")
    if state not in {"proposed", "in_force", "lifted"}:
        raise NotAskableError(f"a veto that is {state}")


def _issue(told: Told, name: str, document: Document, at: str) -> None:
    union = document["union_id"]
    made = told.server.act(told.who(union), "/v1/vetoes", veto_body(told, document), at=at)
    told.ids[name] = made["id"]
    told.numbers[made["number"]] = document.get("number") or "no number"
    if made["effect"] != document["effect"]:
        raise UnexpectedError(f"`{name}` only flags: {made.get('flagged_because')}")
    if made["state"] == "proposed" and document.get("state") != "proposed":
        _second(told, name, union, at)


def _second(told: Told, name: str, union: str, at: str) -> None:
    path = f"/v1/vetoes/{told.id(name)}/confirmation"
    told.server.act(told.who(union, "second"), path, at=at)


def _lift(told: Told, name: str, union: str, at: str) -> None:
    told.server.act(told.who(union), f"/v1/vetoes/{told.id(name)}/lift", {}, at=at)


def _letting_through(
    told: Told, name: str, union: str, exception: Document
) -> Callable[[str], None]:
    def let_through(at: str) -> None:
        body = given(exception, "basis", "starts_at", "ends_at")
        for member in ("work", "studio"):
            if exception.get(member):
                body[member] = told.id(exception[member])
        told.server.act(told.who(union), f"/v1/vetoes/{told.id(name)}/exceptions", body, at=at)

    return let_through


def _narrowing(told: Told, name: str, union: str, narrowing: Document) -> Callable[[str], None]:
    def narrow(at: str) -> None:
        body = {"scope": _scope(told, narrowing["scope"])}
        told.server.act(told.who(union), f"/v1/vetoes/{told.id(name)}/narrowing", body, at=at)

    return narrow
