"""Builders of facts: each call names only what its test is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.rules.facts import (
    Check,
    Edge,
    Engagement,
    Grant,
    Membership,
    Organization,
    Performer,
    Representation,
    Scope,
    Signatory,
    Use,
    Veto,
    VetoScope,
    Work,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
TVT = "sag-aftra/tv-theatrical"


def a_check(**changes: Any) -> Check:
    values: dict[str, Any] = {
        "performer": "ada",
        "work": "nova-1",
        "use": "stunt",
        "producer": "studio-o",
    }
    return Check(**(values | changes))


def a_veto(scope: VetoScope | None = None, **changes: Any) -> Veto:
    values: dict[str, Any] = {
        "id": "v-31",
        "union_id": "guild",
        "kind": "policy",
        "basis": "TT-32",
        "authority": "National board",
        "scope": VetoScope(performer="ada") if scope is None else scope,
        "effect": "block",
        "timing": "prospective",
        "starts_at": NOON,
        "review_by": TODAY + 90 * DAY,
    }
    return Veto(**(values | changes))


def a_member(**changes: Any) -> Membership:
    values: dict[str, Any] = {
        "id": "mem-1",
        "performer_id": "ada",
        "union_id": "guild",
        "unit": "performers",
        "starts_on": date(2024, 1, 15),
        "stated_by": "ada",
        "confirmed_by": "ada",
    }
    return Membership(**(values | changes))


def a_performer(**changes: Any) -> Performer:
    values: dict[str, Any] = {"id": "ada", "adult_from": date(2008, 5, 1)}
    return Performer(**(values | changes))


def a_proof(**changes: Any) -> Representation:
    values: dict[str, Any] = {
        "id": "repr-1",
        "performer_id": "ada",
        "representative_id": "usr-1",
        "kind": "attorney",
        "powers": ("sign",),
        "starts_on": TODAY,
        "verified_by": "usr-admin",
    }
    return Representation(**(values | changes))


def a_work(id_: str = "nova-1", **changes: Any) -> Work:
    return Work(id=id_, **({"kind": "film", "owner_id": "studio-o"} | changes))


def an_edge(parent: str, child: str, **changes: Any) -> Edge:
    return Edge(id=f"{parent}>{child}", parent=parent, child=child, **changes)


def a_union(**changes: Any) -> Organization:
    return Organization(**({"id": "guild", "kind": "union", "agreements": (TVT,)} | changes))


def a_studio(**changes: Any) -> Organization:
    return Organization(**({"id": "studio-o", "kind": "studio"} | changes))


def a_signatory(**changes: Any) -> Signatory:
    values: dict[str, Any] = {
        "id": "sig-1",
        "organization_id": "studio-o",
        "union_id": "guild",
        "agreement": TVT,
        "starts_on": date(2023, 11, 9),
    }
    return Signatory(**(values | changes))


def an_engagement(**changes: Any) -> Engagement:
    values: dict[str, Any] = {
        "id": "eng-1",
        "performer_id": "ada",
        "work_id": "nova-1",
        "producer_id": "studio-o",
        "agreement": TVT,
    }
    return Engagement(**(values | changes))


def a_use(**changes: Any) -> Use:
    values: dict[str, Any] = {
        "id": "use-1",
        "performer_id": "ada",
        "work_id": "nova-1",
        "producer_id": "studio-o",
        "use": "stunt",
        "state": "cleared",
        "shot": "sc045_010",
        "grant_id": "grant-1",
    }
    return Use(**(values | changes))


def a_grant(**changes: Any) -> Grant:
    values: dict[str, Any] = {
        "id": "grant-1",
        "version": 1,
        "performer_id": "ada",
        "grantee_id": "studio-o",
        "state": "active",
        "scope": Scope(works=("nova-1",), uses=("stunt",)),
        "shown_works": ("nova-1",),
    }
    return Grant(**(values | changes))
