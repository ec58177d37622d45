"""Starting from last round's answers."""

from collections.abc import Mapping
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

    ``saved``, ``carries`` and ``changed`` are by question id; the last two have every question
    of either version, and ``changed`` names the parts of it that are others now.
    """

    round: Round
    saved: dict[str, SavedAnswer]
    carries: dict[str, Carry]
    changed: dict[str, tuple[str, ...]]

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
        changed={change.question_id: change.changed for change in changes},
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
    if last is None:
        return 0
    return sum(_bring(db, survey, last, answer, by) for answer in list_offered(survey, last))


def confirm(
    db: Session, survey: Survey, seen: Mapping[str, int], *, by: Account
) -> tuple[list[str], list[str]]:
    """Confirm answers that were brought over; each becomes the person's own answer too.

    ``seen`` holds the revisions that the person saw, by question id. Returns the ids of the
    confirmed questions, and of those that a colleague changed meanwhile; confirming again
    changes nothing. Raises NotAllowedError where answers cannot be saved.
    """
    last = read_last_round(db, survey)
    confirmed: list[str] = []
    changed: list[str] = []
    for question_id, revision in seen.items():
        brought = last.answer_to(question_id) if last else None
        done = _confirm(db, survey, question_id, revision, brought, by)
        (confirmed if done else changed).append(question_id)
    return confirmed, changed


def _confirm(
    db: Session,
    survey: Survey,
    question_id: str,
    revision: int,
    brought: Answer | None,
    by: Account,
) -> bool:
    """Confirm one answer; say whether it is still the one the person saw."""
    saved = survey.saved.get(question_id)
    if saved is None or (saved.revision != revision and saved.answer != brought):
        return False
    try:
        save_answer(db, survey, saved.answer, revision=saved.revision, by=by)
    except AnswerConflictError:
        return False
    return True


def _bring(db: Session, survey: Survey, last: LastRound, answer: Answer, by: Account) -> bool:
    """Save one answer of last round; a colleague's answer given meanwhile stays."""
    try:
        return save_answer(db, survey, answer, revision=0, by=by, brought_from=last.round.id)
    except AnswerConflictError:
        return False
