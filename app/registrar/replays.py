"""An old answer, decided again: from what was on record then, under the packs of then."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.agreements import PackError, read_pack
from app.registrar import answers, checks, objects
from app.registrar.callers import Caller
from app.registrar.engines import engine
from app.registrar.questions import NAMED, check_from
from app.rules.facts import Check, instant
from app.rules.packs import PackSet
from app.store import checks as store
from app.store import facts, log, packs, rows

Document = dict[str, Any]

AGREES: Final = "agrees"
DIFFERS: Final = "differs"
_REFERENCE: Final = "ref:"


@dataclass(frozen=True, slots=True)
class Then:
    """A question as it was asked: by whom, at which entry, and what was answered."""

    row: RowMapping
    answer: Document
    caller: Caller
    # The last entry when it was asked, which is not before the one that the answer shows.
    asked_idx: int


def replay(looking: objects.Eyes, check_id: str) -> Document:
    """Decide a question again and say whether the answer is the same, and if not, why.

    Raises:
        Problem: 404, there is no such question for this caller.
    """
    row = answers.row_of(looking, check_id)
    session = looking.session
    then = Then(
        row,
        msgspec.json.decode(row["answer"]),
        _asker(session, row),
        log.index_at(session, row["at"]),
    )
    texts = _texts(session, then)
    now = _decided(session, then, texts)
    return {
        "check_id": check_id,
        **{name: then.answer[name] for name in ("asked_at", "as_of", "log_index")},
        **compared(then.answer, now, engine()),
        "engine": {"then": then.answer["engine"], "now": engine()},
        "packs_in_use": sorted(sha256(text.encode()).hexdigest() for text in texts),
        "decision": now,
    }


def compared(then: Mapping[str, Any], now: Document | None, engine_now: str) -> Document:
    """The verdict on an answer of then, a sentence that says why, and what is not the same.

    ``now``: the decision taken again; ``None``: the packs of then are not there to be read.
    """
    asked_of = f"what was on record at entry {then['log_index']}, under the packs of that time"
    if now is not None and _bytes(now) == _bytes(then["decision"]):
        said = f"Agrees: asked again of {asked_of}, the answer is the same to the byte."
        return {"verdict": AGREES, "sentence": said, "differences": []}
    changed = [] if now is None else differences(then["decision"], now)
    if then["engine"] != engine_now:
        why = f"because the engine is another: {then['engine']} then, {engine_now} now."
    elif now is None:
        why = "because the packs of that time cannot be read from the record."
    else:
        why = (
            "although the engine and the packs are the same: what is stored is not what it was. "
            "Run `consent-registry verify state`."
        )
    return {"verdict": DIFFERS, "sentence": f"Differs, {why}", "differences": changed}


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Document]:
    """The members of two decisions that are not the same."""
    return [
        {"member": name, "then": then.get(name), "now": now.get(name)}
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]


def _asker(session: Session, row: RowMapping) -> Caller:
    # What a principal may do never changes: whoever is to do something else becomes another one.
    found = rows.current(session, "principal", row["actor_id"])
    assert found is not None  # noqa: S101 - who asked is on record, and no version goes away
    named = ("id", "role", "organization_id", "performer_id", "work_id")
    return Caller(**{name: found[name] for name in named})


def _texts(session: Session, then: Then) -> list[str]:
    """The packs that were in use when it was asked, or at the entry that was asked of."""
    known = then.answer["known_at"]
    for index in (then.asked_idx if known is None else known, then.asked_idx):
        found = list(session.execute(packs.TEXTS, {"known": index}).scalars())
        if found:
            return found
    return []


def _decided(session: Session, then: Then, texts: list[str]) -> Document | None:
    if not texts:
        return None
    try:
        known = PackSet(tuple(read_pack(text) for text in texts))
    except PackError:
        return None
    check = _check(session, then)
    index, as_of = then.row["log_index"], instant(then.answer["as_of"])
    found, _ = facts.load(session, check, as_of=as_of, known=index)
    needed = checks.unseen(then.caller, check, found, as_of)
    is_seen = needed is not None and needed <= _seen(session, then.caller, check, index)
    decision = checks.decided(check, found, known, as_of, is_seen=is_seen)
    return checks.shown(then.caller, decision)


def _seen(session: Session, caller: Caller, check: Check, known: int) -> set[str]:
    found = session.execute(store.SEEN, checks.looked_up(caller, check, known))
    return {kind for kind, _ in found}


def _check(session: Session, then: Then) -> Check:
    """The question with ids for the codes that meant something when it was asked."""
    members = dict(then.row["request"])
    for member, kind in NAMED:
        given = members.get(member)
        if given is None or not given.startswith(_REFERENCE):
            continue
        system, _, value = given.removeprefix(_REFERENCE).partition(":")
        owner = store.owner_of(system, then.caller.organization_id or then.caller.id)
        asked = {"owner": owner, "kind": kind, "system": system, "value": value}
        meant = session.execute(store.MEANT, asked).one_or_none()
        if meant is not None and meant.recorded_idx <= then.asked_idx:
            members[member] = meant.target_id
    return check_from(then.caller, members)


def _bytes(decision: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(decision, order="sorted")
