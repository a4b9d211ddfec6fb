"""Acts on reports of a base: what a royalty or a participation is a share of, for one period.

Somebody reports it and the studio puts it on record. The performer or a union may dispute it; the
studio corrects it by a new version. A period that nobody reported stays not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.registrar import authorship, objects, owed, parties
from app.registrar.callers import Caller
from app.registrar.engagements import SEES_PAY
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, FieldError, problem
from app.rules.days import day_of
from app.rules.grants import SHARED
from app.rules.terms import Money
from app.store import heads, ids, log, rows, works
from app.store.heads import Heads
from app.store.tx import Problem, Recorded, Refused, Tx

KIND: Final = "base_report"
# Terms that nobody is asked about any more, and that nothing is owed under.
_NEVER_SIGNED: Final = frozenset({"declined", "withdrawn", "void"})
MEMBERS: Final = (
    "work_id",
    "performer_id",
    "base",
    "starts_on",
    "until",
    "reporter",
    "reported_on",
    "stated_by",
    "stated_at",
    "confirmed_by",
    "confirmed_at",
    "disputed_by",
    "disputed_at",
    "dispute_words",
)


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported; the period is half-open, and nothing is an amount too."""

    starts_on: date
    until: date
    amount: Money
    reporter: str
    reported_on: date


@dataclass(frozen=True, slots=True)
class NewBaseReport:
    """A report for everybody with a share in the work's base, or for one performer alone."""

    work: str
    base: str
    reported: Reported
    performer: str | None = None
    ref: str | None = None


def record(tx: Tx, caller: Caller, new: NewBaseReport) -> Recorded | Refused:
    """Put a report on record, in the words of who made it.

    Raises:
        Problem: what it names is unknown or makes no sense; 409, the period has a report.
    """
    looking = objects.eyes_of(tx, caller)
    work_id = str(objects.find(looking, "work", new.work, "/work")["id"])
    performer_id = None
    if new.performer is not None:
        performer_id = str(objects.find(looking, "performer", new.performer, "/performer")["id"])
    named = objects.names(looking, KIND, new.ref, {})
    heads.take(tx, lambda held: _heads(held, work_id))
    _check(new.reported, day_of(tx.now))
    about = {"work_id": work_id, "performer_id": performer_id, "base": new.base}
    _check_free(tx, caller, about, new.reported)
    log.begin(tx)
    row = rows.insert(
        tx,
        KIND,
        id=ids.mint("base"),
        **about,
        **_columns(new.reported),
        stated_by=objects.owner(caller),
        stated_at=tx.now,
    )
    refs = objects.keep_names(tx, caller, named, row["id"])
    done = _done(tx, caller, row, "base_report.recorded", status=201)
    lines = len(owed.shares_of(tx.session, row))
    more = {"refs": refs, "lines": lines, "says": _says(tx, row, lines)}
    return Recorded({**done.value, **more}, location=done.location, etag=done.etag)


def _says(tx: Tx, report: Row, lines: int) -> str:
    """What came of a report. It is kept also where no terms name its base yet: some may."""
    if lines:
        return f"Shares of this on the ledger: {lines}."
    named = _bases(tx, report)
    if report["base"].casefold() in {base.casefold() for base in named}:
        return "Your terms name this base, and no use under them has a share of it yet."
    if not named:
        return "No terms of yours for this work name a base, so nobody has a share of this yet."
    known = ", ".join(f"“{base}”" for base in named)
    return (
        "No terms of yours for this work name this base, so nobody has a share of this yet."
        f" The bases that they name: {known}. If one of them is meant, report it by that name."
    )


def _bases(tx: Tx, report: Row) -> list[str]:
    """The bases that the studio's own terms name which a report on the work can be about."""
    work = report["work_id"]
    line = works.ancestors(tx.session, work) | works.descendants(tx.session, work) | {work}
    about: dict[str, Any] = {"grantee_id": report["stated_by"], "pay_kind": SHARED}
    if report["performer_id"] is not None:
        about["performer_id"] = report["performer_id"]
    return sorted(
        {
            row["pay_base"]
            for row in rows.where(tx.session, "grant", **about)
            if row["state"] not in _NEVER_SIGNED and line & {*row["scope"]["works"]}
        }
    )


def correct(tx: Tx, caller: Caller, report_id: str, reported: Reported) -> Recorded | Refused:
    """Say by a new version what was reported; what was said of the old one is open again."""
    row = _take(tx, caller, report_id)
    if row["stated_by"] != objects.owner(caller):
        raise problem("conflict", f"Only who put this on record corrects it. {NOTHING_RECORDED}")
    _check(reported, day_of(tx.now))
    about = {name: row[name] for name in ("work_id", "performer_id", "base")}
    _check_free(tx, caller, about, reported, but=row["id"])
    settled = {} if rows.disputed_by(row) is None else {"settled_at": tx.now}
    log.begin(tx)
    row = rows.amend(
        tx,
        KIND,
        row["id"],
        **_columns(reported),
        stated_at=tx.now,
        confirmed_by=None,
        confirmed_at=None,
        **settled,
    )
    return _done(tx, caller, row, "base_report.corrected", status=200)


def dispute(tx: Tx, caller: Caller, report_id: str, words: str) -> Recorded | Refused:
    """Say that a report is not so; a share of it is argued about from then on."""
    row = _take(tx, caller, report_id)
    _check_theirs(tx, caller, row)
    changes = authorship.dispute(tx, row, caller)
    log.begin(tx)
    row = rows.amend(tx, KIND, row["id"], **changes, dispute_words=words)
    return _done(tx, caller, row, "base_report.disputed", status=200)


def confirm(tx: Tx, caller: Caller, report_id: str) -> Recorded | Refused:
    """Say that a report is right; settles a dispute that the caller raised."""
    row = _take(tx, caller, report_id)
    _check_theirs(tx, caller, row)
    changes = authorship.confirmation(tx, row, caller)
    log.begin(tx)
    row = rows.amend(tx, KIND, row["id"], **changes)
    return _done(tx, caller, row, "base_report.confirmed", status=200)


def view(caller: Caller, row: Row) -> dict[str, Any]:
    """A report as this caller may see it: a union sees that there is one, not what it says."""
    shown = objects.document(row, *MEMBERS)
    others = caller.role != "auditor" and not caller.is_studio
    if row["settled_at"] is not None or (others and row["disputed_by"] != objects.owner(caller)):
        # That it is disputed is for everybody with a share to know; by whom and why is not.
        shown |= {"disputed_by": None, "dispute_words": None}
    if caller.role in SEES_PAY:
        shown["amount"] = Money(row["amount_minor"], row["currency"]).wire()
    return shown


def _check(reported: Reported, today: date) -> None:
    errors = []
    if reported.until <= reported.starts_on:
        detail = "It is the day after the last one: give one that is later than `starts_on`."
        errors.append(FieldError("/until", "before-its-start", detail))
    if reported.reported_on > today:
        detail = "Give the day on which it was reported; it is not in the future."
        errors.append(FieldError("/reported_on", "in-the-future", detail))
    if errors:
        raise problem("validation-failed", f"{errors[0].detail} {NOTHING_RECORDED}", *errors)


def _check_free(
    tx: Tx, caller: Caller, about: Mapping[str, Any], new: Reported, but: str = ""
) -> None:
    """No day of a base is reported twice: what is wrong is corrected, not said again beside it."""
    for row in rows.where(tx.session, KIND, **about, stated_by=objects.owner(caller)):
        if row["id"] != but and row["starts_on"] < new.until and new.starts_on < row["until"]:
            raise _overlapping(row)


def _overlapping(row: Row) -> Problem:
    said = "A report of this base for days of this period is on record: correct that one."
    return problem("duplicate", f"{said} {NOTHING_RECORDED}", extra={"id": row["id"]})


def _columns(reported: Reported) -> dict[str, object]:
    return {
        "starts_on": reported.starts_on,
        "until": reported.until,
        "amount_minor": reported.amount.minor,
        "currency": reported.amount.currency,
        "reporter": reported.reporter,
        "reported_on": reported.reported_on,
    }


def _take(tx: Tx, caller: Caller, report_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), KIND, report_id)
    heads.take(tx, lambda held: _heads(held, row["work_id"]))
    return objects.find(objects.eyes_of(tx, caller), KIND, row["id"])


def _heads(tx: Tx, work_id: str) -> Heads:
    # With everybody's whose share of it stands on the ledger.
    shared = {line["performer_id"] for line in owed.shared_in(tx.session, work_id)}
    return Heads(exclusive=frozenset({("work", work_id), *(("performer", id_) for id_ in shared)}))


def _check_theirs(tx: Tx, caller: Caller, row: Row) -> None:
    if row["performer_id"] is not None:
        parties.check_mandate(tx, caller, row["performer_id"])


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    subjects = {row["work_id"], row["performer_id"], row["stated_by"], objects.owner(caller)}
    owed.follow_report(tx, row)
    heads.bump(tx, "work", row["work_id"])
    log.append(tx, type_, caller.role, subjects={str(id_) for id_ in subjects - {None}})
    return Recorded(
        value=view(caller, row),
        status=status,
        location=f"/v1/base-reports/{row['id']}",
        etag=objects.etag_of(row),
    )
