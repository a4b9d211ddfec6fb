"""The check: may this use go ahead, and what is owed? On the event loop, with no lock and no cache.

What may block must never be called from here: facts come by `Reader`, the record goes by `Asks`.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from app.agreements import PackError, read_pack
from app.registrar.callers import Caller
from app.registrar.engines import engine
from app.registrar.problems import problem, wrong
from app.registrar.questions import NAMED, Question, check_from
from app.registrar.redaction import without_money
from app.rules.decide import Decision, decide
from app.rules.facts import Check, Facts
from app.rules.packs import PackSet
from app.rules.works import ancestors
from app.store import checks as store
from app.store import ids, packs, rows
from app.store.asks import Asks
from app.store.facts import Loaded
from app.store.reader import Reader

Document = dict[str, Any]

_REFERENCE: Final = "ref:"
# Roles that are never shown an amount of money.
_NO_MONEY: Final = frozenset({"pipeline", "vendor"})
_AUDITOR: Final = "auditor"
_ORDER: Final = ("deny", "needs_action", "allow_with_obligations", "allow")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a check is answered with. ``now`` is given in the test environment only."""

    reader: Reader
    asks: Asks
    packs: PackSet
    now: datetime | None = None
    # Packs that are in use no more and were asked for again, by their hashes.
    past: dict[frozenset[str], PackSet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check is answered, and the bytes that went on record and go to the caller."""

    outcome: str
    body: bytes


async def ask(desk: Desk, caller: Caller, question: Question) -> Answer:
    """Answer a question and put it on record before the answer leaves.

    Unknown and somebody else's ids get the same decision, byte for byte.

    Raises:
        Problem: 409, the log has not come to ``at_least``; 422, nor to ``known_at``, or that is
            before ``at_least``, or the registered use is of another type.
        Busy: it cannot be read or recorded now; that is never a yes.
    """
    check = check_from(caller, await _named(desk.reader, caller, question.members))
    known = await _index(desk.reader, question.known_at)
    loaded = await desk.reader.load(check, as_of=question.as_of or desk.now, known=known)
    asked_at = desk.now or loaded.now
    assert asked_at is not None  # noqa: S101 - the reader has a clock
    _reached(question.at_least, loaded)
    as_of = question.as_of or asked_at
    is_seen = await _may_ask(desk.reader, caller, check, loaded, as_of)
    if is_seen:
        _is_that_use(check, loaded.facts)
    in_use = await _packs(desk, known)
    decision = decided(check, loaded.facts, in_use, as_of, is_seen=is_seen)
    answer: Document = {
        "check_id": ids.mint("check"),
        "asked_at": rows.plain(asked_at),
        "as_of": rows.plain(as_of),
        "known_at": known,
        "log_index": loaded.index,
        "engine": engine(),
        "decision": shown(caller, decision),
    }
    body = msgspec.json.encode(answer, order="sorted")
    asked = _asked(caller, check, loaded.facts, question)
    await desk.asks.record(
        asked
        | {
            "id": answer["check_id"],
            "at": asked_at,
            "outcome": decision.outcome,
            "log_index": loaded.index,
            "answer": body,
        }
    )
    return Answer(decision.outcome, body)


def worst(outcomes: list[str]) -> str:
    """The one answer for a whole batch; what could not be answered is a no."""
    known = [_ORDER.index(o) if o in _ORDER else 0 for o in outcomes]
    return _ORDER[min(known, default=len(_ORDER) - 1)]


def decided(
    check: Check, facts: Facts, packs: PackSet, as_of: datetime, *, is_seen: bool
) -> Decision:
    """The decision; of what the caller may not ask about, nothing is known."""
    return decide(check, facts if is_seen else Facts(), packs, as_of=as_of)


def shown(caller: Caller, decision: Decision) -> Document:
    """The wire form of a decision, as this caller is shown it."""
    if caller.role in _NO_MONEY:
        return without_money(decision)
    return decision.wire()


async def _named(reader: Reader, caller: Caller, members: Mapping[str, Any]) -> Document:
    """The members with ids for house codes; a code that means nothing stays, and is unknown."""
    found = dict(members)
    for member, kind in NAMED:
        given = found.get(member)
        if given is None or not given.startswith(_REFERENCE):
            continue
        system, _, value = given.removeprefix(_REFERENCE).partition(":")
        owner = store.owner_of(system, caller.organization_id or caller.id)
        meant = await reader.fetch(store.MEANT, owner=owner, kind=kind, system=system, value=value)
        if meant:
            found[member] = meant[0][0]
    return found


async def _index(reader: Reader, known_at: int | datetime | None) -> int | None:
    if isinstance(known_at, datetime):
        return await reader.index_at(known_at)
    return known_at


async def _packs(desk: Desk, known: int | None) -> PackSet:
    """The packs in use at entry ``known``: what rules were in use is on record like any fact.

    Raises:
        Problem: 409, this release cannot read them.
    """
    if known is None:
        return desk.packs
    hashes = frozenset(hash_ for (hash_,) in await desk.reader.fetch(packs.HASHES, known=known))
    # Before the first pack was on record nothing was decided, and nobody is known.
    if not hashes or hashes == {pack.hash for pack in desk.packs.packs}:
        return desk.packs
    if hashes not in desk.past:
        texts = [text for (text,) in await desk.reader.fetch(packs.TEXTS, known=known)]
        desk.past[hashes] = await asyncio.to_thread(_read, texts)
    return desk.past[hashes]


def _read(texts: list[str]) -> PackSet:
    try:
        return PackSet(tuple(read_pack(text) for text in texts))
    except PackError as error:
        raise problem(
            "conflict", "This release cannot read the packs of that time. Nothing was decided."
        ) from error


def _reached(at_least: int | None, loaded: Loaded) -> None:
    if at_least is None or at_least <= loaded.index:
        return
    if at_least > loaded.tip:
        raise problem(
            "not-yet",
            f"The log ends at entry {loaded.tip} and you ask for {at_least}. Nothing was decided.",
            headers={"Retry-After": "1"},
        )
    raise wrong("/at_least", "after-known-at", "`at_least` is not after `known_at`.")


def _is_that_use(check: Check, facts: Facts) -> None:
    """Say of the caller's own registered use that it is of another type than is asked about."""
    named = [use for use in facts.uses if use.id == check.use_id]
    if any(check.use not in {use.use, "exhibit"} for use in named):
        raise wrong(
            "/use_id",
            "another-use",
            f"This registered use is `{named[0].use}`: name that in `use`, or `exhibit` to show"
            " what was finished, or leave `use_id` out.",
        )


async def _may_ask(
    reader: Reader, caller: Caller, check: Check, loaded: Loaded, as_of: datetime
) -> bool:
    """Whether the caller may ask for this producer about this performer, work and replica."""
    needed = unseen(caller, check, loaded.facts, as_of)
    if not needed:
        return needed is not None
    seen = await reader.fetch(store.SEEN, **looked_up(caller, check, loaded.index))
    return needed <= {kind for kind, _ in seen}


def unseen(caller: Caller, check: Check, facts: Facts, as_of: datetime) -> set[str] | None:
    """Of what the facts do not show that the caller may ask about it; ``None``: they may not.

    An auditor may ask for any producer; the question is on record like any other.
    """
    if caller.role == _AUDITOR:
        return set()
    own = caller.organization_id
    if own is None or check.producer != own or not _in_bounds(caller, check, facts, as_of):
        return None
    return _not_seen_yet(own, check, facts) if _is_own(own, check, facts) else None


def looked_up(caller: Caller, check: Check, known: int) -> Document:
    """What `app.store.checks.SEEN` is given."""
    return {
        "owner": caller.organization_id,
        "asked": check.performer,
        "place": check.work,
        "copy": check.replica,
        "known": known,
    }


def _is_own(own: str, check: Check, facts: Facts) -> bool:
    """Whether the capture session and the registered use that are named are the caller's."""
    engaged = {e.id for e in facts.engagements if e.producer_id == own}
    sessions = {s.id for s in facts.capture_sessions if s.engagement_id in engaged}
    uses = {u.id for u in facts.uses if u.producer_id == own}
    return (check.capture_session is None or check.capture_session in sessions) and (
        check.use_id is None or check.use_id in uses
    )


def _not_seen_yet(own: str, check: Check, facts: Facts) -> set[str]:
    """What the facts themselves do not show to be the caller's to ask about."""
    needed = set()
    is_theirs = any(e.producer_id == own for e in facts.engagements) or any(
        g.grantee_id == own for g in facts.grants
    )
    if check.performer is not None and not is_theirs:
        needed.add("performer")
    if not any(w.id == check.work and w.owner_id == own for w in facts.works):
        needed.add("work")
    if check.replica is not None:
        needed.add("replica")
    return needed


def _in_bounds(caller: Caller, check: Check, facts: Facts, as_of: datetime) -> bool:
    """Whether a pipeline client that was made for one work asks about it or what is below it."""
    if caller.work_id is None:
        return True
    above = ancestors(check.work, facts.edges, as_of)
    return caller.work_id == check.work or caller.work_id in above


def _asked(caller: Caller, check: Check, facts: Facts, question: Question) -> Document:
    # Whoever is asked about sees the question, also one by somebody who may not ask it.
    performers = {p.id for p in facts.performers}
    works = {w.id for w in facts.works}
    return {
        "kind": "check",
        "actor_id": caller.id,
        "organization_id": caller.organization_id,
        "performer_id": check.performer if check.performer in performers else None,
        "work_id": check.work if check.work in works else None,
        "use": check.use,
        "request": dict(question.members),
    }
