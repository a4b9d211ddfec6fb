"""Drafts are held against the rules by themselves, without a registry around them."""

from dataclasses import replace

from app.rules.drafts import lint
from app.rules.facts import Facts, Grant, read
from app.rules.packs import PackSet
from tests.rules.test_laws import CALIFORNIA, HERE, a_bill, without_collective
from tests.rules.worlds import GRANT, NOON, facts, packs

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


def test_a_work_that_nobody_knows_of_is_held_against_nothing() -> None:
    found = lint(DRAFT, {"nowhere": Facts()}, packs(), as_of=NOON)
    assert (found.held, found.faults) == ((), ())
