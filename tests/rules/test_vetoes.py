"""What a veto must say, who may say it, and what becomes of it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from app.rules.blocks import blocks_at
from app.rules.facts import CourtOrder, Facts, Veto, VetoException, VetoScope
from app.rules.refusals import FieldError, Refusal
from app.rules.standing import families_of, standing_unions
from app.rules.veto_terms import appeal_until, awaits_second, review_by_at, scope_at, since
from app.rules.vetoes import (
    KINDS,
    STATES,
    TRANSITIONS,
    Admitted,
    Rejected,
    Request,
    admit,
    excepted,
    head_of,
    head_of_order,
    is_wide,
    lifted,
    move,
    narrowed,
    renewed,
    seconded,
    unit_errors,
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
    a_studio,
    a_union,
    a_veto,
    a_work,
    an_engagement,
)

ADA = VetoScope(performer="ada")
UNITS = ("performers", "background")
WORLD = Facts(
    organizations=(a_union(), a_studio(registry_rules_accepted_on=date(2026, 1, 1))),
    signatories=(a_signatory(),),
    performers=(a_performer(),),
    memberships=(a_member(),),
    works=(a_work(), a_work("nova", kind="franchise"), a_work("far", owner_id="studio-p")),
)


def a_request(scope: VetoScope = ADA, **changes: Any) -> Request:
    values: dict[str, Any] = {
        "kind": "policy",
        "basis": "TT-32",
        "authority": "National board",
        "scope": scope,
        "reason": "No answer to two requests.",
        "review_by": TODAY + 90 * DAY,
    }
    return Request(**(values | changes))


def judged(
    request: Request, facts: Facts = WORLD, *, union_id: str = "guild", as_of: datetime = NOON
) -> Admitted | Rejected:
    rules = frozenset({"TT-32"})
    return admit(request, facts, union_id=union_id, binding_rules=rules, units=UNITS, as_of=as_of)


def errors(request: Request) -> list[tuple[str, str]]:
    found = judged(request)
    return [(e.pointer, e.code) for e in found.errors] if isinstance(found, Rejected) else []


def refusals(found: Admitted | Rejected) -> list[str]:
    assert isinstance(found, Rejected), found
    assert found.errors == ()
    assert all(r.sentence.endswith(".") for r in found.refusals)
    return [r.code for r in found.refusals]


def test_a_narrow_veto_with_standing_is_in_force_at_once() -> None:
    found = judged(a_request())
    assert isinstance(found, Admitted)
    assert (found.state, found.effect, found.starts_at) == ("in_force", "block", NOON)
    assert (found.review_by, found.head) == (TODAY + 90 * DAY, ("performer", "ada"))
    assert found.flagged_because is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"basis": " "}, ("/basis", "required"), id="no legal basis"),
        pytest.param({"review_by": None}, ("/review_by", "required"), id="no review date"),
        pytest.param({"authority": ""}, ("/authority", "required"), id="nobody's authority"),
        pytest.param({"reason": ""}, ("/reason", "required"), id="no reason"),
        pytest.param({"kind": "hold"}, ("/kind", "unknown"), id="no such kind"),
        pytest.param({"effect": "ban"}, ("/effect", "unknown"), id="no such effect"),
        pytest.param({"timing": "past"}, ("/timing", "unknown"), id="no such timing"),
        pytest.param(
            {"starts_at": NOON - TICK}, ("/starts_at", "out-of-range"), id="starts before now"
        ),
        pytest.param(
            {"review_by": TODAY}, ("/review_by", "out-of-range"), id="reviewed the day it starts"
        ),
        pytest.param(
            {"review_by": TODAY + 91 * DAY}, ("/review_by", "out-of-range"), id="in 91 days"
        ),
        pytest.param({"scope": VetoScope()}, ("/scope", "required"), id="names nothing"),
        pytest.param(
            {"scope": VetoScope(uses=("stunt",))}, ("/scope", "required"), id="names only uses"
        ),
        pytest.param(
            {"scope": replace(ADA, uses=("stunt", "hold"))},
            ("/scope/uses/1", "unknown"),
            id="no such use",
        ),
        pytest.param(
            {"scope": replace(ADA, unit="stunts")},
            ("/scope/agreement", "required"),
            id="a unit of no agreement",
        ),
        pytest.param(
            {"kind": "strike", "scope": VetoScope(agreement=TVT)},
            ("/scope/unit", "required"),
            id="a strike of no unit",
        ),
        pytest.param(
            {"kind": "posthumous", "scope": VetoScope(work="nova-1")},
            ("/scope/performer", "required"),
            id="a posthumous veto for nobody",
        ),
    ],
)
def test_a_veto_that_does_not_say_enough_is_refused_by_field(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert errors(a_request(**changes)) == [expected]


def test_a_unit_is_one_of_those_that_the_agreement_knows() -> None:
    scope = VetoScope(agreement=TVT, unit="stunts")
    found = judged(a_request(scope, kind="strike"))
    assert isinstance(found, Rejected)
    (error,) = found.errors
    assert (error.pointer, error.code) == ("/scope/unit", "unknown")
    assert error.detail.endswith("its units are performers, background")


def test_a_unit_that_the_agreement_knows_is_none_to_complain_of() -> None:
    assert [*unit_errors(VetoScope(agreement=TVT, unit="background"), UNITS)] == []


def test_a_unit_of_an_agreement_without_units_on_file_is_refused() -> None:
    (error,) = unit_errors(VetoScope(agreement="guild/radio", unit="performers"), ())
    assert error.detail == "no units of `guild/radio` are on file here"


def test_a_strike_names_agreement_and_unit() -> None:
    assert errors(a_request(ADA, kind="strike")) == [
        ("/scope/agreement", "required"),
        ("/scope/unit", "required"),
    ]


@pytest.mark.parametrize(
    ("changes", "review_by"),
    [
        pytest.param({"review_by": TODAY + DAY}, TODAY + DAY, id="the day after"),
        pytest.param({"review_by": TODAY + 90 * DAY}, TODAY + 90 * DAY, id="in 90 days"),
        pytest.param(
            {"starts_at": NOON + DAY, "review_by": TODAY + 91 * DAY},
            TODAY + 91 * DAY,
            id="90 days are counted from the start",
        ),
        pytest.param(
            {"kind": "grievance", "review_by": None}, TODAY + 90 * DAY, id="others get 90 days"
        ),
        pytest.param(
            {"kind": "grievance", "review_by": TODAY + 900 * DAY},
            TODAY + 900 * DAY,
            id="or as many as they say",
        ),
    ],
)
def test_every_veto_is_looked_at_again(changes: dict[str, Any], review_by: date) -> None:
    found = judged(a_request(**changes))
    assert isinstance(found, Admitted)
    assert found.review_by == review_by


NOBODY = replace(WORLD, memberships=())


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        pytest.param(NOBODY, "no_membership", id="no member"),
        pytest.param(
            replace(WORLD, memberships=(a_member(union_id="other"),)),
            "other_union",
            id="officer of another union",
        ),
        pytest.param(
            replace(WORLD, memberships=(a_member(ends_on=TODAY - DAY),)),
            "former_member",
            id="former member",
        ),
        pytest.param(
            replace(WORLD, memberships=(a_member(confirmed_by=None),)),
            "membership_unconfirmed",
            id="unconfirmed membership",
        ),
        pytest.param(
            replace(WORLD, memberships=(a_member(disputed_by="ada"),)),
            "membership_disputed",
            id="disputed membership",
        ),
        pytest.param(
            replace(NOBODY, engagements=(an_engagement(),)),
            "agreement_without_membership",
            id="agreement without membership",
        ),
        pytest.param(
            replace(NOBODY, engagements=(an_engagement(agreement=None, union_id="guild"),)),
            "agreement_without_membership",
            id="engaged under the union's name, and no member",
        ),
        pytest.param(
            replace(WORLD, memberships=(a_member(starts_on=TODAY + DAY),)),
            "no_membership",
            id="a member from tomorrow",
        ),
    ],
)
def test_who_has_no_standing_over_a_person_is_told_why(facts: Facts, refused: str) -> None:
    assert refusals(judged(a_request(), facts)) == [refused]


@pytest.mark.parametrize(
    ("scope", "facts"),
    [
        pytest.param(ADA, replace(WORLD, memberships=(a_member(ends_on=TODAY),)), id="last day"),
        pytest.param(
            replace(ADA, work="nova-1"),
            replace(NOBODY, engagements=(an_engagement(),), signatories=()),
            id="an engagement under the agreement, and its work named",
        ),
        pytest.param(
            replace(ADA, studio="studio-o"),
            replace(NOBODY, engagements=(an_engagement(),), signatories=()),
            id="an engagement under the agreement, and its studio named",
        ),
        pytest.param(
            replace(ADA, studio="studio-o", work="nova-1"),
            replace(NOBODY, engagements=(an_engagement(),), signatories=()),
            id="and both named",
        ),
        pytest.param(
            replace(ADA, agreement=TVT),
            replace(NOBODY, engagements=(an_engagement(),)),
            id="an engagement under the agreement, and the agreement named",
        ),
        pytest.param(replace(ADA, work="nova-1"), NOBODY, id="a work of a signatory"),
        pytest.param(replace(ADA, studio="studio-o"), NOBODY, id="a signatory"),
        pytest.param(replace(ADA, work="far"), WORLD, id="a member, in any work"),
        pytest.param(VetoScope(work="nova-1"), NOBODY, id="the work of a signatory"),
        pytest.param(
            VetoScope(work="far"),
            replace(WORLD, works=(a_work("far", owner_id=None, agreement=TVT),)),
            id="a work stated to be under the agreement",
        ),
        pytest.param(
            VetoScope(work="far"),
            replace(WORLD, engagements=(an_engagement(work_id="far"),)),
            id="a work with an engagement under the agreement",
        ),
        pytest.param(VetoScope(studio="studio-o"), NOBODY, id="the studio, a signatory"),
        pytest.param(VetoScope(agreement=TVT), NOBODY, id="an agreement of the union"),
        pytest.param(
            VetoScope(work="far", all_members=True), WORLD, id="its own members, wherever they are"
        ),
    ],
)
def test_standing_by_membership_or_by_an_agreement(scope: VetoScope, facts: Facts) -> None:
    assert isinstance(judged(a_request(scope), facts), Admitted)


@pytest.mark.parametrize(
    ("scope", "facts", "refused"),
    [
        pytest.param(VetoScope(work="far"), WORLD, ["foreign_work"], id="a foreign work"),
        pytest.param(
            VetoScope(work="nova-1"),
            replace(WORLD, signatories=(a_signatory(ends_on=TODAY - DAY),)),
            ["foreign_work"],
            id="of a former signatory",
        ),
        pytest.param(VetoScope(studio="studio-p"), WORLD, ["foreign_studio"], id="a stranger"),
        pytest.param(
            VetoScope(agreement="equity/film"),
            WORLD,
            ["foreign_agreement"],
            id="another union's agreement",
        ),
        pytest.param(
            VetoScope(studio="studio-p", work="far", agreement="equity/film"),
            WORLD,
            ["foreign_agreement", "foreign_studio", "foreign_work"],
            id="every lack is named",
        ),
        pytest.param(
            replace(ADA, work="far"), NOBODY, ["no_membership"], id="no member in a foreign work"
        ),
        pytest.param(
            replace(ADA, agreement=TVT), NOBODY, ["no_membership"], id="never worked under it"
        ),
        pytest.param(
            replace(ADA, work="far", studio="studio-o"),
            replace(NOBODY, engagements=(an_engagement(),), signatories=()),
            ["agreement_without_membership"],
            id="the studio's, in a work that it is not",
        ),
    ],
)
def test_no_standing_over_works_studios_and_agreements_of_others(
    scope: VetoScope, facts: Facts, refused: list[str]
) -> None:
    assert refusals(judged(a_request(scope), facts)) == refused


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        pytest.param(WORLD, ["not_deceased"], id="alive"),
        pytest.param(
            replace(WORLD, performers=(a_performer(died_on=TODAY + DAY),)),
            ["not_deceased"],
            id="not dead on that day",
        ),
        pytest.param(
            replace(WORLD, performers=()), ["not_deceased"], id="nothing is known of a death"
        ),
        pytest.param(
            replace(
                WORLD,
                performers=(a_performer(died_on=TODAY),),
                representations=(a_proof(kind="executor"),),
            ),
            ["estate_proven"],
            id="an executor answers",
        ),
    ],
)
def test_a_posthumous_veto_is_for_the_dead_without_an_estate(
    facts: Facts, refused: list[str]
) -> None:
    assert refusals(judged(a_request(kind="posthumous"), facts)) == refused


def test_the_union_of_the_dead_keeps_standing_though_the_membership_ended_with_them() -> None:
    facts = replace(
        WORLD,
        performers=(a_performer(died_on=TODAY - 9 * DAY),),
        memberships=(a_member(ends_on=TODAY - 9 * DAY),),
    )
    assert isinstance(judged(a_request(kind="posthumous"), facts), Admitted)


NOT_ACCEPTED = replace(WORLD, organizations=(a_union(), a_studio()))


@pytest.mark.parametrize(
    ("request_", "facts", "because"),
    [
        pytest.param(a_request(), WORLD, None, id="a rule of a pack that binds"),
        pytest.param(
            a_request(basis="TT-99"), WORLD, "basis_not_binding", id="a rule that does not"
        ),
        pytest.param(
            a_request(VetoScope(work="nova-1"), basis="RG-03"),
            WORLD,
            None,
            id="registry rules that the owner accepted",
        ),
        pytest.param(
            a_request(VetoScope(studio="studio-o"), basis="RG-03"),
            WORLD,
            None,
            id="registry rules that the studio accepted",
        ),
        pytest.param(
            a_request(VetoScope(work="nova-1"), basis="RG-03"),
            NOT_ACCEPTED,
            "registry_rules_not_accepted",
            id="registry rules that it did not",
        ),
        pytest.param(
            a_request(basis="RG-03"),
            replace(WORLD, engagements=(an_engagement(),)),
            None,
            id="registry rules that the employer accepted",
        ),
        pytest.param(
            a_request(replace(ADA, work="nova-2"), basis="RG-03"),
            replace(WORLD, engagements=(an_engagement(),)),
            "registry_rules_not_accepted",
            id="and the employer of another work did",
        ),
        pytest.param(
            a_request(basis="RG-03"),
            WORLD,
            "registry_rules_not_accepted",
            id="registry rules, and no studio to have accepted them",
        ),
        pytest.param(a_request(basis="TT-99", effect="flag"), WORLD, None, id="meant as a flag"),
        pytest.param(
            a_request(basis="grievance 26-114", kind="grievance"), WORLD, None, id="no policy"
        ),
    ],
)
def test_a_policy_that_rests_on_nothing_binding_only_flags(
    request_: Request, facts: Facts, because: str | None
) -> None:
    found = judged(request_, facts)
    assert isinstance(found, Admitted)
    assert found.flagged_because == because
    assert found.effect == ("flag" if because else request_.effect)


@pytest.mark.parametrize(
    ("accepted_on", "flags"),
    [
        pytest.param(TODAY - DAY, False, id="accepted the day before"),
        pytest.param(TODAY, False, id="accepted that day"),
        pytest.param(TODAY + DAY, True, id="accepted the day after"),
        pytest.param(None, True, id="never accepted"),
    ],
)
def test_registry_rules_bind_from_the_day_they_are_accepted(
    accepted_on: date | None, flags: bool
) -> None:
    studio = a_studio(registry_rules_accepted_on=accepted_on)
    facts = replace(WORLD, organizations=(a_union(), studio))
    found = judged(a_request(VetoScope(work="nova-1"), basis="RG-03"), facts)
    assert isinstance(found, Admitted)
    assert (found.effect == "flag") is flags


@pytest.mark.parametrize(
    ("scope", "wide"),
    [
        pytest.param(ADA, False, id="one performer"),
        pytest.param(replace(ADA, work="nova"), False, id="one performer in a franchise"),
        pytest.param(replace(ADA, studio="studio-o"), False, id="one performer at a studio"),
        pytest.param(VetoScope(work="nova-1"), False, id="one film"),
        pytest.param(VetoScope(work="nova-1", studio="studio-o"), False, id="one film of a studio"),
        pytest.param(VetoScope(work="nova"), True, id="a franchise"),
        pytest.param(VetoScope(studio="studio-o"), True, id="a studio"),
        pytest.param(VetoScope(agreement=TVT), True, id="an agreement"),
        pytest.param(VetoScope(all_members=True), True, id="all members"),
    ],
)
def test_a_wide_veto_waits_for_a_second_officer(scope: VetoScope, wide: bool) -> None:
    assert is_wide(scope, WORLD.works) is wide
    found = judged(a_request(scope))
    assert isinstance(found, Admitted)
    assert found.state == ("proposed" if wide else "in_force")


@pytest.mark.parametrize(
    ("scope", "head"),
    [
        pytest.param(replace(ADA, work="nova", studio="o"), ("performer", "ada"), id="performer"),
        pytest.param(VetoScope(work="nova", studio="o"), ("work", "nova"), id="else work"),
        pytest.param(VetoScope(studio="o"), ("organization", "guild"), id="else the union"),
        pytest.param(VetoScope(all_members=True), ("organization", "guild"), id="all members"),
    ],
)
def test_the_one_head_that_every_affected_registration_holds(
    scope: VetoScope, head: tuple[str, str]
) -> None:
    assert head_of(scope, "guild") == head


@pytest.mark.parametrize(
    ("named", "head"),
    [
        pytest.param({"performer_id": "ada", "work_id": "nova"}, ("performer", "ada"), id="person"),
        pytest.param({"work_id": "nova", "studio_id": "o"}, ("work", "nova"), id="else work"),
        pytest.param({"studio_id": "o"}, ("registry", "registry"), id="else what all share"),
    ],
)
def test_the_head_of_a_court_order(named: dict[str, Any], head: tuple[str, str]) -> None:
    assert head_of_order(CourtOrder("order-1", "24-cv-1", NOON, **named)) == head


def test_every_transition_is_from_and_to_a_known_state() -> None:
    for (_, before), (roles, after) in TRANSITIONS.items():
        assert before in STATES
        assert after in STATES
        assert roles
    assert {"policy", "strike"} <= {*KINDS}


@pytest.mark.parametrize(
    ("act", "state", "role", "after"),
    [
        pytest.param("confirm", "proposed", "union", "in_force", id="confirmed"),
        pytest.param("confirm", "in_force", "union", None, id="confirmed already"),
        pytest.param("appeal", "in_force", "studio", "appealed", id="appealed"),
        pytest.param("appeal", "appealed", "performer", "appealed", id="appealed by another too"),
        pytest.param("appeal", "in_force", "union", None, id="a union does not appeal itself"),
        pytest.param("appeal", "proposed", "studio", None, id="nothing to appeal yet"),
        pytest.param("lift", "appealed", "union", "lifted", id="lifted under appeal"),
        pytest.param("lift", "in_force", "studio", None, id="a studio lifts nothing"),
        pytest.param("lift", "lifted", "union", None, id="lifted already"),
        pytest.param("renew", "lifted", "union", None, id="what is over is not renewed"),
        pytest.param("overrule", "appealed", "registry_admin", "overruled", id="overruled"),
        pytest.param("uphold", "appealed", "registry_admin", "in_force", id="upheld"),
    ],
)
def test_the_life_of_a_veto(act: str, state: str, role: str, after: str | None) -> None:
    assert move(act, state, role) == after


def test_a_second_officer_is_another_person_and_never_works_backwards() -> None:
    veto = a_veto(state="proposed")
    confirmed = seconded(veto, proposed_by="usr-1", by="usr-2", at=NOON + DAY)
    assert isinstance(confirmed, Veto)
    assert (confirmed.state, since(confirmed, NOON + DAY)) == ("in_force", NOON + DAY)
    assert awaits_second(confirmed, NOON + DAY - TICK)
    assert not awaits_second(confirmed, NOON + DAY)
    future = replace(veto, starts_at=NOON + 9 * DAY)
    later = seconded(future, proposed_by="usr-1", by="usr-2", at=NOON)
    assert isinstance(later, Veto)
    assert since(later, NOON + 9 * DAY) == NOON + 9 * DAY
    alone = seconded(veto, proposed_by="usr-1", by="usr-1", at=NOON)
    assert isinstance(alone, Refusal)
    assert alone.code == "same_officer"
    twice = seconded(a_veto(), proposed_by="usr-1", by="usr-2", at=NOON)
    assert isinstance(twice, Refusal)
    assert twice.code == "not_proposed"


def test_a_proposal_that_is_taken_back_was_never_a_block() -> None:
    assert lifted(a_veto(state="proposed"), at=NOON).effect == "flag"
    done = lifted(a_veto(), at=NOON, state="overruled")
    assert (done.effect, done.state, done.lifted_at) == ("block", "overruled", NOON)


def test_a_renewal_in_time_changes_only_the_review_day() -> None:
    veto = a_veto(review_by=TODAY + 9 * DAY)
    again = renewed(veto, review_by=TODAY + 99 * DAY, at=NOON + 9 * DAY)
    assert isinstance(again, Veto)
    assert review_by_at(again, NOON + 9 * DAY - TICK) == TODAY + 9 * DAY
    assert review_by_at(again, NOON + 9 * DAY) == TODAY + 99 * DAY
    assert since(again, NOON + 9 * DAY) == NOON


def test_a_renewal_after_the_lapse_starts_anew() -> None:
    veto = a_veto(review_by=TODAY + 9 * DAY)
    again = renewed(veto, review_by=TODAY + 99 * DAY, at=NOON + 10 * DAY)
    assert isinstance(again, Veto)
    assert since(again, NOON + 10 * DAY - TICK) == NOON
    assert since(again, NOON + 10 * DAY) == NOON + 10 * DAY


def test_a_renewal_is_for_ninety_days_at_most() -> None:
    assert isinstance(renewed(a_veto(), review_by=TODAY + 91 * DAY, at=NOON), FieldError)
    assert isinstance(
        renewed(a_veto(kind="strike"), review_by=TODAY + 91 * DAY, at=NOON), type(a_veto())
    )
    assert isinstance(renewed(a_veto(kind="strike"), review_by=TODAY, at=NOON), FieldError)


@pytest.mark.parametrize(
    ("old", "new", "narrower"),
    [
        pytest.param(ADA, replace(ADA, work="nova-1"), True, id="in one work only"),
        pytest.param(ADA, replace(ADA, uses=("dub",)), True, id="one use only"),
        pytest.param(ADA, VetoScope(performer="bob"), False, id="somebody else"),
        pytest.param(ADA, VetoScope(work="nova"), False, id="everybody"),
        pytest.param(VetoScope(work="nova"), VetoScope(work="nova-1"), True, id="a work below"),
        pytest.param(VetoScope(work="nova"), VetoScope(work="far"), False, id="another work"),
        pytest.param(
            replace(ADA, uses=("dub", "stunt")), replace(ADA, uses=("dub",)), True, id="fewer uses"
        ),
        pytest.param(replace(ADA, uses=("dub",)), ADA, False, id="all uses"),
        pytest.param(
            replace(ADA, uses=("dub",)), replace(ADA, uses=("stunt",)), False, id="another use"
        ),
        pytest.param(
            VetoScope(agreement=TVT),
            VetoScope(agreement=TVT, all_members=True),
            True,
            id="members only",
        ),
        pytest.param(
            VetoScope(work="nova", all_members=True),
            VetoScope(work="nova"),
            False,
            id="not members only",
        ),
    ],
)
def test_narrowing_reaches_nothing_new(old: VetoScope, new: VetoScope, narrower: bool) -> None:
    veto = a_veto(old)
    found = narrowed(veto, new, descendants=frozenset({"nova-1"}), at=NOON + DAY)
    if narrower:
        assert isinstance(found, Veto)
        assert scope_at(found, NOON + DAY - TICK) == old
        assert scope_at(found, NOON + DAY) == new
    else:
        assert isinstance(found, Refusal)
        assert found.code == "not_narrower"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({}, None, id="a waiver for a work"),
        pytest.param({"work": None, "studio": "studio-o"}, None, id="a waiver for a studio"),
        pytest.param({"work": None}, "/work", id="for nothing"),
        pytest.param({"basis": " "}, "/basis", id="on no basis"),
        pytest.param({"ends_at": NOON}, "/ends_at", id="over at its start"),
        pytest.param({"ends_at": NOON + TICK}, None, id="for an instant"),
    ],
)
def test_a_waiver_says_whom_it_lets_through_and_why(
    changes: dict[str, Any], pointer: str | None
) -> None:
    values = {"work": "nova-1", "studio": None, "basis": "interim", "starts_at": NOON} | changes
    waiver = VetoException(**values)
    found = excepted(a_veto(), waiver)
    if pointer is None:
        assert found == a_veto(exceptions=(waiver,))
    else:
        assert isinstance(found, FieldError)
        assert found.pointer == pointer


def test_a_veto_of_20_november_can_be_appealed_until_4_december() -> None:
    assert appeal_until(a_veto(), NOON).isoformat() == "2026-12-05T00:00:00+00:00"


FAMILIES = frozenset({TVT})


@pytest.mark.parametrize(
    ("facts", "unions"),
    [
        pytest.param(Facts(memberships=(a_member(),)), {"guild"}, id="confirmed membership"),
        pytest.param(Facts(memberships=(a_member(confirmed_by=None),)), set(), id="unconfirmed"),
        pytest.param(Facts(organizations=(a_union(),)), {"guild"}, id="an agreement that binds"),
        pytest.param(Facts(organizations=(a_union(agreements=("x",)),)), set(), id="of others"),
        pytest.param(Facts(organizations=(a_union(kind="agency"),)), set(), id="not a union"),
        pytest.param(Facts(signatories=(a_signatory(),)), {"guild"}, id="signed by the producer"),
        pytest.param(
            Facts(signatories=(a_signatory(organization_id="p"),)), set(), id="signed by another"
        ),
        pytest.param(Facts(signatories=(a_signatory(union_id=None),)), set(), id="by nobody"),
        pytest.param(
            Facts(engagements=(an_engagement(union_id="guild"),)), {"guild"}, id="by engagement"
        ),
        pytest.param(
            Facts(engagements=(an_engagement(union_id="guild", performer_id="bob"),)),
            set(),
            id="by another's engagement",
        ),
    ],
)
def test_unions_with_standing_over_a_use(facts: Facts, unions: set[str]) -> None:
    found = standing_unions(
        facts, performer="ada", producer="studio-o", families=FAMILIES, as_of=NOON
    )
    assert found == unions


@pytest.mark.parametrize(
    ("scope", "families"),
    [
        pytest.param(VetoScope(agreement="equity/film"), {"equity/film"}, id="the one named"),
        pytest.param(VetoScope(studio="studio-o"), {TVT}, id="those that the studio signed"),
        pytest.param(VetoScope(work="nova-1"), {TVT}, id="those that the owner signed"),
        pytest.param(VetoScope(work="far"), set(), id="an owner that signed none"),
        pytest.param(ADA, {TVT}, id="those of the person's engagements"),
    ],
)
def test_agreements_whose_rules_a_veto_may_rest_on(scope: VetoScope, families: set[str]) -> None:
    facts = replace(WORLD, engagements=(an_engagement(),))
    assert families_of(scope, facts, TODAY) == families


def test_what_is_admitted_stops_the_use_that_it_was_meant_for() -> None:
    found = judged(a_request(VetoScope(work="nova-1")))
    assert isinstance(found, Admitted)
    veto = a_veto(
        found.request.scope, effect=found.effect, starts_at=found.starts_at, state=found.state
    )
    (block,) = blocks_at(
        replace(WORLD, vetoes=(veto,)),
        a_check(),
        ancestors=frozenset(),
        families=FAMILIES,
        unions=frozenset({"guild"}),
        as_of=NOON,
    )
    assert block.effect == "block"
