"""How long a law gives somebody to obey a court."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from app.rules.blocks import COURT_ORDER
from app.rules.decide.case import Case, Finding
from app.rules.decide.rows import Rule
from app.rules.decide.steps import business_days_after


def order_clock(case: Case, rule: Rule) -> Iterator[Finding]:
    """An order is obeyed within so many business days of the day from which it holds.

    Nothing new is made from its first instant on; the days are for what is out already. They are
    counted in the zone of the law, Monday to Friday. Source: CA-03.
    """
    zone, days = ZoneInfo(rule.pack.zone), rule.row.count("business_days")
    for block in (block for block in case.blocks if block.kind == COURT_ORDER):
        last = business_days_after(block.starts_at.astimezone(zone).date(), days)
        over = case.as_of.astimezone(zone).date() > last
        yield case.say(
            "W_ORDER_CLOCK",
            rule,
            law=rule.pack.title,
            reference=block.basis or "no reference",
            last=last,
            overdue=over,
            how="had to be" if over else "has to be",
            by=last,
        )
