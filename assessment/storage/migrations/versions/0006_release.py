"""editions that are released, and how long answers took"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day an edition was released to everybody, and the seconds an answer took."""
    op.add_column("edition", sa.Column("released_on", sa.Date(), nullable=True))
    op.add_column("agreed_answer", sa.Column("seconds", sa.Integer(), nullable=True))
