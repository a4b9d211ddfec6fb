"""Rows of CSV and JSON Lines: what each line says, in JSON values, or what is wrong with it."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from app.api.exports import fused
from app.rules.decoding import UndecodableError, decode

Document = dict[str, Any]

_LIST_SEPARATOR: Final = ";"
_MONEY: Final = re.compile(r"(?P<amount>\d+(\.\d+)?) ?(?P<currency>[A-Z]{3})")
_YES: Final = frozenset({"true", "yes"})
_NO: Final = frozenset({"false", "no"})


class UnreadableError(ValueError):
    """A file that cannot be read at all; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one place of a file, and what would be right."""

    file: str
    line: int
    column: str
    said: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where} {self.column}: {self.said}" if self.column else f"{where}: {self.said}"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: where it stands, and what it says."""

    file: str
    number: int
    row: Document

    def wrong(self, pointer: str, said: str) -> Wrong:
        """What is wrong with a member of the row, named as the column that it stands in."""
        parts = [part for part in pointer.split("/") if part and not part.isdecimal()]
        return Wrong(self.file, self.number, ".".join(parts), said)


def read(path: Path, model: type[BaseModel]) -> Iterator[Line | Wrong]:
    """The rows of a file in order; ``model`` says what a column of CSV holds.

    Raises:
        UnreadableError: neither CSV nor JSON Lines, not UTF-8, or a header with unknown columns.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{path.name} is not UTF-8; save it as `CSV UTF-8`") from error
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error.strerror}") from error
    if path.suffix in {".jsonl", ".ndjson"}:
        return _json_lines(path.name, text)
    if path.suffix == ".csv":
        return _csv(path.name, text, model)
    raise UnreadableError(f"{path.name} is neither `.csv` nor `.jsonl`")


def _json_lines(name: str, text: str) -> Iterator[Line | Wrong]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = decode(line.encode())
        except UndecodableError as error:
            yield Wrong(name, number, error.pointer.strip("/").replace("/", "."), error.detail)
            continue
        if isinstance(value, dict):
            yield Line(name, number, value)
        else:
            yield Wrong(name, number, "", 'one object on each line, such as `{"ref": "cast:1"}`')


def _csv(name: str, text: str, model: type[BaseModel]) -> Iterator[Line | Wrong]:
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    records = _records(name, text, delimiter)
    _, header = next(records, (1, []))
    columns = [column.strip() for column in header] if isinstance(header, list) else []
    _check_header(name, columns, model)
    return _csv_rows(name, records, columns, model)


def _records(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str] | Wrong]]:
    """The records of a file with the line that each begins on; one may go on over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, Wrong(name, number, "", f"{error}; nothing after this line was read")
            return


def _csv_rows(
    name: str,
    records: Iterator[tuple[int, list[str] | Wrong]],
    columns: Sequence[str],
    model: type[BaseModel],
) -> Iterator[Line | Wrong]:
    for number, cells in records:
        if isinstance(cells, Wrong):
            yield cells
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            said = f"{len(cells)} cells under {len(columns)} columns; quote a cell with commas"
            yield Wrong(name, number, "", said)
            continue
        yield _row(name, number, dict(zip(columns, cells, strict=True)), model)


def _row(name: str, number: int, cells: Mapping[str, str], model: type[BaseModel]) -> Line | Wrong:
    row: Document = {}
    for column, raw in cells.items():
        text = fused(raw.strip())
        if not text:
            continue
        try:
            value = _value(text, _shapes(model)[column])
        except ValueError as error:
            return Wrong(name, number, column, str(error))
        *into, last = column.split(".")
        inner = row
        for part in into:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return Line(name, number, row)


def _check_header(name: str, columns: Sequence[str], model: type[BaseModel]) -> None:
    known = _shapes(model)
    if not columns:
        raise UnreadableError(f"{name} is empty; its first line names the columns")
    unknown = [column for column in columns if column not in known]
    if unknown:
        listed = ", ".join(sorted(known))
        raise UnreadableError(f"{name}:1 has no column `{unknown[0]}` here; known are {listed}")
    for column in columns:
        inner = [other for other in columns if other.startswith(f"{column}.")]
        if columns.count(column) > 1 or inner:
            raise UnreadableError(f"{name}:1 says `{column}` twice: {', '.join([column, *inner])}")


def _value(text: str, shape: str) -> object:
    """A cell as JSON has it."""
    reader = _READERS.get(shape)
    return text if reader is None else reader(text)


def _boolean(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError("`true` or `false`")
    return text.lower() in _YES


def _integer(text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text):
        raise ValueError("a whole number, such as `3`")
    return int(text)


def _array(text: str) -> object:
    if not text.startswith("["):
        return [part.strip() for part in text.split(_LIST_SEPARATOR) if part.strip()]
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError("words with `;` between them, or a JSON array") from error


def _money(text: str) -> Document:
    found = _MONEY.fullmatch(text)
    if found is None:
        raise ValueError("an amount and its currency, such as `900.00 USD`")
    return {name: found[name] for name in ("amount", "currency")}


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "boolean": _boolean,
    "integer": _integer,
    "array": _array,
    "money": _money,
}


@cache
def _shapes(model: type[BaseModel]) -> Mapping[str, str]:
    """Every column that a row of this model can have, with the shape of its cells."""
    schema = model.model_json_schema()
    return dict(_columns("", schema, schema.get("$defs", {})))


def _columns(prefix: str, schema: Document, shared: Document) -> Iterator[tuple[str, str]]:
    for name, member in schema.get("properties", {}).items():
        variants = [_resolved(v, shared) for v in member.get("anyOf", [member])]
        variants = [variant for variant in variants if variant.get("type") != "null"]
        for variant in variants:
            if variant.get("title") == "MoneyIn":
                yield f"{prefix}{name}", "money"
            elif variant.get("type") == "object":
                yield from _columns(f"{prefix}{name}.", variant, shared)
            else:
                yield f"{prefix}{name}", str(variant.get("type", "string"))


def _resolved(schema: Document, shared: Document) -> Document:
    if "allOf" in schema:
        schema = schema["allOf"][0]
    reference = schema.get("$ref")
    return shared[reference.rsplit("/", 1)[-1]] if reference else schema
