"""The commands of reports, on a real database."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from assessment.core.people.events import EventKind
from assessment.services.questionnaires import publishing
from assessment.services.reports import requesting
from assessment.storage import assessments, audit, queue
from tests.assessment.commands.running import find_absent, run
from tests.conftest import TODAY, VERSION
from tests.databases import UNSUBMIT
from tests.factories import OPERATOR

pytestmark = pytest.mark.slow


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
    assert newest.kind == EventKind.REPORT_PRINTED
    assert newest.detail == {"round": "2025", "report": "scorecard"}


@pytest.fixture
def three(app: Flask) -> list[str]:
    """The authorities that submitted the last closed round; three are enough."""
    with app.extensions["database"].begin() as db:
        db.execute(
            text(
                f"{UNSUBMIT} WHERE round_id = '2025' AND id NOT IN "  # noqa: S608
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
        queue.enqueue(db, publishing.MAKE_WORKBOOK, version=VERSION)

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
        requesting.ask_round(db, "2025", "scorecard", TODAY, by=OPERATOR)
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
        requesting.request_report(db, three[0], "2025", "scorecard", TODAY, by=OPERATOR)

    result = run(app, *BUILD)

    assert "2 of 3 reports are made, 0 failed." in result.output
    assert "1 that people asked for wait for flask worker." in result.output
    assert result.exit_code == 0


def test_reports_build_unknown_round_is_refused(app: Flask):
    result = run(app, "reports", "build", "--round", "1999")

    assert result.exit_code == 1
    assert "1999" in result.output
