"""By which packs the registry decided at any past entry, as the log tells it."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store.log import ACTS
from app.store.tables import log_entry, log_payload

_TYPES = ("agreement.loaded", "agreement.retired")


def in_use(session: Session, index: int) -> dict[str, str]:
    """The exact texts of the packs in use once entry ``index`` was written, by content hash.

    From the log and not from the table: one that was retired and came back has one row.
    """
    asked = (
        select(log_payload.c.body)
        .join(log_entry, log_entry.c.event_id == log_payload.c.event_id)
        .where(
            log_entry.c.log_id == ACTS,
            log_entry.c.idx <= index,
            log_entry.c.type.in_(_TYPES),
            log_payload.c.part == "record",
        )
        .order_by(log_entry.c.idx)
    )
    images = [
        image["row"]
        for body in session.execute(asked).scalars()
        for image in json.loads(body)["rows"]
    ]
    last = {row["hash"]: row for row in images}
    return {hash_: row["text"] for hash_, row in last.items() if row["retired_idx"] is None}
