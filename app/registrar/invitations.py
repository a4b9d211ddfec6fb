"""Acts on invitations: how a person comes to the record that others made of them.

A link lives until the answer is due and is no credential: to open it makes a code that lives for an
hour and goes to the contact on record, or to the office or union that passes it on by hand. Neither
ever passes through the account of a studio. Nothing of both is kept: they are derived from the id
and a secret on disk, whenever they are needed.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.registrar import objects, organizations, performers
from app.registrar.callers import Caller, code_hash
from app.registrar.objects import Eyes, Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.store import heads, ids, log, private, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MAIL: Final = "mail"
HAND: Final = "hand"
LINK: Final = "link"
# The purpose of the secret on disk.
INVITATIONS: Final = "invitations"
CODE: Final = "code"
# Silence is a no after fourteen days, so a link without a date of its own lives as long.
_LINK_LIFE: Final = timedelta(days=14)
_CODE_LIFE: Final = timedelta(hours=1)
_LINK_BYTES: Final = 24
_MEMBERS: Final = (
    "performer_id",
    "made_by",
    "way",
    "grant_id",
    "expires_at",
    "openings",
    "opened_at",
    "used_at",
)
_DELIVERY: Final = ("kind", "way", "state", "tries", "tried_at", "done_at", "failure")


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """``way``: mail | text | hand. With ``grant`` the link lives until its answer date."""

    way: str = HAND
    grant: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What links are made with: a secret of this registry, and where it is on the net."""

    secret: bytes
    base_url: str

    def link(self, invitation_id: str) -> str:
        """The address that an invitation is opened at."""
        return f"{self.base_url}/v1/invitations/{invitation_id}.{self._sign('link', invitation_id)}"

    def code(self, invitation_id: str, opening: int) -> str:
        """The code of one opening."""
        return self._sign("code", f"{invitation_id}\n{opening}")

    def invitation_of(self, token: str) -> str:
        """The id in the last part of a link, if this registry made the link.

        Raises:
            Problem: 404, it did not.
        """
        id_, _, signed = token.partition(".")
        if not hmac.compare_digest(signed.encode(), self._sign("link", id_).encode()):
            raise _no_link()
        return id_

    def _sign(self, what: str, value: str) -> str:
        domain = f"consent-registry/invitation/1\0{what}\0{value}"
        raw = hmac.digest(self.secret, domain.encode(), "sha256")[:_LINK_BYTES]
        return base64.urlsafe_b64encode(raw).decode()


def invite(
    tx: Tx, caller: Caller, performer_id: str, new: NewInvitation, post: Post
) -> Recorded | Refused:
    """Invite a person to claim their record.

    A studio lets the invitation be sent and sees neither link nor code; the office or a union may
    pass both on by hand, and sees them in this answer. A person who lost the sign-in of a claimed
    record is invited again by the office alone.
    """
    row = _invited(objects.eyes_of(tx, caller), performer_id)
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", row["id"])})))
    looking = objects.eyes_of(tx, caller)
    row = _invited(looking, row["id"])
    if caller.role != organizations.OFFICE:
        performers.unclaimed(row)
    _check_way(tx, caller, row["id"], new.way)
    grant_id, expires_at = _until(looking, tx.now, row["id"], new.grant)
    log.begin(tx)
    by_hand = new.way == HAND
    invitation_id = ids.mint("inv")
    made = rows.insert(
        tx,
        "invitation",
        id=invitation_id,
        performer_id=row["id"],
        made_by=objects.owner(caller),
        way=new.way,
        grant_id=grant_id,
        expires_at=expires_at,
        openings=1 if by_hand else 0,
    )
    _deliver(tx, made, LINK, "handed" if by_hand else "waiting")
    shown = _shown(tx, row, made, post) if by_hand else {}
    log.append(tx, "invitation.made", caller.role, subjects={row["id"], objects.owner(caller)})
    return Recorded(
        value={
            "id": invitation_id,
            "performer": row["id"],
            "way": new.way,
            "expires_at": rows.plain(expires_at),
            **shown,
        }
    )


def open_(tx: Tx, invitation_id: str, post: Post) -> Recorded | Refused:
    """Make a fresh code for who holds the link, and send it where the link was sent.

    The code of an opening before it is good no longer.
    """
    row = _openable(tx, invitation_id, heads.clock(tx))
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", row["performer_id"])})))
    row = _openable(tx, invitation_id, tx.now)
    performer = rows.current(tx.session, "performer", row["performer_id"])
    if performer is None:
        raise _no_link()
    log.begin(tx)
    _forget(tx, post.code(invitation_id, row["openings"]))
    row = rows.amend(
        tx,
        "invitation",
        invitation_id,
        openings=row["openings"] + 1,
        opened_at=row["opened_at"] or tx.now,
    )
    expires_at = _code(tx, performer, row, post)
    _deliver(tx, row, CODE, "waiting")
    subjects = {row["performer_id"], row["made_by"]}
    log.append(tx, "invitation.opened", "newcomer", subjects=subjects)
    return Recorded(
        value={
            "performer": row["performer_id"],
            "claim": f"/v1/performers/{row['performer_id']}/claim",
            "code_sent_by": row["way"],
            "code_expires_at": rows.plain(expires_at),
            "expires_at": rows.plain(row["expires_at"]),
        },
        status=200,
    )


def look(session: Any, invitation_id: str, at: datetime) -> dict[str, Any]:  # noqa: ANN401 - a session
    """What a link leads to, for whoever holds it; changes nothing, so that previews open nothing.

    Raises:
        Problem: 404, it leads nowhere any more.
    """
    row = rows.current(session, "invitation", invitation_id)
    if row is None or not _is_open(row, at):
        raise _no_link()
    return {
        "performer": row["performer_id"],
        "code_sent_by": row["way"],
        "expires_at": rows.plain(row["expires_at"]),
    }


def page(
    looking: Eyes, performer_id: str, *, before: str | None, limit: int
) -> list[dict[str, Any]]:
    """The invitations of one performer with what became of each message, newest first."""
    performer = objects.find(looking, "performer", performer_id)
    found = rows.page(
        looking.session, "invitation", before=before, limit=limit, performer_id=performer["id"]
    )
    sent: dict[str, list[dict[str, Any]]] = {}
    for row in rows.where(looking.session, "delivery", invitation_id=[r["id"] for r in found]):
        sent.setdefault(row["invitation_id"], []).append(objects.document(row, *_DELIVERY))
    return [{**objects.document(r, *_MEMBERS), "deliveries": sent.get(r["id"], [])} for r in found]


def message(post: Post, invitation: Row, delivery: Row) -> tuple[str, str]:
    """Subject and text of a message; it names nobody."""
    if delivery["kind"] == CODE:
        code = post.code(invitation["id"], delivery["opening"])
        return "Your code", _CODE_TEXT.format(code=code)
    until = f"{invitation['expires_at']:%-d %B %Y, %H:%M} UTC"
    link = post.link(invitation["id"])
    return "Your own record", _LINK_TEXT.format(base=post.base_url, link=link, until=until)


_LINK_TEXT: Final = """\
Somebody put you on record in the consent registry at {base}.

What may be done with a digital double of you is yours to say there. Open this
link to begin; it works until {until}. You then get a code that works for one
hour, and with it the record becomes yours.

{link}

Whoever sends you this cannot sign for you. Give the code to nobody. If this is
not for you, do nothing: without an answer the answer is no.
"""
_CODE_TEXT: Final = """\
Your code is

{code}

It works for one hour and only once. Give it to nobody, also not to whoever
wants to hire you: with it one speaks for you.
"""


def _invited(looking: Eyes, performer_id: str) -> Row:
    if looking.caller.is_studio:
        return objects.find(looking, "performer", performer_id)
    return objects.stood_for(looking, performer_id)


def _check_way(tx: Tx, caller: Caller, performer_id: str, way: str) -> None:
    if way == HAND and caller.is_studio:
        raise wrong(
            "/way",
            "not-by-a-studio",
            "A studio lets an invitation be sent by `mail` or `text`, and never holds it itself.",
        )
    contact = private.read(tx.session, [performer_id], "contact").get(performer_id, {})
    if way == MAIL and not is_address(contact.get("contact", "")):
        raise wrong("/way", "no-address", "The contact on record is no mail address.")


def is_address(contact: str) -> bool:
    """Whether a contact can be written to by mail; whether anybody reads it shows later."""
    name, at, host = contact.partition("@")
    return (
        bool(name and at and host) and contact.isascii() and not set(contact) & set(" \t\r\n,;<>")
    )


def _until(
    looking: Eyes, now: datetime, performer_id: str, given: str | None
) -> tuple[str | None, datetime]:
    if given is None:
        return None, now + _LINK_LIFE
    grant = objects.find(looking, "grant", given, "/grant")
    if grant["performer_id"] != performer_id:
        raise wrong("/grant", "of-another", "This grant asks somebody else.")
    if grant["state"] != "offered" or grant["answer_by"] is None or grant["answer_by"] <= now:
        raise wrong("/grant", "not-open", "This grant waits for no answer any more.")
    return grant["id"], grant["answer_by"]


def _shown(tx: Tx, performer: Row, invitation: Row, post: Post) -> dict[str, Any]:
    expires_at = _code(tx, performer, invitation, post)
    return {
        "link": post.link(invitation["id"]),
        "code": post.code(invitation["id"], invitation["openings"]),
        "code_expires_at": rows.plain(expires_at),
        "claim": f"/v1/performers/{performer['id']}/claim",
    }


def _code(tx: Tx, performer: Row, invitation: Row, post: Post) -> datetime:
    expires_at: datetime = min(tx.now + _CODE_LIFE, invitation["expires_at"])
    rows.insert(
        tx,
        "code",
        hash=code_hash(post.code(invitation["id"], invitation["openings"])),
        purpose=performers.purpose(performer, by_mail=invitation["way"] == MAIL),
        subject_id=performer["id"],
        expires_at=expires_at,
    )
    return expires_at


def _forget(tx: Tx, code: str) -> None:
    for row in rows.where(tx.session, "code", hash=code_hash(code), used_at=None):
        rows.put(tx, "code", **{**row, "used_at": tx.now})


def _deliver(tx: Tx, invitation: Mapping[str, Any], kind: str, state: str) -> None:
    rows.insert(
        tx,
        "delivery",
        id=ids.mint("dlv"),
        invitation_id=invitation["id"],
        kind=kind,
        opening=invitation["openings"] if kind == CODE else 0,
        way=invitation["way"],
        state=state,
        done_at=tx.now if state == "handed" else None,
    )


def _openable(tx: Tx, invitation_id: str, at: datetime) -> Row:
    row = rows.current(tx.session, "invitation", invitation_id)
    if row is None or not _is_open(row, at):
        raise _no_link()
    return row


def _is_open(row: Row, at: datetime) -> bool:
    return row["used_at"] is None and at < row["expires_at"]


def _no_link() -> Exception:
    # One answer for wrong, used and too old: a guess learns nothing.
    return problem(
        "not-found",
        "This link leads to no open invitation: it is wrong, was used, or its time is over. Ask "
        f"whoever invited you for a new one. {NOTHING_RECORDED}",
    )
