from datetime import UTC, datetime

import pytest

from assessment.core.answers.assessments import AnswerConflictError, Assessment, SavedAnswer
from tests.factories import make_answer

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(("submitted_at", "expected"), [(None, False), (NOON, True)])
def test_is_submitted_needs_a_time(submitted_at, expected):
    assert Assessment("A01", "2026", submitted_at).is_submitted is expected


def test_assessment_new_one_is_not_counted():
    assert Assessment("A01", "2026").counted is False


def test_answer_conflict_error_keeps_what_is_saved():
    saved = SavedAnswer(make_answer("1.2"), 4, "lead@example.org", NOON)

    error = AnswerConflictError(saved)

    assert error.saved is saved
    assert str(error) == "The answer to 1.2 was changed meanwhile."
