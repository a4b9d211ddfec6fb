"""Rows of packs, bound to where they stand, and compiled once per set of agreements."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from app.rules.packs import KINDS, Pack, PackSet, Rated, RuleRow
from app.rules.reasons import Source
from app.rules.terms import Money


@dataclass(frozen=True, slots=True)
class Line:
    """One amount that is owed."""

    what: str
    amount: Money
    category: str  # principal | background: which contributions it bears
    source: Source
    days: Decimal | None = None
    daily: Money | None = None
    # The engagement's own pay for a day, before the minimum is held against it.
    pro_rata: Money | None = None
    rates: tuple[Rated, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A row of a pack, bound to where it stands among all rows that are loaded."""

    row: RuleRow
    pack: Pack
    rank: int

    def fits(self, *, use: str, gate: str, use_class: str, role: str) -> bool:
        """Whether the row is about this use, gate, class and role."""
        row = self.row
        return (
            (row.uses is None or use in row.uses)
            and (row.gates is None or gate in row.gates)
            and (row.classes is None or use_class in row.classes)
            and (row.roles is None or role in row.roles)
        )


@lru_cache(maxsize=1024)
def compiled(
    packs: PackSet, families: tuple[str, ...], use: str, gate: str
) -> tuple[tuple[Rule, ...], ...]:
    """The rows that could apply, by family and id: versions of one row together, latest first."""
    bound = [*packs.of(*families), *packs.house]
    ranked = [
        Rule(row, pack, 1000 * KINDS.index(pack.kind) + n)
        for n, (pack, row) in enumerate((p, r) for p in bound for r in p.rules)
    ]
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in ranked:
        groups.setdefault((rule.pack.family, rule.row.id), []).append(rule)
    return tuple(
        tuple(sorted(group, key=lambda r: r.row.starts_on, reverse=True))
        for group in groups.values()
        if any(_could_apply(r.row, use, gate) for r in group)
    )


def _could_apply(row: RuleRow, use: str, gate: str) -> bool:
    return (row.uses is None or use in row.uses) and (row.gates is None or gate in row.gates)
