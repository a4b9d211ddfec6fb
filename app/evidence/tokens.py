"""Access tokens: ours, and those of the issuers that sign people in.

Source: RFC 9068 (`at+jwt`), RFC 8725 (best practice). PyJWT checks the signature; every other rule
is here, because a JWT library accepts more than an access token may be.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK, PyJWS
from jwt.exceptions import PyJWTError
from jwt.types import JWKDict

from app.evidence.keys import Keyring
from app.rules.decoding import UndecodableError, decode

TYPE: Final = "at+jwt"
MAX_BYTES: Final = 8 * 1024
LEEWAY: Final = timedelta(seconds=60)

_ALGORITHMS: Final = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256", ("RSA", None): "RS256"}
# Members of a header that bring keys along, point at them, or change what is signed.
_FORBIDDEN_HEADERS: Final = ("jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "cty")
_MAX_TEXT: Final = 255
_MAX_INSTANT: Final = 2**40
_MIN_RSA_BITS: Final = 2048
_MAX_LIFETIME: Final = 3600


class TokenRefusedError(ValueError):
    """The token is none of ours to accept; ``why`` is for the log, not for the sender."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class IssuersFileError(ValueError):
    """The file of issuers cannot be used; the start stops."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs tokens, with which keys, for whom. Every key has its one algorithm."""

    name: str
    audience: str
    keys: Mapping[str, PyJWK]
    accepted_acr: frozenset[str]
    lifetime: timedelta


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says, once all of it was checked."""

    issuer: str
    subject: str
    client_id: str
    token_id: str
    issued_at: datetime
    expires_at: datetime
    scope: str | None
    acr: str | None
    auth_time: datetime | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a new token of ours is to say. ``auth_time`` and ``acr`` are a person's only."""

    subject: str
    client_id: str
    scope: str | None = None
    acr: str | None = None
    auth_time: datetime | None = None


def own_issuer(ring: Keyring, base_url: str, *, acr: frozenset[str], lifetime: timedelta) -> Issuer:
    """Ourselves as an issuer: what we sign is meant for us alone."""
    keys = {key["kid"]: PyJWK.from_dict(dict(key)) for key in ring.jwks()["keys"]}
    return Issuer(base_url, base_url, keys, acr, lifetime)


def issue(ring: Keyring, issuer: Issuer, grant: Grant, at: datetime) -> str:
    """Sign an access token of ours that lives from ``at`` for the issuer's lifetime."""
    claims: dict[str, object] = {
        "iss": issuer.name,
        "sub": grant.subject,
        "aud": issuer.audience,
        "iat": int(at.timestamp()),
        "exp": int((at + issuer.lifetime).timestamp()),
        "jti": secrets.token_urlsafe(16),
        "client_id": grant.client_id,
    }
    if grant.scope is not None:
        claims["scope"] = grant.scope
    if grant.acr is not None and grant.auth_time is not None:
        claims |= {"acr": grant.acr, "auth_time": int(grant.auth_time.timestamp())}
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return PyJWS().encode(
        payload, ring.signing, algorithm="EdDSA", headers={"typ": TYPE, "kid": ring.kid}
    )


def verify(token: str, issuers: Mapping[str, Issuer], at: datetime) -> Claims:
    """Accept a token, or say why not.

    Raises:
        TokenRefusedError: for anything but a good access token of a known issuer for its audience.
    """
    header, payload = _unverified(token)
    issuer = issuers.get(_text(payload, "iss"))
    if issuer is None:
        raise TokenRefusedError("unknown issuer")
    _check_signature(token, header, issuer)
    # Nothing of the payload but the issuer's name was used before this line.
    if payload.get("aud") != issuer.audience or not isinstance(payload["aud"], str):
        raise TokenRefusedError("another audience")
    issued, expires = _instant(payload, "iat"), _instant(payload, "exp")
    _check_times(payload, issuer, at)
    auth_time = _instant(payload, "auth_time") if "auth_time" in payload else None
    if auth_time is not None and auth_time > at + LEEWAY:
        raise TokenRefusedError("signed in after now")
    return Claims(
        issuer=issuer.name,
        subject=_text(payload, "sub"),
        client_id=_text(payload, "client_id"),
        token_id=_text(payload, "jti"),
        issued_at=issued,
        expires_at=expires,
        scope=_text(payload, "scope") if "scope" in payload else None,
        acr=_text(payload, "acr") if "acr" in payload else None,
        auth_time=auth_time,
    )


def read_issuers(path: Path) -> dict[str, Issuer]:
    """Read the issuers that sign people in.

    A JSON list of ``{issuer, audience, acr: [...], jwks: {...} or jwks_file: "...",
    max_lifetime_s?}``. Keys come from here alone; nothing is fetched.

    Raises:
        IssuersFileError: the file cannot be read, or names a key that must not be used.
    """
    try:
        raw = decode(path.read_bytes())
    except (OSError, UndecodableError) as error:
        raise IssuersFileError(f"`{path}` cannot be read: {error}") from error
    if not isinstance(raw, list):
        raise IssuersFileError(f"`{path}` must hold a list of issuers")
    issuers = [_issuer(item, path.parent) for item in raw]
    if len({issuer.name for issuer in issuers}) != len(issuers):
        raise IssuersFileError(f"`{path}` names an issuer twice")
    return {issuer.name: issuer for issuer in issuers}


def _unverified(token: str) -> tuple[dict[str, object], dict[str, object]]:
    if len(token) > MAX_BYTES:
        raise TokenRefusedError("too long")
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise TokenRefusedError("not a signed token")
    header, payload, _ = (_canonical(part) for part in parts)
    return _members(header, "header"), _members(payload, "payload")


def _canonical(part: str) -> bytes:
    # Other texts decode to the same bytes; a token has one text only.
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise TokenRefusedError("not base64url") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise TokenRefusedError("base64url in another than its canonical form")
    return raw


def _members(raw: bytes, what: str) -> dict[str, object]:
    try:
        value = decode(raw)
    except UndecodableError as error:
        raise TokenRefusedError(f"{what}: {error.detail}") from None
    if not isinstance(value, dict):
        raise TokenRefusedError(f"{what} is no object")
    return value


def _check_signature(token: str, header: Mapping[str, object], issuer: Issuer) -> None:
    if header.get("typ") != TYPE:
        raise TokenRefusedError("not an access token")
    for name in _FORBIDDEN_HEADERS:
        if name in header:
            raise TokenRefusedError(f"header `{name}`")
    kid = header.get("kid")
    key = issuer.keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefusedError("unknown key")
    if header.get("alg") != key.algorithm_name:
        raise TokenRefusedError("another algorithm than the key's")
    try:
        _verified(token, key)
    except (PyJWTError, ValueError, TypeError):
        raise TokenRefusedError("signature") from None


@lru_cache(maxsize=4096)
def _verified(token: str, key: PyJWK) -> None:
    """Check a signature, once for each token and key: that these two fit never changes.

    Times, audience and who is suspended are looked at on every request, and what does not fit
    raises, which is not remembered.
    """
    PyJWS().decode_complete(token, key, algorithms=[key.algorithm_name])


def _check_times(payload: Mapping[str, object], issuer: Issuer, at: datetime) -> None:
    issued, expires = _instant(payload, "iat"), _instant(payload, "exp")
    if expires <= at - LEEWAY:
        raise TokenRefusedError("expired")
    if issued > at + LEEWAY:
        raise TokenRefusedError("issued after now")
    if "nbf" in payload and _instant(payload, "nbf") > at + LEEWAY:
        raise TokenRefusedError("not valid yet")
    if not timedelta(0) < expires - issued <= issuer.lifetime:
        raise TokenRefusedError("lives longer than its issuer may say")


def _text(payload: Mapping[str, object], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
        raise TokenRefusedError(f"`{name}` is missing or no text")
    return value


def _instant(payload: Mapping[str, object], name: str) -> datetime:
    value = payload.get(name)
    # A boolean is an integer to Python; a fraction or a power of ten is no NumericDate of ours.
    if type(value) is not int or not 0 < value < _MAX_INSTANT:
        raise TokenRefusedError(f"`{name}` is missing or no instant")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise TokenRefusedError(f"`{name}` is no instant") from None


def _issuer(item: object, folder: Path) -> Issuer:
    if not isinstance(item, dict):
        raise IssuersFileError("an issuer is an object")
    unknown = item.keys() - {"issuer", "audience", "acr", "jwks", "jwks_file", "max_lifetime_s"}
    if unknown:
        raise IssuersFileError(f"unknown member {', '.join(sorted(unknown))}")
    name, audience, acr = item.get("issuer"), item.get("audience"), item.get("acr", [])
    lifetime = item.get("max_lifetime_s", _MAX_LIFETIME)
    if not isinstance(name, str) or not isinstance(audience, str) or not name or not audience:
        raise IssuersFileError("an issuer needs `issuer` and `audience`")
    if not isinstance(acr, list) or not all(isinstance(value, str) for value in acr):
        raise IssuersFileError(f"`acr` of {name} must be a list of strings")
    if type(lifetime) is not int or not 0 < lifetime <= _MAX_LIFETIME:
        raise IssuersFileError(f"`max_lifetime_s` of {name} must be 1 to {_MAX_LIFETIME}")
    keys = _keys(name, _jwks(item, folder))
    return Issuer(name, audience, keys, frozenset(acr), timedelta(seconds=lifetime))


def _jwks(item: Mapping[str, object], folder: Path) -> Sequence[object]:
    jwks = item.get("jwks")
    if isinstance(file := item.get("jwks_file"), str):
        try:
            jwks = decode((folder / file).read_bytes())
        except (OSError, UndecodableError) as error:
            raise IssuersFileError(f"`{file}` cannot be read: {error}") from error
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not keys:
        raise IssuersFileError(f"{item.get('issuer')} has no keys")
    return keys


def _keys(name: str, jwks: Sequence[object]) -> dict[str, PyJWK]:
    keys: dict[str, PyJWK] = {}
    for jwk in jwks:
        if not isinstance(jwk, dict) or not isinstance(kid := jwk.get("kid"), str) or kid in keys:
            raise IssuersFileError(f"every key of {name} needs a `kid` of its own")
        keys[kid] = _key(name, jwk)
    return keys


def _key(name: str, jwk: JWKDict) -> PyJWK:
    kid = jwk["kid"]
    algorithm = _ALGORITHMS.get((jwk.get("kty", ""), jwk.get("crv")))
    if algorithm is None or jwk.get("alg", algorithm) != algorithm:
        raise IssuersFileError(f"key `{kid}` of {name} must be Ed25519, P-256 or RSA")
    if jwk.get("use", "sig") != "sig" or "verify" not in jwk.get("key_ops", ["verify"]):
        raise IssuersFileError(f"key `{kid}` of {name} is not for signatures")
    if "d" in jwk:
        raise IssuersFileError(f"key `{kid}` of {name} is a private key")
    try:
        key = PyJWK.from_dict(jwk, algorithm=algorithm)
    except (PyJWTError, ValueError, TypeError) as error:
        raise IssuersFileError(f"key `{kid}` of {name} cannot be read") from error
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < _MIN_RSA_BITS:
        raise IssuersFileError(f"key `{kid}` of {name} is shorter than {_MIN_RSA_BITS} bits")
    return key
