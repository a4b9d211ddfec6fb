"""What an operator does at the machine itself; each command of `app.cli` calls one function."""

import json
import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.agreements import load_packs
from app.evidence.keys import TOKENS, keyring, secret
from app.registrar import agreements, deliveries, dossiers, objects, office, reminders
from app.registrar.dossiers import Wanted
from app.registrar.invitations import INVITATIONS, Post
from app.settings import Settings
from app.store import engine, ids, log, replay, rows, upgrade
from app.store.heads import wall_clock
from app.store.tx import Problem, Recorded, Refused, Rendered, Store, Tx


class CommandError(Exception):
    """The command cannot be done; the message says what to do about it."""


def migrate(settings: Settings) -> None:
    """Bring the database to this release's schema."""
    upgrade.upgrade(settings.database_url)


def init(
    settings: Settings, company: str | None = None, address: str | None = None
) -> Mapping[str, Any]:
    """Found the registry: its keys, entry 0, and the one-time code of its first administrator.

    An empty database is brought to this release's schema first. With a ``company``, that studio
    and a code for its administrator come along. ``address``: where the codes are sent by mail.

    Raises:
        CommandError: the registry was founded before, its database has another schema, or there is
            no mail server to send with.
    """
    send = None if address is None else _mail(settings)
    if upgrade.is_empty(settings.database_url):
        migrate(settings)
    with _store(settings) as store:
        done = _done(store, lambda tx: office.found(tx, company))
        agreements.install(store, settings.pack_dir)
    keyring(settings.key_dir, TOKENS)
    if send is None:
        return done
    try:
        send(_welcome(str(address), done))
    except (smtplib.SMTPException, OSError) as error:
        # The registry is founded; the codes are shown nowhere else.
        return {**done, "unsent": f"{error}"}
    return {**done, "sent": address}


def _mail(settings: Settings) -> deliveries.Send:
    if settings.smtp_url is None:
        raise CommandError(
            "no mail server is set (CONSENT_REGISTRY_SMTP_URL); leave the address out, and the "
            "codes are shown here to be copied by hand"
        )
    return deliveries.by_smtp(settings.smtp_url)


def _welcome(address: str, done: Mapping[str, Any]) -> EmailMessage:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = address, "Your consent registry"
    codes = [f"first administrator: {done['code']}"]
    if "company_code" in done:
        codes.append(f"your company: {done['company_code']}")
    lines = "\n".join(codes)
    mail.set_content(f"One-time codes, good until {done['expires_at']}:\n\n{lines}\n")
    return mail


def verify_state(settings: Settings) -> replay.Report:
    """Rebuild every table from the log and compare."""
    with _store(settings) as store, engine.reading(store) as session:
        return replay.replay(session)


def deliver(settings: Settings) -> list[deliveries.Outcome]:
    """Send what is due by mail, once.

    Raises:
        CommandError: no mail server is set.
    """
    if settings.smtp_url is None:
        raise CommandError(
            "no mail server is set (CONSENT_REGISTRY_SMTP_URL); "
            "the office reads what is to be passed on by hand at GET /v1/deliveries"
        )
    post = Post(secret(settings.key_dir, INVITATIONS), settings.base_url)
    with _store(settings) as store:
        return deliveries.deliver(store, post, deliveries.by_smtp(settings.smtp_url))


def verify_row(settings: Settings, new: agreements.NewVerification) -> Mapping[str, Any]:
    """Put on record that a named person held a row of a pack against the primary text.

    Raises:
        CommandError: there is no such row, or it was checked before.
    """
    with _store(settings) as store:
        store.packs = load_packs(settings.pack_dir)
        return _done(store, lambda tx: agreements.verify(tx, office.founder(), new))


def tick(settings: Settings) -> int:
    """Remind once each of what has to be looked at again; the number of reminders."""
    with _store(settings) as store:
        return reminders.run(store)


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
                performer = _by_code(session, "performer", wanted.performer)
                work = _by_code(session, "work", wanted.work)
                found = dossiers.dossier(looking, replace(wanted, performer=performer, work=work))
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        engine.write_asks(store, [_read_of(found, at, tip)])
    return found


def _by_code(session: Session, kind: str, given: str) -> str:
    """The id behind a house code, of whichever organization it is: the operator has none."""
    system, _, value = given.removeprefix("ref:").partition(":")
    if not given.startswith("ref:"):
        return given
    found = rows.where(session, "reference", kind=kind, system=system, value=value)
    targets = {row["target_id"] for row in found}
    if len(targets) > 1:
        raise CommandError(f"{given} is the code of several records: give an id.")
    return targets.pop() if targets else given


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
