"""The files of released editions: made once, sent from the database, taken away if withdrawn."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from assessment.core.people.memberships import Role
from assessment.services.editions import open_data, releasing
from assessment.web.limits import MAX_OPEN_DATA
from tests import databases
from tests.assessment.web.conftest import SignIn
from tests.factories import OPERATOR

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 24)
SPREADSHEET = "/open-data/editions/2024/1.xlsx"
ADDRESSES = [f"/open-data/editions/2024/1.{name}" for name in ("csv", "json", "xlsx")]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program without an account."""
    return app.test_client()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The formats of the files that were made, in their order."""
    formats: list[str] = []
    render: Callable[..., bytes] = releasing.render_file

    def count(db: Session, edition: Any, file_format: str) -> bytes:
        formats.append(file_format)
        return render(db, edition, file_format)

    monkeypatch.setattr(releasing, "render_file", count)
    return formats


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends to its database."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    yield sent
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def release(db: Session) -> None:
    releasing.release_edition(db, "2025", 1, TODAY, by=OPERATOR)
    db.commit()


def forget_files(db: Session) -> None:
    """Leave editions as they were released before files were stored."""
    db.execute(text("DELETE FROM edition_file"))
    db.commit()


def count_files(db: Session, round_id: str) -> int:
    query = text("SELECT count(*) FROM edition_file WHERE round_id = :round_id")
    return int(db.execute(query, {"round_id": round_id}).scalar_one())


def test_release_makes_each_file_once_and_requests_make_none(
    app_db: Session, client: FlaskClient, made: list[str]
):
    release(app_db)
    assert made == ["csv", "json", "xlsx"]

    for file_format in ("csv", "json", "xlsx"):
        address = f"/open-data/editions/2025/1.{file_format}"
        first, second = client.get(address), client.get(address)

        assert (first.status_code, second.status_code) == (200, 200)
        assert first.data == second.data
        assert first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    assert made == ["csv", "json", "xlsx"]


def test_release_stores_what_the_programme_exported_before(app_db: Session, client: FlaskClient):
    name, exported = open_data.export_spreadsheet(app_db, "2025")

    release(app_db)

    response = client.get("/open-data/editions/2025/1.xlsx")
    assert response.data == exported
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_programme_reads_the_stored_spreadsheet_of_a_released_edition(
    app_db: Session, sign_in: SignIn, made: list[str]
):
    release(app_db)
    analyst = sign_in(Role.ANALYST)

    files = {analyst.get("/programme/benchmarks/2025/edition.xlsx").data for _ in range(2)}

    assert files == {analyst.get("/open-data/editions/2025/1.xlsx").data}
    assert made == ["csv", "json", "xlsx"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"other", "{}"'])
def test_file_that_is_known_is_not_read(
    client: FlaskClient, statements: list[str], address: str, known: str
):
    first = client.get(address)
    assert any("edition_file.content" in statement for statement in statements)
    statements.clear()

    known = known.format(first.headers["ETag"].strip('"'))
    again = client.get(address, headers={"If-None-Match": known})

    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Type" not in again.headers
    assert not any("edition_file.content" in statement for statement in statements)
    for response in (first, again):
        assert response.headers["ETag"] == first.headers["ETag"]
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert not {"Set-Cookie", "Vary"} & set(response.headers.keys())


def test_file_with_another_etag_is_sent(client: FlaskClient):
    response = client.get(SPREADSHEET, headers={"If-None-Match": '"other"'})

    assert (response.status_code, response.data[:2]) == (200, b"PK")


def test_file_that_is_not_stored_is_not_there_and_none_is_made(
    app_db: Session, client: FlaskClient, made: list[str]
):
    forget_files(app_db)

    assert client.get(SPREADSHEET).status_code == 404

    assert (made, count_files(app_db, "2024")) == ([], 0)


def test_migrate_makes_the_files_that_released_editions_lack(
    app: Flask, app_db: Session, client: FlaskClient, made: list[str]
):
    before = [client.get(address).data for address in ADDRESSES]
    forget_files(app_db)

    results = [app.test_cli_runner().invoke(args=["migrate"]) for _ in range(2)]

    assert [(one.exit_code, one.output) for one in results] == [(0, "")] * 2
    assert [client.get(address).data for address in ADDRESSES] == before
    assert made == ["csv", "json", "xlsx"]


def test_withdrawal_deletes_the_files(app_db: Session, client: FlaskClient):
    release(app_db)
    assert count_files(app_db, "2025") == 3

    releasing.withdraw_release(app_db, "2025", 1, "Wrong.", TODAY, by=OPERATOR)
    app_db.commit()

    assert count_files(app_db, "2025") == 0
    assert client.get("/open-data/editions/2025/1.xlsx").status_code == 410
    assert count_files(app_db, "2025") == 0
    assert count_files(app_db, "2024") == 3


def test_files_are_not_made_of_an_edition_that_is_withdrawn_meanwhile(
    app: Flask, app_db: Session, made: list[str]
):
    forget_files(app_db)
    releasing.withdraw_release(app_db, "2024", 1, "Wrong.", TODAY, by=OPERATOR)

    with ThreadPoolExecutor(1) as pool:
        migrated = pool.submit(app.test_cli_runner().invoke, args=["migrate"])
        databases.wait_for_lock(app.extensions["engine"])
        app_db.commit()
        assert migrated.result().exit_code == 0

    assert (made, count_files(app_db, "2024")) == ([], 0)


def test_files_are_limited_for_one_client_and_not_for_another(client: FlaskClient):
    most = int(MAX_OPEN_DATA.split()[0])
    known = {"If-None-Match": client.get(SPREADSHEET).headers["ETag"]}

    statuses = {client.get(SPREADSHEET, headers=known).status_code for _ in range(most - 1)}

    assert statuses == {304}
    refused = client.get(SPREADSHEET, headers=known)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    other = client.get(SPREADSHEET, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert other.status_code == 200
