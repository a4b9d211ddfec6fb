"""Lists as files: the same rows for the same eyes, in cells that no spreadsheet runs."""

import csv
import json
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import text

from app.api.exports import defused, fused
from tests.api.consents import picture, signed, somebody
from tests.support.inprocess import World

EVIL = '=HYPERLINK("http://evil.example","pay")'


def pages(world: World, path: str, who: str) -> list[Response]:
    """Every page of a list, by its links."""
    found = [world.get(path, who)]
    while "next" in found[-1].links:
        found.append(world.get(found[-1].links["next"]["url"], who))
    assert {page.status_code for page in found} == {200}, found[-1].text
    return found


def as_csv(world: World, path: str, who: str = "studio") -> list[dict[str, str]]:
    """The rows of a file that is put together from its pages."""
    whole = "".join(page.text for page in pages(world, path, who))
    return list(csv.DictReader(whole.splitlines()))


def test_the_pages_of_a_list_one_after_another_are_the_file(world: World) -> None:
    made = [picture(world) for _ in range(5)]
    rows = as_csv(world, "/v1/works?format=csv&limit=2")
    assert {world.ids[name] for name in made} <= {row["id"] for row in rows}
    first, second, *_ = pages(world, "/v1/works?format=csv&limit=2", "studio")
    assert first.headers["content-type"].startswith("text/csv")
    assert first.text.splitlines()[0].startswith("id,version,kind,title")
    assert not second.text.startswith("id,")
    lines = "".join(p.text for p in pages(world, "/v1/works?format=jsonl&limit=2", "studio"))
    plain = [row for p in pages(world, "/v1/works?limit=2", "studio") for row in p.json()["data"]]
    assert [json.loads(line) for line in lines.splitlines()] == plain
    assert [row["id"] for row in rows] == [row["id"] for row in plain]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_text(start: str) -> None:
    cell = f"{start}1+1"
    assert defused(cell) == f"'{cell}"
    assert fused(defused(cell)) == cell


def test_a_title_that_looks_like_a_formula_is_not_run(world: World) -> None:
    made = world.make("/v1/works", "studio", {"kind": "film", "title": EVIL})
    rows = as_csv(world, "/v1/works?format=csv")
    cell = next(row["title"] for row in rows if row["id"] == made["id"])
    assert (cell, fused(cell)) == (f"'{EVIL}", EVIL)
    assert (defused("It's 1=1"), fused("'tis")) == ("It's 1=1", "'tis")


def test_amounts_are_for_those_who_may_read_them(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    made = signed(world, ann, film)

    def row(who: str) -> dict[str, Any]:
        found = as_csv(world, "/v1/grants?format=csv", who)
        return next(r for r in found if r["id"] == made["id"])

    assert row("studio")["pay.amount"] == "10000.00 USD"
    assert row("officer")["pay.amount"] == ""
    assert json.loads(row("officer")["more"])["pay.floor"] == "unknown"
    assert json.loads(row("studio")["scope.uses"]) == ["stunt", "face_replace"]
    assert made["id"] not in {r["id"] for r in as_csv(world, "/v1/grants?format=csv", "rival")}


def test_what_an_auditor_takes_home_is_on_record(world: World) -> None:
    asked = text("SELECT count(*) FROM ask WHERE kind = 'read'")

    def reads() -> int:
        with world.app.state.registry.store.reads.connect() as connection:
            return int(connection.execute(asked).scalar_one())

    before = reads()
    as_csv(world, "/v1/performers?format=csv&limit=1", "auditor")
    assert reads() > before


def test_a_form_that_there_is_not_is_named(world: World) -> None:
    answer = world.get("/v1/works?format=xlsx", "studio")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?format")
    assert "format" in world.get("/v1/works?form=csv", "studio").json()["errors"][0]["detail"]
    assert world.get("/v1/works/work_x?format=csv", "studio").status_code == 400


def test_a_refusal_is_no_file(world: World) -> None:
    answer = world.get("/v1/works?format=csv&cursor=none", "studio")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
