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
from app.rules.scope import USE_WORDS, named
from app.rules.veto_terms import appeal_until, scope_at

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
                union=_issuer(case, block),
                locked=case.locked.locked_at,
            )
    if case.runs_off:
        yield case.say("OK_RUNOFF", rule, locked=case.locked.locked_at)


def _struck(case: Case, rule: Rule, block: Block) -> Iterator[Reason]:
    if consent_of(case).needed and stops(block, locked_at(case)):
        number, union = _number(block), _first(_issuer(case, block))
        yield case.say("D_STRIKE", rule, since=block.starts_at, number=number, union=union)


def paused_in_strike(case: Case, rule: Rule) -> Iterator[Finding]:
    """In a strike a performer pauses new uses whatever was signed, and pays nothing back.

    Source: Interactive Media Agreement, suspension of consent.
    """
    if on_strike(case):
        for block in case.blocks:
            if block.kind == SUSPENSION:
                yield from _paused(case, rule, block)


def on_strike(case: Case) -> bool:
    """Whether a strike reaches the use."""
    return any(
        b.kind == STRIKE and b.effect == BLOCK and not _formless(case, b) for b in case.blocks
    )


def _paused(case: Case, rule: Rule, block: Block) -> Iterator[Reason]:
    consent = consent_of(case)
    of_it = [g for g in case.facts.grants if g.id == block.grant_id]
    # Without the right to pause it stood for the strike, and ends with that.
    if of_it and not of_it[0].withdrawal.pause and not on_strike(case):
        return
    rested_on = consent.grant.id if consent.needed and consent.grant is not None else None
    reaches = block.grant_id in {None, rested_on}
    if reaches and stops(block, locked_at(case)):
        way = "performer" if block.grant_id is None else ""
        yield case.say("D_SUSPENDED", rule, since=block.starts_at, way=way)


def _vetoed(case: Case, rule: Rule, block: Block) -> Iterator[Reason]:
    veto = _veto(case, block)
    said: dict[str, Any] = {
        "what": _what(case, veto, block),
        "since": block.starts_at,
        "number": _number(block),
        "words": block.reason.rstrip(". ") or "no reason was entered",
    }
    lacks, issuer = _formless(case, block), _issuer(case, block)
    if block.effect == FLAG or lacks:
        yield case.say(
            "W_VETO_FLAG", rule, why=lacks or _why_flag(case, veto, block), union=issuer, **said
        )
    elif stops(block, locked_at(case)):
        later = block.timing == PROSPECTIVE
        words = "What was locked before is not stopped." if later else "It stops finished work too."
        until = appeal_until(veto, case.as_of)
        last = day_of(until) - timedelta(days=1)
        over = case.as_of >= until
        # Each has one appeal.
        was_decided = any(a.by == case.producer.id and a.at <= case.as_of for a in veto.appeals)
        appeal = f"the studio can appeal until {plain(last)}"
        if block.appealed:
            appeal = "an appeal is open"
        elif over:
            appeal = "the time to appeal is over"
        elif was_decided:
            appeal = "what the studio could appeal was decided"
        by = None if over or block.appealed or was_decided else last
        said |= {"union": _first(issuer), "issuer": issuer}
        said |= {"spared": words, "appeal": appeal}
        way = "" if by else "settled"
        yield case.say("D_UNION_VETO", rule, by=by, way=way, **said)
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


def _why_flag(case: Case, veto: Veto, block: Block) -> str:
    if block.lapsed:
        return " Its review date is over, so it stops nothing."
    # What no second officer can heal comes before what one can.
    if block.unbound or (veto.wide and veto.kind != STRIKE and not case.bound_by(block)):
        return " It rests on nothing that binds this studio, so it stops nothing."
    if block.awaits_second and veto.emergency:
        return " No second officer confirmed it within a day, so it stops nothing."
    if block.awaits_second:
        return " It waits for a second officer, so it stops nothing yet."
    return ""


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _issuer(case: Case, block: Block) -> str:
    """The union as it is called within a sentence."""
    names = {o.id: o.name for o in case.facts.organizations}
    name = names.get(block.union_id or "") or "the union"
    return f"the {name.removeprefix('The ')}" if name.startswith("The ") else name


def _what(case: Case, veto: Veto, block: Block) -> str:
    """What the veto reaches, without naming anything that the question does not name."""
    scope = scope_at(veto, case.as_of)
    packs = case.packs.of(scope.agreement) if scope.agreement is not None else ()
    parts = [
        "new uses" if block.timing == PROSPECTIVE else "uses",
        "of this performer" if scope.performer is not None else "",
        "of its members" if scope.all_members else "",
        f"in {_place(case, scope.work)}" if scope.work is not None else "",
        "by this studio" if scope.studio is not None else "",
        f"under {packs[0].title if packs else 'an agreement of its own'}"
        if scope.agreement
        else "",
        f"for {plain([USE_WORDS[use] for use in scope.uses])}" if scope.uses else "",
    ]
    return " ".join(part for part in parts if part)


def _place(case: Case, work_id: str) -> str:
    work = next((w for w in case.facts.works if w.id == work_id), None)
    if work is None:
        return "a work that this one belongs to"
    # The title of somebody else's work above this one is not for everybody who asks.
    if work_id != case.work.id and work.owner_id not in {None, case.producer.id}:
        return f"a {work.kind} that this one belongs to"
    return named(work)


def _number(block: Block) -> str:
    return block.number or "without a number"
