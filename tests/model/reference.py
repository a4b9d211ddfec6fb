"""A second opinion: whether a use may go ahead in a simple world, from the acts that were done.

The world: performers in one union, a studio that no agreement binds, works under a franchise. It
shares no code with the rules and says only yes or no.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass
class Span:
    """``[since, until)``."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether ``at`` falls in it."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass
class Edge:
    """``child`` hangs under ``parent`` for a span; ``same``: it is the same picture."""

    child: str
    parent: str
    span: Span
    same: bool = False
    announced: datetime | None = None


@dataclass
class Consent:
    """A yes that was signed."""

    performer: str
    works: tuple[str, ...]
    whole: bool  # with what hangs below the works
    membership: str
    uses: tuple[str, ...]
    shown: tuple[str, ...]
    excluded: tuple[tuple[str, str], ...]
    signed: datetime
    ends_on: date | None = None
    revoked: datetime | None = None
    # What was agreed before, and counts until this was signed.
    before: "Consent | None" = None

    def then(self, at: datetime) -> "Consent":
        """What was agreed at an instant."""
        if self.before is None or self.signed <= at:
            return self
        return self.before.then(at)


@dataclass
class Stop:
    """A veto, a pause or an order. What is named must match; ``consent``: the one it pauses."""

    span: Span
    performer: str | None = None
    work: str | None = None
    uses: tuple[str, ...] = ()
    consent: str | None = None
    lapses_after: date | None = None
    # Works that are let through, each since when.
    spared: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass
class Simple:
    """All that was done, by id."""

    edges: dict[str, Edge] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)

    def allows(self, performer: str, work: str, use: str, at: datetime) -> bool:
        """Whether the use may go ahead at an instant."""
        asked = (performer, work, use)
        theirs = {k: c.then(at) for k, c in self.consents.items() if c.performer == performer}
        if any(self._ruled_out(c, work, use, at) for c in theirs.values()):
            return False
        stops = [s for s in self.stops.values() if self._reaches(s, asked, at)]
        if any(s.consent is None for s in stops):
            return False
        paused = {s.consent for s in stops}
        return any(self._covers(theirs[k], work, use, at) for k in theirs.keys() - paused)

    def _ruled_out(self, consent: Consent, work: str, use: str, at: datetime) -> bool:
        hits = {("use", use)} | {("work", w) for w in self.above(work, at)}
        return consent.signed <= at and bool(hits & set(consent.excluded))

    def _covers(self, consent: Consent, work: str, use: str, at: datetime) -> bool:
        in_time = consent.signed <= at and (consent.revoked is None or at < consent.revoked)
        in_time = in_time and (consent.ends_on is None or at.date() <= consent.ends_on)
        named = any(
            self._by(consent, way) for node in consent.works for way in self.ways(work, node, at)
        )
        return in_time and use in consent.uses and named

    def _by(self, consent: Consent, way: tuple[str, ...]) -> bool:
        """Whether the consent covers the work at the lower end of a way up to what it names."""
        edges = [self.edges[id_] for id_ in way[1:]]
        if all(edge.same for edge in edges):
            return True
        if not consent.whole:
            return False
        if consent.membership == "dynamic":
            return True
        if consent.membership == "announced_list" and all(
            e.same or (e.announced is not None and e.announced <= consent.signed) for e in edges
        ):
            return True
        seen = [way[0]]
        for edge in edges:
            if not edge.same:
                break
            seen.append(edge.parent)
        return bool({*seen} & {*consent.shown})

    def _reaches(self, stop: Stop, asked: tuple[str, str, str], at: datetime) -> bool:
        performer, work, use = asked
        lapsed = stop.lapses_after is not None and at.date() > stop.lapses_after
        if lapsed or not stop.span.holds(at) or (stop.uses and use not in stop.uses):
            return False
        if stop.performer not in {None, performer}:
            return False
        above = self.above(work, at)
        if any(spared in above and since <= at for spared, since in stop.spared):
            return False
        return stop.work is None or stop.work in above or self._was_under(stop, work, at)

    def _was_under(self, stop: Stop, work: str, at: datetime) -> bool:
        """Whether the work has come under the stop's since it began; once is for good."""
        when = {str(stop.work): stop.span.since}
        for _ in self.edges:
            when = self._spread(when, at)
        return work in when

    def _spread(self, when: dict[str, datetime], at: datetime) -> dict[str, datetime]:
        more = dict(when)
        for edge in self.edges.values():
            if edge.parent in when:
                came = max(when[edge.parent], edge.span.since)
                if came <= at and edge.span.holds(came):
                    more[edge.child] = min(came, more.get(edge.child, came))
        return more

    def above(self, work: str, at: datetime) -> set[str]:
        """The work and all it hangs under at an instant."""
        found = {work}
        for _ in self.edges:
            found |= {
                e.parent for e in self.edges.values() if e.child in found and e.span.holds(at)
            }
        return found

    def ways(self, work: str, node: str, at: datetime) -> Iterator[tuple[str, ...]]:
        """Every way up at an instant: the work, then ids of edges."""
        if work == node:
            yield (work,)
        for id_, edge in self.edges.items():
            if edge.child == work and edge.span.holds(at):
                for rest in self.ways(edge.parent, node, at):
                    yield (work, id_, *rest[1:])
