"""The published contract: OpenAPI 3.1 of every route, made to say what the conventions are."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.api import exports

TITLE: Final = "Replica consent registry"
VERSION: Final = "1"
_TEXT: Final = {"type": "string"}

Schema = dict[str, Any]

_SCHEMAS: Final[dict[str, Any]] = {
    "Problem": {
        "title": "Problem",
        "description": "RFC 9457. A refused act also carries `outcome`, `reasons` and `id`.",
        "type": "object",
        "required": ["type", "title", "status", "detail", "trace_id"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "instance": _TEXT,
            "trace_id": _TEXT,
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        },
    },
    "FieldError": {
        "title": "FieldError",
        "type": "object",
        "required": ["pointer", "code", "detail"],
        "properties": {"pointer": _TEXT, "code": _TEXT, "detail": _TEXT},
    },
    "TokenRequest": {
        "title": "TokenRequest",
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": _TEXT,
            "client_id": _TEXT,
            "client_secret": _TEXT,
            "code": _TEXT,
        },
    },
    "Token": {
        "title": "Token",
        "type": "object",
        "required": ["access_token", "token_type", "expires_in"],
        "properties": {
            "access_token": _TEXT,
            "token_type": {"const": "Bearer"},
            "expires_in": {"type": "integer"},
            "scope": _TEXT,
        },
    },
    "TokenError": {
        "title": "TokenError",
        "type": "object",
        "required": ["error"],
        "properties": {"error": _TEXT, "error_description": _TEXT},
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The contract. It names no host: the registry is served wherever its operator puts it."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=TITLE,
            version=VERSION,
            openapi_version="3.1.0",
            routes=app.routes,
            servers=[{"url": "/"}],
            license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
        )
        components = made.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas.update(_SCHEMAS)
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        components["securitySchemes"] = {
            "access_token": {"type": "http", "scheme": "bearer", "bearerFormat": "at+jwt"}
        }
        for schema in schemas.values():
            for shown in schema.get("examples", ()):
                _fill(shown, schema, schemas)
        _show_files(app, made["paths"])
        app.openapi_schema = made
    return app.openapi_schema


def _show_files(app: FastAPI, paths: Schema) -> None:
    """Say of every list that it also comes as a file."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or not _is_list(route):
            continue
        content = paths[str(context.path)]["get"]["responses"]["200"]["content"]
        for media, shown in exports.example(route.response_model).items():
            content[media] = {"schema": _TEXT, "example": shown}


def _is_list(route: APIRoute) -> bool:
    formats = [p.field_info for p in get_flat_params(route.dependant) if p.alias == "format"]
    return any({*get_args(exports.Format)} <= {*get_args(field.annotation)} for field in formats)


def _fill(shown: object, schema: Schema, schemas: Mapping[str, Schema]) -> None:
    """Put back the members that are null, which the framework takes out of every example."""
    known = _resolved(schema, schemas)
    if isinstance(shown, list):
        for item in shown:
            _fill(item, known.get("items", {}), schemas)
    if not isinstance(shown, dict):
        return
    members = known.get("properties", {})
    for name in known.get("required", ()):
        if name not in shown and {"type": "null"} in members[name].get("anyOf", ()):
            shown[name] = None
    for name, value in shown.items():
        _fill(value, members.get(name, {}), schemas)


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """What a reference, or a choice of one shape or null, leads to."""
    shapes = [variant for variant in schema.get("anyOf", ()) if variant != {"type": "null"}]
    if len(shapes) == 1:
        schema = shapes[0]
    reference = schema.get("$ref")
    return schemas[reference.rsplit("/", 1)[-1]] if reference else schema
