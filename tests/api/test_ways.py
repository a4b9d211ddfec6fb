"""What a reason tells people to do can be done: the route exists, and takes what is named."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.main import contract
from app.rules.codes import CODES, Way
from app.rules.reasons import make

WAYS = sorted({way for spec in CODES.values() for way in spec.ways}, key=repr)


@cache
def published() -> Mapping[str, Any]:
    return contract()


@cache
def operations() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Every operation by verb and path, whatever the path calls its parameters."""
    return {
        (verb.upper(), unnamed(path)): operation
        for path, verbs in published()["paths"].items()
        for verb, operation in verbs.items()
    }


def unnamed(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def members(schema: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        yield from members(published()["components"]["schemas"][name])
    yield from schema.get("properties", {})
    for part in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from members(part)


def test_a_way_with_a_path_has_a_verb_and_one_without_has_neither() -> None:
    for way in WAYS:
        assert bool(way.href) == bool(way.method), way
        assert way.href or not way.fields, way


@pytest.mark.parametrize(
    "way", [w for w in WAYS if w.href], ids=lambda w: " ".join((w.who, w.act, w.href, *w.fields))
)
def test_a_way_leads_to_a_route_that_takes_what_it_names(way: Way) -> None:
    operation = operations()[way.method, unnamed(way.href)]
    content = operation.get("requestBody", {}).get("content", {})
    taken = {name for body in content.values() for name in members(body["schema"])}
    assert {*way.fields} <= taken


@pytest.mark.parametrize(
    ("field", "leads_to"),
    [
        ("photography_start", ("PATCH", "/v1/works/{id}", ("photography_start",))),
        ("engagement.rate", ("PATCH", "/v1/engagements/{id}", ("rate",))),
        ("capture_session", ("POST", "/v1/checks", ("capture_session",))),
        ("quantity.lines", ("POST", "/v1/checks", ("quantity",))),
    ],
)
def test_what_is_missing_is_said_where_it_is_read_from(
    field: str, leads_to: tuple[str, str, tuple[str, ...]]
) -> None:
    (way,) = make("A_FACT_NEEDED", field=field, what="it").unblock
    assert (way.method, way.href, way.fields) == leads_to


def test_the_count_of_background_performers_is_entered_for_the_day() -> None:
    (way,) = make("A_FACT_NEEDED", field="work_day", what="it").unblock
    assert (way.method, way.href) == ("POST", "/v1/work-days")
    assert "required_background" in way.fields


def test_whoever_has_to_say_what_is_shown_is_told_where() -> None:
    ways = make("A_CONTENT_NOT_STATED", tags="nudity").unblock
    assert [(way.href, way.fields) for way in ways] == [
        ("/v1/checks", ("description",)),
        ("/v1/works/{id}", ("content_tags",)),
    ]


def test_every_field_that_a_rule_can_miss_has_a_way_of_its_own() -> None:
    text = "".join(path.read_text() for path in Path("app/rules/decide").glob("*.py"))
    named = {*re.findall(r'field="([a-z_. ]+)"', text), *re.findall(r'"field": "([^"]+)"', text)}
    assert named
    assert named <= CODES["A_FACT_NEEDED"].ways_for.keys()
