"""The registry's own office: its first entry, and its first administrator by a one-time code."""

from datetime import timedelta
from typing import Final

from app.registrar.callers import Caller, code_hash, new_code, new_secret, secret_hash
from app.registrar.problems import NOTHING_RECORDED, problem
from app.store import heads, ids, log, rows
from app.store.heads import REGISTRY, Heads
from app.store.tx import Recorded, Refused, Tx

FIRST_ADMIN: Final = "first_admin"
_CODE_LIFE: Final = timedelta(days=2)
_ADMIN: Final = "registry_admin"


def founder() -> Caller:
    """Who acts before anybody is on record: the operator, at the machine itself."""
    return Caller("", _ADMIN)


def found(tx: Tx) -> Recorded | Refused:
    """Write entry 0 and make the one-time code of the first administrator.

    Raises:
        Problem: 409, the registry was founded before.
    """
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    if log.tip(tx.session).index >= 0:
        raise problem("conflict", f"The registry has entries already. {NOTHING_RECORDED}")
    code = new_code()
    log.begin(tx)
    rows.insert(
        tx,
        "code",
        hash=code_hash(code),
        purpose=FIRST_ADMIN,
        subject_id=ids.mint("usr"),
        expires_at=tx.now + _CODE_LIFE,
    )
    log.append(tx, "registry.created", _ADMIN, subjects=())
    return Recorded({"code": code, "expires_at": rows.plain(tx.now + _CODE_LIFE)})


def enter(tx: Tx, code: str) -> Recorded | Refused:
    """Become the first administrator. The secret in the answer is shown now and never again.

    Raises:
        Problem: 404, no such code, or it was used or its time is over.
    """
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    kept = rows.where(tx.session, "code", hash=code_hash(code), purpose=FIRST_ADMIN)
    if not kept or kept[0]["used_at"] is not None or kept[0]["expires_at"] <= tx.now:
        raise problem("not-found", f"No such code is open. {NOTHING_RECORDED}")
    secret = new_secret()
    log.begin(tx)
    rows.put(tx, "code", **{**kept[0], "used_at": tx.now})
    row = rows.insert(
        tx,
        "principal",
        id=kept[0]["subject_id"],
        kind=_ADMIN,
        role=_ADMIN,
        secret_hash=secret_hash(secret),
    )
    log.append(tx, "principal.added", _ADMIN, subjects=())
    return Recorded({"principal": row["id"], "client_secret": secret})
