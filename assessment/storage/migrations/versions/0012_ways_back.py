"""withdrawn editions, reopened assessments"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add when and why an edition was withdrawn, and an assessment reopened.

    Who imported is said in words that pages can show.
    """
    op.add_column("edition", sa.Column("withdrawn_on", sa.Date()))
    op.add_column("edition", sa.Column("withdrawal_note", sa.Text()))
    op.create_check_constraint(
        op.f("ck_edition_withdrawal"),
        "edition",
        "withdrawn_on IS NULL OR (released_on IS NOT NULL AND withdrawal_note <> '')",
    )
    op.add_column("assessment", sa.Column("reopened_on", sa.Date()))
    op.add_column(
        "assessment", sa.Column("reopening_reason", sa.Text(), server_default="", nullable=False)
    )
    for table, column in (("assessment", "submitted_by"), ("agreed_answer", "changed_by")):
        op.execute(
            f"UPDATE {table} SET {column} = 'the programme team from a file' "
            f"WHERE {column} = 'command line'"
        )
