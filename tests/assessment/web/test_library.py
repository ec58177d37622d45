"""The pages that everybody may read."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assessment.core.people.memberships import Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.questionnaires import publishing, queries
from tests.assessment.web.conftest import SignIn
from tests.conftest import VERSION
from tests.factories import OPERATOR


def test_questions_every_descriptor_is_on_one_page(sign_in: SignIn, questionnaire: Questionnaire):
    page = sign_in(None).get("/questions").text

    assert page.count('class="app-question"') == len(questionnaire.questions)
    assert all(q.evidence[0].replace("'", "&#39;") in page for q in questionnaire.questions)
    assert page.count("First moves from each level") == len(questionnaire.questions)
    assert '<a class="govuk-link" href="/cases#civtech-scotland">' in page


def test_cases_filters_leave_those_that_fit(sign_in: SignIn):
    page = sign_in(None).get("/cases?kind=City+council&route=Early+demand+map").text

    assert "1 of 22 cases" in page
    assert "An early map of unmet needs" in page
    assert "Six problems put to the market" not in page


def test_cases_filter_that_fits_none_says_so_and_echoes_nothing(sign_in: SignIn):
    page = sign_in(None).get("/cases?route=<script>alert(1)</script>").text

    assert "No case fits all of these." in page
    assert "alert(1)" not in page


def test_glossary_explains_every_term(sign_in: SignIn, questionnaire: Questionnaire):
    page = sign_in(None).get("/glossary").text

    assert all(f'id="{term.id}"' in page for term in questionnaire.glossary)


@pytest.mark.parametrize("principle_id", ["leadership", "cities"])
def test_principle_tells_myth_and_answer(
    sign_in: SignIn, questionnaire: Questionnaire, principle_id: str
):
    page = sign_in(None).get(f"/principles/{principle_id}").text

    assert questionnaire.principle(principle_id).name in page
    assert "The myth" in page


def test_principle_unknown_is_not_found(sign_in: SignIn):
    assert sign_in(None).get("/principles/magic").status_code == 404


def test_levels_explains_each(sign_in: SignIn, questionnaire: Questionnaire):
    page = sign_in(None).get("/levels").text

    assert all(level.meaning in page for level in questionnaire.levels)


def test_workbook_not_made_yet_says_so(sign_in: SignIn):
    page = sign_in(None).get("/questions.pdf")

    assert page.status_code == 404
    assert "The workbook is being made." in page.text


def test_workbook_made_is_sent_under_its_name(app_db: Session, sign_in: SignIn):
    content = queries.read_content(app_db, VERSION)
    assert content is not None
    publishing.save_workbook(app_db, VERSION, b"%PDF-" + content[:9].encode())
    assert queries.read_content(app_db, VERSION) is None
    publishing.save_workbook(app_db, VERSION, b"made twice")
    app_db.commit()

    page = sign_in(None).get("/questions.pdf")

    assert page.data == b'%PDF-{"version'
    named = f'attachment; filename="innovation-procurement-workbook-{VERSION}.pdf"'
    assert page.headers["Content-Disposition"] == named


def test_question_words_are_linked_to_the_glossary(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/questions/3.4").text

    assert 'href="/glossary#dynamic-market"' in page


def test_question_last_rounds_answer_is_offered(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/questions/1.1").text

    assert "In Round 2025 you answered:" in page


def test_bring_over_fills_in_and_leads_to_the_check(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    offer = client.get("/assessment/").text

    page = client.post("/assessment/bring-over", follow_redirects=True).text

    assert "Start from the answers of Round 2025" in offer
    assert "brought over. Check each." in page
    assert "Start from the answers" not in client.get("/assessment/").text


def test_read_current_questionnaire_without_a_round_is_the_newest_version(
    db: Session, questionnaire: Questionnaire, app: Flask
):
    publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)

    assert queries.read_current_questionnaire(db, date(2026, 11, 24)) == questionnaire
