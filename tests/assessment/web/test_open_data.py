"""The API v1 and the files of open data, as a program and as a person meet them."""

import json

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings

from assessment.locale import speak
from tests.assessment.web.conftest import SignIn

FIGURES = "/api/v1/editions/2024/1/figures"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A program without an account."""
    return app.test_client()


def test_api_answers_as_it_is_described(app: Flask):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]

    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=25, deadline=None, derandomize=True)
        def attempt(case: schemathesis.Case) -> None:
            case.call_and_validate()

        attempt()

    assert len(operations) == 3


def test_editions_are_read_by_following_the_links(client: FlaskClient):
    editions = client.get("/api/v1/editions").json["items"]
    assert [(e["round_id"], e["number"]) for e in editions] == [("2024", 1)]

    rows, address = [], f"{FIGURES}?page_size=500"
    while address:
        answer = client.get(address).json
        rows += answer["items"]
        address = answer["next"]

    assert len(rows) == answer["total"] > 1000
    assert len({(r["group_kind"], r["group_id"], r["item_id"]) for r in rows}) == len(rows)


@pytest.mark.usefixtures("marked_welsh")
def test_problem_is_in_english_whatever_the_language(client: FlaskClient):
    with speak("cy"):
        answer = client.get("/api/v1/editions/2025/1")

    assert answer.json["detail"] == "There is no edition 1 of round 2025 here."


def test_unreleased_edition_is_a_problem_that_says_so(client: FlaskClient):
    for path in ("/api/v1/editions/2025/1", "/api/v1/editions/2025/1/figures"):
        answer = client.get(path)

        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert answer.json["detail"] == "There is no edition 1 of round 2025 here."


@pytest.mark.parametrize(
    ("query", "parameter", "status"),
    [
        ("page=0", "page", 400),
        ("page=-1", "page", 400),
        ("page=one", "page", 400),
        ("page=٣", "page", 400),
        ("page=99999999999999999999", "page", 400),
        ("page=500", "page", 404),
        ("page_size=501", "page_size", 400),
        ("page=1&page=2", "page", 400),
        ("colour=red", "colour", 400),
        ("group_kind=street", "group_kind", 404),
        ("item_id=<script>", "item_id", 404),
    ],
)
def test_wrong_parameter_is_a_problem_that_names_it(
    client: FlaskClient, query: str, parameter: str, status: int
):
    answer = client.get(f"{FIGURES}?{query}")

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["parameter"] == parameter


def test_answers_are_kept_by_their_etag_and_set_no_cookie(client: FlaskClient):
    first = client.get(FIGURES)
    again = client.get(FIGURES, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(f"{FIGURES}?page=2")

    assert not first.headers["ETag"].startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
    assert other.headers["ETag"] != first.headers["ETag"]
    for answer in (first, again):
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(client: FlaskClient, method: str):
    answer = client.open("/api/v1/editions", method=method)

    assert answer.status_code in {400, 405}
    assert answer.content_type == "application/problem+json"


def test_unknown_address_is_a_problem(client: FlaskClient):
    answer = client.get("/api/v1/nothing")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("file_format", ["csv", "json", "xlsx"])
def test_files_have_a_name_and_are_of_their_kind(client: FlaskClient, file_format: str):
    answer = client.get(f"/open-data/editions/2024/1.{file_format}")

    name = f"benchmark-2024-edition-1.{file_format}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    begins = {"csv": b"edition,group_kind", "json": b'{\n "edition"', "xlsx": b"PK"}
    assert answer.data.startswith(begins[file_format])


def test_page_lists_released_editions_with_their_files(sign_in: SignIn):
    page = sign_in(None).get("/open-data")

    assert "Edition 1 of round 2024" in page.text
    assert "of round 2025" not in page.text
    assert '"/open-data/editions/2024/1.xlsx"' in page.text


def test_description_explains_every_column(client: FlaskClient):
    schemas = json.loads(client.get("/api/v1/openapi.json").data)["components"]["schemas"]

    assert {"EditionFile", "EditionPage", "FigurePage", "FigureRow", "Problem"} <= set(schemas)
    assert all("description" in column for column in schemas["FigureRow"]["properties"].values())
