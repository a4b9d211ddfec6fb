"""A consent on a sheet: to be signed on paper, or filed with who signed it and how to check."""

import hashlib
import json
from typing import Any

import pytest

from tests.api.consents import accept, offered, picture, signed, somebody
from tests.api.test_riders import SHA, disputed, recorded
from tests.support.inprocess import World


def told(world: World, grant: dict[str, Any], who: str = "studio") -> dict[str, str]:
    """The paragraphs of a sheet by their headings."""
    answer = world.get(f"/v1/grants/{grant['id']}/printout", who)
    assert answer.status_code == 200, answer.text
    return {one["heading"]: one["text"] for one in answer.json()["paragraphs"]}


def test_a_request_is_printed_with_lines_to_sign_on(world: World) -> None:
    ann, film = somebody(world), picture(world, title="Love & <War>")
    made = offered(world, ann, film)
    page = world.get(f"/v1/grants/{made['id']}/printout?format=html", "studio")
    assert page.headers["content-type"].startswith("text/html")
    assert "Signature</p>" in page.text
    assert "Love &amp; &lt;War&gt;" in page.text
    assert "<script" not in page.text
    said = told(world, made)
    assert said["State"] == "Not signed yet: a request that waits for an answer"
    assert said["Of"].startswith(f"{ann} Person (")
    assert said["Pay"] == "One sum for all: $10,000.00"
    assert said["Stopping"] == "New uses can be stopped at any time. New uses can be paused."
    assert said["After death"] == "It ends with the performer's life."
    assert "Signed by" not in said


def test_a_signed_sheet_says_who_signed_how_and_when_and_how_to_check_it(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = signed(world, ann, film)
    sheet = world.get(f"/v1/grants/{made['id']}/printout", ann).json()
    said = told(world, made, ann)
    assert said["Signed by"].startswith("The performer, in this registry, on ")
    assert said["Signed by"].endswith("known to it as: contact confirmed.")
    raw = json.dumps(sheet["terms"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(raw.encode()).hexdigest() == made["terms_hash"]
    assert made["terms_hash"] in sheet["check"][0]
    index = made["log_index"]
    assert f"Entry {index} of the log" in sheet["check"][1]
    leaf = world.get(f"/v1/events/{index}", ann).json()["leaf"]
    assert leaf in sheet["check"][1]
    page = world.get(f"/v1/grants/{made['id']}/printout?format=html", ann).text
    assert "Signature</p>" not in page
    assert "consent-registry/terms/1" in page


def test_a_rider_is_printed_as_the_studios_word_with_what_the_performer_says(world: World) -> None:
    ann, film = somebody(world, adult_since="2020-01-01"), picture(world)
    made = recorded(world, offered(world, ann, film)).json()
    said = told(world, made)
    assert said["Signed by"].startswith(
        "The performer, on paper, on 1 October 2026: so states The studio ("
    )
    assert said["Original"] == f"Production office, folder 12; SHA-256 of the scan: {SHA}"
    assert said["Confirmed by the performer"] == "Not yet"
    accept(world, made, ann)
    assert told(world, made)["Confirmed by the performer"].startswith("Yes, on ")
    disputed(world, made, ann)
    assert told(world, made)["Confirmed by the performer"].startswith("NO: on ")


def test_a_sheet_says_every_term_in_words(world: World) -> None:
    ann, film = somebody(world), picture(world)
    made = offered(
        world,
        ann,
        film,
        uses=["dub", "stunt"],
        dubbing=True,
        ends_on="2028-12-31",
        media=["home_video", "theatrical"],
        max_uses=3,
        exclusions=[
            {"axis": "tag", "value": "simulated_sex"},
            {"axis": "use", "value": "promo"},
            {"axis": "work", "value": world.ids["nova"]},
            {"axis": "studio", "value": world.ids["vendor"]},
        ],
        pay={
            "kind": "per_day",
            "amount": {"amount": "1500.00", "currency": "USD"},
            "alteration": {"amount": "200.00", "currency": "USD"},
        },
        withdrawal={"new_uses": "after_days", "days": 30, "pause": False},
        posthumous="unstated",
    )
    said = told(world, made)
    assert said["Said yes to by itself"] == "Dubbing"
    assert "Until 31 December 2028, that day included." in said["Limits"]
    assert "At most 3 uses." in said["Limits"]
    assert "Only in home video and theatrical." in said["Limits"]
    assert said["Ruled out"].startswith("simulated sex, advertising, Film nova and what belongs")
    assert said["Pay"] == "$1,500.00 for each day; for altering a performance $200.00"
    assert said["Stopping"] == (
        "New uses can be stopped; that takes effect 30 days after it is asked for. "
        "There is no right to pause."
    )


def test_a_union_prints_no_amount_and_no_terms(world: World) -> None:
    ann, film = somebody(world, member=True), picture(world)
    made = signed(world, ann, film)
    assert told(world, made, "officer")["Pay"] == (
        "Shown to the parties; where it stands to the floor is not known"
    )
    assert world.get(f"/v1/grants/{made['id']}/printout", "officer").json()["terms"] is None


@pytest.mark.parametrize("who", ["rival", "stranger"])
def test_what_one_may_not_see_one_does_not_print(world: World, who: str) -> None:
    made = offered(world, somebody(world), picture(world))
    assert world.get(f"/v1/grants/{made['id']}/printout", who).status_code == 404
