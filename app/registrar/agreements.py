"""Acts on packs: by which ones the registry decides, and which of their figures were checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.agreements import load_packs, texts
from app.registrar.callers import Caller
from app.registrar.office import founder
from app.registrar.problems import NOTHING_RECORDED, not_found, problem, wrong
from app.rules.decide.formula import rated
from app.rules.facts import Verification
from app.rules.packs import Pack, PackSet, Rated, RateRow, RuleRow
from app.rules.rates import path
from app.store import engine, heads, ids, log, private, rows
from app.store.heads import REGISTRY, Heads
from app.store.tx import Recorded, Refused, Rendered, Store, Tx
from app.store.upgrade import is_current

_REGISTRY: Final = Heads(exclusive=frozenset({REGISTRY}))
_OFFICE: Final = "registry_admin"


@dataclass(frozen=True, slots=True)
class NewVerification:
    """A named person held one row of a pack against the primary text, and it agrees."""

    pack: str
    row: str
    by: str
    source: str


def install(store: Store, directory: Path | None, *, now: datetime | None = None) -> None:
    """Decide by the registry's own packs and those of a directory from now on: see `use`."""
    use(store, load_packs(directory), texts(directory), now=now)


def use(
    store: Store, packs: PackSet, texts: Mapping[str, str], *, now: datetime | None = None
) -> None:
    """Decide by these packs from now on, and put on record that it is so.

    ``texts`` is by content hash; ``now`` is for the demo, which tells a past. A database that is
    not migrated is left alone; whether it is, is for /readyz to say.
    """
    store.packs = packs
    with store.reads.connect() as connection:
        if not is_current(connection):
            return
    engine.act(
        store,
        lambda tx: keep(tx, packs, texts),
        actor=founder(),
        render=lambda _: Rendered(200, b""),
        now=now,
    )


def keep(tx: Tx, packs: PackSet, texts: Mapping[str, str]) -> Recorded | Refused:
    """Put on record which packs the registry decides by from now on, with their exact texts.

    ``texts`` is by content hash. Nothing is written when nothing changed, nor before the registry
    was founded: its first entry says that it was.
    """
    heads.take(tx, lambda _: _REGISTRY)
    if log.tip(tx.session).index < 0:
        return Recorded({"loaded": [], "retired": []}, status=200)
    kept = {row["hash"]: row for row in rows.where(tx.session, "pack", retired_idx=None)}
    new = [pack for pack in packs.packs if pack.hash not in kept]
    gone = [row for hash_, row in kept.items() if hash_ not in {p.hash for p in packs.packs}]
    if gone:
        _retire(tx, gone)
    if new:
        _load(tx, new, texts)
    loaded, retired = [pack.name for pack in new], [row["hash"] for row in gone]
    return Recorded({"loaded": loaded, "retired": retired}, status=200)


def verify(tx: Tx, caller: Caller, new: NewVerification) -> Recorded | Refused:
    """Say that a row was checked. What rests on it asks no more but denies."""
    pack = _named(tx.store.packs or PackSet(), new.pack)
    if pack is None:
        raise wrong("/pack", "unknown", "No such pack is loaded.")
    if new.row not in {row.id for row in pack.rules} | {row.id for row in pack.rates}:
        raise wrong("/row", "unknown", f"{pack.name} has no such row.")
    heads.take(tx, lambda _: _REGISTRY)
    if rows.where(tx.session, "verification", pack=pack.name, row=new.row):
        raise problem("duplicate", f"This row was checked already. {NOTHING_RECORDED}")
    log.begin(tx)
    # The row says who put it on record; the person who read the text is a private fact.
    row = rows.insert(
        tx,
        "verification",
        id=ids.mint("ver"),
        pack=pack.name,
        row=new.row,
        by=caller.id,
        source=new.source,
        at=tx.now,
    )
    private.put(tx, row["id"], name=new.by)
    heads.bump(tx, *REGISTRY)
    log.append(tx, "agreement.verified", caller.role, subjects=())
    return Recorded(_verification(row, new.by))


def listed(session: Session, packs: PackSet) -> list[dict[str, Any]]:
    """The packs that are loaded, each in a line."""
    return [_line(pack, _checked(session, pack)) for pack in packs.packs]


def read_one(session: Session, packs: PackSet, hash_: str) -> dict[str, Any]:
    """One pack with its rows.

    Raises:
        Problem: 404, none with this hash is loaded.
    """
    pack = next((pack for pack in packs.packs if pack.hash == hash_), None)
    if pack is None:
        raise not_found()
    checked = _checked(session, pack)
    named = private.read(session, [row["id"] for row in checked.values()], "name")
    names = {id_: told["name"] for id_, told in named.items()}
    return {
        **_line(pack, checked),
        "rules": [_rule(row, checked) for row in pack.rules],
        "rates": [_rate(row, checked) for row in pack.rates],
        "verifications": [_verification(row, names.get(row["id"])) for row in checked.values()],
    }


def rates(session: Session, packs: PackSet, hash_: str, on: date) -> dict[str, Any]:
    """The figures of a pack's family on a day, and those that follow by its path of raises.

    Raises:
        Problem: 404, none with this hash is loaded.
    """
    pack = next((pack for pack in packs.packs if pack.hash == hash_), None)
    if pack is None:
        raise not_found()
    family = packs.of(pack.family)
    names = {one.name for one in family} | {pack.family}
    checks = tuple(
        Verification(row["pack"], row["row"], row["by"], row["source"], row["at"])
        for row in rows.where(session, "verification", pack=names)
    )
    found = [_figure(rate) for rate in path(family, on, checks)]
    return {"family": pack.family, "on": rows.plain(on), "data": found}


def _figure(rate: Rated) -> dict[str, Any]:
    row, computed = rate.row, rate.raised_from is not None
    figure = rated("figure", rate)
    return {
        "category": row.category,
        "row": row.id,
        "pack": rate.pack.name,
        "amount": None if row.amount is None else row.amount.wire(),
        "percent": None if row.percent is None else str(row.percent),
        "up_to_minutes": row.up_to_minutes,
        "basis": row.basis,
        "starts_on": rows.plain(row.starts_on),
        "ends_on": rows.plain(row.ends_on),
        "computed": computed,
        "formula": figure.formula() if computed else None,
        "source": row.source,
        "grade": row.grade,
        "verified": rate.verified,
    }


def _load(tx: Tx, new: list[Pack], texts: Mapping[str, str]) -> None:
    log.begin(tx)
    for pack in new:
        rows.put(
            tx,
            "pack",
            hash=pack.hash,
            family=pack.family,
            pack_version=pack.version,
            text=texts[pack.hash],
        )
    heads.bump(tx, *REGISTRY)
    log.append(tx, "agreement.loaded", _OFFICE, subjects=())


def _retire(tx: Tx, gone: Sequence[RowMapping]) -> None:
    log.begin(tx)
    for row in gone:
        rows.put(tx, "pack", **{**row, "retired_idx": tx.idx})
    heads.bump(tx, *REGISTRY)
    log.append(tx, "agreement.retired", _OFFICE, subjects=())


def _named(packs: PackSet, name: str) -> Pack | None:
    return next((pack for pack in packs.packs if pack.name == name), None)


def _checked(session: Session, pack: Pack) -> dict[str, RowMapping]:
    found = rows.where(session, "verification", pack={pack.name, pack.family})
    return {row["row"]: row for row in found}


def _line(pack: Pack, checked: Mapping[str, object]) -> dict[str, Any]:
    every: list[RuleRow | RateRow] = [*pack.rules, *pack.rates]
    return {
        "id": pack.hash,
        "name": pack.name,
        "family": pack.family,
        "pack_version": pack.version,
        "kind": pack.kind,
        "status": pack.status,
        "title": pack.title,
        "starts_on": rows.plain(pack.starts_on),
        "ends_on": rows.plain(pack.ends_on),
        "after_expiry": pack.after_expiry,
        "dates_by": list(pack.dates_by),
        "rows": len(every),
        "verified_rows": sum(row.verified or row.id in checked for row in every),
    }


def _rule(row: RuleRow, checked: Mapping[str, object]) -> dict[str, Any]:
    return {
        "id": row.id,
        "says": row.says,
        "basis": row.basis,
        "starts_on": rows.plain(row.starts_on),
        "ends_on": rows.plain(row.ends_on),
        "source": row.source,
        "cites": list(row.cites),
        "grade": row.grade,
        "strictness": row.strictness,
        "verified": row.verified or row.id in checked,
    }


def _rate(row: RateRow, checked: Mapping[str, object]) -> dict[str, Any]:
    return {
        "id": row.id,
        "category": row.category,
        "amount": None if row.amount is None else row.amount.wire(),
        "percent": None if row.percent is None else str(row.percent),
        "raised_by": None if row.raised_by is None else str(row.raised_by),
        "rounded_to": None if row.rounded_to is None else row.rounded_to.wire(),
        "rounded": None if row.raised_by is None else row.rounded,
        "up_to_minutes": row.up_to_minutes,
        "basis": row.basis,
        "starts_on": rows.plain(row.starts_on),
        "ends_on": rows.plain(row.ends_on),
        "rule": row.rule,
        "source": row.source,
        "cites": list(row.cites),
        "grade": row.grade,
        "verified": row.verified or row.id in checked,
    }


def _verification(row: Mapping[Any, Any], name: str | None) -> dict[str, Any]:
    members = ("id", "version", "pack", "row", "by", "source", "at")
    shown = {member: rows.plain(row[member]) for member in members}
    return shown if name is None else shown | {"by": name}
