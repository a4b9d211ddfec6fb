"""What a signature hangs on besides the signer: the zone of its day, and who signed before."""

from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.registrar import sweep
from app.registrar.objects import Row
from app.rules.packs import PackSet
from app.rules.signing import Signing
from app.store import rows
from app.store.tx import Tx

# Whose yes is awaited in the end, by who signed in their place.
_AWAITED: Final = {"guardian": ("performer",), "union": ("estate", "executor")}


def zone_of(tx: Tx, row: Row) -> ZoneInfo:
    """The zone in which a grant counts its days: of the agreement that binds, else the house's.

    Who is of age and whose right has begun is a question of the day; who signs and who asks later
    must mean the same one.
    """
    return zone_in(tx.session, sweep.packs_of(tx.store), row)


def zone_in(session: Session, packs: PackSet, row: Row) -> ZoneInfo:
    """The same for whoever only reads."""
    works = row["scope"]["works"]
    found = (
        rows.where(session, "engagement", performer_id=row["performer_id"], work_id=works),
        [row],
        rows.where(session, "work", id=works),
        rows.where(session, "signatory", organization_id=row["grantee_id"]),
    )
    stated = (sorted({one["agreement"] for one in some if one["agreement"]}) for some in found)
    bound = packs.of(*next(filter(None, stated), ())) or packs.house
    return ZoneInfo(bound[0].zone if bound else "UTC")


def awaits_own_yes(row: Row, who: Signing) -> bool:
    """Whether what another signed in the person's place waits for this signer's own yes.

    A guardian's waits for the grown child, a union's for the estate.
    """
    if row["state"] != "active" or row["signature"] is None or row["own_yes_at"] is not None:
        return False
    return who.by in _AWAITED.get(row["signature"]["by"], ())
