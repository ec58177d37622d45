"""What every page carries."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, g, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from assessment.core.people.events import EventKind
from assessment.locale import speak
from assessment.storage import audit
from assessment.web.access import public
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests.assessment.web.test_config import PRODUCTION
from tests.databases import make_database
from tests.factories import OPERATOR

CONTACT = "mailto:security@assess.example"
SIMULATED = "simulated data. It says nothing about any real authority."


@pytest.fixture
def shut_app(server_url: str, demonstration_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on simulated data, without the demonstration's door."""
    url = make_database(server_url, f"shut_{abs(hash(tmp_path))}", template="demonstration")
    app = create_app(load_config({"DATABASE_URL": url, "SECRET_KEY": "s"}, tmp_path))
    yield app
    app.extensions["engine"].dispose()


def test_pages_of_simulated_data_say_so_whatever_the_settings(shut_app: Flask):
    client = shut_app.test_client()

    for path in ("/", "/sign-in", "/privacy", "/nowhere"):
        assert SIMULATED in client.get(path).text


def test_pages_without_the_setting_have_no_door(shut_app: Flask):
    client = shut_app.test_client()

    assert "Enter" not in client.get("/").text
    assert client.get("/demonstration/mailbox").status_code == 404


def test_pages_carry_the_security_headers(app: Flask):
    headers = app.test_client().get("/").headers

    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_pages_name_the_language_that_is_spoken(app: Flask):
    assert '<html lang="en-GB" ' in app.test_client().get("/").text
    with speak("cy"):
        assert '<html lang="cy" ' in app.test_client().get("/").text


def test_pages_without_the_database_say_so_plainly(app: Flask):
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "somebody"
    app.config["TESTING"] = False
    app.extensions["engine"].dispose()
    app.extensions["database"].configure(bind=create_engine("postgresql+psycopg://127.0.0.1:1/x"))

    page = client.get("/assessment/")

    assert page.status_code == 500
    assert "<html lang='en-GB'>" in page.text
    assert "Nothing was changed." in page.text


def test_methods_that_are_not_taken_are_named(app: Flask):
    refused = app.test_client().delete("/sign-in")
    nowhere = app.test_client().get("/nowhere")

    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert "The service could not make sense of what your browser sent." in refused.text
    assert "URL" not in refused.text + nowhere.text


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        (lambda: ("Done", 200), 1),
        (lambda: redirect("/"), 1),
        (lambda: ("No", 400), 0),
        (lambda: abort(409), 0),
        (lambda: ("Not now", 503), 0),
        (lambda: 1 // 0, 0),
    ],
    ids=["page", "redirect", "refused", "aborted", "unavailable", "broken"],
)
def test_requests_that_fail_keep_nothing_of_what_they_changed(
    app: Flask, app_db: Session, end: Callable[[], ResponseReturnValue], kept: int
):
    @public
    def change() -> ResponseReturnValue:
        audit.save_event(g.db, OPERATOR, EventKind.OTHER)
        g.db.flush()
        return end()

    app.add_url_rule("/change", "change", change)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    app.test_client().get("/change")

    count = app_db.scalar(text("SELECT count(*) FROM audit_event WHERE kind = 'other'"))
    assert count == kept


@pytest.fixture
def served(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application as it stands in production."""
    settings = {
        "DATABASE_URL": app.config["DATABASE_URL"],
        "SECURITY_CONTACT": CONTACT,
    }
    served = create_app(load_config(PRODUCTION | settings, tmp_path))
    yield served
    served.extensions["engine"].dispose()


def test_production_knows_its_own_host_only(served: Flask):
    client = served.test_client()
    for path in ("/assessment", "/sign-in", "/nowhere", "/static/app.css", "/api/v1/editions"):
        refused = client.get(path, base_url="https://evil.example")

        assert refused.status_code == 400
        assert "evil.example" not in refused.text + str(refused.headers)
    own = client.get("/assessment", base_url="https://assess.example")
    assert (own.status_code, own.location) == (308, "https://assess.example/assessment/")


def test_security_contact_is_told_where_there_is_one(app: Flask, served: Flask):
    said = (
        served.test_client()
        .get("/.well-known/security.txt", base_url="https://assess.example")
        .text
    )

    assert said.startswith(f"Contact: {CONTACT}\nExpires: 20")
    assert app.test_client().get("/.well-known/security.txt").status_code == 404
