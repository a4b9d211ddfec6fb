"""Pay that was agreed, and facts that somebody has to say."""

from typing import Any

import pytest

from tests.rules.worlds import (
    BACKGROUND,
    ESTIMATE,
    IN_OTHER,
    INDEPENDENT,
    NO_AGREEMENT,
    OTHER,
    Patch,
    answer,
    case,
    names,
    only_grant,
    other,
    pay,
)

CASES: list[Any] = []


def add(*row: Any) -> None:
    CASES.append(case(*row))


# Other pictures, independent replicas.
add(
    "another picture, initialled only",
    [other("bargained_flat", "5000.00", form={"separate_sign": "initial"})],
    IN_OTHER,
    "deny",
    "D_FORM_NOT_SEPARATE",
)
add(
    "another picture, no pay agreed",
    [only_grant(scope=OTHER, pay=None)],
    IN_OTHER,
    "needs_action",
    "A_TERMS",
)
add(
    "another picture, flat without amount",
    [other("bargained_flat")],
    IN_OTHER,
    "needs_action",
    "A_TERMS",
)
add(
    "another picture, unpaid",
    [other("none")],
    IN_OTHER,
    "needs_action",
    "A_FLOOR_UNVERIFIED",
    "O_PAY",
)
add(
    "another picture, by the day and no estimate",
    [other("per_day", "2000.00")],
    IN_OTHER,
    "needs_action",
    "A_DAYS_ESTIMATE",
)
add(
    "another picture, other currency",
    [other("bargained_flat", "5000.00", "EUR")],
    IN_OTHER,
    "needs_action",
    "A_CURRENCY",
)
add(
    "another picture, days at no known rate",
    [ESTIMATE, other("days_x_rate")],
    IN_OTHER,
    "needs_action",
    "A_TERMS",
    "A_FACT_NEEDED",
)
# Facts and who says them.
for kind, id_, disputed in (
    ("engagements", "a-on-nova-1", "guild"),
    ("works", "nova-1", "guild"),
):
    add(
        f"disputed {kind}",
        [ESTIMATE, {kind: {id_: {"disputed_by": disputed}}}],
        {},
        "needs_action",
        "A_DISPUTED",
    )
add(
    "a disputed agreement of the producer",
    [
        INDEPENDENT,
        {"signatories": {"studio-o-tv": {"disputed_by": "studio-o"}}},
        other("bargained_flat", "5000.00"),
    ],
    {**IN_OTHER, "replica": "r"},
    "needs_action",
    "A_DISPUTED",
)
add(
    "no start of photography",
    [
        INDEPENDENT,
        {"works": {"other": {"photography_start": None}}},
        other("bargained_flat", "5000.00"),
    ],
    {**IN_OTHER, "replica": "r"},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "an agreement that is not on file",
    [ESTIMATE, {"engagements": {"a-on-nova-1": {"agreement": "x/y"}}}],
    {},
    "needs_action",
    "A_AGREEMENT_UNKNOWN W_AGREEMENT",
)
add(
    "a producer that never signed",
    [ESTIMATE, {"signatories": {"studio-o-tv": None}}],
    {},
    "allow_with_obligations",
    "W_AGREEMENT",
)
add(
    "no rate of the engagement",
    [ESTIMATE, {"engagements": {"a-on-nova-1": {"rate": None}}}],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "an episodic rate without days",
    [
        ESTIMATE,
        {
            "engagements": {
                "a-on-nova-1": {
                    "rate": {
                        "kind": "episodic",
                        "amount": {"amount": "30000.00", "currency": "USD"},
                    }
                }
            }
        },
    ],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "an episodic rate at scale",
    [ESTIMATE, {"engagements": {"a-on-nova-1": {"rate": {"kind": "episodic"}}}}],
    {},
    "needs_action",
    "A_FACT_NEEDED",
)
add(
    "a disputed count of days",
    [ESTIMATE, {"estimates": {"estimate": {"state": "disputed"}}}],
    {},
    "needs_action",
    "A_ESTIMATE_DISPUTED",
)
# Training.
TRAINING = {"uses": ["train_model"], "training": True}
TRAIN: Patch = {"grants": {"a-nova-1": {"scope": TRAINING, "pay": {"kind": "none"}}}}
add(
    "training, and nobody said what for",
    [TRAIN],
    {"use": "train_model"},
    "needs_action",
    "A_FACT_NEEDED",
)
SAID: Patch = {"at": "2026-11-01T00:00:00Z", "work_id": "nova-1"}
add(
    "training in the house",
    [TRAIN, {"attestations": {"t": {"kind": "training_internal", **SAID}}}],
    {"use": "train_model"},
    "allow",
    "O_NOTIFY",
    "O_TRAINING_NOTICE",
)
LICENCE: Patch = {"attestations": {"t": {"kind": "training_licence", "at": "2026-11-01T00:00:00Z"}}}
add(
    "training for somebody else",
    [TRAIN, LICENCE],
    {"use": "train_model"},
    "allow_with_obligations",
    "O_TRAINING_NOTICE",
)
add(
    "training for somebody else, union told",
    [TRAIN, LICENCE, {"notices": {"n": {"kind": "training", "sent_at": "2026-11-01T00:00:00Z"}}}],
    {"use": "train_model"},
    "allow",
    "O_NOTIFY",
    "O_TRAINING_NOTICE",
)
# Synthetics.
SYNTH: Patch = {"performer": None, "use": "synthetic", "shot": None}
VALUE: Patch = {"attestations": {"v": {"kind": "additional_value", **SAID}}}


def told(state: str, at: str = "2026-11-02T18:00:00Z") -> Patch:
    return {
        "notices": {"n": {"kind": "synthetic", "sent_at": at, "state": state, "work_id": "nova-1"}}
    }


add("synthetic without a word", [], SYNTH, "deny", "D_SAV_MISSING A_SYNTH_NOTICE", "O_NOTIFY")
add("synthetic, bargaining open", [VALUE, told("open")], SYNTH, "needs_action", "A_SYNTH_NOTICE")
add(
    "synthetic, agreed",
    [VALUE, told("agreed")],
    SYNTH,
    "allow_with_obligations",
    "O_PLAN_PAYMENT",
    "A_SYNTH_NOTICE",
)
add(
    "synthetic, twenty business days over",
    [VALUE, told("open", "2026-10-01T18:00:00Z")],
    SYNTH,
    "allow",
    "W_SYNTH_ARBITRATION",
)
PROMPT: Patch = {
    "attestations": {
        "p": {
            "kind": "named_prompt",
            "at": "2026-11-01T00:00:00Z",
            "performer_id": "performer-a",
            "work_id": "nova-1",
        }
    }
}
add(
    "synthetic by somebody's name", [VALUE, told("agreed"), PROMPT], SYNTH, "deny", "D_NAMED_PROMPT"
)
add(
    "synthetic by the name of somebody who agreed",
    [VALUE, told("agreed"), PROMPT, {"grants": {"a-nova-1": {"scope": {"uses": ["synthetic"]}}}}],
    SYNTH,
    "allow_with_obligations",
    "O_PLAN_PAYMENT",
    "D_NAMED_PROMPT",
)

add(
    "synthetic and nude",
    [VALUE, told("agreed")],
    {**SYNTH, "description": {"tags": ["nudity"]}},
    "allow_with_obligations",
    "O_PLAN_PAYMENT",
)
PAID_CROWD: Patch = {"scope": {"uses": ["crowd"]}}
COUNTED: Patch = {
    "work_days": {
        "d": {
            "work_id": "nova-1",
            "day": "2026-11-21",
            "required_background": 0,
            "human_background": 0,
        }
    }
}
add(
    "a crowd for agreed pay",
    [BACKGROUND, COUNTED, {"grants": {"a-nova-1": {**PAID_CROWD, "pay": pay("per_use", "10.00")}}}],
    {"use": "crowd"},
    "allow_with_obligations",
    "O_PAY",
)
add(
    "a crowd for agreed pay by the day, uncounted",
    [BACKGROUND, COUNTED, {"grants": {"a-nova-1": {**PAID_CROWD, "pay": pay("per_day", "10.00")}}}],
    {"use": "crowd"},
    "needs_action",
    "A_DAYS_ESTIMATE",
)
add(
    "altering without a term for it",
    [NO_AGREEMENT, {"grants": {"a-nova-1": {"scope": {"uses": ["alter"]}}}}],
    {"use": "alter"},
    "allow",
    "O_NOTIFY",
    "O_PAY",
)
MADE_FOR_IT: Patch = {
    "replicas": {"r": {"performer_id": "performer-a", "origin_work_id": "nova-1"}}
}
add(
    "a replica made for the picture, and no engagement on record",
    [ESTIMATE, MADE_FOR_IT, {"engagements": {"a-on-nova-1": None}}],
    {"replica": "r"},
    "needs_action",
    "A_FACT_NEEDED",
)


@pytest.mark.parametrize(("worlds", "asked", "outcome", "named", "absent"), CASES)
def test_the_answer(
    worlds: list[Patch], asked: Patch, outcome: str, named: list[str], absent: list[str]
) -> None:
    assert names(answer(*worlds, **asked), outcome, named, absent)
