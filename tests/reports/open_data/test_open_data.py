"""The documents of open data, without a site."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from assessment.core.answers.barriers import ChoiceKind
from assessment.core.answers.rounds import Edition
from assessment.core.statistics.publication import ChoiceShare, ChoiceShares
from assessment.core.statistics.published_figures import Change
from assessment.core.statistics.representativeness import WeightedMean
from assessment.core.statistics.withholding import HIDDEN, Reason
from reports.formats import FORMULA_STARTS
from reports.open_data.open_data import (
    EditionFile,
    build_facts,
    describe_documents,
    render_csv,
    render_document,
    render_needs_csv,
)
from reports.open_data.rows import list_columns, write_row
from reports.words import cite_edition
from tests.reports.factories import make_figure, withhold

EDITION = Edition("2026", 1, date(2026, 11, 24), "test-1", "2025-05", "2026.1", "abc123")
SHOWN_ROW = make_figure(
    "question",
    "1.1",
    n=12,
    change=Change(0.1, 9, "2025"),
    weighted=WeightedMean(2.5, 2, 9, 0.1),
    withheld_spread=HIDDEN,
)
FIGURES = (SHOWN_ROW, withhold(make_figure("question", "1.1", group_id="town", submitted=4)))


def test_write_row_says_in_words_what_is_withheld():
    shown, withheld = map(write_row, FIGURES)

    hidden = "hidden so that another figure cannot be worked out"
    assert (shown["n"], shown["mean"], shown["percent_5"]) == (12, 2.6, 5)
    assert (shown["withheld_centre"], shown["withheld_spread"]) == ("", hidden)
    assert (shown["change"], shown["change_n"], shown["change_since"]) == (0.1, 9, "2025")
    note = "the mean of all stands in for the withheld mean of 2 of 9 types"
    assert (shown["mean_weighted_by_type"], shown["weighting_note"]) == (2.5, note)
    assert (withheld["n"], withheld["mean"], withheld["percent_at_least_2"]) == (None, None, None)
    assert (withheld["submitted"], withheld["mean_weighted_by_type"]) == (4, None)
    assert withheld["weighting_note"] == ""


def test_render_document_of_an_edition_writes_null_for_withheld():
    facts = build_facts(EDITION, None, simulated=False)

    read = json.loads(render_document(EditionFile(facts, list(FIGURES))))

    assert read["edition"]["citation"] == "Edition 1 of round 2026, 24 November 2026"
    assert read["edition"]["released_on"] is None
    assert read["figures"][1]["mean"] is None


def test_render_csv_says_simulated_only_where_it_is():
    texts = [
        render_csv(FIGURES, 5, build_facts(EDITION, None, simulated=simulated))
        for simulated in (False, True)
    ]

    real, simulated = (next(iter(csv.DictReader(io.StringIO(text)))) for text in texts)
    assert "remark" not in real
    assert simulated["remark"] == "simulated data"
    assert real["n"] == "12"


def test_render_needs_csv_withheld_cells_are_empty():
    shown = ChoiceShares(
        ChoiceKind.BARRIER, 20, 30, Reason.SHOWN, 1, (ChoiceShare("rules", 'Doubt, or "fear"', 35),)
    )
    withheld = ChoiceShares(
        ChoiceKind.SUPPORT, None, 30, Reason.TOO_ALIKE, 2, (ChoiceShare("law", "Advice", None),)
    )

    text = render_needs_csv((shown, withheld), build_facts(EDITION, None, simulated=False))

    citation, alike = cite_edition(EDITION), "hidden so that nobody's choice can be told"
    assert list(csv.reader(io.StringIO(text))) == [
        ["edition", "kind", "id", "text", "n", "of_n", "percent", "withheld", "base"],
        [citation, "barrier", "rules", 'Doubt, or "fear"', "20", "30", "35", "", "1"],
        [citation, "support", "law", "Advice", "", "30", "", alike, "2"],
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_render_csv_text_that_would_be_a_formula_stays_text(start: str):
    change = Change(-0.3, 9, "2025")
    named = [replace(f, group_name=f"{start}SUM(A1)", change=change) for f in FIGURES]
    facts = build_facts(EDITION, None, simulated=False)

    (first, _) = csv.DictReader(io.StringIO(render_csv(named, 5, facts)))

    assert first["group_name"] == f"'{start}SUM(A1)"
    # a negative number is no text
    assert first["change"] == "-0.3"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_render_needs_csv_text_that_would_be_a_formula_stays_text(start: str):
    share = ChoiceShare("time", f"{start}SUM(A1)", 60)
    needs = [
        ChoiceShares(
            ChoiceKind.BARRIER, n=30, of_n=40, withheld=Reason.SHOWN, base=1, shares=(share,)
        )
    ]

    text = render_needs_csv(needs, build_facts(EDITION, None, simulated=False))

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["text"] == f"'{start}SUM(A1)"


def test_list_columns_has_one_for_each_level_in_its_place():
    four = [column.name for column in list_columns(4)]

    start = four.index("q3") + 1
    assert four[start : start + 7] == [
        *("percent_1", "percent_2", "percent_3", "percent_4"),
        *("percent_at_least_2", "percent_at_least_3", "percent_at_least_4"),
    ]
    assert four[start + 7] == "percent_dont_know"
    assert len(list_columns(6)) == len(four) + 4


def test_describe_documents_names_the_share_at_each_level():
    row = describe_documents(4)["FigureRow"]

    first = row["properties"]["percent_1"]
    assert "Percentages may not add to 100 because each is rounded." in first["description"]
    assert row["properties"]["percent_at_least_4"]["description"] == "At level 4 or above."
    assert "percent_5" not in row["properties"]
    assert list(row["properties"]) == [column.name for column in list_columns(4)]
    assert row["required"] == list(row["properties"])
    assert row["properties"]["mean"]["anyOf"][0] == {"maximum": 4, "minimum": 1, "type": "number"}
