"""workbook"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep a workbook beside each published questionnaire."""
    op.add_column("questionnaire", sa.Column("workbook", sa.LargeBinary(), nullable=True))

