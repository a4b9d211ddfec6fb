"""Commercials: spots that are made with a replica, what they pay, how far a yes reaches ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import confirmed, consent_of
from app.rules.decide.daily import Missing, said, unknown_rate
from app.rules.decide.exemptions import attestation
from app.rules.decide.formula import count, rated, times
from app.rules.decide.prices import better
from app.rules.decide.rows import Line, NotKnown, Rule
from app.rules.facts import Work
from app.rules.reasons import plain
from app.rules.scope import Fit, named, titles
from app.rules.uses import VOICE_USES
from app.rules.works import ALWAYS_COVERED, valid_at

_SESSION: Final = ("spot", "session of the generated spot")
_FEES: Final = ("spot", "use and holding fees")
_VOICE: Final = "voice"
# Uses of a yes that is to a voice-over by itself.
_HEARD_ALONE: Final = VOICE_USES | {"exhibit"}
# Uses that make no spot.
_MAKES_NONE: Final = frozenset({"CREATION", "EXHIBITION", "TRAINING", "ROUTINE_POST"})


def generated(case: Case, rule: Rule) -> Iterator[Finding]:
    """A spot that a replica makes pays a multiple of the session fee, or more if more was agreed.

    Its use and holding fees are owed besides. Source: Commercials Contracts 2025.
    """
    if _by_waiver(case):
        return
    heard = case.check.use in VOICE_USES
    category = rule.row.word("off_camera" if heard else "on_camera")
    yield from _session(case, rule, category, rule.row.decimal("multiple"))
    why = "No table of use and holding fees is on file."
    yield case.say("O_USE_FEES", rule)
    yield NotKnown(*_FEES, why=why, source=case.source(rule), once=f"{case.work.id}/fees")


def by_waiver(case: Case, rule: Rule) -> Iterator[Finding]:
    """A spot whose sound is put together by machine under a waiver: a yes of its own, one session.

    Making other versions of it pays a part of that. Source: Dynamic AI Audio waiver of 2024.
    """
    if not _by_waiver(case):
        return
    consent = consent_of(case)
    if consent.needed and consent.covering and not _own_yes(case, consent.covering[0]):
        covered = titles(consent.covering[0].grant.scope.works, case.facts)
        yield case.say("A_CONFIRM_WORK", rule, covered=covered, work=named(case.work))
    part = rule.row.decimal("customised") if _is_version(case) else Decimal(1)
    yield from _session(case, rule, rule.row.word("category"), part)


def _by_waiver(case: Case) -> bool:
    return case.work.dynamic_audio_waiver is not None and "pay_by_waiver" in case.switched_on


def _is_version(case: Case) -> bool:
    """Whether the spot is a version of another one."""
    return any(
        edge.child == case.work.id and edge.relation == "edit_of" and valid_at(edge, case.as_of)
        for edge in case.facts.edges
    )


def _session(case: Case, rule: Rule, category: str, many: Decimal) -> Iterator[Finding]:
    try:
        fee = case.rate(category)
        if fee is None:
            raise unknown_rate(case)
        due = times("pay", count("multiple", many, ""), rated("session", fee))
        # A spot is paid for once, however many shots of it are made with the replica.
        mark = f"{case.work.id}/{category}"
        line = Line(*_SESSION, due, case.role, case.source(rule), once=mark)
        yield better(case, line)
    except Missing as missing:
        yield from said(case, rule, missing, _SESSION)


def ahead(case: Case, rule: Rule) -> Iterator[Finding]:
    """A yes given ahead reaches later spots of the same advertiser and product line.

    Their production begins within the maximum period of use of the first. A yes to the spot alone
    is not given ahead. Source: Commercials Contracts 2025.
    """
    consent = consent_of(case)
    if case.use_class in _MAKES_NONE or not consent.needed or not consent.covering:
        return
    if _own_yes(case, consent.covering[0]):
        return
    firsts = _firsts(case, consent.covering[0])
    if firsts is None:
        return
    if not firsts:
        what = "for which commercial the replica was made"
        yield case.say("A_FACT_NEEDED", rule, field="replica", what=what)
        return
    compared = [_compared(case, first) for first in firsts]
    if any(not one.beyond and one.lacks is None for one in compared):
        return
    lacking = [one.lacks for one in compared if not one.beyond and one.lacks is not None]
    if lacking:
        field, what = lacking[0]
        yield case.say("A_FACT_NEEDED", rule, field=field, what=what)
        return
    axes, words = zip(*compared[0].beyond, strict=True)
    yield case.say("D_COMM_FUTURE", rule, beyond=axes, beyond_words=" and ".join(words))


def _own_yes(case: Case, best: Fit) -> bool:
    """Whether the yes is to this spot and no other, or was confirmed for it."""
    return set(best.grant.scope.works) <= _same_spot(case, best) or confirmed(case, best)


def _same_spot(case: Case, best: Fit) -> set[str]:
    same = takewhile(lambda edge: edge.relation in ALWAYS_COVERED, best.reach.edges)
    return {case.work.id, *(edge.parent for edge in same)}


def _firsts(case: Case, best: Fit) -> tuple[Work, ...] | None:
    """The commercials that the yes was given with; ``None``: it is not one given ahead."""
    ids: set[str | None]
    if case.replica is not None:
        ids = {case.origin}
    elif case.engagement is not None:
        return None
    else:
        shown = {*best.grant.scope.works, *best.grant.shown_works}
        ids = {job.work_id for job in case.engagements if job.work_id in shown}
    independent = case.replica is not None and case.use_class == "ICDR"
    if independent or ids & _same_spot(case, best):
        return None
    return tuple(sorted((w for w in case.facts.works if w.id in ids), key=lambda w: w.id))


@dataclass(frozen=True, slots=True)
class _Compared:
    """What of a spot is beyond the first one, or has to be said before that is known."""

    beyond: tuple[tuple[str, str], ...] = ()
    lacks: tuple[str, str] | None = None


def _compared(case: Case, first: Work) -> _Compared:
    beyond: list[tuple[str, str]] = []
    lacks: list[tuple[str, str]] = []
    for field, what, words in (
        ("advertiser", "for whom the commercial advertises", "it is for another advertiser"),
        ("product_line", "which product line it advertises", "it is for another product line"),
    ):
        here, there = getattr(case.work, field), getattr(first, field)
        if here is None or there is None:
            lacks.append((field, what))
        elif here.casefold() != there.casefold():
            beyond.append((field, words))
    begins, ends = case.photography_start, first.mpu_ends_on
    if begins is None:
        lacks.append(("photography_start", "when production of the commercial begins"))
    elif ends is None:
        lacks.append(("mpu_ends_on", "when the maximum period of use of the first one ends"))
    elif begins > ends:
        words = f"its production begins on {plain(begins)}, after {plain(ends)}"
        beyond.append(("mpu_ends_on", words))
    return _Compared(tuple(beyond), lacks[0] if lacks else None)


def extra_consent(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the row names needs words of its own: a description that is silent allows none of it."""
    consent = consent_of(case)
    if not consent.needed or consent.grant is None or case.check.use in VOICE_USES:
        return
    told = consent.covering[0].grant.description.tags or ()
    unsaid = tuple(tag for tag in rule.row.names("tags") if tag not in told)
    if case.tags is None:
        words = tuple(tag.replace("_", " ") for tag in unsaid)
        if words:
            yield case.say("A_CONTENT_NOT_STATED", rule, tags=words)
        return
    beyond = tuple(tag.replace("_", " ") for tag in unsaid if tag in case.tags)
    if beyond:
        yield case.say("D_DESC_EXCEEDED", rule, beyond=beyond)


def on_camera_only(case: Case, rule: Rule) -> Iterator[Finding]:
    """A replica that was made for work on camera does not speak off camera on the same yes."""
    consent = consent_of(case)
    if not consent.needed or case.check.use not in VOICE_USES or not _made_on_camera(case):
        return
    if consent.grant is None or not _HEARD_ALONE.issuperset(consent.grant.scope.uses):
        yield case.say("D_USE_TYPE", rule)


def _made_on_camera(case: Case) -> bool:
    """Whether no replica that may be used was made in a session for the voice."""
    kinds = {session.kind for session in case.captures}
    return bool(kinds) and _VOICE not in kinds


def destruction(case: Case, rule: Rule) -> Iterator[Finding]:
    """When the replica is done with it is destroyed and that certified, or kept with consent."""
    consent = consent_of(case)
    if not consent.needed or consent.grant is None:
        return
    if attestation(case, "consent_to_keep", named=True) is None:
        ends = case.work.mpu_ends_on
        yield case.say("O_DESTROY_CERT", rule, ends=ends, by=ends)
