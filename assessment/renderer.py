"""Rendering in processes of its own, within limits of CPU and time."""

import gc
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from queue import LifoQueue
from threading import Thread

from assessment.core.errors import AssessmentError

# WeasyPrint's memory grows with each report, so a rendering process is replaced after 40; a
# report and the search for its garbage are two tasks.
TASKS_PER_PROCESS = 2 * 40
# A report takes seconds; one that takes so long hangs. The same document uses the same CPU time
# at every attempt; the time on the clock depends on the machine too.
MAX_CPU_SECONDS = 120
MAX_SECONDS = 300


class RenderingTooLongError(AssessmentError):
    """A document used up its CPU time, as it would again."""


class RenderingStoppedError(AssessmentError):
    """The worker ends; the document is to be made by another."""


class Renderer:
    """A process that renders; where it dies or hangs, the next document gets a new one."""

    def __init__(self) -> None:
        """Begin without a process; the first document starts one."""
        self._pool: ProcessPoolExecutor | None = None
        self._is_closed = False

    def run(self, render: Callable[..., bytes], *given: object) -> bytes:
        """Render in the process; raises what it raised, or that it died or took too long."""
        pool, made = self._submit(render, *given)
        processes = _list_processes(pool)
        try:
            return made.result(timeout=MAX_SECONDS)
        # cancelled: closed before the process had begun with it
        except (BrokenExecutor, CancelledError, TimeoutError) as error:
            self._pool = None
            # until the pool has taken leave of its processes, their status may not be known
            _kill_pool(pool, wait=True)
            if self._is_closed:
                raise RenderingStoppedError("The worker ends.") from error
            if any(process.exitcode == -signal.SIGXCPU for process in processes):
                raise RenderingTooLongError(f"More than {MAX_CPU_SECONDS} s of CPU.") from error
            raise

    def _submit(
        self, render: Callable[..., bytes], *given: object
    ) -> tuple[ProcessPoolExecutor, "Future[bytes]"]:
        """Give the process a document, and the search for its garbage to follow."""
        if self._is_closed:
            raise RenderingStoppedError("The worker ends.")
        self._pool = pool = self._pool or _start_pool()
        try:
            made = pool.submit(_render_within, MAX_CPU_SECONDS, render, *given)
            # waits for the document, then runs while that is saved
            pool.submit(gc.collect)
        except RuntimeError as error:
            self._pool = None
            if not self._is_closed:
                raise
            raise RenderingStoppedError("The worker ends.") from error
        return pool, made

    def close(self) -> None:
        """End the process, and what it renders; no other is started."""
        self._is_closed = True
        if self._pool is not None:
            _kill_pool(self._pool, wait=False)


class Renderers:
    """A few renderers that threads share: while one document takes long, others are made."""

    def __init__(self, count: int) -> None:
        """Begin without processes; the one used last is used next."""
        self._all = [Renderer() for _ in range(count)]
        self._free: LifoQueue[Renderer] = LifoQueue()
        for renderer in self._all:
            self._free.put(renderer)

    def run(self, render: Callable[..., bytes], *given: object) -> bytes:
        """Render in the next free process, as Renderer.run does."""
        renderer = self._free.get()
        try:
            return renderer.run(render, *given)
        finally:
            self._free.put(renderer)

    def close(self) -> None:
        """End every process, and what they render."""
        for renderer in self._all:
            renderer.close()


def _start_pool() -> ProcessPoolExecutor:
    """Return a pool of one new process."""
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=get_context("spawn"),
        initializer=_begin_rendering,
        max_tasks_per_child=TASKS_PER_PROCESS,
    )


def _list_processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    """Return a pool's processes; none where it is ended."""
    return list((getattr(pool, "_processes", None) or {}).values())


def _kill_pool(pool: ProcessPoolExecutor, *, wait: bool) -> None:
    """End a pool's processes at once."""
    for process in _list_processes(pool):
        process.kill()
    pool.shutdown(wait=wait, cancel_futures=True)


def _render_within(seconds: int, render: Callable[..., bytes], *given: object) -> bytes:
    """Render; the system ends the process where that takes more CPU time than this."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    return render(*given)


def _begin_rendering() -> None:
    """Search for garbage only between reports; end with the worker, even by force; dump nothing."""
    gc.disable()
    # Ctrl-C is the worker's: it ends its renderers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Thread(target=_wait_for_worker, daemon=True).start()


def _wait_for_worker() -> None:
    """Wait until the worker has ended, then end at once."""
    worker = parent_process()
    assert worker is not None  # noqa: S101 (a renderer has a worker above it)
    worker.join()
    os._exit(1)
