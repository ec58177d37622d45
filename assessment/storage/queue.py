"""The job queue inside PostgreSQL."""

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import text
from sqlalchemy.orm import Session

_queue = App(connector=SyncPsycopgConnector())


def enqueue(db: Session, task_name: str, *, priority: int = 0, **arguments: int | str) -> None:
    """Queue a job in the transaction of ``db``: it exists exactly if that commits."""
    connection = db.connection().connection.driver_connection
    job = _queue.configure_task(task_name, connection=connection, priority=priority)
    job.defer(**arguments)


def hurry(db: Session, task_name: str, report_id: int) -> None:
    """Let a waiting job of a report go before those that nobody waits for."""
    query = text(
        "UPDATE procrastinate_jobs SET priority = 0 WHERE task_name = :task AND status = 'todo' "
        "AND priority < 0 AND (args ->> 'report_id')::int = :report_id"
    )
    db.execute(query, {"task": task_name, "report_id": report_id})


def count_jobs(db: Session) -> dict[tuple[str, str], int]:
    """Count the jobs that wait (todo), run (doing) or have failed, by task and status."""
    query = text(
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing', 'failed') GROUP BY task_name, status"
    )
    return {(task, status): count for task, status, count in db.execute(query)}
