"""Acts on residual statements from outside: what somebody else says was paid for a title.

A line is one title, one market and one period, as it was said. It stands beside what the registry
computes and is never added to it, to another line or to a total.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.registrar import objects
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, FieldError, problem, wrong
from app.rules.days import day_of
from app.rules.terms import Money
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Problem, Recorded, Refused, Tx

KIND: Final = "residual_statement"
MEMBERS: Final = (
    "performer_id",
    "work_id",
    "title",
    "market",
    "starts_on",
    "until",
    "issuer",
    "reference",
    "issued_on",
    "stated_by",
    "stated_at",
    "withdrawn_at",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says; the period is half-open. ``net`` left out: nobody said it."""

    title: str
    market: str
    starts_on: date
    until: date
    gross: Money
    issuer: str
    reference: str
    issued_on: date
    net: Money | None = None


@dataclass(frozen=True, slots=True)
class NewResidualStatement:
    """A line, whose it is, and what it is about where that is known here."""

    said: Said
    performer: str | None = None
    work: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A line that can be put on record: checked, before any head is held."""

    said: Said
    named: objects.Named
    performer_id: str
    work_id: str | None


def record(tx: Tx, caller: Caller, new: NewResidualStatement) -> Recorded | Refused:
    """Put one line on record, in the words of who issued the statement."""
    ready = prepare(tx, caller, new)
    heads.take(tx, lambda _: Heads())
    return write(tx, caller, ready)


def prepare(tx: Tx, caller: Caller, new: NewResidualStatement) -> Prepared:
    """Check a new line; takes no head and writes nothing.

    Raises:
        Problem: what it names is unknown, its code names another, or it makes no sense.
    """
    looking = objects.eyes_of(tx, caller)
    _check(new.said, day_of(heads.clock(tx)))
    named = objects.names(looking, KIND, new.ref, {})
    work_id = None
    if new.work is not None:
        work_id = str(objects.find(looking, "work", new.work, "/work")["id"])
    return Prepared(new.said, named, _whose(looking, new.performer), work_id)


def write(tx: Tx, caller: Caller, ready: Prepared) -> Recorded:
    """Put a line on record once every head of the act is held."""
    log.begin(tx)
    row = rows.insert(
        tx,
        KIND,
        id=ids.mint("resid"),
        performer_id=ready.performer_id,
        work_id=ready.work_id,
        **_columns(ready.said),
        stated_by=objects.owner(caller),
        stated_at=tx.now,
    )
    refs = objects.keep_names(tx, caller, ready.named, row["id"])
    done = _done(tx, caller, row, "residual_statement.recorded", status=201)
    return Recorded({**done.value, "refs": refs}, location=done.location, etag=done.etag)


def correct(tx: Tx, caller: Caller, statement_id: str, said: Said) -> Recorded | Refused:
    """Say by a new version what a line really says; the old one stays for the time before."""
    row = _own(tx, caller, statement_id)
    _check(said, day_of(tx.now))
    log.begin(tx)
    row = rows.amend(tx, KIND, row["id"], **_columns(said), stated_at=tx.now)
    return _done(tx, caller, row, "residual_statement.corrected", status=200)


def withdraw(tx: Tx, caller: Caller, statement_id: str) -> Recorded | Refused:
    """Take back a line that is somebody else's, or nobody's."""
    row = _own(tx, caller, statement_id)
    log.begin(tx)
    row = rows.amend(tx, KIND, row["id"], withdrawn_at=tx.now)
    return _done(tx, caller, row, "residual_statement.withdrawn", status=200)


def view(row: Row) -> dict[str, Any]:
    """A line as it stands on the wire."""
    net = row["net_minor"]
    return {
        **objects.document(row, *MEMBERS),
        "gross": Money(row["gross_minor"], row["currency"]).wire(),
        "net": None if net is None else Money(net, row["currency"]).wire(),
    }


def _whose(looking: objects.Eyes, named: str | None) -> str:
    if named is not None:
        # Who sees a performer may say what was paid to them; it binds nobody.
        return str(objects.find(looking, "performer", named, "/performer")["id"])
    if looking.caller.performer_id is None:
        raise wrong("/performer", "required", "Say whose statement it is.")
    return looking.caller.performer_id


def _check(said: Said, today: date) -> None:
    errors = []
    if said.until <= said.starts_on:
        detail = "It is the day after the last one: give one that is later than `starts_on`."
        errors.append(FieldError("/until", "before-its-start", detail))
    if said.issued_on > today:
        detail = "Give the day on which it was said; it is not in the future."
        errors.append(FieldError("/issued_on", "in-the-future", detail))
    if said.net is not None and said.net.currency != said.gross.currency:
        detail = "Gross and net of one line are in one currency."
        errors.append(FieldError("/net/currency", "another-currency", detail))
    elif said.net is not None and said.net.minor > said.gross.minor:
        detail = "What is left is never more than what there was."
        errors.append(FieldError("/net", "above-gross", detail))
    if errors:
        raise _wrong(*errors)


def _wrong(*errors: FieldError) -> Problem:
    return problem("validation-failed", f"{errors[0].detail} {NOTHING_RECORDED}", *errors)


def _columns(said: Said) -> dict[str, object]:
    return {
        "title": said.title,
        "market": said.market,
        "starts_on": said.starts_on,
        "until": said.until,
        "gross_minor": said.gross.minor,
        "net_minor": None if said.net is None else said.net.minor,
        "currency": said.gross.currency,
        "issuer": said.issuer,
        "reference": said.reference,
        "issued_on": said.issued_on,
    }


def _own(tx: Tx, caller: Caller, statement_id: str) -> Row:
    """The line in force, if the caller put it on record.

    Raises:
        Problem: 404, unknown or foreign; 409, somebody else's word, or taken back already.
    """
    heads.take(tx, lambda _: Heads())
    row = objects.find(objects.eyes_of(tx, caller), KIND, statement_id)
    if row["stated_by"] != objects.owner(caller):
        said = f"Only who put this on record corrects it. {NOTHING_RECORDED}"
        raise problem("conflict", said)
    if row["withdrawn_at"] is not None:
        raise problem("invalid-transition", f"It was taken back already. {NOTHING_RECORDED}")
    return row


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    subjects = {row["performer_id"], row["stated_by"], row["work_id"]} - {None}
    log.append(tx, type_, caller.role, subjects={str(id_) for id_ in subjects})
    return Recorded(
        value=view(row),
        status=status,
        location=f"/v1/residual-statements/{row['id']}",
        etag=objects.etag_of(row),
    )
