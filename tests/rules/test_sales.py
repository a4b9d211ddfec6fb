"""Who owns a work on a day, whose consents pass on, and what a sale frees of nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.rules import sales
from app.rules.blocks import Former, blocks_at
from app.rules.facts import (
    Assignment,
    CourtOrder,
    Facts,
    Sale,
    Signature,
    VetoScope,
)
from tests.rules.worlds import ESTIMATE, answer
from tests.support.made import (
    DAY,
    NOON,
    TVT,
    a_check,
    a_grant,
    a_union,
    a_veto,
    a_work,
)

SOLD = Sale("s1", "deal", "nova-1", "studio-o", "studio-p", date(2026, 11, 20))
SOLD_ON = Sale("s2", "next", "nova-1", "studio-p", "studio-q", date(2026, 11, 25))
BACK = Sale("s3", "back", "nova-1", "studio-p", "studio-o", date(2026, 11, 25))
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
LATER = MIDNIGHT + 10 * DAY


@pytest.mark.parametrize(
    ("sold", "at", "owner"),
    [
        pytest.param((), LATER, "studio-o", id="never sold"),
        pytest.param((SOLD,), MIDNIGHT - timedelta(microseconds=1), "studio-o", id="before"),
        pytest.param((SOLD,), MIDNIGHT, "studio-p", id="from the first instant of the day"),
        pytest.param((SOLD_ON, SOLD), LATER, "studio-q", id="sold on, in whatever order"),
        pytest.param((BACK, SOLD), LATER, "studio-o", id="sold back"),
    ],
)
def test_the_owner_is_who_bought_it_last(sold: tuple[Sale, ...], at: datetime, owner: str) -> None:
    other = a_work("far", owner_id="studio-x")
    facts = Facts(works=(a_work(), other), sales=sold)
    first, second = sales.owned(facts, at).works
    assert (first.owner_id, second.owner_id) == (owner, "studio-x")


@pytest.mark.parametrize(
    ("studio", "owner", "sold", "found"),
    [
        pytest.param("studio-o", "studio-p", (SOLD,), SOLD, id="the seller"),
        pytest.param("studio-p", "studio-q", (SOLD, SOLD_ON), SOLD_ON, id="who sold it on"),
        pytest.param("studio-o", "studio-o", (SOLD, BACK), None, id="who has it back"),
        pytest.param("studio-x", "studio-p", (SOLD,), None, id="who never had it"),
    ],
)
def test_who_sold_a_work(
    studio: str, owner: str, sold: tuple[Sale, ...], found: Sale | None
) -> None:
    assert sales.sold_by(studio, owner, ("nova-1", "nova"), sold, LATER) == found


def test_whose_consents_reach_a_buyer() -> None:
    works = ("nova-1", "nova")
    chain = (SOLD, SOLD_ON)
    assert sales.bought_from("studio-p", works, chain, LATER) == {"studio-o": SOLD}
    both = {"studio-o": SOLD_ON, "studio-p": SOLD_ON}
    assert sales.bought_from("studio-q", works, chain, LATER) == both
    assert sales.bought_from("studio-q", works, chain, NOON) == {}
    # Who has it back bought nobody's consents but those of whoever had it meanwhile.
    assert sales.bought_from("studio-o", works, (SOLD, BACK), LATER) == {"studio-p": BACK}
    # The nearest work says by which sale.
    above = Sale("s4", "all", "nova", "studio-o", "studio-p", date(2026, 11, 1))
    assert sales.bought_from("studio-p", works, (above, SOLD), LATER) == {"studio-o": SOLD}


def test_the_last_answer_counts_and_none_before_it_was_given() -> None:
    grant = a_grant()
    no = Assignment("a1", "grant-1", "deal", "studio-p", "no", NOON)
    yes = Assignment("a2", "grant-1", "deal", "studio-p", "yes", NOON + DAY)
    others = (
        Assignment("a3", "grant-2", "deal", "studio-p", "yes", NOON),
        Assignment("a4", "grant-1", "next", "studio-q", "yes", NOON),
        Assignment("a5", "grant-1", "deal", "studio-p"),
    )
    said = (no, yes, *others)
    assert sales.answer_of(grant, "studio-p", said, NOON - DAY) is None
    assert sales.answer_of(grant, "studio-p", said, NOON) == no
    assert sales.answer_of(grant, "studio-p", said, NOON + DAY) == yes


def test_a_no_stands_until_the_yes_that_came_after_it() -> None:
    both = Assignment("a1", "grant-1", "deal", "studio-p", "yes", NOON + DAY, NOON)
    said = [sales.answer_of(a_grant(), "studio-p", (both,), at) for at in (NOON, NOON + DAY)]
    assert [(a.answer, a.answered_at) for a in said if a] == [("no", NOON), ("yes", NOON + DAY)]


@pytest.mark.parametrize(
    ("signed", "ended"),
    [
        pytest.param(None, True, id="never signed"),
        pytest.param(MIDNIGHT - timedelta(microseconds=1), True, id="before the day"),
        pytest.param(MIDNIGHT, False, id="on the day"),
    ],
)
def test_a_sale_ends_what_was_said_before_it(signed: datetime | None, *, ended: bool) -> None:
    grant = a_grant(signature=None if signed is None else Signature(signed))
    assert sales.ended_by(grant, SOLD) is ended


FORMER = Former("studio-o", MIDNIGHT + DAY, frozenset({TVT}), frozenset({"guild"}))


@pytest.mark.parametrize(
    ("scope", "starts_at", "reached"),
    [
        pytest.param(VetoScope(studio="studio-o"), NOON, True, id="the seller, while it owned it"),
        pytest.param(VetoScope(agreement=TVT), NOON, True, id="what bound the seller then"),
        pytest.param(
            VetoScope(studio="studio-o"), MIDNIGHT + DAY, False, id="the seller, since it sold it"
        ),
        pytest.param(VetoScope(studio="studio-x"), NOON, False, id="somebody else"),
    ],
)
def test_a_block_stays_over_what_is_sold_under_it(
    scope: VetoScope, starts_at: datetime, *, reached: bool
) -> None:
    veto = a_veto(scope, starts_at=starts_at)
    facts = Facts(vetoes=(veto,), works=(a_work(owner_id="studio-p"),), organizations=(a_union(),))
    found = blocks_at(
        facts,
        a_check(producer="studio-p"),
        ancestors=frozenset(),
        families=frozenset(),
        unions=frozenset(),
        as_of=NOON + 3 * DAY,
        formers=(FORMER,),
    )
    assert bool(found) is reached


def test_an_order_against_the_seller_stays_over_what_it_sold() -> None:
    order = CourtOrder("o1", "CV-1", NOON, studio_id="studio-o")
    facts = Facts(court_orders=(order,), works=(a_work(owner_id="studio-p"),))
    (found,) = blocks_at(
        facts,
        a_check(producer="studio-p"),
        ancestors=frozenset(),
        families=frozenset(),
        unions=frozenset(),
        as_of=NOON + 3 * DAY,
        formers=(FORMER,),
    )
    assert found.id == "o1"


SALE = {
    "organizations": {"studio-p": {"kind": "studio"}},
    "sales": {
        "s1": {
            "sale_id": "deal",
            "work_id": "nova",
            "seller_id": "studio-o",
            "buyer_id": "studio-p",
            "starts_on": "2026-11-20",
        }
    },
}


def test_a_franchise_that_was_sold_takes_along_what_its_consents_cover() -> None:
    """The film has no sale of its own on record; the buyer works in the franchise that it owns."""
    world = (SALE, ESTIMATE, {"works": {"nova-1": {"owner_id": "studio-p"}}})
    buyer = answer(*world, producer="studio-p")
    assert "A_PASSING_ON" in [reason.code for reason in buyer.reasons]
    seller = answer(*world)
    assert "D_SOLD" in [reason.code for reason in seller.reasons]
    # What the seller kept of it is its own.
    kept = answer(SALE, ESTIMATE)
    assert "D_SOLD" not in [reason.code for reason in kept.reasons]


def test_a_wide_veto_binds_the_buyer_as_it_bound_the_seller() -> None:
    """It rests on the registry's rules, which the seller accepted and the buyer did not."""
    world = {
        "organizations": {"studio-o": {"registry_rules_accepted_on": "2026-01-01"}},
        "vetoes": {
            "v": {
                "union_id": "guild",
                "kind": "policy",
                "basis": "RG-03",
                "authority": "board",
                "scope": {"work": "nova"},
                "effect": "block",
                "timing": "prospective",
                "wide": True,
                "seconded_at": "2026-11-19T12:00:00Z",
                "starts_at": "2026-11-19T12:00:00Z",
                "review_by": "2027-01-19",
            }
        },
    }
    film = {"sales": {"s1": {"work_id": "nova-1"}}}
    bought = answer(SALE, film, world, ESTIMATE, producer="studio-p")
    assert "D_UNION_VETO" in [reason.code for reason in bought.reasons]
    never = answer({"organizations": SALE["organizations"]}, world, ESTIMATE, producer="studio-p")
    assert "D_UNION_VETO" not in [reason.code for reason in never.reasons]
