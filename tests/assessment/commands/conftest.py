"""A small installation for commands: twelve counties, one closed round and one open."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assessment.clock import today
from assessment.core.answers.rounds import Round
from assessment.core.people.memberships import Role
from assessment.services.answering import importing
from assessment.services.editions import cutting, releasing
from assessment.services.people import accounts
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.storage import authorities
from assessment.storage.database import migrate, open_engine
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests import databases
from tests.assessment.commands.running import NOWHERE
from tests.conftest import open_app
from tests.factories import OPERATOR, make_authority, make_questionnaire

COUNTIES = [make_authority(id=f"A{n:02}", name=f"County {n:02}") for n in range(1, 13)]


@pytest.fixture(scope="session")
def small_template(server_url: str, shared_folder: Path) -> str:
    """The name of a template with the small installation."""
    databases.make_template(server_url, "small", shared_folder / "small.lock", _install)
    return "small"


def _install(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    now = today()
    with Session(engine) as db:
        authorities.save_register(db, COUNTIES, version="2026-01-01", simulated=False)
        publishing.publish_questionnaire(db, make_questionnaire(), by=OPERATOR)
        for round_id, first, last in (("past", -60, -30), ("now", -10, 20)):
            days = (now + timedelta(days=first), now + timedelta(days=last))
            scheduling.open_round(
                db, Round(round_id, f"Round {round_id}", *days, "test-1"), by=OPERATOR
            )
        for round_id, count in (("past", 6), ("now", 3)):
            lines = [f"A{n:02},{q},3" for n in range(1, count + 1) for q in ("1.1", "1.2", "2.1")]
            content = "\n".join(["authority_code,question_id,level", *lines]).encode()
            importing.import_responses(db, content, "a.csv", round_id, counted=True, by=OPERATOR)
        person = ("lead@a01.example", "Jo Field", Role.LEAD, "A01")
        accounts.create_account(db, *person, today=now, by=OPERATOR)
        db.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def released_template(server_url: str, shared_folder: Path, small_template: str) -> str:
    """The name of a template with the small installation, its past round's edition released."""
    lock = shared_folder / "released.lock"
    databases.make_template(server_url, "released", lock, _release, source=small_template)
    return "released"


def _release(url: str) -> None:
    engine = open_engine(url)
    with Session(engine) as db:
        cutting.cut_edition(db, "past", today(), by=OPERATOR)
        releasing.release_edition(db, "past", 1, today(), by=OPERATOR)
        db.commit()
    engine.dispose()


@pytest.fixture
def small_app(server_url: str, small_template: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on its own copy of the small installation."""
    with open_app(server_url, small_template, NOWHERE, tmp_path) as app:
        yield app


@pytest.fixture
def released_app(server_url: str, released_template: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on its own copy of the small installation with a released edition."""
    with open_app(server_url, released_template, NOWHERE, tmp_path) as app:
        yield app


@pytest.fixture
def empty_app(server_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without tables."""
    url = databases.make_database(server_url, f"bare_{abs(hash(tmp_path))}")
    app = create_app(load_config(NOWHERE | {"DATABASE_URL": url}, tmp_path))
    yield app
    app.extensions["engine"].dispose()
