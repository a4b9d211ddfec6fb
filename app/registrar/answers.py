"""Answers that were given: read again by who asked, by who was asked about, and by auditors."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, RowMapping

from app.registrar import events as registrar_events
from app.registrar import objects
from app.store import events


def page(looking: objects.Eyes, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """The newest answers that the caller may read."""
    condition = _readable(looking) & events.only_checks()
    found = events.asks(looking.session, condition, before=before, limit=limit)
    return [msgspec.json.decode(row["answer"]) for row in found]


def body_of(looking: objects.Eyes, check_id: str) -> bytes:
    """The bytes of an answer, as they were given.

    Raises:
        Problem: 404, there is none for this caller.
    """
    return bytes(row_of(looking, check_id)["answer"])


def row_of(looking: objects.Eyes, check_id: str) -> RowMapping:
    """A question with its answer, as it went on record.

    Raises:
        Problem: 404, there is none for this caller.
    """
    condition = _readable(looking) & events.only_checks()
    row = events.one_ask(looking.session, check_id, condition)
    if row is None:
        raise objects.unknown("")
    return row


def _readable(looking: objects.Eyes) -> ColumnElement[bool]:
    seeing = looking.sight
    if seeing.kind == "all":
        return events.by_anybody()
    if looking.caller.role == "pipeline":
        # What people of its studio were told holds money, and works that the client was not made
        # for; it reads what it was told itself.
        return events.by_actor(looking.caller.id)
    if seeing.kind == "studio":
        return events.by_organization(seeing.id)
    return events.about(registrar_events.performers_of(looking))
