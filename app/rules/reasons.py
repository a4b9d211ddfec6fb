"""Reasons: what a decision says, in a sentence that a person can act on and a code that keeps.

Codes are public API: append, never rename or reuse. The table is `app.rules.codes`.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Final

from app.rules.codes import CODES, CodeSpec, Way
from app.rules.terms import Money, minor_digits

__all__ = ["CODES", "NO_SOURCE", "CodeSpec", "Reason", "Rest", "Source", "make", "plain", "wire"]

_SYMBOLS: Final = {"USD": "$", "GBP": "£", "EUR": "€"}


@dataclass(frozen=True, slots=True)
class Source:
    """The row of a pack that a reason comes from. ``rule`` is empty where no row is behind it."""

    rule: str = ""
    pack: str = ""
    version: str = ""
    verified: bool = True
    # What decides which of two rows that say the same is named: the lower one.
    rank: int = 99
    # Where the text stands, in each of the ways in which people cite it.
    cites: tuple[str, ...] = ()

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {
            "rule": self.rule,
            "pack": self.pack,
            "version": self.version,
            "verified": self.verified,
            "cites": list(self.cites),
        }


NO_SOURCE: Final = Source()


@dataclass(frozen=True, slots=True)
class Rest:
    """A fact that a reason rests on, and whose word it is."""

    fact: str
    stated_by: str
    confirmed: bool

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {"fact": self.fact, "stated_by": self.stated_by, "confirmed": self.confirmed}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a decision has to say."""

    code: str
    outcome: str  # deny | needs_action | obligation | warning | info
    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)
    rests_on: tuple[Rest, ...] = ()
    source: Source = NO_SOURCE
    unblock: tuple[Way, ...] = ()
    by: date | datetime | None = None

    @property
    def spec(self) -> CodeSpec:
        """The code's row in the table."""
        return CODES[self.code]

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two reasons the same one, said by two rules."""
        return (self.code, *(repr(wire(self.facts.get(name))) for name in self.spec.key))

    def wire(self) -> dict[str, object]:
        """The form in JSON: no float anywhere."""
        by = wire(self.by) if self.by is not None else ""
        return {
            "code": self.code,
            "outcome": self.outcome,
            "sentence": self.sentence,
            "facts": {name: wire(value) for name, value in sorted(self.facts.items())},
            "rests_on": [rest.wire() for rest in self.rests_on],
            "source": self.source.wire(),
            "unblock": [{**way.wire(), "by": by if way.timed else ""} for way in self.unblock],
        }


def make(
    code: str,
    source: Source = NO_SOURCE,
    *,
    rests_on: tuple[Rest, ...] = (),
    by: date | datetime | None = None,
    way: str = "",
    **params: object,
) -> Reason:
    """Make a reason. ``params`` must hold every name of the template; further ones are facts too.

    ``way``: which of the code's ways lead out of it, by the name in ``ways_for``; left out, the
    field that is missing.

    Raises:
        KeyError: the code is unknown, or a parameter of its template is missing or ``None``.
    """
    spec = CODES[code]
    given = {name: value for name, value in params.items() if value is not None}
    missing = [name for name in names_in(spec.template) if name not in given]
    if missing:
        msg = f"{code} needs {', '.join(missing)}"
        raise KeyError(msg)
    sentence = spec.template.format(
        **{name: plain(given[name]) for name in names_in(spec.template)}
    )
    facts = {name: value for name, value in given.items() if name not in spec.words}
    ways = spec.ways_for.get(way or str(given.get("field", "")), spec.unblock)
    return Reason(code, spec.outcome, sentence, facts, rests_on, source, ways, by)


@cache
def names_in(template: str) -> tuple[str, ...]:
    """Names of the parameters in a template."""
    return tuple(
        dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(template) if name)
    )


def plain(value: object) -> str:
    """A value as a person writes it in a sentence."""
    if isinstance(value, Money):
        return _money(value)
    if isinstance(value, datetime):
        at = value.astimezone(UTC)
        return f"{at.day} {at:%B %Y, %H:%M} UTC"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return _listed([plain(v) for v in value])
    return str(value)


def wire(value: object) -> object:
    """A value as JSON has it; amounts and decimals are strings."""
    if isinstance(value, Money):
        return value.wire()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (tuple, list)):
        return [wire(v) for v in value]
    return value


def _money(value: Money) -> str:
    digits = minor_digits(value.currency)
    amount = f"{Decimal(value.minor).scaleb(-digits):,.{digits}f}"
    symbol = _SYMBOLS.get(value.currency)
    return f"{symbol}{amount}" if symbol else f"{amount} {value.currency}"


def _listed(words: list[str]) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
