from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Round
from assessment.core.people.actors import Actor
from assessment.core.people.memberships import Role
from assessment.services.people import accounts
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.storage import authorities
from assessment.storage.database import open_engine
from tests import databases
from tests.conftest import TODAY
from tests.factories import OPERATOR, make_authority, make_questionnaire

COUNTIES = 12


@pytest.fixture
def lead(db: Session) -> Actor:
    """The lead of authority A01, in an installation of twelve counties and a former one."""
    return _install(db)


@pytest.fixture
def lasting(server_url: str, empty_template: str) -> Iterator[Engine]:
    """Such an installation in a database of its own, for several people at once."""
    url = databases.make_copy(server_url, empty_template)
    engine = open_engine(url)
    with Session(engine) as db:
        _install(db)
        db.commit()
    yield engine
    engine.dispose()
    databases.drop_database(url)


def _install(db: Session) -> Actor:
    """Install the counties, the questionnaire and the round; return the lead."""
    register = [
        make_authority(id=f"A{number:02}", name=f"County {number:02}", region="North East")
        for number in range(1, COUNTIES + 1)
    ]
    register.append(make_authority(id="OLD", name="Old county", ended_on=date(2023, 3, 31)))
    authorities.save_register(db, register, version="test", simulated=False)
    publishing.publish_questionnaire(db, make_questionnaire(), by=OPERATOR)
    days = (date(2026, 11, 1), date(2026, 12, 31))
    scheduling.open_round(db, Round("2026", "Round 2026", *days, "test-1"), by=OPERATOR)
    return accounts.create_account(
        db, "lead@a01.example", "Jo Lead", Role.LEAD, "A01", today=TODAY, by=OPERATOR
    ).actor


@pytest.fixture
def demonstration(demonstration_url: str) -> Iterator[Session]:
    """A session on the demonstration whose changes are all undone."""
    engine = open_engine(demonstration_url)
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
    engine.dispose()
