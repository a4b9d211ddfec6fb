"""Lines of the ledger as rows, and back."""

from datetime import UTC, datetime

import pytest

from app.rules.ledger import PayBy
from app.rules.terms import Money
from app.store import dues
from app.store.tables import due

_AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "terms",
    [
        None,
        PayBy(30, zone="America/Los_Angeles", rule="XX-01", pack="house/pay@1"),
        PayBy(10, Money(500, "JPY"), 7),
    ],
)
def test_a_line_keeps_the_terms_by_which_it_is_due(terms: PayBy | None) -> None:
    row = dict.fromkeys(due.c.keys()) | {
        "id": "due_1",
        "stands_from": _AT,
        "unverified": [],
        "pay_by": dues.pay_by_document(terms),
    }
    assert dues.due_of(row).pay_by == terms
