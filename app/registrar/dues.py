"""The ledger as people read it, and disputes over one of its lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import events, messages, objects, parties
from app.registrar.callers import Caller
from app.registrar.engagements import SEES_PAY
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules import ledger as rules
from app.rules.days import day_of
from app.rules.grants import SHARED
from app.rules.ledger import Due, Payment, Standing
from app.rules.reasons import plain
from app.rules.standing import contested, estates
from app.rules.terms import Money
from app.store import dues, heads, log, merges, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

Document = dict[str, Any]

_MEMBERS: Final = (
    *("id", "version", "performer_id", "work_id", "payer_id", "use_id", "replica_id"),
    *("capture_session_id", "kind", "what", "use", "shot", "floor", "stands_from", "stated_at"),
    *("arises_at", "ended_at", "ended_why", "source", "unverified"),
)
# Whoever decides between the two sides of a dispute.
_BETWEEN: Final = frozenset({"registry_admin", "union_officer"})
_CHUNK: Final = 200
_SHARE: Final = "share of what is reported"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines, and as of when; ``starts`` and ``until`` are days, both inclusive.

    A line belongs to the day on which its duty arose, and before that to the day on which it was
    stated. ``known`` is the entry by which it has to be on record; ``None``: the last one.
    """

    as_of: datetime
    known: int | None = None
    state: str | None = None
    starts: date | None = None
    until: date | None = None
    equal: Mapping[str, str | None] = field(default_factory=dict)


def own(looking: Eyes, at: datetime, performer: str | None, limit: int) -> Document:
    """What is owed to the caller or to clients, open lines alone, newest first, and the sums.

    ``more``: some of the lines are left out; the sums are of all. A sum is of lines in one state
    and one currency; of lines whose amount is not known there is a number of lines and no sum.
    """
    people = events.performers_of(looking)
    if performer is not None:
        people &= {str(objects.find(looking, "performer", performer, "?performer")["id"])}
    lines = dues.standing(looking.session, at, performer_id=people)
    said = _payments(looking.session, people, Wanted(at))
    kept = _kept(looking.session, people, at)
    found = [(line, rules.standing(line, said, at)) for line in lines if rules.owes(line, at)]
    waiting = [(line, stands) for line, stands in found if stands.state != rules.CONFIRMED]
    names = rows.where(looking.session, "organization", id={line.payer_id for line in lines})
    known = {row["id"]: row["name"] for row in names}
    shown = [
        _view(looking, line, stands, kept=line.performer_id in kept)
        | {"payer": {"id": line.payer_id, "name": known.get(line.payer_id)}}
        for line, stands in sorted(waiting, key=lambda pair: pair[0].id, reverse=True)
    ]
    return {
        "as_of": rows.plain(at),
        "sums": [
            {"to": payee, "state": state, "amount": sum_ and sum_.wire(), "lines": count}
            for payee in rules.PAYEES
            for state, sum_, count in rules.sums(s for line, s in found if rules.to(line) == payee)
        ],
        "data": shown[:limit],
        "more": len(shown) > limit,
    }


def page(looking: Eyes, wanted: Wanted, before: str | None, limit: int) -> list[Document]:
    """The newest lines with an id below ``before`` that the caller may see, as they stood."""
    _check_reached(looking.session, wanted.known)
    found: list[Document] = []
    while len(found) < limit:
        part = objects.page(looking, "due", before, _CHUNK, **wanted.equal)
        found += _views(looking, [row["id"] for row in part], wanted)
        if len(part) < _CHUNK:
            break
        before = part[-1]["id"]
    return found[:limit]


def one(looking: Eyes, due_id: str, wanted: Wanted) -> Document:
    """One line with how it was worked out, how it stood before, and what was said to be paid.

    Raises:
        Problem: 404, unknown, foreign, or not on record by then.
    """
    _check_reached(looking.session, wanted.known)
    row = objects.find(looking, "due", due_id)
    shown = _views(looking, [row["id"]], wanted)
    if not shown:
        raise objects.unknown("")
    history = [
        _moment(looking, version)
        for version in rows.versions(looking.session, "due", row["id"])
        if wanted.known is None or version["recorded_idx"] <= wanted.known
    ]
    said = [
        payment_view(looking, payment)
        for payment in _payments(looking.session, [row["performer_id"]], wanted)
        if any(line.due_id == row["id"] for line in payment.lines)
    ]
    return {**shown[0], "history": history, "payments": said}


def dispute(
    tx: Tx, caller: Caller, due_id: str, words: str, should_be: Money | None
) -> Recorded | Refused:
    """Say that a line is not right; what both sides say is owed stays due meanwhile.

    ``should_be``: what it should be. The payer has to say it; a performer may not know it.
    """
    row = _taken(tx, caller, due_id)
    side = _side(tx, caller, row)
    _check_disputable(row, tx.now)
    _check_claim(row, should_be, by_payer=side == row["payer_id"])
    log.begin(tx)
    row = rows.amend(
        tx,
        "due",
        row["id"],
        stands_from=tx.now,
        disputed_at=tx.now,
        disputed_by=side,
        claimed_minor=None if should_be is None else should_be.minor,
        settled_at=None,
    )
    told = {row["payer_id"], row["performer_id"]} - {side}
    if side == row["performer_id"]:
        told |= parties.unions_of(tx, row["performer_id"])
    for other in sorted(told):
        messages.put(tx, caller, ("payment", row["id"], "dispute"), (side, other), words)
    return _done(tx, caller, row, "due.disputed", status=201)


def settle(
    tx: Tx, caller: Caller, due_id: str, amount: Money | None, words: str
) -> Recorded | Refused:
    """Record how a dispute ended.

    Who decides between the sides says the amount; whoever disputed it can let go of it, and the
    other side can agree to the amount that was named.
    """
    row = _taken(tx, caller, due_id)
    if not rules.is_disputed(dues.due_of(row), tx.now):
        raise problem("invalid-transition", f"Nobody disputes this line. {NOTHING_RECORDED}")
    settled = _settled(tx, caller, row, amount)
    log.begin(tx)
    row = rows.amend(
        tx, "due", row["id"], stands_from=tx.now, settled_at=tx.now, **_new_amount(row, settled)
    )
    own = objects.owner(caller)
    for other in sorted({row["payer_id"], row["performer_id"]} - {own}):
        messages.put(tx, caller, ("payment", row["id"], "note"), (own, other), words)
    return _done(tx, caller, row, "due.settled", status=200)


def kept_for_estate(session: Session, performer_id: str, at: datetime) -> bool:
    """Whether what is owed is kept: they died, and nobody is proven to answer for them alone."""
    person = parties.performer(session, performer_id)
    if person.died_on is None or person.died_on > day_of(at):
        return False
    found = [
        parties.representation(row)
        for row in rows.where(session, "representation", performer_id=performer_id)
    ]
    claims = estates(found, performer_id, day_of(at), at)
    proven = [c for c in claims if c.verified_by and (c.verified_at is None or c.verified_at <= at)]
    return not proven or contested(claims)


def payment_view(looking: Eyes, payment: Payment) -> Document:
    """A payment on the wire; a union sees which lines it names and how it was answered."""
    shown: Document = {
        "id": payment.id,
        "version": payment.version,
        "payer_id": payment.payer_id,
        "performer_id": payment.performer_id,
        "paid_on": rows.plain(payment.paid_on),
        "said_at": rows.plain(payment.said_at),
        "answer": payment.answer,
        "answered_at": rows.plain(payment.answered_at),
        "lines": [_paid(looking, line) for line in payment.lines],
    }
    if _sees_pay(looking):
        shown["reference"] = payment.reference
        shown["received"] = [_paid(looking, line) for line in payment.received]
    return shown


def _check_reached(session: Session, known: int | None) -> None:
    tip = log.tip(session).index
    if known is not None and known > tip:
        raise problem("beyond-the-log", f"The log ends at entry {tip}.")


def _views(looking: Eyes, ids: Sequence[str], wanted: Wanted) -> list[Document]:
    lines = dues.standing(looking.session, wanted.as_of, wanted.known, id=ids)
    people = {line.performer_id for line in lines}
    said = _payments(looking.session, people, wanted)
    kept = _kept(looking.session, people, wanted.as_of)
    shown = []
    for line in sorted(lines, key=lambda line: line.id, reverse=True):
        stands = rules.standing(line, said, wanted.as_of)
        if _is_wanted(line, stands, wanted):
            shown.append(_view(looking, line, stands, kept=line.performer_id in kept))
    return shown


def _kept(session: Session, people: Collection[str], at: datetime) -> set[str]:
    """Those of the performers whose pay is kept for an estate."""
    same = merges.ever_with(session, people)
    if all(row["died_on"] is None for row in rows.where(session, "performer", id=same)):
        return set()
    return {id_ for id_ in people if kept_for_estate(session, id_, at)}


def _payments(session: Session, people: Iterable[str], wanted: Wanted) -> list[Payment]:
    same = merges.ever_with(session, frozenset(people))
    return dues.payments(session, same, wanted.as_of, wanted.known)


def _is_wanted(line: Due, stands: Standing, wanted: Wanted) -> bool:
    if wanted.state not in {None, stands.state}:
        return False
    day = day_of(line.arises_at or line.stated_at)
    after = wanted.starts is None or wanted.starts <= day
    return after and (wanted.until is None or day <= wanted.until)


def _view(looking: Eyes, line: Due, stands: Standing, *, kept: bool) -> Document:
    shown: Document = {name: rows.plain(getattr(line, name)) for name in _MEMBERS}
    shown |= {
        "to": rules.to(line),
        "state": stands.state,
        "says": rules.says(line, stands, kept=kept),
        "due_on": rows.plain(stands.due_on),
        "days_late": stands.days_late,
        "kept_for_estate": kept,
        "disputed_at": None,
        "disputed_by": None,
    }
    if stands.state == rules.DISPUTED:
        shown |= {
            "disputed_at": rows.plain(line.disputed_at),
            "disputed_by": line.disputed_by,
        }
    if not _sees_pay(looking):
        # What a share is of, and how much of it, are terms of pay.
        return shown | ({"what": _SHARE} if line.kind in SHARED else {})
    return shown | _amounts(line, stands)


def _amounts(line: Due, stands: Standing) -> Document:
    money = {
        "amount": line.amount,
        "undisputed": stands.undisputed,
        "said_paid": stands.said,
        "confirmed": stands.confirmed,
        "not_received": stands.missing,
        "left": stands.left,
        "overpaid": stands.overpaid,
        "late_fee": stands.penalty,
        "claimed": line.claimed if stands.state == rules.DISPUTED else None,
    }
    return {
        **{name: None if amount is None else amount.wire() for name, amount in money.items()},
        "why_unknown": line.why_unknown or None,
        "formula": line.formula or None,
        "working": dict(line.working),
        "rates": [dict(rate) for rate in line.rates],
    }


def _moment(looking: Eyes, version: Row) -> Document:
    """What a line said from an instant on."""
    line = dues.due_of(version)
    said: Document = {
        "version": line.version,
        "stands_from": rows.plain(line.stands_from),
        "arises_at": rows.plain(line.arises_at),
        "ended_at": rows.plain(line.ended_at),
    }
    if _sees_pay(looking):
        said["amount"] = None if line.amount is None else line.amount.wire()
        said["formula"] = line.formula or None
        said["why_unknown"] = line.why_unknown or None
    return said


def _paid(looking: Eyes, line: rules.Paid) -> Document:
    if not _sees_pay(looking):
        return {"due": line.due_id}
    return {"due": line.due_id, "amount": line.amount.wire(), "because": line.because}


def _sees_pay(looking: Eyes) -> bool:
    return looking.caller.role in SEES_PAY


def _taken(tx: Tx, caller: Caller, due_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "due", due_id)
    head = ("performer", row["performer_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    return objects.find(objects.eyes_of(tx, caller), "due", row["id"])


def _side(tx: Tx, caller: Caller, row: Row) -> str:
    """For which side of the line the caller speaks.

    Raises:
        Problem: 403, they hold no mandate for the performer.
    """
    if caller.is_studio:
        return str(row["payer_id"])
    parties.declining_role(tx, caller, row["performer_id"])
    return str(row["performer_id"])


def _check_disputable(row: Row, at: datetime) -> None:
    line = dues.due_of(row)
    if rules.is_disputed(line, at):
        raise problem("invalid-transition", f"It is disputed already. {NOTHING_RECORDED}")
    if line.arises_at is None or line.arises_at > at or line.amount is None:
        said = "Nothing is owed on this line yet, so there is nothing to dispute."
        raise problem("invalid-transition", f"{said} {NOTHING_RECORDED}")


def _check_claim(row: Row, should_be: Money | None, *, by_payer: bool) -> None:
    if should_be is None:
        if by_payer:
            raise wrong("/should_be", "required", "Say what you say that you owe: it stays due.")
        return
    line = dues.due_of(row)
    assert line.amount is not None  # noqa: S101 - what is not known is not disputed
    check_currency(should_be, line, "/should_be")
    if by_payer and should_be.minor >= line.amount.minor:
        said = f"The line is {plain(line.amount)}: who pays disputes what is too much."
        raise wrong("/should_be", "not-less", said)


def check_currency(amount: Money, line: Due, pointer: str) -> None:
    """Amounts are never converted.

    Raises:
        Problem: 422, the amount is in another currency than the line.
    """
    if line.amount is not None and amount.currency != line.amount.currency:
        said = f"This line is in {line.amount.currency}; amounts are never converted here."
        raise wrong(pointer, "currency", said)


def _settled(tx: Tx, caller: Caller, row: Row, amount: Money | None) -> Money:
    """The amount at which a dispute ends, if the caller may say so."""
    line = dues.due_of(row)
    assert line.amount is not None  # noqa: S101 - what is not known is not disputed
    if amount is not None:
        check_currency(amount, line, "/amount")
    if caller.role in _BETWEEN:
        if amount is None:
            raise wrong("/amount", "required", "Say what it comes to.")
        return amount
    if _side(tx, caller, row) == line.disputed_by:
        if amount not in {None, line.amount}:
            raise wrong("/amount", "not-yours", "Leave it out: the line stays as it is.")
        return line.amount
    if line.claimed is None or amount != line.claimed:
        named = "no amount" if line.claimed is None else plain(line.claimed)
        raise wrong("/amount", "not-yours", f"You can agree to what they named: {named}.")
    return amount


def _new_amount(row: Row, settled: Money) -> Document:
    before = Money(row["amount_minor"], row["currency"])
    if settled == before:
        return {}
    # What was reckoned is kept, so that reckoning it once more does not undo what was settled.
    reckoned = (row["working"] or {}).get("reckoned", before.wire())
    return {
        "amount_minor": settled.minor,
        "formula": f"Settled at {plain(settled)}; before it was {plain(before)}.",
        "working": {"settled": settled.wire(), "before": before.wire(), "reckoned": reckoned},
        # Nobody held less than that against the contract's minimum.
        "floor": row["floor"] if settled.minor > before.minor else "unknown",
    }


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    log.append(tx, type_, caller.role, subjects=subjects_of(tx, row))
    looking = objects.eyes_of(tx, caller)
    line = dues.due_of(row)
    said = _payments(tx.session, [line.performer_id], Wanted(tx.now))
    kept = kept_for_estate(tx.session, line.performer_id, tx.now)
    return Recorded(
        value=_view(looking, line, rules.standing(line, said, tx.now), kept=kept),
        status=status,
        location=f"/v1/dues/{row['id']}",
        etag=objects.etag_of(row),
    )


def subjects_of(tx: Tx, row: Row) -> frozenset[str]:
    """Who may see what happens to what is owed: both sides, and who speaks for the performer."""
    unions = parties.unions_of(tx, row["performer_id"])
    return frozenset({row["performer_id"], row["payer_id"], *unions})
