"""Work days: the background of a day, required and present."""

from fastapi import Request, Response

from app.api.deps import Caller, act, api_router, policy
from app.api.models import Count, Day, Id, In, Out
from app.api.shapes import example
from app.registrar import work_days

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
