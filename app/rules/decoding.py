"""JSON as the registry reads it: what another reader could take for something else is refused.

Source: RFC 8259; RFC 7493 (I-JSON) for duplicate names, surrogates and the range of integers.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 32
MAX_INTEGER: Final = 2**53 - 1

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAX_DIGITS = 16


class UndecodableError(ValueError):
    """The bytes are no JSON that has one meaning. ``pointer`` says where, when that is known."""

    def __init__(self, code: str, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.pointer = pointer


def decode(raw: bytes) -> object:
    """Read UTF-8 JSON.

    Raises:
        UndecodableError: not UTF-8, not JSON, a name twice in one object, NaN or Infinity, an
            integer beyond 2^53-1, a lone surrogate or U+0000, or nesting deeper than `MAX_DEPTH`.
    """
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UndecodableError("not-utf-8", f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise UndecodableError("not-json", f"{error.msg} at character {error.pos}") from None
    except RecursionError:
        raise _too_deep("") from None
    for pointer, depth, item in _walk(value):
        if depth > MAX_DEPTH and isinstance(item, (dict, list)):
            raise _too_deep(pointer)
        if isinstance(item, str) and _UNSTORABLE.search(item):
            raise UndecodableError(
                "unstorable-text", "U+0000 and lone surrogates cannot be kept on record", pointer
            )
    return value


def _too_deep(pointer: str) -> UndecodableError:
    return UndecodableError("too-deep", f"nested deeper than {MAX_DEPTH} levels", pointer)


def _walk(value: object) -> Iterator[tuple[str, int, object]]:
    # A stack of our own: the depth of the value is the sender's choice.
    stack: list[tuple[str, int, object]] = [("", 1, value)]
    while stack:
        pointer, depth, item = stack.pop()
        yield pointer, depth, item
        if isinstance(item, dict):
            for name, member in item.items():
                stack.append((f"{pointer}/{_escaped(name)}", depth + 1, member))
                if _UNSTORABLE.search(name):
                    stack.append((pointer, depth + 1, name))
        elif isinstance(item, list):
            stack.extend((f"{pointer}/{n}", depth + 1, member) for n, member in enumerate(item))


def _escaped(name: str) -> str:
    """Escape a member name for a pointer. Source: RFC 6901 section 3."""
    return name.replace("~", "~0").replace("/", "~1")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UndecodableError("duplicate-name", f"`{twice[:64]}` stands twice in one object")
    return members


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) <= _MAX_DIGITS and abs(number := int(digits)) <= MAX_INTEGER:
        return number
    raise UndecodableError("integer-too-large", "an integer is beyond 2^53-1")


def _decimal(text: str) -> float:
    number = float(text)
    if math.isfinite(number):
        return number
    raise UndecodableError("number-too-large", "a number is too large to be read exactly")


def _constant(name: str) -> NoReturn:
    raise UndecodableError("not-a-number", f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_decimal,
    parse_constant=_constant,
)
