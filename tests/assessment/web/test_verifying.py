"""Checking a printed report by its code, as anybody."""

import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assessment.core.codes import format_code
from assessment.storage import reports
from reports.data import to_json
from tests.assessment.web.conftest import SignIn
from tests.reports.factories import make_report

PDF = b"%PDF-as-it-was-made"


@pytest.fixture
def code(app_db: Session, home_id: str) -> str:
    """The code of a finished report of two principles, both 3.0."""
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by="test")
    data = to_json(make_report((3,)))
    reports.save_report(app_db, request.id, data=data, pdf=PDF, content_hash="cd" * 32)
    app_db.commit()
    return request.code


def test_verify_confirms_what_the_report_is_and_shows_no_score(sign_in: SignIn, code: str):
    page = sign_in(None).get(f"/verify?code={code}").text

    for said in ("Scorecard", "Exampleshire", "Edition 1 of round 2026", "23 November 2026"):
        assert said in page
    assert "cd" * 32 in page
    assert format_code(code) in page
    assert "Principle 1" not in page
    assert "Developing" not in page


def test_verify_code_as_people_type_it(sign_in: SignIn, code: str):
    typed = format_code(code).lower()

    assert "one of ours" in sign_in(None).get(f"/verify?code={typed}").text


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


def test_verify_report_that_is_not_ready_is_unknown(
    app: Flask, app_db: Session, sign_in: SignIn, home_id: str
):
    request, _ = reports.create_request(app_db, home_id, "2025", "improvement", by="test")
    app_db.commit()

    assert "No report has this code." in sign_in(None).get(f"/verify?code={request.code}").text
