"""Drafts are held against the rules by themselves, without a registry around them."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from app.rules.drafts import BINDS, MAY_BIND, lint
from app.rules.facts import Facts, Grant, Pay, read
from app.rules.packs import PackSet, RuleRow
from app.rules.terms import Money
from tests.rules.test_laws import CALIFORNIA, HERE, a_bill, without_collective
from tests.rules.worlds import GRANT, NOON, Patch, facts, packs

DRAFT: Grant = read(Grant, {**GRANT, "id": "g", "state": "offered", "signature": None})


def of_california(using: PackSet, known: Facts, **changes: object) -> list[str]:
    """What California has against the draft."""
    bare = replace(DRAFT, description=replace(DRAFT.description, text=""))
    draft = replace(bare, form=replace(DRAFT.form, replaces_in_person_work=True), **changes)  # type: ignore[arg-type]
    found = lint(draft, {"nova-1": known}, using, as_of=NOON)
    return [
        mend.words
        for fault in found.faults
        if fault.source.pack == CALIFORNIA
        for mend in fault.mend
    ]


def test_a_union_is_no_way_where_the_law_knows_none_and_a_bill_asks_for_nothing() -> None:
    known = facts(HERE)
    assert of_california(packs(), known) == []
    assert of_california(a_bill(), known) == []
    said = of_california(without_collective(), known)
    assert not any("union" in words for words in said)
    assert any("counsel" in words for words in said)


def test_a_union_is_a_way_where_the_law_knows_one_and_none_speaks_of_replicas_yet() -> None:
    silent = PackSet(tuple(replace(pack, addresses_replicas=False) for pack in packs().packs))
    said = of_california(silent, facts(HERE))
    assert said[-1] == (
        "Or engage the performer under a union's agreement that speaks of replicas and binds the"
        " producer as its signatory; none does here, and to name one is not enough."
    )


@pytest.mark.parametrize("shown", [None, ("worldwide",)])
def test_where_no_place_is_on_record_each_law_is_told_as_one_that_may_bind(
    shown: tuple[str, ...] | None,
) -> None:
    draft = replace(DRAFT, scope=replace(DRAFT.scope, territories=shown))
    found = lint(draft, {"nova-1": facts()}, packs(), as_of=NOON)
    binds = {held.pack: held.binds for held in found.held}
    assert binds[f"{CALIFORNIA}@1"] == MAY_BIND
    assert binds["sag-aftra/tv-theatrical@2023"] == BINDS


def test_a_yes_that_is_not_signed_by_itself_is_told_how_it_would_be() -> None:
    form = replace(DRAFT.form, separate_sign="none", clear_and_conspicuous=False)
    found = lint(replace(DRAFT, form=form), {"nova-1": facts(HERE)}, packs(), as_of=NOON)
    [fault] = [one for one in found.faults if one.code == "D_FORM_NOT_SEPARATE"]
    [mend] = fault.mend
    assert mend.fields == ("form.clear_and_conspicuous", "form.separate_sign")
    assert mend.words.endswith("signed by itself or signed in a document of its own.")


def test_a_clause_that_does_not_say_what_it_replaces_is_told_to() -> None:
    bare = replace(DRAFT, description=replace(DRAFT.description, text=""))
    found = lint(bare, {"nova-1": facts(HERE)}, without_collective(), as_of=NOON)
    [fault] = [one for one in found.faults if one.code == "A_CLAUSE_UNCLEAR"]
    assert fault.mend[0].fields == ("form.replaces_in_person_work",)


def test_a_draft_on_altering_a_performance_is_warned_where_pay_for_it_is_unsaid() -> None:
    scope = replace(DRAFT.scope, uses=("alter",))
    found = lint(replace(DRAFT, scope=scope), {"nova-1": facts(HERE)}, packs(), as_of=NOON)
    assert [warning.fields for warning in found.warnings] == [("pay.alteration",)]


@pytest.mark.parametrize(
    ("amount", "fields"), [(None, [("pay.amount",)]), (Money(50_000, "USD"), [])]
)
def test_a_share_without_anything_in_any_case_is_warned_of(
    amount: Money | None, fields: list[tuple[str, ...]]
) -> None:
    pay = Pay("royalty", amount, share=Decimal("2.5"), base="receipts")
    found = lint(replace(DRAFT, pay=pay), {"nova-1": facts(HERE)}, packs(), as_of=NOON)
    assert [warning.fields for warning in found.warnings] == fields


def one_rule(row: RuleRow) -> PackSet:
    """The packs with a law of California that asks for one thing."""
    return PackSet(
        tuple(replace(p, rules=(row,)) if p.family == CALIFORNIA else p for p in packs().packs)
    )


@pytest.mark.parametrize(
    ("row", "draft", "sentence", "fields"),
    [
        pytest.param(
            RuleRow("X-1", ("conspicuous",), basis="always"),
            replace(DRAFT, form=replace(DRAFT.form, clear_and_conspicuous=False)),
            "The yes to the replica has to stand out and be easy to see among the other terms."
            " Here it is hidden among them.",
            [("form.clear_and_conspicuous",)],
            id="hidden",
        ),
        pytest.param(
            RuleRow(
                "X-1", ("description_states",), params={"states": ("prior_ip",)}, basis="always"
            ),
            DRAFT,
            "California Labor Code section 927 asks that the description says more than the draft"
            " has it say.",
            [("description.prior_ip",)],
            id="left open",
        ),
        pytest.param(
            RuleRow("X-1", ("bought_out",), basis="always"),
            replace(
                DRAFT,
                pay=Pay(kind="none"),
                scope=replace(DRAFT.scope, mode="franchise_blanket", membership="dynamic"),
            ),
            "One sum is to buy uses of the replica without any limit: no last day, no cap, and"
            " whatever works come later. The agreement allows no such buy-out.",
            [("ends_on", "max_uses", "max_seconds", "membership", "pay")],
            id="bought out",
        ),
    ],
)
def test_whatever_a_rule_asks_of_the_form_is_said_with_the_fields_that_mend_it(
    row: RuleRow, draft: Grant, sentence: str, fields: list[tuple[str, ...]]
) -> None:
    found = lint(draft, {"nova-1": facts(HERE)}, one_rule(row), as_of=NOON)
    [fault] = [fault for fault in found.faults if fault.source.pack == CALIFORNIA]
    assert fault.sentence == sentence
    assert [mend.fields for mend in fault.mend] == fields


def test_what_a_union_advises_against_is_a_warning_and_no_fault() -> None:
    row = RuleRow(
        "X-1",
        ("best_practice",),
        params={"points": ("no_perpetuity", "no_training", "delete_after")},
        basis="always",
    )
    endless = replace(DRAFT, scope=replace(DRAFT.scope, uses=("stunt", "crowd"), ends_on=None))
    kept: Patch = {
        "custodies": {
            "c": {
                "replica_id": "r",
                "performer_id": "performer-a",
                "holder_id": "studio-o",
                "starts_at": "2026-08-01T12:00:00Z",
            }
        }
    }
    found = lint(endless, {"nova-1": facts(HERE, kept)}, one_rule(row), as_of=NOON)
    [warning] = found.warnings
    assert warning.fields == ("ends_on",)
    assert "has no end and leaves open until when the files are kept" in warning.words
    assert [one for one in found.faults if one.source.pack == CALIFORNIA] == []


A_SPOT: Patch = {
    "works": {"nova-1": {"kind": "commercial"}},
    "performers": {"performer-a": {"residence": "US-NY"}},
}
A_MODEL: Patch = {"engagements": {"a-on-nova-1": {"role_class": "model"}}}


@pytest.mark.parametrize(
    ("engaged", "binds"),
    [
        pytest.param(A_MODEL, BINDS, id="a model"),
        pytest.param({"engagements": {"a-on-nova-1": None}}, MAY_BIND, id="nobody said as what"),
        pytest.param({}, None, id="no model"),
        pytest.param(
            {
                "engagements": {"a-on-nova-1": None},
                "performers": {"performer-a": {"residence": "US-NV"}},
            },
            None,
            id="elsewhere",
        ),
    ],
)
def test_what_a_yes_of_a_model_leaves_unsaid_is_named(engaged: Patch, binds: str | None) -> None:
    bare = replace(DRAFT, pay=None, description=replace(DRAFT.description, text=""))
    found = lint(bare, {"nova-1": facts(A_SPOT, engaged)}, packs(), as_of=NOON)
    said = [fault for fault in found.faults if fault.source.rule == "NY-04"]
    assert [fault.binds for fault in said] == ([binds] if binds else [])
    for fault in said:
        assert [mend.fields for mend in fault.mend] == [("description",), ("pay",), ("ends_on",)]
        assert fault.sentence.startswith("Under the New York Fashion Workers Act, the yes to a")
    held = {one.pack: one.binds for one in found.held}
    assert held.get("us-ny/labor-1037@1") == binds


def test_a_work_that_nobody_knows_of_is_held_against_nothing() -> None:
    found = lint(DRAFT, {"nowhere": Facts()}, packs(), as_of=NOON)
    assert (found.held, found.faults) == ((), ())


def test_what_a_union_advises_is_said_before_anybody_signs_and_is_no_law() -> None:
    at_home: Patch = {"performers": {"performer-a": {"residence": "GB"}}}
    wide = replace(DRAFT, scope=replace(DRAFT.scope, mode="franchise_blanket"))
    found = lint(wide, {"nova-1": facts(at_home)}, packs(), as_of=NOON)
    said = [one for one in found.warnings if "advice of Equity UK" in one.words]
    [warning] = said
    assert warning.words.startswith("The advice of Equity UK is not to sign such terms: this")
    assert "mode" in warning.fields
    assert "W_BEST_PRACTICE" not in {one.code for one in found.faults}
    abroad = lint(wide, {"nova-1": facts(HERE)}, packs(), as_of=NOON)
    assert not any("Equity" in one.words for one in abroad.warnings)


def test_a_bill_that_became_law_is_told_of_a_draft_too() -> None:
    law = RuleRow("X-1", ("minor_term_cap",), params={"years": 5}, basis="always")
    using = PackSet(
        tuple(
            replace(p, rules=(law,))
            if p.family == CALIFORNIA
            else replace(p, addresses_replicas=False)
            for p in packs().packs
        )
    )
    young: Patch = {"performers": {"performer-a": {"adult_from": "2035-01-01"}}}
    found = lint(DRAFT, {"nova-1": facts(HERE, young)}, using, as_of=NOON)
    assert "D_COURT_APPROVAL" in {fault.code for fault in found.faults}
    assert any("would hold for 5 years" in warning.words for warning in found.warnings)


@pytest.mark.parametrize(("signed_at", "longer"), [("13:00", True), ("14:00", False)])
def test_years_that_are_advised_count_from_the_day_where_the_union_is(
    signed_at: str, *, longer: bool
) -> None:
    at_home: Patch = {"performers": {"performer-a": {"residence": "AU"}}}
    draft = replace(DRAFT, scope=replace(DRAFT.scope, ends_on=date(2029, 8, 17)))
    # In Sydney it is the next day from 14:00 UTC on in August.
    at = datetime.fromisoformat(f"2026-08-17T{signed_at}:00+00:00")
    found = lint(draft, {"nova-1": facts(at_home)}, packs(), as_of=at)
    assert any("more than 3 years" in one.words for one in found.warnings) is longer
