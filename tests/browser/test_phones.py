"""No page is wider than a phone, or than a window at 400 percent, whatever names are in it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import text

from assessment.storage.database import open_engine
from tests.browser.conftest import Site
from tests.browser.test_pages import PAGES

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
MORE = {
    "": [],
    "lead": ["/results/shareable", "/plan/", "/plan/actions/new", "/assessment/questions/4.4"],
    "leader": ["/plan/"],
    "analyst": ["/programme/benchmarks/2025/all", "/programme/benchmarks/2025/band"],
}
# Llanfair Pwllgwyngyll has 58 letters; a name typed without a space has as many as the field takes.
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
LONG_NAME = "x" * 200
LENGTHEN = (
    "UPDATE authority SET name = :word || name WHERE id IN (SELECT authority_id FROM membership)"
)
# How wide the page is with everything that can be opened open, what scrolls out
# of the keyboard's reach, and what stands one letter a line.
MEASURE = """() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const scrolling = [...document.querySelectorAll("main *")].filter((e) =>
        ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth
        && e.tabIndex < 0 && e.tagName !== "TEXTAREA");
    const texts = [...document.querySelectorAll("main :is(caption, h1, h2, h3, th, p)")];
    const upright = texts.filter((e) =>
        e.clientWidth > 1 && e.clientWidth < 24 && e.clientHeight > 4 * e.clientWidth
        && getComputedStyle(e.closest("thead") ?? e).position !== "absolute");
    return [document.documentElement.scrollWidth,
        [...scrolling, ...upright].map((e) => `${e.tagName} ${e.textContent.trim()}`)];
}"""


def find_wide_pages(visit: Visit, person: str, width: int) -> list[tuple[str, list[object]]]:
    """List the pages that are wider than the window, or scroll where no keyboard reaches."""
    page = visit(person, width=width)
    found = []
    for path in PAGES[person] + MORE[person]:
        page.goto(path)
        measured = page.evaluate(MEASURE)
        if measured != [width, []]:
            found.append((path, measured))
    return found


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("person", PAGES)
def test_pages_are_no_wider_than_a_phone(visit: Visit, person: str, width: int):
    assert find_wide_pages(visit, person, width) == []


@pytest.fixture
def long_names(site: Site) -> Iterator[None]:
    """The demonstration, with names longer than any line."""
    engine = open_engine(site.environment["DATABASE_URL"])
    with engine.begin() as db:
        db.execute(text(LENGTHEN), {"word": f"{LONG_WORD} "})
        db.execute(text("UPDATE person SET name = :name || name"), {"name": LONG_NAME})
    yield
    with engine.begin() as db:
        db.execute(
            text("UPDATE authority SET name = replace(name, :word, '')"), {"word": f"{LONG_WORD} "}
        )
        db.execute(text("UPDATE person SET name = replace(name, :name, '')"), {"name": LONG_NAME})
    engine.dispose()


@pytest.mark.parametrize("person", ["lead", "leader", "analyst"])
def test_pages_with_long_names_are_no_wider_than_a_phone(
    visit: Visit, long_names: None, person: str
):
    assert find_wide_pages(visit, person, 320) == []
