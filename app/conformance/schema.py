"""The JSON Schema of vector and world files, made from the facts that decisions read."""

import json
import sys
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.rules.decide.rows import LINE_KINDS
from app.rules.facts import KINDS, Check
from app.rules.terms import Money
from app.rules.vectors import FORMAT, WORLD_FORMAT

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Mapping[type, Mapping[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Money: {"$ref": "#/$defs/Money"},
}
_MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "amount": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
}
_CODES = {"type": "array", "uniqueItems": True, "items": {"type": "string"}}
_REASON = {
    "type": "object",
    "required": ["code"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "string", "pattern": "^([DAOWE]|OK)_[A-Z0-9_]+$"},
        "rule": {"type": ["string", "null"]},
        "pack": {"type": "string"},
        "version": {"type": "string"},
        "verified": {"type": "boolean"},
        "facts": {"type": "object"},
    },
}
_LINE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"kind": {"enum": list(LINE_KINDS)}, "amount": {"$ref": "#/$defs/Money"}},
}
_AMOUNTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{name: {"$ref": "#/$defs/Money"} for name in ("gross", "contributions", "total")},
        "lines": {"type": "array", "items": _LINE},
    },
}
_OUTCOMES = ["allow", "allow_with_obligations", "needs_action", "deny"]
_ANSWER = {
    "type": "object",
    "required": ["outcome", "reasons"],
    "additionalProperties": False,
    "properties": {
        "outcome": {"enum": _OUTCOMES},
        "class": {"type": ["string", "null"]},
        "reasons": {"type": "array", "items": {"$ref": "#/$defs/Reason"}},
        "amounts": {"anyOf": [_AMOUNTS, {"type": "null"}]},
        "not_known": {**_CODES, "items": {"enum": list(LINE_KINDS)}},
        "do_now": _CODES,
        "owed_later": _CODES,
    },
}
_DONE = {
    "type": "object",
    "required": ["status"],
    "additionalProperties": False,
    "properties": {
        "status": {"type": "integer", "minimum": 200, "maximum": 499},
        "rule": {"type": "string"},
        "fields": _CODES,
        "effective_from": {"type": ["string", "null"], "format": "date-time"},
    },
}
_ACT = {
    "type": "object",
    "required": ["name", "by"],
    "additionalProperties": False,
    "properties": {
        "name": {"enum": ["vetoes.issue", "grants.accept", "grants.revoke"]},
        "by": {
            "type": "object",
            "required": ["role"],
            "additionalProperties": False,
            "properties": {
                name: {"type": "string"} for name in ("role", "organization", "performer")
            },
        },
        "grant": {"type": "string"},
        "body": {"type": "object"},
    },
}


def schema() -> dict[str, Any]:
    """The whole schema; ``tests/vectors/schema.json`` is this, written out."""
    definitions: dict[str, Any] = {"Money": _MONEY, "Reason": _REASON}
    world = {kind: _by_id(cls, definitions) for kind, cls in KINDS.items()}
    definitions["World"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": world,
    }
    definitions["Check"] = {**_object(Check, definitions), "required": ["work", "use"]}
    definitions["Vector"] = _VECTOR
    return {
        "$schema": _DRAFT,
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "Conformance vectors of the replica consent registry, and the worlds they extend",
        "type": "object",
        "required": ["format"],
        "properties": {"format": {"enum": [FORMAT, WORLD_FORMAT]}},
        # Not `oneOf`: a reader wants to know what is wrong, not that neither form fits.
        "if": {"properties": {"format": {"const": FORMAT}}},
        "then": _file(FORMAT, _VECTOR_MEMBERS, ["title", "packs", "vectors"]),
        "else": _file(WORLD_FORMAT),
        "$defs": dict(sorted(definitions.items())),
    }


_WORLD_REF = {"$ref": "#/$defs/World"}
_VECTOR = {
    "type": "object",
    "required": ["id", "title", "rules", "at", "expect"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": r"^[A-Za-z0-9_.-]+$"},
        "title": {"type": "string", "minLength": 1},
        "scenario": {"type": "string", "pattern": r"^S\d{2}$"},
        "rules": _CODES,
        "row": {"type": "string"},
        "side": {"enum": ["for", "against", "boundary"]},
        "world": _WORLD_REF,
        "at": {"type": "string", "format": "date-time"},
        "check": {"$ref": "#/$defs/Check"},
        "act": _ACT,
        "expect": {"type": "object"},
    },
    "if": {"required": ["act"]},
    "then": {"not": {"required": ["check"]}, "properties": {"expect": _DONE}},
    "else": {"required": ["check"], "properties": {"expect": _ANSWER}},
}
_VECTOR_MEMBERS = {
    "packs": {"type": "object", "additionalProperties": _CODES},
    "vectors": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Vector"}},
}


def _file(
    name: str, members: Mapping[str, Any] | None = None, required: list[str] | None = None
) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["format", *(required or ["title", "world"])],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string"},
            "format": {"const": name},
            "title": {"type": "string"},
            "extends": {"type": "string"},
            "world": _WORLD_REF,
            **(members or {}),
        },
    }


def _by_id(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    _define(cls, definitions)
    # ``null`` takes away what an extended world has.
    document = {"anyOf": [{"$ref": f"#/$defs/{cls.__name__}"}, {"type": "null"}]}
    return {"type": "object", "additionalProperties": document}


def _define(cls: type, definitions: dict[str, Any]) -> None:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        definitions[cls.__name__] = _object(cls, definitions, without="id")


def _object(cls: type, definitions: dict[str, Any], without: str = "") -> dict[str, Any]:
    hints = get_type_hints(cls)
    members = [field.name for field in fields(cls) if field.name != without]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _nullable(hints[name], definitions) for name in members},
    }


def _nullable(hint: object, definitions: dict[str, Any]) -> dict[str, Any]:
    found = _value(hint, definitions)
    if isinstance(found.get("type"), str):
        return {**found, "type": [found["type"], "null"]}
    return {"anyOf": [found, {"type": "null"}]}


def _value(hint: object, definitions: dict[str, Any]) -> dict[str, Any]:
    if get_origin(hint) in {Union, types.UnionType}:
        return _value(next(a for a in get_args(hint) if a is not type(None)), definitions)
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _value(get_args(hint)[0], definitions)}
    if isinstance(hint, type) and hint in _PLAIN:
        return dict(_PLAIN[hint])
    if not (isinstance(hint, type) and is_dataclass(hint)):
        raise TypeError(f"no JSON form for `{hint!r}`")
    _define(hint, definitions)
    return {"$ref": f"#/$defs/{hint.__name__}"}


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(schema(), indent=1)}\n")
