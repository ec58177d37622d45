"""An installation of an earlier release is brought over whole.

`tests/data/release-0016.sql` was left by the release of that revision: people of one name, one who
moved, one who left; answers given, brought over and cleared; assessments submitted, reopened and
imported; plans, editions with their neighbours, reports.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from assessment.storage.database import open_engine
from tests import databases

RELEASE = "0016"


@pytest.fixture(scope="module")
def released(server_url: str) -> Iterator[Engine]:
    """An installation of the release, brought to the newest tables."""
    url = databases.make_copy(server_url, "template1")
    databases.load_release(url, RELEASE)
    databases.migrate_to(url, "head")
    engine = open_engine(url)
    yield engine
    engine.dispose()
    databases.drop_database(url)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("authority", 48),
        ("round", 3),
        ("assessment", 55),
        ("agreed_answer", 329),
        ("cleared_answer", 1),
        ("answer", 17),
        ("target", 1),
        ("planned_action", 1),
        ("audit_event", 61),
        ("edition", 2),
        ("report", 5),
        ("browser_session", 1),
    ],
)
def test_migrate_from_a_release_keeps_every_row(released: Engine, table: str, rows: int):
    with released.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == rows  # noqa: S608
