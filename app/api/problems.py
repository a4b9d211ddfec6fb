"""Problem documents (RFC 9457): the one place that turns what went wrong into bytes."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from app.api.context import registry, trace_id
from app.api.models import PATTERNS
from app.registrar.problems import NOTHING_RECORDED, PROBLEMS, FieldError, not_found, problem
from app.store.tx import Busy, Problem, Recorded, Refused, Rendered

T = TypeVar("T")
MEDIA_TYPE: Final = "application/problem+json"
_ASKED_ONLY: Final = "Nothing was recorded except that you asked."


def encode(value: object) -> bytes:
    """JSON with sorted keys: equal values are equal bytes."""
    return msgspec.json.encode(value, order="sorted")


def rendered(request: Request, answer: Recorded | Refused | Problem) -> Rendered:
    """What an act answers: done, refused with every reason, or a problem."""
    match answer:
        case Recorded():
            return _recorded(answer)
        case Refused():
            return _refused(request, answer)
        case Problem():
            headers = {"Content-Type": MEDIA_TYPE, **answer.headers}
            return Rendered(answer.status, encode(document(request, answer)), headers)


def response(answer: Rendered) -> Response:
    """The reply with these bytes."""
    return Response(answer.body, status_code=answer.status, headers=dict(answer.headers))


def document(request: Request, raised: Problem) -> dict[str, object]:
    """The members of a problem document."""
    known = PROBLEMS.get(raised.slug)
    members: dict[str, object] = {
        "type": f"{registry(request).settings.base_url}/problems/{raised.slug}",
        "title": known[1] if known else HTTPStatus(raised.status).phrase,
        "status": raised.status,
        "detail": raised.detail,
        "instance": request.scope["path"],
        "trace_id": trace_id(request),
    }
    if raised.errors:
        members["errors"] = list(raised.errors)
    return members | raised.extra


def reply(request: Request, raised: Problem) -> Response:
    """The reply that carries a problem."""
    return response(rendered(request, raised))


def install(app: FastAPI) -> None:
    """Make every error of the framework and the store a problem document."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Busy, _on_busy)
    app.add_exception_handler(DataError, _on_data)


def _recorded(answer: Recorded) -> Rendered:
    headers = {"Content-Type": "application/json"}
    if answer.location is not None:
        headers["Location"] = answer.location
    if answer.etag is not None:
        headers["ETag"] = answer.etag
    value = dict(answer.value)
    if answer.log_index is not None:
        value["log_index"] = answer.log_index
    return Rendered(answer.status, encode(value), headers)


def _refused(request: Request, answer: Refused) -> Rendered:
    first = answer.reasons[0].sentence if answer.reasons else ""
    extra: dict[str, object] = {
        "outcome": answer.outcome,
        "reasons": [reason.wire() for reason in answer.reasons],
        **answer.extra,
    }
    # A preview leaves no row of the question, so there is no id to give.
    saved = NOTHING_RECORDED
    if answer.id is not None:
        extra |= {"id": answer.id, "log_index": answer.log_index}
        saved = _ASKED_ONLY
    detail = f"{answer.detail or first} {saved}".strip()
    slug = answer.slug if answer.slug in PROBLEMS else "refused"
    raised = problem(slug, detail, extra=extra)
    return Rendered(409, encode(document(request, raised)), {"Content-Type": MEDIA_TYPE})


async def _on_problem(request: Request, raised: Exception) -> Response:
    if not isinstance(raised, Problem):
        raise raised
    return reply(request, raised)


async def _on_busy(request: Request, raised: Exception) -> Response:
    wait = raised.retry_after if isinstance(raised, Busy) else 1
    return reply(
        request,
        problem(
            "busy",
            f"The registry could not do it now. {NOTHING_RECORDED} Send the same request again.",
            headers={"Retry-After": str(wait)},
        ),
    )


async def _on_data(request: Request, _raised: Exception) -> Response:
    # The second wall: the models bound every value before the database sees it.
    return reply(request, problem("validation-failed", f"A value does not fit. {NOTHING_RECORDED}"))


async def _on_http(request: Request, raised: Exception) -> Response:
    if not isinstance(raised, HTTPException):
        raise raised
    match raised.status_code:
        case 404:
            return reply(request, problem("not-found", "There is nothing at this address."))
        case 405:
            allowed = ", ".join(sorted(registry(request).methods_at(request.scope["path"])))
            return reply(
                request,
                problem(
                    "method-not-allowed",
                    f"This address takes {allowed}.",
                    headers={"Allow": allowed},
                ),
            )
        case _:
            return reply(request, problem("malformed-request", "The request cannot be read."))


async def _on_invalid(request: Request, raised: Exception) -> Response:
    if not isinstance(raised, RequestValidationError):
        raise raised
    found = raised.errors()
    # An id that cannot be one names nothing; the reader is not told more than for another's.
    if any(error["loc"][:1] == ("path",) for error in found):
        return reply(request, not_found())
    errors = field_errors(found, raised.body)
    detail = f"{len(errors)} field{'s are' if len(errors) > 1 else ' is'} wrong. {NOTHING_RECORDED}"
    return reply(request, problem("validation-failed", detail, *errors))


def wrong_item(error: ValidationError, item: object, said: str) -> Problem:
    """The problem of one item of many that cannot be read; ``said``: what became of it."""
    found = error.errors(include_url=False)
    located = [{**one, "loc": ("body", *one["loc"])} for one in found]
    return problem("validation-failed", said, *field_errors(located, item))


def read_item(item: object, read: Callable[[object], T]) -> T | Problem:
    """One row of many, read by itself, so that a wrong one costs no other."""
    try:
        return read(item)
    except ValidationError as error:
        return wrong_item(error, item, "This row is wrong. Nothing was recorded of it.")


def field_errors(found: Sequence[Mapping[str, Any]], body: object) -> list[FieldError]:
    """What is wrong with a body, each field once, as the pointer to it in what was sent."""
    errors: dict[str, FieldError] = {}
    guesses = set()
    for error in found:
        pointer, is_guess = _pointer(error, body)
        if is_guess:
            guesses.add(pointer)
        said = _field_error(error, pointer)
        before = errors.get(pointer)
        if before is not None and said.detail not in before.detail:
            said = FieldError(pointer, before.code, f"{before.detail}; or {said.detail}")
        errors[pointer] = said if before is None or said.code == before.code else before
    # Where one of several forms was meant, what is wrong in it says more than that it is no other.
    return [
        error
        for pointer, error in errors.items()
        if not (pointer in guesses and any(p.startswith(f"{pointer}/") for p in errors))
    ]


# What would be right, where the library's own message is written for programmers.
_WORDS: Final[Mapping[str, str]] = {
    "literal_error": "one of {expected}",
    "string_too_short": "text of {min_length} or more characters",
    "string_too_long": "text of at most {max_length} characters",
    "too_short": "a list of {min_length} or more",
    "too_long": "a list of at most {max_length}",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "string_type": 'text, such as "words"',
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list, such as []",
    "dict_type": "an object with named fields",
    "model_type": "an object with named fields",
    "model_attributes_type": "an object with named fields",
}


def _field_error(error: Mapping[str, Any], pointer: str) -> FieldError:
    code = str(error["type"])
    detail = str(error["msg"]).removeprefix("Value error, ")
    if code == "extra_forbidden":
        detail = f"there is no field `{str(error['loc'][-1])[:64]}` here"
    elif code == "string_pattern_mismatch":
        detail = PATTERNS.get(str(error["ctx"]["pattern"]), "not in the form that is asked for")
    elif code == "missing":
        detail = "this field is required"
    elif code in _WORDS:
        detail = _WORDS[code].format_map(error.get("ctx", {}))
    return FieldError(pointer, code.replace("_", "-"), detail)


def _pointer(error: Mapping[str, Any], body: object) -> tuple[str, bool]:
    """A JSON pointer into the body, ``?name`` of the query, or the name of a header.

    With it: whether the error is about one of several forms that a value may have. What then names
    the form is no member of the body.
    """
    where, *rest = error["loc"]
    if where == "query":
        return "?" + ".".join(map(str, rest)), False
    if where == "header":
        return "header " + ".".join(map(str, rest)), False
    parts, is_guess, here = [], False, body
    for n, part in enumerate(rest):
        is_missing = n == len(rest) - 1 and error["type"] == "missing"
        if _has(here, part):
            here = here[part]  # type: ignore[index]
        elif not is_missing:
            is_guess = True
            continue
        parts.append(f"/{str(part).replace('~', '~0').replace('/', '~1')}")
    return "".join(parts), is_guess


def _has(value: object, part: int | str) -> bool:
    if isinstance(value, Mapping):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and part < len(value)
