"""What the registry says of itself: keys, addresses, and what problems and reasons mean."""

from datetime import timedelta
from html import escape
from typing import Final

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from app.api.context import registry
from app.api.deps import api_router, policy, respond, showing
from app.registrar.problems import PROBLEMS, not_found
from app.rules.codes import CODES
from app.store.heads import process_clock

router = api_router("discovery")

_KEY: Final = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    "use": "sig",
    "alg": "EdDSA",
}
_ADDRESSES: Final = {
    "issuer": "http://localhost:8000",
    "api": "http://localhost:8000/v1",
    "token_endpoint": "http://localhost:8000/oauth2/token",
    "jwks_uri": "http://localhost:8000/.well-known/jwks.json",
    "openapi": "http://localhost:8000/openapi.json",
    "log_origin": "localhost/consent-registry",
}
_PROBLEM: Final = {
    "slug": "busy",
    "status": 503,
    "title": PROBLEMS["busy"][1],
    "help": "Others hold what the act needs. Send the same request again.",
}
_REASON: Final = {
    "code": "D_REVOKED",
    "outcome": CODES["D_REVOKED"].outcome,
    "precedence": CODES["D_REVOKED"].precedence,
    "sentence": CODES["D_REVOKED"].template,
    "unblock": [],
}
_CACHED: Final = {"Cache-Control": "public, max-age=300"}
_HELP: Final = {
    "not-found": "The id is unknown, or the record is somebody else's. The answer is the same for "
    "both, byte for byte but for the trace id.",
    "step-up-required": "Acts that bind need a sign-in within the last ten minutes. Programs never "
    "sign, revoke or veto.",
    "refused": "The rules say no. Every reason is listed, strongest first, with who can do what "
    "about it. That you asked is on record; nothing else is.",
    "idempotency-key-required": "Send a new key for a new act and the same key to send the same "
    "act again: it is done once and answered twice. Keys are kept for seven days.",
    "busy": "Others hold what the act needs. Send the same request again.",
}


@router.get(
    "/.well-known/jwks.json",
    summary="Keys of access tokens",
    **showing(policy("public"), {"keys": [_KEY]}),
)
async def jwks(request: Request) -> Response:
    """The public keys with which access tokens are verified."""
    return respond(registry(request).ring.jwks(), headers=_CACHED)


@router.get(
    "/.well-known/consent-registry",
    summary="Where things are",
    **showing(policy("public"), _ADDRESSES),
)
async def consent_registry(request: Request) -> Response:
    """The addresses of this registry and the origin of its log."""
    settings = registry(request).settings
    base = settings.base_url
    return respond(
        {
            "issuer": base,
            "api": f"{base}/v1",
            "token_endpoint": f"{base}/oauth2/token",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "openapi": f"{base}/openapi.json",
            "log_origin": settings.log_origin,
        },
        headers=_CACHED,
    )


@router.get(
    "/.well-known/security.txt",
    summary="Whom to tell (RFC 9116)",
    response_class=PlainTextResponse,
    **showing(policy("public"), "Contact: mailto:security@example.org\n", media="text/plain"),
)
async def security_txt(request: Request) -> Response:
    """Where to report a weakness."""
    base = registry(request).settings.base_url
    expires = (process_clock() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    text = (
        f"Contact: {base}/problems/internal\nExpires: {expires}\n"
        f"Canonical: {base}/.well-known/security.txt\nPreferred-Languages: en\n"
    )
    return Response(text, media_type="text/plain", headers=_CACHED)


@router.get("/openapi.json", summary="This contract", include_in_schema=False, **policy("public"))
async def openapi_json(request: Request) -> Response:
    """The contract of the API in OpenAPI 3.1."""
    return respond(request.app.openapi(), headers=_CACHED)


@router.get(
    "/problems/{slug}", summary="What a problem means", **showing(policy("public"), _PROBLEM)
)
async def problem_page(request: Request, slug: str) -> Response:
    """A problem type: its status, its title and what helps."""
    if slug not in PROBLEMS:
        raise not_found()
    status, title = PROBLEMS[slug]
    return _page(
        request,
        {"slug": slug, "status": status, "title": title, "help": _HELP.get(slug, f"{title}.")},
    )


@router.get("/reasons/{code}", summary="What a reason means", **showing(policy("public"), _REASON))
async def reason_page(request: Request, code: str) -> Response:
    """A reason code: its outcome, its place among the others, its sentence, and who can act."""
    if code not in CODES:
        raise not_found()
    spec = CODES[code]
    return _page(
        request,
        {
            "code": code,
            "outcome": spec.outcome,
            "precedence": spec.precedence,
            "sentence": spec.template,
            "unblock": [way.wire() for way in spec.ways],
        },
    )


def _page(request: Request, members: dict[str, object]) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return respond(members, headers=_CACHED)
    title, *_ = members.values()
    rows = "".join(
        f"<dt>{escape(str(name))}</dt><dd>{escape(str(value))}</dd>"
        for name, value in members.items()
    )
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(str(title))}</title>'
        f"<h1>{escape(str(title))}</h1><dl>{rows}</dl></html>"
    )
    policy_ = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    return Response(html, media_type="text/html", headers=_CACHED | policy_)
