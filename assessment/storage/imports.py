"""Assessments that came from a file or a simulation, and taking them back."""

from datetime import datetime

import pandas as pd
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from assessment.core.answers.answers import UNANSWERED, Standing
from assessment.core.answers.assessments import AssessmentState
from assessment.core.people.actors import Actor, ActorKind
from assessment.storage.actors import save_actor
from assessment.storage.assessments import lock_assessment
from assessment.storage.models import (
    AgreedAnswerRow,
    AnswerRow,
    AssessmentRow,
)
from assessment.storage.responses import CODE_STANDINGS


def save_imported(
    db: Session,
    round_id: str,
    answer_codes: pd.DataFrame,
    *,
    counted: bool,
    by: Actor,
    reason: str,
    submitted_at: datetime,
) -> None:
    """Store submitted assessments from a file or a simulation.

    ``answer_codes`` : one row per authority_id, one column per question id; UNANSWERED is left out.
    ``reason`` : stands wherever a question does not apply.
    """
    if answer_codes.empty:
        return
    actor_id = save_actor(db, by)
    assessments = [
        {
            "authority_id": authority_id,
            "round_id": round_id,
            "state": AssessmentState.SUBMITTED.value,
            "submitted_at": submitted_at,
            "submitted_by": actor_id,
            "counted": counted,
        }
        for authority_id in answer_codes.index
    ]
    made = db.execute(
        insert(AssessmentRow).returning(AssessmentRow.authority_id, AssessmentRow.id), assessments
    )
    ids = {row.authority_id: row.id for row in made}
    answers = [
        _imported_answer(ids[authority_id], question_id, code, actor_id, reason)
        for authority_id, row in zip(
            answer_codes.index, answer_codes.to_numpy().tolist(), strict=True
        )
        for question_id, code in zip(answer_codes.columns, row, strict=True)
        if code != UNANSWERED
    ]
    db.execute(insert(AgreedAnswerRow), answers)


def delete_imported(db: Session, authority_id: str, round_id: str) -> bool:
    """Delete an assessment that is as it was imported; return whether there was one.

    What an operator submitted, and nobody has answered since, was imported.
    """
    row = lock_assessment(db, authority_id, round_id)
    if row is None or row.submitter is None or row.submitter.kind != ActorKind.OPERATOR:
        return False
    agreed = select(AgreedAnswerRow.question_id).where(AgreedAnswerRow.assessment_id == row.id)
    changed = agreed.where(
        or_(AgreedAnswerRow.changed_by != row.submitted_by, AgreedAnswerRow.revision > 1)
    )
    own = select(AnswerRow).where(AnswerRow.assessment_id == row.id)
    if db.scalar(select(or_(changed.exists(), own.exists()))):
        return False
    db.execute(delete(AgreedAnswerRow).where(AgreedAnswerRow.assessment_id == row.id))
    db.delete(row)
    db.flush()
    return True


def _imported_answer(
    assessment_id: int, question_id: str, code: int, actor_id: int, reason: str
) -> dict[str, object]:
    """Return the values of one imported answer's row."""
    standing = CODE_STANDINGS.get(code, Standing.LEVEL)
    return {
        "assessment_id": assessment_id,
        "question_id": question_id,
        "standing": standing.value,
        "level": code if standing is Standing.LEVEL else None,
        "reason": reason if standing is Standing.DOES_NOT_APPLY else "",
        "note": "",
        "evidence": [],
        "revision": 1,
        "changed_by": actor_id,
    }
