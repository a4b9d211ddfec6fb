"""Riders on paper: a statement by the studio, shown as one, and the performer has the last word."""

from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text

from tests.api.consents import (
    accept,
    check,
    cleared,
    codes,
    key,
    offered,
    picture,
    question,
    somebody,
)
from tests.support.inprocess import World

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NOON = "2027-03-10T12:00:00Z"
LATER = "2027-03-12T12:00:00Z"


def rider(grant: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "terms_hash": grant["terms_hash"],
        "signed_on": "2026-10-01",
        "sha256": SHA,
        "original": "Production office, folder 12",
    } | more


def recorded(world: World, grant: dict[str, Any], **more: Any) -> Response:
    return world.post(f"/v1/grants/{grant['id']}/rider", "studio", rider(grant, **more))


def on_paper(world: World, **more: Any) -> tuple[str, str, dict[str, Any]]:
    """Somebody, a film, and a consent that the studio says was signed on paper."""
    ann, film = somebody(world, adult_since="2020-01-01"), picture(world)
    answer = recorded(world, offered(world, ann, film), **more)
    assert answer.status_code == 200, answer.text
    return ann, film, answer.json()


def disputed(world: World, grant: dict[str, Any], who: str, **headers: str) -> Response:
    body = {"reason": "I never saw this."}
    return world.post(f"/v1/grants/{grant['id']}/signature-dispute", who, body, **headers)


def reason(decision: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in decision["reasons"] if r["code"] == code)
    return found


def test_paper_allows_and_the_answer_says_whose_word_it_is(world: World) -> None:
    ann, film, made = on_paper(world)
    assert made["state"] == "active"
    signature = made["signature"]
    assert (signature["method"], signature["identity"]) == ("paper", "stated")
    assert signature["stated_by"] == world.ids["studio"]
    seen = world.get(f"/v1/grants/{made['id']}", ann).json()["signature"]
    assert (seen["sha256"], seen["original"]) == (SHA, "Production office, folder 12")
    decision = check(world, question(world, ann, film))
    assert decision["outcome"] == "allow_with_obligations"
    assert reason(decision, "W_PAPER_NOT_CONFIRMED")["sentence"] == (
        "Note: the studio says that the consent was signed on paper on 1 October 2026. The"
        " performer has not confirmed it here."
    )


def test_what_was_signed_in_another_system_is_no_paper(world: World) -> None:
    ann, film, _ = on_paper(world, method="imported")
    said = reason(check(world, question(world, ann, film)), "W_PAPER_NOT_CONFIRMED")["sentence"]
    assert "signed elsewhere on 1 October 2026" in said


def test_the_performer_confirms_what_the_studio_stated(world: World) -> None:
    ann, film, made = on_paper(world)
    before = check(world, question(world, ann, film))
    assert "W_PAPER_NOT_CONFIRMED" in codes(before)
    confirmed = accept(world, made, ann)
    assert confirmed.status_code == 200, confirmed.text
    signature = confirmed.json()["signature"]
    assert (signature["method"], signature["confirmed_identity"]) == ("paper", "contact_confirmed")
    assert "W_PAPER_NOT_CONFIRMED" not in codes(check(world, question(world, ann, film)))
    again = accept(world, made, ann)
    assert again.status_code == 409
    assert "You have confirmed this signature before." in again.json()["detail"]


def test_nobody_but_the_performers_side_confirms(world: World) -> None:
    _, _, made = on_paper(world)
    for who in ("studio", "officer", "office"):
        assert accept(world, made, who).status_code == 403


def test_what_was_signed_here_needs_no_confirmation(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    assert accept(world, made, ann).status_code == 200
    again = accept(world, made, ann)
    assert again.status_code == 409
    assert "This was signed here; there is nothing to confirm." in again.json()["detail"]


def test_not_mine_holds_every_use_that_rests_on_it(world: World) -> None:
    ann, film, made = on_paper(world)
    use = cleared(world, ann, film)
    said = disputed(world, made, ann)
    assert said.status_code == 200, said.text
    assert [u["id"] for u in said.json()["affected"]["in_flight"]] == [use["id"]]
    decision = check(world, question(world, ann, film))
    assert (decision["outcome"], codes(decision)[0]) == ("needs_action", "A_SIGNATURE_DISPUTED")
    held = world.get(f"/v1/uses/{use['id']}", "studio").json()
    assert (held["held"], held["held_by"][0]["kind"]) == (True, "signature_dispute")
    assert world.post(f"/v1/uses/{use['id']}/lock", "studio").status_code == 409
    again = disputed(world, made, ann)
    assert again.status_code == 409
    assert "You have said before that this signature is not yours." in again.json()["detail"]


def test_the_words_of_a_dispute_are_the_performers_and_the_answer_is_theirs_alone(
    world: World,
) -> None:
    ann, _, made = on_paper(world)
    for who in ("studio", "officer", "office"):
        assert disputed(world, made, who).status_code == 403
    assert disputed(world, made, ann).json()["reason"] == "I never saw this."


def test_a_dispute_ends_when_the_performer_confirms_and_each_instant_keeps_its_answer(
    world: World,
) -> None:
    ann, film, made = on_paper(world)
    first = {"as_of": NOON}
    assert disputed(world, made, ann, Consent_Registry_Now=NOON).status_code == 200
    body = {"terms_hash": made["terms_hash"]}
    path = f"/v1/grants/{made['id']}/acceptance"
    done = world.post(path, ann, body, Consent_Registry_Now=LATER, **key())
    assert done.status_code == 200, done.text
    for at, expected in (
        ("2027-03-10T11:59:59Z", "W_PAPER_NOT_CONFIRMED"),
        (NOON, "A_SIGNATURE_DISPUTED"),
        ("2027-03-12T11:59:59Z", "A_SIGNATURE_DISPUTED"),
    ):
        asked = question(world, ann, film) | first | {"as_of": at}
        assert expected in codes(check(world, asked)), at
    now = check(world, question(world, ann, film) | {"as_of": LATER})
    assert not {"A_SIGNATURE_DISPUTED", "W_PAPER_NOT_CONFIRMED"} & {*codes(now)}


def test_a_guardian_signs_on_paper_for_a_minor_and_only_with_proof(world: World) -> None:
    kid, film = somebody(world, adult=False, birth_date="2015-05-01"), picture(world)
    path = f"/v1/performers/{world.ids[kid]}/representations"
    person = {"name": "Gale Guard", "contact": "gale@performer.example"}
    proof = {"kind": "guardian", "powers": ["view", "sign"], "person": person}
    proof["document_hash"] = SHA
    stated = world.make(path, "office", proof | {"starts_on": "2026-01-01"})
    alone = recorded(world, offered(world, kid, film))
    assert alone.status_code == 200
    assert "A_GUARDIAN" in codes(check(world, question(world, kid, film)))
    second = picture(world)
    made = recorded(world, offered(world, kid, second), by="guardian", representation=stated["id"])
    assert made.status_code == 200, made.text
    decision = check(world, question(world, kid, second))
    assert "D_SIGNER" not in codes(decision)
    assert "W_PAPER_NOT_CONFIRMED" in codes(decision)
    third = picture(world)
    recorded(world, offered(world, kid, third), by="executor")
    assert "D_SIGNER" in codes(check(world, question(world, kid, third)))


def test_a_later_confirmation_leaves_an_own_yes_at_its_instant(world: World) -> None:
    kid, film = somebody(world, adult=False, birth_date="2009-05-01"), picture(world)
    person = {"name": "Gale Guard", "contact": "gale@performer.example"}
    proof = {"kind": "guardian", "powers": ["view", "sign"], "person": person}
    path = f"/v1/performers/{world.ids[kid]}/representations"
    proof |= {"document_hash": SHA, "starts_on": "2026-01-01"}
    stated = world.make(path, "office", proof)
    made = recorded(
        world, offered(world, kid, film), by="guardian", representation=stated["id"]
    ).json()
    body, said = {"terms_hash": made["terms_hash"]}, []
    for at in ("2027-05-01T12:00:00Z", "2027-05-03T12:00:00Z"):
        when = {"Consent_Registry_Now": at}
        answer = world.post(f"/v1/grants/{made['id']}/acceptance", kid, body, **when, **key())
        assert answer.status_code == 200, answer.text
        said.append(answer.json())
    assert said[0]["own_yes_at"] == said[1]["own_yes_at"] == "2027-05-01T12:00:00.000000Z"
    assert said[1]["signature"]["confirmed_at"] == "2027-05-03T12:00:00.000000Z"


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        pytest.param({"signed_on": "2999-01-01"}, 422, "/signed_on", id="in the future"),
        pytest.param({"sha256": "abc"}, 422, "/sha256", id="no hash"),
        pytest.param({"representation": "repr_x"}, 422, "/representation", id="no proof needed"),
        pytest.param(
            {"by": "guardian", "representation": "repr_01k9zq3v5rfm8t4cy2x7d6ahwe"},
            404,
            "/representation",
            id="unknown proof",
        ),
    ],
)
def test_a_wrong_rider_is_named(
    world: World, said: dict[str, Any], status: int, pointer: str
) -> None:
    ann, film = somebody(world), picture(world)
    answer = recorded(world, offered(world, ann, film), **said)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_paper_is_for_an_open_offer_and_for_exactly_its_terms(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    other = recorded(world, made, terms_hash="0" * 64)
    assert (other.status_code, other.json()["type"].rsplit("/")[-1]) == (409, "terms-changed")
    late = offered(world, ann, picture(world))
    path = f"/v1/grants/{late['id']}/rider"
    body = rider(late, signed_on="2027-06-01")
    over = world.post(path, "studio", body, Consent_Registry_Now="2027-06-02T00:00:00Z")
    assert "UTC; silence was a no" in over.json()["detail"]
    world.make(f"/v1/grants/{made['id']}/decline", ann)
    declined = recorded(world, made)
    assert declined.status_code == 409
    assert "This cannot be done to a consent that is declined." in declined.json()["detail"]
    unsigned = disputed(world, made, ann)
    assert unsigned.status_code == 409


def test_a_bare_yes_to_being_of_age_says_nothing_of_the_day_of_an_older_paper(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = recorded(world, offered(world, ann, film))
    assert made.status_code == 200
    decision = check(world, question(world, ann, film))
    assert reason(decision, "A_GUARDIAN")["sentence"].startswith(
        "Not yet. By what is on record the performer was not of age when they signed."
    )
    # Of age now, they stand by it: that is a yes of their own.
    assert accept(world, made.json(), ann).status_code == 200
    assert "A_GUARDIAN" not in codes(check(world, question(world, ann, film)))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"birth_date": "1990-01-01"}, id="and a birth date"),
        pytest.param({"adult": False}, id="of a minor"),
        pytest.param({"adult_since": "2999-01-01"}, id="in the future"),
    ],
)
def test_since_when_somebody_is_of_age_is_said_once(world: World, said: dict[str, Any]) -> None:
    body = {"name": "Ola Since", "contact": "ola@performer.example", "adult_since": "2020-01-01"}
    answer = world.post("/v1/performers", "studio", body | said)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/adult_since")


def test_where_the_original_is_kept_is_in_no_part_that_stays(world: World) -> None:
    canary = "Canary Personne's attic"
    _, _, made = on_paper(world, original=canary)
    asked = text("SELECT part, body FROM log_payload")
    with world.app.state.registry.store.reads.connect() as connection:
        parts = {part for part, body in connection.execute(asked) if canary.encode() in bytes(body)}
    assert parts == {"who"}
    listed = world.get("/v1/grants?limit=200", "studio").json()["data"]
    shown = next(row for row in listed if row["id"] == made["id"])
    assert shown["signature"]["original"] == canary


def test_training_a_model_asks_for_a_signer_who_is_known_better_than_paper(world: World) -> None:
    ann, film = somebody(world, adult_since="2020-01-01"), picture(world)
    terms = {"uses": ["stunt", "train_model"], "training": True}
    made = recorded(world, offered(world, ann, film, **terms)).json()
    assert "A_IDENTITY_WEAK" not in codes(check(world, question(world, ann, film)))
    training = question(world, ann, film, use="train_model")
    asked = check(world, training)
    assert asked["outcome"] == "needs_action"
    assert reason(asked, "A_IDENTITY_WEAK")["sentence"] == (
        "Not yet. This use asks that the person who signs is known by a confirmed contact; this"
        " signer is known by word of the studio only."
    )
    assert accept(world, made, ann).status_code == 200
    assert "A_IDENTITY_WEAK" not in codes(check(world, training))
