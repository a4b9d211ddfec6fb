"""Exports: a file for each list, with what whoever exports may see."""

import csv
import json
from pathlib import Path

import pytest

from app.exchange.exporting import UnknownListError, exported, lists
from tests.api.consents import picture, signed, somebody
from tests.exchange.test_import import connected
from tests.support.inprocess import World


def files(world: World, who: str, folder: Path, *names: str, as_: str = "csv") -> dict[str, str]:
    with connected(world, who) as registry:
        found = exported(registry, list(names) or [*lists()], folder, as_, lambda _: None)
        return {name: str(what) for name, what in found}


def test_every_list_becomes_a_file_or_says_why_not(world: World, tmp_path: Path) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film)
    written = files(world, "studio", tmp_path)
    assert {"performers", "works", "engagements", "grants", "uses", "vetoes"} <= written.keys()
    rows = list(csv.DictReader(Path(written["grants"]).read_text().splitlines()))
    assert next(r for r in rows if r["id"] == made["id"])["pay.amount"] == "10000.00 USD"
    mine = files(world, ann, tmp_path / "mine", "me-asks", "work-days", "organizations")
    assert Path(mine["organizations"]).read_text().startswith("id,")
    refused = files(world, "studio", tmp_path / "own", "me-asks")
    assert "may not do this" in refused["me-asks"]
    assert not list((tmp_path / "own").iterdir())


def test_a_list_of_one_record_is_named_by_its_address(world: World, tmp_path: Path) -> None:
    path = f"/v1/organizations/{world.ids['studio']}/users"
    for _ in range(3):
        picture(world)
    written = files(world, "studio", tmp_path, path, "works", as_="jsonl")
    users = [json.loads(line) for line in Path(written[path]).read_text().splitlines()]
    assert world.person("studio") in {user["id"] for user in users}
    works = Path(written["works"]).read_text().splitlines()
    assert len({json.loads(line)["id"] for line in works}) == len(works) >= 4


def test_a_list_without_pages_is_a_file_too(world: World, tmp_path: Path) -> None:
    made = signed(world, somebody(world), picture(world))
    path = f"/v1/grants/{made['id']}/history"
    written = files(world, "studio", tmp_path, path, "agreements")
    rows = list(csv.DictReader(Path(written[path]).read_text().splitlines()))
    assert [row["type"] for row in rows] == ["grant.offered", "grant.signed"]
    assert "house" in Path(written["agreements"]).read_text()


def test_there_is_no_list_of_everything_else(world: World, tmp_path: Path) -> None:
    with pytest.raises(UnknownListError, match="there is no list `secrets`; there are"):
        files(world, "studio", tmp_path, "secrets")
    assert list(tmp_path.iterdir()) == []
