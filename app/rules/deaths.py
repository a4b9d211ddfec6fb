"""How a death comes on record: by two persons, and with time for the person to say that they live.

From the second word on the death counts: agents and guardians act no more, and a yes for life only
carries nothing new. Nobody signs for the dead before the time to contradict is over.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.rules.reasons import plain
from app.rules.refusals import Refusal

ALIVE_DAYS: Final = 14
# Two administrators of the registry are two; of other houses each counts for one.
OFFICE: Final = "registry_admin"


@dataclass(frozen=True, slots=True)
class Witness:
    """Who says it: the person, and for whom they speak."""

    id: str
    role: str
    organization_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One death as it is on record; without ``died_on`` it says that the record of one is wrong."""

    reported_by: str
    died_on: date | None = None
    reported_for: str | None = None
    confirmed_at: datetime | None = None
    alive_until: datetime | None = None
    undone_at: datetime | None = None


def confirmation_refusal(report: Report, second: Witness) -> Refusal | None:
    """Why this person's word does not make a report a record."""
    if report.undone_at is not None:
        return Refusal(
            "undone", "The person said that they live, so there is nothing left to confirm."
        )
    if report.confirmed_at is not None:
        return Refusal("confirmed", "Two persons have said it already.")
    if report.reported_by == second.id:
        return Refusal("same_person", "You said it first; another person has to say it too.")
    same_house = report.reported_for is not None and report.reported_for == second.organization_id
    if same_house and second.role != OFFICE:
        return Refusal(
            "same_house",
            "The first word came from your own organization; the second comes from another one.",
        )
    return None


def alive_until(died_on: date | None, confirmed_at: datetime) -> datetime | None:
    """Until when the person can contradict; whoever lives has nothing to contradict."""
    return None if died_on is None else confirmed_at + timedelta(days=ALIVE_DAYS)


def alive_refusal(open_: Report | None, as_of: datetime) -> Refusal | None:
    """Why the word of the person alone does not undo what was said of their death."""
    if open_ is None:
        return Refusal("nothing_said", "Nobody has said that you died.")
    if open_.alive_until is not None and as_of >= open_.alive_until:
        return Refusal(
            "too_late",
            f"The time to say so by yourself ended on {plain(open_.alive_until)}. Two persons, such"
            " as the registry's office and your union, can take the record back.",
        )
    return None
