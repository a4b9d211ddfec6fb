"""Acts on standing instructions: what a performer says of all requests to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import objects, parties
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.facts import Instruction, read
from app.rules.instructions import NEVER, in_force, matches, words
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = ("performer_id", "say", "use", "tag", "starts_at", "ends_at")


@dataclass(frozen=True, slots=True)
class NewInstruction:
    """``use`` or ``tag`` left out limits nothing."""

    say: str
    use: str | None = None
    tag: str | None = None


def state(tx: Tx, caller: Caller, performer_id: str, new: NewInstruction) -> Recorded | Refused:
    """Say it from now on; what was said of the same use and tag before ends.

    Who may say no may say never. To say more than that takes who may sign.
    """
    if new.use is None and new.tag is None:
        raise wrong("/use", "required", "Name a use, a content tag, or both.")
    id_ = _held(tx, caller, performer_id)
    allowed = _may(tx, caller, id_, stops=new.say == NEVER)
    if allowed is not None:
        return allowed
    before = [
        row
        for row in rows.where(
            tx.session, "instruction", performer_id=id_, use=new.use, tag=new.tag, ends_at=None
        )
        if row["starts_at"] <= tx.now
    ]
    if any(row["say"] == new.say for row in before):
        raise problem("duplicate", f"You say so already. {NOTHING_RECORDED}")
    log.begin(tx)
    for old in before:
        rows.amend(tx, "instruction", old["id"], ends_at=tx.now)
    row = rows.insert(
        tx,
        "instruction",
        id=ids.mint("inst"),
        performer_id=id_,
        say=new.say,
        use=new.use,
        tag=new.tag,
        starts_at=tx.now,
    )
    return _done(tx, caller, row, "instruction.stated", status=201)


def end(tx: Tx, caller: Caller, instruction_id: str) -> Recorded | Refused:
    """Say it no longer."""
    row = rows.current(tx.session, "instruction", instruction_id)
    if row is None:
        raise objects.unknown("")
    _held(tx, caller, row["performer_id"])
    row = rows.current(tx.session, "instruction", instruction_id)
    assert row is not None  # noqa: S101 - no version is ever deleted
    allowed = _may(tx, caller, row["performer_id"], stops=row["say"] != NEVER)
    if allowed is not None:
        return allowed
    if row["ends_at"] is not None:
        raise problem("invalid-transition", f"It has ended already. {NOTHING_RECORDED}")
    log.begin(tx)
    ended = rows.amend(tx, "instruction", row["id"], ends_at=tx.now)
    return _done(tx, caller, ended, "instruction.ended", status=200)


def view(row: Row) -> dict[str, Any]:
    """An instruction as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def told(tx: Tx, grant: Row) -> list[dict[str, str]]:
    """What the performer says of just what a grant names, for whoever asks for it.

    Nobody is told what they did not ask about.
    """
    scope, tags = grant["scope"], grant["description"].get("tags")
    said = _of(tx.session, grant["performer_id"])
    return [
        {"say": one.say, "what": words(one)}
        for one in in_force(said, grant["performer_id"], tx.now)
        if any(matches(one, use, tags or ()) for use in scope["uses"])
    ]


def _of(session: Session, performer_id: str) -> Iterable[Instruction]:
    for row in rows.where(session, "instruction", performer_id=performer_id):
        value = read(Instruction, {name: rows.plain(row[name]) for name in row})
        assert isinstance(value, Instruction)  # noqa: S101 - for the type checker
        yield value


def _held(tx: Tx, caller: Caller, performer_id: str) -> str:
    found = objects.find(objects.eyes_of(tx, caller), "performer", performer_id)
    head = ("performer", found["id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    return str(found["id"])


def _may(tx: Tx, caller: Caller, performer_id: str, *, stops: bool) -> Refused | None:
    """Stopping is easier than starting.

    Raises:
        Problem: 403, somebody else's to say.
    """
    if stops:
        parties.stopping_role(tx, caller, performer_id)
        return None
    signing = parties.signing(tx, caller, performer_id)
    return signing if isinstance(signing, Refused) else None


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, "performer", row["performer_id"])
    log.append(tx, type_, caller.role, subjects={row["performer_id"]})
    return Recorded(value=view(row), status=status, etag=objects.etag_of(row))
