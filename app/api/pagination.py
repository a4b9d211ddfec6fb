"""Pages of lists: newest first by id, with cursors that only the same list and caller can use."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Query, Request, Response

from app.api.context import registry
from app.api.deps import respond
from app.api.exports import Format
from app.registrar.problems import FieldError, problem

MAX_LIMIT: Final = 200
_MAC_BYTES: Final = 16
_OWN: Final = frozenset({"cursor", "limit"})


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What page is asked for: at most ``limit`` rows with an id below ``before``.

    Ask the store for ``fetch`` rows: the one more tells whether there is a next page.
    """

    limit: int
    before: str | None

    @property
    def fetch(self) -> int:
        """One row more than the page holds."""
        return self.limit + 1


async def _page(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    format_: Annotated[
        Format, Query(alias="format", description="CSV has its header on the first page alone.")
    ] = "json",
) -> PageRequest:
    request.scope["state"] |= {"format": format_, "continued": cursor is not None}
    return PageRequest(limit, None if cursor is None else _read(request, cursor))


Page = Annotated[PageRequest, Depends(_page)]


def paged(
    request: Request,
    page: PageRequest,
    rows: Sequence[Mapping[str, object]],
    *,
    by: str = "id",
) -> Response:
    """The reply: ``{data, next_cursor}`` and a Link to the next page; no totals.

    ``rows`` are up to ``page.fetch`` bodies, newest first; ``by`` is the member that orders them.
    """
    data = list(rows[: page.limit])
    if len(rows) <= page.limit:
        return respond({"data": data, "next_cursor": None})
    cursor = _write(request, str(data[-1][by]))
    query = [pair for pair in _query(request) if pair[0] != "cursor"]
    path = request.scope["path"]
    url = f"{registry(request).settings.base_url}{path}?{urlencode([*query, ('cursor', cursor)])}"
    return respond({"data": data, "next_cursor": cursor}, headers={"Link": f'<{url}>; rel="next"'})


def _write(request: Request, before: str) -> str:
    raw = before.encode()
    return base64.urlsafe_b64encode(_mac(request, raw) + raw).rstrip(b"=").decode()


def _read(request: Request, cursor: str) -> str:
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mac, raw = whole[:_MAC_BYTES], whole[_MAC_BYTES:]
        before = raw.decode("ascii")
    except (ValueError, binascii.Error):
        raise _invalid() from None
    canonical = base64.urlsafe_b64encode(whole).rstrip(b"=").decode()
    if canonical != cursor or not hmac.compare_digest(mac, _mac(request, raw)):
        raise _invalid()
    return before


def _invalid() -> Exception:
    return problem(
        "invalid-cursor",
        "Begin again without a cursor; one is good for the same list with the same filters only.",
        FieldError("?cursor", "invalid-cursor", "take it from `next_cursor` as it is"),
    )


def _mac(request: Request, before: bytes) -> bytes:
    """Bind the place in the list to the list, its filters and who reads it."""
    caller = request.scope["state"].get("caller")
    filters = urlencode(sorted(pair for pair in _query(request) if pair[0] not in _OWN))
    what = "\n".join([request.scope["path"], filters, getattr(caller, "id", "")]).encode()
    key = registry(request).cursor_secret
    return hmac.new(key, what + b"\0" + before, hashlib.sha256).digest()[:_MAC_BYTES]


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)
