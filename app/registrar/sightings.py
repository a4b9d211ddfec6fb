"""Sightings: "I saw something that is not listed", and what studio and union say of it.

It becomes a case for the studio that is named and for the performer's union. Nobody decides it
here: each says what they found, the performer reads it and closes the case.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.registrar import objects, parties
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules.grants import ANSWER_DAYS
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "performer_id",
    "what",
    "place",
    "link",
    "sha256",
    "seen_on",
    "reported_at",
    "studio_id",
    "studio_answer_by",
    "studio_answer",
    "studio_answered_at",
    "studio_words",
    "use_id",
    "union_id",
    "union_answer",
    "union_answered_at",
    "union_words",
    "closed_at",
)
_LISTED: Final = "listed"


@dataclass(frozen=True, slots=True)
class NewSighting:
    """``studio`` left out: whose it is, is not known. ``performer``: whose agent reports it."""

    what: str
    seen_on: date
    place: str | None = None
    link: str | None = None
    sha256: str | None = None
    studio: str | None = None
    performer: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a side found. ``use``: where it is listed after all; ``studio``: whose it is."""

    answer: str
    words: str | None = None
    use: str | None = None
    studio: str | None = None


def report(tx: Tx, caller: Caller, new: NewSighting) -> Recorded | Refused:
    """Put a sighting on record; the studio named is asked, and the union sees it."""
    heads.take(tx, lambda _: Heads())
    looking = objects.eyes_of(tx, caller)
    performer_id = _whose(tx, looking, new.performer)
    if new.seen_on > tx.now.date():
        raise wrong("/seen_on", "in-the-future", "Give the day on which it was seen.")
    studio_id = None
    if new.studio is not None:
        studio_id = str(objects.organization(looking, new.studio, "/studio", "studio")["id"])
    log.begin(tx)
    row = rows.insert(
        tx,
        "sighting",
        id=ids.mint("sight"),
        performer_id=performer_id,
        by=caller.id,
        what=new.what,
        place=new.place,
        link=new.link,
        sha256=new.sha256,
        seen_on=new.seen_on,
        reported_at=tx.now,
        **_asked(tx, studio_id),
    )
    return _done(tx, caller, row, "sighting.reported", status=201)


def answer(tx: Tx, caller: Caller, sighting_id: str, found: Finding) -> Recorded | Refused:
    """Say as the studio or the union what was found; said again, it replaces what was said."""
    heads.take(tx, lambda _: Heads())
    row = objects.find(objects.eyes_of(tx, caller), "sighting", sighting_id)
    if row["closed_at"] is not None:
        raise problem("invalid-transition", f"The performer closed this case. {NOTHING_RECORDED}")
    said = _of_union if caller.is_union else _of_studio
    columns = said(tx, caller, row, found)
    log.begin(tx)
    row = rows.amend(tx, "sighting", row["id"], **columns)
    return _done(tx, caller, row, "sighting.answered", status=200)


def close(tx: Tx, caller: Caller, sighting_id: str) -> Recorded | Refused:
    """Close the case as the performer: it was answered, or is not worth going on with."""
    heads.take(tx, lambda _: Heads())
    row = objects.find(objects.eyes_of(tx, caller), "sighting", sighting_id)
    parties.check_mandate(tx, caller, row["performer_id"])
    if row["closed_at"] is not None:
        raise problem("invalid-transition", f"This case is closed already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "sighting", row["id"], closed_at=tx.now)
    return _done(tx, caller, row, "sighting.closed", status=200)


def view(row: Row) -> dict[str, Any]:
    """A sighting as it stands on the wire; its state follows from who answered."""
    said = [row["studio_answer"], row["union_answer"]]
    state = "answered" if any(said) else "open"
    if row["closed_at"] is not None:
        state = "closed"
    return {**objects.document(row, *MEMBERS), "state": state}


def _whose(tx: Tx, looking: objects.Eyes, named: str | None) -> str:
    caller = looking.caller
    if named is None:
        if caller.performer_id is None:
            raise wrong("/performer", "required", "Say for which performer.")
        return caller.performer_id
    performer_id = str(objects.find(looking, "performer", named, "/performer")["id"])
    parties.check_mandate(tx, caller, performer_id)
    return performer_id


def _asked(tx: Tx, studio_id: str | None) -> dict[str, object]:
    if studio_id is None:
        return {"studio_id": None, "studio_answer_by": None}
    return {
        "studio_id": studio_id,
        "studio_answer_by": tx.now + timedelta(days=ANSWER_DAYS),
        "studio_answer": None,
        "studio_answered_at": None,
        "studio_words": None,
        "use_id": None,
    }


def _of_studio(tx: Tx, caller: Caller, row: Row, found: Finding) -> dict[str, object]:
    if found.answer not in {_LISTED, "not_listed", "not_ours"}:
        raise wrong("/answer", "not-yours", "A studio says `listed`, `not_listed` or `not_ours`.")
    if found.studio is not None:
        raise wrong("/studio", "not-yours", "Only the union asks another studio.")
    if (found.answer == _LISTED) != (found.use is not None):
        raise wrong("/use", "required", "Name the use under which it is listed, and only then.")
    use_id = None
    if found.use is not None:
        use = objects.find(objects.eyes_of(tx, caller), "use", found.use, "/use")
        if use["performer_id"] != row["performer_id"]:
            raise wrong("/use", "not-theirs", "This use is of somebody else.")
        use_id = use["id"]
    return {
        "studio_answer": found.answer,
        "studio_answered_at": tx.now,
        "studio_words": found.words,
        "use_id": use_id,
    }


def _of_union(tx: Tx, caller: Caller, row: Row, found: Finding) -> dict[str, object]:
    if found.answer not in {"looking", "taken_up", "nothing_found"}:
        known = "`looking`, `taken_up` or `nothing_found`"
        raise wrong("/answer", "not-yours", f"A union says {known}.")
    if found.use is not None:
        raise wrong("/use", "not-yours", "The studio names the use.")
    columns: dict[str, object] = {
        "union_id": caller.organization_id,
        "union_answer": found.answer,
        "union_answered_at": tx.now,
        "union_words": found.words,
    }
    if found.studio is None:
        return columns
    looking = objects.eyes_of(tx, caller)
    studio_id = str(objects.organization(looking, found.studio, "/studio", "studio")["id"])
    if studio_id == row["studio_id"]:
        return columns
    # Who was asked before has answered, or it was never theirs to answer.
    return columns | _asked(tx, studio_id)


def _done(tx: Tx, caller: Caller, row: Row, type_: str, *, status: int) -> Recorded:
    unions = parties.unions_of(tx, row["performer_id"])
    subjects = {row["performer_id"], row["studio_id"], *unions} - {None}
    log.append(tx, type_, caller.role, subjects={str(id_) for id_ in subjects})
    return Recorded(
        value=view(row),
        status=status,
        location=f"/v1/sightings/{row['id']}",
        etag=objects.etag_of(row),
    )
