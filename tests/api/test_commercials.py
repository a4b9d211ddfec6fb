"""Commercials over HTTP: what a spot advertises, how far a yes reaches, and who is told before."""

from typing import Any

import pytest

from tests.api.consents import accept, check, cleared, codes, question, somebody
from tests.support.inprocess import World

FAMILY = "sag-aftra/commercials"
COFFEE: dict[str, Any] = {
    "kind": "commercial",
    "agreement": FAMILY,
    "photography_start": "2026-11-02",
    "content_tags": [],
    "advertiser": "Harbour Coffee",
    "product_line": "Ground coffee",
    "mpu_ends_on": "2028-10-31",
}


def two_spots(world: World) -> tuple[str, str, dict[str, Any]]:
    """Somebody, a spot to come after the one that they are engaged for, and their yes to both."""
    performer = somebody(world)
    first, later = f"{performer}-dawn", f"{performer}-dusk"
    for name in (first, later):
        world.work(name, **COFFEE)
    about = {"performer": world.ids[performer], "work": world.ids[first], "role_class": "voice"}
    world.make("/v1/engagements", "studio", about | {"agreement": FAMILY})
    offer = {
        "performer": world.ids[performer],
        "mode": "enumerated_works",
        "works": [world.ids[first], world.ids[later]],
        "uses": ["synthesize_voice"],
        "description": "The voice recommends the coffee of this line, in both spots.",
        "form": {"separate_sign": "separate_document"},
        "pay": {"kind": "days_x_rate"},
    }
    made = world.make("/v1/grants", "studio", offer)
    assert accept(world, made, performer).status_code == 200
    return performer, later, made


def change(world: World, work: str, **said: Any) -> Any:  # noqa: ANN401 - a response
    path = f"/v1/works/{world.ids[work]}"
    return world.patch(path, "studio", said, world.get(path, "studio").headers["ETag"])


def asked(world: World, performer: str, work: str) -> dict[str, Any]:
    return check(world, question(world, performer, work, use="synthesize_voice"))


def test_a_generated_spot_names_its_session_and_the_fees_that_nobody_can_name(
    world: World,
) -> None:
    performer, later, _ = two_spots(world)
    decision = asked(world, performer, later)
    assert {"O_PAY", "O_USE_FEES"} <= set(codes(decision))
    (line,) = decision["amounts"]["lines"]
    assert (line["kind"], line["once"]) == ("spot", f"{world.ids[later]}/session.off_camera")
    assert line["formula"]["text"].startswith("1.5 ")
    (fees,) = decision["not_known"]
    assert (fees["what"], "amount" in fees) == ("use and holding fees", False)


def test_a_spot_pays_one_session_however_many_shots_are_made(world: World) -> None:
    performer, later, _ = two_spots(world)
    made = [
        cleared(world, performer, later, use="synthesize_voice", shot=shot) for shot in ("1", "2")
    ]
    first, second = ({line["what"]: line for line in lines_of(world, use)} for use in made)
    assert first["session of the generated spot"]["amount"]["amount"] == "964.65"
    assert first["use and holding fees"]["amount"] is None
    assert first["use and holding fees"]["why_unknown"].startswith("No table of use")
    assert not {"session of the generated spot", "use and holding fees"} & second.keys()


def lines_of(world: World, use: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.get(f"/v1/dues?use={use['id']}", "studio").json()["data"]
    return found


def test_a_spot_of_another_line_waits_for_a_yes_to_it(world: World) -> None:
    performer, later, grant = two_spots(world)
    assert change(world, later, product_line="Tea").status_code == 200
    stopped = asked(world, performer, later)
    (reason,) = [r for r in stopped["reasons"] if r["code"] == "D_COMM_FUTURE"]
    assert reason["sentence"].endswith(
        "This one is beyond that: it is for another product line. It needs a yes of its own."
    )
    assert reason["unblock"][0]["href"] == "/v1/grants/{id}/confirmations"
    told = {"text": "The voice recommends the tea, in this spot."}
    said = {
        "work": world.ids[later],
        "terms_hash": grant["terms_hash"],
        "description": told,
    }
    world.make(f"/v1/grants/{grant['id']}/confirmations", performer, said)
    assert "D_COMM_FUTURE" not in codes(asked(world, performer, later))


def test_what_nobody_said_of_a_spot_is_asked_and_said_of_the_work(world: World) -> None:
    performer, later, _ = two_spots(world)
    change(world, later, advertiser=None)
    decision = asked(world, performer, later)
    (reason,) = [r for r in decision["reasons"] if r["code"] == "A_FACT_NEEDED"]
    (way,) = reason["unblock"]
    assert (way["method"], way["href"], way["fields"]) == (
        "PATCH",
        "/v1/works/{id}",
        ["advertiser"],
    )
    changed = change(world, later, advertiser="Harbour Coffee").json()
    assert (changed["advertiser"], changed["mpu_ends_on"]) == ("Harbour Coffee", "2028-10-31")
    assert "A_FACT_NEEDED" not in codes(asked(world, performer, later))


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"mpu_ends_on": "soon"}, "/mpu_ends_on"),
        ({"advertiser": ""}, "/advertiser"),
        ({"product_line": "Tea\nand coffee"}, "/product_line"),
        ({"dynamic_audio_waiver": "x" * 65}, "/dynamic_audio_waiver"),
    ],
)
def test_what_a_spot_cannot_be_is_named(world: World, said: dict[str, str], pointer: str) -> None:
    answer = world.post("/v1/works", "studio", {**COFFEE, "title": "Noon", **said})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_casting_notice_is_to_nobody_by_name_and_for_a_work(world: World) -> None:
    _, later, _ = two_spots(world)
    body = {"kind": "casting", "content": "Voices are sought; a replica will be made of them."}
    nowhere = world.post("/v1/notices", "studio", body)
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/work")
    made = world.make("/v1/notices", "studio", body | {"work": world.ids[later]})
    assert (made["to_id"], made["performer_id"], made["state"]) == (None, None, "open")
    assert world.get(f"/v1/notices/{made['id']}", "rival").status_code == 404


def test_an_answer_to_a_notice_has_its_instant(world: World) -> None:
    _, later, _ = two_spots(world)
    body = {"kind": "training", "content": "May we train on it?", "to": world.ids["union"]}
    made = world.make("/v1/notices", "studio", body | {"work": world.ids[later]})
    assert made["answered_at"] is None
    path = f"/v1/notices/{made['id']}/answer"
    answered = world.make(path, "officer", {"answer": "agreed"})
    assert answered["answered_at"] >= made["sent_at"]
