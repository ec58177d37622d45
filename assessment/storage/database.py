"""Where the database is: its address, its migrations, its locks."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parent / "migrations"
CURRENT_HEAD = MIGRATIONS / ".current-head"
TABLES_MISSING = "The database's tables are missing or old: run flask init or flask migrate."
# Connections that a process may keep: more than it has threads.
POOL_SIZE = 10


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
