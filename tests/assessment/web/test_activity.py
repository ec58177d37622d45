"""The activity page, with events of every kind and any age."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.people.actors import INSTALLATION, Actor, Person
from assessment.core.people.events import AuditEvent, EventKind
from assessment.core.people.memberships import Role
from assessment.services.people import accounts
from assessment.web import activity
from assessment.web.activity import describe_event, name_actor
from tests.assessment.web.conftest import SignIn
from tests.conftest import TODAY
from tests.factories import OPERATOR

PRODUCT = Path(__file__).parents[3] / "assessment"
AT = datetime(2026, 11, 27, tzinfo=UTC)
NAMES = {"leadership": "Strong Leadership"}
# What no version of the product promises of a detail's parts.
ODD_PARTS = [None, "", "words", 3, -1, True, 2.5, [], ["note"], [[1]], {}, {"leadership": None}]
PARTS = (
    *("question", "before", "after", "changed", "targets", "planned_for", "is_done", "email"),
    *("role", "counted", "report", "file", "unchecked", "reason", "field", "old", "new"),
    *("new_email", "moved_from", "moved_to"),
)


def list_read_parts() -> set[str]:
    """Collect the part of each detail that the words of an event are made from."""
    tree = ast.parse((PRODUCT / "web" / "activity.py").read_text())
    messages = [message for several in activity.MESSAGES.values() for message in several]
    parts = set(activity.PLACE.findall(" ".join(messages)))
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_call and node.func.attr in {"find", "text", "choice"}:
            parts |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return parts


def describe(kind: EventKind, **detail: object) -> str:
    return describe_event(AuditEvent(AT, OPERATOR, kind, detail), NAMES)


def test_parts_that_words_are_made_from_are_all_tried_odd():
    assert list_read_parts() == set(PARTS)


def test_describe_event_every_kind_has_words_whatever_is_kept():
    for kind in EventKind:
        assert describe(kind)
        for odd in ODD_PARTS:
            assert describe(kind, **dict.fromkeys(PARTS, odd))
            for part in PARTS:
                assert describe(kind, **{part: odd})
            assert describe_event(AuditEvent(AT, OPERATOR, kind, odd), NAMES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (
            EventKind.ANSWER_SAVED,
            {"question": "6.6", "before": None, "after": 3},
            "Answered 6.6 with level 3",
        ),
        (
            EventKind.ANSWER_SAVED,
            {"question": "1.1", "before": None, "after": -1, "changed": ["note"]},
            "Answered 1.1 with Don’t know, and gave the note",
        ),
        (
            EventKind.ANSWER_SAVED,
            {"question": "1.1", "before": 2, "after": -2, "changed": ["reason", "note"]},
            "Changed 1.1 from level 2 to Does not apply, and changed the reason and the note",
        ),
        (
            EventKind.ANSWER_SAVED,
            {"question": "1.1", "before": 2, "after": 2, "changed": ["evidence"]},
            "Changed the evidence links of 1.1",
        ),
        (EventKind.ANSWER_SAVED, {}, "Saved the answer to a question"),
        (
            EventKind.ACCOUNT_DEACTIVATED,
            {"email": "z1@a.gov.uk"},
            "Closed the account of z1@a.gov.uk",
        ),
        (
            EventKind.ACCOUNT_CREATED,
            {"email": "z1@a.gov.uk", "role": "lead"},
            "Opened an account for z1@a.gov.uk as lead",
        ),
        (EventKind.ACCOUNT_CREATED, {}, "Opened an account"),
        (
            EventKind.TARGETS_SAVED,
            {"targets": {"leadership": 3.5}},
            "Saved the targets: Strong Leadership 3.5",
        ),
        (EventKind.TARGETS_SAVED, {"targets": {}}, "Removed all targets"),
        (EventKind.REPORT_REQUESTED, {"report": "scorecard"}, "Asked for the scorecard as a PDF"),
        (
            EventKind.ASSESSMENT_SUBMITTED,
            {"counted": False},
            "Submitted the self-assessment, not to be counted",
        ),
        (
            EventKind.ASSESSMENT_SUBMITTED,
            {"counted": True, "unchecked": 0},
            "Submitted the self-assessment, to be counted",
        ),
        (
            EventKind.ASSESSMENT_SUBMITTED,
            {"counted": True, "unchecked": 1},
            "Submitted the self-assessment, to be counted, with 1 answer brought over and not "
            "checked",
        ),
        (
            EventKind.ASSESSMENT_SUBMITTED,
            {"unchecked": 36},
            "Submitted the self-assessment, with 36 answers brought over and not checked",
        ),
        (EventKind.ROUND_EXTENDED, {"round": "2027"}, "Round extended"),
        (
            EventKind.ACCOUNT_ACTIVATED,
            {"email": "z1@a.test", "role": "lead"},
            "Opened the account of z1@a.test again as lead",
        ),
        (
            EventKind.ACCOUNT_MOVED,
            {"email": "z1@a.test", "moved_from": "SRY", "moved_to": "WSY"},
            "Moved the account of z1@a.test from SRY to WSY",
        ),
        (
            EventKind.ADDRESS_CHANGED,
            {"email": "z1@a.test", "new_email": "z2@a.test"},
            "Corrected the address of z1@a.test to z2@a.test",
        ),
        (
            EventKind.ASSESSMENT_REOPENED,
            {"reason": "Question 1.1 was misread."},
            "Reopened the self-assessment because: Question 1.1 was misread.",
        ),
        (
            EventKind.REGISTER_CHANGED,
            {"field": "name", "old": "Surrey", "new": "Surrey County Council"},
            "Changed the register of authorities in name from Surrey to Surrey County Council",
        ),
    ],
)
def test_describe_event_says_it_in_plain_words(
    kind: EventKind, detail: dict[str, object], words: str
):
    assert describe(kind, **detail) == words


def test_activity_after_a_deactivation_stays(sign_in: SignIn, app_db: Session, other_id: str):
    client = sign_in(Role.LEAD, other_id)
    person = ("z1@a.test", "Zed", Role.LEAD, other_id)
    accounts.create_account(app_db, *person, today=TODAY, by=OPERATOR)
    accounts.deactivate_account(app_db, "z1@a.test", by=OPERATOR)
    app_db.execute(
        text(
            "INSERT INTO audit_event (at, actor_id, kind, authority_id, detail) "
            "SELECT now(), max(id), 'moved_to_the_moon', :place, '{}' FROM actor"
        ),
        {"place": other_id},
    )
    app_db.commit()

    page = client.get("/assessment/activity")

    assert page.status_code == 200
    assert "Closed the account of z1@a.test" in page.text
    assert "Another change" in page.text


@pytest.mark.parametrize(
    ("actor", "name"),
    [
        (OPERATOR, "The programme team"),
        (INSTALLATION, "The programme team"),
        (Person(1, "jo@a.example", "Jo").actor, "jo@a.example"),
    ],
)
def test_name_actor_of_a_command_is_no_persons_name(actor: Actor, name: str):
    assert name_actor(AuditEvent(AT, actor, EventKind.ANSWER_SAVED)) == name


def test_activity_tells_the_time_of_the_programme(sign_in: SignIn, app_db: Session, other_id: str):
    app_db.execute(
        text(
            "INSERT INTO audit_event (at, actor_id, kind, authority_id, detail) "
            "SELECT '2025-06-30T23:30:00Z', max(id), 'assessment_submitted', :place, '{}' "
            "FROM actor"
        ),
        {"place": other_id},
    )
    app_db.commit()

    assert "1 July 2025, 12:30 am" in sign_in(Role.LEAD, other_id).get("/assessment/activity").text
