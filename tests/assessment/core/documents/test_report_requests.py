from datetime import UTC, datetime

import pytest

from assessment.core.documents.report_requests import NOT_SUBMITTED, ReportRequest, ReportState

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ReportState.WAITING, False),
        (ReportState.READY, True),
        (ReportState.FAILED, True),
    ],
)
def test_is_finished_only_ready_or_failed(state, expected):
    request = ReportRequest(1, "A01", "2026", "scorecard", state, "lead@example.org", NOON)

    assert request.is_finished is expected


@pytest.mark.parametrize(
    ("failure", "expected"), [(NOT_SUBMITTED, True), ("MemoryError", False), ("", False)]
)
def test_lacks_submission_only_where_that_is_why(failure, expected):
    request = ReportRequest(
        1, "A01", "2026", "scorecard", ReportState.FAILED, "a@example.org", NOON, failure
    )

    assert request.lacks_submission is expected
