"""Estimates, attestations, notices and work days, over HTTP."""

import pytest

from tests.support.inprocess import World


def a_plan(world: World) -> dict[str, str]:
    return {
        "performer": world.ids["ann"],
        "work": world.ids["nova"],
        "use": "face_replace",
        "days": "3",
        "basis": "Three days of stunts.",
    }


def signed_in(world: World) -> str:
    if "ann" not in world.people:
        world.claim("ann")
    return "ann"


def test_an_estimate_is_agreed_or_disputed_by_the_performer(world: World) -> None:
    ann = signed_in(world)
    made = world.make("/v1/estimates", "studio", a_plan(world))
    assert (made["state"], made["author_id"]) == ("proposed", world.ids["studio"])
    path = f"/v1/estimates/{made['id']}"
    assert world.post(f"{path}/agreement", "studio").status_code == 403
    assert world.get(path, "rival").status_code == 404
    assert world.make(f"{path}/dispute", ann)["state"] == "disputed"
    assert world.make(f"{path}/agreement", ann)["state"] == "agreed"
    assert world.post(f"{path}/dispute", ann).status_code == 409


def test_each_side_says_its_count_and_why(world: World) -> None:
    ann = signed_in(world)
    made = world.make("/v1/estimates", "studio", a_plan(world))
    path = f"/v1/estimates/{made['id']}"
    same = world.post(f"{path}/dispute", ann, {"days": "3.0"})
    assert (same.status_code, same.json()["errors"][0]["pointer"]) == (422, "/days")

    argued = world.make(f"{path}/dispute", ann, {"days": "5", "words": "And two of rehearsal."})

    assert (argued["days"], argued["claimed_days"]) == ("3", "5")
    assert argued["claim"] == "And two of rehearsal."
    assert argued["disputed_at"] >= made["stated_at"]
    check = {"performer": world.ids["ann"], "work": world.ids["nova"], "use": "face_replace"}
    told = world.post("/v1/checks", "studio", check).json()["decision"]["reasons"]
    said = next(r for r in told if r["code"] == "A_ESTIMATE_DISPUTED")
    assert said["facts"] == {"days": "3", "claimed": "5", "undisputed": "3"}
    settled = world.make(f"{path}/agreement", ann)
    assert (settled["state"], settled["days_before"]) == ("agreed", None)
    assert settled["settled_at"] >= argued["disputed_at"]


def test_a_dispute_is_resolved_by_the_office_and_only_a_dispute(world: World) -> None:
    ann = signed_in(world)
    path = f"/v1/estimates/{world.make('/v1/estimates', 'studio', a_plan(world))['id']}"
    settled = {"days": "2.5", "basis": "Settled."}
    assert world.post(f"{path}/resolution", "office", settled).status_code == 409
    world.make(f"{path}/dispute", ann)
    assert world.post(f"{path}/resolution", "officer", settled).status_code == 404
    done = world.make(f"{path}/resolution", "office", settled)
    assert (done["state"], done["days"], done["days_before"]) == ("resolved", "2.5", "3")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"work": None}, "/work"),
        ({"use": None}, "/use"),
        ({"performer": None}, "/performer"),
        ({"use_id": "use_00000000000000000000000000"}, "/use_id"),
        ({"days": "-1"}, "/days"),
        ({"days": "1e3"}, "/days"),
    ],
)
def test_an_estimate_says_of_what(
    world: World, change: dict[str, str | None], pointer: str
) -> None:
    body = {name: value for name, value in (a_plan(world) | change).items() if value is not None}
    answer = world.post("/v1/estimates", "studio", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_an_attestation_is_dated_now_and_in_ones_own_name(world: World) -> None:
    body = {"kind": "unrecognisable", "text": "Masked.", "performer": world.ids["ann"]}
    made = world.make("/v1/attestations", "studio", body)
    assert (made["by"], made["role"]) == (world.people["studio"], "studio_admin")
    assert world.get(f"/v1/attestations/{made['id']}", "finance").status_code == 200
    assert world.get(f"/v1/attestations/{made['id']}", "rival").status_code == 404
    late = world.post("/v1/attestations", "studio", body | {"ends_at": "2000-01-01T00:00:00Z"})
    assert late.json()["errors"][0]["pointer"] == "/ends_at"


def test_a_vendor_attests_its_own_security_and_nothing_else(world: World) -> None:
    made = world.make("/v1/attestations", "vendor", {"kind": "security", "text": "We keep it."})
    assert made["organization_id"] == world.ids["vendor"]
    other = {"kind": "safety", "text": "Unsafe."}
    assert world.post("/v1/attestations", "vendor", other).status_code == 422
    foreign = {"kind": "security", "text": "x", "organization": world.ids["studio"]}
    assert world.post("/v1/attestations", "vendor", foreign).status_code == 404


def test_a_notice_is_answered_by_whom_it_was_sent_to(world: World) -> None:
    body = {"kind": "synthetic", "to": world.ids["union"], "content": "A synthetic lead."}
    made = world.make("/v1/notices", "studio", body | {"work": world.ids["nova"]})
    assert (made["state"], made["sender_id"]) == ("open", world.ids["studio"])
    path = f"/v1/notices/{made['id']}/answer"
    assert world.post(path, "stranger", {"answer": "agreed"}).status_code == 404
    assert world.make(path, "officer", {"answer": "agreed"})["state"] == "agreed"
    assert world.post(path, "officer", {"answer": "closed"}).status_code == 409


def test_a_notice_to_a_performer_is_theirs(world: World) -> None:
    ann = signed_in(world)
    body = {"kind": "training", "performer": world.ids["ann"], "content": "We train a model."}
    made = world.make("/v1/notices", "studio", body)
    assert world.get(f"/v1/notices/{made['id']}", "officer").status_code == 404
    path = f"/v1/notices/{made['id']}/answer"
    assert world.make(path, ann, {"answer": "closed"})["state"] == "closed"
    nobody = world.post("/v1/notices", "studio", {"kind": "training", "content": "x"})
    assert nobody.json()["errors"][0]["pointer"] == "/to"


def test_a_later_count_takes_the_place_of_the_first(world: World) -> None:
    body = {
        "work": world.ids["nova"],
        "day": "2026-11-21",
        "required_background": 25,
        "human_background": 20,
    }
    first = world.post("/v1/work-days", "studio", body)
    assert first.status_code == 201
    second = world.post("/v1/work-days", "studio", body | {"human_background": 25})
    assert (second.status_code, second.json()["id"]) == (201, first.json()["id"])
    assert second.json()["human_background"] == 25
    assert world.post("/v1/work-days", "rival", body).status_code == 404
    negative = world.post("/v1/work-days", "studio", body | {"human_background": -1})
    assert negative.status_code == 422
