"""Background jobs: each runs in a worker process, and what it changes it commits once."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from procrastinate import App, JobContext, RetryStrategy
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision
from sqlalchemy.orm import Session, sessionmaker

from assessment import clock
from assessment.renderer import Renderers, RenderingStoppedError, RenderingTooLongError
from assessment.services.editions import settling
from assessment.services.people import signing_in
from assessment.services.questionnaires import publishing, queries
from assessment.services.reports import making, requesting
from assessment.storage.database import TABLES_MISSING
from assessment.storage.queue import (
    DATABASE_ERRORS,
    QueueName,
    are_tables_missing,
    check_reachable,
    count_unfinished,
    is_database_lost,
    make_queue,
)
from assessment.supervisor import DATABASE_LOST, Start

MAX_ATTEMPTS = 3
# Documents made at once: while one takes its time, others are made.
MAX_RENDERERS = 2
# Mails sent at once: a mail server that is slow to one holds up no other.
MAX_MAILS = 4
# Waits between attempts at a mail double up to this; how long it is tried the code's life says.
MAX_MAIL_WAIT = 60
# How often a worker looks for jobs whose time has come, or, where it drains, whether any is left.
LOOK_SECONDS = 2.0
# A worker told to end finishes its documents in this time, else leaves them to another.
GRACE_SECONDS = 5.0
# The niceness of document workers, which yield to web requests.
WORKER_NICENESS = 15

Sessions = sessionmaker[Session]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What jobs work with.

    ``send`` mails a sign-in code; ``site`` is the address that reports name to be checked at.
    """

    database_url: str
    sessions: Sessions
    send: signing_in.SendCode
    site: str


def gather_surroundings(settings: Mapping[str, Any], parts: Mapping[str, Any]) -> Surroundings:
    """Return an application's surroundings."""
    return Surroundings(
        database_url=settings["DATABASE_URL"],
        sessions=parts["database"],
        send=parts["send_sign_in"],
        site=parts["verify_page"],
    )


class DocumentRetry(RetryStrategy):
    """Tries a document again unless that is useless; at once where its worker ended."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None."""
        if isinstance(exception, RenderingStoppedError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, RenderingTooLongError):
            return None
        return super().get_retry_decision(exception=exception, job=job)


class MailRetry(RetryStrategy):
    """Tries a mail again and again: it ends by itself when there is nothing left to send."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """Return when to try again: after 2, 4, 8 seconds and so on."""
        wait = min(2 ** (min(job.attempts, 10) + 1), MAX_MAIL_WAIT)
        return RetryDecision(retry_in={"seconds": wait})


# The library counts only the attempts after the first.
RETRY = DocumentRetry(max_attempts=MAX_ATTEMPTS - 1, exponential_wait=3)


def build_worker(around: Surroundings, renderers: Renderers) -> App:
    """Return the queue with its tasks, ready to run a worker."""
    queue = make_queue(around.database_url)
    _add_tasks(queue, around, partial(renderers.run, making.render_report))
    _add_workbook_task(queue, around.sessions, partial(renderers.run, publishing.render_content))
    _add_settling_task(queue, around.sessions)
    _add_sign_in_tasks(queue, around)
    return queue


def list_workers(around: Surroundings) -> Mapping[str, Start]:
    """Return the workers an installation needs: mail never waits for documents."""
    return {
        "mail worker": partial(run_mail_worker, around),
        "document worker": partial(run_document_worker, around),
    }


def run_mail_worker(around: Surroundings) -> None:
    """Send mail until told to end."""
    _run(around, Renderers(0), [QueueName.MAIL, QueueName.MAINTENANCE], concurrency=MAX_MAILS)


def run_document_worker(around: Surroundings) -> None:
    """Make the documents that people wait for until told to end; pages go first."""
    os.nice(WORKER_NICENESS)
    renderers = Renderers(MAX_RENDERERS)
    _run(
        around, renderers, [QueueName.INTERACTIVE, QueueName.MAINTENANCE], concurrency=MAX_RENDERERS
    )


def drain(around: Surroundings) -> None:
    """Make the reports of whole rounds behind everything else on the machine, then end."""
    os.nice(WORKER_NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        # Linux: runs only where nobody else wants to, and gives way at once.
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    _run(
        around,
        Renderers(1),
        [QueueName.BULK, QueueName.MAINTENANCE],
        concurrency=1,
        until_empty=QueueName.BULK,
    )


def _run(
    around: Surroundings,
    renderers: Renderers,
    queue_names: list[QueueName],
    *,
    concurrency: int,
    until_empty: QueueName | None = None,
) -> None:
    """Run a worker; exits with DATABASE_LOST, or 1, where it ended without being told to."""
    worker = _Worker(around, renderers, until_empty)
    try:
        _check_database(around)
        asyncio.run(worker.run([queue_name.value for queue_name in queue_names], concurrency))
        if not worker.is_told_to_end:
            # Something ended it that the queue has logged: if not the loss of the database, then
            # a failure.
            _check_database(around)
            sys.exit(1)
    except DATABASE_ERRORS as error:
        status = _say_error(error)
        if not worker.is_told_to_end:
            sys.exit(status)
    finally:
        # A renderer that lives on would keep this process from ending.
        renderers.close()


def _check_database(around: Surroundings) -> None:
    """Raise one of DATABASE_ERRORS where the database does not answer."""
    with around.sessions() as db:
        check_reachable(db)


def _say_error(error: Exception) -> int:
    """Log what is wrong with the database, and return the status to end with.

    Raises the error again where only a developer can put it right.
    """
    if are_tables_missing(error):
        logger.error(TABLES_MISSING)
        return 1
    if not is_database_lost(error):
        raise error
    logger.warning("The database does not answer (%s).", type(error).__name__)
    return DATABASE_LOST


class _Worker:
    """One worker, from its start until it is told to end or has lost the database."""

    def __init__(self, around: Surroundings, renderers: Renderers, until_empty: QueueName | None):
        self._around, self._renderers, self._until_empty = around, renderers, until_empty
        self.is_told_to_end = False

    async def run(self, queue_names: list[str], concurrency: int) -> None:
        """Run jobs of these queues."""
        told_to_end = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, told_to_end.set)
        async with build_worker(self._around, self._renderers).open_async() as queue:
            work = asyncio.create_task(
                queue.run_worker_async(
                    queues=queue_names,
                    concurrency=concurrency,
                    delete_jobs="successful",
                    fetch_job_polling_interval=LOOK_SECONDS,
                    # The library's handlers wait for running jobs without limit; _end does not.
                    install_signal_handlers=False,
                )
            )
            try:
                while not (work.done() or told_to_end.is_set() or self._is_empty()):
                    waiting = asyncio.create_task(told_to_end.wait())
                    await asyncio.wait(
                        [work, waiting], timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    waiting.cancel()
                self.is_told_to_end = not work.done()
            finally:
                # Before the queue's connections close under it, whatever has happened here.
                await self._end(work)

    def _is_empty(self) -> bool:
        """Return whether the queue to be emptied is: not even a job to be tried again is left."""
        if self._until_empty is None:
            return False
        with self._around.sessions() as db:
            return not count_unfinished(db, self._until_empty)

    async def _end(self, work: asyncio.Task[None]) -> None:
        """Let the worker end its jobs; what takes longer than the grace is left to another."""
        handing_back = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._renderers.close)
        work.cancel()
        await asyncio.wait([work])
        handing_back.cancel()
        if not work.cancelled():
            work.result()


def _add_tasks(
    queue: App, around: Surroundings, render: Callable[[making.RenderInputs], bytes]
) -> None:
    """Add the tasks, bound to a database and a way of rendering."""

    @queue.task(
        name=requesting.MAKE_REPORT,
        pass_context=True,
        retry=RETRY,
    )
    def make_report(context: JobContext, report_id: int, made_on: str) -> None:
        try:
            _make_report(around, report_id, date.fromisoformat(made_on), render)
        except Exception as error:
            # Asked here as the queue will ask it once the error is raised again: only a report that
            # is not tried again has failed.
            if RETRY.get_retry_decision(exception=error, job=context.job) is None:
                with around.sessions.begin() as db:
                    making.fail_report(db, report_id, error)
            raise

    # One job a minute for all: workers that each looked for themselves would put one back twice.
    @queue.periodic(cron="* * * * *")
    @queue.task(
        name="retry_stalled",
        queue=QueueName.MAINTENANCE.value,
        queueing_lock="retry_stalled",
        pass_context=True,
    )
    async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        manager: Any = context.app.job_manager
        for job in await manager.get_stalled_jobs():
            await manager.retry_job(job)


def _make_report(
    around: Surroundings,
    report_id: int,
    made_on: date,
    render: Callable[[making.RenderInputs], bytes],
) -> None:
    """Make a report; no transaction stays open while it is rendered."""
    with around.sessions.begin() as db:
        inputs = making.read_render_inputs(db, report_id, made_on, around.site)
    if inputs is not None:
        pdf = render(inputs)
        with around.sessions.begin() as db:
            making.save_rendered(db, report_id, inputs, pdf)


def _add_workbook_task(queue: App, sessions: Sessions, render: Callable[[str], bytes]) -> None:
    """Add the task that makes a questionnaire's workbook."""

    @queue.task(name=publishing.MAKE_WORKBOOK, retry=RETRY)
    def make_workbook(version: str) -> None:
        with sessions() as db:
            content = queries.read_content(db, version)
        if content is not None:
            pdf = render(content)
            with sessions.begin() as db:
                publishing.save_workbook(db, version, pdf)


def _add_settling_task(queue: App, sessions: Sessions) -> None:
    """Add the task that settles what an edition shows of neighbours, some authorities at a time."""

    @queue.task(name=settling.SETTLE_NEIGHBOURS, retry=RETRY)
    def settle_neighbours(round_id: str, number: int) -> None:
        with sessions.begin() as db:
            settling.settle_batch(db, round_id, number)


def _add_sign_in_tasks(queue: App, around: Surroundings) -> None:
    """Add the tasks that mail sign-in codes, each kept once sent, and that forget them."""

    @queue.task(name=signing_in.SEND_SIGN_IN, retry=MailRetry())
    def send_sign_in(person_id: int) -> None:
        is_sent = True
        while is_sent:
            with around.sessions.begin() as db:
                is_sent = signing_in.send_sign_in(db, person_id, around.send)

    @queue.periodic(cron="* * * * *")
    @queue.task(
        name="forget_sign_ins", queue=QueueName.MAINTENANCE.value, queueing_lock="forget_sign_ins"
    )
    def forget_sign_ins(timestamp: int) -> None:  # noqa: ARG001
        with around.sessions.begin() as db:
            signing_in.forget_sign_ins(db, now=clock.now())
