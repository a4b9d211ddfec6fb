"""Acts on the people and the machines of an organization."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.registrar import objects, organizations
from app.registrar.callers import Caller, new_secret, secret_hash
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.store import heads, ids, log, private, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

# What a person may be in an organization of each kind.
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "studio": ("studio_admin", "studio_clearance", "studio_finance"),
    "union": ("union_officer", "union_staff"),
    "agency": ("representative",),
    "vendor": ("vendor",),
}
# Roles without a side: given by the registry's office alone, whoever employs the person.
_OFFICE_ROLES: Final = ("auditor", "registry_admin")
_CLIENT_ROLES: Final[Mapping[str, str]] = {"studio": "pipeline", "vendor": "vendor"}

MACHINES: Final = frozenset({"client"})
PEOPLE: Final = frozenset({"user", *_OFFICE_ROLES})

MEMBERS: Final = ("kind", "organization_id", "role", "work_id", "suspended_at")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person of an organization. ``issuer`` and ``subject`` are of their sign-in."""

    role: str
    name: str | None = None
    contact: str | None = None
    issuer: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class NewClient:
    """A machine of an organization; ``work`` ties it to one work and its descendants."""

    name: str
    work: str | None = None


def add_user(tx: Tx, caller: Caller, organization_id: str, new: NewUser) -> Recorded | Refused:
    """Give a person a role in an organization."""
    organization = organizations.own(tx, caller, organization_id)
    organization_id = str(organization["id"])
    _check_role(caller, organization["kind"], new.role)
    if (new.issuer is None) != (new.subject is None):
        raise wrong("/subject", "half-a-sign-in", "Give `issuer` and `subject`, or neither.")
    heads.take(tx, lambda _: Heads())
    log.begin(tx)
    check_sign_in(tx, new.issuer, new.subject)
    row = rows.insert(
        tx,
        "principal",
        id=ids.mint("usr"),
        kind=new.role if new.role in _OFFICE_ROLES else "user",
        organization_id=organization_id,
        role=new.role,
        issuer=new.issuer,
        subject=new.subject,
    )
    private.put(tx, row["id"], name=new.name, contact=new.contact)
    return _done(tx, caller, row, name=new.name)


def add_client(tx: Tx, caller: Caller, organization_id: str, new: NewClient) -> Recorded | Refused:
    """Make a machine of an organization known; only this answer shows its secret."""
    organization = organizations.own(tx, caller, organization_id)
    organization_id = str(organization["id"])
    role = _CLIENT_ROLES.get(organization["kind"])
    if role is None:
        raise wrong("/name", "no-clients", "Only studios and vendors have pipeline clients.")
    work_id = None
    if new.work is not None:
        work = objects.find(objects.eyes_of(tx, caller), "work", new.work, "/work")
        if work["owner_id"] != organization_id:
            raise objects.unknown("/work")
        work_id = work["id"]
    heads.take(tx, lambda _: Heads())
    secret = new_secret()
    log.begin(tx)
    row = rows.insert(
        tx,
        "principal",
        id=ids.mint("client"),
        kind="client",
        organization_id=organization_id,
        work_id=work_id,
        role=role,
        secret_hash=secret_hash(secret),
    )
    private.put(tx, row["id"], name=new.name)
    return _done(tx, caller, row, name=new.name, client_secret=secret)


def suspend(
    tx: Tx, caller: Caller, organization_id: str, kind: str, principal_id: str
) -> Recorded | Refused:
    """Stop a person or a machine from doing anything more; what they did stays.

    Whoever acted for performers in their own name does so no more: a mandate ends on leaving.
    ``kind``: `user` | `client`, as the path says.
    """
    organization_id = str(organizations.own(tx, caller, organization_id)["id"])
    found = rows.current(tx.session, "principal", principal_id)
    if found is None or found["organization_id"] != organization_id:
        raise objects.unknown("")
    if (found["kind"] == "client") != (kind == "client"):
        raise objects.unknown("")
    if principal_id == caller.id:
        raise problem("conflict", f"You cannot suspend yourself. {NOTHING_RECORDED}")
    heads.take(tx, lambda _: _clients_of(tx, principal_id))
    if found["suspended_at"] is not None:
        raise problem("invalid-transition", f"Suspended already. {NOTHING_RECORDED}")
    mandates = _mandates(tx, principal_id)
    log.begin(tx)
    row = rows.amend(tx, "principal", principal_id, suspended_at=tx.now)
    for mandate in mandates:
        rows.amend(tx, "representation", mandate["id"], withdrawn_at=tx.now)
        heads.bump(tx, "performer", mandate["performer_id"])
    told = {organization_id, *(mandate["performer_id"] for mandate in mandates)}
    log.append(tx, "principal.suspended", caller.role, subjects=told)
    return Recorded(value=view(row), status=200, etag=objects.etag_of(row))


def _mandates(tx: Tx, principal_id: str) -> list[Row]:
    """What the person holds by themselves; what an agency holds stays with it."""
    return [
        *rows.where(tx.session, "representation", representative_id=principal_id, withdrawn_at=None)
    ]


def _clients_of(tx: Tx, principal_id: str) -> Heads:
    held = {mandate["performer_id"] for mandate in _mandates(tx, principal_id)}
    return Heads(exclusive=frozenset(("performer", id_) for id_ in held))


def view(row: Row, name: str | None = None) -> dict[str, Any]:
    """A person or machine as their organization sees them; no secret and no sign-in."""
    return {**objects.document(row, *MEMBERS), "name": name}


def check_sign_in(tx: Tx, issuer: str | None, subject: str | None) -> None:
    """One sign-in is one principal. To be asked after log.begin, when no other act can write.

    Raises:
        Problem: 409, it is another's already.
    """
    if issuer is not None and rows.where(tx.session, "principal", issuer=issuer, subject=subject):
        raise problem("duplicate", f"This sign-in is in use already. {NOTHING_RECORDED}")


def _check_role(caller: Caller, kind: str, role: str) -> None:
    if role in _OFFICE_ROLES and caller.role == organizations.OFFICE:
        return
    if role not in ROLES[kind]:
        fit = ", ".join(f"`{name}`" for name in ROLES[kind])
        raise wrong("/role", "role-does-not-fit", f"In a {kind} a person is {fit}.")
    # What takes two officers would take one who adds the other.
    if role == "union_officer" and caller.role != organizations.OFFICE:
        raise wrong("/role", "office-only", "Only the registry's office adds officers of a union.")


def _done(tx: Tx, caller: Caller, row: Row, *, name: str | None, **more: str) -> Recorded:
    organization_id = row["organization_id"]
    log.append(tx, "principal.added", caller.role, subjects={organization_id})
    return Recorded(value={**view(row, name), **more}, etag=objects.etag_of(row))
