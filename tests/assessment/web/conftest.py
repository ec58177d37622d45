from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.people.memberships import PROGRAMME_ROLES, Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.people import accounts, queries, signing_in
from assessment.storage import authorities
from tests.assessment.web.judge import JudgingClient
from tests.conftest import TODAY
from tests.factories import OPERATOR

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def app_db(app: Flask) -> Iterator[Session]:
    """A session on the application's own database."""
    with app.extensions["database"]() as session:
        yield session


@pytest.fixture
def home_id(app_db: Session) -> str:
    """The authority of the demonstration's lead."""
    account = queries.find_membership(app_db, email="lead@demonstration.example")
    assert account is not None
    assert account.authority_id is not None
    return account.authority_id


@pytest.fixture
def other_id(app_db: Session, home_id: str) -> str:
    """Some other authority."""
    return next(a.id for a in authorities.read_authorities(app_db) if a.id != home_id)


@pytest.fixture
def sign_in(app: Flask, app_db: Session, home_id: str, questionnaire: Questionnaire) -> SignIn:
    """Return a client of a person with a role, in the home authority unless said."""

    def enter(role: Role | None, authority_id: str | None = None) -> FlaskClient:
        app.test_client_class = JudgingClient
        client = app.test_client()
        assert isinstance(client, JudgingClient)
        if role is None:
            return client
        place = None if role in PROGRAMME_ROLES else authority_id or home_id
        client.authority_id = place
        email = f"{role}@{place or 'programme'}.test".lower()
        account = queries.find_membership(app_db, email=email)
        if account is None:
            account = accounts.create_account(
                app_db, email, "A Person", role, place, today=TODAY, by=OPERATOR
            )
            app_db.commit()
        with client.session_transaction() as session:
            session["_user_id"] = signing_in.begin_session(app_db, account.person, now=clock.now())
            app_db.commit()
            session["_fresh"] = True
        return client

    return enter
