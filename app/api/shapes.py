"""Shapes that several nouns share on the wire, and the examples that the contract carries."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from app.api.models import Day, In


def example(value: Mapping[str, Any]) -> ConfigDict:
    """The configuration of a model with its example."""
    return ConfigDict(json_schema_extra={"examples": [dict(value)]})


def page_example(value: Mapping[str, Any]) -> ConfigDict:
    """The configuration of a page's model, with one row for an example."""
    return example({"data": [dict(value)], "next_cursor": None})


def _given(value: object) -> object:
    if value is None:
        raise ValueError("cannot be null; leave it out to keep what is there")
    return value


# On an optional member of a change: it may be left out, and it may not be null.
KeptIfAbsent = AfterValidator(_given)

Family = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$"),
    Field(examples=["sag-aftra/tv-theatrical"], description="A family of agreements."),
]
HouseCode = Annotated[
    str,
    StringConstraints(pattern=r"^(ref:)?[a-z0-9_.-]{1,32}:[!-~]{1,200}$"),
    Field(examples=["castid:4711"], description="The caller's own code, `SYSTEM:ID`."),
]


class LastDayIn(In):
    """The last day on which it holds."""

    model_config = example({"ends_on": "2026-12-31"})

    ends_on: Day


# A decision, for the examples of whatever carries one.
DECISION: dict[str, Any] = {
    "outcome": "allow_with_obligations",
    "class": "EBDR_SAME",
    "reasons": [
        {
            "code": "O_NOTIFY",
            "outcome": "obligation",
            "sentence": "The performer is told of this use.",
            "facts": {},
            "rests_on": [],
            "source": {
                "rule": "RG-12",
                "pack": "registry/house",
                "version": "1",
                "verified": True,
            },
            "unblock": [],
        }
    ],
    "do_now": [],
    "owed_later": ["O_NOTIFY"],
    "amounts": {},
    "packs": [],
    "rests_on": [{"fact": "the engagement", "stated_by": "studio", "confirmed": True}],
}
