"""A veto as it stood at an instant: emergencies, second officers, narrowing, renewal, appeals."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.rules.blocks import Block, blocks_at, stops, weighed
from app.rules.facts import Appeal, Facts, Narrowing, Organization, Renewal, Veto, VetoScope
from app.rules.refusals import FieldError, Refusal
from app.rules.veto_terms import (
    SECOND_HOURS,
    appeal_until,
    awaits_second,
    is_appealed,
    review_by_at,
    scope_at,
    second_due,
    since,
)
from app.rules.vetoes import (
    NARROWED,
    OVERRULED,
    UPHELD,
    Admitted,
    Rejected,
    Request,
    Ruling,
    admit,
    appealed,
    binds,
    effect_at,
    reminder_of,
    ruled,
    seconded,
)
from tests.support.made import (
    DAY,
    NOON,
    TICK,
    TODAY,
    TVT,
    a_check,
    a_member,
    a_signatory,
    a_studio,
    a_union,
    a_veto,
    a_work,
)

ALL = VetoScope(all_members=True)
LATE = NOON + timedelta(hours=SECOND_HOURS)
HASH = "5e" * 32


def an_emergency(**changes: Any) -> Veto:
    return a_veto(ALL, wide=True, emergency=True, **changes)


def block_of(veto: Veto, at: datetime) -> Block | None:
    facts = Facts(organizations=(a_union(),), memberships=(a_member(),), vetoes=(veto,))
    found = blocks_at(
        facts,
        a_check(),
        ancestors=frozenset(),
        families=frozenset({TVT}),
        unions=frozenset({"guild"}),
        as_of=at,
    )
    return found[0] if found else None


def effects(veto: Veto, *instants: datetime) -> list[str]:
    found = [block_of(veto, at) for at in instants]
    return ["none" if block is None else block.effect for block in found]


@pytest.mark.parametrize(
    ("seconded_at", "at", "effect"),
    [
        pytest.param(None, NOON, "block", id="at once"),
        pytest.param(None, LATE - TICK, "block", id="up to the last instant of the day"),
        pytest.param(None, LATE, "flag", id="a flag after exactly a day"),
        pytest.param(NOON + DAY / 2, LATE, "block", id="confirmed in time"),
        pytest.param(LATE - TICK, LATE, "block", id="confirmed at the last instant"),
        pytest.param(LATE + DAY, LATE + DAY - TICK, "flag", id="until the late second"),
        pytest.param(LATE + DAY, LATE + DAY, "block", id="from the late second on"),
    ],
)
def test_an_emergency_stops_for_a_day_without_its_second_officer(
    seconded_at: datetime | None, at: datetime, effect: str
) -> None:
    veto = an_emergency(seconded_at=seconded_at)
    assert effects(veto, at) == [effect]
    assert effect_at(veto, at) == effect
    assert awaits_second(veto, at) is (effect == "flag")


def test_what_was_locked_while_an_emergency_only_flagged_is_spared_by_a_late_second() -> None:
    in_time, late = an_emergency(seconded_at=NOON + DAY / 2), an_emergency(seconded_at=LATE + DAY)
    assert second_due(in_time) == LATE
    assert (since(in_time, LATE), since(late, LATE)) == (NOON, NOON)
    assert since(late, LATE + DAY) == LATE + DAY
    at_last = an_emergency(seconded_at=LATE)
    assert since(at_last, LATE) == LATE
    block = block_of(late, LATE + DAY)
    assert block is not None
    assert not stops(block, LATE + DAY / 2)
    assert stops(block, LATE + DAY)


def test_a_wide_one_that_is_no_emergency_flags_before_its_second_and_after_if_there_is_none() -> (
    None
):
    proposed = a_veto(ALL, wide=True, state="proposed")
    assert effects(proposed, NOON - TICK, NOON, NOON + 9 * DAY) == ["none", "flag", "flag"]
    done = seconded(proposed, proposed_by="usr-1", by="usr-2", at=NOON + DAY)
    assert isinstance(done, Veto)
    assert effects(done, NOON, NOON + DAY - TICK, NOON + DAY) == ["flag", "flag", "block"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"seconded_at": NOON}, "not_proposed", id="confirmed already"),
        pytest.param({"state": "lifted"}, "not_in_force", id="lifted meanwhile"),
    ],
)
def test_a_second_officer_comes_once_and_not_too_late(changes: dict[str, Any], code: str) -> None:
    found = seconded(an_emergency(**changes), proposed_by="usr-1", by="usr-2", at=NOON + DAY)
    assert isinstance(found, Refusal)
    assert found.code == code


def test_an_emergency_that_is_appealed_is_confirmed_all_the_same() -> None:
    veto = an_emergency(state="appealed")
    done = seconded(veto, proposed_by="usr-1", by="usr-2", at=NOON + DAY / 2)
    assert isinstance(done, Veto)
    assert done.state == "appealed"


def test_a_question_about_the_past_meets_the_scope_of_then() -> None:
    smaller = VetoScope(performer="ada", uses=("dub",))
    veto = a_veto(narrowings=(Narrowing(NOON + DAY, smaller),))
    assert scope_at(veto, NOON + DAY - TICK) == veto.scope
    assert scope_at(veto, NOON + DAY) == smaller
    assert effects(veto, NOON + DAY - TICK, NOON + DAY) == ["block", "none"]


def test_a_question_about_the_past_meets_the_review_day_of_then() -> None:
    veto = a_veto(review_by=TODAY, renewals=(Renewal(NOON + 3 * DAY, TODAY + 60 * DAY),))
    assert review_by_at(veto, NOON + 2 * DAY) == TODAY
    assert effects(veto, NOON, NOON + 2 * DAY, NOON + 3 * DAY) == ["block", "flag", "block"]
    assert since(veto, NOON + 2 * DAY) == NOON
    assert since(veto, NOON + 3 * DAY) == NOON + 3 * DAY


@pytest.mark.parametrize(
    ("changes", "at", "effect"),
    [
        pytest.param({}, NOON - TICK, "none", id="before it starts"),
        pytest.param({}, NOON, "block", id="from its start"),
        pytest.param({"effect": "flag"}, NOON, "flag", id="meant as a flag"),
        pytest.param({"review_by": TODAY}, NOON + DAY, "flag", id="lapsed"),
        pytest.param({"lifted_at": NOON + DAY}, NOON + DAY - TICK, "block", id="up to its end"),
        pytest.param({"lifted_at": NOON + DAY}, NOON + DAY, "none", id="from its end on"),
    ],
)
def test_what_a_veto_does_at_an_instant(changes: dict[str, Any], at: datetime, effect: str) -> None:
    assert effect_at(a_veto(**changes), at) == effect


def test_an_appeal_is_open_from_its_instant_to_that_of_its_decision() -> None:
    appeal = Appeal("a-1", "studio-o", NOON + DAY, decided_at=NOON + 2 * DAY, outcome=UPHELD)
    veto = a_veto(appeals=(appeal,))
    found = [is_appealed(veto, NOON + days) for days in (DAY - TICK, DAY, 2 * DAY - TICK, 2 * DAY)]
    assert found == [False, True, True, False]
    open_ = a_veto(appeals=(replace(appeal, decided_at=None),))
    assert is_appealed(open_, NOON + 9 * DAY)
    assert is_appealed(a_veto(state="appealed"), NOON)


@pytest.mark.parametrize(
    ("changes", "at", "code"),
    [
        pytest.param({}, NOON, None, id="at once"),
        pytest.param({}, datetime.fromisoformat("2026-12-04T23:59:59Z"), None, id="last second"),
        pytest.param({}, datetime.fromisoformat("2026-12-05T00:00:00Z"), "too_late", id="too late"),
        pytest.param({"state": "proposed"}, NOON, "not_appealable", id="only proposed"),
        pytest.param({"state": "lifted"}, NOON, "not_appealable", id="over"),
        pytest.param(
            {"wide": True, "emergency": True}, LATE, "not_appealable", id="nothing to appeal now"
        ),
        pytest.param(
            {"state": "appealed", "appeals": (Appeal("a-1", "ada", NOON),)},
            NOON + DAY,
            None,
            id="by another",
        ),
        pytest.param(
            {"state": "appealed", "appeals": (Appeal("a-1", "studio-o", NOON),)},
            NOON + DAY,
            "appealed_before",
            id="twice",
        ),
    ],
)
def test_who_is_stopped_appeals_once_within_fourteen_days(
    changes: dict[str, Any], at: datetime, code: str | None
) -> None:
    veto = a_veto(**changes)
    found = appealed(veto, id_="a-9", by="studio-o", at=at)
    if code is None:
        assert isinstance(found, Veto)
        assert (found.state, found.appeals[-1]) == ("appealed", Appeal("a-9", "studio-o", at))
        assert effects(found, at) == ["block"]
    else:
        assert isinstance(found, Refusal)
        assert found.code == code


def test_the_time_to_appeal_runs_anew_where_a_veto_starts_anew() -> None:
    veto = a_veto(ALL, wide=True, seconded_at=NOON + 5 * DAY)
    assert appeal_until(veto, NOON + 5 * DAY).date() == TODAY + 20 * DAY


CONTESTED = a_veto(
    VetoScope(work="nova"),
    state="appealed",
    appeals=(
        Appeal("a-1", "studio-o", NOON, decided_at=NOON + DAY, outcome=UPHELD),
        Appeal("a-2", "ada", NOON + DAY),
    ),
)


def a_ruling(outcome: str = UPHELD, **changes: Any) -> Ruling:
    return Ruling(**({"outcome": outcome, "document_hash": HASH, "recorded_by": "usr-9"} | changes))


def decided(ruling: Ruling, veto: Veto = CONTESTED) -> Veto | Refusal | FieldError:
    below = frozenset({"nova-1"})
    return ruled(veto, ruling, appeal_to="org-third", descendants=below, at=NOON + 3 * DAY)


def test_an_appeal_that_is_upheld_leaves_the_veto_in_force() -> None:
    found = decided(a_ruling(decided_by="org-third"))
    assert isinstance(found, Veto)
    assert found.state == "in_force"
    assert found.appeals[0] == CONTESTED.appeals[0]
    assert found.appeals[1] == replace(
        CONTESTED.appeals[1],
        decided_at=NOON + 3 * DAY,
        outcome=UPHELD,
        decided_by="org-third",
        document_hash=HASH,
        recorded_by="usr-9",
    )


@pytest.mark.parametrize(
    ("starts_at", "ends"),
    [
        pytest.param(None, NOON + 3 * DAY, id="from now on"),
        pytest.param(NOON, NOON, id="from its start: it never stopped anything"),
        pytest.param(NOON + 9 * DAY, NOON + 9 * DAY, id="from a later day"),
    ],
)
def test_an_award_says_from_when_a_veto_stops_nothing(
    starts_at: datetime | None, ends: datetime
) -> None:
    found = decided(a_ruling(OVERRULED, starts_at=starts_at))
    assert isinstance(found, Veto)
    assert (found.state, found.lifted_at) == ("overruled", ends)
    assert effect_at(found, ends) == "none"
    assert ends == NOON or effect_at(found, ends - TICK) == "block"


def test_an_award_narrows_within_the_scope_alone() -> None:
    found = decided(a_ruling(NARROWED, scope=VetoScope(work="nova-1")))
    assert isinstance(found, Veto)
    assert scope_at(found, NOON + 3 * DAY) == VetoScope(work="nova-1")
    wider = decided(a_ruling(NARROWED, scope=VetoScope(studio="studio-o")))
    assert isinstance(wider, Refusal)
    assert wider.code == "not_narrower"


@pytest.mark.parametrize(
    ("ruling", "wrong"),
    [
        pytest.param(a_ruling(decided_by="org-else"), "not_the_third_party", id="another party"),
        pytest.param(a_ruling(starts_at=NOON), "/starts_at", id="upheld from some day"),
        pytest.param(a_ruling(NARROWED, starts_at=NOON), "/starts_at", id="narrowed from some day"),
        pytest.param(a_ruling(OVERRULED, starts_at=NOON - TICK), "/starts_at", id="before it was"),
        pytest.param(a_ruling(NARROWED), "/scope", id="narrowed to nothing said"),
        pytest.param(a_ruling(scope=ALL), "/scope", id="upheld with a scope"),
    ],
)
def test_an_award_that_does_not_fit_is_refused_by_name(ruling: Ruling, wrong: str) -> None:
    found = decided(ruling)
    assert isinstance(found, (Refusal, FieldError))
    assert wrong == (found.code if isinstance(found, Refusal) else found.pointer)


def test_what_nobody_appealed_is_not_ruled_on() -> None:
    found = decided(a_ruling(), a_veto())
    assert isinstance(found, Refusal)
    assert found.code == "not_appealed"


@pytest.mark.parametrize(
    ("changes", "days", "left"),
    [
        pytest.param({}, 15, None, id="fifteen days"),
        pytest.param({}, 14, 14, id="fourteen"),
        pytest.param({}, 8, 14, id="eight"),
        pytest.param({}, 7, 7, id="seven"),
        pytest.param({}, 1, 1, id="one"),
        pytest.param({}, 0, 1, id="the day itself"),
        pytest.param({}, -1, 0, id="over"),
        pytest.param({"state": "lifted"}, 1, None, id="lifted"),
        pytest.param({"kind": "strike"}, 7, 7, id="a strike too"),
        pytest.param({"kind": "strike", "review_by": None}, 7, None, id="no day to look again"),
    ],
)
def test_a_review_is_announced_at_fourteen_seven_and_one_days(
    changes: dict[str, Any], days: int, left: int | None
) -> None:
    veto = a_veto(**({"review_by": TODAY + 40 * DAY} | changes))
    assert reminder_of(veto, NOON + (40 - days) * DAY) == left


def organization(accepted_on: date | None) -> Organization:
    return a_studio(registry_rules_accepted_on=accepted_on)


@pytest.mark.parametrize(
    ("basis", "accepted_on", "studios", "bound"),
    [
        pytest.param("TT-32", None, ("studio-o",), True, id="a rule that binds"),
        pytest.param("TT-99", TODAY, ("studio-o",), False, id="a rule that does not"),
        pytest.param("RG-03", TODAY, ("studio-o",), True, id="accepted that day"),
        pytest.param("RG-03", TODAY + DAY, ("studio-o",), False, id="accepted the day after"),
        pytest.param("RG-03", None, ("studio-o",), False, id="never accepted"),
        pytest.param("RG-03", TODAY, (), False, id="nobody to have accepted"),
        pytest.param("RG-03", TODAY, ("studio-o", "studio-p"), False, id="one of two"),
    ],
)
def test_what_a_veto_rests_on_binds_a_studio_or_does_not(
    basis: str, accepted_on: date | None, studios: tuple[str, ...], bound: bool
) -> None:
    found = binds(
        basis,
        rules=frozenset({"TT-32"}),
        studios=studios,
        organizations=(organization(accepted_on),),
        on=TODAY,
    )
    assert found is bound


def test_a_wide_veto_only_flags_whom_its_basis_does_not_bind() -> None:
    wide = block_of(a_veto(ALL, wide=True, seconded_at=NOON), NOON)
    narrow, strike = block_of(a_veto(), NOON), block_of(a_veto(kind="strike", wide=True), NOON)
    assert wide is not None
    assert narrow is not None
    assert strike is not None
    (flag,) = weighed((wide,), lambda _: False)
    assert (flag.effect, flag.unbound) == ("flag", True)
    assert weighed((wide,), lambda _: True) == (wide,)
    assert weighed((narrow,), lambda _: False) == (narrow,)
    assert weighed((strike,), lambda _: False) == (strike,)


WORLD = Facts(
    organizations=(a_union(), a_studio(registry_rules_accepted_on=TODAY)),
    signatories=(a_signatory(),),
    memberships=(a_member(),),
    works=(a_work(), a_work("nova", kind="franchise")),
)


def judged(scope: VetoScope, **changes: Any) -> Admitted | Rejected:
    values = {"kind": "grievance", "basis": "article 12", "authority": "a", "reason": "r"} | changes
    request = Request(scope=scope, **values)
    return admit(
        request,
        WORLD,
        union_id="guild",
        binding_rules=frozenset({"TT-32"}),
        units=(),
        as_of=NOON,
    )


@pytest.mark.parametrize(
    ("scope", "basis", "because"),
    [
        pytest.param(VetoScope(work="nova"), "article 12", "basis_not_binding", id="a franchise"),
        pytest.param(VetoScope(work="nova"), "TT-32", None, id="on a rule that binds"),
        pytest.param(VetoScope(work="nova"), "RG-03", None, id="on rules that the owner accepted"),
        pytest.param(ALL, "article 12", None, id="all members: each studio for itself"),
        pytest.param(VetoScope(work="nova-1"), "article 12", None, id="a narrow grievance"),
    ],
)
def test_any_wide_veto_has_to_rest_on_what_binds(
    scope: VetoScope, basis: str, because: str | None
) -> None:
    found = judged(scope, basis=basis)
    assert isinstance(found, Admitted)
    assert found.flagged_because == because


def test_an_emergency_is_wide_and_starts_now() -> None:
    found = judged(ALL, emergency=True)
    assert isinstance(found, Admitted)
    assert (found.state, found.wide) == ("in_force", True)
    narrow = judged(VetoScope(work="nova-1"), emergency=True, starts_at=NOON + DAY)
    assert isinstance(narrow, Rejected)
    assert [e.pointer for e in narrow.errors] == ["/emergency", "/starts_at"]
