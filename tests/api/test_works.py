"""Works and the edges between them, over HTTP."""

from itertools import count

import pytest

from tests.support.inprocess import FAMILY, World

_NUMBER = count()


def a_work(world: World, kind: str = "film", **more: str) -> str:
    """The id of a new work of the studio."""
    return world.work(f"w{next(_NUMBER)}", kind=kind, **more)


def test_two_fields_put_a_work_on_record(world: World) -> None:
    made = world.post("/v1/works", "studio", {"kind": "film", "title": "Nova One"})
    assert made.status_code == 201
    value = made.json()
    assert value["owner_id"] == value["stated_by"] == world.ids["studio"]
    assert value["content_tags"] is None
    assert made.headers["Location"] == f"/v1/works/{value['id']}"


def test_a_work_names_what_is_above_it_by_a_house_code(world: World) -> None:
    top = a_work(world, "franchise", ref="house:SAGA")
    body = {"kind": "series", "title": "Saga, the Series", "part_of": "ref:house:SAGA"}
    series = world.make("/v1/works", "studio", body)
    assert series["part_of"] == [top]
    body = {"kind": "season", "title": "Season One", "part_of": series["id"]}
    season = world.make("/v1/works", "studio", body)
    shown = world.get(f"/v1/works/{season['id']}", "studio").json()
    assert {row["id"] for row in shown["ancestors"]} == {top, series["id"]}
    assert [edge["relation"] for edge in shown["edges"]] == ["season_of"]
    # The code is the caller's own: to another studio it says nothing.
    foreign = world.post("/v1/works", "rival", body | {"part_of": "ref:house:SAGA"})
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("system", "wrong", "right"),
    [
        ("eidr", "10.5240/7791-8534-2C23-9030-8610-6", "10.5240/7791-8534-2C23-9030-8610-5"),
        ("isan", "0000-0000-D07A-0090-R", "0000-0000-D07A-0090-Q"),
        ("imdb", "nm-1", "tt0111161"),
    ],
)
def test_check_digits_are_checked(world: World, system: str, wrong: str, right: str) -> None:
    body = {"kind": "film", "title": "Numbered"}
    refused = world.post("/v1/works", "studio", body | {"external_ids": {system: wrong}})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == f"/external_ids/{system}"
    made = world.make("/v1/works", "studio", body | {"external_ids": {system: right}})
    assert made["refs"] == [f"{system}:{right}"]
    seen = world.get(f"/v1/works/{made['id']}", "studio").json()
    assert seen["refs"] == made["refs"]


def test_shared_systems_are_no_house_codes(world: World) -> None:
    body = {"kind": "film", "title": "Reserved", "ref": "eidr:10.5240/anything"}
    answer = world.post("/v1/works", "studio", body)
    assert answer.json()["errors"][0]["code"] == "reserved-system"


def test_another_studios_work_is_unknown_everywhere(world: World) -> None:
    nova = world.ids["nova"]
    assert world.get(f"/v1/works/{nova}", "rival").status_code == 404
    change = {"title": "Stolen"}
    assert world.patch(f"/v1/works/{nova}", "rival", change, '"v1"').status_code == 404
    own = world.work("theirs", "rival")
    edge = {"parent": nova, "relation": "part_of"}
    assert world.post(f"/v1/works/{own}/edges", "rival", edge).status_code == 404
    assert world.post(f"/v1/works/{nova}/owner", "rival", {"owner": own}).status_code == 404


def test_a_change_unsettles_what_was_confirmed_and_needs_the_version(world: World) -> None:
    work = a_work(world)
    day = {"photography_start": "2026-08-10"}
    assert world.send("PATCH", f"/v1/works/{work}", "studio", day).status_code == 428
    assert world.patch(f"/v1/works/{work}", "studio", day, '"v2"').status_code == 412
    done = world.patch(f"/v1/works/{work}", "studio", day, '"v1"')
    assert (done.status_code, done.headers["ETag"]) == (200, '"v2"')
    assert done.json()["photography_start"] == "2026-08-10"
    assert done.json()["confirmed_by"] is None
    assert world.patch(f"/v1/works/{work}", "studio", {}, '"v2"').status_code == 422


def test_a_circle_is_refused_with_the_path(world: World) -> None:
    top, middle = a_work(world, "franchise"), a_work(world, "series")
    low = a_work(world, "film", part_of=middle)
    hang = {"parent": top, "relation": "in_franchise"}
    world.make(f"/v1/works/{middle}/edges", "studio", hang)
    circle = world.post(f"/v1/works/{top}/edges", "studio", {"parent": low})
    assert circle.status_code == 409
    assert circle.json()["path"] == [top, low, middle, top]
    assert "Film" in circle.json()["detail"]
    itself = world.post(f"/v1/works/{top}/edges", "studio", {"parent": top})
    assert itself.json()["path"] == [top, top]
    twice = world.post(f"/v1/works/{middle}/edges", "studio", hang)
    assert (twice.status_code, twice.json()["type"].rpartition("/")[2]) == (409, "duplicate")


def test_an_edge_that_has_ended_still_counts_for_a_circle(world: World) -> None:
    top = a_work(world, "franchise")
    film = a_work(world, part_of=top)
    edge = world.get(f"/v1/works/{film}", "studio").json()["edges"][0]["id"]
    world.make(f"/v1/edges/{edge}/end", "studio")
    circle = world.post(f"/v1/works/{top}/edges", "studio", {"parent": film})
    assert (circle.status_code, circle.json()["path"]) == (409, [top, film, top])


def test_works_nest_sixteen_levels_deep_and_not_one_more(world: World) -> None:
    below = a_work(world, "franchise")
    for _ in range(16):
        below = a_work(world, "series", part_of=below)
    body = {"kind": "film", "title": "Too deep", "part_of": below}
    answer = world.post("/v1/works", "studio", body)
    assert answer.json()["errors"][0] == {
        "pointer": "/part_of",
        "code": "too-deep",
        "detail": "Works nest at most 16 levels deep.",
    }
    other = a_work(world)
    answer = world.post(f"/v1/works/{other}/edges", "studio", {"parent": below})
    assert answer.json()["errors"][0]["code"] == "too-deep"


def test_an_edge_ends_once_and_leaves_the_work_where_it_is(world: World) -> None:
    top = a_work(world, "franchise")
    film = a_work(world, part_of=top)
    edge = world.get(f"/v1/works/{film}", "studio").json()["edges"][0]["id"]
    assert world.post(f"/v1/edges/{edge}/end", "rival").status_code == 404
    ended = world.make(f"/v1/edges/{edge}/end", "studio")
    assert ended["valid_to"] is not None
    assert ended["blocks_kept"] == []
    assert world.get(f"/v1/works/{film}", "studio").json()["ancestors"] == []
    assert world.post(f"/v1/edges/{edge}/end", "studio").status_code == 409


def test_a_work_that_was_handed_over_is_the_buyers(world: World) -> None:
    work = a_work(world)
    path = f"/v1/works/{work}"
    assert world.post(f"{path}/owner", "studio", {"owner": world.ids["union"]}).status_code == 404
    own = world.post(f"{path}/owner", "studio", {"owner": world.ids["studio"]})
    assert own.status_code == 422
    done = world.make(f"{path}/owner", "studio", {"owner": world.ids["rival"]})
    assert done["buyer_id"] == world.ids["rival"]
    world.make(f"/v1/sales/{done['id']}/confirmation", "rival")
    # The seller still sees what it sold, and changes nothing of it.
    seen = world.get(path, "studio")
    assert (seen.status_code, seen.json()["owner_id"]) == (200, world.ids["rival"])
    assert world.patch(path, "studio", {"title": "Mine"}, seen.headers["etag"]).status_code == 404
    assert world.get(path, "rival").status_code == 200


def test_a_union_sees_the_works_of_its_signatories(world: World) -> None:
    studio = world.studio("signing")
    work = world.work("signed", "signing")
    assert world.get(f"/v1/works/{work}", "officer").status_code == 404
    body = {"agreement": FAMILY, "starts_on": "2023-11-09"}
    path = f"/v1/organizations/{studio}/signatories"
    # The studio's own word is not enough.
    stated = world.make(path, "signing", body)["id"]
    assert world.get(f"/v1/works/{work}", "officer").status_code == 404
    world.make(f"{path}/{stated}/confirmation", "office")
    assert world.get(f"/v1/works/{work}", "officer").status_code == 200
    assert world.get(f"/v1/works/{work}", "stranger").status_code == 404
    world.make(f"{path}/{stated}/end", "office", {"ends_on": "2024-01-01"})
    assert world.get(f"/v1/works/{work}", "officer").status_code == 404


def test_pages_go_from_the_newest_to_the_oldest(world: World) -> None:
    mine = [a_work(world, "game") for _ in range(3)]
    first = world.get("/v1/works?kind=game&limit=2", "studio").json()
    assert [row["id"] for row in first["data"]] == mine[:0:-1]
    rest = world.get(f"/v1/works?kind=game&limit=2&cursor={first['next_cursor']}", "studio")
    assert [row["id"] for row in rest.json()["data"]] == [mine[0]]
    assert rest.json()["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "shot", "title": "A shot"}, "/kind"),
        ({"kind": "film"}, "/title"),
        ({"kind": "film", "title": " padded "}, "/title"),
        ({"kind": "film", "title": "x\u202ey"}, "/title"),
        ({"kind": "film", "title": "A", "photography_start": "2026-02-30"}, "/photography_start"),
        ({"kind": "film", "title": "A", "content_tags": ["nice"]}, "/content_tags/0"),
        ({"kind": "film", "title": "A", "colour": "red"}, "/colour"),
        ({"kind": "film", "title": "A", "external_ids": {"hand": "x"}}, "/external_ids/hand"),
    ],
)
def test_every_wrong_field_is_named(world: World, body: dict[str, object], pointer: str) -> None:
    answer = world.post("/v1/works", "studio", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def a_signatory_work(world: World) -> tuple[str, str]:
    """A new studio that signed the union's agreement, and a work of it under a franchise."""
    studio = f"signatory{next(_NUMBER)}"
    signed = {"agreement": FAMILY, "starts_on": "2023-11-09"}
    world.make(f"/v1/organizations/{world.studio(studio)}/signatories", "office", signed)
    top = world.work(f"top of {studio}", studio, kind="franchise")
    return studio, world.work(f"work of {studio}", studio, part_of=top)


def test_a_union_disputes_what_is_stated_of_a_signatory_work(world: World) -> None:
    studio, work = a_signatory_work(world)
    path = f"/v1/works/{work}"
    assert world.post(f"{path}/dispute", studio).status_code == 403
    assert world.post(f"{path}/dispute", "stranger").status_code == 404
    assert world.make(f"{path}/dispute", "officer")["disputed_by"] == world.ids["union"]
    assert world.post(f"{path}/dispute", "office").status_code == 409
    # What the studio corrects stays in dispute until the other side, or the office, agrees.
    changed = world.patch(path, studio, {"photography_start": "2026-08-03"}, '"v2"')
    assert changed.json()["disputed_by"] == world.ids["union"]
    settled = world.make(f"{path}/confirmation", "officer")
    assert (settled["confirmed_by"], settled["disputed_by"]) == (world.ids["union"], None)
    assert world.post(f"{path}/confirmation", "officer").status_code == 409


def test_where_a_work_belongs_can_be_disputed_too(world: World) -> None:
    studio, work = a_signatory_work(world)
    edge = world.get(f"/v1/works/{work}", studio).json()["edges"][0]["id"]
    path = f"/v1/edges/{edge}"
    assert world.post(f"{path}/dispute", "stranger").status_code == 404
    assert world.make(f"{path}/dispute", "officer")["disputed_by"] == world.ids["union"]
    assert world.make(f"{path}/confirmation", "office")["disputed_by"] is None
