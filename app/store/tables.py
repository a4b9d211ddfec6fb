"""Every table, once. Only `app.store` imports this module.

Versioned tables keep every version of a row: ``id`` and ``version`` identify one, ``recorded_idx``
is the log index that wrote it and ``superseded_idx`` the one that replaced it (half-open, in record
time). A row in force now has ``superseded_idx IS NULL``. World time, where a fact has one, is in
columns of its own (``starts_at``, ``ends_on`` …).

``info["part"]`` of a column or table names the part of the log payload that carries it
(`app.rules.entries.PARTS`).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    TIMESTAMP,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql.type_api import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant.

    ``timestamptz`` on PostgreSQL; on SQLite RFC 3339 text of fixed width, so that it sorts.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's type on this engine."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """What the driver is given."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(
        self,
        value: datetime | str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """What the driver gave, aware and in UTC."""
        if value is None:
            return None
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(UTC)


# ``None`` is SQL NULL in every column, never the JSON value ``null``.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _versioned(name: str, *items: SchemaItem, part: str = "record") -> Table:
    return Table(
        name,
        metadata,
        Column("id", String(64), nullable=False),
        Column("version", Integer, nullable=False),
        *items,
        Column("recorded_idx", BigInteger, nullable=False),
        Column("superseded_idx", BigInteger),
        PrimaryKeyConstraint("id", "version"),
        CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx", name="record_time_ordered"
        ),
        # A second wall: two acts can never both leave a version in force.
        Index(
            f"uq_{name}_current",
            "id",
            unique=True,
            sqlite_where=Column("superseded_idx").is_(None),
            postgresql_where=Column("superseded_idx").is_(None),
        ),
        info={"part": part, "versioned": True},
    )


def _authors() -> tuple[Column[Any], ...]:
    return (
        Column("stated_by", String(64)),
        Column("confirmed_by", String(64)),
        Column("disputed_by", String(64)),
        # A confirmation, a dispute and its settlement are themselves facts of an instant.
        Column("confirmed_at", Instant),
        Column("disputed_at", Instant),
        Column("settled_at", Instant),
        # Disputes that were settled before the one above was raised: {by, at, settled_at}.
        Column("disputes_before", Json),
    )


def _id(name: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, String(64), nullable=nullable, index=index)


organization = _versioned(
    "organization",
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("agreements", Json, nullable=False, default=list),
    Column("registry_rules_accepted_on", Date),
    *_authors(),
    CheckConstraint("kind IN ('studio', 'union', 'agency', 'vendor')", name="kind_known"),
)

signatory = _versioned(
    "signatory",
    _id("organization_id", index=True),
    _id("union_id", nullable=True, index=True),
    Column("agreement", String(128), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    *_authors(),
)

# A person (or a pipeline client) who acts. Roles of a member belong to one organization.
principal = _versioned(
    "principal",
    Column(
        "kind", String(16), nullable=False
    ),  # user | client | performer | representative | registry_admin | auditor
    _id("organization_id", nullable=True, index=True),
    _id("performer_id", nullable=True, index=True),
    _id("work_id", nullable=True),  # a pipeline client may be tied to one work and its descendants
    Column("role", String(32), nullable=False),
    Column("issuer", Text, info={"part": "who"}),
    Column("subject", Text, info={"part": "who"}),
    Column("secret_hash", String(128), info={"part": "who"}),
    Column("suspended_at", Instant),
    Index("ix_principal_subject", "issuer", "subject"),
)

performer = _versioned(
    "performer",
    Column("identity", String(24), nullable=False, default="stated"),
    Column("adult_from", Date),
    Column("died_on", Date),
    # Until then the person can say that they live; nobody signs for the dead before.
    Column("alive_until", Instant),
    Column("claimed_at", Instant),
    Column("residence", String(16)),
    # Where they lived before, as it was on record then: {residence, until}.
    Column("lived_before", Json),
    _id("created_by", index=True),
    _id("vouched_by", nullable=True),
    Column("vouched_at", Instant),
    CheckConstraint(
        "identity IN ('stated', 'contact_confirmed', 'vouched')", name="identity_known"
    ),
)

# INVARIANT: personal data lives only here; unversioned, erasable, and never in a log entry.
private_fact = Table(
    "private_fact",
    metadata,
    Column("subject_id", String(64), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("value", Text, nullable=False),
    # A blind match asks by value, and so does a union for whom a studio's hint names it.
    Index("ix_private_fact_field_value", "field", "value"),
    info={"part": "who"},
)

membership = _versioned(
    "membership",
    _id("performer_id", index=True),
    _id("union_id", index=True),
    Column("unit", String(64)),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    *_authors(),
)

representation = _versioned(
    "representation",
    _id("performer_id", index=True),
    _id("representative_id", index=True),
    Column("kind", String(16), nullable=False),
    Column("powers", Json, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    _id("verified_by", nullable=True),
    Column("verified_at", Instant),
    Column("stated_at", Instant),
    # The paper that the right was proven with.
    Column("document_hash", String(64)),
    # A claim to an estate that was given up, or that a court settled, with the court's paper.
    Column("withdrawn_at", Instant),
    Column("settlement_hash", String(64)),
)

# A death as two persons record it; without a day it says that the record of one is wrong.
death = _versioned(
    "death",
    _id("performer_id", index=True),
    Column("died_on", Date),
    Column("document_hash", String(64), nullable=False),
    Column("reported_at", Instant, nullable=False),
    _id("reported_by"),
    _id("reported_for", nullable=True),
    Column("confirmed_at", Instant),
    _id("confirmed_by", nullable=True),
    Column("confirmed_hash", String(64)),
    Column("alive_until", Instant),
    Column("undone_at", Instant),
)

# Two records of one person. In force in ``[starts_at, ends_at)``; both are merged from then on.
merge = _versioned(
    "merge",
    _id("performer_id", index=True),
    _id("other_id", index=True),
    Column("state", String(16), nullable=False),
    Column("reason", Text, info={"part": "who"}),
    _id("proposed_by"),
    Column("proposed_as", String(32), nullable=False),
    _id("confirmed_by", nullable=True),
    Column("starts_at", Instant),
    # Who says that it is wrong; ends it once another person says so too.
    _id("doubted_by", nullable=True),
    Column("doubted_as", String(32)),
    _id("ended_by", nullable=True),
    Column("ends_at", Instant),
    CheckConstraint("performer_id <> other_id", name="two_records"),
    CheckConstraint("state IN ('proposed', 'declined', 'merged', 'ended')", name="state_known"),
)

# A blind question of a studio; what it typed of the person is in `private_fact`.
match_request = _versioned(
    "match_request",
    _id("asked_by", index=True),
    Column("asked_at", Instant, nullable=False),
    Column("said", String(8), nullable=False),
)

# One for each record that may be meant; one without a performer where there is none.
match_answer = _versioned(
    "match_answer",
    _id("request_id", index=True),
    _id("performer_id", nullable=True, index=True),
    Column("answer", String(16)),
    _id("answered_by", nullable=True),
    Column("answered_as", String(16)),
    Column("answered_at", Instant),
)

# Of its link and its codes nothing is kept: they are derived from its id and a key on disk.
invitation = _versioned(
    "invitation",
    _id("performer_id", index=True),
    _id("made_by", index=True),
    Column("way", String(8), nullable=False),
    _id("grant_id", nullable=True),
    Column("expires_at", Instant, nullable=False),
    Column("openings", Integer, nullable=False, default=0),
    Column("opened_at", Instant),
    Column("used_at", Instant),
    CheckConstraint("way IN ('mail', 'text', 'hand')", name="way_known"),
)

# A message to be delivered outside of the act that made it.
delivery = _versioned(
    "delivery",
    _id("invitation_id", index=True),
    Column("kind", String(16), nullable=False),
    # Which opening of the invitation a code is of; 0: the link itself.
    Column("opening", Integer, nullable=False, default=0),
    Column("way", String(8), nullable=False),
    Column("state", String(8), nullable=False, default="waiting", index=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("tried_at", Instant),
    Column("done_at", Instant),
    Column("failure", String(64)),
    CheckConstraint("state IN ('waiting', 'sent', 'failed', 'handed')", name="state_known"),
)

work = _versioned(
    "work",
    Column("kind", String(24), nullable=False),
    Column("title", Text, nullable=False),
    _id("owner_id", index=True),
    Column("agreement", String(128)),
    Column("photography_start", Date),
    Column("first_exposed_on", Date),
    Column("content_tags", Json),
    # What changes in the world, as it was stated before: {agreement, content_tags, until}.
    Column("stated_before", Json),
    # Of a commercial: for whom and what it advertises, and the last day of its maximum use.
    Column("running_minutes", Integer),
    Column("advertiser", Text),
    Column("product_line", Text),
    Column("mpu_ends_on", Date),
    # The union's waiver under which it is put together by machine, where there is one.
    Column("dynamic_audio_waiver", String(64)),
    Column("added_at", Instant, nullable=False),
    *_authors(),
)

# Works that were sold, one row for each; days begin in UTC. ``work.owner_id`` is who recorded the
# work: who owns it on a day follows from that and from these.
sale = _versioned(
    "sale",
    _id("sale_id", index=True),
    _id("work_id", index=True),
    _id("seller_id", index=True),
    _id("buyer_id", index=True),
    Column("starts_on", Date, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("assumes", Json, nullable=False, default=list),
    # Nothing changes hands before the buyer said so too; those of the first release never waited.
    Column("awaits_buyer", Boolean),
    Column("confirmed_at", Instant),
    _id("confirmed_by", nullable=True),
    Column("withdrawn_at", Instant),
)

# Whether a performer's yes to the seller passes on to the buyer: the sale asks, they answer.
assignment = _versioned(
    "assignment",
    _id("grant_id", index=True),
    _id("performer_id", index=True),
    _id("sale_id", index=True),
    _id("buyer_id", index=True),
    Column("asked_at", Instant, nullable=False),
    Column("answer", String(8)),
    Column("answered_at", Instant),
    # The no before a yes keeps its instant: a question about the time between still meets it.
    Column("declined_at", Instant),
    Column("signature", Json),
    CheckConstraint("answer IN ('yes', 'no')", name="answer_known"),
)

edge = _versioned(
    "edge",
    _id("parent", index=True),
    _id("child", index=True),
    Column("relation", String(16), nullable=False),
    Column("announced_at", Instant),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    *_authors(),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period_ordered"),
    CheckConstraint("parent <> child", name="not_its_own_parent"),
)

# House codes and standard identifiers. ``owner_id`` is the caller's organization, or '' for the
# systems that all share.
reference = Table(
    "reference",
    metadata,
    Column("owner_id", String(64), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("system", String(32), primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("target_id", String(64), nullable=False, index=True),
    Column("recorded_idx", BigInteger, nullable=False),
    info={"part": "record"},
)

engagement = _versioned(
    "engagement",
    _id("performer_id", index=True),
    _id("work_id", index=True),
    _id("producer_id", index=True),
    Column("role_class", String(16), nullable=False),
    Column("character", Text),
    Column("agreement", String(128)),
    _id("union_id", nullable=True),
    Column("engaged_at", Instant, nullable=False),
    Column("rate_kind", String(16), info={"part": "comp"}),
    Column("rate_minor", BigInteger, info={"part": "comp"}),
    Column("rate_currency", String(3), info={"part": "comp"}),
    Column("contract_days", String(16)),
    Column("covered_days", String(16), nullable=False, default="0"),
    *_authors(),
)

capture_session = _versioned(
    "capture_session",
    _id("engagement_id", index=True),
    _id("performer_id", index=True),
    _id("work_id"),
    Column("kind", String(24), nullable=False),
    Column("notice_sent_at", Instant),
    Column("business_reason", Text),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("same_day_as_work", Boolean, nullable=False, default=False),
    Column("half_day_for_performer", Boolean, nullable=False, default=False),
    Column("place", String(16)),
    Column("biometric_kinds", Json, nullable=False, default=list),
    Column("biometric_purpose", String(24)),
    Column("state", String(16), nullable=False, default="planned"),  # planned | cancelled
    Column("cancelled_at", Instant),
)

replica = _versioned(
    "replica",
    _id("performer_id", index=True),
    _id("producer_id", index=True),
    Column("kind", String(16), nullable=False),
    _id("origin_work_id", nullable=True),
    _id("capture_session_id", nullable=True),
    _id("custodian_id", nullable=True),
    Column("state", String(24), nullable=False),
    Column("captured_on", Date),
    Column("asset_hashes", Json, nullable=False, default=list),
    Column("destruction_certificate", String(128)),
    # The hash of what proves how it was made, of one that was there before it came on record.
    Column("made_before", String(64)),
    # What it was made for was done; how long what was measured may be kept is counted from there.
    Column("purpose_met_on", Date),
)

# Each step of a transfer is a dated fact of its own; what time makes of them is derived.
transfer = _versioned(
    "transfer",
    _id("replica_id", index=True),
    _id("performer_id", index=True),
    _id("from_id", index=True),
    _id("to_id", index=True),
    _id("union_id", index=True),
    Column("purpose", Text, nullable=False),
    # Hashes of documents: that who takes over can answer for it, and that they take the duties on.
    Column("responsibility", String(64)),
    Column("assumption", String(64)),
    Column("submitted_at", Instant, nullable=False),
    Column("assumed_at", Instant),
    Column("answer", String(16)),
    Column("answered_at", Instant),
    # The refusal before an approval keeps its instant: the time between still meets it.
    Column("refused_at", Instant),
    Column("reason", Text, info={"part": "who"}),
    Column("completed_at", Instant),
    CheckConstraint("answer IN ('approved', 'refused')", name="answer_known"),
)

# Who holds a copy of the files, for what, until when; several can at a time.
custody = _versioned(
    "custody",
    _id("replica_id", index=True),
    _id("performer_id", index=True),
    _id("producer_id", index=True),
    _id("holder_id", index=True),
    Column("purpose", Text),
    Column("starts_at", Instant, nullable=False),
    Column("until_on", Date),
    Column("received_at", Instant),
    Column("ended_at", Instant),
    Column("ended_how", String(16)),
    Column("certificate", String(64)),
    CheckConstraint("ended_how IN ('returned', 'destroyed')", name="ending_known"),
)

grant = _versioned(
    "grant",
    _id("performer_id", index=True),
    _id("grantee_id", index=True),
    _id("replica_id", nullable=True),
    Column("agreement", String(128)),
    Column("state", String(16), nullable=False),
    Column("scope", Json, nullable=False),
    Column("shown_works", Json, nullable=False),
    Column("exclusions", Json, nullable=False, default=list),
    Column("description", Json, nullable=False),
    Column("form", Json, nullable=False),
    Column("withdrawal", Json, nullable=False),
    Column("posthumous", String(16), nullable=False, default="unstated"),
    Column("pay_kind", String(24), info={"part": "comp"}),
    Column("pay_minor", BigInteger, info={"part": "comp"}),
    Column("pay_currency", String(3), info={"part": "comp"}),
    Column("alteration_minor", BigInteger, info={"part": "comp"}),
    # Of a royalty or participation: a percentage as text, and what it is a share of.
    Column("pay_share", String(16), info={"part": "comp"}),
    Column("pay_base", Text, info={"part": "comp"}),
    Column("signature", Json),
    Column("terms_hash", String(64), nullable=False, index=True),
    # The version of the terms; amendments and counter-offers raise it, a change of state does not.
    Column("terms_version", Integer, nullable=False, default=1),
    # Open terms that the other side has not answered:
    # {by: studio|performer, terms, terms_hash, presigned, at}.
    Column("proposal", Json, info={"part": "comp"}),
    Column("answer_by", Instant),
    Column("offered_at", Instant),
    Column("ratified_from", Instant),
    Column("revoked_from", Instant),
    Column("declined_at", Instant),
    Column("withdrawal_asked_at", Instant),
    # The person's own yes, or the estate's, to what a guardian or a union had signed for them.
    Column("own_yes_at", Instant),
    # Why it never was a consent: {basis, document_hash, at, by}.
    Column("voided", Json),
    # What the studio answered to a withdrawal that the terms give no right to, and until when.
    Column("withdrawal_answer_by", Instant),
    Column("withdrawal_answered_at", Instant),
    Column("withdrawal_answer", String(16)),  # accepted | refused
    Column("withdrawal_words", Text, info={"part": "who"}),
    Column("reason", Text, info={"part": "who"}),
)

confirmation = _versioned(
    "confirmation",
    _id("grant_id", index=True),
    _id("performer_id", index=True),
    _id("work_id"),
    Column("signed_at", Instant, nullable=False),
    Column("description", Json, nullable=False),
    Column("signature", Json, nullable=False),
)

suspension = _versioned(
    "suspension",
    _id("performer_id", index=True),
    _id("grant_id", nullable=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
)

court_order = _versioned(
    "court_order",
    Column("reference", Text, nullable=False, info={"part": "who"}),
    _id("performer_id", nullable=True, index=True),
    _id("work_id", nullable=True, index=True),
    _id("studio_id", nullable=True, index=True),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("recorded_at", Instant, nullable=False),
)

veto = _versioned(
    "veto",
    Column("number", String(16), nullable=False),
    _id("union_id", index=True),
    Column("kind", String(24), nullable=False),
    Column("basis", String(128), nullable=False),
    Column("authority", Text, nullable=False),
    _id("scope_performer", nullable=True, index=True),
    _id("scope_work", nullable=True, index=True),
    _id("scope_studio", nullable=True, index=True),
    Column("scope_agreement", String(128)),
    Column("scope_unit", String(64)),
    Column("scope_uses", Json, nullable=False, default=list),
    Column("scope_all_members", Boolean, nullable=False, default=False),
    Column("effect", String(8), nullable=False),
    Column("timing", String(16), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("review_by", Date),
    Column("state", String(16), nullable=False),
    Column("lifted_at", Instant),
    Column("reason", Text, nullable=False),
    Column("exceptions", Json, nullable=False, default=list),
    _id("proposed_by", nullable=True),
    _id("seconded_by", nullable=True),
    # What takes two officers; an emergency stops from the start, for want of the second not for
    # long.
    Column("wide", Boolean, nullable=False, default=False),
    Column("emergency", Boolean, nullable=False, default=False),
    Column("seconded_at", Instant),
    # Each dated, so that a question about an earlier instant meets the veto as it stood then. The
    # scope and the review day above are those that it was issued with.
    Column("narrowings", Json, nullable=False, default=list),
    Column("renewals", Json, nullable=False, default=list),
    Column("appeals", Json, nullable=False, default=list),
    _id("appeal_to", nullable=True),
    CheckConstraint("effect IN ('block', 'flag')", name="effect_known"),
    CheckConstraint("timing IN ('prospective', 'full')", name="timing_known"),
)

use = _versioned(
    "use",
    _id("performer_id", nullable=True, index=True),
    _id("work_id", index=True),
    _id("producer_id", index=True),
    Column("use", String(24), nullable=False),
    Column("gate", String(16), nullable=False),
    Column("shot", String(200)),
    _id("replica_id", nullable=True),
    _id("grant_id", nullable=True),
    Column("state", String(16), nullable=False),
    # The check as it was asked, with ids resolved; recheck, lock and release decide it again.
    Column("asked", Json, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("on", Date),
    Column("quantity", Json, nullable=False),
    # What the decision said is owed for it; showing what is finished costs nothing more.
    Column("owed", Json, info={"part": "comp"}),
    # The shooting days that it was decided by, and the estimate that counts them: several uses can
    # be counted by one.
    Column("days", String(16)),
    _id("estimate_id", nullable=True),
    Column("registered_at", Instant, nullable=False),
    Column("cleared_at", Instant),
    Column("locked_at", Instant),
    Column("released_at", Instant),
    Column("withdrawn_at", Instant),
    CheckConstraint(
        "state IN ('planned', 'cleared', 'locked', 'released', 'withdrawn')", name="state_known"
    ),
)

# What of a studio's asking a union wants to see: conditions that must all hold. Its own record.
flag_rule = _versioned(
    "flag_rule",
    _id("union_id", index=True),
    Column("name", Text, nullable=False),
    Column("conditions", Json, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ended_at", Instant),
    _id("stated_by"),
)

# One thing in a union's queue: what was asked, of whom, why it is there, what the union answered.
union_case = _versioned(
    "union_case",
    _id("union_id"),
    Column("about", String(16), nullable=False),  # grant | use | transfer
    _id("about_id", index=True),
    _id("performer_id", nullable=True, index=True),
    _id("studio_id", index=True),
    Column("works", Json, nullable=False),
    # Equal for cases that ask for the same, on the same terms, of whomever.
    Column("group_key", String(64), nullable=False),
    Column("terms", Json, nullable=False),
    Column("pay", String(8), nullable=False),
    Column("flags", Json, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("closed_at", Instant),
    Column("answer", String(16)),
    Column("answered_at", Instant),
    _id("answered_by", nullable=True),
    _id("veto_id", nullable=True),
    Column("words", Text, info={"part": "who"}),
    Index("ix_union_case_union_id_group_key", "union_id", "group_key"),
    CheckConstraint("pay IN ('above', 'below', 'unknown')", name="pay_known"),
    CheckConstraint(
        "answer IN ('no_objection', 'asked', 'vetoed', 'approved', 'refused')", name="answer_known"
    ),
)

# What the registry reminded somebody of, so that it does so once.
reminder = Table(
    "reminder",
    metadata,
    Column("about_id", String(64), primary_key=True),
    Column("what", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("recorded_idx", BigInteger, nullable=False),
    info={"part": "record"},
)

# A named person let a use go while the registry did not answer.
unanswered_release = _versioned(
    "unanswered_release",
    _id("use_id", index=True),
    Column("released_at", Instant, nullable=False),
    # The last entry that whoever released it had seen, and what the registry knew by then.
    Column("known_idx", BigInteger, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False, info={"part": "who"}),
    Column("because", Text, nullable=False, info={"part": "who"}),
)

# INVARIANT (P2): a cleared use under a block is either refused or listed here.
affected_use = Table(
    "affected_use",
    metadata,
    Column("block_id", String(64), primary_key=True),
    Column("use_id", String(64), primary_key=True),
    Column("recorded_idx", BigInteger, nullable=False),
    info={"part": "record"},
)

# What a use was answered when a block let it go; a block can let go more than once.
redecision = Table(
    "redecision",
    metadata,
    Column("block_id", String(64), primary_key=True),
    Column("use_id", String(64), primary_key=True),
    Column("recorded_idx", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    info={"part": "record"},
)

estimate = _versioned(
    "estimate",
    _id("use_id", nullable=True, index=True),
    _id("performer_id", nullable=True, index=True),
    _id("work_id", nullable=True),
    Column("use", String(24)),
    Column("shot", String(200)),
    Column("days", String(16), nullable=False),
    Column("basis", Text, nullable=False),
    Column("state", String(16), nullable=False, default="proposed"),
    _id("author_id"),
    Column("stated_at", Instant),
    # What the performer's side says it was, in days and in words, and when it said so.
    Column("claimed_days", String(16)),
    Column("claim", Text, info={"part": "who"}),
    Column("disputed_at", Instant),
    # When it was agreed to or resolved, and what it was until then.
    Column("settled_at", Instant),
    Column("days_before", String(16)),
)

# One line of the ledger. A version stands from ``stands_from`` on, so that a question about an
# earlier instant meets the line as it stood then; how it stands is derived.
due = _versioned(
    "due",
    _id("performer_id", index=True),
    _id("work_id", nullable=True, index=True),
    _id("payer_id", index=True),
    _id("use_id", nullable=True, index=True),
    _id("replica_id", nullable=True),
    _id("capture_session_id", nullable=True, index=True),
    Column("kind", String(16), nullable=False),  # of a line of pay | contribution
    # Of a share, it says how much of what.
    Column("what", Text, nullable=False, info={"part": "comp"}),
    Column("use", String(24)),
    Column("shot", String(200)),
    # Lines with one mark are owed once between them.
    Column("once", String(200)),
    Column("floor", String(8), nullable=False),  # above | below | unknown
    Column("stands_from", Instant, nullable=False),
    Column("stated_at", Instant, nullable=False),
    Column("arises_at", Instant),
    Column("ended_at", Instant),
    Column("ended_why", String(24)),
    Column("disputed_at", Instant),
    _id("disputed_by", nullable=True),
    # The count of days that is disputed, where it is that and not the line by itself.
    _id("estimate_id", nullable=True),
    Column("settled_at", Instant),
    # Absent while it is not known, and then the words say why.
    Column("amount_minor", BigInteger, info={"part": "comp"}),
    Column("currency", String(3), info={"part": "comp"}),
    Column("why_unknown", Text, info={"part": "comp"}),
    Column("claimed_minor", BigInteger, info={"part": "comp"}),
    # In words, and the same as data.
    Column("formula", Text, info={"part": "comp"}),
    Column("working", Json, info={"part": "comp"}),
    Column("source", Json, nullable=False),
    Column("rates", Json, info={"part": "comp"}),
    Column("unverified", Json, nullable=False),
    Column("pay_by", Json, info={"part": "comp"}),
)

# What a payer says that it paid, on which lines, and what the performer answered.
payment = _versioned(
    "payment",
    _id("payer_id", index=True),
    _id("performer_id", index=True),
    _id("by"),
    Column("stands_from", Instant, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("answer", String(8)),  # yes | no | part
    Column("answered_at", Instant),
    _id("answered_by", nullable=True),
    # The payer's own code of the payment can name a person.
    Column("reference", Text, nullable=False, info={"part": "who"}),
    Column("lines", Json, nullable=False, info={"part": "comp"}),
    # Why more was paid on a line than was left, in words, by the line.
    Column("because", Json, nullable=False, info={"part": "who"}),
    Column("received", Json, info={"part": "comp"}),
)

attestation = _versioned(
    "attestation",
    Column("kind", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    _id("by"),
    # Whoever disputes, appeals or attests names people.
    Column("role", String(64), nullable=False, info={"part": "who"}),
    Column("text", Text, nullable=False, info={"part": "who"}),
    _id("performer_id", nullable=True, index=True),
    _id("work_id", nullable=True, index=True),
    _id("organization_id", nullable=True, index=True),
    Column("ends_at", Instant),
    # When it was done and what proves it, where the kind asks for that.
    Column("done_on", Date),
    Column("evidence", Json, nullable=False, default=list),
    # A release that the performer took back.
    Column("withdrawn_at", Instant),
)

notice = _versioned(
    "notice",
    Column("kind", String(24), nullable=False),
    Column("sent_at", Instant, nullable=False),
    _id("sender_id", index=True),
    _id("to_id", nullable=True),
    _id("work_id", nullable=True, index=True),
    _id("performer_id", nullable=True, index=True),
    _id("replica_id", nullable=True),
    Column("state", String(16), nullable=False, default="open"),
    Column("answered_at", Instant),
    Column("content", Text, nullable=False, default=""),
)

# One line of a thread between two sides. What was said is about people, so it can be erased.
message = _versioned(
    "message",
    Column("about", String(16), nullable=False),
    Column("about_id", String(160), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    _id("from_id", index=True),
    _id("to_id", index=True),
    _id("by"),
    _id("said_by"),
    Column("said_at", Instant, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("words", Text, nullable=False, info={"part": "who"}),
    Column("other_side", String(24), nullable=False, default="none"),
    Column("other_side_at", Instant),
    _id("answers", nullable=True),
    CheckConstraint(
        "about IN ('grant', 'use', 'veto', 'estimate', 'payment', 'agreement')", name="about_known"
    ),
    CheckConstraint(
        "kind IN ('question', 'answer', 'offer_said', 'note', 'dispute')", name="kind_known"
    ),
    CheckConstraint(
        "other_side IN ('none', 'yes_that_was_said', 'not_what_i_said')", name="other_side_known"
    ),
)

# What a performer says once for all requests to come; a consent it never is.
instruction = _versioned(
    "instruction",
    _id("performer_id", index=True),
    Column("say", String(8), nullable=False),
    Column("use", String(24)),
    Column("tag", String(32)),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    CheckConstraint("say IN ('always', 'ask_me', 'never')", name="say_known"),
)

# "I saw something that is not listed": a case between a performer, the studio named and a union.
sighting = _versioned(
    "sighting",
    _id("performer_id", index=True),
    _id("by"),
    Column("what", Text, nullable=False, info={"part": "who"}),
    Column("place", Text, info={"part": "who"}),
    Column("link", Text, info={"part": "who"}),
    Column("sha256", String(64)),
    Column("seen_on", Date, nullable=False),
    Column("reported_at", Instant, nullable=False),
    _id("studio_id", nullable=True, index=True),
    Column("studio_answer_by", Instant),
    Column("studio_answer", String(16)),  # listed | not_listed | not_ours
    Column("studio_answered_at", Instant),
    Column("studio_words", Text, info={"part": "who"}),
    _id("use_id", nullable=True),
    _id("union_id", nullable=True, index=True),
    Column("union_answer", String(16)),  # looking | taken_up | nothing_found
    Column("union_answered_at", Instant),
    Column("union_words", Text, info={"part": "who"}),
    Column("closed_at", Instant),
)

# One line of a residual statement of somebody outside: one title, one market, one period. It is
# shown beside what is computed here and never added to it.
residual_statement = _versioned(
    "residual_statement",
    _id("performer_id", index=True),
    _id("work_id", nullable=True),
    Column("title", Text, nullable=False),
    Column("market", String(64), nullable=False),
    # The period is half-open.
    Column("starts_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("gross_minor", BigInteger, nullable=False, info={"part": "comp"}),
    Column("net_minor", BigInteger, info={"part": "comp"}),
    Column("currency", String(3), nullable=False),
    # Who said so, on which day, under which number: an office or a person.
    Column("issuer", Text, nullable=False, info={"part": "who"}),
    Column("reference", Text, nullable=False, info={"part": "who"}),
    Column("issued_on", Date, nullable=False),
    _id("stated_by", index=True),
    Column("stated_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    CheckConstraint("until > starts_on", name="period_ordered"),
)

# What a share of something is a share of, for one period, as somebody reported it.
base_report = _versioned(
    "base_report",
    _id("work_id", index=True),
    # Of one performer's share alone; without: of everybody's who has one.
    _id("performer_id", nullable=True, index=True),
    Column("base", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False, info={"part": "comp"}),
    Column("currency", String(3), nullable=False),
    Column("reporter", Text, nullable=False, info={"part": "who"}),
    Column("reported_on", Date, nullable=False),
    Column("stated_at", Instant, nullable=False),
    Column("dispute_words", Text, info={"part": "who"}),
    *_authors(),
    CheckConstraint("until > starts_on", name="period_ordered"),
)

work_day = _versioned(
    "work_day",
    _id("work_id", index=True),
    Column("day", Date, nullable=False),
    Column("required_background", Integer, nullable=False),
    Column("human_background", Integer, nullable=False),
)

# Packs by content hash, a row for each time that one was loaded, until it was retired; the text is
# kept so that any past decision can be taken again.
pack = Table(
    "pack",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("family", String(128), nullable=False),
    Column("pack_version", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("recorded_idx", BigInteger, primary_key=True, autoincrement=False),
    Column("retired_idx", BigInteger),
    info={"part": "record"},
)

verification = _versioned(
    "verification",
    Column("pack", String(160), nullable=False),
    Column("row", String(128), nullable=False),
    Column("by", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# One-time codes (claims, first administrator); only a hash is kept.
code = Table(
    "code",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("subject_id", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

consent_head = Table(
    "consent_head",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("id", String(96), primary_key=True),
    Column("rev", BigInteger, nullable=False, default=0),
)

# How often somebody did something since the first time; forgotten when the window is over.
quota = Table(
    "quota",
    metadata,
    Column("key", String(64), primary_key=True),  # hash of what and who
    Column("ends_at", Instant, nullable=False),
    Column("spent", Integer, nullable=False),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("scope", String(64), primary_key=True),  # hash of actor and path
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", LargeBinary),
)

log_head = Table(
    "log_head",
    metadata,
    Column("log_id", String(8), primary_key=True),  # acts | asks
    Column("origin", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)

log_entry = Table(
    "log_entry",
    metadata,
    Column("log_id", String(8), ForeignKey("log_head.log_id"), nullable=False),
    Column("idx", BigInteger, nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("type", String(48), nullable=False),
    Column("at", Instant, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("log_id", "idx"),
    UniqueConstraint("event_id"),
    Index("ix_log_entry_log_id_at", "log_id", "at"),
)

log_payload = Table(
    "log_payload",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("part", String(16), primary_key=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Who may see an entry: one row for each performer, organization and work that the act touched.
log_subject = Table(
    "log_subject",
    metadata,
    Column("idx", BigInteger, primary_key=True),
    Column("subject_id", String(64), primary_key=True),
    Index("ix_log_subject_subject_id_idx", "subject_id", "idx"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("idx", BigInteger, primary_key=True),
    Column("event_id", String(64), nullable=False),
    Column("type", String(48), nullable=False),
    Column("delivered_at", Instant),
)

# Questions, refused acts and recorded reads. ``id`` is time-ordered, so it is also the cursor.
ask = Table(
    "ask",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),  # check | refusal | read
    Column("at", Instant, nullable=False),
    _id("actor_id", index=True),
    _id("organization_id", nullable=True, index=True),
    _id("performer_id", nullable=True),
    _id("work_id", nullable=True, index=True),
    Column("use", String(24)),
    Column("outcome", String(32), nullable=False),
    Column("log_index", BigInteger, nullable=False),
    Column("request", Json, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    # A performer reads what was asked about them, newest first.
    Index("ix_ask_performer_id_id", "performer_id", "id"),
)
