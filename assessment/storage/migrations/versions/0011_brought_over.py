"""which answers were brought over from an earlier round and are not checked"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Until now an answer that nobody of this round gave was known by what people gave themselves.
# It came from the newest round before that the authority submitted.
MARK = sa.text(
    """
    UPDATE agreed_answer SET brought_from = (
        SELECT earlier.round_id
        FROM assessment
        JOIN round ON round.id = assessment.round_id
        JOIN assessment AS earlier ON earlier.authority_id = assessment.authority_id
            AND earlier.submitted_at IS NOT NULL
        JOIN round AS before ON before.id = earlier.round_id
            AND before.opens_on < round.opens_on
        WHERE assessment.id = agreed_answer.assessment_id
        ORDER BY before.opens_on DESC
        LIMIT 1
    )
    WHERE assessment_id IN (SELECT id FROM assessment WHERE submitted_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM answer
            WHERE answer.assessment_id = agreed_answer.assessment_id
                AND answer.question_id = agreed_answer.question_id
        )
    """
)


def upgrade() -> None:
    """Add the round an answer was brought over from, and mark those that are waiting."""
    column = sa.Column("brought_from", sa.Text(), sa.ForeignKey("round.id", name="fk_agreed_answer_brought_from"), nullable=True)
    op.add_column("agreed_answer", column)
    op.execute(MARK)
