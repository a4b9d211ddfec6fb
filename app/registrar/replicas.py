"""Acts on replicas: making one is a consented, paid act; files are known by their hashes alone."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.registrar import custodies, objects, owed, sweep
from app.registrar.callers import Caller
from app.registrar.custodies import Terms
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.registrar.uses import asked_document
from app.rules import replicas as rules
from app.rules.days import day_of
from app.rules.decide import Decision, decide
from app.rules.decide.case import Case, open_case
from app.rules.facts import Check
from app.store import facts, heads, ids, log, rows, uses
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "performer_id",
    "producer_id",
    "kind",
    "origin_work_id",
    "capture_session_id",
    "custodian_id",
    "state",
    "captured_on",
    "asset_hashes",
    "destruction_certificate",
    "made_before",
    "purpose_met_on",
)
# A vendor keeps files and learns nothing of whose they are.
_FOR_VENDORS: Final = (
    "kind",
    "custodian_id",
    "state",
    "captured_on",
    "asset_hashes",
    "destruction_certificate",
)
_ALLOWED: Final = frozenset({"allow", "allow_with_obligations"})


@dataclass(frozen=True, slots=True)
class NewReplica:
    """From a capture session, which says of whom and for what; else of a named performer."""

    kind: str | None = None
    capture_session: str | None = None
    performer: str | None = None
    origin_work: str | None = None
    custodian: str | None = None
    captured_on: date | None = None
    asset_hashes: tuple[str, ...] = field(default=())
    # The hash of what proves how it was made, of one that was there before it came on record.
    made_before: str | None = None
    ref: str | None = None
    # For what whoever keeps the files does so, and until when.
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True)
class _Origin:
    performer_id: str
    work_id: str | None
    session: Row | None
    kind: str


def record(tx: Tx, caller: Caller, new: NewReplica) -> Recorded | Refused:
    """Put a replica on record.

    To make one is decided as a `scan` under the heads of a registration, with a session or without:
    lacking the performer's yes, the notice and what else is asked, it is refused with every reason.
    One that was there before is put on record with the hash of what proves how it was made.
    """
    looking = objects.eyes_of(tx, caller)
    named = objects.names(looking, "replica", new.ref, {})
    origin = _origin(tx, looking, new)
    custodian = _custodian(looking, new.custodian)
    check = None if _was_there(tx, new, origin) else _check(origin, objects.owner(caller))
    heads.take(tx, lambda held: _heads(held, origin.performer_id, check))
    decision, case = _decided(tx, check)
    if decision is not None and decision.outcome not in _ALLOWED:
        return _refused(check, decision)
    log.begin(tx)
    row = rows.insert(
        tx,
        "replica",
        id=ids.mint("repl"),
        performer_id=origin.performer_id,
        producer_id=objects.owner(caller),
        kind=origin.kind,
        origin_work_id=origin.work_id,
        capture_session_id=None if origin.session is None else origin.session["id"],
        custodian_id=custodian,
        state=_first_state(tx, origin.session),
        captured_on=new.captured_on,
        asset_hashes=sorted(set(new.asset_hashes)),
        made_before=new.made_before,
    )
    if row["state"] != rules.PLANNED:
        custodies.begin(tx, row, custodian, new.terms)
    _owe(tx, row, origin.session, decision, case)
    refs = objects.keep_names(tx, caller, named, row["id"])
    more = {"refs": refs} | ({} if decision is None else {"decision": decision.wire()})
    return _done(tx, caller, row, "replica.recorded", **more)


def add_assets(
    tx: Tx, caller: Caller, replica_id: str, hashes: tuple[str, ...]
) -> Recorded | Refused:
    """Add hashes of files that belong to the replica; none is ever taken away."""
    row = _take(tx, caller, replica_id)
    known = set(row["asset_hashes"])
    if known >= set(hashes):
        raise problem("duplicate", f"Every one of these is on record already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "replica", row["id"], asset_hashes=sorted(known | set(hashes)))
    return _done(tx, caller, row, "replica.changed")


@dataclass(frozen=True, slots=True)
class NewState:
    """``certificate``: of destruction. ``purpose_met_on``: left out, what is due is so today."""

    state: str
    certificate: str | None = None
    purpose_met_on: date | None = None


def change_state(tx: Tx, caller: Caller, replica_id: str, new: NewState) -> Recorded | Refused:
    """Move a replica along its life. To capture it is to make it, and is decided like that."""
    row = _take(tx, caller, replica_id)
    wanted, certificate = new.state, new.certificate
    if not rules.may_become(row["state"], wanted):
        possible = " or ".join(map(rules.in_words, rules.next_states(row["state"])))
        raise problem(
            "invalid-transition",
            f"A replica that is {rules.in_words(row['state'])} can become"
            f" {possible or 'nothing else'}. {NOTHING_RECORDED}",
        )
    if wanted == rules.DESTROYED and certificate is None:
        raise wrong("/certificate", "required", "Give the hash of the destruction certificate.")
    met_on = _purpose_met_on(tx, new)
    session = _session(tx, row) if wanted == rules.CAPTURED else None
    check = _check(_planned(row, session), row["producer_id"])
    decision, case = _decided(tx, check)
    if decision is not None and decision.outcome not in _ALLOWED:
        return _refused(check, decision)
    held = _left_to_destroy(tx, row) if wanted == rules.DESTROYED else []
    log.begin(tx)
    if wanted == rules.CAPTURED:
        custodies.begin(tx, row, row["custodian_id"] or row["producer_id"], Terms())
    for copy in held:
        gone = {"ended_at": tx.now, "ended_how": custodies.DESTROYED, "certificate": certificate}
        rows.amend(tx, "custody", copy["id"], **gone)
    changes: dict[str, object] = {"state": wanted}
    if wanted == rules.CAPTURED and row["captured_on"] is None:
        changes["captured_on"] = tx.now.date()
    said = {"purpose_met_on": met_on, "destruction_certificate": certificate}
    changes |= {name: value for name, value in said.items() if value is not None}
    row = rows.amend(tx, "replica", row["id"], **changes)
    _owe(tx, row, session, decision, case)
    more = {} if decision is None else {"decision": decision.wire()}
    return _done(tx, caller, row, "replica.changed", **more)


def _purpose_met_on(tx: Tx, new: NewState) -> date | None:
    """The day on which what it was made for was done: as long as files are kept follows from it."""
    if new.state != rules.DESTRUCTION_DUE:
        if new.purpose_met_on is not None:
            raise wrong("/purpose_met_on", "not-possible", "It goes with `destruction_due` only.")
        return None
    today = day_of(tx.now)
    if new.purpose_met_on is not None and new.purpose_met_on > today:
        raise wrong("/purpose_met_on", "out-of-range", "Give a day that is not in the future.")
    return new.purpose_met_on or today


def change_custodian(
    tx: Tx, caller: Caller, replica_id: str, custodian: str, terms: Terms
) -> Recorded | Refused:
    """Say who keeps the files from now on, for what and until when.

    Whoever kept them before stays on record as holding a copy until they confirm that it is gone.
    """
    custodian = _custodian(objects.eyes_of(tx, caller), custodian)
    row = _take(tx, caller, replica_id)
    copies = [c for c in custodies.standing(tx, row["id"]) if c["holder_id"] == custodian]
    if row["custodian_id"] == custodian and copies and terms == Terms():
        raise problem("conflict", f"They keep it already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "replica", row["id"], custodian_id=custodian)
    if copies:
        custodies.extend(tx, copies[0], terms)
    else:
        custodies.begin(tx, row, custodian, terms)
    return _done(tx, caller, row, "replica.changed")


def _left_to_destroy(tx: Tx, row: Row) -> list[Row]:
    """The producer's own copies; nobody else may hold one any more when all of it is destroyed.

    Raises:
        Problem: 409, somebody still does; the answer names the copies.
    """
    held = custodies.standing(tx, row["id"])
    others = [copy["id"] for copy in held if copy["holder_id"] != row["producer_id"]]
    if others:
        said = "Somebody else still holds a copy: they have to confirm first that it is gone."
        raise problem("conflict", f"{said} {NOTHING_RECORDED}", extra={"custodies": others})
    return held


def view(caller: Caller, row: Row) -> dict[str, Any]:
    """A replica as this caller may see it."""
    return objects.document(row, *(_FOR_VENDORS if caller.role == "vendor" else MEMBERS))


def _origin(tx: Tx, looking: Eyes, new: NewReplica) -> _Origin:
    if new.capture_session is None:
        if new.performer is None:
            raise wrong("/performer", "required", "Name a `capture_session` or a `performer`.")
        performer = objects.find(looking, "performer", new.performer, "/performer")
        work = new.origin_work and objects.find(looking, "work", new.origin_work, "/origin_work")
        kind = new.kind or ("employment" if work else "independent")
        return _Origin(performer["id"], work["id"] if work else None, None, kind)
    if new.performer is not None or new.origin_work is not None:
        raise wrong("/capture_session", "one-of", "The session says of whom and for which work.")
    session = objects.find(looking, "capture_session", new.capture_session, "/capture_session")
    if session["state"] == "cancelled":
        raise problem("invalid-transition", f"The session was cancelled. {NOTHING_RECORDED}")
    engaged = rows.current(tx.session, "engagement", session["engagement_id"])
    is_background = engaged is not None and engaged["role_class"] == "background"
    kind = new.kind or ("background" if is_background else "employment")
    return _Origin(session["performer_id"], session["work_id"], session, kind)


def _custodian(looking: Eyes, given: str | None) -> str:
    own = objects.owner(looking.caller)
    if given in {None, own}:
        return own
    return str(objects.organization(looking, str(given), "/custodian", "vendor")["id"])


def _session(tx: Tx, row: Row) -> Row | None:
    if row["capture_session_id"] is None:
        return None
    return rows.current(tx.session, "capture_session", row["capture_session_id"])


def _was_there(tx: Tx, new: NewReplica, origin: _Origin) -> bool:
    """Whether it is said, with proof, that nothing is made now.

    Raises:
        Problem: 422, a session makes it, or the day is to come; or no work is named to decide for.
    """
    today = heads.clock(tx).date()
    if origin.session is None and new.captured_on is not None and new.captured_on > today:
        said = "What is yet to be made is planned as a capture session."
        raise wrong("/captured_on", "in-the-future", said)
    if new.made_before is None:
        if origin.work_id is None:
            said = "Name the work for which it is made: making a replica takes a yes."
            raise wrong("/origin_work", "required", said)
        return False
    if origin.session is not None:
        raise wrong("/made_before", "one-of", "What a session makes was not there before.")
    return True


def _planned(row: Row, session: Row | None) -> _Origin:
    """How a replica on record comes about: only a session is yet to make one."""
    work = None if session is None else session["work_id"]
    return _Origin(row["performer_id"], work, session, row["kind"])


def _check(origin: _Origin, producer_id: str) -> Check | None:
    """The question whether the capture may go ahead; ``None`` where none is to be asked."""
    if origin.work_id is None:
        return None
    return Check(
        work=origin.work_id,
        use="scan",
        performer=origin.performer_id,
        gate="scan",
        producer=producer_id,
        capture_session=None if origin.session is None else origin.session["id"],
    )


def _decided(tx: Tx, check: Check | None) -> tuple[Decision | None, Case | None]:
    if check is None:
        return None, None
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    packs = sweep.packs_of(tx.store)
    return decide(check, known, packs, as_of=tx.now), open_case(check, known, packs, tx.now)


def _owe(
    tx: Tx, row: Row, session: Row | None, decision: Decision | None, case: Case | None
) -> None:
    """Put on the ledger what the making costs; what nobody decided was made without a session."""
    if session is not None and decision is not None and case is not None:
        owed.follow_capture(tx, row, session, decision, case)


def _refused(check: Check | None, decision: Decision) -> Refused:
    assert check is not None  # noqa: S101 - there is no decision without a question
    return Refused(
        reasons=decision.reasons,
        outcome=decision.outcome,
        performer_id=check.performer,
        work_id=check.work,
        use=check.use,
        request=asked_document(check),
        extra={"decision": decision.wire()},
    )


def _first_state(tx: Tx, session: Row | None) -> str:
    if session is None:
        return rules.ACTIVE
    return rules.PLANNED if session["starts_at"] > tx.now else rules.CAPTURED


def _take(tx: Tx, caller: Caller, replica_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "replica", replica_id)
    check = _check(_planned(row, _session(tx, row)), row["producer_id"])
    heads.take(tx, lambda held: _heads(held, row["performer_id"], check))
    return objects.find(objects.eyes_of(tx, caller), "replica", row["id"])


def _heads(tx: Tx, performer_id: str, check: Check | None) -> Heads:
    around = (
        frozenset() if check is None else uses.heads_around(tx.session, check.work, check.producer)
    )
    return Heads(exclusive=frozenset({("performer", performer_id)}), shared=around)


def _done(tx: Tx, caller: Caller, row: Row, type_: str, **more: object) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    about = {
        row[name] for name in ("performer_id", "producer_id", "origin_work_id", "custodian_id")
    }
    log.append(tx, type_, caller.role, subjects=about - {None})
    return Recorded(
        value={**view(caller, row), **more},
        status=201 if type_ == "replica.recorded" else 200,
        location=f"/v1/replicas/{row['id']}",
        etag=objects.etag_of(row),
    )
