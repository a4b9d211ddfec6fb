"""Worlds for decisions: the published fixture with a patch on it, and short ways to ask."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

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


def case(
    id_: str, worlds: list[Patch], asked: Patch, outcome: str, named: str, absent: str = ""
) -> ParameterSet:
    """A row of a table: patches, what is asked, the outcome, codes named, codes that are not."""
    return pytest.param(worlds, asked, outcome, named.split(), absent.split(), id=id_)


def names(decision: Decision, outcome: str, named: list[str], absent: list[str]) -> bool:
    """Whether the answer is this one, names these codes, and none of those."""
    codes = {*decision.codes}
    assert "D_RULE_ERROR" not in codes
    assert decision.outcome == outcome, decision.codes
    assert codes >= {*named}, decision.codes
    assert not codes & {*absent}, decision.codes
    return True


def amounts(decision: Decision) -> tuple[str, str, str]:
    """Gross, contributions and total, as decimals."""
    found = decision.amounts
    assert found is not None
    gross, contributions, total = (
        m.wire()["amount"] for m in (found.gross, found.contributions, found.total)
    )
    return gross, contributions, total


def sources(decision: Decision) -> dict[str, str]:
    """The row behind each code."""
    return {r.code: r.source.rule for r in decision.reasons}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def pay(kind: str, amount: str | None = None, currency: str = "USD") -> dict[str, Any]:
    money = None if amount is None else {"amount": amount, "currency": currency}
    return {"kind": kind, "amount": money}


def a_session(**changes: object) -> Patch:
    session = {
        "engagement_id": "a-on-nova-1",
        "performer_id": "performer-a",
        "work_id": "nova-1",
        "business_reason": "falls",
        "notice_sent_at": "2026-11-16T09:00:00Z",
        "starts_at": "2026-11-23T09:00:00Z",
        **changes,
    }
    return {
        "capture_sessions": {"s": session},
        "grants": {"a-nova-1": {"scope": {"uses": ["scan"]}}},
    }


def a_veto(**changes: object) -> Patch:
    veto = {
        "union_id": "guild",
        "kind": "policy",
        "basis": "RG-03",
        "authority": "board",
        "scope": {"work": "nova"},
        "effect": "block",
        "timing": "prospective",
        "starts_at": "2026-11-20T12:00:00Z",
        "review_by": "2027-02-18",
        "number": "V-31",
        "reason": "No audit.",
        **changes,
    }
    return {"vetoes": {"v": veto}}


def a_locked_use(at: str = "2026-11-20T11:00:00Z") -> Patch:
    return {
        "uses": {
            "u": {
                "performer_id": "performer-a",
                "work_id": "nova-1",
                "producer_id": "studio-o",
                "use": "stunt",
                "state": "locked",
                "shot": "sc045_010",
                "grant_id": "a-nova-1",
                "locked_at": at,
            }
        }
    }


NO_AGREEMENT: Patch = {
    "signatories": {"studio-o-tv": None},
    "engagements": {"a-on-nova-1": None},
    "works": {"nova-1": {"agreement": None}, "nova": {"agreement": None}},
}
DEAD: Patch = {"performers": {"performer-a": {"died_on": "2026-10-30"}}}
NO_GRANT: Patch = {"grants": {"a-nova-1": None}}
SCAN = {"use": "scan", "capture_session": "s", "shot": None}

BACKGROUND: Patch = {"engagements": {"a-on-nova-1": {"role_class": "background"}}}
INDEPENDENT: Patch = {"replicas": {"r": {"performer_id": "performer-a", "kind": "independent"}}}
LATE_PICTURE: Patch = {"works": {"nova-1": {"photography_start": "2027-07-01"}}}
LATE_CONTRACT: Patch = {"engagements": {"a-on-nova-1": {"engaged_at": "2027-07-01T19:00:00Z"}}}
OTHER = {"works": ["other"], "uses": ["stunt", "face_replace"]}


def other(kind: str, amount: str | None = None, currency: str = "USD", **more: object) -> Patch:
    return only_grant(scope=OTHER, shown_works=["other"], pay=pay(kind, amount, currency), **more)


IN_OTHER = {"work": "other"}
