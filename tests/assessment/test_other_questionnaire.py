"""A questionnaire of three principles, unequal weights and four or six levels, from end to end."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment import clock
from assessment.core.answers.rounds import Round
from assessment.core.people.memberships import Membership, Role
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.services.answering import importing, submitting, surveys
from assessment.services.editions import benchmarking, cutting, releasing
from assessment.services.people import accounts, signing_in
from assessment.services.questionnaires import publishing
from assessment.services.reports import reporting
from assessment.services.rounds import scheduling
from assessment.storage import authorities
from assessment.web.config import load_config
from assessment.web.factory import create_app
from reports.authority.seal import Seal
from reports.render import ReportKind, render_pdf
from tests import databases
from tests.assessment.commands.running import NOWHERE
from tests.assessment.web.judge import JudgingClient
from tests.conftest import TODAY
from tests.factories import LEVEL_NAMES, OPERATOR, make_authority, make_questionnaire

pytestmark = pytest.mark.slow

# A01 answers on pages, the others' answers come from a file: level after level, in turn.
IDS = [f"A{number:02}" for number in range(1, 26)]


def make_other(levels: int) -> Questionnaire:
    """Make the questionnaire: the first question of each principle weighs three times as much."""
    questionnaire = make_questionnaire(principles=3, questions=2, levels=levels)
    principles = tuple(
        replace(p, questions=(replace(p.questions[0], weight=3.0), p.questions[1]))
        for p in questionnaire.principles
    )
    return replace(questionnaire, principles=principles)


@pytest.fixture
def app(server_url: str, empty_template: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an installation without anything in it."""
    url = databases.make_copy(server_url, empty_template)
    app = create_app(load_config(NOWHERE | {"DATABASE_URL": url}, tmp_path))
    app.config["TESTING"] = True
    app.test_client_class = JudgingClient
    yield app
    app.extensions["engine"].dispose()
    databases.drop_database(url)


def install(db: Session, questionnaire: Questionnaire) -> tuple[Membership, Membership]:
    """Install twenty-five counties and an open round; return the lead of A01 and an analyst."""
    register = [make_authority(id=id_, name=f"County {id_}") for id_ in IDS]
    authorities.save_register(db, register, version="test", simulated=False)
    publishing.publish_questionnaire(db, questionnaire, by=OPERATOR)
    days = (date(2026, 11, 1), date(2026, 12, 31))
    scheduling.open_round(db, Round("2026", "Round 2026", *days, "test-1"), by=OPERATOR)
    levels = len(questionnaire.levels)
    lines = [
        f"{id_},{question},{1 + number % levels}"
        for number, id_ in enumerate(IDS[1:])
        for question in questionnaire.question_ids
    ]
    file = "\n".join(["authority_code,question_id,level", *lines]).encode()
    importing.import_responses(db, file, "a.csv", "2026", counted=True, by=OPERATOR)
    lead = ("lead@a01.example", "Jo Lead", Role.LEAD, "A01")
    analyst = ("analyst@programme.example", "Ana Lyst", Role.ANALYST, None)
    people = [
        accounts.create_account(db, *one, today=TODAY, by=OPERATOR) for one in (lead, analyst)
    ]
    return people[0], people[1]


def sign_in(app: Flask, account: Membership) -> FlaskClient:
    client = app.test_client()
    with app.extensions["database"].begin() as db:
        key = signing_in.begin_session(db, account.person, now=clock.now())
    client.authority_id = account.authority_id
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    return client


def answer(app: Flask, lead: Membership, questionnaire: Questionnaire) -> None:
    """Answer on pages, the highest and the lowest level by turns; a level more is refused."""
    levels = len(questionnaire.levels)
    client = sign_in(app, lead)
    page = client.get("/assessment/questions/1.1").text
    assert f'value="{levels}"' in page
    assert f'value="{levels + 1}"' not in page
    assert LEVEL_NAMES[levels - 1] in page
    for question in questionnaire.question_ids:
        level = levels if question.endswith(".1") else 1
        data = {"choice": str(level), "revision": "0"}
        assert client.post(f"/assessment/questions/{question}", data=data).status_code == 302
    data = {"choice": str(levels + 1), "revision": "1"}
    assert "There is a problem" in client.post("/assessment/questions/1.1", data=data).text
    assert client.get("/assessment/check").status_code == 200


def close(db: Session, lead: Membership) -> None:
    """Submit, let the round end, cut its edition and release it."""
    survey = surveys.read_survey(db, "A01", TODAY)
    submitting.submit(db, survey, seen=survey.seen, counted=True, by=lead.actor)
    over = {"day": TODAY - timedelta(days=1)}
    db.execute(text("UPDATE round SET closes_on = :day"), over)
    db.expire_all()
    cutting.cut_edition(db, "2026", TODAY, by=OPERATOR)
    releasing.release_edition(db, "2026", None, TODAY, by=OPERATOR)
    assert benchmarking.audit_newest_edition(db, "2026").exposed == ()


@pytest.mark.parametrize("levels", [4, 6])
def test_other_questionnaire_from_survey_to_files(app: Flask, levels: int):
    questionnaire = make_other(levels)
    with app.extensions["database"].begin() as db:
        lead, analyst = install(db, questionnaire)
    answer(app, lead, questionnaire)
    with app.extensions["database"].begin() as db:
        close(db, lead)

    # results and reports: three quarters of the highest level and a quarter of the first
    with app.extensions["database"]() as db:
        page = reporting.read_report(db, "A01", TODAY)
    assert page is not None
    report = page.data
    assert report.overall.score == (3 * levels + 1) / 4
    assert len(report.principles) == 3
    seal = Seal("ABCDEFGHJKMN", "https://example.org/verify", "0" * 64)
    for kind in (ReportKind.SCORECARD, ReportKind.IMPROVEMENT):
        assert render_pdf(report, kind, seal).startswith(b"%PDF")
    assert sign_in(app, lead).get("/results/").status_code == 200

    # files and API: 24 others took each level in turn, A01 the highest of 1.1
    names = [f"percent_{number}" for number in range(1, levels + 1)]
    at_each = [24 // levels] * (levels - 1) + [24 // levels + 1]
    expected = [int(100 * count / 25 + 0.5) for count in at_each]
    public = app.test_client()
    address = "/api/v1/editions/2026/1/figures?group_kind=all&item_id=1.1"
    row = public.get(address).get_json()["items"][0]
    assert [row[name] for name in names] == expected
    assert f"percent_{levels + 1}" not in row
    described = public.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    assert set(row) == set(described["FigureRow"]["properties"])
    rows = csv.DictReader(io.StringIO(public.get("/open-data/editions/2026/1.csv").text))
    everybody = next(r for r in rows if (r["group_kind"], r["item_id"]) == ("all", "1.1"))
    assert [int(everybody[name]) for name in names] == expected
    book = load_workbook(io.BytesIO(public.get("/open-data/editions/2026/1.xlsx").data))
    heads = [str(cell) for row in book["All"].iter_rows(values_only=True) for cell in row]
    assert any(head.startswith(f"Percent at level {levels}, ") for head in heads)

    # the programme's pages name the highest level
    programme = sign_in(app, analyst)
    for path in ("/programme/benchmarks/2026/all", "/programme/national/"):
        assert LEVEL_NAMES[levels - 1] in programme.get(path).text, path
