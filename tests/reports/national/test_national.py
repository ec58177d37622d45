"""The national report: it tells what the edition publishes, and nothing else."""

import csv
import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from assessment.core.answers.barriers import ChoiceKind
from assessment.core.answers.rounds import Withdrawal
from assessment.core.people.groups import GroupKind
from assessment.core.statistics.item_analysis import QuestionFlag
from assessment.core.statistics.publication import ChoiceShare, ChoiceShares
from assessment.core.statistics.published_figures import Change, Figure
from assessment.core.statistics.representativeness import (
    Conclusion,
    Representation,
    Verdict,
    WeightedMean,
)
from assessment.core.statistics.withholding import HIDDEN, Reason, Withheld
from reports.national.national import (
    Flagged,
    Named,
    NationalData,
    Reliability,
    national_from_json,
    national_to_json,
    render_national_figures,
)
from reports.render import render_national_html, render_national_pdf
from tests.factories import make_questionnaire
from tests.reports.authority.test_seal import SEAL
from tests.reports.factories import EDITION, make_figure, withhold

SINCE_2025 = Change(0.2, 30, "2025")
HIDDEN_WORDS = "hidden so that another figure cannot be worked out"


def make_row(
    measure: str = "overall",
    item_id: str = "overall",
    kind: GroupKind = GroupKind.ALL,
    group_id: str = "all",
    **changes: Any,
) -> Figure:
    """Make a score of 40 of 60 authorities, as published, with its change since 2025."""
    values: dict[str, Any] = {"group_name": "authorities", "n": 40, "submitted": 41, "of_n": 60}
    values |= {"change": SINCE_2025, "weighted": weighted_mean(2.6)}
    return make_figure(measure, item_id, kind=kind, group_id=group_id, **(values | changes))


def weighted_mean(mean: float | None, withheld: int = 0) -> WeightedMean:
    """Make a mean weighted by 9 types, so many of them withheld with a fifth of authorities."""
    return WeightedMean(mean, withheld, 9, 0.2 if withheld else 0.0)


def make_needs(
    kind: ChoiceKind,
    *,
    n: int | None = None,
    percents: tuple[int, ...] = (),
    withheld: Reason = Reason.SHOWN,
    base: int = EDITION.number,
) -> ChoiceShares:
    """Make a list with a share for each percent, of 40 counted."""
    shares = tuple(
        ChoiceShare(f"{kind}-{place}", f"The {kind} at place {place}", percent)
        for place, percent in enumerate(percents)
    )
    return ChoiceShares(kind, n, 40, withheld, base, shares)


def make_national(**changes: Any) -> NationalData:
    """Make the report of two principles of one question each, over all and two types."""
    items = [("overall", "overall"), ("principle", "p1"), ("principle", "p2")]
    items += [("question", "1.1"), ("question", "2.1")]
    means = {"p2": 3.4, "2.1": 3.4, "1.1": 1.9}
    figures = [make_row(m, i, mean=means.get(i, 2.6), median=means.get(i, 2.5)) for m, i in items]
    figures[3] = replace(figures[3], percents=(35, 20, 30, 10, 5), percent_dont_know=12)
    figures[4] = replace(figures[4], percent_dont_know=0)
    county: dict[str, Any] = {"group_name": "counties", "of_n": 21, "n": 15}
    figures += [make_row(m, i, GroupKind.TYPE, "county", **county) for m, i in items]
    town: dict[str, Any] = {"group_name": "towns", "of_n": 9, "submitted": 3}
    figures += [withhold(make_row(m, i, GroupKind.TYPE, "town", **town)) for m, i in items]
    values: dict[str, Any] = {
        "questionnaire_title": "Small questionnaire",
        "questionnaire_version": "test-1",
        "round_name": "Round 2026",
        "previous_round": "2025",
        "edition": EDITION,
        "made_on": date(2026, 11, 24),
        "simulated": True,
        "levels": make_questionnaire().levels,
        "principles": (Named("p1", "First principle"), Named("p2", "Second principle")),
        "questions": (Named("1.1", "First question"), Named("2.1", "Second question")),
        "figures": tuple(figures),
        "needs": (
            make_needs(ChoiceKind.BARRIER, n=30, percents=(60, 7)),
            make_needs(ChoiceKind.SUPPORT, withheld=Reason.TOO_FEW_CHOSE),
        ),
        "conclusion": Conclusion(Representation.RANDOM, (GroupKind.TYPE,), 40, 60, 30),
        "verdicts": (Verdict(GroupKind.TYPE, 40, 60, (), ()),),
        "reliability": (Reliability("First principle", 38, 0.83, None),),
        "flagged": (Flagged("1.1", "First question", (QuestionFlag.MOST_AT_LOWEST,)),),
        "min_for_median": 5,
        "min_for_spread": 10,
    }
    return NationalData(**(values | changes))


EMPTY = make_national(
    figures=tuple(withhold(row) for row in make_national().figures), previous_round="", flagged=()
)


def test_sentence_names_where_authorities_are_furthest_and_least():
    assert make_national().sentence == (
        "Authorities are furthest with Second principle (median 3.4) and have most to do on "
        "First principle (2.5)."
    )


def test_sentence_of_too_few_says_so():
    assert EMPTY.sentence.startswith("Too few authorities have submitted")


def test_questions_are_ranked_by_what_is_shown_of_all_authorities():
    report = make_national()

    assert [row.key.item_id for row in report.highest] == ["2.1", "1.1"]
    assert [row.key.item_id for row in report.lowest] == ["1.1", "2.1"]
    assert [row.key.item_id for row in report.held_back] == ["1.1", "2.1"]
    assert [row.key.item_id for row in report.unknown] == ["1.1"]
    assert (EMPTY.highest, EMPTY.unknown) == ([], [])


def read_cells(html: str, caption: str) -> list[list[str]]:
    """Read the rows of the table with a caption, a cell's text as it stands."""
    table = html[html.index(f"<caption>{caption}") :].split("</table>", maxsplit=1)[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in table.split("<tr>")[1:]]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in rows]


def test_render_national_html_shows_the_weighted_mean_beside_the_raw_one_with_n():
    rows = [replace(row, weighted=weighted_mean(2.4)) for row in make_national().figures]

    html = render_national_html(make_national(figures=tuple(rows)))

    heads, *scores = read_cells(html, "Scores of all authorities together")
    assert heads[:4] == ["Item", "n of N", "Mean", "Weighted by type"]
    assert [row[:4] for row in scores] == [
        ["First principle", "40 of 60", "2.6", "2.4"],
        ["Second principle", "40 of 60", "3.4", "2.4"],
        ["Overall", "40 of 60", "2.6", "2.4"],
    ]


def test_render_national_html_says_why_a_change_is_withheld():
    rows = list(make_national().figures)
    too_few = Change(since="2025", withheld=Withheld(Reason.TOO_FEW_SUBMITTED, 2))
    hidden = Change(since="2025", withheld=HIDDEN)
    rows[1] = replace(rows[1], change=too_few)
    rows[2] = replace(rows[2], q1=None, q3=None, withheld_spread=HIDDEN, change=hidden)

    html = render_national_html(make_national(figures=tuple(rows)))

    first, second, overall = read_cells(html, "Scores of all authorities together")[1:]
    assert (first[0], first[-1]) == (
        "First principleChange: shown when 2 more authorities submit",
        "–",
    )
    assert (second[0], second[-1]) == (f"Second principle{HIDDEN_WORDS}; the change too", "–")
    assert (overall[0], overall[-1]) == ("Overall", "+0.2 (30)")


def test_render_national_html_of_the_first_round_says_nothing_of_change():
    html = render_national_html(EMPTY)

    assert "change too" not in html
    assert "Change: " not in html


def test_weighting_notes_name_the_scores_only_where_they_differ():
    filled = "the mean of all stands in for the withheld mean of 1 of 9 types"
    none = "not given: means are withheld of 3 of 9 types, with 20% of authorities"
    rows = [replace(row, weighted=weighted_mean(2.4, 1)) for row in make_national().figures]
    alike = make_national(figures=tuple(rows))
    rows[0] = replace(rows[0], weighted=weighted_mean(None, 3))
    rows[2] = replace(rows[2], weighted=weighted_mean(2.4))

    differing = make_national(figures=tuple(rows))

    assert alike.weighting_notes == [f"Mean weighted by type: {filled}."]
    assert differing.weighting_notes == [
        f"Mean weighted by type of First principle: {filled}.",
        f"Mean weighted by type of Overall: {none}.",
    ]
    assert make_national().weighting_notes == []
    assert f'<p class="r-note">Mean weighted by type: {filled}.</p>' in render_national_html(alike)


def test_render_national_html_withholds_the_number_of_complete_answers_and_says_why():
    withheld = Reliability("First principle", None, None, None)

    html = render_national_html(make_national(reliability=(withheld,)))

    rows = read_cells(html, "How far the questions of a principle measure one thing")
    assert rows[1] == [
        "First principleNot given: fewer than 10 authorities have a level for every question",
        *["–"] * 3,
    ]


def test_national_json_reads_back_the_same():
    assert national_from_json(national_to_json(make_national())) == make_national()


def test_render_national_figures_leaves_withheld_cells_empty():
    rows = list(csv.DictReader(io.StringIO(render_national_figures(make_national().figures))))

    towns = [row for row in rows if row["group_id"] == "town"]
    assert {row["mean"] for row in towns} == {""}
    assert {row["withheld_centre"] for row in towns} == {HIDDEN_WORDS}
    assert rows[0]["mean"] == "2.6"


def test_render_national_html_says_why_figures_are_withheld():
    html = render_national_html(make_national())

    assert HIDDEN_WORDS in html
    assert "Towns" in html
    assert "41 of 60 authorities submitted" in html


@pytest.mark.slow
@pytest.mark.parametrize("report", [make_national(), EMPTY], ids=["usual", "nothing shown"])
def test_render_national_pdf_is_the_same_again_and_logs_nothing(
    report: NationalData, caplog: pytest.LogCaptureFixture
):
    first, second = (render_national_pdf(report, SEAL) for _ in range(2))

    assert first == second
    assert caplog.records == []
    assert list(PdfReader(io.BytesIO(first)).attachments) == ["figures.csv"]


def test_national_counts_what_is_withheld_by_the_plain_rule_and_in_all() -> None:
    shown = make_row()
    small = withhold(shown, Withheld(Reason.TOO_FEW_SUBMITTED, 1))
    hidden = withhold(shown)
    no_spread = replace(shown, withheld_spread=HIDDEN)

    report = replace(make_national(), figures=(shown, small, hidden, no_spread))

    assert (report.centres.plain_percent, report.centres.percent) == (25.0, 50.0)
    assert (report.spreads.plain_percent, report.spreads.percent) == (25.0, 75.0)


def test_render_national_tells_needs_and_why_they_are_withheld() -> None:
    html = render_national_html(make_national())
    chapter = html[html.index('id="r-held"') : html.index('id="r-items"')]

    assert "Percent of those that chose: 30 of 40 authorities" in chapter
    assert '<th scope="row">The barrier at place 0</th><td class="r-num">60%</td>' in chapter
    assert "Withheld: shown when 10 authorities that are counted have chosen." in chapter


def test_render_national_says_of_which_edition_a_list_is() -> None:
    older = make_needs(ChoiceKind.BARRIER, n=30, percents=(60, 7), base=EDITION.number - 1)

    html = render_national_html(make_national(needs=(older,)))

    assert f"As it was in edition {EDITION.number - 1}:" in html
    assert "As it was in edition" not in render_national_html(make_national())


def test_render_national_without_needs_says_that_nobody_was_asked() -> None:
    html = render_national_html(make_national(needs=()))

    assert "Nobody was asked what holds them back" in html
    assert "What would help them" not in html


def test_render_national_of_a_withdrawn_edition_says_so_and_why() -> None:
    withdrawn = make_national(withdrawal=Withdrawal(date(2026, 12, 1), "Two <b> were wrong."))

    html = render_national_html(withdrawn)

    assert "Withdrawn from open data on 1 December 2026: Two &lt;b&gt; were wrong.</dd>" in html
    assert "Withdrawn" not in render_national_html(make_national())
    assert national_from_json(national_to_json(withdrawn)) == withdrawn


def test_render_national_figures_text_that_would_be_a_formula_stays_text() -> None:
    row = make_row(group_name="=SUM(A1)", change=Change(-0.3, 30, "2025"))

    (read,) = csv.DictReader(io.StringIO(render_national_figures([row])))

    assert (read["group_name"], read["change"]) == ("'=SUM(A1)", "-0.3")


def test_render_national_html_says_that_percentages_may_not_add_to_100() -> None:
    note = "Percentages may not add to 100 because each is rounded."

    # below the shares of all authorities, and in the tables
    assert render_national_html(make_national()).count(note) == 2
