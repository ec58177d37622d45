"""The job queue inside PostgreSQL."""

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy.orm import Session

_queue = App(connector=SyncPsycopgConnector())


def enqueue(db: Session, task_name: str, *, priority: int = 0, **arguments: int | str) -> None:
    """Queue a job in the transaction of ``db``: it exists exactly if that commits."""
    connection = db.connection().connection.driver_connection
    job = _queue.configure_task(task_name, connection=connection, priority=priority)
    job.defer(**arguments)
