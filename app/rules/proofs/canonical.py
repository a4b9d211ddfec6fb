"""Canonical JSON: equal documents are equal bytes. Source: RFC 8785, less floats."""

import json
from collections.abc import Mapping
from typing import Final

_INTEGER_MAX: Final = 2**53 - 1


def canonical(document: object) -> bytes:
    """The one encoding of a document of objects, lists, strings, whole numbers, booleans and null.

    Raises:
        ValueError: something that has no single encoding: a float, an integer beyond 2^53-1, a lone
        surrogate, a
            member name that is not a string, or a type that is not JSON.
    """
    text = json.dumps(_plain(document), ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        msg = "a lone surrogate has no canonical form"
        raise ValueError(msg) from error


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > _INTEGER_MAX:
            msg = f"`{value}` is beyond 2^53-1; write it as a string"
            raise ValueError(msg)
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            msg = "the name of a member must be a string"
            raise ValueError(msg)
        return {name: _plain(value[name]) for name in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    msg = f"{type(value).__name__} has no canonical form"
    raise ValueError(msg)


def _utf16(name: str) -> bytes:
    # RFC 8785 §3.2.3 sorts by UTF-16 code units, which differs from code points above U+FFFF.
    return name.encode("utf-16-be", "surrogatepass")
