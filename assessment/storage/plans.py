"""Improvement plans: targets and planned actions."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.errors import NotFoundError
from assessment.core.people.actors import Actor
from assessment.core.plans.plans import (
    ActionConflictError,
    Plan,
    PlannedAction,
    SavedAction,
    TargetConflictError,
)
from assessment.locale import lazy_gettext
from assessment.storage.actors import restore_actor, save_actor
from assessment.storage.models import PlannedActionRow, TargetRow

NOT_THERE = lazy_gettext("There is no such action in your plan.")


def read_plan(db: Session, authority_id: str) -> Plan:
    """Return an authority's plan as it is stored now: what is open by date, then what is done."""
    targets = (
        select(TargetRow)
        .where(TargetRow.authority_id == authority_id)
        .order_by(TargetRow.principle_id)
        .execution_options(populate_existing=True)
    )
    actions = (
        select(PlannedActionRow)
        .where(PlannedActionRow.authority_id == authority_id)
        .order_by(PlannedActionRow.is_done, PlannedActionRow.due_on, PlannedActionRow.id)
        .execution_options(populate_existing=True)
    )
    return Plan(
        targets={row.principle_id: row.score for row in db.scalars(targets)},
        actions=tuple(_saved(row) for row in db.scalars(actions)),
    )


def read_action(db: Session, authority_id: str, action_id: UUID) -> SavedAction:
    """Return one planned action; raises NotFoundError where the authority has none of this id."""
    row = _find(db, authority_id, action_id)
    if row is None:
        raise NotFoundError(NOT_THERE)
    return _saved(row)


def save_targets(
    db: Session, authority_id: str, targets: Mapping[str, float], *, seen: str, by: Actor
) -> bool:
    """Replace the targets; return whether anything changed.

    ``seen`` tells the targets that the person saw. Raises TargetConflictError where they are
    others now.
    """
    _lock(db, authority_id)
    plan = read_plan(db, authority_id)
    if dict(plan.targets) == dict(targets):
        return False
    if plan.seen != seen:
        raise TargetConflictError(plan)
    db.execute(delete(TargetRow).where(TargetRow.authority_id == authority_id))
    changed_by = save_actor(db, by)
    db.add_all(
        TargetRow(
            authority_id=authority_id,
            principle_id=principle_id,
            score=score,
            changed_by=changed_by,
        )
        for principle_id, score in targets.items()
    )
    db.flush()
    return True


def save_action(
    db: Session,
    authority_id: str,
    action_id: UUID,
    action: PlannedAction,
    *,
    revision: int,
    by: Actor,
) -> bool:
    """Save a planned action under its id; return whether anything changed.

    ``revision`` is the one the person saw, 0 for none. Saving again what is stored already
    changes nothing. Raises ActionConflictError where somebody else changed or removed it and
    NotFoundError where it is another authority's.
    """
    _lock(db, authority_id)
    row = _find(db, authority_id, action_id)
    if row is not None and _action(row) == action:
        return False
    if revision != (0 if row is None else row.revision):
        raise ActionConflictError(None if row is None else _saved(row))
    actor_id = save_actor(db, by)
    if row is None:
        row = PlannedActionRow(id=action_id, authority_id=authority_id)
        db.add(row)
    row.question_id, row.text, row.owner = action.question_id, action.text, action.owner
    row.due_on, row.is_done = action.due_on, action.is_done
    row.revision, row.changed_by, row.changed_at = revision + 1, actor_id, clock.now()
    db.flush()
    return True


def remove_action(
    db: Session, authority_id: str, action_id: UUID, *, revision: int
) -> SavedAction | None:
    """Remove a planned action and return it; None where it is not there any more.

    Raises ActionConflictError where it is not at this revision any more, NotFoundError where
    it is another authority's.
    """
    _lock(db, authority_id)
    row = _find(db, authority_id, action_id)
    if row is None:
        return None
    if row.revision != revision:
        raise ActionConflictError(_saved(row))
    removed = _saved(row)
    db.delete(row)
    db.flush()
    return removed


def _find(db: Session, authority_id: str, action_id: UUID) -> PlannedActionRow | None:
    """Return the row of an action, as it is stored now, or None.

    Raises NotFoundError where the id is of another authority's action.
    """
    row = db.get(PlannedActionRow, action_id, populate_existing=True)
    if row is not None and row.authority_id != authority_id:
        raise NotFoundError(NOT_THERE)
    return row


def _lock(db: Session, authority_id: str) -> None:
    """Keep everybody else from changing an authority's plan until the transaction ends."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"plan {authority_id}"))))


def _saved(row: PlannedActionRow) -> SavedAction:
    """Turn a row into the core's saved action."""
    changer = restore_actor(row.changer)
    return SavedAction(row.id, _action(row), row.revision, changer, row.changed_at)


def _action(row: PlannedActionRow) -> PlannedAction:
    """Turn a row into what is planned."""
    return PlannedAction(row.question_id, row.text, row.owner, row.due_on, row.is_done)
