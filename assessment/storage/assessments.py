"""Assessments: how far an authority has come in a round."""

from datetime import date

import pandas as pd
from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.answers.assessments import (
    ANSWERABLE,
    Assessment,
    AssessmentState,
    require_transition,
)
from assessment.core.answers.barriers import NO_CHOICES, Choices
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.locale import gettext
from assessment.storage.actors import restore_actor, save_actor
from assessment.storage.memory import read_once
from assessment.storage.models import (
    AgreedAnswerRow,
    AssessmentRow,
)


def read_assessment(db: Session, authority_id: str, round_id: str) -> Assessment | None:
    """Return an authority's assessment in a round, or None where it has not begun."""
    of_authority = read_assessments(db, authority_id)
    return next((each for each in of_authority if each.round_id == round_id), None)


@read_once
def read_assessments(db: Session, authority_id: str) -> list[Assessment]:
    """Return an authority's assessments in the order they were begun."""
    query = select(AssessmentRow).where(AssessmentRow.authority_id == authority_id)
    return [_restore(r) for r in db.scalars(query.order_by(AssessmentRow.id))]


def lock_assessment(db: Session, authority_id: str, round_id: str) -> AssessmentRow | None:
    """Keep everybody else from changing an assessment until the transaction ends.

    Returns None where it has not begun, and does not begin it.
    """
    return db.scalar(_locked(authority_id, round_id))


def lock_draft(db: Session, authority_id: str, round_id: str) -> AssessmentRow:
    """Lock an assessment, begun if need be; raises NotAllowedError where it is submitted."""
    row = lock_begun(db, authority_id, round_id)
    if AssessmentState(row.state) not in ANSWERABLE:
        raise NotAllowedError(
            gettext("This assessment is submitted, so its answers can no longer change.")
        )
    return row


def submit_assessment(
    db: Session,
    authority_id: str,
    round_id: str,
    *,
    by: Actor,
    counted: bool,
    needs: Choices = NO_CHOICES,
) -> bool:
    """Make an assessment final; return whether it was not final before."""
    row = lock_begun(db, authority_id, round_id)
    if row.state == AssessmentState.SUBMITTED:
        return False
    submitted_by = save_actor(db, by)
    _change_state(row, AssessmentState.SUBMITTED)
    row.submitted_at, row.submitted_by = clock.now(), submitted_by
    row.counted = counted
    row.barriers, row.support = list(needs.barriers), list(needs.support)
    row.reopened_on, row.reopening_reason = None, ""
    db.flush()
    return True


def reopen_assessment(
    db: Session, authority_id: str, round_id: str, *, reason: str, today: date
) -> bool:
    """Let a submitted assessment be answered again; return whether there was one."""
    row = lock_assessment(db, authority_id, round_id)
    if row is None or row.state != AssessmentState.SUBMITTED:
        return False
    _change_state(row, AssessmentState.REOPENED)
    row.submitted_at, row.submitted_by, row.counted = None, None, False
    row.reopened_on, row.reopening_reason = today, reason
    db.flush()
    return True


def read_participation(db: Session, round_id: str) -> pd.DataFrame:
    """Return how far each authority has come that has begun.

    One row per authority_id: ``answered`` questions, ``submitted`` bool, ``counted`` bool where
    it submitted and agreed to be counted; never an answer.
    """
    is_submitted = AssessmentRow.state == AssessmentState.SUBMITTED.value
    query = (
        select(
            AssessmentRow.authority_id,
            func.count(AgreedAnswerRow.question_id).label("answered"),
            is_submitted.label("submitted"),
            and_(is_submitted, AssessmentRow.counted).label("counted"),
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
    locked = _assessment(authority_id, round_id).with_for_update(of=AssessmentRow)
    return locked.execution_options(populate_existing=True)


def lock_begun(db: Session, authority_id: str, round_id: str) -> AssessmentRow:
    """Return the assessment, begun if need be, locked until the transaction ends."""
    begin = upsert(AssessmentRow).values(authority_id=authority_id, round_id=round_id)
    db.execute(begin.on_conflict_do_nothing())
    return db.scalars(_locked(authority_id, round_id)).one()


def _change_state(row: AssessmentRow, state: AssessmentState) -> None:
    """Give an assessment the next state; raises TransitionError where it cannot follow."""
    require_transition(AssessmentState(row.state), state)
    row.state = state.value


def _restore(row: AssessmentRow) -> Assessment:
    """Turn a row into the core's assessment."""
    return Assessment(
        row.authority_id,
        row.round_id,
        AssessmentState(row.state),
        row.submitted_at,
        None if row.submitter is None else restore_actor(row.submitter),
        row.counted,
        Choices(tuple(row.barriers), tuple(row.support)),
        row.reopened_on,
        row.reopening_reason,
    )
