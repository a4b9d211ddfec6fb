"""What the registry says when it cannot do what was asked: problems, with every wrong field named.

A problem is raised, rolls the act back, and is rendered in `app.api.problems` alone. A *refusal* by
the rules is no problem but an answer (`app.store.tx.Refused`), and it is recorded.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from app.store.tx import Problem

# slug: (HTTP status, title). Public API: a slug is never renamed or given another status.
PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "malformed-json": (400, "The body cannot be read as JSON"),
    "malformed-request": (400, "The request cannot be read"),
    "idempotency-key-required": (400, "This act needs an Idempotency-Key"),
    "invalid-cursor": (400, "The cursor is not one that this list gave out"),
    "unauthenticated": (401, "An access token is needed"),
    "insufficient-role": (403, "Your role may not do this"),
    "step-up-required": (403, "Sign in again to do this"),
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "This address does not take that method"),
    "timeout": (408, "The request took too long to arrive"),
    "refused": (409, "Refused"),
    "conflict": (409, "Not possible beside what is on record"),
    "invalid-transition": (409, "Not possible in the present state"),
    "duplicate": (409, "Already on record"),
    "terms-changed": (409, "The terms changed while you were reading"),
    "not-yet": (409, "The log has not come that far"),
    "idempotency-in-progress": (409, "The same request is still being worked on"),
    "gone": (410, "No longer available"),
    "precondition-failed": (412, "It changed since you read it"),
    "payload-too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body must be JSON"),
    "validation-failed": (422, "Some fields are wrong"),
    "idempotency-key-reused": (422, "The key was used for another request"),
    "beyond-the-log": (422, "The log does not reach that far"),
    "precondition-required": (428, "Say which version you read"),
    "quota-exceeded": (429, "Too many requests"),
    "internal": (500, "A fault of the registry"),
    "not-installed": (501, "This server lacks an optional part"),
    "busy": (503, "Busy; nothing was decided"),
    "dependency-unavailable": (503, "Not ready"),
}

NOTHING_RECORDED: Final = "Nothing was recorded."


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: an RFC 6901 pointer into the body, or ``?name`` of a query parameter."""

    pointer: str
    code: str
    detail: str

    def wire(self) -> dict[str, str]:
        """The form in JSON."""
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail}


def problem(
    slug: str,
    detail: str,
    *errors: FieldError,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, object] | None = None,
) -> Problem:
    """Make the problem of a slug; raise it, and the act leaves no trace.

    Args:
        slug: a key of `PROBLEMS`.
        detail: one or more sentences for the reader, and no value of a private field.
        errors: every wrong field, not only the first.
        headers: of the reply, such as ``Retry-After``.
        extra: further members of the problem document.
    """
    status, _ = PROBLEMS[slug]
    wire = tuple(error.wire() for error in errors)
    return Problem(status, slug, detail, errors=wire, headers=headers, extra=extra)


def not_found() -> Problem:
    """Unknown, or somebody else's: the reader is not told which."""
    return problem("not-found", "No such record for you: unknown, or somebody else's.")


def wrong(pointer: str, code: str, detail: str) -> Problem:
    """One field that can be read and is wrong: 422."""
    said = detail if detail.endswith((".", "?", "!")) else f"{detail}."
    return problem(
        "validation-failed", f"{said} {NOTHING_RECORDED}", FieldError(pointer, code, detail)
    )


@contextmanager
def within(pointer: str) -> Iterator[None]:
    """Name wrong fields as members of the object at ``pointer``, of which they are."""
    try:
        yield
    except Problem as raised:
        raised.errors = tuple({**e, "pointer": f"{pointer}{e['pointer']}"} for e in raised.errors)
        raise


def stale(current: str) -> Problem:
    """Somebody else was faster: 412, with the version that holds now."""
    return problem(
        "precondition-failed",
        f"It changed since you read it; the version now is {current}. {NOTHING_RECORDED}",
        headers={"ETag": current},
    )


def must_match(read: frozenset[int], version: int) -> None:
    """Refuse to bind to content that the caller did not read.

    Raises:
        Problem: 412, the version on record is none of those that ``If-Match`` named.
    """
    if version not in read:
        raise stale(f'"v{version}"')
