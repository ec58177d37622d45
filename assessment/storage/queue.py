"""The job queue inside PostgreSQL."""

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy.orm import Session

_queue = App(connector=SyncPsycopgConnector())


def enqueue(db: Session, task_name: str, **arguments: int | str) -> None:
    """Queue a job in the transaction of ``db``: it exists exactly if that commits."""
    connection = db.connection().connection.driver_connection
    _queue.configure_task(task_name, connection=connection).defer(**arguments)
