"""Royalties and participations: a share of what is reported, and until then not known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.formula import amount, count, share
from app.rules.decide.rows import Line, NotKnown
from app.rules.facts import BaseReport
from app.rules.grants import SHARED
from app.rules.reasons import Source, make, plain

# Uses that make nothing which could earn anything.
_NOTHING_MADE: Final = frozenset({"CREATION", "EXHIBITION", "ROUTINE_POST", "ALTERATION", "SYNTH"})


@dataclass(frozen=True, slots=True)
class _Share:
    """What the terms of a consent say that the performer has a share of."""

    grant_id: str
    kind: str
    percent: Decimal
    base: str

    @property
    def what(self) -> str:
        return f"{plain(self.percent)} % of {self.base}"


def shares(case: Case, source: Source) -> Iterator[Finding]:
    """What the share of each reported period comes to, and that the rest is not known yet."""
    found = _share_of(case)
    if found is None:
        return
    reports = _counting(case, found)
    yield make("O_SHARE", source, share_words=found.what)
    for report in reports:
        owed = share(
            "pay",
            count("share", found.percent, ""),
            amount("base", report.amount),
        )
        what = f"{found.what}, {_period(report)}"
        mark = f"{found.grant_id}/{report.id}"
        yield Line(found.kind, what, owed, case.role, source, once=mark)
    yield from _open(case, source, found, reports)


def _share_of(case: Case) -> _Share | None:
    grant = consent_of(case).paying
    if grant is None or grant.pay is None or case.use_class in _NOTHING_MADE:
        return None
    pay = grant.pay
    if pay.kind not in SHARED or pay.share is None or pay.base is None:
        return None
    return _Share(grant.id, pay.kind, pay.share, pay.base)


def _counting(case: Case, found: _Share) -> tuple[BaseReport, ...]:
    """Reports of the base by who pays, as they stood; one's own before one for everybody."""
    payers = {case.producer.id, *case.sellers}
    latest: dict[str, BaseReport] = {}
    for report in sorted(case.facts.base_reports, key=lambda r: r.stated_at):
        if (
            report.base.casefold() == found.base.casefold()
            and report.stated_by in payers
            and report.work_id in {case.work.id, *case.above}
            and report.performer_id in {None, case.check.performer}
            and report.stated_at <= case.as_of
        ):
            latest[report.id] = report
    by_day = sorted(latest.values(), key=lambda r: (r.starts_on, r.id))
    own = [r for r in by_day if r.performer_id is not None]
    return tuple(r for r in by_day if r in own or not _overlaps(r, own))


def _overlaps(report: BaseReport, others: Iterable[BaseReport]) -> bool:
    return any(o.starts_on < report.until and report.starts_on < o.until for o in others)


def _period(report: BaseReport) -> str:
    return f"{plain(report.starts_on)} until {plain(report.until)}"


def _open(
    case: Case, source: Source, found: _Share, reports: tuple[BaseReport, ...]
) -> Iterator[Finding]:
    """What nobody reported yet, and what is argued about of what somebody did."""
    why = f"Nobody has reported yet what {found.base} came to."
    if reports:
        since = plain(max(report.until for report in reports))
        why = f"Nobody has reported yet what {found.base} came to from {since} on."
    yield NotKnown(found.kind, found.what, why, source, once=found.grant_id)
    for report in reports:
        if report.is_disputed(case.as_of):
            more = f"{found.what}, {_period(report)}, beyond what was reported"
            said = "The report is disputed; the share of what it says is due meanwhile."
            yield NotKnown(found.kind, more, said, source, once=f"{found.grant_id}/{report.id}")


def reported(reports: Iterable[BaseReport], at: datetime, now: datetime) -> tuple[BaseReport, ...]:
    """What is reported by ``now``, as though it had been at ``at``.

    A share is of what is reported later, by the terms of the day on which the use was locked.
    """
    said = [report for report in reports if report.stated_at <= now]
    latest = {report.id: report for report in sorted(said, key=lambda r: r.stated_at)}
    return tuple(
        replace(
            report,
            stated_at=min(report.stated_at, at),
            disputed_by=report.disputed_by if report.is_disputed(now) else None,
            disputed_at=None,
            settled_at=None,
            disputes_before=None,
        )
        for report in latest.values()
    )
