"""Bodies of another kind are turned away at one edge, before any view meets them."""

import io

from flask import Flask, request
from flask.testing import FlaskClient

from assessment.core.people.memberships import Role
from tests.assessment.web.conftest import SignIn

FORMS = ["/sign-in", "/sign-in/code", "/verify"]
OWN_FORMS = ["/assessment/questions/1.3", "/assessment/submit", "/plan/targets"]
BOUNDARY = 'multipart/form-data; boundary="x"'


def send(client: FlaskClient, path: str, body: bytes, kind: str | None, method: str = "POST"):
    """Send a body as it is, past the judge, which would add a token."""
    return FlaskClient.open(client, path, method=method, data=body, content_type=kind)


OTHER_TYPES = [
    (b"[" * 1000, "application/json"),
    (b'{"csrf_token": [{"a": {}}]}', "application/json"),
    (b"<a/>", "text/xml"),
    (b"email=a", "text/plain"),
    (b"x", "application/vnd.api+json; charset=utf-16"),
    (b"x", "nonsense"),
]
NAMELESS = [
    b"Content-Disposition: form-data",
    b'Content-Disposition: form-data; filename="a"',
    b"Content-Type: text/plain",
    b"",
]
NO_FORMS = [
    (b"--y\r\n", BOUNDARY),
    (b"", "multipart/form-data"),
    (b"--x\r\n", 'multipart/form-data; boundary="\xc3\xa9"'),
    (b"email=\xff\xfe", "application/x-www-form-urlencoded; charset=utf-16"),
]
TEXT_FIELDS = [
    ("/sign-in", "email"),
    ("/sign-in/code", "code"),
    ("/verify", "code"),
    ("/assessment/questions/1.3", "reason"),
    ("/assessment/questions/1.3", "opened"),
    ("/plan/targets", "target-leadership"),
    ("/plan/actions/00000000-0000-4000-8000-000000000001", "day"),
]


def test_bodies_of_another_type_are_named(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    for path in FORMS + OWN_FORMS:
        for body, kind in OTHER_TYPES:
            answer = send(client, path, body, kind)

            assert (answer.status_code, path, kind) == (415, path, kind)
            assert "What was sent is not one of this service’s forms." in answer.text


def test_bodies_of_json_are_never_read_for_a_token(sign_in: SignIn):
    # a thousand brackets exceed the depth that the parser of JSON takes
    for path in ("/", "/sign-in", "/verify", "/assessment/", "/nowhere"):
        answer = send(sign_in(None), path, b"[" * 1000, "application/json", method="GET")

        assert answer.status_code < 500


def test_parts_without_a_name_are_refused(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    for path in FORMS + OWN_FORMS:
        for part in NAMELESS:
            body = b"--x\r\n" + part + b"\r\n\r\nvalue\r\n--x--\r\n"

            assert (send(client, path, body, BOUNDARY).status_code, path, part) == (400, path, part)


def test_forms_that_are_none_are_refused(sign_in: SignIn):
    client = sign_in(None)
    for body, kind in NO_FORMS:
        assert send(client, "/sign-in", body, kind).status_code == 400

    part = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\r\n'
    assert send(client, "/sign-in", part * 1001 + b"--x--\r\n", BOUNDARY).status_code == 413


def test_files_in_the_place_of_text_are_refused(sign_in: SignIn):
    client = sign_in(Role.LEAD)
    for path, field in TEXT_FIELDS:
        answer = client.post(path, data={field: (io.BytesIO(b"5"), "a.txt")})

        assert answer.status_code == 400
        assert "A file was sent where the form asks for text." in answer.text


def test_null_characters_are_in_no_text(app: Flask):
    context = app.test_request_context("/?a\0=%00b", method="POST", data={"c\0": "\0d\0"})

    with context:
        assert request.args.to_dict() == {"a": "b"}
        assert request.form.to_dict() == {"c": "d"}


def test_cookies_of_others_are_not_read(app: Flask):
    # the sign-in library compares the two halves of this one, which must be ASCII to it
    headers = {"Cookie": "remember_token=1|\xff; session=a"}
    client = app.test_client(use_cookies=False)

    assert client.get("/sign-in", headers=headers).status_code == 200
    with app.test_request_context(headers=headers):
        assert request.cookies.to_dict() == {"session": "a"}
