"""Packs over HTTP: which ones are in force, that this is on record, and which rows were checked."""

from pathlib import Path
from typing import Any

import pytest

from app.agreements import load_packs
from app.registrar import agreements
from app.store import rows
from app.store.engine import reading
from app.store.tx import Store
from tests.support.inprocess import World


def store_of(world: World) -> Store:
    found = world.app.state.registry.store
    assert isinstance(found, Store)
    return found


def loaded(world: World) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = world.get("/v1/agreements", "studio").json()["data"]
    return data


def a_rate(world: World) -> tuple[str, str]:
    """A pack and one of its figures that nobody checked."""
    for line in loaded(world):
        pack = world.get(f"/v1/agreements/{line['id']}", "studio").json()
        for row in pack["rates"]:
            if not row["verified"]:
                return pack["id"], row["id"]
    raise AssertionError("every figure was checked")


def types(world: World) -> list[str]:
    events = world.get("/v1/events?limit=200", "auditor").json()["data"]
    return [line["type"] for line in events if "type" in line]


def kept(world: World) -> dict[str, int | None]:
    with reading(store_of(world)) as session:
        return {row["hash"]: row["retired_idx"] for row in rows.where(session, "pack")}


def test_every_pack_is_listed_and_read_by_the_hash_of_its_text(world: World) -> None:
    lines = loaded(world)

    assert {line["id"] for line in lines} == {pack.hash for pack in load_packs().packs}
    for line in lines:
        pack = world.get(f"/v1/agreements/{line['id']}", "agent").json()
        assert len(pack["rules"]) + len(pack["rates"]) == line["rows"]
    assert world.get(f"/v1/agreements/{'0' * 64}", "studio").status_code == 404


def test_a_row_is_checked_once_by_the_office_and_shows_who_did(world: World) -> None:
    hash_, row = a_rate(world)
    pack = world.get(f"/v1/agreements/{hash_}", "studio").json()["name"]
    body = {"pack": pack, "row": row, "by": "Robin Vale", "source": "memorandum, page 3"}

    assert world.post("/v1/agreements/verifications", "studio", body).status_code == 403
    made = world.make("/v1/agreements/verifications", "office", body)
    again = world.post("/v1/agreements/verifications", "office", body)

    assert (made["by"], made["row"]) == ("Robin Vale", row)
    assert again.status_code == 409
    seen = world.get(f"/v1/agreements/{hash_}", "studio").json()
    assert [rate["verified"] for rate in seen["rates"] if rate["id"] == row] == [True]
    assert row in {check["row"] for check in seen["verifications"]}


@pytest.mark.parametrize("change", [{"pack": "nobody/nothing@1"}, {"row": "no-such-row"}])
def test_a_row_that_does_not_exist_cannot_be_checked(world: World, change: dict[str, str]) -> None:
    hash_, row = a_rate(world)
    pack = world.get(f"/v1/agreements/{hash_}", "studio").json()["name"]
    body = {"pack": pack, "row": row, "by": "Robin Vale", "source": "page 3"} | change

    answer = world.post("/v1/agreements/verifications", "office", body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(change))}"


def test_what_is_decided_by_is_on_record_and_so_is_its_end(world: World, tmp_path: Path) -> None:
    store = store_of(world)
    try:
        agreements.install(store, None)
        before = kept(world)
        assert {hash_ for hash_, retired in before.items() if retired is None} == {
            pack.hash for pack in load_packs().packs
        }
        written = len(types(world))
        agreements.install(store, None)
        assert len(types(world)) == written

        own = tmp_path / "own.toml"
        own.write_text('[pack]\nfamily = "guild/stage"\nversion = "1"\ntitle = "Stage"\n')
        agreements.install(store, tmp_path)
        assert types(world)[-1:] == ["agreement.loaded"]
        own.write_text(own.read_text() + "\n# later\n")
        agreements.install(store, tmp_path)
        after = kept(world)
        assert types(world)[-2:] == ["agreement.retired", "agreement.loaded"]
        assert {hash_ for hash_, retired in after.items() if retired is None} == {
            pack.hash for pack in load_packs(tmp_path).packs
        }
    finally:
        agreements.install(store, None)
    assert {hash_ for hash_, retired in kept(world).items() if retired is None} == {
        pack.hash for pack in load_packs().packs
    }


def test_w11_the_next_raises_of_a_scale_are_told_and_said_to_be_computed(world: World) -> None:
    hash_ = next(p.hash for p in load_packs().packs if p.name == "sag-aftra/tv-theatrical@2023")
    path = f"/v1/agreements/{hash_}/rates"
    told = world.get(f"{path}?on=2026-11-22", "agent").json()

    assert (told["family"], told["on"]) == ("sag-aftra/tv-theatrical", "2026-11-22")
    days = [line for line in told["data"] if line["category"] == "day_performer"]
    assert [(d["starts_on"], d["amount"]["amount"], d["computed"]) for d in days] == [
        ("2026-07-01", "1283.00", False),
        ("2027-07-01", "1321.00", True),
        ("2028-07-01", "1361.00", True),
        ("2029-07-01", "1402.00", True),
    ]
    assert days[0]["formula"] is None
    assert "raised by 3 %" in days[1]["formula"]["text"]
    assert {(d["grade"], d["verified"]) for d in days[1:]} == {("C", False)}

    later = world.get(f"{path}?on=2029-07-01", "agent").json()["data"]
    assert [d["starts_on"] for d in later if d["category"] == "day_performer"] == ["2029-07-01"]
    assert world.get(path, "agent").status_code == 200
    assert world.get(f"/v1/agreements/{'0' * 64}/rates", "agent").status_code == 404
    assert world.get(f"{path}?on=soon", "agent").status_code == 422
