"""Personal data: names, contacts, birth dates. One value per subject and field, erasable."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy.orm import Session

from app.store import rows
from app.store.tx import Tx

FIELDS: Final = frozenset(
    {
        "name",
        "name_key",
        "contact",
        "contact_by",
        "contact_confirmed",
        "birth_date",
        "agent",
        "member_of",
        "original",
    }
)


def put(tx: Tx, subject_id: str, **values: str | None) -> None:
    """Record what is given of one subject; what is ``None`` is left as it is."""
    unknown = values.keys() - FIELDS
    if unknown:
        raise ValueError(f"no private field is called {', '.join(sorted(unknown))}")
    for name, value in values.items():
        if value is not None:
            rows.put(tx, "private_fact", subject_id=subject_id, field=name, value=value)


def read(session: Session, subject_ids: Iterable[str], *fields: str) -> dict[str, dict[str, str]]:
    """The named fields of each subject; a subject without any is absent."""
    known: dict[str, dict[str, str]] = {}
    wanted = rows.where(
        session, "private_fact", subject_id=set(subject_ids), field=set(fields or FIELDS)
    )
    for row in wanted:
        known.setdefault(row["subject_id"], {})[row["field"]] = row["value"]
    return known


def holders(session: Session, field: str, value: str) -> list[str]:
    """The subjects of whom exactly this is recorded."""
    found = rows.where(session, "private_fact", field=field, value=value)
    return [row["subject_id"] for row in found]
