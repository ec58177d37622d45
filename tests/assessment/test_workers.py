"""How workers end whose database is away, or has no tables."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from assessment import jobs
from assessment.storage.database import TABLES_MISSING, open_engine
from assessment.storage.queue import are_tables_missing, is_database_lost
from assessment.supervisor import DATABASE_LOST
from tests import databases

NOWHERE = "postgresql://127.0.0.1:1/nowhere"


@contextmanager
def gather(url: str) -> Iterator[jobs.Surroundings]:
    engine = open_engine(url)
    yield jobs.Surroundings(url, sessionmaker(engine), lambda *_: None, "")
    engine.dispose()


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False).replace("+psycopg", "")


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    """The address of a database without tables."""
    url = databases.make_copy(server_url, "template1")
    yield url
    databases.drop_database(url)


@pytest.mark.parametrize("run", [jobs.run_mail_worker, jobs.drain])
def test_run_worker_on_a_database_without_tables_fails_in_a_sentence(
    empty_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[[jobs.Surroundings], None],
):
    # these tests do not stand back for anybody
    monkeypatch.setattr(jobs.os, "nice", lambda _: None)
    monkeypatch.delattr(jobs.os, "SCHED_IDLE")

    with gather(empty_url) as around, pytest.raises(SystemExit) as ended:
        run(around)

    assert ended.value.code == 1
    # an asyncio task that nobody awaited is complained of when it is collected
    del ended
    gc.collect()
    assert caplog.messages.count(TABLES_MISSING) == 1
    assert "asyncio" not in {record.name for record in caplog.records}
    assert "flask migrate" in TABLES_MISSING


def test_run_worker_without_its_database_ends_as_one_to_be_tried_again(
    caplog: pytest.LogCaptureFixture,
):
    with gather(NOWHERE) as around, pytest.raises(SystemExit) as ended:
        jobs.run_mail_worker(around)

    assert ended.value.code == DATABASE_LOST
    assert caplog.messages == ["The database does not answer (OperationalError)."]


def wrap(cause: Exception) -> ConnectorException:
    """Wrap an error as the queue does."""
    error = ConnectorException()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_lost", "are_missing"),
    [
        (wrap(psycopg.OperationalError()), True, False),
        (wrap(psycopg.InterfaceError()), True, False),
        (wrap(psycopg.errors.AdminShutdown()), True, False),
        (wrap(psycopg.errors.UndefinedTable()), False, True),
        (wrap(psycopg.errors.UndefinedFunction()), False, True),
        (wrap(psycopg.DataError()), False, False),
        (ConnectorException(), False, False),
    ],
)
def test_is_database_lost_is_told_by_the_cause(error: Exception, is_lost: bool, are_missing: bool):
    assert (is_database_lost(error), are_tables_missing(error)) == (is_lost, are_missing)


def test_run_worker_error_that_is_no_loss_of_the_database_is_raised(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise wrap(psycopg.DataError("a value is wrong"))

    monkeypatch.setattr(jobs, "build_worker", fail)

    with gather(address(engine)) as around, pytest.raises(ConnectorException):
        jobs.run_mail_worker(around)


def test_run_worker_that_the_queue_ends_beside_its_database_has_failed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    async def end(*_: object) -> None:
        """End as the queue does where one of its side tasks failed."""

    monkeypatch.setattr(jobs._Worker, "run", end)

    with gather(address(engine)) as around, pytest.raises(SystemExit) as ended:
        jobs.run_mail_worker(around)

    assert ended.value.code == 1
