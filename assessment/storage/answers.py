"""Answers: what was agreed, what was cleared, what each person gave."""

from typing import TypeVar

from sqlalchemy import Select, delete, select
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
from assessment.core.people.actors import Actor
from assessment.locale import gettext
from assessment.storage.actors import restore_actor, restore_person, save_actor
from assessment.storage.assessments import lock_begun, lock_draft, read_assessment
from assessment.storage.memory import read_once
from assessment.storage.models import (
    AgreedAnswerRow,
    AnswerRow,
    AssessmentRow,
    ClearedAnswerRow,
    PersonRow,
)

Row = TypeVar("Row", AgreedAnswerRow, ClearedAnswerRow)


@read_once
def read_answers(db: Session, authority_id: str, round_id: str) -> dict[str, SavedAnswer]:
    """Return the agreed answers of an assessment by question id."""
    rows = db.scalars(_select_of(AgreedAnswerRow, authority_id, round_id))
    return {row.question_id: _saved(row) for row in rows}


@read_once
def read_answers_by_round(db: Session, authority_id: str) -> dict[str, dict[str, SavedAnswer]]:
    """Return the agreed answers of every round that an authority answered in, by round id."""
    query = (
        select(AssessmentRow.round_id, AgreedAnswerRow)
        .join(AssessmentRow, AssessmentRow.id == AgreedAnswerRow.assessment_id)
        .where(AssessmentRow.authority_id == authority_id)
        .order_by(AssessmentRow.id, AgreedAnswerRow.question_id)
    )
    answers: dict[str, dict[str, SavedAnswer]] = {}
    for round_id, row in db.execute(query.execution_options(populate_existing=True)):
        answers.setdefault(round_id, {})[row.question_id] = _saved(row)
    return answers


def save_answer(
    db: Session,
    authority_id: str,
    round_id: str,
    answer: Answer,
    *,
    revision: int,
    by: Actor,
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
    # Before lock_draft, which would begin an assessment, and participation counts it from then on.
    if revision and read_assessment(db, authority_id, round_id) is None:
        raise NotAllowedError(gettext("Open the page again."))
    assessment = lock_draft(db, authority_id, round_id)
    key = (assessment.id, answer.question_id)
    # The session may still hold the row as it was before the lock.
    row = db.get(AgreedAnswerRow, key, populate_existing=True)
    if row is not None and _answer(row) == answer and row.brought_from == brought_from:
        return False
    cleared = db.get(ClearedAnswerRow, key, populate_existing=True)
    _require_newest(revision, row, cleared)
    actor_id = save_actor(db, by)
    if row is None:
        row = AgreedAnswerRow(assessment_id=assessment.id, question_id=answer.question_id)
        row.seconds = seconds
        db.add(row)
    row.standing, row.level = answer.standing.value, answer.level
    row.reason, row.note, row.evidence = answer.reason, answer.note, list(answer.evidence)
    row.brought_from = brought_from
    row.revision, row.changed_by, row.changed_at = revision + 1, actor_id, clock.now()
    db.flush()
    return True


def _require_newest(
    revision: int, row: AgreedAnswerRow | None, cleared: ClearedAnswerRow | None
) -> None:
    """Raise what `save_answer` says unless ``revision`` is the newest."""
    # Revisions continue from a cleared answer, so a page opened before the clearing never passes
    # for the newest.
    newest = row or cleared
    if revision == (0 if newest is None else newest.revision):
        return
    if row is not None:
        raise AnswerConflictError(_saved(row))
    if cleared is not None:
        raise AnswerClearedError(_cleared(cleared))
    raise NotAllowedError(gettext("Open the page again."))


def clear_answer(
    db: Session,
    authority_id: str,
    round_id: str,
    question_id: str,
    *,
    revision: int,
    by: Actor,
) -> SavedAnswer | None:
    """Take an agreed answer away; return it, or None where there is none.

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
    columns = {
        "revision": revision + 1,
        "cleared_by": save_actor(db, by),
        "cleared_at": clock.now(),
    }
    record = upsert(ClearedAnswerRow).values(**key, **columns)
    db.execute(record.on_conflict_do_update(index_elements=list(key), set_=columns))
    return saved


def read_cleared(db: Session, authority_id: str, round_id: str) -> dict[str, ClearedAnswer]:
    """Return what was cleared last by question id, whether it was answered again or not."""
    rows = db.scalars(_select_of(ClearedAnswerRow, authority_id, round_id))
    return {row.question_id: _cleared(row) for row in rows}


def save_own_answer(
    db: Session, authority_id: str, round_id: str, answer: Answer, *, by: Actor
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
        person_id=save_actor(db, by),
        **columns,
    )
    key = ["assessment_id", "question_id", "person_id"]
    db.execute(query.on_conflict_do_update(index_elements=key, set_=columns))


def read_own_answers(db: Session, authority_id: str, round_id: str) -> list[OwnAnswer]:
    """Return what each person answered last, by question and name."""
    query = (
        select(AnswerRow, PersonRow)
        .join(AssessmentRow, AssessmentRow.id == AnswerRow.assessment_id)
        .join(PersonRow, PersonRow.id == AnswerRow.person_id)
        .where(AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id)
        .order_by(AnswerRow.question_id, PersonRow.name, PersonRow.id)
    )
    return [
        OwnAnswer(row.question_id, restore_person(person), Standing(row.standing), row.level)
        for row, person in db.execute(query)
    ]


def delete_own_answer(
    db: Session, authority_id: str, round_id: str, question_id: str, *, by: Actor
) -> None:
    """Take away what one person answered."""
    assessment_id = select(AssessmentRow.id).filter_by(authority_id=authority_id, round_id=round_id)
    own = delete(AnswerRow).filter_by(question_id=question_id, person_id=save_actor(db, by))
    db.execute(own.where(AnswerRow.assessment_id.in_(assessment_id)))


def _select_of(table: type[Row], authority_id: str, round_id: str) -> Select[Row]:
    """Return the query for the rows of one assessment as they are stored now, by question."""
    return (
        select(table)
        .join(AssessmentRow, AssessmentRow.id == table.assessment_id)
        .where(AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id)
        .order_by(table.question_id)
        .execution_options(populate_existing=True)
    )


def _saved(row: AgreedAnswerRow) -> SavedAnswer:
    """Turn a row into the core's saved answer."""
    return SavedAnswer(
        _answer(row), row.revision, restore_actor(row.changer), row.changed_at, row.brought_from
    )


def _cleared(row: ClearedAnswerRow) -> ClearedAnswer:
    """Turn a row into the core's cleared answer."""
    clearer = restore_actor(row.clearer)
    return ClearedAnswer(row.question_id, row.revision, clearer, row.cleared_at)


def _answer(row: AgreedAnswerRow) -> Answer:
    """Turn a row into the core's answer."""
    return Answer(
        question_id=row.question_id,
        standing=Standing(row.standing),
        level=row.level,
        reason=row.reason,
        note=row.note,
        evidence=tuple(row.evidence),
    )
