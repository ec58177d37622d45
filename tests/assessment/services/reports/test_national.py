"""The national report from a real edition."""

import json
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.errors import NotFoundError
from assessment.services.editions import open_data, releasing
from assessment.services.reports import making, national, requesting, verifying
from assessment.storage import reports
from reports.national.national import national_from_json, national_to_json
from reports.open_data.rows import write_row
from tests.factories import OPERATOR

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 24)


def test_build_national_holds_the_published_figures_and_no_other(demonstration: Session):
    releasing.release_edition(demonstration, "2025", None, TODAY, by=OPERATOR)
    file = open_data.find_file(demonstration, "2025", 1, "json")
    published = json.loads(open_data.read_content(demonstration, file))

    report = national.build_national(demonstration, "2025", TODAY)

    found = national_from_json(national_to_json(report)).figures
    assert [write_row(figure) for figure in found] == published["figures"]
    assert report.previous_round == "2024"


def test_build_national_without_an_edition_is_not_found(demonstration: Session):
    with pytest.raises(NotFoundError, match="has no edition yet"):
        national.build_national(demonstration, "2026", TODAY)


def test_ask_national_twice_makes_one_and_it_can_be_verified(demonstration: Session):
    request, again = (
        requesting.ask_national(demonstration, "2025", TODAY, by=OPERATOR) for _ in range(2)
    )
    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_report'")
    assert (request.id, demonstration.scalar(jobs)) == (again.id, 1)

    asked = making.read_render_inputs(
        demonstration, request.id, TODAY, "https://example.org/verify"
    )
    assert asked is not None
    pdf = making.render_report(asked)
    making.save_rendered(demonstration, request.id, asked, pdf)

    assert national.read_file(demonstration, request.id) == ("national-report-2025.pdf", pdf)
    found = verifying.verify_report(demonstration, request.code, sha256(pdf).digest())
    assert found is not None
    assert (found.kind, found.authority_name, found.is_unaltered) == (
        "national",
        "All authorities",
        True,
    )
    assert found.content_hash == asked.seal.content_hash


def test_read_request_of_an_authority_is_not_the_programmes(demonstration: Session):
    asked = text("SELECT authority_id FROM assessment WHERE round_id = '2025' LIMIT 1")
    authority_id = str(demonstration.scalar(asked))
    request, _ = reports.create_request(
        demonstration, authority_id, "2025", "scorecard", by=OPERATOR
    )

    with pytest.raises(NotFoundError):
        national.read_request(demonstration, request.id)
