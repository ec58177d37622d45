"""Checking a printed report by its code, as anybody."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from assessment.core.documents.verification_codes import format_code
from assessment.storage import reports
from assessment.web.views.verifying import MAX_REPORT
from reports.authority.data import to_json
from tests.assessment.web.conftest import SignIn
from tests.factories import OPERATOR
from tests.reports.factories import make_report

PDF = b"%PDF-as-it-was-made"


@pytest.fixture
def code(app_db: Session, home_id: str) -> str:
    """The code of a finished report of two principles, both 3.0."""
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by=OPERATOR)
    data = to_json(make_report((3,)))
    reports.save_report(app_db, request.id, data=data, pdf=PDF, content_hash="cd" * 32)
    app_db.commit()
    return request.code


def test_verify_codes_are_limited_however_they_are_sent(sign_in: SignIn, code: str):
    client = sign_in(None)

    def ask(method: str) -> int:
        # past the judge, for whom a page without a body is none
        return FlaskClient.open(client, f"/verify?code={code}", method=method).status_code

    statuses = [ask(("GET", "HEAD")[number % 2]) for number in range(40)]
    statuses += [client.post("/verify", data={"code": code}).status_code for _ in range(20)]

    assert statuses == [200] * 60
    assert [ask("GET"), ask("HEAD")] == [429, 429]
    assert client.post("/verify", data={"code": code}).status_code == 429
    # the form alone tells nothing
    assert client.get("/verify").status_code == 200


def test_verify_confirms_what_the_report_is_and_shows_no_score(sign_in: SignIn, code: str):
    page = sign_in(None).get(f"/verify?code={code}").text

    for said in ("Scorecard", "Exampleshire", "Edition 1 of round 2026", "23 November 2026"):
        assert said in page
    assert "cd" * 32 in page
    assert format_code(code) in page
    assert "Principle 1" not in page
    assert "Developing" not in page


def test_verify_code_as_people_type_and_paste_it(sign_in: SignIn, code: str):
    for dash in ("-", "\u2013", "\u2212", "\u2011", "\u00a0", "\u200b", "\u00ad\n"):
        typed = format_code(code).lower().replace("-", dash)

        assert "one of ours" in sign_in(None).post("/verify", data={"code": typed}).text


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "<script>", "x" * 3000, "%00"])
def test_verify_unknown_code_says_what_to_do(sign_in: SignIn, typed: str):
    page = sign_in(None).get(f"/verify?code={typed}").text

    assert "No report has this code." in page
    assert "There is a problem" in page


@pytest.mark.parametrize(
    ("file", "said"),
    [(PDF, "exactly the one that we made"), (PDF + b" ", "is another one, or it was altered")],
)
def test_verify_file_is_compared(sign_in: SignIn, code: str, file: bytes, said: str):
    form = {"code": code, "file": (io.BytesIO(file), "scorecard.pdf")}

    page = sign_in(None).post("/verify", data=form, content_type="multipart/form-data").text

    assert said in page


def send_file(client: FlaskClient, path: str, code: str, file: bytes) -> TestResponse:
    """Send a form with a file, put together by hand: the test client would leave files open."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token
    texts = {"csrf_token": token[1], "code": code}
    name = b'--x\r\nContent-Disposition: form-data; name="'
    parts = [name + f'{key}"\r\n\r\n{text}\r\n'.encode() for key, text in texts.items()]
    parts.append(name + b'file"; filename="a.pdf"\r\n\r\n' + file + b"\r\n--x--\r\n")
    kind = "multipart/form-data; boundary=x"
    return FlaskClient.open(client, path, method="POST", data=b"".join(parts), content_type=kind)


def test_verify_takes_a_file_as_large_as_any_report(sign_in: SignIn, code: str):
    largest = b"%PDF" + b"a" * (MAX_REPORT - 2000)

    page = send_file(sign_in(None), "/verify", code, largest)

    assert "is another one, or it was altered" in page.text


def test_verify_larger_file_is_refused_and_so_is_a_large_form_elsewhere(sign_in: SignIn):
    for path, size in (("/verify", MAX_REPORT + 1), ("/sign-in", 1_000_001)):
        assert send_file(sign_in(None), path, "", b"a" * size).status_code == 413


def test_verify_report_that_is_not_ready_is_unknown(
    app: Flask, app_db: Session, sign_in: SignIn, home_id: str
):
    request, _ = reports.create_request(app_db, home_id, "2025", "improvement", by=OPERATOR)
    app_db.commit()

    assert "No report has this code." in sign_in(None).get(f"/verify?code={request.code}").text
