from datetime import UTC, datetime

from assessment.core.people import memberships
from assessment.core.people.actors import INSTALLATION
from assessment.core.people.events import AuditEvent, EventKind
from assessment.core.people.memberships import Role


def test_roles_belong_to_the_programme_or_to_an_authority_never_both():
    assert set(Role) == memberships.PROGRAMME_ROLES | memberships.AUTHORITY_ROLES
    assert not memberships.PROGRAMME_ROLES & memberships.AUTHORITY_ROLES


def test_roles_that_answer_or_submit_are_of_an_authority():
    assert {Role.CONTRIBUTOR, Role.LEAD} == memberships.ANSWERING_ROLES
    assert {Role.LEAD, Role.SIGNATORY} == memberships.SUBMITTING_ROLES
    assert memberships.ANSWERING_ROLES | memberships.SUBMITTING_ROLES <= memberships.AUTHORITY_ROLES


def test_roles_that_plan_are_all_of_an_authority_but_readers():
    assert memberships.AUTHORITY_ROLES - {Role.READER} == memberships.PLANNING_ROLES


def test_audit_event_details_are_not_shared():
    at = datetime(2026, 11, 2, 12, tzinfo=UTC)
    first, second = (AuditEvent(at, INSTALLATION, EventKind.OTHER) for _ in range(2))

    first.detail["round"] = "2026"

    assert second.detail == {}
