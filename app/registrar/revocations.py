"""Acts by which a performer takes consent back: for good, for a while, for one grant or for all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.registrar import grants, objects, parties, sweep, terms
from app.registrar.callers import Caller
from app.registrar.problems import wrong
from app.rules import grants as rules
from app.rules.decide.case import open_case
from app.rules.decide.stops import on_strike
from app.rules.facts import Check
from app.rules.reasons import make, plain
from app.rules.refusals import Refusal
from app.store import facts, heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

# What a performer asks about when they stop: what is still to come, under way, finished.
_STAGES: Final = {
    "planned": "future",
    "cleared": "in_flight",
    "locked": "finished",
    "released": "finished",
}
_MEMBERS: Final = ("performer_id", "grant_id", "starts_at", "ends_at")


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause in ``[starts_at, ends_at)``; from now, and until it is ended, where not said."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


def revoke(tx: Tx, caller: Caller, grant_id: str, reason: str | None) -> Recorded | Refused:
    """Stop new uses as the terms allow; asking without the right is put on record as asked.

    The answer says which uses that reaches: those to come stop, those finished run on.
    """
    row = grants.taken(tx, caller, grant_id)
    role = parties.stopping_role(tx, caller, row["performer_id"])
    state = rules.move("revoke", row["state"], role)
    if isinstance(state, Refusal):
        return parties.refused(state, **grants.about(row))
    effective = rules.revocation_effect(terms.value_of(row).withdrawal, tx.now)
    until = tx.now + timedelta(days=rules.ANSWER_DAYS)
    says = rules.withdrawal_words(effective, now=tx.now, answer_by=until)
    if effective is None and row["withdrawal_answer"] == rules.WITHDRAWAL_OPEN:
        return parties.refused(_asked_already(row), **grants.about(row))
    touched = uses_under(tx, row["id"])
    log.begin(tx)
    if effective is None:
        row = rows.amend(
            tx,
            "grant",
            row["id"],
            withdrawal_asked_at=tx.now,
            withdrawal_answer=rules.WITHDRAWAL_OPEN,
            withdrawal_answer_by=until,
            withdrawal_answered_at=None,
            withdrawal_words=None,
            reason=reason,
        )
        asked = make("W_WITHDRAWAL_ASKED", asked=tx.now.date()).wire()
        return grants.done(
            tx,
            caller,
            row,
            "grant.withdrawal_asked",
            effective_from=None,
            says=says,
            warnings=[asked],
        )
    row = rows.amend(
        tx, "grant", row["id"], state=state, revoked_from=effective, reason=reason, proposal=None
    )
    sweep.enlist_under(tx, row["id"], unfinished(touched))
    return grants.done(
        tx,
        caller,
        row,
        "grant.revoked",
        effective_from=rows.plain(effective),
        says=says,
        affected=by_stage(touched),
    )


def _asked_already(row: objects.Row) -> Refusal:
    asked, until = plain(row["withdrawal_asked_at"]), plain(row["withdrawal_answer_by"])
    return Refusal(
        "asked_already", f"You asked for it on {asked}, and the studio has to answer by {until}."
    )


def suspend(tx: Tx, caller: Caller, grant_id: str, pause: Pause) -> Recorded | Refused:
    """Pause new uses under one grant."""
    row = grants.taken(tx, caller, grant_id)
    role = parties.stopping_role(tx, caller, row["performer_id"])
    state = rules.move("suspend", row["state"], role)
    if isinstance(state, Refusal):
        return parties.refused(state, **grants.about(row))
    if not terms.value_of(row).withdrawal.pause and not _struck(tx, row):
        no_pause = Refusal("no_pause", "These terms, as signed, leave no right to pause.")
        return parties.refused(no_pause, **grants.about(row))
    return _pause(tx, caller, row["performer_id"], row["id"], pause)


def _struck(tx: Tx, row: objects.Row) -> bool:
    """Whether a strike reaches what was consented to, and its agreement lets one pause in it."""
    grant, packs = terms.value_of(row), sweep.packs_of(tx.store)
    for work in sorted({*grant.scope.works, *grant.shown_works}):
        check = Check(work, grant.scope.uses[0], grant.performer_id, producer=grant.grantee_id)
        known, _ = facts.load(tx.session, check, as_of=tx.now)
        case = open_case(check, known, packs, tx.now)
        if case is not None and on_strike(case) and case.rules_doing("strike_pause"):
            return True
    return False


def suspend_all(tx: Tx, caller: Caller, performer_id: str, pause: Pause) -> Recorded | Refused:
    """Pause new uses under every grant of the performer."""
    id_ = _held(tx, caller, performer_id)
    parties.stopping_role(tx, caller, id_)
    return _pause(tx, caller, id_, None, pause)


def resume(tx: Tx, caller: Caller, grant_id: str) -> Recorded | Refused:
    """End every pause of one grant; who ends it says yes again, so that it takes who may sign."""
    row = grants.taken(tx, caller, grant_id)
    signing = parties.signing(tx, caller, row["performer_id"])
    if isinstance(signing, Refused):
        return signing
    state = rules.move("resume", row["state"], caller.role)
    if isinstance(state, Refusal):
        return parties.refused(state, **grants.about(row))
    return _resume(tx, caller, row["performer_id"], row["id"])


def resume_all(tx: Tx, caller: Caller, performer_id: str) -> Recorded | Refused:
    """End every pause of all the performer's grants; those of single grants go on.

    As with one grant, it takes who may sign.
    """
    id_ = _held(tx, caller, performer_id)
    signing = parties.signing(tx, caller, id_)
    if isinstance(signing, Refused):
        return signing
    return _resume(tx, caller, id_, None)


def uses_under(tx: Tx, grant_id: str) -> sweep.Rows:
    """The uses that rest on a grant."""
    found = rows.where(tx.session, "use", grant_id=grant_id)
    return [row for row in found if row["state"] in _STAGES]


def unfinished(touched: sweep.Rows) -> sweep.Rows:
    """Those of them that can still be stopped."""
    return [row for row in touched if _STAGES[row["state"]] != "finished"]


def by_stage(touched: sweep.Rows) -> dict[str, list[dict[str, Any]]]:
    """Uses as the performer asks for them: still to come, under way, finished."""
    stages: dict[str, list[dict[str, Any]]] = {"future": [], "in_flight": [], "finished": []}
    for row in touched:
        stages[_STAGES[row["state"]]].append(sweep.line(row))
    return stages


def _held(tx: Tx, caller: Caller, performer_id: str) -> str:
    found = objects.find(objects.eyes_of(tx, caller), "performer", performer_id)
    head = ("performer", found["id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    return str(found["id"])


def _pause(
    tx: Tx, caller: Caller, performer_id: str, grant_id: str | None, pause: Pause
) -> Recorded:
    starts_at = pause.starts_at or tx.now
    if starts_at < tx.now:
        raise wrong("/starts_at", "in-the-past", "A pause starts now or later; leave it out.")
    if pause.ends_at is not None and pause.ends_at <= starts_at:
        raise wrong("/ends_at", "before-start", "A pause ends after it starts.")
    log.begin(tx)
    row = rows.insert(
        tx,
        "suspension",
        id=ids.mint("susp"),
        performer_id=performer_id,
        grant_id=grant_id,
        starts_at=starts_at,
        ends_at=pause.ends_at,
    )
    found = sweep.sweep(tx, performers={performer_id})
    heads.bump(tx, "performer", performer_id)
    log.append(
        tx, "suspension.started", caller.role, subjects=_subjects(tx, performer_id, found, grant_id)
    )
    value = objects.document(row, *_MEMBERS) | {"affected": [sweep.line(use) for use in found]}
    return Recorded(value=value, etag=objects.etag_of(row))


def _resume(tx: Tx, caller: Caller, performer_id: str, grant_id: str | None) -> Recorded | Refused:
    paused = rows.where(tx.session, "suspension", performer_id=performer_id, grant_id=grant_id)
    open_ = [row for row in paused if row["ends_at"] is None or row["ends_at"] > tx.now]
    if not open_:
        return parties.refused(
            Refusal("not_paused", "Nothing is paused."), performer_id=performer_id
        )
    theirs = sweep.of_performer(tx, performer_id)
    stopping = sweep.blocks_of(tx.session, tx.store, theirs, tx.now)
    found = [row for row in theirs if stopping[row["id"]]]
    log.begin(tx)
    # One that has not started yet never was: it ends where it would have begun.
    ended = [
        rows.amend(tx, "suspension", row["id"], ends_at=max(tx.now, row["starts_at"]))
        for row in open_
    ]
    heads.bump(tx, "performer", performer_id)
    log.append(
        tx, "suspension.ended", caller.role, subjects=_subjects(tx, performer_id, found, grant_id)
    )
    return Recorded(
        value={
            "performer_id": performer_id,
            "grant_id": grant_id,
            "ended": [objects.document(row, *_MEMBERS) for row in ended],
            "redecided": sweep.redecided(tx, found),
        },
        status=200,
    )


def _subjects(tx: Tx, performer_id: str, found: sweep.Rows, grant_id: str | None) -> frozenset[str]:
    grants_ = rows.where(tx.session, "grant", performer_id=performer_id, state="active")
    grantees = {row["grantee_id"] for row in grants_ if grant_id in {None, row["id"]}}
    producers = {use["producer_id"] for use in found}
    return frozenset({performer_id} | grantees | producers | parties.unions_of(tx, performer_id))
