"""what authorities say holds them back and would help them"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is chosen at submission."""
    for name in ("barriers", "support"):
        column = sa.Column(name, sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
        op.add_column("assessment", column)
