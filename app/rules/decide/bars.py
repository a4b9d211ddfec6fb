"""Absolute bars: what no consent, claim or deal can cure."""

from collections.abc import Iterator
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.rows import Rule

_GONE: Final = {
    "quarantined": "in quarantine",
    "destruction_due": "due to be destroyed",
    "destroyed": "destroyed",
}
_PURPOSES: Final = ("picture", "set_security")


def minor_sexual(case: Case, rule: Rule) -> Iterator[Finding]:
    """No replica of a minor, aged up or down, nude or in simulated sexual activity."""
    barred = rule.row.names("tags")
    if case.tags is not None and not set(case.tags) & set(barred):
        return
    if case.minor is None:
        what = "whether the performer is of age, and was when the replica was made"
        known = case.performer is not None and case.performer.adult_from is not None
        field = "captured_on" if known else "adult_from"
        yield case.say("A_FACT_NEEDED", rule, field=field, what=what)
    elif case.minor and case.tags is None:
        words = tuple(t.replace("_", " ") for t in barred)
        yield case.say("A_CONTENT_NOT_STATED", rule, tags=words)
    elif case.minor:
        yield case.say("D_MINOR_SEXUAL", rule)


def biometric_purpose(case: Case, rule: Rule) -> Iterator[Finding]:
    """Fingerprints, palm prints and irises: for the picture or the security of the set only."""
    kinds = rule.row.names("kinds")
    taken = [k for k in (case.session.biometric_kinds if case.session else ()) if k in kinds]
    if case.session is None or not taken:
        return
    if case.session.biometric_purpose is None:
        what = "what the biometric data of the session are taken for"
        yield case.say("A_FACT_NEEDED", rule, field="biometric_purpose", what=what)
    elif case.session.biometric_purpose not in _PURPOSES:
        words = tuple(sorted(k.replace("_", " ") + "s" for k in taken))
        yield case.say("D_BIOMETRIC_PURPOSE", rule, kinds=words)


def background_count(case: Case, rule: Rule) -> Iterator[Finding]:
    """Replicas do not make up the number of background performers that the contract asks for."""
    days = [d for d in case.facts.work_days if d.work_id == case.work.id and d.day == case.on]
    if not days:
        what = "how many background performers the day needs and how many come"
        yield case.say("A_FACT_NEEDED", rule, field="work_day", what=what)
        return
    day = days[0]
    if day.human_background < day.required_background:
        yield case.say(
            "D_BG_COUNT",
            rule,
            day=day.day,
            required=day.required_background,
            human=day.human_background,
        )


def replica_state(case: Case, rule: Rule) -> Iterator[Finding]:
    """A replica that is destroyed, about to be, or in quarantine is not used."""
    state = case.replica.state if case.replica else ""
    if state in _GONE and not case.runs_off:
        yield case.say("D_REPLICA_STATE", rule, state=_GONE[state])
