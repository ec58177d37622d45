"""One full edition by every contender, and what protecting one costs.

Each contender works in a process of its own, so that its peak memory is its own; they take turns,
so that whatever else the machine does falls on all of them.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.bench.contenders import CONTENDERS, Contender
from tests.bench.programme import CHANGES, FIGURES, ITEMS, QUESTIONS, make_programme
from tests.bench.protecting import measure_protecting
from tests.bench.results import ROOT, Line, make_line

SIZES = (400, 10_000, 250_000)
SMALL, MIDDLE, LARGE = SIZES
TURNS = 3
# A contender that was quicker works again in its turn.
QUICK = 0.5
OF_DUCKDB, GROWTH, MEMORY = 0.3, 1.3, 4.0
OTHERS = [name for name in CONTENDERS if name not in ("ours", "frames")]
WORDS = {"ours": "ours, counting alone", "frames": "ours, frames that are published"}
# How far a published figure may be from the exact one: half of its last place.
HALF_A_PLACE = [0.0] + [0.05] * 4 + [0.5] * (len(FIGURES) - 5) + [0.0, 0.05]
Found = dict[str, np.ndarray]


def compare_editions() -> list[Line]:
    """Run every contender at every size; print the table and return the lines."""
    heads = ("seconds", "fastest", "ours/it", "frames/it", "MB extra")
    print(f"{'authorities':>11}  {'who':32}" + "".join(f"{head:>10}" for head in heads))
    results: dict[tuple[str, int], Found] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            results |= {(n, size): found for n, found in _take_turns(size, Path(folder)).items()}
            _print_size(size, results)
    lines = [line for size in SIZES for line in _set_against_others(size, results)]
    lines += _judge_growth_and_memory(results)
    return [*lines, _compare_protecting()]


def work(name: str, authorities: int, out: Path) -> None:
    """Let one contender make an edition; write its times, memory and figures."""
    contender = CONTENDERS[name]
    _warm_up(contender)
    programme = make_programme(authorities)
    given = contender.prepare(programme)
    Path("/proc/self/clear_refs").write_text("5")
    before = _read_memory("VmRSS")
    times: list[float] = []
    while sum(times) < QUICK and len(times) < 5:
        start = time.perf_counter()
        made = contender.work(given)
        times.append(time.perf_counter() - start)
    extra = _read_memory("VmHWM") - before
    figures = contender.read(made)
    seconds, answers = np.median(times), programme.bytes
    np.savez(out, figures=figures, seconds=seconds, extra=extra, answers=answers)


def _read_memory(what: str) -> int:
    """Return what Linux says of this process's memory. [bytes]."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{what}:")[1].split()[0]) * 1024


def _warm_up(contender: Contender) -> None:
    """Make a small edition, so that no library is loaded on the clock."""
    contender.read(contender.work(contender.prepare(make_programme(SMALL))))


def _take_turns(size: int, folder: Path) -> dict[str, Found]:
    """Let each contender work in turn; return its median time and largest memory."""
    turns: dict[str, list[Found]] = {name: [] for name in CONTENDERS}
    for _ in range(TURNS):
        for name, taken in turns.items():
            taken.append(_run(name, size, folder))
    found = {}
    for name, taken in turns.items():
        times, extra = ([turn[what] for turn in taken] for what in ("seconds", "extra"))
        best = {"seconds": np.median(times), "fastest": min(times), "extra": max(extra)}
        found[name] = taken[0] | best
    for name in OTHERS:
        np.testing.assert_allclose(found[name]["figures"], found["ours"]["figures"], atol=1e-8)
    _check_published(found["frames"]["figures"], found["ours"]["figures"])
    return found


def _run(name: str, authorities: int, folder: Path) -> Found:
    """Run one contender in a process of its own."""
    out = folder / f"{name}-{authorities}.npz"
    command = [sys.executable, "-m", "tests.bench", "--work", name, str(authorities), str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    with np.load(out) as saved:
        return dict(saved)


def _check_published(published: np.ndarray, exact: np.ndarray) -> None:
    """Assert that published figures are the exact ones, rounded; withheld is what few stand behind.

    Change of questions is published for all authorities together only, the first group.
    """
    off = np.abs(published - exact)
    assert (np.isnan(off) | (off <= np.array(HALF_A_PLACE) + 1e-8)).all()
    missing = np.isnan(published) & ~np.isnan(exact)
    missing[:, 1:, len(ITEMS) - QUESTIONS :, -len(CHANGES) :] = False
    few = np.minimum(exact[..., [0]], np.nan_to_num(exact[..., [-2]], nan=np.inf)) < 10
    assert (few | ~missing).all()


def _print_size(size: int, results: dict[tuple[str, int], Found]) -> None:
    """Print the rows of one size."""
    ours, frames = (results[name, size]["seconds"] for name in ("ours", "frames"))
    for name in ("ours", "frames", *OTHERS):
        found = results[name, size]
        seconds = found["seconds"]
        ratios = (f"{ours / seconds:10.3f}{frames / seconds:10.3f}") if name in OTHERS else " " * 20
        row = f"{size:11,}  {WORDS.get(name, name):32}{seconds:10.3f}{found['fastest']:10.3f}"
        print(f"{row}{ratios}{found['extra'] / 1e6:10.0f}", flush=True)


def _set_against_others(size: int, results: dict[tuple[str, int], Found]) -> list[Line]:
    """Return the lines of one size."""
    lines = []
    for who, words in (("ours", ""), ("frames", " with frames, labels, thresholds and rounding")):
        for name in OTHERS:
            goal = OF_DUCKDB if (name, size) == ("DuckDB", LARGE) else None
            both = (results[each, size]["seconds"] for each in (who, name))
            lines.append(make_line(f"edition of {size:,}{words}", *both, goal, name))
    return lines


def _judge_growth_and_memory(results: dict[tuple[str, int], Found]) -> list[Line]:
    """Return how time grows from 10,000 to 250,000 authorities, and the peak memory."""
    lines = []
    for who, words in (("ours", ""), ("frames", " with frames")):
        small, large = results[who, MIDDLE], results[who, LARGE]
        linear = small["seconds"] * LARGE / MIDDLE
        name = f"growth to {LARGE:,}{words}"
        lines.append(make_line(name, large["seconds"], linear, GROWTH, "linear"))
        room = large["answers"] * MEMORY + large["figures"].nbytes
        name = f"peak memory at {LARGE:,}{words}"
        lines.append(make_line(name, large["extra"], room, 1.0, "4 x answers + figures", "B"))
    return lines


def _compare_protecting() -> Line:
    """Protect and audit an edition; print the times and return the line."""
    seconds, plain, authorities, audit = measure_protecting()
    print(
        f"protecting and auditing an edition of {authorities} authorities: {seconds:.2f} s; the "
        f"thresholds alone, with the figures: {plain:.3f} s; means withheld "
        f"{audit.centres.percent:.0f} % and {audit.centres.plain_percent:.0f} %",
        flush=True,
    )
    name = f"protecting and auditing {authorities} authorities"
    return make_line(name, seconds, plain, None, "figures with thresholds alone")
