"""`make bench`: print times, ratios and memory, and write build/bench.json.

`python -m tests.bench --only PART` runs one part alone and keeps the other lines.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from tests.bench import disclosing, editions, pages, printing, rounds
from tests.bench.programme import QUESTIONS
from tests.bench.reading import AUTHORITIES, measure_reading
from tests.bench.results import Line, make_line, print_goals, save_lines

READING = 2.0
OF_PAGE, OF_QUESTION = 12.0, 2.0
OF_CHROMIUM, OF_FLOOR, OF_TWO_WORKERS, OF_QUIET, STORE = 1.0, 1.5, 1 / 0.9, 1.3, 0.02


def compare_reading() -> list[Line]:
    """Read a round's answers; print the times and return the line."""
    reading, bare = measure_reading()
    answers = f"{AUTHORITIES * QUESTIONS:,} answers"
    print(f"reading {answers}: {reading:.3f} s, bare binary COPY {bare:.3f} s", flush=True)
    return [make_line(f"reading {answers}", reading, bare, READING, "binary COPY")]


def compare_printing() -> list[Line]:
    """Print an improvement report every way; print the table and return the lines."""
    found = printing.measure_printing()
    print(f"{'improvement report':20} {'seconds':>8} {'MB peak':>8}")
    for name, (seconds, peak) in found.items():
        print(f"{name:20} {seconds:8.2f} {peak / 1e6:8.0f}", flush=True)
    (ours, memory), (floor, _), (chromium, others) = found.values()
    return [
        make_line("improvement report", ours, chromium, OF_CHROMIUM, "Chromium with its start"),
        make_line("improvement report", ours, floor, OF_FLOOR, "WeasyPrint without charts and CSS"),
        make_line("memory of a report", memory, others, None, "Chromium", "B"),
    ]


def compare_rounds() -> list[Line]:
    """Make a round's reports on one worker and on two; return the lines."""
    found = rounds.measure_rounds()
    print(f"reports a second: {found['one']:.2f} on one worker, {found['two']:.2f} on two")
    page, busy = found["quiet"] * 1000, found["busy"] * 1000
    print(f"a page's p99: {page:.0f} ms, {busy:.0f} ms while reports are made", flush=True)
    one, two = 0.5 / found["one"], 1 / found["two"]
    return [
        make_line("a report on 2 workers", two, one, OF_TWO_WORKERS, "half of 1"),
        make_line("a page's p99 meanwhile", found["busy"], found["quiet"], OF_QUIET, "without"),
        make_line("a finished report from the store", found["store"], STORE, 1.0, "20 ms"),
    ]


def compare_pages() -> list[Line]:
    """View pages beside a bare one; print the times and return the lines."""
    bare, *others = pages.measure_pages().items()
    print(f"a bare page: {bare[1] * 1000:.1f} ms of processor time")
    for name, seconds in others:
        print(f"{name:28} {seconds * 1000:6.1f} ms", flush=True)
    return [
        make_line(name, seconds, bare[1], OF_QUESTION if "save" in name else OF_PAGE, "a bare page")
        for name, seconds in others
    ]


PARTS: dict[str, Callable[[], list[Line]]] = {
    "editions": editions.compare_editions,
    "reading": compare_reading,
    "printing": compare_printing,
    "rounds": compare_rounds,
    "pages": compare_pages,
    "disclosure": disclosing.compare_disclosure,
}


def main() -> None:
    """Run all parts, one of them, or one contender."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", choices=PARTS, help="run this part alone")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--print", choices=["ours", "floor"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        name, authorities, out = asked.work
        editions.work(name, int(authorities), Path(out))
    elif asked.print:
        printing.work(asked.print)
    else:
        lines = [line for name in PARTS if asked.only in (None, name) for line in PARTS[name]()]
        save_lines(lines, keep=asked.only is not None)
        print_goals(lines)


main()
