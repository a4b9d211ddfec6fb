"""What is made or changed by a machine says so: to people by a label, to machines by a mark."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.decide.case import Case, Finding
from app.rules.decide.exemptions import attestation
from app.rules.decide.rows import Rule
from app.rules.reasons import plain

# Classes of which nobody is shown anything.
_UNSEEN: Final = frozenset({"CREATION", "TRAINING", "ROUTINE_POST"})
_MARKS: Final = {
    "visible": "a label that people see or hear",
    "embedded": "a label inside the file",
    "identifier": "a permanent identifier in its metadata",
    "declaration": "the word of whoever publishes it that a machine made it",
}


def disclose(case: Case, rule: Rule) -> Iterator[Finding]:
    """Who sees it is told that a replica or an invented person is shown; consent frees nobody.

    What was finished before the law's first day needs no label afterwards. Source: EU-01.
    """
    if _made_before(case, rule):
        return
    whole = case.work.kind in rule.row.names("in_full")
    words = (
        "The label is clear and stands with the picture from the first showing on."
        if whole
        else "For what is evidently fiction it is enough to say so where it does not spoil the"
        " work, such as in the credits."
    )
    yield case.say("O_DISCLOSE_EU50", rule, form="full" if whole else "light", form_words=words)


def label(case: Case, rule: Rule) -> Iterator[Finding]:
    """What is shown carries what the law lists in ``marks``, whatever the performer agreed to.

    Nobody has to be told that somebody is invented where the row is about ``real_only``. Where it
    lists the kinds of works that are labelled ``in_full``, a light form is enough for all others.
    Source: CN-01, IN-01, KR-01, VN-01.
    """
    row = rule.row
    if case.use_class in _UNSEEN or (row.flag("real_only") and case.performer is None):
        return
    light = "in_full" in row.params and case.work.kind not in row.names("in_full")
    hours = row.count("takedown_hours") if "takedown_hours" in row.params else None
    more = " For what is evidently art it is enough that it does not spoil it." if light else ""
    if hours is not None:
        more += f" What the law wants gone is taken down within {hours} hours."
    marks = tuple(_MARKS[name] for name in row.names("marks"))
    yield case.say(
        "O_DISCLOSE_LABEL",
        rule,
        law=rule.pack.title,
        marks=row.names("marks"),
        marks_words=plain(marks),
        form="light" if light else "full",
        takedown_hours=hours,
        more_words=more,
    )


def machine_mark(case: Case, rule: Rule) -> Iterator[Finding]:
    """What a system made is marked so that machines can tell; that it is, somebody attests.

    A system that was on the market before has until the day before ``grace_until``, and that too
    somebody attests. Source: EU-02.
    """
    if case.use_class in _UNSEEN or _made_before(case, rule):
        return
    if attestation(case, "machine_marked") is not None:
        return
    grace = rule.row.day("grace_until")
    today = case.as_of.astimezone(ZoneInfo(rule.pack.zone)).date()
    if today < grace and attestation(case, "system_marketed_before") is not None:
        return
    yield case.say("W_NO_MARK", rule, law=rule.pack.title)


def _made_before(case: Case, rule: Rule) -> bool:
    """Whether this shows what was finished, all of it before the row's first day."""
    if not case.runs_off:
        return False
    zone, last = ZoneInfo(rule.pack.zone), case.finished[0].locked_at
    return last is not None and last.astimezone(zone).date() < rule.row.starts_on
