"""Rights in one's own voice and likeness: they ask for a yes whatever a contract goes without."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.days import anniversary
from app.rules.decide.advertising import in_advertising
from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of, pause_of
from app.rules.decide.exemptions import attestation, claims
from app.rules.decide.rows import Rule
from app.rules.decide.validity import Doubt, weakness
from app.rules.facts import Grant
from app.rules.reasons import plain
from app.rules.scope import Fit

# What nobody can recognise, and what is done to every picture, is no likeness of anybody.
_NO_LIKENESS: Final = frozenset({"routine_post", "unrecognisable"})
# Who may speak for the dead under a contract alone holds no right in their likeness.
_NO_HOLDER: Final = "union"


def likeness(case: Case, rule: Rule) -> Iterator[Finding]:
    """Nobody makes or uses a replica of the living without their yes.

    A contract may do without one, and a law does not, unless the row lists the claim in ``exempt``.
    Source: CA-03, IL-02, TN-01, WA-01, MT-01, AR-01, UT-01, LA-01, CN-01, KR-01, DK-01.
    """
    if case.died_on is not None or not _speaks(case, rule):
        return
    found = _yes(case)
    yield from _paused(case, rule, found)
    if not found:
        law = _first(rule.pack.title)
        asked = f"{law} asks for their yes, whatever a contract lets be done without it."
        yield case.say("D_NO_CONSENT", rule, asked=asked, law=rule.pack.title)


def likeness_after_death(case: Case, rule: Rule) -> Iterator[Finding]:
    """For so many years after a death it takes a yes of whoever holds the right of the dead.

    The last of them is the anniversary itself, in the zone of the law. A row without ``years``
    knows no end; one with ``while_exploited`` goes on after them until somebody attests that the
    right lies idle. What they signed while they lived is a yes. Source: CA-02, NY-02, TN-01,
    WA-01, MT-01, LA-01, DK-01.
    """
    died = case.died_on
    if died is None or not _speaks(case, rule) or not _lasts(case, rule, died):
        return
    if found := _yes(case):
        yield from _paused(case, rule, found)
        return
    until = _anniversary(died, rule)
    ends = f" until {plain(until)}" if until is not None and not _exploited(rule) else ""
    words = f" {_first(rule.pack.title)} asks for that{ends}, whatever a contract goes without."
    yield case.say("D_DECEASED_NO_AUTH", rule, died=died, law=rule.pack.title, law_words=words)


def _speaks(case: Case, rule: Rule) -> bool:
    """Whether the law is about this use at all, and nothing that it lists frees it."""
    row = rule.row
    free = {*_NO_LIKENESS, *(row.names("exempt") if "exempt" in row.params else ())}
    apart = row.names("apart_from") if "apart_from" in row.params else ()
    return not (
        case.performer is None
        or case.runs_off
        or case.work.kind in apart
        or (row.flag("advertising") and not in_advertising(case))
        or any(claim.exemption.code in free and not claim.lacks for claim in claims(case))
    )


def _yes(case: Case) -> tuple[Grant, ...]:
    """The grants that are a yes as the law asks for one."""
    consent = consent_of(case)
    return tuple(f.grant for f in consent.covering if _counts(case, f, needed=consent.needed))


def _counts(case: Case, found: Fit, *, needed: bool) -> bool:
    signed = found.grant.signature
    if case.died_on is not None and signed is not None and signed.by == _NO_HOLDER:
        return False
    # Where a contract needs no yes, nothing else holds one that there is against the rules.
    return needed or (not found.asks and weakness(case, found.grant) is Doubt.NONE)


def _paused(case: Case, rule: Rule, found: tuple[Grant, ...]) -> Iterator[Finding]:
    """A yes that is paused is none for now; where a contract needs no yes, nothing else says so."""
    pauses = [pause_of(case, grant) for grant in found]
    stopped = [pause for pause in pauses if pause is not None]
    if stopped and len(stopped) == len(pauses) and not consent_of(case).needed:
        yield case.say("D_SUSPENDED", rule, since=stopped[0].starts_at, way="")


def _lasts(case: Case, rule: Rule, died: date) -> bool:
    until = _anniversary(died, rule)
    if until is None or case.as_of.astimezone(ZoneInfo(rule.pack.zone)).date() <= until:
        return True
    return _exploited(rule) and attestation(case, "not_exploited", named=True) is None


def _exploited(rule: Rule) -> bool:
    return rule.row.flag("while_exploited")


def _anniversary(died: date, rule: Rule) -> date | None:
    if "years" not in rule.row.params:
        return None
    return anniversary(died, rule.row.count("years"))


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
