"""Refusals of an act as values: what was said that cannot stand, and who may not say it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """A member of a request that was read and cannot stand; ``pointer`` is a JSON Pointer."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act is refused, by name and in words for the person who tried."""

    code: str
    sentence: str
