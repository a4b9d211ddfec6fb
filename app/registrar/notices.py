"""Acts on notices: telling a union or a performer what an agreement says they are told first."""

from dataclasses import dataclass
from typing import Any, Final

from app.registrar import objects, parties
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.decide.removals import REMOVAL
from app.store import heads, ids, log, rows
from app.store.heads import REGISTRY, Head, Heads
from app.store.tx import Recorded, Refused, Tx

OPEN: Final = "open"
# It seeks performers, so it is to nobody by name.
CASTING: Final = "casting"
_OF_THE_PERFORMER: Final = frozenset({"performer", "representative"})
MEMBERS: Final = (
    "kind",
    "sent_at",
    "sender_id",
    "to_id",
    "work_id",
    "performer_id",
    "replica_id",
    "content",
    "state",
    "answered_at",
)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """``to``: a union, or of a removal the studio; left out, it goes to the performer."""

    kind: str
    content: str
    to: str | None = None
    work: str | None = None
    performer: str | None = None
    replica: str | None = None


def send(tx: Tx, caller: Caller, new: NewNotice) -> Recorded | Refused:
    """Send a notice; it counts from now on and opens the bargaining that it is about."""
    looking = objects.eyes_of(tx, caller)
    _check_kind(caller, new)
    about = {
        f"{kind}_id": objects.find(looking, kind, given, f"/{kind}")["id"] if given else None
        for kind, given in (
            ("work", new.work),
            ("performer", new.performer),
            ("replica", new.replica),
        )
    }
    to = _addressee(looking, new)
    head = _head(about["performer_id"], about["work_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    if new.kind == REMOVAL:
        parties.check_mandate(tx, caller, str(about["performer_id"]))
    log.begin(tx)
    row = rows.insert(
        tx,
        "notice",
        id=ids.mint("notice"),
        kind=new.kind,
        sent_at=tx.now,
        sender_id=objects.owner(caller),
        to_id=to,
        **about,
        state=OPEN,
        content=new.content,
    )
    return _done(tx, caller, row, "notice.sent", status=201)


def _check_kind(caller: Caller, new: NewNotice) -> None:
    """Whom a replica shows asks for its removal, and whoever made it tells of all else."""
    if (new.kind == REMOVAL) is not (caller.role in _OF_THE_PERFORMER):
        what = (
            "Only a performer asks for `removal`, and a performer's notice asks for nothing else."
        )
        raise wrong("/kind", "not-yours", what)
    if new.kind == REMOVAL and (new.to is None or new.performer is None):
        pointer = "/to" if new.to is None else "/performer"
        raise wrong(pointer, "required", "Say which studio is to take it down, and whom it shows.")


def _addressee(looking: Eyes, new: NewNotice) -> str | None:
    """The organization that is told; ``None``: the performer is, or whoever reads a casting."""
    if new.kind == CASTING and new.work is None:
        raise wrong("/work", "required", "Say for which work performers are sought.")
    if new.to is None and new.performer is None and new.kind != CASTING:
        raise wrong("/to", "required", "Say to whom it goes: a union in `to`, or a `performer`.")
    if new.to is None:
        return None
    kind = "studio" if new.kind == REMOVAL else "union"
    return str(objects.organization(looking, new.to, "/to", kind)["id"])


def answer(tx: Tx, caller: Caller, notice_id: str, said: str) -> Recorded | Refused:
    """Say, as its addressee, how the bargaining that a notice opened ended."""
    row = _addressed(tx, caller, notice_id)
    head = _head(row["performer_id"], row["work_id"])
    heads.take(tx, lambda _: Heads(exclusive=frozenset({head})))
    row = _addressed(tx, caller, notice_id)
    if row["to_id"] is None:
        parties.check_mandate(tx, caller, row["performer_id"])
    if row["state"] != OPEN:
        raise problem("invalid-transition", f"The notice is {row['state']}. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "notice", row["id"], state=said, answered_at=tx.now)
    return _done(tx, caller, row, "notice.answered", status=200)


def view(row: Row) -> dict[str, Any]:
    """A notice as it stands on the wire."""
    return objects.document(row, *MEMBERS)


def _addressed(tx: Tx, caller: Caller, notice_id: str) -> Row:
    row = objects.find(objects.eyes_of(tx, caller), "notice", notice_id)
    # A union answers what was sent to it; what was sent to nobody else, the performer's side.
    if row["to_id"] != (caller.organization_id if caller.is_union else None):
        raise objects.unknown("")
    return row


def _head(performer_id: str | None, work_id: str | None) -> Head:
    if performer_id is not None:
        return ("performer", performer_id)
    return REGISTRY if work_id is None else ("work", work_id)


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    heads.bump(tx, *_head(row["performer_id"], row["work_id"]))
    about = {row[name] for name in ("sender_id", "to_id", "work_id", "performer_id")} - {None}
    log.append(tx, type_, caller.role, subjects=about)
    return Recorded(
        value=view(row),
        status=status,
        location=f"/v1/notices/{row['id']}",
        etag=objects.etag_of(row),
    )
