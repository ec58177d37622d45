"""Answers that were cleared."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.answers.assessments import AnswerConflictError, ClearedAnswer, SavedAnswer
from assessment.storage import assessments
from assessment.storage.models import AgreedAnswerRow, AnswerRow, AssessmentRow, ClearedAnswerRow


def clear_answer(
    db: Session,
    authority_id: str,
    round_id: str,
    question_id: str,
    *,
    revision: int,
    by: str,
    account_id: int,
) -> SavedAnswer | None:
    """Take an agreed answer away, and the person's own; return it, or None where there is none.

    An assessment that has not begun is not begun by it.
    ``revision`` is the one the person saw. Raises AnswerConflictError where somebody else
    changed the answer meanwhile and NotAllowedError where the assessment is submitted.
    """
    if question_id not in assessments.read_answers(db, authority_id, round_id):
        return None
    assessment = assessments.lock_draft(db, authority_id, round_id)
    saved = assessments.read_answers(db, authority_id, round_id).get(question_id)
    if saved is None:
        return None
    if saved.revision != revision:
        raise AnswerConflictError(saved)
    key = {"assessment_id": assessment.id, "question_id": question_id}
    db.execute(delete(AgreedAnswerRow).filter_by(**key))
    db.execute(delete(AnswerRow).filter_by(account_id=account_id, **key))
    columns = {"revision": revision + 1, "cleared_by": by, "cleared_at": clock.now()}
    record = upsert(ClearedAnswerRow).values(**key, **columns)
    db.execute(record.on_conflict_do_update(index_elements=list(key), set_=columns))
    return saved


def read_cleared(db: Session, authority_id: str, round_id: str) -> dict[str, ClearedAnswer]:
    """Return what was cleared last by question id, whether it was answered again or not."""
    query = (
        select(ClearedAnswerRow)
        .join(AssessmentRow, AssessmentRow.id == ClearedAnswerRow.assessment_id)
        .where(AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id)
        .order_by(ClearedAnswerRow.question_id)
    )
    fresh = db.scalars(query.execution_options(populate_existing=True))
    return {
        row.question_id: ClearedAnswer(
            row.question_id, row.revision, row.cleared_by, row.cleared_at
        )
        for row in fresh
    }
