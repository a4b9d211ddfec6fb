"""Reads that are on record: what auditors, unions and the office look at, and of whom."""

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

RECORDED: Final = UNION | {"auditor", "registry_admin"}


async def record(request: Request, caller: Caller, reply: Response) -> None:
    """Write down a read before it is answered: one row for each performer whom it shows.

    Raises:
        Busy: it could not be written, so it must not be answered.
    """
    held = registry(request)
    at = now(request)
    index = await run_in_threadpool(_tip, held)
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
                    "outcome": "read",
                    "log_index": index,
                    "request": {"route": request.scope["route"].path, **request.path_params},
                    "answer": b"",
                }
            )
            for performer_id in _performers(reply)
        )
    )


def _tip(held: Registry) -> int:
    with reading(held.store) as session:
        return log.tip(session).index


def _performers(reply: Response) -> list[str | None]:
    """Whom the reply shows; one nobody when it shows no performer."""
    value = msgspec.json.decode(reply.body)
    shown = value.get("data") if isinstance(value, dict) and "data" in value else [value]
    return [*sorted({found for item in shown or [] for found in _named(item)})] or [None]


def _named(item: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a reply holds
    if isinstance(item, dict):
        for member in ("performer_id", "performer", "id"):
            value = item.get(member)
            if isinstance(value, str) and ids.is_id(value, "perf"):
                yield value
