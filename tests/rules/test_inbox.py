"""What waits says what happens when nobody answers, and what ends first comes first."""

import re
from datetime import datetime

import pytest

from app.rules.inbox import AT_ZERO, Item
from tests.support.made import DAY, NOON


def an_item(id_: str, by: datetime | None) -> Item:
    return Item("request", "ada", "grant", id_, "performer", since=NOON, by=by)


def test_what_ends_first_comes_first_and_what_waits_on_comes_last() -> None:
    soon, late, on = an_item("b", NOON), an_item("a", NOON + DAY), an_item("c", None)
    assert sorted([on, late, soon], key=lambda i: i.urgency) == [soon, late, on]


@pytest.mark.parametrize("kind", AT_ZERO)
def test_each_kind_says_in_a_sentence_what_happens_at_zero(kind: str) -> None:
    said = Item(kind, "ada", "grant", "grant-1", "performer").at_zero
    assert re.fullmatch(r"[A-Z][^_]*\.", said), said
