"""A question as it is asked, about ids or house codes, and as it is decided, about ids alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.registrar import objects
from app.registrar.callers import Caller
from app.rules.facts import Check, read

Document = dict[str, Any]

# What a question names, and as which kind of record.
NAMED: Final = (
    ("performer", "performer"),
    ("work", "work"),
    ("producer", "organization"),
    ("replica", "replica"),
    ("capture_session", "capture_session"),
    ("use_id", "use"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Members of a `Check` as JSON values, with names as the caller gave them.

    ``known_at`` is a log index or an instant.
    """

    members: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime | None = None
    known_at: int | datetime | None = None
    at_least: int | None = None


def resolved(looking: objects.Eyes, question: Question) -> Check:
    """The question about records that the caller may see.

    Raises:
        Problem: 404, with the member that names something unknown or somebody else's.
    """
    document = dict(question.members)
    for member, kind in NAMED:
        given = document.get(member)
        if given is not None and not _is_own(looking.caller, member, given):
            document[member] = objects.find(looking, kind, given, f"/{member}")["id"]
    return check_from(looking.caller, document)


def check_from(caller: Caller, document: Mapping[str, Any]) -> Check:
    """The question in values; whoever names no producer asks for their own organization.

    An auditor has none to ask for: where they name no producer, it is the owner of the work.
    """
    own = None if caller.role == "auditor" else caller.organization_id
    value = read(Check, {"producer": own, **_given(document)})
    assert isinstance(value, Check)  # noqa: S101 - for the type checker
    return value


def _given(document: Mapping[str, Any]) -> Document:
    return {name: value for name, value in document.items() if value is not None}


def _is_own(caller: Caller, member: str, given: str) -> bool:
    # A pipeline client need not be able to read its own organization to ask for it.
    return member == "producer" and given == caller.organization_id
