"""Lists as files: the same pages under the same rules, as CSV or JSON Lines instead of JSON.

A page of CSV has its header on the first page alone, and columns that are the same on every page of
a list: so the pages one after another are the file. The columns are those of the list's example in
the contract; what a row has besides stands in the last one.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Depends, Query, Request, Response

Format = Literal["json", "csv", "jsonl"]

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/x-ndjson",
}
# What is printed of an answer, where its route knows how.
PRINTED: Final[Mapping[str, str]] = {"html": "text/html", "pdf": "application/pdf"}
REST: Final = "more"
# A spreadsheet takes a cell that begins so for a formula. Source: OWASP, CSV Injection.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_QUOTE: Final = "'"

_encode = msgspec.json.Encoder(order="sorted").encode


async def _chosen(
    request: Request, format_: Annotated[Format, Query(alias="format")] = "json"
) -> None:
    request.scope["state"] |= {"format": format_, "continued": False}


def also_file(options: Mapping[str, Any]) -> dict[str, Any]:
    """What a route takes to give a list that has no pages as a file too."""
    return {**options, "dependencies": [*options["dependencies"], Depends(_chosen)]}


def rendered(request: Request, reply: Response) -> Response:
    """The page in the form that was asked for."""
    state = request.scope["state"]
    wanted = state.get("format", "json")
    if wanted == "json" or reply.status_code != HTTPStatus.OK:
        return reply
    said = msgspec.json.decode(reply.body)
    if wanted in PRINTED:
        return Response(state["printer"](said), media_type=PRINTED[wanted])
    page = said["data"]
    if wanted == "jsonl":
        body = b"".join(_encode(row) + b"\n" for row in page)
    else:
        columns = columns_of(request.scope["route"].response_model)
        body = _csv(columns, page, header=not state["continued"]).encode()
    link = {name: value for name, value in reply.headers.items() if name == "link"}
    return Response(body, headers={**link, "Content-Type": MEDIA_TYPES[wanted]})


@cache
def columns_of(model: Any) -> tuple[str, ...]:  # noqa: ANN401 - the model of a list
    """The columns of a list as CSV: members of its rows, and of objects in them ``outer.inner``."""
    found: dict[str, None] = {}
    for row in model.model_config["json_schema_extra"]["examples"][0]["data"]:
        found |= dict.fromkeys(_paths("", row))
    return (*found, REST)


def example(model: Any) -> dict[str, str]:  # noqa: ANN401 - the model of a list
    """The list's example in each form, by media type."""
    page = model.model_config["json_schema_extra"]["examples"][0]["data"]
    return {
        MEDIA_TYPES["csv"].partition(";")[0]: _csv(columns_of(model), page, header=True),
        MEDIA_TYPES["jsonl"]: "".join(_encode(row).decode() + "\n" for row in page),
    }


def defused(text: str) -> str:
    """A cell that no spreadsheet runs: one that looks like a formula gets an apostrophe ahead."""
    return f"{_QUOTE}{text}" if text.startswith(_FORMULA) else text


def fused(text: str) -> str:
    """The text of a cell that was defused, as it was."""
    return text[1:] if text.startswith(_QUOTE) and text[1:].startswith(_FORMULA) else text


def _csv(columns: Sequence[str], page: Sequence[Mapping[str, Any]], *, header: bool) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    if header:
        writer.writerow(columns)
    for row in page:
        cells = dict(_cells("", row, frozenset(columns)))
        rest = {name: value for name, value in cells.items() if name not in columns}
        known = [_cell(cells.get(name)) for name in columns[:-1]]
        writer.writerow([*known, _cell(rest) if rest else ""])
    return file.getvalue()


def _paths(prefix: str, row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, dict) and value and not _is_money(value):
            yield from _paths(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}"


def _cells(
    prefix: str, row: Mapping[str, Any], columns: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        path = f"{prefix}{name}"
        parts = any(column.startswith(f"{path}.") for column in columns)
        if parts and isinstance(value, dict):
            yield from _cells(f"{path}.", value, columns)
        elif value is not None:
            yield path, value


def _is_money(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"amount", "currency"}


def _cell(value: Any) -> str:  # noqa: ANN401 - a value of JSON
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    if _is_money(value):
        return f"{value['amount']} {value['currency']}"
    return _encode(value).decode()
