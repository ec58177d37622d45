"""Clearing answers."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.services.answering import answering, clearing, surveys
from assessment.storage import assessments
from tests.factories import make_answer

TODAY = date(2026, 11, 23)


def test_clear_answer_where_nothing_was_ever_saved_begins_no_assessment(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)

    assert not clearing.clear_answer(db, survey, "1.1", revision=0, by=lead)

    assert assessments.read_assessment(db, "A01", "2026") is None
    assert surveys.read_activity(db, "A01")[0].kind == EventKind.ACCOUNT_CREATED


def test_clear_answer_is_in_the_audit_trail_once(db: Session, lead: Actor):
    survey = surveys.read_survey(db, "A01", TODAY)
    answering.answer_together(db, survey, make_answer("1.1", 2), revision=0, by=lead)

    done = [
        clearing.clear_answer(db, survey, "1.1", revision=1, by=lead),
        clearing.clear_answer(db, survey, "1.1", revision=1, by=lead),
    ]

    assert done == [True, False]
    newest, before, *_ = surveys.read_activity(db, "A01")
    assert (newest.kind, newest.actor) == (EventKind.ANSWER_CLEARED, lead)
    assert newest.detail == {"round": "2026", "question": "1.1", "before": 2}
    assert before.kind == EventKind.ANSWER_SAVED
