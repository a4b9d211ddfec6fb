"""Many rows in one act: each errs alone, none is lost for another, and twice is once."""

from typing import Any

import pytest
from httpx2 import Response

from tests.api.consents import check, codes, key, picture, question, somebody
from tests.support.inprocess import World

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PAPER = {"signed_on": "2026-10-01", "sha256": SHA, "original": "Folder 12"}


def extra(number: int, **more: Any) -> dict[str, Any]:
    """Somebody in the background who is not on record yet."""
    person = {
        "name": f"Extra {number}",
        "contact": f"extra{number}@performer.example",
        "ref": f"roll:{number}",
        "adult_since": "2020-01-01",
    }
    return {"performer": person, "engagement": {"rate": {"kind": "daily"}}, **PAPER} | more


def roll(world: World, film: str, rows: list[Any], **more: Any) -> Response:
    body = {
        "work": world.ids[film],
        "uses": ["crowd"],
        "description": "filling the stands, scenes 12-14",
        "pay": {"kind": "bargained_flat", "amount": {"amount": "250.00", "currency": "USD"}},
        "rows": rows,
    }
    return world.post("/v1/riders", "studio", body | more)


def imported(world: World, kind: str, rows: list[Any], **headers: str) -> dict[str, Any]:
    answer = world.post("/v1/imports", "studio", {"kind": kind, "rows": rows}, **headers)
    assert answer.status_code == 200, answer.text
    value: dict[str, Any] = answer.json()
    return value


def test_one_description_makes_a_consent_for_each_row(world: World) -> None:
    film, ann = picture(world), somebody(world, adult_since="2020-01-01")
    rows = [extra(1), extra(2), extra(3, performer=world.ids[ann])]
    answer = roll(world, film, rows)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (made["recorded"], made["left_out"]) == (3, 0)
    texts = {line["description"]["text"] for line in made["rows"]}
    assert texts == {"filling the stands, scenes 12-14"}
    hired = world.get(f"/v1/engagements/{made['rows'][0]['engagement_id']}", "studio").json()
    assert (hired["role_class"], hired["work_id"]) == ("background", world.ids[film])
    body = {"performer": made["rows"][1]["performer_id"], "work": world.ids[film], "use": "crowd"}
    decision = check(world, body)
    assert decision["outcome"] == "allow_with_obligations", decision["reasons"]
    assert "W_PAPER_NOT_CONFIRMED" in codes(decision)


def test_a_wrong_row_is_named_and_costs_no_other(world: World) -> None:
    film = picture(world)
    rows = [
        extra(10),
        extra(11, sha256="no hash"),
        extra(12, performer="ref:roll:nobody"),
        extra(13, signed_on="2999-01-01"),
        extra(14, performer=extra(14)["performer"] | {"ref": "roll:10"}),
        "no row at all",
        extra(15),
    ]
    made = roll(world, film, rows).json()
    said = {
        line["row"]: (line["status"], *(e["pointer"] for e in line.get("errors", [])))
        for line in made["rows"]
    }
    assert said == {
        0: (201,),
        1: (422, "/sha256"),
        2: (404, "/performer"),
        3: (422, "/signed_on"),
        4: (409,),
        5: (422, ""),
        6: (201,),
    }
    assert (made["recorded"], made["left_out"]) == (2, 5)
    assert made["rows"][1]["errors"][0]["detail"]
    # What came along with a row that was left out is not on record either.
    gone = world.get("/v1/performers/ref:roll:13", "studio")
    assert gone.status_code == 404


def test_what_is_wrong_for_all_rows_is_said_once(world: World) -> None:
    film = picture(world)
    answer = roll(world, film, [extra(20)], uses=["juggle"])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/uses/0")
    assert roll(world, film, []).status_code == 422
    both = roll(world, film, [extra(20)], works=[world.ids[film]])
    assert both.json()["errors"][0]["pointer"] == "/works"


def test_rows_of_every_kind_are_put_on_record_and_found_by_their_codes(world: World) -> None:
    people = [
        {
            "name": f"Row {n}",
            "contact": f"row{n}@performer.example",
            "ref": f"imp:{n}",
            "birth_date": "1990-01-01",
        }
        for n in range(3)
    ]
    assert imported(world, "performers", people)["recorded"] == 3
    works = [{"kind": "franchise", "title": "Harbour", "ref": "imp:harbour"}]
    assert imported(world, "works", works)["recorded"] == 1
    film = {"kind": "film", "title": "Harbour One", "ref": "imp:h1", "part_of": "ref:imp:harbour"}
    assert imported(world, "works", [film | {"content_tags": []}])["recorded"] == 1
    hired = [{"performer": "ref:imp:0", "work": "ref:imp:h1", "ref": "imp:e0"}]
    assert imported(world, "engagements", hired)["recorded"] == 1
    grant = {
        "performer": "ref:imp:0",
        "work": "ref:imp:h1",
        "uses": ["stunt"],
        "description": "falls",
        "pay": {"kind": "bargained_flat", "amount": {"amount": "900.00", "currency": "USD"}},
        "signed": PAPER | {"method": "imported"},
        "ref": "imp:g0",
    }
    made = imported(world, "grants", [grant])
    assert made["recorded"] == 1, made
    found = world.get("/v1/grants/ref:imp:g0", "studio")
    assert found.json()["signature"]["method"] == "imported"
    ask = {"performer": "ref:imp:0", "work": "ref:imp:h1", "use": "stunt"}
    assert check(world, ask)["outcome"] == "allow_with_obligations"


@pytest.mark.parametrize("kind", ["performers", "works", "engagements", "grants"])
def test_rows_that_are_on_record_are_left_as_they_are(world: World, kind: str) -> None:
    ann, film = somebody(world), picture(world)
    named = {"performer": world.ids[ann], "work": world.ids[film]}
    rows: dict[str, dict[str, Any]] = {
        "performers": {"name": "Twice", "contact": "twice@performer.example"},
        "works": {"kind": "film", "title": "Twice"},
        "engagements": named,
        "grants": named
        | {"uses": ["stunt"], "description": "falls", "pay": {"kind": "none"}, "signed": PAPER},
    }
    row = rows[kind] | {"ref": f"twice:{kind}"}
    first = imported(world, kind, [row])["rows"][0]
    again = imported(world, kind, [row])
    assert (again["recorded"], again["rows"][0]["status"]) == (0, 409)
    assert again["rows"][0]["id"] == first["id"]
    assert "log_index" not in again


def test_a_chunk_that_is_sent_twice_under_its_key_is_done_once(world: World) -> None:
    row = {"name": "Keyed", "contact": "keyed@performer.example"}
    headers = key()
    first = imported(world, "performers", [row], **headers)
    assert imported(world, "performers", [row], **headers) == first


def test_a_row_that_hangs_on_another_needs_it_on_record_first(world: World) -> None:
    rows = [
        {"kind": "franchise", "title": "Above", "ref": "imp:above"},
        {"kind": "film", "title": "Below", "ref": "imp:below", "part_of": "ref:imp:above"},
    ]
    made = imported(world, "works", rows)
    assert [line["status"] for line in made["rows"]] == [201, 404]
    assert imported(world, "works", rows[1:])["recorded"] == 1


def test_a_rider_says_what_it_lacks_without_any_row(world: World) -> None:
    ann, film = somebody(world), picture(world)
    row = {"performer": world.ids[ann], **PAPER, "by": "studio"}
    made = roll(world, film, [row]).json()
    assert made["rows"][0]["errors"][0]["pointer"] == "/by"
    assert "D_NO_CONSENT" in codes(check(world, question(world, ann, film, use="crowd")))
