from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import Actor
from assessment.core.people.events import AuditEvent, EventKind
from assessment.core.people.memberships import Role
from assessment.core.plans.plans import ActionConflictError, TargetConflictError
from assessment.services.answering import surveys
from assessment.services.people import accounts
from assessment.services.plans import planning, queries
from tests.conftest import TODAY
from tests.factories import OPERATOR, make_planned_action, make_questionnaire

QUESTIONNAIRE = make_questionnaire()
FIRST, SECOND, THIRD, FOURTH = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def colleague(db: Session, lead: Actor) -> Actor:
    """A contributor of the lead's authority."""
    email = "kit@a01.example"
    return accounts.create_account(
        db, email, "Kit Economy", Role.CONTRIBUTOR, "A01", today=TODAY, by=OPERATOR
    ).actor


def save_targets(db: Session, by: Actor, targets: dict[str, float], *, seen: str = "") -> bool:
    return planning.save_targets(db, "A01", QUESTIONNAIRE, targets, seen=seen, by=by)


def save_action(
    db: Session,
    by: Actor,
    action_id: UUID = FIRST,
    *,
    revision: int = 0,
    authority_id: str = "A01",
    **changes: Any,
) -> bool:
    return planning.save_action(
        db,
        authority_id,
        QUESTIONNAIRE,
        action_id,
        make_planned_action(**changes),
        revision=revision,
        by=by,
    )


def read_events(db: Session, kind: str) -> list[AuditEvent]:
    """Return the authority's events of one kind, newest first."""
    return [event for event in surveys.read_activity(db, "A01") if event.kind == kind]


def test_read_plan_nothing_saved_is_empty(db: Session, lead: Actor):
    plan = queries.read_plan(db, "A01")

    assert (dict(plan.targets), plan.actions) == ({}, ())


def test_save_targets_are_read_back(db: Session, lead: Actor):
    assert save_targets(db, lead, {"principle-1": 3.5, "principle-2": 4.0})

    assert queries.read_plan(db, "A01").targets == {"principle-1": 3.5, "principle-2": 4.0}


def test_save_targets_replaces_those_before(db: Session, lead: Actor):
    save_targets(db, lead, {"principle-1": 3.5, "principle-2": 4.0})

    save_targets(db, lead, {"principle-2": 4.5}, seen="principle-1=3.5 principle-2=4.0")

    assert queries.read_plan(db, "A01").targets == {"principle-2": 4.5}


def test_save_targets_change_is_in_the_audit_trail(db: Session, lead: Actor):
    save_targets(db, lead, {"principle-1": 3.5})
    save_targets(db, lead, {"principle-1": 4.0}, seen="principle-1=3.5")

    newest = read_events(db, EventKind.TARGETS_SAVED)[0]
    assert newest.actor == lead
    assert newest.detail == {"targets": {"principle-1": 4.0}, "before": {"principle-1": 3.5}}


def test_save_targets_saved_twice_is_once_in_the_audit_trail(db: Session, lead: Actor):
    assert save_targets(db, lead, {"principle-1": 3.5})
    assert not save_targets(db, lead, {"principle-1": 3.5})

    assert len(read_events(db, EventKind.TARGETS_SAVED)) == 1


def test_save_targets_two_people_second_sees_both(db: Session, lead: Actor, colleague: Actor):
    save_targets(db, colleague, {"principle-1": 3.5})

    with pytest.raises(TargetConflictError) as conflict:
        save_targets(db, lead, {"principle-1": 5.0})

    assert conflict.value.plan.targets == {"principle-1": 3.5}
    assert queries.read_plan(db, "A01").targets == {"principle-1": 3.5}
    assert len(read_events(db, EventKind.TARGETS_SAVED)) == 1


def test_save_targets_off_the_scale_is_refused_whole(db: Session, lead: Actor):
    with pytest.raises(NotAllowedError, match="Principle 2: Give a number from 1 to 5"):
        save_targets(db, lead, {"principle-1": 3.5, "principle-2": 5.5})

    assert queries.read_plan(db, "A01").targets == {}


def test_save_targets_unknown_principle_is_not_found(db: Session, lead: Actor):
    with pytest.raises(NotFoundError, match="no principle principle-9"):
        save_targets(db, lead, {"principle-9": 3.5})


def test_read_plan_of_another_authority_is_not_seen(db: Session, lead: Actor):
    save_targets(db, lead, {"principle-1": 3.5})
    save_action(db, lead)

    plan = queries.read_plan(db, "A02")

    assert (dict(plan.targets), plan.actions) == ({}, ())


def test_save_action_is_read_back(db: Session, lead: Actor):
    assert save_action(db, lead)

    saved = queries.read_action(db, "A01", FIRST)
    assert saved.action == make_planned_action()
    assert (saved.id, saved.revision, saved.changed_by) == (FIRST, 1, lead)


def test_save_action_changed_is_the_next_revision(db: Session, lead: Actor, colleague: Actor):
    save_action(db, lead)

    assert save_action(db, colleague, revision=1, is_done=True)

    saved = queries.read_action(db, "A01", FIRST)
    assert saved.action == make_planned_action(is_done=True)
    assert (saved.revision, saved.changed_by) == (2, colleague)


def test_save_action_is_in_the_audit_trail_without_what_was_written(db: Session, lead: Actor):
    save_action(db, lead, text="Said in confidence")

    newest = read_events(db, EventKind.PLANNED_ACTION_SAVED)[0]
    assert newest.actor == lead
    assert newest.detail == {"planned_for": "1.1", "due_on": "2027-03-31", "is_done": False}


def test_save_action_saved_twice_is_once_in_the_audit_trail(db: Session, lead: Actor):
    assert save_action(db, lead)
    assert not save_action(db, lead)

    assert [saved.revision for saved in queries.read_plan(db, "A01").actions] == [1]
    assert len(read_events(db, EventKind.PLANNED_ACTION_SAVED)) == 1


def test_save_action_two_people_second_sees_both(db: Session, lead: Actor, colleague: Actor):
    save_action(db, lead)
    save_action(db, colleague, revision=1, text="Theirs")

    with pytest.raises(ActionConflictError) as conflict:
        save_action(db, lead, revision=1, text="Ours")

    assert conflict.value.saved is not None
    assert conflict.value.saved.changed_by == colleague
    assert conflict.value.saved.action.text == "Theirs"
    assert queries.read_action(db, "A01", FIRST).action.text == "Theirs"
    assert len(read_events(db, EventKind.PLANNED_ACTION_SAVED)) == 2


def test_save_action_removed_meanwhile_is_told(db: Session, lead: Actor, colleague: Actor):
    save_action(db, lead)
    planning.remove_action(db, "A01", FIRST, revision=1, by=colleague)

    with pytest.raises(ActionConflictError) as conflict:
        save_action(db, lead, revision=1, text="Ours")

    assert conflict.value.saved is None
    assert queries.read_plan(db, "A01").actions == ()


def test_save_action_removed_meanwhile_can_be_put_back(db: Session, lead: Actor):
    save_action(db, lead)
    planning.remove_action(db, "A01", FIRST, revision=1, by=lead)

    assert save_action(db, lead)

    assert queries.read_action(db, "A01", FIRST).revision == 1


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"text": " "}, "Say what will be done."),
        ({"owner": ""}, "Say who leads it."),
        ({"text": "x" * 1001}, "Shorten the action to 1,000 characters"),
        ({"owner": "x" * 201}, "Shorten who leads it to 200 characters"),
    ],
    ids=["text", "owner", "long text", "long owner"],
)
def test_save_action_that_cannot_be_saved_is_refused(
    db: Session, lead: Actor, changes: dict[str, Any], mistake: str
):
    with pytest.raises(NotAllowedError, match=mistake):
        save_action(db, lead, **changes)

    assert queries.read_plan(db, "A01").actions == ()


def test_save_action_unknown_question_is_not_found(db: Session, lead: Actor):
    with pytest.raises(NotFoundError, match=r"no question 9\.9"):
        save_action(db, lead, question_id="9.9")


def test_read_plan_actions_are_open_by_date_then_done(db: Session, lead: Actor):
    save_action(db, lead, FIRST, due_on=date(2027, 1, 1), is_done=True)
    save_action(db, lead, SECOND, due_on=date(2028, 1, 1))
    save_action(db, lead, FOURTH, due_on=date(2027, 6, 1))
    save_action(db, lead, THIRD, due_on=date(2027, 6, 1))

    ids = [saved.id for saved in queries.read_plan(db, "A01").actions]

    assert ids == [THIRD, FOURTH, SECOND, FIRST]


def test_remove_action_is_in_the_audit_trail(db: Session, lead: Actor):
    save_action(db, lead)
    save_action(db, lead, SECOND)

    planning.remove_action(db, "A01", FIRST, revision=1, by=lead)

    assert [saved.id for saved in queries.read_plan(db, "A01").actions] == [SECOND]
    newest = read_events(db, EventKind.PLANNED_ACTION_REMOVED)[0]
    assert (newest.actor, newest.detail) == (lead, {"planned_for": "1.1"})


def test_remove_action_twice_is_once_in_the_audit_trail(db: Session, lead: Actor):
    save_action(db, lead)

    planning.remove_action(db, "A01", FIRST, revision=1, by=lead)
    planning.remove_action(db, "A01", FIRST, revision=1, by=lead)

    assert queries.read_plan(db, "A01").actions == ()
    assert len(read_events(db, EventKind.PLANNED_ACTION_REMOVED)) == 1


def test_read_action_that_is_not_there_is_not_found(db: Session, lead: Actor):
    with pytest.raises(NotFoundError, match="no such action in your plan"):
        queries.read_action(db, "A01", FIRST)


def test_action_of_another_authority_is_not_found_and_stays(db: Session, lead: Actor):
    email = "lead@a02.example"
    stranger = accounts.create_account(
        db, email, "Sid Stranger", Role.LEAD, "A02", today=TODAY, by=OPERATOR
    ).actor
    save_action(db, lead)

    with pytest.raises(NotFoundError):
        queries.read_action(db, "A02", FIRST)
    for revision in (0, 1):
        with pytest.raises(NotFoundError):
            save_action(db, stranger, revision=revision, authority_id="A02", text="Taken over")
    with pytest.raises(NotFoundError):
        planning.remove_action(db, "A02", FIRST, revision=1, by=stranger)

    assert queries.read_action(db, "A01", FIRST).action == make_planned_action()
    assert queries.read_plan(db, "A02").actions == ()
