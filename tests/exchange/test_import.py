"""Imports: every bad row is named with what would be right, and no good one is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from app.cli import app
from app.exchange.connection import Connection, RefusedError
from app.exchange.files import UnreadableError
from app.exchange.importing import CHUNK, Outcome, begun, planned, put_on_record, rehearse
from tests.api.consents import check, codes
from tests.support.inprocess import World

NO_CODE = "a code of your own, such as `castid:4711`, so that the row is imported once"
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "import"


@contextmanager
def connected(world: World, who: str = "studio") -> Iterator[Connection]:
    """The registry as somebody, without a network."""
    headers = {"Authorization": f"Bearer {world.token(who)}"}
    http = TestClient(world.app, headers=headers)
    try:
        yield Connection(http)
    finally:
        http.close()


def run(world: World, *files: Path, dry: bool = False, who: str = "studio") -> list[Outcome]:
    plans = planned(files)
    outcomes = begun(plans)
    with connected(world, who) as registry:
        (rehearse if dry else put_on_record)(plans, outcomes, registry, lambda: None)
    return outcomes


def counted(outcomes: list[Outcome]) -> dict[str, tuple[int, int, int]]:
    return {o.kind: (o.recorded, o.known, len(o.wrong)) for o in outcomes}


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def said(outcomes: list[Outcome]) -> list[str]:
    return [str(wrong) for outcome in outcomes for wrong in outcome.wrong]


def test_the_example_files_are_imported_once_however_often_they_are_run(world: World) -> None:
    files = sorted(EXAMPLES.iterdir())
    fresh = {"performers": (3, 0, 0), "works": (3, 0, 0), "engagements": (2, 0, 0)}
    fresh |= {"grants": (2, 0, 0), "residual-statements": (2, 0, 0)}
    assert counted(run(world, *files, dry=True)) == fresh
    assert world.get("/v1/performers/ref:castid:101", "studio").status_code == 404
    assert counted(run(world, *files)) == fresh
    again = {kind: (0, count[0], 0) for kind, count in fresh.items()}
    assert counted(run(world, *files)) == again
    assert counted(run(world, *files, dry=True)) == again
    asked = {"performer": "ref:castid:101", "work": "ref:house:saltmarsh-1", "use": "stunt"}
    decision = check(world, asked | {"description": {"scenes": ["40"]}})
    assert decision["outcome"] == "allow_with_obligations", decision["reasons"]
    assert "W_PAPER_NOT_CONFIRMED" in codes(decision)
    person = world.get("/v1/performers/ref:castid:102", "studio").json()
    assert (person["contact"], person["residence"]) == ("+44 20 7946 0000", "GB")
    film = world.get("/v1/works/ref:house:saltmarsh-2", "studio").json()
    assert (film["content_tags"], len(film["edges"])) == ([], 1)
    line = world.get("/v1/residual-statements/ref:resid:2", "studio").json()
    assert (line["gross"]["amount"], line["net"]) == ("38.20", None)


def test_a_bad_row_is_named_by_line_and_column_with_what_would_be_right(
    world: World, tmp_path: Path
) -> None:
    people = file(
        tmp_path,
        "performers.csv",
        "ref,name,contact,adult,birth_date\n"
        "bad:1,Good Person,good@p.example,true,\n"
        "bad:2,,none@p.example,true,\n"
        "bad:3,Young Person,young@p.example,false,\n"
        "bad:4,Odd Date,odd@p.example,,12/31/1990\n"
        ",No Code,nc@p.example,true,\n"
        "bad:1,Twice,tw@p.example,true,\n"
        "bad:7,Perhaps,ph@p.example,perhaps,\n"
        'bad:8,"Over\ntwo lines",two@p.example,true,\n'
        "bad:9,Too many,cells,true,,,\n"
        "\n"
        "bad:10,Last Person,last@p.example,yes,\n",
    )
    outcomes = run(world, people)
    assert said(outcomes) == [
        "performers.csv:3 name: this field is required",
        "performers.csv:5 birth_date: a day, such as `2026-11-21`",
        f"performers.csv:6 ref: {NO_CODE}",
        "performers.csv:7 ref: `bad:1` stands in performers.csv:2 already",
        "performers.csv:8 adult: `true` or `false`",
        "performers.csv:9 name: one line only",
        "performers.csv:11: 7 cells under 5 columns; quote a cell with commas",
        "performers.csv:4 birth_date: For a minor, give `birth_date`.",
    ]
    assert counted(outcomes) == {"performers": (2, 0, 8)}
    assert world.get("/v1/performers/ref:bad:10", "studio").json()["name"] == "Last Person"


def test_what_a_row_names_has_to_be_on_record_or_in_the_files(world: World, tmp_path: Path) -> None:
    people = file(tmp_path, "performers.csv", "ref,name,contact\nrow:1,A Person,a@p.example\n")
    jobs = file(
        tmp_path,
        "engagements.csv",
        f"ref;performer;work\nrow:e1;row:1;{world.ids['nova']}\nrow:e2;row:2;{world.ids['nova']}\n",
    )
    wrong = "engagements.csv:3 performer: nothing on record and no row of these files has this code"
    assert said(run(world, people, jobs, dry=True)) == [wrong]
    told = said(run(world, people, jobs))
    assert told == [
        "engagements.csv:3 performer: No such record for you: unknown, or somebody else's."
    ]


def test_json_lines_are_read_line_by_line(world: World, tmp_path: Path) -> None:
    works = file(
        tmp_path,
        "works-2026.jsonl",
        '{"ref": "jl:1", "kind": "film", "title": "One"}\n'
        "\n"
        '{"ref": "jl:2", "kind": "film", "title": \n'
        '["jl:3"]\n'
        '{"ref": "jl:4", "kind": "opera", "title": "Four"}\n'
        '{"ref": "jl:5", "kind": "film", "title": "Five", "budget": 3}\n',
    )
    outcomes = run(world, works)
    assert counted(outcomes)["works"][0] == 1
    lines = [line.partition(" ")[0].rstrip(":") for line in said(outcomes)]
    assert lines == [f"works-2026.jsonl:{n}" for n in (3, 4, 5, 6)]
    assert "there is no field `budget` here" in said(outcomes)[-1]


def test_works_are_sent_after_what_they_hang_on(world: World, tmp_path: Path) -> None:
    rows = [f"up:{n},film,Film {n},up:{n - 1}" for n in range(2, 0, -1)]
    rows += ["up:0,franchise,Top,", "up:a,film,A,up:b", "up:b,film,B,up:a"]
    works = file(tmp_path, "works.csv", "\n".join(["ref,kind,title,part_of", *rows]))
    outcomes = run(world, works)
    assert counted(outcomes)["works"][0] == 3
    assert {line.partition(":")[2].partition(" ")[0] for line in said(outcomes)} == {"5", "6"}


def test_many_rows_go_in_chunks_and_each_is_one_act(world: World, tmp_path: Path) -> None:
    rows = [f"many:{n},Extra {n},extra{n}@p.example" for n in range(CHUNK + 1)]
    people = file(tmp_path, "performers.csv", "\n".join(["ref,name,contact", *rows]))
    ticks: list[None] = []
    plans = planned([people])
    outcomes = begun(plans)
    with connected(world) as registry:
        put_on_record(plans, outcomes, registry, lambda: ticks.append(None))
    assert counted(outcomes) == {"performers": (CHUNK + 1, 0, 0)}
    assert len(ticks) == CHUNK + 1


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        pytest.param("people.csv", "ref\n", "says no kind", id="no kind"),
        pytest.param("performers.xlsx", "PK", "neither `.csv` nor `.jsonl`", id="a workbook"),
        pytest.param("performers.csv", "", "is empty", id="empty"),
        pytest.param("performers.csv", "ref,salary\n", "has no column `salary`", id="column"),
        pytest.param("performers.csv", "ref,ref\n", "says `ref` twice", id="twice"),
        pytest.param(
            "grants.csv", "description,description.text\n", "says `description` twice", id="inside"
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    with pytest.raises(UnreadableError, match=says):
        planned([file(tmp_path, name, text)])


def test_a_file_in_another_encoding_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "performers.csv"
    path.write_bytes("ref,name\nx:1,Zoë".encode("utf-16"))
    with pytest.raises(UnreadableError, match="not UTF-8"):
        planned([path])


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1283", "an amount and its currency, such as `900.00 USD`"),
        ("lots", "an amount and its currency, such as `900.00 USD`"),
    ],
)
def test_an_amount_has_its_currency(tmp_path: Path, cell: str, says: str) -> None:
    text = f"ref,performer,work,rate.kind,rate.amount\nx:1,p:1,w:1,daily,{cell}\n"
    (plan,) = planned([file(tmp_path, "engagements.csv", text)])
    assert [str(wrong) for wrong in plan.wrong] == [f"engagements.csv:2 rate.amount: {says}"]


def test_cells_that_are_no_numbers_and_no_lists_are_named(tmp_path: Path) -> None:
    text = 'ref,max_uses,exclusions\nx:1,many,\nx:2,,"[{"\nx:3,3"\n'
    (plan,) = planned([file(tmp_path, "grants.csv", text)])
    told = [str(wrong) for wrong in plan.wrong]
    assert told[0] == "grants.csv:2 max_uses: a whole number, such as `3`"
    assert told[1] == "grants.csv:3 exclusions: words with `;` between them, or a JSON array"
    assert told[2].startswith("grants.csv:4: ")
    assert len(told) == 3


def test_what_no_body_can_carry_is_named_before_it_costs_a_chunk(tmp_path: Path) -> None:
    rows = [
        '{"ref": "un:1", "kind": "film", "title": "Fine"}',
        '{"ref": "un:2", "kind": "film", "title": "Half \\ud800"}',
    ]
    works = file(tmp_path, "works.jsonl", "\n".join(rows))
    cells = file(tmp_path, "works.csv", "ref,kind,title\nun:3,film,Nul \x00 inside\n")
    (plan,) = planned([works, cells])
    assert [line.row["ref"] for line in plan.lines] == ["un:1"]
    told = [str(wrong) for wrong in plan.wrong]
    assert [line.partition(": ")[0] for line in told] == [
        "works.jsonl:2 title",
        "works.csv:2 title",
    ]


def test_who_may_not_import_is_told_so(world: World, tmp_path: Path) -> None:
    people = file(tmp_path, "performers.csv", "ref,name,contact\nno:1,A Person,a@p.example\n")
    with pytest.raises(RefusedError, match="may not do this"):
        run(world, people, who="finance")
    lines = EXAMPLES / "residual-statements.csv"
    assert run(world, lines, who="finance")[0].rows == 2


def test_the_command_says_what_cannot_be_read_and_who_does_not_answer(tmp_path: Path) -> None:
    people = file(tmp_path, "performers.csv", "ref,name,contact\nno:1,A Person,a@p.example\n")
    token = file(tmp_path, "token", "t")
    nobody = ("--url", "http://127.0.0.1:9", "--token-file", str(token))

    def command(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    silent = command("import", str(people), *nobody)
    assert (silent.exit_code, "does not answer" in silent.output) == (5, True)
    assert "Run it again" in silent.output
    wrong = command("import", str(file(tmp_path, "cast.csv", "x")), *nobody)
    assert (wrong.exit_code, "says no kind" in wrong.output) == (2, True)
    keyless = command("import", str(people), "--token-file", str(tmp_path / "none"))
    assert (keyless.exit_code, "the token cannot be read" in keyless.output) == (2, True)
    gone = command("export", "works", *nobody, "--into", str(tmp_path / "out"))
    assert (gone.exit_code, "does not answer" in gone.output) == (5, True)
    unknown = command("export", "secrets", *nobody, "--into", str(tmp_path / "out"))
    assert (unknown.exit_code, "there is no list `secrets`" in unknown.output) == (2, True)
