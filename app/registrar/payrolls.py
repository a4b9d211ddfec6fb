"""Payrolls: the ledger's lines of one production, as whoever pays hands them to payroll."""

from collections.abc import Sequence
from typing import Any, Final

from app.registrar import objects
from app.registrar.objects import Eyes, Row
from app.registrar.statements import Wanted, called, paid_on, words
from app.rules import statements as rules
from app.rules.days import day_of
from app.rules.ledger import Payment
from app.rules.packs import PackSet
from app.rules.reasons import wire
from app.rules.statements import Line, Record
from app.store import dues, references, rows, works

Document = dict[str, Any]

_PARTS: Final = ("units", "unit", "rate", "percent", "base", "ceiling", "state", "due_on", "why")
_NAMED: Final = ("use_id", "capture_session_id", "replica_id")


def payroll(looking: Eyes, work: str, wanted: Wanted, packs: PackSet) -> list[Document]:
    """One row for each line that the caller owes for a work and what is part of it, by day.

    Raises:
        Problem: 404, unknown or foreign.
    """
    session = looking.session
    work_id = str(objects.find(looking, "work", work)["id"])
    owner = objects.owner(looking.caller)
    inside = works.descendants(session, work_id)
    lines = dues.standing(session, wanted.as_of, wanted.known, payer_id={owner}, work_id=inside)
    people = {line.performer_id for line in lines}
    payments = paid_on(session, lines, people, wanted)
    paying = [one for one in payments if one.payer_id == owner]
    record = Record(
        dues=tuple(lines),
        payments=tuple(paying),
        titles=called(session, "work", "title", {line.work_id for line in lines}, wanted),
        packs=words(packs),
    )
    made = rules.statement(record, wanted.period, wanted.as_of).lines
    owed = sorted((one for one in made if one.due is not None), key=lambda one: (one.day, one.id))
    desk = _Desk(looking, owner, wanted, people, paying)
    return [desk.row(line) for line in owed]


class _Desk:
    """What the rows need besides their lines, read once. A class, because that is its state."""

    def __init__(
        self,
        looking: Eyes,
        owner: str,
        wanted: Wanted,
        people: set[str],
        payments: Sequence[Payment],
    ) -> None:
        session, known = looking.session, wanted.known
        hired = rows.where(
            session, "engagement", known=known, producer_id=owner, performer_id=people
        )
        self.engagements = sorted(hired, key=lambda row: (row["engaged_at"], row["id"]))
        self.above: dict[str, frozenset[str]] = {}
        self.session = session
        used = rows.where(session, "use", known=known, producer_id=owner, performer_id=people)
        self.days = {row["id"]: row["on"] for row in used}
        ids = people | {row["id"] for row in hired}
        self.codes = references.of(session, owner, ids)
        self.payments = payments

    def row(self, line: Line) -> Document:
        """One line, as payroll wants it."""
        due = line.due
        assert due is not None and line.stands is not None  # noqa: PT018, S101 - only lines owed
        hired = self._engagement(line)
        is_pay = line.section == rules.EARNED
        engagement_id = None if hired is None else str(hired["id"])
        return {
            "id": due.id,
            "performer_id": due.performer_id,
            "performer_ref": self._code(due.performer_id),
            "engagement_id": engagement_id,
            "engagement_ref": None if engagement_id is None else self._code(engagement_id),
            "work_id": due.work_id,
            "title": line.title,
            "work_date": wire(self.days.get(due.use_id or "") or line.day),
            "earnings_code": due.kind,
            "what": due.what,
            **{name: wire(getattr(line, name)) for name in _PARTS},
            "gross": wire(line.amount) if is_pay else None,
            "contribution": None if is_pay else wire(line.amount),
            "left": wire(line.stands.left),
            **{name: getattr(due, name) for name in _NAMED},
            "payments": sorted(p.id for p in self.payments if _names(p, due.id)),
            "rule": line.rule,
            "unchecked": line.unchecked,
        }

    def _engagement(self, line: Line) -> Row | None:
        """The last engagement on the work, or on what it is part of, before the line's day."""
        due = line.due
        assert due is not None  # noqa: S101 - only lines owed
        work_id = due.work_id or ""
        if work_id not in self.above:
            self.above[work_id] = works.ancestors(self.session, work_id) | {work_id}
        found = [
            row
            for row in self.engagements
            if row["performer_id"] == due.performer_id
            and row["work_id"] in self.above[work_id]
            and day_of(row["engaged_at"]) <= line.day
        ]
        return found[-1] if found else None

    def _code(self, id_: str) -> str | None:
        found = self.codes.get(id_, [])
        return found[0] if found else None


def _names(payment: Payment, due_id: str) -> bool:
    return any(paid.due_id == due_id for paid in payment.lines)
