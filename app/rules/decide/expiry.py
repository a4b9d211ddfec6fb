"""The term of an agreement itself: over with nothing after it, or not the producer's at all."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.rules.decide.case import Case
from app.rules.packs import AGREEMENT, Pack, RuleRow
from app.rules.reasons import Reason, Source, make


def expired(case: Case) -> Iterator[Reason]:
    """What an agreement says of its own end, where no later version is on file."""
    # Rules go by days of their own: a picture that starts after the term is beyond it today.
    days = (case.days["engaged_on"], case.photography_start, case.on)
    last = max(case.today, *(day for day in days if day is not None))
    for family in case.families:
        packs = [p for p in case.packs.of(family) if p.kind == AGREEMENT]
        # The latest version comes first; the end of an earlier one is the beginning of the next.
        for pack in packs[:1]:
            if pack.ends_on is not None:
                yield from _ended(case, pack, pack.ends_on, last)
    yield from _unsigned(case)


def _ended(case: Case, pack: Pack, ends_on: date, last: date) -> Iterator[Reason]:
    rows = [row for row in pack.rules if "term" in row.does]
    source = _source(pack, rows[0] if rows else None)
    if ends_on < last:
        # What is finished goes on being shown, whatever ends.
        stops = pack.after_expiry == "stop" and not case.runs_off
        code = "D_AGREEMENT_EXPIRED" if stops else "W_AGREEMENT_EXPIRED"
        yield make(code, source, title=pack.title, ended=ends_on)
    elif rows and ends_on - last <= timedelta(days=rows[0].count("warn_days")):
        yield make("W_AGREEMENT_ENDS_SOON", source, by=ends_on, title=pack.title, ends=ends_on)


def _source(pack: Pack, row: RuleRow | None) -> Source:
    if row is None:
        return Source(pack=pack.family, version=pack.version)
    return Source(row.id, pack.family, pack.version, row.verified, cites=row.cites)


def _unsigned(case: Case) -> Iterator[Reason]:
    """The engagement names an agreement that the producer is not on record as bound by."""
    job = case.engagement
    if job is None or job.agreement is None:
        return
    if job.agreement not in {s.agreement for s in case.signatories}:
        title = next((p.title for p in case.packs.of(job.agreement)), job.agreement)
        yield make("W_AGREEMENT", Source(pack=job.agreement), agreement=job.agreement, title=title)
