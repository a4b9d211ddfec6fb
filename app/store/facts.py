"""Load everything that one decision reads, and the log index that it is right as of: one statement.

One statement has one snapshot on both engines, so the facts and the index belong together without
a lock. It is built once and sent as text: to compile it for each check would cost more than to run
it. What must be in the facts is said at `app.rules.facts.Facts`; where that leaves room, more is
loaded, never less: edges of every period (a block outlives the edge by which it came) and vetoes of
every state, for the rules to judge at ``as_of``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import (
    CTE,
    BindParameter,
    ClauseElement,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import Session

from app.rules.facts import KINDS, Check, Facts, facts_from, instant
from app.rules.terms import Money
from app.store.rows import in_force
from app.store.tables import Json, log_head, metadata
from app.store.tx import Problem

DEPTH: Final = 16
ALONE: Final = "alone"
MERGED: Final = "merged"
NOBODY: Final = "nobody"
# The kind of the rows that hold terms of a grant which later terms took the place of.
_EARLIER: Final = "earlier"
# Zones differ from UTC by less than this; the rules pick the work day in the pack's zone.
_AROUND: Final = timedelta(days=1)

Found = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Facts, the ``index`` of the last entry that they show, and the clock when they were read.

    ``now`` is the database's clock on PostgreSQL and not given on SQLite; ``tip`` is the index of
    the last entry of all.
    """

    facts: Facts
    index: int
    now: datetime | None
    tip: int


def load(
    session: Session, check: Check, *, as_of: datetime, known: int | None = None
) -> tuple[Facts, int]:
    """The facts of a check, and the index of the last entry that they show.

    ``known`` gives the facts as they were on record once that entry was written.

    Raises:
        Problem: no entry ``known`` was written yet (422).
    """
    dialect = session.get_bind().dialect.name
    given = parameters(dialect, check, as_of, known)

    def ask(whom: str) -> Loaded:
        sql = statement(dialect, is_past=known is not None, whom=whom)
        found = session.connection().exec_driver_sql(sql, given)
        return read(((row[0], row[1]) for row in found), known)

    whom = whom_of(check)
    loaded = ask(whom)
    if is_merged(whom, loaded):
        loaded = ask(MERGED)
    return loaded.facts, loaded.index


def whom_of(check: Check) -> str:
    """Whose rows a check is asked with first: those of its performer, or of nobody's."""
    return NOBODY if check.performer is None else ALONE


def is_merged(whom: str, loaded: Loaded) -> bool:
    """Whether the record was merged with others, so that all of them have to be read at once.

    That is another statement, with a snapshot of its own, and what it finds is what counts: nobody
    else is made to pay for the few who are on record twice.
    """
    return whom == ALONE and bool(loaded.facts.merges)


@cache
def statement(dialect: str, *, is_past: bool, whom: str = "alone") -> str:
    """The text of the one statement, with named parameters in the driver's own form.

    ``whom``: `ALONE`, `MERGED`, or `NOBODY` for a check that names no performer. Then the people it
    is about are those whom a prompt was said to name.
    """
    return text_of(dialect, _build(dialect, is_past=is_past, whom=whom))


def text_of(dialect: str, built: ClauseElement) -> str:
    """A statement as the driver takes it; its parameters all have names, and no values in it."""
    if dialect == "postgresql":
        return str(built.compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]
    return str(built.compile(dialect=SQLiteDialect_pysqlite(paramstyle="named")))


def parameters(dialect: str, check: Check, as_of: datetime, known: int | None) -> dict[str, Any]:
    """What `statement` is given for one check."""
    first, last = (check.on, check.on) if check.on else _days_around(as_of)
    days = {"first_day": first, "last_day": last}
    if dialect == "sqlite":
        days = {name: day.isoformat() for name, day in days.items()}
    asked = {
        "performer": check.performer,
        "work": check.work,
        "producer": check.producer,
        "used": check.use_id,
    }
    return asked | days | ({} if known is None else {"known": known})


def read(found: Found, known: int | None) -> Loaded:
    """Facts from the statement's rows, in an order that the engine has no say in."""
    documents: list[tuple[str, dict[str, Any]]] = []
    earlier: dict[str, list[dict[str, Any]]] = {}
    log: dict[str, Any] = {}
    for kind, raw in found:
        document = _decode(raw)
        if kind == "log":
            log = document
        elif kind == _EARLIER:
            earlier.setdefault(document["id"], []).append(_grant(document))
        else:
            documents.append((kind, _RESHAPED.get(kind, dict)(document)))
    for kind, document in documents:
        if kind == "grants":
            versions = earlier.get(document["id"], [])
            document["earlier"] = sorted(versions, key=lambda version: version["version"])
    tip = log["size"] - 1
    if known is not None and known > tip:
        raise Problem(422, "beyond-the-log", f"The log ends at entry {tip}.")
    documents.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    now = instant(log["now"]) if "now" in log else None
    return Loaded(facts_from(documents), tip if known is None else known, now, tip)


_decode = msgspec.json.Decoder(dict[str, Any]).decode


def _days_around(as_of: datetime) -> tuple[Any, Any]:
    return (as_of - _AROUND).date(), (as_of + _AROUND).date()


def _engagement(row: dict[str, Any]) -> dict[str, Any]:
    kind = row.pop("rate_kind")
    amount = _money(row.pop("rate_minor"), row.pop("rate_currency"))
    return row | {"rate": None if kind is None else {"kind": kind, "amount": amount}}


def _grant(row: dict[str, Any]) -> dict[str, Any]:
    kind, currency = row.pop("pay_kind"), row.pop("pay_currency")
    pay = {
        "kind": kind,
        "amount": _money(row.pop("pay_minor"), currency),
        "alteration": _money(row.pop("alteration_minor"), currency),
        "share": row.pop("pay_share"),
        "base": row.pop("pay_base"),
    }
    # What the signer knows as the version is that of the terms.
    return row | {"version": row.pop("terms_version"), "pay": None if kind is None else pay}


def _report(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"amount": _money(row.pop("amount_minor"), row.pop("currency"))}


def _veto(row: dict[str, Any]) -> dict[str, Any]:
    prefix = "scope_"
    scope = {name.removeprefix(prefix): row.pop(name) for name in list(row) if prefix in name}
    return row | {"scope": scope}


def _money(minor: int | None, currency: str | None) -> dict[str, str] | None:
    return None if minor is None or currency is None else Money(minor, currency).wire()


_RESHAPED: Final = {
    "base_reports": _report,
    "engagements": _engagement,
    "grants": _grant,
    "vetoes": _veto,
}

# Columns that a reshaped document needs besides those with a member's own name.
_MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "engagements": ("rate_kind", "rate_minor", "rate_currency"),
    "grants": (
        "terms_version",
        "pay_kind",
        "pay_minor",
        "pay_currency",
        "alteration_minor",
        "pay_share",
        "pay_base",
    ),
    "vetoes": (
        "scope_performer",
        "scope_work",
        "scope_uses",
        "scope_studio",
        "scope_agreement",
        "scope_unit",
        "scope_all_members",
    ),
    "base_reports": ("amount_minor", "currency"),
    # For the order of documents.
    "work_days": ("id",),
    "verifications": ("id",),
}

_TABLES: Final = {
    "organizations": "organization",
    "signatories": "signatory",
    "performers": "performer",
    "merges": "merge",
    "memberships": "membership",
    "representations": "representation",
    "works": "work",
    "edges": "edge",
    "sales": "sale",
    "engagements": "engagement",
    "capture_sessions": "capture_session",
    "replicas": "replica",
    "transfers": "transfer",
    "custodies": "custody",
    "grants": "grant",
    "assignments": "assignment",
    "confirmations": "confirmation",
    "suspensions": "suspension",
    "instructions": "instruction",
    "court_orders": "court_order",
    "vetoes": "veto",
    "uses": "use",
    "estimates": "estimate",
    "attestations": "attestation",
    "notices": "notice",
    "base_reports": "base_report",
    "work_days": "work_day",
    "verifications": "verification",
}


@dataclass(frozen=True, slots=True)
class _Around:
    """What the conditions are written with."""

    performer: BindParameter[str]
    work: BindParameter[str]
    producer: BindParameter[str]
    used: BindParameter[str]
    known: BindParameter[int] | None
    above: CTE  # the work and its ancestors
    studios: CTE  # the producer and the owners of these works
    replicas: CTE  # the performer's replicas, with their custodians
    named: CTE | None  # of a check about nobody: whom a prompt was said to name
    several: CTE | None  # those, or every record of a performer who has several

    def force(self, table: Table) -> ColumnElement[bool]:
        """The condition that a version counts."""
        return in_force(table, self.known)

    def theirs(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The column names the performer."""
        return _names(column, self.performer, self.several)

    def in_works(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The column names the work or an ancestor."""
        return column.in_(select(self.above.c.id))

    def in_studios(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The column names the producer or an owner."""
        return column.in_(select(self.studios.c.id))


def _names(
    column: ColumnElement[Any], performer: BindParameter[str], several: CTE | None
) -> ColumnElement[bool]:
    # Two statements and not one with an `or`, which would cost every other check its index.
    return column == performer if several is None else column.in_(select(several.c.id))


def _build(dialect: str, *, is_past: bool, whom: str) -> CompoundSelect[Any]:
    around = _around(is_past=is_past, whom=whom)
    branches = [
        select(literal_column(f"'{kind}'").label("kind"), _document(dialect, kind)).where(
            around.force(metadata.tables[_TABLES[kind]]), condition
        )
        for kind, condition in _conditions(around).items()
    ]
    branches.append(_earlier(dialect, around))
    branches.append(_reports(dialect, around))
    log: dict[str, ColumnElement[Any]] = {"size": log_head.c.size}
    if dialect == "postgresql":
        log["now"] = func.clock_timestamp()
    branches.append(
        select(literal_column("'log'").label("kind"), _object(dialect, log)).where(
            log_head.c.log_id == literal_column("'acts'")
        )
    )
    return union_all(*branches)


def _earlier(dialect: str, around: _Around) -> Select[Any]:
    """The last version of all terms that were in force until others were signed."""
    grant = metadata.tables["grant"]
    following = grant.alias("following")
    follows = and_(
        following.c.id == grant.c.id, following.c.version == grant.c.version + literal_column("1")
    )
    asked = (
        select(literal_column(f"'{_EARLIER}'").label("kind"), _document(dialect, "grants"))
        .join_from(grant, following, follows)
        .where(
            around.theirs(grant.c.performer_id),
            grant.c.signature.is_not(None),
            following.c.terms_version != grant.c.terms_version,
        )
    )
    if around.known is None:
        return asked
    return asked.where(following.c.recorded_idx <= around.known)


def _reports(dialect: str, around: _Around) -> Select[Any]:
    """Reports of the bases of shares, each as it last stood under every statement of it.

    A correction counts from its own instant; before it, what it corrects.
    """
    report = metadata.tables["base_report"]
    following = report.alias("following_report")
    follows = and_(
        following.c.id == report.c.id,
        following.c.version == report.c.version + literal_column("1"),
    )
    if around.known is not None:
        follows = and_(follows, following.c.recorded_idx <= around.known)
    asked = (
        select(literal_column("'base_reports'").label("kind"), _document(dialect, "base_reports"))
        .outerjoin_from(report, following, follows)
        .where(
            around.in_works(report.c.work_id),
            _or_none(report.c.performer_id, around.theirs(report.c.performer_id)),
            or_(following.c.id.is_(None), following.c.stated_at != report.c.stated_at),
        )
    )
    return asked if around.known is None else asked.where(report.c.recorded_idx <= around.known)


def _around(*, is_past: bool, whom: str) -> _Around:
    t = metadata.tables
    performer, producer = (
        bindparam("performer", type_=String()),
        bindparam("producer", type_=String()),
    )
    work = bindparam("work", type_=String())
    known: Any = bindparam("known", type_=log_head.c.size.type) if is_past else None
    start: Any = select(cast(work, String()).label("id"), literal_column("0").label("depth"))
    above = start.cte("above", recursive=True)
    edge = t["edge"]
    above = above.union(
        select(edge.c.parent, above.c.depth + literal_column("1"))
        .join(above, edge.c.child == above.c.id)
        .where(in_force(edge, known), above.c.depth < literal_column(str(DEPTH)))
    )
    owners = select(t["work"].c.owner_id.label("id")).where(
        in_force(t["work"], known), t["work"].c.id.in_(select(above.c.id))
    )
    # Of a work that was sold, every owner there was: a block outlives the owner by whom it came.
    sale = t["sale"]
    sold = and_(in_force(sale, known), sale.c.work_id.in_(select(above.c.id)))
    studios = owners.union(
        select(cast(producer, String())),
        select(sale.c.seller_id).where(sold),
        select(sale.c.buyer_id).where(sold),
    ).cte("studios")
    named = _named(above, known) if whom == NOBODY else None
    merged = _merged(select(cast(performer, String()).label("id")), known)
    several = {ALONE: None, MERGED: merged, NOBODY: named}[whom]
    replica = t["replica"]
    replicas = (
        select(replica.c.id, replica.c.custodian_id)
        .where(in_force(replica, known), _names(replica.c.performer_id, performer, several))
        .cte("replicas")
    )
    used = bindparam("used", type_=String())
    return _Around(performer, work, producer, used, known, above, studios, replicas, named, several)


def _merged(ids: Select[tuple[str]], known: BindParameter[int] | None) -> CTE:
    """These performers, and everybody with whom they were ever merged."""
    merge = metadata.tables["merge"]
    same = ids.cte("same", recursive=True)
    other = case((merge.c.performer_id == same.c.id, merge.c.other_id), else_=merge.c.performer_id)
    return same.union(
        select(other)
        .join(same, or_(merge.c.performer_id == same.c.id, merge.c.other_id == same.c.id))
        .where(in_force(merge, known), merge.c.starts_at.is_not(None))
    )


def _named(above: CTE, known: BindParameter[int] | None) -> CTE:
    said = metadata.tables["attestation"]
    named = select(said.c.performer_id.label("id")).where(
        in_force(said, known),
        said.c.kind == literal_column("'named_prompt'"),
        said.c.performer_id.is_not(None),
        or_(said.c.work_id.is_(None), said.c.work_id.in_(select(above.c.id))),
    )
    return _merged(named, known)


def _conditions(around: _Around) -> dict[str, ColumnElement[bool]]:
    """Which rows in force belong to a check, by kind of fact."""
    own = {
        kind: around.theirs(metadata.tables[_TABLES[kind]].c.performer_id)
        for kind in (
            "memberships",
            "representations",
            "engagements",
            "capture_sessions",
            "replicas",
            "transfers",
            "custodies",
            "grants",
            "assignments",
            "confirmations",
            "suspensions",
            "instructions",
        )
    }
    return own | _places(around) | _blocks(around) | _uses(around) | _statements(around)


def _places(around: _Around) -> dict[str, ColumnElement[bool]]:
    t = metadata.tables
    organization, day = t["organization"], t["work_day"]
    first, last = bindparam("first_day", type_=Date()), bindparam("last_day", type_=Date())
    return {
        # Every union: which of them has standing is for the rules to say, and there are few.
        "organizations": or_(
            organization.c.kind == literal_column("'union'"),
            around.in_studios(organization.c.id),
            organization.c.id.in_(select(around.replicas.c.custodian_id)),
        ),
        "signatories": around.in_studios(t["signatory"].c.organization_id),
        "performers": around.theirs(t["performer"].c.id),
        "merges": and_(
            t["merge"].c.starts_at.is_not(None),
            or_(around.theirs(t["merge"].c.performer_id), around.theirs(t["merge"].c.other_id)),
        ),
        "works": t["work"].c.id.in_(union(select(around.above.c.id), *_spots(around))),
        "edges": around.in_works(t["edge"].c.child),
        "sales": around.in_works(t["sale"].c.work_id),
        "work_days": and_(day.c.work_id == around.work, day.c.day.between(first, last)),
        "verifications": true(),
    }


def _spots(around: _Around) -> Iterator[Select[Any]]:
    """Of a check about a commercial: those that the performer was in, for what they advertise."""
    t = metadata.tables
    work = t["work"]
    asked: Any = work.alias("asked")
    is_one = exists().where(
        asked.c.id == around.work,
        around.force(asked),
        asked.c.kind == literal_column("'commercial'"),
    )
    for table, column in (
        (t["engagement"], t["engagement"].c.work_id),
        (t["replica"], t["replica"].c.origin_work_id),
    ):
        yield (
            select(column)
            .join(work, work.c.id == column)
            .where(
                around.force(table),
                around.theirs(table.c.performer_id),
                work.c.kind == literal_column("'commercial'"),
                is_one,
            )
        )


def _blocks(around: _Around) -> dict[str, ColumnElement[bool]]:
    veto, order = metadata.tables["veto"], metadata.tables["court_order"]
    return {
        "vetoes": and_(
            _or_none(veto.c.scope_performer, around.theirs(veto.c.scope_performer)),
            _or_none(veto.c.scope_work, around.in_works(veto.c.scope_work)),
            _or_none(veto.c.scope_studio, around.in_studios(veto.c.scope_studio)),
        ),
        "court_orders": and_(
            _or_none(order.c.performer_id, around.theirs(order.c.performer_id)),
            _or_none(order.c.work_id, around.in_works(order.c.work_id)),
            _or_none(order.c.studio_id, around.in_studios(order.c.studio_id)),
        ),
    }


def _uses(around: _Around) -> dict[str, ColumnElement[bool]]:
    use, estimate = metadata.tables["use"], metadata.tables["estimate"]
    asked = or_(around.theirs(use.c.performer_id), use.c.id == around.used)
    if around.named is not None:
        # A synthetic performer is nobody's replica; its uses are those of the work without anybody.
        asked = or_(asked, and_(use.c.performer_id.is_(None), use.c.work_id == around.work))
    theirs = select(use.c.id).where(around.force(use), asked)
    return {
        "uses": asked,
        "estimates": or_(around.theirs(estimate.c.performer_id), estimate.c.use_id.in_(theirs)),
    }


def _statements(around: _Around) -> dict[str, ColumnElement[bool]]:
    said, notice = metadata.tables["attestation"], metadata.tables["notice"]
    return {
        "attestations": and_(
            _or_none(said.c.performer_id, around.theirs(said.c.performer_id)),
            _or_none(said.c.work_id, around.in_works(said.c.work_id)),
            or_(
                said.c.organization_id.is_(None),
                around.in_studios(said.c.organization_id),
                said.c.organization_id.in_(select(around.replicas.c.custodian_id)),
            ),
        ),
        "notices": and_(
            _or_none(notice.c.performer_id, around.theirs(notice.c.performer_id)),
            _or_none(notice.c.work_id, around.in_works(notice.c.work_id)),
            _or_none(notice.c.replica_id, notice.c.replica_id.in_(select(around.replicas.c.id))),
            or_(around.in_studios(notice.c.sender_id), around.in_studios(notice.c.to_id)),
        ),
    }


def _or_none(column: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(column.is_(None), condition)


def _document(dialect: str, kind: str) -> ColumnElement[Any]:
    table = metadata.tables[_TABLES[kind]]
    members = {field.name for field in fields(KINDS[kind])} - {"version"}
    names = [c.name for c in table.c if c.name in members | set(_MORE.get(kind, ()))]
    return _object(dialect, {name: table.c[name] for name in names})


def _object(dialect: str, members: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    pairs: list[ColumnElement[Any]] = []
    for name, column in members.items():
        is_json = dialect == "sqlite" and isinstance(column.type, type(Json))
        pairs += [literal_column(f"'{name}'"), func.json(column) if is_json else column]
    if dialect == "sqlite":
        return func.json_object(*pairs).label("document")
    return cast(func.json_build_object(*pairs), Text()).label("document")
