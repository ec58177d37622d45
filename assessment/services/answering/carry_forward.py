"""Starting from last round's answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answer
from assessment.core.answers.assessments import AnswerClearedError, AnswerConflictError
from assessment.core.people.actors import Actor
from assessment.services.answering.answering import agree_answer, answer_together
from assessment.services.answering.earlier_rounds import (
    LastRound,
    find_offer,
    list_offered,
    read_earlier_rounds,
)
from assessment.services.answering.surveys import Survey, read_cleared


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a button to confirm it showed it: which change, from which round."""

    revision: int
    brought_from: str


def bring_over(db: Session, survey: Survey, *, by: Actor, from_id: str = "") -> int:
    """Save an earlier round's answers to the questions not answered yet; return how many.

    They are those of the round of this id, else of the newest that has any to offer. Raises
    NotAllowedError where the survey's round is closed or submitted.
    """
    earlier = read_earlier_rounds(db, survey)
    chosen = [last for last in earlier if last.round.id == from_id] if from_id else earlier
    last = find_offer(survey, chosen)
    if last is None:
        return 0
    # An answer cleared in this round is answered again from the revision of its clearing.
    cleared = read_cleared(db, survey)
    revisions = {question_id: one.revision for question_id, one in cleared.items()}
    return sum(
        _bring(db, survey, last, answer, revisions.get(answer.question_id, 0), by)
        for answer in list_offered(survey, last)
    )


def confirm(
    db: Session, survey: Survey, seen: Mapping[str, Shown], *, by: Actor
) -> tuple[list[str], list[str]]:
    """Confirm answers that were brought over; each becomes the person's own answer too.

    ``seen`` holds what the person saw, by question id. Returns the ids of the
    confirmed questions, and of those that a colleague changed meanwhile; confirming again
    changes nothing. Raises NotAllowedError where answers cannot be saved.
    """
    earlier = {last.round.id: last for last in read_earlier_rounds(db, survey)}
    confirmed: list[str] = []
    changed: list[str] = []
    for question_id, shown in seen.items():
        origin = earlier.get(shown.brought_from)
        brought = origin.answer_to(question_id) if origin else None
        done = _confirm(db, survey, question_id, shown.revision, brought, by)
        (confirmed if done else changed).append(question_id)
    return confirmed, changed


def _confirm(
    db: Session,
    survey: Survey,
    question_id: str,
    revision: int,
    brought: Answer | None,
    by: Actor,
) -> bool:
    """Confirm one answer; say whether it is still the one the person saw.

    A colleague may have confirmed it meanwhile: then it is what was brought over, one change on.
    """
    saved = survey.saved.get(question_id)
    if saved is None or (saved.revision != revision and saved.answer != brought):
        return False
    try:
        answer_together(db, survey, saved.answer, revision=saved.revision, by=by)
    except (AnswerConflictError, AnswerClearedError):
        return False
    return True


def _bring(
    db: Session, survey: Survey, last: LastRound, answer: Answer, revision: int, by: Actor
) -> bool:
    """Save one answer of last round; a colleague's answer given meanwhile stays."""
    try:
        return agree_answer(
            db, survey, answer, revision=revision, by=by, brought_from=last.round.id
        )
    except (AnswerConflictError, AnswerClearedError):
        return False
