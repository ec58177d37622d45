"""How figures are written."""

from datetime import date

import pytest
from jinja2 import Environment

from assessment.core.peers import Position
from reports.formats import (
    FILTERS,
    format_change,
    format_coefficient,
    format_count,
    format_date,
    format_level,
    format_median,
    format_n_of,
    format_number,
    format_percent,
    format_place,
    format_range,
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


def test_format_count_agrees_with_the_number() -> None:
    assert format_count(1, "question") == "1 question"
    assert format_count(1200, "question") == "1,200 questions"
    assert format_count(0, "authority", "authorities") == "0 authorities"


def test_format_n_of_withheld_count_is_a_dash() -> None:
    assert format_n_of(12, 32) == "12 of 32"
    assert format_n_of(None, 32) == "– of 32"


def test_format_place_withheld_is_not_shown() -> None:
    assert format_place(Position.WITHIN) == "about the same as peers"
    assert format_place(None) == "not shown"


def test_filters_write_figures_in_templates() -> None:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)

    text = environment.from_string("{{ 2.25 | level }} {{ 1 | number_of('level') }}").render()

    assert text == "2.3 1 level"


@pytest.mark.parametrize(
    ("value", "written"), [(None, "–"), (0.5, "1"), (1234.4, "1,234"), (250_000, "250,000")]
)
def test_format_number_writes_whole_numbers(value: float | None, written: str):
    assert format_number(value) == written


@pytest.mark.parametrize(("value", "written"), [(None, "–"), (0.305, "0.31"), (1.0, "1.00")])
def test_format_coefficient_writes_two_places(value: float | None, written: str):
    assert format_coefficient(value) == written
