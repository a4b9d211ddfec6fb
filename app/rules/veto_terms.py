"""What a veto said at an instant: its scope, review day, second officer and appeals.

Each change is a dated fact, so that a question about an earlier instant meets the veto as it stood
then, and time alone changes nothing on record.
"""

from datetime import date, datetime, timedelta
from typing import Final

from app.rules.days import day_of, start_of
from app.rules.facts import Veto, VetoScope

# How long an emergency stops anything without its second officer.
SECOND_HOURS: Final = 24
APPEAL_DAYS: Final = 14

# Kinds of veto that fall to a flag when nobody looks at them again. A strike, a transfer objection
# or a grievance does not end because somebody forgot a date.
LAPSING_KINDS: Final = frozenset({"policy"})


def scope_at(veto: Veto, as_of: datetime) -> VetoScope:
    """What the veto reached at ``as_of``."""
    narrowed = [n.scope for n in veto.narrowings if n.at <= as_of]
    return narrowed[-1] if narrowed else veto.scope


def review_by_at(veto: Veto, as_of: datetime) -> date | None:
    """The day on which it was to be looked at again, as that was known at ``as_of``."""
    renewed = [r.review_by for r in veto.renewals if r.at <= as_of]
    return renewed[-1] if renewed else veto.review_by


def lapses(kind: str, review_by: date | None, as_of: datetime) -> bool:
    """Whether a veto of this kind has fallen to a flag: its review day is over, in UTC."""
    return kind in LAPSING_KINDS and review_by is not None and day_of(as_of) > review_by


def second_due(veto: Veto) -> datetime:
    """When an emergency that no second officer has confirmed stops nothing any more."""
    return veto.starts_at + timedelta(hours=SECOND_HOURS)


def awaits_second(veto: Veto, as_of: datetime) -> bool:
    """Whether it only flags at ``as_of`` for want of the second officer."""
    if veto.seconded_at is not None and veto.seconded_at <= as_of:
        return False
    if veto.emergency:
        return as_of >= second_due(veto)
    return veto.wide or veto.state == "proposed" or veto.seconded_at is not None


def since(veto: Veto, as_of: datetime) -> datetime:
    """From when it stops what it stops at ``as_of``: what was locked before that is spared.

    It begins anew with a second officer who came late, and with a renewal after it had lapsed.
    """
    at, review_by = veto.starts_at, veto.review_by
    second = veto.seconded_at
    late = second is not None and not (veto.emergency and second < second_due(veto))
    if second is not None and second <= as_of and late:
        at = max(at, second)
    for renewal in veto.renewals:
        if renewal.at <= as_of and lapses(veto.kind, review_by, renewal.at):
            at = max(at, renewal.at)
        review_by = renewal.review_by
    return at


def appeal_until(veto: Veto, as_of: datetime) -> datetime:
    """When the time to appeal is over: the end of the fourteenth day after the start, in UTC."""
    last = day_of(since(veto, as_of)) + timedelta(days=APPEAL_DAYS)
    return start_of(last + timedelta(days=1))


def is_appealed(veto: Veto, as_of: datetime) -> bool:
    """Whether somebody contests it at ``as_of`` and nobody has decided yet."""
    if not veto.appeals:
        return veto.state == "appealed"
    return any(
        a.at <= as_of and (a.decided_at is None or as_of < a.decided_at) for a in veto.appeals
    )
