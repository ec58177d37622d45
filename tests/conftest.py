"""What tests share: a real PostgreSQL, the application on it, people who are signed in."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from babel.support import NullTranslations
from flask import Flask
from hypothesis import settings
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from assessment import jobs, locale
from assessment.content.questionnaire import load_questionnaire
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.demonstration.installing import install_demonstration
from assessment.locale import ENGLISH
from assessment.renderer import Renderers
from assessment.services.editions.settling import SETTLE_NEIGHBOURS
from assessment.storage.database import migrate, open_engine
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests import databases
from tests.shifted_clock import TODAY, shift_clock

# Property tests: few examples while developing, hundreds in make test, which names the profile.
# A busy machine is no fault, so no example has a deadline.
settings.register_profile("check", max_examples=20, deadline=None)
settings.register_profile("thorough", max_examples=200, deadline=None)
settings.load_profile("check")

QUESTIONS = Path(__file__).parents[1] / "questions.yaml"
VERSION = load_questionnaire(QUESTIONS).version

shift_clock()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the demonstration: loading it takes a minute whenever its sources change."""
    for item in items:
        if "loaded_template" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.demonstration)


class MarkedTranslations(NullTranslations):
    """A language whose messages are English ones with a mark before them."""

    def gettext(self, message: str) -> str:
        return f"¡{message}"

    def ngettext(self, msgid1: str, msgid2: str, num: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, num))


@pytest.fixture
def marked_welsh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Welsh, for `speak`, whose messages begin with a mark."""
    languages = {ENGLISH: NullTranslations(), "cy": MarkedTranslations()}
    monkeypatch.setattr(locale, "_load_catalogue", languages.__getitem__)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def server_url(shared_folder: Path) -> str:
    """The address of the server that all processes of this run share: never stop it."""
    return databases.start_server(shared_folder)


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    return load_questionnaire(QUESTIONS)


@pytest.fixture(scope="session")
def empty_template(server_url: str, shared_folder: Path) -> str:
    """The name of a template with the tables and nothing in them."""
    databases.make_template(server_url, "empty", shared_folder / "empty.lock", _migrate)
    return "empty"


@pytest.fixture(scope="session")
def engine(server_url: str, empty_template: str) -> Iterator[Engine]:
    """An installation without anything in it."""
    engine = open_engine(databases.make_copy(server_url, empty_template))
    yield engine
    engine.dispose()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session whose changes are all undone."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture(scope="session")
def loaded_template(
    server_url: str, shared_folder: Path, questionnaire: Questionnaire, pytestconfig: pytest.Config
) -> str:
    """The name of a template with the demonstration, its jobs waiting."""
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("demonstration")

    def install(url: str) -> None:
        _migrate(url)
        engine = open_engine(url)
        with Session(engine) as session:
            install_demonstration(session, questionnaire, TODAY)
            # minutes of work for authorities that no test looks at
            of_task = text("DELETE FROM procrastinate_jobs WHERE task_name = :task")
            session.execute(of_task, {"task": SETTLE_NEIGHBOURS})
            session.commit()
        engine.dispose()

    def fill(url: str) -> None:
        databases.fill_from_dump(url, folder, install)

    databases.make_template(server_url, "loaded", shared_folder / "loaded.lock", fill)
    return "loaded"


@pytest.fixture(scope="session")
def demonstration_template(server_url: str, shared_folder: Path, loaded_template: str) -> str:
    """The name of a template with the demonstration; its workbook is left unmade."""
    lock = shared_folder / "demonstration.lock"
    databases.make_template(server_url, "demonstration", lock, _delete_jobs, source=loaded_template)
    return "demonstration"


def _delete_jobs(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    engine.dispose()


@pytest.fixture(scope="session")
def demonstration_url(server_url: str, demonstration_template: str) -> str:
    """The address of a copy of the demonstration, for tests that undo what they change."""
    return databases.make_copy(server_url, demonstration_template)


@pytest.fixture
def app(server_url: str, demonstration_template: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on its own copy of the demonstration."""
    environment = {"DEMONSTRATION": "1", "MAIL_PORT": "1"}
    with open_app(server_url, demonstration_template, environment, tmp_path) as app:
        app.config["TESTING"] = True
        yield app


@contextmanager
def open_app(
    server_url: str, template: str, environment: Mapping[str, str], folder: Path
) -> Iterator[Flask]:
    """Give an application on its own copy of a template."""
    url = databases.make_copy(server_url, template)
    app = create_app(load_config({**environment, "DATABASE_URL": url}, folder))
    yield app
    app.extensions["engine"].dispose()
    databases.drop_database(url)


def run_worker(app: Flask) -> None:
    """Run the jobs there are, then stop."""
    around = jobs.gather_surroundings(app.config, app.extensions)
    renderers = Renderers(1)
    with jobs.build_worker(around, renderers).open() as queue:
        queue.run_worker(wait=False, concurrency=1, install_signal_handlers=False)
    renderers.close()


def find_free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
