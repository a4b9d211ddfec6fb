"""What stops a use from outside its consent: court orders, vetoes, strikes, performers' pauses."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from app.rules.blocks import (
    BLOCK,
    COURT_ORDER,
    FLAG,
    PROSPECTIVE,
    SUSPENSION,
    Block,
    review_days_left,
    stops,
)
from app.rules.days import day_of
from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of, locked_at
from app.rules.decide.rows import Rule
from app.rules.facts import Veto
from app.rules.reasons import Reason, plain
from app.rules.scope import titles
from app.rules.vetoes import appeal_until

STRIKE: Final = "strike"
_SOON_DAYS: Final = 14


def blocked(case: Case, rule: Rule) -> Iterator[Finding]:
    """A block beats any grant; a flag warns."""
    for block in case.blocks:
        if block.kind == COURT_ORDER:
            reference = block.basis or "no reference"
            yield case.say("D_COURT_ORDER", rule, reference=reference, since=block.starts_at)
        elif block.kind == SUSPENSION:
            yield from _paused(case, rule, block)
        elif block.kind == STRIKE and block.effect == BLOCK and not _formless(case, block):
            yield from _struck(case, rule, block)
        else:
            yield from _vetoed(case, rule, block)


def struck(case: Case, rule: Rule) -> Iterator[Finding]:
    """In a strike no replica is used where consent is needed and the person could stay away."""
    for block in case.blocks:
        if block.kind == STRIKE and not _formless(case, block):
            yield from _struck(case, rule, block)


def spared(case: Case, rule: Rule) -> Iterator[Finding]:
    """What was locked before a prospective veto started is not stopped by it."""
    if case.locked is None or case.locked.locked_at is None:
        return
    for block in case.blocks:
        veto = block.kind not in {COURT_ORDER, SUSPENSION}
        if veto and block.effect == BLOCK and not stops(block, case.locked.locked_at):
            yield case.say(
                "W_VETO_PROSPECTIVE",
                rule,
                since=block.starts_at,
                number=_number(block),
                locked=case.locked.locked_at,
            )
    if case.runs_off:
        yield case.say("OK_RUNOFF", rule, locked=case.locked.locked_at)


def _struck(case: Case, rule: Rule, block: Block) -> Iterator[Reason]:
    if consent_of(case).needed and stops(block, locked_at(case)):
        yield case.say("D_STRIKE", rule, since=block.starts_at, number=_number(block))


def _paused(case: Case, rule: Rule, block: Block) -> Iterator[Reason]:
    consent = consent_of(case)
    rested_on = consent.grant.id if consent.needed and consent.grant is not None else None
    reaches = block.grant_id in {None, rested_on}
    if reaches and stops(block, locked_at(case)):
        yield case.say("D_SUSPENDED", rule, since=block.starts_at)


def _vetoed(case: Case, rule: Rule, block: Block) -> Iterator[Reason]:
    veto = _veto(case, block)
    said: dict[str, Any] = {
        "what": _what(case, veto, block),
        "since": block.starts_at,
        "number": _number(block),
        "words": block.reason.rstrip(". ") or "no reason was entered",
    }
    lacks = _formless(case, block)
    if block.effect == FLAG or lacks:
        yield case.say("W_VETO_FLAG", rule, why=lacks or _why_flag(block), **said)
    elif stops(block, locked_at(case)):
        later = block.timing == PROSPECTIVE
        words = "What was locked before is not stopped." if later else "It stops finished work too."
        until = appeal_until(veto)
        last = day_of(until) - timedelta(days=1)
        over = case.as_of >= until
        appeal = f"the studio can appeal until {plain(last)}"
        if block.appealed:
            appeal = "an appeal is open"
        elif over:
            appeal = "the time to appeal is over"
        by = None if over or block.appealed else last
        yield case.say("D_UNION_VETO", rule, by=by, spared=words, appeal=appeal, **said)
    left = review_days_left(block, case.as_of)
    if left is not None and left <= _SOON_DAYS and block.effect == BLOCK and not lacks:
        yield case.say("W_VETO_ENDS_SOON", rule, number=_number(block), review_by=block.review_by)


def _veto(case: Case, block: Block) -> Veto:
    return next(v for v in case.facts.vetoes if v.id == block.id)


def _formless(case: Case, block: Block) -> str:
    return _lacks_form(_veto(case, block)) if "block_form" in case.switched_on else ""


def _lacks_form(veto: Veto) -> str:
    """What a veto on record lacks so that it could stop anything; imported ones may."""
    if not veto.basis.strip() or not veto.authority.strip():
        return " It names no basis or authority, so it stops nothing."
    if veto.kind == "policy" and veto.review_by is None:
        return " It has no review date, so it stops nothing."
    return ""


def _why_flag(block: Block) -> str:
    if block.lapsed:
        return " Its review date is over, so it stops nothing."
    if block.awaits_second:
        return " It waits for a second officer, so it stops nothing yet."
    return ""


def _what(case: Case, veto: Veto, block: Block) -> str:
    uses = "new uses" if block.timing == PROSPECTIVE else "uses"
    if veto.scope.work is not None:
        return f"{uses} in {titles((veto.scope.work,), case.facts)[0]}"
    if veto.scope.performer is not None:
        return "uses of this performer"
    if veto.scope.studio is not None:
        return f"{uses} by this studio"
    return "uses of its members"


def _number(block: Block) -> str:
    return block.number or "without a number"
