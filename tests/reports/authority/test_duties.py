"""What reports say of legal duties and next steps where answers have no level."""

import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from assessment.core.questionnaire.questionnaire import Questionnaire
from reports.authority.data import ReportData, from_json, to_json
from reports.authority.shareable import make_shareable
from reports.render import ReportKind, render_html, render_pdf
from tests.factories import make_duty, make_questionnaire
from tests.reports.factories import (
    Level,
    make_benchmark,
    make_comparison,
    make_dutiful_questionnaire,
    make_report,
)

REASSURANCE = "No answer suggests"
KINDS = list(ReportKind)


def make_dutiful_report(first: Level, **changes: object) -> ReportData:
    """Make a report in which question 1.1 has a duty and this answer, and 1.2 has level 3."""
    asked = make_questionnaire(principles=1, questions=2)
    question = replace(asked.questions[0], legal=(make_duty(),))
    principle = replace(asked.principles[0], questions=(question, asked.questions[1]))
    return make_report((first, 3), questionnaire=replace(asked, principles=(principle,)), **changes)


def read_html(report: ReportData, kind: ReportKind) -> str:
    """Return the text of a report's page, white space made one space."""
    shown = make_shareable(report) if kind is ReportKind.SHAREABLE else report
    return " ".join(re.sub(r"<[^>]+>", "", render_html(shown, kind)).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("level", "words"), [("dk", "has no level"), ("na", "is said not to apply")]
)
def test_render_html_duty_without_a_level_is_not_known(
    level: Level, words: str, kind: ReportKind
) -> None:
    text = read_html(make_dutiful_report(level), kind)

    assert REASSURANCE not in text
    assert (
        f"Not known: 1.1 Question 1.1 {words}, so this duty cannot be judged: Example Act, 1. "
        "Ask: Who writes your specifications?." in text
    )


@pytest.mark.parametrize("kind", KINDS)
def test_render_html_duty_with_a_level_above_is_told_as_no_flag(kind: ReportKind) -> None:
    text = read_html(make_dutiful_report(3), kind)

    assert f"{REASSURANCE} that a legal duty in England may be missed" in text
    assert "Not known" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_render_html_duty_below_its_level_is_to_check(kind: ReportKind) -> None:
    text = read_html(make_dutiful_report(1), kind)

    assert "1.1 Question 1.1, level 1. You must publish a notice." in text
    assert REASSURANCE not in text


@pytest.mark.parametrize("kind", KINDS)
def test_render_html_nothing_known_says_whom_to_ask_next(kind: ReportKind) -> None:
    text = read_html(make_report(("dk",)), kind)

    # six questions, of which the first three are named
    assert "There is no next step" not in text
    assert "Find out who knows 1.1 Question 1.1: ask Who writes your specifications?." in text
    assert "3 more have no level." in text


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (5, "every question that has a level is at the highest"),
        ("na", "every question was said not to apply"),
    ],
)
def test_render_html_no_next_step_says_why(level: Level, words: str) -> None:
    text = read_html(make_report((level,)), ReportKind.SCORECARD)

    assert f"There is no next step to suggest: {words}." in text
    assert "Find out who knows" not in text


def test_render_html_scorecard_full_of_flags_names_unknown_duties_in_one_sentence() -> None:
    # 1.1 and 2.1 are to check, 1.2 has no level, 2.2 has level 3
    report = make_report(
        (1, "dk", 3, 3, 3, 3, 1, 3, 3, 3, 3, 3) + (3,) * 24,
        questionnaire=make_dutiful_questionnaire(),
    )

    text = read_html(report, ReportKind.SCORECARD)

    assert (
        "Not known: 1.2 Question 1.2 has no level (ask: Who writes your specifications?). "
        "What has no level cannot be judged." in text
    )


def test_render_html_report_made_before_duties_were_judged_says_so() -> None:
    kept = json.loads(to_json(make_dutiful_report("dk")))
    del kept["unknown_duties"]

    text = read_html(from_json(json.dumps(kept)), ReportKind.SCORECARD)

    assert "Questions without a level were not judged." in text


def test_render_html_scorecard_names_three_unknown_duties_and_counts_the_rest() -> None:
    report = make_report(("dk",), questionnaire=make_dutiful_questionnaire())

    text = read_html(report, ReportKind.SCORECARD)

    # two questions in each of six principles have a duty
    assert text.count("Not known:") == 3
    assert "Nor can the duties of 2.2, 3.1, 3.2, 4.1, 4.2, 5.1, 5.2, 6.1, 6.2." in text


@pytest.mark.slow
@pytest.mark.parametrize("level", ["dk", "na", 1])
def test_render_pdf_scorecard_of_many_duties_has_two_pages_at_most(level: Level) -> None:
    report = make_report((level,), questionnaire=make_dutiful_questionnaire())

    pdf = render_pdf(report, ReportKind.SCORECARD)

    assert len(PdfReader(BytesIO(pdf)).pages) <= 2


@pytest.mark.slow
@pytest.mark.parametrize("levels", [(1, "dk", 2), (1, 1, 1, 1, "dk", "na"), ("dk", 1, "na", 2)])
def test_render_pdf_scorecard_of_the_real_questionnaire_has_two_pages_at_most(
    questionnaire: Questionnaire, levels: tuple[Level, ...]
) -> None:
    report = make_report(
        levels,
        previous_levels=(2,),
        questionnaire=questionnaire,
        benchmark=make_benchmark(make_comparison(questionnaire)),
    )

    pdf = render_pdf(report, ReportKind.SCORECARD)

    assert len(PdfReader(BytesIO(pdf)).pages) <= 2
