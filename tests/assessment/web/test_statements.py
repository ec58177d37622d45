"""How many SQL statements each page takes: few, always as many, and none that writes."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Table, insert, select, text
from sqlalchemy.orm import Session

from assessment.core.people.memberships import Role
from assessment.storage import answers, plans, reports
from assessment.storage.models import AssessmentRow, Base
from tests.assessment.web.conftest import SignIn
from tests.assessment.web.test_access import EVERYBODY, RULES, make_path
from tests.factories import OPERATOR, make_answer
from tests.statements import count_statements

# The most that any page may take.
MAX_STATEMENTS = 12
# What a process reads on its first page beyond that: a questionnaire and an edition's frames.
READ_ONCE = 2
# The most of each page by whoever may see it, once the process has read what never changes.
# The first is who is signed in.
STATEMENTS = {
    "GET /": 2,
    "GET /privacy": 0,
    "GET /.well-known/security.txt": 0,
    "GET /accessibility": 0,
    "GET /questions": 2,
    "GET /questions.pdf": 3,
    "GET /principles/<principle_id>": 2,
    "GET /levels": 2,
    "GET /cases": 2,
    "GET /glossary": 2,
    "GET /verify": 0,
    "GET /open-data": 2,
    "GET /open-data/editions/<round_id>/<int(max=2147483647):number>.<file_format>": 3,
    "GET /api/v1/openapi.json": 2,
    "GET /api/v1/editions": 2,
    "GET /api/v1/editions/<round_id>/<int(max=2147483647):number>": 2,
    "GET /api/v1/editions/<round_id>/<int(max=2147483647):number>/figures": 3,
    "GET /sign-in": 0,
    "GET /sign-in/code": 0,
    "GET /sign-in/link/<token>": 0,
    "GET /demonstration/mailbox": 1,
    "GET /start": 6,
    "GET /account": 3,
    "GET /assessment/": 7,
    "GET /assessment/questions/<question_id>": 9,
    "GET /assessment/review": 7,
    "GET /assessment/rounds/<round_id>": 7,
    "GET /assessment/check": 7,
    "GET /assessment/submit": 6,
    "GET /assessment/activity": 7,
    "GET /results/": 9,
    "GET /results/rounds/<round_id>/": 9,
    "GET /results/rounds/<round_id>/figures.csv": 8,
    "GET /results/rounds/<round_id>/<kind>": 12,
    "GET /results/figures.csv": 8,
    "GET /results/<kind>": 12,
    "GET /results/files/<int(max=2147483647):report_id>": 2,
    "GET /results/files/<int(max=2147483647):report_id>.pdf": 4,
    "GET /plan/": 11,
    "GET /plan/actions/new": 11,
    "GET /plan/actions/<uuid:action_id>": 7,
    "GET /programme/participation/": 4,
    "GET /programme/participation/<round_id>": 4,
    "GET /programme/questions/": 4,
    "GET /programme/questions/<round_id>": 4,
    "GET /programme/background/": 4,
    "GET /programme/national/": 6,
    "GET /programme/national/<round_id>": 6,
    "GET /programme/national/<round_id>/needs.csv": 5,
    "GET /programme/national/files/<int(max=2147483647):report_id>": 2,
    "GET /programme/national/files/<int(max=2147483647):report_id>.pdf": 3,
    "GET /programme/benchmarks/": 4,
    "GET /programme/benchmarks/<round_id>/<group_kind>": 4,
    "GET /programme/benchmarks/<round_id>/<group_kind>.<file_format>": 5,
    "GET /programme/benchmarks/<round_id>/edition.xlsx": 6,
}
PAGES = [line for line in RULES if line.startswith("GET") and "<path:" not in line]
# Files that take a second, and have no page of their own to be slow for.
SLOW = "edition.xlsx"


@pytest.fixture
def filled(app_db: Session, home_id: str) -> dict[str, str]:
    """What addresses name beside `EXAMPLES`, of things that are there."""
    finished = {}
    for authority_id, kind in ((home_id, "scorecard"), (None, "national")):
        request, _ = reports.create_request(app_db, authority_id, "2025", kind, by=OPERATOR)
        reports.save_report(app_db, request.id, data="{}", pdf=b"%PDF", content_hash="")
        finished[kind] = str(request.id)
    app_db.commit()
    action_id = str(plans.read_plan(app_db, home_id).actions[0].id)
    return finished | {"action": action_id}


def address(line: str, filled: dict[str, str]) -> str:
    """Return the address of a page that is there."""
    rule = line.removeprefix("GET ")
    kind = "national" if "/programme/" in rule else "scorecard"
    rule = rule.replace("<int(max=2147483647):report_id>", filled[kind])
    rule = rule.replace("<uuid:action_id>", filled["action"])
    # the demonstration has released its first round alone
    rule = rule.replace("/editions/<round_id>", "/editions/2024")
    return make_path(rule)


def count(engine: Engine, client: FlaskClient, path: str) -> tuple[int, list[str]]:
    """Return how many statements a page takes, and those that write."""
    with count_statements(engine) as statements:
        response = client.get(path)
        response.get_data()
    assert response.status_code < 500, path
    return len(statements), [s for s in statements if not s.lstrip().startswith("SELECT")]


def list_roles(line: str) -> list[Role | None]:
    """Return those who may see a page, one of each who see the same."""
    rule = RULES[line]
    return [None] if rule == EVERYBODY else sorted(rule)


def test_pages_are_all_listed_and_none_takes_too_many():
    assert set(STATEMENTS) == set(PAGES)
    assert max(STATEMENTS.values()) <= MAX_STATEMENTS


@pytest.mark.slow
def test_pages_take_as_many_statements_as_listed_and_write_nothing(
    app: Flask, sign_in: SignIn, filled: dict[str, str]
):
    engine = app.extensions["engine"]
    clients = {role: sign_in(role) for role in (None, *Role)}
    wrong = []
    for line in PAGES:
        path = address(line, filled)
        first, _ = count(engine, clients[list_roles(line)[0]], path)
        if first > MAX_STATEMENTS + READ_ONCE:
            wrong.append(("first", line, first))
        for role in list_roles(line)[: 1 if SLOW in line else None]:
            found, writing = count(engine, clients[role], path)
            if found > STATEMENTS[line] or writing:
                wrong.append((str(role), line, found, writing))

    assert wrong == []


def copy_rows(db: Session, table: Table, given: dict[str, Any], changes: dict[str, Any]) -> None:
    """Copy the rows of a table that have these values, with changes."""
    rows = [dict(row) for row in db.execute(select(table).filter_by(**given)).mappings()]
    for row in rows:
        # numbered by the database
        row.pop("id" if isinstance(row.get("id"), int) else "", None)
        row.update(changes)
    db.execute(insert(table), rows)


def add_rounds(db: Session, home_id: str) -> None:
    """Add the ten rounds before the first, like it: with the home's answers, and an edition."""
    tables = Base.metadata.tables
    before = {"round_id": "2024"}
    of_home = select(AssessmentRow.id).filter_by(authority_id=home_id)
    old_id = db.scalar(of_home.filter_by(**before))
    for year in range(2014, 2024):
        new = {"round_id": str(year)}
        days = {"opens_on": date(year, 10, 1), "closes_on": date(year, 12, 1)}
        copy_rows(db, tables["round"], {"id": "2024"}, days | {"id": str(year), "name": str(year)})
        copy_rows(db, tables["assessment"], {"authority_id": home_id, **before}, new)
        new_id = {"assessment_id": db.scalar(of_home.filter_by(**new))}
        copy_rows(db, tables["agreed_answer"], {"assessment_id": old_id}, new_id)
        for name in ("edition", "edition_frame", "neighbour_cells"):
            copy_rows(db, tables[name], before, new)
    db.commit()


def answer_some(db: Session, home_id: str, question_ids: list[str]) -> None:
    """Answer some questions of the open round."""
    for question_id in question_ids:
        given = make_answer(question_id, 3)
        answers.save_answer(db, home_id, "2026", given, revision=0, by=OPERATOR)
    db.commit()


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.LEAD, Role.ANALYST])
def test_pages_take_as_many_statements_with_many_rounds_answers_and_groups(
    app: Flask, sign_in: SignIn, app_db: Session, home_id: str, filled: dict[str, str], role: Role
):
    engine = app.extensions["engine"]
    client = sign_in(role)
    lines = [line for line in PAGES if role in RULES[line] and SLOW not in line]
    paths = [address(line, filled) for line in lines]
    app_db.execute(text("UPDATE authority SET region = 'One', type = 'county council'"))
    answer_some(app_db, home_id, ["1.1"])
    few = {path: (count(engine, client, path), count(engine, client, path))[1] for path in paths}

    app_db.execute(text("UPDATE authority SET region = 'Region of ' || right(id, 2)"))
    answer_some(app_db, home_id, [f"{p}.{q}" for p in range(2, 6) for q in range(1, 6)])
    add_rounds(app_db, home_id)

    many = {path: (count(engine, client, path), count(engine, client, path))[1] for path in paths}
    assert few == many
