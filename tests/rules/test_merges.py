"""Two records that are one person: joined for one answer, and parted again."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.rules.facts import (
    Attestation,
    Confirmation,
    Facts,
    Grant,
    Merge,
    Narrowing,
    Suspension,
    VetoScope,
)
from app.rules.merges import as_one, together
from tests.support.made import DAY, NOON, TICK, a_member, a_performer, a_veto


def a_merge(first: str = "ada", second: str = "bea", **more: Any) -> Merge:
    values: dict[str, Any] = {"id": f"{first}-{second}", "starts_at": NOON}
    return replace(Merge("", first, second), **values | more)


def a_grant(performer: str) -> Grant:
    return Grant(f"of {performer}", 1, performer, "studio-o", "active")


def test_records_are_one_from_the_merge_on_until_it_ends() -> None:
    merge = a_merge(ends_at=NOON + DAY)
    found = [
        len(together([merge], "ada", at))
        for at in (NOON - TICK, NOON, NOON + DAY - TICK, NOON + DAY)
    ]
    assert found == [1, 2, 2, 1]


def test_what_nobody_confirmed_joins_nothing() -> None:
    assert together([a_merge(starts_at=None)], "ada", NOON) == {"ada"}


def test_merges_of_merges_are_one_person() -> None:
    merges = [a_merge("cleo", "dana"), a_merge("bea", "cleo"), a_merge("eve", "kim")]
    assert together([*merges, a_merge()], "ada", NOON) == {"ada", "bea", "cleo", "dana"}


@given(st.permutations([("ada", "bea"), ("bea", "cleo"), ("dana", "cleo"), ("eve", "kim")]))
def test_in_which_order_they_were_merged_says_nothing(pairs: list[tuple[str, str]]) -> None:
    merges = [a_merge(*pair) for pair in pairs]
    assert together(merges, "dana", NOON) == {"ada", "bea", "cleo", "dana"}


def test_a_record_that_was_never_merged_is_answered_from_its_facts_as_they_are() -> None:
    facts = Facts(performers=(a_performer(),))
    assert as_one(facts, "ada", NOON) is facts
    merged = replace(facts, merges=(a_merge(),))
    assert as_one(merged, None, NOON) is merged


def test_what_is_said_of_either_is_said_of_the_person() -> None:
    facts = Facts(
        performers=(a_performer(), a_performer(id="bea")),
        merges=(a_merge(),),
        memberships=(a_member(performer_id="bea"),),
        suspensions=(Suspension("s", "bea", None, NOON),),
        grants=(a_grant("ada"), a_grant("bea")),
        confirmations=(Confirmation("c", "of bea", "nova-1", NOON),),
        vetoes=(a_veto(VetoScope(performer="bea")), a_veto(VetoScope(work="nova-1"), id="v-32")),
        attestations=(Attestation("a", "safety", NOON),),
    )
    one = as_one(facts, "ada", NOON)
    assert [p.id for p in one.performers] == ["ada"]
    assert {m.performer_id for m in one.memberships} == {"ada"}
    assert {s.performer_id for s in one.suspensions} == {"ada"}
    assert [g.performer_id for g in one.grants] == ["ada", "ada"]
    assert [v.scope.performer for v in one.vetoes] == ["ada", None]
    assert len(one.confirmations) == len(one.attestations) == 1


def test_a_veto_that_was_narrowed_to_either_is_about_the_person() -> None:
    """Whatever it named at first: a second record is no way out of what it was narrowed to."""
    narrowed = (
        Narrowing(NOON, VetoScope(performer="bea", work="nova-1")),
        Narrowing(NOON + DAY, VetoScope(performer="cleo")),
    )
    facts = Facts(
        performers=(a_performer(), a_performer(id="bea")),
        merges=(a_merge(),),
        vetoes=(
            a_veto(VetoScope(performer="bea"), narrowings=narrowed[:1]),
            a_veto(VetoScope(studio="studio-o"), id="v-32", narrowings=narrowed),
        ),
    )
    own, wide = as_one(facts, "ada", NOON).vetoes
    assert own.scope == VetoScope(performer="ada")
    assert own.narrowings == (Narrowing(NOON, VetoScope(performer="ada", work="nova-1")),)
    assert wide.scope == VetoScope(studio="studio-o")
    assert [n.scope.performer for n in wide.narrowings] == ["ada", "cleo"]


def test_what_belongs_to_somebody_else_by_then_is_left_out() -> None:
    facts = Facts(
        performers=(a_performer(), a_performer(id="bea")),
        merges=(a_merge(ends_at=NOON),),
        grants=(a_grant("ada"), a_grant("bea")),
        confirmations=(Confirmation("c", "of bea", "nova-1", NOON),),
        vetoes=(a_veto(VetoScope(performer="bea")),),
    )
    one = as_one(facts, "ada", NOON)
    assert [g.id for g in one.grants] == ["of ada"]
    assert one.confirmations == ()
    # A veto about the other record stays about it, and reaches nobody here.
    assert [v.scope.performer for v in one.vetoes] == ["bea"]


def test_of_each_date_the_one_counts_that_allows_less() -> None:
    facts = Facts(
        performers=(
            a_performer(adult_from=date(2008, 5, 1), residence=None),
            a_performer(
                id="bea",
                adult_from=date(2009, 5, 1),
                died_on=date(2026, 1, 2),
                alive_until=NOON,
                residence="US-IL",
            ),
        ),
        merges=(a_merge(),),
    )
    (person,) = as_one(facts, "ada", NOON).performers
    assert (person.adult_from, person.died_on) == (date(2009, 5, 1), date(2026, 1, 2))
    assert (person.alive_until, person.residence) == (NOON, "US-IL")


def test_nobody_is_made_up_for_an_id_that_nobody_has() -> None:
    facts = Facts(performers=(a_performer(id="bea"),), merges=(a_merge(),))
    assert as_one(facts, "ada", NOON).performers == ()


def test_terms_before_an_amendment_are_the_persons_too() -> None:
    amended = replace(a_grant("bea"), version=2, earlier=(a_grant("bea"),))
    facts = Facts(performers=(a_performer(),), merges=(a_merge(),), grants=(amended,))
    (found,) = as_one(facts, "ada", NOON).grants
    assert [found.performer_id, *(v.performer_id for v in found.earlier)] == ["ada", "ada"]
