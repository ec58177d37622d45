"""The commands of accounts, on a real database."""

from getpass import getuser

from flask import Flask

from assessment import clock
from assessment.core.people.events import EventKind
from assessment.services.people import queries, signing_in
from assessment.storage import audit
from tests.assessment.commands.running import run


def test_account_deactivate_is_in_the_audit_trail(app: Flask):
    run(app, "account", "create", "jo@a.example", "Jo", "lead", "--authority", "X001")

    result = run(app, "account", "deactivate", "Jo@a.example")

    assert result.exit_code == 0
    with app.extensions["database"]() as db:
        newest = audit.read_events(db, "X001")[0]
        account = queries.find_membership(db, email="jo@a.example")
    assert (newest.actor.name, newest.kind) == (
        getuser(),
        EventKind.ACCOUNT_DEACTIVATED,
    )
    assert account is not None
    assert not account.is_current


def test_account_role_ends_sessions_and_is_in_the_audit_trail(app: Flask):
    run(app, "account", "create", "jo@a.example", "Jo", "lead", "--authority", "X001")
    with app.extensions["database"]() as db:
        before = queries.find_membership(db, email="jo@a.example")
        assert before is not None
        key = signing_in.begin_session(db, before.person, now=clock.now())
        db.commit()

    result = run(app, "account", "role", "jo@a.example", "reader")

    assert result.exit_code == 0
    with app.extensions["database"]() as db:
        newest = audit.read_events(db, "X001")[0]
        after = queries.find_membership(db, email="jo@a.example")
        assert queries.find_session(db, key, clock.now()) is None
    assert newest.detail == {"email": "jo@a.example", "role": "reader"}
    assert after is not None
    assert after.role == "reader"


def test_account_role_unknown_address_is_status_1(app: Flask):
    result = run(app, "account", "role", "nobody@a.example", "reader")

    assert (result.exit_code, result.output) == (1, "nobody@a.example has no account.\n")


def test_account_create_lead_without_authority_is_refused(app: Flask):
    result = run(app, "account", "create", "jo@a.example", "Jo", "lead")

    assert result.exit_code == 1
    assert "Name the authority" in result.output


def test_account_create_lets_a_person_in_once(app: Flask, server_url: str):
    words = ("account", "create", "Jo@A.example", "Jo", "lead", "--authority", "X001")

    assert run(app, *words).exit_code == 0
    again = run(app, *words)
    assert again.exit_code == 1
    assert "has an account already" in again.output
