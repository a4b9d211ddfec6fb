"""The life of a grant: who may do what to it and when, what its terms hash to, how it ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from app.rules.days import day_of, start_of
from app.rules.facts import (
    Grant,
    Pay,
    Scope,
    Signature,
    Suspension,
    Withdrawal,
)
from app.rules.proofs.canonical import canonical
from app.rules.reasons import plain
from app.rules.refusals import FieldError, Refusal
from app.rules.signing import NOT_YOURS
from app.rules.terms import Money
from app.rules.uses import USES

TERMS_DOMAIN: Final = "consent-registry/terms/1"

STATES: Final = (
    "draft",
    "offered",
    "signed",
    "union_review",
    "active",
    "declined",
    "withdrawn",
    "revoked",
    "superseded",
    "void",
)
SCOPE_MODES: Final = (
    "single_work",
    "enumerated_works",
    "franchise_umbrella",
    "franchise_blanket",
)
MEMBERSHIPS: Final = ("frozen_at_grant", "announced_list", "dynamic")
WITHDRAWALS: Final = ("any_time", "after_days", "not_before", "only_if_agreement_says")

# The defaults of a new grant; those of scope and withdrawal are the defaults of the facts
# themselves: one work, frozen, everything that is ticked alone unticked, new uses stopped at any
# time.
ANSWER_DAYS: Final = 14
ANSWER_HOURS_MIN: Final = 48
# A withdrawal that was asked for without the right to it, as long as the studio has not answered.
WITHDRAWAL_OPEN: Final = "open"
POSTHUMOUS_DEFAULT: Final = "life_only"
# What needs a yes of its own in the scope, besides naming the use.
TICKED_ALONE: Final[Mapping[str, str]] = MappingProxyType(
    {"train_model": "training", "dub": "dubbing", "promo": "marketing", "realtime": "realtime"}
)

_TICK: Final = timedelta(microseconds=1)
# Pay that is a price, and so no pay without one.
_PRICED: Final = frozenset({"bargained_flat", "per_day", "per_use"})
# Pay that is a share of what is reported; an amount beside it is paid in any case.
SHARED: Final = frozenset({"royalty", "participation"})
_SIGNERS: Final = frozenset({"performer", "representative"})
_STUDIO: Final = frozenset({"studio"})
_BARGAINERS: Final = frozenset({"performer", "representative", "agent"})
_REGISTRY: Final = frozenset({"registry"})

# Act and state before, to who may do it and the state after. A representative is one whose right to
# sign was proven; the registry acts by itself within somebody's act. Suspended and expired are
# derived and no states on record.
TRANSITIONS: Final[Mapping[tuple[str, str], tuple[frozenset[str], str]]] = MappingProxyType(
    {
        ("offer", "draft"): (_STUDIO, "offered"),
        ("accept", "offered"): (_SIGNERS, "signed"),
        ("decline", "offered"): (_BARGAINERS, "declined"),
        ("withdraw", "draft"): (_STUDIO, "withdrawn"),
        ("withdraw", "offered"): (_STUDIO, "withdrawn"),
        # New terms from either side. They bind nobody until the other side takes exactly them.
        ("amend", "offered"): (_STUDIO, "offered"),
        ("amend", "active"): (_STUDIO, "active"),
        ("counter", "offered"): (_BARGAINERS, "offered"),
        ("counter", "active"): (_BARGAINERS, "active"),
        # What a guardian or a union signed becomes the person's own yes, or the estate's.
        ("own_yes", "active"): (_SIGNERS, "active"),
        # For the dead, where nobody was found who speaks for them.
        ("accept_for_the_dead", "offered"): (frozenset({"union"}), "signed"),
        # A counter-offer that the performer signed in advance, taken as it stands.
        ("close", "offered"): (_STUDIO, "signed"),
        ("close", "active"): (_STUDIO, "active"),
        ("accept_amendment", "active"): (_SIGNERS, "active"),
        ("decline_amendment", "active"): (_SIGNERS, "active"),
        ("activate", "signed"): (_REGISTRY, "active"),
        ("review", "signed"): (_REGISTRY, "union_review"),
        ("pass", "union_review"): (frozenset({"union", "registry"}), "active"),
        ("confirm_work", "active"): (_SIGNERS, "active"),
        # What was signed elsewhere is the studio's statement until the performer confirms it.
        ("record_elsewhere", "offered"): (_STUDIO, "signed"),
        ("confirm_signature", "active"): (_SIGNERS, "active"),
        ("dispute_signature", "active"): (_SIGNERS, "active"),
        ("dispute_signature", "revoked"): (_SIGNERS, "revoked"),
        # Stopping is easier than starting: an agent may do it, and may not undo it.
        ("suspend", "active"): (_BARGAINERS, "active"),
        ("resume", "active"): (_SIGNERS, "active"),
        ("revoke", "signed"): (_SIGNERS, "revoked"),
        ("revoke", "union_review"): (_SIGNERS, "revoked"),
        ("revoke", "active"): (_SIGNERS, "revoked"),
        # What was asked for without the right to it takes effect if the studio lets it.
        ("answer_withdrawal", "signed"): (_STUDIO, "revoked"),
        ("answer_withdrawal", "union_review"): (_STUDIO, "revoked"),
        ("answer_withdrawal", "active"): (_STUDIO, "revoked"),
        ("supersede", "active"): (_REGISTRY, "superseded"),
        ("void", "signed"): (frozenset({"registry_admin"}), "void"),
        ("void", "union_review"): (frozenset({"registry_admin"}), "void"),
        ("void", "active"): (frozenset({"registry_admin"}), "void"),
        # The consent never was one, so that not even finished uses rest on it.
        ("void", "revoked"): (frozenset({"registry_admin"}), "void"),
        ("void", "superseded"): (frozenset({"registry_admin"}), "void"),
    }
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Open terms from one side that the other has not answered."""

    by: str  # studio | performer
    terms_hash: str
    # The performer signed them in advance: "signed if they agree to exactly this".
    presigned: bool = False


def move(act: str, state: str, role: str) -> str | Refusal:
    """The state after the act, or why not: not from this state, or not by this role.

    Who may not do a thing at all is told so, whatever the state.
    """
    known = [(s, *rest) for (a, s), rest in TRANSITIONS.items() if a == act]
    if not any(role in allowed for _, allowed, _ in known):
        return Refusal("not_yours", NOT_YOURS)
    allowed, after = TRANSITIONS.get((act, state), (frozenset(), state))
    if role not in allowed:
        return Refusal("not_now", f"This cannot be done to a consent that is {_said(state)}.")
    return after


def settled(*, review: bool) -> tuple[str, ...]:
    """The states that a grant passes right after its signature, within the act that signed it."""
    return ("signed", "union_review") if review else ("signed", "active")


# Terms that came after the first release stand in the document only where something is said of
# them, so that what was hashed before they existed keeps its hash.
LATER: Final = frozenset({"prior_ip", "reprised_role", "sensitive_content", "share", "base"})


def terms_document(grant: Grant) -> dict[str, object]:
    """Everything that a signature is under, the works that were shown included, as plain JSON."""
    return {
        "v": TERMS_DOMAIN,
        "performer": grant.performer_id,
        "grantee": grant.grantee_id,
        "replica": grant.replica_id,
        "agreement": grant.agreement,
        "scope": _plain(grant.scope),
        "shown_works": sorted(grant.shown_works),
        "exclusions": _plain(grant.exclusions),
        "description": _plain(grant.description),
        "pay": _plain(grant.pay),
        "form": _plain(grant.form),
        "withdrawal": _plain(grant.withdrawal),
        "posthumous": grant.posthumous,
    }


def terms_hash(document: Mapping[str, object]) -> str:
    """SHA-256 over the canonical JSON of a terms document, in hexadecimal."""
    return sha256(canonical(document)).hexdigest()


def binds(signed_hash: str, standing_hash: str) -> Refusal | None:
    """Whether what the caller read is what stands; a yes to anything else is none."""
    if signed_hash == standing_hash:
        return None
    return Refusal(
        "changed",
        "This request changed while you were reading. Nothing was signed. See what changed.",
    )


def closing(proposal: Proposal | None, answer_hash: str, *, by: str) -> bool | Refusal:
    """Take the other side's open terms as they stand.

    ``True`` when that binds both at once, ``False`` when the performer's signature is still
    missing: a counter-offer that was not signed in advance becomes the offer.
    """
    if proposal is None or proposal.by == by:
        return Refusal("nothing_open", "The other side has proposed nothing that is open.")
    changed = binds(answer_hash, proposal.terms_hash)
    if changed is not None:
        return changed
    return by == "performer" or proposal.presigned


def is_confirmed(signature: Signature, as_of: datetime) -> bool:
    """Whether the performer's side had said by ``as_of`` that the signature is theirs."""
    return signature.confirmed_at is not None and signature.confirmed_at <= as_of


def is_disputed(signature: Signature, as_of: datetime) -> bool:
    """Whether the last that the performer's side had said by ``as_of`` is that it is not theirs."""
    disputed_at, confirmed_at = signature.disputed_at, signature.confirmed_at
    if disputed_at is None or as_of < disputed_at:
        return False
    return not (confirmed_at is not None and disputed_at < confirmed_at <= as_of)


def answer_refusal(signature: Signature, *, mine: bool) -> Refusal | None:
    """Why the performer's side cannot say now that a signature is theirs, or that it is not.

    Each of the two is said once, in either order, so that both keep their instant: what was
    answered for any time in between stays as it was.
    """
    if mine and signature.method == "in_registry" and signature.disputed_at is None:
        return Refusal("signed_here", "This was signed here; there is nothing to confirm.")
    if mine and signature.confirmed_at is not None:
        return Refusal(
            "confirmed",
            "You have confirmed this signature before. If you said since that it is not yours, the"
            " studio has to ask you anew.",
        )
    if not mine and signature.disputed_at is not None:
        return Refusal(
            "disputed",
            "You have said before that this signature is not yours. If you confirmed it since, take"
            " your yes back to stop new uses.",
        )
    return None


def signed_elsewhere_at(signed_on: date, recorded_at: datetime) -> datetime | FieldError:
    """From when a yes counts of which only the day is known: from the end of it, in UTC.

    Of the hour nobody knows, so that nothing is taken to be signed before it was. What is recorded
    on that day was signed by then.
    """
    if signed_on > day_of(recorded_at):
        return FieldError("/signed_on", "in-the-future", "must not be after today")
    return min(start_of(signed_on + timedelta(days=1)) - _TICK, recorded_at)


def revocation_effect(withdrawal: Withdrawal, asked_at: datetime) -> datetime | None:
    """When new uses stop if asked at ``asked_at``; ``None`` if the terms give no right to it.

    Asking without the right is put on record all the same and the studio has to answer.
    """
    if withdrawal.new_uses == "any_time":
        return asked_at
    if withdrawal.new_uses == "after_days" and withdrawal.days is not None:
        return asked_at + timedelta(days=withdrawal.days)
    if withdrawal.new_uses == "not_before" and withdrawal.not_before is not None:
        return max(asked_at, start_of(withdrawal.not_before))
    return None


def withdrawal_words(effective: datetime | None, *, now: datetime, answer_by: datetime) -> str:
    """What asking to stop comes to, in words that are read before and after it."""
    if effective is None:
        return (
            "What was signed does not let new uses be stopped by asking alone. The wish is put on"
            f" record, and the studio has to answer it by {plain(answer_by)}. Until it agrees, uses"
            " go on."
        )
    runs_on = "What was finished before may go on being shown."
    if effective <= now:
        return f"New uses stop now. {runs_on}"
    return f"New uses stop on {plain(effective)}. Until then they go on. {runs_on}"


def revoked_at(grant: Grant, as_of: datetime) -> bool:
    """Whether a revocation stops new uses at ``as_of``; until its effect the grant runs on."""
    return grant.revoked_from is not None and grant.revoked_from <= as_of


def terms_at(grant: Grant, as_of: datetime) -> Grant:
    """The version of a consent that counts at ``as_of``; those before it stay with it.

    Terms are in force from their signature until later terms are signed, so new terms never reach
    back. Before the first signature it is the first version, which is not in force yet. A consent
    that is void never was one, whatever its versions said.
    """
    versions = (*grant.earlier, grant)
    if grant.state == "void" or not grant.earlier:
        return grant
    signed = [
        n for n, v in enumerate(versions) if v.signature is not None and v.signature.at <= as_of
    ]
    last = signed[-1] if signed else 0
    return replace(versions[last], earlier=versions[:last])


def suspended_at(grant: Grant, suspensions: Sequence[Suspension], as_of: datetime) -> bool:
    """Whether a pause of this grant, or of all the performer's, is on at ``as_of``."""
    return any(
        s.performer_id == grant.performer_id
        and s.grant_id in {None, grant.id}
        and s.starts_at <= as_of
        and (s.ends_at is None or as_of < s.ends_at)
        for s in suspensions
    )


def answer_by(offered_at: datetime, wanted: datetime | None = None) -> datetime | FieldError:
    """Until when an offer waits. Silence is no; nobody is given less than two days."""
    if wanted is None:
        return offered_at + timedelta(days=ANSWER_DAYS)
    if wanted < offered_at + timedelta(hours=ANSWER_HOURS_MIN):
        return FieldError(
            "/answer_by", "out-of-range", f"leave at least {ANSWER_HOURS_MIN} hours to answer"
        )
    return wanted


def terms_errors(grant: Grant) -> tuple[FieldError, ...]:
    """What makes terms unfit to be proposed; empty when they can be."""
    return (
        *_scope_errors(grant.scope),
        *_withdrawal_errors(grant.withdrawal),
        *_pay_errors(grant.pay),
    )


def confirmation_refusal(grant: Grant, *, covered: bool, description: str) -> Refusal | None:
    """Why a yes to one work cannot be recorded. ``covered``: the grant's scope reaches it."""
    if grant.scope.mode == "single_work":
        return Refusal(
            "no_confirmation_needed", "Only works under a consent to several are confirmed singly."
        )
    if not covered:
        return Refusal("not_covered", "This consent does not reach that work.")
    if not description.strip():
        return Refusal("no_description", "Say what the replica will do in this work.")
    return None


def _said(state: str) -> str:
    return {"offered": "not signed yet", "union_review": "being looked at by the union"}.get(
        state, state
    )


def _scope_errors(scope: Scope) -> Iterator[FieldError]:
    for name, value, known in (
        ("mode", scope.mode, SCOPE_MODES),
        ("membership", scope.membership, MEMBERSHIPS),
    ):
        if value not in known:
            yield FieldError(f"/scope/{name}", "unknown", f"must be one of {', '.join(known)}")
    if not scope.works:
        yield FieldError("/scope/works", "required", "name the works")
    elif scope.mode == "single_work" and len(scope.works) > 1:
        yield FieldError("/scope/works", "too-many", "a consent for a single work names one")
    if not scope.uses:
        yield FieldError("/scope/uses", "required", "name the uses")
    yield from _use_errors(scope)
    if (
        scope.starts_on is not None
        and scope.ends_on is not None
        and scope.ends_on < scope.starts_on
    ):
        yield FieldError("/scope/ends_on", "out-of-range", "must not be before `starts_on`")


def _use_errors(scope: Scope) -> Iterator[FieldError]:
    for i, use in enumerate(scope.uses):
        tick = TICKED_ALONE.get(use)
        if use not in USES:
            yield FieldError(f"/scope/uses/{i}", "unknown", f"`{use}` is not a use")
        elif tick is not None and not getattr(scope, tick):
            yield FieldError(f"/scope/{tick}", "ticked-alone", f"`{use}` needs `{tick}` said alone")


def _pay_errors(pay: Pay | None) -> Iterator[FieldError]:
    if pay is None:
        return
    if pay.kind in _PRICED and pay.amount is None:
        yield FieldError(
            "/pay/amount", "required", "say how much; only days times the rate need none"
        )
    for name, value in (("share", pay.share), ("base", pay.base)):
        if pay.kind in SHARED and value is None:
            yield FieldError(f"/pay/{name}", "required", "say what share, and of what")
        if pay.kind not in SHARED and value is not None:
            detail = "only a royalty or a participation is a share of something"
            yield FieldError(f"/pay/{name}", "not-taken", detail)


def _withdrawal_errors(withdrawal: Withdrawal) -> Iterator[FieldError]:
    if withdrawal.new_uses not in WITHDRAWALS:
        yield FieldError(
            "/withdrawal/new_uses", "unknown", f"must be one of {', '.join(WITHDRAWALS)}"
        )
    if withdrawal.new_uses == "after_days" and (withdrawal.days is None or withdrawal.days < 0):
        yield FieldError("/withdrawal/days", "required", "say after how many days")
    if withdrawal.new_uses == "not_before" and withdrawal.not_before is None:
        yield FieldError("/withdrawal/not_before", "required", "say from which day")


def _plain(value: object) -> object:
    """The document that `app.rules.facts.read` makes ``value`` from."""
    if isinstance(value, Money):
        return value.wire()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        said = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {n: member for n, member in said.items() if member is not None or n not in LATER}
    return value
