"""What an operator does at the machine itself; each command of `app.cli` calls one function."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.agreements import PackError, load_packs, read_pack
from app.registrar import agreements, dossiers, objects, office
from app.registrar.dossiers import Wanted
from app.settings import Settings
from app.store import engine, ids, log, replay, upgrade
from app.store.heads import wall_clock
from app.store.tx import Problem, Recorded, Refused, Rendered, Store, Tx


class CommandError(Exception):
    """The command cannot be done; the message says what to do about it."""


def migrate(settings: Settings) -> None:
    """Bring the database to this release's schema."""
    upgrade.upgrade(settings.database_url)


def init(settings: Settings) -> Mapping[str, Any]:
    """Found the registry: entry 0, and the one-time code of its first administrator.

    Raises:
        CommandError: the registry was founded before, or its database is not migrated.
    """
    with _store(settings) as store:
        done = _done(store, office.found)
        agreements.install(store, settings.pack_dir)
    return done


def verify_state(settings: Settings) -> replay.Report:
    """Rebuild every table from the log and compare."""
    with _store(settings) as store, engine.reading(store) as session:
        return replay.replay(session)


def verify_row(settings: Settings, new: agreements.NewVerification) -> Mapping[str, Any]:
    """Put on record that a named person held a row of a pack against the primary text.

    Raises:
        CommandError: there is no such row, or it was checked before.
    """
    with _store(settings) as store:
        store.packs = load_packs(settings.pack_dir)
        return _done(store, lambda tx: agreements.verify(tx, office.founder(), new))


def dossier(settings: Settings, wanted: Wanted) -> dict[str, Any]:
    """All that was on record of a performer and a work. That it was read is on record too.

    Raises:
        CommandError: there is no such performer or work, or the log does not go so far.
    """
    with _store(settings) as store:
        try:
            with engine.reading(store) as session:
                at, tip = wall_clock(session, store), log.tip(session).index
                looking = objects.eyes(session, office.founder(), at.date())
                found = dossiers.dossier(looking, wanted)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        engine.write_asks(store, [_read_of(found, at, tip)])
    return found


def _read_of(found: Mapping[str, Any], at: datetime, tip: int) -> Mapping[str, Any]:
    asked = {name: found[name]["id"] for name in ("performer", "work")}
    asked |= {name: found[name] for name in ("on", "known_at")}
    return {
        "id": ids.mint("ask"),
        "kind": "read",
        "at": at,
        "actor_id": "operator",
        "organization_id": None,
        "performer_id": asked["performer"],
        "work_id": asked["work"],
        "use": None,
        "outcome": "read",
        "log_index": tip,
        "request": {"route": "consent-registry dossier", **asked},
        "answer": b"",
    }


def pack_errors(path: Path) -> list[str]:
    """What is wrong with one pack file, or with those of a folder; empty: nothing."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    found = [error for file in files for error in _errors_of(file)]
    if path.is_dir() and not found:
        # Only the folder as a whole can hold one pack twice.
        found += _complaint(lambda: load_packs(path))
    return found


def _errors_of(file: Path) -> list[str]:
    return _complaint(lambda: read_pack(file.read_text("utf-8"), file.name))


def _complaint(read: Callable[[], object]) -> list[str]:
    try:
        read()
    except (PackError, OSError, UnicodeDecodeError) as error:
        return [str(error)]
    return []


def _done(store: Store, fn: Callable[[Tx], Recorded | Refused]) -> Mapping[str, Any]:
    try:
        done = engine.act(store, fn, actor=office.founder(), render=_rendered)
    except Problem as problem:
        raise CommandError(problem.detail) from problem
    return dict(json.loads(done.body))


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    try:
        store = engine.open_store(settings.database_url, origin=settings.log_origin, pool_size=2)
    except engine.UnsafeDatabaseError as error:
        raise CommandError(f"{error}") from error
    except SQLAlchemyError as error:
        raise CommandError(f"the database cannot be opened: {error}") from error
    try:
        yield store
    finally:
        store.close()


def _rendered(answer: Recorded | Refused | Problem) -> Rendered:
    if not isinstance(answer, Recorded):
        raise TypeError("what the office does is done, or it is a problem")
    return Rendered(201, json.dumps(dict(answer.value)).encode())
