"""Acts on flag rules: what a union wants to see in its queue. Its own records, which it ends."""

from dataclasses import asdict
from typing import Any, Final

from app.registrar import objects
from app.registrar.callers import Caller
from app.registrar.problems import NOTHING_RECORDED, problem, wrong
from app.rules import cases as rules
from app.rules.cases import Conditions
from app.store import heads, ids, log, rows
from app.store.heads import Heads
from app.store.tx import Recorded, Tx

MEMBERS: Final = ("union_id", "name", "starts_at", "ended_at")


def state(tx: Tx, caller: Caller, name: str, conditions: Conditions) -> Recorded:
    """Put what meets all conditions into the union's queue from now on."""
    if rules.asks_nothing(conditions):
        raise wrong("/conditions", "required", "Name at least one thing to look for.")
    # No answer reads a flag rule, so no head is needed for one.
    heads.take(tx, lambda _: Heads())
    union_id = objects.owner(caller)
    log.begin(tx)
    row = rows.insert(
        tx,
        "flag_rule",
        id=ids.mint("flag"),
        union_id=union_id,
        name=name,
        conditions=rows.plain(asdict(conditions)),
        starts_at=tx.now,
        stated_by=caller.id,
    )
    log.append(tx, "flag_rule.stated", caller.role, subjects={union_id})
    return Recorded(
        value=view(row), location=f"/v1/flag-rules/{row['id']}", etag=objects.etag_of(row)
    )


def end(tx: Tx, caller: Caller, rule_id: str) -> Recorded:
    """Look for it no longer; what it put into the queue stays there."""
    heads.take(tx, lambda _: Heads())
    row = objects.find(objects.eyes_of(tx, caller), "flag_rule", rule_id)
    if row["ended_at"] is not None:
        raise problem("invalid-transition", f"This rule has ended already. {NOTHING_RECORDED}")
    log.begin(tx)
    row = rows.amend(tx, "flag_rule", row["id"], ended_at=tx.now)
    log.append(tx, "flag_rule.ended", caller.role, subjects={row["union_id"]})
    return Recorded(value=view(row), status=200, etag=objects.etag_of(row))


def view(row: objects.Row) -> dict[str, Any]:
    """A flag rule on the wire, with the conditions that it names."""
    named = {name: value for name, value in row["conditions"].items() if value}
    return objects.document(row, *MEMBERS) | {"conditions": named}
