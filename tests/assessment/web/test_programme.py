"""The programme's pages."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assessment.core.accounts import Role
from assessment.services import reporting
from assessment.storage import reports
from tests.assessment.web.conftest import SignIn
from tests.conftest import run_worker


@pytest.mark.parametrize("kind", ["all", "nation", "region", "type", "band", "rurality"])
def test_benchmark_every_kind_of_group_is_a_sound_page(sign_in: SignIn, kind: str):
    page = sign_in(Role.ANALYST).get(f"/programme/benchmarks/2025/{kind}")

    assert page.status_code == 200
    assert "Edition 1 of round 2025" in page.text


def test_benchmark_small_group_says_what_would_open_it(sign_in: SignIn):
    page = sign_in(Role.ANALYST).get("/programme/benchmarks/2025/type").text

    # Four of eleven Northern Irish districts took part in the simulated round.
    assert "shown when one more of the Northern Irish districts submits" in page


@pytest.mark.parametrize(
    "path",
    [
        "/programme/benchmarks/2025/colour",
        "/programme/benchmarks/1066/type",
        "/programme/benchmarks/2025/type.exe",
        "/programme/participation/%00",
    ],
)
def test_programme_address_of_nothing_is_not_found(sign_in: SignIn, path: str):
    assert sign_in(Role.ANALYST).get(path).status_code == 404


def test_participation_counts_of_types_add_to_the_total(sign_in: SignIn):
    page = sign_in(Role.ANALYST).get("/programme/participation/2025").text

    # 60 % of 397 is 238.2
    assert "<strong>238 of 397</strong>" in page


def test_national_report_is_a_page_and_a_pdf(app: Flask, sign_in: SignIn):
    client = sign_in(Role.ANALYST)
    page = client.get("/programme/national/2025").text
    assert "9. Tables" in page
    assert "shown when one more of the Northern Irish districts submits" in page

    asked = client.post("/programme/national/2025/ask")
    assert "is being made" in client.get(asked.location).text
    run_worker(app)

    assert "is ready" in client.get(asked.location).text
    file = client.get(f"{asked.location}.pdf")
    assert file.headers["Content-Disposition"] == 'attachment; filename="national-report-2025.pdf"'
    assert file.data.startswith(b"%PDF")
    assert "Download the PDF" in client.get("/programme/national/2025").text


def test_national_report_of_an_authority_is_not_found(
    app_db: Session, sign_in: SignIn, home_id: str
):
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by="test")
    app_db.commit()

    for end in ("", ".pdf"):
        address = f"/programme/national/files/{request.id}{end}"
        assert sign_in(Role.ANALYST).get(address).status_code == 404


def test_work_names_what_failed_and_why(app_db: Session, sign_in: SignIn, home_id: str):
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by="test")
    reporting.fail_report(app_db, request.id, MemoryError("level 3 for 1.1"))
    app_db.commit()

    page = sign_in(Role.ANALYST).get("/programme/background/").text

    assert "MemoryError" in page
    assert "level 3 for 1.1" not in page
    own = sign_in(Role.LEAD).get(f"/results/files/{request.id}").text
    assert "could not be made" in own
    assert "MemoryError" not in own
