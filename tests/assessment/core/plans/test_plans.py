import math
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from assessment.core.errors import NotFoundError
from assessment.core.plans.plans import (
    ActionConflictError,
    ActionMistake,
    Plan,
    SavedAction,
    TargetConflictError,
    check_planned_action,
    is_target,
)
from tests.factories import make_planned_action, make_questionnaire

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_check_planned_action_sound_is_not_remarked_on():
    assert check_planned_action(make_questionnaire(), make_planned_action()) == []


def test_check_planned_action_longest_is_not_remarked_on():
    action = make_planned_action(text="x" * 1000, owner="x" * 200)

    assert check_planned_action(make_questionnaire(), action) == []


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"text": ""}, ActionMistake.NO_TEXT),
        ({"text": " \n"}, ActionMistake.NO_TEXT),
        ({"owner": ""}, ActionMistake.NO_OWNER),
        ({"owner": " "}, ActionMistake.NO_OWNER),
        ({"text": "x" * 1001}, ActionMistake.TEXT_TOO_LONG),
        ({"owner": "x" * 201}, ActionMistake.OWNER_TOO_LONG),
    ],
    ids=["no text", "blank text", "no owner", "blank owner", "long text", "long owner"],
)
def test_check_planned_action_mistake_is_named(changes: dict[str, Any], mistake: ActionMistake):
    assert check_planned_action(make_questionnaire(), make_planned_action(**changes)) == [mistake]


def test_check_planned_action_several_mistakes_are_told_at_once():
    mistakes = check_planned_action(make_questionnaire(), make_planned_action(text="", owner=""))

    assert mistakes == [ActionMistake.NO_TEXT, ActionMistake.NO_OWNER]


def test_check_planned_action_unknown_question_is_not_found():
    with pytest.raises(NotFoundError, match=r"no question 9\.9"):
        check_planned_action(make_questionnaire(), make_planned_action(question_id="9.9"))


@pytest.mark.parametrize("score", [1.0, 1.1, 3.5, 4.9, 5.0])
def test_is_target_on_the_scale(score: float):
    assert is_target(make_questionnaire(), score)


@pytest.mark.parametrize("score", [0.9, 5.1, 0.0, -3.0, 3.55, math.nan, math.inf])
def test_is_target_off_the_scale_or_too_precise_is_none(score: float):
    assert not is_target(make_questionnaire(), score)


def test_is_target_goes_by_the_levels_of_the_questionnaire():
    assert not is_target(make_questionnaire(levels=3), 3.5)


def test_seen_no_targets_is_empty():
    assert Plan().seen == ""


def test_seen_same_targets_in_another_order_is_the_same():
    first = Plan(targets={"leadership": 3.5, "freedom": 4.0})
    second = Plan(targets={"freedom": 4.0, "leadership": 3.5})

    assert first.seen == second.seen == "freedom=4.0 leadership=3.5"


def test_seen_other_target_is_another():
    assert Plan(targets={"leadership": 3.5}).seen != Plan(targets={"leadership": 3.6}).seen


def test_action_conflict_error_keeps_what_is_stored():
    saved = SavedAction(UUID(int=1), make_planned_action(), 2, "Kit", NOON)

    assert ActionConflictError(saved).saved == saved
    assert ActionConflictError(None).saved is None
    assert str(ActionConflictError(None)) == "The planned action was changed meanwhile."


def test_target_conflict_error_keeps_what_is_stored():
    plan = Plan(targets={"leadership": 3.5})

    conflict = TargetConflictError(plan)

    assert conflict.plan == plan
    assert str(conflict) == "The targets were changed meanwhile."


def test_planned_action_is_open_unless_said():
    action = make_planned_action()

    assert (action.due_on, action.is_done) == (date(2027, 3, 31), False)
