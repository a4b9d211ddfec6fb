"""The setting of a check: who is asked about, in which work, by whom, at which instant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from app.rules.facts import (
    CaptureSession,
    Check,
    Engagement,
    Facts,
    Organization,
    Performer,
    Replica,
    Sale,
    Work,
)
from app.rules.packs import PackSet
from app.rules.sales import bought_from, sold_by
from app.rules.uses import default_gate
from app.rules.works import ancestors


# INVARIANT: everything cached here is a function of the constructor's arguments alone.
@dataclass(frozen=True, eq=False)
class Setting:
    """A check whose ids are known, with the facts and packs that it is decided from."""

    check: Check
    facts: Facts
    packs: PackSet
    as_of: datetime
    work: Work
    producer: Organization
    performer: Performer | None = None
    replica: Replica | None = None
    session: CaptureSession | None = None
    # What other modules work out once for a case, under the name of who did.
    kept: dict[str, object] = field(default_factory=dict)

    @cached_property
    def gate(self) -> str:
        """The gate that was named, else the one that the use implies. It softens nothing."""
        return self.check.gate or default_gate(self.check.use)

    @cached_property
    def above(self) -> Mapping[str, int]:
        """Works above the work at ``as_of``, with the steps to each."""
        return ancestors(self.work.id, self.facts.edges, self.as_of)

    @cached_property
    def sellers(self) -> Mapping[str, Sale]:
        """Whose works reached the producer by sale: consents given to them may pass on."""
        return bought_from(self.producer.id, self._upwards, self.facts.sales, self.as_of)

    @cached_property
    def sold(self) -> Sale | None:
        """The sale by which the producer gave away the work, or what it is part of."""
        owner = self.work.owner_id
        return sold_by(self.producer.id, owner, self._upwards, self.facts.sales, self.as_of)

    @property
    def _upwards(self) -> tuple[str, ...]:
        """The work and all above it, nearest first."""
        return (self.work.id, *sorted(self.above, key=lambda id_: (self.above[id_], id_)))

    @cached_property
    def engagement(self) -> Engagement | None:
        """The performer's engagement on this picture."""
        if self.session is not None:
            named = [e for e in self.engagements if e.id == self.session.engagement_id]
            if named:
                return named[0]
        steps = {self.work.id: 0, **self.above}
        here = [e for e in self.engagements if e.work_id in steps]
        return min(
            here, key=lambda e: (steps[e.work_id], -e.engaged_at.timestamp(), e.id), default=None
        )

    @cached_property
    def engagements(self) -> tuple[Engagement, ...]:
        """The performer's engagements, on whatever picture."""
        return tuple(
            e
            for e in self.facts.engagements
            if e.performer_id == self.check.performer and e.engaged_at <= self.as_of
        )

    @cached_property
    def role(self) -> str:
        """``background`` or ``principal``, of the replica or else of the engagement."""
        if self.replica is not None and self.check.use != "scan":
            return "background" if self.replica.kind == "background" else "principal"
        found = [self.engagement] if self.engagement else list(self.engagements)
        is_background = bool(found) and all(e.role_class == "background" for e in found)
        return "background" if is_background else "principal"

    @cached_property
    def photography_start(self) -> date | None:
        """When photography of the picture began: of the work, else of the nearest work above it."""
        if self.work.photography_start is not None:
            return self.work.photography_start
        found = [
            (self.above[w.id], w.photography_start)
            for w in self.facts.works
            if w.id in self.above and w.photography_start is not None
        ]
        return min(found)[1] if found else None

    @cached_property
    def tags(self) -> tuple[str, ...] | None:
        """What is shown: as the use says, else as was stated of the work; ``None``: not said."""
        said = self.check.description.tags
        return said if said is not None else self.work.content_tags
