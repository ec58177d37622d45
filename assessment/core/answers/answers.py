"""Answers: what an authority says of a question, and the small integers it is counted as."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assessment.core.questionnaire.questionnaire import Questionnaire

UNANSWERED = 0
DONT_KNOW = -1
DOES_NOT_APPLY = -2

MAX_TEXT_LENGTH = 5000
MAX_LINKS = 10


class Standing(StrEnum):
    """What kind of answer was given; none of them is zero."""

    LEVEL = "level"
    DONT_KNOW = "dk"
    DOES_NOT_APPLY = "na"


class AnswerMistake(StrEnum):
    """What is wrong with an answer."""

    NO_LEVEL = "no_level"
    LEVEL_BESIDE_STANDING = "level_beside_standing"
    NO_REASON = "no_reason"
    TEXT_TOO_LONG = "text_too_long"
    TOO_MANY_LINKS = "too_many_links"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question.

    ``level`` is set exactly if the standing is LEVEL; ``reason`` is what makes a question not
    apply; ``note`` and ``evidence`` (web addresses) are seen inside the authority only.
    """

    question_id: str
    standing: Standing
    level: int | None = None
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The small integer this answer is counted as: a level, DONT_KNOW or DOES_NOT_APPLY."""
        if self.standing is Standing.LEVEL and self.level is not None:
            return self.level
        return DONT_KNOW if self.standing is Standing.DONT_KNOW else DOES_NOT_APPLY


Answers = Mapping[str, Answer]


def check_answer(questionnaire: Questionnaire, answer: Answer) -> list[AnswerMistake]:
    """List what is wrong with an answer.

    Parameters
    ----------
    questionnaire : the version being answered.
    answer : one answer.

    Returns
    -------
    The mistakes; empty where the answer can be saved.

    Raises
    ------
    NotFoundError if the questionnaire has no such question.
    """
    questionnaire.question(answer.question_id)
    levels = {level.number for level in questionnaire.levels}
    mistakes = []
    if answer.standing is Standing.LEVEL and answer.level not in levels:
        mistakes.append(AnswerMistake.NO_LEVEL)
    if answer.standing is not Standing.LEVEL and answer.level is not None:
        mistakes.append(AnswerMistake.LEVEL_BESIDE_STANDING)
    if answer.standing is Standing.DOES_NOT_APPLY and not answer.reason.strip():
        mistakes.append(AnswerMistake.NO_REASON)
    if any(len(text) > MAX_TEXT_LENGTH for text in (answer.reason, answer.note)):
        mistakes.append(AnswerMistake.TEXT_TOO_LONG)
    if len(answer.evidence) > MAX_LINKS:
        mistakes.append(AnswerMistake.TOO_MANY_LINKS)
    return mistakes


def parse_code(text: str, questionnaire: Questionnaire) -> int | None:
    """Return the code that a file's text stands for: a level, ``dk`` or ``na``; else None."""
    words = {"dk": DONT_KNOW, "na": DOES_NOT_APPLY}
    levels = {str(level.number): level.number for level in questionnaire.levels}
    return (levels | words).get(text.strip())


def encode_answers(questionnaire: Questionnaire, answers: Answers) -> np.ndarray:
    """Pack one assessment's answers as small integers.

    Parameters
    ----------
    questionnaire : the version answered.
    answers : by question id; questions not answered are absent.

    Returns
    -------
    int8 array, one element a question in the questionnaire's order: a level, DONT_KNOW,
    DOES_NOT_APPLY or UNANSWERED.
    """
    answer_codes = [
        answers[q].code if q in answers else UNANSWERED for q in questionnaire.question_ids
    ]
    return np.array(answer_codes, dtype=np.int8)
