"""Royalties and participations as terms: read before signing, reported on, and never 0.00."""

from typing import Any

import pytest

from tests.api.consents import (
    check,
    cleared,
    codes,
    offered,
    picture,
    question,
    signed,
    somebody,
    terms,
)
from tests.api.test_printouts import told
from tests.support.inprocess import World

PAY: dict[str, Any] = {"kind": "participation", "share": "2.50", "base": "streaming receipts"}


def report(world: World, film: str) -> dict[str, Any]:
    body = {
        "work": world.ids[film],
        "base": "Streaming receipts",
        "starts_on": "2026-07-01",
        "until": "2026-10-01",
        "amount": {"amount": "1250000.00", "currency": "USD"},
        "reporter": "Streamline Video",
        "reported_on": "2026-11-05",
    }
    return world.make("/v1/base-reports", "studio", body)


def test_a_share_is_a_term_that_the_performer_reads_and_signs(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    made = signed(world, ann, film, pay=PAY | {"amount": {"amount": "500.00", "currency": "USD"}})
    seen = world.get(f"/v1/grants/{made['id']}", ann).json()
    assert seen["pay"] == {
        "kind": "participation",
        "amount": {"amount": "500.00", "currency": "USD"},
        "alteration": None,
        "share": "2.5",
        "base": "streaming receipts",
    }
    said = told(world, made, ann)["Pay"]
    assert said == "A participation of 2.5 % of streaming receipts, and $500.00 in any case"
    union = world.get(f"/v1/grants/{made['id']}", "officer").json()
    assert union["pay"] == {"kind": "participation", "floor": "unknown"}


def test_terms_of_another_kind_say_nothing_of_a_share_and_keep_their_hash(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(world, ann, film)
    assert "share" not in made["pay"]


@pytest.mark.parametrize(
    ("pay", "pointer"),
    [
        pytest.param({"kind": "royalty", "base": "receipts"}, "/pay/share", id="no share"),
        pytest.param({"kind": "royalty", "share": "2"}, "/pay/base", id="of nothing"),
        pytest.param({**PAY, "share": "0.0"}, "/pay/share", id="a share of nothing"),
        pytest.param({**PAY, "share": "100.1"}, "/pay/share", id="more than the whole"),
        pytest.param({**PAY, "share": "two"}, "/pay/share", id="no figure"),
        pytest.param({"kind": "none", "share": "2"}, "/pay/share", id="a share of no pay"),
        pytest.param({"kind": "days_x_rate", "base": "x"}, "/pay/base", id="a base of days"),
    ],
)
def test_a_share_that_makes_no_sense_is_named(
    world: World, pay: dict[str, Any], pointer: str
) -> None:
    ann, film = somebody(world), picture(world)
    answer = world.post("/v1/grants", "studio", terms(world, ann, film, pay=pay))
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


def test_what_nobody_reported_is_not_known_and_what_was_is_owed(world: World) -> None:
    ann, film = somebody(world), picture(world)
    signed(world, ann, film, pay=PAY)
    used = cleared(world, ann, film)
    assert "amounts" not in used["decision"] or used["decision"]["amounts"] == {}
    (open_,) = used["decision"]["not_known"]
    assert open_["why"] == "Nobody has reported yet what streaming receipts came to."

    made = report(world, film)
    decision = check(world, question(world, ann, film))
    assert {"O_PAY", "O_SHARE"} <= {*codes(decision)}
    (line,) = decision["amounts"]["lines"]
    assert line["amount"] == {"amount": "31250.00", "currency": "USD"}
    assert line["formula"]["text"] == "2.5 % of $1,250,000.00 = $31,250.00."
    assert line["once"].endswith(f"/{made['id']}")
    assert [one["kind"] for one in decision["not_known"]] == ["participation"]

    before = check(world, question(world, ann, film, known_at=used["log_index"]))
    assert before["amounts"] == {}
