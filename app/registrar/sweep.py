"""Which registered uses a block stops: the affected lists, and what becomes of them afterwards.

INVARIANT: a cleared use that a block stops is either refused or on the block's list. The act that
makes the block, or that brings a use under one, sweeps before it commits; a registration under a
block that has yet to start puts itself on the list.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.registrar import objects
from app.rules import uses as rules
from app.rules.blocks import Block, blocks_ahead, weighed
from app.rules.decide import decide
from app.rules.decide.case import Case, open_case
from app.rules.decide.consent import consent_of
from app.rules.facts import Check, Facts, Use, Veto, VetoScope, read
from app.rules.packs import PackSet
from app.rules.standing import standing_unions
from app.rules.veto_terms import scope_at
from app.store import facts, rows, uses, works
from app.store.tx import Store, Tx

Row = objects.Row
Rows = Sequence[Row]


class _Known:
    """The facts of many uses, loaded once for each performer, work, studio and day.

    A class, because an act over some thousand uses would else load the same facts for each of them
    while it holds the end of the log.
    """

    def __init__(self, session: Session, store: Store, as_of: datetime) -> None:
        self._session = session
        self.packs = packs_of(store)
        self.as_of = as_of
        self._loaded: dict[tuple[object, ...], Facts] = {}

    def of(self, check: Check) -> Facts:
        """What is known for a check of a registered use."""
        group = (check.performer, check.work, check.producer, check.on)
        if group not in self._loaded:
            self._loaded[group], _ = facts.load(self._session, check, as_of=self.as_of)
        return self._loaded[group]

    def case(self, row: Row) -> Case | None:
        """The case that a use makes."""
        check = check_of(row)
        return open_case(check, self.of(check), self.packs, self.as_of)


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
    new = _enlist(tx, _blocks(tx, found))
    return [row for row in found if row["id"] in new]


def under_veto(tx: Tx, veto: Veto) -> frozenset[str]:
    """The ids of the uses that a veto stops now or will, after putting them on its list."""
    found = _blocks(tx, _reach(tx.session, veto.union_id, scope_at(veto, tx.now)))
    stopped = {
        id_: only for id_, blocks in found.items() if (only := [b for b in blocks if b == veto.id])
    }
    _enlist(tx, stopped)
    return frozenset(stopped)


def would_stop(tx: Tx, veto: Veto) -> Rows:
    """The uses that a veto would stop, were it on record just so; nothing is put on a list."""
    found = _reach(tx.session, veto.union_id, scope_at(veto, tx.now))
    known, stopped = _Known(tx.session, tx.store, tx.now), []
    for row in found:
        facts_of = known.of(check_of(row))
        others = tuple(v for v in facts_of.vetoes if v.id != veto.id)
        with_it = replace(facts_of, vetoes=(*others, veto))
        case = open_case(check_of(row), with_it, known.packs, tx.now)
        if case is None:
            continue
        reaching = _reaching(case, (*case.blocks, *ahead_of(case)))
        if any(b.id == veto.id for b in rules.affected(value_of(row), reaching)):
            stopped.append(row)
    return stopped


def let_go(tx: Tx, block_id: str, found: Iterable[Row]) -> Rows:
    """Those of the uses on a block's list that it stops no longer, now or in time to come."""
    kept = tuple(found)
    stopping = _blocks(tx, kept)
    return [row for row in kept if block_id not in stopping.get(row["id"], ())]


def of_performer(tx: Tx, performer_id: str) -> Rows:
    """The performer's uses that are not withdrawn."""
    return uses.reachable(tx.session, performers=(performer_id,))


def enlist_ahead(tx: Tx, row: Row, case: Case) -> None:
    """Put a use that is being registered on the lists of what has yet to start to stop it."""
    blocks = rules.affected(value_of(row), _reaching(case, ahead_of(case)))
    ending = [
        grant.id
        for grant in case.facts.grants
        if grant.id == row["grant_id"] and grant.revoked_from is not None
    ]
    # What is finished by then runs on.
    is_open = row["state"] in {"planned", "cleared"}
    _enlist(tx, {row["id"]: [b.id for b in blocks] + (ending if is_open else [])})


def enlist_under(tx: Tx, block_id: str, found: Iterable[Row]) -> None:
    """Put uses on the list of one block, or of a grant whose consent ends."""
    _enlist(tx, {row["id"]: [block_id] for row in found})


def redecided(tx: Tx, found: Iterable[Row]) -> list[dict[str, Any]]:
    """What each use would be answered now; nothing is written, a recheck does that."""
    known, lines = _Known(tx.session, tx.store, tx.now), []
    for row in found:
        current = rows.current(tx.session, "use", row["id"])
        if current is None or current["state"] == "withdrawn":
            continue
        asked = check_of(current)
        decision = decide(asked, known.of(asked), known.packs, as_of=tx.now)
        lines.append(line(current) | {"outcome": decision.outcome})
    return lines


def release(tx: Tx, block_id: str, found: Iterable[Row]) -> list[dict[str, Any]]:
    """Decide again what a block lets go, and keep each answer for those whose uses they are."""
    lines = redecided(tx, let_go(tx, block_id, found))
    for one in lines:
        said = {"use_id": one["id"], "outcome": one["outcome"]}
        rows.insert(tx, "redecision", block_id=block_id, at=tx.now, **said)
    return lines


def blocks_of(
    session: Session, store: Store, found: Iterable[Row], as_of: datetime
) -> dict[str, tuple[Block, ...]]:
    """The blocks that stop registered uses at ``as_of``, by the id of the use."""
    known = _Known(session, store, as_of)
    stopping = {}
    for row in found:
        case = known.case(row)
        blocks = () if case is None else _reaching(case, case.blocks)
        stopping[row["id"]] = rules.affected(value_of(row), blocks)
    return stopping


def ahead_of(case: Case) -> tuple[Block, ...]:
    """The blocks on record that match a case and have yet to start."""
    families = frozenset(case.answering)
    found = blocks_ahead(
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
        formers=case.formers,
    )
    return weighed(found, case.bound_by)


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


def _enlist(tx: Tx, stopped: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Put uses on the lists of the blocks that stop them; returns those that are new on one."""
    wanted = {(block, id_) for id_, blocks in stopped.items() for block in blocks}
    new = sorted(wanted - uses.listed(tx.session, {block for block, _ in wanted}))
    for block, id_ in new:
        rows.insert(tx, "affected_use", block_id=block, use_id=id_)
    return frozenset(id_ for _, id_ in new)


def _blocks(tx: Tx, found: Iterable[Row]) -> dict[str, list[str]]:
    """The ids of the blocks that stop each use, now or in time to come."""
    known = _Known(tx.session, tx.store, tx.now)
    stopping = {}
    for row in found:
        case = known.case(row)
        if case is not None:
            reaching = _reaching(case, (*case.blocks, *ahead_of(case)))
            stopping[row["id"]] = [b.id for b in rules.affected(value_of(row), reaching)]
    return stopping


def _reaching(case: Case, blocks: Iterable[Block]) -> tuple[Block, ...]:
    # Who need not be asked does not stop work by staying away.
    needed = consent_of(case).needed
    return tuple(block for block in blocks if needed or block.kind != "strike")


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
