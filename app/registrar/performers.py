"""Acts on performers: recording, inviting, claiming, vouching; personal data has one place."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.registrar import objects, organizations, parties, principals
from app.registrar.callers import STUDIO, UNION, Caller, code_hash
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, FieldError, must_match, problem, wrong
from app.store import heads, ids, log, private, references, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

MEMBERS: Final = (
    "identity",
    "vouched_by",
    "vouched_at",
    "adult_from",
    "died_on",
    "alive_until",
    "claimed_at",
    "residence",
)
# By whether the record was claimed before, and whether the code went to the contact on record.
_PURPOSES: Final = {
    (False, False): "claim",
    (False, True): "claim_mail",
    (True, False): "claim_again",
    (True, True): "again_mail",
}
_AGAIN: Final = frozenset({"claim_again", "again_mail"})
_BY_MAIL: Final = frozenset({"claim_mail", "again_mail"})
_ADULT_YEARS: Final = 18
# Who reads a contact: the person, who acts for them, who typed it, and the office that invites.
_SEES_CONTACT: Final = frozenset({"performer", "representative", "registry_admin"})
_SEES_NAME: Final = STUDIO | UNION | _SEES_CONTACT
_LISTS_NAMES: Final = frozenset({"performer", "representative"})
_PRIVATE: Final = ("name", "contact", "agent", "member_of")


@dataclass(frozen=True, slots=True)
class NewPerformer:
    """A person as a studio states them; ``member_of`` is a hint and gives no standing."""

    name: str
    contact: str
    ref: str | None = None
    agent: str | None = None
    member_of: str | None = None
    adult: bool | None = None
    birth_date: date | None = None
    # Of age at least since this day, where no birth date is known.
    adult_since: date | None = None
    residence: str | None = None
    external_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A performer who can be put on record: checked, with an id, before any head is held."""

    id: str
    new: NewPerformer
    named: objects.Named
    union_id: str | None


def record(tx: Tx, caller: Caller, new: NewPerformer) -> Recorded | Refused:
    """Put a performer on record, unclaimed and known by a studio's word only."""
    ready = prepare(tx, caller, new)
    heads.take(tx, lambda _: Heads())
    return write(tx, caller, ready)


def prepare(tx: Tx, caller: Caller, new: NewPerformer) -> Prepared:
    """Check a new performer and mint their id; takes no head and writes nothing.

    Raises:
        Problem: a member is wrong, or a code names another record.
    """
    looking = objects.eyes_of(tx, caller)
    named = objects.names(looking, "performer", new.ref, new.external_ids)
    union_id = _hinted(looking, new.member_of)
    _of_age_from(heads.clock(tx).date(), new)
    return Prepared(ids.mint("perf"), new, named, union_id)


def write(tx: Tx, caller: Caller, ready: Prepared) -> Recorded:
    """Put a performer on record once every head of the act is held."""
    new, performer_id = ready.new, ready.id
    adult_from = _of_age_from(tx.now.date(), new)
    log.begin(tx)
    heads.create(tx, "performer", performer_id)
    row = rows.insert(
        tx,
        "performer",
        id=performer_id,
        identity="stated",
        adult_from=adult_from,
        residence=new.residence,
        created_by=objects.owner(caller),
    )
    private.put(
        tx,
        performer_id,
        name=new.name,
        name_key=name_key(new.name),
        contact=new.contact,
        contact_by=objects.owner(caller),
        agent=new.agent,
        member_of=ready.union_id,
        birth_date=new.birth_date.isoformat() if new.birth_date else None,
    )
    refs = objects.keep_names(tx, caller, ready.named, performer_id)
    subjects = {performer_id, objects.owner(caller)}
    log.append(tx, "performer.recorded", caller.role, subjects=subjects)
    return Recorded(
        value={**view(objects.eyes_of(tx, caller), row), "refs": refs},
        location=f"/v1/performers/{performer_id}",
        etag=objects.etag_of(row),
    )


def change(
    tx: Tx, caller: Caller, performer_id: str, changes: Mapping[str, Any], read: frozenset[int]
) -> Recorded | Refused:
    """Correct what is recorded of a performer. Once claimed, only they do so.

    Who represents them names the agent and nothing else. The day of coming of age is the office's
    alone once it is on record; ``reason`` says what it rests on. A death takes two persons:
    `app.registrar.deaths`.
    """
    row = objects.find(objects.eyes_of(tx, caller), "performer", performer_id)
    id_ = row["id"]
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", id_)})))
    looking = objects.eyes_of(tx, caller)
    row = objects.find(looking, "performer", id_)
    must_match(read, row["version"])
    _check_changes(tx, caller, row, changes)
    told = {name: changes[name] for name in ("name", "contact", "agent") if name in changes}
    public: dict[str, Any] = {}
    if "residence" in changes and changes["residence"] != row["residence"]:
        lived = {"residence": row["residence"], "until": rows.plain(tx.now)}
        public["residence"] = changes["residence"]
        public["lived_before"] = [*(row["lived_before"] or ()), lived]
    if changes.keys() & {"adult", "birth_date"}:
        public["adult_from"] = _adult_from(
            tx.now.date(), adult=changes.get("adult"), birth_date=changes.get("birth_date")
        )
    log.begin(tx)
    row = rows.amend(tx, "performer", id_, **public)
    if "contact" in changes:
        _end_mailed_codes(tx, id_)
    private.put(tx, id_, **told, **_derived(caller, changes))
    if changes.get("reason"):
        _keep_reason(tx, caller, id_, changes)
    heads.bump(tx, "performer", id_)
    log.append(tx, "performer.changed", caller.role, subjects={id_, row["created_by"]})
    return Recorded(value=view(looking, row), status=200, etag=objects.etag_of(row))


def claim(tx: Tx, caller: Caller, performer_id: str, code: str) -> Recorded | Refused:
    """Take over one's own record with the code of an invitation; the code is the credential.

    The sign-in of the caller, if they have one, is bound to the record. Whoever claims a record
    again takes the place of the account that claimed it before.
    """
    hash_ = code_hash(code)
    id_ = performer_id
    _usable(tx, hash_, id_, heads.clock(tx))
    if caller.id:
        raise problem("duplicate", f"This sign-in is in use already. {NOTHING_RECORDED}")
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", id_)})))
    kept = _usable(tx, hash_, id_, tx.now)
    before = rows.current(tx.session, "performer", id_)
    if before is None:
        raise _bad_code()
    if kept["purpose"] not in _AGAIN:
        unclaimed(before)
    issuer, subject = caller.issuer or None, caller.subject or None
    log.begin(tx)
    principals.check_sign_in(tx, issuer, subject)
    rows.put(tx, "code", **{**kept, "used_at": tx.now})
    for invitation in rows.where(tx.session, "invitation", performer_id=id_, used_at=None):
        rows.amend(tx, "invitation", invitation["id"], used_at=tx.now)
    if kept["purpose"] in _BY_MAIL:
        _confirm_contact(tx, id_)
    for old in rows.where(tx.session, "principal", performer_id=performer_id, suspended_at=None):
        rows.amend(tx, "principal", old["id"], suspended_at=tx.now)
    row = rows.amend(
        tx,
        "performer",
        performer_id,
        identity="contact_confirmed",
        claimed_at=tx.now,
        vouched_by=None,
        vouched_at=None,
    )
    principal = rows.insert(
        tx,
        "principal",
        id=ids.mint("usr"),
        kind="performer",
        performer_id=performer_id,
        role="performer",
        issuer=issuer,
        subject=subject,
    )
    heads.bump(tx, "performer", performer_id)
    subjects = {performer_id, row["created_by"]}
    log.append(tx, "performer.claimed", "performer", subjects=subjects)
    return Recorded(
        value={
            "performer": performer_id,
            "principal": principal["id"],
            "identity": row["identity"],
            "claimed_at": rows.plain(row["claimed_at"]),
        },
        status=200,
        etag=objects.etag_of(row),
    )


def vouch(tx: Tx, caller: Caller, performer_id: str) -> Recorded | Refused:
    """Vouch that the person who claimed the record is who it names.

    An agent of record does so for a client of theirs, where somebody else proved the mandate: else
    whoever claims a record in another's name would name the agent who vouches for them.
    """
    row = objects.stood_for(objects.eyes_of(tx, caller), performer_id)
    id_ = row["id"]
    heads.take(tx, lambda _: Heads(exclusive=frozenset({("performer", id_)})))
    looking = objects.eyes_of(tx, caller)
    row = objects.stood_for(looking, id_)
    if row["claimed_at"] is None:
        raise problem(
            "invalid-transition",
            f"Nobody has claimed this record yet; there is nobody to vouch for. {NOTHING_RECORDED}",
        )
    if caller.role == "representative":
        parties.check_agent_of_record(tx, caller, id_)
    log.begin(tx)
    row = rows.amend(
        tx,
        "performer",
        id_,
        identity="vouched",
        vouched_by=objects.owner(caller),
        vouched_at=tx.now,
    )
    heads.bump(tx, "performer", id_)
    log.append(tx, "performer.vouched", caller.role, subjects={id_, objects.owner(caller)})
    return Recorded(value=view(looking, row), status=200, etag=objects.etag_of(row))


def view(looking: objects.Eyes, row: Row) -> dict[str, Any]:
    """A performer as this caller may see them."""
    return _views(looking, [row], _SEES_NAME)[0]


def lines(looking: objects.Eyes, found: Sequence[Row]) -> list[dict[str, Any]]:
    """Performers as lines of a list: names only to those whose own list it is."""
    return _views(looking, found, _LISTS_NAMES)


def _views(
    looking: objects.Eyes, found: Sequence[Row], sees_name: frozenset[str]
) -> list[dict[str, Any]]:
    ids_ = [row["id"] for row in found]
    more = ("contact_by", "contact_confirmed")
    told = private.read(looking.session, ids_, *_PRIVATE, *more) if ids_ else {}
    codes = references.of(looking.session, objects.owner(looking.caller), ids_) if ids_ else {}
    return [
        {
            **objects.document(row, *MEMBERS),
            **_told(looking.caller, row, told.get(row["id"], {}), sees_name),
            "refs": codes.get(row["id"], []),
        }
        for row in found
    ]


def name_key(name: str) -> str:
    """A name as it is compared: letters of either case and of any width are the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _told(
    caller: Caller, row: Row, told: Mapping[str, str], sees_name: frozenset[str]
) -> dict[str, Any]:
    is_author = caller.is_studio and row["created_by"] == caller.organization_id
    shown: dict[str, Any] = {}
    if caller.role in sees_name or is_author:
        shown["name"] = told.get("name")
    if caller.role in _SEES_CONTACT or is_author:
        shown |= {name: told.get(name) for name in ("contact", "agent", "member_of")}
    elif caller.is_union:
        # Not the contact, but whether the studio that proposes typed it.
        hinted = told.get("member_of") == caller.organization_id
        shown["member_of"] = caller.organization_id if hinted else None
    else:
        return shown
    contact = told.get("contact")
    shown["contact_stated_by"] = told.get("contact_by")
    # Of the contact that stands there now; another one is stated anew.
    shown["contact_confirmed"] = contact is not None and contact == told.get("contact_confirmed")
    return shown


def _hinted(looking: objects.Eyes, member_of: str | None) -> str | None:
    if member_of is None:
        return None
    return str(objects.organization(looking, member_of, "/member_of", "union")["id"])


def _of_age_from(today: date, new: NewPerformer) -> date | None:
    if new.adult_since is None:
        return _adult_from(today, adult=new.adult, birth_date=new.birth_date)
    if new.birth_date is not None or new.adult is False:
        raise wrong("/adult_since", "contradiction", "Give `birth_date` or `adult_since`.")
    if new.adult_since > today:
        raise wrong("/adult_since", "in-the-future", "`adult_since` is not in the future.")
    return new.adult_since


def _adult_from(today: date, *, adult: bool | None, birth_date: date | None) -> date | None:
    """The day from which the performer is an adult; with a bare yes, the day before it was said.

    Agreements count days in zones of their own, where the day of the statement may not have begun.
    """
    if birth_date is not None:
        if birth_date > today:
            raise wrong("/birth_date", "in-the-future", "A birth date is not in the future.")
        came_of_age = _birthday(birth_date, _ADULT_YEARS)
        if adult is not None and adult != (came_of_age <= today):
            raise wrong("/adult", "contradiction", "`adult` contradicts `birth_date`.")
        return came_of_age
    if adult is False:
        raise wrong("/birth_date", "required-for-a-minor", "For a minor, give `birth_date`.")
    return today - timedelta(days=1) if adult else None


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return date(born.year + years, 3, 1)


def _check_changes(tx: Tx, caller: Caller, row: Row, changes: Mapping[str, Any]) -> None:
    if not changes.keys() - {"reason"}:
        raise wrong("", "nothing-to-change", "Name at least one member to change.")
    if caller.role == organizations.OFFICE:
        _check_office(changes)
    elif "reason" in changes:
        raise wrong(
            "/reason", "office-only", "Only the registry's office says what a date rests on."
        )
    if caller.role == "representative":
        _check_representative(tx, caller, row, changes)
    if caller.is_studio:
        _check_studio(caller, row)
    _check_age(caller, row, changes)


def _check_office(changes: Mapping[str, Any]) -> None:
    if changes.keys() - {"birth_date", "reason"}:
        raise wrong("", "not-the-office", "The office corrects a birth date, and nothing else.")
    if not changes.get("reason"):
        raise wrong("/reason", "required", "Say what the date rests on, such as a certificate.")


def _check_representative(tx: Tx, caller: Caller, row: Row, changes: Mapping[str, Any]) -> None:
    parties.bargaining_role(tx, caller, row["id"])
    if changes.keys() - {"agent"}:
        raise parties.not_yours(
            f"Who represents a performer names their agent and changes nothing else. "
            f"{NOTHING_RECORDED}"
        )


def _check_studio(caller: Caller, row: Row) -> None:
    if row["created_by"] != caller.organization_id:
        raise objects.unknown("")
    if row["claimed_at"] is not None:
        raise problem(
            "conflict", f"The performer claimed this record; it is theirs now. {NOTHING_RECORDED}"
        )


def _check_age(caller: Caller, row: Row, changes: Mapping[str, Any]) -> None:
    # Who may sign alone hangs on this day, so that nobody moves it who gains by it.
    stated = sorted(changes.keys() & {"adult", "birth_date"})
    if stated and row["adult_from"] is not None and caller.role != organizations.OFFICE:
        raise wrong(
            f"/{stated[-1]}",
            "on-record",
            "The day of coming of age is on record; the registry's office corrects it.",
        )


def _keep_reason(tx: Tx, caller: Caller, performer_id: str, changes: Mapping[str, Any]) -> None:
    """Keep what a date of the office's rests on, as a statement of whoever recorded it."""
    rows.insert(
        tx,
        "attestation",
        id=ids.mint("att"),
        kind="birth",
        at=tx.now,
        by=caller.id,
        role=caller.role,
        text=changes["reason"],
        performer_id=performer_id,
    )


def _derived(caller: Caller, changes: Mapping[str, Any]) -> dict[str, str | None]:
    derived: dict[str, str | None] = {}
    if "name" in changes:
        derived["name_key"] = name_key(changes["name"])
    if "contact" in changes:
        derived["contact_by"] = objects.owner(caller)
    if changes.get("birth_date"):
        derived["birth_date"] = changes["birth_date"].isoformat()
    return derived


def purpose(row: Row, *, by_mail: bool) -> str:
    """What a code for a record is good for; ``by_mail``: it goes to the contact on record."""
    return _PURPOSES[row["claimed_at"] is not None, by_mail]


def unclaimed(row: Row) -> None:
    """Refuse a record that has been claimed.

    Raises:
        Problem: 409, it has.
    """
    if row["claimed_at"] is not None:
        raise problem("invalid-transition", f"The record is claimed already. {NOTHING_RECORDED}")


def _end_mailed_codes(tx: Tx, performer_id: str) -> None:
    """A code that went to another contact says nothing of who reads the new one."""
    for row in rows.where(
        tx.session, "code", subject_id=performer_id, purpose=set(_BY_MAIL), used_at=None
    ):
        rows.put(tx, "code", **{**row, "used_at": tx.now})


def _confirm_contact(tx: Tx, performer_id: str) -> None:
    """Whoever got the code by mail reads what is sent to the contact on record."""
    told = private.read(tx.session, [performer_id], "contact").get(performer_id, {})
    private.put(tx, performer_id, contact_confirmed=told.get("contact"))


def _usable(tx: Tx, hash_: str, performer_id: str, at: datetime) -> Row:
    purposes = set(_PURPOSES.values())
    found = rows.where(tx.session, "code", hash=hash_, purpose=purposes, subject_id=performer_id)
    if not found or found[0]["used_at"] is not None or found[0]["expires_at"] <= at:
        raise _bad_code()
    return found[0]


def _bad_code() -> Exception:
    # One answer for wrong, used, expired and no such performer: a guess learns nothing.
    return problem(
        "not-found",
        "No such invitation is open: the code is wrong, was used or is too old, or was made for "
        f"another record. Ask for a fresh one. {NOTHING_RECORDED}",
        FieldError("/code", "not-valid", "this code does not open this record"),
    )
