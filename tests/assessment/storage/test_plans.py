from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assessment.core.plans.plans import ActionConflictError, TargetConflictError
from assessment.storage import plans
from assessment.storage.models import PlannedActionRow, TargetRow
from tests.factories import JO, KIT, make_planned_action


def find_planner(db: Session) -> str:
    """Return an authority of the demonstration that has a plan."""
    return str(db.scalars(text("SELECT min(authority_id) FROM planned_action")).one())


def test_save_targets_read_before_a_colleagues_change_is_refused(app: Flask):
    sessions = app.extensions["database"]
    with sessions.begin() as ours:
        authority_id = find_planner(ours)
        held = list(ours.scalars(select(TargetRow)))
        seen = plans.read_plan(ours, authority_id).seen
        with sessions.begin() as theirs:
            plans.save_targets(theirs, authority_id, {"leadership": 2.0}, seen=seen, by=KIT)

        with pytest.raises(TargetConflictError) as conflict:
            plans.save_targets(ours, authority_id, {"leadership": 5.0}, seen=seen, by=JO)

    assert held
    assert conflict.value.plan.targets == {"leadership": 2.0}


def test_save_action_read_before_a_colleagues_change_is_refused(app: Flask):
    sessions = app.extensions["database"]
    ours_text, theirs_text = make_planned_action(text="Ours"), make_planned_action(text="Theirs")
    with sessions.begin() as ours:
        authority_id = find_planner(ours)
        held = list(ours.scalars(select(PlannedActionRow)))
        action_id = plans.read_plan(ours, authority_id).actions[0].id
        with sessions.begin() as theirs:
            plans.save_action(theirs, authority_id, action_id, theirs_text, revision=1, by=KIT)

        with pytest.raises(ActionConflictError) as conflict:
            plans.save_action(ours, authority_id, action_id, ours_text, revision=1, by=JO)

    assert held
    assert conflict.value.saved is not None
    assert conflict.value.saved.action.text == "Theirs"


def test_read_plan_held_before_a_colleagues_change_is_what_is_stored(app: Flask):
    sessions = app.extensions["database"]
    with sessions.begin() as ours:
        authority_id = find_planner(ours)
        held = list(ours.scalars(select(PlannedActionRow)))
        action_id = plans.read_plan(ours, authority_id).actions[0].id
        with sessions.begin() as theirs:
            action = make_planned_action(text="Theirs")
            plans.save_action(theirs, authority_id, action_id, action, revision=1, by=KIT)

        read = {saved.id: saved for saved in plans.read_plan(ours, authority_id).actions}

    assert held
    assert read[action_id].action.text == "Theirs"


def test_remove_action_not_there_returns_nothing(db: Session, round_id: str):
    assert plans.remove_action(db, "A", UUID(int=1), revision=1) is None


def test_remove_action_returns_what_was_removed(db: Session, round_id: str):
    action = make_planned_action()
    plans.save_action(db, "A", UUID(int=1), action, revision=0, by=JO)

    removed = plans.remove_action(db, "A", UUID(int=1), revision=1)

    assert removed is not None
    assert (removed.action, removed.changed_by) == (action, JO)
    assert plans.read_plan(db, "A").actions == ()
