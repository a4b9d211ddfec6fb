"""Packs are read from TOML, checked, and known by their bytes."""

import re
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from app.agreements import OWN_DIR, PackError, load_packs, problems, read_pack, texts
from app.rules.decide.table import LOOSENS, NAMES, NEEDS, TAKES
from app.rules.packs import pack_differences
from app.rules.terms import Money

HEAD = '[pack]\nfamily = "f"\nversion = "1"\ntitle = "T"\n'
PAID = HEAD + 'currency = "USD"\n'
RULE = '[[rule]]\nid = "R-1"\ndoes = ["notify"]\n'
RATE = '[[rate]]\nid = "x/1"\ncategory = "x"\namount = "1.00"\nsource = "wage table"\n'


def test_the_packs_that_come_with_the_registry_load() -> None:
    packs = load_packs()
    assert {"house", "sag-aftra/tv-theatrical", "us/no-fakes"} <= packs.families
    assert [p.version for p in packs.of("sag-aftra/tv-theatrical")] == ["2026", "2023"]
    for path in OWN_DIR.glob("*.toml"):
        digest = sha256(path.read_bytes()).hexdigest()
        assert digest in {p.hash for p in packs.packs}


def test_only_what_was_read_in_the_primary_text_is_verified() -> None:
    for pack in load_packs().packs:
        for row in pack.rules:
            assert not row.verified or row.grade in {"D", "P"}, row.id
        for rate in pack.rates:
            assert not rate.verified or rate.grade == "P", rate.id


@pytest.mark.parametrize(
    ("category", "figures"),
    [
        (
            "day_performer",
            "2023-11-09 1158.00 2024-07-01 1204.00 2025-07-01 1246.00 2026-07-01 1283.00",
        ),
        (
            "background",
            "2023-11-09 208.00 2024-07-01 216.00 2025-07-01 224.00 2026-07-01 231.00",
        ),
        ("weekly_performer", "2024-07-01 4180.00 2025-07-01 4326.00 2026-07-01 4456.00"),
    ],
)
def test_figures_stand_as_they_were_found(category: str, figures: str) -> None:
    rows = {
        row.starts_on.isoformat(): row.amount
        for pack in load_packs().packs
        for row in pack.rates
        if row.category == category and row.amount is not None
    }
    said = figures.split()
    wanted = {
        day: Money(int(Decimal(amount) * 100), "USD")
        for day, amount in zip(said[::2], said[1::2], strict=True)
    }
    assert rows == wanted


def test_a_pack_says_what_is_not_written_by_default() -> None:
    pack = read_pack(PAID + "starts_on = 2026-01-02\nrules_start_on = 2026-03-04\n" + RULE + RATE)
    assert pack.name == "f@1"
    assert (pack.zone, pack.kind, pack.after_expiry) == ("UTC", "agreement", "continue")
    assert pack.rules[0].starts_on == date(2026, 3, 4)
    assert pack.rates[0].starts_on == date(2026, 1, 2)
    assert pack.rates[0].amount == Money(100, "USD")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[pack\n", 1, "Expected"),
        ("x = 1\n", None, "begins with a table"),
        (HEAD + "[more]\n", 1, "unknown member `more`"),
        (HEAD + "colour = 1\n", 5, "unknown member `colour`"),
        (HEAD.replace('"T"', "1"), 4, "`title` must be text"),
        (HEAD.replace('"f"', '" "'), 2, "`family` must be text"),
        (HEAD + 'kind = "treaty"\n', 5, "`kind` must be one of"),
        (HEAD + 'zone = "Moon/Base"\n', 5, "not a time zone"),
        (HEAD + 'zone = "../etc"\n', 5, "not a time zone"),
        (HEAD + 'nexus = ["US-CA"]\n', 1, "a law or a policy"),
        (HEAD + 'kind = "law"\n', 1, "a law or a policy"),
        (HEAD + 'kind = "law"\nnexus = ["US-CA"]\n', 1, "a law or a policy"),
        (HEAD + 'nexus_by = ["capture"]\n', 1, "a law or a policy"),
        (HEAD + 'kind = "law"\nnexus_by = ["birth"]\n', 6, "names `birth`"),
        (HEAD + 'kind = "law"\nnexus = ["California"]\n', 6, "is no place of ISO 3166"),
        (HEAD + "addresses_replicas = 1\n", 5, "true or false"),
        (HEAD + "starts_on = 2026-01-01T00:00:00Z\n", 5, "must be a day"),
        (HEAD + "starts_on = 2026-01-02\nends_on = 2026-01-01\n", 6, "before the first day"),
        (HEAD + "work_kinds = [1]\n", 5, "list of texts"),
        (HEAD + "rule = 1\n", 5, "unknown member `rule`"),
        ("rule = 1\n" + HEAD, 2, "write `rule` as [[rule]]"),
        ('rule = [{id = "R-1"}]\n' + HEAD, None, "names no function"),
        (HEAD + RULE + 'colour = "red"\n', 8, "unknown member `colour`"),
        (HEAD + '[[rule]]\nid = "R-1"\n', 5, "names no function"),
        (HEAD + RULE.replace('id = "R-1"\n', ""), 5, "`id` must be text"),
        (HEAD + RULE.replace("notify", "fly"), 7, "names `fly`"),
        (HEAD + RULE + 'basis = "whim"\n', 8, "`basis` must be one of"),
        (HEAD + RULE + 'grade = "P/X"\nsource = "text"\n', 8, "`grade` must be of"),
        (HEAD + RULE + 'grade = "S"\n', 8, "`source` is missing"),
        (HEAD + RULE + 'verified = "yes"\n', 8, "true or false"),
        (HEAD + RULE + 'uses = ["flight"]\n', 8, "`uses` names `flight`"),
        (HEAD + RULE + 'classes = ["EBDR"]\n', 8, "`classes` names `EBDR`"),
        (HEAD + RULE + "params = 1\n", 8, "must be a table"),
        (HEAD + RULE + "params.hours = 1\n", 8, "takes `params.hours`"),
        (HEAD + RULE + RULE, 9, "used twice"),
        (HEAD + 'status = "asleep"\n', 5, "`status` must be one of"),
        (HEAD + 'status = "retired"\n', 5, "says by `ends_on` since when"),
        (
            HEAD + 'status = "retired"\nends_on = 2026-01-01\nafter_expiry = "continue"\n',
            7,
            "nothing of a pack that is retired goes on",
        ),
        (HEAD + 'kind = "policy"\n' + RULE.replace("notify", "safety"), 8, "more and nothing less"),
        (
            HEAD + 'kind = "policy"\n' + RULE.replace("notify", "pay_by_waiver"),
            8,
            "more and nothing less",
        ),
        (HEAD + 'kind = "house"\n' + RULE.replace("notify", "dub"), 8, "more and nothing less"),
        (
            PAID + RATE + "starts_on = 2026-02-01\nends_on = 2026-01-01\n",
            12,
            "before the first day",
        ),
        (
            HEAD
            + RULE.replace("notify", "pay_multiple")
            + 'params.category = "x"\nparams.multiple = "many"\n',
            8,
            "must be a figure as text",
        ),
        (HEAD + RULE.replace("notify", "notice"), 5, "`params.hours`"),
        (HEAD + RULE.replace("notify", "notice") + '[rule.params]\nhours = "2"\n', 8, "number"),
        (PAID + RATE.replace("amount", "colour"), 9, "unknown member"),
        (PAID + RATE + 'percent = "2"\n', 6, "either `amount` or `percent`"),
        (PAID + RATE + 'raised_by = "3"\nrounded_to = "1.00"\n', 6, "or `raised_by`"),
        (PAID + RATE.replace('amount = "1.00"', 'raised_by = "3"'), 6, "what it is `rounded_to`"),
        (PAID + RATE + 'rounded_to = "1.00"\n', 6, "what it is `rounded_to`"),
        (PAID + RATE + 'rounded = "down"\n', 11, "`rounded` must be one of"),
        (PAID + RATE + "up_to_minutes = 0\n", 11, "a whole number above 0"),
        (PAID + RATE.replace("1.00", "1.001"), 9, "is not a figure"),
        (PAID + RATE.replace('amount = "1.00"', 'percent = "x"'), 9, "is not a figure"),
        (PAID + RATE.replace('source = "wage table"\n', ""), 6, "`source` is missing"),
        (HEAD + RATE, 8, "needs the `currency`"),
    ],
)
def test_what_no_pack_can_say_names_the_file_and_the_line(
    text: str, line: int | None, says: str
) -> None:
    with pytest.raises(PackError, match=r"a\.toml") as caught:
        read_pack(text, "a.toml")
    said = [(wrong.line, says in wrong.what) for wrong in caught.value.wrong]
    assert (line, True) in said, caught.value


def test_all_that_is_wrong_with_a_file_is_said_at_once() -> None:
    text = HEAD.replace('"T"', "1") + RULE.replace("notify", "fly") + RATE
    with pytest.raises(PackError) as caught:
        read_pack(text, "a.toml")
    assert [str(wrong).partition(": ")[0] for wrong in caught.value.wrong] == [
        "a.toml:4",
        "a.toml:7",
        "a.toml:11",
    ]


def a_pack(folder: Path, version: str, *rows: str) -> None:
    text = PAID.replace('version = "1"', f'version = "{version}"')
    (folder / f"{version}.toml").write_text(text + "".join(rows), "utf-8")


def test_a_pack_of_a_folder_stands_beside_those_that_come_along(tmp_path: Path) -> None:
    a_pack(tmp_path, "1", RULE)
    assert load_packs(tmp_path).families == {"f", *load_packs().families}
    assert load_packs(tmp_path / "1.toml").families == {"f", *load_packs().families}
    assert len(texts(tmp_path)) == len(texts()) + 1


def test_one_version_is_defined_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(HEAD, "utf-8")
    with pytest.raises(PackError, match=r"b\.toml:1: `f@1` is defined twice: in a\.toml"):
        load_packs(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    with pytest.raises(PackError, match=r"a\.toml: cannot be read"):
        load_packs(tmp_path)


@pytest.mark.parametrize(
    ("first", "later", "says"),
    [
        pytest.param(
            RULE + "starts_on = 2026-01-01\n",
            RULE + "starts_on = 2026-01-01\n",
            r"2\.toml:7: `R-1`: begins on 2026-01-01, as another",
            id="rules of one day",
        ),
        pytest.param(
            RULE + "starts_on = 2026-01-01\nends_on = 2026-06-01\n",
            RULE + "starts_on = 2026-06-01\n",
            r"2\.toml:7: `R-1`: begins on 2026-06-01; an earlier one says it lasts to 2026-06-01",
            id="the last day is inclusive",
        ),
        pytest.param(
            RATE + "starts_on = 2026-01-01\n",
            RATE.replace("x/1", "x/2") + "starts_on = 2026-01-01\n",
            r"2\.toml:7: `x/2`: begins on 2026-01-01",
            id="figures of one day",
        ),
    ],
)
def test_no_two_rows_say_the_same_thing_of_one_day(
    tmp_path: Path, first: str, later: str, says: str
) -> None:
    a_pack(tmp_path, "1", first)
    a_pack(tmp_path, "2", later)
    assert any(re.match(says, str(wrong)) for wrong in problems(tmp_path))


def test_a_row_may_begin_the_day_after_an_earlier_one_ended(tmp_path: Path) -> None:
    a_pack(tmp_path, "1", RULE, "starts_on = 2026-01-01\nends_on = 2026-05-31\n")
    a_pack(tmp_path, "2", RULE, "starts_on = 2026-06-01\n")
    assert problems(tmp_path) == ()


def test_two_packs_are_compared_row_by_row() -> None:
    old = read_pack(PAID + RULE + RULE.replace("R-1", "R-2") + RATE)
    new = read_pack(PAID.replace("T", "U") + RULE + 'says = "More."\n' + RATE.replace("x/1", "x/2"))
    said = [(one.row, one.member) for one in pack_differences(old, new)]
    assert said == [("", "title"), ("R-1", "says"), ("x/2", ""), ("R-2", ""), ("x/1", "")]
    assert pack_differences(old, old) == ()


@pytest.mark.parametrize("name", sorted({*NEEDS, *TAKES, *LOOSENS}))
def test_parameters_are_needed_by_functions_that_exist(name: str) -> None:
    assert name in NAMES


def test_of_a_pack_that_is_retired_nothing_outlasts_its_last_day() -> None:
    head = PAID + 'status = "retired"\nends_on = 2026-06-30\n'
    later = RATE.replace("x/1", "x/2") + "starts_on = 2026-01-01\nends_on = 2026-03-01\n"
    pack = read_pack(head + RULE + RATE + later)
    assert (pack.status, pack.after_expiry) == ("retired", "stop")
    assert [row.ends_on for row in pack.rules] == [date(2026, 6, 30)]
    assert [row.ends_on for row in pack.rates] == [date(2026, 6, 30), date(2026, 3, 1)]


def test_every_row_of_a_bill_only_warns() -> None:
    pack = read_pack(HEAD + 'status = "pending"\n' + RULE)
    assert [row.strictness for row in pack.rules] == ["pending"]


def test_nobody_else_writes_the_rules_of_the_house(tmp_path: Path) -> None:
    own = HEAD.replace('"f"', '"house"').replace('"1"', '"2"') + 'kind = "house"\n' + RULE
    (tmp_path / "house.toml").write_text(own)
    with pytest.raises(PackError, match=r"house\.toml:1: the family `house`"):
        load_packs(tmp_path)


def test_texts_are_kept_by_the_hash_that_decisions_name() -> None:
    assert {*texts()} == {pack.hash for pack in load_packs().packs}
