"""Access tokens that must not pass, each with the reason, and those that must."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key

from app.evidence.keys import Keyring, keyring
from app.evidence.tokens import (
    Grant,
    Issuer,
    IssuersFileError,
    TokenRefusedError,
    issue,
    own_issuer,
    read_issuers,
    verify,
)
from app.registrar.callers import Caller, caller_of, is_stepped_up

BASE = "https://registry.example"
OTHER = "https://people.example"
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
NOW = int(NOON.timestamp())
TEN_MINUTES = timedelta(minutes=10)

Members = dict[str, Any]


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def to_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


@dataclass
class Bench:
    """Our own issuer with its keys, and a second one that signs people in."""

    ring: Keyring
    issuers: Mapping[str, Issuer]
    stranger: Ed25519PrivateKey
    p256: Any

    def header(self) -> Members:
        return {"alg": "EdDSA", "typ": "at+jwt", "kid": self.ring.kid}

    def claims(self) -> Members:
        return {
            "iss": BASE,
            "sub": "usr_1",
            "aud": BASE,
            "iat": NOW,
            "exp": NOW + 600,
            "jti": "a-token",
            "client_id": "consent-registry",
        }

    def sign(self, header: bytes, payload: bytes) -> str:
        signed = f"{b64(header)}.{b64(payload)}"
        return f"{signed}.{b64(self.ring.signing.sign(signed.encode()))}"

    def make(self, header: Members | None = None, claims: Members | None = None) -> str:
        return self.sign(
            to_json(self.header() | (header or {})), to_json(self.claims() | (claims or {}))
        )

    def without(self, name: str) -> str:
        claims = self.claims()
        del claims[name]
        return self.sign(to_json(self.header()), to_json(claims))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    ring = keyring(tmp_path_factory.mktemp("keys") / "k", "tokens")
    own = own_issuer(ring, BASE, acr=frozenset({"demo"}), lifetime=TEN_MINUTES)
    p256 = ec_key(SECP256R1())
    jwk = jwt.algorithms.ECAlgorithm.to_jwk(p256.public_key(), as_dict=True) | {"kid": "p256"}
    path = tmp_path_factory.mktemp("issuers") / "issuers.json"
    path.write_text(
        json.dumps(
            [
                {
                    "issuer": OTHER,
                    "audience": BASE,
                    "acr": ["phr"],
                    "jwks": {"keys": [jwk]},
                    "max_lifetime_s": 900,
                }
            ]
        )
    )
    issuers = {**read_issuers(path), own.name: own}
    return Bench(ring, issuers, Ed25519PrivateKey.generate(), p256)


def other_token(bench: Bench, header: Members | None = None, claims: Members | None = None) -> str:
    payload = bench.claims() | {"iss": OTHER, "acr": "phr", "auth_time": NOW} | (claims or {})
    return jwt.PyJWS().encode(
        to_json(payload),
        bench.p256,
        algorithm="ES256",
        headers={"typ": "at+jwt", "kid": "p256"} | (header or {}),
    )


def foreign_signature(bench: Bench) -> str:
    signed = bench.make().rpartition(".")[0]
    return f"{signed}.{b64(bench.stranger.sign(signed.encode()))}"


def hs256_with_public_key(bench: Bench) -> str:
    public = bench.ring.public[bench.ring.kid].public_bytes_raw()
    header = bench.header() | {"alg": "HS256"}
    return jwt.PyJWS().encode(to_json(bench.claims()), public, algorithm="HS256", headers=header)


def unsigned(bench: Bench, alg: str) -> str:
    signed = f"{b64(to_json(bench.header() | {'alg': alg}))}.{b64(to_json(bench.claims()))}"
    return f"{signed}."


def tampered(bench: Bench) -> str:
    header, _, signature = bench.make().split(".")
    return f"{header}.{b64(to_json(bench.claims() | {'sub': 'usr_2'}))}.{signature}"


def other_last_letter(token: str) -> str:
    """The same bytes in another text: the last letter of a signature has bits that count not."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters.index(token[-1])
    return token[:-1] + letters[last ^ 1]


BAD: list[tuple[str, Callable[[Bench], str], str]] = [
    ("an empty text", lambda _: "", "not a signed token"),
    ("one part", lambda _: "abc", "not a signed token"),
    ("two parts", lambda _: "a.b", "not a signed token"),
    ("five parts, as an encrypted one has", lambda _: "a.b.c.d.e", "not a signed token"),
    ("longer than 8 KiB", lambda b: b.make({}, {"pad": "x" * 9000}), "too long"),
    ("no base64url", lambda _: "$$.$$.$$", "not base64url"),
    ("letters beyond ASCII", lambda _: "é.é.é", "not base64url"),
    ("a header that is no JSON", lambda b: b.sign(b"{", to_json(b.claims())), "header"),
    ("a header that is a list", lambda b: b.sign(b"[]", to_json(b.claims())), "header is no"),
    ("a payload that is no object", lambda b: b.sign(to_json(b.header()), b"1"), "payload is no"),
    (
        "a claim twice",
        lambda b: b.sign(to_json(b.header()), to_json(b.claims())[:-1] + b',"sub":"usr_2"}'),
        "stands twice",
    ),
    (
        "a header member twice",
        lambda b: b.sign(to_json(b.header())[:-1] + b',"alg":"none"}', to_json(b.claims())),
        "stands twice",
    ),
    ("no signature, alg none", lambda b: unsigned(b, "none"), "another algorithm"),
    ("no signature, alg nOnE", lambda b: unsigned(b, "nOnE"), "another algorithm"),
    ("no signature, right alg", lambda b: unsigned(b, "EdDSA"), "signature"),
    ("HMAC with the public key", hs256_with_public_key, "another algorithm"),
    ("alg ES256 for an Ed25519 key", lambda b: b.make({"alg": "ES256"}), "another algorithm"),
    ("alg is a list", lambda b: b.make({"alg": ["EdDSA"]}), "another algorithm"),
    ("signed by another key", foreign_signature, "signature"),
    ("changed after signing", tampered, "signature"),
    ("padding in the text", lambda b: b.make() + "==", "base64url"),
    ("the last letter in another form", lambda b: other_last_letter(b.make()), "canonical"),
    ("a line break in the text", lambda b: b.make() + "\n", "base64url"),
    ("typ JWT", lambda b: b.make({"typ": "JWT"}), "not an access token"),
    ("typ logout+jwt", lambda b: b.make({"typ": "logout+jwt"}), "not an access token"),
    ("no typ", lambda b: b.make({"typ": None}), "not an access token"),
    ("no kid", lambda b: b.make({"kid": None}), "unknown key"),
    ("a path for kid", lambda b: b.make({"kid": "../../dev/null"}), "unknown key"),
    ("SQL for kid", lambda b: b.make({"kid": "' or 1=1 --"}), "unknown key"),
    ("an object for kid", lambda b: b.make({"kid": {"a": 1}}), "unknown key"),
    ("another issuer's kid", lambda b: b.make({"kid": "p256"}), "unknown key"),
    ("a key brought along", lambda b: b.make({"jwk": {"kty": "OKP"}}), "header `jwk`"),
    ("a key to be fetched", lambda b: b.make({"jku": "https://x.example"}), "header `jku`"),
    ("a certificate to be fetched", lambda b: b.make({"x5u": "https://x"}), "header `x5u`"),
    ("a certificate brought along", lambda b: b.make({"x5c": []}), "header `x5c`"),
    ("a critical extension", lambda b: b.make({"crit": ["exp"]}), "header `crit`"),
    ("an unencoded payload", lambda b: b.make({"b64": False}), "header `b64`"),
    ("a compressed payload", lambda b: b.make({"zip": "DEF"}), "header `zip`"),
    ("an unknown issuer", lambda b: b.make({}, {"iss": "https://evil.example"}), "unknown issuer"),
    ("an issuer with a slash more", lambda b: b.make({}, {"iss": BASE + "/"}), "unknown issuer"),
    ("no issuer", lambda b: b.without("iss"), "`iss`"),
    ("another audience", lambda b: b.make({}, {"aud": "https://else.example"}), "audience"),
    ("a list of audiences", lambda b: b.make({}, {"aud": [BASE, "x"]}), "audience"),
    ("a list of the one audience", lambda b: b.make({}, {"aud": [BASE]}), "audience"),
    ("no audience", lambda b: b.without("aud"), "audience"),
    ("no exp", lambda b: b.without("exp"), "`exp`"),
    ("no iat", lambda b: b.without("iat"), "`iat`"),
    ("no sub", lambda b: b.without("sub"), "`sub`"),
    ("no jti", lambda b: b.without("jti"), "`jti`"),
    ("no client_id", lambda b: b.without("client_id"), "`client_id`"),
    ("an empty sub", lambda b: b.make({}, {"sub": ""}), "`sub`"),
    ("a number for sub", lambda b: b.make({}, {"sub": 7}), "`sub`"),
    ("a very long sub", lambda b: b.make({}, {"sub": "x" * 256}), "`sub`"),
    ("NUL in sub", lambda b: b.make({}, {"sub": "a\x00b"}), "U+0000"),
    ("expired", lambda b: b.make({}, {"iat": NOW - 700, "exp": NOW - 100}), "expired"),
    ("exp as text", lambda b: b.make({}, {"exp": str(NOW + 60)}), "`exp`"),
    ("exp as a fraction", lambda b: b.make({}, {"exp": NOW + 60.5}), "`exp`"),
    ("exp true", lambda b: b.make({}, {"exp": True}), "`exp`"),
    ("exp negative", lambda b: b.make({}, {"exp": -1}), "`exp`"),
    ("exp beyond any calendar", lambda b: b.make({}, {"exp": 2**52}), "`exp`"),
    (
        "exp 10^400",
        lambda b: b.sign(
            to_json(b.header()),
            to_json(b.claims() | {"exp": 0}).replace(b'"exp":0', b'"exp":1' + b"0" * 400),
        ),
        "2^53-1",
    ),
    (
        "exp Infinity",
        lambda b: b.make({}, {"exp": float("inf")}),
        "Infinity",
    ),
    ("lives for an hour", lambda b: b.make({}, {"exp": NOW + 3600}), "lives longer"),
    ("ends before it begins", lambda b: b.make({}, {"iat": NOW + 50, "exp": NOW + 40}), "lives"),
    ("issued after now", lambda b: b.make({}, {"iat": NOW + 61, "exp": NOW + 600}), "issued after"),
    ("not before later", lambda b: b.make({}, {"nbf": NOW + 61}), "not valid yet"),
    ("signed in after now", lambda b: b.make({}, {"auth_time": NOW + 61}), "signed in after"),
    ("auth_time as text", lambda b: b.make({}, {"auth_time": "now"}), "`auth_time`"),
    ("acr as a list", lambda b: b.make({}, {"acr": ["demo"]}), "`acr`"),
    (
        "another issuer's token in our name",
        lambda b: other_token(b, claims={"iss": BASE}),
        "unknown key",
    ),
    (
        "another issuer's token for a longer time than it may say",
        lambda b: other_token(b, claims={"exp": NOW + 901}),
        "lives longer",
    ),
]


@pytest.mark.parametrize(
    ("make", "why"), [pytest.param(make, why, id=name) for name, make, why in BAD]
)
def test_a_token_that_is_not_good_is_refused(
    bench: Bench, make: Callable[[Bench], str], why: str
) -> None:
    with pytest.raises(TokenRefusedError) as refused:
        verify(make(bench), bench.issuers, NOON)

    assert why in refused.value.why


GOOD: list[tuple[str, Callable[[Bench], str]]] = [
    ("as we issue it", lambda b: b.make()),
    ("within the leeway after its end", lambda b: b.make({}, {"iat": NOW - 600, "exp": NOW - 59})),
    ("issued a little ahead of our clock", lambda b: b.make({}, {"iat": NOW + 59})),
    ("with a claim that nobody knows", lambda b: b.make({}, {"favourite": "blue"})),
    ("with a header that nobody knows", lambda b: b.make({"x-trace": "1"})),
    ("of another issuer", other_token),
    (
        "of another issuer for as long as it may say",
        lambda b: other_token(b, claims={"exp": NOW + 900}),
    ),
]


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in GOOD])
def test_a_good_token_is_accepted(bench: Bench, make: Callable[[Bench], str]) -> None:
    claims = verify(make(bench), bench.issuers, NOON)

    assert claims.subject == "usr_1"


def test_what_we_issue_says_what_was_asked(bench: Bench) -> None:
    grant = Grant("usr_9", "consent-registry", scope="performer", acr="demo", auth_time=NOON)

    claims = verify(issue(bench.ring, bench.issuers[BASE], grant, NOON), bench.issuers, NOON)

    assert (claims.subject, claims.client_id, claims.scope) == (
        "usr_9",
        "consent-registry",
        "performer",
    )
    assert (claims.acr, claims.auth_time) == ("demo", NOON)
    assert claims.expires_at - claims.issued_at == TEN_MINUTES


def test_a_key_that_was_removed_signs_nobody_in(bench: Bench, tmp_path: Path) -> None:
    ring = keyring(tmp_path / "k", "tokens")
    own = own_issuer(ring, BASE, acr=frozenset(), lifetime=TEN_MINUTES)

    with pytest.raises(TokenRefusedError, match="unknown key"):
        verify(bench.make(), {BASE: own}, NOON)


@dataclass
class SignIn:
    acr: str | None = "demo"
    age: timedelta | None = timedelta(0)
    accepted: frozenset[str] = field(default_factory=lambda: frozenset({"demo"}))


@pytest.mark.parametrize(
    ("sign_in", "fresh"),
    [
        pytest.param(SignIn(), True, id="just now"),
        pytest.param(SignIn(age=TEN_MINUTES), True, id="ten minutes ago to the second"),
        pytest.param(SignIn(age=TEN_MINUTES + timedelta(seconds=1)), False, id="a second more"),
        pytest.param(SignIn(age=None), False, id="nobody says when"),
        pytest.param(SignIn(acr=None), False, id="nobody says how"),
        pytest.param(SignIn(acr="pwd"), False, id="not well enough"),
        pytest.param(SignIn(accepted=frozenset()), False, id="the demo's way outside the demo"),
    ],
)
def test_a_sign_in_is_fresh_for_ten_minutes(bench: Bench, sign_in: SignIn, fresh: bool) -> None:
    claims: Members = {}
    if sign_in.acr is not None:
        claims["acr"] = sign_in.acr
    if sign_in.age is not None:
        claims["auth_time"] = int((NOON - sign_in.age).timestamp())
    verified = verify(bench.make({}, claims), bench.issuers, NOON)

    assert is_stepped_up(verified, sign_in.accepted, TEN_MINUTES, NOON) is fresh


def test_a_machine_is_never_stepped_up_and_a_stranger_is_a_newcomer(bench: Bench) -> None:
    person = verify(other_token(bench), bench.issuers, NOON)
    machine = verify(bench.make(), bench.issuers, NOON)

    assert caller_of(person, None, stepped_up=True) == Caller(
        "", "newcomer", acr="phr", issuer=OTHER, subject="usr_1"
    )
    with pytest.raises(TokenRefusedError, match="unknown principal"):
        caller_of(machine, None, stepped_up=True)


def an_ec_key(**more: object) -> Members:
    key = ec_key(SECP256R1()).public_key()
    return dict(jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True)) | {"kid": "k"} | more


def an_rsa_key(bits: int) -> Members:
    key = rsa_key(public_exponent=65537, key_size=bits).public_key()
    return dict(jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)) | {"kid": "k"}


@pytest.mark.parametrize(
    ("issuers", "why"),
    [
        pytest.param({}, "a list", id="no list"),
        pytest.param([1], "an object", id="no object"),
        pytest.param([{"issuer": "i"}], "audience", id="no audience"),
        pytest.param([{"issuer": "i", "audience": "a"}], "no keys", id="no keys"),
        pytest.param(
            [{"issuer": "i", "audience": "a", "jwks": {"keys": []}}], "no keys", id="none"
        ),
        pytest.param([{"issuer": "i", "audience": "a", "url": "x"}], "unknown", id="misspelt"),
        pytest.param([an_ec_key(kid=None)], "`kid`", id="a key without a name"),
        pytest.param([an_ec_key(), an_ec_key()], "`kid`", id="two keys with one name"),
        pytest.param([an_ec_key(use="enc")], "signatures", id="a key for secrecy"),
        pytest.param([an_ec_key(key_ops=["sign"])], "signatures", id="a key that may not verify"),
        pytest.param([an_ec_key(alg="ES384")], "Ed25519", id="an algorithm that is not the key's"),
        pytest.param([an_ec_key(d="AAAA")], "private", id="a private key"),
        pytest.param([an_ec_key(x="!")], "cannot be read", id="a broken key"),
        pytest.param([{"kty": "oct", "k": "AAAA", "kid": "k"}], "Ed25519", id="a shared secret"),
        pytest.param([an_rsa_key(1024)], "shorter", id="a short RSA key"),
    ],
)
def test_issuers_that_cannot_be_trusted_stop_the_start(
    tmp_path: Path, issuers: object, why: str
) -> None:
    if (
        isinstance(issuers, list)
        and issuers
        and isinstance(issuers[0], dict)
        and "kty" in issuers[0]
    ):
        issuers = [{"issuer": "i", "audience": "a", "jwks": {"keys": issuers}}]
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps(issuers))

    with pytest.raises(IssuersFileError, match=why):
        read_issuers(path)


def test_keys_of_an_issuer_may_lie_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [an_rsa_key(2048)]}))
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps([{"issuer": "i", "audience": "a", "jwks_file": "keys.json"}]))

    assert read_issuers(path)["i"].keys["k"].algorithm_name == "RS256"
