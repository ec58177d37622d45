"""What a printed report carries to be checked by."""

import csv
import hashlib
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from assessment.core.answers.scoring import score_answers
from assessment.core.people.groups import GroupKind
from reports.authority.build import Assessed
from reports.authority.figures import render_figures
from reports.authority.parts import NeighbourData, NeighboursData
from reports.authority.seal import Seal, hash_content
from reports.authority.shareable import make_shareable
from reports.render import ReportKind, render_html, render_pdf
from tests.factories import make_questionnaire
from tests.reports.factories import (
    ALIKE,
    make_answers,
    make_benchmark,
    make_comparison,
    make_own_answers,
    make_plan,
    make_report,
)

SEAL = Seal("7KQ2M9XD4TRB", "https://example.org/verify", "ab" * 32)


def test_seal_code_is_an_address_that_carries_it():
    assert SEAL.address == "https://example.org/verify?code=7KQ2M9XD4TRB"


def test_seal_square_is_paths_with_its_address_in_words():
    assert SEAL.qr.count("<path") == 1
    assert f"<title>{SEAL.address}</title>" in SEAL.qr
    assert 'role="img"' in SEAL.qr


def test_render_html_with_a_seal_prints_code_and_hash():
    html = render_html(make_report(), ReportKind.SCORECARD, SEAL)

    assert "7KQ2-M9XD-4TRB" in html
    assert SEAL.content_hash in html


def test_render_html_without_a_seal_prints_none():
    assert "r-seal" not in render_html(make_report(), ReportKind.SCORECARD)


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(ReportKind))
def test_render_pdf_carries_its_figures(kind: ReportKind):
    report = make_report()

    attached = PdfReader(io.BytesIO(render_pdf(report, kind, SEAL))).attachments

    assert list(attached) == ["figures.csv"]
    content = attached["figures.csv"][0]
    assert content.decode() == render_figures(report)
    assert hashlib.sha256(content).hexdigest() == hash_content(render_figures(report))


@pytest.mark.slow
def test_render_pdf_same_seal_gives_same_bytes():
    report = make_report()

    first, second = (render_pdf(report, ReportKind.SCORECARD, SEAL) for _ in range(2))

    assert first == second


def test_render_figures_are_those_printed():
    report = make_report((3, 2, 4, "dk"), previous_levels=(2, 2, 3))

    rows = list(csv.DictReader(io.StringIO(render_figures(report))))

    # 2 principles of 3 questions: 3, 2, 4 and dk, 3, 2; before 2, 2, 3 and 2, 2, 3
    assert [row["measure"] for row in rows] == ["overall", *["principle"] * 2, *["question"] * 6]
    first = rows[1]
    assert (first["own"], first["previous"], first["change"]) == ("3.0", "2.3", "0.7")
    assert (first["n"], first["of_n"], first["median"], first["q1"]) == ("61", "74", "2.5", "2.1")
    assert [first[f"percent_{level}"] for level in range(1, 6)] == ["10", "30", "40", "15", "5"]
    assert first["place"] == "about the same as the middle half of peers"
    assert "percentile" not in first
    assert [row["own"] for row in rows[3:]] == ["3", "2", "4", "", "3", "2"]


def test_render_figures_without_peers_leaves_their_cells_empty():
    rows = list(csv.DictReader(io.StringIO(render_figures(make_report(benchmark=None)))))

    assert {row["peers"] for row in rows} == {""}
    assert {row["n"] for row in rows} == {""}


def test_render_figures_text_that_would_be_a_formula_stays_text():
    report = make_report((3, 2, 4, "dk"))
    principle = replace(report.principles[0], name="=SUM(A1)")

    rows = csv.DictReader(io.StringIO(render_figures(replace(report, principles=(principle,)))))

    assert "'=SUM(A1)" in {row["title"] for row in rows}


def test_make_shareable_leaves_out_what_people_wrote():
    report = make_report((3, "na", 4))
    full = render_html(report, ReportKind.IMPROVEMENT)

    shared = render_html(make_shareable(report), ReportKind.SHAREABLE)

    assert "We buy none of this." in full
    assert "We buy none of this." not in shared
    assert "Annex: the agreed answers" in full
    assert "Annex: the agreed answers" not in shared


def test_make_shareable_is_the_same_whatever_is_aimed_at():
    asked = make_questionnaire()
    peers = make_benchmark(make_comparison(asked, uppers={"1.1": 4.0}))
    aiming, plain = (
        make_report(questionnaire=asked, benchmark=peers, plan=plan)
        for plan in (make_plan(principle_2=5.0), make_plan())
    )

    assert ">Target</th>" in render_html(aiming, ReportKind.IMPROVEMENT)
    assert aiming.focus != plain.focus
    assert make_shareable(aiming) == make_shareable(plain)


def test_make_shareable_leaves_out_the_neighbours():
    asked = make_questionnaire()
    near = make_comparison(asked, kind=GroupKind.NEIGHBOURS, name="nearest neighbours")
    one = NeighbourData("Nextshire", "county", 1, 1.0, 1.0, 1.0, 0.1)
    known = replace(
        make_benchmark(make_comparison(asked), near),
        neighbours=NeighboursData(ALIKE, one, (one,)),
    )
    report = make_report(questionnaire=asked, benchmark=known)

    shared = make_shareable(report)

    assert "nearest neighbours" in render_figures(report)
    assert "nearest neighbours" not in render_figures(shared)
    assert shared.neighbours is None
    assert "Nextshire" not in render_html(shared, ReportKind.SHAREABLE)


def test_make_shareable_priorities_do_not_tell_who_answered_apart():
    asked = make_questionnaire()
    uppers = {"1.1": 4.0, "1.2": 3.0}
    peers = make_benchmark(make_comparison(asked, uppers=uppers))
    answers = make_answers(asked, (2, 2, 5))
    own = make_own_answers("1.1", jo=1, sam=4)
    scores = score_answers(asked, answers)
    assessed = Assessed("2026", answers, scores, None, (), own)

    divided = make_report(questionnaire=asked, benchmark=peers, assessed=assessed)
    agreed = make_report(
        questionnaire=asked, benchmark=peers, assessed=replace(assessed, own_answers=())
    )

    # 1.1 is two levels behind, and half of that where colleagues are apart: as far as 1.2
    assert divided.focus != agreed.focus
    assert make_shareable(divided) == make_shareable(agreed)


def test_render_html_shareable_does_not_say_how_much_being_apart_counts():
    shared = render_html(make_shareable(make_report()), ReportKind.SHAREABLE)

    assert "colleagues’ answers" not in shared
