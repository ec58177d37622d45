"""the state of an assessment"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CHECKS = {
    "state": (
        "state IN ('answering', 'in_consensus', 'complete', 'returned', 'submitted', 'reopened')"
    ),
    "submitted": (
        "(state = 'submitted') = (submitted_at IS NOT NULL) "
        "AND (submitted_at IS NULL) = (submitted_by IS NULL)"
    ),
    "counted": "state = 'submitted' OR NOT counted",
    "reopened": "state <> 'reopened' OR reopened_on IS NOT NULL",
}


def upgrade() -> None:
    """Say of each assessment how far it has come, which only its dates told."""
    op.add_column("assessment", sa.Column("state", sa.Text(), nullable=True))
    op.execute(
        "UPDATE assessment SET state = CASE WHEN submitted_at IS NOT NULL THEN 'submitted' "
        "WHEN reopened_on IS NOT NULL THEN 'reopened' ELSE 'answering' END"
    )
    op.alter_column("assessment", "state", nullable=False)
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_assessment_{name}"), "assessment", condition)
