"""how often something was done for a key; askings of addresses without an account"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counts, and what an asking's address is known by; open askings are forgotten."""
    op.create_table(
        "rate_count",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key_hash", name="pk_rate_count"),
    )
    op.execute("DELETE FROM sign_in")
    op.add_column("sign_in", sa.Column("address_hash", sa.Text(), nullable=False))
