"""Acts on capture sessions: planning the making of a replica, and the notice before it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from app.registrar import objects, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, must_match, problem, wrong
from app.rules.decide import decide
from app.rules.facts import Check
from app.store import facts, heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

PLANNED: Final = "planned"
CANCELLED: Final = "cancelled"

# Reasons that are about how the session is planned.
_OF_THE_PLAN: Final = frozenset({"A_NOTICE_48H", "A_BUSINESS_REASON", "D_BIOMETRIC_PURPOSE"})

MEMBERS: Final = (
    "engagement_id",
    "performer_id",
    "work_id",
    "kind",
    "state",
    "notice_sent_at",
    "business_reason",
    "starts_at",
    "ends_at",
    "same_day_as_work",
    "half_day_for_performer",
    "place",
    "biometric_kinds",
    "biometric_purpose",
)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A planned capture of the performer of an engagement.

    ``send_notice``: this act is the notice to the performer, and counts from its instant. A notice
    cannot be dated back: what the performer never saw here is no notice.
    """

    engagement: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None = None
    send_notice: bool = True
    business_reason: str | None = None
    same_day_as_work: bool = False
    half_day_for_performer: bool = False
    place: str | None = None
    biometric_kinds: tuple[str, ...] = ()
    biometric_purpose: str | None = None
    ref: str | None = None


def plan(tx: Tx, caller: Caller, new: NewSession) -> Recorded | Refused:
    """Plan a capture session and give the performer notice of it."""
    looking = objects.eyes_of(tx, caller)
    named = objects.names(looking, "capture_session", new.ref, {})
    engagement = objects.find(looking, "engagement", new.engagement, "/engagement")
    _check_period(new.starts_at, new.ends_at)
    heads.take(tx, lambda _: _heads(engagement["performer_id"]))
    log.begin(tx)
    row = rows.insert(
        tx,
        "capture_session",
        id=ids.mint("sess"),
        engagement_id=engagement["id"],
        performer_id=engagement["performer_id"],
        work_id=engagement["work_id"],
        kind=new.kind,
        state=PLANNED,
        notice_sent_at=tx.now if new.send_notice else None,
        business_reason=new.business_reason,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        same_day_as_work=new.same_day_as_work,
        half_day_for_performer=new.half_day_for_performer,
        place=new.place,
        biometric_kinds=list(new.biometric_kinds),
        biometric_purpose=new.biometric_purpose,
    )
    refs = objects.keep_names(tx, caller, named, row["id"])
    missing = _missing(tx, row, objects.owner(caller))
    done = _done(tx, caller, row, "capture_session.planned", status=201)
    value = {**done.value, "refs": refs, "missing": missing}
    return Recorded(value, location=done.location, etag=done.etag)


def change(
    tx: Tx, caller: Caller, session_id: str, changes: Mapping[str, Any], read: frozenset[int]
) -> Recorded | Refused:
    """Change a plan. ``send_notice`` sends the notice now, if none was sent before."""
    if not changes:
        raise wrong("", "nothing-to-change", "Name at least one member to change.")
    row = _take(tx, caller, session_id)
    must_match(read, row["version"])
    _still_planned(row)
    columns = {name: value for name, value in changes.items() if name != "send_notice"}
    if changes.get("send_notice") and row["notice_sent_at"] is None:
        columns["notice_sent_at"] = tx.now
    _check_period(
        columns.get("starts_at", row["starts_at"]), columns.get("ends_at", row["ends_at"])
    )
    log.begin(tx)
    row = rows.amend(tx, "capture_session", row["id"], **columns)
    missing = _missing(tx, row, objects.owner(caller))
    done = _done(tx, caller, row, "capture_session.changed", status=200)
    return replace(done, value={**done.value, "missing": missing})


def cancel(tx: Tx, caller: Caller, session_id: str) -> Recorded | Refused:
    """Call a planned session off."""
    row = _take(tx, caller, session_id)
    _still_planned(row)
    log.begin(tx)
    row = rows.amend(tx, "capture_session", row["id"], state=CANCELLED, cancelled_at=tx.now)
    return _done(tx, caller, row, "capture_session.changed", status=200)


def view(row: Row) -> dict[str, Any]:
    """A capture session as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _missing(tx: Tx, row: Row, producer: str) -> list[dict[str, object]]:
    """What keeps the session from being held as it is planned; of consent it says nothing."""
    check = Check(
        performer=row["performer_id"],
        work=row["work_id"],
        use="scan",
        producer=producer,
        capture_session=row["id"],
    )
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    decision = decide(check, known, sweep.packs_of(tx.store), as_of=tx.now)
    return [reason.wire() for reason in decision.reasons if reason.code in _OF_THE_PLAN]


def _take(tx: Tx, caller: Caller, session_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "capture_session", session_id)
    heads.take(tx, lambda _: _heads(row["performer_id"]))
    return objects.find(objects.eyes_of(tx, caller), "capture_session", row["id"])


def _heads(performer_id: str) -> Heads:
    return Heads(exclusive=frozenset({("performer", performer_id)}))


def _still_planned(row: Row) -> None:
    if row["state"] != PLANNED:
        raise problem("invalid-transition", f"The session is {row['state']}. {NOTHING_RECORDED}")


def _check_period(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise wrong("/ends_at", "before-start", "A session ends after it starts.")


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    subjects = {row["performer_id"], row["work_id"], objects.owner(caller)}
    log.append(tx, type_, caller.role, subjects=subjects)
    return Recorded(
        value=view(row),
        status=status,
        location=f"/v1/capture-sessions/{row['id']}",
        etag=objects.etag_of(row),
    )
