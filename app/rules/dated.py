"""What changes in the world, as it stood at an instant.

Where a performer lives, which agreement a work is made under and what it shows are stated anew as
they change; each statement counts from its own instant. What has only one truth, such as a birth or
the first day of photography, is corrected for all time, and the record keeps what it said before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from app.rules.facts import Edge, Facts, LivedBefore, Performer, StatedBefore, Work
from app.rules.works import ancestors

_Span = TypeVar("_Span", LivedBefore, StatedBefore)


def as_it_stood(facts: Facts, as_of: datetime) -> Facts:
    """The facts with every performer and work as they stood at ``as_of``."""
    moved = any(p.lived_before for p in facts.performers)
    if not moved and not any(w.stated_before for w in facts.works):
        return facts
    return replace(
        facts,
        performers=tuple(performer_at(p, as_of) for p in facts.performers),
        works=tuple(work_at(w, as_of) for w in facts.works),
    )


def work_at(work: Work, at: datetime) -> Work:
    """A work with what was stated of it at an instant; the last instant of a span is outside."""
    before = _before(work.stated_before, at)
    if before is None:
        return work
    return replace(work, agreement=before.agreement, content_tags=before.content_tags)


def performer_at(performer: Performer, at: datetime) -> Performer:
    """A performer with where they lived at an instant."""
    before = _before(performer.lived_before, at)
    return performer if before is None else replace(performer, residence=before.residence)


def stated_agreements(
    work: str, works: Sequence[Work], edges: Sequence[Edge], at: datetime
) -> frozenset[str]:
    """The agreement that was stated of a work at an instant, else those of the works above it."""
    around = {work, *ancestors(work, edges, at)}
    stated = {w.id: work_at(w, at).agreement for w in works if w.id in around}
    if stated.get(work) is not None:
        stated = {work: stated[work]}
    return frozenset(agreement for agreement in stated.values() if agreement is not None)


def _before(spans: Iterable[_Span] | None, at: datetime) -> _Span | None:
    return min((s for s in spans or () if at < s.until), key=lambda s: s.until, default=None)
