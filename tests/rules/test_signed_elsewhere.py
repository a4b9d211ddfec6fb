"""What was signed elsewhere: from when it counts, and what the performer can say of it and when."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from app.rules.facts import Signature
from app.rules.grants import answer_refusal, is_confirmed, is_disputed, move, signed_elsewhere_at
from app.rules.refusals import FieldError, Refusal
from tests.support.made import DAY, NOON, TICK

EARLY, LATE = NOON, NOON + DAY


def signed(**said: Any) -> Signature:
    values: dict[str, Any] = {"at": NOON - 30 * DAY, "method": "paper"}
    return Signature(**(values | said))


def test_a_day_counts_from_its_end_and_today_from_now() -> None:
    end = datetime(2026, 11, 20, tzinfo=UTC) - TICK
    assert signed_elsewhere_at(date(2026, 11, 19), NOON) == end
    assert signed_elsewhere_at(date(2026, 11, 20), NOON) == NOON
    late = signed_elsewhere_at(date(2026, 11, 21), NOON)
    assert isinstance(late, FieldError)
    assert late.pointer == "/signed_on"


@pytest.mark.parametrize("confirmed", [None, EARLY, LATE])
@pytest.mark.parametrize("disputed", [None, EARLY, LATE])
def test_what_was_said_last_holds_from_its_own_instant(
    confirmed: datetime | None, disputed: datetime | None
) -> None:
    signature = signed(confirmed_at=confirmed, disputed_at=disputed)
    for at in (EARLY - TICK, EARLY, LATE - TICK, LATE, LATE + DAY):
        said = [(when, mine) for when, mine in ((confirmed, True), (disputed, False)) if when]
        heard = sorted(pair for pair in said if pair[0] <= at)
        # Two at one instant: the more careful of the two.
        expected = bool(heard) and not max(heard, key=lambda pair: (pair[0], not pair[1]))[1]
        assert is_disputed(signature, at) is expected
        assert is_confirmed(signature, at) is (confirmed is not None and confirmed <= at)


def test_each_is_said_once_in_either_order() -> None:
    for first, second in permutations((True, False)):
        signature = signed()
        for mine in (first, second):
            assert answer_refusal(signature, mine=mine) is None
            said = {"confirmed_at": signature.confirmed_at, "disputed_at": signature.disputed_at}
            signature = signed(**said | {"confirmed_at" if mine else "disputed_at": NOON})
        for mine in (True, False):
            again = answer_refusal(signature, mine=mine)
            assert again is not None
            assert again.code == ("confirmed" if mine else "disputed")


def test_what_was_signed_here_is_confirmed_only_after_it_was_disputed() -> None:
    here = signed(method="in_registry")
    refusal = answer_refusal(here, mine=True)
    assert refusal is not None
    assert refusal.code == "signed_here"
    assert answer_refusal(here, mine=False) is None
    assert answer_refusal(signed(method="in_registry", disputed_at=NOON), mine=True) is None


@pytest.mark.parametrize("act", ["confirm_signature", "dispute_signature"])
def test_a_studio_states_and_only_the_performers_side_answers(act: str) -> None:
    assert move("record_elsewhere", "offered", "studio") == "signed"
    for role in ("performer", "representative", "agent", "union"):
        assert isinstance(move("record_elsewhere", "offered", role), Refusal)
    assert move(act, "active", "performer") == "active"
    assert move(act, "active", "representative") == "active"
    for role in ("studio", "agent", "union", "registry_admin"):
        assert isinstance(move(act, "active", role), Refusal)
    assert isinstance(move(act, "offered", "performer"), Refusal)


def test_a_span_of_one_instant_is_enough_to_tell_before_from_after() -> None:
    signature = signed(disputed_at=NOON, confirmed_at=NOON + timedelta(microseconds=1))
    assert is_disputed(signature, NOON)
    assert not is_disputed(signature, NOON + TICK)
