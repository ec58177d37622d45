"""The spreadsheet of an edition, opened again."""

import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from assessment.core.answers.rounds import Edition
from assessment.core.disclosure.benchmark import summarise_groups
from assessment.core.people.groups import GroupKind, list_memberships
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.figures import Measure
from assessment.core.statistics.published_figures import NO_CHANGE, Change, Figure, list_figures
from assessment.core.statistics.representativeness import WeightedMean
from assessment.core.statistics.withholding import Reason, Withheld
from reports.formats import FORMULA_STARTS
from reports.open_data.spreadsheet import render_spreadsheet
from reports.words import name_memberships
from tests.factories import make_authority, make_questionnaire

QUESTIONNAIRE = make_questionnaire(principles=1, questions=1)
EDITION = Edition("2026", 1, date(2026, 11, 24), "test-1", "2025-05", "2026.1", "abc123")
WEIGHTED = {2.8: WeightedMean(2.8, 1, 2, 0.2), None: WeightedMean(None, 1, 2, 0.3)}


def add_change(figure: Figure) -> Figure:
    """Add a change of 0.5, withheld of districts, and a weighted mean, not given for questions."""
    key = figure.key
    withheld = Withheld(Reason.TOO_FEW_SUBMITTED, 1)
    change = Change(None, None, "2025", withheld) if key.group_id == "district" else Change(0.5, 9)
    if key.measure is Measure.OVERALL:
        change = NO_CHANGE
    mean = None if key.measure is Measure.QUESTION else 2.8
    of_all = key.group_kind is GroupKind.ALL
    return replace(figure, change=change, weighted=WEIGHTED[mean] if of_all else None)


def render(
    questionnaire: Questionnaire = QUESTIONNAIRE, *, simulated: bool = False, without: str = ""
) -> bytes:
    """Render the figures of twelve counties, four each at levels 2, 3 and 4, and four districts."""
    register = [make_authority(id=f"C{n:02}", type="county") for n in range(12)]
    register += [make_authority(id=f"T{n:02}", type="district") for n in range(4)]
    levels = [2, 3, 4] * 4 + [3] * 4
    answer_codes = pd.DataFrame({"1.1": levels}, index=[a.id for a in register]).astype("int8")
    published = summarise_groups(
        questionnaire, answer_codes, name_memberships(list_memberships(register))
    )
    published = published[published["group_kind"] != without]
    figures = map(add_change, list_figures(questionnaire, published))
    return render_spreadsheet(EDITION, questionnaire, list(figures), simulated=simulated)


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(render(simulated=True)))


def read_table(book: Workbook, sheet: str) -> list[dict[str, object]]:
    """Read the table of a sheet, by its first words."""
    rows = [row for row in book[sheet].iter_rows(values_only=True) if row[1] is not None]
    heads = [str(head).split("\n")[0] for head in rows[0]]
    return [dict(zip(heads, row, strict=True)) for row in rows[1:]]


def test_render_spreadsheet_has_cover_contents_notes_and_a_sheet_for_each_kind(book: Workbook):
    kinds = ["All", "Nations", "Regions", "Types", "Population bands", "Urban and rural"]
    assert book.sheetnames == ["Cover", "Contents", "Notes", *kinds]


def test_render_spreadsheet_of_an_edition_before_a_kind_was_added_leaves_it_out():
    book = load_workbook(io.BytesIO(render(without="rurality")))

    assert book.sheetnames[-1] == "Population bands"


def test_render_spreadsheet_merges_no_cells_and_marks_its_tables(book: Workbook):
    assert not any(sheet.merged_cells.ranges for sheet in book)
    assert all(len(sheet.tables) == 1 for sheet in book if sheet.title != "Cover")


def test_render_spreadsheet_cover_tells_edition_and_that_it_is_simulated(book: Workbook):
    words = [row[0] for row in book["Cover"].iter_rows(values_only=True)]

    assert "Edition 1 of round 2026, 24 November 2026." in words
    assert "Simulated data of a fictional country." in words
    assert "Content hash abc123." in words


def test_render_spreadsheet_shown_figures_are_numbers(book: Workbook):
    row = next(r for r in read_table(book, "Types") if r["Group"] == "Counties")

    # four of twelve at level 3
    assert (row["With a value"], row["Mean"], row["Percent at level 3, Developing"]) == (12, 3, 33)
    assert row["Why withheld"] == "[z]"


def test_render_spreadsheet_withheld_figures_are_marked_and_explained(book: Workbook):
    row = next(r for r in read_table(book, "Types") if r["Group"] == "Districts")

    marks = {row[name] for name in ("With a value", "Mean", "Median", "Lower quartile")}
    assert marks == {"[c]"}
    assert row["Submitted"] == 4
    assert row["Why withheld"] == "not shown: it takes 5 authorities and this group has 4"


def test_render_spreadsheet_change_is_shown_withheld_or_does_not_apply(book: Workbook):
    rows = [r for r in read_table(book, "Types") if r["Measure"] == "Principle"]
    county, town = (
        next(r for r in rows if r["Group"] == group) for group in ("Counties", "Districts")
    )

    names = ("Change since last round", "With a value in both rounds", "Why change withheld")
    assert [county[name] for name in names] == [0.5, 9, "[z]"]
    assert [town[name] for name in names] == [
        "[c]",
        "[c]",
        "shown when one more of the districts submits",
    ]
    overall = next(r for r in read_table(book, "All") if r["Measure"] == "Overall")
    assert overall["Change since last round"] == "[z]"


def test_render_spreadsheet_weighted_mean_says_how_many_types_it_fills(book: Workbook):
    overall, _, question = read_table(book, "All")
    county = next(r for r in read_table(book, "Types") if r["Group"] == "Counties")

    names = ("Mean weighted by type", "About the weighted mean")
    assert [overall[name] for name in names] == [
        2.8,
        "the mean of all stands in for the withheld mean of 1 of 2 types",
    ]
    assert [question[name] for name in names] == [
        "[x]",
        "not given: means are withheld of 1 of 2 types, with 30% of authorities",
    ]
    assert [county[name] for name in names] == ["[z]", "[z]"]
    notes = " ".join(str(row[1]) for row in book["Notes"].iter_rows(values_only=True))
    assert "The mean of all stands in for a type whose mean is withheld" in notes


@pytest.mark.slow
def test_render_spreadsheet_again_is_byte_for_byte_the_same():
    assert render() == render()


@pytest.mark.slow
@pytest.mark.parametrize("start", [*FORMULA_STARTS, "{=", "mailto:", "internal:"])
def test_render_spreadsheet_text_that_would_be_a_formula_stays_text(start: str):
    name = f"{start}SUM(A1)}}"
    principle = replace(QUESTIONNAIRE.principles[0], name=name)
    odd = replace(QUESTIONNAIRE, title=name, principles=(principle,))

    sheet = load_workbook(io.BytesIO(render(questionnaire=odd)))["All"]

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells if str(cell.value).strip() == name.strip()] == ["s"]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink and name in str(cell.hyperlink.target)]


def test_render_spreadsheet_notes_that_percentages_may_not_add_to_100(book: Workbook):
    notes = " ".join(str(cell.value) for row in book["Notes"].iter_rows() for cell in row)

    assert "percentages may not add to 100 because each is rounded" in notes
