"""The people and the machines of an organization."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

from app.api.deps import Caller, Reads, act, api_router, policy
from app.api.models import Id, In, Instant, Name, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import organizations, principals
from app.registrar.principals import NewClient, NewUser
from app.store import private, rows

router = api_router("organizations")

_ORG = "org_01k9zq3v5rfm8t4cy2x7d6ahwe"
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
    **policy("clients.list"),
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
    **policy("clients.suspend"),
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
    row = organizations.administered(session, caller, organization_id)
    found = rows.page(
        session,
        "principal",
        before=page.before,
        limit=page.fetch,
        organization_id=row["id"],
        kind=kinds,
    )
    names = private.read(session, [row["id"] for row in found], "name")
    shown = [principals.view(row, names.get(row["id"], {}).get("name")) for row in found]
    return paged(request, page, shown)
