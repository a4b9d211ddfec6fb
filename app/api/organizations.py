"""Organizations, the agreements they signed, their people and their machines."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.api.context import now
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, respond
from app.api.models import Day, Id, In, Instant, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import Family, HouseCode, KeptIfAbsent, LastDayIn, example, page_example
from app.registrar import objects, organizations, principals
from app.registrar.organizations import NewOrganization, NewSignatory
from app.registrar.principals import NewClient, NewUser
from app.store import private, rows

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
_USER = {
    "id": "usr_01k9zq3v5rfm8t4cy2x7d6ahwj",
    "version": 1,
    "kind": "user",
    "organization_id": _ORG,
    "role": "studio_clearance",
    "work_id": None,
    "suspended_at": None,
    "name": "Robin Vale",
}
_CLIENT = {
    **_USER,
    "id": "client_01k9zq3v5rfm8t4cy2x7d6ahwk",
    "kind": "client",
    "role": "pipeline",
    "name": "render farm",
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


class UserIn(In):
    """A person, their role, and how they sign in where that is known."""

    model_config = example({"role": "studio_clearance", "name": "Robin Vale"})

    role: Literal[
        "studio_admin",
        "studio_clearance",
        "studio_finance",
        "union_officer",
        "union_staff",
        "representative",
        "vendor",
        "auditor",
        "registry_admin",
    ]
    name: Name | None = None
    contact: Name | None = None
    issuer: Name | None = Field(default=None, description="Of their access tokens.")
    subject: Name | None = None


class ClientIn(In):
    """A machine; `work` ties it to one work and what is below it."""

    model_config = example({"name": "render farm"})

    name: Name
    work: Id | None = None


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


class SignatoriesOut(Out):
    """A page of signatory rows."""

    model_config = page_example(_SIGNATORY)

    data: list[SignatoryOut]
    next_cursor: str | None


class PrincipalOut(Out):
    """A person or a machine of an organization."""

    model_config = example(_USER)

    id: str
    version: int
    kind: str
    organization_id: str | None
    role: str
    work_id: str | None
    suspended_at: Instant | None
    name: str | None


class NewClientOut(PrincipalOut):
    """A machine, with its secret, which is shown only here."""

    model_config = example({**_CLIENT, "client_secret": "crs_…"})

    client_secret: str


class PrincipalsOut(Out):
    """A page of people or machines."""

    model_config = page_example(_USER)

    data: list[PrincipalOut]
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
    **policy("signatories.confirm"),
)
def confirm_signatory(
    request: Request, organization_id: str, signatory_id: str, caller: Caller
) -> Response:
    """By the registry's office."""
    return act(
        request,
        caller,
        lambda tx: organizations.confirm_signatory(tx, caller, organization_id, signatory_id),
    )


@router.post(
    "/v1/organizations/{organization_id}/signatories/{signatory_id}/end",
    response_model=SignatoryOut,
    summary="End an agreement",
    **policy("signatories.record"),
)
def end_signatory(
    request: Request, organization_id: str, signatory_id: str, body: LastDayIn, caller: Caller
) -> Response:
    """Once confirmed, only the registry's office ends it."""
    return act(
        request,
        caller,
        lambda tx: organizations.end_signatory(
            tx, caller, organization_id, signatory_id, body.ends_on
        ),
    )


@router.post(
    "/v1/organizations/{organization_id}/users",
    status_code=201,
    response_model=PrincipalOut,
    summary="Give a person a role",
    **policy("principals.add"),
)
def add_user(request: Request, organization_id: str, body: UserIn, caller: Caller) -> Response:
    """The role must fit the kind of organization."""
    new = NewUser(body.role, body.name, body.contact, body.issuer, body.subject)
    return act(request, caller, lambda tx: principals.add_user(tx, caller, organization_id, new))


@router.get(
    "/v1/organizations/{organization_id}/users",
    response_model=PrincipalsOut,
    summary="List the people of an organization",
    **policy("principals.list"),
)
def list_users(
    request: Request, organization_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """For its own admin and the registry's office."""
    return _principals(request, (organization_id, principals.PEOPLE), caller, session, page)


@router.post(
    "/v1/organizations/{organization_id}/users/{user_id}/suspension",
    response_model=PrincipalOut,
    summary="Suspend a person",
    **policy("principals.suspend"),
)
def suspend_user(request: Request, organization_id: str, user_id: str, caller: Caller) -> Response:
    """Their tokens stop working at once; what they did stays."""
    return act(
        request, caller, lambda tx: principals.suspend(tx, caller, organization_id, "user", user_id)
    )


@router.post(
    "/v1/organizations/{organization_id}/clients",
    status_code=201,
    response_model=NewClientOut,
    summary="Make a machine known",
    **policy("clients.add"),
)
def add_client(request: Request, organization_id: str, body: ClientIn, caller: Caller) -> Response:
    """The answer shows the secret, once."""
    new = NewClient(body.name, body.work)
    return act(request, caller, lambda tx: principals.add_client(tx, caller, organization_id, new))


@router.get(
    "/v1/organizations/{organization_id}/clients",
    response_model=PrincipalsOut,
    summary="List the machines of an organization",
    **policy("principals.list"),
)
def list_clients(
    request: Request, organization_id: str, caller: Caller, session: Reads, page: Page
) -> Response:
    """For its own admin and the registry's office; no secrets."""
    return _principals(request, (organization_id, principals.MACHINES), caller, session, page)


@router.post(
    "/v1/organizations/{organization_id}/clients/{client_id}/suspension",
    response_model=PrincipalOut,
    summary="Suspend a machine",
    **policy("principals.suspend"),
)
def suspend_client(
    request: Request, organization_id: str, client_id: str, caller: Caller
) -> Response:
    """Its tokens stop working at once."""
    return act(
        request,
        caller,
        lambda tx: principals.suspend(tx, caller, organization_id, "client", client_id),
    )


def _principals(
    request: Request,
    of: tuple[str, frozenset[str]],
    caller: Caller,
    session: Reads,
    page: Page,
) -> Response:
    organization_id, kinds = of
    organizations.administered(session, caller, organization_id)
    found = rows.page(
        session,
        "principal",
        before=page.before,
        limit=page.fetch,
        organization_id=organization_id,
        kind=kinds,
    )
    names = private.read(session, [row["id"] for row in found], "name")
    shown = [principals.view(row, names.get(row["id"], {}).get("name")) for row in found]
    return paged(request, page, shown)
