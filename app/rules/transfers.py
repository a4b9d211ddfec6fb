"""Transfers of replicas: the union's clock, and what an answer, or none, leaves the producer with.

Source: summary of the agreement of 2026, item 39.I (rules TT-34 and TT-35 of the domain). What
silence means was not found there, so it approves nothing.
"""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.facts import Transfer

APPROVED: Final = "approved"
REFUSED: Final = "refused"
OVERDUE: Final = "overdue"
SUBMITTED: Final = "submitted"
COMPLETED: Final = "completed"
ANSWERS: Final = (APPROVED, REFUSED)


def last_day(transfer: Transfer, days: int, zone: ZoneInfo) -> date:
    """The last day on which the union answers in time: so many calendar days after it was told."""
    return transfer.submitted_at.astimezone(zone).date() + timedelta(days=days)


def days_left(transfer: Transfer, days: int, zone: ZoneInfo, at: datetime) -> int:
    """Days until the time is over: 0 on the last day, below it once the time is over."""
    return (last_day(transfer, days, zone) - at.astimezone(zone).date()).days


def answered(transfer: Transfer, at: datetime) -> tuple[str, datetime] | None:
    """The union's answer as it stood at ``at``, and when it was given.

    An approval takes the place of a refusal, from its own instant on.
    """
    for said, on in ((transfer.answer, transfer.answered_at), (REFUSED, transfer.refused_at)):
        if said is not None and on is not None and on <= at:
            return said, on
    return None


def approved(transfer: Transfer, at: datetime) -> bool:
    """Whether the union had approved who takes the replica over."""
    said = answered(transfer, at)
    return said is not None and said[0] == APPROVED


def assumed(transfer: Transfer, at: datetime) -> bool:
    """Whether who takes the replica over had taken its duties on in writing."""
    return transfer.assumed_at is not None and transfer.assumed_at <= at


def completed(transfer: Transfer, at: datetime) -> bool:
    """Whether the replica was handed over."""
    return transfer.completed_at is not None and transfer.completed_at <= at


def liable(transfer: Transfer, at: datetime) -> bool:
    """Whether the producer answers for what becomes of the replica, before and after it went."""
    return not approved(transfer, at) or not assumed(transfer, at)


def state_at(transfer: Transfer, left: int | None, at: datetime) -> str:
    """How a transfer stands; ``left`` are the union's days, ``None`` where nothing counts them."""
    if completed(transfer, at):
        return COMPLETED
    said = answered(transfer, at)
    if said is not None:
        return said[0]
    return OVERDUE if left is not None and left < 0 else SUBMITTED
