"""Reads the text of one pack, and says all that is wrong with it, with lines."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.rules.decide.table import LOOSENS, NAMES, NEEDS, TAKES
from app.rules.packs import (
    AFTER_EXPIRY,
    BASES,
    GRADES,
    HOUSE,
    KINDS,
    LAW,
    PENDING,
    POLICY,
    RETIRED,
    ROUNDINGS,
    STATUSES,
    STRICTNESS,
    TIES,
    Pack,
    RateRow,
    RuleRow,
)
from app.rules.terms import Money, money_from
from app.rules.uses import CLASSES, GATES, ROLES, USES

_PACK: Final = frozenset(
    {
        *("family", "version", "kind", "title", "zone", "union", "currency", "work_kinds"),
        *("starts_on", "ends_on", "rules_start_on", "after_expiry", "units", "status"),
        "dates_by",
        *("nexus", "nexus_by", "addresses_replicas"),
    }
)
_RULE: Final = frozenset(
    {
        *("id", "does", "says", "params", "basis", "starts_on", "ends_on", "source"),
        *("cite_summary", "cite_cba", "cite_act", "cite_code", "grade", "verified", "strictness"),
        *("uses", "classes", "gates", "roles"),
    }
)
_RATE: Final = frozenset(
    {
        *("id", "category", "amount", "percent", "basis", "starts_on", "ends_on", "source"),
        *("cite_summary", "cite_cba", "rule", "grade", "verified"),
        *("raised_by", "rounded_to", "rounded", "up_to_minutes"),
    }
)
# What a rate says its figure by: just one of them.
_FIGURES: Final = frozenset({"amount", "percent", "raised_by"})
_HEADER: Final = re.compile(r"^\s*\[\[?\s*(pack|rule|rate)\s*\]")
_PLACE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
# What the registry's own rules rest on is the registry.
_OWN: Final = "D"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a file; the line is given where one is known."""

    file: str
    line: int | None
    what: str

    def __str__(self) -> str:
        """As compilers say it, so that editors find the place."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Read:
    """What a file came to: a pack unless something is wrong, and where each of its rows stands."""

    pack: Pack | None
    wrong: tuple[Wrong, ...] = ()
    file: str = ""
    lines: Mapping[str, int | None] = field(default_factory=dict)
    # Whether it comes with the registry.
    own: bool = False


def read(text: str, file: str) -> Read:
    """Read one file. Everything that is wrong is found at once, unless it is not TOML at all."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Read(None, (Wrong(file, _line_of_error(str(error)), str(error)),), file)
    reader = _Reader(text, file)
    pack = reader.pack(document)
    found = tuple(sorted(reader.found, key=lambda wrong: wrong.line or 0))
    return Read(None if found else pack, found, file, reader.lines)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the file, and where it stands: lines ``[first, last)``, counted from one."""

    members: Mapping[str, Any]
    id: str = ""
    first: int | None = None
    last: int | None = None


class _Reader:
    """Reads one file. What cannot be read is noted, stands as nothing, and the reading goes on."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.found: list[Wrong] = []
        self.lines: dict[str, int | None] = {}
        self.currency: str | None = None
        self.adds = False
        self._rows = text.splitlines()
        # `tomllib` tells no lines. A header within a text of several lines would be taken for one.
        self._headers = [
            (found[1], n) for n, row in enumerate(self._rows, 1) if (found := _HEADER.match(row))
        ]

    def wrong(self, table: _Table, what: str, member: str = "") -> None:
        """Note that something is wrong with a table, or with a member of it."""
        named = f"`{table.id}`: {what}" if table.id else what
        self.found.append(Wrong(self.file, self._line(table, member), named))

    def _line(self, table: _Table, member: str) -> int | None:
        if table.first is None:
            return None
        # `a.b = 1` and `[rule.a]` say something of `a` too.
        written = re.compile(rf'^\s*(\[\s*\w+\.)?"?{re.escape(member)}"?\s*[].=]')
        rows = self._rows[table.first : (table.last or len(self._rows) + 1) - 1]
        found = (n for n, row in enumerate(rows, table.first + 1) if written.match(row))
        return next(found, table.first) if member else table.first

    def _place(self, name: str, n: int) -> tuple[int | None, int | None]:
        mine = [at for at, (header, _) in enumerate(self._headers) if header == name]
        if n >= len(mine):
            return None, None
        after = self._headers[mine[n] + 1 : mine[n] + 2]
        return self._headers[mine[n]][1], after[0][1] if after else None

    def pack(self, document: Mapping[str, Any]) -> Pack:
        """The pack; worth something only if nothing was found wrong."""
        members = document.get("pack")
        if not isinstance(members, dict):
            self.wrong(_Table(document), "a pack begins with a table [pack]")
            members = {"family": "-", "version": "-", "title": "-"}
        head = _Table(members, "", *self._place("pack", 0))
        self.known(_Table(document, "", head.first, head.first), frozenset({"pack", *_ROWS}))
        self.known(head, _PACK)
        self.currency = self.words(head, "currency", "") or None
        starts_on = self.day(head, "starts_on") or date.min
        rules_start_on = self.day(head, "rules_start_on") or starts_on
        # What binds besides every agreement, and was agreed with nobody.
        self.adds = members.get("kind") == POLICY or (
            members.get("kind") == HOUSE and members.get("family") != HOUSE
        )
        rules = tuple(self.rule(row, rules_start_on) for row in self.rows(document, "rule"))
        rates = tuple(self.rate(row, starts_on) for row in self.rows(document, "rate"))
        pack = Pack(
            family=self.words(head, "family"),
            version=self.words(head, "version"),
            kind=self.one_of(head, "kind", KINDS, "agreement"),
            status=self.one_of(head, "status", STATUSES, "in_force"),
            title=self.words(head, "title"),
            zone=self.zone(head),
            union=self.words(head, "union", "") or None,
            currency=self.currency or "USD",
            work_kinds=self.list_of(head, "work_kinds") or (),
            units=self.list_of(head, "units") or (),
            addresses_replicas=self.flag(head, "addresses_replicas"),
            nexus=self.nexus(head),
            nexus_by=self.list_of(head, "nexus_by", TIES) or (),
            starts_on=starts_on,
            ends_on=self.end(head, starts_on),
            dates_by=self.list_of(head, "dates_by") or (),
            after_expiry=self.one_of(head, "after_expiry", AFTER_EXPIRY, "continue"),
            rules=rules,
            rates=rates,
            hash=sha256(self.text.encode()).hexdigest(),
        )
        return self.of_status(head, pack)

    def of_status(self, head: _Table, pack: Pack) -> Pack:
        """What its status makes of a pack: all rows of a bill are pending, and retired ones end."""
        if pack.status == PENDING:
            rules = tuple(replace(row, strictness=PENDING) for row in pack.rules)
            return replace(pack, rules=rules)
        if pack.status != RETIRED:
            return pack
        last = pack.ends_on
        if last is None:
            self.wrong(head, "a pack that is retired says by `ends_on` since when", "status")
            return pack
        if head.members.get("after_expiry", "stop") != "stop":
            self.wrong(head, "nothing of a pack that is retired goes on", "after_expiry")
        return replace(
            pack,
            after_expiry="stop",
            rules=tuple(replace(row, ends_on=min(row.ends_on or last, last)) for row in pack.rules),
            rates=tuple(replace(row, ends_on=min(row.ends_on or last, last)) for row in pack.rates),
        )

    def rule(self, row: _Table, starts_on: date) -> RuleRow:
        """A row of `[[rule]]`."""
        self.known(row, _RULE)
        does = self.list_of(row, "does") or ()
        if not does:
            self.wrong(row, "`does` names no function", "does")
        for name in does:
            if name not in NAMES:
                self.wrong(row, f"`does` names `{name}`, which no function has", "does")
            if self.adds and name in LOOSENS:
                what = f"`{name}` lets something pass; a policy can ask for more and nothing less"
                self.wrong(row, what, "does")
        first = self.day(row, "starts_on") or starts_on
        read = RuleRow(
            id=self.words(row, "id"),
            does=does,
            says=self.words(row, "says", ""),
            params=self.params(row),
            basis=self.one_of(row, "basis", BASES, "") or None,
            starts_on=first,
            ends_on=self.end(row, first),
            source=self.source(row),
            cite_summary=self.words(row, "cite_summary", ""),
            cite_cba=self.words(row, "cite_cba", ""),
            cite_act=self.words(row, "cite_act", ""),
            cite_code=self.words(row, "cite_code", ""),
            grade=self.grade(row),
            verified=self.flag(row, "verified"),
            strictness=self.one_of(row, "strictness", STRICTNESS, "hard"),
            uses=self.list_of(row, "uses", USES),
            classes=self.list_of(row, "classes", CLASSES),
            gates=self.list_of(row, "gates", GATES),
            roles=self.list_of(row, "roles", ROLES),
        )
        self._parameters(row, read)
        return read

    def _parameters(self, row: _Table, read: RuleRow) -> None:
        needed = {param: reader for name in read.does for reader, param in NEEDS.get(name, ())}
        taken = {param: reader for name in read.does for reader, param in TAKES.get(name, ())}
        for param in read.params:
            if param not in needed | taken:
                self.wrong(row, f"no function of this row takes `params.{param}`", "params")
        given = {param: reader for param, reader in taken.items() if param in read.params}
        for param, reader in (needed | given).items():
            try:
                getattr(read, reader)(param)
            except ValueError as error:
                self.wrong(row, str(error), "params")

    def rate(self, row: _Table, starts_on: date) -> RateRow:
        """A row of `[[rate]]`."""
        self.known(row, _RATE)
        if len(_FIGURES & row.members.keys()) != 1:
            self.wrong(row, "a rate has either `amount` or `percent` or `raised_by`")
        if ("raised_by" in row.members) != ("rounded_to" in row.members):
            self.wrong(row, "a raise, and nothing else, says what it is `rounded_to`")
        first = self.day(row, "starts_on") or starts_on
        return RateRow(
            id=self.words(row, "id"),
            category=self.words(row, "category"),
            amount=self.figure(row, "amount", self.money),
            percent=self.figure(row, "percent", Decimal),
            raised_by=self.figure(row, "raised_by", Decimal),
            rounded_to=self.figure(row, "rounded_to", self.money),
            rounded=self.one_of(row, "rounded", ROUNDINGS, "nearest"),
            up_to_minutes=self.count(row, "up_to_minutes"),
            basis=self.one_of(row, "basis", BASES, "work_date"),
            starts_on=first,
            ends_on=self.end(row, first),
            source=self.source(row),
            cite_summary=self.words(row, "cite_summary", ""),
            cite_cba=self.words(row, "cite_cba", ""),
            rule=self.words(row, "rule", ""),
            grade=self.grade(row),
            verified=self.flag(row, "verified"),
        )

    def figure(self, row: _Table, name: str, make: Callable[[str], T]) -> T | None:
        """A figure, written as text so that none of its digits is lost."""
        text = self.words(row, name, "")
        try:
            return make(text) if text else None
        except (ValueError, InvalidOperation) as error:
            self.wrong(row, f"`{text}` is not a figure: {error}", name)
            return None

    def money(self, text: str) -> Money:
        """An amount in the currency of the pack."""
        if self.currency is None:
            raise ValueError("an amount needs the `currency` of its pack")
        return money_from({"amount": text, "currency": self.currency})

    def rows(self, document: Mapping[str, Any], name: str) -> Iterator[_Table]:
        """The tables of one kind, in the order of the file."""
        found = document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            self.wrong(_Table({}, "", *self._place("pack", 0)), f"write `{name}` as [[{name}]]")
            return
        for n, members in enumerate(found):
            id_ = members.get("id")
            row = _Table(members, id_ if isinstance(id_, str) else "", *self._place(name, n))
            if row.id in self.lines:
                self.wrong(row, "this id is used twice", "id")
            self.lines.setdefault(row.id, self._line(row, "id"))
            yield row

    def known(self, table: _Table, names: frozenset[str]) -> None:
        """Note every member that no table of its kind has."""
        for name in table.members:
            if name not in names:
                self.wrong(table, f"unknown member `{name}`", name)

    def words(self, table: _Table, name: str, default: str | None = None) -> str:
        """A member that is text; needed where there is no default."""
        value = table.members.get(name, default)
        if isinstance(value, str) and (default is not None or value.strip()):
            return value
        self.wrong(table, f"`{name}` must be text", name)
        return default or "-"

    def one_of(self, table: _Table, name: str, known: tuple[str, ...], default: str) -> str:
        """A member that is one of a closed list of names."""
        value = self.words(table, name, default)
        if value != default and value not in known:
            self.wrong(table, f"`{name}` must be one of {', '.join(known)}", name)
        return value

    def source(self, row: _Table) -> str:
        """Where it stands; what is not the registry's own says so."""
        found = self.words(row, "source", "")
        if not found.strip() and row.members.get("grade", _OWN) != _OWN:
            self.wrong(row, "`source` is missing: where does this stand?", "grade")
        elif not found.strip() and row.members.keys() & _FIGURES:
            self.wrong(row, "`source` is missing: whose figure is this?")
        return found

    def grade(self, row: _Table) -> str:
        """How well the text is known; `P/S` where parts of it differ."""
        value = self.words(row, "grade", _OWN)
        if not all(part in GRADES for part in value.split("/")):
            self.wrong(row, f"`grade` must be of {', '.join(GRADES)}", "grade")
        return value

    def list_of(
        self, table: _Table, name: str, known: tuple[str, ...] | None = None
    ) -> tuple[str, ...] | None:
        """A list of texts, of a closed list where there is one; ``None``: not said."""
        value = table.members.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.wrong(table, f"`{name}` must be a list of texts", name)
            return None
        for one in value:
            if known is not None and one not in known:
                self.wrong(table, f"`{name}` names `{one}`; known: {', '.join(known)}", name)
        return tuple(value)

    def day(self, table: _Table, name: str) -> date | None:
        """A day of a contract; a TOML date-time is a date to Python as well, and none."""
        value = table.members.get(name)
        if value is None or type(value) is date:
            return value
        self.wrong(table, f"`{name}` must be a day such as 2026-07-01", name)
        return None

    def end(self, table: _Table, starts_on: date) -> date | None:
        """The last day, which is not before the first."""
        value = self.day(table, "ends_on")
        if value is not None and value < starts_on:
            self.wrong(table, f"`ends_on` is before the first day, {starts_on}", "ends_on")
        return value

    def count(self, table: _Table, name: str) -> int | None:
        """A member that is a whole number above nothing, where it is there."""
        value = table.members.get(name)
        if value is None or (type(value) is int and value > 0):
            return value
        self.wrong(table, f"`{name}` must be a whole number above 0", name)
        return None

    def flag(self, table: _Table, name: str) -> bool:
        """A member that is true or, where it is missing, false."""
        value = table.members.get(name, False)
        if not isinstance(value, bool):
            self.wrong(table, f"`{name}` must be true or false", name)
        return value is True

    def params(self, row: _Table) -> Mapping[str, object]:
        """What the functions of a rule are told; lists cannot be changed any more."""
        value = row.members.get("params", {})
        if not isinstance(value, dict):
            self.wrong(row, "`params` must be a table", "params")
            value = {}
        return MappingProxyType(
            {name: tuple(v) if isinstance(v, list) else v for name, v in value.items()}
        )

    def nexus(self, head: _Table) -> tuple[str, ...]:
        """Where it binds: a law that binds nowhere, or an agreement by place, is a mistake."""
        found = self.list_of(head, "nexus") or ()
        kind, ties = head.members.get("kind"), bool(head.members.get("nexus_by"))
        # What somebody took upon itself can be tied to places, and a law has to be.
        placed = ties if kind == POLICY else kind == LAW
        if bool(found) != placed or ties != placed:
            whose = "a law or a policy, and nothing else"
            self.wrong(head, f"{whose}, says by `nexus` and `nexus_by` what it is tied to")
        for place in found:
            if not _PLACE.fullmatch(place):
                self.wrong(head, f"`{place}` is no place of ISO 3166 such as US-CA", "nexus")
        return found

    def zone(self, head: _Table) -> str:
        """The time zone in which the days of the pack are counted."""
        name = self.words(head, "zone", "UTC")
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            self.wrong(head, f"`zone` is not a time zone: `{name}`", "zone")
        return name


_ROWS: Final = ("rule", "rate")


def _line_of_error(message: str) -> int | None:
    _, _, rest = message.rpartition("at line ")
    number = rest.partition(",")[0]
    return int(number) if number.isdigit() else None
