"""Packs: dated rules and rates of one agreement, of a law, or of the house, as values.

A pack is one version of a family. Versions of a family continue each other: of the rows with one
id, the one that started last on or before the row's own basis date is the one that counts. So a
later version states only what it changed or added.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from app.rules.facts import Verification
from app.rules.terms import Money

AGREEMENT: Final = "agreement"
LAW: Final = "law"
# What a studio or a union took upon itself besides every agreement: it binds whoever is on record
# as having adopted it, and can only ask for more.
POLICY: Final = "policy"
HOUSE: Final = "house"
KINDS: Final = (AGREEMENT, LAW, POLICY, HOUSE)

# A pending pack binds nobody and only says what it would do; of a retired one no row outlasts its
# last day.
IN_FORCE: Final = "in_force"
RETIRED: Final = "retired"

# The date that decides whether a row is in force. ``None`` in a row: the engagement on the picture,
# else the start of photography; which one the text means was not read, so it cannot be verified.
BASES: Final = (
    "engaged_on",
    "photography_start",
    "work_date",
    "signed_on",
    "captured_on",
    "first_exposed_on",
    "fixed_on",
    "always",
)

# What can tie a use to the place of a law: where the performer lives, where the replica was made,
# where the use is shown.
TIES: Final = ("residence", "capture", "territory")

# P primary text read, N somebody who read it and cites it, S secondary, C computed, M memory,
# D the registry's own. Only P and D can be verified by themselves.
GRADES: Final = ("P", "N", "S", "C", "M", "D")
STRICTNESS: Final = ("hard", "soft", "configuration", "pending")
PENDING: Final = "pending"
STATUSES: Final = (IN_FORCE, PENDING, RETIRED)
ROUNDINGS: Final = ("nearest", "up")
AFTER_EXPIRY: Final = ("continue", "stop")


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule that a pack switches on. ``does`` names the functions of `app.rules.decide`."""

    id: str
    does: tuple[str, ...]
    says: str = ""
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    basis: str | None = None
    starts_on: date = date.min
    ends_on: date | None = None  # the last day, inclusive
    source: str = ""
    cite_summary: str = ""
    cite_cba: str = ""
    # The act that made a law, and where it stands among the laws now.
    cite_act: str = ""
    cite_code: str = ""
    grade: str = "D"
    verified: bool = False
    strictness: str = "hard"
    # What the row applies to; ``None`` limits nothing.
    uses: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    gates: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None  # principal | background

    @property
    def cites(self) -> tuple[str, ...]:
        """Every place where the text stands, such as ``39.J`` and ``GP §64``."""
        found = (self.cite_summary, self.cite_cba, self.cite_act, self.cite_code)
        return tuple(cite for cite in found if cite)

    # What a parameter is; `ValueError` if it is missing and needed, or something else.

    def names(self, param: str) -> tuple[str, ...]:
        """A parameter that is a list of names."""
        value = self.params.get(param)
        if not isinstance(value, tuple) or not all(isinstance(v, str) for v in value):
            raise self._wrong(param, "a list of names")
        return value

    def word(self, param: str, default: str | None = None) -> str:
        """A parameter that is a name."""
        value = self.params.get(param, default)
        if not isinstance(value, str):
            raise self._wrong(param, "a name")
        return value

    def count(self, param: str) -> int:
        """A parameter that is a number of hours, days or the like."""
        value = self.params.get(param)
        if type(value) is not int or value < 0:
            raise self._wrong(param, "a whole number")
        return value

    def decimal(self, param: str) -> Decimal:
        """A parameter that is a multiple or a share, written as text so that it is exact."""
        try:
            return Decimal(self.word(param))
        except ArithmeticError:
            raise self._wrong(param, 'a figure as text, such as "1.5"') from None

    def day(self, param: str) -> date:
        """A parameter that is a day."""
        value = self.params.get(param)
        if type(value) is not date:
            raise self._wrong(param, "a day")
        return value

    def flag(self, param: str) -> bool:
        """A parameter that is true or, where it is missing, false."""
        value = self.params.get(param, False)
        if not isinstance(value, bool):
            raise self._wrong(param, "true or false")
        return value

    def _wrong(self, param: str, wanted: str) -> ValueError:
        return ValueError(f"`params.{param}` of `{self.id}` must be {wanted}")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One figure: an amount of money or a percentage, from a day on."""

    id: str
    category: str
    amount: Money | None = None
    percent: Decimal | None = None
    # Instead of an amount: so many per cent more than the figure before it, of the same category,
    # rounded to a whole number of these.
    raised_by: Decimal | None = None
    rounded_to: Money | None = None
    rounded: str = "nearest"  # of `ROUNDINGS`
    # Of a ceiling: for a work that runs no longer than this.
    up_to_minutes: int | None = None
    basis: str = "work_date"
    starts_on: date = date.min
    ends_on: date | None = None  # the last day, inclusive; then no figure is known
    source: str = ""
    cite_summary: str = ""
    cite_cba: str = ""
    # The rule by which the figure goes, where that is one of its own.
    rule: str = ""
    grade: str = "S"
    verified: bool = False

    @property
    def cites(self) -> tuple[str, ...]:
        """Every place where the figure stands."""
        return tuple(cite for cite in (self.cite_summary, self.cite_cba) if cite)


# Compared and hashed by identity: a pack is loaded once, and its content hash says what it is.
@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """One version of a family of rules."""

    family: str
    version: str
    kind: str = AGREEMENT
    status: str = IN_FORCE
    title: str = ""
    zone: str = "UTC"
    union: str | None = None
    currency: str = "USD"
    work_kinds: tuple[str, ...] = ()
    # The groups of people that a strike can name; a closed list.
    units: tuple[str, ...] = ()
    # Of an agreement: whether its terms say what may be done with replicas.
    addresses_replicas: bool = False
    # Of a law: the places, ISO 3166-1 or -2, that have to do with a use so that the law binds it.
    nexus: tuple[str, ...] = ()
    # Of a law: which of the ties to those places bind.
    nexus_by: tuple[str, ...] = ()
    starts_on: date = date.min
    ends_on: date | None = None
    # Ids of the rules by which its days and those of its rows go; they switch nothing on.
    dates_by: tuple[str, ...] = ()
    after_expiry: str = "continue"
    rules: tuple[RuleRow, ...] = ()
    rates: tuple[RateRow, ...] = ()
    hash: str = ""

    @property
    def name(self) -> str:
        """Family and version, such as ``sag-aftra/tv-theatrical@2026``."""
        return f"{self.family}@{self.version}"


@dataclass(frozen=True, slots=True)
class Rated:
    """A figure that was chosen, with the pack that it stands in and whether it was checked."""

    row: RateRow
    pack: Pack
    verified: bool
    # Of a figure that is computed: the one that it is a raise of.
    raised_from: "Rated | None" = None

    @property
    def name(self) -> str:
        """Pack and row, such as ``sag-aftra/tv-theatrical@2026#day_performer/2026-07-01``."""
        return f"{self.pack.name}#{self.row.id}"

    @property
    def money(self) -> Money:
        """The amount of a row that is one of money."""
        if self.row.amount is None:
            msg = f"rate `{self.row.id}` is not an amount"
            raise ValueError(msg)
        return self.row.amount

    @property
    def height(self) -> Decimal:
        """What two figures of a category are compared by."""
        return self.percent if self.row.amount is None else Decimal(self.money.minor)

    @property
    def percent(self) -> Decimal:
        """The percentage of a row that is one."""
        if self.row.percent is None:
            msg = f"rate `{self.row.id}` is not a percentage"
            raise ValueError(msg)
        return self.row.percent


@dataclass(frozen=True, slots=True, eq=False)
class PackSet:
    """All packs that are loaded. Hashed by identity, so that compiled rules can be kept."""

    packs: tuple[Pack, ...] = ()

    @property
    def families(self) -> frozenset[str]:
        """Names of the families."""
        return frozenset(p.family for p in self.packs)

    @property
    def house(self) -> tuple[Pack, ...]:
        """The packs that always apply."""
        return self.of(*_families(self, HOUSE))

    def of(self, *families: str) -> tuple[Pack, ...]:
        """The packs of these families: agreements before laws before the house, latest first."""
        return _of(self, families)

    def laws(self, places: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
        """Families of the laws that bind what has these ties to places; by name."""
        return _laws(self, tuple((tie, frozenset(of)) for tie, of in sorted(places.items())))

    @property
    def policies(self) -> frozenset[str]:
        """Families that are somebody's own policy, and so never an agreement with anybody."""
        return frozenset(_families(self, POLICY))

    def units(self, *families: str) -> tuple[str, ...]:
        """The units that some version of these families knows, each once."""
        return tuple(dict.fromkeys(unit for pack in self.of(*families) for unit in pack.units))

    def fitting(self, family: str, work_kind: str) -> bool:
        """Whether a family is loaded and made for this kind of work."""
        kinds = [p.work_kinds for p in self.packs if p.family == family]
        return any(not k or work_kind in k for k in kinds)


# The packs stay as they are while a server runs, and every decision asks for the same few of them.


@lru_cache(maxsize=4096)
def _of(packs: PackSet, families: tuple[str, ...]) -> tuple[Pack, ...]:
    found = [p for p in packs.packs if p.family in families]
    found.sort(key=lambda p: p.starts_on, reverse=True)
    return tuple(sorted(found, key=lambda p: (KINDS.index(p.kind), p.family)))


@lru_cache(maxsize=64)
def _families(packs: PackSet, kind: str) -> tuple[str, ...]:
    return tuple(sorted({p.family for p in packs.packs if p.kind == kind}))


@lru_cache(maxsize=4096)
def _laws(packs: PackSet, places: tuple[tuple[str, frozenset[str]], ...]) -> tuple[str, ...]:
    tied = dict(places)
    reached = (
        pack
        for pack in packs.packs
        if pack.kind in {LAW, POLICY}
        and any(_ties(tie, pack.nexus, tied.get(tie, ())) for tie in pack.nexus_by)
    )
    return tuple(sorted({pack.family for pack in reached}))


@lru_cache(maxsize=4096)
def _figures(packs: tuple[Pack, ...], category: str) -> tuple[tuple[RateRow, Pack], ...]:
    """The figures of a category, the one that started last at the end."""
    found = [
        (row, pack)
        for pack in packs
        if pack.status != PENDING
        for row in pack.rates
        if row.category == category
    ]
    return tuple(sorted(found, key=lambda pair: (pair[0].starts_on, pair[1].starts_on)))


def reaches(nexus: Iterable[str], places: Iterable[str]) -> bool:
    """A law of a country reaches its states; that of a state does not reach the country."""
    return any(
        place in {law, _EVERYWHERE} or place.startswith(f"{law}-")
        for place in places
        for law in nexus
    )


def _ties(tie: str, nexus: Iterable[str], places: Iterable[str]) -> bool:
    """Whether a law is reached by one tie: what is shown in a country is shown in its states."""
    if tie != _SHOWN:
        return reaches(nexus, places)
    return reaches(nexus, places) or reaches(places, nexus)


_EVERYWHERE: Final = "worldwide"
_SHOWN: Final = "territory"


def verified_by(pack: Pack, row_id: str, verifications: tuple[Verification, ...]) -> bool:
    """Whether a named person checked this row of this pack against the primary text."""
    return any(v.row == row_id and v.pack in {pack.family, pack.name} for v in verifications)


def rate_on(
    packs: tuple[Pack, ...],
    category: str,
    days: Mapping[str, date | None],
    verifications: tuple[Verification, ...] = (),
    minutes: int | None = None,
) -> Rated | None:
    """The figure of a category on the day that each row's own basis has; ``None``: none known.

    ``days`` gives the day of each basis, ``minutes`` how long the work runs where that is known.
    The row that started last wins, and where that has ended, none is known. A pack that is pending
    has no figures. A raise is of the figure before it, and is computed.
    """
    found = [
        pair
        for pair in _figures(packs, category)
        if _started(pair[0], days.get(pair[0].basis)) and _runs(pair[0], minutes)
    ]
    if not found:
        return None
    # Of two lengths that both fit, the shorter one is meant.
    shortest = _shortest(found)
    found = [pair for pair in found if pair[0].up_to_minutes == shortest]
    row = found[-1][0]
    day = days[row.basis]
    if row.ends_on is not None and day is not None and day > row.ends_on:
        return None
    return _rated(found, verifications)


def _rated(found: list[tuple[RateRow, Pack]], checks: tuple[Verification, ...]) -> Rated | None:
    """The last of some rows; of a raise, with the figure that it follows from."""
    row, pack = found[-1]
    checked = row.verified or verified_by(pack, row.id, checks)
    if row.raised_by is None:
        return Rated(row, pack, checked)
    earlier = [pair for pair in found if pair[0].starts_on < row.starts_on]
    before = _rated(earlier, checks) if earlier else None
    if before is None:
        return None
    raised = replace(row, amount=_raised(before.money, row, row.raised_by))
    return Rated(raised, pack, checked, before)


def _raised(before: Money, row: RateRow, percent: Decimal) -> Money:
    step = row.rounded_to.minor if row.rounded_to is not None else 1
    steps = before.minor * (100 + percent) / 100 / step
    mode = ROUND_CEILING if row.rounded == "up" else ROUND_HALF_UP
    return Money(int(steps.quantize(Decimal(1), mode)) * step, before.currency)


def _runs(row: RateRow, minutes: int | None) -> bool:
    return row.up_to_minutes is None or (minutes is not None and minutes <= row.up_to_minutes)


def _shortest(found: list[tuple[RateRow, Pack]]) -> int | None:
    lengths = [row.up_to_minutes for row, _ in found if row.up_to_minutes is not None]
    return min(lengths, default=None)


def _started(row: RateRow, day: date | None) -> bool:
    return day is not None and row.starts_on <= day


@dataclass(frozen=True, slots=True)
class PackDifference:
    """What two packs say differently. ``row`` is empty where it is of the pack as a whole.

    ``member`` is empty where only one of the two has the row: the other side is ``None`` then.
    """

    row: str
    member: str
    before: object
    after: object


def pack_differences(before: Pack, after: Pack) -> tuple[PackDifference, ...]:
    """Everything that is not the same in two packs, in the order in which the later one says it."""
    found = list(_changed("", before, after, _OF_ROWS))
    old, new = _rows(before), _rows(after)
    for id_ in (*new, *(id_ for id_ in old if id_ not in new)):
        was, is_ = old.get(id_), new.get(id_)
        if was is not None and type(was) is type(is_):
            found += _changed(id_, was, is_, ("id",))
        else:
            found.append(PackDifference(id_, "", was, is_))
    return tuple(found)


def _rows(pack: Pack) -> dict[str, RuleRow | RateRow]:
    found: list[RuleRow | RateRow] = [*pack.rules, *pack.rates]
    return {row.id: row for row in found}


_OF_ROWS: Final = ("rules", "rates", "hash")


def _changed(
    row: str, before: object, after: object, apart_from: tuple[str, ...]
) -> Iterator[PackDifference]:
    for member in fields(before):  # type: ignore[arg-type]
        was, is_ = getattr(before, member.name), getattr(after, member.name)
        if member.name not in apart_from and was != is_:
            yield PackDifference(row, member.name, was, is_)
