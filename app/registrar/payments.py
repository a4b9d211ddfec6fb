"""Payments: what a payer says that it paid, and what the performer answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.registrar import dues, messages, objects, parties
from app.registrar.callers import Caller
from app.registrar.dues import check_currency, payment_view, subjects_of
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules import ledger as rules
from app.rules.days import day_of
from app.rules.ledger import Due, Paid
from app.rules.reasons import plain
from app.rules.terms import Money
from app.store import dues as store
from app.store import heads, ids, log, merges, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

Document = dict[str, Any]

# Somewhere on earth it is tomorrow already.
_LATEST_ZONE: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class NewLine:
    """So much on one line. ``because``: why it is more than is left on it."""

    due: str
    amount: Money
    because: str | None = None


@dataclass(frozen=True, slots=True)
class NewPayment:
    """What was paid, to whom, when, and on which lines. ``reference``: the payer's own code."""

    performer: str
    reference: str
    paid_on: date
    lines: tuple[NewLine, ...]
    payer: str | None = None


def say(tx: Tx, caller: Caller, new: NewPayment) -> Recorded | Refused:
    """Put on record that something was paid; it is the payer's word until it is answered."""
    looking = objects.eyes_of(tx, caller)
    payer = _payer(looking, new.payer)
    performer = str(objects.find(looking, "performer", new.performer, "/performer")["id"])
    _take(tx, performer)
    looking = objects.eyes_of(tx, caller)
    if new.paid_on > day_of(tx.now + _LATEST_ZONE):
        raise wrong("/paid_on", "in-the-future", "Say it once it was paid.")
    lines = _lines(tx, looking, performer, new)
    if dues.kept_for_estate(tx.session, performer, tx.now):
        raise problem(
            "conflict",
            "The performer has died and nobody is proven yet who answers for them alone. What is"
            f" owed is kept until then. {NOTHING_RECORDED}",
        )
    log.begin(tx)
    row = rows.insert(
        tx,
        "payment",
        id=ids.mint("pay"),
        payer_id=payer,
        performer_id=performer,
        by=caller.id,
        stands_from=tx.now,
        said_at=tx.now,
        paid_on=new.paid_on,
        reference=new.reference,
        lines=store.paid_document(lines),
        because={line.due_id: line.because for line in lines if line.because is not None},
    )
    return _done(tx, caller, row, "payment.said", status=201)


def answer(
    tx: Tx,
    caller: Caller,
    payment_id: str,
    said: str,
    received: Mapping[str, Money],
    words: str | None,
) -> Recorded | Refused:
    """Say for the performer whether a payment came: yes, no, or in part.

    ``received``: of a part, how much came of which lines. A later answer takes the place of an
    earlier one from its own instant on.
    """
    row = objects.find(objects.eyes_of(tx, caller), "payment", payment_id)
    _take(tx, row["performer_id"])
    row = objects.find(objects.eyes_of(tx, caller), "payment", row["id"])
    parties.declining_role(tx, caller, row["performer_id"])
    if said != rules.YES and not (words or "").strip():
        raise wrong("/words", "required", "Say what did not come; whoever pays has to look.")
    part = _received(store.payment_of(row), said, received)
    kept = store.paid_document(part)
    if row["answer"] == said and row["received"] == kept:
        raise problem("invalid-transition", f"You said so already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(
        tx,
        "payment",
        row["id"],
        stands_from=tx.now,
        answer=said,
        answered_at=tx.now,
        answered_by=caller.id,
        received=kept,
    )
    if words:
        told = {row["payer_id"]}
        told |= set() if said == rules.YES else parties.unions_of(tx, row["performer_id"])
        kind = "note" if said == rules.YES else "dispute"
        for other in sorted(told):
            sides = (row["performer_id"], other)
            messages.put(tx, caller, ("payment", row["id"], kind), sides, words)
    return _done(tx, caller, row, "payment.answered", status=200)


def page(looking: Eyes, before: str | None, limit: int, **equal: str | None) -> list[Document]:
    """The newest payments with an id below ``before`` that the caller may see."""
    found = objects.page(looking, "payment", before, limit, **equal)
    return [view(looking, row) for row in found]


def view(looking: Eyes, row: Row) -> Document:
    """A payment as it stands, as this caller may see it."""
    return payment_view(looking, store.payment_of(row))


def _payer(looking: Eyes, given: str | None) -> str:
    """Whoever speaks for the payer; nobody says for another that it paid."""
    own = objects.owner(looking.caller)
    if given is None or objects.resolve(looking, "organization", given, "/payer") == own:
        return own
    raise objects.unknown("/payer")


def _take(tx: Tx, performer_id: str) -> None:
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", performer_id)})))


def _lines(tx: Tx, looking: Eyes, performer: str, new: NewPayment) -> list[Paid]:
    same = merges.now_with(tx.session, {performer})
    found: list[Paid] = []
    for number, line in enumerate(new.lines):
        pointer = f"/lines/{number}"
        row = objects.find(looking, "due", line.due, f"{pointer}/due")
        if row["performer_id"] not in same:
            said = "This line is another performer's: a payment is to one."
            raise wrong(f"{pointer}/due", "another-performer", said)
        if any(one.due_id == row["id"] for one in found):
            raise wrong(f"{pointer}/due", "repeated", "Name a line once.")
        if found and found[0].amount.currency != line.amount.currency:
            said = "A payment is in one currency: say the other one by itself."
            raise wrong(f"{pointer}/amount", "currency", said)
        _check_amount(tx, store.due_of(row), line, pointer)
        found.append(Paid(row["id"], line.amount, line.because))
    return found


def _check_amount(tx: Tx, due: Due, line: NewLine, pointer: str) -> None:
    if line.amount.minor == 0:
        raise wrong(f"{pointer}/amount", "nothing", "Say how much was paid.")
    check_currency(line.amount, due, f"{pointer}/amount")
    same = merges.ever_with(tx.session, {due.performer_id})
    stands = rules.standing(due, store.payments(tx.session, same, tx.now), tx.now)
    if stands.said is not None and stands.said.currency != line.amount.currency:
        said = f"What was paid on this line is in {stands.said.currency}; nothing is converted."
        raise wrong(f"{pointer}/amount", "currency", said)
    if line.because is not None:
        return
    if stands.left is None or line.amount.minor > stands.left.minor:
        left = "no known amount" if stands.left is None else plain(stands.left)
        said = f"There is {left} left on this line. To have paid more, say why in `because`."
        raise wrong(f"{pointer}/amount", "more-than-owed", said)


def _received(payment: rules.Payment, said: str, received: Mapping[str, Money]) -> tuple[Paid, ...]:
    if said != rules.PART:
        if received:
            raise wrong("/received", "not-a-part", "Say how much came of which line with `part`.")
        return ()
    if not received:
        raise wrong("/received", "required", "Say how much came of which line.")
    named = {line.due_id: line.amount for line in payment.lines}
    for number, (due_id, amount) in enumerate(received.items()):
        _check_part(named.get(due_id), amount, f"/received/{number}")
    if all(received.get(due_id) == amount for due_id, amount in named.items()):
        raise wrong("/answer", "all-of-it", "All of it came: answer `yes`.")
    return tuple(Paid(due_id, amount) for due_id, amount in received.items())


def _check_part(said: Money | None, came: Money, pointer: str) -> None:
    if said is None:
        raise wrong(f"{pointer}/due", "unknown", "This payment does not name that line.")
    if came.currency != said.currency:
        raise wrong(f"{pointer}/amount", "currency", f"The payment is in {said.currency}.")
    if came.minor > said.minor:
        more = f"{plain(said)} was said to be paid on this line; more cannot have come of it."
        raise wrong(f"{pointer}/amount", "more-than-said", more)


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    log.append(tx, type_, caller.role, subjects=subjects_of(tx, row))
    return Recorded(
        value=view(objects.eyes_of(tx, caller), row),
        status=status,
        location=f"/v1/payments/{row['id']}",
        etag=objects.etag_of(row),
    )
