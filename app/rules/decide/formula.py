"""How an amount came about: figures, each with the steps that lead to it.

Whoever works an amount out gets the figure and its formula in one, so that what is shown is what
was reckoned. Amounts stay exact until a line rounds them once, half up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from app.rules.packs import Rated
from app.rules.reasons import plain, wire
from app.rules.terms import Money


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or an amount in a reckoning; of an amount ``value`` is exact minor units."""

    name: str  # what it is, such as ``minimum``
    value: Decimal
    currency: str = ""
    unit: str = ""  # `days`, or of an amount `a day`
    # The row of a pack that it was read from.
    rate: Rated | None = None
    steps: tuple["Step", ...] = ()
    # What to say of a figure that nothing leads to.
    note: str = ""

    @property
    def money(self) -> Money:
        """The amount, rounded half up to a minor unit."""
        return Money(1, self.currency).times(self.value)

    @property
    def words(self) -> str:
        """The figure as a sentence has it."""
        said = plain(self.money) if self.currency else plain(self.value)
        unit = self.unit.removesuffix("s") if self.value == 1 and not self.currency else self.unit
        return f"{said} {unit}".rstrip()

    @property
    def rates(self) -> tuple[Rated, ...]:
        """Every row of a pack that the figure follows from, each once."""
        found = [one.rate for step in self.steps for one in step.of] + [self.rate]
        return tuple(dict.fromkeys(rate for rate in found if rate is not None))

    @property
    def sentence(self) -> str:
        """The whole reckoning in one sentence."""
        told = "; ".join(step.words for step in self.steps)
        return f"{told or self.note or self.words}."

    def called(self, name: str, unit: str = "") -> "Figure":
        """The same figure under the name that it has in what follows."""
        return replace(self, name=name, unit=unit)

    def wire(self) -> dict[str, object]:
        """The form in JSON, without the steps."""
        value: object = self.money if self.currency else self.value
        found = {"name": self.name, "value": wire(value), "unit": self.unit}
        if self.rate is not None:
            found["rate"] = self.rate.name
        return found

    def formula(self) -> dict[str, object]:
        """The reckoning in JSON: a sentence, and the steps that it tells."""
        return {"text": self.sentence, "steps": [step.wire() for step in self.steps]}


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on figures. What it gives stands without steps of its own."""

    op: str  # of `_SAYS`
    of: tuple[Figure, ...]
    gives: Figure

    @property
    def words(self) -> str:
        """The step as a sentence has it; what had to be cut to a minor unit is said to be about."""
        exact = self.gives.value == self.gives.value.to_integral_value() or not self.gives.currency
        equals = "=" if exact else "≈"
        said = (_CALLED.get((self.op, f.name), "") + f.words for f in self.of)
        return f"{_SAYS[self.op].format(*said)} {equals} {self.gives.words}"

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {
            "op": self.op,
            "of": [figure.wire() for figure in self.of],
            "gives": self.gives.wire(),
            "text": self.words,
        }


_SAYS: Final = {
    "times": "{0} × {1}",  # noqa: RUF001 - the sign of arithmetic
    "divided_by": "{0} ÷ {1}",
    "begun": "{0} ÷ {1}, each that is begun",
    "percent_of": "{0} % of {1}",
    "raised_nearest": "{0} raised by {1} %, to the nearest {2}",
    "raised_up": "{0} raised by {1} %, up to the next {2}",
    "minus": "{0} − {1}",  # noqa: RUF001 - the sign of arithmetic
    "higher_of": "the higher of {0} and {1}",
    "lower_of": "the lower of {0} and {1}",
}


# Figures that a comparison is not understood without the name of.
_CALLED: Final = {
    ("higher_of", "minimum"): "the minimum of ",
    ("higher_of", "agreed"): "the agreed ",
    ("minus", "ceiling"): "the ceiling of ",
    ("lower_of", "ceiling"): "the ceiling of ",
}


def amount(name: str, money: Money, unit: str = "", note: str = "") -> Figure:
    """An amount that was agreed or reported."""
    return Figure(name, Decimal(money.minor), money.currency, unit, note=note)


def count(name: str, value: Decimal, unit: str) -> Figure:
    """So many of something."""
    return Figure(name, value, unit=unit)


def rated(name: str, rate: Rated, unit: str = "") -> Figure:
    """An amount or a percentage that was read from a pack."""
    if rate.row.amount is None:
        return Figure(name, rate.percent, rate=rate)
    found = Figure(name, Decimal(rate.money.minor), rate.money.currency, unit, rate)
    if rate.raised_from is None or rate.row.raised_by is None:
        return found
    before = rated(name, rate.raised_from, unit)
    raise_ = Figure("raise", rate.row.raised_by)
    step = Step(
        f"raised_{rate.row.rounded}", (replace(before, steps=()), raise_, _rounding(rate)), found
    )
    return replace(found, steps=(*before.steps, step))


def _rounding(rate: Rated) -> Figure:
    """To whole numbers of what a raise is rounded."""
    to = rate.row.rounded_to or Money(1, rate.money.currency)
    return Figure("rounded_to", Decimal(to.minor), to.currency)


def times(name: str, many: Figure, price: Figure, unit: str = "") -> Figure:
    """So many times a price; what is rounded is the line, and not the step."""
    return _done("times", name, many.value * price.value, price.currency, (many, price), unit)


def divided(name: str, whole: Figure, parts: Figure, unit: str = "") -> Figure:
    """One of so many equal parts."""
    value = whole.value / parts.value
    return _done("divided_by", name, value, whole.currency, (whole, parts), unit)


def begun(name: str, many: Figure, per: Figure, unit: str = "") -> Figure:
    """How many parts of so much are begun."""
    value = Decimal(-(-int(many.value) // int(per.value)))
    return _done("begun", name, value, "", (many, per), unit)


def share(name: str, percent: Figure, base: Figure) -> Figure:
    """So many hundredths of a base."""
    value = base.value * percent.value / 100
    return _done("percent_of", name, value, base.currency, (percent, base))


def less(name: str, whole: Figure, taken: Figure, unit: str = "") -> Figure:
    """What is left, which is never below nothing."""
    value = max(Decimal(0), whole.value - taken.value)
    return _done("minus", name, value, whole.currency, (whole, taken), unit)


def higher(name: str, one: Figure, other: Figure, unit: str = "") -> Figure:
    """The higher of two."""
    value = max(one.value, other.value)
    return _done("higher_of", name, value, one.currency, (one, other), unit)


def lower(name: str, one: Figure, other: Figure, unit: str = "") -> Figure:
    """The lower of two."""
    value = min(one.value, other.value)
    return _done("lower_of", name, value, one.currency, (one, other), unit)


def _done(
    op: str, name: str, value: Decimal, currency: str, of: tuple[Figure, ...], unit: str = ""
) -> Figure:
    before = tuple(dict.fromkeys(_before(of)))
    plainly = tuple(replace(figure, steps=()) for figure in of)
    gives = Figure(name, value, currency, unit)
    return replace(gives, steps=(*before, Step(op, plainly, gives)))


def _before(of: tuple[Figure, ...]) -> Iterator[Step]:
    for figure in of:
        yield from figure.steps
