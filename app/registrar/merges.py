"""Acts on merges: two persons say that two records are one person, or that this was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.registrar import objects, sweep
from app.registrar.callers import STUDIO, Caller, code_hash
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.store import heads, ids, log, rows, sight
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

_MEMBERS: Final = (
    "state",
    "reason",
    "proposed_as",
    "starts_at",
    "doubted_as",
    "ends_at",
)
_RECORDS: Final = ("performer_id", "other_id")
_OFFICE: Final = "registry_admin"


@dataclass(frozen=True, slots=True)
class NewMerge:
    """``code``: of an open invitation to the other record, from a performer who has both."""

    other: str
    reason: str | None = None
    code: str | None = None


def propose(tx: Tx, caller: Caller, performer_id: str, new: NewMerge) -> Recorded | Refused:
    """Say that two records are one person; nothing changes until another person says so too."""
    pair = _pair(tx, caller, performer_id, new)
    heads.take(tx, lambda _: _heads(pair))
    _pair(tx, caller, performer_id, new)
    _not_twice(tx, pair)
    log.begin(tx)
    if caller.role == "performer":
        # It proved what it was to prove, and opens nothing any more.
        rows.put(tx, "code", **{**_code(tx, new), "used_at": tx.now})
    row = rows.insert(
        tx,
        "merge",
        id=ids.mint("merge"),
        performer_id=pair[0],
        other_id=pair[1],
        state="proposed",
        reason=new.reason,
        proposed_by=caller.id,
        proposed_as=caller.role,
    )
    return _done(tx, caller, row, "merge.proposed", status=201)


def confirm(tx: Tx, caller: Caller, performer_id: str, merge_id: str) -> Recorded | Refused:
    """Say, as another person, what one has said: that it is one person, or that it is not.

    From then on every block of either record stops the uses of both; once the merge has ended,
    each record is answered alone again, and no answer that was given before changes.
    """
    row = _taken(tx, caller, performer_id, merge_id)
    if row["state"] == "proposed":
        _another(caller, row["proposed_by"], row["proposed_as"])
        _not_only_one_side(caller, row["proposed_as"])
        _owners_said_so(tx, caller, row)
        changes: dict[str, Any] = {"state": "merged", "confirmed_by": caller.id}
        return _change(tx, caller, row, "merge.confirmed", changes | {"starts_at": tx.now})
    if row["state"] == "merged" and row["doubted_by"] is not None:
        _another(caller, row["doubted_by"], row["doubted_as"])
        changes = {"state": "ended", "ended_by": caller.id, "ends_at": tx.now}
        return _change(tx, caller, row, "merge.ended", changes)
    raise _not_now(row, "Nobody has said anything that is still to be confirmed.")


def end(
    tx: Tx, caller: Caller, performer_id: str, merge_id: str, reason: str
) -> Recorded | Refused:
    """Say that the two are not one person.

    What is only proposed is declined by that. What is in force stays so until another person
    confirms the doubt, because the end of it could take a record out of a veto.
    """
    row = _taken(tx, caller, performer_id, merge_id)
    if row["state"] == "proposed":
        return _change(tx, caller, row, "merge.declined", {"state": "declined", "reason": reason})
    if row["state"] != "merged" or row["doubted_by"] is not None:
        raise _not_now(row, "It has ended, or somebody has said so already.")
    changes = {"doubted_by": caller.id, "doubted_as": caller.role, "reason": reason}
    return _change(tx, caller, row, "merge.doubted", changes)


def page(
    looking: Eyes, performer_id: str, *, before: str | None, limit: int
) -> list[dict[str, Any]]:
    """What was said of one record and others being one person, newest first."""
    id_ = objects.find(looking, "performer", performer_id)["id"]
    found = {
        row["id"]: row
        for name in _RECORDS
        for row in rows.page(looking.session, "merge", before=before, limit=limit, **{name: id_})
    }
    return [view(looking, found[key]) for key in sorted(found, reverse=True)[:limit]]


def view(looking: Eyes, row: Row) -> dict[str, Any]:
    """A merge on the wire; a record that the caller may not see has no id here."""
    seen = sight.seen(looking.session, "performer", [row[name] for name in _RECORDS], looking.sight)
    shown = {name: row[name] if row[name] in seen else None for name in _RECORDS}
    return {**objects.document(row, *_MEMBERS), **shown}


def _pair(tx: Tx, caller: Caller, performer_id: str, new: NewMerge) -> tuple[str, str]:
    looking = objects.eyes_of(tx, caller)
    own = objects.stood_for(looking, performer_id)["id"]
    if caller.role == "performer":
        other = _invited(tx, new)
    else:
        other = objects.find(looking, "performer", new.other, "/other")["id"]
    if other == own:
        raise wrong("/other", "the-same", "Name another record than the one in the path.")
    return str(own), str(other)


def _invited(tx: Tx, new: NewMerge) -> str:
    """The other record, for whoever holds the code of an invitation to it."""
    _code(tx, new)
    return new.other


def _code(tx: Tx, new: NewMerge) -> Row:
    if new.code is None:
        raise wrong(
            "/code", "required", "Give the code of the invitation that you got to the other record."
        )
    found = rows.where(
        tx.session, "code", hash=code_hash(new.code), subject_id=new.other, used_at=None
    )
    if not found or found[0]["expires_at"] <= heads.clock(tx):
        raise objects.unknown("/other")
    return found[0]


def _taken(tx: Tx, caller: Caller, performer_id: str, merge_id: str) -> Row:
    row = _of(tx, caller, performer_id, merge_id)
    heads.take(tx, lambda _: _heads((row["performer_id"], row["other_id"])))
    return _of(tx, caller, performer_id, merge_id)


def _of(tx: Tx, caller: Caller, performer_id: str, merge_id: str) -> Row:
    performer = objects.stood_for(objects.eyes_of(tx, caller), performer_id)
    row = rows.current(tx.session, "merge", merge_id)
    if row is None or performer["id"] not in {row[name] for name in _RECORDS}:
        raise objects.unknown("")
    return row


def _another(caller: Caller, first: str, role: str) -> None:
    # The accounts of two records that are one person are one person's.
    if caller.id == first or caller.role == role == "performer":
        raise problem(
            "conflict",
            f"Two persons say this, and you were the first. Another has to. {NOTHING_RECORDED}",
        )


def _not_only_one_side(caller: Caller, first: str) -> None:
    # The yes of either record counts for both, and the account of either speaks for both: a studio
    # could else record somebody, claim it, and say yes in the name of the other.
    if first in STUDIO and caller.role == "performer":
        raise problem(
            "conflict",
            "A studio said this first, so that the registry's office or a union has to say it too."
            f" {NOTHING_RECORDED}",
        )


def _owners_said_so(tx: Tx, caller: Caller, row: Row) -> None:
    """Whoever claimed a record said so of it, or the registry's office did.

    Two officers of one union could else join the record of a member with that of somebody else
    whom they see: each account of either answers for both.
    """
    if _OFFICE in {caller.role, row["proposed_as"]}:
        return
    pair = {row[name] for name in _RECORDS}
    records = rows.where(tx.session, "performer", id=pair)
    claimed = {one["id"] for one in records if one["claimed_at"] is not None}
    # A performer who proposes it gave the code of the other record.
    spoken = pair if row["proposed_as"] == "performer" else {caller.performer_id}
    if claimed - spoken:
        raise problem(
            "conflict",
            "A record that somebody claimed is joined with another only if they say so themselves,"
            f" or the registry's office does. {NOTHING_RECORDED}",
        )


def _not_twice(tx: Tx, pair: tuple[str, str]) -> None:
    for first, second in (pair, pair[::-1]):
        found = rows.where(
            tx.session,
            "merge",
            performer_id=first,
            other_id=second,
            state={"proposed", "merged"},
        )
        if found:
            raise problem(
                "duplicate",
                f"That these two are one person was said already. {NOTHING_RECORDED}",
                extra={"id": found[0]["id"]},
            )


def _change(tx: Tx, caller: Caller, row: Row, type_: str, changes: Mapping[str, Any]) -> Recorded:
    log.begin(tx)
    changed = rows.amend(tx, "merge", row["id"], **changes)
    return _done(tx, caller, changed, type_, status=200)


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    pair = {row[name] for name in _RECORDS}
    for id_ in sorted(pair):
        heads.bump(tx, "performer", id_)
    if row["state"] in {"merged", "ended"}:
        sweep.sweep(tx, performers=pair)
    value = view(objects.eyes_of(tx, caller), row)
    if row["state"] == "ended":
        # Who ended it learns what each use is answered alone; a recheck puts that on record.
        value["uses"] = sweep.redecided(tx, sweep.of_performer(tx, row["performer_id"]))
    log.append(tx, type_, caller.role, subjects=pair)
    return Recorded(value=value, status=status, etag=objects.etag_of(row))


def _heads(pair: tuple[str, str]) -> Heads:
    return Heads(exclusive=frozenset({("performer", id_) for id_ in pair}))


def _not_now(row: Row, why: str) -> Exception:
    return problem("invalid-transition", f"It is {row['state']}. {why} {NOTHING_RECORDED}")
