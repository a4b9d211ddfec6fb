"""What waits for somebody: until when, and what happens when nobody answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

# What happens at the end of the clock, or while nobody answers where there is none.
AT_ZERO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "request": "Silence is a no: the request ends, and no consent comes of it.",
        "counter_offer": "The counter-offer ends; what was there before it stays.",
        "change": "Nothing changes: what was signed stays as it is.",
        "signature": "The consent counts meanwhile, and every answer says that it is unconfirmed.",
        "withdrawal": "The wish stays on record; new uses go on until the studio answers.",
        "estimate": "The studio's count of days is what pay is worked out with.",
        "payment": "It stays the word of whoever pays: said to be paid, and not confirmed.",
        "notice": "The notice stays open.",
        "membership": "The membership counts for nothing until it is confirmed.",
        "death": "The death stays on record, and whoever is proven to answer for the estate signs.",
        "coming_of_age": "From that day new uses need the person's own yes; finished ones run on.",
        "own_yes": "New uses are a no until then; finished ones run on.",
        "question": "The question stays open, and the thread shows it.",
        "said": "It stays the word of one side.",
        "sighting": "The case stays open, and shows who has said nothing.",
        "match": "Whoever asks learns nothing, and puts on record whom they mean anew.",
        "mandate": "The mandate ends: nobody bargains in the performer's place any more.",
        "sale": "The consent does not count for the buyer; silence is no yes.",
        "merge": "Nothing changes: they stay two persons on record until another person says so.",
        "paper": "New uses wait as long as the performer says that it is not their signature.",
        "dispute": "The dispute stays open, and the thread shows it.",
        "fact": "Every answer that rests on it waits until whoever disputes it, or the registry's"
        " office, says that it is settled.",
        "redecided": "The use stays as it was decided last; a recheck decides it as things stand.",
        "transfer": "The replica stays where it is, and so does who answers for it.",
        "sale_confirmation": "Nothing changes hands until seller and buyer have both said so.",
        "estate": "None of those who claim the estate can sign until it is settled.",
    }
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. ``by`` is the end of its clock, exclusive; without one it waits on."""

    kind: str
    performer_id: str | None  # ``None``: it is about no one performer
    about: str  # the kind of record
    id: str
    waits_for: str  # performer | guardian | estate | studio | union | registry_admin
    since: datetime | None = None
    by: datetime | None = None
    # Of the question whether a consent passes on: the sale, which an answer names.
    sale: str = ""

    @property
    def at_zero(self) -> str:
        """What happens when nobody answers."""
        return AT_ZERO[self.kind]

    @property
    def urgency(self) -> tuple[bool, datetime | str, str]:
        """Sorts what ends first before what ends later, and that before what waits on."""
        return (self.by is None, self.by or "", self.id)
