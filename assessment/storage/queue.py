"""The job queue inside PostgreSQL."""

from enum import StrEnum

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import text
from sqlalchemy.orm import Session

_queue = App(connector=SyncPsycopgConnector())


class Line(StrEnum):
    """The lines that jobs wait in: what people wait for, reports of whole rounds, upkeep."""

    PEOPLE = "default"
    ROUND = "round"
    UPKEEP = "upkeep"


def enqueue(
    db: Session,
    task_name: str,
    *,
    line: Line = Line.PEOPLE,
    priority: int = 0,
    **arguments: int | str,
) -> None:
    """Queue a job in the transaction of ``db``: it exists exactly if that commits."""
    connection = db.connection().connection.driver_connection
    job = _queue.configure_task(
        task_name, connection=connection, queue=line.value, priority=priority
    )
    job.defer(**arguments)


def hurry(db: Session, task_name: str, report_id: int) -> None:
    """Move a report's job to the line of what people wait for: tried again, it stays there."""
    query = text(
        "UPDATE procrastinate_jobs SET queue_name = :people WHERE task_name = :task "
        "AND status IN ('todo', 'doing') AND (args ->> 'report_id')::int = :report_id"
    )
    found = {"task": task_name, "report_id": report_id, "people": Line.PEOPLE.value}
    db.execute(query, found)


def count_unfinished(db: Session, line: Line) -> int:
    """Count the jobs of a line that wait, for their time too, or run."""
    query = text(
        "SELECT count(*) FROM procrastinate_jobs "
        "WHERE queue_name = :line AND status IN ('todo', 'doing')"
    )
    return int(db.scalar(query, {"line": line.value}) or 0)


def count_jobs(db: Session) -> dict[tuple[str, str], int]:
    """Count the jobs that wait (todo), run (doing) or have failed, by task and status."""
    query = text(
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing', 'failed') GROUP BY task_name, status"
    )
    return {(task, status): count for task, status, count in db.execute(query)}
