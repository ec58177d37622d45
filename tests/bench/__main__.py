"""`make bench`: print times, ratios and memory, and write build/bench.json.

Each contender works in a process of its own, so that its peak memory is its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.bench import printing, rounds
from tests.bench.contenders import CONTENDERS
from tests.bench.programme import make_programme
from tests.bench.reading import measure_reading

SIZES = (400, 10_000, 250_000)
ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "build" / "bench.json"
OF_DUCKDB, GROWTH, MEMORY, READING = 0.3, 1.3, 4.0, 2.0
OF_CHROMIUM, OF_FLOOR, OF_TWO_WORKERS, OF_QUIET, STORE = 1.0, 1.5, 1 / 0.9, 1.3, 0.02


def work(name: str, authorities: int, out: Path) -> None:
    """Let one contender make an edition; write its time, memory and figures."""
    programme = make_programme(authorities)
    Path("/proc/self/clear_refs").write_text("5")
    before = read_memory("VmRSS")
    times = []
    for _ in range(1 if name == "pandas" and authorities > 100_000 else 3):
        start = time.perf_counter()
        figures = CONTENDERS[name](programme)
        times.append(time.perf_counter() - start)
    extra = read_memory("VmHWM") - before
    np.savez(out, figures=figures, seconds=np.median(times), extra=extra, answers=programme.bytes)


def read_memory(what: str) -> int:
    """Return what Linux says of this process's memory. [bytes]."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{what}:")[1].split()[0]) * 1024


def run(name: str, authorities: int, folder: Path) -> dict[str, np.ndarray]:
    """Run one contender in a process of its own."""
    out = folder / f"{name}-{authorities}.npz"
    command = [sys.executable, "-m", "tests.bench", "--work", name, str(authorities), str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    with np.load(out) as saved:
        return dict(saved)


def compare(folder: Path) -> list[dict[str, object]]:
    """Run every contender at every size; print the table and return the results."""
    ours: dict[int, dict[str, np.ndarray]] = {}
    results = []
    print(f"{'authorities':>11}  {'who':8} {'seconds':>8} {'ratio':>6} {'MB extra':>8}")
    for size in SIZES:
        for name in CONTENDERS:
            found = run(name, size, folder)
            if name == "ours":
                ours[size] = found
            np.testing.assert_allclose(found["figures"], ours[size]["figures"], atol=1e-8)
            ratio = float(ours[size]["seconds"] / found["seconds"])
            line = f"{size:11,}  {name:8} {found['seconds']:8.3f} {ratio:6.2f}"
            print(f"{line} {found['extra'] / 1e6:8.0f}", flush=True)
            if name != "ours":
                goal = OF_DUCKDB if (name, size) == ("DuckDB", SIZES[-1]) else None
                results.append(
                    _result(
                        f"edition of {size:,}", ours[size]["seconds"], found["seconds"], goal, name
                    )
                )
    small, large = ours[SIZES[1]], ours[SIZES[2]]
    grown = small["seconds"] * SIZES[2] / SIZES[1]
    results.append(_result("growth to 250,000", large["seconds"], grown, GROWTH, "linear"))
    room = large["answers"] * MEMORY + large["figures"].nbytes
    results.append(
        _result("peak memory at 250,000", large["extra"], room, 1.0, "4 x answers + figures", "B")
    )
    return results


def compare_printing() -> list[dict[str, object]]:
    """Print an improvement report every way; print the table and return the results."""
    found = printing.measure_printing()
    print(f"{'improvement report':20} {'seconds':>8} {'MB peak':>8}")
    for name, (seconds, peak) in found.items():
        print(f"{name:20} {seconds:8.2f} {peak / 1e6:8.0f}", flush=True)
    (ours, memory), (floor, _), (chromium, others) = found.values()
    return [
        _result("improvement report", ours, chromium, OF_CHROMIUM, "Chromium with its start"),
        _result("improvement report", ours, floor, OF_FLOOR, "WeasyPrint without charts and CSS"),
        _result("memory of a report", memory, others, None, "Chromium", "B"),
    ]


def compare_rounds() -> list[dict[str, object]]:
    """Make a round's reports on one worker and on two; return the results."""
    found = rounds.measure_rounds()
    print(f"reports a second: {found['one']:.2f} on one worker, {found['two']:.2f} on two")
    page, busy = found["quiet"] * 1000, found["busy"] * 1000
    print(f"a page's p99: {page:.0f} ms, {busy:.0f} ms while reports are made", flush=True)
    return [
        _result(
            "a report on 2 workers",
            1 / found["two"],
            0.5 / found["one"],
            OF_TWO_WORKERS,
            "half of 1",
        ),
        _result("a page's p99 meanwhile", found["busy"], found["quiet"], OF_QUIET, "without"),
        _result("a finished report from the store", found["store"], STORE, 1.0, "20 ms"),
    ]


def _result(
    name: str, ours: float, peer: float, goal: float | None, of: str, unit: str = "s"
) -> dict[str, object]:
    """Return one line of build/bench.json."""
    return {
        "name": f"{name}, against {of}",
        "ours": float(ours),
        "peer": float(peer),
        "unit": unit,
        "ratio": float(ours) / float(peer),
        "goal": goal,
    }


def main() -> None:
    """Run all, or as one contender."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", nargs=3)
    parser.add_argument("--print", choices=["ours", "floor"])
    asked = parser.parse_args()
    if asked.work:
        work(asked.work[0], int(asked.work[1]), Path(asked.work[2]))
        return
    if asked.print:
        printing.work(asked.print)
        return
    with tempfile.TemporaryDirectory() as folder:
        results = compare(Path(folder))
    reading, bare = measure_reading()
    results.append(_result("reading 360,000 answers", reading, bare, READING, "binary COPY"))
    results += compare_printing()
    results += compare_rounds()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    for result in results:
        if result["goal"] is not None:
            met = "met" if result["ratio"] <= result["goal"] else "missed"
            print(f"{result['name']}: {result['ratio']:.2f}, goal {result['goal']}, {met}")


main()
