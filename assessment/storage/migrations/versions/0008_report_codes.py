"""reports that can be verified, and reports of the whole programme"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the code and the content hash; a report of the programme has no authority."""
    op.add_column("report", sa.Column("code", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("content_hash", sa.Text(), nullable=True))
    op.create_unique_constraint("uq_report_code", "report", ["code"])
    op.alter_column("report", "authority_id", nullable=True)
    op.drop_index("uq_report_unfinished", "report")
    op.create_index(
        "uq_report_unfinished",
        "report",
        ["authority_id", "round_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
        postgresql_nulls_not_distinct=True,
    )
