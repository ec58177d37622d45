"""files of released editions"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; the files of editions released before are made after migrating."""
    op.create_table(
        "edition_file",
        sa.Column("round_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "number", "file_format", name="pk_edition_file"),
        sa.ForeignKeyConstraint(
            ["round_id", "number"],
            ["edition.round_id", "edition.number"],
            name="fk_edition_file_round_id",
        ),
    )
