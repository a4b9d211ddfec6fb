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
    Column("claimed_at", Instant),
    Column("residence", String(16)),
    _id("created_by", index=True),
    _id("vouched_by", nullable=True),
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
    Column("added_at", Instant, nullable=False),
    *_authors(),
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
    Column("review_by", Date),
    Column("state", String(16), nullable=False),
    Column("lifted_at", Instant),
    Column("reason", Text, nullable=False),
    Column("exceptions", Json, nullable=False, default=list),
    _id("proposed_by", nullable=True),
    _id("seconded_by", nullable=True),
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
    Column("registered_at", Instant, nullable=False),
    Column("cleared_at", Instant),
    Column("locked_at", Instant),
    Column("released_at", Instant),
    CheckConstraint(
        "state IN ('planned', 'cleared', 'locked', 'released', 'withdrawn')", name="state_known"
    ),
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
    Column("content", Text, nullable=False, default=""),
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
