"""Consent: whether it is needed, which grant gives it, and what misses if none does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from app.rules.blocks import Block, stops
from app.rules.days import day_of
from app.rules.decide.case import Case, Finding, Step
from app.rules.decide.exemptions import attestation, claims, demanding, dub_needs_consent
from app.rules.decide.rows import Rule
from app.rules.decide.validity import Doubt, weakness
from app.rules.facts import Exclusion, Grant, Representation
from app.rules.sales import since
from app.rules.scope import USE_WORDS, Ask, Asked, Fit, Miss, fit, named, titles
from app.rules.standing import estates
from app.rules.works import ALWAYS_COVERED

# Misses that a row of their own says; without that row they are what stands beside them.
OWN_ROWS: Final = {
    "D_SCOPE_WORK_ADDED_LATER": ("added_later", "D_SCOPE_WORK"),
    "D_TRAINING": ("training", "D_SCOPE_USE"),
    "D_DECLINED": ("declined", "D_NO_CONSENT"),
}
# What misses of a yes that was given and is over.
_ENDED: Final = frozenset({"D_REVOKED", "D_EXPIRED", "D_DECEASED_NO_AUTH"})
_SEVERAL: Final = 2
_PARAMS: Final = {
    "D_SCOPE_WORK": ("covered", "work"),
    "D_SCOPE_WORK_ADDED_LATER": ("signed", "added", "kind"),
    "D_TRAINING": (),
    "D_RTG": (),
    "D_DUB_NO_CONSENT": (),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """What the grants of a case say."""

    needed: bool
    fits: tuple[Fit, ...]
    # Exclusions that hit, or (``False``) might hit because the content was not stated.
    excluded: tuple[tuple[Exclusion, bool], ...]
    # Grants that cover the use, the one to rest on first.
    covering: tuple[Fit, ...]
    misses: tuple[Miss, ...]

    @property
    def grant(self) -> Grant | None:
        """The grant that the use rests on, if one covers it."""
        return self.covering[0].grant if self.covering else None

    @property
    def paying(self) -> Grant | None:
        """The grant whose terms of pay count.

        A use that needs no consent is paid as was agreed for such a use, even if that yes has
        ended since: taking it back makes nothing cheaper.
        """
        if self.needed:
            return self.grant
        agreed = [f for f in self.fits if _ENDED.issuperset(m.code for m in f.misses)]
        return min(agreed, key=_specific).grant if agreed else None


def consent_of(case: Case) -> Consent:
    """What the grants say, worked out once for a case."""
    found = case.kept.get("consent")
    if not isinstance(found, Consent):
        found = _worked_out(case)
        case.kept["consent"] = found
    return found


def choices(case: Case) -> tuple[Case, ...]:
    """The case resting on each grant that covers the use, the preferred one first."""
    consent = consent_of(case)
    if not consent.needed or len(consent.covering) < _SEVERAL:
        return (case,)
    each = (replace(consent, covering=(found,)) for found in consent.covering)
    return tuple(replace(case, kept={"consent": choice}) for choice in each)


def _worked_out(case: Case) -> Consent:
    asked = _asked(case)
    fits = tuple(fit(g, asked) for g in _candidates(case))
    excluded = tuple(_excluded(case)) if "exclusion" in case.switched_on else ()
    if any(hits for _, hits in excluded):
        return Consent(_needed(case), fits, excluded, (), ())
    covering = [f for f in fits if f.covers]
    if len(covering) > 1:
        covering.sort(key=lambda f: _preference(case, f))
    misses = () if covering else _misses(case, fits)
    return Consent(_needed(case), fits, excluded, tuple(covering), misses)


def _needed(case: Case) -> bool:
    if case.performer is None or case.runs_off:
        return False
    if case.use_class == "DUB" and not dub_needs_consent(case):
        return False
    # What one agreement lets pass without consent, another that binds as well may not.
    waived = {claim.rule.pack.family for claim in claims(case) if not claim.lacks}
    return not waived or not demanding(case) <= waived


def _asked(case: Case) -> Asked:
    return Asked(
        check=case.check,
        work=case.work,
        facts=case.facts,
        as_of=case.as_of,
        on=case.on,
        today=case.today,
        tags=case.tags,
        replica_id=case.check.replica,
        died_on=case.died_on,
        survives="survives" in case.switched_on,
        producer=case.producer.id,
        sold=case.sold,
        sellers=case.sellers,
    )


def _candidates(case: Case) -> tuple[Grant, ...]:
    # What the performer granted to somebody else is not this producer's business, not even as a
    # near miss; but for that of whoever sold the work to it.
    return tuple(
        g
        for g in case.facts.grants
        if g.performer_id == case.check.performer
        and g.grantee_id in {case.producer.id, *case.sellers}
        and g.state not in {"draft", "withdrawn", "superseded"}
    )


def _misses(case: Case, fits: tuple[Fit, ...]) -> tuple[Miss, ...]:
    nearest = min(fits, key=lambda f: f.nearness, default=None)
    if case.died_on is not None and (nearest is None or _ended_with_life(nearest)):
        # Whatever else was missing of it: what is missing now is somebody who speaks for the dead.
        return (Miss("death", "D_DECEASED_NO_AUTH", {"died": case.died_on, "law_words": ""}),)
    if nearest is not None and nearest.grant.state in {"signed", "union_review"}:
        # They did say yes: it would be false to tell them that they have not.
        codes = {"D_NO_CONSENT": "D_NOT_IN_FORCE"}
        return tuple(replace(m, code=codes.get(m.code, m.code)) for m in nearest.misses)
    if nearest is not None and nearest.grant.signature is None:
        return _unsigned(nearest)
    if nearest is not None:
        return nearest.misses
    if case.use_class == "DUB":
        return (Miss("use", "D_DUB_NO_CONSENT"),)
    return (Miss("state", "D_NO_CONSENT", {"asked": "Nobody has asked them yet. Send a request."}),)


def _ended_with_life(nearest: Fit) -> bool:
    """Whether it is a yes for life only, or a request that nobody had answered."""
    axes = {m.axis for m in nearest.misses}
    # What they took back or refused while they lived is told as that.
    return nearest.grant.state == "offered" or ("death" in axes and "state" not in axes)


def _unsigned(nearest: Fit) -> tuple[Miss, ...]:
    # What they never signed is no yes to anything, so nothing of its scope is told as one; and no
    # to something else is no answer to this.
    if all(m.axis == "state" for m in nearest.misses):
        return nearest.misses
    return (Miss("state", "D_NO_CONSENT", {"asked": "Nobody has asked them for this."}),)


def _preference(case: Case, found: Fit) -> tuple[object, ...]:
    """Sorts what holds before what does not, then the more specific work, then the later yes."""
    grant = found.grant
    doubt = weakness(case, grant)
    held = pause_of(case, grant) is not None or doubt is Doubt.STOPS
    return (held, doubt, len(found.asks), *_specific(found))


def pause_of(case: Case, grant: Grant) -> Block | None:
    """The pause of this very grant that stops the use, if there is one."""
    found = (b for b in case.blocks if b.grant_id == grant.id and stops(b, locked_at(case)))
    return next(found, None)


def _specific(found: Fit) -> tuple[object, ...]:
    grant = found.grant
    signed = grant.signature.at.timestamp() if grant.signature else 0
    return (found.reach.distance, -signed, grant.id)


def locked_at(case: Case) -> datetime | None:
    """When the use that is asked about was locked, if it was."""
    return case.locked.locked_at if case.locked else None


def _excluded(case: Case) -> Iterator[tuple[Exclusion, bool]]:
    # Exclusions outlive the yes that they were said with: what somebody ruled out does not come
    # back because they also took their yes away.
    said = {
        exclusion
        for g in _candidates(case)
        if g.state in {"active", "revoked"}
        and g.signature is not None
        and g.signature.at <= case.as_of
        for exclusion in g.exclusions
    }
    for exclusion in sorted(said, key=lambda e: (e.axis, e.value)):
        hit = _hits(case, exclusion)
        if hit is not False:
            yield exclusion, hit is True


def _hits(case: Case, exclusion: Exclusion) -> bool | None:
    if exclusion.axis == "tag":
        return None if case.tags is None else exclusion.value in case.tags
    custodian = case.replica.custodian_id if case.replica else None
    values: Mapping[str, set[str | None]] = {
        "work": {case.work.id, *case.above},
        "use": {case.check.use},
        "studio": {case.producer.id, custodian},
    }
    return exclusion.value in values[exclusion.axis]


def estates_of(case: Case) -> tuple[Representation, ...]:
    """Who says by now that they answer for the dead, proven or not."""
    found = case.facts.representations
    return estates(found, case.check.performer, case.today, case.as_of)


def waits_for_union(case: Case) -> bool:
    """Whether only the union can answer for the dead: a search on record found nobody else."""
    return (
        "union_posthumous" in case.switched_on
        and {m.code for m in consent_of(case).misses} == {"D_DECEASED_NO_AUTH"}
        and not estates_of(case)
        and attestation(case, "representative_search") is not None
    )


def _said(case: Case) -> tuple[Miss, ...]:
    consent = consent_of(case)
    return () if not consent.needed or waits_for_union(case) else consent.misses


def consented(case: Case, rule: Rule) -> Iterator[Finding]:
    """The use needs a grant that covers it."""
    consent = consent_of(case)
    if not consent.needed:
        return
    for miss in _said(case):
        own, instead = OWN_ROWS.get(miss.code, ("", ""))
        if own not in case.switched_on:
            yield _missed(case, rule, miss, instead or miss.code)
    if consent.covering:
        yield from _asks(case, rule, consent.covering[0].asks)
        yield from _passed_on(case, rule, consent.covering[0].grant)


def _passed_on(case: Case, rule: Rule, grant: Grant) -> Iterator[Finding]:
    bought = case.sellers.get(grant.grantee_id)
    if bought is not None:
        title = titles((bought.work_id,), case.facts)[0]
        yield case.say("OK_PASSED_ON", rule, work=title, sold=day_of(since(bought)))


def own_row(code: str) -> Step:
    """The step of a row that is about one miss and nothing else."""

    def step(case: Case, rule: Rule) -> Iterator[Finding]:
        for miss in _said(case):
            if miss.code == code:
                yield _missed(case, rule, miss, code)

    return step


def within_description(case: Case, rule: Rule) -> Iterator[Finding]:
    """A use beyond the description is not covered; whether it is has to be known."""
    yield from own_row("D_DESC_EXCEEDED")(case, rule)
    consent = consent_of(case)
    if consent.needed and consent.covering:
        asks = consent.covering[0].asks
        yield from _asks(case, rule, tuple(a for a in asks if a.field.startswith("description.")))


def excluded(case: Case, rule: Rule) -> Iterator[Finding]:
    """Exclusions beat grants, at any depth."""
    consent = consent_of(case)
    if not consent.needed:
        return
    for exclusion, hits in consent.excluded:
        if hits:
            said = _in_words(case, exclusion)
            value = exclusion.value if exclusion.axis in {"use", "tag"} else said
            yield case.say("D_EXCLUDED", rule, axis=exclusion.axis, value=value, what=said)
    unclear = tuple(e.value.replace("_", " ") for e, hits in consent.excluded if not hits)
    if unclear:
        yield case.say("A_CONTENT_NOT_STATED", rule, tags=unclear)


def _in_words(case: Case, exclusion: Exclusion) -> str:
    if exclusion.axis == "work":
        title = titles((exclusion.value,), case.facts)[0]
        return title if exclusion.value == case.work.id else f"{title} and what belongs to it"
    if exclusion.axis == "use":
        return USE_WORDS.get(exclusion.value, "this use")
    if exclusion.axis == "studio":
        ours = exclusion.value == case.producer.id
        return "this studio" if ours else "the vendor that keeps the replica"
    return exclusion.value.replace("_", " ")


def _missed(case: Case, rule: Rule, miss: Miss, code: str) -> Finding:
    params: dict[str, Any] = dict(miss.params)
    if code == "D_NO_CONSENT":
        params = {"asked": params.get("asked", "They were asked, and have not said yes.")}
    wanted = _PARAMS.get(code, tuple(params))
    return case.say(code, rule, **{name: params[name] for name in wanted})


def _asks(case: Case, rule: Rule, asks: tuple[Ask, ...]) -> Iterator[Finding]:
    for ask in asks:
        if ask.field != "description.tags":
            yield case.say("A_FACT_NEEDED", rule, field=ask.field, what=ask.what)
            continue
        known = " or ".join(t.replace("_", " ") for t in ask.tags)
        words = f"anything besides {known}" if known else "anything that was not described"
        yield case.say("A_CONTENT_NOT_STATED", rule, tags=words)


def confirmed_work(case: Case, rule: Rule) -> Iterator[Finding]:
    """Where the contract goes by the picture, a wide yes needs a signed confirmation per work."""
    consent = consent_of(case)
    if not consent.needed or not consent.covering or not _per_picture(case):
        return
    best = consent.covering[0]
    if best.grant.scope.mode in rule.row.names("modes") and not confirmed(case, best):
        covered = titles(best.grant.scope.works, case.facts)
        yield case.say("A_CONFIRM_WORK", rule, covered=covered, work=named(case.work))


def _per_picture(case: Case) -> bool:
    return any(rule.row.flag("per_picture") for rule in case.dated_rules)


def confirmed(case: Case, best: Fit) -> bool:
    """Whether a yes to several works was confirmed for this one."""
    # An episode is confirmed with its season or series: it is the same picture.
    same = takewhile(lambda edge: edge.relation in ALWAYS_COVERED, best.reach.edges)
    works = {case.work.id, *(edge.parent for edge in same)}
    return any(
        c.grant_id == best.grant.id and c.work_id in works and c.signed_at <= case.as_of
        for c in case.facts.confirmations
    )
