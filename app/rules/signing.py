"""Who may say yes for a performer, on which proof, and how long a right to act for them runs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from app.rules.days import day_of
from app.rules.facts import Performer, Representation
from app.rules.reasons import plain
from app.rules.refusals import Refusal
from app.rules.standing import contested

NOT_YOURS: Final = (
    "You cannot answer for this performer. Only they, or a person whose right to sign was proven,"
    " can. Nothing was recorded."
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is about to sign. ``performer_id`` is the record that their own account claimed."""

    role: str  # performer | representative | agent | studio | union | …
    performer_id: str | None = None
    representation: Representation | None = None
    # Everybody who says that they answer for a dead performer, the signer among them.
    estates: tuple[Representation, ...] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """The right to sign: in which capacity, and on which proof."""

    by: str  # performer | guardian | estate | executor
    representation_id: str | None = None


def may_sign(
    performer: Performer, signer: Signer, *, as_of: datetime, zone: tzinfo = UTC
) -> Signing | Refusal:
    """Whether this person can say yes for the performer, and in which capacity. Source: RG-13.

    The performer signs as an adult and alive, a proven guardian for a minor, a proven estate after
    death, an attorney with the power to sign in the performer's place. A studio never does; an
    agent bargains and never signs. Days are those of ``zone``, in which the terms count theirs.
    """
    on = as_of.astimezone(zone).date()
    if signer.role == "performer":
        if signer.performer_id != performer.id:
            return Refusal("not_yours", NOT_YOURS)
        return _own_hand(performer, on)
    proof = signer.representation
    if signer.role != "representative" or proof is None:
        return Refusal("not_yours", NOT_YOURS)
    return _by_proof(performer, signer, proof, on, as_of)


def may_bargain(performer: Performer, signer: Signer, *, as_of: datetime) -> bool:
    """Whether this person can answer with other terms: who can sign, or holds a mandate to."""
    if isinstance(may_sign(performer, signer, as_of=as_of), Signing):
        return True
    proof = signer.representation
    return (
        proof is not None
        and runs(proof, performer, day_of(as_of), as_of)
        and bool({"bargain", "sign"} & {*proof.powers})
        and _alive(performer, day_of(as_of))
    )


def runs(proof: Representation, performer: Performer, on: date, at: datetime) -> bool:
    """Whether a proven right to act runs: in its dates, and while it is its turn.

    An agent's and an attorney's ends with the performer's life, a guardian's also on the day of
    coming of age; an estate's begins with the death.
    """
    if not _is_proof(proof, performer) or _outside(proof, on, at) is not None:
        return False
    if proof.kind in {"estate", "executor"}:
        return not _alive(performer, on)
    grown = performer.adult_from is not None and on >= performer.adult_from
    return _alive(performer, on) and not (proof.kind == "guardian" and grown)


def still_open(performer: Performer, as_of: datetime) -> Refusal | None:
    """Why nobody signs for the dead yet: the person can still say that they live."""
    if performer.alive_until is None or as_of >= performer.alive_until:
        return None
    return Refusal(
        "window_open",
        "The death was put on record not long ago. Until"
        f" {plain(performer.alive_until)} the person can still say that they live; nobody signs for"
        " them before. Nothing was signed.",
    )


def _own_hand(performer: Performer, on: date) -> Signing | Refusal:
    if not _alive(performer, on):
        return Refusal(
            "deceased",
            "The death of this performer is on record: the estate answers. If you are that person,"
            " say first that you live.",
        )
    if performer.adult_from is None:
        return Refusal(
            "age_unknown", "Whether this performer is of age is not on record. Nothing was signed."
        )
    if on < performer.adult_from:
        return Refusal(
            "minor", "A guardian whose right was proven signs for a minor. Nothing was signed."
        )
    return Signing("performer")


def _by_proof(
    performer: Performer, signer: Signer, proof: Representation, on: date, as_of: datetime
) -> Signing | Refusal:
    if proof.kind == "agent":
        return Refusal("agent", "An agent can bargain for this performer and cannot sign.")
    if not _is_proof(proof, performer) or "sign" not in proof.powers:
        return Refusal("not_proven", NOT_YOURS)
    over = _outside(proof, on, as_of)
    if over is not None:
        return over
    if proof.kind in {"estate", "executor"}:
        return _for_the_dead(performer, signer, proof, on, as_of)
    if proof.kind == "guardian":
        return _for_a_minor(performer, proof, on)
    own = _own_hand(performer, on)
    return own if isinstance(own, Refusal) else Signing("performer", proof.id)


def _is_proof(proof: Representation, performer: Performer) -> bool:
    return proof.performer_id == performer.id and proof.verified_by is not None


def _outside(proof: Representation, on: date, as_of: datetime) -> Refusal | None:
    """Why a proven right does not hold today: not yet, no more, or given up."""
    if on < proof.starts_on and not proof.begun_by(as_of):
        return Refusal(
            "not_begun",
            f"Your right to sign for this performer begins on {plain(proof.starts_on)}. Where the"
            f" terms count their days it is {plain(on)} now. Nothing was signed.",
        )
    if proof.ends_on is not None and on > proof.ends_on:
        return Refusal(
            "ended",
            f"Your right to sign for this performer ended after {plain(proof.ends_on)}."
            " Nothing was signed.",
        )
    if proof.withdrawn_at is not None and proof.withdrawn_at <= as_of:
        return Refusal(
            "settled",
            "Your claim to answer for this performer ended on"
            f" {plain(proof.withdrawn_at.date())}: it was given up, or a court settled it."
            " Nothing was signed.",
        )
    return None


def _for_the_dead(
    performer: Performer, signer: Signer, proof: Representation, on: date, as_of: datetime
) -> Signing | Refusal:
    if _alive(performer, on):
        return Refusal("alive", "No death of this performer is on record.")
    waiting = still_open(performer, as_of)
    if waiting is not None:
        return waiting
    if contested(signer.estates):
        return Refusal(
            "contested",
            "More than one side says that it answers for this performer. Until that is settled none"
            " of them can sign. What was signed before stands. Nothing was signed now.",
        )
    return Signing(proof.kind, proof.id)


def _for_a_minor(performer: Performer, proof: Representation, on: date) -> Signing | Refusal:
    adult = performer.adult_from
    if adult is not None and on >= adult and _alive(performer, on):
        return Refusal(
            "came_of_age",
            f"The performer came of age on {plain(adult)}, and a guardian's right ended with that."
            " From then on only they say yes. Nothing was signed.",
        )
    if not _alive(performer, on) or not _minor(performer, on):
        return Refusal("not_a_minor", "A guardian signs for a living minor only.")
    return Signing("guardian", proof.id)


def _alive(performer: Performer, on: date) -> bool:
    return performer.died_on is None or on < performer.died_on


def _minor(performer: Performer, on: date) -> bool:
    return performer.adult_from is not None and on < performer.adult_from
