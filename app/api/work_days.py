"""Work days: the background of a day, required and present."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.api.context import now
from app.api.deps import Caller, Reads, act, api_router, policy, respond
from app.api.models import Count, Day, Id, In, Out
from app.api.pagination import Page, paged
from app.api.shapes import example, page_example
from app.registrar import objects, work_days

router = api_router("work-days")

_DAY = {
    "id": "day_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "version": 1,
    "work_id": "work_01k9zq3v5rfm8t4cy2x7d6ahwe",
    "day": "2026-11-21",
    "required_background": 25,
    "human_background": 25,
}


class WorkDayIn(In):
    """The counts of one day on one work."""

    model_config = example(
        {
            "work": _DAY["work_id"],
            "day": "2026-11-21",
            "required_background": 25,
            "human_background": 25,
        }
    )

    work: Id
    day: Day
    required_background: Count
    human_background: Count


class WorkDayOut(Out):
    """A day's counts."""

    model_config = example(_DAY)

    id: str
    version: int
    work_id: str
    day: Day
    required_background: int
    human_background: int


class WorkDaysOut(Out):
    """A page of days."""

    model_config = page_example(_DAY)

    data: list[WorkDayOut]
    next_cursor: str | None


@router.get(
    "/v1/work-days",
    response_model=WorkDaysOut,
    summary="List the counted days",
    **policy("work_days.list"),
)
def list_days(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    work: Annotated[str | None, Query(max_length=260)] = None,
) -> Response:
    """Of the works that the caller may see."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(looking, "work_day", page.before, page.fetch, work_id=work)
    return paged(request, page, [work_days.view(row) for row in found])


@router.get(
    "/v1/work-days/{day_id}",
    response_model=WorkDayOut,
    summary="Read the counts of a day",
    **policy("work_days.read"),
)
def read_day(request: Request, day_id: str, caller: Caller, session: Reads) -> Response:
    """As they were counted last."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "work_day", day_id)
    return respond(work_days.view(row), headers={"ETag": objects.etag_of(row)})


@router.post(
    "/v1/work-days",
    status_code=201,
    response_model=WorkDayOut,
    summary="Count the background of a day",
    **policy("work_days.count"),
)
def count_day(request: Request, body: WorkDayIn, caller: Caller) -> Response:
    """A later count of the same day takes the place of this one."""
    counted = work_days.Count(body.work, body.day, body.required_background, body.human_background)
    return act(request, caller, lambda tx: work_days.count(tx, caller, counted))
