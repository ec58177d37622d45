"""All reports of a round on one worker and on two, and the site's pages meanwhile."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportState
from assessment.demonstration.postgres import start_embedded_server
from assessment.services.reports import reporting
from assessment.storage.database import open_engine
from tests.conftest import find_free_port
from tests.databases import UNSUBMIT

ROOT = Path(__file__).parents[2]
REPORTS = 24
PAGE = "/questions"
PAGES = 600
PAUSE = 0.05


def measure_rounds() -> dict[str, float]:
    """Return reports a second on one and on two workers, p99 of a page, and the store's time."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        url = start_embedded_server(instance / "postgres")
        port, mail_port = find_free_port(), find_free_port()
        settings = os.environ | {
            "DATABASE_URL": url,
            "INSTANCE_FOLDER": str(instance),
            "PORT": str(port),
            "MAIL_PORT": str(mail_port),
            "SECRET_KEY": "bench",
        }
        _run(settings, "demonstrate")
        engine = open_engine(url)
        with engine.begin() as db:
            # the others have not submitted, so that a run is over in half a minute
            db.execute(
                text(
                    f"{UNSUBMIT} WHERE id NOT IN (SELECT id FROM "
                    "assessment WHERE round_id = '2025' AND submitted_at IS NOT NULL "
                    f"ORDER BY id LIMIT {REPORTS})"
                )
            )
        found = {"one": _build(settings, engine, 1), "two": _build(settings, engine, 2)}
        with _serve(settings, port):
            address = f"http://127.0.0.1:{port}{PAGE}"
            left = iter(range(PAGES))
            found["quiet"] = _time_pages(address, lambda: next(left, None) is not None)
            building = threading.Thread(target=_build, args=(settings, engine, 2))
            building.start()
            found["busy"] = _time_pages(address, building.is_alive)
        found["store"] = _time_store(engine)
        engine.dispose()
    return found


def _build(settings: dict[str, str], engine: Engine, workers: int) -> float:
    """Make every report anew; return reports a second, from the first begun to the last made."""
    with engine.begin() as db:
        db.execute(text("DELETE FROM report"))
        db.execute(text("DELETE FROM neighbour_cells"))
    _run(settings, "reports", "build", "--round", "2025", "--workers", str(workers))
    query = "SELECT extract(epoch FROM max(made_at) - min(made_at)), count(*) FROM report"
    with engine.begin() as db:
        seconds, made = db.execute(text(query)).one()
    assert made == REPORTS
    return (REPORTS - workers) / float(seconds)


def _time_store(engine: Engine) -> float:
    """Return the median seconds of reading a finished report from the store."""
    times = []
    with Session(engine) as db:
        chosen = text("SELECT authority_id, id FROM report WHERE state = :ready LIMIT 1")
        authority_id, report_id = db.execute(chosen, {"ready": ReportState.READY.value}).one()
        for _ in range(50):
            start = time.perf_counter()
            reporting.read_file(db, authority_id, report_id)
            times.append(time.perf_counter() - start)
            db.rollback()
    return float(np.median(times))


def _time_pages(address: str, goes_on: Callable[[], bool]) -> float:
    """Return the 99th percentile of the seconds that a page takes, asked 20 times a second."""
    times = []
    while goes_on():
        time.sleep(PAUSE)
        start = time.perf_counter()
        with urlopen(address) as response:  # noqa: S310 (our own site on this machine)
            response.read()
        times.append(time.perf_counter() - start)
    return float(np.quantile(times, 0.99))


def _run(settings: dict[str, str], *words: str) -> None:
    """Run a command of the product."""
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    subprocess.run(command, check=True, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)


@contextmanager
def _serve(settings: dict[str, str], port: int) -> Iterator[None]:
    """Run the site while the work is done."""
    command = [sys.executable, "-m", "assessment.demonstration.serving"]
    site = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        site.terminate()
        site.wait()
