"""What contracts, laws and money need beside the first schema."""

revision = "20261122_contracts_and_money"
down_revision = "20261121_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
