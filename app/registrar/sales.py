"""Acts on sales: works change hands on a day, and consents pass on only by their performers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.registrar import grants, objects, parties, sweep, terms
from app.registrar.callers import Caller
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.registrar.signing import zone_of
from app.rules.days import day_of
from app.rules.reasons import plain
from app.rules.sales import NO, YES, begins
from app.store import heads, ids, log, rows, sight, uses, works
from app.store.heads import Heads
from app.store.tx import Recorded, Refused, Tx

_MEMBERS: Final = (
    *("sale_id", "work_id", "seller_id", "buyer_id", "starts_on", "assumes"),
    *("confirmed_at", "withdrawn_at"),
)
# How far ahead a day can be: until then the work can be sold to nobody else.
_DAYS_AHEAD: Final = 366
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
    """Say as the seller that a work is sold, before, on or after the day from which it is.

    It changes hands once the buyer says so too. The performers whose consents it touches are asked,
    in the act, whether those pass on; the uses that the seller has not finished go on the list of
    the sale.
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
    starts_on = _day(new.starts_on, day_of(tx.now))
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
            awaits_buyer=True,
        )
        for work in sold
    ]
    asked = _ask(tx, sale_id, buyer, _touched(tx, seller, sold))
    return _done(tx, caller, made, "work.owner_changed", asked)


def confirm(tx: Tx, caller: Caller, sale_id: str) -> Recorded | Refused:
    """Say as the buyer that the work is sold: it is the buyer's from the day, or from now on.

    Consents and uses that came after the seller said so are asked about and listed too.
    """
    sold = _taken(tx, caller, sale_id)
    if caller.organization_id != sold[0]["buyer_id"]:
        raise problem("conflict", f"Who sells it does not confirm the sale. {NOTHING_RECORDED}")
    _still_open(sold)
    log.begin(tx)
    said = {"confirmed_at": tx.now, "confirmed_by": caller.id}
    made = rows.amend_all(tx, "sale", [row["id"] for row in sold], **said)
    asked = {row["grant_id"] for row in rows.where(tx.session, "assignment", sale_id=sale_id)}
    touched = _touched(tx, sold[0]["seller_id"], [row["work_id"] for row in sold])
    new = [row for row in touched if row["id"] not in asked]
    return _done(
        tx, caller, made, "work.sale_confirmed", _ask(tx, sale_id, sold[0]["buyer_id"], new)
    )


def withdraw(tx: Tx, caller: Caller, sale_id: str) -> Recorded | Refused:
    """Take back as the seller a sale that the buyer has not confirmed: it never was one."""
    sold = _taken(tx, caller, sale_id)
    if caller.organization_id != sold[0]["seller_id"]:
        raise problem("conflict", f"Who sells it takes the sale back. {NOTHING_RECORDED}")
    _still_open(sold)
    log.begin(tx)
    made = rows.amend_all(tx, "sale", [row["id"] for row in sold], withdrawn_at=tx.now)
    return _done(tx, caller, made, "work.sale_withdrawn", ())


def _done(
    tx: Tx, caller: Caller, made: Sequence[Row], type_: str, asked: Collection[Row]
) -> Recorded:
    """Look at every use of what is sold again, and say who is touched."""
    first = _first(made)
    sold = [row["work_id"] for row in made]
    open_: Sequence[Row] = []
    if first["withdrawn_at"] is None:
        open_ = _stopped(tx, first["sale_id"], first["seller_id"], sold)
    heads.bump(tx, "work", first["work_id"])
    sweep.sweep(tx, works=works.descendants(tx.session, *sold))
    about = {first["seller_id"], first["buyer_id"], *sold, *(row["performer_id"] for row in asked)}
    log.append(tx, type_, caller.role, subjects=about)
    value = view(objects.eyes_of(tx, caller), made)
    return Recorded(
        value=value | {"stops": [sweep.line(use) for use in open_]},
        status=201 if type_ == "work.owner_changed" else 200,
        location=f"/v1/sales/{first['sale_id']}",
    )


def _taken(tx: Tx, caller: Caller, sale_id: str) -> Sequence[Row]:
    """The works of a sale, under the heads that the sale was recorded under."""
    first = _first(found(objects.eyes_of(tx, caller), sale_id))
    heads.take(
        tx,
        lambda held: Heads(
            exclusive=frozenset({("work", first["work_id"])}),
            shared=uses.heads_around(held.session, first["work_id"], first["buyer_id"]),
        ),
    )
    return rows.where(tx.session, "sale", sale_id=sale_id)


def _first(sold: Collection[Row]) -> Row:
    """The row of what was sold itself, with everything that hangs below it."""
    return min(sold, key=lambda row: (row["id"] != row["sale_id"], row["id"]))


def _still_open(sold: Sequence[Row]) -> None:
    said = {"confirmed_at": "The buyer confirmed it", "withdrawn_at": "The seller took it back"}
    for name, what in said.items():
        if sold[0][name] is not None:
            when = plain(day_of(sold[0][name]))
            raise problem("invalid-transition", f"{what} on {when}. {NOTHING_RECORDED}")
    if not sold[0]["awaits_buyer"]:
        raise problem("invalid-transition", f"Nobody has to confirm it. {NOTHING_RECORDED}")


def answer(tx: Tx, caller: Caller, grant_id: str, sale_id: str, said: str) -> Recorded | Refused:
    """Say as the performer whether a consent passes on to the buyer of a work."""
    row = grants.taken(tx, caller, grant_id)
    who = parties.signing(tx, caller, row["performer_id"], zone_of(tx, row))
    if isinstance(who, Refused):
        return who
    asked = rows.where(tx.session, "assignment", grant_id=row["id"], sale_id=sale_id)
    if asked and not rows.where(tx.session, "sale", sale_id=sale_id, withdrawn_at=None):
        raise problem("invalid-transition", f"The sale was taken back. {NOTHING_RECORDED}")
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
    first = _first(sold)
    named = rows.where(looking.session, "work", id={row["work_id"] for row in sold})
    asked = rows.where(looking.session, "assignment", sale_id=first["sale_id"])
    return {
        "id": first["sale_id"],
        "seller_id": first["seller_id"],
        "buyer_id": first["buyer_id"],
        "starts_on": rows.plain(first["starts_on"]),
        "starts_at": rows.plain(begins(parties.sale(first))),
        "state": _state(first),
        "confirmed_at": rows.plain(first["confirmed_at"]),
        "withdrawn_at": rows.plain(first["withdrawn_at"]),
        "assumes": list(first["assumes"]),
        "works": [{"id": row["id"], "kind": row["kind"], "title": row["title"]} for row in named],
        "debts": _DEBTS,
        "consents": [_consent(looking, row) for row in asked if _may_read(looking, row)],
    }


def _state(row: Row) -> str:
    if row["withdrawn_at"] is not None:
        return "withdrawn"
    return "agreed" if begins(parties.sale(row)) is not None else "waits_for_buyer"


def stopped(looking: objects.Eyes, sale_id: str) -> list[dict[str, Any]]:
    """The seller's uses that the sale stops, as far as the caller may see them."""
    if rows.where(looking.session, "sale", sale_id=sale_id, withdrawn_at=None) == []:
        return []
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


def _day(given: date | None, today: date) -> date:
    last = today + timedelta(days=_DAYS_AHEAD)
    if given is not None and given > last:
        said = f"A sale is recorded at most {_DAYS_AHEAD} days ahead: until {plain(last)}."
        raise wrong("/starts_on", "too-far-ahead", said)
    return given or today


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
    for row in rows.where(tx.session, "sale", work_id=set(below), withdrawn_at=None):
        sold.setdefault(row["work_id"], []).append(row)
    going = []
    for row in rows.where(tx.session, "work", id=set(below)):
        later = [s for s in sold.get(row["id"], []) if _is_later(s, starts_on)]
        if row["id"] == root and later:
            raise problem(
                "conflict",
                "It is sold already, as of that day, or the buyer of an earlier sale has yet to"
                f" confirm it. {NOTHING_RECORDED}",
                extra={"id": later[0]["sale_id"]},
            )
        if row["id"] == root and starts_on < day_of(row["added_at"]):
            said = "The work came on record after that day."
            raise wrong("/starts_on", "out-of-range", said)
        if not later and _owner_on(row, sold.get(row["id"], [])) == seller:
            going.append(row["id"])
    return going


def _is_later(sale: Row, starts_on: date) -> bool:
    at = begins(parties.sale(sale))
    return at is None or day_of(at) >= starts_on


def _owner_on(work: Row, sold: Collection[Row]) -> str:
    """Who owns a work once all its sales have begun that both sides agreed on."""
    agreed = [(at, row["id"], row) for row in sold if (at := begins(parties.sale(row))) is not None]
    last = max(agreed, key=lambda one: one[:2], default=None)
    return str(work["owner_id"] if last is None else last[2]["buyer_id"])


def _touched(tx: Tx, seller: str, sold: Collection[str]) -> list[Row]:
    """Signed consents to the seller, or to who owned it before, of what is sold or is above it."""
    around = {*sold, *works.ancestors(tx.session, *sold)}
    sales = rows.where(tx.session, "sale", work_id=around, withdrawn_at=None)
    before = {row["seller_id"] for row in sales}
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
    sold = rows.where(tx.session, "sale", sale_id=sale_id, withdrawn_at=None)
    touched = {one["id"] for one in _touched(tx, row["grantee_id"], [s["work_id"] for s in sold])}
    sellers = {one["seller_id"] for one in sold}
    if row["id"] not in touched or row["grantee_id"] not in sellers:
        raise objects.unknown("/sale")
    return str(sold[0]["buyer_id"])


def _stopped(tx: Tx, sale_id: str, seller: str, sold: Collection[str]) -> Sequence[Row]:
    """The seller's uses that are not finished, all on the list of the sale from now on."""
    open_ = [
        row
        for row in uses.reachable(tx.session, works=sold)
        if row["producer_id"] == seller and row["state"] in {"planned", "cleared"}
    ]
    sweep.enlist_under(tx, sale_id, open_)
    return open_
