"""The life of an estimate of the days that a replica saves, as one table of transitions."""

from collections.abc import Mapping
from typing import Final

PROPOSED: Final = "proposed"
AGREED: Final = "agreed"
DISPUTED: Final = "disputed"
RESOLVED: Final = "resolved"

# Act and state before, to the state after. A new count is a new estimate, not another state.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("agree", PROPOSED): AGREED,
    ("agree", DISPUTED): AGREED,
    ("dispute", PROPOSED): DISPUTED,
    ("resolve", DISPUTED): RESOLVED,
}


def move(act: str, state: str) -> str | None:
    """The state after the act, or ``None`` if it cannot be done in this state."""
    return TRANSITIONS.get((act, state))
