"""The job queue inside PostgreSQL."""

from enum import StrEnum

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

# What a worker meets where the database does not do what it asks; the queue wraps every error.
DATABASE_ERRORS = (ConnectorException, psycopg.Error, DBAPIError)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)
_WITHOUT_TABLES = (psycopg.ProgrammingError, ProgrammingError)

_queue = App(connector=SyncPsycopgConnector())


class QueueName(StrEnum):
    """The queues: mail, documents that people wait for, those of rounds, maintenance."""

    MAIL = "mail"
    INTERACTIVE = "default"
    BULK = "round"
    MAINTENANCE = "upkeep"


def check_reachable(db: Session) -> None:
    """Raise one of DATABASE_ERRORS at once where the database does not answer."""
    db.execute(text("SELECT 1"))


def is_database_lost(error: BaseException) -> bool:
    """Return whether one of DATABASE_ERRORS means that the database does not answer."""
    return _is_caused_by(error, _LOST)


def are_tables_missing(error: BaseException) -> bool:
    """Return whether one of DATABASE_ERRORS means that tables or columns are not there."""
    return _is_caused_by(error, _WITHOUT_TABLES)


def _is_caused_by(error: BaseException | None, kinds: tuple[type[Exception], ...]) -> bool:
    """Return whether an error, or one that it was raised from, is of one of these kinds."""
    return error is not None and (isinstance(error, kinds) or _is_caused_by(error.__cause__, kinds))


def make_queue(database_url: str) -> App:
    """Return the queue as a worker uses it, without tasks."""
    return App(connector=PsycopgConnector(conninfo=database_url))


def enqueue(
    db: Session,
    task_name: str,
    *,
    queue_name: QueueName = QueueName.INTERACTIVE,
    lock: str | None = None,
    **arguments: int | str,
) -> None:
    """Queue a job in the transaction of ``db``: it exists exactly if that commits.

    Jobs with the same ``lock`` run one after the other.
    """
    connection = db.connection().connection.driver_connection
    job = _queue.configure_task(task_name, connection=connection, queue=queue_name.value, lock=lock)
    job.defer(**arguments)


def prioritise(db: Session, task_name: str, report_id: int) -> None:
    """Move a report's job to the queue of what people wait for; tried again, it stays there."""
    query = text(
        "UPDATE procrastinate_jobs SET queue_name = :people WHERE task_name = :task "
        "AND status IN ('todo', 'doing') AND (args ->> 'report_id')::int = :report_id"
    )
    found = {"task": task_name, "report_id": report_id, "people": QueueName.INTERACTIVE.value}
    db.execute(query, found)


def count_unfinished(db: Session, queue_name: QueueName) -> int:
    """Count the jobs of a queue that wait, for their time too, or run."""
    query = text(
        "SELECT count(*) FROM procrastinate_jobs "
        "WHERE queue_name = :queue_name AND status IN ('todo', 'doing')"
    )
    return int(db.scalar(query, {"queue_name": queue_name.value}) or 0)


def count_jobs(db: Session) -> dict[tuple[str, str], int]:
    """Count the jobs that wait (todo), run (doing) or have failed, by task and status."""
    query = text(
        "SELECT task_name, status::text, count(*) FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing', 'failed') GROUP BY task_name, status"
    )
    return {(task, status): count for task, status, count in db.execute(query)}
