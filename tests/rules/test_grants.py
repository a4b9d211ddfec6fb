"""The life of a grant: who signs, what the signature is under, how it ends."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.rules.facts import (
    Description,
    Exclusion,
    Form,
    Grant,
    Pay,
    Performer,
    Representation,
    Scope,
    Signature,
    Suspension,
    Withdrawal,
    read,
)
from app.rules.grants import (
    POSTHUMOUS_DEFAULT,
    STATES,
    TICKED_ALONE,
    TRANSITIONS,
    Proposal,
    answer_by,
    binds,
    closing,
    confirmation_refusal,
    move,
    revocation_effect,
    revoked_at,
    settled,
    suspended_at,
    terms_at,
    terms_document,
    terms_errors,
    terms_hash,
    withdrawal_words,
)
from app.rules.refusals import FieldError, Refusal
from app.rules.signing import Signer, Signing, may_bargain, may_sign, runs
from app.rules.terms import Money
from tests.support.made import DAY, NOON, TICK, TODAY, a_grant, a_performer, a_proof

ROLES = ("studio", "performer", "representative", "agent", "union", "registry", "registry_admin")


def test_every_transition_is_between_known_states_by_known_roles() -> None:
    for (_, before), (roles, after) in TRANSITIONS.items():
        assert before in STATES
        assert after in STATES
        assert roles <= {*ROLES}


@pytest.mark.parametrize(
    ("act", "state", "role", "after"),
    [
        pytest.param("offer", "draft", "studio", "offered", id="a studio proposes"),
        pytest.param("accept", "offered", "performer", "signed", id="the performer signs"),
        pytest.param("accept", "offered", "representative", "signed", id="a proven person signs"),
        pytest.param("accept", "offered", "studio", "not_yours", id="a studio never signs"),
        pytest.param("accept", "offered", "agent", "not_yours", id="an agent never signs"),
        pytest.param("accept", "offered", "union", "not_yours", id="a union never signs"),
        pytest.param("accept", "active", "performer", "not_now", id="signed already"),
        pytest.param("accept", "withdrawn", "performer", "not_now", id="taken back meanwhile"),
        pytest.param("counter", "offered", "agent", "offered", id="an agent bargains"),
        pytest.param("counter", "offered", "studio", "not_yours", id="against itself"),
        pytest.param("counter", "active", "performer", "active", id="against an amendment"),
        pytest.param("amend", "offered", "studio", "offered", id="other terms before signing"),
        pytest.param("amend", "active", "studio", "active", id="other terms after signing"),
        pytest.param("amend", "active", "performer", "not_yours", id="hers are counter-offers"),
        pytest.param("close", "offered", "studio", "signed", id="a pre-signed counter is taken"),
        pytest.param("accept_amendment", "active", "performer", "active", id="an amendment signed"),
        pytest.param("accept_amendment", "active", "agent", "not_yours", id="but not by an agent"),
        pytest.param("decline", "offered", "agent", "declined", id="an agent says no"),
        pytest.param("decline", "active", "performer", "not_now", id="a yes is not declined"),
        pytest.param("withdraw", "offered", "studio", "withdrawn", id="the offer is taken back"),
        pytest.param("withdraw", "active", "studio", "not_now", id="a yes is not taken back"),
        pytest.param("withdraw", "offered", "performer", "not_yours", id="it is not hers"),
        pytest.param("activate", "signed", "registry", "active", id="in force"),
        pytest.param("review", "signed", "registry", "union_review", id="the union looks"),
        pytest.param("pass", "union_review", "union", "active", id="and passes it"),
        pytest.param("revoke", "active", "performer", "revoked", id="revoked"),
        pytest.param("revoke", "union_review", "performer", "revoked", id="revoked early"),
        pytest.param("revoke", "active", "studio", "not_yours", id="a studio revokes nothing"),
        pytest.param("revoke", "revoked", "performer", "not_now", id="revoked already"),
        pytest.param("suspend", "active", "agent", "active", id="an agent may stop"),
        pytest.param("resume", "active", "agent", "not_yours", id="and not start again"),
        pytest.param("supersede", "active", "registry", "superseded", id="replaced"),
        pytest.param("void", "revoked", "registry_admin", "void", id="never was a consent"),
        pytest.param("void", "active", "performer", "not_yours", id="not by a party"),
        pytest.param("sell", "active", "studio", "not_yours", id="no such act"),
    ],
)
def test_who_may_do_what_to_a_grant(act: str, state: str, role: str, after: str) -> None:
    found = move(act, state, role)
    assert (found.code if isinstance(found, Refusal) else found) == after


def test_a_state_is_said_in_words() -> None:
    early = move("revoke", "offered", "performer")
    late = move("accept", "union_review", "performer")
    assert isinstance(early, Refusal)
    assert isinstance(late, Refusal)
    assert early.sentence == "This cannot be done to a consent that is not signed yet."
    assert late.sentence == "This cannot be done to a consent that is being looked at by the union."


@given(
    st.sampled_from(sorted({act for act, _ in TRANSITIONS})),
    st.sampled_from(STATES),
    st.sampled_from(["studio", "agent", "union", "registry"]),
)
def test_nobody_but_the_signers_gives_or_takes_back_a_yes(act: str, state: str, role: str) -> None:
    found = move(act, state, role)
    if act in {"accept", "accept_amendment", "confirm_work", "revoke", "resume"}:
        assert isinstance(found, Refusal)


def test_what_is_signed_is_in_force_in_the_same_act_unless_the_union_looks_first() -> None:
    assert settled(review=False) == ("signed", "active")
    assert settled(review=True) == ("signed", "union_review")


HERSELF = Signer("performer", performer_id="ada")
ADULT = a_performer()
MINOR = a_performer(adult_from=TODAY + DAY)
DEAD = a_performer(died_on=TODAY)


def by(**changes: Any) -> Signer:
    return Signer("representative", representation=a_proof(**changes))


@pytest.mark.parametrize(
    ("performer", "signer", "capacity"),
    [
        pytest.param(ADULT, HERSELF, "performer", id="herself"),
        pytest.param(a_performer(adult_from=TODAY), HERSELF, "performer", id="on the birthday"),
        pytest.param(MINOR, HERSELF, "minor", id="the day before it"),
        pytest.param(a_performer(adult_from=None), HERSELF, "age_unknown", id="age not on record"),
        pytest.param(DEAD, HERSELF, "deceased", id="with her account, after death"),
        pytest.param(
            a_performer(died_on=TODAY + DAY), HERSELF, "performer", id="the day before death"
        ),
        pytest.param(ADULT, Signer("performer", "bob"), "not_yours", id="another performer"),
        pytest.param(ADULT, Signer("performer"), "not_yours", id="who claimed no record"),
        pytest.param(ADULT, Signer("studio", "ada"), "not_yours", id="a studio"),
        pytest.param(ADULT, Signer("union"), "not_yours", id="a union"),
        pytest.param(ADULT, Signer("representative"), "not_yours", id="who shows no proof"),
        pytest.param(ADULT, by(), "performer", id="an attorney"),
        pytest.param(MINOR, by(), "minor", id="an attorney for a minor"),
        pytest.param(DEAD, by(), "deceased", id="an attorney, after death"),
        pytest.param(ADULT, by(kind="agent"), "agent", id="an agent, whatever it may sign"),
        pytest.param(ADULT, by(verified_by=None), "not_proven", id="an unproven attorney"),
        pytest.param(ADULT, by(performer_id="bob"), "not_proven", id="somebody else's attorney"),
        pytest.param(ADULT, by(powers=("view", "bargain")), "not_proven", id="who may not sign"),
        pytest.param(ADULT, by(starts_on=TODAY), "performer", id="on the first day"),
        pytest.param(ADULT, by(starts_on=TODAY + DAY), "not_begun", id="before the first day"),
        pytest.param(ADULT, by(ends_on=TODAY), "performer", id="on the last day"),
        pytest.param(
            ADULT,
            by(starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY),
            "ended",
            id="after the last day",
        ),
        pytest.param(DEAD, by(kind="estate", withdrawn_at=NOON), "settled", id="who gave it up"),
        pytest.param(
            DEAD, by(kind="estate", withdrawn_at=NOON + TICK), "estate", id="a tick before that"
        ),
        pytest.param(MINOR, by(kind="guardian"), "guardian", id="a guardian"),
        pytest.param(
            a_performer(adult_from=TODAY), by(kind="guardian"), "came_of_age", id="of a grown child"
        ),
        pytest.param(
            a_performer(adult_from=None), by(kind="guardian"), "not_a_minor", id="of who knows whom"
        ),
        pytest.param(
            a_performer(adult_from=TODAY + DAY, died_on=TODAY),
            by(kind="guardian"),
            "not_a_minor",
            id="of a dead child",
        ),
        pytest.param(DEAD, by(kind="estate"), "estate", id="the estate"),
        pytest.param(DEAD, by(kind="executor"), "executor", id="the executor"),
        pytest.param(ADULT, by(kind="estate"), "alive", id="the estate of the living"),
        pytest.param(
            a_performer(died_on=TODAY + DAY), by(kind="estate"), "alive", id="the estate too early"
        ),
    ],
)
def test_only_the_person_or_a_proven_representative_signs(
    performer: Performer, signer: Signer, capacity: str
) -> None:
    found = may_sign(performer, signer, as_of=NOON)
    if isinstance(found, Signing):
        assert found.by == capacity
        proof = signer.representation
        assert found.representation_id == (proof.id if proof else None)
    else:
        assert found.code == capacity


@pytest.mark.parametrize(
    ("open_until", "code"),
    [
        pytest.param(NOON + TICK, "window_open", id="while the person can say that they live"),
        pytest.param(NOON, None, id="once that is over"),
    ],
)
def test_nobody_signs_for_the_dead_while_they_can_contradict(
    open_until: datetime, code: str | None
) -> None:
    dead = a_performer(died_on=TODAY, alive_until=open_until)
    found = may_sign(dead, by(kind="executor"), as_of=NOON)
    assert (found.code if isinstance(found, Refusal) else None) == code


@pytest.mark.parametrize(
    ("rival", "code"),
    [
        pytest.param({"document_hash": "b"}, "contested", id="on another paper"),
        pytest.param({"document_hash": "a"}, None, id="a second executor on the same paper"),
        pytest.param({"document_hash": None}, "contested", id="without a paper"),
    ],
)
def test_rivals_for_an_estate_sign_nothing(rival: dict[str, Any], code: str | None) -> None:
    first = a_proof(kind="executor", document_hash="a")
    second = a_proof(id="repr-2", representative_id="usr-2", kind="estate", **rival)
    signer = Signer("representative", representation=first, estates=(first, second))
    found = may_sign(DEAD, signer, as_of=NOON)
    assert (found.code if isinstance(found, Refusal) else None) == code


@pytest.mark.parametrize(
    ("hour", "code"),
    [
        pytest.param(7, "minor", id="still the day before in Los Angeles"),
        pytest.param(8, None, id="her birthday there"),
    ],
)
def test_who_is_of_age_is_a_question_of_the_day_in_the_zone_of_the_terms(
    hour: int, code: str | None
) -> None:
    grown = a_performer(adult_from=TODAY)
    at = NOON.replace(hour=hour)
    found = may_sign(grown, HERSELF, as_of=at, zone=ZoneInfo("America/Los_Angeles"))
    assert (found.code if isinstance(found, Refusal) else None) == code
    proof = by(kind="guardian", starts_on=TODAY - DAY)
    guardian = may_sign(grown, proof, as_of=at, zone=ZoneInfo("America/Los_Angeles"))
    assert isinstance(guardian, Signing) == (code is not None)


@pytest.mark.parametrize(
    ("performer", "proof", "expected"),
    [
        pytest.param(ADULT, {"kind": "agent"}, True, id="an agent"),
        pytest.param(DEAD, {"kind": "agent"}, False, id="an agent of the dead"),
        pytest.param(ADULT, {"kind": "agent", "ends_on": TODAY - DAY}, False, id="after a year"),
        pytest.param(ADULT, {"verified_by": None}, False, id="an unproven attorney"),
        pytest.param(MINOR, {"kind": "guardian"}, True, id="a guardian"),
        pytest.param(ADULT, {"kind": "guardian"}, False, id="a guardian of a grown child"),
        pytest.param(ADULT, {"kind": "estate"}, False, id="the estate of the living"),
        pytest.param(DEAD, {"kind": "estate"}, True, id="the estate"),
    ],
)
def test_how_long_a_mandate_runs(
    performer: Performer, proof: dict[str, Any], expected: bool
) -> None:
    starts = {"starts_on": TODAY - 365 * DAY}
    assert runs(a_proof(**starts | proof), performer, TODAY, NOON) is expected


def test_a_studio_is_told_that_nothing_was_recorded() -> None:
    found = may_sign(ADULT, Signer("studio"), as_of=NOON)
    assert isinstance(found, Refusal)
    assert found.sentence == (
        "You cannot answer for this performer. Only they, or a person whose right to sign was"
        " proven, can. Nothing was recorded."
    )


AGENT = {"kind": "agent", "powers": ("view", "bargain")}


@pytest.mark.parametrize(
    ("performer", "proof", "allowed"),
    [
        pytest.param(ADULT, AGENT, True, id="an agent"),
        pytest.param(ADULT, AGENT | {"powers": ("view",)}, False, id="an agent who only looks"),
        pytest.param(ADULT, AGENT | {"verified_by": None}, False, id="without a mandate"),
        pytest.param(DEAD, AGENT, False, id="an agent of the dead"),
        pytest.param(MINOR, {"kind": "attorney"}, True, id="an attorney who cannot sign for her"),
        pytest.param(ADULT, {"kind": "attorney"}, True, id="an attorney who can"),
    ],
)
def test_who_bargains(performer: Performer, proof: dict[str, Any], allowed: bool) -> None:
    assert may_bargain(performer, by(**proof), as_of=NOON) is allowed


def test_a_studio_does_not_bargain_with_itself() -> None:
    assert may_bargain(ADULT, Signer("studio"), as_of=NOON) is False


FULL = a_grant(
    scope=Scope(works=("nova",), uses=("stunt",), ends_on=date(2027, 1, 1), max_uses=3),
    shown_works=("nova-1", "nova-2"),
    exclusions=(Exclusion("tag", "nudity"),),
    description=Description("Aerial stunts, scenes 40 to 60.", tags=("stunts",)),
    pay=Pay("per_day", Money(128300, "USD")),
    withdrawal=Withdrawal("not_before", not_before=date(2026, 12, 1)),
    agreement="sag-aftra/tv-theatrical",
    posthumous="survives",
)


def hashed(grant: Grant) -> str:
    return terms_hash(terms_document(grant))


def test_the_terms_hash_is_over_the_canonical_json_of_the_terms() -> None:
    document = terms_document(FULL)
    assert hashed(FULL) == sha256(rfc8785.dumps(document)).hexdigest()  # type: ignore[arg-type]


def test_the_terms_read_back_as_what_was_signed() -> None:
    document = terms_document(FULL)
    for name, kind in (
        ("scope", Scope),
        ("description", Description),
        ("pay", Pay),
        ("form", Form),
        ("withdrawal", Withdrawal),
    ):
        part = document[name]
        assert isinstance(part, dict)
        assert read(kind, part) == getattr(FULL, name)
    assert document["exclusions"] == [{"axis": "tag", "value": "nudity"}]


TERMS: dict[str, Any] = {
    "performer_id": "bob",
    "grantee_id": "studio-p",
    "replica_id": "repl-1",
    "agreement": None,
    "scope": replace(FULL.scope, max_uses=4),
    "shown_works": ("nova-1",),
    "exclusions": (),
    "description": replace(FULL.description, text="Stunts."),
    "pay": None,
    "form": Form(separate_sign="initial"),
    "withdrawal": Withdrawal(),
    "posthumous": "life_only",
}


@pytest.mark.parametrize("name", sorted(TERMS))
def test_whatever_is_signed_changes_the_hash(name: str) -> None:
    assert hashed(replace(FULL, **{name: TERMS[name]})) != hashed(FULL)


def test_what_is_not_signed_does_not_change_the_hash() -> None:
    life: dict[str, Any] = {
        "id": "grant-2",
        "version": 2,
        "state": "revoked",
        "revoked_from": NOON,
        "terms_hash": "0",
    }
    assert hashed(replace(FULL, **life)) == hashed(FULL)
    assert hashed(replace(FULL, shown_works=("nova-2", "nova-1"))) == hashed(FULL)
    others = {"signature", "declined_at", "ratified_from", "withdrawal_asked_at", "earlier"}
    others |= {"withdrawal_answered_at", "own_yes_at", "offered_at"}
    assert {f.name for f in fields(Grant)} == {*TERMS} | {*life} | others


def test_a_yes_binds_to_exactly_what_was_read() -> None:
    assert binds("a", "a") is None
    changed = binds("a", "b")
    assert changed is not None
    assert changed.code == "changed"


@pytest.mark.parametrize(
    ("proposal", "answer", "by_", "found"),
    [
        pytest.param(Proposal("performer", "h", True), "h", "studio", True, id="pre-signed"),
        pytest.param(Proposal("performer", "h"), "h", "studio", False, id="not signed yet"),
        pytest.param(Proposal("studio", "h"), "h", "performer", True, id="an amendment signed"),
        pytest.param(Proposal("performer", "h", True), "g", "studio", "changed", id="other terms"),
        pytest.param(Proposal("studio", "h"), "h", "studio", "nothing_open", id="one's own"),
        pytest.param(None, "h", "studio", "nothing_open", id="nothing proposed"),
    ],
)
def test_taking_the_other_sides_terms(
    proposal: Proposal | None, answer: str, by_: str, found: bool | str
) -> None:
    taken = closing(proposal, answer, by=by_)
    assert (taken.code if isinstance(taken, Refusal) else taken) == found


@pytest.mark.parametrize(
    ("withdrawal", "effect"),
    [
        pytest.param(Withdrawal(), NOON, id="any time"),
        pytest.param(Withdrawal("after_days", days=30), NOON + 30 * DAY, id="after 30 days"),
        pytest.param(Withdrawal("after_days", days=0), NOON, id="after no days"),
        pytest.param(Withdrawal("after_days"), None, id="after nobody said how many"),
        pytest.param(
            Withdrawal("not_before", not_before=TODAY + DAY),
            datetime(2026, 11, 21, tzinfo=UTC),
            id="not before tomorrow",
        ),
        pytest.param(Withdrawal("not_before", not_before=TODAY), NOON, id="not before today"),
        pytest.param(Withdrawal("not_before"), None, id="not before nobody said when"),
        pytest.param(Withdrawal("only_if_agreement_says"), None, id="no right to it"),
    ],
)
def test_when_a_withdrawal_stops_new_uses(withdrawal: Withdrawal, effect: datetime | None) -> None:
    assert revocation_effect(withdrawal, NOON) == effect


def test_revoked_with_30_days_on_1_november_runs_on_20_november_and_not_on_2_december() -> None:
    asked = datetime(2026, 11, 1, tzinfo=UTC)
    effect = revocation_effect(Withdrawal("after_days", days=30), asked)
    grant = a_grant(state="revoked", revoked_from=effect)
    assert not revoked_at(grant, datetime(2026, 11, 20, tzinfo=UTC))
    assert revoked_at(grant, datetime(2026, 12, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("at", "revoked"),
    [
        pytest.param(NOON - TICK, False, id="just before its effect"),
        pytest.param(NOON, True, id="at its effect"),
        pytest.param(NOON + TICK, True, id="just after"),
    ],
)
def test_a_revocation_in_time(at: datetime, revoked: bool) -> None:
    assert revoked_at(a_grant(state="revoked", revoked_from=NOON), at) is revoked
    assert revoked_at(a_grant(), at) is False


FIRST = a_grant(signature=Signature(NOON))
SECOND = a_grant(version=2, signature=Signature(NOON + DAY))
THIRD = a_grant(version=3, signature=Signature(NOON + 2 * DAY), earlier=(FIRST, SECOND))


@pytest.mark.parametrize(
    ("at", "version", "before"),
    [
        pytest.param(NOON - TICK, 1, (), id="before any signature"),
        pytest.param(NOON, 1, (), id="signed"),
        pytest.param(NOON + DAY - TICK, 1, (), id="just before other terms"),
        pytest.param(NOON + DAY, 2, (FIRST,), id="at the signature of other terms"),
        pytest.param(NOON + 2 * DAY - TICK, 2, (FIRST,), id="just before the last"),
        pytest.param(NOON + 2 * DAY, 3, (FIRST, SECOND), id="at the last signature"),
    ],
)
def test_the_terms_of_a_consent_at_a_time(
    at: datetime, version: int, before: tuple[Grant, ...]
) -> None:
    found = terms_at(THIRD, at)
    assert (found.version, found.earlier) == (version, before)


def test_of_two_signatures_at_one_instant_the_later_version_counts() -> None:
    again = replace(FIRST, version=2, earlier=(FIRST,))
    assert terms_at(again, NOON) == again


def test_what_is_void_never_was_a_consent_whatever_its_versions_said() -> None:
    void = replace(THIRD, state="void")
    assert terms_at(void, NOON) == void


@pytest.mark.parametrize(
    ("pause", "at", "suspended"),
    [
        pytest.param({}, NOON - TICK, False, id="just before"),
        pytest.param({}, NOON, True, id="from its start"),
        pytest.param({}, NOON + DAY - TICK, True, id="to just before its end"),
        pytest.param({}, NOON + DAY, False, id="not at its end"),
        pytest.param({"ends_at": None}, NOON + 999 * DAY, True, id="without an end"),
        pytest.param({"grant_id": None}, NOON, True, id="of all grants"),
        pytest.param({"grant_id": "grant-2"}, NOON, False, id="of another grant"),
        pytest.param({"performer_id": "bob"}, NOON, False, id="of another performer"),
    ],
)
def test_a_pause_of_a_grant_is_derived(
    pause: dict[str, Any], at: datetime, suspended: bool
) -> None:
    values: dict[str, Any] = {
        "id": "susp-1",
        "performer_id": "ada",
        "grant_id": "grant-1",
        "starts_at": NOON,
        "ends_at": NOON + DAY,
    }
    assert suspended_at(a_grant(), [Suspension(**(values | pause))], at) is suspended


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(None, NOON + 14 * DAY, id="two weeks unless said"),
        pytest.param(NOON + timedelta(hours=48), NOON + 2 * DAY, id="two days are enough"),
        pytest.param(NOON + timedelta(hours=48) - TICK, None, id="less is not"),
        pytest.param(NOON + 99 * DAY, NOON + 99 * DAY, id="more is"),
    ],
)
def test_how_long_an_offer_waits(wanted: datetime | None, expected: datetime | None) -> None:
    found = answer_by(NOON, wanted)
    assert (None if isinstance(found, FieldError) else found) == expected


def test_the_defaults_say_no() -> None:
    scope = Scope()
    assert (scope.mode, scope.membership, scope.uses) == ("single_work", "frozen_at_grant", ())
    assert not any(getattr(scope, tick) for tick in TICKED_ALONE.values())
    assert (Withdrawal().new_uses, Withdrawal().pause) == ("any_time", True)
    assert POSTHUMOUS_DEFAULT == "life_only"


GOOD = Scope(works=("nova-1",), uses=("stunt",))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        pytest.param(GOOD, [], id="one work, one use"),
        pytest.param(replace(GOOD, works=()), [("/scope/works", "required")], id="no work"),
        pytest.param(replace(GOOD, works=("a", "b")), [("/scope/works", "too-many")], id="two"),
        pytest.param(
            replace(GOOD, works=("a", "b"), mode="enumerated_works"), [], id="two, enumerated"
        ),
        pytest.param(replace(GOOD, uses=()), [("/scope/uses", "required")], id="no use"),
        pytest.param(replace(GOOD, uses=("fly",)), [("/scope/uses/0", "unknown")], id="no such"),
        pytest.param(replace(GOOD, mode="all"), [("/scope/mode", "unknown")], id="no such mode"),
        pytest.param(
            replace(GOOD, membership="all"), [("/scope/membership", "unknown")], id="no such policy"
        ),
        pytest.param(
            replace(GOOD, uses=("stunt", "train_model")),
            [("/scope/training", "ticked-alone")],
            id="training among other uses",
        ),
        pytest.param(
            replace(GOOD, uses=("stunt", "train_model"), training=True), [], id="training ticked"
        ),
        pytest.param(
            replace(GOOD, uses=("dub", "promo", "realtime")),
            [
                ("/scope/dubbing", "ticked-alone"),
                ("/scope/marketing", "ticked-alone"),
                ("/scope/realtime", "ticked-alone"),
            ],
            id="each is ticked alone",
        ),
        pytest.param(
            replace(GOOD, starts_on=TODAY, ends_on=TODAY - DAY),
            [("/scope/ends_on", "out-of-range")],
            id="ends before it starts",
        ),
        pytest.param(replace(GOOD, starts_on=TODAY, ends_on=TODAY), [], id="for one day"),
        pytest.param(replace(GOOD, ends_on=TODAY), [], id="to a day"),
        pytest.param(replace(GOOD, starts_on=TODAY), [], id="from a day"),
    ],
)
def test_terms_that_cannot_be_proposed(scope: Scope, expected: list[tuple[str, str]]) -> None:
    assert [(e.pointer, e.code) for e in terms_errors(a_grant(scope=scope))] == expected


@pytest.mark.parametrize(
    ("withdrawal", "expected"),
    [
        pytest.param(Withdrawal(), [], id="any time"),
        pytest.param(Withdrawal("after_days", days=30), [], id="after 30 days"),
        pytest.param(Withdrawal("after_days"), ["/withdrawal/days"], id="after how many"),
        pytest.param(Withdrawal("after_days", days=-1), ["/withdrawal/days"], id="before"),
        pytest.param(Withdrawal("not_before"), ["/withdrawal/not_before"], id="not before when"),
        pytest.param(Withdrawal("not_before", not_before=TODAY), [], id="not before today"),
        pytest.param(Withdrawal("never"), ["/withdrawal/new_uses"], id="no such term"),
    ],
)
def test_a_withdrawal_is_said_before_signing(withdrawal: Withdrawal, expected: list[str]) -> None:
    found = terms_errors(a_grant(scope=GOOD, withdrawal=withdrawal))
    assert [e.pointer for e in found] == expected


@pytest.mark.parametrize(
    ("mode", "covered", "description", "code"),
    [
        pytest.param("franchise_umbrella", True, "Stunts.", None, id="a work under an umbrella"),
        pytest.param(
            "single_work", True, "Stunts.", "no_confirmation_needed", id="there is no umbrella"
        ),
        pytest.param("franchise_umbrella", False, "Stunts.", "not_covered", id="not under it"),
        pytest.param("franchise_umbrella", True, " ", "no_description", id="a yes to anything"),
    ],
)
def test_works_under_an_umbrella_are_confirmed_singly(
    mode: str, covered: bool, description: str, code: str | None
) -> None:
    grant = a_grant(scope=replace(GOOD, mode=mode))
    found = confirmation_refusal(grant, covered=covered, description=description)
    assert (found.code if found else None) == code


def test_a_representation_of_nobody_proves_nothing() -> None:
    proof = Representation("repr-1", "bob", "usr-1", "attorney", ("sign",), verified_by="usr-2")
    found = may_sign(ADULT, Signer("representative", representation=proof), as_of=NOON)
    assert isinstance(found, Refusal)


@pytest.mark.parametrize(
    ("effective", "says"),
    [
        (None, "the studio has to answer it by 4 December 2026, 12:00 UTC."),
        (NOON, "New uses stop now. What was finished before"),
        (NOON + 30 * DAY, "New uses stop on 20 December 2026, 12:00 UTC. Until then they go on."),
    ],
)
def test_what_asking_to_stop_comes_to_is_said_in_words(
    effective: datetime | None, says: str
) -> None:
    assert says in withdrawal_words(effective, now=NOON, answer_by=NOON + 14 * DAY)


@pytest.mark.parametrize("kind", ["bargained_flat", "per_day", "per_use"])
def test_a_price_needs_an_amount(kind: str) -> None:
    (error,) = terms_errors(replace(FULL, pay=Pay(kind)))
    assert error.pointer == "/pay/amount"
    assert terms_errors(replace(FULL, pay=Pay(kind, Money(100, "USD")))) == ()
