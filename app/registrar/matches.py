"""Acts on blind questions: is somebody like this on record? The person or their union answers.

Whoever asks learns that there may be somebody, and later what that person chooses to say. A
question that means nobody is recorded like one that means somebody, with as many rows at the least.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.registrar import objects, performers
from app.registrar.callers import Caller
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem
from app.store import heads, ids, log, private, rows, sight
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MAYBE: Final = "maybe"
NONE: Final = "none"
YES: Final = "yes"
SILENT: Final = "rather_not_say"
# Of a name that many have, the newest records are asked.
_ASKED: Final = 20


def ask(tx: Tx, caller: Caller, name: str, contact: str | None) -> Recorded | Refused:
    """Ask whether somebody may be on record, and let whoever it may be say so."""
    heads.take(tx, lambda _: Heads())
    found = _meant(tx, name, contact)
    log.begin(tx)
    row = rows.insert(
        tx,
        "match_request",
        id=ids.mint("match"),
        asked_by=objects.owner(caller),
        asked_at=tx.now,
        said=MAYBE if found else NONE,
    )
    for performer_id in found or (None,):
        rows.insert(
            tx,
            "match_answer",
            id=ids.mint("maybe"),
            request_id=row["id"],
            performer_id=performer_id,
        )
    private.put(tx, row["id"], name=name, contact=contact)
    log.append(tx, "match.asked", caller.role, subjects={objects.owner(caller)})
    return Recorded(
        value=_of_the_asker(row, {"name": name}, ()), location=f"/v1/matches/{row['id']}"
    )


def answer(tx: Tx, caller: Caller, match_id: str, said: str) -> Recorded | Refused:
    """Say whether one is whom a studio asks after; it may also be left unsaid."""
    meant = _mine(objects.eyes_of(tx, caller), match_id)
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", meant["performer_id"])})))
    looking = objects.eyes_of(tx, caller)
    meant = _mine(looking, match_id)
    if meant["answer"] is not None:
        raise problem("invalid-transition", f"You have answered this already. {NOTHING_RECORDED}")
    request = _request(tx, match_id)
    log.begin(tx)
    meant = rows.amend(
        tx,
        "match_answer",
        meant["id"],
        answer=said,
        answered_by=caller.id,
        answered_as="union" if caller.is_union else "performer",
        answered_at=tx.now,
    )
    told = set() if said == SILENT else {request["asked_by"]}
    log.append(tx, "match.answered", caller.role, subjects=told | {meant["performer_id"]})
    return Recorded(value=_of_the_asked(looking, request, meant), status=200)


def one(looking: Eyes, match_id: str) -> dict[str, Any]:
    """A question as the asker, or as one who may be meant, sees it.

    Raises:
        Problem: 404, neither is the caller.
    """
    request = _request(looking, match_id)
    if request["asked_by"] == objects.owner(looking.caller):
        return _asked(looking, [request])[0]
    return _of_the_asked(looking, request, _mine(looking, match_id))


def page(looking: Eyes, *, before: str | None, limit: int) -> list[dict[str, Any]]:
    """The newest questions: of one's own, or those that one may answer."""
    session = looking.session
    if looking.caller.is_studio:
        own = objects.owner(looking.caller)
        found = rows.page(session, "match_request", before=before, limit=limit, asked_by=own)
        return _asked(looking, found)
    mine = {
        row["request_id"]: row
        for row in rows.where(session, "match_answer", performer_id=_answerable(looking))
    }
    found = rows.page(session, "match_request", before=before, limit=limit, id=set(mine))
    return [_of_the_asked(looking, row, mine[row["id"]]) for row in found]


def _meant(tx: Tx, name: str, contact: str | None) -> list[str]:
    """Whom a question may mean. Both are looked up in every case, for time tells too."""
    by_name = private.holders(tx.session, "name_key", performers.name_key(name))
    by_contact = private.holders(tx.session, "contact", contact or "")
    found = {id_ for id_ in (*by_name, *by_contact) if ids.is_id(id_, "perf")}
    return sorted(found, reverse=True)[:_ASKED]


def _request(within: Tx | Eyes, match_id: str) -> Row:
    found = rows.current(within.session, "match_request", match_id)
    if found is None:
        raise objects.unknown("")
    return found


def _mine(looking: Eyes, match_id: str) -> Row:
    """The row of a question that the caller may answer.

    Raises:
        Problem: 404, there is none.
    """
    found = rows.where(
        looking.session, "match_answer", request_id=match_id, performer_id=_answerable(looking)
    )
    if not found:
        raise objects.unknown("")
    return found[0]


def _answerable(looking: Eyes) -> frozenset[str]:
    """Whose questions the caller answers: their own; a union's for whom nobody else can."""
    if looking.caller.is_studio:
        return frozenset()
    seen = sight.performers_of(looking.session, looking.sight)
    if not looking.caller.is_union:
        return frozenset(seen)
    claimed = rows.where(looking.session, "performer", id=seen)
    return frozenset(row["id"] for row in claimed if row["claimed_at"] is None)


def _asked(looking: Eyes, found: Sequence[Row]) -> list[dict[str, Any]]:
    request_ids = [row["id"] for row in found]
    told = private.read(looking.session, request_ids, "name") if request_ids else {}
    said: dict[str, list[Row]] = {}
    for row in rows.where(looking.session, "match_answer", request_id=set(request_ids)):
        if row["answer"] not in {None, SILENT}:
            said.setdefault(row["request_id"], []).append(row)
    return [_of_the_asker(row, told.get(row["id"], {}), said.get(row["id"], ())) for row in found]


def _of_the_asker(row: Row, told: Mapping[str, str], said: Sequence[Row]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "asked_at": rows.plain(row["asked_at"]),
        "asked_by": row["asked_by"],
        "name": told.get("name"),
        "match": row["said"],
        "answers": [
            {
                "answer": one["answer"],
                "by": one["answered_as"],
                "at": rows.plain(one["answered_at"]),
                # The record to go on with, from who says that it is theirs.
                "performer": one["performer_id"] if one["answer"] == YES else None,
            }
            for one in said
        ],
    }


def _of_the_asked(looking: Eyes, request: Row, meant: Row) -> dict[str, Any]:
    # The contact that was typed may be somebody else's; the name is what they share.
    told = private.read(looking.session, [request["id"]], "name").get(request["id"], {})
    return {
        "id": request["id"],
        "asked_at": rows.plain(request["asked_at"]),
        "asked_by": request["asked_by"],
        "name": told.get("name"),
        "performer": meant["performer_id"],
        "answer": meant["answer"],
    }
