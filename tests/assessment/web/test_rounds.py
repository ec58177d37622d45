"""Rounds before and after the open one, as people of an authority see them."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round
from assessment.core.documents.report_requests import NOT_SUBMITTED, ReportState
from assessment.core.people.memberships import Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.rounds import scheduling
from assessment.storage import answers, assessments, reports, rounds
from tests.assessment.web.conftest import SignIn
from tests.conftest import TODAY
from tests.databases import UNSUBMIT
from tests.factories import JO, OPERATOR, make_answer

SUBMIT = {"counted": "yes", "declaration": "y", "unchecked": "y"}


def move(db: Session, round_id: str, opens: int, closes: int) -> None:
    """Let a round open and close so many days from today."""
    db.execute(
        text("UPDATE round SET opens_on = :opens, closes_on = :closes WHERE id = :id"),
        {
            "opens": TODAY + timedelta(days=opens),
            "closes": TODAY + timedelta(days=closes),
            "id": round_id,
        },
    )
    db.commit()


def announce(db: Session, round_id: str, opens: int, closes: int) -> None:
    """Announce a round that opens and closes so many days from today."""
    days = (TODAY + timedelta(days=opens), TODAY + timedelta(days=closes))
    version = rounds.read_round(db, "2026").questionnaire_version
    scheduling.open_round(db, Round(round_id, f"Round {round_id}", *days, version), by=OPERATOR)
    db.commit()


def test_pages_round_announced_for_later_hides_neither_answers_nor_participation(
    app_db: Session, sign_in: SignIn
):
    move(app_db, "2026", -30, 0)
    announce(app_db, "2027", 200, 260)
    client = sign_in(Role.LEAD)
    form = {"choice": "4", "note": "Kept in mind", "revision": "0", "round_id": "2026"}
    client.post("/assessment/questions/1.1", data=form)

    assert (
        "Participation in Round 2026" in sign_in(Role.ANALYST).get("/programme/participation/").text
    )
    assert "Round 2026" in client.get("/assessment/").text
    move(app_db, "2026", -31, -1)
    for path in ("/assessment/check", "/assessment/questions/1.1", "/assessment/rounds/2026"):
        assert "Kept in mind" in client.get(path).text
    tasks = client.get("/assessment/").text
    assert "closed on" in tasks
    assert "was not submitted" in tasks


def test_save_late_names_the_round_it_was_for_and_keeps_the_typing(
    app_db: Session, sign_in: SignIn
):
    client = sign_in(Role.LEAD)
    move(app_db, "2026", -31, -1)
    announce(app_db, "2027", 0, 60)
    form = {"choice": "4", "note": "Typed late", "revision": "0", "round_id": "2026"}

    page = client.post("/assessment/questions/1.1", data=form).text

    assert "Round 2026 closed on" in page
    assert "Typed late" in page
    assert answers.read_answers(app_db, "", "2027") == {}


def test_results_of_a_closed_round_never_submitted_do_not_say_go_on(
    app_db: Session, sign_in: SignIn, other_id: str
):
    app_db.execute(
        text(f"{UNSUBMIT} WHERE authority_id = :id"),
        {"id": other_id},
    )
    move(app_db, "2026", -31, -1)

    page = sign_in(Role.LEAD, other_id).get("/results/").text

    assert "Go on answering" not in page
    assert "was not submitted" in page


def test_tasks_before_the_first_round_say_when_it_opens(app_db: Session, sign_in: SignIn):
    app_db.execute(
        text("UPDATE round SET opens_on = opens_on + 4000, closes_on = closes_on + 4000")
    )
    app_db.execute(text(UNSUBMIT))
    app_db.commit()
    opens_on = app_db.scalar(text("SELECT min(opens_on) FROM round"))

    page = sign_in(Role.LEAD).get("/assessment/").text

    assert f"opens on {opens_on.day} {opens_on:%B %Y}" in page
    assert "· closed" not in page


def test_submit_late_names_the_round_it_was_for_and_keeps_the_choices(
    app_db: Session, sign_in: SignIn, home_id: str, questionnaire: Questionnaire
):
    for question_id in questionnaire.question_ids:
        answer = make_answer(question_id, 5)
        answers.save_answer(app_db, home_id, "2026", answer, revision=0, by=JO)
    move(app_db, "2026", -31, -1)
    announce(app_db, "2027", 0, 60)
    form = {"counted": "no", "declaration": "y", "support": ["peers"], "round_id": "2026"}

    page = sign_in(Role.LEAD).post("/assessment/submit", data=form).text

    assert "Nothing is submitted. Round 2026 closed on" in page
    for value in ("no", "peers", "y"):
        assert f'value="{value}" checked' in page
    app_db.rollback()
    assessment = assessments.read_assessment(app_db, home_id, "2026")
    assert assessment is not None
    assert not assessment.is_submitted


def save_one(db: Session, authority_id: str) -> None:
    """Answer one question of round 2026."""
    answers.save_answer(db, authority_id, "2026", make_answer("1.1"), revision=0, by=JO)
    db.commit()


@pytest.mark.parametrize("is_begun", [True, False])
def test_round_that_is_open_leads_to_the_answers(
    app_db: Session, sign_in: SignIn, home_id: str, is_begun: bool
):
    if is_begun:
        save_one(app_db, home_id)

    response = sign_in(Role.LEAD).get("/assessment/rounds/2026")

    assert response.status_code == 302
    assert response.location == "/assessment/check"


@pytest.mark.parametrize(
    ("opens", "closes", "said", "unsaid"),
    [
        (-31, -1, "Round 2026 closed on", "opens on"),
        (5, 9, "Until it opens, its answers cannot change.", "closed on"),
    ],
)
def test_round_that_is_not_open_says_why(
    app_db: Session,
    sign_in: SignIn,
    home_id: str,
    opens: int,
    closes: int,
    said: str,
    unsaid: str,
):
    save_one(app_db, home_id)
    move(app_db, "2026", opens, closes)

    page = sign_in(Role.LEAD).get("/assessment/rounds/2026").text

    assert said in page
    assert unsaid not in page


@pytest.mark.parametrize(
    ("closes", "said", "unsaid"),
    [
        (30, "answers can be given only while", "closed on"),
        (-1, "Round 2026 closed on", "brought over into the next round"),
    ],
)
def test_round_of_an_authority_that_has_ended_says_why(
    app_db: Session, sign_in: SignIn, home_id: str, closes: int, said: str, unsaid: str
):
    client = sign_in(Role.LEAD)
    save_one(app_db, home_id)
    move(app_db, "2026", -31, closes)
    app_db.execute(
        text("UPDATE authority SET ended_on = :day WHERE id = :id"),
        {"day": TODAY - timedelta(days=3), "id": home_id},
    )
    app_db.commit()

    page = client.get("/assessment/rounds/2026").text

    assert said in page
    assert unsaid not in page


def test_report_not_made_as_the_submission_was_undone_says_so(
    app_db: Session, sign_in: SignIn, home_id: str
):
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by=OPERATOR)
    reports.save_state(app_db, request.id, ReportState.FAILED, failure=NOT_SUBMITTED)
    app_db.commit()

    page = sign_in(Role.LEAD).get(f"/results/files/{request.id}").text

    assert "It was not made, because the assessment is no longer submitted." in page


@pytest.fixture
def submitted_again(
    app_db: Session, sign_in: SignIn, home_id: str, questionnaire: Questionnaire
) -> str:
    """The authority that submitted 2024, 2025 and now 2026."""
    for question_id in questionnaire.question_ids:
        answer = make_answer(question_id, 5)
        answers.save_answer(app_db, home_id, "2026", answer, revision=0, by=JO)
    assessments.submit_assessment(app_db, home_id, "2026", by=JO, counted=True)
    app_db.commit()
    return home_id


def test_results_of_every_submitted_round_are_reachable(sign_in: SignIn, submitted_again: str):
    client = sign_in(Role.READER)

    newest = client.get("/results/").text
    earlier = client.get("/results/rounds/2025/").text

    assert "Showing <strong>Round 2026</strong>" in newest
    assert 'href="/results/rounds/2025/"' in newest
    assert "Showing <strong>Round 2025</strong>" in earlier
    for kind in ("scorecard", "improvement", "shareable"):
        assert "Round 2025" in client.get(f"/results/rounds/2025/{kind}").text
    file = client.get("/results/rounds/2025/figures.csv")
    assert "figures-2025.csv" in file.headers["Content-Disposition"]
    # without the mark a spreadsheet reads the letters in an old encoding
    assert file.data.startswith("\ufeffmeasure,id,title".encode())
    assert "figures-2026.csv" in client.get("/results/figures.csv").headers["Content-Disposition"]


def test_ask_report_of_an_earlier_round_stays_in_the_list(
    app_db: Session, sign_in: SignIn, submitted_again: str
):
    client = sign_in(Role.LEAD)

    client.post("/results/rounds/2025/scorecard/ask")

    assert [one.round_id for one in reports.read_requests(app_db, submitted_again)] == ["2025"]
    assert "Scorecard, Round 2025" in client.get("/results/").text


@pytest.mark.parametrize("path", ["", "scorecard", "figures.csv"])
@pytest.mark.parametrize("round_id", ["2026", "1999", "%00"])
def test_results_of_a_round_not_submitted_are_not_found(sign_in: SignIn, round_id: str, path: str):
    client = sign_in(Role.LEAD)

    assert client.get(f"/results/rounds/{round_id}/{path}").status_code == 404
    asked = client.post(f"/results/rounds/{round_id}/scorecard/ask")
    assert asked.status_code == 404


@pytest.mark.parametrize("round_id", ["1999", "%00"])
def test_round_that_is_not_there_is_not_found(sign_in: SignIn, round_id: str):
    assert sign_in(Role.LEAD).get(f"/assessment/rounds/{round_id}").status_code == 404


def test_round_that_is_over_without_an_answer_is_not_found(app_db: Session, sign_in: SignIn):
    move(app_db, "2026", -31, -1)

    assert sign_in(Role.LEAD).get("/assessment/rounds/2026").status_code == 404
