from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessment.core.answers.assessments import AnswerConflictError
from assessment.core.errors import NotAllowedError
from assessment.storage import answers, assessments, imports, responses
from assessment.storage.models import AgreedAnswerRow
from tests.databases import UNSUBMIT
from tests.factories import JO, KIT, OPERATOR, make_answer, make_questionnaire

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUESTION_IDS = make_questionnaire().question_ids


def test_save_answer_first_is_read_back(db: Session, round_id: str):
    answer = make_answer("1.1", "na", note="See minutes", evidence=("https://a.example",))

    assert answers.save_answer(db, "A", round_id, answer, revision=0, by=JO)

    saved = answers.read_answers(db, "A", round_id)["1.1"]
    assert (saved.answer, saved.revision, saved.changed_by) == (answer, 1, JO)


def test_save_answer_same_again_changes_nothing(db: Session, round_id: str):
    answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=JO)

    assert not answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=KIT)
    assert answers.read_answers(db, "A", round_id)["1.1"].changed_by == JO


def test_save_answer_changed_meanwhile_is_refused_and_kept(db: Session, round_id: str):
    answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=JO)

    with pytest.raises(AnswerConflictError) as conflict:
        answers.save_answer(db, "A", round_id, make_answer("1.1", 4), revision=0, by=KIT)

    assert conflict.value.saved.answer.level == 2
    assert answers.read_answers(db, "A", round_id)["1.1"].answer.level == 2


def test_save_answer_after_submission_is_refused(db: Session, round_id: str):
    answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=JO)
    assessments.submit_assessment(db, "A", round_id, by=JO, counted=True)

    with pytest.raises(NotAllowedError, match="submitted"):
        answers.save_answer(db, "A", round_id, make_answer("1.1", 3), revision=1, by=JO)


def test_save_answer_read_before_a_colleagues_change_is_refused(app: Flask):
    sessions = app.extensions["database"]
    with sessions.begin() as ours:
        authority_id, round_id = find_submitted(ours)
        ours.execute(text(UNSUBMIT))
    with sessions.begin() as ours:
        held = list(ours.scalars(select(AgreedAnswerRow)))
        before = answers.read_answers(ours, authority_id, round_id)["1.1"]
        with sessions.begin() as theirs:
            answers.save_answer(
                theirs,
                authority_id,
                round_id,
                make_answer("1.1", 1, note="Theirs"),
                revision=before.revision,
                by=KIT,
            )

        with pytest.raises(AnswerConflictError) as conflict:
            answers.save_answer(
                ours,
                authority_id,
                round_id,
                make_answer("1.1", 1, note="Ours"),
                revision=before.revision,
                by=JO,
            )

    assert held
    assert conflict.value.saved.answer.note == "Theirs"


def find_submitted(db: Session) -> tuple[str, str]:
    """Return an authority and a round of the demonstration in which it answered question 1.1."""
    query = (
        "SELECT authority_id, round_id FROM assessment JOIN agreed_answer ON id = assessment_id "
        "WHERE question_id = '1.1' ORDER BY authority_id, round_id LIMIT 1"
    )
    authority_id, round_id = db.execute(text(query)).one()
    return str(authority_id), str(round_id)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'finished'", "state"),
        ("state = 'submitted'", "submitted"),
        ("submitted_at = now()", "submitted"),
        ("counted = true", "counted"),
        ("state = 'reopened'", "reopened"),
    ],
)
def test_assessment_in_no_possible_state_is_refused(
    db: Session, round_id: str, change: str, constraint: str
):
    answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=JO)

    with pytest.raises(IntegrityError, match=f"ck_assessment_{constraint}"), db.begin_nested():
        db.execute(text(f"UPDATE assessment SET {change}"))  # noqa: S608


def test_submit_assessment_twice_is_once(db: Session, round_id: str):
    assert assessments.submit_assessment(db, "A", round_id, by=JO, counted=True)
    assert not assessments.submit_assessment(db, "A", round_id, by=KIT, counted=False)

    assessment = assessments.read_assessment(db, "A", round_id)
    assert assessment is not None
    assert (assessment.submitted_by, assessment.counted) == (JO, True)


def test_read_codes_unfinished_and_unconsenting_are_left_out(db: Session, round_id: str):
    for authority_id in ("A", "B", "C"):
        answers.save_answer(db, authority_id, round_id, make_answer("1.1", 5), revision=0, by=JO)
    assessments.submit_assessment(db, "A", round_id, by=JO, counted=True)
    assessments.submit_assessment(db, "B", round_id, by=JO, counted=False)

    assert list(responses.read_answer_codes(db, round_id, QUESTION_IDS).index) == ["A"]


def test_read_codes_imported_are_the_same_codes(db: Session, round_id: str):
    answer_codes = pd.DataFrame(
        np.array([[1, 5, -1, -2, 0, 3]], dtype=np.int8), index=["B"], columns=list(QUESTION_IDS)
    )

    imports.save_imported(
        db,
        round_id,
        answer_codes,
        counted=True,
        by=OPERATOR,
        reason="not said",
        submitted_at=NOON,
    )

    assert responses.read_answer_codes(db, round_id, QUESTION_IDS).loc["B"].tolist() == [
        *(1, 5, -1, -2, 0, 3)
    ]


def test_read_answers_of_another_authority_are_not_seen(db: Session, round_id: str):
    answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=JO)

    assert answers.read_answers(db, "B", round_id) == {}


def test_read_participation_tells_who_is_counted(db: Session, round_id: str):
    assessments.submit_assessment(db, "A", round_id, by=JO, counted=True)
    assessments.submit_assessment(db, "B", round_id, by=JO, counted=False)

    participation = assessments.read_participation(db, round_id).set_index("authority_id")

    assert participation["submitted"].to_dict() == {"A": True, "B": True}
    assert participation["counted"].to_dict() == {"A": True, "B": False}


def test_read_participation_begun_and_submitted_are_told(db: Session, round_id: str):
    answers.save_answer(db, "A", round_id, make_answer("1.1", 2), revision=0, by=JO)
    assessments.submit_assessment(db, "B", round_id, by=JO, counted=False)

    participation = assessments.read_participation(db, round_id).set_index("authority_id")

    assert participation["answered"].to_dict() == {"A": 1, "B": 0}
    assert participation["submitted"].to_dict() == {"A": False, "B": True}
