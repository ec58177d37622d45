"""Reports made by a real worker on the real queue."""

import io
import os
import signal
import sys
from concurrent.futures import BrokenExecutor
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest
from flask import Flask
from procrastinate import RetryStrategy
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment import jobs
from assessment.core.accounts import Account
from assessment.core.requests import ReportRequest, ReportState
from assessment.services import accounts, publishing, reporting, round_reports
from assessment.storage import queue
from reports.seal import Seal
from tests.conftest import TODAY, VERSION, run_worker
from tests.factories import make_questionnaire

SITE = "https://example.org/verify"


@pytest.fixture
def leader(app: Flask) -> Account:
    with app.extensions["database"]() as db:
        account = accounts.find_account(db, email="chief.executive@demonstration.example")
    assert account is not None
    return account


def ask(app: Flask, leader: Account, kind: str) -> ReportRequest:
    with app.extensions["database"].begin() as db:
        assert leader.authority_id is not None
        return reporting.ask_report(db, leader.authority_id, kind, TODAY, by=leader)


def read(app: Flask, request: ReportRequest) -> ReportRequest:
    with app.extensions["database"]() as db:
        return reporting.read_request(db, request.authority_id, request.id)


def count_jobs(db: Session) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_report'"
    return int(db.scalar(text(query)) or 0)


def test_worker_makes_the_report_that_was_asked_for(app: Flask, leader: Account):
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
        _, pdf = publishing.read_workbook(db, TODAY)
    # a page for each of 36 questions, and a few before and after them
    assert 36 < len(PdfReader(io.BytesIO(pdf)).pages) <= 44


def count_workbook_jobs(db: Session) -> int:
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_workbook'"
    return int(db.scalar(text(query)) or 0)


def test_publish_questionnaire_queues_its_workbook_until_it_is_made(db: Session):
    publishing.publish_questionnaire(db, make_questionnaire(), by="test")
    assert count_workbook_jobs(db) == 1

    publishing.save_workbook(db, "test-1", b"made")
    publishing.publish_questionnaire(db, make_questionnaire(), by="test")

    assert count_workbook_jobs(db) == 1


def test_renderer_killed_process_fails_its_job_and_not_the_next():
    renderer = jobs.Renderer()

    with pytest.raises(BrokenExecutor):
        renderer.run(os._exit, 9)

    assert renderer.run(str.encode, "next") == b"next"


def test_renderer_hanging_process_is_ended(monkeypatch: pytest.MonkeyPatch):
    renderer = jobs.Renderer()
    assert renderer.run(str.encode, "first") == b"first"
    monkeypatch.setattr(jobs, "MOST_SECONDS", 1)

    with pytest.raises(TimeoutError):
        renderer.run(signal.pause)

    monkeypatch.undo()
    assert renderer.run(str.encode, "next") == b"next"


def tell_process() -> bytes:
    return str(os.getpid()).encode()


def keep_renderer(sender: Connection) -> None:
    renderer = jobs.Renderer()
    sender.send(renderer.run(tell_process))
    signal.pause()


def test_renderer_ends_with_its_worker_even_when_killed():
    context = get_context("spawn")
    receiver, sender = context.Pipe()
    worker = context.Process(target=keep_renderer, args=(sender,))
    worker.start()
    assert receiver.poll(60)
    renderer = psutil.Process(int(receiver.recv()))

    worker.kill()
    worker.join()

    assert psutil.wait_procs([renderer], timeout=30)[1] == []


def test_ask_report_twice_makes_one(app: Flask, leader: Account):
    first, second = ask(app, leader, "scorecard"), ask(app, leader, "scorecard")

    assert first == second
    with app.extensions["database"]() as db:
        assert count_jobs(db) == 1


def test_ask_report_rolled_back_leaves_neither_request_nor_job(app: Flask, leader: Account):
    assert leader.authority_id is not None
    with app.extensions["database"]() as db:
        reporting.ask_report(db, leader.authority_id, "scorecard", TODAY, by=leader)
        db.rollback()

        assert count_jobs(db) == 0
        assert reporting.read_results(db, leader.authority_id, TODAY).requests == ()


def make(app: Flask, request: ReportRequest, pdf: bytes) -> None:
    """Finish a report as a worker does, with some bytes in the place of a PDF."""
    with app.extensions["database"].begin() as db:
        asked = reporting.read_asked(db, request.id, TODAY, SITE)
        assert asked is not None
        reporting.save_made(db, request.id, asked, pdf)


def test_save_made_finished_is_left_as_it_is(app: Flask, leader: Account):
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")

    with app.extensions["database"].begin() as db:
        assert reporting.read_asked(db, request.id, TODAY, SITE) is None
        other = reporting.Asked("{}", "scorecard", Seal("", SITE, ""))
        reporting.save_made(db, request.id, other, b"second")

    with app.extensions["database"]() as db:
        assert reporting.read_file(db, request.authority_id, request.id)[1] == b"first"


def test_ask_report_again_after_it_is_ready_makes_no_other(app: Flask, leader: Account):
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")

    with app.extensions["database"].begin() as db:
        tomorrow = TODAY + timedelta(days=1)
        again = reporting.ask_report(db, request.authority_id, "scorecard", tomorrow, by=leader)

        assert again.id == request.id
        assert count_jobs(db) == 1


def test_ask_report_again_of_one_made_before_a_part_was_there_makes_no_other(
    app: Flask, leader: Account
):
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE assessment SET barriers = '{}', support = '{}'"))
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE report SET data = (data::jsonb - 'barriers' - 'support')::text"))

    assert ask(app, leader, "scorecard").id == request.id


def test_ask_report_again_after_figures_changed_makes_another(app: Flask, leader: Account):
    request = ask(app, leader, "scorecard")
    make(app, request, b"first")
    with app.extensions["database"].begin() as db:
        db.execute(
            text("UPDATE report SET data = jsonb_set(data::jsonb, '{edition}', '\"other\"')::text")
        )

    assert ask(app, leader, "scorecard").id != request.id


def test_worker_holds_no_transaction_while_it_renders(
    app: Flask, leader: Account, monkeypatch: pytest.MonkeyPatch
):
    open_ones: list[int] = []
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' "
        "AND datname = current_database() AND pid <> pg_backend_pid()"
    )

    def render(_renderer: jobs.Renderer, _render: object, *_given: object) -> bytes:
        with app.extensions["database"]() as db:
            open_ones.append(db.scalar(text(query)))
        return b"made"

    monkeypatch.setattr(jobs.Renderer, "run", render)
    ask(app, leader, "scorecard")
    with app.extensions["database"].begin() as db:
        queue.enqueue(db, publishing.MAKE_WORKBOOK, version=VERSION)

    run_worker(app)

    assert open_ones == [0, 0]


def test_worker_says_so_where_a_report_fails_for_good(
    app: Flask, leader: Account, monkeypatch: pytest.MonkeyPatch
):
    request = ask(app, leader, "scorecard")
    monkeypatch.setattr(jobs, "RETRY", RetryStrategy(max_attempts=jobs.MOST_ATTEMPTS - 1))
    with app.extensions["database"].begin() as db:
        # A day that is none cannot be read, at any attempt.
        db.execute(text('UPDATE procrastinate_jobs SET args = args || \'{"made_on": "never"}\''))

    run_worker(app)

    assert read(app, request).state is ReportState.FAILED
    with app.extensions["database"]() as db:
        attempts = db.scalar(text("SELECT max(attempts) FROM procrastinate_jobs"))
    assert attempts == jobs.MOST_ATTEMPTS
    assert ask(app, leader, "scorecard").id != request.id


def test_render_report_same_data_same_bytes(app: Flask, leader: Account):
    assert leader.authority_id is not None
    with app.extensions["database"]() as db:
        first = reporting.print_report(
            db, leader.authority_id, "2025", "scorecard", TODAY, by="test"
        )
        second = reporting.print_report(
            db, leader.authority_id, "2025", "scorecard", TODAY, by="test"
        )

    assert first == second


def test_worker_takes_up_a_report_whose_worker_died(app: Flask, leader: Account):
    request = ask(app, leader, "scorecard")
    with app.extensions["database"].begin() as db:
        db.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        queue.enqueue(db, "retry_stalled", timestamp=0)

    run_worker(app)
    run_worker(app)

    assert read(app, request).state is ReportState.READY


def start_worker(app: Flask) -> psutil.Popen:
    environment = os.environ | {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": "s"}
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    return psutil.Popen(command, env=environment, cwd=Path(__file__).parents[2])


def test_worker_leaves_the_reports_of_a_round(app: Flask, leader: Account):
    with app.extensions["database"].begin() as db:
        round_reports.ask_round(db, "2025", "improvement", TODAY, by="test")
        waiting = count_jobs(db)
    request = ask(app, leader, "scorecard")

    worker = start_worker(app)
    for _ in range(600):
        if read(app, request).state is ReportState.READY:
            break
        assert psutil.wait_procs([worker], timeout=0.1)[0] == []
    worker.terminate()
    worker.wait()

    with app.extensions["database"]() as db:
        assert read(app, request).state is ReportState.READY
        assert db.scalar(text("SELECT DISTINCT status::text FROM procrastinate_jobs")) == "todo"
        assert count_jobs(db) == waiting


def test_worker_killed_while_it_renders_loses_nothing(app: Flask, leader: Account):
    request = ask(app, leader, "improvement")
    worker = start_worker(app)
    doing = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
    with app.extensions["database"]() as db:
        for _ in range(600):
            if db.scalar(doing):
                break
            assert psutil.wait_procs([worker], timeout=0.1)[0] == []
            db.rollback()

    worker.kill()
    worker.wait()

    assert read(app, request).state is ReportState.WAITING
    with app.extensions["database"].begin() as db:
        assert db.scalar(doing) == 1
        # The worker's last sign of life is so old that it counts as gone.
        db.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1h'"))
        queue.enqueue(db, "retry_stalled", timestamp=0)
    run_worker(app)
    run_worker(app)
    assert read(app, request).state is ReportState.READY
