"""Legal duties of a nation, as far as an authority's answers can tell of them."""

from dataclasses import dataclass
from enum import StrEnum

from assessment.core.answers.answers import UNANSWERED, Answers
from assessment.core.questionnaire.questionnaire import LegalHook, Question, Questionnaire


class DutyState(StrEnum):
    """What the agreed answer tells of a duty; none of them ever changes a score."""

    TO_CHECK = "to_check"
    NOT_KNOWN = "not_known"
    NOT_FLAGGED = "not_flagged"


@dataclass(frozen=True, slots=True)
class DutyFinding:
    """One duty that a question can flag, and what its answer tells of it."""

    question: Question
    hook: LegalHook
    state: DutyState


def judge_duties(
    questionnaire: Questionnaire, answers: Answers, nation: str
) -> tuple[DutyFinding, ...]:
    """Judge every duty of a nation that the questionnaire can flag.

    Parameters
    ----------
    questionnaire : the version answered.
    answers : agreed answers by question id; questions not answered are absent.
    nation : of the authority.

    Returns
    -------
    One finding for each hook of this nation with ``flag_below``, in the questionnaire's order.
    To check where the level is lower. Not known where there is no level: nobody knew, nobody
    answered, or the question was said not to apply, which is no level either and may itself
    be wrong about the duty.
    """
    return tuple(
        DutyFinding(question, hook, _judge(_read_code(answers, question), hook.flag_below))
        for question in questionnaire.questions
        for hook in question.legal_in(nation)
        if hook.flag_below is not None
    )


def _read_code(answers: Answers, question: Question) -> int:
    """Return the code of a question's answer, UNANSWERED where it has none."""
    answer = answers.get(question.id)
    return UNANSWERED if answer is None else answer.code


def _judge(code: int, flag_below: int) -> DutyState:
    """Compare an answer's code with the level below which the duty is flagged."""
    if code <= UNANSWERED:
        return DutyState.NOT_KNOWN
    return DutyState.TO_CHECK if code < flag_below else DutyState.NOT_FLAGGED
