from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW, UNANSWERED, Answers
from assessment.core.answers.scoring import (
    Scores,
    count_applicable,
    nearest_level,
    overall_scores,
    score_answer_codes,
    score_answers,
)
from assessment.core.questionnaire.questionnaire import Questionnaire
from tests.factories import make_answer, make_principle, make_question, make_questionnaire


def answer_all(questionnaire: Questionnaire, *levels: object) -> Answers:
    """Answer the questions in order; None leaves one unanswered."""
    pairs = zip(questionnaire.question_ids, levels, strict=True)
    return {q: make_answer(q, level) for q, level in pairs if level is not None}


def score_one(*levels: object) -> Scores:
    """Score a questionnaire of one principle with as many questions as levels."""
    questionnaire = make_questionnaire(principles=1, questions=len(levels))
    return score_answers(questionnaire, answer_all(questionnaire, *levels))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((1, 3, 5), 3.0),  # (1 + 3 + 5) / 3
        ((2, 2, 3), 7 / 3),  # (2 + 2 + 3) / 3
        ((1, 1, 1), 1.0),
        ((5, 5, 5), 5.0),
        ((2, 5, "dk"), 3.5),  # (2 + 5) / 2: Don't know enters no mean
        ((2, 5, "na"), 3.5),  # (2 + 5) / 2: nor does Does not apply
        ((2, 5, None), 3.5),  # (2 + 5) / 2: nor does silence
    ],
)
def test_score_answers_principle_is_the_mean_of_its_levels(levels, expected):
    assert score_one(*levels).principles[0].score == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("levels", "scored"),
    [
        ((3, 3, "dk"), True),  # 2 of 3 is two thirds
        ((3, "dk", "dk"), False),  # 1 of 3
        ((3, None, None), False),  # 1 of 3: silence does not make a question inapplicable
        ((3, "na", "na"), True),  # 1 of 1 applicable
        ((3, "dk", "na"), False),  # 1 of 2 is half
        (("na", "na", "na"), False),  # nothing to score
        ((None, None, None), False),
        ((3, 3, 3, 3, "dk", None), True),  # 4 of 6
        ((3, 3, 3, "dk", "dk", "dk"), False),  # 3 of 6
        ((3, 3, 3, "na", "dk", "dk"), False),  # 3 of 5: 60 % < 66.7 %
        ((3, 3, 3, "na", "na", "dk"), True),  # 3 of 4
        ((3, 3, 3, 3, "dk", "dk", "na"), True),  # 4 of 6
        ((3, 3, 3, 3, "dk", "dk", "dk"), False),  # 4 of 7: 57 %
    ],
)
def test_score_answers_two_thirds_of_applicable_questions_are_needed(levels, scored):
    assert (score_one(*levels).principles[0].score is not None) is scored


def test_score_answers_weights_count():
    questions = (make_question(id="1.1", weight=3.0), make_question(id="1.2"))
    questionnaire = replace(make_questionnaire(), principles=(make_principle(questions=questions),))

    scores = score_answers(questionnaire, answer_all(questionnaire, 2, 4))

    # (3 x 2 + 1 x 4) / (3 + 1) = 2.5
    assert scores.principles[0].score == 2.5


def test_score_answers_weights_of_missing_levels_do_not_count():
    questions = tuple(
        make_question(id=f"1.{place}", weight=weight)
        for place, weight in enumerate((2.0, 1.0, 7.0), start=1)
    )
    questionnaire = replace(make_questionnaire(), principles=(make_principle(questions=questions),))

    scores = score_answers(questionnaire, answer_all(questionnaire, 2, 5, "dk"))

    # (2 x 2 + 1 x 5) / (2 + 1) = 3
    assert scores.principles[0].score == 3.0


def test_score_answers_all_scored_overall_is_the_plain_mean():
    questionnaire = make_questionnaire(principles=2, questions=3)

    scores = score_answers(questionnaire, answer_all(questionnaire, 1, 1, 1, 4, 5, "dk"))

    # the mean of 1 and (4 + 5) / 2 = 4.5 is 2.75; the mean of the five levels would be 2.4
    assert scores.overall == 2.75


def test_score_answers_one_not_scored_has_no_overall():
    questionnaire = make_questionnaire(principles=2, questions=3)

    scores = score_answers(questionnaire, answer_all(questionnaire, 5, 5, 5, 5, "dk", "dk"))

    assert scores.principle("principle-1").score == 5.0
    assert scores.principle("principle-2").score is None
    assert scores.overall is None


def test_score_answers_mean_that_hides_a_one_shows_it_beside():
    principle = score_one(1, 4, 4).principles[0]

    # (1 + 4 + 4) / 3 = 3.0
    assert principle.score == 3.0
    assert principle.lowest_ids == ("1.1",)
    assert principle.highest_ids == ("1.2", "1.3")


def test_score_answers_working_counts_every_standing():
    principle = score_one(2, 4, 4, "dk", "na", None).principles[0]

    assert principle.levels == (("1.1", 2), ("1.2", 4), ("1.3", 4))
    assert (principle.dont_know, principle.does_not_apply, principle.unanswered) == (1, 1, 1)
    # 6 - 1 apply; two thirds of 5 is 3.33, so 4 are needed and 3 are there
    assert (principle.applicable, principle.needed, principle.score) == (5, 4, None)


def test_score_answers_nothing_answered_has_no_lowest_or_highest():
    principle = score_one(None, None, None).principles[0]

    assert principle.score is None
    assert (principle.levels, principle.lowest_ids, principle.highest_ids) == ((), (), ())


def test_count_applicable_leaves_out_only_does_not_apply():
    answer_codes = np.array([[1, DONT_KNOW, UNANSWERED], [1, DOES_NOT_APPLY, DOES_NOT_APPLY]])

    assert count_applicable(answer_codes).tolist() == [3, 1]


def test_overall_scores_any_not_scored_is_nan():
    overall = overall_scores(np.array([[2.0, 3.0], [2.0, np.nan]]))

    assert overall[0] == 2.5
    assert np.isnan(overall[1])


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (1.0, "Starting"),
        (1.49, "Starting"),
        (1.5, "Exploring"),
        (2.4999, "Exploring"),
        (2.5, "Developing"),
        (3.49, "Developing"),
        (3.5, "Embedding"),
        (4.5, "Leading"),
        (5.0, "Leading"),
    ],
)
def test_nearest_level_halves_go_up(score, name):
    assert nearest_level(make_questionnaire(), score).name == name


CODES = st.sampled_from([DOES_NOT_APPLY, DONT_KNOW, UNANSWERED, 1, 2, 3, 4, 5])


def score_by_definition(answer_codes: list[int], weights: list[int]) -> Fraction | None:
    """Score one principle from the words of the rule, in exact arithmetic."""
    applicable = [code for code in answer_codes if code != DOES_NOT_APPLY]
    given = [
        (code, weight) for code, weight in zip(answer_codes, weights, strict=True) if code >= 1
    ]
    if not given or Fraction(len(given), len(applicable)) < Fraction(2, 3):
        return None
    return Fraction(sum(c * w for c, w in given), sum(w for _, w in given))


@given(
    answer_codes=st.lists(st.lists(CODES, min_size=7, max_size=7), max_size=6),
    weights=st.lists(st.integers(1, 4), min_size=7, max_size=7),
)
def test_score_codes_any_answers_equal_the_definition(answer_codes, weights):
    questions = [
        make_question(id=f"q{place}", weight=float(weight)) for place, weight in enumerate(weights)
    ]
    principles = (
        make_principle(id="short", questions=tuple(questions[:3])),
        make_principle(id="long", questions=tuple(questions[3:])),
    )
    questionnaire = replace(make_questionnaire(), principles=principles)

    scores = score_answer_codes(questionnaire, np.array(answer_codes, dtype=np.int8).reshape(-1, 7))

    expected = [
        [score_by_definition(row[:3], weights[:3]), score_by_definition(row[3:], weights[3:])]
        for row in answer_codes
    ]
    floats = [[np.nan if score is None else float(score) for score in row] for row in expected]
    np.testing.assert_allclose(scores, np.array(floats).reshape(-1, 2), atol=1e-12, equal_nan=True)
