"""What the programme sees of work in the background."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.services.reports import background, making, requesting
from tests.factories import OPERATOR


def test_read_failed_names_the_error_and_no_answer(demonstration: Session):
    report_id = requesting.ask_round(
        demonstration, "2025", "scorecard", date(2026, 11, 23), by=OPERATOR
    )[0]
    making.fail_report(demonstration, report_id, ValueError("level 3 for 1.1"))

    (failed,) = background.read_failed(demonstration)

    assert (failed.request.id, failed.reason) == (report_id, "ValueError")
