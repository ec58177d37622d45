"""What each role is offered: no page shows a link or a form that its reader may not use."""

import re
from collections import Counter
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from assessment.core.people.memberships import Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.storage import answers
from tests.assessment.web.conftest import SignIn
from tests.factories import JO, make_answer

pytestmark = pytest.mark.slow

# The walk would end with the session, or go on as somebody else.
LEFT_OUT = {"accounts.sign_out", "accounts.sign_in", "demonstration.enter", "demonstration.mailbox"}
# Pages of one kind that are looked at: more of them show nothing else.
MAX_OF_A_KIND = 2


def save_all(db: Session, authority_id: str, questionnaire: Questionnaire) -> None:
    """Answer every question of the open round, the first as brought over."""
    for question_id in questionnaire.question_ids:
        brought_from = "2025" if question_id == "1.1" else None
        answer = make_answer(question_id, 3)
        answers.save_answer(
            db,
            authority_id,
            "2026",
            answer,
            revision=0,
            by=JO,
            brought_from=brought_from,
        )
    db.commit()


def name_kind(app: Flask, path: str, method: str) -> str:
    """Return the route that an address belongs to."""
    try:
        endpoint, _ = app.url_map.bind("").match(path, method=method)
    except HTTPException:
        return path
    return f"{method} {endpoint}"


def is_left_out(kind: str) -> bool:
    """Return whether the walk goes past a route."""
    return kind.rpartition(" ")[2] in LEFT_OUT


def walk(app: Flask, client: FlaskClient, start: str) -> tuple[dict[str, int], int]:
    """Follow links and send forms; return the status of each address, and how many forms."""
    seen: Counter[str] = Counter()
    answered: dict[str, int] = {}
    waiting, forms = [start], []
    while waiting:
        path = waiting.pop(0)
        kind = name_kind(app, path.partition("?")[0], "GET")
        if path in answered or seen[kind] >= MAX_OF_A_KIND or is_left_out(kind):
            continue
        seen[kind] += 1
        response = client.get(path, follow_redirects=True)
        answered[path] = response.status_code
        response.close()
        if response.mimetype == "text/html":
            waiting += [unescape(p) for p in re.findall(r'href="(/[^"#]*)"', response.text)]
            forms += re.findall(r'<form[^>]*method="post".*?</form>', response.text, re.S)
    sent = 0
    for form in forms:
        action = re.search(r'action="([^"]+)"', form)
        kind = name_kind(app, action[1], "POST") if action else ""
        if not action or seen[kind] >= 1 or is_left_out(kind):
            continue
        seen[kind] += 1
        sent += 1
        fields = re.findall(r'name="([^"]+)"(?: type="hidden")? value="([^"]*)"', form)
        data = {name: value for name, value in fields if name != "csrf_token"}
        response = client.post(action[1], data=data)
        answered[f"POST {action[1]}"] = response.status_code
        response.close()
    return answered, sent


@pytest.mark.parametrize("role", list(Role))
def test_pages_offer_nothing_that_a_role_may_not(
    app: Flask,
    sign_in: SignIn,
    app_db: Session,
    home_id: str,
    questionnaire: Questionnaire,
    role: Role,
):
    save_all(app_db, home_id, questionnaire)

    client = sign_in(role)
    with client.session_transaction() as session:
        signed_in = session["_user_id"]

    answered, sent = walk(app, client, "/start")

    assert len(answered) > 15
    assert sent >= 1
    with client.session_transaction() as session:
        assert session["_user_id"] == signed_in
    assert [path for path, status in answered.items() if status in {401, 403}] == []


def test_check_contributor_is_told_who_may_submit(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    save_all(app_db, home_id, questionnaire)

    page = sign_in(Role.CONTRIBUTOR).get("/assessment/check").text

    assert "/assessment/submit" not in page
    assert "Alex Morgan (lead)" in page
    assert "can submit the self-assessment" in page


def test_check_reader_is_offered_to_read_only(sign_in: SignIn):
    page = sign_in(Role.READER).get("/assessment/check").text

    assert ">Read<" in page
    assert ">Answer<" not in page
    assert "and submit" not in sign_in(Role.READER).get("/assessment/").text


def test_start_signatory_lands_on_what_waits_for_signature(
    sign_in: SignIn, app_db: Session, home_id: str, questionnaire: Questionnaire
):
    client = sign_in(Role.SIGNATORY)
    before = client.get("/start").location
    save_all(app_db, home_id, questionnaire)

    assert before.endswith("/results/")
    assert client.get("/start").location.endswith("/assessment/check")
    assert sign_in(Role.READER).get("/start").location.endswith("/results/")
