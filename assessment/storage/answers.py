"""Answers: what was agreed, what was cleared, what each person gave."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.answers.answers import Answer, Standing
from assessment.core.answers.assessments import (
    AnswerClearedError,
    AnswerConflictError,
    ClearedAnswer,
    OwnAnswer,
    SavedAnswer,
)
from assessment.core.errors import NotAllowedError
from assessment.storage.assessments import lock_begun, lock_draft, read_assessment
from assessment.storage.models import (
    AccountRow,
    AgreedAnswerRow,
    AnswerRow,
    AssessmentRow,
    ClearedAnswerRow,
)


def read_answers(db: Session, authority_id: str, round_id: str) -> dict[str, SavedAnswer]:
    """Return the agreed answers of an assessment by question id."""
    query = (
        select(AgreedAnswerRow)
        .join(AssessmentRow, AssessmentRow.id == AgreedAnswerRow.assessment_id)
        .where(AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id)
        .order_by(AgreedAnswerRow.question_id)
    )
    fresh = db.scalars(query.execution_options(populate_existing=True))
    return {row.question_id: _saved(row) for row in fresh}


def save_answer(
    db: Session,
    authority_id: str,
    round_id: str,
    answer: Answer,
    *,
    revision: int,
    by: str,
    seconds: int | None = None,
    brought_from: str | None = None,
) -> bool:
    """Save an agreed answer; return whether anything changed.

    ``revision`` is the one the person saw, 0 for none. ``seconds`` is how long the first answer
    took, None where that is not known. ``brought_from`` is the round it is taken from, None
    where a person gave it. Saving again what is stored already changes nothing. Raises
    AnswerConflictError where somebody else changed it meanwhile, AnswerClearedError where they
    cleared it and NotAllowedError where the assessment is submitted, or nobody can have seen the
    revision. What is refused begins no assessment.
    """
    if revision and read_assessment(db, authority_id, round_id) is None:
        raise NotAllowedError("Open the page again.")
    assessment = lock_draft(db, authority_id, round_id)
    key = (assessment.id, answer.question_id)
    row = db.get(AgreedAnswerRow, key, populate_existing=True)
    if row is not None and _saved(row).answer == answer and row.brought_from == brought_from:
        return False
    cleared = db.get(ClearedAnswerRow, key, populate_existing=True)
    if row is None and cleared is not None and revision != cleared.revision:
        raise AnswerClearedError(
            ClearedAnswer(
                cleared.question_id, cleared.revision, cleared.cleared_by, cleared.cleared_at
            )
        )
    newest = row or cleared
    if revision != (0 if newest is None else newest.revision):
        raise AnswerConflictError(_saved(row)) if row else NotAllowedError("Open the page again.")
    if row is None:
        row = AgreedAnswerRow(assessment_id=assessment.id, question_id=answer.question_id)
        row.seconds = seconds
        db.add(row)
    row.standing, row.level = answer.standing.value, answer.level
    row.reason, row.note, row.evidence = answer.reason, answer.note, list(answer.evidence)
    row.brought_from = brought_from
    row.revision, row.changed_by, row.changed_at = revision + 1, by, clock.now()
    db.flush()
    return True


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
    if question_id not in read_answers(db, authority_id, round_id):
        return None
    assessment = lock_draft(db, authority_id, round_id)
    saved = read_answers(db, authority_id, round_id).get(question_id)
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


def save_own_answer(
    db: Session, authority_id: str, round_id: str, answer: Answer, *, account_id: int
) -> None:
    """Keep what one person answered, in place of what they answered before."""
    columns = {
        "standing": answer.standing.value,
        "level": answer.level,
        "answered_at": clock.now(),
    }
    query = upsert(AnswerRow).values(
        assessment_id=lock_begun(db, authority_id, round_id).id,
        question_id=answer.question_id,
        account_id=account_id,
        **columns,
    )
    key = ["assessment_id", "question_id", "account_id"]
    db.execute(query.on_conflict_do_update(index_elements=key, set_=columns))


def read_own_answers(db: Session, authority_id: str, round_id: str) -> list[OwnAnswer]:
    """Return what each person answered last, by question and name."""
    query = (
        select(AnswerRow.question_id, AccountRow.name, AnswerRow.standing, AnswerRow.level)
        .join(AssessmentRow, AssessmentRow.id == AnswerRow.assessment_id)
        .join(AccountRow, AccountRow.id == AnswerRow.account_id)
        .where(AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id)
        .order_by(AnswerRow.question_id, AccountRow.name, AccountRow.id)
    )
    return [
        OwnAnswer(question_id, name, Standing(standing), level)
        for question_id, name, standing, level in db.execute(query)
    ]


def _saved(row: AgreedAnswerRow) -> SavedAnswer:
    """Turn a row into the core's saved answer."""
    answer = Answer(
        question_id=row.question_id,
        standing=Standing(row.standing),
        level=row.level,
        reason=row.reason,
        note=row.note,
        evidence=tuple(row.evidence),
    )
    return SavedAnswer(answer, row.revision, row.changed_by, row.changed_at, row.brought_from)
