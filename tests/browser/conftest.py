"""The running product, as `make run` starts it, and a Chromium to visit it with."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import text

from assessment.demonstration.mailbox import read_mailbox
from assessment.storage.database import open_engine
from tests import databases
from tests.conftest import find_free_port

ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    p
    for p in ("/usr/bin/chromium", "/Applications/Chromium.app/Contents/MacOS/Chromium")
    if Path(p).exists()
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 90
# The lead's assessment of the open round, as the demonstration is loaded: without an answer.
CLEAR = """
    CREATE TEMPORARY TABLE lead ON COMMIT DROP AS
        SELECT assessment.id FROM assessment
        JOIN membership USING (authority_id) JOIN person ON person.id = membership.person_id
        WHERE round_id = '2026' AND person.email = 'lead@demonstration.example';
    DELETE FROM agreed_answer WHERE assessment_id IN (SELECT id FROM lead);
    DELETE FROM answer WHERE assessment_id IN (SELECT id FROM lead);
    DELETE FROM cleared_answer WHERE assessment_id IN (SELECT id FROM lead);
    DELETE FROM assessment WHERE id IN (SELECT id FROM lead);
"""


@dataclass(frozen=True)
class Site:
    """A running demonstration of its own."""

    url: str
    instance: Path
    environment: dict[str, str]

    def newest_mail(self, recipient: str, *, after: int = 0) -> str:
        """Wait for the mail that makes more than ``after`` for this person; return its text."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            mails = [m for m in read_mailbox(self.instance / "mailbox") if m.recipient == recipient]
            if len(mails) > after:
                return mails[0].body
        raise AssertionError(f"no mail for {recipient}")

    def run_flask(self, *words: str) -> str:
        """Run a command of the product on this demonstration and return what it prints."""
        command = [sys.executable, "-m", "tests.shifted_clock", "flask", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def site(
    server_url: str, loaded_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    instance = tmp_path_factory.mktemp("instance")
    port, mail_port = find_free_port(), find_free_port()
    environment = os.environ | {
        "DATABASE_URL": databases.make_copy(server_url, loaded_template),
        "SECRET_KEY": "of-this-test-only",
        "INSTANCE_FOLDER": str(instance),
        "PORT": str(port),
        "MAIL_PORT": str(mail_port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    command = [sys.executable, "-m", "tests.shifted_clock", "assessment.demonstration.serving"]
    served = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until_served(served, port)
        yield Site(f"http://127.0.0.1:{port}", instance, environment)
    finally:
        served.terminate()
        served.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a page as one of the demonstration's people, or as nobody; complaints fail the test."""
    contexts = []
    complaints: list[str] = []

    def open_page(person: str = "", *, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if person:
            page.goto("/")
            page.locator(f"form[action$='/enter/{person}'] button").click()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [c for c in complaints if not re.search("status of 4\\d\\d", c)] == []


@pytest.fixture
def unanswered(site: Site) -> None:
    """The lead's survey is open and without an answer, whatever other tests did before."""
    engine = open_engine(site.environment["DATABASE_URL"])
    with engine.begin() as db:
        db.execute(text(CLEAR))
    engine.dispose()


def wait_until_served(served: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert served.poll() is None, "the site ended while starting"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except OSError:
            continue
        return
    raise AssertionError("the site did not start")
