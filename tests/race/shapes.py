"""The shapes that a block has, and the ways on which a use gets cleared: every pair is raced."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.race.stage import UNIT, Cast, register
from tests.support.client import Answer

Headers = Mapping[str, str]
# The act that blocks. Whatever can be done before the race was done when it is made.
Block = Callable[[], Answer]


@dataclass(frozen=True)
class Shape:
    """One kind of block. ``ready`` does what comes before it; ``release`` frees the lane again."""

    name: str
    ready: Callable[[Cast], Block]
    release: Callable[[Cast, Mapping[str, Any]], None]


def _narrow_veto(cast: Cast, scope: Mapping[str, Any]) -> Answer:
    return cast.lane.officer.post(
        "/v1/vetoes",
        {
            "kind": "strike" if "unit" in scope else "grievance",
            "basis": "RG-03",
            "authority": "National board",
            "scope": dict(scope),
            # Full: a use that was locked before is on the list as well.
            "timing": "full",
            "reason": "Two requests were not answered.",
        },
    )


def _wide_veto(cast: Cast, scope: Mapping[str, Any]) -> Block:
    # It takes two officers. What stops is the word of the second.
    proposed = _narrow_veto(cast, scope).expect()
    assert proposed["state"] == "proposed", proposed
    return lambda: cast.lane.second.post(f"/v1/vetoes/{proposed['id']}/confirmation")


def _lift(cast: Cast, block: Mapping[str, Any]) -> None:
    body = {"reason": "Settled."}
    cast.lane.officer.post(f"/v1/vetoes/{block['id']}/lift", body).expect()


def _order(cast: Cast, **named: str) -> Block:
    body = {"reference": "2026-CV-17", **named}
    return lambda: cast.lane.admin.post("/v1/court-orders", body)


def _end_order(cast: Cast, block: Mapping[str, Any]) -> None:
    cast.lane.admin.post(f"/v1/court-orders/{block['id']}/end").expect()


def _nothing(_cast: Cast, _block: Mapping[str, Any]) -> None:
    """Another performer plays the next round."""


SHAPES = (
    Shape(
        "veto of a performer",
        lambda cast: lambda: _narrow_veto(cast, {"performer": cast.person.id}),
        _nothing,
    ),
    Shape(
        "veto of a franchise",
        lambda cast: _wide_veto(cast, {"work": cast.lane.franchise}),
        _lift,
    ),
    Shape(
        "veto of a studio",
        lambda cast: _wide_veto(cast, {"studio": cast.lane.studio_id}),
        _lift,
    ),
    Shape(
        "strike of an agreement and unit",
        lambda cast: _wide_veto(cast, {"agreement": cast.lane.family, "unit": UNIT}),
        _lift,
    ),
    Shape(
        "veto of all members",
        lambda cast: _wide_veto(cast, {"all_members": True}),
        _lift,
    ),
    Shape(
        "pause by the performer",
        lambda cast: (
            lambda: cast.person.client.post(f"/v1/performers/{cast.person.id}/suspensions", {})
        ),
        _nothing,
    ),
    Shape(
        "revocation",
        lambda cast: lambda: cast.person.client.post(f"/v1/grants/{cast.grant}/revocation", {}),
        _nothing,
    ),
    Shape(
        "court order about a performer",
        lambda cast: _order(cast, performer=cast.person.id),
        _nothing,
    ),
    Shape(
        "court order about a franchise",
        lambda cast: _order(cast, work=cast.lane.franchise),
        _end_order,
    ),
)

# Each way sends one request, which clears or locks a use unless it is refused.
WAYS: Mapping[str, Callable[[Cast, Headers], Answer]] = {
    "on the work": lambda cast, headers: register(
        cast.lane.studio, cast.person.id, cast.lane.film, "direct", headers
    ),
    "two edges down": lambda cast, headers: register(
        cast.lane.studio, cast.person.id, cast.lane.episode, "below", headers
    ),
    "under a second parent": lambda cast, headers: register(
        cast.lane.studio, cast.person.id, cast.lane.crossover, "crossover", headers
    ),
    "recheck of a planned use": lambda cast, headers: cast.lane.studio.post(
        f"/v1/uses/{cast.planned}/recheck", headers=headers
    ),
    "lock of a cleared use": lambda cast, headers: cast.lane.studio.post(
        f"/v1/uses/{cast.cleared}/lock", headers=headers
    ),
}
