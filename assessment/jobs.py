"""Background jobs: each runs in a worker process, and what it changes it commits once."""

import asyncio
import gc
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from datetime import date
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from sqlalchemy.orm import Session, sessionmaker

from assessment.services import accounts, publishing, reporting
from assessment.storage.queue import Line, count_unfinished

MOST_ATTEMPTS = 3
# The library counts only the attempts after the first.
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS - 1, exponential_wait=3)
# WeasyPrint's memory grows with each report, so a rendering process is replaced after 40; a
# report and the search for its garbage are two tasks.
TASKS_PER_PROCESS = 2 * 40
# A report takes seconds; one that takes so long hangs.
MOST_SECONDS = 300
# How often a worker that drains looks whether anything is left. [seconds]
LOOK_SECONDS = 2.0
# How far workers stand back for pages (nice).
LAST = 15

Sessions = sessionmaker[Session]


class Renderer:
    """A process that renders; where it dies or hangs, the next job gets a new one."""

    def __init__(self) -> None:
        """Begin without a process; the first job starts one."""
        self._pool: ProcessPoolExecutor | None = None

    def run(self, render: Callable[..., bytes], *given: object) -> bytes:
        """Render in the process; raises what it raised, or that it died or took too long."""
        self._pool = self._pool or ProcessPoolExecutor(
            max_workers=1,
            mp_context=get_context("spawn"),
            initializer=_begin_rendering,
            max_tasks_per_child=TASKS_PER_PROCESS,
        )
        try:
            made = self._pool.submit(render, *given)
            # waits for the report, then runs while that is saved
            self._pool.submit(gc.collect)
            return made.result(timeout=MOST_SECONDS)
        except (BrokenExecutor, TimeoutError):
            self._end(self._pool)
            raise

    def _end(self, pool: ProcessPoolExecutor) -> None:
        """End the process at once."""
        self._pool = None
        for process in list(getattr(pool, "_processes", {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)


def _begin_rendering() -> None:
    """Search for garbage only between reports; end when the worker has ended, even by force."""
    gc.disable()
    Thread(target=_wait_for_worker, daemon=True).start()


def _wait_for_worker() -> None:
    """Wait until the worker has ended, then end at once."""
    worker = parent_process()
    assert worker is not None  # noqa: S101 (a renderer has a worker above it)
    worker.join()
    os._exit(1)


def build_worker(database_url: str, sessions: Sessions, send: accounts.SendCode, site: str) -> App:
    """Return the queue with its tasks, ready to run a worker.

    ``send`` mails a sign-in code; ``site`` is the address that reports name to be checked at.
    """
    queue = App(connector=PsycopgConnector(conninfo=database_url))
    renderer = Renderer()
    _add_tasks(queue, sessions, site, partial(renderer.run, reporting.render_report))
    _add_workbook_task(queue, sessions, partial(renderer.run, publishing.render_content))
    _add_sign_in_task(queue, sessions, send)
    return queue


def run_worker(database_url: str, sessions: Sessions, send: accounts.SendCode, site: str) -> None:
    """Run the jobs that people wait for until stopped; pages go first."""
    os.nice(LAST)
    with build_worker(database_url, sessions, send, site).open() as queue:
        queue.run_worker(
            queues=[Line.PEOPLE.value, Line.UPKEEP.value], concurrency=1, delete_jobs="successful"
        )


def drain(database_url: str, sessions: Sessions, send: accounts.SendCode, site: str) -> None:
    """Make the reports of whole rounds behind everything else on the machine, then end."""
    os.nice(LAST)
    if hasattr(os, "SCHED_IDLE"):
        # Linux: runs only where nobody else wants to, and gives way at once.
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    asyncio.run(_drain(build_worker(database_url, sessions, send, site), sessions))


async def _drain(queue: App, sessions: Sessions) -> None:
    """Run the jobs of the round's line until none is left: not even one to be tried again.

    What a worker that died had begun is put back within a minute, and so is taken up too.
    """
    async with queue.open_async():
        work = queue.run_worker_async(
            queues=[Line.ROUND.value, Line.UPKEEP.value],
            concurrency=1,
            delete_jobs="successful",
            fetch_job_polling_interval=LOOK_SECONDS,
        )
        worker = asyncio.create_task(work)
        while not worker.done():
            with sessions() as db:
                if not count_unfinished(db, Line.ROUND):
                    worker.cancel()
            await asyncio.wait([worker], timeout=LOOK_SECONDS)
        if not worker.cancelled():
            worker.result()


def _add_tasks(
    queue: App, sessions: Sessions, site: str, render: Callable[[reporting.Asked], bytes]
) -> None:
    """Add the tasks, bound to a database and a way of rendering."""

    @queue.task(
        name=reporting.MAKE_REPORT,
        pass_context=True,
        retry=RETRY,
    )
    def make_report(context: JobContext, report_id: int, made_on: str) -> None:
        try:
            _make_report(sessions, report_id, date.fromisoformat(made_on), site, render)
        except Exception as error:
            if context.job.attempts >= MOST_ATTEMPTS - 1:
                with sessions.begin() as db:
                    reporting.fail_report(db, report_id, error)
            raise

    @queue.periodic(cron="* * * * *")
    @queue.task(
        name="retry_stalled",
        queue=Line.UPKEEP.value,
        queueing_lock="retry_stalled",
        pass_context=True,
    )
    async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        manager: Any = context.app.job_manager
        for job in await manager.get_stalled_jobs():
            await manager.retry_job(job)


def _make_report(
    sessions: Sessions,
    report_id: int,
    made_on: date,
    site: str,
    render: Callable[[reporting.Asked], bytes],
) -> None:
    """Make a report; no transaction stays open while it is rendered."""
    with sessions.begin() as db:
        asked = reporting.read_asked(db, report_id, made_on, site)
    if asked is not None:
        pdf = render(asked)
        with sessions.begin() as db:
            reporting.save_made(db, report_id, asked, pdf)


def _add_workbook_task(queue: App, sessions: Sessions, render: Callable[[str], bytes]) -> None:
    """Add the task that makes a questionnaire's workbook."""

    @queue.task(name=publishing.MAKE_WORKBOOK, retry=RETRY)
    def make_workbook(version: str) -> None:
        with sessions() as db:
            content = publishing.read_content(db, version)
        if content is not None:
            pdf = render(content)
            with sessions.begin() as db:
                publishing.save_workbook(db, version, pdf)


def _add_sign_in_task(queue: App, sessions: Sessions, send: accounts.SendCode) -> None:
    """Add the task that mails sign-in codes."""

    @queue.task(name=accounts.SEND_SIGN_IN, retry=RETRY)
    def send_sign_in(account_id: int) -> None:
        with sessions.begin() as db:
            accounts.send_sign_in(db, account_id, send)
