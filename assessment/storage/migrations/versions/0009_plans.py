"""improvement plans, and each person's own answers"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add targets, planned actions and own answers."""
    _add_plans()
    op.create_table(
        "answer",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", "question_id", "account_id", name="pk_answer"),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name="fk_answer_assessment_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_answer_account_id"),
        sa.CheckConstraint("(standing = 'level') = (level IS NOT NULL)", name="level_given"),
        sa.CheckConstraint("standing IN ('level', 'dk', 'na')", name="standing"),
    )
    op.create_index("ix_answer_account_id", "answer", ["account_id"])


def _add_plans() -> None:
    """Add targets and planned actions."""
    op.create_table(
        "target",
        sa.Column("authority_id", sa.Text(), nullable=False),
        sa.Column("principle_id", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "principle_id", name="pk_target"),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name="fk_target_authority_id"),
    )
    op.create_table(
        "planned_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_planned_action"),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name="fk_planned_action_authority_id"
        ),
    )
    op.create_index("ix_planned_action_authority_id", "planned_action", ["authority_id"])
