"""A death on record: two persons say it, the person can contradict, and the gap is asked again."""

from typing import Any

import pytest

from tests.api.consents import (
    accept,
    check,
    cleared,
    codes,
    key,
    picture,
    question,
    signed,
    somebody,
    terms,
)
from tests.support.inprocess import World

SHA = "ab" * 32
OTHER = "cd" * 32
LATE = "2027-03-01T12:00:00Z"


@pytest.fixture(scope="module", autouse=True)
def second_administrator(world: World) -> None:
    path = f"/v1/organizations/{world.ids['vendor']}/users"
    world.people["second"] = world.make(path, "office", {"role": "registry_admin"})["id"]


def reported(world: World, name: str, who: str = "office", **more: Any) -> str:
    """The path of a report."""
    path = f"/v1/performers/{world.ids[name]}/deaths"
    made = world.make(path, who, {"died_on": "2026-11-02", "document_hash": SHA} | more)
    return f"{path}/{made['id']}"


def recorded(world: World, name: str) -> dict[str, Any]:
    return world.make(f"{reported(world, name)}/confirmation", "second", {"document_hash": OTHER})


def test_one_word_is_no_death(world: World) -> None:
    name, film = somebody(world), picture(world)
    signed(world, name, film)
    reported(world, name)
    assert world.get(f"/v1/performers/{world.ids[name]}", "office").json()["died_on"] is None
    assert check(world, question(world, name, film))["outcome"] == "allow_with_obligations"


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        pytest.param({"died_on": "2090-01-01"}, 422, "/died_on", id="in the future"),
        pytest.param({"document_hash": "a paper"}, 422, "/document_hash", id="no hash"),
        pytest.param({"reason": "a friend"}, 422, "/reason", id="what the act does not take"),
        pytest.param({"died_on": None}, 409, "", id="of the living that they live"),
    ],
)
def test_a_report_names_a_day_and_a_paper(
    world: World, body: dict[str, Any], status: int, where: str
) -> None:
    name = somebody(world)
    path = f"/v1/performers/{world.ids[name]}/deaths"
    answer = world.post(path, "office", {"died_on": "2026-11-02", "document_hash": SHA} | body)
    assert answer.status_code == status, answer.text
    assert [e["pointer"] for e in answer.json().get("errors", [])] == ([where] if where else [])


def test_a_second_report_waits_for_the_first(world: World) -> None:
    name = somebody(world)
    reported(world, name)
    path = f"/v1/performers/{world.ids[name]}/deaths"
    again = world.post(path, "second", {"died_on": "2026-11-03", "document_hash": SHA})
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[1]) == (
        409,
        "invalid-transition",
    )


def test_the_second_word_is_another_persons(world: World) -> None:
    name = somebody(world, member=True)
    path = reported(world, name, "officer")
    own = world.post(f"{path}/confirmation", "officer", {"document_hash": SHA})
    assert own.json()["detail"].startswith("You said it first; another person has to say it too.")
    assert own.json()["refusals"][0]["code"] == "same_person"
    done = world.make(f"{path}/confirmation", "office", {"document_hash": SHA})
    assert done["died_on"] == "2026-11-02"
    assert world.get(f"/v1/performers/{world.ids[name]}", "office").json()["died_on"] is not None


def test_a_studio_says_nothing_of_a_death(world: World) -> None:
    name = somebody(world)
    body = {"died_on": "2026-11-02", "document_hash": SHA}
    path = f"/v1/performers/{world.ids[name]}/deaths"
    assert world.post(path, "studio", body).status_code == 403
    assert world.post(path, "agent", body).status_code == 404


def test_a_report_of_somebody_else_is_not_confirmed_here(world: World) -> None:
    one, other = somebody(world), somebody(world)
    id_ = reported(world, one).rsplit("/", 1)[1]
    path = f"/v1/performers/{world.ids[other]}/deaths/{id_}/confirmation"
    assert world.post(path, "second", {"document_hash": SHA}).status_code == 404


def test_who_lives_says_so_and_nothing_is_lost(world: World) -> None:
    name, film = somebody(world), picture(world)
    signed(world, name, film)
    use = cleared(world, name, film)
    done = recorded(world, name)
    assert [u["outcome"] for u in done["gap"][0]["uses"]] == ["deny"]
    assert "D_DECEASED_NO_AUTH" in codes(check(world, question(world, name, film)))
    undone = world.make(f"/v1/performers/{world.ids[name]}/alive", name)
    assert undone["undone"] == [done["id"]]
    assert [(u["id"], u["outcome"]) for u in undone["redecided"]] == [
        (use["id"], "allow_with_obligations")
    ]
    assert check(world, question(world, name, film))["outcome"] == "allow_with_obligations"
    late = world.post(f"/v1/performers/{world.ids[name]}/alive", name)
    assert late.json()["refusals"][0]["code"] == "nothing_said"
    path = f"/v1/performers/{world.ids[name]}/deaths/{done['id']}/confirmation"
    again = world.post(path, "second", {"document_hash": SHA})
    assert again.json()["refusals"][0]["code"] == "undone"


def test_a_report_alone_is_contradicted_too(world: World) -> None:
    name = somebody(world)
    id_ = reported(world, name).rsplit("/", 1)[1]
    undone = world.make(f"/v1/performers/{world.ids[name]}/alive", name)
    assert undone == undone | {"undone": [id_], "redecided": []}


def test_after_its_time_a_wrong_record_takes_two_persons_to_undo(world: World) -> None:
    name = somebody(world)
    recorded(world, name)
    path = f"/v1/performers/{world.ids[name]}"
    late = world.post(f"{path}/alive", name, Consent_Registry_Now=LATE)
    assert late.json()["refusals"][0]["code"] == "too_late"
    lives = reported(world, name, died_on=None)
    done = world.make(f"{lives}/confirmation", "second", {"document_hash": SHA})
    assert (done["died_on"], done["alive_until"], done["gap"]) == (None, None, [])
    seen = world.get(path, "office").json()
    assert (seen["died_on"], seen["alive_until"]) == (None, None)


def test_each_studio_sees_its_own_part_of_the_gap(world: World) -> None:
    name, film = somebody(world), picture(world)
    signed(world, name, film)
    use = cleared(world, name, film)
    check(world, question(world, name, film))
    done = recorded(world, name)
    (gap,) = done["gap"]
    assert gap["organization_id"] == world.ids["studio"]
    assert gap["asked"] == [{"work_id": world.ids[film], "use": "stunt"}]
    assert len(gap["grants"]) == 1
    path = f"/v1/performers/{world.ids[name]}/deaths"
    mine = world.get(path, "studio").json()["data"][0]
    assert [u["id"] for u in mine["uses"]] == [use["id"]]
    assert "reported_by" not in mine
    assert world.get(path, "rival").status_code == 404


def test_a_finished_use_of_before_is_not_in_the_gap(world: World) -> None:
    name, film = somebody(world), picture(world)
    signed(world, name, film)
    use = cleared(world, name, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    today = world.get(f"/v1/uses/{use['id']}", "studio").json()["locked_at"][:10]
    path = reported(world, name, died_on=today)
    done = world.make(f"{path}/confirmation", "second", {"document_hash": SHA})
    # Locked on the day itself it is asked again, and goes on being shown.
    shown = question(world, name, film, use="exhibit", use_id=use["id"])
    assert [u["id"] for u in done["gap"][0]["uses"]] == [use["id"]]
    assert "OK_RUNOFF" in codes(check(world, shown))


def test_a_yes_in_the_dead_performers_name_is_not_taken(world: World) -> None:
    name, film = somebody(world), picture(world)
    body: dict[str, Any] = {"performer": world.ids[name], "work": world.ids[film]}
    body |= {"uses": ["stunt"]}
    body |= {"description": "aerial stunts", "pay": {"kind": "none"}}
    made = world.make("/v1/grants", "studio", body)
    recorded(world, name)
    path = f"/v1/grants/{made['id']}/acceptance"
    answer = world.post(path, name, {"terms_hash": made["terms_hash"]}, **key())
    assert answer.json()["refusals"][0]["code"] == "deceased"


def test_a_second_record_does_not_outlive_the_person(world: World) -> None:
    first, second, film = somebody(world), somebody(world), picture(world)
    signed(world, second, film)
    path = f"/v1/performers/{world.ids[first]}/merge"
    made = world.make(path, "office", {"other": world.ids[second], "reason": "Her stage name."})
    world.make(f"{path}/{made['id']}/confirmation", first)
    done = recorded(world, first)
    assert done["gap"] != []
    assert "D_DECEASED_NO_AUTH" in codes(check(world, question(world, second, film)))
    offer = world.make("/v1/grants", "studio", terms(world, second, film))
    assert accept(world, offer, second).json()["refusals"][0]["code"] == "deceased"
