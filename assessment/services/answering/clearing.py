"""Clearing an answer that should not have been given."""

from sqlalchemy.orm import Session

from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.services.answering.answering import record_event, require_open
from assessment.services.answering.surveys import Survey
from assessment.storage import answers


def clear_answer(
    db: Session, survey: Survey, question_id: str, *, revision: int, by: Actor
) -> bool:
    """Clear an agreed answer and the person's own; return whether there was one.

    ``revision`` is the one the person saw. The audit trail says it, without what was written.
    Clearing again changes nothing. Raises AnswerConflictError where a colleague changed the
    answer meanwhile, NotAllowedError where answers cannot change, NotFoundError where the
    questionnaire has no such question.
    """
    require_open(survey)
    survey.questionnaire.question(question_id)
    authority_id, round_id = survey.authority.id, survey.round.id
    before = answers.clear_answer(
        db,
        authority_id,
        round_id,
        question_id,
        revision=revision,
        by=by,
    )
    if before is not None:
        answers.delete_own_answer(db, authority_id, round_id, question_id, by=by)
        record_event(
            db,
            survey,
            by,
            EventKind.ANSWER_CLEARED,
            question=question_id,
            before=before.answer.code,
        )
    return before is not None
