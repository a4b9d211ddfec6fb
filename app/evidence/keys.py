"""Keys on disk: a directory for each purpose, made at the first start, readable by its owner only.

The newest key of a purpose signs; all of them verify, so that a key can be replaced while what it
signed is still in use. Remove a file to retire its key.
"""

import base64
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FIRST = "0001.pem"
# The purpose of the keys that sign access tokens.
TOKENS = "tokens"


class KeyDirectoryError(ValueError):
    """The keys cannot be trusted as they lie there; the start stops."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The Ed25519 keys of one purpose, by key id. ``kid`` names the one that signs."""

    kid: str
    signing: Ed25519PrivateKey
    public: Mapping[str, Ed25519PublicKey]

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys. Source: RFC 7517, RFC 8037."""
        return {
            "keys": [
                {**_jwk(key), "kid": kid, "use": "sig", "alg": "EdDSA"}
                for kid, key in sorted(self.public.items())
            ]
        }


def keyring(key_dir: Path, purpose: str) -> Keyring:
    """The keys of a purpose, such as ``tokens``; the first one is made when there is none.

    Raises:
        KeyDirectoryError: others may read the directory or a key, or a file is no Ed25519 key.
    """
    folder = _private_folder(_private_folder(key_dir) / purpose)
    if not any(folder.glob("*.pem")):
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        _write_once(folder / _FIRST, pem)
    keys = [_private_key(path) for path in sorted(folder.glob("*.pem"))]
    public = {thumbprint(key.public_key()): key.public_key() for key in keys}
    return Keyring(thumbprint(keys[-1].public_key()), keys[-1], public)


def secret(key_dir: Path, purpose: str) -> bytes:
    """The 32 random bytes of a purpose, such as ``cursors``; made when there are none.

    Raises:
        KeyDirectoryError: others may read it, or it is too short.
    """
    path = _private_folder(key_dir) / f"{purpose}.key"
    if not path.exists():
        _write_once(path, secrets.token_bytes(32))
    raw = _read_private(path)
    if len(raw) < 32:  # noqa: PLR2004 - as many bytes as were written
        raise KeyDirectoryError(f"`{path}` is too short for a secret")
    return raw


def thumbprint(key: Ed25519PublicKey) -> str:
    """The key id. Source: RFC 7638 with the members of RFC 8037 appendix A.3."""
    canonical = json.dumps(_jwk(key), sort_keys=True, separators=(",", ":")).encode()
    return _b64(hashlib.sha256(canonical).digest())


def _jwk(key: Ed25519PublicKey) -> dict[str, str]:
    x = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"crv": "Ed25519", "kty": "OKP", "x": _b64(x)}


def _private_folder(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & _GROUP_AND_OTHERS:
        raise KeyDirectoryError(f"`{folder}` must be its owner's alone: chmod 700 {folder}")
    return folder


def _write_once(path: Path, raw: bytes) -> None:
    # Workers start together: whoever links first made the key, and the others read it.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _read_private(path: Path) -> bytes:
    if path.stat().st_mode & _GROUP_AND_OTHERS:
        raise KeyDirectoryError(f"`{path}` must be its owner's alone: chmod 600 {path}")
    return path.read_bytes()


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(_read_private(path), password=None)
    except (ValueError, TypeError) as error:
        if isinstance(error, KeyDirectoryError):
            raise
        raise KeyDirectoryError(f"`{path}` is no private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyDirectoryError(f"`{path}` is no Ed25519 key")
    return key


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
