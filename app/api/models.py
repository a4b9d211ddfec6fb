"""What goes over the wire: the strict base of every body, and the types of its fields.

Fields take lists (``list[...]``), never tuples or sets, and closed words are ``Literal``: the body
is JSON already read, and in strict mode nothing is turned into something else.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from app.rules.facts import instant
from app.rules.terms import Money, money_from

# Characters that hide or reorder what a reader sees. Source: Unicode TR 9, TR 36 section 2.10.
_UNSEEN: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS: Final = re.compile("[\t\n\r]")
_YEARS: Final = range(1800, 2200)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[Zz]|[+-]\d{2}:\d{2})"
)


# What each pattern of a field asks for, in words: a reader is not told an expression.
PATTERNS: Final[Mapping[str, str]] = {
    r"^\S(.*\S)?$": "one line without a space before or after",
    r"^[A-Za-z0-9][!-~]*$": "an id, such as `perf_01k9…`, or `ref:SYSTEM:ID`, without spaces",
    r"^[0-9a-f]{64}$": "a SHA-256 hash: 64 letters of 0-9 and a-f",
    r"^\d{1,9}(\.\d{1,4})?$": "a decimal as a string, such as `2.5`",
    r"^\d{1,3}(\.\d{1,4})?$": "a percentage as a string, such as `2.5`",
    r"^[A-Z]{3}$": "a currency of three capital letters, such as `USD`",
    r"^\d{1,12}(\.\d{1,3})?$": "an amount as a string of decimals, such as `1200.00`",
    r"^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$": "a family of agreements, such as"
    " `sag-aftra/tv-theatrical`",
    r"^(ref:)?[a-z0-9_.-]{1,32}:[!-~]{1,200}$": "a house code, such as `castid:4711`",
    r"^[a-z0-9-]{1,60}(/[a-z0-9-]{1,60})?@[a-z0-9.-]{1,30}$": "a pack with its version, such as"
    " `house@1`",
    r"^[!-~]{1,128}$": "the id of a row, without spaces",
    r"^https?://[!-~]+$": "a link that begins with `https://` or `http://`",
    r"^[A-Za-z0-9_-]{8,64}$": "a code of a link, as it was handed over",
    r"^([1-9]\d{0,2}(\.\d{1,2})?|0\.(0[1-9]|[1-9]\d?))$": "a number of days above 0 as a string,"
    " such as `2.5`",
    r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|worldwide)$": "a territory such as `US` or `US-CA`, or"
    " `worldwide`",
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language such as `en` or `pt-BR`",
    r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$": "a place such as `US` or `US-IL`",
}


class In(BaseModel):
    """A body, or a part of one: nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """A reply, or a part of one, as the contract has it. Readers must allow for more members."""

    model_config = ConfigDict(extra="allow", frozen=True)


def _seen(text: str) -> str:
    if _UNSEEN.search(text) or _CONTROL.search(text):
        raise ValueError("no control, zero-width or direction-changing characters")
    return text


def _one_line(text: str) -> str:
    if _BREAKS.search(text):
        raise ValueError("one line only")
    if text != text.strip():
        raise ValueError("no space before or after")
    return unicodedata.normalize("NFC", text)


def read_instant(value: Any) -> datetime:  # noqa: ANN401 - whatever a client sent
    """An instant from its form in JSON.

    Raises:
        ValueError: no RFC 3339 with an offset, or out of all bounds.
    """
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("an instant with an offset, such as `2026-11-21T12:00:00Z`")
    try:
        at = instant(value.upper())
    except (ValueError, OverflowError):
        raise ValueError("no such instant") from None
    if at.year not in _YEARS:
        raise ValueError("a year from 1800 to 2199")
    return at


def _day(value: Any) -> date:  # noqa: ANN401 - whatever a client sent
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day, such as `2026-11-21`")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("no such day") from None
    if day.year not in _YEARS:
        raise ValueError("a year from 1800 to 2199")
    return day


def wire_instant(at: datetime) -> str:
    """An instant in a reply: UTC with six digits."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    PlainSerializer(wire_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date"}),
]
# A name of a person, a work or an organization: one line, in the form NFC.
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_seen),
    AfterValidator(_one_line),
]
# A short code or label that is kept as it is.
Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_seen),
    AfterValidator(_one_line),
]
# The rule, article or resolution on which something rests.
Rule = Annotated[
    str,
    StringConstraints(max_length=128),
    AfterValidator(_seen),
    AfterValidator(_one_line),
]
# A shot by the name that the production gave it.
Shot = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$"),
    AfterValidator(_seen),
    AfterValidator(_one_line),
]
# Words that bind are kept byte for byte; they may have several lines.
Words = Annotated[str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(_seen)]
# An id of ours or a reference ``ref:SYSTEM:ID``; see `app.registrar.references`.
Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=260, pattern=r"^[A-Za-z0-9][!-~]*$"),
    Field(examples=["perf_01k9zq3v5rfm8t4cy2x7d6ahwe", "ref:castid:4711"]),
]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Decimals = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,4})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

UseName = Literal[
    "scan",
    "face_replace",
    "de_age",
    "stunt",
    "crowd",
    "synthesize_voice",
    "dub",
    "alter",
    "realtime",
    "train_model",
    "promo",
    "exhibit",
    "synthetic",
]
GateName = Literal[
    "scan",
    "ingest",
    "transfer",
    "train",
    "breakdown",
    "render",
    "lock",
    "delivery",
    "marketing",
    "localisation",
    "library",
    "deletion",
]


class MoneyIn(In):
    """An amount in one currency; never a number, because numbers round."""

    amount: Annotated[
        str, StringConstraints(pattern=r"^\d{1,12}(\.\d{1,3})?$"), Field(examples=["1200.00"])
    ]
    currency: Annotated[Currency, Field(examples=["USD"])]

    def value(self) -> Money:
        """The amount in minor units.

        Raises:
            ValueError: more decimals than the currency has.
        """
        return money_from({"amount": self.amount, "currency": self.currency})


def _exact(money: MoneyIn) -> MoneyIn:
    money.value()
    return money


# Use this one in bodies: an amount with more decimals than its currency has is 422.
MoneyField = Annotated[MoneyIn, AfterValidator(_exact)]
