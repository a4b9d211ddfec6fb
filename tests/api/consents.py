"""What tests of consents begin with: somebody who can answer, a picture, a signed yes."""

from itertools import count
from typing import Any

from httpx2 import Response

from app.store import heads
from tests.support.inprocess import World

_NUMBERS = count(1)


def key() -> dict[str, str]:
    """A new Idempotency-Key."""
    return {"Idempotency_Key": f"key-{next(_NUMBERS)}"}


def somebody(world: World, *, member: bool = False, **more: Any) -> str:
    """A new performer who claimed their record; their name in the world."""
    name = f"p{next(_NUMBERS)}"
    world.performer(name, **more)
    world.claim(name)
    if member:
        path = f"/v1/performers/{world.ids[name]}/memberships"
        stated = world.make(path, name, {"union": world.ids["union"]})
        world.make(f"{path}/{stated['id']}/confirmation", "officer")
    return name


def picture(world: World, **more: Any) -> str:
    """A new film of the studio that shows nothing remarkable; its name in the world."""
    name = f"w{next(_NUMBERS)}"
    world.work(name, **{"content_tags": ["stunts"]} | more)
    return name


def terms(world: World, performer: str, work: str, **more: Any) -> dict[str, Any]:
    """The shortest body of an offer; pay is settled, so that nothing else is asked."""
    return {
        "performer": world.ids[performer],
        "work": world.ids[work],
        "uses": ["stunt", "face_replace"],
        "description": "aerial stunts, scenes 40-60",
        "pay": {"kind": "bargained_flat", "amount": {"amount": "10000.00", "currency": "USD"}},
    } | more


def offered(world: World, performer: str, work: str, **more: Any) -> dict[str, Any]:
    return world.make("/v1/grants", "studio", terms(world, performer, work, **more))


def signed(world: World, performer: str, work: str, **more: Any) -> dict[str, Any]:
    made = offered(world, performer, work, **more)
    answer = accept(world, made, performer)
    assert answer.status_code == 200, answer.text
    value: dict[str, Any] = answer.json()
    return value


def accept(world: World, grant: dict[str, Any], who: str) -> Response:
    path = f"/v1/grants/{grant['id']}/acceptance"
    return world.post(path, who, {"terms_hash": grant["terms_hash"]}, **key())


def question(world: World, performer: str, work: str, **more: Any) -> dict[str, Any]:
    return {"performer": world.ids[performer], "work": world.ids[work], "use": "stunt"} | more


def check(world: World, body: dict[str, Any], who: str = "studio") -> dict[str, Any]:
    """The decision of a check."""
    answer = world.post("/v1/checks", who, body)
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()["decision"]
    return decision


def codes(decision: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in decision["reasons"]]


def register(world: World, body: dict[str, Any], who: str = "studio") -> Response:
    return world.post("/v1/uses", who, body, **key())


def cleared(world: World, performer: str, work: str, **more: Any) -> dict[str, Any]:
    answer = register(world, question(world, performer, work, **more))
    assert answer.status_code == 201, answer.text
    value: dict[str, Any] = answer.json()
    assert value["state"] == "cleared", value["decision"]["reasons"]
    return value


def veto(world: World, scope: dict[str, Any], who: str = "officer", **more: Any) -> Response:
    body = {
        "kind": "grievance",
        "basis": "article 12",
        "authority": "resolution 3 of the board",
        "scope": scope,
        "reason": "A grievance is open.",
    }
    return world.post("/v1/vetoes", who, body | more, **key())


def accepting(world: World, *studios: str) -> None:
    """Let studios accept the registry's rules from today on, so that wide vetoes bind them."""
    for who in studios:
        path = f"/v1/organizations/{world.ids[who]}"
        seen = world.get(path, who)
        if seen.json()["registry_rules_accepted_on"] is None:
            body = {"registry_rules_accepted_on": heads.process_clock().date().isoformat()}
            assert world.patch(path, who, body, seen.headers["etag"]).status_code == 200
