"""Numbers of vetoes."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.store.tables import veto


def next_number(session: Session) -> str:
    """The number by which people call the next veto, such as ``V-31``.

    Two acts never get the same one, because only one of them holds the end of the log.
    """
    asked = select(func.count()).select_from(veto).where(veto.c.version == 1)
    return f"V-{session.execute(asked).scalar_one() + 1}"
