from dataclasses import replace

import numpy as np
import pytest

from assessment.core.answers.answers import (
    DOES_NOT_APPLY,
    DONT_KNOW,
    MAX_LINKS,
    MAX_TEXT_LENGTH,
    UNANSWERED,
    AnswerMistake,
    Standing,
    check_answer,
    encode_answers,
    parse_code,
)
from assessment.core.errors import NotFoundError
from tests.factories import make_answer, make_questionnaire

QUESTIONNAIRE = make_questionnaire(principles=1, questions=3)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5, "dk", "na"])
def test_check_answer_sound_answer_has_no_mistakes(level):
    assert check_answer(QUESTIONNAIRE, make_answer("1.1", level)) == []


@pytest.mark.parametrize("level", [None, 0, -1, 6])
def test_check_answer_level_not_offered_is_a_mistake(level):
    answer = replace(make_answer("1.1"), level=level)

    assert check_answer(QUESTIONNAIRE, answer) == [AnswerMistake.NO_LEVEL]


def test_check_answer_level_above_a_shorter_scale_is_a_mistake():
    assert check_answer(make_questionnaire(levels=4), make_answer("1.1", 5)) != []


@pytest.mark.parametrize("standing", [Standing.DONT_KNOW, Standing.DOES_NOT_APPLY])
def test_check_answer_level_beside_standing_is_a_mistake(standing):
    answer = make_answer("1.1", 3, standing=standing, reason="None bought.")

    assert check_answer(QUESTIONNAIRE, answer) == [AnswerMistake.LEVEL_BESIDE_STANDING]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_check_answer_does_not_apply_without_reason_is_a_mistake(reason):
    answer = make_answer("1.1", "na", reason=reason)

    assert check_answer(QUESTIONNAIRE, answer) == [AnswerMistake.NO_REASON]


@pytest.mark.parametrize("field", ["note", "reason"])
def test_check_answer_text_too_long_is_a_mistake(field):
    longest = make_answer("1.1", 3, **{field: "x" * MAX_TEXT_LENGTH})
    longer = make_answer("1.1", 3, **{field: "x" * (MAX_TEXT_LENGTH + 1)})

    assert check_answer(QUESTIONNAIRE, longest) == []
    assert check_answer(QUESTIONNAIRE, longer) == [AnswerMistake.TEXT_TOO_LONG]


def test_check_answer_too_many_links_is_a_mistake():
    links = tuple(f"https://example.org/{number}" for number in range(MAX_LINKS + 1))

    assert check_answer(QUESTIONNAIRE, make_answer("1.1", evidence=links[:-1])) == []
    assert check_answer(QUESTIONNAIRE, make_answer("1.1", evidence=links)) == [
        AnswerMistake.TOO_MANY_LINKS
    ]


def test_check_answer_several_mistakes_tells_all():
    answer = make_answer(
        "1.1", 2, standing=Standing.DOES_NOT_APPLY, note="x" * (MAX_TEXT_LENGTH + 1)
    )

    assert len(check_answer(QUESTIONNAIRE, answer)) == 3


def test_check_answer_unknown_question_raises():
    with pytest.raises(NotFoundError, match=r"9\.9"):
        check_answer(QUESTIONNAIRE, make_answer("9.9"))


@pytest.mark.parametrize(
    ("level", "expected"), [(1, 1), (5, 5), ("dk", DONT_KNOW), ("na", DOES_NOT_APPLY)]
)
def test_code_of_each_standing_is_its_own(level, expected):
    assert make_answer("1.1", level).code == expected


def test_codes_of_standings_are_neither_levels_nor_each_other():
    assert len({UNANSWERED, DONT_KNOW, DOES_NOT_APPLY}) == 3
    assert max(UNANSWERED, DONT_KNOW, DOES_NOT_APPLY) < 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("5", 5),
        (" 3 ", 3),
        ("dk", DONT_KNOW),
        ("na", DOES_NOT_APPLY),
        ("", None),
        ("0", None),
        ("6", None),
        ("-1", None),
        ("2.5", None),
        ("3.0", None),
        ("three", None),
    ],
)
def test_parse_code_text_of_a_file_is_a_code_or_none(text, expected):
    assert parse_code(text, QUESTIONNAIRE) == expected


def test_encode_answers_stand_in_order_and_unanswered_is_its_own():
    answers = {"1.3": make_answer("1.3", "na"), "1.1": make_answer("1.1", 4)}

    answer_codes = encode_answers(QUESTIONNAIRE, answers)

    assert answer_codes.tolist() == [4, UNANSWERED, DOES_NOT_APPLY]
    assert answer_codes.dtype == np.int8


def test_encode_answers_to_questions_of_another_version_are_left_out():
    answers = {"9.9": make_answer("9.9", 4)}

    assert encode_answers(QUESTIONNAIRE, answers).tolist() == [UNANSWERED] * 3
