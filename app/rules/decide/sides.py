"""Recordings: what a replica that sings pays by the side, and that a yes is to one project."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import confirmed, consent_of
from app.rules.decide.daily import Missing, said, scale
from app.rules.decide.formula import Figure, count, higher, less, rated, times
from app.rules.decide.prices import better, pay_of
from app.rules.decide.rows import Line, Rule
from app.rules.grants import SHARED
from app.rules.scope import named
from app.rules.uses import counts

_SIDES: Final = ("sides", "sides sung")
_SINGER: Final = "singer"


def sung(case: Case, rule: Rule) -> Iterator[Finding]:
    """A session singer is paid by the side, for so many of a project at least.

    A royalty artist has a share of the royalties, which the consent states. Source: Sound
    Recordings Code.
    """
    try:
        if _by_session(case):
            yield _by_side(case, rule)
        else:
            _has_share(case)
    except Missing as missing:
        yield from said(case, rule, missing, _SIDES)


def _by_session(case: Case) -> bool:
    jobs = (case.engagement,) if case.engagement is not None else case.engagements
    if not jobs:
        what = "whether the performer sings by the session or for royalties"
        raise Missing("A_FACT_NEEDED", {"field": "engagement", "what": what})
    return any(job.role_class == _SINGER for job in jobs)


def _has_share(case: Case) -> None:
    """What the share comes to is worked out where all shares are."""
    pay = pay_of(case)
    if pay is None or pay.kind not in SHARED:
        raise Missing("A_ROYALTY_SHARE", {})


def _by_side(case: Case, rule: Rule) -> Line:
    sides = case.check.quantity.sides
    if sides is None:
        what = "how many sides the replica sings"
        raise Missing("A_FACT_NEEDED", {"field": "quantity.sides", "what": what})
    fee = rated("side", scale(case, rule), "a side")
    least = rule.row.count("least")
    before = _before(case)
    many = _project(before + sides, least)
    if before:
        many = less("sides", many, _project(before, least).called("paid", "sides"), "sides")
    return better(case, Line(*_SIDES, times("pay", many, fee), case.role, case.source(rule)))


def _project(sides: int, least: int) -> Figure:
    """The sides that a project pays, which are never fewer than the least."""
    sung_, fewest = count("sides", Decimal(sides), "sides"), count("least", Decimal(least), "sides")
    return higher("sides", sung_, fewest, "sides")


def _before(case: Case) -> int:
    """Sides of the project that the performer's earlier uses took."""
    mine = next((u for u in case.facts.uses if u.id == case.check.use_id), None)
    until = mine.registered_at if mine is not None and mine.registered_at else case.as_of
    return sum(
        use.quantity.sides or 0
        for use in case.facts.uses
        if use.performer_id == case.check.performer
        and use.work_id == case.work.id
        and use is not mine
        and counts(use, case.as_of)
        and use.registered_at is not None
        and use.registered_at <= until
    )


def blanket(case: Case, rule: Rule) -> Iterator[Finding]:
    """A yes to whatever is recorded is none: each project needs its own.

    Source: Sound Recordings Code, no blanket consent.
    """
    consent = consent_of(case)
    if not consent.needed or not consent.covering:
        return
    best = consent.covering[0]
    if best.grant.scope.mode in rule.row.names("modes") and not confirmed(case, best):
        yield case.say("D_BLANKET", rule, work=named(case.work))
