"""Assessments and their agreed answers."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd
from sqlalchemy import Select, and_, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.answers.answers import DOES_NOT_APPLY, DONT_KNOW, UNANSWERED, Answer, Standing
from assessment.core.answers.assessments import (
    AnswerClearedError,
    AnswerConflictError,
    Assessment,
    ClearedAnswer,
    OwnAnswer,
    SavedAnswer,
)
from assessment.core.answers.barriers import NO_CHOICES, Choices
from assessment.core.errors import NotAllowedError
from assessment.storage.models import (
    AccountRow,
    AgreedAnswerRow,
    AnswerRow,
    AssessmentRow,
    ClearedAnswerRow,
)

# One row an assessment: its answers as pairs of a question's place and a code.
READ_CODES = text(
    """
    SELECT assessment.authority_id, string_agg(
        int2send(question.place::int2) || int2send(coalesce(answer.level, standing.code)::int2),
        ''::bytea
    ) AS pairs
    FROM assessment
    LEFT JOIN agreed_answer AS answer ON answer.assessment_id = assessment.id
    LEFT JOIN unnest(CAST(:questions AS text[])) WITH ORDINALITY AS question (id, place)
        ON question.id = answer.question_id
    LEFT JOIN unnest(CAST(:standings AS text[]), CAST(:codes AS int2[])) AS standing (name, code)
        ON standing.name = answer.standing
    WHERE assessment.round_id = :round AND assessment.submitted_at IS NOT NULL
        AND assessment.counted
    GROUP BY assessment.id
    ORDER BY assessment.authority_id
    """
)
PAIR = np.dtype([("place", ">i2"), ("code", ">i2")])

_CODE_STANDINGS = {DONT_KNOW: Standing.DONT_KNOW, DOES_NOT_APPLY: Standing.DOES_NOT_APPLY}


def read_assessment(db: Session, authority_id: str, round_id: str) -> Assessment | None:
    """Return an authority's assessment in a round, or None where it has not begun."""
    row = db.scalar(_assessment(authority_id, round_id))
    return None if row is None else _restore(row)


def read_assessments(db: Session, authority_id: str) -> list[Assessment]:
    """Return an authority's assessments in the order they were begun."""
    query = select(AssessmentRow).where(AssessmentRow.authority_id == authority_id)
    return [_restore(r) for r in db.scalars(query.order_by(AssessmentRow.id))]


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
        assessment_id=_lock(db, authority_id, round_id).id,
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


def lock_assessment(db: Session, authority_id: str, round_id: str) -> AssessmentRow | None:
    """Keep everybody else from changing an assessment until the transaction ends.

    Returns None where it has not begun, and does not begin it.
    """
    return db.scalar(_locked(authority_id, round_id))


def lock_draft(db: Session, authority_id: str, round_id: str) -> AssessmentRow:
    """Lock an assessment, begun if need be; raises NotAllowedError where it is submitted."""
    row = _lock(db, authority_id, round_id)
    if row.submitted_at is not None:
        raise NotAllowedError("This assessment is submitted, so its answers can no longer change.")
    return row


def submit_assessment(
    db: Session,
    authority_id: str,
    round_id: str,
    *,
    by: str,
    counted: bool,
    needs: Choices = NO_CHOICES,
) -> bool:
    """Make an assessment final; return whether it was not final before."""
    row = _lock(db, authority_id, round_id)
    if row.submitted_at is not None:
        return False
    row.submitted_at, row.submitted_by, row.counted = clock.now(), by, counted
    row.barriers, row.support = list(needs.barriers), list(needs.support)
    row.reopened_on, row.reopening_reason = None, ""
    db.flush()
    return True


def reopen_assessment(
    db: Session, authority_id: str, round_id: str, *, reason: str, today: date
) -> bool:
    """Let a submitted assessment be answered again; return whether there was one."""
    row = lock_assessment(db, authority_id, round_id)
    if row is None or row.submitted_at is None:
        return False
    row.submitted_at, row.submitted_by, row.counted = None, None, False
    row.reopened_on, row.reopening_reason = today, reason
    db.flush()
    return True


def read_codes(db: Session, round_id: str, question_ids: Sequence[str]) -> pd.DataFrame:
    """Return the answers of every submitted assessment that consented to be counted.

    One row per authority_id, one column per question id, int8 codes, in the order of the ids.
    """
    given = {
        "round": round_id,
        "questions": list(question_ids),
        "standings": [standing.value for standing in _CODE_STANDINGS.values()],
        "codes": list(_CODE_STANDINGS),
    }
    rows = db.execute(READ_CODES, given).all()
    packed = [row.pairs or b"" for row in rows]
    pairs = np.frombuffer(b"".join(packed), dtype=PAIR)
    at = np.repeat(np.arange(len(rows)), [len(one) // PAIR.itemsize for one in packed])
    codes = np.full((len(rows), len(question_ids)), UNANSWERED, dtype=np.int8)
    codes[at, pairs["place"] - 1] = pairs["code"]
    index = pd.Index([row.authority_id for row in rows], name="authority_id", dtype=str)
    return pd.DataFrame(codes, index=index, columns=list(question_ids))


def read_seconds(db: Session, round_id: str) -> pd.DataFrame:
    """Return how long each first answer of a counted assessment took, where it is known.

    One row an answer: ``question_id``, ``seconds``; it does not say whose.
    """
    query = (
        select(AgreedAnswerRow.question_id, AgreedAnswerRow.seconds)
        .join(AssessmentRow, AssessmentRow.id == AgreedAnswerRow.assessment_id)
        .where(
            AssessmentRow.round_id == round_id,
            AssessmentRow.submitted_at.is_not(None),
            AssessmentRow.counted,
            AgreedAnswerRow.seconds.is_not(None),
        )
        .order_by(AgreedAnswerRow.question_id, AgreedAnswerRow.seconds)
    )
    return pd.DataFrame(db.execute(query).all(), columns=["question_id", "seconds"])


def save_imported(
    db: Session,
    round_id: str,
    codes: pd.DataFrame,
    *,
    counted: bool,
    by: str,
    reason: str,
    submitted_at: datetime,
) -> None:
    """Store submitted assessments from a file or a simulation.

    ``codes`` : one row per authority_id, one column per question id; UNANSWERED is left out.
    ``reason`` : stands wherever a question does not apply.
    """
    if codes.empty:
        return
    assessments = [
        {
            "authority_id": authority_id,
            "round_id": round_id,
            "submitted_at": submitted_at,
            "submitted_by": by,
            "counted": counted,
        }
        for authority_id in codes.index
    ]
    made = db.execute(
        insert(AssessmentRow).returning(AssessmentRow.authority_id, AssessmentRow.id), assessments
    )
    ids = {row.authority_id: row.id for row in made}
    answers = [
        _imported_answer(ids[authority_id], question_id, code, by, reason)
        for authority_id, row in zip(codes.index, codes.to_numpy().tolist(), strict=True)
        for question_id, code in zip(codes.columns, row, strict=True)
        if code != UNANSWERED
    ]
    db.execute(insert(AgreedAnswerRow), answers)


def read_participation(db: Session, round_id: str) -> pd.DataFrame:
    """Return how far each authority has come that has begun.

    One row per authority_id: ``answered`` questions, ``submitted`` bool, ``counted`` bool where
    it submitted and agreed to be counted; never an answer.
    """
    query = (
        select(
            AssessmentRow.authority_id,
            func.count(AgreedAnswerRow.question_id).label("answered"),
            AssessmentRow.submitted_at.is_not(None).label("submitted"),
            and_(AssessmentRow.submitted_at.is_not(None), AssessmentRow.counted).label("counted"),
        )
        .join(AgreedAnswerRow, AgreedAnswerRow.assessment_id == AssessmentRow.id, isouter=True)
        .where(AssessmentRow.round_id == round_id)
        .group_by(AssessmentRow.id)
        .order_by(AssessmentRow.authority_id)
    )
    rows = db.execute(query).all()
    return pd.DataFrame(rows, columns=["authority_id", "answered", "submitted", "counted"])


def _assessment(authority_id: str, round_id: str) -> Select[AssessmentRow]:
    """Return the query for one assessment."""
    return select(AssessmentRow).where(
        AssessmentRow.authority_id == authority_id, AssessmentRow.round_id == round_id
    )


def _locked(authority_id: str, round_id: str) -> Select[AssessmentRow]:
    """Return the query that locks one assessment until the transaction ends."""
    locked = _assessment(authority_id, round_id).with_for_update()
    return locked.execution_options(populate_existing=True)


def _lock(db: Session, authority_id: str, round_id: str) -> AssessmentRow:
    """Return the assessment, begun if need be, locked until the transaction ends."""
    begin = upsert(AssessmentRow).values(authority_id=authority_id, round_id=round_id)
    db.execute(begin.on_conflict_do_nothing())
    return db.scalars(_locked(authority_id, round_id)).one()


def _restore(row: AssessmentRow) -> Assessment:
    """Turn a row into the core's assessment."""
    return Assessment(
        row.authority_id,
        row.round_id,
        row.submitted_at,
        row.submitted_by or "",
        row.counted,
        Choices(tuple(row.barriers), tuple(row.support)),
        row.reopened_on,
        row.reopening_reason,
    )


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


def _imported_answer(
    assessment_id: int, question_id: str, code: int, by: str, reason: str
) -> dict[str, object]:
    """Return the values of one imported answer's row."""
    standing = _CODE_STANDINGS.get(code, Standing.LEVEL)
    return {
        "assessment_id": assessment_id,
        "question_id": question_id,
        "standing": standing.value,
        "level": code if standing is Standing.LEVEL else None,
        "reason": reason if standing is Standing.DOES_NOT_APPLY else "",
        "note": "",
        "evidence": [],
        "revision": 1,
        "changed_by": by,
    }
