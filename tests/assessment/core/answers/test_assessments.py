from datetime import UTC, datetime

import pytest

from assessment.core.answers.assessments import (
    AnswerConflictError,
    Assessment,
    AssessmentState,
    SavedAnswer,
    TransitionError,
    require_transition,
)
from tests.factories import make_answer

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
STATES = ("answering", "in_consensus", "complete", "returned", "submitted", "reopened")


@pytest.mark.parametrize(
    ("state", "is_submitted", "is_answerable"),
    [
        ("answering", False, True),
        ("in_consensus", False, True),
        ("complete", False, False),
        ("returned", False, True),
        ("submitted", True, False),
        ("reopened", False, True),
    ],
)
def test_state_says_what_may_be_done(state: str, is_submitted: bool, is_answerable: bool):
    assessment = Assessment("A01", "2026", AssessmentState(state))

    assert (assessment.is_submitted, assessment.is_answerable) == (is_submitted, is_answerable)


# By hand, from who may do what: the lead opens the consensus and completes, the signatory
# submits or returns, the programme reopens; without a signatory answering ends in submission.
MAY_FOLLOW = {
    "answering": {"in_consensus", "complete", "submitted"},
    "in_consensus": {"complete"},
    "complete": {"returned", "submitted"},
    "returned": {"complete", "submitted"},
    "submitted": {"reopened"},
    "reopened": {"in_consensus", "complete", "submitted"},
}


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_require_transition_lets_only_what_may_follow_through(before: str, after: str):
    change = AssessmentState(before), AssessmentState(after)

    if after in MAY_FOLLOW[before]:
        require_transition(*change)
    else:
        with pytest.raises(TransitionError, match=f"from {before} to {after}"):
            require_transition(*change)


def test_assessment_new_one_is_not_counted():
    assert Assessment("A01", "2026").counted is False


def test_answer_conflict_error_keeps_what_is_saved():
    saved = SavedAnswer(make_answer("1.2"), 4, "lead@example.org", NOON)

    error = AnswerConflictError(saved)

    assert error.saved is saved
    assert str(error) == "The answer to 1.2 was changed meanwhile."
