"""A document that does not fit its kind is refused, and the message names the member."""

from datetime import UTC, datetime

import pytest

from app.rules.facts import Replica, Work, facts_from, instant, read
from app.rules.terms import Money, money_from

WORK = {
    "id": "work_1",
    "kind": "film",
    "title": "Nova",
    "owner_id": "org_1",
    "added_at": "2026-08-01T12:00:00Z",
}


def test_a_document_of_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of fact `planets`; known: "):
        facts_from([("planets", {})])


def test_facts_are_gathered_by_their_kind() -> None:
    facts = facts_from([("works", WORK), ("works", {**WORK, "id": "work_2"})])
    assert [work.id for work in facts.works] == ["work_1", "work_2"]


@pytest.mark.parametrize("member", ["id", "performer_id"])
def test_a_missing_member_is_named(member: str) -> None:
    document = {"id": "repl_1", "performer_id": "perf_1"}
    del document[member]
    with pytest.raises(ValueError, match=f"`{member}` is missing in Replica"):
        read(Replica, document)


@pytest.mark.parametrize(
    ("member", "value"),
    [("id", 7), ("added_at", "2026-08-01T12:00:00"), ("photography_start", "soon")],
)
def test_a_member_that_cannot_be_read_is_named(member: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"`{member}` of Work cannot be read: "):
        read(Work, {**WORK, member: value})


def test_members_that_a_kind_does_not_have_are_ignored() -> None:
    assert read(Work, {**WORK, "recorded_idx": 4}).id == "work_1"


def test_an_instant_without_an_offset_is_refused_and_one_with_any_offset_is_utc() -> None:
    with pytest.raises(ValueError, match="an instant needs an offset"):
        instant("2026-11-21T12:00:00")
    assert instant("2026-11-21T13:00:00+01:00") == datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"amount": 12.5, "currency": "USD"}, "a string of decimals"),
        ({"amount": "12.505", "currency": "USD"}, "more decimals than USD allows"),
        ({"amount": "1.5", "currency": "JPY"}, "more decimals than JPY allows"),
        ({"amount": "NaN", "currency": "USD"}, "more decimals than USD allows"),
    ],
)
def test_an_amount_that_no_currency_can_pay_is_refused(
    document: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        money_from(document)


def test_an_amount_is_kept_in_minor_units() -> None:
    assert money_from({"amount": "12.50", "currency": "USD"}) == Money(1250, "USD")
