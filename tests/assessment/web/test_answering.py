"""The pages of the survey, as a contributor and a reader see them."""

from sqlalchemy.orm import Session

from assessment.core.accounts import Role
from assessment.core.questionnaire import Questionnaire
from assessment.storage import assessments
from tests.assessment.web.conftest import SignIn


def test_question_every_one_is_a_sound_page(sign_in: SignIn, questionnaire: Questionnaire):
    client = sign_in(Role.CONTRIBUTOR)

    for question in questionnaire.questions:
        page = client.get(f"/assessment/questions/{question.id}")
        assert page.status_code == 200
        assert all(descriptor[:20] in page.text for descriptor in question.descriptors)


def test_question_unknown_is_not_found(sign_in: SignIn):
    assert sign_in(Role.LEAD).get("/assessment/questions/9.9").status_code == 404


def test_question_reader_sees_no_form(sign_in: SignIn):
    assert "Save and continue" not in sign_in(Role.READER).get("/assessment/questions/1.1").text


def test_question_law_shown_is_that_of_the_nation(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/questions/1.3").text

    assert "Procurement Act 2023" in page
    assert "Procurement Reform (Scotland) Act 2014" not in page


def test_save_link_that_is_no_web_address_is_refused(sign_in: SignIn):
    page = sign_in(Role.LEAD).post(
        "/assessment/questions/1.1",
        data={"choice": "3", "evidence": "https://a.example\njavascript:alert(1)"},
    )

    assert "Link 2 must begin with http:// or https://." in page.text


def test_save_too_long_note_is_refused_and_kept(sign_in: SignIn):
    note = "x" * 5001

    page = sign_in(Role.LEAD).post("/assessment/questions/1.1", data={"choice": "3", "note": note})

    assert "Use 5,000 characters or fewer." in page.text
    assert note in page.text


def test_save_null_character_is_left_out(sign_in: SignIn):
    page = sign_in(Role.LEAD).post(
        "/assessment/questions/1.1", data={"choice": "3", "note": "a\x00b"}, follow_redirects=True
    )

    assert "is saved" in page.text


def test_save_level_that_does_not_exist_is_refused(sign_in: SignIn):
    page = sign_in(Role.LEAD).post("/assessment/questions/1.1", data={"choice": "6"})

    assert "govuk-error-summary" in page.text


def test_submit_before_all_is_answered_leads_to_the_answers(sign_in: SignIn):
    response = sign_in(Role.LEAD).post("/assessment/submit", data={"counted": "yes"})

    assert response.location.endswith("/assessment/check")


def test_activity_tells_from_what_to_what(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    client.post("/assessment/questions/1.1", data={"choice": "2", "revision": "0"})
    client.post("/assessment/questions/1.1", data={"choice": "dk", "revision": "1"})

    page = client.get("/assessment/activity").text

    assert "question 1.1 from level 2 to Don’t know" in page
    assert "question 1.1 from no answer to level 2" in page


def test_navigation_marks_one_page_only(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/activity").text

    assert page.count('aria-current="true"') == 1


def test_save_after_a_colleague_submitted_keeps_what_was_typed(
    sign_in: SignIn, app_db: Session, home_id: str
):
    client = sign_in(Role.LEAD)
    client.get("/assessment/questions/1.1")
    assessments.submit_assessment(app_db, home_id, "2026", by="A colleague", counted=True)
    app_db.commit()

    page = client.post("/assessment/questions/1.1", data={"choice": "3", "note": "Long note"})

    assert page.status_code == 200
    assert "This assessment is submitted" in page.text
    assert "Long note" in page.text


def test_download_number_beyond_the_database_is_not_found(sign_in: SignIn):
    assert sign_in(Role.LEAD).get("/results/files/99999999999").status_code == 404
