"""Acts on deaths: two persons record one, the person can contradict, and what was decided since.

The decisions of the gap, between the day of death and its record, are not undone: each studio gets
the list of its own to ask about again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.registrar import objects, parties, sweep
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules import deaths as rules
from app.rules.days import start_of
from app.rules.deaths import Report, Witness
from app.rules.facts import read
from app.store import events, heads, ids, log, merges, rows, uses
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "performer_id",
    "died_on",
    "document_hash",
    "reported_at",
    "confirmed_at",
    "alive_until",
    "undone_at",
)
_SINCE: Final = ("registered_at", "cleared_at", "locked_at", "released_at")
_OPEN: Final = frozenset({"planned", "cleared"})
_YES: Final = frozenset({"allow", "allow_with_obligations"})


@dataclass(frozen=True, slots=True)
class NewDeath:
    """What a paper says; ``died_on`` is not given where the record of a death is wrong."""

    died_on: date | None
    document_hash: str


def report(tx: Tx, caller: Caller, performer_id: str, new: NewDeath) -> Recorded | Refused:
    """Say that a performer died, or that the record of it is wrong; the first of two words.

    Nothing follows from it yet but that the person is told.
    """
    row = _held(tx, caller, performer_id)
    if new.died_on is not None and new.died_on > tx.now.date():
        raise wrong("/died_on", "in-the-future", "A date of death is not in the future.")
    if new.died_on == row["died_on"]:
        raise problem("invalid-transition", f"That is on record already. {NOTHING_RECORDED}")
    if any(found["confirmed_at"] is None for found in _standing(tx, row["id"])):
        raise problem(
            "invalid-transition",
            f"A report waits for its second person already; confirm that one. {NOTHING_RECORDED}",
        )
    log.begin(tx)
    made = rows.insert(
        tx,
        "death",
        id=ids.mint("death"),
        performer_id=row["id"],
        died_on=new.died_on,
        document_hash=new.document_hash,
        reported_at=tx.now,
        reported_by=caller.id,
        reported_for=caller.organization_id,
    )
    return _done(tx, caller, made, "death.reported", {row["created_by"]}, status=201)


def confirm(
    tx: Tx, caller: Caller, performer_id: str, death_id: str, document_hash: str
) -> Recorded | Refused:
    """Say so as the second person: the death counts from now on, as of its day.

    The answer lists what was decided in the gap, by studio.
    """
    row = _held(tx, caller, performer_id)
    found = _of(tx, row["id"], death_id)
    second = Witness(caller.id, caller.role, caller.organization_id)
    refusal = rules.confirmation_refusal(_report(found), second)
    if refusal is not None:
        return parties.refused(refusal, performer_id=row["id"])
    died_on = found["died_on"]
    until = rules.alive_until(died_on, tx.now)
    # Which consents and questions lie in the gap does not hang on what is written now.
    signed = [] if died_on is None else _signed_since(tx, row["id"], start_of(died_on))
    asked = [] if died_on is None else _asked_since(tx, row["id"], start_of(died_on))
    gap = [] if died_on is None else _decided_since(tx, row["id"], start_of(died_on))
    log.begin(tx)
    made = rows.amend(
        tx,
        "death",
        found["id"],
        confirmed_at=tx.now,
        confirmed_by=caller.id,
        confirmed_hash=document_hash,
        alive_until=until,
    )
    rows.amend(tx, "performer", row["id"], died_on=died_on, alive_until=until)
    # The day of death decides which memberships count, and so which vetoes reach the uses.
    sweep.sweep(tx, performers={row["id"]})
    sweep.enlist_under(tx, made["id"], gap)
    told = {use["producer_id"] for use in gap} | {grant["grantee_id"] for grant in signed}
    told |= {ask["organization_id"] for ask in asked} | {row["created_by"]}
    again = _by_studio(sweep.redecided(tx, gap), signed, asked)
    return _done(tx, caller, made, "death.confirmed", told, gap=again)


def contradict(tx: Tx, caller: Caller, performer_id: str) -> Recorded | Refused:
    """Say that one lives: undoes every report that is open and the record that still may be."""
    row = objects.find(objects.eyes_of(tx, caller), "performer", performer_id)
    heads.take(tx, lambda _: _heads(row["id"]))
    row = objects.find(objects.eyes_of(tx, caller), "performer", row["id"])
    said = [found for found in _standing(tx, row["id"]) if found["died_on"] is not None]
    # The record in force is the last that was confirmed; those before it were replaced.
    recorded = [f for f in said if f["confirmed_at"] is not None and row["died_on"] is not None]
    waiting = [f for f in said if f["confirmed_at"] is None]
    latest = max(recorded, key=lambda f: f["confirmed_at"], default=None)
    subject = latest or (waiting[0] if waiting else None)
    refusal = rules.alive_refusal(None if subject is None else _report(subject), tx.now)
    if refusal is not None:
        return parties.refused(refusal, performer_id=row["id"])
    undone = [*waiting, *([latest] if latest is not None else [])]
    stopped = [] if latest is None else uses.affected_by(tx.session, latest["id"])
    log.begin(tx)
    for found in undone:
        rows.amend(tx, "death", found["id"], undone_at=tx.now)
    if latest is not None:
        rows.amend(tx, "performer", row["id"], died_on=None, alive_until=None)
        sweep.sweep(tx, performers={row["id"]})
    heads.bump(tx, "performer", row["id"])
    told = {use["producer_id"] for use in stopped} | {row["created_by"]}
    log.append(tx, "death.undone", caller.role, subjects=_subjects(tx, row["id"], told))
    value = {
        "performer_id": row["id"],
        "undone": [found["id"] for found in undone],
        "redecided": sweep.redecided(tx, stopped),
    }
    return Recorded(value=value, status=200)


def page(
    looking: Eyes, performer_id: str, before: str | None, limit: int
) -> Sequence[dict[str, Any]]:
    """What was said of a performer's death, with each studio's own part of the gap."""
    row = objects.find(looking, "performer", performer_id)
    found = rows.page(looking.session, "death", before=before, limit=limit, performer_id=row["id"])
    return [view(one) | {"uses": _own_uses(looking, one)} for one in found]


def view(row: Row) -> dict[str, Any]:
    """What was said of a death, on the wire; who said it is the registry's to know."""
    return objects.document(row, *MEMBERS)


def _own_uses(looking: Eyes, row: Row) -> list[dict[str, Any]]:
    listed = uses.affected_by(looking.session, row["id"])
    return [sweep.line(use) for use in listed if objects.seen(looking, "use", use["id"])]


def _held(tx: Tx, caller: Caller, performer_id: str) -> Row:
    row = objects.stood_for(objects.eyes_of(tx, caller), performer_id)
    heads.take(tx, lambda _: _heads(row["id"]))
    return objects.stood_for(objects.eyes_of(tx, caller), row["id"])


def _heads(performer_id: str) -> Heads:
    return Heads(exclusive=frozenset({("performer", performer_id)}))


def _of(tx: Tx, performer_id: str, death_id: str) -> Row:
    found = rows.current(tx.session, "death", death_id)
    if found is None or found["performer_id"] != performer_id:
        raise objects.unknown("")
    return found


def _standing(tx: Tx, performer_id: str) -> list[Row]:
    """What was said of the performer's death and nobody contradicted."""
    return [*rows.where(tx.session, "death", performer_id=performer_id, undone_at=None)]


def _report(row: Row) -> Report:
    value = read(Report, {name: rows.plain(row[name]) for name in row if row[name] is not None})
    assert isinstance(value, Report)  # noqa: S101 - for the type checker
    return value


def _decided_since(tx: Tx, performer_id: str, start: datetime) -> list[Row]:
    """Uses that are under way, and those on which something was decided since."""
    return [
        use
        for use in sweep.of_performer(tx, performer_id)
        if use["state"] in _OPEN
        or any(use[name] is not None and use[name] >= start for name in _SINCE)
    ]


def _signed_since(tx: Tx, performer_id: str, start: datetime) -> list[Row]:
    same = merges.now_with(tx.session, {performer_id})
    found = rows.where(tx.session, "grant", performer_id=same)
    return [
        row
        for row in found
        if row["signature"] is not None and row["signature"]["at"] >= rows.plain(start)
    ]


def _asked_since(tx: Tx, performer_id: str, start: datetime) -> list[Row]:
    """Questions since that were answered with a yes."""
    same = merges.now_with(tx.session, {performer_id})
    asked = events.asked_between(tx.session, same, start, tx.now)
    return [row for row in asked if row["kind"] == "check" and row["outcome"] in _YES]


def _by_studio(
    redecided: Iterable[dict[str, Any]], signed: Iterable[Row], asked: Iterable[Row]
) -> list[dict[str, Any]]:
    """The gap: each studio's uses with what they are told now, its consents, its questions."""
    found: dict[str, dict[str, Any]] = {}

    def of(studio: str) -> dict[str, Any]:
        return found.setdefault(
            studio, {"organization_id": studio, "uses": [], "grants": [], "asked": []}
        )

    for use in redecided:
        of(use["producer_id"])["uses"].append(use)
    for grant in signed:
        of(grant["grantee_id"])["grants"].append(grant["id"])
    for ask in asked:
        about = {"work_id": ask["work_id"], "use": ask["use"]}
        if about not in of(ask["organization_id"])["asked"]:
            of(ask["organization_id"])["asked"].append(about)
    return [found[studio] for studio in sorted(found)]


def _subjects(tx: Tx, performer_id: str, told: Iterable[str | None]) -> frozenset[str]:
    others = frozenset(one for one in told if one is not None)
    return others | {performer_id} | parties.unions_of(tx, performer_id)


def _done(
    tx: Tx,
    caller: Caller,
    row: Row,
    type_: str,
    told: Iterable[str | None],
    *,
    status: int = 200,
    **more: Any,
) -> Recorded:
    performer_id = row["performer_id"]
    heads.bump(tx, "performer", performer_id)
    log.append(tx, type_, caller.role, subjects=_subjects(tx, performer_id, told))
    return Recorded(value=view(row) | more, status=status, etag=objects.etag_of(row))
