"""Worlds for decisions: the published fixture with a patch on it, and short ways to ask."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.agreements import load_packs
from app.rules.decide import Decision, decide
from app.rules.facts import Check, Facts, facts_from, read
from app.rules.packs import PackSet
from app.rules.vectors import documents, merged

NOVA = Path(__file__).parents[1] / "vectors" / "worlds" / "nova.json"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Patch = Mapping[str, Any]

ESTIMATE: Patch = {
    "estimates": {
        "estimate": {
            "days": "3",
            "basis": "schedule",
            "performer_id": "performer-a",
            "author_id": "studio-o",
        }
    }
}
# What the first scenario asks: a stunt in the picture that the performer was hired for.
STUNT: Patch = {
    "performer": "performer-a",
    "work": "nova-1",
    "use": "stunt",
    "producer": "studio-o",
    "shot": "sc045_010",
    "description": {"tags": ["aerial", "stunts"], "scenes": ["45"]},
}
GRANT: Patch = {
    "version": 1,
    "performer_id": "performer-a",
    "grantee_id": "studio-o",
    "state": "active",
    "scope": {"mode": "single_work", "works": ["nova-1"], "uses": ["stunt"]},
    "shown_works": ["nova-1"],
    "description": {"text": "Stunts of the pilot."},
    "pay": {"kind": "days_x_rate"},
    "form": {"separate_sign": "separate_document"},
    "signature": {"at": "2026-07-15T12:00:00Z", "identity": "vouched"},
}


@cache
def packs() -> PackSet:
    """The packs that come with the registry."""
    return load_packs()


@cache
def _nova() -> Mapping[str, Any]:
    world: Mapping[str, Any] = json.loads(NOVA.read_text("utf-8"))["world"]
    return world


def facts(*patches: Patch) -> Facts:
    """The fixture of the scenarios with merge patches applied in turn."""
    world = _nova()
    for patch in patches:
        world = merged(world, patch)
    return facts_from(documents(world))


def check(**changes: object) -> Check:
    """The question of the first scenario, with members changed."""
    found: Check = read(Check, merged(STUNT, changes))
    return found


def answer(
    *patches: Patch, at: datetime = NOON, using: PackSet | None = None, **changes: object
) -> Decision:
    """The decision on the first scenario's question in a patched world."""
    return decide(check(**changes), facts(*patches), using or packs(), as_of=at)


def grant(**changes: object) -> Patch:
    """A grant of performer A for the first film, with members changed."""
    return merged(GRANT, changes)


def only_grant(**changes: object) -> Patch:
    """A world where one grant, with members changed, is all that performer A ever signed."""
    return {"grants": {"a-nova-1": None, "g": grant(**changes)}}


def sources(decision: Decision) -> dict[str, str]:
    """The row behind each code."""
    return {r.code: r.source.rule for r in decision.reasons}
