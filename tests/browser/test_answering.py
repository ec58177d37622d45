"""Saving: nothing typed is lost, whoever else is writing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("unanswered")]
Visit = Callable[..., Page]
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} =1+1"


@pytest.fixture
def lead(visit: Visit) -> Page:
    return visit("lead")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def test_two_people_the_second_sees_both_and_chooses(visit: Visit):
    first, second = visit("lead"), visit("lead")
    first.goto("/assessment/questions/5.1")
    second.goto("/assessment/questions/5.1")
    first.get_by_label("2 Exploring").check()
    save(first)

    second.get_by_label("4 Embedding").check()
    second.get_by_label("Note for your colleagues").fill("We have minutes of it")
    save(second)

    alert = second.get_by_role("alert")
    expect(alert).to_contain_text("2 Exploring")
    expect(second.get_by_label("4 Embedding")).to_be_checked()
    expect(second.get_by_label("Note for your colleagues")).to_have_value("We have minutes of it")
    save(second)
    second.goto("/assessment/questions/5.1")
    expect(second.get_by_label("4 Embedding")).to_be_checked()


def test_no_choice_is_an_error_that_links_to_its_field(lead: Page):
    lead.goto("/assessment/questions/5.2")
    lead.get_by_label("Note for your colleagues").fill(HOSTILE)
    save(lead)

    summary = lead.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Choose a level")
    summary.get_by_role("link").click()
    expect(lead.get_by_label("1 Starting")).to_be_focused()
    expect(lead.get_by_label("Note for your colleagues")).to_have_value(HOSTILE)


def test_does_not_apply_needs_a_reason(lead: Page):
    lead.goto("/assessment/questions/5.3")
    lead.get_by_label("Does not apply", exact=True).check()
    save(lead)
    expect(lead.locator(".govuk-error-summary")).to_contain_text("Say why")

    lead.get_by_label("If it does not apply, say why").fill("We buy through a partner")
    save(lead)
    expect(lead.get_by_role("alert")).to_contain_text("is saved")


def test_signed_out_before_saving_keeps_what_was_typed(visit: Visit):
    page = visit("lead")
    page.goto("/assessment/questions/5.4")
    page.get_by_label("3 Developing").check()
    page.get_by_label("Note for your colleagues").fill("Typed for an hour")
    page.context.clear_cookies(name="session")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("signed out")
    expect(page.locator("main")).to_contain_text("Typed for an hour")

    other = page.context.new_page()
    other.goto("/")
    other.locator("form[action$='/enter/lead'] button").click()
    expect(other).to_have_url(re.compile("/assessment/|/start|/results/"))
    page.get_by_role("button", name="Save", exact=True).click()
    # Signing in made the session anew, so what was typed is shown once more and saved then.
    expect(page.locator("main")).to_contain_text("You signed in again")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is saved")

    other.goto("/assessment/questions/5.4")
    expect(other.get_by_label("3 Developing")).to_be_checked()
    expect(other.get_by_label("Note for your colleagues")).to_have_value("Typed for an hour")


def test_typed_text_is_text(lead: Page):
    lead.goto("/assessment/questions/5.5")
    lead.get_by_label("1 Starting").check()
    lead.get_by_label("Note for your colleagues").fill(HOSTILE)
    save(lead)

    lead.goto("/assessment/check")
    expect(lead.locator("main")).to_contain_text(HOSTILE)


def test_answer_by_keyboard_alone(lead: Page):
    lead.goto("/assessment/")
    lead.keyboard.press("Tab")
    expect(lead.get_by_role("link", name="Skip to main content")).to_be_focused()
    lead.keyboard.press("Enter")
    for _ in range(12):
        lead.keyboard.press("Tab")
        if lead.evaluate("document.activeElement.textContent").startswith("5. "):
            break
    lead.keyboard.press("Enter")
    expect(lead.get_by_role("group", name="Which description fits")).to_be_visible()
    address = lead.url
    for _ in range(20):
        lead.keyboard.press("Tab")
        if lead.evaluate("document.activeElement.type") == "radio":
            break
    lead.keyboard.press("Space")
    lead.keyboard.press("ArrowDown")
    lead.keyboard.press("Enter")

    expect(lead.get_by_role("alert")).to_contain_text("is saved")
    lead.goto(address)
    expect(lead.locator("input[name=choice]:checked")).to_have_value("2")
