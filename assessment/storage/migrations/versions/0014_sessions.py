"""a session of its own for each browser; who is signed in signs in again"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sessions of browsers, in the place of one key for all browsers of an account."""
    op.create_table(
        "browser_session",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_browser_session"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_browser_session_account_id"
        ),
    )
    op.create_index("ix_browser_session_account_id", "browser_session", ["account_id"])
    op.create_index("ix_browser_session_ends_at", "browser_session", ["ends_at"])
    op.drop_column("account", "session_key")
