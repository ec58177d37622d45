"""what an edition shows an authority of its nearest neighbours"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what was settled once."""
    op.create_table(
        "neighbour_cells",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Text(), nullable=False),
        sa.Column("cells", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "number", "authority_id"),
        sa.ForeignKeyConstraint(
            ["round_id", "number"], ["edition.round_id", "edition.number"]
        ),
    )
