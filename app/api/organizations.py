"""Organizations and the agreements they signed."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import Family, HouseCode, KeptIfAbsent, LastDayIn, example, page_example
from app.registrar import objects, organizations
from app.registrar.organizations import NewOrganization, NewSignatory
from app.store import rows

router = api_router("organizations")

Kind = Literal["studio", "union", "agency", "vendor"]
_ORG = "org_01k9zq3v5rfm8t4cy2x7d6ahwe"
_UNION = "org_01k9zq3v5rfm8t4cy2x7d6ahwf"
_SIGNATORY = {
    "id": "sig_01k9zq3v5rfm8t4cy2x7d6ahwg",
    "version": 1,
    "organization_id": _ORG,
    "union_id": _UNION,
    "agreement": "sag-aftra/tv-theatrical",
    "starts_on": "2023-11-09",
    "ends_on": None,
    "stated_by": _ORG,
    "confirmed_by": "usr_01k9zq3v5rfm8t4cy2x7d6ahwh",
    "disputed_by": None,
    "confirmed_at": None,
    "disputed_at": None,
}
_ORGANIZATION = {
    "id": _ORG,
    "version": 1,
    "name": "Studio Oriel",
    "kind": "studio",
    "agreements": [],
    "registry_rules_accepted_on": None,
    "refs": [],
}


class OrganizationIn(In):
    """Who is put on record."""

    model_config = example({"kind": "studio", "name": "Studio Oriel"})

    kind: Kind
    name: Name
    agreements: list[Family] = Field(
        default=[], max_length=50, description="Of a union: the families that it is party to."
    )
    ref: HouseCode | None = None


class OrganizationChangeIn(In):
    """What changes; members that are left out stay."""

    model_config = example({"registry_rules_accepted_on": "2026-11-21"})

    name: Annotated[Name | None, KeptIfAbsent] = Field(
        default=None, description="By the registry's office only."
    )
    agreements: Annotated[list[Family] | None, KeptIfAbsent] = Field(
        default=None, max_length=50, description="By the registry's office only."
    )
    registry_rules_accepted_on: Day | None = Field(
        default=None,
        description="From this day on, vetoes may rest on the registry's rules; not taken back.",
    )


class SignatoryIn(In):
    """Which agreement binds the organization, and when; both days inclusive."""

    model_config = example({"agreement": "sag-aftra/tv-theatrical", "starts_on": "2023-11-09"})

    agreement: Family
    starts_on: Day
    ends_on: Day | None = None
    union: Id | None = Field(
        default=None, description="Needed only where several unions are party to it."
    )


class OrganizationOut(Out):
    """An organization on record."""

    model_config = example(_ORGANIZATION)

    id: str
    version: int
    name: str
    kind: Kind
    agreements: list[str]
    registry_rules_accepted_on: Day | None


class OrganizationsOut(Out):
    """A page of organizations."""

    model_config = page_example(_ORGANIZATION)

    data: list[OrganizationOut]
    next_cursor: str | None


class SignatoryOut(Out):
    """An agreement that binds an organization."""

    model_config = example(_SIGNATORY)

    id: str
    version: int
    organization_id: str
    union_id: str | None
    agreement: str
    starts_on: Day
    ends_on: Day | None
    stated_by: str | None
    confirmed_by: str | None
    disputed_by: str | None
    confirmed_at: Instant | None
    disputed_at: Instant | None


class SignatoriesOut(Out):
    """A page of signatory rows."""

    model_config = page_example(_SIGNATORY)

    data: list[SignatoryOut]
    next_cursor: str | None


@router.post(
    "/v1/organizations",
    status_code=201,
    response_model=OrganizationOut,
    summary="Put an organization on record",
    **policy("organizations.register"),
)
def register_organization(request: Request, body: OrganizationIn, caller: Caller) -> Response:
    """A studio, union, agency or vendor, registered by the registry's office."""
    new = NewOrganization(body.kind, body.name, tuple(body.agreements), body.ref)
    return act(request, caller, lambda tx: organizations.register(tx, caller, new))


@router.get(
    "/v1/organizations",
    response_model=OrganizationsOut,
    summary="List organizations",
    **policy("organizations.list"),
)
def list_organizations(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    kind: Annotated[Kind | None, Query()] = None,
) -> Response:
    """The caller's own and every union; the office and auditors see all."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "organization", page.before, page.fetch, kind=kind)
    return paged(request, page, [organizations.view(row) for row in found])


@router.get(
    "/v1/organizations/{organization_id}",
    response_model=OrganizationOut,
    summary="Read an organization",
    **policy("organizations.read"),
)
def read_organization(
    request: Request, organization_id: str, caller: Caller, session: Reads
) -> Response:
    """The caller's own, or a union."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "organization", organization_id)
    value = {**organizations.view(row), "refs": objects.codes_of(looking, row["id"])}
    return respond(value, headers={"ETag": objects.etag_of(row)})


@router.patch(
    "/v1/organizations/{organization_id}",
    response_model=OrganizationOut,
    summary="Change an organization",
    **policy("organizations.change"),
)
def change_organization(
    request: Request,
    organization_id: str,
    body: OrganizationChangeIn,
    caller: Caller,
    read: IfMatch,
) -> Response:
    """Its admin accepts the registry's rules; the office corrects name and agreements."""
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return act(
        request,
        caller,
        lambda tx: organizations.change(tx, caller, organization_id, changes, read),
    )


@router.post(
    "/v1/organizations/{organization_id}/signatories",
    status_code=201,
    response_model=SignatoryOut,
    summary="State which agreement binds an organization",
    **policy("signatories.record"),
)
def state_signatory(
    request: Request, organization_id: str, body: SignatoryIn, caller: Caller
) -> Response:
    """Counts as confirmed when the registry's office states it."""
    new = NewSignatory(body.agreement, body.starts_on, body.ends_on, body.union)
    return act(
        request, caller, lambda tx: organizations.state_signatory(tx, caller, organization_id, new)
    )


@router.get(
    "/v1/organizations/{organization_id}/signatories",
    response_model=SignatoriesOut,
    summary="List the agreements that bind an organization",
    **policy("organizations.read"),
)
def list_signatories(
    request: Request, organization_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """Of an organization that the caller may read."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "organization", organization_id)
    found = rows.page(
        session, "signatory", before=page.before, limit=page.fetch, organization_id=row["id"]
    )
    return paged(request, page, [organizations.signatory_view(row) for row in found])


@router.post(
    "/v1/organizations/{organization_id}/signatories/{signatory_id}/confirmation",
    response_model=SignatoryOut,
    summary="Confirm a stated agreement",
    **policy("signatories.answer"),
)
def confirm_signatory(
    request: Request, organization_id: str, signatory_id: str, caller: Caller
) -> Response:
    """By the registry's office, or the union across the table."""
    return act(
        request,
        caller,
        lambda tx: organizations.answer_signatory(
            tx, caller, organization_id, signatory_id, "confirm"
        ),
    )


@router.post(
    "/v1/organizations/{organization_id}/signatories/{signatory_id}/dispute",
    response_model=SignatoryOut,
    summary="Dispute a stated agreement",
    **policy("signatories.answer"),
)
def dispute_signatory(
    request: Request, organization_id: str, signatory_id: str, caller: Caller
) -> Response:
    """By the union across the table; answers that rest on it wait."""
    return act(
        request,
        caller,
        lambda tx: organizations.answer_signatory(
            tx, caller, organization_id, signatory_id, "dispute"
        ),
    )


@router.post(
    "/v1/organizations/{organization_id}/signatories/{signatory_id}/end",
    response_model=SignatoryOut,
    summary="End an agreement",
    **policy("signatories.end"),
)
def end_signatory(
    request: Request, organization_id: str, signatory_id: str, body: LastDayIn, caller: Caller
) -> Response:
    """By the registry's office: nobody leaves an agreement, and its strikes, by their own word."""
    return act(
        request,
        caller,
        lambda tx: organizations.end_signatory(
            tx, caller, organization_id, signatory_id, body.ends_on
        ),
    )
