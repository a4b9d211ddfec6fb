"""Which blocks match a check, from when until when, and whom a block leaves alone."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.blocks import (
    BLOCK,
    FLAG,
    Block,
    blocks_ahead,
    blocks_at,
    review_days_left,
    stops,
    under,
)
from app.rules.facts import (
    Check,
    CourtOrder,
    Facts,
    Suspension,
    Veto,
    VetoException,
    VetoScope,
)
from tests.support.made import (
    DAY,
    NOON,
    TICK,
    TODAY,
    TVT,
    a_check,
    a_member,
    a_performer,
    a_proof,
    a_signatory,
    a_union,
    a_veto,
    a_work,
    an_edge,
    an_engagement,
)

GUILD = frozenset({"guild"})


def asked(facts: Facts, check: Check | None = None, **changes: Any) -> tuple[Block, ...]:
    values: dict[str, Any] = {
        "ancestors": frozenset({"nova"}),
        "families": frozenset({TVT}),
        "unions": GUILD,
        "as_of": NOON,
    }
    return blocks_at(facts, check or a_check(), **(values | changes))


def with_veto(veto: Veto, **others: Any) -> Facts:
    return Facts(vetoes=(veto,), works=(a_work(),), **others)


@pytest.mark.parametrize(
    ("scope", "check"),
    [
        pytest.param(VetoScope(performer="ada"), a_check(), id="the performer"),
        pytest.param(VetoScope(work="nova-1"), a_check(), id="the work itself"),
        pytest.param(VetoScope(work="nova"), a_check(), id="a work above it"),
        pytest.param(VetoScope(studio="studio-o"), a_check(), id="the studio that produces"),
        pytest.param(
            VetoScope(studio="studio-o"), a_check(producer="vendor"), id="the studio that owns"
        ),
        pytest.param(
            VetoScope(studio="service"), a_check(producer="service"), id="who produces for it"
        ),
        pytest.param(VetoScope(agreement=TVT), a_check(), id="the agreement that binds"),
        pytest.param(
            VetoScope(performer="ada", uses=("dub", "stunt")), a_check(), id="one of its uses"
        ),
        pytest.param(VetoScope(all_members=True), a_check(), id="all members, of whom they are"),
        pytest.param(VetoScope(agreement=TVT, unit="performers"), a_check(), id="the unit"),
    ],
)
def test_a_veto_matches_what_its_scope_names(scope: VetoScope, check: Check) -> None:
    facts = with_veto(a_veto(scope), memberships=(a_member(),))
    (block,) = asked(facts, check)
    assert (block.id, block.effect, block.union_id) == ("v-31", BLOCK, "guild")


@pytest.mark.parametrize(
    ("scope", "check"),
    [
        pytest.param(VetoScope(performer="bob"), a_check(), id="another performer"),
        pytest.param(VetoScope(performer="ada"), a_check(performer=None), id="nobody at all"),
        pytest.param(VetoScope(work="other"), a_check(), id="another work"),
        pytest.param(VetoScope(studio="studio-p"), a_check(), id="another studio"),
        pytest.param(
            VetoScope(agreement="sag-aftra/interactive"), a_check(), id="another contract"
        ),
        pytest.param(VetoScope(performer="ada", uses=("dub",)), a_check(), id="another use"),
        pytest.param(
            VetoScope(performer="ada", work="other"), a_check(), id="the performer elsewhere"
        ),
        pytest.param(
            VetoScope(all_members=True), a_check(performer=None), id="members, and no person"
        ),
        pytest.param(VetoScope(agreement=TVT, unit="stunts"), a_check(), id="another unit"),
    ],
)
def test_a_veto_leaves_alone_what_any_member_of_its_scope_excludes(
    scope: VetoScope, check: Check
) -> None:
    assert asked(with_veto(a_veto(scope), memberships=(a_member(),)), check) == ()


@pytest.mark.parametrize(
    ("members", "all_members", "unit", "matches"),
    [
        pytest.param((), True, None, False, id="no member is none of all members"),
        pytest.param((a_member(confirmed_by=None),), True, None, False, id="unconfirmed is none"),
        pytest.param((a_member(disputed_by="ada"),), True, None, True, id="disputed still counts"),
        pytest.param((a_member(union_id="other"),), True, None, False, id="of another union"),
        pytest.param((a_member(ends_on=TODAY - DAY),), True, None, False, id="left the day before"),
        pytest.param((a_member(ends_on=TODAY),), True, None, True, id="the last day counts"),
        pytest.param((a_member(starts_on=TODAY),), True, None, True, id="the first day counts"),
        pytest.param((a_member(starts_on=TODAY + DAY),), True, None, False, id="joins tomorrow"),
        pytest.param((), False, "performers", True, id="no unit on record never allows"),
        pytest.param((a_member(unit=None),), False, "performers", True, id="unit not stated"),
        pytest.param((a_member(unit="stunts"),), False, "performers", False, id="in another unit"),
        pytest.param((a_member(),), True, "performers", True, id="a member of the unit"),
        pytest.param((), True, "performers", False, id="no member is in no unit of members"),
    ],
)
def test_members_and_units(
    members: tuple[Any, ...], all_members: bool, unit: str | None, matches: bool
) -> None:
    scope = VetoScope(agreement=TVT, all_members=all_members, unit=unit)
    found = asked(with_veto(a_veto(scope, kind="strike"), memberships=members))
    assert bool(found) is matches


def test_the_membership_of_the_dead_counts_as_on_the_day_they_died() -> None:
    facts = with_veto(
        a_veto(VetoScope(all_members=True)),
        memberships=(a_member(ends_on=TODAY - 9 * DAY),),
        performers=(a_performer(died_on=TODAY - 10 * DAY),),
    )
    assert asked(facts) != ()


def test_a_veto_of_a_union_without_standing_stops_nothing() -> None:
    assert asked(with_veto(a_veto()), unions=frozenset({"other"})) == ()


@pytest.mark.parametrize(
    ("state", "effect", "at", "expected"),
    [
        pytest.param("in_force", "block", NOON - TICK, None, id="just before it starts"),
        pytest.param("in_force", "block", NOON, BLOCK, id="at its start"),
        pytest.param("in_force", "block", NOON + TICK, BLOCK, id="just after"),
        pytest.param("appealed", "block", NOON, BLOCK, id="an appeal does not end it"),
        pytest.param("proposed", "block", NOON, FLAG, id="one officer of two only flags"),
        pytest.param("in_force", "flag", NOON, FLAG, id="issued as a flag"),
        pytest.param("lifted", "block", NOON + DAY - TICK, BLOCK, id="just before the lift"),
        pytest.param("lifted", "block", NOON + DAY, None, id="at the lift"),
        pytest.param("overruled", "block", NOON + DAY - TICK, BLOCK, id="before it was overruled"),
        pytest.param("overruled", "block", NOON + DAY, None, id="overruled"),
    ],
)
def test_a_veto_in_time(state: str, effect: str, at: datetime, expected: str | None) -> None:
    lifted_at = NOON + DAY if state in {"lifted", "overruled"} else None
    found = asked(with_veto(a_veto(state=state, effect=effect, lifted_at=lifted_at)), as_of=at)
    assert [b.effect for b in found] == ([] if expected is None else [expected])


def test_a_lift_without_an_instant_is_over() -> None:
    assert asked(with_veto(a_veto(state="lifted"))) == ()


def test_a_block_says_what_became_of_it() -> None:
    (proposed,) = asked(with_veto(a_veto(state="proposed")))
    (appealed,) = asked(with_veto(a_veto(state="appealed")))
    (lifted,) = asked(with_veto(a_veto(state="lifted", lifted_at=NOON + DAY)))
    assert (proposed.awaits_second, proposed.appealed, proposed.ends_at) == (True, False, None)
    assert (appealed.awaits_second, appealed.appealed) == (False, True)
    assert lifted.ends_at == NOON + DAY


LAST_TICK = NOON.replace(hour=0) + DAY - TICK


@pytest.mark.parametrize(
    ("kind", "at", "effect", "left"),
    [
        pytest.param("policy", LAST_TICK, BLOCK, 0, id="a policy stands to the end of its day"),
        pytest.param("policy", LAST_TICK - DAY, BLOCK, 1, id="and the day before"),
        pytest.param("policy", LAST_TICK + TICK, FLAG, None, id="and flags from the next day"),
        pytest.param("strike", LAST_TICK + TICK, BLOCK, None, id="a strike does not lapse"),
        pytest.param("posthumous", LAST_TICK + TICK, BLOCK, None, id="nor a posthumous veto"),
        pytest.param("transfer", LAST_TICK + TICK, BLOCK, None, id="nor an objection"),
        pytest.param("grievance", LAST_TICK + TICK, BLOCK, None, id="nor a grievance"),
        pytest.param("synthetic", LAST_TICK + TICK, BLOCK, None, id="nor a bargaining"),
    ],
)
def test_only_a_policy_veto_lapses(kind: str, at: datetime, effect: str, left: int | None) -> None:
    veto = a_veto(kind=kind, starts_at=NOON - 9 * DAY, review_by=TODAY)
    (block,) = asked(with_veto(veto), as_of=at)
    assert (block.effect, block.lapsed) == (effect, effect == FLAG)
    assert review_days_left(block, at) == left


def test_without_a_review_day_nothing_lapses() -> None:
    (block,) = asked(with_veto(a_veto(review_by=None)), as_of=NOON + 999 * DAY)
    assert block.effect == BLOCK
    assert review_days_left(block, NOON) is None


def test_a_posthumous_veto_ends_where_an_estate_is_proven() -> None:
    veto = a_veto(kind="posthumous")
    proof = a_proof(kind="estate")
    assert asked(with_veto(veto, representations=(proof,))) == ()
    assert asked(with_veto(veto, representations=(a_proof(kind="agent"),))) != ()
    unproven = a_proof(kind="executor", verified_by=None)
    assert asked(with_veto(veto, representations=(unproven,))) != ()
    later = a_proof(kind="executor", starts_on=TODAY + DAY)
    assert asked(with_veto(veto, representations=(later,))) != ()
    assert asked(with_veto(a_veto(), representations=(proof,))) != ()


@pytest.mark.parametrize(
    ("exception", "let_through"),
    [
        pytest.param({"work": "nova-1"}, True, id="the work"),
        pytest.param({"work": "nova"}, True, id="the franchise it is in"),
        pytest.param({"studio": "studio-o"}, True, id="the studio"),
        pytest.param({"work": "nova-1", "studio": "studio-o"}, True, id="both"),
        pytest.param({"work": "nova-1", "studio": "studio-p"}, False, id="the work by another"),
        pytest.param({"work": "other", "studio": "studio-o"}, False, id="another work"),
        pytest.param({"studio": "studio-p"}, False, id="another studio"),
        pytest.param({}, False, id="what names nothing waives nothing"),
        pytest.param({"work": "nova-1", "starts_at": NOON + TICK}, False, id="not yet"),
        pytest.param({"work": "nova-1", "ends_at": NOON}, False, id="at its end it is over"),
        pytest.param({"work": "nova-1", "ends_at": NOON + TICK}, True, id="just before its end"),
    ],
)
def test_a_waiver_lets_through_what_it_names(exception: dict[str, Any], let_through: bool) -> None:
    values = {"work": None, "studio": None, "basis": "interim", "starts_at": NOON} | exception
    strike = a_veto(
        VetoScope(agreement=TVT, unit="performers"),
        kind="strike",
        exceptions=(VetoException(**values),),
    )
    edge = an_edge("nova", "nova-1", valid_from=NOON)
    assert (asked(with_veto(strike, edges=(edge,))) == ()) is let_through


def test_a_waiver_for_the_owner_does_not_cover_what_another_makes_of_the_work() -> None:
    waiver = VetoException(work=None, studio="studio-o", basis="interim", starts_at=NOON)
    strike = a_veto(VetoScope(studio="studio-o"), exceptions=(waiver,))
    assert asked(with_veto(strike), a_check(producer="vendor")) != ()


@pytest.mark.parametrize(
    ("at", "matches"),
    [
        pytest.param(NOON - TICK, False, id="before the pause"),
        pytest.param(NOON, True, id="from its start"),
        pytest.param(NOON + DAY - TICK, True, id="to just before its end"),
        pytest.param(NOON + DAY, False, id="not at its end"),
    ],
)
def test_a_performers_pause_in_time(at: datetime, matches: bool) -> None:
    pause = Suspension("susp-1", "ada", "grant-1", NOON, NOON + DAY)
    found = asked(Facts(suspensions=(pause,)), as_of=at)
    assert [(b.kind, b.effect, b.timing, b.grant_id) for b in found] == (
        [("suspension", BLOCK, "prospective", "grant-1")] if matches else []
    )


def test_a_pause_is_of_the_one_who_asked_for_it() -> None:
    pause = Suspension("susp-1", "ada", None, NOON)
    assert asked(Facts(suspensions=(pause,)), a_check(performer="bob")) == ()


@pytest.mark.parametrize(
    ("named", "matches"),
    [
        pytest.param({"performer_id": "ada"}, True, id="the performer"),
        pytest.param({"work_id": "nova"}, True, id="a work above"),
        pytest.param({"studio_id": "studio-o"}, True, id="the studio"),
        pytest.param({"performer_id": "ada", "studio_id": "studio-p"}, False, id="not the studio"),
        pytest.param({"performer_id": "bob"}, False, id="not the performer"),
        pytest.param({"work_id": "other"}, False, id="not the work"),
        pytest.param({"performer_id": "ada", "ends_at": NOON}, False, id="over"),
        pytest.param({"performer_id": "ada", "starts_at": NOON + TICK}, False, id="to come"),
    ],
)
def test_a_court_order_matches_what_it_names(named: dict[str, Any], matches: bool) -> None:
    values: dict[str, Any] = {"id": "order-1", "reference": "24-cv-1", "starts_at": NOON}
    order = CourtOrder(**(values | named))
    found = asked(Facts(court_orders=(order,), works=(a_work(),)))
    assert [(b.kind, b.timing, b.basis) for b in found] == (
        [("court_order", "full", "24-cv-1")] if matches else []
    )


@pytest.mark.parametrize(
    ("effect", "timing", "locked_at", "stopped"),
    [
        pytest.param("block", "prospective", None, True, id="not locked"),
        pytest.param("block", "prospective", NOON - TICK, False, id="locked just before"),
        pytest.param("block", "prospective", NOON, True, id="locked at that instant"),
        pytest.param("block", "prospective", NOON + TICK, True, id="locked just after"),
        pytest.param("block", "full", NOON - TICK, True, id="full reaches what is finished"),
        pytest.param("flag", "full", None, False, id="a flag stops nothing"),
    ],
)
def test_a_prospective_block_spares_what_was_locked_before_it(
    effect: str, timing: str, locked_at: datetime | None, stopped: bool
) -> None:
    block = Block(id="v-31", kind="policy", effect=effect, timing=timing, starts_at=NOON)
    assert stops(block, locked_at) is stopped


def test_a_block_on_record_for_later_is_ahead_and_not_in_force() -> None:
    later = with_veto(a_veto(VetoScope(work="nova"), starts_at=NOON + DAY))
    context: dict[str, Any] = {
        "ancestors": frozenset({"nova"}),
        "families": frozenset(),
        "unions": GUILD,
    }
    assert asked(later) == ()
    (ahead,) = blocks_ahead(later, a_check(), as_of=NOON + DAY - TICK, **context)
    assert ahead.id == "v-31"
    assert blocks_ahead(later, a_check(), as_of=NOON + DAY, **context) == ()


def test_blocks_come_strongest_first_and_in_no_order_of_their_own() -> None:
    order = CourtOrder("order-1", "24-cv-1", NOON, performer_id="ada")
    vetoes = (
        a_veto(id="v-3", effect="flag", starts_at=NOON - 9 * DAY),
        a_veto(id="v-2"),
        a_veto(id="v-1"),
        a_veto(id="v-0", starts_at=NOON - DAY),
    )
    found = asked(Facts(vetoes=vetoes, court_orders=(order,)))
    assert [b.id for b in found] == ["order-1", "v-0", "v-1", "v-2", "v-3"]
    assert asked(Facts(vetoes=vetoes[::-1], court_orders=(order,))) == found


@pytest.mark.parametrize(
    ("edges", "reached"),
    [
        pytest.param([("nova", "film", None, None)], True, id="below it all along"),
        pytest.param([("nova", "film", None, 0)], False, id="taken out the instant it starts"),
        pytest.param([("nova", "film", None, 1)], True, id="taken out after, it stays under"),
        pytest.param([("nova", "film", 5, None)], True, id="added later"),
        pytest.param([("nova", "film", 10, None)], True, id="added at the instant asked about"),
        pytest.param([("nova", "film", 11, None)], False, id="not added yet"),
        pytest.param(
            [("nova", "saga", None, 3), ("saga", "film", 5, None)],
            True,
            id="put below a work that was taken out too late",
        ),
        pytest.param(
            [("saga", "film", None, 3), ("nova", "saga", 5, None)],
            False,
            id="left before its parent came under",
        ),
        pytest.param(
            [("saga", "film", 4, 6), ("nova", "saga", 5, None), ("nova", "saga", 2, 3)],
            True,
            id="the earliest way in counts",
        ),
        pytest.param(
            [("nova", "a", None, None), ("a", "b", None, None), ("b", "a", None, None)],
            False,
            id="a circle ends",
        ),
        pytest.param([], False, id="no edge"),
    ],
)
def test_no_work_escapes_a_block_through_the_tree(
    edges: list[tuple[str, str, int | None, int | None]], reached: bool
) -> None:
    made = []
    for parent, child, opened, closed in edges:
        ends = {} if closed is None else {"valid_to": NOON + closed * DAY}
        starts = NOON + (-9 if opened is None else opened) * DAY
        made.append(an_edge(parent, child, valid_from=starts, **ends))
    assert under("nova", "film", made, since=NOON, until=NOON + 10 * DAY) is reached
    facts = with_veto(a_veto(VetoScope(work="nova")), edges=tuple(made))
    found = asked(facts, a_check(work="film"), ancestors=frozenset(), as_of=NOON + 10 * DAY)
    assert bool(found) is reached


SCOPES = st.builds(
    VetoScope,
    performer=st.sampled_from([None, "ada", "bob"]),
    work=st.sampled_from([None, "nova", "nova-1", "other"]),
    uses=st.sampled_from([(), ("stunt",), ("dub",)]),
    studio=st.sampled_from([None, "studio-o", "studio-p"]),
    agreement=st.sampled_from([None, TVT]),
    unit=st.sampled_from([None, "performers", "stunts"]),
    all_members=st.booleans(),
)


@given(scope=SCOPES, field=st.sampled_from(["performer", "work", "studio", "agreement"]))
def test_naming_less_never_reaches_less(scope: VetoScope, field: str) -> None:
    facts = {"memberships": (a_member(),)}
    narrow = asked(with_veto(a_veto(scope), **facts))
    values = {f: getattr(scope, f) for f in VetoScope.__slots__} | {field: None}
    wide = asked(with_veto(a_veto(VetoScope(**values)), **facts))
    assert {b.id for b in narrow} <= {b.id for b in wide}


@given(
    days=st.integers(-200, 200),
    review=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    kind=st.sampled_from(["policy", "strike", "posthumous", "grievance"]),
)
def test_time_only_ever_turns_a_block_into_a_flag(
    days: int, review: date | None, kind: str
) -> None:
    facts = with_veto(a_veto(kind=kind, review_by=review))
    earlier = asked(facts, as_of=NOON + days * DAY)
    later = asked(facts, as_of=NOON + (days + 1) * DAY)
    assert len(earlier) <= len(later)
    if earlier and earlier[0].effect == FLAG:
        assert later[0].effect == FLAG


OTHERS_MEMBER = (a_member(id="mem-2", union_id="league"),)


@pytest.mark.parametrize(
    ("facts", "reached"),
    [
        pytest.param({}, True, id="in no union"),
        pytest.param({"memberships": (a_member(),)}, True, id="in this union"),
        pytest.param({"memberships": OTHERS_MEMBER}, False, id="in the other one"),
        pytest.param({"memberships": (a_member(), *OTHERS_MEMBER)}, True, id="in both"),
        pytest.param(
            {"signatories": (a_signatory(union_id="league", confirmed_by="league"),)},
            False,
            id="the studio signed with the other one",
        ),
        pytest.param(
            {"signatories": (a_signatory(union_id="league"),)},
            True,
            id="the studio says so by itself",
        ),
        pytest.param(
            {
                "signatories": (
                    a_signatory(union_id="league", confirmed_by="league", disputed_by="guild"),
                )
            },
            True,
            id="somebody disputes that",
        ),
        pytest.param(
            {
                "engagements": (
                    an_engagement(union_id="league", confirmed_by="league"),
                    an_engagement(id="eng-2", agreement="house/radio", union_id="other"),
                )
            },
            False,
            id="the engagement is with the other one",
        ),
        pytest.param(
            {
                "signatories": (a_signatory(union_id="league", confirmed_by="league"),),
                "memberships": (a_member(),),
            },
            True,
            id="a member works under the other one's",
        ),
    ],
)
def test_of_two_unions_with_one_agreement_each_speaks_for_its_own(
    facts: dict[str, Any], reached: bool
) -> None:
    unions = (a_union(), a_union(id="league"))
    world = with_veto(
        a_veto(VetoScope(agreement=TVT, unit="performers"), kind="strike"), organizations=unions
    )
    world = replace(world, **({"signatories": (), "engagements": (), "memberships": ()} | facts))
    assert bool(asked(world, unions=frozenset({"guild", "league"}))) is reached
