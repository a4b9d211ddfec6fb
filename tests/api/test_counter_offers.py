""" "Signed if they agree to exactly this": taken, changed, outlived, taken back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from httpx2 import Response

from tests.api.consents import key, offered, picture, signed, somebody
from tests.support.inprocess import World

AT = {"Consent_Registry_Now": "2031-03-01T12:00:00Z"}
MORE = {"pay": {"kind": "per_day", "amount": {"amount": "1500.00", "currency": "USD"}}}


def countered(
    world: World, made: dict[str, Any], who: str, *, at: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """The other terms that the performer asks for."""
    path = f"/v1/grants/{made['id']}"
    tag = world.send("GET", path, who, None, **(at or {})).headers["etag"]
    body = MORE | {"presigned": True} | more
    answer = world.post(f"{path}/counter-offers", who, body, If_Match=tag, **(at or {}))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def taken(world: World, grant: dict[str, Any], terms_hash: str, **headers: str) -> Response:
    """The studio's answer: exactly these terms."""
    path = f"/v1/grants/{grant['id']}/amendments"
    tag = {"If_Match": f'"v{grant["version"]}"'} | headers
    return world.post(path, "studio", {"terms_hash": terms_hash}, **tag)


def test_what_was_signed_in_advance_keeps_how_well_its_signer_was_known(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = countered(world, offered(world, ann, film), ann)
    asked = made["proposal"]
    known = asked["signature"]["identity"]
    world.make(f"/v1/performers/{world.ids[ann]}/vouch", "office")
    closed = taken(world, made, asked["terms_hash"]).json()
    assert closed["state"] == "active"
    assert closed["signature"]["identity"] == known == "contact_confirmed"
    assert closed["signature"]["presigned_at"] == asked["at"]
    assert closed["terms_hash"] == asked["terms_hash"]


def test_terms_that_changed_meanwhile_are_not_taken(world: World) -> None:
    ann, film = somebody(world), picture(world)
    first = countered(world, offered(world, ann, film), ann)
    second = countered(world, first, ann, ends_on="2035-01-01")
    old = first["proposal"]["terms_hash"]
    stale = taken(world, first, old)
    assert stale.status_code == 412
    changed = taken(world, second, old)
    assert changed.status_code == 409
    assert changed.json()["type"].endswith("/terms-changed")
    assert changed.json()["terms_hash"] == second["proposal"]["terms_hash"]
    assert taken(world, second, second["proposal"]["terms_hash"]).status_code == 200
    twice = taken(world, second, second["proposal"]["terms_hash"])
    assert twice.status_code == 412


def test_a_counter_offer_stands_until_its_day_and_no_longer(world: World) -> None:
    ann, film = somebody(world), picture(world)
    offer = offered(world, ann, film, answer_by="2031-03-15T12:00:00Z")
    soon = world.post(
        f"/v1/grants/{offer['id']}/counter-offers",
        ann,
        MORE | {"answer_by": "2031-03-02T12:00:00Z"},
        If_Match='"v1"',
        **AT,
    )
    assert soon.json()["errors"][0]["pointer"] == "/answer_by"
    made = countered(world, offer, ann, at=AT, answer_by="2031-03-08T12:00:00Z")
    asked = made["proposal"]["terms_hash"]
    late = taken(world, made, asked, Consent_Registry_Now="2031-03-08T12:00:00Z")
    assert late.status_code == 409
    assert "waited until 8 March 2031, 12:00 UTC" in late.json()["detail"]
    in_time = taken(world, made, asked, Consent_Registry_Now="2031-03-08T11:59:59Z")
    assert in_time.json()["state"] == "active"


def test_after_the_answer_date_of_an_offer_there_is_nothing_to_counter(world: World) -> None:
    ann, film = somebody(world), picture(world)
    offer = offered(world, ann, film, answer_by="2031-03-15T12:00:00Z")
    path = f"/v1/grants/{offer['id']}/counter-offers"
    over = {"Consent_Registry_Now": "2031-03-15T12:00:00Z"}
    answer = world.post(path, ann, MORE, If_Match='"v1"', **over)
    assert answer.status_code == 409
    assert "silence was a no" in answer.json()["detail"]


def test_a_counter_offer_is_taken_back_while_nobody_took_it(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = countered(world, offered(world, ann, film), ann)
    path = f"/v1/grants/{made['id']}/counter-offers/withdrawal"
    back = world.make(path, ann)
    assert (back["state"], back["proposal"]) == ("offered", None)
    gone = taken(world, back, made["proposal"]["terms_hash"])
    assert gone.status_code == 409
    assert world.post(path, ann).status_code == 409
    again = countered(world, back, ann)
    assert taken(world, again, again["proposal"]["terms_hash"]).json()["state"] == "active"
    assert world.post(path, ann).status_code == 409
    declined = offered(world, ann, film)
    world.make(f"/v1/grants/{declined['id']}/decline", ann)
    assert (
        world.post(f"/v1/grants/{declined['id']}/counter-offers/withdrawal", ann).status_code == 409
    )


def test_a_counter_offer_to_terms_in_force_leaves_them_in_force(world: World) -> None:
    ann, film = somebody(world), picture(world)
    standing = signed(world, ann, film)
    made = countered(world, standing, ann)
    assert made["terms_hash"] == standing["terms_hash"]
    world.post(f"/v1/grants/{made['id']}/revocation", ann, None, **key())
    ended = world.get(f"/v1/grants/{made['id']}", "studio").json()
    gone = taken(world, ended, made["proposal"]["terms_hash"])
    assert gone.status_code == 409


def test_who_could_not_sign_any_more_signed_nothing_in_advance(world: World) -> None:
    ann, film = somebody(world), picture(world)
    body = {"kind": "attorney", "powers": ["sign"], "representative": world.ids["agency"]}
    path = f"/v1/performers/{world.ids[ann]}/representations"
    proof = world.post(path, ann, body, **AT).json()
    offer = offered(world, ann, film, answer_by="2031-03-15T12:00:00Z")
    made = countered(world, offer, "agent", at=AT)
    assert made["proposal"]["signature"]["representation_id"] == proof["id"]
    ended = world.post(f"{path}/{proof['id']}/end", ann, {"ends_on": "2031-03-01"}, **AT)
    assert ended.status_code == 200, ended.text
    later = {"Consent_Registry_Now": "2031-03-03T12:00:00Z"}
    gone = taken(world, made, made["proposal"]["terms_hash"], **later)
    assert gone.status_code == 409
    assert "could not sign it today" in gone.json()["detail"]


def test_to_take_and_to_take_back_at_once_has_one_winner(world: World) -> None:
    ann, film = somebody(world), picture(world)
    for _ in range(5):
        made = countered(world, offered(world, ann, film), ann)
        back = f"/v1/grants/{made['id']}/counter-offers/withdrawal"
        with ThreadPoolExecutor(2) as both:
            closing = both.submit(taken, world, made, made["proposal"]["terms_hash"])
            leaving = both.submit(world.post, back, ann)
        closed, left = closing.result().status_code, leaving.result().status_code
        state = world.get(f"/v1/grants/{made['id']}", ann).json()["state"]
        assert (closed, left, state) in {
            (200, 409, "active"),
            (412, 200, "offered"),
        }
