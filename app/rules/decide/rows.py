"""Rows of packs, bound to where they stand, and compiled once per set of agreements."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from app.rules.decide.formula import Figure
from app.rules.packs import KINDS, Pack, PackSet, Rated, RuleRow
from app.rules.reasons import Source, wire
from app.rules.terms import Money

# What a line can be for. Public: ledgers and statements group by it.
LINE_KINDS: Final = (
    "creation",  # making the replica, and calls for it
    "days",  # shooting days that the replica saves
    "agreed",  # what was bargained for the use
    "realtime",
    "lines",  # of speech, by the session
    "same_picture",
    "alteration",
    "royalty",
    "participation",
    "secondary",  # using the performance again in another project
    "spot",  # a commercial that is made with the replica
    "sides",  # of a recording
)


@dataclass(frozen=True, slots=True)
class Line:
    """One amount that is owed, with how it came about."""

    kind: str  # of `LINE_KINDS`
    what: str
    figure: Figure
    category: str  # principal | background: which contributions it bears
    source: Source
    days: Decimal | None = None
    daily: Money | None = None
    # The engagement's own pay for a day, before the minimum is held against it.
    pro_rata: Money | None = None
    # Owed once for everything that shares this mark, however many uses name it.
    once: str = ""

    @property
    def amount(self) -> Money:
        """What is owed, rounded half up to a minor unit."""
        return self.figure.money

    @property
    def rates(self) -> tuple[Rated, ...]:
        """The rows of packs that the amount follows from."""
        return self.figure.rates

    def wire(self) -> dict[str, object]:
        """The form in JSON; ``formula`` says how the amount came about."""
        facts = {"days": self.days, "daily": self.daily, "pro_rata": self.pro_rata}
        return {
            "kind": self.kind,
            "what": self.what,
            "amount": self.amount.wire(),
            "category": self.category,
            "source": self.source.wire(),
            "rates": [rate_wire(rate) for rate in self.rates],
            "formula": self.figure.formula(),
            **{name: wire(value) for name, value in facts.items() if value is not None},
            **({"once": self.once} if self.once else {}),
        }


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something that is owed and of which nobody can say yet how much."""

    kind: str  # of `LINE_KINDS`
    what: str
    why: str
    source: Source
    once: str = ""

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {
            "kind": self.kind,
            "what": self.what,
            "why": self.why,
            "source": self.source.wire(),
            **({"once": self.once} if self.once else {}),
        }


def rate_wire(rate: Rated) -> dict[str, object]:
    """A figure of a pack in JSON, with whose word it is."""
    row = rate.row
    value: dict[str, object] = {}
    if row.amount is not None:
        value["amount"] = row.amount.wire()
    if row.percent is not None:
        value["percent"] = str(row.percent)
    return {
        "row": row.id,
        "pack": rate.pack.family,
        "version": rate.pack.version,
        "category": row.category,
        **value,
        "computed": rate.raised_from is not None,
        "source": row.source,
        "cites": list(row.cites),
        "grade": row.grade,
        "verified": rate.verified,
    }


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
