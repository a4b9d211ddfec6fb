"""The acts log: one entry for each act, in the act's own transaction, numbered without gaps.

An entry is the exact bytes that were hashed and names nobody: what it commits to lies beside it in
`log_payload`, part by part, and can be withheld or erased without touching the entry.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import rfc8785
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.rules.entries import COMMIT_DOMAIN, ENTRY_VERSION, PARTS, TYPES
from app.store import ids, outbox, rows
from app.store.tables import log_entry, log_head, log_payload, log_subject
from app.store.tx import Tx, Written

ACTS: Final = "acts"
_SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of the log: ``index`` of the last entry (-1: none yet) and its instant."""

    index: int
    at: datetime


def begin(tx: Tx) -> int:
    """Lock the end of the log and receive the index and the instant of the entry to come.

    From here on no other act can write, so this comes after everything was decided.
    """
    now = tx.now
    head = tx.session.execute(
        select(log_head).where(log_head.c.log_id == ACTS).with_for_update()
    ).one()
    if head.size and head.origin != tx.store.origin:
        raise RuntimeError(f"this database is the log `{head.origin}`, not `{tx.store.origin}`")
    # INVARIANT: `at` never falls, so an instant names one prefix of the log.
    tx.open_entry(head.size, max(head.at, now))
    return tx.idx


def append(
    tx: Tx, type_: str, role: str, *, subjects: Iterable[str], rev: int | None = None
) -> None:
    """Write the entry for every row since `begin`.

    ``subjects`` are the performers, organizations and works that may see it; ``rev`` numbers the
    entries of one grant, so that a missing one shows.

    Raises:
        ValueError: a type that is not in the closed table of `app.rules.entries`.
    """
    if type_ not in TYPES:
        raise ValueError(f"unknown type of entry `{type_}`")
    idx, at, event_id = tx.idx, tx.at, ids.mint_event()
    seen = sorted(set(subjects))
    bodies = payload(tx.written, seen)
    salts = {part: secrets.token_bytes(_SALT_BYTES) for part in bodies}
    entry: dict[str, Any] = {
        "v": ENTRY_VERSION,
        "log": tx.store.origin,
        "id": event_id,
        "at": rows.plain(at),
        "type": type_,
        "role": role,
        "c": {part: b64url(commitment(salts[part], part, body)) for part, body in bodies.items()},
    }
    if rev is not None:
        entry["rev"] = rev
    raw = rfc8785.dumps(entry)
    tx.session.execute(
        update(log_head)
        .where(log_head.c.log_id == ACTS, log_head.c.size == idx)
        .values(size=idx + 1, at=at, origin=tx.store.origin)
    )
    tx.session.execute(
        insert(log_entry).values(
            log_id=ACTS,
            idx=idx,
            event_id=event_id,
            type=type_,
            at=at,
            entry=raw,
            leaf_hash=leaf_hash(raw),
        )
    )
    for part, body in bodies.items():
        tx.session.execute(
            insert(log_payload).values(event_id=event_id, part=part, salt=salts[part], body=body)
        )
    if seen:
        tx.session.execute(
            insert(log_subject), [{"idx": idx, "subject_id": subject} for subject in seen]
        )
    outbox.add(tx.session, idx, event_id, type_)
    tx.close_entry()


def payload(written: Sequence[Written], subjects: Sequence[str]) -> dict[str, bytes]:
    """The parts of an entry's payload, in canonical JSON: after-images, split by part.

    Every part of a row repeats the row's key, so that the parts can be put together again.
    """
    parts: dict[str, list[dict[str, Any]]] = {}
    for image in written:
        for part, row in _split(image).items():
            parts.setdefault(part, []).append({"table": image.table, "row": row})
    documents: dict[str, dict[str, Any]] = {part: {"rows": found} for part, found in parts.items()}
    documents.setdefault("record", {"rows": []})["subjects"] = list(subjects)
    return {part: rfc8785.dumps(document) for part, document in sorted(documents.items())}


def commitment(salt: bytes, part: str, body: bytes) -> bytes:
    """What an entry says of a part: nothing without the salt, everything with it."""
    return hmac.digest(salt, f"{COMMIT_DOMAIN}\n{part}\n".encode() + body, "sha256")


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf. Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def tip(session: Session) -> Tip:
    """The end of the acts log, as this session sees it."""
    head = session.execute(select(log_head).where(log_head.c.log_id == ACTS)).one()
    return Tip(head.size - 1, head.at)


def index_at(session: Session, instant: datetime) -> int:
    """The last entry whose instant is not later; -1 if there is none."""
    asked = select(func.max(log_entry.c.idx)).where(
        log_entry.c.log_id == ACTS, log_entry.c.at <= instant
    )
    found = session.execute(asked).scalar_one()
    return -1 if found is None else int(found)


def _split(image: Written) -> Mapping[str, dict[str, Any]]:
    table = rows.STATE[image.table]
    keys = {column.name for column in table.primary_key}
    parts: dict[str, dict[str, Any]] = {}
    for column in table.c:
        # When a version ends is said by the next one.
        if column.name in keys or column.name == "superseded_idx":
            continue
        part = column.info.get("part", table.info.get("part", "record"))
        if part not in PARTS:
            raise ValueError(f"unknown part `{part}` of {table.name}.{column.name}")
        value = rows.plain(image.row[column.name])
        if value is not None or part == table.info.get("part", "record"):
            parts.setdefault(part, {})[column.name] = value
    key = {name: rows.plain(image.row[name]) for name in sorted(keys)}
    return {part: key | values for part, values in parts.items()}


def b64url(raw: bytes) -> str:
    """Base64 for URLs without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
