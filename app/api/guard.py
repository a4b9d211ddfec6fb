"""The guard: who calls, whether their role may, and whether the call carries what it must."""

import re
from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from app.api.context import Registry, registry
from app.api.policies import Policy
from app.evidence.tokens import Claims, TokenRefusedError, verify
from app.registrar import callers
from app.registrar.problems import NOTHING_RECORDED, problem
from app.store.engine import reading
from app.store.heads import process_clock
from app.store.tx import Problem

KEY_HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_VERSIONS: Final = re.compile(r'\s*"v(\d{1,9})"\s*(?:,\s*"v(?:\d{1,9})"\s*)*')
_VERSION: Final = re.compile(r'"v(\d{1,9})"')


class Guard:
    """The dependency that a policy puts on its route. A class, because tests read its policy."""

    def __init__(self, name: str, policy: Policy) -> None:
        self.name = name
        self.policy = policy

    async def __call__(self, request: Request) -> None:
        """Let the request through or raise; asked twice, it answers once.

        Raises:
            Problem: 401, 403, or 400/428 for a header that the policy asks for.
        """
        state = request.scope.setdefault("state", {})
        if state.get("guarded_by") is self:
            return
        if not self.policy.public:
            caller = await self._caller(request)
            state["caller"] = caller
            # What an anonymous policy asks for is in the body; whoever holds it may be anybody.
            if not self.policy.anonymous:
                self._authorize(caller)
            self._check_headers(request)
        state["guarded_by"] = self

    async def _caller(self, request: Request) -> callers.Caller:
        # In demo and test everybody's token is there for the asking. Elsewhere a record claimed
        # without a sign-in would be nobody's for good.
        may_be_nobody = registry(request).settings.environment != "production"
        if may_be_nobody and self.policy.anonymous and "authorization" not in request.headers:
            return callers.Caller("", callers.NEWCOMER)
        return await authenticated(request)

    def _authorize(self, caller: callers.Caller) -> None:
        check_role(self.policy, caller)
        if self.policy.step_up and not caller.stepped_up:
            raise step_up_required(machine=caller.is_client)

    def _check_headers(self, request: Request) -> None:
        if self.policy.key != "none":
            idempotency_key(request, required=self.policy.key == "required")
        if self.policy.if_match and "if-match" not in request.headers:
            raise problem(
                "precondition-required",
                'Send If-Match with the ETag that you read, such as `"v3"`.',
            )


def check_role(policy: Policy, caller: callers.Caller) -> None:
    """Refuse whose role a policy does not name.

    Raises:
        Problem: 403, with the roles that may.
    """
    if caller.role not in policy.roles:
        may = ", ".join(role.replace("_", " ") for role in sorted(policy.roles))
        said = policy.otherwise or (
            f"Your role here ({caller.role.replace('_', ' ')}) may not do this. "
            f"Who may: {may}. {NOTHING_RECORDED}"
        )
        named = {"rule": policy.rule} if policy.rule else None
        raise problem("insufficient-role", said, extra=named)


def step_up_required(*, machine: bool) -> Problem:
    """Signing in again is what is missing (RFC 9470); for a machine nothing helps."""
    if machine:
        return problem("insufficient-role", "Only a person can do this, never a program.")
    challenge = f'Bearer error="insufficient_user_authentication", max_age={600}'
    return problem(
        "step-up-required",
        "Sign in again: this act needs a sign-in within the last ten minutes.",
        headers={"WWW-Authenticate": challenge},
    )


def idempotency_key(request: Request, *, required: bool = False) -> str | None:
    """The caller's key for this act.

    Raises:
        Problem: 400, it is missing where it must be sent, or it is none.
    """
    sent = request.headers.getlist(KEY_HEADER)
    if not sent and not required:
        return None
    if len(sent) != 1 or not _KEY.fullmatch(sent[0]):
        raise problem(
            "idempotency-key-required",
            f"Send one {KEY_HEADER} of 1 to 255 visible ASCII characters: a new one for a new act, "
            "the same one to send the same act again.",
        )
    return sent[0]


def if_match(request: Request) -> frozenset[int]:
    """The versions that ``If-Match`` names; empty when the header was not sent.

    Raises:
        Problem: 412, no such version can exist.
    """
    text = request.headers.get("if-match")
    if text is None:
        return frozenset()
    if not _VERSIONS.fullmatch(text):
        raise problem("precondition-failed", 'If-Match takes ETags such as `"v3"`.')
    return frozenset(int(number) for number in _VERSION.findall(text))


async def authenticated(request: Request) -> callers.Caller:
    """The caller that the request's access token names.

    Raises:
        Problem: 401, without a word on what was wrong with the token unless it expired.
    """
    held = registry(request)
    try:
        claims = verify(_bearer(request), held.issuers, process_clock())
        return await run_in_threadpool(_caller, held, claims)
    except TokenRefusedError as refused:
        request.scope["state"]["token_refused"] = refused.why
        raise _unauthenticated(refused.why) from None


def _caller(held: Registry, claims: Claims) -> callers.Caller:
    own = claims.issuer == held.own.name
    accepted = held.issuers[claims.issuer].accepted_acr
    fresh = callers.is_stepped_up(claims, accepted, held.step_up_window, process_clock())
    with reading(held.store) as session:
        principal = callers.identify(session, claims, own=own)
    return callers.caller_of(claims, principal, stepped_up=fresh)


def _bearer(request: Request) -> str:
    sent = request.headers.getlist("authorization")
    if not sent:
        raise _unauthenticated("")
    scheme, _, token = sent[0].partition(" ")
    if len(sent) > 1 or scheme.lower() != "bearer" or not token.isascii():
        raise TokenRefusedError("not one bearer token")
    return token


def _unauthenticated(why: str) -> Problem:
    if not why:
        # RFC 6750 section 3.1: who sent no token is told no error.
        return problem(
            "unauthenticated",
            "Send `Authorization: Bearer …` with a token from /oauth2/token or your issuer.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    said = "The access token expired." if why == "expired" else "The access token is not valid."
    challenge = f'Bearer error="invalid_token", error_description="{said}"'
    return problem("unauthenticated", said, headers={"WWW-Authenticate": challenge})
