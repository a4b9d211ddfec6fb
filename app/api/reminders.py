"""Reminders: the registry's clock work, for an operator who runs it over HTTP."""

from fastapi import Request, Response

from app.api.deps import Caller, act, api_router, policy
from app.api.models import Out
from app.api.shapes import example
from app.registrar import reminders

router = api_router("reminders")


class RemindedOut(Out):
    """How many reminders were given."""

    model_config = example({"reminded": 2, "log_index": 91})

    reminded: int
    log_index: int | None = None


@router.post(
    "/v1/reminders",
    response_model=RemindedOut,
    summary="Remind of what has to be looked at again",
    **policy("reminders.give"),
)
def give_reminders(request: Request, caller: Caller) -> Response:
    """Once each, as `consent-registry tick` does; what lapses does so without it."""
    return act(request, caller, lambda tx: reminders.remind(tx, caller))
