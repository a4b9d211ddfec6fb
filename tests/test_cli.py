"""The commands as an operator runs them: what they print, and the exit that a pipeline reads."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from tests.support.inprocess import small_world

VECTORS = Path(__file__).parent / "vectors"
TVT_2026 = "sag-aftra/tv-theatrical@2026"
FIGURE = "day_performer/2026-07-01"
OWN_PACKS = VECTORS.parents[1] / "app" / "agreements"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings for a registry of this test's own."""
    file = tmp_path / "registry.db"
    monkeypatch.setenv("CONSENT_REGISTRY_ENVIRONMENT", "test")
    monkeypatch.setenv("CONSENT_REGISTRY_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("CONSENT_REGISTRY_KEY_DIR", str(tmp_path / "keys"))
    return file


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def a_vector_file(folder: Path, outcome: str) -> Path:
    vector = {
        "id": "v",
        "title": "Somebody unknown",
        "rules": ["RG-01"],
        "world": {},
        "at": "2026-11-21T12:00:00Z",
        "check": {"performer": "ada", "work": "nova", "use": "stunt"},
        "expect": {"outcome": outcome},
    }
    file = folder / "v.json"
    document = {"format": "consent-registry/vectors/1", "title": "One", "packs": {}}
    file.write_text(json.dumps(document | {"vectors": [vector]}))
    return file


def test_messages_are_delivered_where_there_is_a_mail_server(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("migrate").exit_code == 0
    absent = run("deliver")
    assert (absent.exit_code, "CONSENT_REGISTRY_SMTP_URL" in absent.output) == (2, True)
    monkeypatch.setenv("CONSENT_REGISTRY_SMTP_URL", "mail.example")
    assert run("deliver").exit_code == 2
    monkeypatch.setenv("CONSENT_REGISTRY_SMTP_URL", "smtp://127.0.0.1:1")
    done = run("deliver")
    assert (done.exit_code, done.output.strip()) == (0, "0 messages sent, 0 not")
    assert database.exists()


def test_vectors_that_agree_exit_with_0() -> None:
    file = VECTORS / "scenarios" / "exemptions.json"
    count = len(json.loads(file.read_text())["vectors"])
    done = run("vectors", "run", str(file))
    assert done.exit_code == 0
    assert f"{count} vectors, 0 differ, 0 left out" in done.output


def test_a_vector_that_differs_is_told_and_exits_with_1(tmp_path: Path) -> None:
    done = run("vectors", "run", str(a_vector_file(tmp_path, "allow")))
    assert done.exit_code == 1
    assert "v /expect/outcome: expected 'allow', got 'needs_action'" in done.output


@pytest.mark.parametrize(
    "packs", [pytest.param({"nobody/stage": ["1"]}, id="pack"), pytest.param(None, id="file")]
)
def test_what_cannot_be_run_exits_with_2(
    tmp_path: Path, packs: dict[str, list[str]] | None
) -> None:
    file = a_vector_file(tmp_path, "allow")
    document = json.loads(file.read_text())
    file.write_text("{" if packs is None else json.dumps(document | {"packs": packs}))
    assert run("vectors", "run", str(file)).exit_code == 2


def test_a_server_that_does_not_answer_exits_with_5() -> None:
    file = VECTORS / "scenarios" / "exemptions.json"
    # Port 9 of the loopback is discard, which nobody serves.
    done = run("vectors", "run", str(file), "--url", "http://127.0.0.1:9")
    assert done.exit_code == 5
    assert "does not answer" in done.output


def test_a_registry_is_founded_once(database: Path) -> None:
    assert run("migrate").exit_code == 0
    founded = run("init")
    again = run("init")
    assert database.exists()
    assert (founded.exit_code, again.exit_code) == (0, 1)
    assert "code " in founded.output
    assert "has entries already" in again.output


@pytest.mark.usefixtures("database")
def test_the_state_of_a_registry_agrees_with_its_log() -> None:
    run("migrate")
    run("init")
    done = run("verify", "state")
    assert done.exit_code == 0
    assert "0 differences" in done.output


# Of one record, of one each of two studios, and of none.
CODES = ("bea", "ann", "nobody")


def test_a_dossier_is_printed_and_that_it_was_read_is_on_record(
    database: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{database}"
    with small_world(url, tmp_path) as made:
        ids = ("--performer", made.ids["ann"], "--work", made.ids["nova"])
        body = {"name": "Ref Person", "contact": "ref@performer.example", "ref": "house:ann"}
        for who in ("studio", "rival"):
            made.make("/v1/performers", who, body)
        made.make("/v1/performers", "studio", body | {"ref": "house:bea"})
    on = ("--on", "2090-01-01T00:00:00Z")
    text, document = run("dossier", *ids, *on), run("dossier", *ids, *on, "--json")
    assert (text.exit_code, document.exit_code) == (0, 0)
    assert text.output.startswith("ann Person and Film nova\n")
    assert json.loads(document.output)["work"]["title"] == "Film nova"
    with sqlite3.connect(database) as connection:
        asked = "SELECT performer_id, request FROM ask WHERE kind = 'read'"
        reads = [(whom, json.loads(said)) for whom, said in connection.execute(asked)]
    assert [(whom, said["route"]) for whom, said in reads] == [
        (ids[1], "consent-registry dossier")
    ] * 2

    coded = [run("dossier", "--performer", f"ref:house:{code}", *ids[2:], *on) for code in CODES]
    assert [done.exit_code for done in coded] == [0, 1, 1]
    assert coded[0].output.startswith("Ref Person and Film nova\n")
    assert "is the code of several records" in coded[1].output
    early = run("dossier", *ids, "--on", "yesterday")
    beyond = run("dossier", *ids, *on, "--known", "99")
    assert (early.exit_code, beyond.exit_code) == (2, 1)
    assert "The log ends at entry" in beyond.output


@pytest.mark.usefixtures("database")
def test_a_figure_is_checked_once_and_by_name() -> None:
    run("migrate")
    run("init")
    words = ("--by", "Research officer", "--source", "Wage table, page 3")
    first = run("agreements", "verify", TVT_2026, FIGURE, *words)
    again = run("agreements", "verify", TVT_2026, FIGURE, *words)
    unknown = run("agreements", "verify", TVT_2026, "day_performer/1999-01-01", *words)
    assert (first.exit_code, again.exit_code, unknown.exit_code) == (0, 1, 1)
    assert "was checked by Research officer" in first.output
    assert "checked already" in again.output
    assert "has no such row" in unknown.output


def test_the_packs_are_listed_and_shown() -> None:
    assert TVT_2026 in run("agreements", "list").output
    shown = run("agreements", "show", TVT_2026)
    assert shown.exit_code == 0
    assert "$1,283.00" in shown.output
    assert "21.00 %" in shown.output
    law = run("agreements", "show", "us-ca/labor-927@1").output
    assert "binds by residence or capture in US-CA" in law
    assert "AB 2602; Labor Code §927" in law
    assert run("agreements", "show", "nobody/stage@1").exit_code == 2


def test_w10_counting_the_days_of_a_replica_moves_part_of_a_pool() -> None:
    asked = ("agreements", "pool", TVT_2026.replace("2026", "2023"), "36000.00")
    told = run(*asked, "--worked", "A=10", "--worked", "B=5+3").output
    rows = [line.split() for line in told.splitlines() if line.split()[:1] in (["A"], ["B"])]
    assert rows == [
        ["A", "2", "$20,000.00", "$24,000.00"],
        ["B", "1.6", "$16,000.00", "$12,000.00"],
    ]
    assert run(*asked, "--worked", "A=many").exit_code == 2
    assert run(*asked[:3], "a lot", "--worked", "A=1").exit_code == 2
    house = run("agreements", "pool", "house@1", "1.00", "--worked", "A=1")
    assert house.exit_code == 2


def test_what_a_version_changed_is_told_row_by_row(tmp_path: Path) -> None:
    told = run("agreements", "diff", "sag-aftra/tv-theatrical@2023", TVT_2026)
    assert told.exit_code == 0
    for words in ("TT-06", "not there", "goes on", "$1,283.00", "21.00 %", "ends_on", "2030-06-30"):
        assert words in told.output, words
    assert "the two say the same" in run("agreements", "diff", TVT_2026, TVT_2026).output
    own = OWN_PACKS / "house.toml"
    assert "hash" not in run("agreements", "diff", str(own), "house@1").output
    assert run("agreements", "diff", str(tmp_path / "none.toml"), "house@1").exit_code == 1


def test_a_pack_that_cannot_be_taken_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('[pack]\nfamily = "a/b"\nversion = "1"\nwhat = 1\n')
    alone = run("agreements", "lint", str(bad))
    folder = run("agreements", "lint", str(tmp_path))
    listed = run("agreements", "list", str(tmp_path))
    assert (alone.exit_code, folder.exit_code, listed.exit_code) == (1, 1, 1)
    for told in (alone, folder, listed):
        assert "bad.toml:4: unknown member `what`" in told.output
        assert "bad.toml:1: `title` must be text" in told.output
    assert run("agreements", "lint").exit_code == 0
    assert run("agreements", "lint", str(OWN_PACKS)).exit_code == 0
    # The server says the same and does not start.
    monkeypatch.setenv("CONSENT_REGISTRY_PACK_DIR", str(tmp_path))
    served = run("serve")
    assert served.exit_code == 1
    assert "bad.toml:4: unknown member `what`" in served.output


def test_a_pack_that_is_there_twice_is_told(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text('[pack]\nfamily = "a/b"\nversion = "1"\ntitle = "A"\n')
    done = run("agreements", "lint", str(tmp_path))
    assert done.exit_code == 1
    assert "defined twice" in done.output


def test_the_contract_is_printed_as_json() -> None:
    done = run("openapi")
    assert json.loads(done.output)["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CONSENT_REGISTRY_BASE_URL", "nowhere", "`CONSENT_REGISTRY_BASE_URL`: "),
        ("CONSENT_REGISTRY_WORKERS", "2", "must be 1 on SQLite"),
        ("CONSENT_REGISTRY_BASEURL", "http://localhost", "unknown setting"),
    ],
)
def test_a_wrong_setting_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    done = run("serve")
    assert done.exit_code == 2
    assert says in done.output


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "command",
    [
        ("verify", "state"),
        ("dossier", "--performer", "perf_x", "--work", "work_x", "--on", "2026-11-21T12:00:00Z"),
    ],
)
def test_a_database_that_was_never_migrated_is_no_bug(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert isinstance(done.exception, SystemExit)
    assert "migrate it first" in done.output


@pytest.mark.usefixtures("database")
def test_the_clock_work_says_how_many_it_reminded() -> None:
    assert run("migrate").exit_code == 0
    assert run("init").exit_code == 0
    done = run("tick")
    assert (done.exit_code, done.output.strip()) == (0, "0 reminders")


def test_a_company_founds_its_registry_with_one_line(database: Path) -> None:
    founded = run("init", "--company", "Harbour Lights")
    assert founded.exit_code == 0, founded.output
    assert "company  " in founded.output
    assert (database.parent / "keys" / "tokens").is_dir()
    again = run("init", "--company", "Harbour Lights")
    assert (again.exit_code, "has entries already" in again.output) == (1, True)
    assert "0 differences" in run("verify", "state").output


def test_codes_are_sent_by_mail_only_where_there_is_a_mail_server(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = run("init", "--address", "me@harbour.example")
    assert (none.exit_code, "no mail server is set" in none.output) == (1, True)
    assert not database.exists()
    # Port 9 of the loopback is discard, which nobody serves.
    monkeypatch.setenv("CONSENT_REGISTRY_SMTP_URL", "smtp://127.0.0.1:9/")
    dead = run("init", "--address", "me@harbour.example")
    assert dead.exit_code == 0, dead.output
    assert "the mail could not be sent" in dead.output
    assert "code  " in dead.output
