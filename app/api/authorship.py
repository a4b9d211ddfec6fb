"""Whose word a fact is: what nobody confirmed, what is disputed, and what the caller can do."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Query, Request, Response

from app.api.context import now
from app.api.deps import Caller, Reads, api_router, policy
from app.api.models import Out
from app.api.pagination import Page, paged
from app.api.policies import POLICIES
from app.api.shapes import page_example
from app.registrar import authorship, callers, objects
from app.registrar.authorship import Stated

router = api_router("facts")

_ACTS: Final = {"confirm": "confirmation", "dispute": "dispute"}
# Where a fact of each kind is answered, and under which policies.
_ANSWERED: Final[Mapping[str, tuple[str, str, str]]] = {
    "membership": (
        "/v1/performers/{performer_id}/memberships/{id}",
        "memberships.confirm",
        "memberships.dispute",
    ),
    "signatory": (
        "/v1/organizations/{organization_id}/signatories/{id}",
        "signatories.answer",
        "signatories.answer",
    ),
    "work": ("/v1/works/{id}", "works.answer", "works.answer"),
    "edge": ("/v1/edges/{id}", "edges.answer", "edges.answer"),
    "engagement": ("/v1/engagements/{id}", "engagements.answer", "engagements.answer"),
}
_FACT = {
    "kind": "engagement",
    "id": "eng_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "performer_id": "perf_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "producer_id": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "role_class": "principal",
    "agreement": "sag-aftra/tv-theatrical",
    "stated_by": "org_01k9zq3v5rfm8t4cy2x7d6ahwf",
    "confirmed_by": None,
    "confirmed_at": None,
    "disputed_by": None,
    "disputed_at": None,
    "can": [
        {
            "act": "confirm",
            "method": "POST",
            "href": "/v1/engagements/eng_01k9zq3v5rfm8t4cy2x7d6ahwe/confirmation",
        },
        {
            "act": "dispute",
            "method": "POST",
            "href": "/v1/engagements/eng_01k9zq3v5rfm8t4cy2x7d6ahwe/dispute",
        },
    ],
}


class FactOut(Out):
    """A fact with its author. `can`: what the caller may do about it."""

    kind: Literal["membership", "signatory", "work", "edge", "engagement"]
    id: str
    version: int
    stated_by: str
    confirmed_by: str | None
    disputed_by: str | None
    can: list[dict[str, Any]]


class FactsOut(Out):
    """A page of facts."""

    model_config = page_example(_FACT)

    data: list[FactOut]
    next_cursor: str | None


@router.get(
    "/v1/facts",
    response_model=FactsOut,
    summary="List facts that wait for somebody's word",
    **policy("facts.list"),
)
def list_facts(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    state: Annotated[Literal["unconfirmed", "disputed"], Query()] = "unconfirmed",
) -> Response:
    """Memberships, agreements, works, where they belong, engagements; newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    found = authorship.listed(looking, state, page.before, page.fetch)
    return paged(request, page, [{**one.wire(), "can": _can(caller, one)} for one in found])


def _can(caller: callers.Caller, one: Stated) -> list[dict[str, str]]:
    path, *policies = _ANSWERED[one.table]
    href = path.format(**one.row)
    return [
        {"act": act, "method": "POST", "href": f"{href}/{step}"}
        for (act, step), named in zip(_ACTS.items(), policies, strict=True)
        if caller.role in POLICIES[named].roles and authorship.may(caller, one.row, act)
    ]
