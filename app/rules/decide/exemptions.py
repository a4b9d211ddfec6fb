"""Claims that no consent is needed. They waive consent and nothing else: not blocks, not pay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from app.rules.decide.case import Case, Finding
from app.rules.decide.formula import Figure
from app.rules.decide.rows import Line, Rule
from app.rules.facts import Attestation, Exemption
from app.rules.packs import AGREEMENT, POLICY

_ROUTINE: Final = ("same_picture", "customary post-production")
# Step of a row, to the claim that it admits, its code, and how it is put in a sentence.
_CLAIMS: Final[Mapping[str, tuple[str, str, str]]] = {
    "as_scripted": (
        "as_scripted",
        "E_AS_SCRIPTED",
        "what is shown stays substantially as scripted, performed and recorded",
    ),
    "safety": ("safety", "E_SAFETY", "it shows what is not safe for a human to do"),
    "unrecognisable": ("unrecognisable", "E_UNRECOGNISABLE", "nobody can recognise the performer"),
    "routine_post": ("routine_post", "E_ROUTINE_POST", "it is customary post-production"),
    "dub_double": ("dub_double", "E_DUB_DOUBLE", "the contract already allows it"),
    "expressive": ("expressive", "E_EXPRESSIVE", "the work comments, parodies or tells history"),
    "traditional_ai": (
        "traditional_ai",
        "E_TRADITIONAL_AI",
        "it is conventional processing, which the contract leaves alone",
    ),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that a row in force admits, and what it still lacks."""

    rule: Rule
    code: str
    words: str
    exemption: Exemption
    attestation: Attestation | None = None
    lacks: str = ""  # attestation | counsel | category | (nothing)


def claims(case: Case) -> tuple[Claim, ...]:
    """Every claim of the check that some row in force admits for this use.

    To train a model takes a yes to just that (RG-08), so that no claim frees from it.
    """
    if case.use_class == "TRAINING":
        return ()
    return tuple(
        _claim(case, rule, *_CLAIMS[name], exemption)
        for rule in case.rules
        for name in rule.row.does
        if name in _CLAIMS
        for exemption in case.check.exemptions
        if exemption.code == _CLAIMS[name][0]
    )


def _claim(case: Case, rule: Rule, kind: str, code: str, words: str, exemption: Exemption) -> Claim:
    if kind == "routine_post":
        known = exemption.category in rule.row.names("categories")
        return Claim(rule, code, words, exemption, lacks="" if known else "category")
    attested = attestation(case, kind, exemption.attestation, named=True)
    lacks = "" if attested else "attestation"
    reviewed = attestation(case, "counsel_review", named=True)
    if attested and rule.row.flag("counsel") and not reviewed:
        lacks = "counsel"
    return Claim(rule, code, words, exemption, attested, lacks)


def exempted(case: Case, rule: Rule) -> Iterator[Finding]:
    """Which claim waives consent; one that lacks something says what, where that would help."""
    for claim in claims(case):
        if claim.rule is not rule:
            continue
        if not claim.lacks:
            yield from _granted(case, claim)
        elif claim.lacks == "category":
            what = "which customary work of post-production it is"
            yield case.say("A_FACT_NEEDED", rule, field="exemptions.category", what=what)
        else:
            code = "A_ATTEST" if claim.lacks == "attestation" else "A_COUNSEL_REVIEW"
            yield case.say(code, rule, exemption=claim.exemption.code, claim=claim.words)


def _granted(case: Case, claim: Claim) -> Iterator[Finding]:
    if claim.attestation is None:
        category = str(claim.exemption.category).replace("_", " ")
        yield case.say(claim.code, claim.rule, category=category)
        note = "Customary post-production adds nothing"
        nothing = Figure("pay", Decimal(0), case.currency, note=note)
        yield Line(*_ROUTINE, nothing, case.role, case.source(claim.rule))
        return
    role = claim.attestation.role.replace("_", " ").replace("vfx", "visual effects")
    yield case.say(claim.code, claim.rule, by_whom=f"the {role}" if role else "a named person")


def unheard(case: Case, rule: Rule) -> Iterator[Finding]:
    """Claims that no row in force admits for this use: they change nothing, and that is said."""
    heard = {claim.exemption for claim in claims(case)}
    for exemption in case.check.exemptions:
        if exemption not in heard:
            what = "the claim that no consent is needed has no effect; no rule in force admits it."
            yield case.say("W_CLASS", rule, claimed=exemption.code, what=what)


def reclassified(case: Case, rule: Rule) -> Iterator[Finding]:
    """A replica built from set photography is an employment replica, whatever it was called."""
    if case.reclassified is rule:
        what = (
            "the replica was called independent. It was built from photography on the set, so it"
            " counts as made under the engagement."
        )
        yield case.say("W_CLASS", rule, claimed="independent", what=what)


def attestation(
    case: Case,
    kind: str,
    id_: str | None = None,
    *,
    named: bool = False,
    until: datetime | None = None,
) -> Attestation | None:
    """A dated statement of this kind that is about the case and stands at ``as_of``.

    ``named``: it has to name the performer or the work. What is said of nobody and nothing frees
    nothing from consent. ``until``: it was made by then.
    """
    latest = case.as_of if until is None else min(until, case.as_of)
    works = {None, case.work.id, *case.above}
    found = [
        a
        for a in case.facts.attestations
        if a.kind == kind
        and id_ in {None, a.id}
        and a.at <= latest
        and (a.ends_at is None or case.as_of < a.ends_at)
        and a.performer_id in {None, case.check.performer}
        and a.work_id in works
        and not (named and a.performer_id is None and a.work_id is None)
        and a.organization_id in {None, case.producer.id}
    ]
    return max(found, key=lambda a: (a.at, a.id), default=None)


def dub_dates(case: Case, rule: Rule) -> tuple[bool | None, bool | None]:
    """Whether the contract and the start of photography are late enough for consent to dubbing.

    ``None``: not known. Sources differ on which of the two the agreement means.
    """
    return (
        _reached(case.days["engaged_on"], rule.row.day("contract_from")),
        _reached(case.photography_start, rule.row.day("photography_from")),
    )


def dub_needs_consent(case: Case) -> bool:
    """Whether a dub needs consent: unless a row in force says not yet."""
    rules = case.rules_doing("dub")
    silent = demanding(case) - {rule.pack.family for rule in rules}
    return not rules or bool(silent) or any(all(dub_dates(case, rule)) for rule in rules)


def demanding(case: Case) -> frozenset[str]:
    """The agreements and policies in force that ask for consent to this use themselves."""
    return frozenset(
        rule.pack.family
        for rule in case.rules_doing("consent")
        if rule.pack.kind in {AGREEMENT, POLICY}
    )


def dubbed(case: Case, rule: Rule) -> Iterator[Finding]:
    """Foreign-language dubbing by replica: who says that no consent is needed, and how surely."""
    contract, photography = dub_dates(case, rule)
    if photography is None:
        what = "when photography of the picture starts"
        yield case.say("A_FACT_NEEDED", rule, field="photography_start", what=what)
    if contract and photography:
        return
    if contract or photography:
        which = "the date of the performer's contract" if contract else "the start of photography"
        yield case.say("W_DUB_BASIS", rule, which=which)
    yield case.say("E_DUB_BEFORE", rule)


def _reached(day: date | None, since: date) -> bool | None:
    return None if day is None else day >= since
