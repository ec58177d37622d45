"""Typing that is not saved: the browser asks before it is left, and only then."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unanswered")]
Visit = Callable[..., Page]
NOTE = "Note for your colleagues"


def gather_questions(page: Page) -> list[str]:
    """Return the list into which each question of the browser goes; all are answered by staying."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def test_leaving_a_question_with_unsaved_typing_is_asked_about(visit: Visit):
    page = visit("lead")
    asked = gather_questions(page)
    page.goto("/assessment/questions/6.1")
    page.get_by_role("link", name="Skip to 6.2").click()
    expect(page).to_have_url(re.compile(r"6\.2$"))
    assert asked == []

    page.get_by_label(NOTE).press_sequentially("720 characters")
    page.get_by_role("link", name="Skip to 6.3").click(no_wait_after=True)
    page.wait_for_function("true")
    page.get_by_role("link", name="All principles").last.click(no_wait_after=True)
    page.wait_for_function("true")

    assert asked == ["beforeunload", "beforeunload"]
    expect(page.get_by_label(NOTE)).to_have_value("720 characters")


def test_saving_is_never_asked_about(visit: Visit):
    page = visit("lead")
    asked = gather_questions(page)
    page.goto("/assessment/questions/6.4")
    page.get_by_label(NOTE).press_sequentially("Minutes")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose a level")

    page.get_by_label("3 Developing").check()
    page.get_by_role("button", name="Save and continue").click()

    expect(page.get_by_text("is saved.")).to_be_visible()
    assert asked == []


def test_what_a_page_shows_as_not_saved_is_asked_about(visit: Visit):
    page = visit("lead")
    asked = gather_questions(page)
    page.goto("/assessment/questions/6.5")
    page.get_by_label("Links to evidence").press_sequentially("https://")
    page.get_by_label("3 Developing").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Link 1, “https://”, is not")

    page.get_by_role("heading", level=1).click()
    page.get_by_role("link", name="All principles").last.click(no_wait_after=True)
    page.wait_for_function("true")

    assert asked == ["beforeunload"]


def test_typing_kept_after_being_signed_out_is_asked_about_until_it_is_saved(visit: Visit):
    page = visit("lead")
    asked = gather_questions(page)
    page.goto("/assessment/questions/6.2")
    page.get_by_label(NOTE).press_sequentially("The only copy")
    page.get_by_label("3 Developing").check()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="Save and continue").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("You were signed out before this was saved")

    heading.click()
    page.locator("header").get_by_role("link").first.click(no_wait_after=True)
    page.wait_for_function("true")

    assert asked == ["beforeunload"]
    expect(page.get_by_text("The only copy")).to_be_visible()
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Save").click()
    expect(heading).to_have_text("This is not saved yet")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is saved.")).to_be_visible()
    assert asked == ["beforeunload"]


def test_leaving_what_was_chosen_for_submitting_is_asked_about(visit: Visit):
    page = visit("lead")
    asked = gather_questions(page)
    page.goto("/assessment/")
    page.get_by_role("button", name="Start from the answers of").click()
    page.goto("/assessment/submit")
    page.get_by_role("link", name="Check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    assert asked == []

    page.goto("/assessment/submit")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("link", name="Check your answers").click(no_wait_after=True)
    page.wait_for_function("true")

    assert asked == ["beforeunload"]
    expect(page.get_by_role("checkbox").first).to_be_checked()


def test_note_is_counted_as_the_server_counts(visit: Visit):
    page = visit("lead")
    page.goto("/assessment/questions/6.5")
    page.get_by_label(NOTE).fill("😀" * 5001)

    expect(page.locator("#note-info ~ .govuk-character-count__status")).to_contain_text(
        "You have 1 character too many"
    )
