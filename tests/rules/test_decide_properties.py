"""What holds of every decision, whatever the world."""

import re
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.decide import Decision, decide
from app.rules.facts import (
    Check,
    CourtOrder,
    Exclusion,
    Exemption,
    Facts,
    Grant,
    Suspension,
    UseDescription,
    Veto,
    VetoScope,
)
from app.rules.uses import CONTENT_TAGS, USES
from tests.rules.worlds import BACKGROUND, ESTIMATE, NOON, Patch, facts, grant, packs

# A machine under load is slow, and that says nothing about a rule.
few = settings(max_examples=60, deadline=None)

ALLOWED = {"allow", "allow_with_obligations"}
TAGS = st.sampled_from(CONTENT_TAGS)
MAYBE_TAGS = st.none() | st.lists(TAGS, max_size=3, unique=True)
CROSSOVER = {
    "parent": "other",
    "child": "nova-1",
    "relation": "part_of",
    "valid_from": "2026-05-04T09:00:00Z",
}
WORKS = ("nova", "nova-1", "nova-s", "nova-s-5", "other")


@st.composite
def grants(draw: st.DrawFn) -> Patch:
    """Some consent of performer A."""
    days = st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-22"])
    modes = ["single_work", "enumerated_works", "franchise_umbrella", "franchise_blanket"]
    money = {"amount": draw(st.sampled_from(["1.00", "1283.00", "9000.00"])), "currency": "USD"}
    return grant(
        state=draw(
            st.sampled_from(["active", "active", "active", "offered", "revoked", "declined"])
        ),
        scope={
            "mode": draw(st.sampled_from(modes)),
            "membership": draw(st.sampled_from(["frozen_at_grant", "announced_list", "dynamic"])),
            "works": draw(st.lists(st.sampled_from(WORKS), min_size=1, max_size=2, unique=True)),
            "uses": draw(st.lists(st.sampled_from(USES), min_size=1, max_size=13, unique=True)),
            "training": draw(st.booleans()),
            "ends_on": draw(st.none() | days),
            "max_uses": draw(st.none() | st.integers(0, 3)),
            "media": draw(st.none() | st.just(["theatrical"])),
        },
        shown_works=draw(st.lists(st.sampled_from(WORKS), unique=True)),
        description={"text": draw(st.sampled_from(["", "Stunts."])), "tags": draw(MAYBE_TAGS)},
        pay={
            "kind": draw(st.sampled_from(["days_x_rate", "bargained_flat", "per_day"])),
            "amount": money,
        },
        form={"separate_sign": draw(st.sampled_from(["none", "initial", "separate_document"]))},
        posthumous=draw(st.sampled_from(["unstated", "survives", "life_only"])),
        exclusions=draw(
            st.lists(st.builds(lambda t: {"axis": "tag", "value": t}, TAGS), max_size=1)
        ),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Facts:
    """The fixture with a few grants, and a death or an estimate or neither."""
    given_ = {f"g{n}": g for n, g in enumerate(draw(st.lists(grants(), max_size=3)))}
    kept = {} if draw(st.booleans()) else {"a-nova-1": None}
    died = {"performers": {"performer-a": {"died_on": draw(st.none() | st.just("2026-10-30"))}}}
    estimate = ESTIMATE if draw(st.booleans()) else {}
    return facts({"grants": {**kept, **given_}}, died, estimate)


@st.composite
def checks(draw: st.DrawFn) -> Check:
    """Some question about performer A."""
    tags = draw(MAYBE_TAGS)
    return Check(
        work=draw(st.sampled_from(WORKS)),
        use=draw(st.sampled_from([u for u in USES if u != "synthetic"])),
        performer="performer-a",
        producer="studio-o",
        media=draw(st.none() | st.just(("theatrical",)) | st.just(("game",))),
        description=UseDescription(tags=None if tags is None else tuple(tags), scenes=("45",)),
    )


CLAIMS = ("as_scripted", "safety", "unrecognisable")
AMOUNTS = st.sampled_from(["50.00", "1283.00", "9000.00"])


@st.composite
def paid(draw: st.DrawFn) -> Patch:
    """A yes that covers stunts and crowds in the first film, sound or not, at some pay."""
    kind = draw(st.sampled_from(["days_x_rate", "bargained_flat", "per_day", "per_use", "none"]))
    amount = None if kind in {"days_x_rate", "none"} else {"amount": draw(AMOUNTS)}
    return grant(
        scope={
            "mode": draw(st.sampled_from(["single_work", "franchise_umbrella"])),
            "membership": "dynamic",
            "works": [draw(st.sampled_from(["nova", "nova-1"])), "other"],
            "uses": ["stunt", "crowd"],
            "media": draw(st.none() | st.just(["theatrical"])),
        },
        pay={"kind": kind, "amount": amount and {**amount, "currency": "USD"}},
        form={"separate_sign": draw(st.sampled_from(["none", "initial", "separate_document"]))},
        signature={"disputed_at": draw(st.none() | st.just("2026-11-01T00:00:00Z"))},
    )


@st.composite
def crowded(draw: st.DrawFn) -> tuple[Facts, Check]:
    """Two yeses that both cover a use which may need neither, in a world that may lack a count."""
    kind = draw(st.sampled_from(CLAIMS))
    attested = {
        "kind": kind,
        "at": "2026-11-01T00:00:00Z",
        "performer_id": draw(st.none() | st.just("performer-a")),
    }
    day = {"work_id": "nova-1", "day": "2026-11-21"}
    world = facts(
        {"grants": {"a-nova-1": None, "g0": draw(paid()), "g1": draw(paid())}},
        {"attestations": {"x": attested}},
        {"work_days": {"d": {**day, "required_background": 5, "human_background": 5}}},
        BACKGROUND if draw(st.booleans()) else {},
        {"replicas": {"r": {"performer_id": "performer-a", "origin_work_id": "other"}}},
        {"edges": {"e": {"disputed_by": draw(st.none() | st.just("guild")), **CROSSOVER}}},
        ESTIMATE if draw(st.booleans()) else {},
    )
    question = Check(
        work="nova-1",
        use=draw(st.sampled_from(["stunt", "crowd"])),
        performer="performer-a",
        producer="studio-o",
        replica=draw(st.none() | st.just("r")),
        shot="sc045_010",
        media=draw(st.none() | st.just(("theatrical",))),
        exemptions=(Exemption(kind),) if draw(st.booleans()) else (),
        description=UseDescription(tags=(), scenes=("45",)),
    )
    return world, question


def ask(question: Check, world: Facts) -> Decision:
    return decide(question, world, packs(), as_of=NOON)


def stopped(world: Facts, how: str) -> Facts:
    """The world with one more thing in it that stops something."""
    since = NOON - timedelta(days=1)
    if how == "veto":
        scope = VetoScope(all_members=True)
        veto = Veto("v", "guild", "policy", "RG-03", "board", scope, "block", "full", since)
        return replace(world, vetoes=(replace(veto, review_by=NOON.date() + timedelta(days=9)),))
    if how == "order":
        order = CourtOrder("c", "26-1", since, performer_id="performer-a")
        return replace(world, court_orders=(order,))
    if how == "pause":
        return replace(world, suspensions=(Suspension("s", "performer-a", None, since),))
    return replace(world, grants=tuple(_ended(g, how) for g in world.grants))


def _ended(found: Grant, how: str) -> Grant:
    if how == "revocation":
        return replace(found, revoked_from=NOON)
    if how == "expiry":
        return replace(found, scope=replace(found.scope, ends_on=NOON.date() - timedelta(days=1)))
    return replace(found, exclusions=(*found.exclusions, Exclusion("work", "nova-1")))


ENDS = ("revocation", "expiry", "pause", "exclusion")
STOPS = ("veto", "order", "pause", "revocation", "expiry", "exclusion")


@few
@given(worlds(), checks(), st.sampled_from(STOPS))
def test_nothing_that_stops_turns_another_answer_into_a_yes(
    world: Facts, question: Check, how: str
) -> None:
    if ask(question, world).outcome not in ALLOWED:
        assert ask(question, stopped(world, how)).outcome not in ALLOWED


@few
@given(worlds(), checks(), st.integers(0, 2), st.sampled_from(["revocation", "expiry"]))
def test_one_grant_that_ends_never_helps(
    world: Facts, question: Check, number: int, how: str
) -> None:
    ended = tuple(_ended(g, how) if n == number else g for n, g in enumerate(world.grants))
    if ask(question, world).outcome not in ALLOWED:
        assert ask(question, replace(world, grants=ended)).outcome not in ALLOWED


@settings(max_examples=150, deadline=None)
@given(crowded(), st.sampled_from(["g0", "g1"]), st.sampled_from(ENDS))
def test_of_two_that_cover_a_use_neither_helps_by_ending(
    asked: tuple[Facts, Check], which: str, how: str
) -> None:
    world, question = asked
    if ask(question, world).outcome in ALLOWED:
        return
    if how == "pause":
        pause = Suspension("s", "performer-a", which, NOON - timedelta(days=1))
        ended = replace(world, suspensions=(pause,))
    else:
        grants_ = tuple(_ended(g, how) if g.id == which else g for g in world.grants)
        ended = replace(world, grants=grants_)
    assert ask(question, ended).outcome not in ALLOWED


@few
@given(crowded())
def test_what_is_denied_is_not_owed(asked: tuple[Facts, Check]) -> None:
    world, question = asked
    decision = ask(question, world)
    if decision.outcome == "deny":
        assert decision.amounts is None
        assert set(decision.owed_later) <= {"O_NOTIFY"}


@few
@given(worlds(), checks(), st.randoms(use_true_random=False))
def test_the_order_of_facts_is_irrelevant_and_a_replay_is_equal(
    world: Facts, question: Check, random: Random
) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    names = (
        "grants",
        "works",
        "edges",
        "attestations",
        "memberships",
        "estimates",
        "organizations",
    )
    other = replace(world, **{name: shuffled(getattr(world, name)) for name in names})
    assert ask(question, other).wire() == ask(question, world).wire()
    assert ask(question, world).wire() == ask(question, world).wire()


@few
@given(worlds(), checks())
def test_whatever_is_no_yes_names_a_reason_and_a_way_on(world: Facts, question: Check) -> None:
    decision = ask(question, world)
    assert "D_RULE_ERROR" not in decision.codes
    if decision.outcome not in ALLOWED:
        blocking = [r for r in decision.reasons if r.outcome in {"deny", "needs_action"}]
        assert blocking
        assert all(r.unblock or r.code == "D_MINOR_SEXUAL" for r in blocking)


@few
@given(worlds(), checks())
def test_no_amount_is_below_the_floor(world: Facts, question: Check) -> None:
    decision = ask(question, world)
    floored = {"TT-15", "TT-21", "TT-28"}
    for line in decision.amounts.lines if decision.amounts else ():
        if line.source.rule in floored and line.days != 0:
            assert line.amount.minor >= 128_300 * (line.days or 1)


_CODE = re.compile(r"\b[DAOWE]_[A-Z]|None|\b(?:nova-|studio-o|performer-|g\d\b|TT-|RG-)|_|\{|\}")


@settings(max_examples=150, deadline=None)
@given(worlds(), checks(), st.sampled_from((*STOPS, "")))
def test_sentences_name_no_code_no_id_and_nothing_unknown(
    world: Facts, question: Check, how: str
) -> None:
    for reason in ask(question, stopped(world, how) if how else world).reasons:
        assert not _CODE.search(reason.sentence), reason.sentence
        assert reason.sentence.rstrip().endswith((".", "'.")), reason.sentence


@few
@given(worlds(), checks())
def test_the_wire_form_holds_no_float_and_no_null(world: Facts, question: Check) -> None:
    def walk(value: object) -> None:
        assert type(value) in {str, int, bool, list, dict}, value
        if isinstance(value, dict):
            for name, inner in value.items():
                assert type(name) is str
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(ask(question, world).wire())
