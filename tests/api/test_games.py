"""Terms of games, over HTTP: what a description says, and a pause that no terms take away."""

import pytest

from tests.api.consents import check, codes, key, question, signed, somebody, veto
from tests.support.inprocess import World

FAMILY = "sag-aftra/interactive"
SAID = {
    "text": "The voice and face of the harbour master, in the plot and in the cut scenes.",
    "prior_ip": False,
    "reprised_role": True,
    "sensitive_content": False,
}


@pytest.fixture
def game(world: World) -> str:
    """A game of the studio under the agreement for games, and a union that is party to it."""
    if "players" not in world.ids:
        world.organization("players", "union", agreements=[FAMILY])
        users = f"/v1/organizations/{world.ids['players']}/users"
        for officer in ("first", "other"):
            made = world.make(users, "office", {"role": "union_officer"})
            world.people[f"players {officer}"] = made["id"]
        body = {"agreement": FAMILY, "union": world.ids["players"], "starts_on": "2025-07-09"}
        world.make(f"/v1/organizations/{world.ids['studio']}/signatories", "office", body)
        world.work("deep", kind="game", agreement=FAMILY, photography_start="2026-08-03")
    return "deep"


def engaged(world: World, game: str) -> str:
    ann = somebody(world)
    world.make(
        "/v1/engagements",
        "studio",
        {"performer": world.ids[ann], "work": world.ids[game], "rate": {"kind": "daily"}},
    )
    return ann


def test_a_description_that_leaves_out_what_players_will_meet_is_none(
    world: World, game: str
) -> None:
    ann = engaged(world, game)
    made = signed(world, ann, game, description={**SAID, "sensitive_content": None})
    assert "sensitive_content" not in made["description"]
    told = check(world, question(world, ann, game))["reasons"]
    missing = [r for r in told if r["code"] == "D_DESC_MISSING"]
    assert [r["facts"]["field"] for r in missing] == ["description.sensitive_content"]
    assert missing[0]["sentence"].startswith(
        "Stop. The performer signed a description that does not say whether there is profanity"
    )

    bob = engaged(world, game)
    assert signed(world, bob, game, description=SAID)["description"]["reprised_role"] is True
    assert "D_DESC_MISSING" not in codes(check(world, question(world, bob, game)))


def test_in_a_strike_a_performer_pauses_whatever_the_terms_say(world: World, game: str) -> None:
    ann = engaged(world, game)
    terms = {"new_uses": "any_time", "pause": False}
    made = signed(world, ann, game, description=SAID, withdrawal=terms)
    path = f"/v1/grants/{made['id']}/suspension"
    assert world.post(path, ann, None, **key()).status_code == 409

    scope = {"agreement": FAMILY, "unit": "performers"}
    strike = veto(world, scope, "players first", kind="strike", basis="strike").json()
    world.make(f"/v1/vetoes/{strike['id']}/confirmation", "players other")
    assert world.post(path, ann, None, **key()).status_code == 201
    during = check(world, question(world, ann, game))
    rules = {r["code"]: r["source"]["rule"] for r in during["reasons"]}
    assert rules["D_SUSPENDED"] == "IM-03"

    world.make(f"/v1/vetoes/{strike['id']}/lift", "players first")
    assert "D_SUSPENDED" not in codes(check(world, question(world, ann, game)))
