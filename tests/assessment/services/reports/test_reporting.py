"""Reports' data from what is stored."""

import json
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.people.groups import FIXED_KINDS, GroupKind
from assessment.demonstration.installing import DEMONSTRATION_LEAD
from assessment.locale import speak
from assessment.services.people import queries
from assessment.services.plans import queries as plan_queries
from assessment.services.reports import comparing, making, reporting, requesting
from assessment.storage import benchmarks
from reports.authority.data import ReportData, from_json, to_json
from reports.authority.paragraph import write_paragraph
from reports.authority.shareable import make_shareable
from reports.render import ReportKind, render_html
from tests.assessment.services.reports.reading import TODAY, find_home, read_data

SITE = "https://example.org/verify"


def list_kinds(report: ReportData) -> list[str]:
    return [peers.figure.key.group_kind for peers in report.principles[0].groups]


def test_read_report_shows_of_neighbours_what_is_settled(demonstration: Session):
    home = find_home(demonstration)
    assert read_data(demonstration, home).neighbours is not None
    # as if the edition's audit had hidden them when they were settled
    demonstration.execute(
        text("""
            UPDATE neighbour_cells SET cells = (
                SELECT jsonb_agg(cell - 4 - 3 || '[["hidden", null], ["hidden", null]]')
                FROM jsonb_array_elements(cells) AS cell)
        """)
    )
    demonstration.expire_all()

    later = read_data(demonstration, home)

    near = [principle.groups[-1] for principle in later.principles]
    assert {peers.figure.key.group_kind for peers in near} == {GroupKind.NEIGHBOURS}
    assert {peers.figure.median for peers in near} == {None}


def test_read_report_until_neighbours_are_settled_is_without_them(demonstration: Session):
    home = find_home(demonstration)
    settled = read_data(demonstration, home)
    demonstration.execute(text("DELETE FROM neighbour_cells"))

    page = reporting.read_report(demonstration, home, TODAY)

    assert page is not None
    assert page.is_settling
    assert page.data.neighbours is None
    assert [*list_kinds(page.data), "neighbours"] == list_kinds(settled)


def test_read_standing_says_what_the_report_says(demonstration: Session):
    home = find_home(demonstration)
    plan = plan_queries.read_plan(demonstration, home)

    standing = reporting.read_standing(demonstration, home, TODAY, plan)

    report = read_data(demonstration, home)
    assert standing is not None
    assert standing.suggested == report.focus.actions
    assert standing.steps == {q.id: q.action for q in report.questions if q.action}
    beside = {id_: (one.score, one.target, one.peers) for id_, one in standing.scores.items()}
    assert beside == {
        one.id: (one.score.score, one.score.target, one.score.peers) for one in report.principles
    }


def test_read_report_beside_an_edition_before_a_kind_was_added_leaves_it_out(
    demonstration: Session, monkeypatch: pytest.MonkeyPatch
):
    read, recall = benchmarks.read_answers_behind, comparing._compared.recall

    def read_without(db: Session, edition: Edition) -> tuple[pd.DataFrame, pd.DataFrame]:
        answer_codes, memberships = read(db, edition)
        return answer_codes, memberships[memberships["group_kind"] != "rurality"]

    monkeypatch.setattr(benchmarks, "read_answers_behind", read_without)
    monkeypatch.setattr(comparing._compared, "recall", lambda key, make: recall((key, 0), make))

    report = read_data(demonstration, find_home(demonstration))

    assert "rurality" in FIXED_KINDS
    assert list_kinds(report) == [*(k for k in FIXED_KINDS if k != "rurality"), "neighbours"]


def test_export_figures_may_be_published_without_the_neighbours(demonstration: Session):
    name, figures = reporting.export_figures(demonstration, find_home(demonstration), TODAY)

    assert name.endswith("-figures-2025.csv")
    assert "unitary authorities" in figures
    assert "nearest neighbours" not in figures


def test_read_results_paragraph_is_that_of_the_version_to_share(demonstration: Session):
    home = find_home(demonstration)

    results = reporting.read_results(demonstration, home, TODAY)

    shared = make_shareable(read_data(demonstration, home))
    assert results.paragraph == write_paragraph(shared)
    assert results.sentence == shared.sentence


def test_read_report_to_share_reads_less_and_says_the_same(demonstration: Session):
    home = find_home(demonstration)

    shared = reporting.read_report(demonstration, home, TODAY, ReportKind.SHAREABLE.value)

    assert shared is not None
    assert shared.data == make_shareable(read_data(demonstration, home))
    assert not shared.is_settling


@pytest.mark.usefixtures("marked_welsh")
def test_read_report_keeps_words_in_english_whatever_the_language(demonstration: Session):
    home = find_home(demonstration)

    with speak("cy"):
        kept = to_json(read_data(demonstration, home))

    assert "¡" not in kept
    assert kept == to_json(read_data(demonstration, home))


def test_ask_report_when_an_action_has_become_overdue_is_made_anew(demonstration: Session):
    home = find_home(demonstration)
    account = queries.find_membership(demonstration, email=DEMONSTRATION_LEAD)
    assert account is not None
    request = requesting.ask_report(demonstration, home, "scorecard", TODAY, by=account.actor)
    asked = making.read_render_inputs(demonstration, request.id, TODAY, SITE)
    assert asked is not None
    making.save_rendered(demonstration, request.id, asked, b"%PDF")

    same = requesting.ask_report(demonstration, home, "scorecard", TODAY, by=account.actor)
    later = requesting.ask_report(
        demonstration, home, "scorecard", date(2027, 6, 1), by=account.actor
    )

    assert same.id == request.id
    assert later.id != request.id


def test_build_data_of_an_earlier_round_has_no_plan_of_today(demonstration: Session):
    home = find_home(demonstration)
    newest = read_data(demonstration, home)
    earlier = read_data(demonstration, home, "2024")

    assert newest.plan
    assert newest.has_targets
    assert earlier.plan == ()
    assert not earlier.has_targets


def test_build_data_names_all_who_answered(demonstration: Session):
    report = read_data(demonstration, find_home(demonstration))

    assert report.taken_part == ("Alex Morgan", "Priya Shah", "the programme team from a file")


def test_build_data_day_of_submission_is_the_programmes(demonstration: Session):
    home = find_home(demonstration)
    demonstration.execute(
        text("UPDATE assessment SET submitted_at = '2025-06-30T23:30:00Z' WHERE authority_id = :x"),
        {"x": home},
    )
    demonstration.expire_all()

    report = read_data(demonstration, home)

    assert report.submitted_on == date(2025, 7, 1)


def test_from_json_report_stored_before_plans_is_read(demonstration: Session):
    report = read_data(demonstration, find_home(demonstration))
    data = json.loads(to_json(report))
    for name in ("plan", "rounds", "neighbours", "taken_part", "is_shareable"):
        del data[name]
    for principle in data["principles"]:
        del principle["score"]["target"]
        for question in principle["questions"]:
            for name in ("given", "apart", "weight", "target"):
                del question[name]
            if question["action"]:
                del question["action"]["by"]

    old = from_json(json.dumps(data))

    assert (old.plan, old.rounds, old.principles[0].score.target) == ((), (), None)
    assert render_html(old, ReportKind.IMPROVEMENT).count("<h2") > 6
