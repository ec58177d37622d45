"""Taking back assessments that came from a file."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from assessment.storage.models import AgreedAnswerRow, AnswerRow, AssessmentRow


def delete_imported(db: Session, authority_id: str, round_id: str, *, by: str) -> bool:
    """Delete an assessment that is as it was imported; return whether there was one.

    ``by`` is who imported ones are submitted and answered by.
    """
    locked = select(AssessmentRow).where(
        AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id
    )
    row = db.scalar(locked.with_for_update().execution_options(populate_existing=True))
    if row is None or row.submitted_by != by:
        return False
    agreed = select(AgreedAnswerRow).where(AgreedAnswerRow.assessment_id == row.id)
    changed = agreed.where(or_(AgreedAnswerRow.changed_by != by, AgreedAnswerRow.revision > 1))
    own = select(AnswerRow).where(AnswerRow.assessment_id == row.id)
    if db.scalar(select(or_(changed.exists(), own.exists()))):
        return False
    db.execute(delete(AgreedAnswerRow).where(AgreedAnswerRow.assessment_id == row.id))
    db.delete(row)
    db.flush()
    return True
