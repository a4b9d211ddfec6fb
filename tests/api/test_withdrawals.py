"""Stopping new uses is a term; who asks without the right to it gets an answer."""

from typing import Any

from tests.api.consents import check, cleared, codes, key, picture, question, signed, somebody
from tests.support.inprocess import World

BOUND = {"new_uses": "only_if_agreement_says"}


def asked(world: World) -> tuple[str, str, dict[str, Any]]:
    """A performer who asked to stop what they cannot stop alone."""
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film, withdrawal=BOUND)
    path = f"/v1/grants/{made['id']}"
    answer = world.post(f"{path}/revocation", ann, {"reason": "I changed."}, **key())
    assert answer.status_code == 200, answer.text
    return ann, film, answer.json()


def test_before_the_click_the_page_says_what_asking_comes_to(world: World) -> None:
    ann, film = somebody(world), picture(world)
    at = {"Consent_Registry_Now": "2026-11-21T12:00:00Z"}
    for terms, says in (
        ({"new_uses": "any_time"}, "New uses stop now."),
        ({"new_uses": "after_days", "days": 30}, "New uses stop on 21 December 2026, 12:00 UTC."),
        (
            {"new_uses": "not_before", "not_before": "2027-03-01"},
            "New uses stop on 1 March 2027, 00:00 UTC.",
        ),
        (BOUND, "the studio has to answer it by 5 December 2026, 12:00 UTC."),
    ):
        made = signed(world, ann, film, withdrawal=terms)
        path = f"/v1/grants/{made['id']}"
        before = world.send("GET", f"{path}/revocation-preview", ann, None, **at)
        assert says in before.json()["says"], before.text
        assert world.get(path, ann).json()["withdrawal_answer"] is None
        done = world.post(f"{path}/revocation", ann, None, **at, **key())
        assert done.json()["says"] == before.json()["says"]


def test_a_studio_lets_it_take_effect(world: World) -> None:
    ann, film, made = asked(world)
    use = cleared(world, ann, film)
    assert "W_WITHDRAWAL_ASKED" in codes(check(world, question(world, ann, film)))
    waiting = world.get("/v1/grants?withdrawal=open", "clearance").json()["data"]
    assert made["id"] in {g["id"] for g in waiting}
    done = world.make(
        f"/v1/grants/{made['id']}/withdrawal-answer", "clearance", {"answer": "accepted"}
    )
    assert (done["state"], done["withdrawal_answer"]) == ("revoked", "accepted")
    assert [u["id"] for u in done["affected"]["in_flight"]] == [use["id"]]
    assert "D_REVOKED" in codes(check(world, question(world, ann, film)))
    assert world.get(f"/v1/uses/{use['id']}", ann).json()["held"] is True
    still = world.get("/v1/grants?withdrawal=open", "clearance").json()["data"]
    assert made["id"] not in {g["id"] for g in still}


def test_a_refusal_says_why_and_the_performer_may_ask_again(world: World) -> None:
    ann, film, made = asked(world)
    path = f"/v1/grants/{made['id']}"
    twice = world.post(f"{path}/revocation", ann, None, **key())
    assert twice.status_code == 409
    assert "You asked for it on" in twice.json()["detail"]
    wordless = world.post(f"{path}/withdrawal-answer", "studio", {"answer": "refused"})
    assert wordless.json()["errors"][0]["pointer"] == "/words"
    said = {"answer": "refused", "words": "The picture is half finished."}
    done = world.make(f"{path}/withdrawal-answer", "studio", said)
    assert (done["state"], done["effective_from"]) == ("active", None)
    assert world.get(path, ann).json()["withdrawal_words"] == said["words"]
    assert "W_WITHDRAWAL_ASKED" not in codes(check(world, question(world, ann, film)))
    over = world.post(f"{path}/withdrawal-answer", "studio", said)
    assert over.status_code == 409
    assert "asks for nothing that is open" in over.json()["detail"]
    again = world.post(f"{path}/revocation", ann, None, **key()).json()
    assert (again["withdrawal_answer"], again["withdrawal_words"]) == ("open", None)


def test_only_the_studio_answers_and_only_to_a_consent_that_stands(world: World) -> None:
    ann, _, made = asked(world)
    path = f"/v1/grants/{made['id']}/withdrawal-answer"
    said = {"answer": "accepted"}
    assert world.post(path, ann, said).status_code == 403
    assert world.post(path, "rival", said).status_code == 404
    world.make(path, "studio", said)
    assert world.post(path, "studio", said).status_code == 409


def test_what_the_studio_answered_is_known_only_from_then_on(world: World) -> None:
    ann, film, made = asked(world)
    before = world.post("/v1/checks", "studio", question(world, ann, film)).json()
    world.make(f"/v1/grants/{made['id']}/withdrawal-answer", "studio", {"answer": "accepted"})
    then = question(world, ann, film) | {
        "as_of": before["as_of"],
        "known_at": before["log_index"],
    }
    assert check(world, then) == before["decision"]
