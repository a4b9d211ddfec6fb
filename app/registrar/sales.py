"""Acts on sales: works change hands on a day, and consents pass on only by their performers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.registrar import grants, objects, parties, sweep, terms
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.registrar.signing import zone_of
from app.rules.days import day_of, start_of
from app.rules.sales import NO, YES
from app.store import heads, ids, log, rows, sight, uses, works
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

_MEMBERS: Final = ("sale_id", "work_id", "seller_id", "buyer_id", "starts_on", "assumes")
_DEBTS: Final = (
    "What is owed for uses made before the day stays owed by the seller, whatever the buyer takes"
    " on."
)
# Of a consent, what whoever it passed on to has to know.
_TERMS: Final = ("scope", "exclusions", "description", "withdrawal", "posthumous", "terms_hash")
_ASKED: Final = "asked"
_ANSWERED: Final = (
    "grant_id",
    "sale_id",
    "buyer_id",
    "asked_at",
    "answer",
    "answered_at",
    "declined_at",
    "signature",
)


@dataclass(frozen=True, slots=True)
class NewSale:
    """``whole``: with all that hangs below the work and is the seller's. ``assumes``: by name."""

    buyer: str
    starts_on: date | None = None
    assumes: tuple[str, ...] = ()
    whole: bool = True


def record(tx: Tx, caller: Caller, work_id: str, new: NewSale) -> Recorded | Refused:
    """Put on record that a work is sold, before, on or after the day from which it is.

    The performers whose consents it touches are asked, in the act, whether those pass on; the uses
    that the seller has not finished go on the list of the sale.
    """
    looking = objects.eyes_of(tx, caller)
    root = _owned(looking, work_id)["id"]
    buyer = str(objects.organization(looking, new.buyer, "/owner", "studio")["id"])
    if buyer == caller.organization_id:
        raise wrong("/owner", "own-already", "The work is yours already.")
    heads.take(
        tx,
        lambda held: Heads(
            exclusive=frozenset({("work", root)}),
            shared=uses.heads_around(held.session, root, buyer),
        ),
    )
    _owned(objects.eyes_of(tx, caller), root)
    starts_on = new.starts_on or day_of(tx.now)
    seller = objects.owner(caller)
    sold = _sold(tx, root, seller, starts_on, whole=new.whole)
    log.begin(tx)
    sale_id = ids.mint("sale")
    made = [
        rows.insert(
            tx,
            "sale",
            id=sale_id if work == root else ids.mint("sold"),
            sale_id=sale_id,
            work_id=work,
            seller_id=seller,
            buyer_id=buyer,
            starts_on=starts_on,
            recorded_at=tx.now,
            assumes=sorted(new.assumes),
        )
        for work in sold
    ]
    asked = _ask(tx, sale_id, buyer, _touched(tx, seller, sold))
    stopped = _stopped(tx, sale_id, seller, sold)
    heads.bump(tx, "work", root)
    sweep.sweep(tx, works=works.descendants(tx.session, *sold))
    about = {seller, buyer, *sold, *(row["performer_id"] for row in asked)}
    log.append(tx, "work.owner_changed", caller.role, subjects=about)
    value = view(objects.eyes_of(tx, caller), made)
    return Recorded(
        value=value | {"stops": [sweep.line(use) for use in stopped]},
        location=f"/v1/sales/{sale_id}",
    )


def answer(tx: Tx, caller: Caller, grant_id: str, sale_id: str, said: str) -> Recorded | Refused:
    """Say as the performer whether a consent passes on to the buyer of a work."""
    row = grants.taken(tx, caller, grant_id)
    who = parties.signing(tx, caller, row["performer_id"], zone_of(tx, row))
    if isinstance(who, Refused):
        return who
    asked = rows.where(tx.session, "assignment", grant_id=row["id"], sale_id=sale_id)
    buyer = asked[0]["buyer_id"] if asked else _buyer(tx, row, sale_id)
    if asked and asked[0]["answer"] in {YES, said}:
        raise problem(
            "invalid-transition", f"You answered {asked[0]['answer']} already. {NOTHING_RECORDED}"
        )
    log.begin(tx)
    answered = {
        "answer": said,
        "answered_at": tx.now,
        "signature": grants.signature(tx, caller, row, who),
        **({"declined_at": tx.now} if said == NO else {}),
    }
    written: Row = (
        rows.amend(tx, "assignment", asked[0]["id"], **answered)
        if asked
        else _question(tx, sale_id, buyer, row, **answered)
    )
    heads.bump(tx, "performer", row["performer_id"])
    about = {row["performer_id"], row["grantee_id"], written["buyer_id"]}
    log.append(tx, "grant.passed_on", caller.role, subjects=about)
    return Recorded(
        value=objects.document(written, *_ANSWERED),
        status=200,
        location=f"/v1/grants/{row['id']}",
        etag=objects.etag_of(written),
    )


def line(row: Row) -> dict[str, Any]:
    """One work of a sale."""
    return objects.document(row, *_MEMBERS)


def found(looking: objects.Eyes, sale_id: str) -> list[Row]:
    """The works of a sale that the caller may see.

    Raises:
        Problem: 404, there are none.
    """
    sold = rows.where(looking.session, "sale", sale_id=sale_id)
    seen = sight.seen(looking.session, "sale", [row["id"] for row in sold], looking.sight)
    if not seen:
        raise objects.unknown("")
    return [row for row in sold if row["id"] in seen]


def view(looking: objects.Eyes, sold: Collection[Row]) -> dict[str, Any]:
    """A sale as the caller may see it: what is sold, what is owed by whom, which consents pass."""
    first = min(sold, key=lambda row: (row["id"] != row["sale_id"], row["id"]))
    named = rows.where(looking.session, "work", id={row["work_id"] for row in sold})
    asked = rows.where(looking.session, "assignment", sale_id=first["sale_id"])
    return {
        "id": first["sale_id"],
        "seller_id": first["seller_id"],
        "buyer_id": first["buyer_id"],
        "starts_on": rows.plain(first["starts_on"]),
        "starts_at": rows.plain(start_of(first["starts_on"])),
        "assumes": list(first["assumes"]),
        "works": [{"id": row["id"], "kind": row["kind"], "title": row["title"]} for row in named],
        "debts": _DEBTS,
        "consents": [_consent(looking, row) for row in asked if _may_read(looking, row)],
    }


def stopped(looking: objects.Eyes, sale_id: str) -> list[dict[str, Any]]:
    """The seller's uses that the sale stops, as far as the caller may see them."""
    listed = uses.affected_by(looking.session, sale_id)
    seen = sight.seen(looking.session, "use", [row["id"] for row in listed], looking.sight)
    return [sweep.line(row) for row in listed if row["id"] in seen]


def _consent(looking: objects.Eyes, row: Row) -> dict[str, Any]:
    """Where a consent stands; whoever it passed on to reads its terms."""
    members = ("grant_id", "performer_id", "asked_at", "answered_at", "declined_at")
    said = objects.document(row, *members) | {"answer": row["answer"] or _ASKED}
    grant = rows.current(looking.session, "grant", row["grant_id"])
    if row["answer"] == YES and grant is not None:
        said["terms"] = {
            **{name: rows.plain(grant[name]) for name in _TERMS},
            "pay": terms.pay_of(grant),
        }
    return said


def _may_read(looking: objects.Eyes, row: Row) -> bool:
    """Buyer and seller read of every consent, a performer of their own, a union of none's terms."""
    seeing = looking.sight
    if seeing.kind in {"all", "studio"}:
        return True
    people = {"performer", "representative"}
    theirs = sight.performers_of(looking.session, seeing) if seeing.kind in people else set()
    return row["performer_id"] in theirs


def _owned(looking: objects.Eyes, given: str) -> Row:
    row = objects.find(looking, "work", given)
    if row["owner_id"] != looking.caller.organization_id:
        raise objects.unknown("")
    return row


def _sold(tx: Tx, root: str, seller: str, starts_on: date, *, whole: bool) -> list[str]:
    """The works that go: each the seller's on the day, and promised to nobody after it.

    Raises:
        Problem: 422, the day is before the work was on record; 409, it is sold already.
    """
    below = sorted(works.descendants(tx.session, root)) if whole else [root]
    sold: dict[str, list[Row]] = {}
    for row in rows.where(tx.session, "sale", work_id=set(below)):
        sold.setdefault(row["work_id"], []).append(row)
    going = []
    for row in rows.where(tx.session, "work", id=set(below)):
        later = [s for s in sold.get(row["id"], []) if s["starts_on"] >= starts_on]
        if row["id"] == root and later:
            raise problem("conflict", f"It is sold already, as of that day. {NOTHING_RECORDED}")
        if row["id"] == root and starts_on < day_of(row["added_at"]):
            said = "The work came on record after that day."
            raise wrong("/starts_on", "out-of-range", said)
        if not later and _owner_on(row, sold.get(row["id"], [])) == seller:
            going.append(row["id"])
    return going


def _owner_on(work: Row, sold: Collection[Row]) -> str:
    """Who owns a work once all its sales have begun."""
    last = max(sold, key=lambda row: (row["starts_on"], row["id"]), default=None)
    return str(work["owner_id"] if last is None else last["buyer_id"])


def _touched(tx: Tx, seller: str, sold: Collection[str]) -> list[Row]:
    """Signed consents to the seller, or to who owned it before, of what is sold or is above it."""
    around = {*sold, *works.ancestors(tx.session, *sold)}
    before = {row["seller_id"] for row in rows.where(tx.session, "sale", work_id=around)}
    return [
        row
        for row in rows.where(tx.session, "grant", grantee_id={seller, *before}, state="active")
        if around & {*row["scope"]["works"], *row["shown_works"]}
    ]


def _ask(tx: Tx, sale_id: str, buyer: str, touched: Collection[Row]) -> list[Row]:
    """Ask each performer; one who ticked that it passes on has answered already."""
    return [
        _question(
            tx,
            sale_id,
            buyer,
            row,
            **(
                {"answer": YES, "answered_at": tx.now, "signature": row["signature"]}
                if row["scope"].get("assignable")
                else {}
            ),
        )
        for row in touched
    ]


def _question(tx: Tx, sale_id: str, buyer: str, row: Row, **answered: object) -> Row:
    """Whether one consent passes on, answered already or not."""
    return rows.insert(
        tx,
        "assignment",
        id=ids.mint("asgn"),
        grant_id=row["id"],
        performer_id=row["performer_id"],
        sale_id=sale_id,
        buyer_id=buyer,
        asked_at=tx.now,
        **answered,
    )


def _buyer(tx: Tx, row: Row, sale_id: str) -> str:
    """Who bought what a consent names that was signed after the sale came on record.

    Raises:
        Problem: 404, the sale does not touch the consent.
    """
    sold = rows.where(tx.session, "sale", sale_id=sale_id)
    touched = {one["id"] for one in _touched(tx, row["grantee_id"], [s["work_id"] for s in sold])}
    sellers = {one["seller_id"] for one in sold}
    if row["id"] not in touched or row["grantee_id"] not in sellers:
        raise objects.unknown("/sale")
    return str(sold[0]["buyer_id"])


def _stopped(tx: Tx, sale_id: str, seller: str, sold: Collection[str]) -> Sequence[Row]:
    """The seller's uses that are not finished, put on the list of the sale."""
    open_ = [
        row
        for row in uses.reachable(tx.session, works=sold)
        if row["producer_id"] == seller and row["state"] in {"planned", "cleared"}
    ]
    sweep.enlist_under(tx, sale_id, open_)
    return open_
