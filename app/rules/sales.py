"""Sales of works: who owns a work on a day, and whether a yes to the seller reaches the buyer.

A sale is a dated fact: it can be recorded before its day, on it or after it, and takes the word of
seller and buyer. Days begin in UTC, for which agreement binds follows from the owner and not the
other way round.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.rules.days import start_of
from app.rules.facts import Assignment, Facts, Grant, Sale

YES: Final = "yes"
NO: Final = "no"


def begins(sale: Sale) -> datetime | None:
    """From when the buyer owns the work; ``None``: the buyer has not said so.

    Both say it, and nothing changes hands before the second did, whatever day they name.
    """
    day = start_of(sale.starts_on)
    if not sale.awaits_buyer:
        return day
    return None if sale.confirmed_at is None else max(day, sale.confirmed_at)


def begun(sales: Iterable[Sale], as_of: datetime) -> tuple[Sale, ...]:
    """The sales that have begun, the latest last."""
    found = [(at, s.id, s) for s in sales if (at := begins(s)) is not None and at <= as_of]
    return tuple(sale for _, _, sale in sorted(found, key=lambda one: one[:2]))


def since(sale: Sale) -> datetime:
    """From when a sale that has begun counts."""
    return begins(sale) or start_of(sale.starts_on)


def over(sale: Sale) -> datetime:
    """From when nothing that comes over the seller comes over the work with it.

    Not before the sale came on record: whoever may put it on a day gone by takes the work out of
    nothing that came meanwhile.
    """
    at = since(sale)
    return at if sale.recorded_at is None else max(at, sale.recorded_at)


def owned(facts: Facts, as_of: datetime) -> Facts:
    """The facts with the owner of each work as of an instant."""
    owners = {sale.work_id: sale.buyer_id for sale in begun(facts.sales, as_of)}
    if not owners:
        return facts
    works = tuple(replace(w, owner_id=owners.get(w.id, w.owner_id)) for w in facts.works)
    return replace(facts, works=works)


def sold_by(
    studio: str, owner: str | None, works: Sequence[str], sales: Sequence[Sale], as_of: datetime
) -> Sale | None:
    """The last sale by which a studio gave away one of the works, unless it owns the work again.

    ``owner`` owns the work that is asked about, ``works`` are that one and all above it, nearest
    first.
    """
    if owner == studio:
        return None
    gone = {s.work_id: s for s in begun(sales, as_of) if s.seller_id == studio}
    return next((gone[work] for work in works if work in gone), None)


def bought_from(
    buyer: str, works: Sequence[str], sales: Sequence[Sale], as_of: datetime
) -> dict[str, Sale]:
    """Whose works reached the buyer, through however many hands, and by which sale."""
    found: dict[str, Sale] = {}
    for work in works:
        chain = [s for s in begun(sales, as_of) if s.work_id == work]
        last = next((n for n in reversed(range(len(chain))) if chain[n].buyer_id == buyer), None)
        if last is not None:
            found = {s.seller_id: chain[last] for s in chain[: last + 1]} | found
    found.pop(buyer, None)
    return found


def passed(
    sales: Sequence[Sale], hands: frozenset[str], took: Callable[[Sale], bool]
) -> tuple[Sale, ...]:
    """The sales by which a work, or what it came to be below, reached one of these studios.

    ``took``: whether a sale took the work along. Through however many hands it went, and through
    however many works above it.
    """
    taken = [sale for sale in sales if took(sale)]
    reached = hands
    while sellers := {s.seller_id for s in taken if s.buyer_id in reached} - reached:
        reached |= sellers
    return tuple(sale for sale in taken if sale.buyer_id in reached)


def answer_of(
    grant: Grant, buyer: str, assignments: Iterable[Assignment], as_of: datetime
) -> Assignment | None:
    """What the performer answered by then, the last thing they said."""
    said = [
        (at, a.id, replace(a, answer=answer, answered_at=at))
        for a in assignments
        if (a.grant_id, a.buyer_id) == (grant.id, buyer)
        for answer, at in ((a.answer, a.answered_at), (NO, a.declined_at))
        if at is not None and at <= as_of
    ]
    return max(said, key=lambda found: found[:2])[2] if said else None


def ended_by(grant: Grant, sale: Sale) -> bool:
    """Whether a sale ends what the performer said to the seller: not what was said afterwards."""
    return grant.signature is None or grant.signature.at < since(sale)
