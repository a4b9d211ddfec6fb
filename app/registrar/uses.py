"""Acts on uses: register, decide again, lock, release, withdraw; dispute and report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import cases, grants, messages, objects, owed, parties, questions, sweep
from app.registrar.callers import Caller
from app.registrar.engagements import SEES_PAY
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.registrar.questions import Question
from app.rules import uses as rules
from app.rules.blocks import Block
from app.rules.decide import Decision, decide
from app.rules.decide.case import Case, open_case
from app.rules.facts import Check, Facts
from app.rules.grants import is_disputed
from app.rules.reasons import plain
from app.rules.sales import begun, since
from app.store import facts, heads, ids, log, rows, uses
from app.store.heads import Head, Heads
from app.store.tx import Recorded, Refused, Store, Tx

Document = dict[str, Any]

_MEMBERS: Final = (
    "performer_id",
    "work_id",
    "producer_id",
    "use",
    "gate",
    "shot",
    "replica_id",
    "grant_id",
    "state",
    "outcome",
    "on",
    "quantity",
    "registered_at",
    "cleared_at",
    "locked_at",
    "released_at",
)
RELEASE: Final = ("released_at", "by", "because", "known_idx", "outcome", "recorded_at")
_STAMPS: Final = {"cleared": "cleared_at", "locked": "locked_at", "released": "released_at"}
_ENTRIES: Final = {"recheck": "use.rechecked", "lock": "use.locked", "release": "use.released"}


def register(tx: Tx, caller: Caller, question: Question) -> Recorded | Refused:
    """Put a use on record: cleared if the decision lets it, planned if something is missing.

    Decided under the heads of all that the decision rests on, so that no veto, edge or cap that is
    in flight is missed.
    """
    check = questions.resolved(objects.eyes_of(tx, caller), question)
    heads.take(tx, lambda held: _heads(held, check))
    decision, case = _decided(tx, check)
    state = rules.move("register", "", decision.outcome)
    if state is None or case is None:
        return refused(check, decision)
    log.begin(tx)
    row = rows.insert(
        tx,
        "use",
        id=ids.mint("use"),
        performer_id=check.performer,
        work_id=check.work,
        producer_id=case.producer.id,
        use=check.use,
        gate=case.gate,
        shot=check.shot,
        replica_id=check.replica,
        grant_id=decision.grant_id,
        state=state,
        asked=asked_document(check),
        outcome=decision.outcome,
        on=check.on,
        quantity=asdict(check.quantity),
        **_counted(decision),
        registered_at=tx.now,
        cleared_at=tx.now if state == "cleared" else None,
    )
    owed.follow_use(tx, row, decision, case)
    sweep.enlist_ahead(tx, row, case)
    cases.follow_use(tx, row, case)
    return _done(tx, caller, row, "use.registered", decision)


def recheck(tx: Tx, caller: Caller, use_id: str) -> Recorded | Refused:
    """Decide a use again with what is known now."""
    return _again(tx, caller, use_id, "recheck")


def lock(tx: Tx, caller: Caller, use_id: str) -> Recorded | Refused:
    """Lock the picture with this use in it; decided again first."""
    return _again(tx, caller, use_id, "lock")


def release(tx: Tx, caller: Caller, use_id: str) -> Recorded | Refused:
    """Let the finished work out; decided first whether it may be shown."""
    return _again(tx, caller, use_id, "release")


def withdraw(tx: Tx, caller: Caller, use_id: str) -> Recorded | Refused:
    """Give a use up; it counts towards no cap any more."""
    row = taken(tx, caller, use_id)
    state = rules.move("withdraw", row["state"])
    if state is None:
        raise _not_now("withdrawn", row)
    log.begin(tx)
    row = rows.amend(tx, "use", row["id"], state=state, withdrawn_at=tx.now)
    owed.withdraw(tx, row)
    cases.follow_use(tx, row)
    return _done(tx, caller, row, "use.withdrawn", None)


def dispute(tx: Tx, caller: Caller, use_id: str, words: str) -> Recorded | Refused:
    """Say as the performer that this use is not what was agreed; it stops nothing by itself.

    It opens a thread with the studio, and one with each union that speaks for the performer.
    """
    row = taken(tx, caller, use_id)
    parties.check_mandate(tx, caller, row["performer_id"])
    others = {row["producer_id"], *parties.unions_of(tx, row["performer_id"])}
    log.begin(tx)
    for other in sorted(others):
        messages.put(tx, caller, ("use", row["id"], "dispute"), (row["performer_id"], other), words)
    log.append(tx, "use.disputed", caller.role, subjects=subjects_of(tx, row))
    return Recorded(value={"use": row["id"], "said_at": rows.plain(tx.now), "words": words})


def report(
    tx: Tx, caller: Caller, use_id: str, used: Mapping[str, int], until: date | None
) -> Recorded | Refused:
    """Say as the studio how much was used, where wanted up to the last day of a period."""
    if not used:
        raise wrong("/quantity", "required", "Say how much: `seconds`, `lines` or `uses`.")
    words = ", ".join(f"{count} {unit}" for unit, count in sorted(used.items()))
    if until is not None:
        words = f"{words}, in the period that ended on {plain(until)}"
    row = taken(tx, caller, use_id)
    log.begin(tx)
    statement = rows.insert(
        tx,
        "attestation",
        id=ids.mint("att"),
        kind="usage_report",
        at=tx.now,
        by=caller.id,
        role=caller.role,
        text=words,
        performer_id=row["performer_id"],
        work_id=row["work_id"],
        organization_id=caller.organization_id,
    )
    log.append(tx, "attestation.made", caller.role, subjects=subjects_of(tx, row))
    return Recorded(
        value={"use": row["id"], "said_at": rows.plain(statement["at"]), "words": words}
    )


def views(
    looking: objects.Eyes, store: Store, found: Sequence[objects.Row], at: datetime
) -> list[Document]:
    """Uses on the wire; ``held``: it was cleared, and something stops it now."""
    stopping = sweep.blocks_of(looking.session, store, found, at)
    return [_view(looking, row, stopping[row["id"]], at) for row in found]


def _view(
    looking: objects.Eyes, row: objects.Row, stopping: Iterable[Block], at: datetime
) -> Document:
    by = [{"id": b.id, "kind": b.kind, "number": b.number} for b in stopping]
    if row["state"] == "cleared":
        ended = _ended(looking, row["grant_id"], at)
        by += [{"id": row["grant_id"], "kind": kind, "number": ""} for kind in ended]
        by += [{"id": id_, "kind": "sale", "number": ""} for id_ in _sold(looking, row, at)]
    held = bool(by) and row["state"] in {"cleared", "locked", "released"}
    shown = {**objects.document(row, *_MEMBERS), "held": held, "held_by": by}
    shown["released_without_answer"] = releases_of(looking.session, row["id"])
    shown["disputed_at"] = _disputed_at(looking.session, row["id"])
    if looking.caller.role in SEES_PAY:
        shown["amounts"] = row["owed"] or {}
    return shown


def _disputed_at(session: Session, use_id: str) -> str | None:
    """When the performer first said that the use is not what was agreed; the thread says why."""
    said = rows.where(session, "message", about_id=use_id, about="use", kind="dispute")
    return min((str(rows.plain(row["written_at"])) for row in said), default=None)


def releases_of(session: Session, use_id: str) -> list[Document]:
    """What was let go while the registry did not answer, by whom and why, first to last."""
    return [
        objects.document(row, *RELEASE)
        for row in rows.where(session, "unanswered_release", use_id=use_id)
    ]


def _counted(decision: Decision) -> Document:
    """What the decision said is owed, and the days by which it was counted."""
    days = None if decision.days is None else str(decision.days)
    return {"owed": _owed(decision), "days": days, "estimate_id": decision.estimate_id}


def _owed(decision: Decision) -> Document | None:
    """What the decision said is owed, as it goes over the wire; and what is not known of it."""
    found = {} if decision.amounts is None else dict(decision.amounts.wire())
    if decision.not_known:
        found["not_known"] = [one.wire() for one in decision.not_known]
    return found or None


def _ended(looking: objects.Eyes, grant_id: str | None, at: datetime) -> Iterator[str]:
    """What the consent lost that the use rests on."""
    grant = None if grant_id is None else rows.current(looking.session, "grant", grant_id)
    if grant is None:
        return
    if grant["revoked_from"] is not None and grant["revoked_from"] <= at:
        yield "revocation"
    if grant["signature"] is not None and is_disputed(grants.signature_of(grant), at):
        yield "signature_dispute"


def _sold(looking: objects.Eyes, row: objects.Row, at: datetime) -> Iterator[str]:
    """The sale by which who registered a use gave its work away, if the consent was from before."""
    found = rows.where(looking.session, "sale", work_id=row["work_id"])
    sold = begun((parties.sale(one) for one in found), at)
    gone = [sale for sale in sold if sale.seller_id == row["producer_id"]]
    if not gone or sold[-1].buyer_id == row["producer_id"]:
        return
    grant = rows.current(looking.session, "grant", row["grant_id"]) if row["grant_id"] else None
    signed = grants.signature_of(grant).at if grant and grant["signature"] else None
    if signed is None or signed < since(gone[-1]):
        yield gone[-1].sale_id


def asked_document(check: Check) -> Document:
    """A question as JSON values, for asking it again in the same words."""
    found = rows.plain({name: value for name, value in asdict(check).items() if value is not None})
    assert isinstance(found, dict)  # noqa: S101 - for the type checker
    return found


def _again(tx: Tx, caller: Caller, use_id: str, act: str) -> Recorded | Refused:
    row = taken(tx, caller, use_id)
    check = sweep.check_of(row)
    if not rules.possible(act, row["state"]):
        return _not_possible(tx, row, act, check)
    if act == "release":
        # To make something new and to show what is finished are different questions.
        check = replace(check, use="exhibit", gate="delivery")
    decision, case = _decided(tx, check)
    state = rules.move(act, row["state"], decision.outcome)
    if state is None or case is None:
        return refused(check, decision)
    log.begin(tx)
    changes: Document = {}
    if state in _STAMPS and state != row["state"]:
        changes[_STAMPS[state]] = tx.now
    # To show what is finished is decided without what is owed for having made it.
    if act != "release":
        changes |= _counted(decision)
    row = rows.amend(
        tx,
        "use",
        row["id"],
        state=state,
        outcome=decision.outcome,
        grant_id=row["grant_id"] if act == "release" else decision.grant_id,
        **changes,
    )
    if act != "release":
        owed.follow_use(tx, row, decision, case)
    sweep.enlist_ahead(tx, row, case)
    return _done(tx, caller, row, _ENTRIES[act], decision)


def _not_possible(tx: Tx, row: objects.Row, act: str, check: Check) -> Refused:
    """Who cannot lock a planned use learns what it still waits for.

    Raises:
        Problem: 409, the state is in the way and nothing else.
    """
    if act == "lock" and row["state"] == "planned":
        decision, _ = _decided(tx, check)
        if not decision.allowed:
            return refused(check, decision)
        raise problem(
            "invalid-transition",
            "A use that is planned is decided again before it is locked, and nothing is missing"
            f" any more: recheck it. {NOTHING_RECORDED}",
        )
    if act == "release" and row["state"] in {"planned", "cleared"}:
        raise problem(
            "invalid-transition",
            f"A use that is {row['state']} is locked first, then released. {NOTHING_RECORDED}",
        )
    raise _not_now(f"{act}ed".replace("ee", "e"), row)


def taken(tx: Tx, caller: Caller, use_id: str) -> objects.Row:
    """The use, under the heads of its registration, as it stands now."""
    seen = objects.find(objects.eyes_of(tx, caller), "use", use_id)
    check = sweep.check_of(seen)
    heads.take(tx, lambda held: _heads(held, check))
    return objects.find(objects.eyes_of(tx, caller), "use", seen["id"])


def _heads(tx: Tx, check: Check) -> Heads:
    # A synthetic performer is nobody's; its uses are counted by work.
    first: Head = ("performer", check.performer) if check.performer else ("work", check.work)
    return Heads(
        exclusive=frozenset({first, *_work_days(tx, check)}),
        shared=uses.heads_around(tx.session, check.work, check.producer),
    )


def _work_days(tx: Tx, check: Check) -> Iterable[Head]:
    """The days whose background counts the use could change."""
    engaged = rows.where(
        tx.session, "engagement", performer_id=check.performer, role_class="background"
    )
    replicas = rows.where(tx.session, "replica", performer_id=check.performer, kind="background")
    if check.performer is None or not (engaged or replicas):
        return ()
    today = heads.clock(tx).date()
    # Which day it is depends on the zone of the agreement that binds.
    days = (
        (check.on,) if check.on else (today - timedelta(days=1), today, today + timedelta(days=1))
    )
    return tuple(("work_day", heads.work_day_id(check.work, day.isoformat())) for day in days)


def _decided(tx: Tx, check: Check) -> tuple[Decision, Case | None]:
    packs = sweep.packs_of(tx.store)
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    known = _none_to_come(known, tx.now)
    return decide(check, known, packs, as_of=tx.now), open_case(check, known, packs, tx.now)


def _none_to_come(known: Facts, now: datetime) -> Facts:
    """The facts with no use later than now: a clock that was set back frees no room under a cap."""
    if not any(use.registered_at is not None and use.registered_at > now for use in known.uses):
        return known
    return replace(
        known,
        uses=tuple(replace(u, registered_at=min(u.registered_at or now, now)) for u in known.uses),
    )


def refused(check: Check, decision: Decision) -> Refused:
    """A decision as the refusal of an act; the performer sees what was asked."""
    return Refused(
        reasons=decision.reasons,
        outcome=decision.outcome,
        performer_id=check.performer,
        work_id=check.work,
        use=check.use,
        request=asked_document(check),
        extra={"decision": decision.wire()},
    )


def _done(
    tx: Tx, caller: Caller, row: objects.Row, type_: str, decision: Decision | None
) -> Recorded:
    if row["performer_id"] is not None:
        heads.bump(tx, "performer", row["performer_id"])
    log.append(tx, type_, caller.role, subjects=subjects_of(tx, row))
    value = {**objects.document(row, *_MEMBERS), "amounts": row["owed"] or {}}
    if decision is not None:
        value["decision"] = decision.wire()
    return Recorded(
        value=value,
        status=201 if type_ == "use.registered" else 200,
        location=f"/v1/uses/{row['id']}",
        etag=objects.etag_of(row),
    )


def subjects_of(tx: Tx, row: objects.Row) -> frozenset[str]:
    """Who may see what happens to a use."""
    named = {row["performer_id"], row["producer_id"], row["work_id"]} - {None}
    unions = parties.unions_of(tx, row["performer_id"]) if row["performer_id"] else frozenset()
    return frozenset(named | unions)


def _not_now(done: str, row: objects.Row) -> Exception:
    return problem(
        "invalid-transition",
        f"A use that is {row['state']} cannot be {done}. {NOTHING_RECORDED}",
    )
