"""The token endpoint: secrets and one-time codes for short-lived access tokens (RFC 6749, 9068).

Persons sign in with their own issuer and come with its token; here, only the demo signs them in.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Request, Response
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.api.context import Registry, clock_override, registry
from app.api.deps import api_router, policy, respond
from app.api.problems import encode
from app.api.routes import raw_body
from app.evidence.tokens import Grant, issue
from app.registrar import callers, office, quotas
from app.store import engine, rows
from app.store.heads import process_clock
from app.store.tx import Problem, Recorded, Refused, Rendered

ONE_TIME_CODE: Final = "urn:consent-registry:one-time-code"
DEMO: Final = "urn:consent-registry:demo"
DEMO_ACR: Final = "demo"
_OFFICE: Final = "registry_admin"
CODE_ACR: Final = "one-time-code"

_FORM: Final = "application/x-www-form-urlencoded"
_MAX_FIELDS: Final = 20

router = api_router("tokens")


class OAuthError(Exception):
    """What RFC 6749 section 5.2 has for an answer."""

    def __init__(
        self, error: str, said: str, *, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.error = error
        self.said = said
        self.status = status
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class _Credentials:
    client_id: str
    secret: str
    basic: bool


@router.post(
    "/oauth2/token",
    summary="Get an access token",
    **{
        **policy("token.issue"),
        "responses": {
            200: {
                "description": "The token.",
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Token"},
                        "example": {
                            "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.AA",
                            "token_type": "Bearer",
                            "expires_in": 600,
                        },
                    }
                },
            },
            **{
                status: {
                    "description": said,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/TokenError"}}
                    },
                }
                for status, said in (
                    (400, "The request or the grant is not good (RFC 6749)."),
                    (401, "The client is not known, or its secret is wrong."),
                    (429, "Too many failed tries."),
                )
            },
        },
        "openapi_extra": {
            "x-policy": "token.issue",
            "security": [],
            "requestBody": {
                "required": True,
                "content": {
                    _FORM: {
                        "schema": {"$ref": "#/components/schemas/TokenRequest"},
                        "example": {
                            "grant_type": "client_credentials",
                            "client_id": "client_01k9zq3v5rfm8t4cy2x7d6ahwe",
                            "client_secret": "crs_…",
                        },
                    }
                },
            },
        },
    },
)
def issue_token(request: Request) -> Response:
    """Exchange a client secret or a one-time code for an access token."""
    try:
        form = _form(request)
        match form.get("grant_type"):
            case "client_credentials":
                return _client_credentials(request, form)
            case "urn:consent-registry:one-time-code":
                return _one_time_code(request, form)
            case "urn:consent-registry:demo" if _has_demo(registry(request)):
                return _demo(request, form)
            case None:
                _invalid_request("`grant_type` is missing")
            case _:
                _no_such_grant()
    except OAuthError as error:
        return Response(
            encode({"error": error.error, "error_description": error.said}),
            status_code=error.status,
            media_type="application/json",
            headers=error.headers,
        )


def _check_tries(held: Registry, name: str) -> None:
    # A name that nobody has is counted like one that somebody has.
    try:
        quotas.check(held.store, quotas.TOKEN, name, process_clock())
    except Problem as exceeded:
        raise _slow_down(exceeded) from None


def _failed(held: Registry, name: str) -> None:
    try:
        quotas.spend(held.store, quotas.TOKEN, name, process_clock())
    except Problem as exceeded:
        raise _slow_down(exceeded) from None


def _slow_down(exceeded: Problem) -> OAuthError:
    return OAuthError(
        "invalid_client",
        "too many failed tries; wait",
        status=exceeded.status,
        headers=exceeded.headers,
    )


def _no_such_grant() -> NoReturn:
    raise OAuthError("unsupported_grant_type", "there is no such grant here")


def _has_demo(held: Registry) -> bool:
    return held.settings.environment in {"demo", "test"}


def _client_credentials(request: Request, form: Mapping[str, str]) -> Response:
    held = registry(request)
    given = _credentials(request, form)
    _check_tries(held, given.client_id)
    with engine.reading(held.store) as session:
        principal = rows.current(session, "principal", given.client_id)
    # The secret is hashed in every case, so that time tells nobody whether the name exists.
    kept = None if principal is None else principal["secret_hash"]
    fits = callers.secret_fits(given.secret, kept)
    if principal is None or not fits or principal["suspended_at"] is not None:
        _failed(held, given.client_id)
        raise OAuthError(
            "invalid_client",
            "the client is not known, or its secret is wrong",
            status=401,
            headers={"WWW-Authenticate": 'Basic realm="consent-registry"'} if given.basic else {},
        )
    return _token(held, Grant(principal["id"], principal["id"], scope=principal["role"]))


def _one_time_code(request: Request, form: Mapping[str, str]) -> Response:
    held = registry(request)
    code = form.get("code", "")
    # A code names nobody, so those that fit nothing are counted for where they come from.
    where = f"codes from {request.client.host if request.client else ''}"
    _check_tries(held, where)

    def render(answer: Recorded | Refused | Problem) -> Rendered:
        if not isinstance(answer, Recorded):
            raise TypeError("the code is taken, or it is a problem")
        return Rendered(200, encode(dict(answer.value)))

    try:
        done = engine.act(
            held.store,
            # Who signs in elsewhere brings the token of their issuer to the claim.
            lambda tx: office.enter(tx, code, alone=len(held.issuers) == 1),
            actor=office.founder(),
            render=render,
            now=clock_override(request),
        )
    except Problem:
        _failed(held, where)
        raise OAuthError("invalid_grant", "no such code is open") from None
    entered = json.loads(done.body)
    person = Grant(
        entered["principal"],
        entered["principal"],
        scope=entered.get("role", "performer"),
        acr=CODE_ACR,
        auth_time=process_clock(),
    )
    # The code is good once. An administrator signs in with this secret afterwards; a performer, who
    # signs with their own hand, with the code of another link.
    more = {"client_id": entered["principal"]}
    shown = {name: entered[name] for name in ("client_secret", "performer") if name in entered}
    return _token(held, person, more | shown)


def _demo(request: Request, form: Mapping[str, str]) -> Response:
    """Sign in whomever the caller names: ``principal``, or ``subject`` for a stranger.

    ``principal`` may also be ``registry_admin``: the first of the office. ``auth_age``: how many
    seconds ago they signed in.
    """
    held = registry(request)
    name = form.get("principal") or form.get("subject")
    age = form.get("auth_age", "0")
    if not name or not age.isdecimal() or len(age) > 6:  # noqa: PLR2004 - eleven days
        _invalid_request("`principal` is missing, or `auth_age` is no number")
    with engine.reading(held.store) as session:
        principal = rows.current(session, "principal", name)
        if principal is None and "principal" in form:
            principal = _office(session, name)
    if "principal" in form and principal is None:
        raise OAuthError("invalid_grant", "there is no such principal")
    known = name if principal is None else str(principal["id"])
    return _token(held, _signed_in(known, principal, int(age)))


def _office(session: Session, name: str) -> RowMapping | None:
    """The first administrator, whose id nobody has to know: they answer to their role."""
    if name != _OFFICE:
        return None
    return min(rows.where(session, "principal", role=_OFFICE), key=itemgetter("id"), default=None)


def _signed_in(name: str, principal: RowMapping | None, age: int) -> Grant:
    role = callers.NEWCOMER if principal is None else str(principal["role"])
    if principal is not None and principal["kind"] == "client":
        return Grant(name, name, scope=role)
    at = process_clock() - timedelta(seconds=age)
    return Grant(name, "consent-registry", scope=role, acr=DEMO_ACR, auth_time=at)


def _token(held: Registry, grant: Grant, more: Mapping[str, Any] | None = None) -> Response:
    token = issue(held.ring, held.own, grant, process_clock())
    value = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(held.own.lifetime.total_seconds()),
        "scope": grant.scope,
        **(more or {}),
    }
    return respond(value, headers={"Pragma": "no-cache"})


def _form(request: Request) -> dict[str, str]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != _FORM:
        _invalid_request(f"send {_FORM}")
    try:
        text = raw_body(request).decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        _invalid_request("the form cannot be read")
    form = dict(pairs)
    if len(form) != len(pairs):
        _invalid_request("a parameter is given twice")
    if any("\x00" in value for value in form.values()):
        _invalid_request("U+0000 is not allowed")
    return form


def _credentials(request: Request, form: Mapping[str, str]) -> _Credentials:
    sent = request.headers.getlist("authorization")
    if not sent:
        if not form.get("client_id") or not form.get("client_secret"):
            _invalid_request("`client_id` and `client_secret` are needed")
        return _Credentials(form["client_id"], form["client_secret"], basic=False)
    if len(sent) > 1 or "client_secret" in form:
        _invalid_request("send the secret in one way only")
    scheme, _, encoded = sent[0].partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (ValueError, binascii.Error):
        decoded = ""
    name, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon or "\x00" in decoded:
        _invalid_request("the Authorization header cannot be read")
    return _Credentials(unquote_plus(name), unquote_plus(secret), basic=True)


def _invalid_request(said: str) -> NoReturn:
    raise OAuthError("invalid_request", said)
