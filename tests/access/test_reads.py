"""What auditors, unions and the office read is on record, and the performer sees that they did."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, true

from app.store import sight
from app.store.ids import mint
from app.store.tables import ask
from tests.access.cases import Call
from tests.access.conftest import Served
from tests.access.test_matrix import _beyond
from tests.access.world import Side, World, build, label
from tests.support.client import Client


@pytest.fixture(scope="module")
def world(each_engine: Served) -> World:
    return build(each_engine)


def reads_of(side: Side) -> list[str]:
    """Who read something about the performer, newest first."""
    found = side.person.client.get("/v1/me/asks", limit="200").expect()["data"]
    return [line["id"] for line in found if line["kind"] == "read"]


@pytest.mark.parametrize("role", ["auditor", "union_officer", "union_staff", "registry_admin"])
def test_the_performer_sees_who_read_their_record(world: World, role: str) -> None:
    before = reads_of(world.a)

    world.caller(role).get(f"/v1/performers/{world.a.person.id}").expect(200)

    assert len(reads_of(world.a)) == len(before) + 1


def test_a_list_is_a_read_of_everybody_on_it(world: World) -> None:
    before = reads_of(world.a), reads_of(world.b)

    world.caller("auditor").get("/v1/performers", limit="200").expect(200)

    assert len(reads_of(world.a)) == len(before[0]) + 1
    assert len(reads_of(world.b)) == len(before[1]) + 1


def test_what_was_not_shown_was_not_read(world: World) -> None:
    before = reads_of(world.a)

    world.caller("union_officer").get(f"/v1/performers/{mint('perf')}").expect(404)
    world.b.officer.get(f"/v1/performers/{world.a.person.id}").expect(404)
    world.a.studio.get(f"/v1/performers/{world.a.person.id}").expect(200)
    world.a.person.client.get(f"/v1/performers/{world.a.person.id}").expect(200)

    assert reads_of(world.a) == before


def test_how_far_the_log_was_read_is_kept_where_it_held_anything_new(world: World) -> None:
    store = world.served.app.state.registry.store

    def kept() -> list[int]:
        asked = select(ask.c.request).where(ask.c.outcome == "followed").order_by(ask.c.id)
        with store.reads.connect() as connection:
            return [said["read_to"] for (said,) in connection.execute(asked)]

    before = len(kept())
    page = world.a.studio.get("/v1/events", limit="200").expect()
    world.a.studio.get("/v1/events", after=str(page["next_after"])).expect()
    told = world.a.person.client.get("/v1/me/events", limit="200").expect()
    assert kept()[before:] == [page["next_after"], told["next_after"]]


def test_a_machine_that_is_tied_to_a_work_asks_about_no_other(world: World) -> None:
    own, other = (str(world.a.film()["id"]) for _ in range(2))
    path = f"/v1/organizations/{world.a.ids['studio']}/clients"
    body = {"name": label("farm"), "work": own}
    machine = world.admin.as_(world.admin.post(path, body).id)

    def codes(client: Client, work: str) -> list[str]:
        answer = client.post("/v1/checks", world.a.question(work)).expect(200)
        return [reason["code"] for reason in answer["decision"]["reasons"]]

    assert "A_IDENTITY" not in codes(machine, own)
    assert codes(machine, other) == ["A_IDENTITY"]
    assert "A_IDENTITY" not in codes(world.a.studio, other)


def test_the_matrix_notices_when_a_filter_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = str(world.b.film()["id"])
    world.b.ids["work"] = foreign
    call = Call({"work_id": ("work", str(world.a.film()["id"]))})
    everything: Callable[[sight.Sight], object] = lambda _: true()  # noqa: E731
    _beyond(world, "GET /v1/works/{work_id}", call, "studio_clearance")

    monkeypatch.setitem(sight._CONDITIONS, "work", everything)

    with pytest.raises(AssertionError, match="for work_"):
        _beyond(world, "GET /v1/works/{work_id}", call, "studio_clearance")
