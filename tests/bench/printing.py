"""One improvement report as PDF: ours, Chromium printing the same page, and WeasyPrint's floor.

The floor is the same text without charts and with hardly a style sheet: what no design can beat.
"""

import gc
import re
import subprocess
import sys
import tempfile
import threading
import time
from io import BytesIO
from pathlib import Path
from statistics import median

import psutil
from pypdf import PdfReader

from assessment.content.questionnaire import load_questionnaire
from assessment.core.people.groups import GroupKind
from reports.authority.data import ReportData
from reports.fetcher import BASE
from reports.render import STYLES, ReportKind, render_html, render_pdf
from tests.reports.authority.test_seal import SEAL
from tests.reports.factories import make_benchmark, make_comparison, make_report

ROOT = Path(__file__).parents[2]
COMMAND = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    "--no-pdf-header-footer",
)
MIN_PAGES, MIN_CHARTS = 12, 8
TURNS = 9
BARE = "<style>@page { size: A4 } html { font-size: 10pt } h2 { break-before: page }</style>"


def make_bench_report() -> ReportData:
    """Make a report of the real questionnaire with a round before and five groups of peers."""
    asked = load_questionnaire(ROOT / "questions.yaml")
    kinds = (GroupKind.ALL, GroupKind.NATION, GroupKind.REGION, GroupKind.TYPE, GroupKind.BAND)
    groups = [make_comparison(asked, kind=kind, name=f"group {kind}") for kind in kinds]
    levels = (3, 2, 4, 1, "dk", 5, 2)
    return make_report(
        levels, previous_levels=(2, 2, 3), questionnaire=asked, benchmark=make_benchmark(*groups)
    )


def render_floor(html: str) -> bytes:
    """Render the text without charts and with hardly a style sheet."""
    from weasyprint import HTML

    bare = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    bare = bare.replace("</head>", BARE + "</head>")
    return bytes(HTML(string=bare).write_pdf(pdf_variant="pdf/ua-1"))


def work(name: str) -> None:
    """Render once to warm up; then once more for each line read, and print its seconds.

    As where reports are made, the search for garbage waits until the report is there.
    """
    gc.disable()
    report = make_bench_report()
    html = render_html(report, ReportKind.IMPROVEMENT, SEAL)
    work_of = {
        "ours": lambda: render_pdf(report, ReportKind.IMPROVEMENT, SEAL),
        "floor": lambda: render_floor(html),
    }
    render = work_of[name]
    pdf = render()
    if name == "ours":
        assert len(PdfReader(BytesIO(pdf)).pages) >= MIN_PAGES
        assert html.count("<svg") >= MIN_CHARTS
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        render()
        seconds = time.perf_counter() - start
        gc.collect()
        print(seconds, flush=True)


def measure_printing() -> dict[str, tuple[float, float]]:
    """Return seconds and peak bytes of ours, of the floor (both warm) and of Chromium.

    They take turns, so that whatever else the machine does slows each alike.
    """
    ours, floor, chromium = Warm("ours"), Warm("floor"), Chromium()
    for _ in range(TURNS):
        for one in (ours, floor, chromium):
            one.take_turn()
    for one in (ours, floor, chromium):
        one.end()
    return {
        "ours": (median(ours.times), max(ours.peaks)),
        "floor": (median(floor.times), max(floor.peaks)),
        "Chromium": (median(chromium.times), max(chromium.peaks)),
    }


class Warm:
    """A process of its own that has rendered once and renders again when told to."""

    def __init__(self, name: str) -> None:
        """Start it and wait until it is warm."""
        self.times: list[float] = []
        self.peaks = [0.0]
        command = [sys.executable, "-m", "tests.bench", "--print", name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = psutil.Popen(command, cwd=ROOT, **pipes)
        self._watcher = _follow(self._process, self.peaks)
        self._process.stdout.readline()

    def take_turn(self) -> None:
        """Render once more and note how long it took."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.times.append(float(self._process.stdout.readline()))

    def end(self) -> None:
        """End the process."""
        self._process.communicate()
        self._watcher.join()


class Chromium:
    """Chromium, started anew each time to print the same page."""

    def __init__(self) -> None:
        """Write the page with its style sheets."""
        self.times: list[float] = []
        self.peaks = [0.0]
        self._folder = tempfile.TemporaryDirectory()
        page, self._out = Path(self._folder.name) / "report.html", f"{self._folder.name}/report.pdf"
        html = render_html(make_bench_report(), ReportKind.IMPROVEMENT, SEAL)
        links = "".join(f'<link rel="stylesheet" href="{BASE}{name}">' for name in STYLES)
        page.write_text(html.replace("</head>", f"{links}</head>"))
        self._command = [*COMMAND, f"--print-to-pdf={self._out}", page.as_uri()]

    def take_turn(self) -> None:
        """Start it, print the page, and note how long it took."""
        start = time.perf_counter()
        process = psutil.Popen(self._command, stderr=subprocess.DEVNULL)
        watcher = _follow(process, self.peaks)
        process.wait()
        self.times.append(time.perf_counter() - start)
        watcher.join()

    def end(self) -> None:
        """Check what was printed and throw it away."""
        assert len(PdfReader(self._out).pages) >= MIN_PAGES
        self._folder.cleanup()


def _follow(process: psutil.Process, peaks: list[float]) -> threading.Thread:
    """Note how much memory of their own a process and its children hold, until it ends."""

    def follow() -> None:
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            total = 0.0
            try:
                for one in (process, *process.children(recursive=True)):
                    total += one.memory_full_info().pss
            except psutil.Error:
                continue
            peaks.append(total)
            time.sleep(0.05)

    watcher = threading.Thread(target=follow)
    watcher.start()
    return watcher
