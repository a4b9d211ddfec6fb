"""Packs are read from TOML, checked, and known by their bytes."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from app.agreements import OWN_DIR, PackError, load_packs, read_pack, texts
from app.rules.decide.table import NEEDS, STEPS
from app.rules.terms import Money

HEAD = '[pack]\nfamily = "f"\nversion = "1"\ntitle = "T"\n'
RULE = '[[rule]]\nid = "R-1"\ndoes = ["notify"]\n'
RATE = '[[rate]]\nid = "x/1"\ncategory = "x"\namount = "1.00"\n'


def test_the_packs_that_come_with_the_registry_load() -> None:
    packs = load_packs()
    assert packs.families == {"house", "sag-aftra/tv-theatrical"}
    assert [p.version for p in packs.of("sag-aftra/tv-theatrical")] == ["2026", "2023"]
    for path in OWN_DIR.glob("*.toml"):
        digest = sha256(path.read_bytes()).hexdigest()
        assert digest in {p.hash for p in packs.packs}


def test_only_what_was_read_in_the_primary_text_is_verified() -> None:
    for pack in load_packs().packs:
        for row in pack.rules:
            assert not row.verified or row.grade == "D", row.id
        for rate in pack.rates:
            assert not rate.verified or rate.grade == "P", rate.id


@pytest.mark.parametrize(
    ("category", "figures"),
    [
        (
            "day_performer",
            (
                "2023-11-09 1158.00 2024-07-01 1204.00 2025-07-01 1246.00 2026-07-01 1283.00"
                " 2027-07-01 1321.00 2028-07-01 1361.00 2029-07-01 1402.00"
            ),
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
        if row.category == category
    }
    said = figures.split()
    wanted = {
        day: Money(int(Decimal(amount) * 100), "USD")
        for day, amount in zip(said[::2], said[1::2], strict=True)
    }
    assert rows == wanted


def test_a_pack_says_what_is_not_written_by_default() -> None:
    pack = read_pack(HEAD + "starts_on = 2026-01-02\nrules_start_on = 2026-03-04\n" + RULE + RATE)
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
        (HEAD + "colour = 1\n", 1, "unknown member `colour`"),
        (HEAD.replace('"T"', "1"), 1, "`title` must be text"),
        (HEAD.replace('"f"', '" "'), 1, "`family` must be text"),
        (HEAD + 'kind = "treaty"\n', 1, "`kind` must be one of"),
        (HEAD + 'zone = "Moon/Base"\n', 1, "not a time zone"),
        (HEAD + 'zone = "../etc"\n', 1, "not a time zone"),
        (HEAD + "starts_on = 2026-01-01T00:00:00Z\n", 1, "must be a day"),
        (HEAD + "work_kinds = [1]\n", 1, "list of texts"),
        (HEAD + "rule = 1\n", 1, "unknown member `rule`"),
        ("rule = 1\n" + HEAD, 2, "list of tables"),
        (HEAD + RULE + 'colour = "red"\n', 6, "unknown member `colour`"),
        (HEAD + '[[rule]]\nid = "R-1"\n', 6, "names no function"),
        (HEAD + RULE.replace("notify", "fly"), 6, "names `fly`"),
        (HEAD + RULE + 'basis = "whim"\n', 6, "`basis` must be one of"),
        (HEAD + RULE + 'grade = "P/X"\n', 6, "`grade` must be of"),
        (HEAD + RULE + 'verified = "yes"\n', 6, "true or false"),
        (HEAD + RULE + "params = 1\n", 6, "must be a table"),
        (HEAD + RULE + RULE, 6, "used twice"),
        (HEAD + RULE.replace("notify", "notice"), 6, "`params.hours`"),
        (HEAD + RATE.replace("amount", "colour"), 6, "unknown member"),
        (HEAD + RATE + 'percent = "2"\n', 6, "either `amount` or `percent`"),
        (HEAD + RATE.replace("1.00", "1.001"), 6, "not a figure"),
        (HEAD + RATE.replace('amount = "1.00"', 'percent = "x"'), 6, "not a figure"),
    ],
)
def test_what_no_pack_can_say_names_the_file_and_the_line(
    text: str, line: int | None, says: str
) -> None:
    with pytest.raises(PackError, match=r"a\.toml") as caught:
        read_pack(text, "a.toml")
    assert says in str(caught.value)
    assert caught.value.line == line


def test_one_version_is_defined_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(HEAD, "utf-8")
    with pytest.raises(PackError, match="defined twice"):
        load_packs(tmp_path)


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_parameters_are_needed_by_functions_that_exist(name: str) -> None:
    assert name in STEPS


def test_texts_are_kept_by_the_hash_that_decisions_name() -> None:
    assert {*texts()} == {pack.hash for pack in load_packs().packs}
