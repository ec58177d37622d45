"""Making documents: what they are made from, and what becomes of them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportState
from assessment.core.people.actors import Actor
from assessment.demonstration.installing import DEMONSTRATION_LEAD
from assessment.services.answering import importing
from assessment.services.people import queries
from assessment.services.reports import making, reporting, requesting
from assessment.services.rounds import reopening
from assessment.storage import reports
from reports.authority.data import from_json
from tests.assessment.services.reports.reading import TODAY, find_home, read_data
from tests.factories import OPERATOR

SITE = "https://example.org/verify"


LINES = "\n".join(f"A01,{number}.{n},3" for number in (1, 2) for n in (1, 2, 3))


@pytest.fixture
def asked_id(db: Session, lead: Actor) -> int:
    """The request for a report of an authority whose answers came from a file."""
    file = f"authority_code,question_id,level\n{LINES}\n".encode()
    importing.import_responses(db, file, "a.csv", "2026", counted=True, by=OPERATOR)
    return requesting.ask_report(db, "A01", "scorecard", TODAY, by=lead).id


def reopen(db: Session) -> None:
    reopening.reopen_assessment(db, "A01", "2026", "One was wrong.", TODAY, by=OPERATOR)


def withdraw(db: Session) -> None:
    importing.withdraw_responses(db, "A01", "2026", by=OPERATOR)


@pytest.mark.parametrize("undo", [reopen, withdraw])
def test_read_asked_no_longer_submitted_fails_and_is_confirmed_by_nobody(
    db: Session, asked_id: int, undo: Callable[[Session], None]
):
    undo(db)

    assert making.read_render_inputs(db, asked_id, TODAY, SITE) is None

    request = reporting.read_request(db, "A01", asked_id)
    assert (request.state, request.failure) == (ReportState.FAILED, "not submitted")
    assert request.lacks_submission
    assert reports.find_by_code(db, request.code) is None


@pytest.mark.parametrize("undo", [reopen, withdraw])
def test_save_made_submission_undone_while_it_was_rendered_is_not_saved(
    db: Session, asked_id: int, undo: Callable[[Session], None]
):
    asked = making.read_render_inputs(db, asked_id, TODAY, SITE)
    assert asked is not None
    undo(db)

    making.save_rendered(db, asked_id, asked, b"%PDF")

    request = reporting.read_request(db, "A01", asked_id)
    assert (request.state, request.failure) == (ReportState.FAILED, "not submitted")
    assert reports.find_by_code(db, request.code) is None


def test_save_made_still_submitted_is_ready(db: Session, asked_id: int):
    asked = making.read_render_inputs(db, asked_id, TODAY, SITE)
    assert asked is not None

    making.save_rendered(db, asked_id, asked, b"%PDF")

    request = reporting.read_request(db, "A01", asked_id)
    assert request.state is ReportState.READY
    assert reports.find_by_code(db, request.code) is not None


def test_read_render_inputs_settles_neighbours_first(demonstration: Session):
    home = find_home(demonstration)
    settled = read_data(demonstration, home)
    demonstration.execute(text("DELETE FROM neighbour_cells"))
    account = queries.find_membership(demonstration, email=DEMONSTRATION_LEAD)
    assert account is not None
    request = requesting.ask_report(demonstration, home, "improvement", TODAY, by=account.actor)

    asked = making.read_render_inputs(demonstration, request.id, TODAY, SITE)

    assert asked is not None
    assert from_json(asked.data).neighbours == settled.neighbours
    assert read_data(demonstration, home) == settled
