"""The commands, on a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.services import accounts, publishing, requesting, round_reports
from assessment.storage import assessments, audit, authorities, questionnaires, queue, rounds
from assessment.web.config import load_config
from assessment.web.factory import create_app
from tests.conftest import TODAY, make_database

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"
QUESTIONS = Path(__file__).parents[2] / "questions.yaml"
NOWHERE = {"DATABASE_URL": "postgresql://nowhere/x", "SECRET_KEY": "s"}


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def empty_app(server_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without tables."""
    url = make_database(server_url, f"bare_{abs(hash(tmp_path))}")
    app = create_app(load_config(NOWHERE | {"DATABASE_URL": url}, tmp_path))
    yield app
    app.extensions["engine"].dispose()


def test_init_makes_a_real_installation_without_responses(empty_app: Flask):
    result = run(empty_app, "init")

    assert result.exit_code == 0, result.output
    with empty_app.extensions["database"]() as db:
        # 397 authorities of today and 73 former ones
        register = authorities.read_authorities(db)
        assert len(register) == 470
        assert sum(1 for authority in register if authority.ended_on is None) == 397
        assert not authorities.read_simulated(db)
        assert questionnaires.read_published_versions(db) == ["2026.1"]
        assert rounds.read_rounds(db) == []


def test_init_twice_changes_nothing_and_says_so(empty_app: Flask):
    run(empty_app, "init")

    result = run(empty_app, "init")

    assert result.exit_code == 1
    assert "loaded already" in result.output


def test_questionnaire_check_good_file_is_status_0():
    app = create_app(load_config(NOWHERE, Path()))

    result = run(app, "questionnaire", "check", str(SMALL))

    assert result.exit_code == 0
    assert "1 principles, 2 questions, no mistakes" in result.output


def test_questionnaire_check_bad_file_names_file_line_and_field(tmp_path: Path):
    app = create_app(load_config(NOWHERE, Path()))
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.read_text().replace("title: First", "titel: First"))

    result = run(app, "questionnaire", "check", str(bad))

    assert result.exit_code == 1
    line = SMALL.read_text().splitlines().index("        title: First") + 1
    assert (
        f"bad.yaml: line {line}: principles[1].questions[1].titel: is not a field" in result.output
    )


def test_questionnaire_check_style_counts_sources_of_each_question(app: Flask):
    result = run(app, "questionnaire", "check", "--style", str(QUESTIONS))

    assert result.exit_code == 0
    rows = [line.split() for line in result.output.splitlines() if line[:2].strip(".123456") == ""]
    assert len([row for row in rows if row]) == 36
    assert "Nothing to look at again." in result.output


def test_questionnaire_check_style_remarks_are_status_1():
    app = create_app(load_config(NOWHERE, Path()))

    result = run(app, "questionnaire", "check", "--style", str(SMALL))

    assert result.exit_code == 1
    assert "1.1 level 1: should have 15 to 45 words" in result.output


def test_questionnaire_check_style_without_its_library_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
):
    app = create_app(load_config(NOWHERE, Path()))
    monkeypatch.setattr("assessment.cli.find_spec", lambda _: None)

    result = run(app, "questionnaire", "check", "--style", str(SMALL))

    assert result.exit_code == 1
    assert "run make check once" in result.output


def test_questionnaire_diff_tells_what_becomes_of_each_answer(app: Flask, tmp_path: Path):
    changed = tmp_path / "changed.yaml"
    text = QUESTIONS.read_text().replace("Do named leaders own", "Do named people own")
    changed.write_text(text.replace('version: "2026.1"', 'version: "2027.1"'))

    result = run(app, "questionnaire", "diff", "2026.1", str(changed))

    assert result.exit_code == 0
    assert "1.1    needs a second look  Sponsorship; changed: text" in result.output
    assert "35 carries over" in result.output


def test_questionnaire_diff_unknown_version_is_status_1(app: Flask):
    result = run(app, "questionnaire", "diff", "1066", "2026.1")

    assert (result.exit_code, result.output) == (
        1,
        "Version 1066 of the questionnaire is not published.\n",
    )


def test_questionnaire_publish_changed_content_of_a_version_is_refused(app: Flask, tmp_path: Path):
    text = QUESTIONS.read_text()
    changed = tmp_path / "changed.yaml"
    changed.write_text(text.replace("Do named leaders own", "Do named people own"))

    result = run(app, "questionnaire", "publish", str(changed))

    assert result.exit_code == 1
    assert "cannot change" in result.output


def test_questionnaire_publish_losing_a_question_is_refused(app: Flask):
    result = run(app, "questionnaire", "publish", str(SMALL))

    assert result.exit_code == 1
    assert "list them in retired_ids" in result.output


def test_responses_import_bad_file_is_status_1_and_names_lines(app: Flask, tmp_path: Path):
    file = tmp_path / "answers.csv"
    file.write_text("authority_code,question_id,level\nNOBODY,1.1,3\n")

    result = run(app, "responses", "import", str(file), "--round", "2026")

    assert result.exit_code == 1
    assert "answers.csv: line 2: authority_code: there is no authority 'NOBODY'" in result.output


@pytest.mark.parametrize(
    ("words", "said", "counted"),
    [
        ((), "not counted", 0),
        (("--not-counted",), "not counted", 0),
        (("--counted",), "counted", 1),
    ],
)
def test_responses_import_counts_only_where_it_is_said(
    app: Flask, tmp_path: Path, words: tuple[str, ...], said: str, counted: int
):
    with app.extensions["database"]() as db:
        code = find_absent(db)
    file = tmp_path / "answers.csv"
    file.write_text(f"authority_code,question_id,level\n{code},1.1,3\n")

    result = run(app, "responses", "import", str(file), "--round", "2025", *words)

    assert result.output == f"Imported 1 authorities into round 2025, {said} in benchmarks.\n"
    with app.extensions["database"]() as db:
        assert (code in assessments.read_codes(db, "2025", ["1.1"]).index) == bool(counted)


def test_account_deactivate_is_in_the_audit_trail(app: Flask):
    run(app, "account", "create", "jo@a.example", "Jo", "lead", "--authority", "X001")

    result = run(app, "account", "deactivate", "Jo@a.example")

    assert result.exit_code == 0
    with app.extensions["database"]() as db:
        newest = audit.read_events(db, "X001")[0]
        account = accounts.find_account(db, email="jo@a.example")
    assert (newest.actor, newest.kind) == ("command line", "account deactivated")
    assert account is not None
    assert not account.active


def test_account_role_ends_sessions_and_is_in_the_audit_trail(app: Flask):
    run(app, "account", "create", "jo@a.example", "Jo", "lead", "--authority", "X001")
    with app.extensions["database"]() as db:
        before = accounts.find_account(db, email="jo@a.example")

    result = run(app, "account", "role", "jo@a.example", "reader")

    assert result.exit_code == 0
    with app.extensions["database"]() as db:
        newest = audit.read_events(db, "X001")[0]
        after = accounts.find_account(db, email="jo@a.example")
    assert newest.detail == {"email": "jo@a.example", "role": "reader"}
    assert before is not None
    assert after is not None
    assert after.role == "reader"
    assert after.session_key != before.session_key


def test_account_role_unknown_address_is_status_1(app: Flask):
    result = run(app, "account", "role", "nobody@a.example", "reader")

    assert (result.exit_code, result.output) == (1, "nobody@a.example has no account.\n")


def test_edition_cut_unknown_round_is_status_1(app: Flask):
    result = run(app, "edition", "cut", "1066")

    assert (result.exit_code, result.output) == (1, "There is no round 1066.\n")


def test_benchmark_export_round_without_edition_says_what_to_do(app: Flask):
    result = run(app, "benchmark", "export", "--round", "2026", "--group", "type")

    assert result.exit_code == 1
    assert "run flask edition cut" in result.output


def test_round_open_overlapping_days_are_refused(app: Flask):
    dates = ("--opens", "2026-12-01", "--closes", "2027-01-31")

    result = run(app, "round", "open", "new", *dates, "--version", "2026.1")

    assert result.exit_code == 1
    assert "overlap round 2026" in result.output


def test_account_create_lead_without_authority_is_refused(app: Flask):
    result = run(app, "account", "create", "jo@a.example", "Jo", "lead")

    assert result.exit_code == 1
    assert "Name the authority" in result.output


def test_account_create_lets_a_person_in_once(app: Flask, server_url: str):
    words = ("account", "create", "Jo@A.example", "Jo", "lead", "--authority", "X001")

    assert run(app, *words).exit_code == 0
    again = run(app, *words)
    assert again.exit_code == 1
    assert "has an account already" in again.output


def test_report_authority_that_has_not_submitted_is_refused(app: Flask, tmp_path: Path):
    with app.extensions["database"]() as db:
        code = find_absent(db)
    out = tmp_path / "x.pdf"

    result = run(app, "report", code, "--round", "2025", "--kind", "scorecard", "--out", str(out))

    assert result.exit_code == 1
    assert "has not submitted" in result.output
    assert not out.exists()


def test_report_printed_is_in_the_authoritys_audit_trail(app: Flask, tmp_path: Path):
    with app.extensions["database"]() as db:
        code = assessments.read_participation(db, "2025")["authority_id"].iloc[0]
    out = tmp_path / "x.pdf"

    result = run(app, "report", code, "--round", "2025", "--kind", "scorecard", "--out", str(out))

    assert result.exit_code == 0
    assert out.read_bytes().startswith(b"%PDF")
    with app.extensions["database"]() as db:
        newest = audit.read_events(db, code)[0]
    assert newest.kind == "report printed"
    assert newest.detail == {"round": "2025", "report": "scorecard"}


def find_absent(db: Session) -> str:
    """Return an authority without an assessment in round 2025."""
    taken_part = set(assessments.read_participation(db, "2025")["authority_id"])
    return next(a.id for a in authorities.read_authorities(db) if a.id not in taken_part)


def test_edition_release_makes_the_newest_edition_open_data(app: Flask):
    result = run(app, "edition", "release", "2025")

    assert result.exit_code == 0, result.output
    assert result.output.startswith("Edition 1 of round 2025")
    assert app.test_client().get("/api/v1/editions/2025/1").status_code == 200


def test_edition_release_twice_is_refused(app: Flask):
    result = run(app, "edition", "release", "2024")

    assert result.exit_code == 1
    assert "is released already" in result.output


@pytest.fixture
def three(app: Flask) -> list[str]:
    """The authorities that submitted the last closed round; three are enough."""
    with app.extensions["database"].begin() as db:
        db.execute(
            text(
                "UPDATE assessment SET submitted_at = NULL WHERE round_id = '2025' AND id NOT IN "
                "(SELECT id FROM assessment WHERE round_id = '2025' AND submitted_at IS NOT NULL "
                "ORDER BY id LIMIT 3)"
            )
        )
        db.execute(text("DELETE FROM procrastinate_jobs"))
        query = (
            "SELECT authority_id FROM assessment "
            "WHERE round_id = '2025' AND submitted_at IS NOT NULL ORDER BY authority_id"
        )
        return list(db.scalars(text(query)))


BUILD = ("reports", "build", "--round", "2025", "--kind", "scorecard", "--workers", "2")


@pytest.mark.usefixtures("three")
def test_reports_build_makes_all_and_again_makes_none(app: Flask):
    with app.extensions["database"].begin() as db:
        queue.enqueue(db, publishing.MAKE_WORKBOOK, version="2026.1")

    first, second = run(app, *BUILD), run(app, *BUILD)

    assert first.exit_code == 0, first.output
    assert "3 of 3 reports are made, 0 failed." in first.output
    assert "0 of 0 reports are made, 0 failed." in second.output
    with app.extensions["database"]() as db:
        # what people wait for is left to the site's own worker
        query = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'make_workbook'"
        assert db.scalars(text(query)).all() == ["todo"]


@pytest.mark.usefixtures("three")
def test_reports_build_takes_up_what_a_killed_worker_had_begun(app: Flask):
    with app.extensions["database"].begin() as db:
        round_reports.ask_round(db, "2025", "scorecard", TODAY, by="test")
        # nobody's: the worker is gone
        db.execute(
            text(
                "UPDATE procrastinate_jobs SET status = 'doing', attempts = 1 "
                "WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
            )
        )

    result = run(app, *BUILD)

    assert result.exit_code == 0, result.output
    assert "3 of 3 reports are made, 0 failed." in result.output


def test_reports_build_leaves_what_a_person_asked_for(app: Flask, three: list[str]):
    with app.extensions["database"].begin() as db:
        requesting.request_report(db, three[0], "2025", "scorecard", TODAY, by="test")

    result = run(app, *BUILD)

    assert "2 of 3 reports are made, 0 failed." in result.output
    assert "1 that people asked for wait for flask worker." in result.output
    assert result.exit_code == 0


def test_reports_build_unknown_round_is_refused(app: Flask):
    result = run(app, "reports", "build", "--round", "1999")

    assert result.exit_code == 1
    assert "1999" in result.output


def test_edition_audit_tells_how_much_is_withheld_beside_the_plain_rule(app: Flask):
    result = run(app, "edition", "audit", "2025")

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("Of 1462 means and medians ")
    assert "because too few stand behind them (" in lines[0]
    assert [line.split()[2] for line in lines[1:3]] == ["spreads", "matched"]
    assert lines[-1] == "Nothing that is withheld can be worked out."
