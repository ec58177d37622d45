"""How figures are written."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment

from reports.formats import (
    FILTERS,
    format_cell,
    format_change,
    format_coefficient,
    format_date,
    format_deadline,
    format_level,
    format_median,
    format_n_of,
    format_number,
    format_percent,
    format_range,
    format_time,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.25, "2.3"), (2.4499999999999997, "2.5"), (2.24, "2.2"), (5, "5.0"), (None, "–")],
)
def test_format_level_half_rounds_up(value: float | None, text: str) -> None:
    assert format_level(value) == text


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (2.5, "2.5"), (None, "–")])
def test_format_median_whole_has_no_decimal(value: float | None, text: str) -> None:
    assert format_median(value) == text


@pytest.mark.parametrize(("value", "text"), [(12.5, "13%"), (0, "0%"), (None, "–")])
def test_format_percent_is_whole(value: float | None, text: str) -> None:
    assert format_percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.6, "+0.6"),
        (-0.25, "−0.3"),  # a half goes away from nothing, both ways
        (0.25, "+0.3"),
        (0.04, "same"),
        (-0.04, "same"),
        (None, "–"),
    ],
)
def test_format_change_has_sign_or_says_same(value: float | None, text: str) -> None:
    assert format_change(value) == text


def test_format_date_has_no_leading_zero() -> None:
    assert format_date(date(2026, 11, 2)) == "2 November 2026"


@pytest.mark.parametrize(
    ("lower", "upper", "text"), [(2.0, 3.3, "2.0 to 3.3"), (None, 3.3, "–"), (2.0, None, "–")]
)
def test_format_range_withheld_is_a_dash(
    lower: float | None, upper: float | None, text: str
) -> None:
    assert format_range(lower, upper) == text


def test_format_n_of_withheld_count_is_a_dash() -> None:
    assert format_n_of(12, 32) == "12 of 32"
    assert format_n_of(None, 32) == "– of 32"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1 level", "@x", "\t=1"])
def test_format_cell_text_that_would_be_a_formula_stays_text(text: str) -> None:
    assert format_cell(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["1=1", "", "Counties", "’=1", -0.3, -1, None, True])
def test_format_cell_anything_else_is_as_it_is(cell: object) -> None:
    assert format_cell(cell) == cell


def test_filters_write_figures_in_templates() -> None:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)

    text = environment.from_string("{{ 2.25 | level }} {{ 1 | n_of(2) }}").render()

    assert text == "2.3 1 of 2"


@pytest.mark.parametrize(
    ("value", "written"), [(None, "–"), (0.5, "1"), (1234.4, "1,234"), (250_000, "250,000")]
)
def test_format_number_writes_whole_numbers(value: float | None, written: str):
    assert format_number(value) == written


@pytest.mark.parametrize(("value", "written"), [(None, "–"), (0.305, "0.31"), (1.0, "1.00")])
def test_format_coefficient_writes_two_places(value: float | None, written: str):
    assert format_coefficient(value) == written


def test_format_date_instant_is_refused():
    with pytest.raises(TypeError, match="zone"):
        format_date(datetime(2026, 11, 27, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (time(0, 5), "12:05 am"),
        (time(9, 30), "9:30 am"),
        (time(12, 0), "12:00 pm"),
        (time(23, 59), "11:59 pm"),
    ],
)
def test_format_time_writes_the_half_of_the_day(value: time, written: str):
    assert format_time(value) == written


@pytest.mark.parametrize(
    ("now", "written"),
    [
        # A round that closes on 31 March ends when 1 April begins; 48 hours before is 30 March.
        ("2027-03-29T23:59:59", "31 March 2027"),
        ("2027-03-30T00:00:00", "31 March 2027 at 11:59 pm"),
        ("2027-03-31T00:00:00", "today at 11:59 pm"),
        ("2027-03-31T23:59:59", "today at 11:59 pm"),
        ("2027-04-01T00:00:00", "31 March 2027"),
    ],
)
def test_format_deadline_says_the_hour_in_the_last_48(now: str, written: str):
    instant = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/London"))

    assert format_deadline(date(2027, 3, 31), instant) == written


@pytest.mark.parametrize(
    ("closes_on", "now", "is_named"),
    [
        # 28 March 2027 has 23 hours: 48 before its end is 26 March, 11 in the evening.
        (date(2027, 3, 28), "2027-03-26T22:59:59", False),
        (date(2027, 3, 28), "2027-03-26T23:00:00", True),
        # 31 October 2027 has 25 hours: 48 before its end is 30 October, 1 in the morning.
        (date(2027, 10, 31), "2027-10-30T00:59:59", False),
        (date(2027, 10, 31), "2027-10-30T01:00:00", True),
    ],
)
def test_format_deadline_counts_hours_through_the_change_of_clocks(
    closes_on: date, now: str, is_named: bool
):
    instant = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/London"))

    assert (" at 11:59 pm" in format_deadline(closes_on, instant)) == is_named
