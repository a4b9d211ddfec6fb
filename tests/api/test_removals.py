"""A performer asks that something is taken down; only who is shown asks for that."""

from typing import Any

import pytest

from tests.api.consents import somebody
from tests.support.inprocess import World


def asked(world: World, performer: str) -> dict[str, Any]:
    return {
        "kind": "removal",
        "content": "My face in your spot. I never said yes.",
        "to": world.ids["studio"],
        "performer": world.ids[performer],
    }


def test_the_studio_sees_what_it_is_to_take_down_and_nobody_else_has_to_answer(
    world: World,
) -> None:
    ann = somebody(world)
    made = world.make("/v1/notices", ann, asked(world, ann))
    assert (made["to_id"], made["sender_id"]) == (world.ids["studio"], world.ids[ann])
    path = f"/v1/notices/{made['id']}"
    assert world.get(path, "studio").json()["kind"] == "removal"
    assert world.get(path, "rival").status_code == 404
    assert made["id"] not in world.get("/v1/me/inbox", ann).text
    assert world.post(f"{path}/answer", ann, {"answer": "closed"}).status_code == 404


@pytest.mark.parametrize(
    ("who", "changed", "pointer"),
    [
        pytest.param("studio", {}, "/kind", id="a studio asks for it"),
        pytest.param("", {"kind": "synthetic"}, "/kind", id="a performer tells of something else"),
        pytest.param("", {"to": None}, "/to", id="of whom"),
        pytest.param("", {"performer": None}, "/performer", id="whom it shows"),
    ],
)
def test_what_is_wrong_with_asking_for_removal_is_named(
    world: World, who: str, changed: dict[str, Any], pointer: str
) -> None:
    ann = somebody(world)
    answer = world.post("/v1/notices", who or ann, asked(world, ann) | changed)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
