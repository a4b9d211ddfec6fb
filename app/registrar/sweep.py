"""Which registered uses a block stops: the affected lists, and what becomes of them afterwards.

INVARIANT: a cleared use that a block stops is either refused or on the block's list. The act that
makes the block, or that brings a use under one, sweeps before it commits; a registration under a
block that has yet to start puts itself on the list.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.registrar import objects
from app.rules import uses as rules
from app.rules.blocks import Block, blocks_ahead
from app.rules.decide import decide
from app.rules.decide.case import Case, open_case
from app.rules.decide.consent import consent_of
from app.rules.facts import Check, Use, Veto, VetoScope, read
from app.rules.packs import PackSet
from app.rules.standing import standing_unions
from app.store import facts, rows, uses, works
from app.store.tx import Store, Tx

Row = objects.Row
Rows = Sequence[Row]


def sweep(
    tx: Tx,
    *,
    performers: Collection[str] = (),
    works: Collection[str] = (),
    studios: Collection[str] = (),
) -> Rows:
    """Put uses on the lists of every block that now stops them; returns those newly listed.

    Looks at the uses of any of the performers, in any of the works or of any of the studios.
    """
    found = uses.reachable(tx.session, performers=performers, works=works, studios=studios)
    return [row for row in found if _enlist(tx, row, _blocks(tx, row))]


def under_veto(tx: Tx, veto: Veto) -> Rows:
    """The uses on the list of a veto, after putting on it all that it stops now or will."""
    for row in _reach(tx.session, veto.union_id, veto.scope):
        _enlist(tx, row, [block for block in _blocks(tx, row) if block.id == veto.id])
    return uses.affected_by(tx.session, veto.id)


def of_performer(tx: Tx, performer_id: str) -> Rows:
    """The performer's uses that are not withdrawn."""
    return uses.reachable(tx.session, performers=(performer_id,))


def enlist_ahead(tx: Tx, row: Row, case: Case) -> None:
    """Put a use that is being registered on the lists of blocks that have yet to start."""
    _enlist(tx, row, _reaching(case, ahead_of(case)))


def enlist_under(tx: Tx, block_id: str, found: Iterable[Row]) -> None:
    """Put uses on the list of one block, or of a grant whose consent ends."""
    for row in found:
        if block_id not in uses.blocks_on(tx.session, row["id"]):
            rows.insert(tx, "affected_use", block_id=block_id, use_id=row["id"])


def redecided(tx: Tx, found: Iterable[Row]) -> list[dict[str, Any]]:
    """What each use would be answered now; nothing is written, a recheck does that."""
    lines = []
    for row in found:
        current = rows.current(tx.session, "use", row["id"])
        if current is None or current["state"] == "withdrawn":
            continue
        asked = check_of(current)
        known, _ = facts.load(tx.session, asked, as_of=tx.now)
        decision = decide(asked, known, packs_of(tx.store), as_of=tx.now)
        lines.append(line(current) | {"outcome": decision.outcome})
    return lines


def blocks_of(session: Session, store: Store, row: Row, as_of: datetime) -> tuple[Block, ...]:
    """The blocks that stop a registered use at ``as_of``."""
    case = _case(session, store, row, as_of)
    return () if case is None else rules.affected(value_of(row), _reaching(case, case.blocks))


def ahead_of(case: Case) -> tuple[Block, ...]:
    """The blocks on record that match a case and have yet to start."""
    families = frozenset(case.families)
    return blocks_ahead(
        case.facts,
        replace(case.check, producer=case.producer.id),
        ancestors=frozenset(case.above),
        families=families,
        unions=standing_unions(
            case.facts,
            performer=case.check.performer,
            producer=case.producer.id,
            families=families,
            as_of=case.as_of,
        ),
        as_of=case.as_of,
    )


def check_of(row: Row) -> Check:
    """The question that a use was registered with; it is asked again in the same words."""
    value = read(Check, {**row["asked"], "use_id": row["id"]})
    assert isinstance(value, Check)  # noqa: S101 - for the type checker
    return value


def value_of(row: Row) -> Use:
    """A use as rules read it."""
    value = read(Use, {name: rows.plain(row[name]) for name in row})
    assert isinstance(value, Use)  # noqa: S101 - for the type checker
    return value


def line(row: Row) -> dict[str, Any]:
    """A use as a line of an affected list."""
    return {
        "id": row["id"],
        "performer_id": row["performer_id"],
        "work_id": row["work_id"],
        "producer_id": row["producer_id"],
        "use": row["use"],
        "shot": row["shot"],
        "state": row["state"],
    }


def packs_of(store: Store) -> PackSet:
    """The packs that decisions are taken by."""
    return store.packs if store.packs is not None else PackSet()


def _enlist(tx: Tx, row: Row, blocks: Iterable[Block]) -> bool:
    listed = uses.blocks_on(tx.session, row["id"])
    new = [b for b in rules.affected(value_of(row), blocks) if b.id not in listed]
    for block in new:
        rows.insert(tx, "affected_use", block_id=block.id, use_id=row["id"])
    return bool(new)


def _blocks(tx: Tx, row: Row) -> tuple[Block, ...]:
    case = _case(tx.session, tx.store, row, tx.now)
    return () if case is None else _reaching(case, (*case.blocks, *ahead_of(case)))


def _reaching(case: Case, blocks: Iterable[Block]) -> tuple[Block, ...]:
    # Who need not be asked does not stop work by staying away.
    needed = consent_of(case).needed
    return tuple(block for block in blocks if needed or block.kind != "strike")


def _case(session: Session, store: Store, row: Row, as_of: datetime) -> Case | None:
    asked = check_of(row)
    known, _ = facts.load(session, asked, as_of=as_of)
    return open_case(asked, known, packs_of(store), as_of)


def _reach(session: Session, union_id: str, scope: VetoScope) -> Rows:
    """Uses that a scope could match, by what narrows it most."""
    if scope.performer is not None:
        return uses.reachable(session, performers=(scope.performer,))
    if scope.work is not None:
        return uses.reachable(session, works=works.descendants(session, scope.work))
    if scope.studio is not None:
        return uses.reachable(session, studios=(scope.studio,))
    if scope.agreement is not None:
        return uses.under_agreement(session, scope.agreement)
    return uses.of_members(session, union_id)
