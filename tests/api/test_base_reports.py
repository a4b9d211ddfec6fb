"""What a share is a share of, as somebody reported it, and what is said of the report."""

from typing import Any

import pytest

from tests.api.consents import cleared, key, picture, signed, somebody
from tests.api.test_dues import dues_of
from tests.support.inprocess import FAMILY, World

PATH = "/v1/base-reports"
REPORT: dict[str, Any] = {
    "starts_on": "2026-07-01",
    "until": "2026-10-01",
    "amount": {"amount": "125000.00", "currency": "USD"},
    "reporter": "Video Ltd",
    "reported_on": "2026-11-05",
}


def reported(world: World, film: str, **more: Any) -> dict[str, Any]:
    body = {"work": world.ids[film], "base": "streaming receipts", **REPORT, **more}
    return world.make(PATH, "studio", body)


def test_a_report_is_disputed_by_the_performer_and_corrected_by_a_new_version(
    world: World,
) -> None:
    name, other, film = somebody(world), somebody(world), picture(world)
    path = f"{PATH}/{reported(world, film, performer=world.ids[name])['id']}"
    assert world.get(path, other).status_code == 404
    argued = world.make(f"{path}/dispute", name, {"words": "The airlines are missing."})
    assert argued["disputed_by"] == world.ids[name]
    assert world.get(path, "studio").json()["dispute_words"] == "The airlines are missing."
    again = world.post(f"{path}/dispute", name, {"words": "Still."})
    assert again.status_code == 409
    more = REPORT | {"amount": {"amount": "130000.00", "currency": "USD"}}
    right = world.make(f"{path}/correction", "studio", more)
    assert (right["version"], right["disputed_by"], right["dispute_words"]) == (3, None, None)
    assert world.make(f"{path}/confirmation", name)["confirmed_by"] == world.ids[name]
    world.make(f"{path}/dispute", name, {"words": "And yet."})
    assert world.make(f"{path}/confirmation", name)["disputed_by"] is None


def test_a_union_sees_that_there_is_a_report_and_not_what_it_says(world: World) -> None:
    # A studio of its own, so that no other test's films come under the agreement.
    path = f"/v1/organizations/{world.studio('bound')}/signatories"
    bound = {"agreement": FAMILY, "union": world.ids["union"], "starts_on": "2023-11-09"}
    world.make(path, "office", bound)
    film = world.work("bound-film", "bound", agreement=FAMILY)
    made = world.make(PATH, "bound", {"work": film, "base": "streaming receipts", **REPORT})
    assert made["amount"] == REPORT["amount"]
    path = f"{PATH}/{made['id']}"
    seen = world.get(path, "officer").json()
    assert (seen["reporter"], "amount" in seen) == ("Video Ltd", False)
    assert world.get(path, "stranger").status_code == 404
    world.make(f"{path}/dispute", "officer", {"words": "Our members say otherwise."})
    listed = world.get(f"{PATH}?work={film}", "officer").json()["data"]
    assert [row["disputed_by"] for row in listed] == [world.ids["union"]]


def test_no_day_of_a_base_is_reported_twice(world: World) -> None:
    film = picture(world)
    first = reported(world, film)
    body = {"work": world.ids[film], "base": "streaming receipts", **REPORT}
    twice = world.post(PATH, "studio", body | {"starts_on": "2026-09-30", "until": "2026-12-31"})
    assert (twice.status_code, twice.json()["id"]) == (409, first["id"])
    after = reported(world, film, starts_on="2026-10-01", until="2027-01-01")
    wider = world.post(f"{PATH}/{after['id']}/correction", "studio", REPORT)
    assert (wider.status_code, wider.json()["id"]) == (409, first["id"])
    reported(world, film, base="sales of records")


def test_a_report_says_how_many_shares_came_of_it_and_which_bases_terms_name(
    world: World,
) -> None:
    name, film = somebody(world), picture(world)
    first = reported(world, film)
    assert (first["lines"], first["says"]) == (
        0,
        "No terms of yours for this work name a base, so nobody has a share of this yet.",
    )
    for base in ("streaming receipts", "net profits"):
        signed(world, name, film, pay={"kind": "royalty", "share": "2.5", "base": base})
    typed = reported(world, film, base="straming receipts")
    assert typed["lines"] == 0
    assert typed["says"] == (
        "No terms of yours for this work name this base, so nobody has a share of this yet. The"
        " bases that they name: “net profits”, “streaming receipts”. If one of them is meant,"
        " report it by that name."
    )
    early = reported(world, film, base="Net Profits", performer=world.ids[name])
    assert early["lines"] == 0
    assert early["says"].startswith("Your terms name this base, and no use")
    elsewhere = reported(world, picture(world), performer=world.ids[name])
    assert elsewhere["says"].startswith("No terms of yours for this work name a base")
    _, known = shown(world)
    assert (known["lines"], known["says"]) == (1, "Shares of this on the ledger: 1.")


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [({"until": "2026-07-01"}, "/until"), ({"reported_on": "2190-01-01"}, "/reported_on")],
)
def test_a_report_that_makes_no_sense_is_refused_by_the_name_of_its_field(
    world: World, changed: dict[str, Any], pointer: str
) -> None:
    body = {"work": world.ids["nova"], "base": "receipts", **REPORT, **changed}
    answer = world.post(PATH, "studio", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_share_of_what_is_shown_goes_on_when_the_consent_has_ended(world: World) -> None:
    name, film = somebody(world), picture(world, first_exposed_on="2026-02-10")
    pay = {"kind": "royalty", "share": "2.5", "base": "streaming receipts"}
    grant = signed(world, name, film, pay=pay)
    use = cleared(world, name, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    year = int(use["registered_at"][:4]) + 1
    world.now = f"{year}-12-01T12:00:00Z"

    def shares() -> list[tuple[str, Any]]:
        said = world.get("/v1/me/statement", name).json()["data"]
        return [(line["section"], line["amount"] and line["amount"]["amount"]) for line in said]

    try:
        assert shares()[0] == ("earned", None)
        first = reported(world, film, starts_on="2026-01-01", until=f"{year}-07-01")
        assert world.get(f"{PATH}/{first['id']}", name).json()["amount"] == REPORT["amount"]
        assert ("earned", "3125.00") in shares()
        ended = world.post(f"/v1/grants/{grant['id']}/revocation", name, {}, **key())
        assert ended.status_code == 200
        assert shares()[-1] == ("missing_report", None)
        reported(world, film, starts_on=f"{year}-07-01", until=f"{year}-10-01")
        assert shares().count(("earned", "3125.00")) == 2
        assert ("missing_report", None) not in shares()
    finally:
        world.now = None


def test_what_sides_settled_on_stays_when_something_else_is_reported(world: World) -> None:
    name, first = shown(world)
    (line,) = known_of(world, name)
    four = {"amount": "4000.00", "currency": "USD"}
    path = f"/v1/dues/{line['id']}"
    world.make(f"{path}/dispute", name, {"words": "More came in.", "should_be": four})
    world.make(f"{path}/settlement", "studio", {"words": "So it is.", "amount": four})
    world.make(PATH, "studio", about(first) | {"starts_on": "2026-10-01", "until": "2026-11-01"})
    assert sums_of(world, name) == ["3125.00", "4000.00"]
    more = REPORT | {"amount": {"amount": "200000.00", "currency": "USD"}}
    world.make(f"{PATH}/{first['id']}/correction", "studio", more)
    assert sums_of(world, name) == ["3125.00", "5000.00"]


def test_a_report_of_other_days_or_for_one_alone_is_not_owed_beside_the_first(
    world: World,
) -> None:
    name, first = shown(world)
    (line,) = known_of(world, name)
    longer = REPORT | {"starts_on": "2026-06-01"}
    world.make(f"{PATH}/{first['id']}/correction", "studio", longer)
    (now,) = known_of(world, name)
    assert (now["id"], now["what"].split(", ")[1]) == (
        line["id"],
        "1 June 2026 until 1 October 2026",
    )
    own = about(first) | {"performer": world.ids[name], "until": "2026-08-01"}
    world.make(PATH, "studio", own | {"amount": {"amount": "100.00", "currency": "USD"}})
    assert sums_of(world, name) == ["2.50"]
    gone = world.get(f"/v1/dues/{line['id']}", name).json()
    assert (gone["state"], gone["ended_why"]) == ("not_due", "decided_again")


def test_a_union_reads_that_a_share_is_owed_and_not_how_much_of_what(world: World) -> None:
    name, _ = shown(world, member=True)
    found = world.get(f"/v1/dues?performer={world.ids[name]}", "officer")
    assert {line["what"] for line in found.json()["data"]} == {"share of what is reported"}
    assert not [word for word in ("2.5", "streaming") if word in found.text]


def shown(world: World, **more: Any) -> tuple[str, dict[str, Any]]:
    """A performer with a share of a film that they are locked into, and a report of it."""
    name, film = somebody(world, **more), picture(world)
    signed(world, name, film, pay={"kind": "royalty", "share": "2.5", "base": "streaming receipts"})
    use = cleared(world, name, film)
    world.make(f"/v1/uses/{use['id']}/lock", "studio")
    return name, reported(world, film)


def about(report: dict[str, Any]) -> dict[str, Any]:
    """Another report of the same base."""
    return REPORT | {"work": report["work_id"], "base": report["base"]}


def known_of(world: World, name: str) -> list[dict[str, Any]]:
    """What is owed of what was reported."""
    return [line for line in dues_of(world, name) if line["amount"] and not line["ended_at"]]


def sums_of(world: World, name: str) -> list[str]:
    return sorted(line["amount"]["amount"] for line in known_of(world, name))
