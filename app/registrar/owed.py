"""What acts make owed: the lines of the ledger follow each decision on a use or on a capture.

A line that is new begins, one that changed gets a version that stands from now on, and one that is
owed no more ends. Nothing is overwritten, so every earlier instant meets the line as it stood.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.registrar import sweep
from app.registrar.objects import Row
from app.rules import ledger as rules
from app.rules.cases import pay_level
from app.rules.days import day_of
from app.rules.decide import Decision, decide
from app.rules.decide.case import Case, open_case
from app.rules.decide.consent import consent_of
from app.rules.terms import money_from
from app.store import dues, facts, ids, merges, rows
from app.store.tx import Tx

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A line as a decision has it. ``counted``: by the days of an estimate, which can be argued."""

    values: Document
    counted: bool


def follow_use(
    tx: Tx, use: Row, decision: Decision, case: Case, estimate: Row | None = None
) -> None:
    """Bring the lines of a use up to the decision that an act on it took.

    The duty to pay arises when the use is locked; for making a replica, with the session.
    ``estimate``: the act was on the count of days by which the use is paid.
    """
    if use["performer_id"] is None:
        return
    session = _session(tx, use)
    arises = use["locked_at"]
    if arises is not None and session is not None:
        arises = min(arises, session["starts_at"])
    about = {
        "performer_id": use["performer_id"],
        "work_id": use["work_id"],
        "payer_id": use["producer_id"],
        "use_id": use["id"],
        "use": use["use"],
        "shot": use["shot"],
        "capture_session_id": None if session is None else session["id"],
        "arises_at": arises,
    }
    _bring_up(tx, about, _wanted(decision, case), estimate)


def follow_estimate(tx: Tx, estimate: Row) -> None:
    """Bring up the lines of every use that is paid by this count of days, as it stands now.

    Of a count that is disputed, what was counted stays due while the rest is argued.
    """
    same = merges.now_with(tx.session, {estimate["performer_id"] or ""})
    about = {"performer_id": same, "work_id": estimate["work_id"], "use": estimate["use"]}
    for use in rows.where(tx.session, "use", **about):
        if use["state"] != "withdrawn":
            _recount(tx, use, estimate)


def _recount(tx: Tx, use: Row, estimate: Row) -> None:
    check = sweep.check_of(use)
    # What was locked is paid by the figures of its day.
    on = check.on or (use["locked_at"] and day_of(use["locked_at"]))
    check, packs = replace(check, on=on), sweep.packs_of(tx.store)
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    case = open_case(check, known, packs, tx.now)
    if case is None or case.estimate is None or case.estimate.id != estimate["id"]:
        return
    decision = decide(check, known, packs, as_of=tx.now)
    # A consent that ended since then says nothing of what was owed under it.
    if decision.amounts is not None:
        follow_use(tx, use, decision, case, estimate)


def follow_capture(tx: Tx, replica: Row, session: Row, decision: Decision, case: Case) -> None:
    """Bring the lines of a session up to the decision by which a replica is made in it.

    The duty to pay arises with the session, once the replica was made; a second replica of one
    session adds nothing.
    """
    made = replica["state"] != "planned"
    about = {
        "performer_id": replica["performer_id"],
        "work_id": session["work_id"],
        "payer_id": replica["producer_id"],
        "replica_id": replica["id"],
        "use": "scan",
        "capture_session_id": session["id"],
        "arises_at": min(tx.now, session["starts_at"]) if made else None,
    }
    _bring_up(tx, about, _wanted(decision, case))


def withdraw(tx: Tx, use: Row) -> None:
    """End what would have been owed for a use that was given up before it was locked."""
    for line in _standing(tx, use_id=use["id"]):
        if line["arises_at"] is None:
            _end(tx, line, rules.WITHDRAWN)


def _bring_up(
    tx: Tx, about: Mapping[str, Any], wanted: Sequence[_Wanted], estimate: Row | None = None
) -> None:
    left = _about(tx, about)
    for one in _owed_here(tx, about, wanted):
        line = _same(left, one.values)
        if line is None:
            _begin(tx, about, one.values)
            continue
        left.remove(line)
        argued = {} if estimate is None or not one.counted else _argued(tx, line, estimate)
        _change(tx, line, about, one.values | argued)
    for line in left:
        if line["arises_at"] is None:
            _end(tx, line, rules.DECIDED_AGAIN)


def _argued(tx: Tx, line: Row, estimate: Row) -> Document:
    """What a dispute over the count of days, or its end, does to a line that is counted by it."""
    open_ = line["disputed_at"] is not None and line["settled_at"] is None
    if estimate["state"] == "disputed" and not open_:
        return {
            "disputed_at": tx.now,
            "disputed_by": estimate["performer_id"],
            "estimate_id": estimate["id"],
            "claimed_minor": None,
            "settled_at": None,
        }
    ended = estimate["state"] in {"agreed", "resolved"}
    if open_ and ended and line["estimate_id"] is not None:
        return {"settled_at": tx.now}
    return {}


def _about(tx: Tx, about: Mapping[str, Any]) -> list[Row]:
    """The lines that stand for the use, or for the session: a session is paid once."""
    if about["capture_session_id"] is not None:
        return _standing(tx, capture_session_id=about["capture_session_id"])
    return _standing(tx, use_id=about["use_id"])


def _same(standing: Iterable[Row], values: Document) -> Row | None:
    """The line that says the same thing; else one that stood for what was not known."""
    of_kind = [line for line in standing if line["kind"] == values["kind"]]
    exact = (line for line in of_kind if line["what"] == values["what"])
    unknown = (line for line in of_kind if line["amount_minor"] is None)
    return next(exact, None) or next(unknown, None)


def _owed_here(tx: Tx, about: Mapping[str, Any], wanted: Iterable[_Wanted]) -> Iterator[_Wanted]:
    """Without what is owed once between several uses and stands for another one already.

    It moves to the use that is locked first.
    """
    for one in wanted:
        mark = one.values["once"]
        others = [] if mark is None else _once(tx, about, mark)
        if any(line["arises_at"] is not None for line in others):
            continue
        if others and about["arises_at"] is None:
            continue
        for line in others:
            _end(tx, line, rules.OWED_ELSEWHERE)
        yield one


def _once(tx: Tx, about: Mapping[str, Any], mark: str) -> list[Row]:
    same = {"performer_id": about["performer_id"], "payer_id": about["payer_id"], "once": mark}
    return [line for line in _standing(tx, **same) if line["use_id"] != about.get("use_id")]


def _standing(tx: Tx, **equal: Any) -> list[Row]:
    return list(rows.where(tx.session, "due", ended_at=None, **equal))


def _begin(tx: Tx, about: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    arises = about["arises_at"]
    rows.insert(
        tx,
        "due",
        id=ids.mint("due"),
        stated_at=tx.now,
        stands_from=tx.now if arises is None else min(tx.now, arises),
        **about,
        **values,
    )


def _change(tx: Tx, line: Row, about: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write another version where the line says something else now.

    A duty that arose stays from the day on which it did.
    """
    arises = line["arises_at"] or about["arises_at"]
    said = {**values, "arises_at": arises}
    if any(rows.plain(line[name]) != rows.plain(value) for name, value in said.items()):
        rows.amend(tx, "due", line["id"], stands_from=tx.now, **said)


def _end(tx: Tx, line: Row, why: str) -> None:
    rows.amend(tx, "due", line["id"], stands_from=tx.now, ended_at=tx.now, ended_why=why)


def _session(tx: Tx, use: Row) -> Row | None:
    named = use["asked"].get("capture_session")
    return None if named is None else rows.current(tx.session, "capture_session", named)


def _wanted(decision: Decision, case: Case) -> list[_Wanted]:
    """What a decision says is owed: each amount, each contribution, and what is not known yet."""
    pay_by = dues.pay_by_document(rules.pay_by_of(case.rules_doing("pay_by")))
    grant = consent_of(case).paying
    level = pay_level(case, None if grant is None else grant.pay)
    amounts: Mapping[str, Any] = decision.amounts.wire() if decision.amounts is not None else {}
    pay = [*amounts.get("lines", ()), *(one.wire() for one in decision.not_known)]
    shares = amounts.get("contribution_lines", ())
    by_days = any("days" in line for line in pay)
    return [
        *(_Wanted(_columns(line, level) | {"pay_by": pay_by}, "days" in line) for line in pay),
        *(_Wanted(_columns(line, level) | {"pay_by": pay_by}, by_days) for line in shares),
    ]


def _columns(line: Mapping[str, Any], level: str) -> Document:
    money = money_from(line["amount"]) if "amount" in line else None
    formula, rates = line.get("formula") or {}, line.get("rates", [])
    # What follows from a figure of the contract is never below its minimum.
    floor = "above" if rates else level
    return {
        "kind": line["kind"],
        "what": line["what"],
        "once": line.get("once"),
        "floor": "unknown" if line["kind"] == rules.CONTRIBUTION else floor,
        "amount_minor": None if money is None else money.minor,
        "currency": None if money is None else money.currency,
        "why_unknown": line.get("why"),
        "formula": formula.get("text"),
        "working": {"steps": formula["steps"]} if formula else None,
        "source": line["source"],
        "rates": rates,
        "unverified": sorted(rate["row"] for rate in rates if not rate["verified"]),
    }
