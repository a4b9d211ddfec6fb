"""Taking down what is shown without a yes, once whom it shows has asked for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.rows import Rule

REMOVAL: Final = "removal"


def removal_notice(case: Case, rule: Rule) -> Iterator[Finding]:
    """Who is told to take something down does so within so many days; after that it is not shown.

    The day of the notice does not count, and the last day is the whole of it, in the zone of the
    law. What rests on a yes, and what was finished under one, is shown all the same; what whoever
    was told says of it frees nothing. Source: UT-01.
    """
    asked = _asked_at(case)
    if case.check.use != "exhibit" or asked is None or _rests_on_a_yes(case):
        return
    zone = ZoneInfo(rule.pack.zone)
    sent = asked.astimezone(zone).date()
    last = sent + timedelta(days=rule.row.count("days"))
    over = case.as_of.astimezone(zone).date() > last
    code = "D_REMOVAL_OVERDUE" if over else "O_REMOVE_BY"
    yield case.say(code, rule, law=rule.pack.title, sent=sent, last=last, by=last)


def _asked_at(case: Case) -> datetime | None:
    works = {None, case.work.id, *case.above}
    sent = [
        notice.sent_at
        for notice in case.facts.notices
        if notice.kind == REMOVAL
        and notice.sent_at <= case.as_of
        and notice.performer_id == case.check.performer
        and notice.to_id == case.producer.id
        and notice.work_id in works
    ]
    return min(sent, default=None)


def _rests_on_a_yes(case: Case) -> bool:
    if case.runs_off:
        return all(use.grant_id is not None for use in case.finished)
    return bool(consent_of(case).covering)
