"""Every route and its rule; every route tried as every role."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from assessment.core.people.memberships import Role
from assessment.services.reports import reporting
from assessment.storage import answers, reports
from tests.assessment.web.conftest import SignIn
from tests.factories import OPERATOR

EVERYBODY = "everybody"
CONTRIBUTOR, LEAD, SIGNATORY, READER = Role.CONTRIBUTOR, Role.LEAD, Role.SIGNATORY, Role.READER
AUTHORITY = {CONTRIBUTOR, LEAD, SIGNATORY, READER}
PROGRAMME = {Role.ANALYST, Role.ADMINISTRATOR}

RULES = {
    "GET /": EVERYBODY,
    "GET /privacy": EVERYBODY,
    "GET /.well-known/security.txt": EVERYBODY,
    "GET /accessibility": EVERYBODY,
    "GET /questions": EVERYBODY,
    "GET /questions.pdf": EVERYBODY,
    "GET /principles/<principle_id>": EVERYBODY,
    "GET /levels": EVERYBODY,
    "GET /cases": EVERYBODY,
    "GET /glossary": EVERYBODY,
    "GET /verify": EVERYBODY,
    "POST /verify": EVERYBODY,
    "GET /open-data": EVERYBODY,
    "GET /open-data/editions/<round_id>/<int(max=2147483647):number>.<file_format>": EVERYBODY,
    "GET /api/v1/openapi.json": EVERYBODY,
    "GET /api/v1/editions": EVERYBODY,
    "GET /api/v1/editions/<round_id>/<int(max=2147483647):number>": EVERYBODY,
    "GET /api/v1/editions/<round_id>/<int(max=2147483647):number>/figures": EVERYBODY,
    "GET /static/<path:filename>": EVERYBODY,
    "GET /results/static/<path:filename>": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "GET /sign-in/code": EVERYBODY,
    "POST /sign-in/code": EVERYBODY,
    "GET /sign-in/link/<token>": EVERYBODY,
    "POST /sign-in/link/<token>": EVERYBODY,
    "POST /demonstration/enter/<person>": EVERYBODY,
    "GET /demonstration/mailbox": EVERYBODY,
    "POST /sign-out": AUTHORITY | PROGRAMME,
    "GET /account": AUTHORITY | PROGRAMME,
    "POST /account/sessions": AUTHORITY | PROGRAMME,
    "GET /start": AUTHORITY | PROGRAMME,
    "GET /assessment/": AUTHORITY,
    "GET /assessment/questions/<question_id>": AUTHORITY,
    "POST /assessment/questions/<question_id>": {CONTRIBUTOR, LEAD},
    "POST /assessment/questions/<question_id>/clear": {CONTRIBUTOR, LEAD},
    "POST /assessment/bring-over": {CONTRIBUTOR, LEAD},
    "GET /assessment/review": AUTHORITY,
    "GET /assessment/rounds/<round_id>": AUTHORITY,
    "POST /assessment/confirm": {CONTRIBUTOR, LEAD},
    "GET /assessment/check": AUTHORITY,
    "GET /assessment/submit": {LEAD, SIGNATORY},
    "POST /assessment/submit": {LEAD, SIGNATORY},
    "GET /assessment/activity": AUTHORITY,
    "GET /results/": AUTHORITY,
    "GET /results/rounds/<round_id>/": AUTHORITY,
    "GET /results/rounds/<round_id>/figures.csv": AUTHORITY,
    "GET /results/rounds/<round_id>/<kind>": AUTHORITY,
    "POST /results/rounds/<round_id>/<kind>/ask": AUTHORITY,
    "GET /results/figures.csv": AUTHORITY,
    "GET /results/<kind>": AUTHORITY,
    "POST /results/<kind>/ask": AUTHORITY,
    "GET /results/files/<int(max=2147483647):report_id>": AUTHORITY,
    "GET /results/files/<int(max=2147483647):report_id>.pdf": AUTHORITY,
    "GET /plan/": AUTHORITY,
    "POST /plan/targets": {CONTRIBUTOR, LEAD, SIGNATORY},
    "GET /plan/actions/new": {CONTRIBUTOR, LEAD, SIGNATORY},
    "GET /plan/actions/<uuid:action_id>": {CONTRIBUTOR, LEAD, SIGNATORY},
    "POST /plan/actions/<uuid:action_id>": {CONTRIBUTOR, LEAD, SIGNATORY},
    "POST /plan/actions/<uuid:action_id>/remove": {CONTRIBUTOR, LEAD, SIGNATORY},
    "GET /programme/participation/": PROGRAMME,
    "GET /programme/participation/<round_id>": PROGRAMME,
    "GET /programme/questions/": PROGRAMME,
    "GET /programme/questions/<round_id>": PROGRAMME,
    "GET /programme/background/": PROGRAMME,
    "GET /programme/national/": PROGRAMME,
    "GET /programme/national/<round_id>": PROGRAMME,
    "GET /programme/national/<round_id>/needs.csv": PROGRAMME,
    "POST /programme/national/<round_id>/ask": PROGRAMME,
    "GET /programme/national/files/<int(max=2147483647):report_id>": PROGRAMME,
    "GET /programme/national/files/<int(max=2147483647):report_id>.pdf": PROGRAMME,
    "GET /programme/benchmarks/": PROGRAMME,
    "GET /programme/benchmarks/<round_id>/<group_kind>": PROGRAMME,
    "GET /programme/benchmarks/<round_id>/<group_kind>.<file_format>": PROGRAMME,
    "GET /programme/benchmarks/<round_id>/edition.xlsx": PROGRAMME,
}
EXAMPLES = {
    "<question_id>": "1.1",
    "<principle_id>": "leadership",
    "<kind>": "scorecard",
    "<int(max=2147483647):report_id>": "999999",
    "<round_id>": "2025",
    "<int(max=2147483647):number>": "1",
    "<group_kind>": "type",
    "<uuid:action_id>": "00000000-0000-4000-8000-000000000001",
    "<file_format>": "csv",
    "<token>": "x",
    "<person>": "nobody",
    "<path:filename>": "app.css",
}


def make_path(rule: str) -> str:
    for name, example in EXAMPLES.items():
        rule = rule.replace(name, example)
    return rule


def test_routes_every_one_has_a_rule_listed_here(app: Flask):
    methods = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert methods == set(RULES)


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *Role])
def test_routes_let_in_whom_their_rule_names(app: Flask, sign_in: SignIn, role: Role | None):
    wrong = []
    for line, rule in RULES.items():
        method, path = line.split(" ", 1)
        if "static" in path or path == "/sign-out":
            continue
        response = sign_in(role).open(make_path(path), method=method)
        to_sign_in = response.status_code == 302 and "/sign-in" in response.location
        refused = response.status_code in {401, 403}
        may_enter = rule == EVERYBODY or role in rule
        is_shut = refused or (to_sign_in and rule != EVERYBODY)
        if may_enter == is_shut or response.status_code >= 500:
            wrong.append((line, response.status_code))

    assert wrong == []


def test_reports_of_another_authority_are_not_found(
    app_db: Session, sign_in: SignIn, home_id: str, other_id: str
):
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by=OPERATOR)
    reports.save_report(app_db, request.id, data="{}", pdf=b"%PDF-secret", content_hash="")
    app_db.commit()

    for path in (f"/results/files/{request.id}", f"/results/files/{request.id}.pdf"):
        assert sign_in(Role.LEAD).get(path).status_code == 200
        for role in AUTHORITY:
            assert sign_in(role, other_id).get(path).status_code == 404


def test_answers_of_another_authority_are_not_shown(
    app_db: Session, sign_in: SignIn, home_id: str, other_id: str
):
    page = sign_in(Role.LEAD, other_id).get("/assessment/check").get_data(as_text=True)

    assert answers.read_answers(app_db, home_id, "2025")
    assert "Northmere County Council" not in page


def test_programme_pages_hold_no_report_and_no_answer(sign_in: SignIn):
    assert reporting.KINDS == ("scorecard", "improvement", "shareable")
    for kind in reporting.KINDS:
        assert sign_in(Role.ADMINISTRATOR).get(f"/results/{kind}").status_code == 403


@pytest.mark.parametrize("line", [line for line in RULES if line.startswith("POST")])
def test_forms_forged_elsewhere_touch_no_session(app: Flask, line: str):
    # A browser holds its cookie back from a form of another site.
    forged = app.test_client().post(
        make_path(line.removeprefix("POST ")), headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert forged.status_code in {400, 401}
    assert "Set-Cookie" not in forged.headers


@pytest.mark.parametrize("line", [line for line in RULES if line.startswith("POST")])
def test_forms_without_their_token_are_refused(app: Flask, sign_in: SignIn, line: str):
    client = sign_in(Role.ANALYST if RULES[line] == PROGRAMME else Role.LEAD)

    response = FlaskClient.open(client, make_path(line.removeprefix("POST ")), method="POST")

    assert response.status_code == 400
    assert "out of date" in response.text
