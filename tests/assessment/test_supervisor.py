"""Processes kept running: started again, given up, ended together."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from assessment import supervisor
from assessment.supervisor import PartFailedError

ROOT = Path(__file__).parents[2]
BEGIN = """
import os, signal, sys, time
from pathlib import Path
from assessment import supervisor
from assessment.supervisor import DATABASE_LOST, PartFailedError, supervise
supervisor.FIRST_DELAY = supervisor.MAX_DELAY = supervisor.TICK_SECONDS = 0.01
starts = Path(sys.argv[1])

def tell():
    with starts.open("a") as file:
        print(os.getpid(), file=file, flush=True)
"""


def start(folder: Path, script: str) -> subprocess.Popen[str]:
    """Start a process that supervises what the script says."""
    command = [sys.executable, "-c", BEGIN + script, str(folder / "starts")]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for_starts(folder: Path, count: int, process: subprocess.Popen[str]) -> list[int]:
    """Return the ids of the processes that were started, once there are so many."""
    for _ in range(6000):
        path = folder / "starts"
        lines = path.read_text().splitlines() if path.exists() else []
        if len(lines) >= count:
            return [int(line) for line in lines]
        try:
            output = process.communicate(timeout=0.01)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(output)
    raise AssertionError("no starts")


KEEP = """
def work():
    tell()
    signal.pause()

supervise({"worker": work})
"""


def test_supervise_killed_part_is_started_again(tmp_path: Path):
    process = start(tmp_path, KEEP)
    first = wait_for_starts(tmp_path, 1, process)[0]

    os.kill(first, signal.SIGKILL)
    second = wait_for_starts(tmp_path, 2, process)[1]
    process.terminate()
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "The worker ended with status -9; it is started again" in errors
    assert not psutil.pid_exists(second)


def test_supervise_killed_itself_leaves_no_part_behind(tmp_path: Path):
    process = start(tmp_path, KEEP)
    part = psutil.Process(wait_for_starts(tmp_path, 1, process)[0])

    process.kill()
    process.communicate()

    assert psutil.wait_procs([part], timeout=30)[1] == []


def test_supervise_part_that_always_ends_is_given_up_in_one_sentence(tmp_path: Path):
    script = """
def fail():
    tell()
    sys.exit(3)

try:
    supervise({"worker": fail})
except PartFailedError as error:
    print(error)
"""
    process = start(tmp_path, script)

    output, _ = process.communicate(timeout=60)

    assert output == (
        "The worker ended 5 times in succession, at last with status 3; its messages stand above.\n"
    )
    assert len((tmp_path / "starts").read_text().splitlines()) == 5


class Ended:
    """A process that has ended."""

    exitcode = 1

    def is_alive(self) -> bool:
        return False


def run_and_fail(part: supervisor._Part, now: float, seconds: float) -> float:
    """Start a part that runs so long and fails; return when it is due again."""
    part.keep_running(now)
    part.keep_running(now + seconds)
    return part.start_at


@pytest.mark.parametrize("seconds", [0.0, 13.0, 59.0])
def test_keep_running_slow_failures_in_succession_give_up(
    monkeypatch: pytest.MonkeyPatch, seconds: float
):
    monkeypatch.setattr(supervisor, "start_process", lambda *_: Ended())
    part, now = supervisor._Part("worker", lambda: None), 0.0
    for _ in range(4):
        now = run_and_fail(part, now, seconds)

    with pytest.raises(PartFailedError, match="5 times in succession, at last with status 1"):
        run_and_fail(part, now, seconds)


def test_keep_running_failures_apart_are_never_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(supervisor, "start_process", lambda *_: Ended())
    part, now = supervisor._Part("worker", lambda: None), 0.0
    for _ in range(20):
        # four in succession, then one that ran for more than a minute
        for seconds in (0.0, 13.0, 59.0, 61.0):
            now = run_and_fail(part, now, seconds)

    assert part.failures == 1


def test_supervise_part_without_its_database_is_tried_for_ever(tmp_path: Path):
    script = """
def work():
    tell()
    sys.exit(DATABASE_LOST)

supervise({"worker": work})
"""
    process = start(tmp_path, script)

    wait_for_starts(tmp_path, 12, process)
    process.terminate()
    process.communicate(timeout=60)

    assert process.returncode == 0


def test_supervise_told_to_end_while_it_waits_ends(tmp_path: Path):
    script = """
from threading import Condition

def wait(_condition, _timeout=None):
    # whoever waits for a condition holds its lock here
    os.kill(os.getpid(), signal.SIGTERM)

looks = []

def watch():
    looks.append(1)
    if len(looks) == 3:
        os.kill(os.getpid(), signal.SIGTERM)

Condition.wait = wait
supervise({}, watch)
"""
    process = start(tmp_path, script)

    try:
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.communicate()


def test_start_process_told_to_end_while_it_begins_ends(tmp_path: Path):
    script = """
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: None)
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGTERM))
part = supervisor.start_process("worker", tell)
part.join()
print(part.exitcode)
"""
    process = start(tmp_path, script)

    assert process.communicate(timeout=60)[0] == "-15\n"
    assert not (tmp_path / "starts").exists()


def test_supervise_part_deaf_to_its_signal_is_ended_by_force(tmp_path: Path):
    script = """
supervisor.STOP_SECONDS = 0.1

def work():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell()
    while True:
        time.sleep(1)

supervise({"worker": work})
"""
    process = start(tmp_path, script)
    part = wait_for_starts(tmp_path, 1, process)[0]

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert not psutil.pid_exists(part)


def test_run_commands_end_with_a_caller_that_is_killed(tmp_path: Path):
    part = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from assessment.supervisor import end_with_lifeline
end_with_lifeline(int(sys.argv[sys.argv.index("--lifeline") + 1]))
with open(sys.argv[1], "a") as file:
    print(os.getpid(), file=file)
signal.pause()
"""
    script = f"""
command = [sys.executable, "-c", {part!r}, str(starts)]
with supervisor.run_commands([command, command], Path.cwd(), {{}}):
    signal.pause()
"""
    process = start(tmp_path, script)
    parts = [psutil.Process(one) for one in wait_for_starts(tmp_path, 2, process)]

    process.kill()
    process.communicate()

    assert psutil.wait_procs(parts, timeout=30)[1] == []
