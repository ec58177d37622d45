from collections.abc import Callable

import pytest

from assessment.core.errors import NotFoundError
from assessment.core.questionnaire import Nation, Questionnaire
from tests.factories import make_duty, make_question, make_questionnaire

QUESTIONNAIRE = make_questionnaire(principles=2, questions=3)


def test_question_ids_stand_in_order_of_principles():
    assert QUESTIONNAIRE.question_ids == ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3")


@pytest.mark.parametrize(("principles", "questions"), [(1, 1), (3, 2), (6, 6)])
def test_questions_any_size_are_all_there(principles, questions):
    questionnaire = make_questionnaire(principles, questions)

    assert len(questionnaire.questions) == principles * questions


def test_question_known_id_is_found():
    assert QUESTIONNAIRE.question("2.3").title == "Question 2.3"


def test_principle_known_id_is_found():
    assert QUESTIONNAIRE.principle("principle-2").name == "Principle 2"


def test_principle_of_question_is_the_one_that_holds_it():
    assert QUESTIONNAIRE.principle_of("2.1").id == "principle-2"


def test_principle_number_counts_from_one():
    assert QUESTIONNAIRE.principle_number("principle-1") == 1
    assert QUESTIONNAIRE.principle_number("principle-2") == 2


def test_case_known_id_is_found():
    assert QUESTIONNAIRE.case("case-1").place == "Exampleton"


@pytest.mark.parametrize(
    "look_up",
    [
        Questionnaire.question,
        Questionnaire.principle,
        Questionnaire.principle_of,
        Questionnaire.principle_number,
        Questionnaire.case,
    ],
)
def test_look_up_unknown_id_raises(look_up: Callable[[Questionnaire, str], object]):
    with pytest.raises(NotFoundError, match=r"9\.9 in version test-1"):
        look_up(QUESTIONNAIRE, "9.9")


def test_action_from_level_is_the_step_up():
    action = make_question().action_from(3)

    assert action is not None
    assert action.text == "Move on from level 3."


def test_action_from_top_is_none():
    assert make_question().action_from(5) is None


def test_legal_in_only_the_nations_own_law_is_returned():
    english = make_duty(nations=(Nation.ENGLAND, Nation.WALES))
    scottish = make_duty(nations=(Nation.SCOTLAND,))
    question = make_question(legal=(english, scottish))

    assert question.legal_in("Wales") == (english,)
    assert question.legal_in("Northern Ireland") == ()
