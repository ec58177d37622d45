"""Editions as files and pages: the same figures everywhere, and only what is released."""

import csv
import io
import json
from datetime import date
from typing import Any, get_args

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError, NotFoundError, NothingFoundError
from assessment.core.people.groups import FIXED_KINDS
from assessment.core.statistics.figures import Measure
from assessment.services.editions import open_data, releasing
from assessment.services.editions.open_data import PageRequest
from reports.open_data.rows import GroupKindName, MeasureName, list_columns
from reports.open_data.spreadsheet import SHEETS
from tests.factories import OPERATOR

TODAY = date(2026, 11, 24)

# The spreadsheet's columns in words, in its order.
IN_WORDS = {
    "submitted": "Submitted",
    "of_n": "Authorities in group",
    "n": "With a value",
    "mean": "Mean",
    "median": "Median",
    "q1": "Lower quartile",
    "q3": "Upper quartile",
    "percent_1": "Percent at level 1, Starting",
    "percent_2": "Percent at level 2, Exploring",
    "percent_3": "Percent at level 3, Developing",
    "percent_4": "Percent at level 4, Embedding",
    "percent_5": "Percent at level 5, Leading",
    "percent_at_least_2": "Percent at level 2 or above",
    "percent_at_least_3": "Percent at level 3 or above",
    "percent_at_least_4": "Percent at level 4 or above",
    "percent_at_least_5": "Percent at level 5 or above",
    "percent_dont_know": "Percent who don't know",
    "percent_does_not_apply": "Percent not applicable",
    "change": "Change since last round",
    "change_n": "With a value in both rounds",
    "mean_weighted_by_type": "Mean weighted by type",
}


def read_file(db: Session, round_id: str, file_format: str) -> bytes:
    return open_data.read_content(db, open_data.find_file(db, round_id, 1, file_format))


def export(db: Session, file_format: str) -> str:
    return read_file(db, "2025", file_format).decode()


def page(number: int, size: int = 100) -> PageRequest:
    return PageRequest(number, size, "/here?page_size=100")


@pytest.fixture
def released(demonstration: Session) -> Session:
    """The demonstration with its newest edition, which has changes too, released."""
    releasing.release_edition(demonstration, "2025", None, TODAY, by=OPERATOR)
    return demonstration


def read_spreadsheet(db: Session) -> list[dict[str, Any]]:
    book = load_workbook(io.BytesIO(read_file(db, "2025", "xlsx")))
    found = []
    for sheet, _ in SHEETS.values():
        rows = [row for row in book[sheet].iter_rows(values_only=True) if row[1] is not None]
        heads = [str(head).split("\n")[0] for head in rows[0]]
        found += [dict(zip(heads, row, strict=True)) for row in rows[1:]]
    return found


def test_find_file_csv_json_and_spreadsheet_hold_the_same_in_every_column(released: Session):
    from_csv = list(csv.DictReader(io.StringIO(export(released, "csv"))))
    from_json = json.loads(export(released, "json"))["figures"]
    from_sheets = read_spreadsheet(released)

    names = [column.name for column in list_columns(5)]
    assert [*from_csv[0]] == ["edition", *names, "remark"]
    # 34 groups (1 + 3 + 9 + 8 + 6 + 7) of 43 items
    assert len(from_json) == len(from_csv) == len(from_sheets)
    assert len(from_json) % 43 == 0
    for plain, typed, sheet in zip(from_csv, from_json, from_sheets, strict=True):
        assert [*typed] == names
        for name, value in typed.items():
            cell = plain[name]
            assert value == (float(cell) if isinstance(value, int | float) else cell or None) or (
                value == cell == ""
            )
        for name, words in IN_WORDS.items():
            assert sheet[words] == typed[name] or (
                typed[name] is None and sheet[words] in {"[c]", "[z]", "[x]"}
            )
    assert {row["change"] is None for row in from_json} == {True, False}


def test_find_file_json_names_the_edition_and_its_hash(released: Session):
    facts = json.loads(export(released, "json"))["edition"]

    stored = released.execute(text("SELECT content_hash FROM edition WHERE round_id = '2025'"))
    assert facts["content_hash"] == stored.scalar_one()
    assert facts["released_on"] == "2026-11-24"
    assert facts["simulated"] is True


def test_documents_name_the_kinds_and_measures_there_are():
    assert get_args(GroupKindName) == tuple(kind.value for kind in FIXED_KINDS)
    assert get_args(MeasureName) == tuple(measure.value for measure in Measure)


def test_release_edition_is_on_the_audit_trail_and_is_done_once(released: Session):
    trail = (
        "SELECT actor.name, detail FROM audit_event JOIN actor ON actor.id = actor_id "
        "WHERE audit_event.kind = 'edition_released' ORDER BY audit_event.id"
    )
    newest = released.execute(text(trail)).all()[-1]
    assert newest == (OPERATOR.name, {"round": "2025", "number": 1})

    with pytest.raises(NotAllowedError, match="is released already"):
        releasing.release_edition(released, "2025", 1, TODAY, by=OPERATOR)


def test_release_edition_that_is_not_there_is_not_found(demonstration: Session):
    with pytest.raises(NotFoundError, match="no edition 7 of round 2025"):
        releasing.release_edition(demonstration, "2025", 7, TODAY, by=OPERATOR)


def test_read_released_lists_what_is_released_and_nothing_else(demonstration: Session):
    before = open_data.read_released(demonstration)
    releasing.release_edition(demonstration, "2025", 1, TODAY, by=OPERATOR)
    after = open_data.read_released(demonstration)

    # the demonstration releases the older of its two editions
    assert [(e.round_id, e.number) for e in before] == [("2024", 1)]
    assert [(e.round_id, e.number) for e in after] == [("2024", 1), ("2025", 1)]


def test_unreleased_edition_is_not_found_in_any_way(demonstration: Session):
    ways = (
        lambda: open_data.read_released_edition(demonstration, "2025", 1),
        lambda: open_data.read_figure_page(demonstration, "2025", 1, {}, page(1)),
        *(
            lambda file_format=name: open_data.find_file(demonstration, "2025", 1, file_format)
            for name in open_data.FORMATS
        ),
    )
    for way in ways:
        with pytest.raises(NotFoundError):
            way()


def test_read_figure_page_pages_together_are_the_whole(demonstration: Session):
    first = open_data.read_figure_page(demonstration, "2024", 1, {}, page(1))
    pages = -(-first.total // 100)

    rows = [
        row
        for number in range(1, pages + 1)
        for row in open_data.read_figure_page(demonstration, "2024", 1, {}, page(number)).items
    ]

    whole = json.loads(read_file(demonstration, "2024", "json"))
    assert [row.key.item_id for row in rows] == [row["item_id"] for row in whole["figures"]]
    assert [row.mean for row in rows] == [row["mean"] for row in whole["figures"]]
    assert (first.previous, first.next) == (None, "/here?page_size=100&page=2")
    last = open_data.read_figure_page(demonstration, "2024", 1, {}, page(pages))
    assert (last.previous, last.next) == (f"/here?page_size=100&page={pages - 1}", None)


def test_read_figure_page_chosen_rows_are_those_of_the_group_and_item(demonstration: Session):
    chosen = {"group_kind": "type", "item_id": "1.1"}

    found = open_data.read_figure_page(demonstration, "2024", 1, chosen, page(1))

    assert {(row.key.group_kind, row.key.item_id) for row in found.items} == {("type", "1.1")}
    assert found.total == len({row.key.group_id for row in found.items})


@pytest.mark.parametrize(
    ("chosen", "number", "parameter"),
    [({"group_id": "atlantis"}, 1, "group_id"), ({}, 99, "page")],
)
def test_read_figure_page_wrong_parameter_is_named(
    demonstration: Session, chosen: dict[str, str], number: int, parameter: str
):
    with pytest.raises(NothingFoundError) as refused:
        open_data.read_figure_page(demonstration, "2024", 1, chosen, page(number))

    assert refused.value.parameter == parameter
