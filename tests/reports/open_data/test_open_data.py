"""The documents of open data, without a site."""

import csv
import io
import json
from datetime import date

import pandas as pd
import pytest

from assessment.core.answers.barriers import ChoiceKind
from assessment.core.answers.rounds import Edition
from assessment.core.statistics.publication import ChoiceShare, ChoiceShares
from reports.formats import FORMULA_STARTS
from reports.open_data.open_data import (
    EditionFile,
    build_facts,
    build_rows,
    describe_documents,
    flatten_row,
    gather_shares,
    list_columns,
    render_csv,
    render_document,
    render_needs_csv,
)

EDITION = Edition("2026", 1, date(2026, 11, 24), "test-1", "2025-05", "2026.1", "abc123")
FIGURES = pd.DataFrame(
    [
        ["type", "county", "counties", "question", "1.1", 12, 12, 21, 2.5, 3.0, 2.0, 4.0]
        + [float("nan")] * 11
        + ["", "hidden", 2.5, 0.1, 9, "2025", "", "of 2 of 9 types"],
        ["type", "town", "towns", "question", "1.1"]
        + [float("nan"), 4, 9]
        + [float("nan")] * 15
        + ["too few", "too few", float("nan"), float("nan"), float("nan"), "", "", ""],
    ],
    columns=list_columns(5),
)


def test_build_rows_counts_are_whole_and_withheld_is_none():
    shown, withheld = build_rows(FIGURES)

    assert (shown.n, shown.mean, shown.change_n, shown.percents) == (12, 2.5, 9, (None,) * 5)
    assert isinstance(shown.n, int)
    assert (withheld.n, withheld.mean, withheld.change) == (None, None, None)
    assert withheld.submitted == 4
    assert (shown.weighting_note, withheld.weighting_note) == ("of 2 of 9 types", "")


def test_render_document_of_an_edition_writes_null_for_withheld():
    facts = build_facts(EDITION, None, simulated=False)

    read = json.loads(render_document(EditionFile(facts, build_rows(FIGURES))))

    assert read["edition"]["citation"] == "Edition 1 of round 2026, 24 November 2026"
    assert read["edition"]["released_on"] is None
    assert read["figures"][1]["mean"] is None


def test_render_csv_says_simulated_only_where_it_is():
    texts = [
        render_csv(FIGURES, build_facts(EDITION, None, simulated=simulated))
        for simulated in (False, True)
    ]

    real, simulated = (next(iter(csv.DictReader(io.StringIO(text)))) for text in texts)
    assert "remark" not in real
    assert simulated["remark"] == "simulated data"
    assert real["n"] == "12"


def test_render_needs_csv_withheld_cells_are_empty():
    shown = ChoiceShares(
        ChoiceKind.BARRIER, 20, 30, "", 1, (ChoiceShare("rules", 'Doubt, or "fear"', 35),)
    )
    withheld = ChoiceShares(
        ChoiceKind.SUPPORT, None, 30, "too few", 2, (ChoiceShare("law", "Advice", None),)
    )

    text = render_needs_csv((shown, withheld), build_facts(EDITION, None, simulated=False))

    citation = EDITION.citation
    assert list(csv.reader(io.StringIO(text))) == [
        ["edition", "kind", "id", "text", "n", "of_n", "percent", "withheld", "base"],
        [citation, "barrier", "rules", 'Doubt, or "fear"', "20", "30", "35", "", "1"],
        [citation, "support", "law", "Advice", "", "30", "", "too few", "2"],
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_render_csv_text_that_would_be_a_formula_stays_text(start: str):
    named = FIGURES.assign(group_name=f"{start}SUM(A1)", change=-0.3)
    facts = build_facts(EDITION, None, simulated=False)

    (first, _) = csv.DictReader(io.StringIO(render_csv(named, facts)))

    assert first["group_name"] == f"'{start}SUM(A1)"
    # a negative number is no text
    assert first["change"] == "-0.3"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_render_needs_csv_text_that_would_be_a_formula_stays_text(start: str):
    share = ChoiceShare("time", f"{start}SUM(A1)", 60)
    needs = [ChoiceShares(ChoiceKind.BARRIER, n=30, of_n=40, withheld="", base=1, shares=(share,))]

    text = render_needs_csv(needs, build_facts(EDITION, None, simulated=False))

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["text"] == f"'{start}SUM(A1)"


def test_list_columns_has_one_for_each_level_in_its_place():
    four = list_columns(4)

    start = four.index("q3") + 1
    assert four[start : start + 7] == [
        *("percent_1", "percent_2", "percent_3", "percent_4"),
        *("percent_at_least_2", "percent_at_least_3", "percent_at_least_4"),
    ]
    assert four[start + 7] == "percent_dont_know"
    assert len(list_columns(6)) == len(four) + 4


def test_flatten_row_is_undone_by_gather_shares():
    flat = {"n": 3, "percent_1": 40, "percent_2": 60, "percent_at_least_2": 60, "change": None}
    row = {"n": 3, "change": None, "percents": (40, 60), "percents_at_least": (60,)}

    assert gather_shares(flat) == row
    assert flatten_row(row) == flat
    assert gather_shares(row) == row


def test_describe_documents_names_the_share_at_each_level():
    row = describe_documents(4)["FigureRow"]

    first = row["properties"]["percent_1"]
    assert "Percentages may not add to 100 because each is rounded." in first["description"]
    assert row["properties"]["percent_at_least_4"]["description"] == "At level 4 or above."
    assert "percent_5" not in row["properties"]
    assert list(row["properties"]) == list_columns(4)
    assert set(row["properties"]) - set(row["required"]) == {"weighting_note"}
    assert row["properties"]["mean"]["anyOf"][0] == {"maximum": 4, "minimum": 1, "type": "number"}
