"""One improvement report as PDF: ours, Chromium printing the same page, and WeasyPrint's floor.

The floor is the same text without charts and with hardly a style sheet: what no design can beat.
"""

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

from assessment.content import load_questionnaire
from assessment.core.authorities import GroupKind
from reports.data import ReportData
from reports.fetcher import STATIC
from reports.render import ReportKind, render_html, render_pdf
from tests.reports.factories import make_benchmark, make_comparison, make_report
from tests.reports.test_seal import SEAL

ROOT = Path(__file__).parents[2]
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
LEAST_PAGES, LEAST_CHARTS = 12, 8
RUNS = 5
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
    """Render the text without charts and without our style sheets."""
    from weasyprint import HTML

    bare = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    bare = re.sub(r"<link[^>]*>", "", bare).replace("</head>", BARE + "</head>")
    return bytes(HTML(string=bare).write_pdf(pdf_variant="pdf/ua-1"))


def work(name: str) -> None:
    """Render once to warm up, then some times more; print the median of these in seconds."""
    report = make_bench_report()
    html = render_html(report, ReportKind.IMPROVEMENT, SEAL)
    work_of = {
        "ours": lambda: render_pdf(report, ReportKind.IMPROVEMENT, SEAL),
        "floor": lambda: render_floor(html),
    }
    render = work_of[name]
    pdf = render()
    if name == "ours":
        assert len(PdfReader(BytesIO(pdf)).pages) >= LEAST_PAGES
        assert html.count("<svg") >= LEAST_CHARTS
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        render()
        times.append(time.perf_counter() - start)
    print(median(times))


def measure_printing() -> dict[str, tuple[float, float]]:
    """Return seconds and peak bytes of ours, of the floor (both warm) and of Chromium."""
    found = {name: _run_ours(name) for name in ("ours", "floor")}
    with tempfile.TemporaryDirectory() as folder:
        html = render_html(make_bench_report(), ReportKind.IMPROVEMENT, SEAL)
        page = Path(folder) / "report.html"
        page.write_text(html.replace("<head>", f'<head><base href="{STATIC.as_uri()}/">'))
        out = Path(folder) / "report.pdf"
        command = [*CHROMIUM, f"--print-to-pdf={out}", "--no-pdf-header-footer", page.as_uri()]
        runs = [_watch(command) for _ in range(RUNS)]
        assert len(PdfReader(out).pages) >= LEAST_PAGES
    found["Chromium"] = (
        median(seconds for seconds, _, _ in runs),
        max(peak for _, peak, _ in runs),
    )
    return found


def _run_ours(name: str) -> tuple[float, float]:
    """Render in a process of its own; return the warm seconds and the peak memory."""
    _, peak, printed = _watch([sys.executable, "-m", "tests.bench", "--print", name])
    return float(printed), peak


def _watch(command: list[str]) -> tuple[float, float, str]:
    """Run a command; return its seconds, its processes' peak memory together, what it printed."""
    start = time.perf_counter()
    process = psutil.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peaks = [0.0]
    watcher = threading.Thread(target=_follow, args=(process, peaks))
    watcher.start()
    printed = process.communicate()[0]
    seconds = time.perf_counter() - start
    watcher.join()
    return seconds, max(peaks), printed


def _follow(process: psutil.Process, peaks: list[float]) -> None:
    """Note how much memory of their own a process and its children hold, until it ends."""
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        total = 0.0
        try:
            for one in (process, *process.children(recursive=True)):
                total += one.memory_full_info().pss
        except psutil.Error:
            continue
        peaks.append(total)
        time.sleep(0.05)
