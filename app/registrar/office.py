"""The registry's own office: its first entry, and who signs in with a one-time code."""

from datetime import timedelta
from typing import Final

from app.registrar import objects, organizations, performers
from app.registrar.callers import (
    NEWCOMER,
    Caller,
    code_hash,
    new_code,
    new_secret,
    secret_hash,
)
from app.registrar.problems import NOTHING_RECORDED, problem
from app.store import heads, ids, log, rows
from app.store.heads import REGISTRY, Heads
from app.store.tx import Recorded, Refused, Tx

FIRST_ADMIN: Final = "first_admin"
SIGN_IN: Final = "sign_in"
_CODE_LIFE: Final = timedelta(days=2)
_ADMIN: Final = "registry_admin"


def founder() -> Caller:
    """Who acts before anybody is on record: the operator, at the machine itself."""
    return Caller("", _ADMIN)


def found(tx: Tx, company: str | None = None) -> Recorded | Refused:
    """Write entry 0 and make the one-time code of the first administrator.

    With a ``company``, it is put on record as a studio, with an administrator of its own and a
    one-time code for them: whoever runs a registry for themselves needs nobody else to begin.

    Raises:
        Problem: 409, the registry was founded before.
    """
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    if log.tip(tx.session).index >= 0:
        raise problem("conflict", f"The registry has entries already. {NOTHING_RECORDED}")
    log.begin(tx)
    code = _code(tx, FIRST_ADMIN, ids.mint("usr"))
    log.append(tx, "registry.created", _ADMIN, subjects=())
    said = {"code": code, "expires_at": rows.plain(tx.now + _CODE_LIFE)}
    return Recorded(said if company is None else {**said, **_company(tx, company)})


def enter(tx: Tx, code: str, *, alone: bool = False) -> Recorded | Refused:
    """Sign in with a one-time code. A secret in the answer is shown now and never again.

    ``alone``: nobody else signs people in to this registry, so that the code of an invitation does,
    once the record that it opens is claimed with it.

    Raises:
        Problem: 404, no such code, or it was used or its time is over.
    """
    kept = rows.where(tx.session, "code", hash=code_hash(code))
    if alone and kept and kept[0]["purpose"] not in {FIRST_ADMIN, SIGN_IN}:
        newcomer = Caller("", NEWCOMER)
        return performers.claim(tx, newcomer, kept[0]["subject_id"], code)
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    kept = rows.where(
        tx.session, "code", hash=code_hash(code), purpose={FIRST_ADMIN, SIGN_IN}, used_at=None
    )
    if not kept or kept[0]["expires_at"] <= tx.now:
        raise problem("not-found", f"No such code is open. {NOTHING_RECORDED}")
    secret = new_secret()
    log.begin(tx)
    rows.put(tx, "code", **{**kept[0], "used_at": tx.now})
    row = _let_in(tx, kept[0], secret_hash(secret))
    subjects = {row["organization_id"]} - {None}
    log.append(tx, "principal.added", row["role"], subjects=subjects)
    return Recorded({"principal": row["id"], "role": row["role"], "client_secret": secret})


def _company(tx: Tx, name: str) -> dict[str, str]:
    """The company that runs the registry for itself, and the code of who speaks for it."""
    named = objects.Named("organization")
    new = organizations.NewOrganization("studio", name)
    organization = organizations.write(tx, founder(), new, named).value
    log.begin(tx)
    user = rows.insert(
        tx,
        "principal",
        id=ids.mint("usr"),
        kind="user",
        organization_id=organization["id"],
        role="studio_admin",
    )
    code = _code(tx, SIGN_IN, user["id"])
    log.append(tx, "principal.added", _ADMIN, subjects={organization["id"]})
    return {"company": organization["id"], "company_code": code}


def _code(tx: Tx, purpose: str, subject_id: str) -> str:
    code = new_code()
    rows.insert(
        tx,
        "code",
        hash=code_hash(code),
        purpose=purpose,
        subject_id=subject_id,
        expires_at=tx.now + _CODE_LIFE,
    )
    return code


def _let_in(tx: Tx, kept: objects.Row, hash_: str) -> objects.Row:
    if kept["purpose"] == SIGN_IN:
        return rows.amend(tx, "principal", kept["subject_id"], secret_hash=hash_)
    return rows.insert(
        tx, "principal", id=kept["subject_id"], kind=_ADMIN, role=_ADMIN, secret_hash=hash_
    )
