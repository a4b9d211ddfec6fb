"""What contracts, laws and money need beside the first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_contracts_and_money"
down_revision = "20261121_first"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    _residual_statement()
    _base_report()
    _shares()
    _clocks_of_deletion()
    _commercials()
    _due()
    _payment()
    _facts_in_their_own_time()
    _what_each_side_says_of_days()


def _residual_statement() -> None:
    op.create_table(
        "residual_statement",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("market", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("stated_by", sa.String(length=64), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_residual_statement_record_time_ordered"),
        ),
        sa.CheckConstraint("until > starts_on", name=op.f("ck_residual_statement_period_ordered")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_residual_statement")),
    )
    for column in ("performer_id", "stated_by"):
        op.create_index(op.f(f"ix_residual_statement_{column}"), "residual_statement", [column])
    op.create_index(
        "uq_residual_statement_current",
        "residual_statement",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )


def _base_report() -> None:
    op.create_table(
        "base_report",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=True),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.Column("dispute_words", sa.Text(), nullable=True),
        sa.Column("stated_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("disputes_before", JSON, nullable=True),
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f("ck_base_report_record_time_ordered"),
        ),
        sa.CheckConstraint("until > starts_on", name=op.f("ck_base_report_period_ordered")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_base_report")),
    )
    for column in ("performer_id", "work_id"):
        op.create_index(op.f(f"ix_base_report_{column}"), "base_report", [column])
    op.create_index(
        "uq_base_report_current",
        "base_report",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )


def _clocks_of_deletion() -> None:
    """What ends the time for which measures of somebody may be kept, or their being taken."""
    op.add_column("replica", sa.Column("purpose_met_on", sa.Date(), nullable=True))
    op.add_column("capture_session", sa.Column("cancelled_at", INSTANT, nullable=True))
    op.add_column("attestation", sa.Column("withdrawn_at", INSTANT, nullable=True))


def _commercials() -> None:
    """For whom and what a commercial advertises, for how long, and under which waiver."""
    op.add_column("work", sa.Column("advertiser", sa.Text(), nullable=True))
    op.add_column("work", sa.Column("product_line", sa.Text(), nullable=True))
    op.add_column("work", sa.Column("mpu_ends_on", sa.Date(), nullable=True))
    op.add_column("work", sa.Column("dynamic_audio_waiver", sa.String(length=64), nullable=True))
    op.add_column("notice", sa.Column("answered_at", INSTANT, nullable=True))


def _due() -> None:
    op.create_table(
        "due",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("work_id", sa.String(length=64), nullable=True),
        sa.Column("payer_id", sa.String(length=64), nullable=False),
        sa.Column("use_id", sa.String(length=64), nullable=True),
        sa.Column("replica_id", sa.String(length=64), nullable=True),
        sa.Column("capture_session_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("use", sa.String(length=24), nullable=True),
        sa.Column("shot", sa.String(length=200), nullable=True),
        sa.Column("once", sa.String(length=200), nullable=True),
        sa.Column("floor", sa.String(length=8), nullable=False),
        sa.Column("stands_from", INSTANT, nullable=False),
        sa.Column("stated_at", INSTANT, nullable=False),
        sa.Column("arises_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_why", sa.String(length=24), nullable=True),
        sa.Column("disputed_at", INSTANT, nullable=True),
        sa.Column("disputed_by", sa.String(length=64), nullable=True),
        sa.Column("estimate_id", sa.String(length=64), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("why_unknown", sa.Text(), nullable=True),
        sa.Column("claimed_minor", sa.BigInteger(), nullable=True),
        sa.Column("formula", sa.Text(), nullable=True),
        sa.Column("working", JSON, nullable=True),
        sa.Column("source", JSON, nullable=False),
        sa.Column("rates", JSON, nullable=True),
        sa.Column("unverified", JSON, nullable=False),
        sa.Column("pay_by", JSON, nullable=True),
        *_record_time("due"),
    )
    for column in ("performer_id", "work_id", "payer_id", "use_id", "capture_session_id"):
        op.create_index(op.f(f"ix_due_{column}"), "due", [column])
    _one_in_force("due")


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payer_id", sa.String(length=64), nullable=False),
        sa.Column("performer_id", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("stands_from", INSTANT, nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("because", JSON, nullable=False),
        sa.Column("received", JSON, nullable=True),
        *_record_time("payment"),
    )
    for column in ("performer_id", "payer_id"):
        op.create_index(op.f(f"ix_payment_{column}"), "payment", [column])
    _one_in_force("payment")


def _record_time(table: str) -> tuple[sa.Column | sa.Constraint, ...]:
    return (
        sa.Column("recorded_idx", sa.BigInteger(), nullable=False),
        sa.Column("superseded_idx", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "superseded_idx IS NULL OR superseded_idx > recorded_idx",
            name=op.f(f"ck_{table}_record_time_ordered"),
        ),
        sa.PrimaryKeyConstraint("id", "version", name=op.f(f"pk_{table}")),
    )


def _one_in_force(table: str) -> None:
    op.create_index(
        f"uq_{table}_current",
        table,
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_idx IS NULL"),
        postgresql_where=sa.text("superseded_idx IS NULL"),
    )


def _shares() -> None:
    op.add_column("work", sa.Column("running_minutes", sa.Integer(), nullable=True))
    op.add_column("grant", sa.Column("pay_share", sa.String(length=16), nullable=True))
    op.add_column("grant", sa.Column("pay_base", sa.Text(), nullable=True))


def _facts_in_their_own_time() -> None:
    for table in ("organization", "signatory", "membership", "work", "edge", "engagement"):
        op.add_column(table, sa.Column("disputes_before", JSON, nullable=True))
    op.add_column("performer", sa.Column("lived_before", JSON, nullable=True))
    op.add_column("work", sa.Column("stated_before", JSON, nullable=True))
    op.add_column("sale", sa.Column("awaits_buyer", sa.Boolean(), nullable=True))
    op.add_column("sale", sa.Column("confirmed_at", INSTANT, nullable=True))
    op.add_column("sale", sa.Column("confirmed_by", sa.String(length=64), nullable=True))
    op.add_column("sale", sa.Column("withdrawn_at", INSTANT, nullable=True))
    op.add_column("replica", sa.Column("made_before", sa.String(length=64), nullable=True))
    op.add_column("use", sa.Column("withdrawn_at", INSTANT, nullable=True))
    op.add_column("use", sa.Column("days", sa.String(length=16), nullable=True))
    op.add_column("use", sa.Column("estimate_id", sa.String(length=64), nullable=True))


def _what_each_side_says_of_days() -> None:
    op.add_column("estimate", sa.Column("stated_at", INSTANT, nullable=True))
    op.add_column("estimate", sa.Column("claimed_days", sa.String(length=16), nullable=True))
    op.add_column("estimate", sa.Column("claim", sa.Text(), nullable=True))
    op.add_column("estimate", sa.Column("disputed_at", INSTANT, nullable=True))
    op.add_column("estimate", sa.Column("settled_at", INSTANT, nullable=True))
    op.add_column("estimate", sa.Column("days_before", sa.String(length=16), nullable=True))
