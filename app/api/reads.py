"""Reads that are on record: what auditors, unions and the office look at, and of whom.

Of everybody it is kept how far they read the log, and that they opened a notice: what somebody was
told, and when they could know it, is what an arbitrator asks first.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from app.api.context import Registry, now, registry
from app.registrar.callers import UNION, Caller
from app.store import ids, log
from app.store.engine import reading

_WATCHED: Final = UNION | {"auditor", "registry_admin"}
_FEEDS: Final = frozenset({"/v1/events", "/v1/me/events"})
_OPENED: Final = frozenset({"/v1/notices/{notice_id}"})
# What of a query says which part of the record was read.
_ASKED: Final = ("performer", "work", "on", "known_at", "after")


def is_kept(request: Request, caller: Caller, reply: Response) -> bool:
    """Whether a read goes on record: whoever's it is, or because of what it shows."""
    if caller.role in _WATCHED:
        return True
    path = request.scope["route"].path
    # Who follows the log asks often, and mostly there is nothing new.
    return path in _OPENED or (path in _FEEDS and bool(_value(reply)["data"]))


async def record(request: Request, caller: Caller, reply: Response) -> None:
    """Write down a read before it is answered: one row for each performer whom it shows.

    Raises:
        Busy: it could not be written, so it must not be answered.
    """
    held = registry(request)
    at = now(request)
    index = await run_in_threadpool(_tip, held)
    asked = {name: request.query_params[name] for name in _ASKED if name in request.query_params}
    route = request.scope["route"].path
    outcome = "followed" if route in _FEEDS else "opened" if route in _OPENED else "read"
    read_to = {"read_to": _value(reply)["next_after"]} if route in _FEEDS else {}
    # Whoever reads about themselves need not be told so.
    whom = _performers(reply) if caller.role in _WATCHED else [None]
    # INVARIANT: a read that is not on record did not happen.
    await asyncio.gather(
        *(
            held.asks.record(
                {
                    "id": ids.mint("ask"),
                    "kind": "read",
                    "at": at,
                    "actor_id": caller.id,
                    "organization_id": caller.organization_id,
                    "performer_id": performer_id,
                    "work_id": None,
                    "use": None,
                    "outcome": outcome,
                    "log_index": index,
                    "request": {"route": route, **request.path_params, **asked, **read_to},
                    "answer": b"",
                }
            )
            for performer_id in whom
        )
    )


def _tip(held: Registry) -> int:
    with reading(held.store) as session:
        return log.tip(session).index


def _performers(reply: Response) -> list[str | None]:
    """Whom the reply shows; one nobody when it shows no performer."""
    value = _value(reply)
    # A list shows those of its rows; a statement is of one, whatever its rows are.
    rows = value.get("data") or [] if isinstance(value, dict) else []
    return [*sorted({found for item in (value, *rows) for found in _named(item)})] or [None]


def _value(reply: Response) -> Any:  # noqa: ANN401 - whatever a reply holds
    return msgspec.json.decode(reply.body)


def _named(item: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a reply holds
    if isinstance(item, dict):
        for member in ("performer_id", "performer", "id"):
            value = item.get(member)
            value = value.get("id") if isinstance(value, dict) else value
            if isinstance(value, str) and ids.is_id(value, "perf"):
                yield value
