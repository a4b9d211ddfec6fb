"""The ledger over HTTP: what is owed, what is said to be paid, and what came."""

from typing import Any

from tests.api.consents import cleared, key, picture, question, register, signed, somebody
from tests.support.inprocess import FAMILY, World

FLAT = {"amount": "10000.00", "currency": "USD"}


def locked(world: World) -> tuple[str, dict[str, Any]]:
    """A performer with a use that is locked into a picture."""
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    return ann, use


def line_of(world: World, use: dict[str, Any], who: str = "studio") -> dict[str, Any]:
    (line,) = world.get(f"/v1/dues?use={use['id']}", who).json()["data"]
    return dict(line)


def paid(world: World, ann: str, line: dict[str, Any], amount: str = "10000.00") -> dict[str, Any]:
    body = {
        "performer": world.ids[ann],
        "reference": "PR-1",
        "paid_on": "2026-11-20",
        "lines": [{"due": line["id"], "amount": {"amount": amount, "currency": "USD"}}],
    }
    answer = world.post("/v1/payments", "studio", body, **key())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_paid_is_the_payers_word_until_the_performer_confirms(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film)
    use = cleared(world, ann, film)
    assert line_of(world, use)["state"] == "not_due"
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    line = line_of(world, use, ann)
    assert (line["state"], line["amount"]) == ("due", FLAT)
    payment = paid(world, ann, line)
    assert line_of(world, use, ann)["state"] == "said_paid"
    world.make(f"/v1/payments/{payment['id']}/receipt", ann, {"answer": "yes"})
    assert line_of(world, use, ann)["state"] == "confirmed"
