"""The committed contract is the one that the application has, with examples of everything."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.main import contract

COMMITTED = Path(__file__).resolve().parents[2] / "openapi" / "registry.json"
_METHODS = {"get", "post", "put", "patch", "delete"}

Schema = dict[str, Any]


@functools.cache
def _contract() -> Schema:
    return contract()


def _operations() -> Iterator[tuple[str, Schema]]:
    for path, item in _contract()["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                yield f"{method.upper()} {path}", operation


def _resolved(schema: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = _contract()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _has_example(content: Schema) -> bool:
    return all("example" in media or _shows(media.get("schema", {})) for media in content.values())


def _shows(schema: Schema) -> bool:
    found = _resolved(schema)
    return bool({"example", "examples"} & found.keys()) or any(
        _shows(variant) for variant in found.get("anyOf", ())
    )


def test_the_committed_contract_is_the_one_that_is_served() -> None:
    drifted = "the contract changed: `consent-registry openapi > openapi/registry.json`"
    assert json.loads(COMMITTED.read_text("utf-8")) == _contract(), drifted


def test_every_operation_shows_an_example_of_what_it_takes_and_gives() -> None:
    missing = []
    for name, operation in _operations():
        body = operation.get("requestBody", {}).get("content", {})
        if not _has_example(body):
            missing.append(f"{name} body")
        missing += [
            f"{name} {status}"
            for status, answer in operation["responses"].items()
            if status.startswith("2") and not _has_example(answer.get("content", {}))
        ]
    assert missing == []


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is() -> None:
    names = [operation["operationId"] for _, operation in _operations()]
    assert len(set(names)) == len(names)
    assert [name for name, operation in _operations() if not operation.get("summary")] == []
    assert [name for name, operation in _operations() if not operation.get("x-policy")] == []


def test_every_parameter_in_a_path_is_described_by_the_path() -> None:
    for name, operation in _operations():
        declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        named = {part[1:-1] for part in name.split("/") if part.startswith("{")}
        assert declared == named, name
