"""The thin path over HTTP: offer, yes, check, use, veto, check."""

from typing import Any

from tests.api.conftest import World


def offered(world: World, **more: Any) -> Any:
    body = {
        "performer": world.ids["ann"],
        "work": world.ids["nova"],
        "uses": ["stunt", "face_replace"],
        "description": "aerial stunts, scenes 40-60",
        "pay": {"kind": "days_x_rate"},
        "ends_on": "2027-12-31",
    }
    return world.make("/v1/grants", "studio", body | more)


def test_an_offer_says_which_works_it_shows_and_what_is_signed(world: World) -> None:
    made = offered(world)
    assert made["state"] == "offered"
    assert made["shown_works"] == [world.ids["nova"]]
    assert len(made["terms_hash"]) == 64
