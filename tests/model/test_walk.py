"""Random acts of every type on every engine: equal answers, and no answer that ever changes.

MODEL_SEED=n walks the way of one failure again; `make soak` takes other ways each time.
"""

import os
import secrets

import pytest

from app.rules.entries import TYPES
from app.store.reader import Reader
from tests.model.conftest import Twins
from tests.model.walk import (
    DisagreesError,
    ForgottenError,
    Walk,
    begun,
    decided_once,
)
from tests.model.world import WAYS

# So many acts by chance, and so many more at most until every type came about.
_ACTS, _MORE = 90, 90
# Written when a registry is founded, which is done once.
_ONCE = {"registry.created"}


def test_every_type_of_entry_has_a_way() -> None:
    assert set(WAYS) | _ONCE == set(TYPES)


def test_no_act_changes_what_was_answered_before_it(twins: Twins) -> None:
    walked(twins, int(os.environ.get("MODEL_SEED", "7")), _ACTS, kept=0.05)


@pytest.mark.soak
@pytest.mark.parametrize("turn", range(20))
def test_no_act_of_a_long_walk_changes_what_was_answered_before_it(twins: Twins, turn: int) -> None:
    del turn
    walked(twins, secrets.randbelow(2**32), 250, kept=0.5)


def walked(twins: Twins, seed: int, acts: int, kept: float) -> None:
    """Walk until every type of entry came about, and hold the record against itself."""
    print(f"MODEL_SEED={seed}")  # noqa: T201 - shown with a failure, to walk this way again
    with twins() as both, decided_once():
        walk = begun(both, seed, kept)
        steps(walk, acts, [*WAYS])
        more = _MORE
        while walk.missing() and more:
            walk.step(sorted(walk.missing()), surely=True)
            more -= 1
        print(walk.summary())  # noqa: T201 - as above
        assert not walk.missing(), f"never came about: {walk.missing()}"
        assert min(walk.predicted.values()) > acts / 20, walk.predicted
        ended_well(walk)


def steps(walk: Walk, count: int, types: list[str]) -> None:
    """So many acts of any of the types."""
    for _ in range(count):
        walk.step(types)


def ended_well(walk: Walk) -> None:
    """The logs tell the same, the tables follow from them, and no answer came from memory."""
    first, *others = walk.twin.histories()
    assert all(other == first for other in others)
    for report in walk.twin.verified():
        assert report.differences == []


def test_a_walk_that_left_a_type_out_is_noticed(twins: Twins) -> None:
    with twins() as both:
        walk = begun(both, 1)

        walk.step(["organization.registered"])

        assert {"veto.lifted", "use.locked"} <= walk.missing()
        assert "performer.claimed" not in walk.missing()


def test_an_answer_that_forgets_what_was_known_is_noticed(
    twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Reader.load

    async def from_now(self: Reader, *given: object, **named: object) -> object:
        return await load(self, *given, **named | {"known": None})  # type: ignore[arg-type]

    with twins() as both:
        walk = begun(both, 1)
        walk.step(["organization.registered"])
        monkeypatch.setattr(Reader, "load", from_now)

        with pytest.raises(ForgottenError):
            steps(walk, 30, ["court_order.recorded", "grant.revoked", "grant.signed"])


def test_a_reference_of_another_opinion_is_noticed(twins: Twins) -> None:
    with twins() as both:
        walk = begun(both, 1)
        walk.world.simple.consents.clear()

        with pytest.raises(DisagreesError):
            steps(walk, 10, ["organization.registered"])
