"""Processes that run together: each started again where it ends, all ended together."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkProcess
from pathlib import Path
from subprocess import Popen
from threading import Thread

from assessment.core.errors import AssessmentError

# A part that ends with this status could not reach the database (EX_TEMPFAIL of sysexits.h); it
# is tried again for as long as that takes.
DATABASE_LOST = 75
# A part that fails so often in succession is given up; to have run for the window ends the
# succession. [seconds]
MAX_FAILURES = 5
FAILURE_WINDOW = 60.0
FIRST_DELAY = 0.5
MAX_DELAY = 15.0
# A worker finishes or hands back its job in this time. [seconds]
STOP_SECONDS = 15.0
TICK_SECONDS = 0.2
TOLD_TO_END = (signal.SIGINT, signal.SIGTERM)

Start = Callable[[], object]
logger = logging.getLogger(__name__)


class PartFailedError(AssessmentError):
    """A part ended again and again; the message is one sentence."""


@dataclass(slots=True)
class _Part:
    """One process that is kept running."""

    name: str
    start: Start
    process: ForkProcess | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    delay: float = FIRST_DELAY
    failures: int = 0

    def keep_running(self, now: float) -> None:
        """Start the process where it is due; note that it ended, and when to start it again."""
        if self.process is None and now >= self.start_at:
            self.process, self.started_at = start_process(self.name, self.start), now
        elif self.process is not None and not self.process.is_alive():
            self._plan_restart(now, self.process.exitcode)
            self.process = None

    def _plan_restart(self, now: float, status: int | None) -> None:
        """Decide when to start again; raises PartFailedError where it ends too often."""
        if now - self.started_at > FAILURE_WINDOW:
            self.delay, self.failures = FIRST_DELAY, 0
        if status != DATABASE_LOST:
            self.failures += 1
        if self.failures >= MAX_FAILURES:
            raise PartFailedError(
                f"The {self.name} ended {MAX_FAILURES} times in succession, at last with status "
                f"{status}; its messages stand above."
            )
        ended = "lost the database" if status == DATABASE_LOST else f"ended with status {status}"
        logger.warning("The %s %s; it is started again in %s s.", self.name, ended, self.delay)
        self.start_at, self.delay = now + self.delay, min(2 * self.delay, MAX_DELAY)


def supervise(parts: Mapping[str, Start], watch: Callable[[], None] = lambda: None) -> None:
    """Keep parts running until SIGINT or SIGTERM, then end them; ``watch`` is called meanwhile.

    Raises PartFailedError where a part ends again and again, and whatever ``watch`` raises.
    """
    # Not an Event: a handler that sets one while it is waited for never gets its lock.
    received: list[int] = []
    for number in TOLD_TO_END:
        signal.signal(number, lambda number, _: received.append(number))
    kept = [_Part(name, start) for name, start in parts.items()]
    try:
        while not received:
            for part in kept:
                part.keep_running(time.monotonic())
            watch()
            time.sleep(TICK_SECONDS)
    finally:
        stop_processes(part.process for part in kept if part.process is not None)


def start_process(name: str, start: Start) -> ForkProcess:
    """Start a process that ends when this one does, even by force."""
    process = get_context("fork").Process(target=_run_child, args=(start,), name=name)
    # Until _run_child has put them back, this process's handlers would swallow the part's signals.
    signal.pthread_sigmask(signal.SIG_BLOCK, TOLD_TO_END)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD_TO_END)
    return process


@contextmanager
def run_commands(
    commands: Sequence[Sequence[str]], folder: Path, settings: Mapping[str, str]
) -> Iterator[list[Popen[bytes]]]:
    """Run commands that end when this process does, even by force, or when the block does.

    Each is told by ``--lifeline`` which file to watch with end_with_lifeline.
    """
    read_end, write_end = os.pipe()
    words = ["--lifeline", str(read_end)]
    started = [
        Popen([*command, *words], cwd=folder, env=os.environ | settings, pass_fds=[read_end])  # noqa: S603
        for command in commands
    ]
    os.close(read_end)
    try:
        yield started
    finally:
        os.close(write_end)
        for process in started:
            process.wait()


def end_with_lifeline(read_end: int) -> None:
    """End this process, as if it were told to, when the one that started it closes its end."""

    def wait() -> None:
        os.read(read_end, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, daemon=True).start()


def stop_processes(processes: Iterable[ForkProcess]) -> None:
    """Tell processes to end, wait for them together, and end by force what stays."""
    stopped = list(processes)
    for process in stopped:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in stopped:
        process.join(max(0.0, deadline - time.monotonic()))
        process.kill()
        process.join()


def _run_child(start: Start) -> None:
    """Run a part in a session of its own, so that Ctrl-C reaches only the process above it."""
    os.setsid()
    for number in TOLD_TO_END:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD_TO_END)
    Thread(target=_end_with_parent, daemon=True).start()
    start()


def _end_with_parent() -> None:
    """Wait until the process above has ended, then end this one as if it were told to."""
    parent = parent_process()
    assert parent is not None  # noqa: S101 (a part has a process above it)
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
