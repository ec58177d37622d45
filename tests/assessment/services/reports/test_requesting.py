"""All reports of a round: asked for once, taken up again, and what the programme sees of it."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.errors import NotFoundError
from assessment.demonstration.installing import DEMONSTRATION_LEAD
from assessment.services.people import queries
from assessment.services.reports import background, making, requesting
from assessment.storage import reports
from tests.factories import OPERATOR

TODAY = date(2026, 11, 23)
SUBMITTED = "SELECT count(*) FROM assessment WHERE round_id = '2025' AND submitted_at IS NOT NULL"


def ask(db: Session) -> list[int]:
    return requesting.ask_round(db, "2025", "scorecard", TODAY, by=OPERATOR)


def count_jobs(db: Session) -> int:
    return background.read_work(db)[0].waiting


def test_ask_round_asks_for_everybody_that_submitted(demonstration: Session):
    asked = ask(demonstration)

    assert len(asked) == demonstration.scalar(text(SUBMITTED))
    assert count_jobs(demonstration) == len(asked)
    assert background.count_states(demonstration, asked) == {"waiting": len(asked)}


def test_ask_round_again_queues_nothing_twice(demonstration: Session):
    first = ask(demonstration)

    assert ask(demonstration) == first
    assert count_jobs(demonstration) == len(first)


def test_ask_round_leaves_out_what_is_ready_with_the_newest_peers(demonstration: Session):
    first, second, *others = ask(demonstration)
    asked = making.read_render_inputs(demonstration, first, TODAY, "https://example.org/verify")
    assert asked is not None
    making.save_rendered(demonstration, first, asked, b"%PDF")
    # this one was made before the newest edition was cut
    reports.save_report(demonstration, second, data="{}", pdf=b"%PDF", content_hash="")

    again = ask(demonstration)

    assert first not in again
    assert second not in again
    assert len(again) == 1 + len(others)


def test_ask_round_waits_in_a_line_of_its_own(demonstration: Session):
    ask(demonstration)

    lines = demonstration.scalars(text("SELECT DISTINCT queue_name FROM procrastinate_jobs"))
    assert lines.all() == ["round"]


def test_ask_round_unknown_round_is_not_found(demonstration: Session):
    with pytest.raises(NotFoundError):
        requesting.ask_round(demonstration, "1999", "scorecard", TODAY, by=OPERATOR)


@pytest.mark.parametrize("status", ["todo", "doing"])
def test_ask_report_of_a_round_joins_those_that_people_wait_for(
    demonstration: Session, status: str
):
    ask(demonstration)
    # one that is being made stays there if it is tried again
    query = text("UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status)")
    demonstration.execute(query, {"status": status})
    account = queries.find_membership(demonstration, email=DEMONSTRATION_LEAD)
    assert account is not None
    assert account.authority_id is not None

    request = requesting.ask_report(
        demonstration, account.authority_id, "scorecard", TODAY, by=account.actor
    )

    query = text("SELECT args ->> 'report_id' FROM procrastinate_jobs WHERE queue_name = 'default'")
    assert demonstration.scalars(query).all() == [str(request.id)]
