"""Exports: every list that the caller may see, into a file for each, page by page."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.exchange.connection import Connection, RefusedError
from app.main import contract

_PAGE: Final = 200
_LISTED: Final = "/v1/"


class UnknownListError(ValueError):
    """There is no such list; the message names those that there are."""


def lists() -> dict[str, str]:
    """Every list that needs nothing but its address, by the name of its file."""
    return {
        path.removeprefix(_LISTED).replace("/", "-"): path
        for path, verbs in _paths().items()
        if path.startswith(_LISTED) and "{" not in path and _is_list(verbs.get("get", {}))
    }


def exported(
    registry: Connection,
    names: list[str],
    folder: Path,
    format_: str,
    tick: Callable[[str], None],
) -> Iterator[tuple[str, Path | str]]:
    """Write the lists; yields the name of each with its file, or with the words why there is none.

    A name is one of `lists`, or the address of a list such as ``/v1/performers/…/memberships``. A
    file stands under its own name only once it is whole.

    Raises:
        UnknownListError: there is no such list.
    """
    known = lists()
    for name in names:
        if name not in known and not name.startswith(_LISTED):
            raise UnknownListError(f"there is no list `{name}`; there are {', '.join(known)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = known.get(name, name)
        file = folder / f"{name.removeprefix(_LISTED).replace('/', '-')}.{format_}"
        part = file.with_suffix(f".{format_}.part")
        try:
            with part.open("w", encoding="utf-8", newline="") as into:
                for page in registry.pages(f"{path}?{_query(path, format_)}"):
                    into.write(page)
                    tick(name)
        except RefusedError as error:
            part.unlink()
            yield name, str(error)
            continue
        part.replace(file)
        yield name, file


@cache
def _paths() -> Mapping[str, Any]:
    """What the registry has at which address, worked out once."""
    paths: Mapping[str, Any] = contract()["paths"]
    return paths


def _query(path: str, format_: str) -> str:
    """What a list is asked with; one without pages takes no limit."""
    known = [
        verbs["get"].get("parameters", [])
        for template, verbs in _paths().items()
        if "get" in verbs and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", template), path)
    ]
    paged = any(parameter["name"] == "limit" for found in known for parameter in found)
    return f"format={format_}&limit={_PAGE}" if paged else f"format={format_}"


def _is_list(operation: dict[str, object]) -> bool:
    parameters = operation.get("parameters", [])
    assert isinstance(parameters, list)  # noqa: S101 - as OpenAPI has it
    # What has to be asked with more than its address is no list.
    asks = any(parameter["in"] == "query" and parameter["required"] for parameter in parameters)
    return not asks and any(parameter["name"] == "format" for parameter in parameters)
