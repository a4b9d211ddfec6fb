"""What the clients saw in one round, and what of it must not be: the properties P1 and P2.

P1: once a block is acknowledged, nothing that starts later is allowed.
P2: whatever was cleared is on record before the block, and on its list of affected uses.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tests.support.client import Answer

_DONE = range(200, 300)
_REFUSED = 409
_BUSY = 503
_PASSES = frozenset({"cleared", "locked"})
_ALLOWS = frozenset({"allow", "allow_with_obligations"})


@dataclass(frozen=True)
class Attempt:
    """One request that would clear or lock a use, and how it was answered."""

    way: str
    answer: Answer

    @property
    def passed(self) -> bool:
        """Whether the use may be made now."""
        return self.answer.status in _DONE and self.answer.body["state"] in _PASSES


@dataclass(frozen=True)
class Violation:
    """Something that must never be."""

    rule: str
    way: str
    what: str


@dataclass(frozen=True)
class History:
    """One round: the block, everything that raced with it, and questions asked meanwhile."""

    block: Answer
    attempts: Sequence[Attempt]
    checks: Sequence[Answer]
    # The block's list once everything is quiet. ``None``: this block keeps none.
    listed: Collection[str]
    # Uses that were locked before a prospective block run on and are on no list.
    spares_locked: bool

    def violations(self) -> list[Violation]:
        """Everything in this round that must not be."""
        return [*self._errors(), *self._late(), *self._escaped()]

    def _errors(self) -> Iterator[Violation]:
        for attempt in self.attempts:
            if attempt.answer.status not in {*_DONE, _REFUSED, _BUSY}:
                yield Violation("answer", attempt.way, attempt.answer.raw[:500].decode())

    def _late(self) -> Iterator[Violation]:
        end = self.block.ended
        for attempt in self.attempts:
            if attempt.passed and attempt.answer.started > end:
                yield Violation("P1", attempt.way, "began after the block was known")
        for check in self.checks:
            outcome = check.expect(200)["decision"]["outcome"]
            if outcome in _ALLOWS and check.started > end:
                yield Violation("P1", "check", "allowed after the block was known")

    def _escaped(self) -> Iterator[Violation]:
        index = self.block.body["log_index"]
        for attempt in self.attempts:
            if not attempt.passed:
                continue
            body = attempt.answer.body
            if body["log_index"] > index:
                yield Violation("P2", attempt.way, f"cleared at {body['log_index']}, after {index}")
            elif body["id"] not in self.listed and not self._is_spared(body["state"]):
                yield Violation("P2", attempt.way, f"{body['id']} is on no list")

    def _is_spared(self, state: str) -> bool:
        return self.spares_locked and state == "locked"
