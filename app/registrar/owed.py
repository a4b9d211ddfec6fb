"""What acts make owed: the lines of the ledger follow each decision on a use or on a capture.

A line that is new begins, one that changed gets a version that stands from now on, and one that is
owed no more ends. Nothing is overwritten, so every earlier instant meets the line as it stood.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from app.registrar import sweep
from app.registrar.objects import Row
from app.registrar.problems import NOTHING_RECORDED, problem
from app.rules import ledger as rules
from app.rules.cases import pay_level
from app.rules.days import day_of
from app.rules.decide import Decision, decide
from app.rules.decide.case import Case, open_case
from app.rules.decide.consent import consent_of
from app.rules.decide.shares import reported
from app.rules.facts import Check, Facts
from app.rules.reasons import Reason
from app.rules.terms import Money, money_from
from app.store import dues, facts, ids, merges, rows, works
from app.store.tx import Tx

Document = dict[str, Any]

# Pay that is a share of what somebody reports.
SHARES: Final = ("royalty", "participation")
# A count of days that stands by more than the word of whoever made it.
_BY_BOTH: Final = frozenset({"agreed", "resolved"})
# What a line says of its amount and of how that came about.
_RECKONED: Final = frozenset(
    {"amount_minor", "currency", "formula", "working", "floor", "rates", "unverified"}
)
# The most that a column of minor units holds.
_MOST: Final = 2**63 - 1
_NOT_WORKED_OUT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "amount_minor": None,
        "currency": None,
        "formula": None,
        "working": None,
        "why_unknown": "A part of the pay is owed once for several uses and is listed with another"
        " one. What the contribution on the rest comes to was not worked out.",
    }
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A line as a decision has it.

    ``counted``: by the days of an estimate, which can be argued; ``one_sided``: and nobody but
    whoever pays has said so far that it is right.
    """

    values: Document
    counted: bool
    one_sided: bool = False


def follow_use(
    tx: Tx, use: Row, decision: Decision, case: Case, estimate: Row | None = None
) -> None:
    """Bring the lines of a use up to the decision that an act on it took.

    The duty to pay arises when the use is locked; for making a replica, with the session.
    ``estimate``: the act was on the count of days by which the use is paid.
    """
    if use["performer_id"] is None:
        return
    _bring_up(tx, _of_use(tx, use), _wanted(decision, case), estimate)


def follow_estimate(tx: Tx, estimate: Row) -> None:
    """Bring up the lines of every use that is paid by this count of days, as it stands now.

    Of a count that is disputed, what was counted stays due while the rest is argued.
    """
    same = merges.now_with(tx.session, {estimate["performer_id"] or ""})
    about = {"performer_id": same, "work_id": estimate["work_id"], "use": estimate["use"]}
    for use in rows.where(tx.session, "use", **about):
        if use["state"] != "withdrawn":
            _recount(tx, use, estimate)


def follow_report(tx: Tx, report: Row) -> None:
    """Bring up the lines of every use that is paid by a share of what was reported."""
    for id_ in sorted({line["use_id"] for line in shared_in(tx.session, report["work_id"])}):
        use = rows.current(tx.session, "use", id_)
        if use is not None:
            _recount(tx, use, None)


def shared_in(session: Session, work_id: str) -> list[Row]:
    """The lines that stand for shares of a base of the work, or of what is below it."""
    about: Document = {"work_id": works.descendants(session, work_id), "kind": SHARES}
    return list(rows.where(session, "due", ended_at=None, **about))


def shares_of(session: Session, report: Row) -> list[Row]:
    """The lines that stand for shares of what a report says."""
    lines = shared_in(session, report["work_id"])
    return [line for line in lines if _report_of(line) == report["id"]]


def _recount(tx: Tx, use: Row, estimate: Row | None) -> None:
    check = sweep.check_of(use)
    # What was locked is paid by the figures of its day.
    on = check.on or (use["locked_at"] and day_of(use["locked_at"]))
    check, packs = replace(check, on=on), sweep.packs_of(tx.store)
    known, _ = facts.load(tx.session, check, as_of=tx.now)
    case = open_case(check, known, packs, tx.now)
    if case is None:
        return
    counted = case.estimate.id if case.estimate is not None else None
    if estimate is not None and counted != estimate["id"]:
        return
    decision = decide(check, known, packs, as_of=tx.now)
    # A consent that ended since then says nothing of what was owed under it.
    if decision.amounts is not None or decision.not_known:
        follow_use(tx, use, decision, case, estimate)
    elif estimate is None and use["locked_at"] is not None:
        _share_on(tx, use, check, known)


def _share_on(tx: Tx, use: Row, check: Check, known: Facts) -> None:
    """What a locked use goes on to earn by a share, by the terms that it was locked under.

    That a consent ended since takes nothing away of what is finished and shown.
    """
    at, packs = use["locked_at"], sweep.packs_of(tx.store)
    then = replace(known, base_reports=reported(known.base_reports, at, tx.now))
    case = open_case(check, then, packs, at)
    if case is None:
        return
    wanted = _wanted(decide(check, then, packs, as_of=at), case)
    shares = [one for one in wanted if one.values["kind"] in SHARES]
    _bring_up(tx, _of_use(tx, use), shares, kinds=SHARES)


def _of_use(tx: Tx, use: Row) -> Document:
    """What every line of a use is about."""
    session = _session(tx, use)
    arises = use["locked_at"]
    if arises is not None and session is not None:
        arises = min(arises, session["starts_at"])
    return {
        "performer_id": use["performer_id"],
        "work_id": use["work_id"],
        "payer_id": use["producer_id"],
        "use_id": use["id"],
        "use": use["use"],
        "shot": use["shot"],
        "capture_session_id": None if session is None else session["id"],
        "arises_at": arises,
    }


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
    tx: Tx,
    about: Mapping[str, Any],
    wanted: Sequence[_Wanted],
    estimate: Row | None = None,
    kinds: Collection[str] | None = None,
) -> None:
    """``kinds``: of which kinds all that is owed is wanted; ``None``: of every kind."""
    lines = [line for line in _about(tx, about) if kinds is None or line["kind"] in kinds]
    for one, line in _paired(list(_owed_here(tx, about, wanted)), lines):
        if line is None:
            _begin(tx, about, one.values)
            continue
        lines.remove(line)
        argued = {} if estimate is None or not one.counted else _argued(tx, line, estimate)
        _change(tx, line, about, _without_less(line, one) | argued)
    for line in lines:
        # A duty that arose stays; what nobody could say was none yet.
        none_yet = line["arises_at"] is None or line["amount_minor"] is None
        if none_yet or _is_displaced(tx, line, wanted):
            _end(tx, line, rules.DECIDED_AGAIN)


def _without_less(line: Row, one: _Wanted) -> Document:
    """What a line says now. Whoever pays counts what is due up by themselves, and not down."""
    before, now = line["amount_minor"], one.values["amount_minor"]
    lowered = line["arises_at"] is not None and None not in {before, now} and now < before
    if not (one.one_sided and lowered):
        return one.values
    return {name: value for name, value in one.values.items() if name not in _RECKONED}


def _is_displaced(tx: Tx, line: Row, wanted: Iterable[_Wanted]) -> bool:
    """Whether a report for the performer alone took the place of the one that the line is of."""
    report = _report_of(line)
    ids_ = {_report_of(one.values) for one in wanted} - {None}
    if report is None or report in ids_:
        return False
    found = {row["id"]: row for row in rows.where(tx.session, "base_report", id=ids_ | {report})}
    of_all = found[report]
    return of_all["performer_id"] is None and any(
        own["performer_id"] is not None
        and own["starts_on"] < of_all["until"]
        and of_all["starts_on"] < own["until"]
        for own in found.values()
    )


def _report_of(line: Mapping[str, Any] | Row) -> str | None:
    """The report of a base that a known share is of."""
    if line["kind"] not in SHARES or line["amount_minor"] is None or not line["once"]:
        return None
    return str(line["once"]).partition("/")[2] or None


def _paired(wanted: Sequence[_Wanted], lines: Iterable[Row]) -> list[tuple[_Wanted, Row | None]]:
    """What is owed with the line that says the same, else with one that was not known yet.

    The share of a report is one line, also when another period is reported by it.
    """
    left = list(lines)
    exact: dict[int, Row] = {}
    for number, one in enumerate(wanted):
        found = [line for line in left if _key(line) == _key(one.values)]
        if found:
            exact[number] = found[0]
            left.remove(found[0])
    pairs: list[tuple[_Wanted, Row | None]] = []
    for number, one in enumerate(wanted):
        line = exact.get(number)
        if line is None and (line := _before(left, one.values)) is not None:
            left.remove(line)
        pairs.append((one, line))
    return pairs


def _key(line: Mapping[str, Any] | Row) -> tuple[str, str]:
    return line["kind"], line["what"]


def _before(lines: Iterable[Row], values: Document) -> Row | None:
    report = _report_of(values)
    of_kind = [line for line in lines if line["kind"] == values["kind"]]
    same = [line for line in of_kind if report is not None and _report_of(line) == report]
    return next(iter([*same, *(line for line in of_kind if line["amount_minor"] is None)]), None)


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
    ended = estimate["state"] in _BY_BOTH
    if open_ and ended and line["estimate_id"] is not None:
        return {"settled_at": tx.now}
    return {}


def _about(tx: Tx, about: Mapping[str, Any]) -> list[Row]:
    """The lines that stand for the use, or for the session: a session is paid once."""
    if about["capture_session_id"] is not None:
        return _standing(tx, capture_session_id=about["capture_session_id"])
    return _standing(tx, use_id=about["use_id"])


def _owed_here(tx: Tx, about: Mapping[str, Any], wanted: Iterable[_Wanted]) -> Iterator[_Wanted]:
    """Without what is owed once between several uses and stands for another one already.

    It moves to the use that is locked first. What the contribution on the rest would come to was
    not worked out then.
    """
    elsewhere = False
    for one in wanted:
        others = _once(tx, about, one.values)
        stays = any(line["arises_at"] is not None for line in others)
        if stays or (others and about["arises_at"] is None):
            elsewhere = True
            continue
        for line in others:
            _end(tx, line, rules.OWED_ELSEWHERE)
        if elsewhere and one.values["kind"] == rules.CONTRIBUTION:
            yield replace(one, values={**one.values, **_NOT_WORKED_OUT})
        else:
            yield one


def _once(tx: Tx, about: Mapping[str, Any], values: Document) -> list[Row]:
    """The lines of other uses that are the same debt, also one that was owed before a sale."""
    mark = values["once"]
    if mark is None:
        return []
    people = merges.now_with(tx.session, {about["performer_id"]})
    same: Document = {"performer_id": people, "once": mark}
    if values["kind"] in SHARES and "/" not in mark:
        # Of what nobody reported yet, each who pays owes the share of their own reports.
        same["payer_id"] = about["payer_id"]
    return [line for line in _standing(tx, **same) if line["use_id"] != about.get("use_id")]


def _standing(tx: Tx, **equal: Any) -> list[Row]:
    return list(rows.where(tx.session, "due", ended_at=None, **equal))


def _begin(tx: Tx, about: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    arises, from_ = about["arises_at"], tx.now
    if arises is not None and about["capture_session_id"] is not None:
        # A session can be held before the replica is put on record.
        from_ = arises
    if arises is not None and values["kind"] in SHARES:
        # A share is owed once its base is known.
        arises = tx.now
    rows.insert(
        tx,
        "due",
        id=ids.mint("due"),
        stated_at=tx.now,
        stands_from=from_,
        **{**about, **values, "arises_at": arises},
    )


def _change(tx: Tx, line: Row, about: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write another version where the line says something else now.

    A duty that arose stays from the day on which it did, also where that is told later.
    """
    arises, from_ = line["arises_at"] or about["arises_at"], tx.now
    if line["arises_at"] is None and arises is not None:
        from_ = max(line["stands_from"], arises)
    said = {**values, "arises_at": arises}
    if "amount_minor" in values and _is_settled(line, values):
        said = {name: value for name, value in said.items() if name not in _RECKONED}
    if any(rows.plain(line[name]) != rows.plain(value) for name, value in said.items()):
        rows.amend(tx, "due", line["id"], stands_from=from_, **said)


def _is_settled(line: Row, values: Mapping[str, Any]) -> bool:
    """Whether the sides came to another amount than this, which is reckoned as it was before."""
    reckoned = (line["working"] or {}).get("reckoned")
    if reckoned is None or values["amount_minor"] is None:
        return False
    return money_from(reckoned) == Money(values["amount_minor"], values["currency"])


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
    pay = pay or [_what_is_missing(reason) for reason in decision.reasons if _is_of_pay(reason)]
    shares = [{**line, **_mark_of(pay)} for line in amounts.get("contribution_lines", ())]
    by_days = any("days" in line for line in pay)
    counted = [*((line, "days" in line) for line in pay), *((line, by_days) for line in shares)]
    one_sided = case.estimate is not None and case.estimate.state not in _BY_BOTH
    return [
        _Wanted(_columns(line, level) | {"pay_by": pay_by}, days, days and one_sided)
        for line, days in counted
    ]


def _mark_of(pay: Iterable[Mapping[str, Any]]) -> Document:
    """The mark of contributions on pay that is owed once, where all of it is."""
    marks = {line.get("once") for line in pay if "amount" in line}
    mark = marks.pop() if len(marks) == 1 else None
    return {} if mark is None else {"once": mark}


def _is_of_pay(reason: Reason) -> bool:
    """Whether the sum is not worked out although the pay is known: a contribution is not."""
    return reason.code == "A_FACT_NEEDED" and "base" in reason.facts


def _what_is_missing(reason: Reason) -> Document:
    return {
        "kind": "agreed",
        "what": "pay and contributions",
        "why": reason.sentence,
        "source": reason.source.wire(),
    }


def _columns(line: Mapping[str, Any], level: str) -> Document:
    money = money_from(line["amount"]) if "amount" in line else None
    if money is not None and money.minor > _MOST:
        raise problem("conflict", f"This comes to more than can be kept. {NOTHING_RECORDED}")
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
