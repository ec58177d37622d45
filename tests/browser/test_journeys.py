"""The main job, as each of the three groups does it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import text

from assessment.storage.database import open_engine
from assessment.web.downloads import BYTE_ORDER_MARK
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
LEAD = "lead@demonstration.example"


def count_submitted(page: Page) -> int:
    page.goto("/programme/participation/")
    text = page.locator("main .govuk-body-l").inner_text()
    found = re.match(r"(\d+) of \d+ authorities have submitted", text)
    assert found, text
    return int(found[1])


def sign_in_by_mail(page: Page, site: Site) -> None:
    page.goto("/sign-in")
    page.get_by_label("Your work e-mail address").fill(LEAD)
    page.get_by_role("button", name="Send me a sign-in link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    link = re.search(r"http://\S+", site.newest_mail(LEAD))
    assert link
    page.goto(link[0])
    page.get_by_role("button", name="Sign in").click()


def answer(page: Page, choice: str) -> None:
    page.get_by_label(choice, exact=True).check()
    # the page before may still say that its own answer is saved
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue").click()


def download_pdf(page: Page, name: str, folder: Path) -> PdfReader:
    page.goto("/results/")
    page.get_by_role("button", name=f"Make the PDF of the {name}", exact=True).click()
    button = page.get_by_role("button", name=f"Download the {name} (PDF)")
    expect(button).to_be_visible(timeout=60_000)
    with page.expect_download() as downloading:
        button.click()
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    return PdfReader(path)


@pytest.mark.usefixtures("unanswered")
def test_lead_answers_submits_and_downloads_and_analyst_sees_one_more(
    visit: Visit, site: Site, tmp_path: Path
):
    analyst = visit("analyst")
    before = count_submitted(analyst)
    page = visit()

    sign_in_by_mail(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Self-assessment")
    page.get_by_role("link", name=re.compile("^1\\. ")).click()
    choices = ["1 Starting", "2 Exploring", "3 Developing", "4 Embedding", "5 Leading"]
    for number in range(36):
        answer(page, "Don’t know" if number == 35 else choices[number % 5])
        expect(page.get_by_role("alert")).to_contain_text("is saved")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    page.get_by_role("button", name="Go on to submit").click()
    page.get_by_label("Yes, count it").check()
    page.get_by_label(re.compile("These are the agreed answers")).check()
    page.get_by_role("button", name="Submit the self-assessment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Results and reports")
    scorecard = download_pdf(page, "scorecard", tmp_path)
    improvement = download_pdf(page, "improvement report", tmp_path)

    assert len(scorecard.pages) <= 2
    assert len(improvement.pages) > 5
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name.split("-council-")[-1] for name in names] == [
        "improvement-report-2026.pdf",
        "scorecard-2026.pdf",
    ]
    printed = "".join(p.extract_text() for p in scorecard.pages)
    # Question n has level n % 5 + 1: the first six are 1, 2, 3, 4, 5, 1, of mean 16 / 6 = 2.67.
    assert "2.7" in printed
    assert count_submitted(analyst) == before + 1
    page.goto("/assessment/questions/1.1")
    expect(page.get_by_role("button", name="Save and continue")).to_have_count(0)


def test_back_button_after_submission_changes_nothing(visit: Visit):
    page = visit("leader")
    page.goto("/assessment/submit")

    assert "/assessment/check" in page.url or "/results/" in page.url


def test_chief_executive_without_script_downloads_a_scorecard(visit: Visit, tmp_path: Path):
    page = visit("leader", script=False)
    page.goto("/results/")
    page.get_by_role("button", name="Make the PDF of the scorecard").click()

    # Without script the page looks again by itself: its refresh is of HTML.
    button = page.get_by_role("button", name="Download the scorecard (PDF)")
    expect(button).to_be_visible(timeout=60_000)
    with page.expect_download() as downloading:
        button.click()

    assert downloading.value.suggested_filename.endswith(".pdf")


def test_analyst_downloads_what_the_command_prints(visit: Visit, site: Site):
    page = visit("analyst")
    page.goto("/programme/benchmarks/2025/type")

    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV").click()

    printed = site.run_flask("benchmark", "export", "--round", "2025", "--group", "type")
    assert Path(downloading.value.path()).read_text() == BYTE_ORDER_MARK + printed
    assert downloading.value.suggested_filename == "benchmark-2025-by-type.csv"


def test_analyst_cannot_open_an_authoritys_pages(visit: Visit):
    page = visit("analyst")

    for path in ("/assessment/", "/assessment/questions/1.1", "/results/", "/results/scorecard"):
        response = page.goto(path)
        assert response is not None
        assert response.status == 403


def test_report_command_writes_a_pdf(site: Site, tmp_path: Path):
    out = tmp_path / "scorecard.pdf"
    site.run_flask(
        "report",
        find_participant(site),
        "--round",
        "2025",
        "--kind",
        "scorecard",
        "--out",
        str(out),
    )
    assert len(PdfReader(out).pages) <= 2


def find_participant(site: Site) -> str:
    engine = open_engine(site.environment["DATABASE_URL"])
    with engine.connect() as connection:
        code = connection.scalar(
            text("SELECT min(authority_id) FROM assessment WHERE round_id = '2025'")
        )
    engine.dispose()
    return str(code)
