"""Standing instructions: a never outlasts later consents, and an always is none."""

from typing import Any

from tests.api.consents import (
    accept,
    check,
    codes,
    key,
    offered,
    picture,
    question,
    signed,
    somebody,
)
from tests.support.inprocess import World


def say(world: World, who: str, said: str, **about: Any) -> dict[str, Any]:
    path = f"/v1/performers/{world.ids[who]}/instructions"
    return world.make(path, who, {"say": said, **about})


def test_a_never_stands_against_a_later_yes_and_not_against_an_earlier_one(world: World) -> None:
    ann, film, later = somebody(world), picture(world), picture(world)
    signed(world, ann, film)
    say(world, ann, "never", use="stunt")
    assert "D_STANDING_NO" not in codes(check(world, question(world, ann, film)))
    signed(world, ann, later)
    decision = check(world, question(world, ann, later))
    assert decision["outcome"] == "deny"
    assert "never agree to stunts. What they signed later" in decision["reasons"][0]["sentence"]
    other = check(world, question(world, ann, later, use="face_replace"))
    assert "D_STANDING_NO" not in codes(other)


def test_the_performer_says_in_the_grant_that_it_counts_all_the_same(world: World) -> None:
    ann, film = somebody(world), picture(world)
    say(world, ann, "never", use="stunt")
    made = offered(world, ann, film)
    assert made["instructions"] == [{"say": "never", "what": "stunts"}]
    path = f"/v1/grants/{made['id']}/acceptance"
    body = {"terms_hash": made["terms_hash"], "despite_instructions": True}
    done = world.post(path, ann, body, **key())
    assert done.json()["signature"]["despite_instructions_at"] == done.json()["signature"]["at"]
    assert "D_STANDING_NO" not in codes(check(world, question(world, ann, film)))


def test_it_can_be_said_later_and_counts_from_then_on(world: World) -> None:
    ann, film = somebody(world), picture(world)
    say(world, ann, "never", use="stunt")
    made = signed(world, ann, film)
    before = world.post("/v1/checks", "studio", question(world, ann, film)).json()
    assert "D_STANDING_NO" in codes(before["decision"])
    body = {"terms_hash": made["terms_hash"], "despite_instructions": True}
    path = f"/v1/grants/{made['id']}/acceptance"
    assert world.post(path, ann, body, **key()).status_code == 200
    assert "D_STANDING_NO" not in codes(check(world, question(world, ann, film)))
    then = question(world, ann, film) | {"as_of": before["as_of"]}
    assert "D_STANDING_NO" in codes(check(world, then))


def test_said_again_it_counts_from_the_first_time(world: World) -> None:
    ann, film = somebody(world), picture(world)
    say(world, ann, "never", use="stunt")
    made = signed(world, ann, film)
    body = {"terms_hash": made["terms_hash"], "despite_instructions": True}
    path = f"/v1/grants/{made['id']}/acceptance"
    assert world.post(path, ann, body, **key()).status_code == 200
    then = world.post("/v1/checks", "studio", question(world, ann, film)).json()
    again = world.post(path, ann, body, **key())
    assert again.status_code == 409
    assert again.json()["detail"].startswith("You said before that this counts whatever")
    later = check(world, question(world, ann, film) | {"as_of": then["as_of"]})
    assert "D_STANDING_NO" not in codes(later)
    assert later["outcome"] == then["decision"]["outcome"]


def test_nobody_but_the_performer_sets_a_never_aside(world: World) -> None:
    ann, film = somebody(world), picture(world)
    body = {"kind": "attorney", "powers": ["sign"], "representative": world.ids["agency"]}
    world.make(f"/v1/performers/{world.ids[ann]}/representations", ann, body)
    say(world, ann, "never", use="stunt")
    made = offered(world, ann, film)
    despite = {"terms_hash": made["terms_hash"], "despite_instructions": True}
    answer = world.post(f"/v1/grants/{made['id']}/acceptance", "agent", despite, **key())
    assert answer.status_code == 409
    assert "Only the performer sets aside" in answer.json()["detail"]
    assert accept(world, made, "agent").status_code == 200


def test_an_always_is_no_consent_and_neither_is_told_to_whom_it_does_not_concern(
    world: World,
) -> None:
    ann, film = somebody(world), picture(world)
    say(world, ann, "always", use="stunt")
    say(world, ann, "ask_me", use="de_age")
    say(world, ann, "never", use="train_model")
    decision = check(world, question(world, ann, film))
    assert decision["outcome"] == "deny"
    assert {"D_NO_CONSENT", "W_STANDING_YES"} <= {*codes(decision)}
    asked = check(world, question(world, ann, film, use="de_age"))
    assert "W_STANDING_ASK" in codes(asked)
    assert "D_STANDING_NO" in codes(check(world, question(world, ann, film, use="train_model")))
    assert not {c for c in codes(asked) if "NO" in c} - {"D_NO_CONSENT", "O_NOTIFY"}
    assert [i["say"] for i in offered(world, ann, film)["instructions"]] == ["always"]
    path = f"/v1/performers/{world.ids[ann]}/instructions"
    assert world.get(path, "studio").status_code == 403
    assert len(world.get(path, ann).json()["data"]) == 3


def test_a_never_to_content_waits_until_the_content_is_stated(world: World) -> None:
    ann, film = somebody(world), picture(world, content_tags=None)
    say(world, ann, "never", tag="simulated_sex")
    signed(world, ann, film)
    assert "A_CONTENT_NOT_STATED" in codes(check(world, question(world, ann, film)))
    for tags, stops in ((["stunts"], False), (["simulated_sex"], True)):
        found = check(world, question(world, ann, film, description={"tags": tags}))
        assert ("D_STANDING_NO" in codes(found)) == stops


def test_what_is_said_anew_ends_what_was_said_before(world: World) -> None:
    ann, film = somebody(world), picture(world)
    first = say(world, ann, "never", use="stunt")
    path = f"/v1/performers/{world.ids[ann]}/instructions"
    again = world.post(path, ann, {"say": "never", "use": "stunt"})
    assert again.status_code == 409
    second = say(world, ann, "ask_me", use="stunt")
    listed = {i["id"]: i for i in world.get(path, ann).json()["data"]}
    assert listed[first["id"]]["ends_at"] == second["starts_at"]
    assert "D_STANDING_NO" not in codes(check(world, question(world, ann, film)))
    end = f"/v1/instructions/{second['id']}/end"
    assert world.make(end, ann)["ends_at"] is not None
    assert world.post(end, ann).status_code == 409
    assert world.post("/v1/instructions/inst_none/end", ann).status_code == 404
    about_nothing = world.post(path, ann, {"say": "never"})
    assert about_nothing.json()["errors"][0]["pointer"] == "/use"


def test_a_minor_says_never_and_takes_nothing_back_alone(world: World) -> None:
    kid = somebody(world, adult=False, birth_date="2015-03-04")
    made = say(world, kid, "never", use="stunt")
    path = f"/v1/performers/{world.ids[kid]}/instructions"
    more = world.post(path, kid, {"say": "always", "use": "crowd"})
    assert more.status_code == 409
    back = world.post(f"/v1/instructions/{made['id']}/end", kid)
    assert back.status_code == 409
    assert "guardian" in back.json()["detail"]
