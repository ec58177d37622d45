"""The improvement plan: targets for principles, and actions with owner and date."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.plans.plans import (
    PlannedAction,
    check_planned_action,
    is_target,
)
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.storage import audit, plans
from reports.words import say_action_mistake, say_targets


def save_targets(
    db: Session,
    authority_id: str,
    questionnaire: Questionnaire,
    targets: Mapping[str, float],
    *,
    seen: str,
    by: Actor,
) -> bool:
    """Replace the targets and write the audit trail; return whether anything changed.

    ``targets`` are scores by principle id [levels]; ``seen`` tells those that the person saw.
    Raises TargetConflictError where a colleague changed them meanwhile, NotAllowedError where
    one cannot be saved, NotFoundError where the questionnaire has no such principle.
    """
    for principle_id, score in targets.items():
        principle = questionnaire.principle(principle_id)
        if not is_target(questionnaire, score):
            raise NotAllowedError(f"{principle.name}: {say_targets(questionnaire.levels)}")
    before = dict(plans.read_plan(db, authority_id).targets)
    changed = plans.save_targets(db, authority_id, targets, seen=seen, by=by)
    if changed:
        audit.save_event(
            db, by, EventKind.TARGETS_SAVED, authority_id, targets=dict(targets), before=before
        )
    return changed


def save_action(
    db: Session,
    authority_id: str,
    questionnaire: Questionnaire,
    action_id: UUID,
    action: PlannedAction,
    *,
    revision: int,
    by: Actor,
) -> bool:
    """Save a planned action and write the audit trail; return whether anything changed.

    ``revision`` is the one the person saw, 0 for none. Raises ActionConflictError where a
    colleague changed or removed the action meanwhile, NotAllowedError where it cannot be saved,
    NotFoundError where it is another authority's or for a question that does not exist.
    """
    mistakes = check_planned_action(questionnaire, action)
    if mistakes:
        raise NotAllowedError(" ".join(map(say_action_mistake, mistakes)))
    changed = plans.save_action(db, authority_id, action_id, action, revision=revision, by=by)
    if changed:
        audit.save_event(
            db,
            by,
            EventKind.PLANNED_ACTION_SAVED,
            authority_id,
            planned_for=action.question_id,
            due_on=action.due_on.isoformat(),
            is_done=action.is_done,
        )
    return changed


def remove_action(
    db: Session, authority_id: str, action_id: UUID, *, revision: int, by: Actor
) -> None:
    """Remove a planned action and write the audit trail; removing it again changes nothing.

    ``revision`` is the one the person saw. Raises ActionConflictError where a colleague changed
    the action meanwhile.
    """
    removed = plans.remove_action(db, authority_id, action_id, revision=revision)
    if removed is not None:
        question_id = removed.action.question_id
        audit.save_event(
            db, by, EventKind.PLANNED_ACTION_REMOVED, authority_id, planned_for=question_id
        )
