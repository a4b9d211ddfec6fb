"""The life of a registered use, and what blocks do to it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.blocks import Block
from app.rules.facts import Use
from app.rules.uses import (
    CONTENT_TAGS,
    GATES,
    MEDIA,
    RELATIONS,
    ROLE_CLASSES,
    STATES,
    TRANSITIONS,
    USES,
    WORK_KINDS,
    affected,
    check_of,
    default_gate,
    held,
    locked_uses,
    move,
    possible,
)
from tests.support.made import DAY, NOON, TICK, a_check, a_use

OUTCOMES = ("allow", "allow_with_obligations", "needs_action", "deny")
VETO = Block(id="v-31", kind="policy", effect="block", timing="prospective", starts_at=NOON)


@pytest.mark.parametrize(
    "words", [USES, GATES, CONTENT_TAGS, MEDIA, RELATIONS, WORK_KINDS, ROLE_CLASSES, STATES]
)
def test_a_closed_list_names_nothing_twice(words: tuple[str, ...]) -> None:
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("use", "gate"),
    [
        ("scan", "scan"),
        ("train_model", "train"),
        ("dub", "localisation"),
        ("promo", "marketing"),
        ("exhibit", "delivery"),
        ("stunt", "render"),
        ("synthetic", "render"),
    ],
)
def test_the_gate_of_a_check_that_names_none(use: str, gate: str) -> None:
    assert default_gate(use) == gate


def test_every_use_has_a_known_gate() -> None:
    assert {default_gate(use) for use in USES} <= {*GATES}


@pytest.mark.parametrize(
    ("outcome", "registered"),
    [
        ("allow", "cleared"),
        ("allow_with_obligations", "cleared"),
        ("needs_action", "planned"),
        ("deny", None),
    ],
)
def test_what_registering_a_use_comes_to(outcome: str, registered: str | None) -> None:
    assert move("register", "", outcome) == registered


@pytest.mark.parametrize(
    ("act", "state", "outcome", "after"),
    [
        pytest.param("recheck", "planned", "allow", "cleared", id="what was missing is there"),
        pytest.param("recheck", "planned", "needs_action", "planned", id="it is not"),
        pytest.param("recheck", "planned", "deny", None, id="it never will be"),
        pytest.param("recheck", "cleared", "allow_with_obligations", "cleared", id="still clear"),
        pytest.param("recheck", "cleared", "needs_action", "planned", id="something is missing"),
        pytest.param("recheck", "cleared", "deny", None, id="a held use stays as it is"),
        pytest.param("recheck", "locked", "allow", None, id="the cut is locked"),
        pytest.param("lock", "cleared", "allow", "locked", id="picture lock"),
        pytest.param("lock", "cleared", "needs_action", None, id="no lock with something missing"),
        pytest.param("lock", "cleared", "deny", None, id="no lock over a no"),
        pytest.param("lock", "planned", "allow", None, id="only what is cleared is locked"),
        pytest.param("release", "locked", "allow", "released", id="released"),
        pytest.param("release", "cleared", "allow", None, id="only what is locked is released"),
        pytest.param("release", "locked", "needs_action", None, id="no release with a step open"),
        pytest.param("withdraw", "planned", "*", "withdrawn", id="taken back"),
        pytest.param("withdraw", "locked", "*", "withdrawn", id="cut out again"),
        pytest.param("withdraw", "released", "*", None, id="what was shown was shown"),
        pytest.param("register", "cleared", "allow", None, id="registered once"),
    ],
)
def test_the_life_of_a_use(act: str, state: str, outcome: str, after: str | None) -> None:
    assert move(act, state, outcome) == after


@given(st.sampled_from(sorted(TRANSITIONS)), st.sampled_from(OUTCOMES))
def test_a_no_never_moves_a_use_forward(key: tuple[str, str], outcome: str) -> None:
    act, state = key
    assert possible(act, state)
    after = move(act, state, outcome)
    assert after is None or after in STATES
    if outcome in {"deny", "needs_action"}:
        assert after in {None, "planned"}


def test_an_act_that_a_state_does_not_know_is_not_possible() -> None:
    assert not possible("lock", "planned")


def test_a_registered_use_answers_to_the_question_that_it_was() -> None:
    check = check_of(a_use(replica_id="repl-1"))
    assert check == a_check(shot="sc045_010", replica="repl-1", use_id="use-1")


@pytest.mark.parametrize(
    ("use", "block", "stopped", "is_held"),
    [
        pytest.param(a_use(), VETO, True, True, id="cleared"),
        pytest.param(a_use(state="planned"), VETO, True, False, id="planned was never clear"),
        pytest.param(a_use(state="withdrawn"), VETO, False, False, id="withdrawn"),
        pytest.param(
            a_use(state="locked", locked_at=NOON - TICK), VETO, False, False, id="locked before"
        ),
        pytest.param(a_use(state="locked", locked_at=NOON), VETO, True, True, id="locked since"),
        pytest.param(
            a_use(state="released", locked_at=NOON - DAY),
            replace(VETO, timing="full"),
            True,
            True,
            id="a full block reaches what is out",
        ),
        pytest.param(a_use(), replace(VETO, effect="flag"), False, False, id="a flag"),
        pytest.param(a_use(), replace(VETO, grant_id="grant-1"), True, True, id="its grant"),
        pytest.param(
            a_use(), replace(VETO, grant_id="grant-2"), False, False, id="another grant paused"
        ),
    ],
)
def test_which_uses_a_block_holds(use: Use, block: Block, stopped: bool, is_held: bool) -> None:
    assert affected(use, [block]) == ((block,) if stopped else ())
    assert held(use, [block]) is is_held


OLD = a_use(id="use-0", state="released", locked_at=NOON - 9 * DAY)
NEW = a_use(id="use-1", state="locked", locked_at=NOON)
SHOT = "sc045_010"
NO_SHOT = a_use(id="use-6", state="locked", locked_at=NOON - 8 * DAY, shot=None)
OTHER_SHOT = a_use(id="use-2", state="locked", locked_at=NOON - DAY, shot="sc045_020")


@pytest.mark.parametrize(
    ("changes", "at", "found"),
    [
        pytest.param({"use_id": "use-0", "shot": SHOT}, NOON, "use-0", id="the one named"),
        pytest.param({"use_id": "use-9", "shot": SHOT}, NOON, None, id="one that is not there"),
        pytest.param({"use_id": "use-0"}, NOON, None, id="the one named is of a shot"),
        pytest.param(
            {"use_id": "use-0", "shot": SHOT, "performer": "bob"}, NOON, None, id="another's use"
        ),
        pytest.param({"shot": SHOT, "producer": "studio-p"}, NOON, None, id="another studio"),
        pytest.param({"shot": SHOT, "replica": "r"}, NOON, None, id="another replica"),
        pytest.param(
            {"use": "exhibit", "producer": "cinema"}, NOON, "use-1", id="shown: by anybody"
        ),
        pytest.param({"use_id": "use-6"}, NOON, "use-6", id="one without a shot, named"),
        pytest.param({"shot": "sc045_010"}, NOON, "use-1", id="of two the one locked last"),
        pytest.param({"shot": "sc045_010"}, NOON - TICK, "use-0", id="that was locked by then"),
        pytest.param({"shot": "sc045_020"}, NOON, "use-2", id="the shot"),
        pytest.param({"shot": "sc045_030"}, NOON, None, id="another shot"),
        pytest.param({}, NOON, None, id="no shot is not any shot"),
        pytest.param({"shot": "sc045_010", "use": "dub"}, NOON, None, id="another use"),
        pytest.param({"shot": "sc045_010", "work": "nova-2"}, NOON, None, id="another work"),
        pytest.param({"use": "exhibit", "shot": "sc045_020"}, NOON, "use-2", id="shown: the shot"),
        pytest.param({"use": "exhibit"}, NOON, "use-1", id="shown: everything, so the last"),
        pytest.param({"use": "exhibit"}, NOON - 9 * DAY, "use-0", id="shown: at its lock"),
        pytest.param({"use": "exhibit"}, NOON - 9 * DAY - TICK, None, id="shown: before any"),
    ],
)
def test_the_finished_use_that_a_check_is_about(
    changes: dict[str, Any], at: datetime, found: str | None
) -> None:
    uses = [NEW, OLD, OTHER_SHOT, NO_SHOT, a_use(id="use-4"), a_use(id="use-5", state="locked")]
    finished = locked_uses(uses, a_check(**changes), as_of=at)
    assert next((use.id for use in finished), None) == found
