"""What others say was paid: one line for each title, market and period, in their words."""

from typing import Any

import pytest

from tests.api.consents import picture, somebody
from tests.support.inprocess import World

PATH = "/v1/residual-statements"
LINE: dict[str, Any] = {
    "title": "Saga",
    "market": "airlines",
    "starts_on": "2026-07-01",
    "until": "2026-10-01",
    "gross": {"amount": "412.50", "currency": "USD"},
    "net": {"amount": "301.12", "currency": "USD"},
    "issuer": "Residuals Ltd",
    "reference": "RES-1",
    "issued_on": "2026-10-30",
}


def line_of(world: World, who: str, name: str, **more: Any) -> dict[str, Any]:
    return world.make(PATH, who, {"performer": world.ids[name], **LINE, **more})


def test_each_market_is_a_line_of_its_own_and_none_is_merged(world: World) -> None:
    name = somebody(world)
    film = world.ids[picture(world)]
    made = [
        line_of(world, "studio", name, market=market, work=film, net=None)
        for market in ("airlines", "DVD", "airlines")
    ]
    listed = world.get(f"{PATH}?performer={world.ids[name]}", name).json()["data"]
    assert [row["id"] for row in listed] == [row["id"] for row in reversed(made)]
    assert listed[0]["gross"] == LINE["gross"]
    assert listed[0]["net"] is None
    assert listed[0]["stated_by"] == world.ids["studio"]


def test_what_a_performer_was_paid_elsewhere_is_no_studios_business(world: World) -> None:
    name = somebody(world)
    made = world.make(PATH, name, LINE | {"ref": "mine:1"})
    assert made["performer_id"] == world.ids[name]
    path = f"{PATH}/{made['id']}"
    assert world.get(f"{PATH}/ref:mine:1", name).json()["refs"] == ["mine:1"]
    for who, status in (("studio", 404), ("rival", 404), ("auditor", 200), ("officer", 403)):
        assert world.get(path, who).status_code == status, who
    nobody = world.post(PATH, "studio", LINE)
    assert nobody.json()["errors"][0]["pointer"] == "/performer"


def test_only_who_put_a_line_on_record_corrects_it_and_takes_it_back(world: World) -> None:
    name = somebody(world)
    path = f"{PATH}/{line_of(world, 'studio', name)['id']}"
    for act in ("correction", "withdrawal"):
        answer = world.post(f"{path}/{act}", name, LINE if act == "correction" else None)
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("Only who put this on record")
    right = world.make(f"{path}/correction", "studio", LINE | {"market": "DVD"})
    assert (right["version"], right["market"]) == (2, "DVD")
    assert world.make(f"{path}/withdrawal", "studio")["withdrawn_at"] is not None
    assert world.post(f"{path}/withdrawal", "studio").status_code == 409


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"until": "2026-07-01"}, "/until"),
        ({"issued_on": "2190-01-01"}, "/issued_on"),
        ({"net": {"amount": "1.00", "currency": "EUR"}}, "/net/currency"),
        ({"net": {"amount": "412.51", "currency": "USD"}}, "/net"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_by_the_name_of_its_field(
    world: World, changed: dict[str, Any], pointer: str
) -> None:
    body = {"performer": world.ids["ann"], **LINE, **changed}
    answer = world.post(PATH, "studio", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
