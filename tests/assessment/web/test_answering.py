"""The pages of the survey, as a contributor and a reader see them."""

import re
from datetime import timedelta
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from assessment.core.answers.barriers import Choices
from assessment.core.people.memberships import Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.storage import answers, assessments
from assessment.web.forms import questions
from tests.assessment.web.conftest import SignIn
from tests.assessment.web.judge import judge_page
from tests.conftest import TODAY
from tests.factories import JO, OPERATOR, make_answer


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
        data={"choice": "3", "evidence": "https://a.example\njavascript:alert(1)\nhttps://"},
    )

    # Each once in the summary and once at the field.
    assert page.text.count("Link 2, “javascript:alert(1)”, is not a web address.") == 2
    assert page.text.count("Link 3, “https://”, is not a web address.") == 2


def test_save_links_as_pasted_are_saved_as_addresses(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    pasted = "Https://www.a.example/Shared Documents/Plan.docx, <www.b.example/minutes>."

    client.post("/assessment/questions/1.1", data={"choice": "3", "evidence": pasted})

    page = client.get("/assessment/questions/1.1").text
    assert (
        "https://www.a.example/Shared%20Documents/Plan.docx\nhttps://www.b.example/minutes" in page
    )


LINK = "https://a.example/?a=1&b=%22%3E%3Cb%3E"
SHOWN = (
    '<a class="govuk-link" href="https://a.example/?a=1&amp;b=%22%3E%3Cb%3E" '
    'rel="noopener noreferrer">https://a.example/?a=1&amp;b=%22%3E%3Cb%3E</a>'
)


@pytest.mark.parametrize("role", [Role.LEAD, Role.SIGNATORY, Role.READER])
def test_evidence_is_a_link_wherever_the_answer_is_read(
    sign_in: SignIn, app_db: Session, role: Role
):
    sign_in(Role.CONTRIBUTOR).post(
        "/assessment/questions/1.1", data={"choice": "3", "evidence": LINK, "revision": "0"}
    )
    client = sign_in(role)
    # an open round's answers are read where they are changed
    yesterday = {"day": TODAY - timedelta(days=1)}
    app_db.execute(text("UPDATE round SET closes_on = :day WHERE id = '2026'"), yesterday)
    app_db.commit()

    for path in ("/assessment/check", "/assessment/questions/1.1", "/assessment/rounds/2026"):
        assert client.get(path).text.count(SHOWN) == 1, path


def test_evidence_of_a_colleague_is_a_link_in_the_conflict(sign_in: SignIn):
    data = {"choice": "3", "evidence": LINK, "revision": "0"}
    sign_in(Role.CONTRIBUTOR).post("/assessment/questions/1.1", data=data)

    page = sign_in(Role.LEAD).post(
        "/assessment/questions/1.1", data={"choice": "2", "revision": "0"}
    )

    banner = page.text.partition("Their answer is")[2].partition("Yours is in the form below")[0]
    assert SHOWN in banner


def test_evidence_of_last_round_is_a_link_beside_its_answer(
    sign_in: SignIn, app_db: Session, home_id: str
):
    app_db.execute(
        text(
            "UPDATE agreed_answer SET evidence = ARRAY[:link] WHERE question_id = '1.1' "
            "AND assessment_id = (SELECT id FROM assessment WHERE round_id = '2025' "
            "AND authority_id = :authority_id)"
        ),
        {"link": LINK, "authority_id": home_id},
    )
    app_db.commit()

    page = sign_in(Role.LEAD).get("/assessment/questions/1.1").text

    inset = page.partition("In Round 2025 you answered")[2].partition("<form")[0]
    assert SHOWN in inset


def test_evidence_field_keeps_a_phone_from_changing_addresses(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/questions/1.1").text

    field = re.search(r'<textarea[^>]*name="evidence"[^>]*>', page)
    note = re.search(r'<textarea[^>]*name="note"[^>]*>', page)
    assert field is not None
    assert note is not None
    for attribute in ('autocapitalize="none"', 'spellcheck="false"', 'inputmode="url"'):
        assert attribute in field[0]
        assert attribute not in note[0]


def test_save_too_many_links_says_how_many(sign_in: SignIn):
    links = "\n".join(f"https://a.example/{number}" for number in range(12))

    page = sign_in(Role.LEAD).post(
        "/assessment/questions/1.1", data={"choice": "3", "evidence": links}
    )

    assert "You gave 12 links. Give 10 or fewer." in page.text


def test_question_says_beforehand_how_long_a_text_may_be(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/questions/1.1").text

    assert "You can enter up to 5,000 characters" in page
    assert "Up to 5,000 characters." in page


def test_save_too_long_note_is_refused_and_kept(sign_in: SignIn):
    note = "x" * 5037

    page = sign_in(Role.LEAD).post("/assessment/questions/1.1", data={"choice": "3", "note": note})

    mistake = "The note is 37 characters too long. Shorten it to 5,000 characters or fewer."
    assert mistake in page.text
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
    response = sign_in(Role.LEAD).get("/assessment/submit")

    assert response.location.endswith("/assessment/check")


def test_submit_sent_before_anything_is_answered_says_so_and_begins_nothing(
    sign_in: SignIn, app_db: Session, home_id: str
):
    form = {"counted": "yes", "declaration": "y"}

    page = sign_in(Role.LEAD).post("/assessment/submit", data=form).text

    assert "Nothing is submitted. 36 questions have no answer yet: 1.1, 1.2, 1.3, " in page
    assert assessments.read_assessment(app_db, home_id, "2026") is None


def test_submit_after_a_colleague_cleared_an_answer_names_it_and_keeps_the_choices(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    client = sign_in(Role.SIGNATORY)
    form = {"counted": "no", "declaration": "y", "support": ["peers"], "seen": read_seen(client)}
    sign_in(Role.LEAD).post("/assessment/questions/2.1/clear", data={"revision": "1"})

    page = client.post("/assessment/submit", data=form).text

    assert "Nothing is submitted. 1 question has no answer yet: 2.1." in page
    for value in ("no", "peers", "y"):
        assert f'value="{value}" checked' in page
    assert "1 question has no answer yet." in client.get("/assessment/check").text
    app_db.rollback()
    assessment = assessments.read_assessment(app_db, home_id, "2026")
    assert assessment is not None
    assert not assessment.is_submitted


def test_submit_answer_changed_meanwhile_leads_back_and_names_it(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    client = sign_in(Role.SIGNATORY)
    seen = read_seen(client)
    answer = make_answer("2.1", 5)
    answers.save_answer(app_db, home_id, "2026", answer, revision=1, by=OPERATOR)
    app_db.commit()

    form = {"counted": "yes", "declaration": "y"}
    page = client.post("/assessment/submit", data=form | {"seen": seen}, follow_redirects=True)

    assert "Nothing is submitted yet" in page.text
    assert "/assessment/check?changed=2.1" in page.request.url
    client.post("/assessment/submit", data=form | {"seen": read_seen(client)})
    assert client.get("/results/").status_code == 200
    app_db.rollback()
    assessment = assessments.read_assessment(app_db, home_id, "2026")
    assert assessment is not None
    assert assessment.is_submitted


def test_submit_keeps_what_was_chosen(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    client = sign_in(Role.SIGNATORY)
    form = {
        "counted": "yes",
        "declaration": "y",
        "barriers": ["skills", "risk", "risk"],
        "support": ["peers"],
    }

    client.post("/assessment/submit", data=form | {"seen": read_seen(client)})

    app_db.rollback()
    assessment = assessments.read_assessment(app_db, home_id, "2026")
    assert assessment is not None
    # in the questionnaire's order, each once
    assert assessment.needs == Choices(("risk", "skills"), ("peers",))


@pytest.mark.parametrize(
    ("barriers", "message"),
    [
        (
            ["risk", "rules", "budget", "skills"],
            "What holds your authority back most? Choose 3 at most.",
        ),
        (["weather"], "What holds your authority back most? Choose from the list."),
    ],
)
def test_submit_wrong_choice_is_refused_and_what_was_chosen_stays(
    sign_in: SignIn,
    app_db: Session,
    home_id: str,
    questionnaire: Questionnaire,
    barriers: list[str],
    message: str,
):
    save_all(app_db, home_id, questionnaire)
    client = sign_in(Role.SIGNATORY)
    form = {"counted": "yes", "declaration": "y", "barriers": barriers, "support": ["peers"]}

    page = client.post("/assessment/submit", data=form | {"seen": read_seen(client)}).text

    assert f'<a href="#barriers">{message}</a>' in page
    assert 'value="peers" checked' in page
    app_db.rollback()
    assessment = assessments.read_assessment(app_db, home_id, "2026")
    assert assessment is not None
    assert not assessment.is_submitted


def test_submit_address_says_in_short_what_was_seen(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    client = sign_in(Role.LEAD)
    found = re.search(r'href="(/assessment/submit[^"]+)"', client.get("/assessment/check").text)
    assert found
    client.post("/assessment/questions/2.1", data={"choice": "5", "revision": "1"})

    page = client.get(found[1], follow_redirects=True).text

    assert len(found[1]) < 50
    assert "Answers were changed since you opened this page." in page


def test_submit_second_with_another_choice_is_told_whose_stands(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    lead, signatory = sign_in(Role.LEAD), sign_in(Role.SIGNATORY)
    form = {"declaration": "y", "seen": read_seen(lead)}
    lead.post("/assessment/submit", data=form | {"counted": "no"})

    again = lead.post("/assessment/submit", data=form | {"counted": "no"}, follow_redirects=True)
    other = signatory.post(
        "/assessment/submit", data=form | {"counted": "yes"}, follow_redirects=True
    )

    assert "before you" not in again.text
    assert "A Person submitted this assessment before you" in other.text
    assert "not to be counted in the benchmarks" in other.text
    app_db.rollback()
    assessment = assessments.read_assessment(app_db, home_id, "2026")
    assert assessment is not None
    assert not assessment.counted


def test_check_and_submit_say_what_will_not_be_scored(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    client = sign_in(Role.LEAD)
    # of six questions five apply and three have a level; two thirds of five are 3.3, so 4
    for question_id, choice in (("1.1", "na"), ("1.2", "dk"), ("1.3", "dk")):
        form = {"choice": choice, "reason": "None of ours.", "revision": "1"}
        client.post(f"/assessment/questions/{question_id}", data=form)

    pages = [client.get(f"/assessment/{name}").text for name in ("check", "submit")]

    for page in pages:
        assert "1 of 6 principles will not be scored, and so there will be no overall score" in page
        assert "3 of 5 applicable questions have a level, 4 are needed." in page


def save_all(db: Session, authority_id: str, questionnaire: Questionnaire) -> None:
    """Answer every question of the open round."""
    for question_id in questionnaire.question_ids:
        answer = make_answer(question_id, 3)
        answers.save_answer(db, authority_id, "2026", answer, revision=0, by=JO)
    db.commit()


def read_seen(client: FlaskClient) -> str:
    """Return what the form to submit says was seen, come to by the button of the answers' page."""
    button = re.search(r'href="(/assessment/submit[^"]+)"', client.get("/assessment/check").text)
    assert button
    found = re.search(r'name="seen" type="hidden" value="([^"]+)"', client.get(button[1]).text)
    assert found
    return found[1]


def test_activity_tells_from_what_to_what(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    client.post("/assessment/questions/1.1", data={"choice": "2", "revision": "0"})
    client.post("/assessment/questions/1.1", data={"choice": "dk", "revision": "1"})

    page = client.get("/assessment/activity").text

    assert "Changed 1.1 from level 2 to Don’t know" in page
    assert "Answered 1.1 with level 2" in page


def test_activity_names_what_else_changed(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    client.post("/assessment/questions/1.1", data={"choice": "2", "note": "Said in confidence"})

    page = client.get("/assessment/activity").text

    assert "Answered 1.1 with level 2, and gave the note" in page
    assert "Said in confidence" not in page


def test_navigation_marks_one_page_only(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/activity").text

    assert page.count('aria-current="true"') == 1


def test_save_after_a_colleague_submitted_keeps_what_was_typed(
    sign_in: SignIn, app_db: Session, home_id: str
):
    client = sign_in(Role.LEAD)
    client.get("/assessment/questions/1.1")
    assessments.submit_assessment(app_db, home_id, "2026", by=OPERATOR, counted=True)
    app_db.commit()

    page = client.post("/assessment/questions/1.1", data={"choice": "3", "note": "Long note"})

    assert page.status_code == 200
    assert "This assessment is submitted" in page.text
    assert "Long note" in page.text


def test_save_signed_in_again_meanwhile_shows_what_was_typed(sign_in: SignIn, home_id: str):
    client = sign_in(Role.LEAD)

    page = FlaskClient.open(
        client,
        "/assessment/questions/1.1",
        method="POST",
        data={
            "csrf_token": "of another session",
            "authority_id": home_id,
            "choice": "na",
            "note": "Long note",
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert page.status_code == 400
    assert judge_page(page.text) == []
    assert "This is not saved yet" in page.text
    assert ">Does not apply</p>" in page.text
    assert "Long note" in page.text
    assert "of another session" not in page.text


def test_save_commit_that_fails_says_nothing_is_saved(
    app: Flask, sign_in: SignIn, home_id: str, monkeypatch: pytest.MonkeyPatch
):
    client = sign_in(Role.LEAD)
    data = token_of(client) | {"authority_id": home_id, "choice": "3"}
    app.config["TESTING"] = False
    with monkeypatch.context() as broken:
        broken.setattr(Session, "commit", Mock(side_effect=OperationalError("", {}, OSError())))
        page = FlaskClient.open(client, "/assessment/questions/1.1", method="POST", data=data)

    assert page.status_code == 500
    assert "Something went wrong" in page.text
    assert "Your answer to" not in page.text
    assert "Your answer to" not in client.get("/assessment/").text


def token_of(client: FlaskClient) -> dict[str, str]:
    """Return the field that a form of this client carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/assessment/").text)
    assert found
    return {"csrf_token": found[1]}


def test_download_number_beyond_the_database_is_not_found(sign_in: SignIn):
    assert sign_in(Role.LEAD).get("/results/files/99999999999").status_code == 404


def test_check_what_looks_odd_is_asked_back_and_changes_nothing(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)
    for question_id, choice in (("1.4", "4"), ("5.2", "1")):
        form = {"choice": choice, "revision": "1"}
        sign_in(Role.LEAD).post(f"/assessment/questions/{question_id}", data=form)

    page = sign_in(Role.LEAD).get("/assessment/check").text

    judge_page(page)
    assert "Leaders can receive the results of trials only where results are written down." in page
    assert "You chose level 3, Developing, for every question of these principles" in page
    assert "Go on to submit" in page


@pytest.mark.parametrize(("ago", "seconds"), [(90, 90), (1801, None), (-60, None)])
def test_save_keeps_how_long_the_first_answer_took(
    sign_in: SignIn, app_db: Session, ago: int, seconds: int | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(questions, "time", lambda: 1_700_000_000.0)
    form = {"choice": "2", "revision": "0", "opened": str(1_700_000_000 - ago)}

    sign_in(Role.LEAD).post("/assessment/questions/1.1", data=form)

    query = text("SELECT seconds FROM agreed_answer ORDER BY changed_at DESC LIMIT 1")
    kept = app_db.scalars(query).one()
    assert kept == seconds


def test_question_two_people_answered_shows_what_each_gave(sign_in: SignIn):
    sign_in(Role.LEAD).post("/assessment/questions/1.1", data={"choice": "2", "revision": "0"})
    one = sign_in(Role.READER).get("/assessment/questions/1.1").text
    form = {"choice": "dk", "revision": "1"}
    sign_in(Role.CONTRIBUTOR).post("/assessment/questions/1.1", data=form)

    pages = [
        sign_in(role).get("/assessment/questions/1.1").text for role in (Role.LEAD, Role.READER)
    ]

    given = "Answered by 2 people: A Person level 2, A Person Don’t know."
    assert "Answered by" not in one
    assert all(given in page for page in pages)


def test_question_own_answers_of_another_authority_are_not_shown(sign_in: SignIn, other_id: str):
    for role, choice, revision in ((Role.LEAD, "2", "0"), (Role.CONTRIBUTOR, "4", "1")):
        form = {"choice": choice, "revision": revision}
        sign_in(role).post("/assessment/questions/1.1", data=form)

    assert "Answered by" not in sign_in(Role.LEAD, other_id).get("/assessment/questions/1.1").text


def test_save_opened_that_is_no_time_is_refused(sign_in: SignIn):
    form = {"choice": "2", "revision": "0", "opened": "yesterday"}

    page = sign_in(Role.LEAD).post("/assessment/questions/1.1", data=form).text

    assert "Open the page again." in page


def bring_over(client: FlaskClient) -> int:
    """Bring last round's answers over, and return how many wait to be checked."""
    client.post("/assessment/bring-over")
    return count_to_check(client)


def test_bring_over_again_says_that_there_was_nothing_more(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    bring_over(client)

    again = client.post("/assessment/bring-over", follow_redirects=True).text

    assert "There was nothing more to bring over." in again
    assert "0 answers" not in again


def test_check_says_what_submitting_waits_for(sign_in: SignIn):
    page = sign_in(Role.LEAD).get("/assessment/check").text

    assert "You can submit once every question has an answer." in page
    assert "Go on to submit" not in page


def count_to_check(client: FlaskClient) -> int:
    """Return how many answers the header says are to check."""
    found = re.search(r"answered, (\d+) to check", client.get("/assessment/").text)
    return int(found[1]) if found else 0


def find_buttons(page: str, label: str) -> list[list[str]]:
    """Return the answers that each button with this label would confirm."""
    forms = re.findall(r'<form method="post" action="/assessment/confirm">.*?</form>', page, re.S)
    return [re.findall(r'name="answer" value="([^"]+)"', form) for form in forms if label in form]


def test_brought_over_answers_are_nowhere_completed_until_checked(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    waiting = bring_over(client)

    tasks = client.get("/assessment/").text
    question = client.get("/assessment/questions/1.1").text
    check = client.get("/assessment/check").text

    assert waiting == 36
    assert "Completed" not in tasks
    assert "6 to check" in tasks
    assert "Brought over from Round 2025, not yet checked." in question
    assert "Saved by" not in question
    assert check.count("Brought over from Round 2025, not yet checked.") == 36


def test_confirm_one_click_on_each_page_is_enough(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    waiting = bring_over(client)

    for place, (path, label, back) in enumerate(
        (
            ("/assessment/review", "Still true", "review"),
            ("/assessment/check", "Still true", "check"),
            ("/assessment/questions/1.3", "Still true, go on", "question"),
        ),
        start=1,
    ):
        button = find_buttons(client.get(path).text, label)[0]
        assert len(button) == 1
        done = client.post("/assessment/confirm", data={"answer": button, "back": back})
        ends = {"question": "/assessment/questions/1.4"}.get(back, path)
        assert done.location.endswith(ends)
        assert count_to_check(client) == waiting - place


def test_confirm_a_whole_principle_confirms_what_is_shown_of_it(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    waiting = bring_over(client)
    button = find_buttons(client.get("/assessment/review").text, "Confirm all 6 shown")[0]

    page = client.post(
        "/assessment/confirm", data={"answer": button, "back": "review"}, follow_redirects=True
    ).text

    assert [part[0] for part in button] == ["1"] * 6
    assert "6 answers confirmed." in page
    assert count_to_check(client) == waiting - 6


def test_confirm_answer_changed_meanwhile_is_not_confirmed_and_named(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    bring_over(client)
    form = {"choice": "dk", "revision": "1"}
    sign_in(Role.CONTRIBUTOR).post("/assessment/questions/1.1", data=form)

    page = client.post(
        "/assessment/confirm",
        data={"answer": ["1.1=1=2025"], "back": "check"},
        follow_redirects=True,
    ).text

    said = "A colleague changed 1.1 meanwhile. Here it is as it stands now. 0 answers confirmed."
    assert said in page


def test_confirm_several_of_which_some_were_changed_says_how_many_are_confirmed(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    bring_over(client)
    for question_id in ("1.1", "1.2"):
        form = {"choice": "dk", "revision": "1"}
        sign_in(Role.CONTRIBUTOR).post(f"/assessment/questions/{question_id}", data=form)
    button = [f"1.{n}=1=2025" for n in (1, 2, 3)]

    page = client.post(
        "/assessment/confirm", data={"answer": button, "back": "check"}, follow_redirects=True
    ).text

    said = "A colleague changed 1.1, 1.2 meanwhile. Here they are as they stand now. 1 answer conf"
    assert said in page


def test_confirm_what_is_no_revision_is_refused(sign_in: SignIn):
    client = sign_in(Role.LEAD)

    for part, status in (
        ("1.1", 400),
        ("1.1=1", 400),
        ("1.1=1=", 400),
        ("1.1=x=2025", 400),
        ("==", 400),
        ("9.9=1=2025", 404),
    ):
        form = {"answer": part, "back": "question"}
        assert client.post("/assessment/confirm", data=form).status_code == status
    assert client.post("/assessment/confirm", data={"back": "question"}).status_code == 302


def test_submit_unchecked_answers_must_be_accepted_and_are_told_afterwards(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    bring_over(client)
    client.post("/assessment/confirm", data={"answer": [f"1.{n}=1=2025" for n in range(1, 7)]})
    seen = read_seen(client)
    form = {"counted": "yes", "declaration": "y", "seen": seen}

    refused = client.post("/assessment/submit", data=form).text
    client.post("/assessment/submit", data=form | {"unchecked": "y"})

    assert "30 of 36 answers are not checked" in refused
    assert "Check the 30 answers brought over, or say that you submit them so." in refused
    told = "30 of 36 answers were brought over from Round 2025 and not checked."
    assert told in client.get("/results/").text
    assert told in client.get("/results/improvement").text
    assert told in client.get("/results/shareable").text
    question = client.get("/assessment/questions/2.1").text
    assert "Brought over from Round 2025, not checked." in question


@pytest.mark.parametrize("gone", ["round withdrawn", "answers cleared"])
def test_answers_whose_round_has_none_any_more_can_be_checked(
    sign_in: SignIn, app_db: Session, home_id: str, gone: str
):
    client = sign_in(Role.LEAD)
    waiting = bring_over(client)
    before = client.get("/assessment/review").text
    withdraw_2025(app_db, home_id, is_begun=gone == "answers cleared")

    pages = [client.get(f"/assessment/{page}") for page in ("", "review", "check", "submit")]
    button = find_buttons(pages[1].text, "Still true")[0]
    data = {"answer": button, "back": "review"}
    confirmed = client.post("/assessment/confirm", data=data, follow_redirects=True)
    question = client.get("/assessment/questions/1.3")

    # 36 answers come from 2025 still, and one of them is confirmed
    assert [page.status_code for page in pages] == [200] * 4
    assert find_buttons(pages[1].text, "Still true") == find_buttons(before, "Still true")
    assert "1 answer confirmed." in confirmed.text
    assert count_to_check(client) == waiting - 1
    assert "Brought over from Round 2025, not yet checked." in question.text


def withdraw_2025(app_db: Session, home_id: str, *, is_begun: bool) -> None:
    """Take an authority's answers of 2025 away, and the assessment too unless it is begun still."""
    found = text(
        "SELECT id FROM assessment WHERE round_id = '2025' AND authority_id = :authority_id"
    )
    id_ = app_db.scalar(found, {"authority_id": home_id})
    deletions = ["DELETE FROM answer WHERE assessment_id = :id"]
    deletions.append("DELETE FROM agreed_answer WHERE assessment_id = :id")
    if not is_begun:
        deletions.append("DELETE FROM assessment WHERE id = :id")
    for deletion in deletions:
        app_db.execute(text(deletion), {"id": id_})
    app_db.commit()


def test_clear_answer_is_unanswered_again_and_told_without_its_text(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    form = {"choice": "2", "note": "Said in confidence", "revision": "0"}
    client.post("/assessment/questions/1.1", data=form)

    for said in ("1.1 is cleared: it is unanswered.", "There is no answer to 1.1 that could be"):
        path = "/assessment/questions/1.1/clear"
        page = client.post(path, data={"revision": "1"}, follow_redirects=True).text
        assert said in page

    assert "0 of 36 answered" in page
    activity = client.get("/assessment/activity").text
    assert activity.count("Cleared the answer to 1.1") == 1
    assert "Said in confidence" not in activity


def test_clear_where_nothing_was_ever_saved_begins_no_assessment(
    sign_in: SignIn, app_db: Session, home_id: str
):
    path = "/assessment/questions/1.1/clear"

    page = sign_in(Role.LEAD).post(path, data={"revision": "0"}, follow_redirects=True).text

    assert "There is no answer to 1.1 that could be cleared." in page
    assert assessments.read_assessment(app_db, home_id, "2026") is None


def test_save_over_a_cleared_answer_says_so_and_loses_no_typing(sign_in: SignIn):
    lead, colleague = sign_in(Role.LEAD), sign_in(Role.CONTRIBUTOR)
    lead.post("/assessment/questions/1.1", data={"choice": "2", "revision": "0"})
    lead.post("/assessment/questions/1.1/clear", data={"revision": "1"})
    form = {"choice": "4", "note": "Typed meanwhile", "revision": "1"}

    page = colleague.post("/assessment/questions/1.1", data=form).text
    found = re.search(r'name="revision" type="hidden" value="(\d+)"', page)
    assert found
    saved = colleague.post("/assessment/questions/1.1", data=form | {"revision": found[1]})

    assert "A Person cleared this answer while you were writing." in page
    assert "Typed meanwhile" in page
    assert 'data-warn-unsaved="now"' in page
    assert saved.location.endswith("/assessment/questions/1.2")
    # a page from before the clearing does not pass for one of the new answer
    stale = lead.post("/assessment/questions/1.1", data={"choice": "5", "revision": "1"}).text
    assert "changed this answer while you were writing" in stale


def test_clear_answer_changed_meanwhile_is_left(sign_in: SignIn):
    lead, colleague = sign_in(Role.LEAD), sign_in(Role.CONTRIBUTOR)
    lead.post("/assessment/questions/1.1", data={"choice": "2", "revision": "0"})
    colleague.post("/assessment/questions/1.1", data={"choice": "4", "revision": "1"})

    page = lead.post(
        "/assessment/questions/1.1/clear", data={"revision": "1"}, follow_redirects=True
    ).text

    assert "Not cleared: A Person changed this answer meanwhile." in page
    assert "1 of 36 answered" in page


def test_clear_answer_that_was_brought_over_can_be_brought_again(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    waiting = bring_over(client)
    client.post("/assessment/questions/1.1/clear", data={"revision": "1"})

    assert count_to_check(client) == waiting - 1
    assert bring_over(client) == waiting


def test_save_brought_over_answer_as_it_is_confirms_it(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    waiting = bring_over(client)
    level = read_checked(client.get("/assessment/questions/1.1").text)

    client.post("/assessment/questions/1.1", data={"choice": level, "revision": "1"})

    assert count_to_check(client) == waiting - 1


def read_checked(page: str) -> str:
    """Return the value of the level that is chosen on a question's page."""
    found = re.search(r'value="(\w+)"[^>]* checked', page)
    assert found is not None
    return found.group(1)
