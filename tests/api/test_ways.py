"""What a reason tells people to do can be done: the route exists, and takes what is named."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from app.main import contract
from app.rules.codes import CODES, Way

WAYS = sorted({way for spec in CODES.values() for way in spec.unblock}, key=repr)


@cache
def operations() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Every operation by verb and path, whatever the path calls its parameters."""
    return {
        (verb.upper(), unnamed(path)): operation
        for path, verbs in contract()["paths"].items()
        for verb, operation in verbs.items()
    }


def unnamed(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def members(schema: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        yield from members(contract()["components"]["schemas"][name])
    yield from schema.get("properties", {})
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from members(part)


def test_a_way_with_a_path_has_a_verb_and_one_without_has_neither() -> None:
    for way in WAYS:
        assert bool(way.href) == bool(way.method), way
        assert way.href or not way.fields, way


@pytest.mark.parametrize("way", [w for w in WAYS if w.href], ids=lambda w: f"{w.who} {w.act}")
def test_a_way_leads_to_a_route_that_takes_what_it_names(way: Way) -> None:
    operation = operations()[way.method, unnamed(way.href)]
    content = operation.get("requestBody", {}).get("content", {})
    taken = {name for body in content.values() for name in members(body["schema"])}
    assert {*way.fields} <= taken
