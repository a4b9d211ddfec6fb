"""Acts on transfers of replicas: put before the union, answered, assumed in writing, completed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.registrar import cases, custodies, objects, parties, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules import transfers as rules
from app.rules.blocks import BLOCK, COURT_ORDER, Block, blocks_at
from app.rules.decide.case import open_case
from app.rules.facts import Check, Facts, Transfer, read
from app.rules.merges import as_one
from app.rules.reasons import plain
from app.rules.refusals import Refusal
from app.rules.replicas import DESTROYED
from app.rules.standing import standing_unions
from app.store import facts, heads, ids, log, rows, uses
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Store, Tx

MEMBERS: Final = (
    "replica_id",
    "performer_id",
    "from_id",
    "to_id",
    "union_id",
    "purpose",
    "responsibility",
    "assumption",
    "submitted_at",
    "assumed_at",
    "answer",
    "answered_at",
    "refused_at",
    "reason",
    "completed_at",
)
# What stops a handover as such, and not only uses.
_STOPPING: Final = frozenset({COURT_ORDER, "transfer"})
# So many days, counted in that zone.
_Clock = tuple[int, ZoneInfo]
# Who keeps the files learns nothing of whose they are.
_FOR_VENDORS: Final = tuple(name for name in MEMBERS if name not in {"performer_id", "reason"})
_AT_ZERO: Final = (
    "When the time is over and the union has said nothing, that is not a yes: the producer stays"
    " liable for what becomes of the replica."
)
_NO_CLOCK: Final = (
    "No agreement of this union that is on file here gives it a time to answer. Until it does, the"
    " producer stays liable for what becomes of the replica."
)


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """``responsibility``: the hash of what shows that ``to`` can answer for the duties."""

    replica: str
    to: str
    union: str
    purpose: str
    responsibility: str | None = None


def submit(tx: Tx, caller: Caller, new: NewTransfer) -> Recorded | Refused:
    """Put before the union who is to take a replica over; its time to answer begins."""
    looking = objects.eyes_of(tx, caller)
    replica = _replica(looking, new.replica)
    to = str(objects.organization(looking, new.to, "/to", "studio", "vendor")["id"])
    if to == caller.organization_id:
        raise wrong("/to", "own-already", "The replica is with you already.")
    union = str(objects.organization(looking, new.union, "/union", "union")["id"])
    _take(tx, replica["performer_id"])
    replica = _replica(objects.eyes_of(tx, caller), replica["id"])
    _check_free(tx, replica)
    speaking = parties.unions_of(tx, replica["performer_id"])
    if speaking and union not in speaking:
        said = "This union does not speak for the performer; name one that does."
        raise wrong("/union", "without-standing", said)
    log.begin(tx)
    row = rows.insert(
        tx,
        "transfer",
        id=ids.mint("trans"),
        replica_id=replica["id"],
        performer_id=replica["performer_id"],
        from_id=objects.owner(caller),
        to_id=to,
        union_id=union,
        purpose=new.purpose,
        responsibility=new.responsibility,
        submitted_at=tx.now,
    )
    return _done(tx, caller, row, "transfer.submitted", status=201)


def assume(tx: Tx, caller: Caller, transfer_id: str, document: str) -> Recorded | Refused:
    """Take on in writing, as who takes the replica over, what its producer owes for it."""
    row = _of(tx, caller, transfer_id, "to_id")
    _take(tx, row["performer_id"])
    row = _still_open(_of(tx, caller, transfer_id, "to_id"))
    if row["assumed_at"] is not None:
        raise problem("invalid-transition", f"You took them on already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "transfer", row["id"], assumption=document, assumed_at=tx.now)
    return _done(tx, caller, row, "transfer.assumed")


def answer(
    tx: Tx, caller: Caller, transfer_id: str, said: str, reason: str | None
) -> Recorded | Refused:
    """Approve or refuse as the union who takes the replica over; a late answer counts too."""
    if said == rules.REFUSED and not (reason or "").strip():
        raise wrong("/reason", "required", "A refusal says why: it may not be unreasonable.")
    row = _of(tx, caller, transfer_id, "union_id")
    _take(tx, row["performer_id"])
    row = _still_open(_of(tx, caller, transfer_id, "union_id"))
    if row["answer"] == said:
        raise problem("invalid-transition", f"It was {said} already. {NOTHING_RECORDED}")
    if row["answer"] == rules.APPROVED:
        said_so = "What the union approved, it cannot refuse afterwards."
        raise problem("invalid-transition", f"{said_so} {NOTHING_RECORDED}")
    log.begin(tx)
    written = {"answer": said, "answered_at": tx.now, "reason": reason}
    if said == rules.REFUSED:
        written["refused_at"] = tx.now
    row = rows.amend(tx, "transfer", row["id"], **written)
    return _done(tx, caller, row, "transfer.answered")


def complete(tx: Tx, caller: Caller, transfer_id: str) -> Recorded | Refused:
    """Hand the replica over: approved, or once the union's time is over, and then still liable.

    Not while a court or a union's objection to transfers stops it.
    """
    row = _of(tx, caller, transfer_id, "from_id")
    replica = _replica(objects.eyes_of(tx, caller), row["replica_id"])
    heads.take(tx, lambda held: _around(held, replica))
    row = _still_open(_of(tx, caller, transfer_id, "from_id"))
    replica = _replica(objects.eyes_of(tx, caller), row["replica_id"])
    _check_may_go(tx, row)
    stopping = _stopping(tx, replica)
    if stopping is not None:
        return parties.refused(stopping, performer_id=row["performer_id"])
    log.begin(tx)
    row = rows.amend(tx, "transfer", row["id"], completed_at=tx.now)
    rows.amend(tx, "replica", replica["id"], custodian_id=row["to_id"])
    custodies.begin(tx, replica, row["to_id"], custodies.Terms(row["purpose"]))
    return _done(tx, caller, row, "transfer.completed")


def view(looking: objects.Eyes, store: Store, row: Row, at: datetime) -> dict[str, Any]:
    """A transfer as this caller may see it at ``at``, with the union's clock and who is liable."""
    transfer, clock = _value(row), _clock(looking.session, store, row["union_id"])
    left = None if clock is None else rules.days_left(transfer, *clock, at)
    members = _FOR_VENDORS if looking.caller.role == "vendor" else MEMBERS
    state = rules.state_at(transfer, left, at)
    waiting = state in {rules.SUBMITTED, rules.OVERDUE}
    return objects.document(row, *members) | {
        "state": state,
        "answer_by": rows.plain(None if clock is None else rules.last_day(transfer, *clock)),
        "days_left": left if waiting else None,
        "at_zero": _AT_ZERO if clock else _NO_CLOCK,
        "producer_liable": rules.liable(transfer, at),
    }


def _check_may_go(tx: Tx, row: Row) -> None:
    transfer, clock = _value(row), _clock(tx.session, tx.store, row["union_id"])
    if row["answer"] == rules.REFUSED:
        raise problem(
            "invalid-transition",
            f"The union refused to approve who would take it over. {NOTHING_RECORDED}",
        )
    if row["answer"] == rules.APPROVED:
        if row["assumed_at"] is None:
            raise problem(
                "invalid-transition",
                f"Who takes it over has not taken its duties on in writing yet. {NOTHING_RECORDED}",
            )
        return
    if clock is not None and rules.days_left(transfer, *clock, tx.now) >= 0:
        last = plain(rules.last_day(transfer, *clock))
        raise problem(
            "invalid-transition", f"The union can still answer, until {last}. {NOTHING_RECORDED}"
        )


def _clock(session: Session, store: Store, union_id: str) -> _Clock | None:
    """The union's time to answer: of the latest agreement of its own that says one."""
    families = parties.families_of_union(session, union_id)
    for pack in sweep.packs_of(store).of(*families):
        for row in pack.rules:
            if "transfer_clock" in row.does:
                return row.count("days"), ZoneInfo(pack.zone)
    return None


def _due(tx: Tx, row: Row) -> datetime | None:
    """When the union's time to answer is over; ``None``: nothing on file counts it."""
    clock = _clock(tx.session, tx.store, row["union_id"])
    if clock is None:
        return None
    after = rules.last_day(_value(row), *clock) + timedelta(days=1)
    return datetime.combine(after, time.min, tzinfo=clock[1])


def _value(row: Row) -> Transfer:
    value = read(Transfer, {name: rows.plain(row[name]) for name in row})
    assert isinstance(value, Transfer)  # noqa: S101 - for the type checker
    return value


def _replica(looking: objects.Eyes, given: str) -> Row:
    row = objects.find(looking, "replica", given, "/replica")
    if row["producer_id"] != looking.caller.organization_id:
        raise objects.unknown("/replica")
    return row


def _check_free(tx: Tx, replica: Row) -> None:
    if replica["state"] == DESTROYED:
        raise problem("invalid-transition", f"This replica was destroyed. {NOTHING_RECORDED}")
    found = rows.where(tx.session, "transfer", replica_id=replica["id"], completed_at=None)
    open_ = [row["id"] for row in found if row["answer"] != rules.REFUSED]
    if open_:
        raise problem(
            "duplicate",
            f"A transfer of this replica is with the union already. {NOTHING_RECORDED}",
            extra={"id": open_[0]},
        )


def _of(tx: Tx, caller: Caller, transfer_id: str, side: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "transfer", transfer_id)
    if row[side] != caller.organization_id:
        raise objects.unknown("")
    return row


def _still_open(row: Row) -> Row:
    if row["completed_at"] is not None:
        raise problem("invalid-transition", f"It was handed over already. {NOTHING_RECORDED}")
    return row


def _stopping(tx: Tx, replica: Row) -> Refusal | None:
    """Why the replica stays where it is, whatever was approved."""
    performer_id, producer_id = replica["performer_id"], replica["producer_id"]
    check = Check(replica["origin_work_id"] or "", "exhibit", performer_id, producer=producer_id)
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    case = open_case(check, known, sweep.packs_of(tx.store), tx.now)
    blocks = _over_person(known, check, tx.now) if case is None else case.blocks
    for block in blocks:
        if block.effect == BLOCK and block.kind in _STOPPING:
            what = f"Court order {block.basis}" if block.kind == COURT_ORDER else block.number
            return Refusal("stopped", f"{what} has stopped it since {plain(block.starts_at)}.")
    return None


def _over_person(known: Facts, check: Check, at: datetime) -> tuple[Block, ...]:
    """What stops whatever is done with a replica that was made for no work on record."""
    known, none = as_one(known, check.performer, at), frozenset[str]()
    about: dict[str, Any] = {"performer": check.performer, "producer": check.producer}
    unions = standing_unions(known, families=none, as_of=at, **about)
    return blocks_at(known, check, ancestors=none, families=none, unions=unions, as_of=at)


def _around(tx: Tx, replica: Row) -> Heads:
    # A block that is in flight and this act hold one head in common, as with a registration.
    work_id, performer = replica["origin_work_id"], ("performer", replica["performer_id"])
    return Heads(
        exclusive=frozenset({performer}),
        shared=uses.heads_around(tx.session, work_id or "", replica["producer_id"])
        - {("work", "")},
    )


def _take(tx: Tx, performer_id: str) -> None:
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", performer_id)})))


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int = 200) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    cases.follow_transfer(tx, row, _due(tx, row))
    about = {row[name] for name in ("performer_id", "from_id", "to_id", "union_id")}
    log.append(tx, type_, caller.role, subjects=about)
    return Recorded(
        value=view(objects.eyes_of(tx, caller), tx.store, row, tx.now),
        status=status,
        location=f"/v1/transfers/{row['id']}",
        etag=objects.etag_of(row),
    )
