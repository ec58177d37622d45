"""The programme's pages."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Override
from assessment.core.people.groups import FIXED_KINDS
from assessment.core.people.memberships import Role
from assessment.core.statistics.published_figures import Figure
from assessment.services.editions import benchmarking, cutting, releasing
from assessment.services.reports import making
from assessment.storage import reports
from tests.assessment.web.conftest import SignIn
from tests.conftest import run_worker
from tests.factories import OPERATOR


@pytest.mark.parametrize("kind", FIXED_KINDS)
def test_benchmark_every_kind_of_group_is_a_sound_page(sign_in: SignIn, kind: str):
    page = sign_in(Role.ANALYST).get(f"/programme/benchmarks/2025/{kind}")

    assert page.status_code == 200
    assert "Edition 1 of round 2025" in page.text


def test_benchmark_of_a_kind_added_since_the_edition_says_so(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    read = benchmarking.read_figures

    def read_without(db: Session, edition: Edition) -> tuple[Figure, ...]:
        return tuple(f for f in read(db, edition) if f.key.group_kind != "rurality")

    monkeypatch.setattr(benchmarking, "read_figures", read_without)

    page = sign_in(Role.ANALYST).get("/programme/benchmarks/2025/rurality").text

    assert "This edition has no figures for urban and rural classes." in page


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


def test_participation_shows_every_kind_and_judges_those_that_are_counted(
    app_db: Session, sign_in: SignIn
):
    refuse = "UPDATE assessment SET counted = false WHERE id = (SELECT min(id) FROM assessment"
    app_db.execute(text(f"{refuse} WHERE round_id = '2025')"))
    app_db.commit()

    page = sign_in(Role.ANALYST).get("/programme/participation/2025").text

    kinds = ("type of authority", "region", "nation", "population band", "urban and rural class")
    assert [f">By {kind}</caption>" in page for kind in kinds] == [True] * 5
    assert "<strong>238 of 397</strong>" in page
    assert "Of the 238 that submitted, 237 agreed to be counted." in page


def test_benchmark_shows_the_questions_of_every_group(sign_in: SignIn):
    page = sign_in(Role.ANALYST).get("/programme/benchmarks/2025/type").text

    # nine types of 36 questions, each with its share from level 3 on, don't know, does not apply
    tables = re.findall(r"<table.*?</table>", page, re.S)
    questions = [table for table in tables if ">Questions of " in table]
    assert len(questions) == 9
    for table in questions:
        rows = re.findall(r"<tr>.*?</tr>", table, re.S)
        assert len(rows) == 1 + 36
        assert re.findall(r'<th scope="col">(.*?)</th>', rows[0])[-4:] == [
            *("3 or above", "Don’t know", "Does not apply", "Remarks")
        ]
    withheld = next(table for table in questions if "Northern Irish districts" in table)
    assert withheld.count("shown when one more of the Northern Irish districts submits") == 36
    assert withheld.count("<td>–</td>") == 36 * 11
    principles = next(table for table in tables if ">Principles of counties" in table)
    assert "3 or above" in principles
    assert "Don’t know" not in principles


def test_question_statistics_of_enough_answers_shows_their_number(sign_in: SignIn):
    page = sign_in(Role.ANALYST).get("/programme/questions/2025")

    assert page.status_code == 200
    assert (
        len(re.findall(r"Alpha 0\.\d\d, omega 0\.\d\d, over \d+ complete answers\.", page.text))
        == 6
    )


def test_question_statistics_of_fewer_than_ten_withhold_n(app_db: Session, sign_in: SignIn):
    few = "SELECT id FROM assessment WHERE round_id = '2026' AND counted ORDER BY id OFFSET 9"
    app_db.execute(text(f"UPDATE assessment SET counted = false WHERE id IN ({few})"))  # noqa: S608
    cutting.cut_edition(app_db, "2026", date(2026, 11, 24), overrides={Override.OPEN}, by=OPERATOR)
    app_db.commit()

    page = sign_in(Role.ANALYST).get("/programme/questions/2026").text

    why = "fewer than 10 authorities have a level for every question"
    assert page.count(f"Alpha –, omega –, over – complete answers: {why}.") == 6
    assert not re.search(r"\d complete answer", page)
    report = sign_in(Role.ANALYST).get("/programme/national/2026").text
    assert report.count(f"Not given: {why}") == 6


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


def test_national_report_of_a_withdrawn_edition_is_not_to_be_passed_on(
    app_db: Session, sign_in: SignIn
):
    client = sign_in(Role.ANALYST)
    pass_on = "Pass it on once the edition is released as open data."
    day = date(2026, 11, 24)
    before = client.get("/programme/national/2025").text
    releasing.release_edition(app_db, "2025", None, day, by=OPERATOR)
    releasing.withdraw_release(app_db, "2025", 1, "Two were wrong.", day, by=OPERATOR)
    app_db.commit()

    after = client.get("/programme/national/2025").text

    withdrawn = "withdrawn from open data on 24 November 2026"
    assert (pass_on in before, withdrawn in before.lower()) == (True, False)
    assert pass_on not in after
    assert f"The edition was {withdrawn}: do not pass it on." in after
    assert f"W{withdrawn[1:]}: Two were wrong." in after


def test_national_report_tells_barriers_and_sends_them_as_a_file(sign_in: SignIn):
    client = sign_in(Role.ANALYST)

    page = client.get("/programme/national/2025").text
    file = client.get("/programme/national/2025/needs.csv")

    assert "Fear of failure, or of being challenged" in page
    assert file.headers["Content-Disposition"] == 'attachment; filename="needs-2025.csv"'
    # A spreadsheet takes the bytes for UTF-8 by the mark at their beginning.
    assert file.data.startswith(b"\xef\xbb\xbfedition,kind,id,text,n,of_n,percent,withheld,")
    assert client.get("/programme/national/2026/needs.csv").status_code == 404


def test_national_report_of_an_authority_is_not_found(
    app_db: Session, sign_in: SignIn, home_id: str
):
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by=OPERATOR)
    app_db.commit()

    for end in ("", ".pdf"):
        address = f"/programme/national/files/{request.id}{end}"
        assert sign_in(Role.ANALYST).get(address).status_code == 404


def test_work_names_what_failed_and_why(app_db: Session, sign_in: SignIn, home_id: str):
    request, _ = reports.create_request(app_db, home_id, "2025", "scorecard", by=OPERATOR)
    making.fail_report(app_db, request.id, MemoryError("level 3 for 1.1"))
    app_db.commit()

    page = sign_in(Role.ANALYST).get("/programme/background/").text

    assert "MemoryError" in page
    assert "level 3 for 1.1" not in page
    own = sign_in(Role.LEAD).get(f"/results/files/{request.id}").text
    assert "could not be made" in own
    assert "MemoryError" not in own


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/programme/benchmarks/", "Benchmarks"),
        ("/programme/questions/", "Questions"),
        ("/programme/national/", "National report"),
    ],
)
def test_programme_before_the_first_edition_each_page_keeps_its_heading(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, path: str, heading: str
):
    monkeypatch.setattr(benchmarking, "read_rounds_with_edition", lambda _: [])

    page = sign_in(Role.ANALYST).get(path).text

    assert f">{heading}</h1>" in page
    assert "There are no figures yet." in page
    assert "flask" not in page


def test_participation_in_the_only_round_offers_no_other(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    every_round = benchmarking.read_rounds
    monkeypatch.setattr(benchmarking, "read_rounds", lambda db: every_round(db)[:1])

    page = sign_in(Role.ANALYST).get("/programme/participation/").text

    assert "Show instead" not in page


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("band", "under 100,000 residents", "600,000 residents or more"),
        ("rurality", "predominantly urban authorities", "predominantly rural authorities"),
        ("type", "counties", "Northern Irish districts"),
    ],
)
def test_benchmark_groups_stand_in_their_order(sign_in: SignIn, kind: str, first: str, last: str):
    page = sign_in(Role.ANALYST).get(f"/programme/benchmarks/2025/{kind}").text

    names = re.findall(r'id="group-[^"]+">\d+ ([^<]+)</h2>', page)
    assert names[0].endswith(first)
    assert names[-1].endswith(last)
    assert "Percentages may not add to 100 because each is rounded." in page
