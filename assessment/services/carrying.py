"""Starting from last round's answers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.accounts import Account
from assessment.core.answers import Answer
from assessment.core.assessments import AnswerConflictError, SavedAnswer
from assessment.core.rounds import Round
from assessment.core.versions import Carry, compare_versions
from assessment.services.answering import (
    Survey,
    read_submitted_rounds,
    read_survey,
    save_answer,
)
from assessment.storage import assessments, questionnaires


@dataclass(frozen=True, slots=True)
class LastRound:
    """What an authority answered in the round before, and what becomes of each answer.

    ``saved`` and ``carries`` are by question id; ``carries`` has every question of either
    version.
    """

    round: Round
    saved: dict[str, SavedAnswer]
    carries: dict[str, Carry]

    def answer_to(self, question_id: str) -> Answer | None:
        """Return the answer to a question that can be started from, or None."""
        saved = self.saved.get(question_id)
        offered = self.carries.get(question_id) in (Carry.CARRIES_OVER, Carry.SECOND_LOOK)
        return saved.answer if saved and offered else None

    def needs_second_look(self, question_id: str) -> bool:
        """Say whether a question asks something else than it did."""
        return self.carries.get(question_id) is Carry.SECOND_LOOK


def read_last_round(db: Session, survey: Survey) -> LastRound | None:
    """Return the newest round before the survey's that its authority submitted, or None."""
    submitted = read_submitted_rounds(db, survey.authority.id)
    before = next((r for r in submitted if r.opens_on < survey.round.opens_on), None)
    if before is None:
        return None
    old = questionnaires.read_questionnaire(db, before.questionnaire_version)
    changes = compare_versions(old, survey.questionnaire)
    return LastRound(
        round=before,
        saved=assessments.read_answers(db, survey.authority.id, before.id),
        carries={change.question_id: change.carry for change in changes},
    )


def list_offered(survey: Survey, last: LastRound) -> list[Answer]:
    """List last round's answers that carry over to questions not answered yet."""
    return [
        last.saved[question.id].answer
        for question in survey.unanswered
        if question.id in last.saved and last.carries[question.id] is Carry.CARRIES_OVER
    ]


def list_second_looks(survey: Survey, last: LastRound) -> list[str]:
    """List the questions answered last round that ask something else now, by id."""
    return [
        question.id
        for question in survey.unanswered
        if question.id in last.saved and last.needs_second_look(question.id)
    ]


def bring_over(db: Session, authority_id: str, today: date, *, by: Account) -> int:
    """Save last round's answers to the questions not answered yet; return how many.

    Raises NotAllowedError where the round is closed or submitted.
    """
    survey = read_survey(db, authority_id, today)
    last = read_last_round(db, survey)
    answers = list_offered(survey, last) if last else []
    return sum(_bring(db, survey, answer, by) for answer in answers)


def _bring(db: Session, survey: Survey, answer: Answer, by: Account) -> bool:
    """Save one answer of last round; a colleague's answer given meanwhile stays."""
    try:
        return save_answer(db, survey, answer, revision=0, by=by, is_own=False)
    except AnswerConflictError:
        return False
