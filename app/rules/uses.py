"""Registered uses: their closed vocabularies, life cycle, and which of them a block reaches."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from app.rules.blocks import Block, stops
from app.rules.facts import Check, Use

USES: Final = (
    "scan",
    "face_replace",
    "de_age",
    "stunt",
    "crowd",
    "synthesize_voice",
    "dub",
    "alter",
    "realtime",
    "train_model",
    "promo",
    "exhibit",
    "synthetic",
)
# Uses that are heard and not seen.
VOICE_USES: Final = frozenset({"synthesize_voice", "dub"})
GATES: Final = (
    "scan",
    "ingest",
    "transfer",
    "train",
    "breakdown",
    "render",
    "lock",
    "delivery",
    "marketing",
    "localisation",
    "library",
    "deletion",
)
# What a picture shows or says. The first row describes, the others are what people exclude.
CONTENT_TAGS: Final = (
    *("stunts", "aerial", "combat", "driving", "water", "crowd", "dialogue", "singing", "dancing"),
    *("nudity", "intimacy", "simulated_sex"),
    *("violence", "gore", "death", "profanity", "slurs", "drugs", "alcohol", "tobacco"),
    *("political", "religion", "brand", "changed_traits"),
)
MEDIA: Final = (
    "theatrical",
    "television",
    "streaming",
    "home_video",
    "download",
    "airline",
    "game",
    "online",
    "social",
    "radio",
    "audio",
    "live",
    "print",
    "out_of_home",
)
RELATIONS: Final = (
    "part_of",
    "in_franchise",
    "season_of",
    "episode_of",
    "edit_of",
    "promo_of",
    "spinoff_of",
)
WORK_KINDS: Final = (
    "franchise",
    "series",
    "season",
    "episode",
    "film",
    "game",
    "commercial",
    "recording",
    "edit",
)
ROLE_CLASSES: Final = ("principal", "background", "stunt", "voice", "singer", "model")
# What a use can be under the contracts, and the two roles that they tell apart.
CLASSES: Final = (
    *("CREATION", "EXHIBITION", "ALTERATION", "ROUTINE_POST", "DUB", "RTG", "SYNTH", "TRAINING"),
    *("MARKETING", "EBDR_SAME", "EBDR_OTHER", "ICDR", "BADR_BG", "BADR_PRINCIPAL", "BADR_OTHER"),
)
ROLES: Final = ("principal", "background")

_GATES_BY_USE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan": "scan",
        "train_model": "train",
        "dub": "localisation",
        "promo": "marketing",
        "exhibit": "delivery",
    }
)

STATES: Final = ("planned", "cleared", "locked", "released", "withdrawn")
_ALLOWED: Final = ("allow", "allow_with_obligations")

# Act and state before, to the state after by the outcome of the decision that the act takes anew.
# An outcome that is missing is a refusal: the act is not done and the state stays. ``*`` is an act
# that asks for no decision.
TRANSITIONS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = MappingProxyType(
    {
        ("register", ""): {**dict.fromkeys(_ALLOWED, "cleared"), "needs_action": "planned"},
        ("recheck", "planned"): {**dict.fromkeys(_ALLOWED, "cleared"), "needs_action": "planned"},
        ("recheck", "cleared"): {**dict.fromkeys(_ALLOWED, "cleared"), "needs_action": "planned"},
        ("lock", "cleared"): dict.fromkeys(_ALLOWED, "locked"),
        ("release", "locked"): dict.fromkeys(_ALLOWED, "released"),
        ("withdraw", "planned"): {"*": "withdrawn"},
        ("withdraw", "cleared"): {"*": "withdrawn"},
        ("withdraw", "locked"): {"*": "withdrawn"},
    }
)


def default_gate(use: str) -> str:
    """The gate that a check means when it names none."""
    return _GATES_BY_USE.get(use, "render")


def possible(act: str, state: str) -> bool:
    """Whether the act can be done to a use in this state at all, whatever is decided."""
    return (act, state) in TRANSITIONS


def move(act: str, state: str, outcome: str = "*") -> str | None:
    """The state after the act, or ``None`` if the act cannot be done or the decision refuses it."""
    return TRANSITIONS.get((act, state), {}).get(outcome)


def check_of(use: Use) -> Check:
    """The question that a registered use answers to, for matching blocks against it later."""
    return Check(
        work=use.work_id,
        use=use.use,
        performer=use.performer_id,
        producer=use.producer_id,
        replica=use.replica_id,
        shot=use.shot,
        quantity=use.quantity,
        on=use.on,
        use_id=use.id,
    )


def counts(use: Use, as_of: datetime) -> bool:
    """Whether a use was on record at an instant and not given up by then: caps count it.

    One of no known day always was; one given up on no known day never counted.
    """
    if use.registered_at is not None and as_of < use.registered_at:
        return False
    if use.state != "withdrawn":
        return True
    return use.withdrawn_at is not None and as_of < use.withdrawn_at


def affected(use: Use, blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Those of the matching blocks that stop the use; planned ones too, but none that is over."""
    if use.state == "withdrawn":
        return ()
    return tuple(
        block
        for block in blocks
        if block.grant_id in {None, use.grant_id} and stops(block, use.locked_at)
    )


def held(use: Use, blocks: Iterable[Block]) -> bool:
    """Whether a use that was cleared is stopped now. Derived: no state on record changes."""
    return use.state in {"cleared", "locked", "released"} and bool(affected(use, blocks))


def agrees(use: Use, check: Check) -> bool:
    """Whether a check that names this use is about it, and not about something else.

    Exhibition shows what others made, so it may name a use of any type and of any producer.
    """
    if (use.performer_id, use.work_id) != (check.performer, check.work):
        return False
    copies = {check.replica, use.replica_id} - {None}
    if len(copies) > 1:
        return False
    if check.use == "exhibit":
        return check.shot in {None, use.shot}
    return _as_made(use) == (check.use, check.shot, check.producer)


def locked_uses(uses: Iterable[Use], check: Check, *, as_of: datetime) -> tuple[Use, ...]:
    """The uses, locked at ``as_of``, that the check asks about, the one locked last first.

    They are found by id, else by what the check names: who makes something new names its shot, and
    is spared for none that somebody else locked or that was made with another replica. Exhibition
    that names no shot means all of them.
    """
    found = [
        (u.locked_at, u.id, u)
        for u in uses
        if u.state in {"locked", "released"}
        and u.locked_at is not None
        and u.locked_at <= as_of
        and _asked_about(u, check)
    ]
    return tuple(use for _, _, use in sorted(found, key=lambda f: f[:2], reverse=True))


def _asked_about(use: Use, check: Check) -> bool:
    if not agrees(use, check):
        return False
    if check.use_id is not None:
        return use.id == check.use_id
    if check.use == "exhibit":
        return True
    return use.shot is not None and use.replica_id == check.replica


def _as_made(use: Use) -> tuple[str, str | None, str]:
    return use.use, use.shot, use.producer_id
