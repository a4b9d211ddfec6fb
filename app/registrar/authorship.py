"""Facts have an author: what one side stated, another may confirm or dispute."""

from app.registrar import objects
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem

_OFFICE = "registry_admin"


def confirmation(row: Row, caller: Caller) -> dict[str, object]:
    """The columns of a confirmed fact. A dispute is settled by who raised it, or by the office.

    Raises:
        Problem: 409, the caller stated it, it is confirmed, or somebody else disputes it.
    """
    by = objects.owner(caller)
    if row["stated_by"] == by:
        raise problem("conflict", f"Who stated it does not confirm it. {NOTHING_RECORDED}")
    if row["confirmed_by"] is not None and row["disputed_by"] is None:
        raise problem("invalid-transition", f"It is confirmed already. {NOTHING_RECORDED}")
    if row["disputed_by"] not in {None, by} and caller.role != _OFFICE:
        raise problem("conflict", f"Somebody else disputes it. {NOTHING_RECORDED}")
    return {"confirmed_by": by, "disputed_by": None}


def dispute(row: Row, caller: Caller) -> dict[str, object]:
    """The columns of a disputed fact: answers that rest on it wait until it is settled.

    Raises:
        Problem: 409, the caller stated it, or it is disputed already.
    """
    by = objects.owner(caller)
    if row["stated_by"] == by:
        raise problem("conflict", f"Correct what you stated yourself. {NOTHING_RECORDED}")
    if row["disputed_by"] is not None:
        raise problem("invalid-transition", f"It is disputed already. {NOTHING_RECORDED}")
    return {"disputed_by": by}
