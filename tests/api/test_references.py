"""A house code goes wherever an id goes; what is not the caller's is not shown beside it."""

from tests.api.consents import cleared, picture, signed, somebody
from tests.support.inprocess import FAMILY, World


def test_an_organization_is_named_by_its_code(world: World) -> None:
    made = world.organization("coded", "studio", ref="house:coded")
    path = "/v1/organizations/ref:house:coded"
    user = world.make(f"{path}/users", "office", {"role": "studio_admin"})
    assert user["organization_id"] == made
    assert world.get(f"{path}/users", "office").json()["data"][0]["id"] == user["id"]
    assert world.make(f"{path}/users/{user['id']}/suspension", "office")["suspended_at"]
    bound = {"agreement": FAMILY, "starts_on": "2023-11-09"}
    stated = world.make(f"{path}/signatories", "office", bound)
    assert stated["organization_id"] == made
    ended = world.make(
        f"{path}/signatories/{stated['id']}/end", "office", {"ends_on": "2024-01-01"}
    )
    assert ended["organization_id"] == made
    assert world.patch(path, "office", {"name": "The coded one"}, '"v1"').json()["id"] == made
    assert world.get("/v1/organizations/ref:house:nobody/users", "office").status_code == 404


def test_lists_are_filtered_by_a_code(world: World) -> None:
    name = somebody(world, ref="house:filtered")
    film = picture(world, ref="house:filtered-film")
    made = signed(world, name, film)["id"]
    use = cleared(world, name, film)["id"]
    by_performer = world.get("/v1/grants?performer=ref:house:filtered", "studio").json()["data"]
    assert [row["id"] for row in by_performer] == [made]
    by_work = world.get("/v1/uses?work=ref:house:filtered-film", "studio").json()["data"]
    assert [row["id"] for row in by_work] == [use]
    unknown = world.get("/v1/uses?work=ref:house:none-such", "studio")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "?work")


def test_what_is_above_a_work_is_shown_to_who_may_see_it(world: World) -> None:
    franchise = world.work("sold franchise", kind="franchise")
    film = world.work("sold film", part_of=franchise)
    sold = world.make(f"/v1/works/{film}/owner", "studio", {"owner": world.ids["rival"]})
    world.make(f"/v1/sales/{sold['id']}/confirmation", "rival")
    bought = world.get(f"/v1/works/{film}", "rival").json()
    assert (bought["ancestors"], bought["edges"]) == ([], [])
    assert franchise not in world.get(f"/v1/works/{film}", "rival").text
