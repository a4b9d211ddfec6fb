"""Several grants cover a use, or none has to: what ends a yes never helps, and pay stays owed."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.rules.decide import Decision
from tests.rules.worlds import BACKGROUND, ESTIMATE, Patch, amounts, answer, grant, only_grant, pay

# The one nearer to the picture pays below the day minimum, the wide one well above it.
CROSSOVER: Patch = {
    "works": {"uni": {"kind": "series", "title": "Uni", "owner_id": "studio-o"}},
    "edges": {
        "e": {
            "parent": "uni",
            "child": "other",
            "relation": "episode_of",
            "valid_from": "2026-05-04T09:00:00Z",
        }
    },
}
STUNTS = {"uses": ["stunt"]}
WIDE = grant(
    scope={"mode": "enumerated_works", "works": ["uni"], **STUNTS},
    shown_works=["other"],
    pay=pay("bargained_flat", "9000.00"),
)
PAUSE: Patch = {
    "suspensions": {
        "s": {
            "performer_id": "performer-a",
            "grant_id": "near",
            "starts_at": "2026-11-20T12:00:00Z",
        }
    }
}
ENDINGS: Mapping[str, Patch] = {
    "nothing": {},
    "revocation": {"grants": {"near": {"revoked_from": "2026-11-21T12:00:00Z"}}},
    "expiry": {"grants": {"near": {"scope": {"ends_on": "2026-11-20"}}}},
    "pause": PAUSE,
}


def with_two(near: Patch, how: str) -> Decision:
    granted = {"grants": {"a-nova-1": None, "near": near, "wide": WIDE}}
    return answer(CROSSOVER, granted, ENDINGS[how], ESTIMATE, work="other")


@pytest.mark.parametrize("how", ENDINGS)
def test_a_cheaper_grant_nearer_to_the_picture_takes_no_yes_away(how: str) -> None:
    near = grant(
        scope={"works": ["other"], **STUNTS},
        shown_works=["other"],
        pay=pay("bargained_flat", "100.00"),
    )
    decision = with_two(near, how)
    assert decision.outcome == "allow_with_obligations"
    assert decision.grant_id == "wide"
    assert amounts(decision)[0] == "9000.00"


@pytest.mark.parametrize(("how", "rests_on"), [("nothing", "near"), ("revocation", "wide")])
def test_of_two_that_both_allow_the_more_specific_counts(how: str, rests_on: str) -> None:
    near = grant(
        scope={"works": ["other"], **STUNTS},
        shown_works=["other"],
        pay=pay("bargained_flat", "12000.00"),
    )
    assert with_two(near, how).grant_id == rests_on


AS_SCRIPTED: Patch = {
    "work_days": {
        "d": {
            "work_id": "nova-1",
            "day": "2026-11-21",
            "required_background": 5,
            "human_background": 5,
        }
    },
    "attestations": {
        "m": {
            "kind": "as_scripted",
            "at": "2026-11-20T15:00:00Z",
            "by": "somebody",
            "role": "director",
            "performer_id": "performer-a",
            "work_id": "nova-1",
        }
    },
}


def as_scripted(*worlds: Patch, **changes: object) -> Decision:
    paid = {"scope": {"uses": ["crowd"]}, "pay": pay("per_day", "50.00"), **changes}
    return answer(
        BACKGROUND,
        AS_SCRIPTED,
        {"grants": {"a-nova-1": paid}},
        *worlds,
        use="crowd",
        exemptions=[{"code": "as_scripted"}],
    )


ENDED: Mapping[str, dict[str, Any]] = {
    "in force": {},
    "revoked": {"revoked_from": "2026-11-21T00:00:00Z"},
    "expired": {"scope": {"uses": ["crowd"], "ends_on": "2026-11-20"}},
    "excluded": {"exclusions": [{"axis": "use", "value": "crowd"}]},
}


@pytest.mark.parametrize("ended", ENDED)
def test_pay_agreed_for_a_use_that_needs_no_consent_outlives_the_yes(ended: str) -> None:
    assert as_scripted(**ENDED[ended]).outcome == "needs_action"
    decision = as_scripted(ESTIMATE, **ENDED[ended])
    assert decision.outcome == "allow_with_obligations"
    assert amounts(decision)[0] == "150.00"


def test_a_pause_of_a_yes_does_not_stop_what_needs_none() -> None:
    paused = {"suspensions": {"s": {**PAUSE["suspensions"]["s"], "grant_id": "a-nova-1"}}}
    assert as_scripted(ESTIMATE, paused).outcome == "allow_with_obligations"
    assert answer(ESTIMATE, paused).codes[0] == "D_SUSPENDED"


def test_what_was_declined_agrees_on_no_pay() -> None:
    assert amounts(as_scripted(state="declined")) == ("0.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("nova-1", "They were asked and have not answered."),
        ("other", "Nobody has asked them for this."),
    ],
)
def test_what_they_were_asked_and_never_signed_is_no_answer_to_anything_else(
    work: str, said: str
) -> None:
    decision = answer(only_grant(state="offered", signature=None), ESTIMATE, work=work)
    (no,) = [reason for reason in decision.reasons if reason.code == "D_NO_CONSENT"]
    assert said in no.sentence
