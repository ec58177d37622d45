"""Rendering in processes of its own, within limits."""

import os
import signal
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event

import psutil
import pytest

from assessment import renderer as rendering
from assessment.renderer import Renderer, Renderers, RenderingStoppedError, RenderingTooLongError


def test_renderer_killed_process_fails_its_job_and_not_the_next():
    renderer = Renderer()

    with pytest.raises(BrokenExecutor):
        renderer.run(os._exit, 9)

    assert renderer.run(str.encode, "next") == b"next"


def test_renderer_hanging_process_is_ended(monkeypatch: pytest.MonkeyPatch):
    renderer = Renderer()
    assert renderer.run(str.encode, "first") == b"first"
    monkeypatch.setattr(rendering, "MAX_SECONDS", 1)

    with pytest.raises(TimeoutError):
        renderer.run(signal.pause)

    monkeypatch.undo()
    assert renderer.run(str.encode, "next") == b"next"


def tell_process() -> bytes:
    return str(os.getpid()).encode()


def keep_renderer(sender: Connection) -> None:
    renderer = Renderer()
    sender.send(renderer.run(tell_process))
    signal.pause()


@pytest.mark.slow
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


def use_cpu_for_ever() -> bytes:
    while True:
        pass


@pytest.mark.slow
def test_renderer_document_that_uses_up_its_cpu_time_is_ended(monkeypatch: pytest.MonkeyPatch):
    renderer = Renderer()
    monkeypatch.setattr(rendering, "MAX_CPU_SECONDS", 1)

    with pytest.raises(RenderingTooLongError):
        renderer.run(use_cpu_for_ever)

    assert renderer.run(str.encode, "next") == b"next"


def test_renderer_closed_ends_what_it_renders_and_starts_no_other():
    renderer = Renderer()
    process = psutil.Process(int(renderer.run(tell_process)))
    with ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(renderer.run, signal.pause)
        renderer.close()
        with pytest.raises(RenderingStoppedError):
            hanging.result(timeout=30)

    assert psutil.wait_procs([process], timeout=30)[1] == []
    with pytest.raises(RenderingStoppedError):
        renderer.run(str.encode, "next")


def test_renderers_go_on_while_one_document_hangs():
    renderers, begun = Renderers(2), Event()

    def hang() -> None:
        begun.set()
        renderers.run(signal.pause)

    with ThreadPoolExecutor(1) as threads:
        hanging = threads.submit(hang)
        assert begun.wait(30)
        assert renderers.run(str.encode, "other") == b"other"
        assert not hanging.done()
        renderers.close()
        with pytest.raises(RenderingStoppedError):
            hanging.result(timeout=30)
