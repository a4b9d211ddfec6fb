"""The works graph: who is above whom at an instant, and which works a grant reaches.

Works form a graph without cycles, for a crossover has several parents. Edges have a validity of
their own, so every question is asked at an instant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Final

from app.rules.facts import Edge, Grant, Work

# Children that are the same picture in another form: who says yes to the parent says yes to them.
ALWAYS_COVERED: Final = frozenset({"season_of", "episode_of", "edit_of"})
DEPTH_MAX: Final = 16

COVERED: Final = "covered"
ADDED_LATER: Final = "added_later"
OUTSIDE: Final = "outside"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a grant reaches a work; if it came later, since when it is there."""

    state: str  # covered | added_later | outside
    # Steps from the work up to what the grant names; the fewer, the more specific.
    distance: int = 0
    added_at: datetime | None = None
    edges: tuple[Edge, ...] = ()


def valid_at(edge: Edge, at: datetime) -> bool:
    """Whether ``at`` falls in ``[valid_from, valid_to)``."""
    return edge.valid_from <= at and (edge.valid_to is None or at < edge.valid_to)


def ancestors(work: str, edges: Iterable[Edge], at: datetime) -> dict[str, int]:
    """Every work above ``work`` at an instant, with the fewest steps to it; without ``work``."""
    live = [e for e in edges if valid_at(e, at)]
    found: dict[str, int] = {work: 0}
    last = {work}
    for steps in range(1, DEPTH_MAX + 1):
        last = {e.parent for e in live if e.child in last} - found.keys()
        found.update(dict.fromkeys(last, steps))
    del found[work]
    return found


def paths(
    work: str, node: str, edges: Sequence[Edge], at: datetime
) -> tuple[tuple[Edge, ...], ...]:
    """Every way up from ``work`` to ``node`` at an instant, shortest first; empty for itself."""
    live = sorted((e for e in edges if valid_at(e, at)), key=lambda e: (e.child, e.parent, e.id))
    done: list[tuple[Edge, ...]] = []
    open_: list[tuple[Edge, ...]] = [(e,) for e in live if e.child == work]
    for _ in range(DEPTH_MAX):
        done += [p for p in open_ if p[-1].parent == node]
        open_ = [(*p, e) for p in open_ for e in live if e.child == p[-1].parent]
    return tuple(done)


def reach(grant: Grant, work: Work, edges: Sequence[Edge], at: datetime) -> Reach:
    """Whether the scope of a grant takes in a work at an instant."""
    best = Reach(OUTSIDE)
    for node in grant.scope.works:
        found = _reach_from(node, grant, work, edges, at)
        if _rank(found) < _rank(best):
            best = found
    return best


def _reach_from(node: str, grant: Grant, work: Work, edges: Sequence[Edge], at: datetime) -> Reach:
    if node == work.id:
        return Reach(COVERED)
    ways = paths(work.id, node, edges, at)
    same_picture = [p for p in ways if all(e.relation in ALWAYS_COVERED for e in p)]
    if same_picture:
        return Reach(COVERED, len(same_picture[0]), edges=same_picture[0])
    if not ways or grant.scope.mode in {"single_work", "enumerated_works"}:
        return Reach(OUTSIDE)
    return _by_membership(ways, grant, work)


def _by_membership(ways: Sequence[tuple[Edge, ...]], grant: Grant, work: Work) -> Reach:
    for way in ways:
        if _was_shown(way, grant, work) or _counts(way, grant):
            return Reach(COVERED, len(way), edges=way)
    added_at = min(max(e.valid_from for e in way) for way in ways)
    if work.added_at is not None:
        added_at = max(added_at, work.added_at)
    return Reach(ADDED_LATER, len(ways[0]), added_at, ways[0])


def _was_shown(way: tuple[Edge, ...], grant: Grant, work: Work) -> bool:
    """Whether the signer saw the work, or one that it is an episode, season or edit of."""
    same_picture = takewhile(lambda edge: edge.relation in ALWAYS_COVERED, way)
    return work.id in grant.shown_works or any(e.parent in grant.shown_works for e in same_picture)


def _counts(way: tuple[Edge, ...], grant: Grant) -> bool:
    if grant.scope.membership == "dynamic":
        return True
    if grant.scope.membership != "announced_list" or grant.signature is None:
        return False
    signed_at = grant.signature.at
    return all(e.relation in ALWAYS_COVERED or _announced(e, signed_at) for e in way)


def _announced(edge: Edge, by: datetime) -> bool:
    # When something was announced is the studio's word, and it may come after the signature; when
    # the edge was put on record is not.
    return edge.announced_at is not None and max(edge.announced_at, edge.valid_from) <= by


def _rank(found: Reach) -> tuple[int, int]:
    return ((COVERED, ADDED_LATER, OUTSIDE).index(found.state), found.distance)
