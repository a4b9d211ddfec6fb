"""Validity: whether the consent that covers a use was given as it has to be, by whoever may.

Every function holds for any grant, so that among several that cover a use the sound one is found.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final

from app.rules.codes import DENY, NEEDS_ACTION
from app.rules.days import anniversary, day_of
from app.rules.decide import advice
from app.rules.decide.case import Case
from app.rules.decide.exemptions import attestation
from app.rules.decide.rows import Rule
from app.rules.facts import Grant, Representation, Signature
from app.rules.grants import is_confirmed, is_disputed
from app.rules.reasons import Reason
from app.rules.scope import described
from app.rules.standing import estate_proven, standing_unions

GrantStep = Callable[[Case, Rule, Grant], Iterator[Reason]]

_IDENTITIES: Final = ("stated", "contact_confirmed", "vouched")
_IDENTITY_WORDS: Final = {
    "stated": "known by word of the studio",
    "contact_confirmed": "known by a confirmed contact",
    "vouched": "vouched for",
}
_FORM_WORDS: Final = {
    "initial": "initialled by itself",
    "separate_signature": "signed by itself",
    "separate_document": "signed in a document of its own",
    "none": "among the standard terms, signed once for all",
}
_ELSEWHERE: Final = {"paper": "on paper", "imported": "elsewhere"}
_SIGNERS: Final = {
    "guardian": ("guardian",),
    "estate": ("estate", "executor"),
    "executor": ("estate", "executor"),
}


_FOR_THE_LIVING: Final = frozenset({"performer", "guardian"})
_WHO: Final = {
    "performer": "somebody in the performer's name, after the performer's death",
    "guardian": "a guardian",
    "estate": "an estate",
    "executor": "an executor",
    "union": "the union",
    "studio": "the studio",
}


class Doubt(IntEnum):
    """How badly a grant lacks validity."""

    NONE = 0
    ASKS = 1
    STOPS = 2


def weakness(case: Case, grant: Grant) -> Doubt:
    """The worst that the rows in force say about a grant."""
    worst = Doubt.NONE
    for rule in case.rules:
        for name in rule.row.does:
            if name in GRANT_STEPS:
                for reason in GRANT_STEPS[name](case, rule, grant):
                    worst = max(worst, _DOUBTS.get(reason.outcome, Doubt.NONE))
    return worst


_DOUBTS: Final = {DENY: Doubt.STOPS, NEEDS_ACTION: Doubt.ASKS}


def form(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """Clear and conspicuous, and signed by itself in one of the ways that the row admits."""
    admits = rule.row.names("forms")
    signed_for_it = any(
        c.grant_id == grant.id and c.work_id == case.work.id and c.signed_at <= case.as_of
        for c in case.facts.confirmations
    )
    # A confirmation of one work is a separate signed writing about it.
    kept = grant.form.separate_sign in admits or signed_for_it
    if not (grant.form.written and grant.form.clear_and_conspicuous and kept):
        wanted = " or ".join(_FORM_WORDS[name] for name in admits)
        yield case.say("D_FORM_NOT_SEPARATE", rule, wanted=wanted, found=_found(grant, admits))


def _found(grant: Grant, admits: tuple[str, ...]) -> str:
    if not grant.form.written:
        return "not in writing"
    if grant.form.separate_sign not in admits:
        return _FORM_WORDS[grant.form.separate_sign]
    return "hidden among other terms"


def conspicuous(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """Clear and conspicuous, in whatever form it was signed."""
    if not grant.form.clear_and_conspicuous:
        wanted, found = "easy to see among the other terms", "hidden among them"
        yield case.say("D_FORM_NOT_SEPARATE", rule, wanted=wanted, found=found)


def description(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A reasonably specific description of the intended use."""
    if not described(grant, case.facts, case.work.id, case.as_of).text.strip():
        words = "without a description of what the replica would do"
        yield case.say("D_DESC_MISSING", rule, signed=words)


# What a description can be asked to say besides what the replica does, and how that is put.
_STATEMENTS: Final = {
    "prior_ip": "whether the story or its world existed before",
    "reprised_role": "whether the performer returns to a part played before",
    "sensitive_content": "whether there is profanity, a slur or the like in it",
}


def description_states(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """The description says, one way or the other, each of the things that the row names.

    Whether the replica answers at run time is ticked alone in every consent, and so is said by it.
    Source: Interactive Media Agreement, the members of its description.
    """
    told = (described(grant, case.facts, case.work.id, case.as_of), grant.description)
    for name in rule.row.names("states"):
        if all(getattr(one, name) is None for one in told):
            words = f"a description that does not say {_STATEMENTS[name]}"
            yield case.say("D_DESC_MISSING", rule, signed=words, field=f"description.{name}")


# Pay that is the same however much of the replica is used.
_FLAT: Final = frozenset({"bargained_flat", "none"})
_WIDE: Final = frozenset({"franchise_umbrella", "franchise_blanket"})


def bought_out(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """One sum, or none, does not buy uses without any limit of number, of time and of works.

    The text was not read; the narrowest reading is taken: a last day, a cap, works that are named
    or frozen with the signature each limit what was bought. Source: Interactive Media Agreement.
    """
    scope = grant.scope
    caps = (scope.ends_on, scope.max_uses, scope.max_seconds)
    without_end = scope.mode in _WIDE and scope.membership != "frozen_at_grant"
    flat = grant.pay is not None and grant.pay.kind in _FLAT
    if flat and without_end and all(cap is None for cap in caps):
        yield case.say("D_UNLIMITED_BUYOUT", rule)


def enforceable(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A clause binds unless it fails in all three ways: one that is kept saves it.

    It lets the replica do what the performer would do in person; it does not describe the uses; and
    nobody stood by the performer. Source: California Labor Code §927, New York General Obligations
    Law §5-302, Illinois Public Act 103-0830.
    """
    if _says_what_for(case, grant) or _stood_by(case, rule, grant):
        return
    in_person = grant.form.replaces_in_person_work
    if in_person is None:
        yield case.say("A_CLAUSE_UNCLEAR", rule, law=rule.pack.title)
    elif in_person:
        yield case.say("D_CLAUSE_UNENFORCEABLE", rule, law=rule.pack.title)


def model_terms(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A yes to a model's replica states scope, purpose, pay and duration, and is signed by itself.

    The scope of a grant is always stated. Source: New York Labor Law §1037.
    """
    if not is_model(case):
        return
    text = described(grant, case.facts, case.work.id, case.as_of).text.strip()
    stated = (
        ("what it is for", bool(text)),
        ("what it pays", grant.pay is not None),
        ("how long it lasts", grant.scope.ends_on is not None),
    )
    missing = tuple(words for words, there in stated if not there)
    if missing:
        yield case.say("D_TERMS_UNSTATED", rule, law=rule.pack.title, missing=missing)
    yield from form(case, rule, grant)


def is_model(case: Case) -> bool:
    """Whether somebody engaged the performer as a model."""
    return any(job.role_class == "model" for job in case.engagements)


def _says_what_for(case: Case, grant: Grant) -> bool:
    """A description of the uses; or they are in keeping with the contract and the recording."""
    text = described(grant, case.facts, case.work.id, case.as_of).text.strip()
    return bool(text) or attestation(case, "consistent_use", named=True) is not None


def _stood_by(case: Case, rule: Rule, grant: Grant) -> bool:
    """Counsel who bargained, in the form that the law asks for, or a union's agreement."""
    form, admits = grant.form, rule.row.names("counsel_forms")
    by_counsel = (
        form.counsel_negotiated
        and form.written
        and form.clear_and_conspicuous
        and form.separate_sign in admits
    )
    return by_counsel or (rule.row.flag("collective") and _collectively(case))


def _collectively(case: Case) -> bool:
    """Whether an agreement of a union that speaks of replicas binds the work by now."""
    bound = case.packs.of(*case.families)
    return any(p.addresses_replicas and p.starts_on <= case.today for p in bound)


def term_cap(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A bill would end a yes after so many years, unless a union's agreement governs it."""
    if grant.signature is None or _collectively(case) or _minor_at(case, grant.signature):
        return
    last = _years_from(case, grant, grant.signature, rule.row.count("years"))
    yield from _capped(case, rule, grant, last)


def minor_term_cap(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A bill would end the yes for a minor sooner, at 18 at the latest, and ask a court first.

    Unless a union's agreement governs it. Source: NF-02.
    """
    signature, adult = grant.signature, case.performer and case.performer.adult_from
    if signature is None or not adult or _collectively(case) or not _minor_at(case, signature):
        return
    if not (grant.form.court_approval or "").strip():
        yield case.say("D_COURT_APPROVAL", rule)
    last = _years_from(case, grant, signature, rule.row.count("years"))
    yield from _capped(case, rule, grant, min(last, adult - timedelta(days=1)))


def _minor_at(case: Case, signature: Signature) -> bool:
    adult = case.performer.adult_from if case.performer else None
    return adult is not None and _day(case, signature) < adult


def _years_from(case: Case, grant: Grant, signature: Signature, years: int) -> date:
    """The last day of so many years; from 29 February on they are over with the last of it."""
    first = grant.scope.starts_on or _day(case, signature)
    return anniversary(first, years) - timedelta(days=1)


def _capped(case: Case, rule: Rule, grant: Grant, last: date) -> Iterator[Reason]:
    if grant.scope.ends_on is not None and grant.scope.ends_on <= last:
        return
    spared = any("grandfathered" in other.row.does for other in case.pending)
    yield case.say(
        "W_NF_CAP",
        rule,
        bill=rule.pack.title,
        years=rule.row.count("years"),
        ends=last,
        grandfathered=spared,
        spared_words=" It is reported to spare what was signed before." if spared else "",
    )


def written(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A yes is in writing. Source: NF-03, EQ-01."""
    if not grant.form.written:
        wanted, found = "put in writing", "not in writing"
        yield case.say("D_FORM_NOT_SEPARATE", rule, wanted=wanted, found=found)


def revocable(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A yes can be taken back at any time. Source: DK-01."""
    if grant.withdrawal.new_uses != "any_time":
        yield case.say("D_NOT_REVOCABLE", rule, law=rule.pack.title)


def signer(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """Only the performer, or a person whose right to sign was proven, can say yes."""
    signature = grant.signature
    if signature is None:
        return
    if is_disputed(signature, case.as_of):
        yield case.say("A_SIGNATURE_DISPUTED", rule, signed=day_of(signature.at))
    elif signature.method in _ELSEWHERE and not _answered(case, grant, signature):
        how = _ELSEWHERE[signature.method]
        yield case.say("W_PAPER_NOT_CONFIRMED", rule, how=how, signed=day_of(signature.at))
    asked_at = _withdrawal_asked(grant, case.as_of)
    if asked_at is not None:
        yield case.say("W_WITHDRAWAL_ASKED", rule, asked=day_of(asked_at))
    if not _may(case, signature):
        way = "" if case.died_on is None else "estate"
        signer = _WHO.get(signature.by, "somebody else")
        yield case.say("D_SIGNER", rule, way=way, signer=signer)
    elif signature.by in _FOR_THE_LIVING:
        yield from _of_age(case, rule, grant, signature)
    elif signature.by == "union" and not _own_yes(case, grant):
        yield from _for_the_estate(case, rule)


def _answered(case: Case, grant: Grant, signature: Signature) -> bool:
    """Whether the performer's side has stood by what was signed elsewhere."""
    return is_confirmed(signature, case.as_of) or _own_yes(case, grant)


def _own_yes(case: Case, grant: Grant) -> bool:
    return grant.own_yes_at is not None and grant.own_yes_at <= case.as_of


def _for_the_estate(case: Case, rule: Rule) -> Iterator[Reason]:
    """What the union signed for want of an estate carries nothing new once one is proven."""
    if _estate_proven(case, case.as_of) and case.died_on is not None:
        yield case.say("A_ESTATE_CONSENT", rule, died=case.died_on)


def _estate_proven(case: Case, at: datetime) -> bool:
    on = at.astimezone(case.zone).date()
    return estate_proven(case.facts, case.check.performer, on, at)


def _withdrawal_asked(grant: Grant, as_of: datetime) -> datetime | None:
    """When the performer asked to stop without the right to, while nobody has answered them."""
    asked, answered = grant.withdrawal_asked_at, grant.withdrawal_answered_at
    if asked is None or asked > as_of or (answered is not None and answered <= as_of):
        return None
    return asked


def _may(case: Case, signature: Signature) -> bool:
    died_on = case.performer.died_on if case.performer else None
    signed_on = _day(case, signature)
    if signature.by in _FOR_THE_LIVING:
        alive = died_on is None or signed_on <= died_on
        return alive and (signature.by == "performer" or _proven(case, signature))
    if died_on is None or signed_on < died_on:
        return False
    return _union_may(case, signature) if signature.by == "union" else _proven(case, signature)


def _union_may(case: Case, signature: Signature) -> bool:
    # The union's power over the dead comes from a row; it begins with a search that found nobody
    # and ends when an estate is proven.
    unions, union = unions_of(case), signature.organization_id
    return (
        "union_posthumous" in case.switched_on
        and attestation(case, "representative_search", until=signature.at) is not None
        and (bool(unions) if union is None else union in unions)
        # The union signs for want of an estate: one proven at that very instant came after it.
        and not _estate_proven(case, signature.at - timedelta(microseconds=1))
    )


def unions_of(case: Case) -> frozenset[str]:
    """The unions with standing over the use."""
    return standing_unions(
        case.facts,
        performer=case.check.performer,
        producer=case.producer.id,
        families=frozenset(case.families),
        as_of=case.as_of,
    )


def _of_age(case: Case, rule: Rule, grant: Grant, signature: Signature) -> Iterator[Reason]:
    adult = case.performer.adult_from if case.performer else None
    if adult is None:
        what = "whether the performer was of age when the consent was signed"
        yield case.say("A_FACT_NEEDED", rule, field="adult_from", what=what)
    elif _own_yes(case, grant):
        return
    elif signature.by == "performer" and _day(case, signature) < adult:
        yield case.say("A_GUARDIAN", rule)
    elif signature.by == "guardian" and max(case.on, case.today) >= adult:
        yield case.say("A_OWN_CONSENT", rule, adult=adult)


def _proven(case: Case, signature: Signature) -> bool:
    kinds = _SIGNERS.get(signature.by, ())
    on = _day(case, signature)
    return any(
        _may_sign(r, on, case, signature) and r.kind in kinds for r in case.facts.representations
    )


def _may_sign(proof: Representation, on: date, case: Case, signature: Signature) -> bool:
    return (
        proof.performer_id == case.check.performer
        and proof.verified_by is not None
        and "sign" in proof.powers
        and (on >= proof.starts_on or proof.begun_by(signature.at))
        and (proof.ends_on is None or on <= proof.ends_on)
        and (proof.withdrawn_at is None or signature.at < proof.withdrawn_at)
        and signature.representation_id in {None, proof.id}
    )


def identity(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """How well the registry has to know the signer, where an agreement says so."""
    floor = rule.row.word("floor")
    known = _known(case, grant.signature) if grant.signature else "stated"
    if _IDENTITIES.index(known) < _IDENTITIES.index(floor):
        yield case.say(
            "A_IDENTITY_WEAK", rule, floor=_IDENTITY_WORDS[floor], known=_IDENTITY_WORDS[known]
        )


def _known(case: Case, signature: Signature) -> str:
    # Of what was signed elsewhere the registry knows the signer by the studio's word, and from the
    # confirmation on as well as whoever confirmed it here.
    if is_confirmed(signature, case.as_of) and signature.confirmed_identity is not None:
        return signature.confirmed_identity
    return signature.identity


def _day(case: Case, signature: Signature) -> date:
    return signature.at.astimezone(case.zone).date()


GRANT_STEPS: Final[Mapping[str, GrantStep]] = {
    "form": form,
    "conspicuous": conspicuous,
    "description": description,
    "description_states": description_states,
    "bought_out": bought_out,
    "enforceable": enforceable,
    "model_terms": model_terms,
    "term_cap": term_cap,
    "revocable": revocable,
    "best_practice": advice.best_practice,
    "training_term": advice.training_term,
    "minor_term_cap": minor_term_cap,
    "written": written,
    "signer": signer,
    "identity_floor": identity,
}
