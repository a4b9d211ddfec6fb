"""Messages on their way: sent by mail outside of any act, or passed on by hand; each is on record.

The log says when a message was tried, sent, given up or handed over, and never to whom or what.
"""

import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from app.registrar import invitations, objects, organizations
from app.registrar.callers import Caller
from app.registrar.invitations import CODE, HAND, MAIL, Post
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem
from app.store import engine, heads, log, private, rows
from app.store.heads import REGISTRY, Heads
from app.store.tx import Busy, Problem, Recorded, Refused, Rendered, Store, Tx

_TRIES: Final = 5
_BETWEEN: Final = timedelta(minutes=10)
_SECONDS: Final = 20.0
_PAUSE: Final = 5.0
# Of the server's answers those that say: this will not do, ever (RFC 5321 section 4.2.1).
_FOR_GOOD: Final = range(500, 600)
_TOO_LATE: Final = "too late"
_NO_ADDRESS: Final = "no mail address"
_DELIVERER: Final = Caller("", "deliverer")
_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. ``failure``: why not, naming nobody; ``final``: for good."""

    failure: str | None = None
    final: bool = False


Send = Callable[[EmailMessage], None]


def waiting(looking: Eyes, post: Post, at: datetime) -> list[dict[str, Any]]:
    """What is to be passed on by hand, with the words to copy.

    The office sees all that no mail server has taken yet; a union the codes of those whom it
    invited by hand itself.
    """
    lines = []
    for row in rows.where(looking.session, "delivery", state={"waiting", "failed"}):
        invitation = rows.current(looking.session, "invitation", row["invitation_id"])
        if invitation is None or not _is_due(row, invitation, at):
            continue
        if not _passes_on(looking.caller, invitation):
            continue
        subject, text = invitations.message(post, invitation, row)
        told = private.read(looking.session, [invitation["performer_id"]], "name", "contact")
        lines.append(
            {
                **objects.document(row, "kind", "way", "state", "tries", "failure"),
                "performer": invitation["performer_id"],
                "to": told.get(invitation["performer_id"], {}).get("contact"),
                "subject": subject,
                "text": text,
            }
        )
    return lines[-_LIMIT:]


def hand(tx: Tx, caller: Caller, delivery_id: str) -> Recorded | Refused:
    """Say that a message was passed on by hand."""
    row, invitation = _of(tx, delivery_id)
    if not _passes_on(caller, invitation):
        raise objects.unknown("")
    return _settle(tx, caller, row, "delivery.handed", {"state": "handed"})


def deliver(store: Store, post: Post, send: Send, *, now: datetime | None = None) -> list[Outcome]:
    """Try every message that is due by mail, once; returns what became of each.

    ``now`` is given in the test environment only.
    """
    due = _due(store, now or heads.process_clock(store))
    return [_one(store, post, send, id_, now) for id_ in due]


class Deliverer(threading.Thread):
    """Delivers as long as the server is up. A class, because a thread can be stopped only so."""

    def __init__(self, store: Store, post: Post, send: Send) -> None:
        super().__init__(name="deliverer", daemon=True)
        self._store, self._post, self._send = store, post, send
        self._stopped = threading.Event()

    def run(self) -> None:
        """Deliver what is due, again and again."""
        while True:
            # Where the store is busy, the next turn does it.
            with suppress(Busy):
                deliver(self._store, self._post, self._send)
            if self._stopped.wait(_PAUSE):
                return

    def stop(self) -> None:
        """End after the message that is under way."""
        self._stopped.set()
        self.join()


def by_smtp(url: str) -> Send:
    """A sender through a mail server: ``smtp[s]://user:password@host:port/?from=address``.

    Raises:
        ValueError: the address of the server says too little.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("SMTP_URL reads smtp://user:password@host:port/?from=address")
    sender = parse_qs(parts.query).get("from", [f"consent-registry@{parts.hostname}"])[0]
    host, port, trusted = parts.hostname, parts.port or 0, ssl.create_default_context()

    def connected() -> smtplib.SMTP:
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=trusted)
        return smtplib.SMTP(host, port, timeout=_SECONDS)

    def send(mail: EmailMessage) -> None:
        mail["From"] = sender
        with connected() as server:
            server.ehlo_or_helo_if_needed()
            if server.has_extn("starttls"):
                server.starttls(context=trusted)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)

    return send


def _due(store: Store, at: datetime) -> list[str]:
    with engine.reading(store) as session:
        found = rows.where(session, "delivery", state="waiting", way=MAIL)
    return [
        row["id"] for row in found if row["tried_at"] is None or row["tried_at"] + _BETWEEN <= at
    ]


def _one(store: Store, post: Post, send: Send, delivery_id: str, now: datetime | None) -> Outcome:
    try:
        _act(store, lambda tx: _try(tx, delivery_id), now)
    except Problem:
        # Another worker has it.
        return Outcome("taken")
    with engine.reading(store) as session:
        row = rows.current(session, "delivery", delivery_id)
        assert row is not None  # noqa: S101 - it was just tried
        mail, outcome = _mail(session, post, row)
    if mail is not None:
        outcome = _sent(send, mail)
    if outcome.failure is None:
        _act(store, lambda tx: _done(tx, delivery_id, "sent", None), now)
    elif outcome.final or row["tries"] >= _TRIES:
        _act(store, lambda tx: _done(tx, delivery_id, "failed", outcome.failure), now)
    return outcome


def _try(tx: Tx, delivery_id: str) -> Recorded | Refused:
    """Take a message in hand, so that no other worker does."""
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    row, invitation = _of(tx, delivery_id)
    if row["tried_at"] is not None and tx.now < row["tried_at"] + _BETWEEN:
        raise problem("conflict", f"It is being sent. {NOTHING_RECORDED}")
    log.begin(tx)
    rows.amend(tx, "delivery", delivery_id, tries=row["tries"] + 1, tried_at=tx.now)
    log.append(tx, "delivery.tried", _DELIVERER.role, subjects=_subjects(invitation))
    return Recorded({})


def _done(tx: Tx, delivery_id: str, state: str, failure: str | None) -> Recorded | Refused:
    row, _ = _of(tx, delivery_id)
    return _settle(tx, _DELIVERER, row, f"delivery.{state}", {"state": state, "failure": failure})


def _settle(
    tx: Tx, caller: Caller, row: Row, type_: str, changes: dict[str, Any]
) -> Recorded | Refused:
    heads.take(tx, lambda _: Heads(exclusive=frozenset({REGISTRY})))
    row, invitation = _of(tx, row["id"])
    log.begin(tx)
    row = rows.amend(tx, "delivery", row["id"], done_at=tx.now, **changes)
    log.append(tx, type_, caller.role, subjects=_subjects(invitation))
    return Recorded(objects.document(row, "kind", "way", "state", "tries", "failure"), status=200)


def _mail(session: Any, post: Post, row: Row) -> tuple[EmailMessage | None, Outcome]:  # noqa: ANN401 - a session
    invitation = rows.current(session, "invitation", row["invitation_id"])
    assert invitation is not None  # noqa: S101 - a delivery is of one
    if not _is_due(row, invitation, row["tried_at"]):
        return None, Outcome(_TOO_LATE, final=True)
    performer_id = invitation["performer_id"]
    to = private.read(session, [performer_id], "contact").get(performer_id, {}).get("contact", "")
    if not invitations.is_address(to):
        return None, Outcome(_NO_ADDRESS, final=True)
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"], text = invitations.message(post, invitation, row)
    mail.set_content(text)
    return mail, Outcome()


def _sent(send: Send, mail: EmailMessage) -> Outcome:
    try:
        send(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        return Outcome("the mail server refused the address", final=codes[0] in _FOR_GOOD)
    except smtplib.SMTPResponseException as answer:
        said = f"the mail server answered {answer.smtp_code}"
        return Outcome(said, final=answer.smtp_code in _FOR_GOOD)
    except (smtplib.SMTPException, OSError):
        return Outcome("the mail server does not answer")
    return Outcome()


def _of(tx: Tx, delivery_id: str) -> tuple[Row, Row]:
    """A message that waits, and its invitation.

    Raises:
        Problem: 404, there is none; 409, it was sent or handed over.
    """
    row = rows.current(tx.session, "delivery", delivery_id)
    if row is None:
        raise objects.unknown("")
    if row["state"] in {"sent", "handed"}:
        raise problem("invalid-transition", f"It is {row['state']} already. {NOTHING_RECORDED}")
    invitation = rows.current(tx.session, "invitation", row["invitation_id"])
    assert invitation is not None  # noqa: S101 - a delivery is of one
    return row, invitation


def _is_due(row: Row, invitation: Row, at: datetime) -> bool:
    """Whether the message is still good for something."""
    is_last: bool = row["kind"] != CODE or row["opening"] == invitation["openings"]
    is_open: bool = invitation["used_at"] is None and at < invitation["expires_at"]
    return is_open and is_last


def _passes_on(caller: Caller, invitation: Row) -> bool:
    if caller.role == organizations.OFFICE:
        return True
    is_theirs: bool = invitation["made_by"] == objects.owner(caller)
    return is_theirs and invitation["way"] == HAND


def _subjects(invitation: Row) -> set[str]:
    return {invitation["performer_id"], invitation["made_by"]}


def _act(store: Store, fn: Callable[[Tx], Recorded | Refused], now: datetime | None) -> None:
    engine.act(store, fn, actor=_DELIVERER, render=lambda _: Rendered(200, b""), now=now)
