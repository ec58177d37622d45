"""What tests share: a real PostgreSQL, the application on it, people who are signed in."""

import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from assessment import jobs
from assessment.content import load_questionnaire
from assessment.core.questionnaire import Questionnaire
from assessment.services import installing
from assessment.storage.database import migrate, open_engine, start_embedded_server
from assessment.web.config import load_config
from assessment.web.factory import create_app

QUESTIONS = Path(__file__).parents[1] / "questions.yaml"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return start_embedded_server(tmp_path_factory.mktemp("server") / "postgres")


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return load_questionnaire(QUESTIONS)


@pytest.fixture(scope="session")
def engine(server_url: str) -> Iterator[Engine]:
    """An installation without anything in it."""
    engine = open_engine(make_database(server_url, "empty"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session whose changes are all undone."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def demonstration_url(server_url: str, questionnaire: Questionnaire) -> str:
    """A database with the demonstration, to be copied; its workbook is left unmade."""
    url = make_database(server_url, "demonstration")
    engine = open_engine(url)
    migrate(engine)
    with Session(engine) as session:
        installing.install_demonstration(session, questionnaire, TODAY)
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.commit()
    engine.dispose()
    return url


@pytest.fixture
def app(server_url: str, demonstration_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on its own copy of the demonstration."""
    name = f"copy_{abs(hash(tmp_path))}"
    url = make_database(server_url, name, template="demonstration")
    environment = {"DATABASE_URL": url, "DEMONSTRATION": "1", "MAIL_PORT": "1"}
    app = create_app(load_config(environment, tmp_path))
    app.config["TESTING"] = True
    yield app
    app.extensions["engine"].dispose()


def make_database(server_url: str, name: str, template: str = "template1") -> str:
    """Make a database on the server and return its address."""
    admin = open_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    admin.dispose()
    base, _, query = server_url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}?{query}"


def run_worker(app: Flask) -> None:
    """Run the jobs there are, then stop."""
    parts = app.extensions
    worker = jobs.build_worker(
        app.config["DATABASE_URL"], parts["database"], parts["send_sign_in"], parts["verify_page"]
    )
    with worker.open() as queue:
        queue.run_worker(wait=False, concurrency=1, install_signal_handlers=False)


def find_free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
