import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assessment.core.answers.answers import Standing
from assessment.core.answers.assessments import AnswerConflictError, OwnAnswer
from assessment.core.answers.rounds import Round
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.people.memberships import Role
from assessment.services.answering import answering, clearing, submitting, surveys
from assessment.services.people import accounts, queries
from assessment.services.rounds import scheduling
from assessment.storage import assessments
from tests import databases
from tests.factories import OPERATOR, make_answer

TODAY = date(2026, 11, 23)
AFTER = date(2027, 1, 1)


def save(db: Session, lead: Actor, question_id: str, level: int, *, revision: int = 0) -> bool:
    survey = surveys.read_survey(db, "A01", TODAY)
    answer = make_answer(question_id, level)
    return answering.answer_together(db, survey, answer, revision=revision, by=lead)


def answer_all(db: Session, lead: Actor) -> surveys.Survey:
    for question in surveys.read_survey(db, "A01", TODAY).questionnaire.questions:
        save(db, lead, question.id, 3)
    return surveys.read_survey(db, "A01", TODAY)


def test_read_survey_nothing_answered_counts_nothing(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)

    assert [(p.answered, p.total) for p in survey.progress] == [(0, 3), (0, 3)]
    assert survey.is_open


def test_read_survey_part_answered_leads_to_the_next_question(db: Session, lead: Actor):
    save(db, lead, "1.1", 3)

    first = surveys.read_survey(db, "A01", TODAY).progress[0]

    assert (first.answered, first.next_question.id, first.is_complete) == (1, "1.2", False)


def test_save_answer_change_is_in_the_audit_trail(db: Session, lead: Actor):
    save(db, lead, "1.1", 2)
    save(db, lead, "1.1", 4, revision=1)

    newest = surveys.read_activity(db, "A01")[0]
    assert newest.actor == lead
    assert newest.detail == {
        "round": "2026",
        "question": "1.1",
        "before": 2,
        "after": 4,
        "changed": [],
    }


def test_save_answer_other_parts_changed_are_named_and_not_repeated(db: Session, lead: Actor):
    save(db, lead, "1.1", 2)
    survey = surveys.read_survey(db, "A01", TODAY)
    answer = make_answer("1.1", 2, note="Said in confidence", evidence=("https://a.example",))

    answering.answer_together(db, survey, answer, revision=1, by=lead)

    newest = surveys.read_activity(db, "A01")[0]
    assert newest.detail["changed"] == ["note", "evidence"]
    assert "confidence" not in str(newest.detail)


def test_save_answer_first_with_a_reason_names_it(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)

    answering.answer_together(db, survey, make_answer("1.1", "na"), revision=0, by=lead)

    assert surveys.read_activity(db, "A01")[0].detail["changed"] == ["reason"]


def test_save_answer_saved_twice_is_once_in_the_audit_trail(db: Session, lead: Actor):
    assert save(db, lead, "1.1", 2)
    assert not save(db, lead, "1.1", 2)

    saved = [e for e in surveys.read_activity(db, "A01") if e.kind == EventKind.ANSWER_SAVED]
    assert len(saved) == 1


def test_save_answer_two_people_second_sees_both(db: Session, lead: Actor):
    save(db, lead, "1.1", 2)

    with pytest.raises(AnswerConflictError) as conflict:
        save(db, lead, "1.1", 5, revision=0)

    assert conflict.value.saved.answer.level == 2


def test_save_answer_outside_the_round_is_refused(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", AFTER)

    with pytest.raises(NotAllowedError, match="Round 2026 closed on 31 December 2026"):
        answering.answer_together(db, survey, make_answer("1.1"), revision=0, by=lead)


def test_save_answer_does_not_apply_without_reason_is_refused(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)

    with pytest.raises(NotAllowedError, match="Say why"):
        answering.answer_together(
            db, survey, make_answer("1.1", "na", reason=" "), revision=0, by=lead
        )


def make_colleague(db: Session, authority_id: str = "A01") -> Actor:
    """Make a contributor, of the lead's authority unless said."""
    email = f"kit@{authority_id}.example".lower()
    return accounts.create_account(
        db, email, "Kit Economy", Role.CONTRIBUTOR, authority_id, today=TODAY, by=OPERATOR
    ).actor


def read_own(db: Session, round_id: str = "", authority_id: str = "A01") -> list[OwnAnswer]:
    """Return what each person answered to question 1.1."""
    survey = surveys.read_survey(db, authority_id, TODAY, round_id)
    return surveys.read_own_answers(db, survey, "1.1")


def test_read_own_answers_two_people_are_both_kept(db: Session, lead: Actor):
    colleague = make_colleague(db)
    save(db, lead, "1.1", 2)
    save(db, colleague, "1.1", 4, revision=1)

    assert read_own(db) == [
        OwnAnswer("1.1", lead.person, Standing.LEVEL, 2),
        OwnAnswer("1.1", colleague.person, Standing.LEVEL, 4),
    ]
    assert surveys.read_survey(db, "A01", TODAY).saved["1.1"].answer.level == 4


def test_read_own_answers_last_of_each_person_wins(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)
    save(db, lead, "1.1", 2)

    answering.answer_together(db, survey, make_answer("1.1", "dk"), revision=1, by=lead)

    assert read_own(db) == [OwnAnswer("1.1", lead.person, Standing.DONT_KNOW, None)]


def test_read_own_answers_colleague_who_agrees_counts(db: Session, lead: Actor):
    save(db, lead, "1.1", 2)

    assert not save(db, make_colleague(db), "1.1", 2, revision=1)

    assert [(own.person.name, own.level) for own in read_own(db)] == [
        ("Jo Lead", 2),
        ("Kit Economy", 2),
    ]


def test_read_own_answers_refused_answer_is_not_kept(db: Session, lead: Actor):
    save(db, lead, "1.1", 2)

    with pytest.raises(AnswerConflictError):
        save(db, make_colleague(db), "1.1", 5)

    assert [own.person.name for own in read_own(db)] == ["Jo Lead"]


def test_read_own_answers_other_question_is_left_out(db: Session, lead: Actor):
    save(db, lead, "1.2", 2)

    assert read_own(db) == []


def test_read_own_answers_other_authority_is_left_out(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A02", TODAY)
    theirs = make_colleague(db, "A02")

    answering.answer_together(db, survey, make_answer("1.1", 5), revision=0, by=theirs)

    assert read_own(db) == []
    assert [own.level for own in read_own(db, authority_id="A02")] == [5]


def test_read_own_answers_other_round_is_left_out(db: Session, lead: Actor):
    save(db, lead, "1.1", 2)
    days = (date(2027, 11, 1), date(2027, 12, 31))
    scheduling.open_round(db, Round("2027", "Round 2027", *days, "test-1"), by=OPERATOR)

    assert read_own(db, "2027") == []
    assert [own.level for own in read_own(db, "2026")] == [2]


@pytest.mark.parametrize(
    ("today", "expected", "state"),
    [
        # round 2026 runs from 1 November to 31 December 2026, round 2027 from 1 June 2027
        (date(2026, 10, 31), "2026", "announced"),
        (date(2026, 11, 1), "2026", "open"),
        (date(2026, 12, 31), "2026", "open"),
        (date(2027, 1, 1), "2026", "closed"),
        (date(2027, 5, 31), "2026", "closed"),
        (date(2027, 6, 1), "2027", "open"),
        (date(2027, 9, 1), "2027", "closed"),
    ],
)
def test_read_survey_round_announced_for_later_hides_nothing(
    db: Session, lead: Actor, today: date, expected: str, state: str
):
    days = (date(2027, 6, 1), date(2027, 8, 31))
    scheduling.open_round(db, Round("2027", "Round 2027", *days, "test-1"), by=OPERATOR)

    survey = surveys.read_survey(db, "A01", today)

    assert (survey.round.id, survey.state) == (expected, state)


def test_save_answer_before_the_round_says_when_it_opens(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", date(2026, 10, 31))

    with pytest.raises(NotAllowedError, match="Round 2026 opens on 1 November 2026"):
        answering.answer_together(db, survey, make_answer("1.1"), revision=0, by=lead)


def test_read_past_surveys_holds_what_was_not_submitted(db: Session, lead: Actor):
    save(db, lead, "1.1", 4)

    assert surveys.read_past_surveys(db, "A01", TODAY) == []
    (past,) = surveys.read_past_surveys(db, "A01", AFTER)
    assert (past.round.id, past.saved["1.1"].answer.level) == ("2026", 4)
    assert surveys.read_past_survey(db, "A01", AFTER, "2026").saved == past.saved


@pytest.mark.parametrize(("authority_id", "round_id"), [("A02", "2026"), ("A01", "1999")])
def test_read_past_survey_of_others_and_unknown_is_not_found(
    db: Session, lead: Actor, authority_id: str, round_id: str
):
    save(db, lead, "1.1", 4)

    with pytest.raises(NotFoundError):
        surveys.read_past_survey(db, authority_id, AFTER, round_id)


def test_submit_unanswered_questions_is_refused_and_names_them(db: Session, lead: Actor):
    seen = answer_all(db, lead).seen
    for question_id, said in (
        ("2.3", "1 question has no answer yet: 2.3."),
        ("1.2", "2 questions have no answer yet: 1.2, 2.3."),
    ):
        survey = surveys.read_survey(db, "A01", TODAY)
        clearing.clear_answer(db, survey, question_id, revision=1, by=lead)

        with pytest.raises(NotAllowedError, match=re.escape(said)):
            submitting.submit(db, survey, seen=seen, counted=True, by=lead)


def test_submit_nothing_answered_begins_no_assessment(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)

    with pytest.raises(NotAllowedError, match="6 questions have no answer yet"):
        submitting.submit(db, survey, seen="", counted=True, by=lead)

    assert assessments.read_assessment(db, "A01", "2026") is None


def test_save_answer_of_a_revision_that_never_was_begins_no_assessment(db: Session, lead: Actor):
    with pytest.raises(NotAllowedError, match="Open the page again"):
        save(db, lead, "1.1", 3, revision=4)

    assert assessments.read_assessment(db, "A01", "2026") is None


def test_submit_all_answered_is_final(db: Session, lead: Actor):
    survey = answer_all(db, lead)
    submitting.submit(db, survey, seen=survey.seen, counted=True, by=lead)

    survey = surveys.read_survey(db, "A01", TODAY)
    assert survey.assessment.is_submitted
    with pytest.raises(NotAllowedError, match="submitted"):
        answering.answer_together(db, survey, make_answer("1.1", 5), revision=1, by=lead)


def test_submit_answer_changed_since_it_was_seen_is_refused(db: Session, lead: Actor):
    survey = answer_all(db, lead)
    save(db, lead, "2.1", 5, revision=1)

    with pytest.raises(submitting.AnswersChangedError) as refused:
        submitting.submit(db, survey, seen=survey.seen, counted=True, by=lead)

    assert refused.value.question_ids == ["2.1"]
    assert not surveys.read_survey(db, "A01", TODAY).assessment.is_submitted


def test_submit_twice_is_once_in_the_audit_trail(db: Session, lead: Actor):
    survey = answer_all(db, lead)

    submitting.submit(db, survey, seen=survey.seen, counted=True, by=lead)
    submitting.submit(db, survey, seen=survey.seen, counted=True, by=lead)

    kinds = [event.kind for event in surveys.read_activity(db, "A01")]
    assert kinds.count(EventKind.ASSESSMENT_SUBMITTED) == 1


def test_submit_meanwhile_submitted_with_another_choice_is_told(db: Session, lead: Actor):
    stale = answer_all(db, lead)
    submitting.submit(db, stale, seen=stale.seen, counted=False, by=lead)

    with pytest.raises(submitting.AlreadySubmittedError) as refused:
        submitting.submit(db, stale, seen=stale.seen, counted=True, by=make_colleague(db))

    submitted = refused.value.assessment
    assert (submitted.submitted_by, submitted.counted) == (lead, False)


@pytest.mark.parametrize("round_id", ["2027/28", "", "2027 b", 'a"b', ".."])
def test_open_round_id_that_is_no_part_of_an_address_is_refused(
    db: Session, lead: Actor, round_id: str
):
    days = (date(2030, 1, 1), date(2030, 2, 1))

    with pytest.raises(NotAllowedError, match="letters, digits"):
        scheduling.open_round(db, Round(round_id, "Round", *days, "test-1"), by=OPERATOR)


def test_submit_waits_for_an_answer_that_is_being_saved_and_then_refuses(lasting: Engine):
    with Session(lasting) as saving, ThreadPoolExecutor(1) as pool:
        person = queries.find_membership(saving, email="lead@a01.example")
        assert person is not None
        seen = answer_all(saving, person).seen
        saving.commit()
        save(saving, person, "1.1", 5, revision=1)

        submitted = pool.submit(submit_apart, lasting, person, seen)
        databases.wait_for_lock(lasting)
        saving.commit()

        with pytest.raises(submitting.AnswersChangedError):
            submitted.result(timeout=30)
        survey = surveys.read_survey(saving, "A01", TODAY)
        assert not survey.assessment.is_submitted


def submit_apart(engine: Engine, person: Actor, seen: str) -> None:
    with Session(engine) as db:
        survey = surveys.read_survey(db, "A01", TODAY)
        submitting.submit(db, survey, seen=seen, counted=True, by=person)
        db.commit()
