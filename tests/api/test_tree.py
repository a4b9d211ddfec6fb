"""Blocks and the tree: what comes under one stays under it until its issuer lets go."""

from itertools import count
from typing import Any

import pytest

from tests.api.consents import check, codes, question, somebody, terms, veto
from tests.support.inprocess import FAMILY, World

_NUMBER = count(1)


def place(world: World, kind: str, **more: Any) -> str:
    """A new work of the studio; its name in the world."""
    name = f"node{next(_NUMBER)}"
    world.work(name, kind=kind, content_tags=["stunts"], agreement=FAMILY, **more)
    return name


def hang(world: World, child: str, parent: str) -> str:
    path = f"/v1/works/{world.ids[child]}/edges"
    return str(world.make(path, "studio", {"parent": world.ids[parent]})["id"])


def edge_of(world: World, work: str) -> str:
    found = world.get(f"/v1/works/{world.ids[work]}", "studio").json()["edges"]
    return str(found[0]["id"])


def stopped(world: World, performer: str, work: str) -> bool:
    return "D_UNION_VETO" in codes(check(world, question(world, performer, work)))


@pytest.fixture
def under(world: World) -> tuple[str, str, str, str]:
    """A member, a series, a film below it, and a veto over both for this performer."""
    ann = somebody(world, member=True)
    series = place(world, "series")
    film = place(world, "film", part_of=world.ids[series])
    scope = {"performer": world.ids[ann], "work": world.ids[series]}
    issued = veto(world, scope)
    assert issued.status_code == 201, issued.text
    return ann, series, film, str(issued.json()["id"])


def test_a_block_reaches_what_is_put_below_later(
    world: World, under: tuple[str, str, str, str]
) -> None:
    ann, _, film, _ = under
    cut = place(world, "edit", part_of=world.ids[film])
    other = place(world, "film")
    assert stopped(world, ann, cut)
    assert not stopped(world, ann, other)
    hang(world, other, film)
    assert stopped(world, ann, other)


def test_no_chain_over_ended_edges_is_longer_than_blocks_reach(
    world: World, under: tuple[str, str, str, str]
) -> None:
    ann, _, film, _ = under
    lowest = film
    # The series is one level above the film; sixteen levels are all that there may be.
    for _ in range(15):
        lowest = place(world, "edit", part_of=world.ids[lowest])
    assert stopped(world, ann, lowest)
    world.make(f"/v1/edges/{edge_of(world, lowest)}/end", "studio")
    assert stopped(world, ann, lowest)
    # It stays under the block, and so would whatever came below it; that is not let out of sight.
    body = {"kind": "edit", "title": "One more", "part_of": world.ids[lowest]}
    assert world.post("/v1/works", "studio", body).json()["errors"][0]["code"] == "too-deep"


def test_to_end_an_edge_takes_nothing_out_of_a_block(
    world: World, under: tuple[str, str, str, str]
) -> None:
    ann, _, film, veto_id = under
    ended = world.make(f"/v1/edges/{edge_of(world, film)}/end", "studio")
    assert [kept["veto"] for kept in ended["blocks_kept"]] == [veto_id]
    assert stopped(world, ann, film)
    # Nor does what is put below it then escape.
    assert stopped(world, ann, place(world, "edit", part_of=world.ids[film]))


def test_to_move_a_work_takes_nothing_out_of_a_block_until_its_issuer_agrees(
    world: World, under: tuple[str, str, str, str]
) -> None:
    ann, series, film, veto_id = under
    elsewhere = place(world, "franchise")
    hang(world, film, elsewhere)
    world.make(f"/v1/edges/{edge_of(world, film)}/end", "studio")
    assert stopped(world, ann, film)
    let_go = {"work": world.ids[film], "basis": "it left the series"}
    studio = world.post(f"/v1/vetoes/{veto_id}/exceptions", "studio", let_go)
    assert studio.status_code == 403
    world.make(f"/v1/vetoes/{veto_id}/exceptions", "officer", let_go)
    assert not stopped(world, ann, film)
    assert stopped(world, ann, series)


def test_the_list_of_works_shown_is_part_of_what_is_signed(world: World) -> None:
    ann, top = somebody(world), place(world, "franchise")
    film = place(world, "film", part_of=world.ids[top])
    body = terms(world, ann, top, works=[world.ids[top]], mode="franchise_umbrella")
    del body["work"]
    first = world.make("/v1/grants", "studio", body)
    assert {work["id"] for work in first["shown"]} == {world.ids[top], world.ids[film]}
    late = place(world, "film", part_of=world.ids[top])
    second = world.make("/v1/grants", "studio", body)
    assert world.ids[late] in second["shown_works"]
    assert first["terms_hash"] != second["terms_hash"]
    # To sign the first list is to sign the first list, whatever hangs there now.
    path = f"/v1/grants/{first['id']}/acceptance"
    other = world.post(path, ann, {"terms_hash": second["terms_hash"]}, Idempotency_Key="other")
    assert other.status_code == 409
    signed = world.post(path, ann, {"terms_hash": first["terms_hash"]}, Idempotency_Key="own")
    assert signed.json()["shown_works"] == first["shown_works"]
    world.make(f"/v1/grants/{second['id']}/withdrawal", "studio")
    # It hung there when they signed, and was not on the list that they signed.
    assert "D_SCOPE_WORK" in codes(check(world, question(world, ann, late)))
