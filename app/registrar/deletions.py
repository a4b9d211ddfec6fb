"""Until when laws let what was measured of somebody be kept, replica by replica."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.registrar.objects import Row
from app.rules.decide.measuring import deletions
from app.rules.facts import Check
from app.rules.packs import PackSet
from app.rules.reasons import wire
from app.store import facts


def of_replica(session: Session, packs: PackSet, row: Row, at: datetime) -> list[dict[str, Any]]:
    """One line per law, as it is at ``at``; none where nobody was measured in a session."""
    if row["capture_session_id"] is None or row["origin_work_id"] is None:
        return []
    check = Check(
        performer=row["performer_id"],
        work=row["origin_work_id"],
        use="exhibit",
        producer=row["producer_id"],
        replica=row["id"],
    )
    known, _ = facts.load(session, check, as_of=at)
    return [
        {
            "law": reason.facts["law"],
            "due": wire(reason.facts.get("due")),
            "overdue": reason.code == "O_DELETE_OVERDUE",
            "sentence": reason.sentence,
        }
        for reason in deletions(check, known, packs, as_of=at)
    ]
