"""Money and what is owed: integer minor units, half-up rounding per line, never a float."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

# ISO 4217 minor units that are not 2. Source: ISO 4217:2015 list one.
_MINOR_DIGITS = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "ISK": 0,
    "CLP": 0,
    "BHD": 3,
    "KWD": 3,
    "TND": 3,
    "JOD": 3,
    "OMR": 3,
}
# What of a minor unit is told apart; amounts are wider than the precision of a plain context.
_EXACT: Final = Decimal("0.000001")
_WIDE: Final = Context(prec=64)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units of one currency; never converted."""

    minor: int
    currency: str

    def times(self, factor: Decimal) -> "Money":
        """Multiply, rounding half up to a whole minor unit.

        A third of a unit has no end in decimals: three of them are one, and not just below it.
        """
        nearly = (self.minor * factor).quantize(_EXACT, ROUND_HALF_UP, _WIDE)
        return Money(int(nearly.quantize(Decimal(1), ROUND_HALF_UP, _WIDE)), self.currency)

    def wire(self) -> dict[str, str]:
        """The form in JSON, such as ``{"amount": "1200.00", "currency": "USD"}``."""
        digits = minor_digits(self.currency)
        return {
            "amount": f"{Decimal(self.minor).scaleb(-digits):.{digits}f}",
            "currency": self.currency,
        }


def minor_digits(currency: str) -> int:
    """How many decimals the currency has."""
    return _MINOR_DIGITS.get(currency, 2)


def money_from(raw: Mapping[str, Any]) -> Money:
    """Read the JSON form.

    Raises:
        ValueError: not a decimal string, or more decimals than the currency has.
    """
    amount, currency = raw["amount"], raw["currency"]
    if not isinstance(amount, str):
        msg = f"an amount is a string of decimals, not `{amount!r}`"
        raise ValueError(msg)  # noqa: TRY004 - one error type for whatever a document says
    minor = Decimal(amount).scaleb(minor_digits(currency))
    if not minor.is_finite() or minor != minor.to_integral_value():
        msg = f"`{amount}` has more decimals than {currency} allows"
        raise ValueError(msg)
    return Money(int(minor), currency)
