"""What an advertisement is, and what people are told who see an invented person in one."""

from collections.abc import Iterator
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.exemptions import attestation
from app.rules.decide.rows import Rule
from app.rules.facts import Work

_COMMERCIAL: Final = "commercial"


def in_advertising(case: Case) -> bool:
    """Whether the use is in an advertisement: it promotes a work, or the work does, or is one."""
    return case.check.use == "promo" or _is_commercial(case) or bool(_promoted(case))


def invented_in_ad(case: Case, rule: Rule) -> Iterator[Finding]:
    """Who sees an advertisement is told that somebody in it is invented, and nobody's replica.

    Free are advertisements that are only heard, and those for a work that is no advertisement
    itself, if somebody attests that they show it as it is. A translation invents nobody: it is a
    use of somebody's voice. Source: NY-03.
    """
    if case.performer is not None:
        return
    media, heard = case.check.media, rule.row.names("heard")
    only_heard = media is not None and {*heard}.issuperset(media)
    if (_is_commercial(case) or _promoted(case)) and not only_heard and not _as_the_work(case):
        yield case.say("O_DISCLOSE_NY", rule)


def _is_commercial(case: Case) -> bool:
    above = {work.kind for work in case.facts.works if work.id in case.above}
    return _COMMERCIAL in {case.work.kind, *above}


def _promoted(case: Case) -> tuple[Work, ...]:
    """The works that this one, or what it is part of, is there to promote."""
    here = {case.work.id, *case.above}
    promoted = {
        edge.parent
        for edge in case.facts.edges
        if edge.relation == "promo_of" and edge.child in here and edge.parent in case.above
    }
    return tuple(work for work in case.facts.works if work.id in promoted)


def _as_the_work(case: Case) -> bool:
    works = _promoted(case)
    expressive = bool(works) and all(work.kind != _COMMERCIAL for work in works)
    return expressive and attestation(case, "consistent_use", named=True) is not None
