"""Sessions: one for each browser, with an end, and nothing taken over from before."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, text

from assessment import clock
from assessment.core.people.memberships import Role
from assessment.services.people import accounts, queries, signing_in
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests.assessment.web.conftest import SignIn
from tests.assessment.web.test_config import PRODUCTION
from tests.factories import OPERATOR

LEAD = "lead@demonstration.example"


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/assessment/").status_code == 200


def read_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def copy_cookie(app: Flask, value: str) -> FlaskClient:
    """Return a client of somebody who has got hold of a cookie."""
    thief = app.test_client()
    thief.set_cookie("session", value)
    return thief


def enter(client: FlaskClient) -> None:
    assert client.post("/demonstration/enter/lead").location == "/start"


def test_session_ends_twelve_hours_after_sign_in_however_much_it_is_used(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    begun = clock.now()
    client = sign_in(None)

    def at(**later: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: begun + timedelta(**later))

    at(hours=0)
    enter(client)
    for minutes in (6 * 60, 11 * 60 + 59):
        at(minutes=minutes)
        assert is_signed_in(client)
    at(hours=12)
    assert not is_signed_in(client)


def test_sign_out_ends_this_browser_with_every_copy_of_its_cookie_and_no_other(
    app: Flask, sign_in: SignIn
):
    first, second = sign_in(None), sign_in(None)
    enter(first)
    enter(second)
    thief = copy_cookie(app, read_cookie(first))
    assert is_signed_in(thief)

    first.post("/sign-out")

    assert not is_signed_in(first)
    assert not is_signed_in(thief)
    assert is_signed_in(second)


def list_offered(client: FlaskClient) -> list[str]:
    """Return the sessions that the page of an account offers to end."""
    return re.findall(r'name="session" value="([^"]+)"', client.get("/account").text)


def test_account_shows_who_one_is_and_every_browser(sign_in: SignIn):
    first, second = sign_in(None), sign_in(None)
    enter(first)
    enter(second)

    page = first.get("/account").text

    for said in ("Alex Morgan", LEAD, "Embercroft City Council", "This browser"):
        assert said in page
    assert len(list_offered(first)) == 1
    assert list_offered(first) != list_offered(second)
    assert "Sign out everywhere else" not in page


def test_account_ends_another_browser_and_again_changes_nothing(sign_in: SignIn):
    first, second, third = sign_in(None), sign_in(None), sign_in(None)
    for client in (first, second, third):
        enter(client)
    (chosen,) = set(list_offered(first)) & set(list_offered(second))

    for _ in range(2):
        page = first.post("/account/sessions", data={"session": chosen}, follow_redirects=True)
        assert "You are signed out there." in page.text

    assert (is_signed_in(first), is_signed_in(second), is_signed_in(third)) == (True, True, False)


def test_account_ends_every_other_browser(sign_in: SignIn):
    first, second, third = sign_in(None), sign_in(None), sign_in(None)
    for client in (first, second, third):
        enter(client)
    assert "Sign out everywhere else" in first.get("/account").text

    first.post("/account/sessions")

    assert (is_signed_in(first), is_signed_in(second), is_signed_in(third)) == (True, False, False)


def test_account_that_ends_its_own_browser_signs_out(sign_in: SignIn):
    first, second = sign_in(None), sign_in(None)
    enter(first)
    enter(second)
    (own,) = list_offered(second)

    assert first.post("/account/sessions", data={"session": own}).location == "/"

    assert (is_signed_in(first), is_signed_in(second)) == (False, True)


def test_account_ends_nobody_elses_browser(sign_in: SignIn):
    first, second, other = sign_in(None), sign_in(None), sign_in(Role.READER)
    enter(first)
    enter(second)
    (of_second,) = list_offered(first)

    other.post("/account/sessions", data={"session": of_second})
    other.post("/account/sessions")

    assert is_signed_in(first)
    assert is_signed_in(second)


def test_sign_in_again_ends_the_session_before_it(app: Flask, sign_in: SignIn):
    client = sign_in(None)
    enter(client)
    before = read_cookie(client)

    enter(client)

    assert is_signed_in(client)
    assert not is_signed_in(copy_cookie(app, before))


def test_sign_in_makes_a_cookie_and_a_form_token_from_before_worthless(app: Flask, sign_in: SignIn):
    client = sign_in(None)
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert found
    planted = read_cookie(client)

    enter(client)
    form = {"csrf_token": found[1]}
    refused = FlaskClient.open(client, "/sign-out", method="POST", data=form)

    assert refused.status_code == 400
    assert is_signed_in(client)
    assert not is_signed_in(copy_cookie(app, planted))


@pytest.mark.parametrize(
    "change",
    [
        lambda db: accounts.deactivate_account(db, LEAD, by=OPERATOR),
        lambda db: accounts.change_role(db, LEAD, Role.READER, by=OPERATOR),
    ],
    ids=["deactivated", "role"],
)
def test_change_of_an_account_ends_every_browser(
    app: Flask, sign_in: SignIn, change: Callable[[orm.Session], object]
):
    browsers = [sign_in(None), sign_in(None)]
    for browser in browsers:
        enter(browser)

    with app.extensions["database"].begin() as db:
        change(db)

    assert [is_signed_in(browser) for browser in browsers] == [False, False]


def test_session_keys_are_stored_hashed_and_forgotten_when_they_end(app: Flask):
    begun = clock.now()
    with app.extensions["database"].begin() as db:
        account = queries.find_membership(db, email=LEAD)
        assert account is not None
        keys = [
            signing_in.begin_session(db, account.person, now=begun + timedelta(hours=hours))
            for hours in (0, 11, 12)
        ]
        signing_in.forget_sign_ins(db, now=begun + timedelta(hours=12))

        stored = set(db.scalars(text("SELECT key_hash FROM browser_session")))

    # the first had ended when the third began
    assert len(stored) == 2
    assert not stored & set(keys)


def test_static_files_of_a_signed_in_person_set_no_cookie(sign_in: SignIn):
    client = sign_in(None)
    enter(client)
    for path in ("/static/app.css", "/results/static/report.css"):
        answer = client.get(path)

        assert answer.status_code == 200
        assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())
        answer.close()


@pytest.mark.parametrize(
    ("public_url", "name", "is_secure"),
    [
        ("https://assess.example", "__Host-session", True),
        ("http://127.0.0.1:5000", "session", False),
    ],
)
def test_cookie_is_bound_to_the_host_where_there_is_tls(
    app: Flask, tmp_path: Path, public_url: str, name: str, is_secure: bool
):
    settings = {"DATABASE_URL": app.config["DATABASE_URL"], "PUBLIC_URL": public_url}
    host = public_url.partition("//")[2]
    served = create_app(load_config(PRODUCTION | settings, tmp_path))

    answer = served.test_client().get("/sign-in", base_url=f"http://{host}")

    kept, _, attributes = answer.headers["Set-Cookie"].partition("=")
    said = {part.strip() for part in attributes.split(";")[1:]}
    assert kept == name
    assert said == {"HttpOnly", "Path=/", "SameSite=Lax"} | ({"Secure"} if is_secure else set())
    hsts = "max-age=31536000; includeSubDomains" if is_secure else None
    assert answer.headers.get("Strict-Transport-Security") == hsts
    served.extensions["engine"].dispose()
