"""A share goes on after the lock: of what is reported later, by the terms of that day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.rules.decide.shares import reported
from app.rules.facts import BaseReport
from app.rules.terms import Money

LOCKED = datetime(2026, 9, 10, tzinfo=UTC)
SAID = LOCKED + timedelta(days=60)
NOW = SAID + timedelta(days=10)
REPORT = BaseReport(
    id="base_1", amount=Money(100, "USD"), stated_by="org_1", stated_at=SAID, disputed_by="perf_1"
)


def test_what_is_reported_later_counts_as_though_it_had_been_at_the_lock() -> None:
    disputed = replace(REPORT, disputed_at=NOW)
    (found,) = reported([disputed], LOCKED, NOW)
    assert (found.stated_at, found.is_disputed(LOCKED)) == (LOCKED, True)
    (before,) = reported([disputed], LOCKED, NOW - timedelta(seconds=1))
    assert not before.is_disputed(LOCKED)
    assert reported([REPORT], LOCKED, SAID - timedelta(seconds=1)) == ()


def test_a_correction_counts_from_its_own_instant() -> None:
    right = replace(REPORT, amount=Money(200, "USD"), stated_at=NOW)
    first, last = NOW - timedelta(seconds=1), NOW
    assert [r.amount.minor for r in reported([right, REPORT], LOCKED, first)] == [100]
    assert [r.amount.minor for r in reported([right, REPORT], LOCKED, last)] == [200]


def test_what_was_reported_before_the_lock_stays_from_then() -> None:
    early = replace(REPORT, stated_at=LOCKED - timedelta(days=1))
    (found,) = reported([early], LOCKED, NOW)
    assert found.stated_at == early.stated_at
