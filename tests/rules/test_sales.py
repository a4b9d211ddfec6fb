"""Who owns a work on a day, whose consents pass on, and what a sale frees of nothing."""

from dataclasses import replace
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


@pytest.mark.parametrize(
    ("recorded_at", "until"),
    [
        pytest.param(None, MIDNIGHT, id="nothing is known of its record"),
        pytest.param(MIDNIGHT - DAY, MIDNIGHT, id="recorded before its day"),
        pytest.param(NOON + 3 * DAY, NOON + 3 * DAY, id="recorded after its day"),
    ],
)
def test_blocks_of_the_seller_come_over_a_work_until_its_sale_is_on_record(
    recorded_at: datetime | None, until: datetime
) -> None:
    assert sales.over(replace(SOLD, recorded_at=recorded_at)) == until


def test_by_which_sales_a_work_reached_a_studio() -> None:
    above = Sale("s4", "all", "nova", "studio-x", "studio-o", date(2026, 11, 1))
    elsewhere = Sale("s5", "far", "far", "studio-y", "studio-q", date(2026, 11, 1))
    every = (above, elsewhere, SOLD, SOLD_ON)

    def took(sale: Sale) -> bool:
        return sale.work_id != "far"

    def reached(*hands: str) -> tuple[Sale, ...]:
        return sales.passed(every, frozenset(hands), took)

    assert reached("studio-q") == (above, SOLD, SOLD_ON)
    assert reached("studio-p") == (above, SOLD)
    # Whoever bought nothing of it is under nothing that the sellers were under.
    assert reached("studio-z") == ()


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


@pytest.mark.parametrize(
    ("starts_at", "recorded_at", "reached"),
    [
        pytest.param(NOON + 2 * DAY, MIDNIGHT, True, id="announced while it owned it"),
        pytest.param(NOON + 2 * DAY, MIDNIGHT + DAY, False, id="announced since it sold it"),
        pytest.param(MIDNIGHT, NOON + 2 * DAY, True, id="from a day on which it owned it"),
    ],
)
def test_what_was_announced_before_a_sale_is_not_escaped_by_it(
    starts_at: datetime, recorded_at: datetime, *, reached: bool
) -> None:
    order = CourtOrder("o1", "1/26", starts_at, studio_id="studio-o", recorded_at=recorded_at)
    veto = a_veto(VetoScope(studio="studio-o"), starts_at=starts_at, recorded_at=recorded_at)
    for facts in (Facts(court_orders=(order,)), Facts(vetoes=(veto,), organizations=(a_union(),))):
        found = blocks_at(
            replace(facts, works=(a_work(owner_id="studio-p"),)),
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


def test_a_wide_veto_that_is_renewed_after_the_sale_still_binds_the_buyer() -> None:
    """It lapsed, the film was sold, the union looked at it again: it came before the sale."""
    wide = {
        "union_id": "guild",
        "kind": "policy",
        "basis": "RG-03",
        "authority": "board",
        "scope": {"work": "nova-1"},
        "effect": "block",
        "timing": "prospective",
        "wide": True,
        "seconded_at": "2026-11-01T12:00:00Z",
        "starts_at": "2026-11-01T12:00:00Z",
        "review_by": "2026-11-18",
        "renewals": [{"at": "2026-11-21T10:00:00Z", "review_by": "2027-01-19"}],
    }
    world = {
        "organizations": {"studio-o": {"registry_rules_accepted_on": "2026-01-01"}},
        "vetoes": {"v": wide},
        "sales": {"s1": {"work_id": "nova-1"}},
    }
    bought = answer(SALE, world, ESTIMATE, producer="studio-p")
    assert "D_UNION_VETO" in [reason.code for reason in bought.reasons]
