"""sign-in codes, and an audit trail that cannot be emptied"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep a hash of the newest code and when it was sent; refuse TRUNCATE."""
    op.drop_column("account", "sign_in_secrets")
    op.add_column("account", sa.Column("code_hash", sa.Text(), nullable=True))
    sent_at = sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("account", sent_at)
    op.execute(
        "CREATE TRIGGER keep_audit_whole BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )
