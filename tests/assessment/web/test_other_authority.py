"""A form that was drawn for one authority is never saved to another."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.people.memberships import Role
from assessment.services.people import accounts, queries, signing_in
from assessment.storage import answers
from assessment.storage.models import Base
from tests.assessment.web.conftest import SignIn
from tests.assessment.web.judge import judge_page
from tests.assessment.web.test_access import AUTHORITY, EVERYBODY, RULES, make_path
from tests.assessment.web.test_fuzzing import FORMS
from tests.conftest import TODAY
from tests.factories import OPERATOR

OWN = [
    line
    for line, rule in RULES.items()
    if line.startswith("POST") and rule != EVERYBODY and rule <= AUTHORITY
]


def count_rows(db: Session) -> dict[str, int]:
    """Count the rows of every table; whatever is changed leaves one in the audit trail."""
    db.rollback()
    return {
        table.name: db.scalars(select(func.count()).select_from(table)).one()
        for table in Base.metadata.sorted_tables
    }


def say_refused(db: Session, drawn_for: str, own: str) -> str:
    """Return the sentence that names both authorities."""
    names = [queries.name_authority(db, one) for one in (drawn_for, own)]
    return f"This form was opened for {names[0]}, and you act for {names[1]} now, so nothing"


@pytest.mark.parametrize("line", OWN)
def test_form_drawn_for_another_authority_is_refused_and_changes_nothing(
    app_db: Session, sign_in: SignIn, home_id: str, other_id: str, line: str
):
    client = sign_in(Role.LEAD, other_id)
    before = count_rows(app_db)

    page = client.post(
        make_path(line.removeprefix("POST ")), data=FORMS[line] | {"authority_id": home_id}
    )

    assert page.status_code == 409
    assert say_refused(app_db, home_id, other_id) in unescape(page.text)
    # the only form is the header's, to sign out
    assert page.text.count("<form") == 1
    assert count_rows(app_db) == before


@pytest.mark.parametrize("drawn_for", ["", "NOWHERE"])
@pytest.mark.parametrize("line", OWN)
def test_form_drawn_for_no_authority_is_refused_and_changes_nothing(
    app_db: Session, sign_in: SignIn, line: str, drawn_for: str
):
    client = sign_in(Role.LEAD)
    before = count_rows(app_db)

    page = client.post(
        make_path(line.removeprefix("POST ")), data=FORMS[line] | {"authority_id": drawn_for}
    )

    assert page.status_code == 409
    assert "This form does not say which authority it was opened for" in page.text
    assert count_rows(app_db) == before


def test_form_of_every_own_route_carries_the_authority():
    # that pages draw these fields, and no others, is tested with the odd requests
    assert {line for line in FORMS if "authority_id" in FORMS[line]} == {*OWN}


@pytest.mark.parametrize("is_same_session", [True, False])
def test_form_from_before_the_person_was_moved_keeps_what_was_typed(
    app_db: Session, sign_in: SignIn, home_id: str, other_id: str, is_same_session: bool
):
    client = sign_in(Role.LEAD)
    page = client.get("/assessment/questions/1.1").text
    drawn = dict(re.findall(r'name="(\w+)" (?:type="hidden" )?value="([^"]*)"', page))
    email = f"lead@{home_id}.test".lower()
    moved = accounts.move_account(app_db, email, other_id, today=TODAY, by=OPERATOR)
    key = signing_in.begin_session(app_db, moved.person, now=clock.now())
    app_db.commit()
    with client.session_transaction() as session:
        if not is_same_session:
            session.clear()
        session["_user_id"], session["_fresh"] = key, True
    before = answers.read_answers(app_db, other_id, "2026")

    refused = FlaskClient.open(
        client,
        "/assessment/questions/1.1",
        method="POST",
        data=drawn | {"choice": "na", "note": "An hour of <b>typing</b>"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert refused.status_code == 409
    assert judge_page(refused.text) == []
    assert say_refused(app_db, home_id, other_id) in unescape(refused.text)
    assert "An hour of &lt;b&gt;typing&lt;/b&gt;" in refused.text
    assert ">Does not apply</p>" in refused.text
    assert ">Save<" not in refused.text
    app_db.rollback()
    assert answers.read_answers(app_db, other_id, "2026") == before
    assert answers.read_answers(app_db, home_id, "2026") == {}
