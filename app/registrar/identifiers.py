"""Standard identifiers of persons and works: one spelling each, and check digits that hold."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from stdnum import isan, isni
from stdnum.iso7064 import mod_37_36

_GROUPS_OF_FOUR: Final = re.compile("....")
_RESOLVERS: Final = (
    "https://doi.org/",
    "http://doi.org/",
    "https://dx.doi.org/",
    "doi:",
    "info:doi/",
)


def normal(system: str, value: str) -> str:
    """The one spelling under which an identifier is kept and found.

    Raises:
        ValueError: no such system, the wrong shape, or a check digit that does not fit.
    """
    if system not in _READERS:
        raise ValueError(f"`{system}` is none of {', '.join(_READERS)}")
    return _READERS[system](value.strip())


def _eidr(value: str) -> str:
    """An EIDR content id; its check character is ISO 7064 Mod 37,36. Source: EIDR ID Format."""
    suffix = _doi_suffix(value, "10.5240", "EIDR")
    digits = suffix.replace("-", "")
    if not re.fullmatch("[0-9A-F]{20}[0-9A-Z]", digits) or suffix not in {
        digits,
        f"{_grouped(digits[:20])}-{digits[20]}",
    }:
        raise ValueError(f"`{value}` is no EIDR, such as `10.5240/7791-8534-2C23-9030-8610-5`")
    if not mod_37_36.is_valid(digits):
        raise ValueError(f"the check digit of the EIDR `{value}` does not fit")
    return f"10.5240/{_grouped(digits[:20])}-{digits[20]}"


def _hand(value: str) -> str:
    """A HAND id; its publisher describes no check digit, so that only the shape is held."""
    suffix = _doi_suffix(value, "10.23", "HAND id")
    digits = suffix.replace("-", "")
    if not re.fullmatch("[0-9A-Z]{20}", digits) or suffix not in {digits, _grouped(digits)}:
        raise ValueError(f"`{value}` is no HAND id, such as `10.23/B77C-A6A1-D3E8-1E13-D6C7`")
    return f"10.23/{_grouped(digits)}"


def _isan(value: str) -> str:
    """An ISAN or V-ISAN with its check characters. Source: ISO 15706-1 and 15706-2."""
    bare = re.sub("(?i)^(urn:)?isan[: ]|[- ]", "", value).upper()
    if not re.fullmatch("[0-9A-F]{16}[0-9A-Z]([0-9A-F]{8}[0-9A-Z])?", bare):
        raise ValueError(f"`{value}` is no ISAN with check digits, such as `0000-0000-D07A-0090-Q`")
    if not isan.is_valid(bare):
        raise ValueError(f"the check digit of the ISAN `{value}` does not fit")
    return isan.format(bare)


def _isni(value: str) -> str:
    """An ISNI. Source: ISO 27729, the check character is ISO 7064 Mod 11,2."""
    bare = re.sub("(?i)^(https?://(www\\.)?isni\\.org/(isni/)?|isni[: ])", "", value)
    digits = re.sub("[- ]", "", bare).upper()
    if not re.fullmatch("[0-9]{15}[0-9X]", digits):
        raise ValueError(f"`{value}` is no ISNI, such as `0000 0001 2281 955X`")
    if not isni.is_valid(digits):
        raise ValueError(f"the check digit of the ISNI `{value}` does not fit")
    return digits


def _imdb(value: str) -> str:
    """An IMDb name or title id; it has no check digit."""
    found = re.fullmatch("(nm|tt)[0-9]{7,10}", value.lower())
    if found is None:
        raise ValueError(f"`{value}` is no IMDb id, such as `tt0111161` or `nm0000151`")
    return found.group()


def _doi_suffix(value: str, prefix: str, called: str) -> str:
    bare = value
    for resolver in _RESOLVERS:
        if bare.lower().startswith(resolver):
            bare = bare[len(resolver) :]
    found, _, suffix = bare.partition("/")
    if found != prefix:
        raise ValueError(f"`{value}` is no {called}: it starts with `{prefix}/`")
    return suffix.upper()


def _grouped(digits: str) -> str:
    return "-".join(_GROUPS_OF_FOUR.findall(digits))


_READERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"hand": _hand, "eidr": _eidr, "isan": _isan, "isni": _isni, "imdb": _imdb}
)
