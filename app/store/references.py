"""House codes and standard identifiers: what a caller or a public system calls a record."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy.orm import Session

from app.store import rows

# Owned by nobody: the same value means the same thing to every caller.
SHARED: Final = frozenset({"hand", "eidr", "isan", "isni", "imdb"})
SHARED_OWNER: Final = ""


def find(session: Session, owner_id: str, kind: str, system: str, value: str) -> str | None:
    """The id that ``owner_id`` means by this code, or by a shared identifier."""
    found = rows.where(
        session,
        "reference",
        owner_id=SHARED_OWNER if system in SHARED else owner_id,
        kind=kind,
        system=system,
        value=value,
    )
    return str(found[0]["target_id"]) if found else None


def of(session: Session, owner_id: str, target_ids: Iterable[str]) -> dict[str, list[str]]:
    """The codes of each target that the owner may see, as ``system:value``, in order."""
    named: dict[str, list[str]] = {}
    for row in rows.where(
        session, "reference", owner_id={owner_id, SHARED_OWNER}, target_id=set(target_ids)
    ):
        named.setdefault(row["target_id"], []).append(f"{row['system']}:{row['value']}")
    return {target: sorted(codes) for target, codes in named.items()}
