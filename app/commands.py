"""What an operator does at the machine itself; each command of `app.cli` calls one function."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.registrar import agreements, office
from app.settings import Settings
from app.store import engine, replay, upgrade
from app.store.tx import Problem, Recorded, Refused, Rendered, Store


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
        try:
            done = engine.act(store, office.found, actor=office.founder(), render=_rendered)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        agreements.install(store, settings.pack_dir)
    return dict(json.loads(done.body))


def verify_state(settings: Settings) -> replay.Report:
    """Rebuild every table from the log and compare."""
    with _store(settings) as store, engine.reading(store) as session:
        return replay.replay(session)


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    try:
        store = engine.open_store(settings.database_url, origin=settings.log_origin, pool_size=2)
    except SQLAlchemyError as error:
        raise CommandError(f"the database cannot be opened: {error}") from error
    try:
        yield store
    finally:
        store.close()


def _rendered(answer: Recorded | Refused | Problem) -> Rendered:
    if not isinstance(answer, Recorded):
        raise TypeError("founding is done, or it is a problem")
    return Rendered(201, json.dumps(dict(answer.value)).encode())
