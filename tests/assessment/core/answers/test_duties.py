"""Three states of a duty: to check, not known, not flagged."""

from dataclasses import replace
from typing import Literal

import pytest

from assessment.core.answers.duties import DutyState, judge_duties
from assessment.core.answers.scoring import score_answers
from assessment.core.questionnaire.questionnaire import HookKind, LegalHook, Nation, Questionnaire
from tests.factories import (
    make_answer,
    make_duty,
    make_principle,
    make_question,
    make_questionnaire,
)


def make_questionnaire_with(*hooks: LegalHook) -> Questionnaire:
    """Make a questionnaire of one question with these legal hooks."""
    question = make_question(legal=hooks)
    return replace(make_questionnaire(), principles=(make_principle(questions=(question,)),))


@pytest.mark.parametrize(
    ("level", "state"),
    [
        (1, DutyState.TO_CHECK),
        (2, DutyState.NOT_FLAGGED),
        (5, DutyState.NOT_FLAGGED),
        ("dk", DutyState.NOT_KNOWN),
        ("na", DutyState.NOT_KNOWN),
    ],
)
def test_judge_duties_each_answer_has_its_state(
    level: int | Literal["dk", "na"], state: DutyState
) -> None:
    questionnaire = make_questionnaire_with(make_duty(flag_below=2))

    (finding,) = judge_duties(questionnaire, {"1.1": make_answer("1.1", level)}, "England")

    assert (finding.question.id, finding.state) == ("1.1", state)


def test_judge_duties_unanswered_is_not_known() -> None:
    (finding,) = judge_duties(make_questionnaire_with(make_duty()), {}, "England")

    assert finding.state is DutyState.NOT_KNOWN


@pytest.mark.parametrize(("nation", "findings"), [("England", 1), ("Wales", 1), ("Scotland", 0)])
def test_judge_duties_only_nations_of_the_duty(nation: str, findings: int) -> None:
    duty = make_duty(nations=(Nation.ENGLAND, Nation.WALES))
    questionnaire = make_questionnaire_with(duty)

    assert len(judge_duties(questionnaire, {"1.1": make_answer("1.1", 1)}, nation)) == findings


def test_judge_duties_hook_without_flag_is_left_out() -> None:
    freedom = make_duty(kind=HookKind.FREEDOM, flag_below=None)
    answers = {"1.1": make_answer("1.1", 1)}

    assert judge_duties(make_questionnaire_with(freedom), answers, "England") == ()


def test_judge_duties_of_one_question_each_by_its_own_level() -> None:
    first, second = make_duty(flag_below=2), make_duty(flag_below=4, section="2")
    answers = {"1.1": make_answer("1.1", 3)}

    findings = judge_duties(make_questionnaire_with(first, second), answers, "England")

    assert [(one.hook.section, one.state) for one in findings] == [
        ("1", DutyState.NOT_FLAGGED),
        ("2", DutyState.TO_CHECK),
    ]


def test_score_answers_missed_duty_never_lowers_the_score() -> None:
    without, with_duty = make_questionnaire_with(), make_questionnaire_with(make_duty())
    answers = {"1.1": make_answer("1.1", 1)}

    assert judge_duties(with_duty, answers, "England")[0].state is DutyState.TO_CHECK
    assert score_answers(with_duty, answers) == score_answers(without, answers)
