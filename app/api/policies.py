"""Who may do what: the one table. Every route names one entry, and the access tests read it too.

A policy says which *roles* may call and what a call must carry. Which *objects* a caller reaches is
said in ``own`` for the reader and enforced by the queries of store and registrar: what a caller
does not reach is answered like what does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app.registrar.callers import NEWCOMER, STUDIO, UNION

MIB: Final = 1024 * 1024

Key = Literal["none", "optional", "required"]


@dataclass(frozen=True, slots=True)
class Policy:
    """One entry. ``key``: what the Idempotency-Key header is; ``if_match``: it must be sent."""

    roles: frozenset[str]
    own: str = ""
    step_up: bool = False
    key: Key = "none"
    if_match: bool = False
    max_body: int = MIB
    public: bool = False
    # Nobody need sign in: without a token the caller is a newcomer without a name.
    anonymous: bool = False
    body: Literal["json", "form"] = "json"
    # What a role that may not is told, where that is more than that it may not.
    otherwise: str = ""
    # How often is limited: 429 where it was too often.
    limited: bool = False
    # The rule that they then read in the answer.
    rule: str = ""


CLEARANCE: Final = frozenset({"studio_clearance", "studio_admin"})
SIGNERS: Final = frozenset({"performer", "representative"})
OFFICERS: Final = frozenset({"union_officer"})
OFFICE: Final = frozenset({"registry_admin"})
READERS: Final = STUDIO | UNION | SIGNERS | {"auditor"}
ADMINS: Final = frozenset({"registry_admin", "studio_admin", "union_officer"})
ASKERS: Final = STUDIO | {"pipeline"}
EVERYONE: Final = READERS | {"pipeline", "vendor", "registry_admin"}

_NOT_THEIRS: Final = (
    "You cannot answer for this performer. Only they, or a person whose right to sign was proven, "
    "can. Nothing was recorded."
)
# How far each role sees, in the words of `own`.
_RECORD: Final = (
    "a performer their own, a representative their clients', a studio its own and what it is party "
    "to, a union its members' and signatory works', an auditor all (each read is on record)"
)

_MEANT: Final = (
    "a studio what it asked; whoever may be meant; of who has not claimed their record, their union"
)


_STATEMENTS = "a studio what it put on record; own; a client's; an auditor all"
_SHARED = (
    "a studio what it put on record; whose share is taken of it; a union its members' and "
    "signatory works', without the amount; an auditor all"
)


def _reads(roles: frozenset[str] = READERS, own: str = _RECORD) -> Policy:
    return Policy(roles, own)


def _acts(
    roles: frozenset[str],
    own: str,
    *,
    step_up: bool = False,
    key: Key = "optional",
    if_match: bool = False,
    limited: bool = False,
) -> Policy:
    return Policy(roles, own, step_up=step_up, key=key, if_match=if_match, limited=limited)


def _answers(
    own: str, *, step_up: bool = False, key: Key = "optional", if_match: bool = False
) -> Policy:
    """An answer that is the performer's alone. Source: RG-13."""
    return Policy(
        SIGNERS,
        own,
        step_up=step_up,
        key=key,
        if_match=if_match,
        otherwise=_NOT_THEIRS,
        rule="RG-13",
    )


POLICIES: Final[Mapping[str, Policy]] = {
    # Health, discovery, what problems and reasons mean.
    "public": Policy(frozenset(), public=True),
    "token.issue": Policy(frozenset(), public=True, body="form", max_body=16 * 1024),
    "metrics.read": Policy(frozenset({"registry_admin", "auditor"}), "the whole registry"),
    # Organizations, their people and their machines
    "organizations.list": _reads(EVERYONE - {"pipeline"}, "own and every union; the office all"),
    "organizations.register": _acts(OFFICE, "any"),
    "organizations.read": _reads(EVERYONE - {"pipeline"}, "own and every union; the office all"),
    "organizations.change": _acts(ADMINS, "own; the office all", if_match=True),
    "signatories.record": _acts(OFFICE | {"studio_admin"}, "a studio states its own"),
    "signatories.end": _acts(OFFICE, "any; nobody leaves an agreement by their own word"),
    "signatories.answer": _acts(OFFICE | OFFICERS, "any; of the own union's agreements"),
    "principals.list": _reads(ADMINS, "of the own organization; the office all"),
    "principals.add": _acts(ADMINS, "of the own organization; the office any"),
    "principals.suspend": _acts(ADMINS, "of the own organization; the office any"),
    "clients.list": _reads(OFFICE | {"studio_admin"}, "of the own organization; the office all"),
    # Without a key: the answer shows a secret, and what is kept under a key is kept in the clear.
    "clients.add": _acts(
        OFFICE | {"studio_admin"}, "of the own organization; the office any", key="none"
    ),
    "clients.suspend": _acts(OFFICE | {"studio_admin"}, "of the own organization; the office any"),
    # Performers
    "performers.match": _acts(CLEARANCE, "answers maybe or none, never data", limited=True),
    "matches.list": _reads(CLEARANCE | OFFICERS | {"performer"}, _MEANT),
    "matches.read": _reads(CLEARANCE | OFFICERS | {"performer"}, _MEANT),
    "matches.answer": _acts(OFFICERS | {"performer"}, _MEANT),
    "performers.list": _reads(READERS | OFFICE),
    "performers.record": _acts(CLEARANCE, "the recording studio's"),
    "performers.read": _reads(READERS | OFFICE),
    "performers.change": _acts(
        CLEARANCE | SIGNERS | OFFICE, "own record; the office a death", if_match=True
    ),
    "performers.invite": _acts(
        OFFICE | OFFICERS | CLEARANCE,
        "any; a union whom it speaks for; a studio whom it sees, and it learns no link and no code",
        key="none",
        limited=True,
    ),
    "invitations.list": _reads(CLEARANCE | OFFICERS | OFFICE | SIGNERS),
    "invitations.open": Policy(frozenset(), public=True, limited=True),
    "deliveries.list": _reads(
        OFFICE | OFFICERS, "any; what the own union passes on by hand to whom it invited"
    ),
    "deliveries.hand": _acts(
        OFFICE | OFFICERS, "any; what the own union passes on by hand to whom it invited"
    ),
    "performers.claim": Policy(
        frozenset({NEWCOMER}),
        "whoever holds the one-time code",
        key="optional",
        anonymous=True,
        limited=True,
    ),
    "performers.vouch": _acts(
        OFFICE | OFFICERS | {"representative"},
        "any; a union whom it speaks for; an agent of record a client",
    ),
    "merges.list": _reads(READERS | OFFICE),
    "merges.propose": _acts(
        CLEARANCE | OFFICERS | OFFICE | {"performer"},
        "two records that it sees; a performer their own, with the code of the other",
    ),
    "merges.confirm": _acts(
        OFFICE | OFFICERS | {"performer"}, "any; a union whom it speaks for; own; another person"
    ),
    "merges.end": _acts(OFFICE | OFFICERS | {"performer"}, "any; a union whom it speaks for; own"),
    "performers.suspend": _answers("own; a client's"),
    "performers.resume": _answers("own; a client's"),
    "representations.list": _reads(SIGNERS | OFFICE | OFFICERS | {"auditor"}),
    "representations.state": _acts(
        SIGNERS | OFFICE | OFFICERS, "own; a client's; the office any; a union whom it sees"
    ),
    "representations.verify": _acts(OFFICE | OFFICERS, "any; a union whom it sees"),
    "representations.end": _acts(SIGNERS | OFFICE, "own"),
    "representations.withdraw": _acts(
        frozenset({"representative"}) | OFFICE, "the own claim; the office any"
    ),
    "estates.settle": _acts(OFFICE, "any, as a court decided"),
    "deaths.report": _acts(OFFICE | OFFICERS | {"representative"}, "any; whom it sees; a client's"),
    "deaths.list": _reads(READERS | OFFICE),
    "deaths.confirm": _acts(OFFICE | OFFICERS, "any; a union whom it sees; never the first again"),
    # It gives the say back to the account, which others may hold by then.
    "deaths.contradict": _acts(frozenset({"performer"}), "own", step_up=True),
    "memberships.list": _reads(SIGNERS | UNION | OFFICE | {"auditor"}),
    "memberships.state": _acts(OFFICERS | {"performer"}, "own; of the own union, whom it sees"),
    "memberships.confirm": _acts(
        frozenset({"performer", "union_officer"}), "the side that did not state it"
    ),
    "memberships.dispute": _acts(frozenset({"performer", "union_officer"}), "either side"),
    "memberships.end": _acts(frozenset({"performer", "union_officer"}), "either side"),
    # Works
    "works.list": _reads(),
    "works.record": _acts(CLEARANCE, "own"),
    "works.read": _reads(),
    "works.change": _acts(CLEARANCE, "owned", if_match=True),
    "works.answer": _acts(OFFICE | OFFICERS, "any; signatory works"),
    "works.transfer": _acts(frozenset({"studio_admin"}), "owned"),
    "sales.list": _reads(own="seller and buyer; whose consents it touches; signatory works"),
    "sales.read": _reads(own="seller and buyer; whose consents it touches; signatory works"),
    "sales.confirm": _acts(frozenset({"studio_admin"}), "bought by the own studio"),
    "sales.withdraw": _acts(frozenset({"studio_admin"}), "sold by the own studio, not confirmed"),
    "edges.add": _acts(CLEARANCE, "child owned, parent owned"),
    "edges.answer": _acts(OFFICE | OFFICERS, "any; signatory works"),
    "edges.end": _acts(CLEARANCE, "child owned"),
    # Engagements, capture sessions, replicas
    "engagements.list": _reads(),
    "engagements.record": _acts(CLEARANCE, "own"),
    "engagements.read": _reads(),
    "engagements.change": _acts(CLEARANCE, "own", if_match=True),
    "engagements.answer": _acts(
        OFFICE | OFFICERS | {"performer"}, "any; of the own union's agreements; own"
    ),
    "capture_sessions.list": _reads(),
    "capture_sessions.plan": _acts(CLEARANCE, "own"),
    "capture_sessions.read": _reads(),
    "capture_sessions.change": _acts(CLEARANCE, "own", if_match=True),
    "capture_sessions.cancel": _acts(CLEARANCE, "own"),
    "replicas.list": _reads(READERS | {"vendor"}, "own; a vendor what it has in custody"),
    "replicas.record": _acts(CLEARANCE, "own"),
    "replicas.read": _reads(READERS | {"vendor"}, "own; a vendor what it has in custody"),
    "replicas.change": _acts(CLEARANCE, "own"),
    "transfers.list": _reads(READERS | {"vendor"}, "own: of, to or before the caller"),
    "transfers.read": _reads(READERS | {"vendor"}, "own: of, to or before the caller"),
    "transfers.submit": _acts(CLEARANCE, "own replicas"),
    "transfers.assume": _acts(CLEARANCE | {"vendor"}, "who takes it over"),
    "transfers.answer": _acts(OFFICERS, "the union that was told"),
    "transfers.complete": _acts(CLEARANCE, "own replicas"),
    "custodies.list": _reads(READERS | {"vendor"}, "own; held by or for the caller"),
    "custodies.read": _reads(READERS | {"vendor"}, "own; held by or for the caller"),
    "custodies.receive": _acts(CLEARANCE | {"vendor"}, "who holds it"),
    "custodies.end": _acts(CLEARANCE | {"vendor"}, "who holds it"),
    # Grants
    "grants.list": _reads(),
    "grants.propose": _acts(CLEARANCE, "own"),
    "grants.lint": _reads(CLEARANCE, "own; nothing is written"),
    "grants.read": _reads(),
    "grants.amend": _acts(CLEARANCE, "grantee", if_match=True),
    "grants.counter": _answers("own; a client's", if_match=True),
    "grants.take_back": _answers("own; a client's"),
    "grants.accept": _answers("own; signing right proven", step_up=True, key="required"),
    "grants.accept_for_the_dead": _acts(
        OFFICERS, "of the dead without an estate, with standing", step_up=True, key="required"
    ),
    "grants.void": _acts(OFFICE, "any, as a court or an arbitrator decided"),
    "grants.confirm": _answers("own; signing right proven", step_up=True),
    "grants.pass_on": _answers("own; signing right proven", step_up=True),
    "grants.decline": _answers("own; a client's"),
    "grants.withdraw": _acts(CLEARANCE, "grantee"),
    "grants.record_elsewhere": _acts(CLEARANCE, "grantee; a statement, never a signature"),
    "riders.record": Policy(
        CLEARANCE, "own; statements, never signatures", key="optional", max_body=10 * MIB
    ),
    "imports.record": Policy(
        STUDIO | SIGNERS, "as the route for one row", key="optional", max_body=10 * MIB
    ),
    "grants.dispute_signature": _answers("own; a client's"),
    "grants.revoke": _answers("own; signing right proven", step_up=True, key="required"),
    "grants.answer_withdrawal": _acts(CLEARANCE, "grantee"),
    "grants.preview_revocation": _reads(SIGNERS, "own; nothing is written"),
    "grants.suspend": _answers("own; a client's"),
    "grants.resume": _answers("own; signing right proven"),
    # Blocks
    "vetoes.list": _reads(),
    "vetoes.issue": _acts(OFFICERS, "with standing", step_up=True, key="required"),
    "vetoes.preview": _reads(OFFICERS, "with standing; nothing is written"),
    "vetoes.read": _reads(),
    "vetoes.confirm": _acts(OFFICERS, "a second officer of the own union", step_up=True),
    "vetoes.appeal": _acts(CLEARANCE | SIGNERS, "whom it stops"),
    "vetoes.rule": _acts(OFFICE, "any; with the document's hash"),
    "vetoes.narrow": _acts(OFFICERS, "own union's", step_up=True),
    "vetoes.lift": _acts(OFFICERS, "own union's", step_up=True),
    "vetoes.renew": _acts(OFFICERS, "own union's", step_up=True),
    "vetoes.except": _acts(OFFICERS, "own union's", step_up=True),
    "court_orders.list": _reads(
        STUDIO | SIGNERS | OFFICE | {"auditor"}, "of whom it names and whose uses it stops"
    ),
    "court_orders.read": _reads(
        STUDIO | SIGNERS | OFFICE | {"auditor"}, "of whom it names and whose uses it stops"
    ),
    "court_orders.record": _acts(OFFICE, "any"),
    "court_orders.end": _acts(OFFICE, "any"),
    # Uses, checks and what goes with them
    "uses.list": _reads(),
    "uses.register": _acts(CLEARANCE, "own", key="required"),
    "uses.read": _reads(),
    "uses.recheck": _acts(CLEARANCE, "own"),
    "uses.lock": _acts(CLEARANCE, "own"),
    "uses.release": _acts(CLEARANCE, "own"),
    "uses.withdraw": _acts(CLEARANCE, "own"),
    "uses.dispute": _answers("own; a client's"),
    "uses.release_unanswered": _acts(CLEARANCE, "own; never over a known no"),
    "uses.report": _acts(STUDIO, "own"),
    "checks.ask": _reads(
        ASKERS | {"auditor"},
        "for the own organization, an auditor for any; what is unknown is answered no",
    ),
    "checks.batch": Policy(ASKERS | {"auditor"}, "as checks.ask", max_body=10 * MIB),
    "checks.list": _reads(ASKERS | SIGNERS | {"auditor"}, "own questions; those about oneself"),
    "checks.read": _reads(ASKERS | SIGNERS | {"auditor"}, "own questions; those about oneself"),
    "checks.replay": _reads(ASKERS | SIGNERS | {"auditor"}, "own questions; those about oneself"),
    "dues.list": _reads(own="own; that the studio pays; of the union's members, without amounts"),
    "dues.read": _reads(own="own; that the studio pays; of the union's members, without amounts"),
    "dues.dispute": _acts(STUDIO | SIGNERS, "own; a client's; that the studio pays"),
    "dues.settle": _acts(
        OFFICE | OFFICERS | STUDIO | SIGNERS, "any; a union's members'; a side of the line"
    ),
    "payments.list": _reads(own="own; the studio's; to the union's members, without amounts"),
    "payments.read": _reads(own="own; the studio's; to the union's members, without amounts"),
    "payments.say": _acts(STUDIO, "what the own studio owes", key="required"),
    "payments.answer": _answers("own; a client's"),
    "estimates.list": _reads(),
    "estimates.state": _acts(CLEARANCE, "own"),
    "estimates.read": _reads(),
    "estimates.answer": _answers("own; a client's"),
    "estimates.resolve": _acts(OFFICE | OFFICERS, "any; a union's members'"),
    "attestations.list": _reads(STUDIO | SIGNERS | {"vendor", "auditor"}, "own; a client's"),
    "attestations.read": _reads(STUDIO | SIGNERS | {"vendor", "auditor"}, "own; a client's"),
    "attestations.withdraw": _answers("own; a client's"),
    "attestations.make": _acts(
        CLEARANCE | OFFICERS | {"vendor"}, "own; a union a search for who speaks for the dead"
    ),
    "notices.list": _reads(),
    "notices.read": _reads(),
    "notices.send": _acts(CLEARANCE | SIGNERS, "own; for removal a performer's side"),
    "notices.answer": _acts(OFFICERS | SIGNERS, "whom it was sent to"),
    "work_days.list": _reads(own="of the works that the caller sees"),
    "work_days.read": _reads(own="of the works that the caller sees"),
    "work_days.count": _acts(CLEARANCE, "own"),
    # What others say was paid, and what shares are taken of
    "residual_statements.list": _reads(STUDIO | SIGNERS | {"auditor"}, _STATEMENTS),
    "residual_statements.read": _reads(STUDIO | SIGNERS | {"auditor"}, _STATEMENTS),
    "residual_statements.record": _acts(STUDIO | SIGNERS, "whom it sees; own; a client's"),
    "residual_statements.correct": _acts(STUDIO | SIGNERS, "who put it on record"),
    "residual_statements.withdraw": _acts(STUDIO | SIGNERS, "who put it on record"),
    "statements.read": _reads(
        STUDIO | SIGNERS | {"auditor"}, "a studio what it pays; own; a client's; an auditor any"
    ),
    "payrolls.read": _reads(STUDIO, "what the own studio owes"),
    "statements.own": _reads(frozenset({"performer"}), "own"),
    "base_reports.list": _reads(own=_SHARED),
    "base_reports.read": _reads(own=_SHARED),
    "base_reports.record": _acts(STUDIO, "works that it sees"),
    "base_reports.correct": _acts(STUDIO, "who put it on record"),
    "base_reports.answer": _acts(SIGNERS | OFFICERS, _SHARED),
    # Whose word a fact is
    "facts.list": _reads(READERS | OFFICE, "what the caller sees; a union what its members say"),
    # What is said in advance
    "instructions.list": _reads(SIGNERS | {"auditor"}, "own; a client's"),
    "instructions.state": _answers("own; a client's; signing right proven"),
    "instructions.end": _answers("own; a client's; signing right proven"),
    # What is not listed
    "sightings.list": _reads(own="own; that name the studio; of whom the union speaks for"),
    "sightings.read": _reads(own="own; that name the studio; of whom the union speaks for"),
    "sightings.report": _answers("own; a client's"),
    "sightings.answer": _acts(CLEARANCE | OFFICERS, "whom the case is for"),
    "sightings.close": _answers("own; a client's"),
    # Threads
    "messages.list": _reads(own="what the caller is a side of; an auditor all"),
    "messages.read": _reads(own="what the caller is a side of; an auditor all"),
    "messages.write": _acts(STUDIO | UNION | SIGNERS, "parties to what it is about"),
    "messages.respond": _acts(STUDIO | UNION | SIGNERS, "whom it was written to"),
    # A union's queue
    "queue.read": _reads(UNION, "own union's"),
    "queue.answer": _acts(OFFICERS, "own union's"),
    "queue.veto": _acts(OFFICERS, "own union's, with standing", step_up=True, key="required"),
    "cases.list": _reads(UNION | {"auditor"}, "own union's"),
    "cases.read": _reads(UNION | {"auditor"}, "own union's"),
    "flag_rules.list": _reads(UNION | {"auditor"}, "own union's"),
    "flag_rules.read": _reads(UNION | {"auditor"}, "own union's"),
    "flag_rules.state": _acts(OFFICERS, "own union's"),
    "flag_rules.end": _acts(OFFICERS, "own union's"),
    "reminders.give": _acts(OFFICE, "any"),
    # The log and the packs
    "events.list": _reads(EVERYONE, "what the caller may see; runs of others' are one line"),
    "events.read": _reads(EVERYONE, "what the caller may see"),
    "dossiers.read": _reads(frozenset({"auditor"}), "any pair; each read is on record"),
    "inbox.read": _reads(CLEARANCE, "of the own studio"),
    "me.read": _reads(SIGNERS, "about oneself; about clients"),
    "agreements.list": _reads(EVERYONE, "any"),
    "agreements.read": _reads(EVERYONE, "any"),
    "agreements.rates": _reads(EVERYONE, "any"),
    "agreements.verify": _acts(OFFICE, "any"),
}
