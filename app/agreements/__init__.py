"""Agreements as data: one TOML file per version, and the loader that reads and checks them.

Changing what a contract or the house asks for is a change here and nowhere in code. A pack is known
by the hash of its exact bytes, so that any past decision can say what it was taken under.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.rules.decide.table import NAMES, NEEDS
from app.rules.packs import (
    AFTER_EXPIRY,
    BASES,
    GRADES,
    KINDS,
    STRICTNESS,
    Pack,
    PackSet,
    RateRow,
    RuleRow,
)
from app.rules.terms import money_from

OWN_DIR: Final = Path(__file__).parent
_PACK = {
    *("family", "version", "kind", "title", "zone", "union", "currency", "work_kinds"),
    *("starts_on", "ends_on", "rules_start_on", "after_expiry", "units"),
}
_RULE = {
    *("id", "does", "says", "params", "basis", "starts_on", "ends_on", "source", "cite_summary"),
    *("cite_cba", "grade", "verified", "strictness", "uses", "classes", "gates", "roles"),
}
_RATE = {
    *("id", "category", "amount", "percent", "basis", "starts_on", "source", "grade", "verified"),
}

Table = Mapping[str, object]


class PackError(ValueError):
    """A pack file that cannot be taken; names the file, and the line where that is known."""

    def __init__(self, where: str, line: int | None, what: str) -> None:
        place = where if line is None else f"{where}:{line}"
        super().__init__(f"{place}: {what}")
        self.line = line


def load_packs(directory: Path | None = None) -> PackSet:
    """All packs of a directory, by default those that come with the registry.

    Raises:
        PackError: a file cannot be read, or says something that no pack can.
    """
    paths = sorted((directory or OWN_DIR).glob("*.toml"))
    packs = tuple(read_pack(path.read_text("utf-8"), path.name) for path in paths)
    for path, pack in zip(paths, packs, strict=True):
        if any(p is not pack and p.name == pack.name for p in packs):
            raise PackError(path.name, None, f"`{pack.name}` is defined twice")
    return PackSet(packs)


def texts(directory: Path | None = None) -> dict[str, str]:
    """The exact texts of the packs of a directory, by content hash."""
    read = [path.read_text("utf-8") for path in sorted((directory or OWN_DIR).glob("*.toml"))]
    return {sha256(text.encode()).hexdigest(): text for text in read}


def read_pack(text: str, where: str = "pack") -> Pack:
    """One pack from the text of its file.

    Raises:
        PackError: it is not TOML, or says something that no pack can.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError(where, _line_of_error(str(error)), str(error)) from error
    return _Reader(text, where).pack(document)


class _Reader:
    """Reads one file; keeps its text to say in which line something is wrong."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.currency = "USD"

    def fail(self, what: str, row: str = "") -> PackError:
        """An error about a row, or about the pack if none is named."""
        needle = f'id = "{row}"' if row else "[pack]"
        lines = self.text.splitlines()
        line = next((n for n, text in enumerate(lines, 1) if text.strip() == needle), None)
        return PackError(self.where, line, f"`{row}`: {what}" if row else what)

    def pack(self, document: Table) -> Pack:
        head = document.get("pack")
        if not isinstance(head, dict):
            raise self.fail("a pack begins with a table [pack]")
        self.known(document, {"pack", "rule", "rate"}, "")
        self.known(head, _PACK, "")
        self.currency = self.words(head, "currency", "USD")
        starts_on = self.day(head, "starts_on") or date.min
        rules_start_on = self.day(head, "rules_start_on") or starts_on
        rules = tuple(self.rule(row, rules_start_on) for row in self.rows(document, "rule"))
        rates = tuple(self.rate(row, starts_on) for row in self.rows(document, "rate"))
        self.unique([*(r.id for r in rules), *(r.id for r in rates)])
        return Pack(
            family=self.words(head, "family"),
            version=self.words(head, "version"),
            kind=self.one_of(head, "kind", KINDS, "agreement"),
            title=self.words(head, "title"),
            zone=self.zone(head),
            union=self.words(head, "union", "") or None,
            currency=self.currency,
            work_kinds=self.list_of(head, "work_kinds") or (),
            units=self.list_of(head, "units") or (),
            starts_on=starts_on,
            ends_on=self.day(head, "ends_on"),
            after_expiry=self.one_of(head, "after_expiry", AFTER_EXPIRY, "continue"),
            rules=rules,
            rates=rates,
            hash=sha256(self.text.encode()).hexdigest(),
        )

    def rule(self, row: Table, starts_on: date) -> RuleRow:
        id_ = self.words(row, "id")
        self.known(row, _RULE, id_)
        does = self.list_of(row, "does") or ()
        if not does:
            raise self.fail("`does` names no function", id_)
        for name in does:
            if name not in NAMES:
                raise self.fail(f"`does` names `{name}`, which no function has", id_)
        read = RuleRow(
            id=id_,
            does=does,
            says=self.words(row, "says", ""),
            params=self.params(row),
            basis=self.one_of(row, "basis", BASES, "") or None,
            starts_on=self.day(row, "starts_on") or starts_on,
            ends_on=self.day(row, "ends_on"),
            source=self.words(row, "source", ""),
            cite_summary=self.words(row, "cite_summary", ""),
            cite_cba=self.words(row, "cite_cba", ""),
            grade=self.grade(row),
            verified=self.flag(row, "verified"),
            strictness=self.one_of(row, "strictness", STRICTNESS, "hard"),
            uses=self.list_of(row, "uses"),
            classes=self.list_of(row, "classes"),
            gates=self.list_of(row, "gates"),
            roles=self.list_of(row, "roles"),
        )
        for reader, param in (need for name in does for need in NEEDS.get(name, ())):
            try:
                getattr(read, reader)(param)
            except ValueError as error:
                raise self.fail(str(error), id_) from error
        return read

    def rate(self, row: Table, starts_on: date) -> RateRow:
        id_ = self.words(row, "id")
        self.known(row, _RATE, id_)
        if ("amount" in row) == ("percent" in row):
            raise self.fail("a rate has either `amount` or `percent`", id_)
        try:
            text = self.words(row, "amount", "")
            amount = money_from({"amount": text, "currency": self.currency}) if text else None
            share = self.words(row, "percent", "")
            percent = Decimal(share) if share else None
        except (ValueError, InvalidOperation) as error:
            raise self.fail(f"not a figure: {error}", id_) from error
        return RateRow(
            id=id_,
            category=self.words(row, "category"),
            amount=amount,
            percent=percent,
            basis=self.one_of(row, "basis", BASES, "work_date"),
            starts_on=self.day(row, "starts_on") or starts_on,
            source=self.words(row, "source", ""),
            grade=self.grade(row),
            verified=self.flag(row, "verified"),
        )

    def rows(self, document: Table, name: str) -> list[Table]:
        found = document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise self.fail(f"`{name}` is a list of tables, written [[{name}]]")
        return found

    def known(self, table: Table, names: set[str], row: str) -> None:
        for name in table:
            if name not in names:
                raise self.fail(f"unknown member `{name}`", row)

    def unique(self, ids: Iterable[str]) -> None:
        seen: set[str] = set()
        for id_ in ids:
            if id_ in seen:
                raise self.fail("this id is used twice", id_)
            seen.add(id_)

    def words(self, table: Table, name: str, default: str | None = None) -> str:
        value = table.get(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fail(f"`{name}` must be text", str(table.get("id", "")))
        return value

    def one_of(self, table: Table, name: str, known: tuple[str, ...], default: str) -> str:
        value = self.words(table, name, default)
        if value != default and value not in known:
            one = ", ".join(known)
            raise self.fail(f"`{name}` must be one of {one}", str(table.get("id", "")))
        return value

    def grade(self, row: Table) -> str:
        value = self.words(row, "grade", "D")
        if not all(part in GRADES for part in value.split("/")):
            raise self.fail(f"`grade` must be of {', '.join(GRADES)}", self.words(row, "id"))
        return value

    def list_of(self, table: Table, name: str) -> tuple[str, ...] | None:
        value = table.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.fail(f"`{name}` must be a list of texts", str(table.get("id", "")))
        return tuple(value)

    def day(self, table: Table, name: str) -> date | None:
        value = table.get(name)
        # A TOML date-time is a date to Python as well, and no day of a contract.
        if value is not None and type(value) is not date:
            raise self.fail(f"`{name}` must be a day such as 2026-07-01", str(table.get("id", "")))
        return value

    def flag(self, table: Table, name: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            raise self.fail(f"`{name}` must be true or false", str(table.get("id", "")))
        return value

    def params(self, row: Table) -> Mapping[str, object]:
        value = row.get("params", {})
        if not isinstance(value, dict):
            raise self.fail("`params` must be a table", self.words(row, "id"))
        return MappingProxyType(
            {name: tuple(v) if isinstance(v, list) else v for name, v in value.items()}
        )

    def zone(self, head: Table) -> str:
        name = self.words(head, "zone", "UTC")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise self.fail(f"`zone` is not a time zone: `{name}`") from error
        return name


def _line_of_error(message: str) -> int | None:
    _, _, rest = message.rpartition("at line ")
    number = rest.partition(",")[0]
    return int(number) if number.isdigit() else None
