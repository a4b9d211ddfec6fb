"""The life of a replica, as one table of transitions."""

from collections.abc import Mapping
from typing import Final

PLANNED: Final = "planned"
CAPTURED: Final = "captured"
ACTIVE: Final = "active"
QUARANTINED: Final = "quarantined"
DESTRUCTION_DUE: Final = "destruction_due"
DESTROYED: Final = "destroyed"

# Source: domain rules, part (c), life cycles. A replica that is gone never comes back; its hashes
# stay, so that a copy that turns up later is still known for what it is.
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    PLANNED: frozenset({CAPTURED}),
    CAPTURED: frozenset({ACTIVE, QUARANTINED, DESTRUCTION_DUE}),
    ACTIVE: frozenset({QUARANTINED, DESTRUCTION_DUE}),
    QUARANTINED: frozenset({ACTIVE, DESTRUCTION_DUE}),
    DESTRUCTION_DUE: frozenset({DESTROYED}),
    DESTROYED: frozenset(),
}


def may_become(state: str, wanted: str) -> bool:
    """Whether a replica in ``state`` can go to ``wanted`` in one step."""
    return wanted in TRANSITIONS.get(state, frozenset())


def next_states(state: str) -> tuple[str, ...]:
    """Where a replica in ``state`` can go, by name."""
    return tuple(sorted(TRANSITIONS.get(state, frozenset())))


def in_words(state: str) -> str:
    """A state as a person says it."""
    return "due for destruction" if state == DESTRUCTION_DUE else state
