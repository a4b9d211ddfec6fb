"""Acts on organizations: registering them, the rules they accept, the agreements they signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import authorship, objects, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import must_match, wrong
from app.rules.reasons import plain
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

OFFICE: Final = "registry_admin"
MEMBERS: Final = ("name", "kind", "agreements", "registry_rules_accepted_on")
SIGNATORY_MEMBERS: Final = (
    "organization_id",
    "union_id",
    "agreement",
    "starts_on",
    "ends_on",
    "stated_by",
    "confirmed_by",
    "disputed_by",
    "confirmed_at",
    "disputed_at",
)


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """``agreements``: the families of agreements that a union is party to."""

    kind: str
    name: str
    agreements: tuple[str, ...] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class NewSignatory:
    """An organization is bound by a family of agreements on the days named, both inclusive."""

    agreement: str
    starts_on: date
    ends_on: date | None = None
    union: str | None = None


def administered(session: Session, caller: Caller, organization_id: str) -> Row:
    """The organization that the caller administers; the office administers all.

    Raises:
        Problem: 404, unknown or another's.
    """
    id_ = objects.id_of(session, caller, "organization", organization_id)
    row = rows.current(session, "organization", id_)
    if row is None or (caller.role != OFFICE and caller.organization_id != id_):
        raise objects.unknown("")
    return row


def own(tx: Tx, caller: Caller, organization_id: str) -> Row:
    """As `administered`, in an act."""
    return administered(tx.session, caller, organization_id)


def register(tx: Tx, caller: Caller, new: NewOrganization) -> Recorded | Refused:
    """Put a studio, union, agency or vendor on record; only a union is party to agreements."""
    if new.agreements and new.kind != "union":
        raise wrong("/agreements", "not-a-union", "Only a union is party to agreements here.")
    looking = objects.eyes_of(tx, caller)
    named = objects.names(looking, "organization", new.ref, {})
    heads.take(tx, lambda _: Heads())
    return write(tx, caller, new, named)


def write(tx: Tx, caller: Caller, new: NewOrganization, named: objects.Named) -> Recorded:
    """Put an organization on record that was checked, once the act has its instant."""
    organization_id = ids.mint("org")
    log.begin(tx)
    heads.create(tx, "organization", organization_id)
    row = rows.insert(
        tx,
        "organization",
        id=organization_id,
        kind=new.kind,
        name=new.name,
        agreements=list(new.agreements),
        stated_by=objects.owner(caller),
        confirmed_by=caller.id,
        confirmed_at=tx.now,
    )
    refs = objects.keep_names(tx, caller, named, organization_id)
    log.append(tx, "organization.registered", caller.role, subjects={organization_id})
    return Recorded(
        value={**view(row), "refs": refs},
        location=f"/v1/organizations/{organization_id}",
        etag=objects.etag_of(row),
    )


def change(
    tx: Tx, caller: Caller, organization_id: str, changes: Mapping[str, Any], read: frozenset[int]
) -> Recorded | Refused:
    """Accept the registry's rules from a day on, or correct a name or a union's agreements.

    Vetoes rest on the acceptance, so it is never taken back and never reaches into the past.
    """
    organization_id = str(own(tx, caller, organization_id)["id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("organization", organization_id)})))
    row = own(tx, caller, organization_id)
    must_match(read, row["version"])
    _check_changes(tx, caller, row, changes)
    log.begin(tx)
    row = rows.amend(tx, "organization", organization_id, **changes)
    heads.bump(tx, "organization", organization_id)
    if "agreements" in changes:
        # A union party to one more agreement has standing over whatever that one binds.
        studios = rows.where(tx.session, "organization", kind="studio")
        sweep.sweep(tx, studios={studio["id"] for studio in studios})
    if "registry_rules_accepted_on" in changes:
        # A wide veto of the same day that rests on these rules stops the studio's uses from now on.
        sweep.sweep(tx, studios={organization_id})
    log.append(tx, "organization.changed", caller.role, subjects={organization_id})
    return Recorded(value=view(row), status=200, etag=objects.etag_of(row))


def state_signatory(
    tx: Tx, caller: Caller, organization_id: str, new: NewSignatory
) -> Recorded | Refused:
    """State which agreement binds an organization; counted as confirmed when the office says so."""
    organization_id = str(own(tx, caller, organization_id)["id"])
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise wrong("/ends_on", "before-start", "The last day is not before the first.")
    union_id = _union_of(objects.eyes_of(tx, caller), new)
    heads.take(tx, lambda _: _signatory_heads(organization_id, union_id))
    log.begin(tx)
    row = rows.insert(
        tx,
        "signatory",
        id=ids.mint("sig"),
        organization_id=organization_id,
        union_id=union_id,
        agreement=new.agreement,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        stated_by=objects.owner(caller),
        confirmed_by=caller.id if caller.role == OFFICE else None,
        confirmed_at=tx.now if caller.role == OFFICE else None,
    )
    return _signatory_done(tx, caller, row, "signatory.recorded", status=201)


def answer_signatory(
    tx: Tx, caller: Caller, organization_id: str, signatory_id: str, act: str
) -> Recorded | Refused:
    """Confirm or dispute what an organization stated of itself. ``act``: `confirm` | `dispute`."""
    row = _told(tx, caller, organization_id, signatory_id)
    organization_id = str(row["organization_id"])
    heads.take(tx, lambda _: _signatory_heads(organization_id, row["union_id"]))
    row = _told(tx, caller, organization_id, signatory_id)
    said = authorship.confirmation if act == "confirm" else authorship.dispute
    changes = said(tx, row, caller)
    log.begin(tx)
    changed = rows.amend(tx, "signatory", signatory_id, **changes)
    return _signatory_done(tx, caller, changed, "signatory.recorded", status=200)


def end_signatory(
    tx: Tx, caller: Caller, organization_id: str, signatory_id: str, ends_on: date
) -> Recorded | Refused:
    """Say which day is the last on which an agreement binds an organization."""
    row = _signatory(tx, caller, organization_id, signatory_id)
    organization_id = str(row["organization_id"])
    heads.take(tx, lambda _: _signatory_heads(organization_id, row["union_id"]))
    row = _signatory(tx, caller, organization_id, signatory_id)
    if ends_on < row["starts_on"]:
        raise wrong("/ends_on", "before-start", f"It began on {plain(row['starts_on'])}.")
    log.begin(tx)
    changed = rows.amend(tx, "signatory", signatory_id, ends_on=ends_on)
    return _signatory_done(tx, caller, changed, "signatory.ended", status=200)


def view(row: Row) -> dict[str, Any]:
    """An organization as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def signatory_view(row: Row) -> dict[str, Any]:
    """A signatory row as it stands on the wire."""
    return objects.document(row, *SIGNATORY_MEMBERS)


def _check_changes(tx: Tx, caller: Caller, row: Row, changes: Mapping[str, Any]) -> None:
    if not changes:
        raise wrong("", "nothing-to-change", "Name at least one member to change.")
    office_only = changes.keys() & {"name", "agreements"}
    if office_only and caller.role != OFFICE:
        named = f"/{min(office_only)}"
        raise wrong(named, "office-only", "Only the registry's office changes this member.")
    if changes.get("agreements") and row["kind"] != "union":
        raise wrong("/agreements", "not-a-union", "Only a union is party to agreements here.")
    if "registry_rules_accepted_on" in changes:
        _check_acceptance(tx, row["registry_rules_accepted_on"], changes)


def _check_acceptance(tx: Tx, before: date | None, changes: Mapping[str, Any]) -> None:
    pointer, accepted = "/registry_rules_accepted_on", changes["registry_rules_accepted_on"]
    if accepted is None or before is not None:
        raise wrong(pointer, "accepted-already", "An acceptance is recorded once and stays.")
    if accepted < tx.now.date():
        raise wrong(pointer, "in-the-past", f"Give today, {tx.now.date()}, or a later day.")


def _union_of(looking: Eyes, new: NewSignatory) -> str | None:
    unions = [
        str(row["id"])
        for row in rows.where(looking.session, "organization", kind="union")
        if new.agreement in row["agreements"]
    ]
    if new.union is not None:
        named = str(objects.organization(looking, new.union, "/union", "union")["id"])
        if named not in unions:
            raise wrong("/union", "not-party", f"That union is not party to `{new.agreement}`.")
        return named
    if len(unions) > 1:
        raise wrong("/union", "ambiguous", f"Several unions are party to `{new.agreement}`.")
    return unions[0] if unions else None


def _signatory(tx: Tx, caller: Caller, organization_id: str, signatory_id: str) -> Row:
    organization = own(tx, caller, organization_id)
    row = rows.current(tx.session, "signatory", signatory_id)
    if row is None or row["organization_id"] != organization["id"]:
        raise objects.unknown("")
    return row


def _told(tx: Tx, caller: Caller, organization_id: str, signatory_id: str) -> Row:
    """The row, for the union across the table and for the office."""
    id_ = objects.id_of(tx.session, caller, "organization", organization_id)
    row = rows.current(tx.session, "signatory", signatory_id)
    if row is None or row["organization_id"] != id_:
        raise objects.unknown("")
    if caller.role != OFFICE and row["union_id"] != caller.organization_id:
        raise objects.unknown("")
    return row


def _signatory_heads(organization_id: str, union_id: str | None) -> Heads:
    # A strike holds its union's head exclusively: it and this act never miss each other.
    shared = {("organization", union_id)} if union_id else set()
    return Heads(exclusive=frozenset({("organization", organization_id)}), shared=frozenset(shared))


def _signatory_done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    organization_id, union_id = row["organization_id"], row["union_id"]
    heads.bump(tx, "organization", organization_id)
    sweep.sweep(tx, studios={organization_id})
    log.append(
        tx, type_, caller.role, subjects={organization_id, *([union_id] if union_id else [])}
    )
    return Recorded(
        value=signatory_view(row),
        status=status,
        etag=objects.etag_of(row),
    )
