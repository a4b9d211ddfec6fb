"""What a performer reads of what they earned, and what a studio hands to payroll."""

import csv
import io
import json
import re
import sys
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.consents import cleared, key, picture, signed, somebody
from tests.support.inprocess import World

PAY = {"kind": "bargained_flat", "amount": {"amount": "10000.00", "currency": "USD"}}
MINE = "/v1/me/statement"
LINE: dict[str, Any] = {
    "title": "Low Water",
    "market": "airlines",
    "starts_on": "2026-01-01",
    "until": "2026-04-01",
    "gross": {"amount": "38.20", "currency": "USD"},
    "issuer": "Residuals Ltd",
    "reference": "RES-1",
    "issued_on": "2026-04-30",
}


def locked(world: World, name: str, film: str, **more: Any) -> dict[str, Any]:
    """A use that was locked, so that what was agreed for it is due."""
    signed(world, name, film, pay=PAY, **more)
    made = cleared(world, name, film, shot="SC045_0010")
    return world.make(f"/v1/uses/{made['id']}/lock", "studio")


def lines(said: dict[str, Any], section: str) -> list[dict[str, Any]]:
    return [line for line in said["data"] if line["section"] == section]


def test_a_performer_reads_what_each_use_earned_and_why(world: World) -> None:
    name, film = somebody(world), picture(world)
    use = locked(world, name, film)
    said = world.get(MINE, name).json()
    (line,) = lines(said, "earned")
    assert line["amount"] == PAY["amount"]
    assert (line["state"], line["title"]) == ("due", f"Film {film}")
    assert (line["made"], line["payer"]) == ("a stunt, SC045_0010", "The studio")
    assert line["href"].endswith(f"/v1/uses/{use['id']}")
    assert said["performer"] == f"{name} Person"
    (total,) = said["totals"]
    assert (total["earned"], total["due"]) == (PAY["amount"], PAY["amount"])
    assert (said["unknown"], said["by_state"]) == (0, {"due": 1})


def test_what_is_paid_and_confirmed_moves_from_one_total_to_the_next(world: World) -> None:
    name, film = somebody(world), picture(world)
    locked(world, name, film)
    (line,) = lines(world.get(MINE, name).json(), "earned")
    body = {
        "performer": world.ids[name],
        "reference": "WIRE-7",
        "paid_on": world.get(MINE, name).json()["as_of"][:10],
        "lines": [{"due": line["id"], "amount": PAY["amount"]}],
    }
    paid = world.post("/v1/payments", "finance", body, **key())
    assert paid.status_code == 201, paid.text
    said = world.get(MINE, name).json()
    assert said["totals"][0]["said_paid"] == PAY["amount"]
    (payment,) = lines(said, "payments")
    assert (payment["reference"], payment["state"]) == ("WIRE-7", "said_paid")
    before = world.get(f"{MINE}?as_of={line['day']}T00:00:00Z", name).json()
    assert before["data"] == []


def test_a_studio_reads_what_it_pays_and_nothing_of_what_others_do(world: World) -> None:
    name, film = somebody(world), picture(world)
    locked(world, name, film)
    world.make("/v1/residual-statements", name, LINE)
    path = f"/v1/statements?performer={world.ids[name]}"
    own = world.get(path, name).json()
    assert len(lines(own, "outside")) == 1
    seen = world.get(path, "finance").json()
    assert (len(lines(seen, "earned")), lines(seen, "outside")) == (1, [])
    assert world.get(path, "auditor").json()["data"] == own["data"]
    asked = text("SELECT count(*) FROM ask WHERE kind = 'read' AND performer_id = :id")
    with world.app.state.registry.store.reads.connect() as connection:
        assert connection.execute(asked, {"id": world.ids[name]}).scalar_one() == 1
    for who, status in (("rival", 404), ("officer", 403), ("agent", 404)):
        assert world.get(path, who).status_code == status, who


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    name = somebody(world)
    answer = world.get(f"{MINE}?from=2026-07-01&until=2026-07-01", name)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "?until"
    none = world.get(f"{MINE}?from=2026-07-01&until=2026-10-01", name).json()
    assert (none["data"], none["totals"]) == ([], [])


def test_a_statement_is_a_file_that_no_spreadsheet_runs(world: World) -> None:
    name = somebody(world)
    world.make("/v1/residual-statements", name, LINE | {"title": "=1+1"})
    told = world.get(f"{MINE}?format=csv", name)
    (row,) = csv.DictReader(io.StringIO(told.text))
    assert (row["title"], row["amount"], row["net"]) == ("'=1+1", "38.20 USD", "")
    (line,) = world.get(f"{MINE}?format=jsonl", name).text.splitlines()
    assert json.loads(line)["title"] == "=1+1"


def test_the_page_can_be_read_by_everybody_and_printed(world: World) -> None:
    name, film = somebody(world), picture(world, title="<b>Bold</b> & Co")
    locked(world, name, film)
    world.make("/v1/residual-statements", name, LINE)
    page = world.get(f"{MINE}?format=html&from=2020-01-01", name)
    assert page.headers["content-type"].startswith("text/html")
    said = page.text
    assert '<html lang="en">' in said
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in said
    assert "@media print" in said
    assert "<script" not in said
    tables = re.findall(r"<table.*?</table>", said, re.DOTALL)
    assert len(tables) == 3
    for table in tables:
        assert "<caption>" in table
        assert table.count('<th scope="col"') == len(re.findall(r"<th scope=.col.", table))
        assert '<th scope="row" role="rowheader">' in table
    # How a line stands is said in words, not by a colour.
    assert '<span class="strong">Due</span>' in said
    assert "None" not in said
    assert "none of it is in the totals above" in said


def test_an_empty_statement_says_so(world: World) -> None:
    said = world.get(f"{MINE}?format=html&until=2020-01-01", somebody(world)).text
    assert "No amount is on record for these days." in said
    assert "For all days before 1 January 2020." in said


def test_a_pdf_is_tagged_so_that_it_can_be_read_aloud(world: World) -> None:
    name, film = somebody(world), picture(world, title="#panic() [*Zoë*] \\ $x$")
    locked(world, name, film)
    answer = world.get(f"{MINE}?format=pdf", name)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    # ISO 14289-1: it says of itself that it is PDF/UA-1. It is made so or not at all.
    assert b"<pdfuaid:part>1</pdfuaid:part>" in answer.content
    assert b"/MarkInfo" in answer.content
    assert b"/Lang" in answer.content


def test_letters_that_no_font_has_are_no_fault_of_the_registry(world: World) -> None:
    name, film = somebody(world), picture(world, title="Nobody has \U0010fffd")
    locked(world, name, film)
    answer = world.get(f"{MINE}?format=pdf", name)
    assert answer.status_code == 501
    assert "no font of this server" in answer.json()["detail"]


def test_without_the_extra_there_is_no_pdf_and_the_answer_says_which(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    answer = world.get(f"{MINE}?format=pdf", somebody(world))
    assert answer.status_code == 501
    assert answer.json()["type"].endswith("/problems/not-installed")
    assert "the extra `pdf`" in answer.json()["detail"]


def test_a_payroll_has_a_row_for_each_line_that_the_studio_owes(world: World) -> None:
    name, film = somebody(world, ref="castid:77"), picture(world)
    hired = {"performer": world.ids[name], "work": world.ids[film], "ref": "job:77"}
    job = world.make("/v1/engagements", "studio", hired)
    use = locked(world, name, film)
    path = f"/v1/works/{world.ids[film]}/payroll"
    (row,) = world.get(path, "finance").json()["data"]
    assert (row["performer_ref"], row["engagement_ref"]) == ("castid:77", "job:77")
    assert (row["engagement_id"], row["use_id"]) == (job["id"], use["id"])
    assert (row["earnings_code"], row["gross"]) == ("agreed", PAY["amount"])
    assert (row["contribution"], row["left"], row["payments"]) == (None, PAY["amount"], [])
    (cells,) = csv.DictReader(io.StringIO(world.get(f"{path}?format=csv", "finance").text))
    assert (cells["gross"], cells["performer_ref"]) == ("10000.00 USD", "castid:77")
    assert world.get(f"{path}?until={row['work_date']}", "finance").json()["data"] == []
    assert world.get(path, "rival").status_code == 404
    assert world.get(path, name).status_code == 403


def test_a_payroll_of_a_series_has_its_episodes_and_names_no_job_that_there_was_none(
    world: World,
) -> None:
    name, series = somebody(world), picture(world, kind="series")
    episode = picture(world, kind="episode", part_of=world.ids[series])
    locked(world, name, episode)
    rows = world.get(f"/v1/works/{world.ids[series]}/payroll", "studio").json()["data"]
    assert [(row["work_id"], row["engagement_id"]) for row in rows] == [(world.ids[episode], None)]
