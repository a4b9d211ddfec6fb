"""Statements and payrolls: what the ledger says, read for one person or for one production."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import objects
from app.registrar.dues import kept_for_estate
from app.registrar.objects import Eyes, Row
from app.rules import statements as rules
from app.rules.days import day_of
from app.rules.grants import SHARED
from app.rules.ledger import Due, Payment
from app.rules.packs import PackSet
from app.rules.reasons import wire
from app.rules.statements import Line, PackWords, Period, Record, Share, Statement
from app.store import dues, merges, private, rows, statements, works

Document = dict[str, Any]

_MEMBERS: Final = (
    *("section", "id", "day", "title", "made", "what", "units", "unit", "rate", "percent", "base"),
    *("ceiling", "amount", "net", "state", "says", "why", "reckoning", "rule", "rule_says"),
    *("unchecked", "payer", "due_on", "claimed", "claimed_by", "starts_on", "until", "market"),
    *("reference", "use_id", "work_id"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which days, as of when, and what entry of the log is known; ``None``: the last one."""

    period: Period
    as_of: datetime
    known: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement, and whose it is."""

    performer_id: str
    name: str | None
    wanted: Wanted
    statement: Statement

    def wire(self, base_url: str) -> Document:
        """The form in JSON; ``base_url``: where the registry is."""
        made = self.statement
        return {
            "performer_id": self.performer_id,
            "performer": self.name,
            "from": wire(self.wanted.period.starts),
            "until": wire(self.wanted.period.until),
            "as_of": wire(self.wanted.as_of),
            "totals": [_total(total) for total in made.totals],
            "by_state": dict(made.by_state),
            "unknown": made.unknown,
            "missing_reports": made.missing,
            "unchecked": made.unchecked,
            "data": [_line(line, base_url) for line in made.lines],
        }


def sheet(looking: Eyes, performer: str, wanted: Wanted, packs: PackSet) -> Sheet:
    """The statement of one performer, of what the caller pays or may read.

    Raises:
        Problem: 404, unknown or foreign.
    """
    performer_id = str(objects.find(looking, "performer", performer, "?performer")["id"])
    session = looking.session
    people = merges.now_with(session, {performer_id})
    payer = objects.owner(looking.caller) if looking.caller.is_studio else None
    equal = {"performer_id": people} | ({} if payer is None else {"payer_id": {payer}})
    lines = dues.standing(session, wanted.as_of, wanted.known, **equal)
    shares = _shares(session, people, payer, wanted)
    named = {line.work_id for line in lines} | {share.work_id for share in shares}
    paying = [
        one for one in paid_on(session, lines, people, wanted) if payer in {None, one.payer_id}
    ]
    record = Record(
        dues=tuple(lines),
        payments=tuple(paying),
        outside=tuple(
            statements.outside(session, wanted.as_of, wanted.known, people, stated_by=payer)
        ),
        shares=tuple(shares),
        reports=tuple(
            statements.reports(
                session, wanted.as_of, wanted.known, {w for share in shares for w in share.works}
            )
        ),
        titles=called(session, "work", "title", named, wanted),
        names=called(session, "organization", "name", _payers(lines, paying, shares), wanted),
        packs=words(packs),
        kept=frozenset(id_ for id_ in people if kept_for_estate(session, id_, wanted.as_of)),
    )
    name = private.read(session, [performer_id], "name").get(performer_id, {}).get("name")
    made = rules.statement(record, wanted.period, wanted.as_of)
    return Sheet(performer_id, name, wanted, made)


def paid_on(
    session: Session, lines: Iterable[Due], people: Collection[str], wanted: Wanted
) -> list[Payment]:
    """Payments to these people, and on these lines while two records were one person's."""
    same = merges.ever_with(session, people)
    named = {line.id for line in lines}
    return [
        one
        for one in dues.payments(session, same, wanted.as_of, wanted.known)
        if one.performer_id in people or any(line.due_id in named for line in one.lines)
    ]


def _payers(*found: Iterable[Any]) -> set[str]:
    return {one.payer_id for several in found for one in several}


def called(
    session: Session, table: str, column: str, ids: Collection[str | None], wanted: Wanted
) -> Mapping[str, str]:
    """Titles of works, or names of organizations, by their ids."""
    found = rows.where(session, table, known=wanted.known, id={i for i in ids if i is not None})
    return {row["id"]: row[column] for row in found}


def words(packs: PackSet) -> Mapping[tuple[str, str], PackWords]:
    """What each pack calls itself, and what its rows say."""
    return {
        (pack.family, pack.version): PackWords(
            pack.title, {row.id: row.says for row in pack.rules if row.says}
        )
        for pack in packs.packs
    }


def _shares(
    session: Session, people: Collection[str], payer: str | None, wanted: Wanted
) -> list[Share]:
    """What the performer has a share of, because of the uses that were registered by then."""
    uses = [
        use
        for use in rows.where(session, "use", known=wanted.known, performer_id=set(people))
        if use["grant_id"] is not None
        and use["state"] != "withdrawn"
        and use["registered_at"] <= wanted.as_of
        and payer in {None, use["producer_id"]}
    ]
    named = {use["grant_id"] for use in uses}
    sharing = rows.where(session, "grant", known=wanted.known, id=named, pay_kind=set(SHARED))
    bases = {grant["id"]: grant["pay_base"] for grant in sharing}
    found: dict[tuple[str, str], Share] = {}
    for use in uses:
        if use["grant_id"] in bases:
            share = _share(session, use, bases[use["grant_id"]], wanted)
            before = found.setdefault((share.id, share.work_id), share)
            days = [day for day in (before.since, share.since) if day is not None]
            found[share.id, share.work_id] = replace(before, since=min(days, default=None))
    return list(found.values())


def _share(session: Session, use: Row, base: str, wanted: Wanted) -> Share:
    return Share(
        id=use["grant_id"],
        performer_id=use["performer_id"],
        payer_id=use["producer_id"],
        base=base,
        work_id=use["work_id"],
        works=works.ancestors(session, use["work_id"]) | {use["work_id"]},
        since=_shown_since(session, use, wanted),
    )


def _shown_since(session: Session, use: Row, wanted: Wanted) -> date | None:
    """The first day on which the use can have earned something; ``None``: nobody said it."""
    locked, released = use["locked_at"], use["released_at"]
    if locked is None or locked > wanted.as_of:
        return None
    work = rows.at(session, "work", use["work_id"], wanted.known)
    exposed: date | None = None if work is None else work["first_exposed_on"]
    if exposed is not None:
        # What was shown before it was in it, it earned nothing of.
        return max(exposed, day_of(locked))
    return None if released is None or released > wanted.as_of else day_of(released)


def _total(total: rules.Total) -> Document:
    return {name: wire(getattr(total, name)) for name in rules.TOTALS}


def _line(line: Line, base_url: str) -> Document:
    shown = {name: wire(getattr(line, name)) for name in _MEMBERS}
    shown["href"] = None if line.use_id is None else f"{base_url}/v1/uses/{line.use_id}"
    stands = line.stands
    paid = (None, None) if stands is None else (stands.confirmed, stands.left)
    return shown | {"confirmed": wire(paid[0]), "left": wire(paid[1])}
