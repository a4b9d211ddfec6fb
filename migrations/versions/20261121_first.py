"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_first"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _tables()
    _identity()
    _sales_and_custody()
    op.execute("INSERT INTO consent_head (kind, id, rev) VALUES ('registry', 'registry', 0)")
    # The first entry of a log writes its origin.
    op.execute(
        "INSERT INTO log_head (log_id, origin, size, at) VALUES"
        " ('acts', '', 0, '1970-01-01T00:00:00.000000Z'),"
        " ('asks', '', 0, '1970-01-01T00:00:00.000000Z')"
    )


def _tables() -> None:  # noqa: PLR0915 - one statement for each table and index
    op.create_table(
        "affected_use",
        sa.Column("block_id", sa.String(length=64), nullable=False),
        sa.Column("use_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("block_id", "use_id", name=op.f("pk_affected_use")),
    )
    op.create_table(
        "ask",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("organization_id", sa.String(length=64), nullable=True),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("use", sa.String(length=24), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("log_index", sa.BigInteger(), nullable=False),
        sa.Column("request", JSON, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    op.create_index(op.f("ix_ask_actor_id"), "ask", ["actor_id"], unique=False)
    op.create_index(op.f("ix_ask_organization_id"), "ask", ["organization_id"], unique=False)
    op.create_index("ix_ask_performer_id_id", "ask", ["performer_id", "id"], unique=False)
    op.create_index(op.f("ix_ask_work_id"), "ask", ["work_id"], unique=False)
    op.create_table(
        "attestation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("organization_id", sa.String(length=64), nullable=True),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_attestation_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_attestation")),
    )
    op.create_index(
        op.f("ix_attestation_organization_id"), "attestation", ["organization_id"], unique=False
    )
    op.create_index(
        op.f("ix_attestation_performer_id"), "attestation", ["performer_id"], unique=False
    )
    op.create_index(op.f("ix_attestation_work_id"), "attestation", ["work_id"], unique=False)
    op.create_index(
        "uq_attestation_current",
        "attestation",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "capture_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("notice_sent_at", INSTANT, nullable=True),
        sa.Column("business_reason", sa.Text(), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("same_day_as_work", sa.Boolean(), nullable=False),
        sa.Column("half_day_for_performer", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=True),
        sa.Column("biometric_kinds", JSON, nullable=False),
        sa.Column("biometric_purpose", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_capture_session_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_capture_session")),
    )
    op.create_index(
        op.f("ix_capture_session_engagement_id"), "capture_session", ["engagement_id"], unique=False
    )
    op.create_index(
        op.f("ix_capture_session_performer_id"), "capture_session", ["performer_id"], unique=False
    )
    op.create_index(
        "uq_capture_session_current",
        "capture_session",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_code")),
    )
    op.create_table(
        "confirmation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("description", JSON, nullable=False),
        sa.Column("signature", JSON, nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_confirmation_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_confirmation")),
    )
    op.create_index(op.f("ix_confirmation_grant_id"), "confirmation", ["grant_id"], unique=False)
    op.create_index(
        op.f("ix_confirmation_performer_id"), "confirmation", ["performer_id"], unique=False
    )
    op.create_index(
        "uq_confirmation_current",
        "confirmation",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "consent_head",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=96), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_consent_head")),
    )
    op.create_table(
        "court_order",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("studio_id", sa.String(length=64), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_court_order_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_court_order")),
    )
    op.create_index(
        op.f("ix_court_order_performer_id"), "court_order", ["performer_id"], unique=False
    )
    op.create_index(op.f("ix_court_order_studio_id"), "court_order", ["studio_id"], unique=False)
    op.create_index(op.f("ix_court_order_work_id"), "court_order", ["work_id"], unique=False)
    op.create_index(
        "uq_court_order_current",
        "court_order",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "death",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("reported_by", sa.String(length=64), nullable=False),
        sa.Column("reported_for", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_hash", sa.String(length=64), nullable=True),
        sa.Column("alive_until", INSTANT, nullable=True),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_death_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_death")),
    )
    op.create_index(op.f("ix_death_performer_id"), "death", ["performer_id"], unique=False)
    op.create_index(
        "uq_death_current",
        "death",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "edge",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("child", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("announced_at", INSTANT, nullable=True),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_to", INSTANT, nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("parent <> child", name=op.f("ck_edge_not_its_own_parent")),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_edge_record_time_ordered"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_edge_period_ordered")
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_edge")),
    )
    op.create_index(op.f("ix_edge_child"), "edge", ["child"], unique=False)
    op.create_index(op.f("ix_edge_parent"), "edge", ["parent"], unique=False)
    op.create_index(
        "uq_edge_current",
        "edge",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "engagement",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("producer_id", sa.String(length=64), nullable=False),
        sa.Column("role_class", sa.String(length=16), nullable=False),
        sa.Column("character", sa.Text(), nullable=True),
        sa.Column("agreement", sa.String(length=128), nullable=True),
        sa.Column("union_id", sa.String(length=64), nullable=True),
        sa.Column("engaged_at", INSTANT, nullable=False),
        sa.Column("rate_kind", sa.String(length=16), nullable=True),
        sa.Column("rate_minor", sa.BigInteger(), nullable=True),
        sa.Column("rate_currency", sa.String(length=3), nullable=True),
        sa.Column("contract_days", sa.String(length=16), nullable=True),
        sa.Column("covered_days", sa.String(length=16), nullable=False),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_engagement_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_engagement")),
    )
    op.create_index(
        op.f("ix_engagement_performer_id"), "engagement", ["performer_id"], unique=False
    )
    op.create_index(op.f("ix_engagement_producer_id"), "engagement", ["producer_id"], unique=False)
    op.create_index(op.f("ix_engagement_work_id"), "engagement", ["work_id"], unique=False)
    op.create_index(
        "uq_engagement_current",
        "engagement",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "estimate",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("use_id", sa.String(length=64), nullable=True),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("use", sa.String(length=24), nullable=True),
        sa.Column("shot", sa.String(length=200), nullable=True),
        sa.Column("days", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_estimate_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_estimate")),
    )
    op.create_index(op.f("ix_estimate_performer_id"), "estimate", ["performer_id"], unique=False)
    op.create_index(op.f("ix_estimate_use_id"), "estimate", ["use_id"], unique=False)
    op.create_index(
        "uq_estimate_current",
        "estimate",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "grant",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("grantee_id", sa.String(length=64), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=True),
        sa.Column("agreement", sa.String(length=128), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("shown_works", JSON, nullable=False),
        sa.Column("exclusions", JSON, nullable=False),
        sa.Column("description", JSON, nullable=False),
        sa.Column("form", JSON, nullable=False),
        sa.Column("withdrawal", JSON, nullable=False),
        sa.Column("posthumous", sa.String(length=16), nullable=False),
        sa.Column("pay_kind", sa.String(length=24), nullable=True),
        sa.Column("pay_minor", sa.BigInteger(), nullable=True),
        sa.Column("pay_currency", sa.String(length=3), nullable=True),
        sa.Column("alteration_minor", sa.BigInteger(), nullable=True),
        sa.Column("signature", JSON, nullable=True),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("terms_version", sa.Integer(), nullable=False),
        sa.Column("proposal", JSON, nullable=True),
        sa.Column("answer_by", INSTANT, nullable=True),
        sa.Column("offered_at", INSTANT, nullable=True),
        sa.Column("ratified_from", INSTANT, nullable=True),
        sa.Column("revoked_from", INSTANT, nullable=True),
        sa.Column("declined_at", INSTANT, nullable=True),
        sa.Column("withdrawal_asked_at", INSTANT, nullable=True),
        sa.Column("own_yes_at", INSTANT, nullable=True),
        sa.Column("voided", JSON, nullable=True),
        sa.Column("withdrawal_answer_by", INSTANT, nullable=True),
        sa.Column("withdrawal_answered_at", INSTANT, nullable=True),
        sa.Column("withdrawal_answer", sa.String(length=16), nullable=True),
        sa.Column("withdrawal_words", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_grant_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_grant")),
    )
    op.create_index(op.f("ix_grant_grantee_id"), "grant", ["grantee_id"], unique=False)
    op.create_index(op.f("ix_grant_performer_id"), "grant", ["performer_id"], unique=False)
    op.create_index(op.f("ix_grant_terms_hash"), "grant", ["terms_hash"], unique=False)
    op.create_index(
        "uq_grant_current",
        "grant",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", JSON, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "log_head",
        sa.Column("log_id", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_payload",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "part", name=op.f("pk_log_payload")),
    )
    op.create_table(
        "log_subject",
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("idx", "subject_id", name=op.f("pk_log_subject")),
    )
    op.create_index(
        "ix_log_subject_subject_id_idx", "log_subject", ["subject_id", "idx"], unique=False
    )
    op.create_table(
        "instruction",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("say", sa.String(length=8), nullable=False),
        sa.Column("use", sa.String(length=24), nullable=True),
        sa.Column("tag", sa.String(length=32), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "say IN ('always', 'ask_me', 'never')",
            name=op.f("ck_instruction_say_known"),
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_instruction_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_instruction")),
    )
    op.create_index(
        op.f("ix_instruction_performer_id"), "instruction", ["performer_id"], unique=False
    )
    op.create_index(
        "uq_instruction_current",
        "instruction",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("from_id", sa.String(length=64), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("said_by", sa.String(length=64), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("other_side", sa.String(length=24), nullable=False),
        sa.Column("other_side_at", INSTANT, nullable=True),
        sa.Column("answers", sa.String(length=64), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "about IN ('grant', 'use', 'veto', 'estimate', 'payment', 'agreement')",
            name=op.f("ck_message_about_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('question', 'answer', 'offer_said', 'note', 'dispute')",
            name=op.f("ck_message_kind_known"),
        ),
        sa.CheckConstraint(
            "other_side IN ('none', 'yes_that_was_said', 'not_what_i_said')",
            name=op.f("ck_message_other_side_known"),
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_message_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_about_id"), "message", ["about_id"], unique=False)
    op.create_index(op.f("ix_message_from_id"), "message", ["from_id"], unique=False)
    op.create_index(op.f("ix_message_to_id"), "message", ["to_id"], unique=False)
    op.create_index(
        "uq_message_current",
        "message",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "sighting",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("studio_id", sa.String(length=64), nullable=True),
        sa.Column("studio_answer_by", INSTANT, nullable=True),
        sa.Column("studio_answer", sa.String(length=16), nullable=True),
        sa.Column("studio_answered_at", INSTANT, nullable=True),
        sa.Column("studio_words", sa.Text(), nullable=True),
        sa.Column("use_id", sa.String(length=64), nullable=True),
        sa.Column("union_id", sa.String(length=64), nullable=True),
        sa.Column("union_answer", sa.String(length=16), nullable=True),
        sa.Column("union_answered_at", INSTANT, nullable=True),
        sa.Column("union_words", sa.Text(), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_sighting_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_sighting")),
    )
    op.create_index(op.f("ix_sighting_performer_id"), "sighting", ["performer_id"], unique=False)
    op.create_index(op.f("ix_sighting_studio_id"), "sighting", ["studio_id"], unique=False)
    op.create_index(op.f("ix_sighting_union_id"), "sighting", ["union_id"], unique=False)
    op.create_index(
        "uq_sighting_current",
        "sighting",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("union_id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_membership_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_performer_id"), "membership", ["performer_id"], unique=False
    )
    op.create_index(op.f("ix_membership_union_id"), "membership", ["union_id"], unique=False)
    op.create_index(
        "uq_membership_current",
        "membership",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("sender_id", sa.String(length=64), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("replica_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_notice_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_performer_id"), "notice", ["performer_id"], unique=False)
    op.create_index(op.f("ix_notice_sender_id"), "notice", ["sender_id"], unique=False)
    op.create_index(op.f("ix_notice_work_id"), "notice", ["work_id"], unique=False)
    op.create_index(
        "uq_notice_current",
        "notice",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "organization",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agreements", JSON, nullable=False),
        sa.Column("registry_rules_accepted_on", sa.Date(), nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('studio', 'union', 'agency', 'vendor')",
            name=op.f("ck_organization_kind_known"),
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_organization_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_organization")),
    )
    op.create_index(
        "uq_organization_current",
        "organization",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=48), nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_outbox")),
    )
    op.create_table(
        "pack",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=128), nullable=False),
        sa.Column("pack_version", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("retired_idx", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", "recorded_idx", name=op.f("pk_pack")),
    )
    op.create_table(
        "performer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=24), nullable=False),
        sa.Column("adult_from", sa.Date(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("alive_until", INSTANT, nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("residence", sa.String(length=16), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("vouched_by", sa.String(length=64), nullable=True),
        sa.Column("vouched_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "identity IN ('stated', 'contact_confirmed', 'vouched')",
            name=op.f("ck_performer_identity_known"),
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_performer_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_performer")),
    )
    op.create_index(op.f("ix_performer_created_by"), "performer", ["created_by"], unique=False)
    op.create_index(
        "uq_performer_current",
        "performer",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "principal",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("organization_id", sa.String(length=64), nullable=True),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("secret_hash", sa.String(length=128), nullable=True),
        sa.Column("suspended_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_principal_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_principal")),
    )
    op.create_index(
        op.f("ix_principal_organization_id"), "principal", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_principal_performer_id"), "principal", ["performer_id"], unique=False)
    op.create_index("ix_principal_subject", "principal", ["issuer", "subject"], unique=False)
    op.create_index(
        "uq_principal_current",
        "principal",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "private_fact",
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "field", name=op.f("pk_private_fact")),
    )
    op.create_index("ix_private_fact_field_value", "private_fact", ["field", "value"], unique=False)
    op.create_table(
        "reference",
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("system", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("target_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "kind", "system", "value", name=op.f("pk_reference")),
    )
    op.create_index(op.f("ix_reference_target_id"), "reference", ["target_id"], unique=False)
    op.create_table(
        "replica",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("producer_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("origin_work_id", sa.String(length=64), nullable=True),
        sa.Column("capture_session_id", sa.String(length=64), nullable=True),
        sa.Column("custodian_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("captured_on", sa.Date(), nullable=True),
        sa.Column("asset_hashes", JSON, nullable=False),
        sa.Column("destruction_certificate", sa.String(length=128), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_replica_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_replica")),
    )
    op.create_index(op.f("ix_replica_performer_id"), "replica", ["performer_id"], unique=False)
    op.create_index(op.f("ix_replica_producer_id"), "replica", ["producer_id"], unique=False)
    op.create_index(
        "uq_replica_current",
        "replica",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "representation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("representative_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("powers", JSON, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(length=64), nullable=True),
        sa.Column("verified_at", INSTANT, nullable=True),
        sa.Column("stated_at", INSTANT, nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("settlement_hash", sa.String(length=64), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_representation_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_representation")),
    )
    op.create_index(
        op.f("ix_representation_performer_id"), "representation", ["performer_id"], unique=False
    )
    op.create_index(
        op.f("ix_representation_representative_id"),
        "representation",
        ["representative_id"],
        unique=False,
    )
    op.create_index(
        "uq_representation_current",
        "representation",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "signatory",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.String(length=64), nullable=False),
        sa.Column("union_id", sa.String(length=64), nullable=True),
        sa.Column("agreement", sa.String(length=128), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_signatory_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_signatory")),
    )
    op.create_index(
        op.f("ix_signatory_organization_id"), "signatory", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_signatory_union_id"), "signatory", ["union_id"], unique=False)
    op.create_index(
        "uq_signatory_current",
        "signatory",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("grant_id", sa.String(length=64), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_suspension_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_suspension")),
    )
    op.create_index(
        op.f("ix_suspension_performer_id"), "suspension", ["performer_id"], unique=False
    )
    op.create_index(
        "uq_suspension_current",
        "suspension",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "use",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("producer_id", sa.String(length=64), nullable=False),
        sa.Column("use", sa.String(length=24), nullable=False),
        sa.Column("gate", sa.String(length=16), nullable=False),
        sa.Column("shot", sa.String(length=200), nullable=True),
        sa.Column("replica_id", sa.String(length=64), nullable=True),
        sa.Column("grant_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("quantity", JSON, nullable=False),
        sa.Column("owed", JSON, nullable=True),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.Column("locked_at", INSTANT, nullable=True),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'cleared', 'locked', 'released', 'withdrawn')",
            name=op.f("ck_use_state_known"),
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_use_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_use")),
    )
    op.create_index(op.f("ix_use_performer_id"), "use", ["performer_id"], unique=False)
    op.create_index(op.f("ix_use_producer_id"), "use", ["producer_id"], unique=False)
    op.create_index(op.f("ix_use_work_id"), "use", ["work_id"], unique=False)
    op.create_index(
        "uq_use_current",
        "use",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=160), nullable=False),
        sa.Column("row", sa.String(length=128), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_verification_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_verification")),
    )
    op.create_index(
        "uq_verification_current",
        "verification",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "flag_rule",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("conditions", JSON, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_flag_rule_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_flag_rule")),
    )
    op.create_index(op.f("ix_flag_rule_union_id"), "flag_rule", ["union_id"], unique=False)
    op.create_index(
        "uq_flag_rule_current",
        "flag_rule",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "union_case",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("studio_id", sa.String(length=64), nullable=False),
        sa.Column("works", JSON, nullable=False),
        sa.Column("group_key", sa.String(length=64), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("pay", sa.String(length=8), nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("veto_id", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('no_objection', 'asked', 'vetoed', 'approved', 'refused')",
            name=op.f("ck_union_case_answer_known"),
        ),
        sa.CheckConstraint(
            "pay IN ('above', 'below', 'unknown')", name=op.f("ck_union_case_pay_known")
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_union_case_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_union_case")),
    )
    op.create_index(op.f("ix_union_case_about_id"), "union_case", ["about_id"], unique=False)
    op.create_index(
        op.f("ix_union_case_performer_id"), "union_case", ["performer_id"], unique=False
    )
    op.create_index(op.f("ix_union_case_studio_id"), "union_case", ["studio_id"], unique=False)
    op.create_index(
        "ix_union_case_union_id_group_key", "union_case", ["union_id", "group_key"], unique=False
    )
    op.create_index(
        "uq_union_case_current",
        "union_case",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "reminder",
        sa.Column("about_id", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("about_id", "what", name=op.f("pk_reminder")),
    )
    op.create_table(
        "veto",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("union_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("basis", sa.String(length=128), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("scope_performer", sa.String(length=64), nullable=True),
        sa.Column("scope_work", sa.String(length=64), nullable=True),
        sa.Column("scope_studio", sa.String(length=64), nullable=True),
        sa.Column("scope_agreement", sa.String(length=128), nullable=True),
        sa.Column("scope_unit", sa.String(length=64), nullable=True),
        sa.Column("scope_uses", JSON, nullable=False),
        sa.Column("scope_all_members", sa.Boolean(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("timing", sa.String(length=16), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lifted_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("exceptions", JSON, nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=True),
        sa.Column("seconded_by", sa.String(length=64), nullable=True),
        sa.Column("wide", sa.Boolean(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("seconded_at", INSTANT, nullable=True),
        sa.Column("narrowings", JSON, nullable=False),
        sa.Column("renewals", JSON, nullable=False),
        sa.Column("appeals", JSON, nullable=False),
        sa.Column("appeal_to", sa.String(length=64), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("effect IN ('block', 'flag')", name=op.f("ck_veto_effect_known")),
        sa.CheckConstraint("timing IN ('prospective', 'full')", name=op.f("ck_veto_timing_known")),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_veto_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_veto")),
    )
    op.create_index(op.f("ix_veto_scope_performer"), "veto", ["scope_performer"], unique=False)
    op.create_index(op.f("ix_veto_scope_studio"), "veto", ["scope_studio"], unique=False)
    op.create_index(op.f("ix_veto_scope_work"), "veto", ["scope_work"], unique=False)
    op.create_index(op.f("ix_veto_union_id"), "veto", ["union_id"], unique=False)
    op.create_index(
        "uq_veto_current",
        "veto",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "work",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("agreement", sa.String(length=128), nullable=True),
        sa.Column("photography_start", sa.Date(), nullable=True),
        sa.Column("first_exposed_on", sa.Date(), nullable=True),
        sa.Column("content_tags", JSON, nullable=True),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_work_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_work")),
    )
    op.create_index(op.f("ix_work_owner_id"), "work", ["owner_id"], unique=False)
    op.create_index(
        "uq_work_current",
        "work",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "work_day",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("required_background", sa.Integer(), nullable=False),
        sa.Column("human_background", sa.Integer(), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_work_day_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_work_day")),
    )
    op.create_index(op.f("ix_work_day_work_id"), "work_day", ["work_id"], unique=False)
    op.create_index(
        "uq_work_day_current",
        "work_day",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "log_entry",
        sa.Column("log_id", sa.String(length=8), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=48), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["log_id"], ["log_head.log_id"], name=op.f("fk_log_entry_log_id_log_head")
        ),
        sa.PrimaryKeyConstraint("log_id", "idx", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_entry_event_id")),
    )
    op.create_index("ix_log_entry_log_id_at", "log_entry", ["log_id", "at"], unique=False)


def _identity() -> None:
    """Who signs, and how they come to their record."""
    op.create_table(
        "unanswered_release",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("use_id", sa.String(length=64), nullable=False),
        sa.Column("released_at", INSTANT, nullable=False),
        sa.Column("known_idx", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_unanswered_release_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_unanswered_release")),
    )
    op.create_index(
        op.f("ix_unanswered_release_use_id"), "unanswered_release", ["use_id"], unique=False
    )
    op.create_index(
        "uq_unanswered_release_current",
        "unanswered_release",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("opening", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'handed')", name=op.f("ck_delivery_state_known")
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_delivery_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_invitation_id"), "delivery", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_delivery_state"), "delivery", ["state"], unique=False)
    op.create_index(
        "uq_delivery_current",
        "delivery",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("grant_id", sa.String(length=64), nullable=True),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("way IN ('mail', 'text', 'hand')", name=op.f("ck_invitation_way_known")),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_invitation_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_made_by"), "invitation", ["made_by"], unique=False)
    op.create_index(
        op.f("ix_invitation_performer_id"), "invitation", ["performer_id"], unique=False
    )
    op.create_index(
        "uq_invitation_current",
        "invitation",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "match_answer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_as", sa.String(length=16), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_match_answer_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_match_answer")),
    )
    op.create_index(
        op.f("ix_match_answer_performer_id"), "match_answer", ["performer_id"], unique=False
    )
    op.create_index(
        op.f("ix_match_answer_request_id"), "match_answer", ["request_id"], unique=False
    )
    op.create_index(
        "uq_match_answer_current",
        "match_answer",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "match_request",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("said", sa.String(length=8), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_match_request_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_match_request")),
    )
    op.create_index(op.f("ix_match_request_asked_by"), "match_request", ["asked_by"], unique=False)
    op.create_index(
        "uq_match_request_current",
        "match_request",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "merge",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("other_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_as", sa.String(length=32), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=True),
        sa.Column("doubted_by", sa.String(length=64), nullable=True),
        sa.Column("doubted_as", sa.String(length=32), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ends_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'declined', 'merged', 'ended')",
            name=op.f("ck_merge_state_known"),
        ),
        sa.CheckConstraint("performer_id <> other_id", name=op.f("ck_merge_two_records")),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_merge_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_other_id"), "merge", ["other_id"], unique=False)
    op.create_index(op.f("ix_merge_performer_id"), "merge", ["performer_id"], unique=False)
    op.create_index(
        "uq_merge_current",
        "merge",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "quota",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_quota")),
    )


def _sales_and_custody() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("sale_id", sa.String(length=64), nullable=False),
        sa.Column("buyer_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("declined_at", INSTANT, nullable=True),
        sa.Column("signature", JSON, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_assignment_answer_known")),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_assignment_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_buyer_id"), "assignment", ["buyer_id"], unique=False)
    op.create_index(op.f("ix_assignment_grant_id"), "assignment", ["grant_id"], unique=False)
    op.create_index(
        op.f("ix_assignment_performer_id"), "assignment", ["performer_id"], unique=False
    )
    op.create_index(op.f("ix_assignment_sale_id"), "assignment", ["sale_id"], unique=False)
    op.create_index(
        "uq_assignment_current",
        "assignment",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "custody",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("producer_id", sa.String(length=64), nullable=False),
        sa.Column("holder_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("received_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_how", sa.String(length=16), nullable=True),
        sa.Column("certificate", sa.String(length=64), nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "ended_how IN ('returned', 'destroyed')", name=op.f("ck_custody_ending_known")
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_custody_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_custody")),
    )
    op.create_index(op.f("ix_custody_holder_id"), "custody", ["holder_id"], unique=False)
    op.create_index(op.f("ix_custody_performer_id"), "custody", ["performer_id"], unique=False)
    op.create_index(op.f("ix_custody_producer_id"), "custody", ["producer_id"], unique=False)
    op.create_index(op.f("ix_custody_replica_id"), "custody", ["replica_id"], unique=False)
    op.create_index(
        "uq_custody_current",
        "custody",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "redecision",
        sa.Column("block_id", sa.String(length=64), nullable=False),
        sa.Column("use_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("block_id", "use_id", "recorded_idx", name=op.f("pk_redecision")),
    )
    op.create_table(
        "sale",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("seller_id", sa.String(length=64), nullable=False),
        sa.Column("buyer_id", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("assumes", JSON, nullable=False),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_sale_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_sale")),
    )
    op.create_index(op.f("ix_sale_buyer_id"), "sale", ["buyer_id"], unique=False)
    op.create_index(op.f("ix_sale_sale_id"), "sale", ["sale_id"], unique=False)
    op.create_index(op.f("ix_sale_seller_id"), "sale", ["seller_id"], unique=False)
    op.create_index(op.f("ix_sale_work_id"), "sale", ["work_id"], unique=False)
    op.create_index(
        "uq_sale_current",
        "sale",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replica_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("from_id", sa.String(length=64), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=False),
        sa.Column("union_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("responsibility", sa.String(length=64), nullable=True),
        sa.Column("assumption", sa.String(length=64), nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("assumed_at", INSTANT, nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("refused_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('approved', 'refused')", name=op.f("ck_transfer_answer_known")
        ),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_transfer_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_from_id"), "transfer", ["from_id"], unique=False)
    op.create_index(op.f("ix_transfer_performer_id"), "transfer", ["performer_id"], unique=False)
    op.create_index(op.f("ix_transfer_replica_id"), "transfer", ["replica_id"], unique=False)
    op.create_index(op.f("ix_transfer_to_id"), "transfer", ["to_id"], unique=False)
    op.create_index(op.f("ix_transfer_union_id"), "transfer", ["union_id"], unique=False)
    op.create_index(
        "uq_transfer_current",
        "transfer",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )
