"""what editions show of neighbours is settled by a job"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# It was settled for an authority when it first looked; now pages only read.
QUEUE = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)
    SELECT 'default', 'settle_neighbours', 'settle_neighbours',
        jsonb_build_object('round_id', round_id, 'number', max(number))
    FROM edition GROUP BY round_id ORDER BY round_id
"""


def upgrade() -> None:
    """Queue the job for the newest edition of each round; what is settled stays."""
    op.execute(QUEUE)
