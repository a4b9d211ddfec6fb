"""Limits on how often: so that nobody reads the record out by guessing, or floods a mailbox.

The figures are ours and limit people at work in nothing: who exceeds one is told when to go on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Final

from app.registrar.problems import NOTHING_RECORDED, problem
from app.store import engine, quotas
from app.store.tx import Problem, Store


@dataclass(frozen=True, slots=True)
class Quota:
    """``limit`` times in each ``window``, by whoever it is counted for."""

    name: str
    limit: int
    window: timedelta
    # In the sentence: what there was too much of.
    what: str


# At a thousand names a day nobody lists an industry, and nobody records that many newcomers.
MATCH_PACE: Final = Quota("match", 60, timedelta(minutes=1), "questions after performers")
MATCH_DAY: Final = Quota("match-day", 1000, timedelta(days=1), "questions after performers")
# For one performer, whoever invites: each is a message that somebody receives.
INVITE: Final = Quota("invite", 10, timedelta(hours=1), "invitations of one performer")
OPEN: Final = Quota("open", 10, timedelta(hours=1), "openings of one invitation")
# Codes have 192 random bits; this only keeps a guesser from being a load.
CLAIM: Final = Quota("claim", 20, timedelta(minutes=1), "codes that did not fit")
TOKEN: Final = Quota("token", 10, timedelta(minutes=1), "failed tries")


def spend(store: Store, limit: Quota, who: str, at: datetime) -> None:
    """Count one more for somebody.

    Raises:
        Problem: 429 with Retry-After, it is one too many.
        Busy: it could not be counted, so it must not be done.
    """
    counted = engine.count(store, quotas.key_of(limit.name, who), limit.window, at)
    if counted.times > limit.limit:
        raise _exceeded(limit, counted.ends_at, at)


def check(store: Store, limit: Quota, who: str, at: datetime) -> None:
    """Whether somebody may go on, without counting.

    Raises:
        Problem: 429 with Retry-After, they were there too often.
    """
    with engine.reading(store) as session:
        counted = quotas.spent(session, quotas.key_of(limit.name, who), limit.window, at)
    if counted.times >= limit.limit:
        raise _exceeded(limit, counted.ends_at, at)


@contextmanager
def failures(store: Store, limit: Quota, who: str, at: datetime) -> Iterator[None]:
    """Let somebody try, and count each try that finds nothing.

    Raises:
        Problem: 429 with Retry-After, too many have failed.
    """
    check(store, limit, who, at)
    try:
        yield
    except Problem as failed:
        if failed.status == HTTPStatus.NOT_FOUND:
            spend(store, limit, who, at)
        raise


def _exceeded(limit: Quota, ends_at: datetime, at: datetime) -> Problem:
    wait = max(1, ceil((ends_at - at).total_seconds()))
    return problem(
        "quota-exceeded",
        f"There were too many {limit.what}. Go on in {wait} s. {NOTHING_RECORDED}",
        headers={"Retry-After": str(wait)},
    )
