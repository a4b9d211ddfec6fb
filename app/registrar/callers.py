"""Who asks: the caller of a request, made from a verified token and the principal on record."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.evidence.tokens import Claims, TokenRefusedError
from app.store import rows

STUDIO: Final = frozenset({"studio_clearance", "studio_finance", "studio_admin"})
UNION: Final = frozenset({"union_officer", "union_staff"})
ROLES: Final = (
    STUDIO
    | UNION
    | {"vendor", "performer", "representative", "pipeline", "auditor", "registry_admin"}
)
# A person whose sign-in is good and whom no principal names yet: may answer an invitation only.
NEWCOMER: Final = "newcomer"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and in which right.

    ``stepped_up``: signed in within the last ten minutes with an accepted method. ``work_id`` ties
    a pipeline client to one work and its descendants. A newcomer has an empty ``id`` and is known
    by ``issuer`` and ``subject`` alone.
    """

    id: str
    role: str
    organization_id: str | None = None
    performer_id: str | None = None
    work_id: str | None = None
    stepped_up: bool = False
    acr: str | None = None
    is_client: bool = False
    issuer: str = ""
    subject: str = ""

    @property
    def is_studio(self) -> bool:
        """Whether the caller works for a studio."""
        return self.role in STUDIO

    @property
    def is_union(self) -> bool:
        """Whether the caller works for a union."""
        return self.role in UNION


def identify(session: Session, claims: Claims, *, own: bool) -> RowMapping | None:
    """The principal that a token names; ``own`` says that the token is ours.

    Raises:
        TokenRefusedError: the principal is suspended, or two of them answer to the name.
    """
    found = rows.current(session, "principal", claims.subject) if own else None
    if found is None:
        named = rows.where(session, "principal", issuer=claims.issuer, subject=claims.subject)
        if len(named) > 1:
            raise TokenRefusedError("two principals with one name")
        found = named[0] if named else None
    if found is not None and found["suspended_at"] is not None:
        raise TokenRefusedError("suspended")
    return found


def caller_of(claims: Claims, principal: RowMapping | None, *, stepped_up: bool) -> Caller:
    """The caller that a token and a principal make.

    Raises:
        TokenRefusedError: a machine that nobody registered.
    """
    # INVARIANT: a token that was got with a secret has no `acr`, so it is never a person's.
    is_client = claims.acr is None
    if principal is None:
        if is_client:
            raise TokenRefusedError("unknown principal")
        return Caller("", NEWCOMER, acr=claims.acr, issuer=claims.issuer, subject=claims.subject)
    return Caller(
        id=principal["id"],
        role=principal["role"],
        organization_id=principal["organization_id"],
        performer_id=principal["performer_id"],
        work_id=principal["work_id"],
        stepped_up=stepped_up and not is_client and principal["kind"] != "client",
        acr=claims.acr,
        is_client=is_client or principal["kind"] == "client",
        issuer=claims.issuer,
        subject=claims.subject,
    )


def is_stepped_up(
    claims: Claims, accepted: frozenset[str], window: timedelta, at: datetime
) -> bool:
    """Whether the person signed in just now, in a way that is good enough."""
    if claims.acr not in accepted or claims.auth_time is None:
        return False
    return at - claims.auth_time <= window


# Cost of one guess: 16 MiB and some 40 ms. Source: RFC 7914 section 2.
_N, _R, _P = 2**14, 8, 1
_SALT_BYTES = 16


def new_secret() -> str:
    """Mint a client secret. Show it once and keep only `secret_hash` of it."""
    return "crs_" + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Hash a client secret for ``principal.secret_hash``."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt${_b64(salt)}${_b64(_scrypt(secret, salt))}"


def secret_fits(secret: str, kept: str | None) -> bool:
    """Whether the secret is the one that was hashed; takes as long when there is none."""
    method, salt, expected = (kept or _NOBODY).split("$")
    fits = hmac.compare_digest(_scrypt(secret, _unb64(salt)), _unb64(expected))
    return fits and kept is not None and method == "scrypt"


def new_code() -> str:
    """Mint a one-time code for a link. Keep only `code_hash` of it."""
    return secrets.token_urlsafe(24)


def code_hash(code: str) -> str:
    """Hash a one-time code; it has 192 random bits, so a fast hash is enough."""
    return hashlib.sha256(b"consent-registry/code/1\0" + code.encode()).hexdigest()


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


_NOBODY = f"scrypt${_b64(bytes(_SALT_BYTES))}${_b64(bytes(32))}"
