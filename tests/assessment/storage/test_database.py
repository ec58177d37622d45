import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from assessment.core.people.events import EventKind
from assessment.demonstration.postgres import restart_embedded_server, start_embedded_server
from assessment.storage import audit, queue
from assessment.storage.database import MIGRATIONS, migrate, open_engine
from assessment.storage.models import Base
from tests.factories import OPERATOR

ROOT = Path(__file__).parents[3]


def test_migrate_from_empty_matches_the_models(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    kind != "table" or name in Base.metadata.tables
                )
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrate_again_changes_nothing(engine: Engine):
    migrate(engine)

    with engine.connect() as connection:
        head = (MIGRATIONS / ".current-head").read_text().strip()
        assert MigrationContext.configure(connection).get_current_revision() == head


def test_current_head_is_the_newest_migration():
    scripts = ScriptDirectory(str(MIGRATIONS))

    assert (MIGRATIONS / ".current-head").read_text().strip() == scripts.get_current_head()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET kind = 'other'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
    ],
)
def test_audit_trail_cannot_be_changed(db: Session, statement: str):
    audit.save_event(db, OPERATOR, EventKind.ANSWER_SAVED)

    with pytest.raises(DatabaseError, match="cannot be changed"), db.begin_nested():
        db.execute(text(statement))


def test_enqueue_rolled_back_leaves_no_job(engine: Engine):
    with Session(engine) as session:
        queue.enqueue(session, "make_report", report_id=1)
        session.rollback()
        jobs = session.scalar(text("SELECT count(*) FROM procrastinate_jobs"))

    assert jobs == 0


def test_enqueue_in_a_transaction_is_there_inside_it(db: Session):
    queue.enqueue(db, "make_report", report_id=7)

    rows = db.execute(text("SELECT task_name, args FROM procrastinate_jobs")).all()
    assert [tuple(row) for row in rows] == [("make_report", {"report_id": 7})]


@pytest.mark.slow
def test_embedded_server_stops_with_its_last_user_though_another_was_killed(tmp_path: Path):
    script = """
import os, signal, sys
from pathlib import Path
from assessment.demonstration.postgres import start_embedded_server
start_embedded_server(Path(sys.argv[1]))
print((Path(sys.argv[1]) / "postmaster.pid").read_text().split()[0], flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""
    folder = tmp_path / "postgres"

    def use(end: str) -> int:
        command = [sys.executable, "-c", script, str(folder), end]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
        return int(done.stdout)

    left_running = use("killed")
    assert psutil.pid_exists(left_running)
    joined = use("usual")

    assert joined == left_running
    assert not (folder / "postmaster.pid").exists()
    assert (folder / ".handle_pids.json").read_text() == "[]"


@pytest.mark.slow
def test_restart_embedded_server_starts_only_what_has_ended(tmp_path: Path):
    folder = tmp_path / "postgres"
    url = start_embedded_server(folder)
    engine = open_engine(url)

    assert not restart_embedded_server(folder)
    server = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    server.send_signal(signal.SIGINT)
    server.wait(60)

    assert restart_embedded_server(folder)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
