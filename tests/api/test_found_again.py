"""What was put on record can be read by whoever is concerned, and no link leads nowhere."""

from tests.support.inprocess import World


def test_a_court_order_is_found_by_whom_it_stops(world: World) -> None:
    body = {"reference": "2 CIV 17", "work": world.ids["nova"]}
    made = world.make("/v1/court-orders", "office", body)
    path = f"/v1/court-orders/{made['id']}"
    for who in ("office", "studio", "auditor"):
        assert world.get(path, who).json()["reference"] == "2 CIV 17"
        listed = world.get("/v1/court-orders", who).json()["data"]
        assert [row["id"] for row in listed] == [made["id"]]
    assert world.get(path, "rival").status_code == 404
    assert world.get("/v1/court-orders", "rival").json()["data"] == []
    assert world.get(path, "officer").status_code == 403
    world.make(f"{path}/end", "office")
    assert world.get(path, "studio").json()["ends_at"] is not None


def test_the_background_of_a_day_is_read_where_the_work_is(world: World) -> None:
    counts = {"required_background": 25, "human_background": 20}
    body = {"work": world.ids["nova"], "day": "2026-11-21"} | counts
    made = world.post("/v1/work-days", "studio", body)
    path = made.headers["location"]
    assert world.get(path, "studio").json()["human_background"] == 20
    assert world.get(path, "rival").status_code == 404
    listed = world.get(f"/v1/work-days?work={world.ids['nova']}", "studio").json()["data"]
    assert [row["id"] for row in listed] == [made.json()["id"]]


def test_what_cannot_be_read_alone_has_no_address(world: World) -> None:
    organization = f"/v1/organizations/{world.ids['studio']}"
    user = world.post(f"{organization}/users", "office", {"role": "studio_finance"})
    client = world.post(f"{organization}/clients", "office", {"name": "farm"})
    world.claim("ann")
    membership = {"union": world.ids["union"]}
    stated = world.post(f"/v1/performers/{world.ids['ann']}/memberships", "ann", membership)
    for answer in (user, client, stated):
        assert answer.status_code == 201
        assert "location" not in answer.headers
